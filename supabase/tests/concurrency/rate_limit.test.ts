/** Fifty callers of one bucket at the same moment: never more tokens than there are, and none lost. */

import assert from "node:assert/strict";
import { Session } from "./support.ts";

const CALLERS = 50;

/** A bucket that no other test takes from. */
const newKey = () => `race ${crypto.randomUUID()}`;

/** Fifty sessions and one that watches. */
class Crowd implements AsyncDisposable {
  private constructor(readonly watcher: Session, readonly sessions: Session[]) {}

  static async open(): Promise<Crowd> {
    const [watcher, ...sessions] = await Promise.all(
      Array.from({ length: CALLERS + 1 }, () => Session.open()),
    );
    for (const { sql } of sessions) await sql`set role service_role`;
    return new Crowd(watcher, sessions);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.watcher.sql`delete from private.rate_limits where key like 'race %'`;
    await Promise.all([this.watcher, ...this.sessions].map((one) => one[Symbol.asyncDispose]()));
  }
}

/** Takes a token as the API does: one statement, committed at once, with the rights of the key. */
async function take({ sql }: Session, key: string, capacity: number, refill: number) {
  const [token] = await sql<{ allowed: boolean; remaining: number; retry_after: number }[]>`
    select * from private.take_token(${key}, ${capacity}, ${refill})`;
  return token;
}

Deno.test("of 50 callers at once exactly as many are allowed as the bucket holds", async () => {
  await using crowd = await Crowd.open();
  for (let round = 1; round <= 5; round++) {
    const key = newKey();
    const tokens = await Promise.all(crowd.sessions.map((one) => take(one, key, 20, 0.001)));
    const allowed = tokens.filter((token) => token.allowed);
    assert.equal(allowed.length, 20, `round ${round}`);
    // each of them was told another number: no token was given twice
    assert.equal(new Set(allowed.map(({ remaining }) => remaining)).size, 20, `round ${round}`);
    assert.ok(tokens.every((token) => token.allowed || token.retry_after > 900));
  }
});

Deno.test("over a time 50 callers get what the bucket held and what came back, no more", async () => {
  await using crowd = await Crowd.open();
  const key = newKey();
  const [capacity, refill] = [10, 50];
  const start = performance.now();
  const counts = await Promise.all(crowd.sessions.map(async (one) => {
    let allowed = 0;
    while (performance.now() - start < 2_000) {
      if ((await take(one, key, capacity, refill)).allowed) allowed++;
    }
    return allowed;
  }));
  const seconds = (performance.now() - start) / 1_000;
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.ok(total <= capacity + refill * seconds, `${total} in ${seconds} s`);
  // somebody asked all the time; half of what came back leaves room for a slow machine
  assert.ok(total >= capacity + refill, `${total} in ${seconds} s`);
});

Deno.test("buckets that are purged meanwhile give no token twice, and nobody waits for ever", async () => {
  await using crowd = await Crowd.open();
  const keys = Array.from({ length: 10 }, newKey);
  let done = false;
  const purge = (async () => {
    while (!done) await crowd.watcher.sql`select private.purge_rate_limits(1000)`;
  })();
  const tokens = await Promise.all(
    crowd.sessions.flatMap((one) =>
      // one after the other on its connection
      keys.map(async (key) => ({ key, ...await take(one, key, 5, 0.001) }))
    ),
  );
  done = true;
  await purge;
  for (const key of keys) {
    const allowed = tokens.filter((token) => token.key === key && token.allowed);
    assert.equal(allowed.length, 5, key);
  }
});
