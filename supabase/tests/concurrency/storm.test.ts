/** Everything at once for some seconds: no error, and nothing derived differs from its sources. */

import assert from "node:assert/strict";
import { assertNoDrift, type Ending, Fixture, pause, send, Session } from "./support.ts";

const WRITERS = 6;
const DURATION = 5_000;

const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)];
const chance = (share: number) => Math.random() < share;

/** Words that no business has yet, few enough that writers bring the same one at once. */
const words = (mark: string) =>
  Array.from({ length: 3 }, () => `${mark}${pick([..."abcdefghij"])}${pick([..."klmnopqrst"])}`)
    .join(" ");

/** What all writers share. */
interface Ground {
  mark: string;
  tops: string[];
  leaves: string[];
  businesses: string[];
}

/** One connection, which writes at random and notes what it did. */
class Writer {
  readonly endings = new Map<string, number>();
  readonly #reviewed = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly ground: Ground,
    private readonly users: string[],
  ) {}

  async run(until: number): Promise<void> {
    const acts = this.#acts();
    while (performance.now() < until) {
      const [name, act] = pick(acts);
      for (const ending of await act()) {
        const key = ending === "done" ? "done" : `${name}: ${ending}`;
        this.endings.set(key, (this.endings.get(key) ?? 0) + 1);
      }
    }
  }

  #acts(): [name: string, act: () => Promise<Ending[]>][] {
    return [
      ["edit a text", () => this.#editText()],
      ["edit a text", () => this.#editText()],
      ["change a category", () => this.#changeCategory()],
      ["change a status", () => this.#changeStatus()],
      ["edit several", () => this.#editSeveral()],
      ["come and go", () => this.#comeAndGo()],
      ["review", () => this.#review()],
      ["review", () => this.#review()],
      ["change a review", () => this.#changeReview()],
      ["change a review", () => this.#changeReview()],
      ["link a category", () => this.#linkCategory()],
      ["rename a category", () => this.#renameCategory()],
      ["move a category", () => this.#moveCategory()],
      ["feature categories", () => this.#featureCategories()],
      ["plant and fell a category", () => this.#plantAndFell()],
    ];
  }

  async #editText(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.businesses
        set
          short_description = ${words(this.ground.mark)},
          description = ${chance(0.5) ? words(this.ground.mark).repeat(10) : null},
          tags = ${words(this.ground.mark).split(" ")}
        where id = ${pick(this.ground.businesses)}`),
    ];
  }

  async #changeCategory(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.businesses
        set primary_category_id = ${pick(this.ground.leaves)}
        where id = ${pick(this.ground.businesses)}`),
    ];
  }

  async #changeStatus(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.businesses
        set status = case status when 'active' then 'suspended' else 'active' end
        where id = ${pick(this.ground.businesses)}`),
    ];
  }

  /** Several rows in one statement, locked in the order of the house. */
  async #editSeveral(): Promise<Ending[]> {
    const ids = [1, 2, 3].map(() => pick(this.ground.businesses));
    return [
      await send(this.session.sql`
        with held as materialized (
          select id
          from directory.businesses
          where id = any (${ids})
          order by id
          for no key update
        )
        update directory.businesses
        set city = ${pick(["Racing", "Rushing"])}
        where id in (select id from held)`),
    ];
  }

  async #comeAndGo(): Promise<Ending[]> {
    const { sql } = this.session;
    const id = crypto.randomUUID();
    return [
      await send(sql`
        insert into directory.businesses (id, name, primary_category_id, city, state, status)
        values (
          ${id}, ${`Storm ${this.ground.mark} ${pick(["one", "two", "three"])}`},
          ${pick(this.ground.leaves)}, 'Racing', 'Ohio', 'active'
        )`),
      await send(sql`
        insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
        values (${id}, ${pick(this.users)}, 3, 'In passing.', 'published')`),
      await send(
        chance(0.5)
          ? sql`delete from directory.businesses where id = ${id}`
          : sql`update directory.businesses set status = 'deleted' where id = ${id}`,
      ),
    ];
  }

  async #review(): Promise<Ending[]> {
    const [business, user] = [pick(this.ground.businesses), pick(this.users)];
    if (this.#reviewed.has(business + user)) return [];
    this.#reviewed.add(business + user);
    return [
      await send(this.session.sql`
        insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
        values (
          ${business}, ${user}, ${pick([1, 2, 3, 4, 5])}, 'In the storm.',
          ${pick(["pending", "published"])}
        )`),
    ];
  }

  /** Any review of the ground, whoever wrote it: moderators do so. */
  async #changeReview(): Promise<Ending[]> {
    const { sql } = this.session;
    const one = sql`(
      select id
      from directory.business_reviews
      where business_id = ${pick(this.ground.businesses)} and deleted_at is null
      order by random()
      limit 1
    )`;
    return [
      await send(
        pick([
          () => sql`update directory.business_reviews set status = 'published' where id in ${one}`,
          () => sql`update directory.business_reviews set status = 'hidden' where id in ${one}`,
          () =>
            sql`
          update directory.business_reviews set rating = 1 + rating % 5 where id in ${one}`,
          () => sql`update directory.business_reviews set deleted_at = now() where id in ${one}`,
          () => sql`delete from directory.business_reviews where id in ${one}`,
        ])(),
      ),
    ];
  }

  async #linkCategory(): Promise<Ending[]> {
    const { sql } = this.session;
    const [business, category] = [pick(this.ground.businesses), pick(this.ground.leaves)];
    return [
      await send(
        chance(0.6)
          ? sql`
            insert into directory.business_categories (business_id, category_id)
            values (${business}, ${category})
            on conflict do nothing`
          : sql`delete from directory.business_categories where business_id = ${business}`,
      ),
    ];
  }

  async #renameCategory(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.categories
        set name = ${words(this.ground.mark)}
        where id = ${pick([...this.ground.leaves, ...this.ground.tops])}`),
    ];
  }

  async #moveCategory(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.categories
        set parent_id = ${pick(this.ground.tops)}
        where id = ${pick(this.ground.leaves)}`),
    ];
  }

  /** Touches many categories and neither the shape nor the names of the tree. */
  async #featureCategories(): Promise<Ending[]> {
    return [
      await send(this.session.sql`
        update directory.categories
        set featured = not featured
        where id = any (${[...this.ground.leaves, ...this.ground.tops]})`),
    ];
  }

  async #plantAndFell(): Promise<Ending[]> {
    const { sql } = this.session;
    const [id, business] = [crypto.randomUUID(), crypto.randomUUID()];
    return [
      await send(sql`
        insert into directory.categories (id, parent_id, slug, name)
        values (${id}, ${pick(this.ground.tops)}, ${`storm-${id}`}, ${words(this.ground.mark)})`),
      await send(sql`
        insert into directory.businesses (id, name, primary_category_id, city, state, status)
        values (${business}, ${`Lodger ${id}`}, ${id}, 'Racing', 'Ohio', 'active')`),
      await send(sql`
        insert into directory.business_categories (business_id, category_id)
        values (${pick(this.ground.businesses)}, ${id})`),
      await send(sql`
        update directory.businesses
        set primary_category_id = ${pick(this.ground.leaves)}
        where id = ${business}`),
      await send(sql`delete from directory.categories where id = ${id}`),
    ];
  }
}

/** The jobs of the executor, much more often than each minute. */
async function runJobs({ sql }: Session, until: number): Promise<Ending[]> {
  const endings: Ending[] = [];
  while (performance.now() < until) {
    endings.push(
      await send(sql`select directory_internal.fold_category_counts()`),
      await send(sql`select directory_internal.tidy_listings()`),
    );
    if (chance(0.05)) endings.push(await send(sql`select directory_internal.recount_vocabulary()`));
    await pause(20);
  }
  return endings;
}

Deno.test("six writers and the jobs at once for five seconds leave no drift and see no error", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using jobs = await Session.open();
  const tops = [await fixture.category(), await fixture.category(), await fixture.category()];
  const leaves: string[] = [];
  for (let index = 0; index < 6; index++) leaves.push(await fixture.category(tops[index % 3]));
  const businesses: string[] = [];
  for (let index = 0; index < 20; index++) {
    businesses.push(await fixture.business(leaves[index % 6]));
  }
  const ground: Ground = { mark: fixture.mark, tops, leaves, businesses };

  const sessions = await Promise.all(Array.from({ length: WRITERS }, () => Session.open()));
  try {
    const writers: Writer[] = [];
    for (const session of sessions) {
      writers.push(new Writer(session, ground, await fixture.users(10)));
    }
    const until = performance.now() + DURATION;
    const [jobEndings] = await Promise.all([
      runJobs(jobs, until),
      ...writers.map((writer) => writer.run(until)),
    ]);

    assert.deepEqual(jobEndings.filter((ending) => ending !== "done"), []);
    const errors = writers.flatMap(({ endings }) =>
      [...endings].filter(([ending]) => ending !== "done")
    );
    assert.deepEqual(errors, []);
    const done = writers.map(({ endings }) => endings.get("done") ?? 0);
    assert.ok(done.every((count) => count > 20), `statements by writer: ${done.join(", ")}`);
    await assertNoDrift(watcher);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});
