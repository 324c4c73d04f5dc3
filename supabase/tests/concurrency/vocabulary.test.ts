/** The nightly count of words, while businesses bring words and take them back. */

import assert from "node:assert/strict";
import { Fixture, send, Session } from "./support.ts";

Deno.test("a word that comes back while words are counted is found, and stays", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using writer = await Session.open();
  const category = await fixture.category();
  const word = `zv${fixture.mark}`.toLowerCase().replace(/[^a-z0-9]/g, "");
  const count = () => send(watcher.sql`select directory_internal.recount_vocabulary()`);
  const found = async () =>
    (await watcher.sql`select id from directory.search_businesses(search_query => ${word})`).length;

  // known, and in no document: as after a business was renamed
  await watcher.sql`select directory_internal.learn_words(${[word]})`;
  await writer.sql`begin`;
  await writer.sql`
    insert into directory.businesses (name, city, state, primary_category_id, status)
    values (${`${word} Grill`}, 'Racing', 'Ohio', ${category}, 'active')`;
  assert.equal(await count(), "done"); // does not see the business yet
  await writer.sql`commit`;

  assert.equal(await found(), 1, "right after");
  for (const night of ["second", "third"]) {
    assert.equal(await count(), "done");
    assert.equal(await found(), 1, `after the ${night} count`);
  }
});

Deno.test("a count waits for no writer, and no writer is undone by it", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using writer = await Session.open();
  const category = await fixture.category();
  const words = ["b", "a"].map((letter) => `z${letter}q${fixture.mark}`.toLowerCase());
  await watcher.sql`select directory_internal.learn_words(${words})`;
  await watcher.sql`select directory_internal.recount_vocabulary()`; // both stand nowhere now

  const publish = (word: string) =>
    send(writer.sql`
      insert into directory.businesses (name, city, state, primary_category_id, status)
      values (${`${word} House`}, 'Racing', 'Ohio', ${category}, 'active')`);
  await writer.sql`begin`;
  assert.equal(await publish(words[0]), "done");
  assert.equal(await send(watcher.sql`select directory_internal.recount_vocabulary()`), "done");
  assert.equal(await publish(words[1]), "done");
  await writer.sql`commit`;
});
