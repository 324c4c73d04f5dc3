/** Reviewers, voters, reporters and moderators meet: no drift, no deadlock, nothing lost. */

import assert from "node:assert/strict";
import {
  assertNoDrift,
  type Ending,
  Fixture,
  pause,
  send,
  Session,
  waitsOrEnded,
} from "./support.ts";

/** The full size is 10,000; `npm test` does a part of it. */
const OPERATIONS = Number(Deno.env.get("PLINTH_REVIEW_OPERATIONS") ?? 2_000);
const CONNECTIONS = 8;

/** What the API answers to an act that is not allowed or comes too late. */
const REFUSALS = new Set(["42501", "23505", "PT404", "PL144", "PL170", "PL171", "PL172"]);

const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)];

/** Businesses with an owner each, and people of all kinds. */
interface Ground {
  businesses: string[];
  owners: string[];
  people: string[];
  moderators: string[];
}

async function makeGround(
  session: Session,
  fixture: Fixture,
  size: { businesses: number; people: number; moderators: number },
): Promise<Ground> {
  const category = await fixture.category();
  const businesses: string[] = [];
  for (let i = 0; i < size.businesses; i++) businesses.push(await fixture.business(category));
  const owners = await fixture.users(size.businesses);
  for (const [i, business] of businesses.entries()) {
    await session.sql`
      update directory.businesses set owner_id = ${owners[i]} where id = ${business}`;
  }
  const moderators = await fixture.users(size.moderators);
  for (const moderator of moderators) {
    await session.sql`
      insert into private.user_roles (user_id, role) values (${moderator}, 'moderator')`;
  }
  return { businesses, owners, people: await fixture.users(size.people), moderators };
}

/** One statement as a signed-in user, in a transaction of its own, as the API does it. */
async function act({ sql }: Session, user: string, statement: string): Promise<Ending> {
  const claims = JSON.stringify({ sub: user, role: "authenticated" });
  const ending = await send(
    sql.unsafe(`
      begin;
      select set_config('request.jwt.claims', '${claims}', true);
      set local role authenticated;
      ${statement};
      commit;`),
  );
  if (ending !== "done") await sql`rollback`;
  return ending;
}

/** One review of a business, drawn by chance as the server goes. */
const reviewOf = (business: string, condition = "deleted_at is null") =>
  `(
  select id from directory.business_reviews
  where business_id = '${business}' and ${condition}
  order by random()
  limit 1
)`;

/** What somebody may try, in the shares in which it is tried. */
function statement({ businesses, owners, people, moderators }: Ground): [string, string, string] {
  const n = Math.floor(Math.random() * businesses.length);
  const [business, person, moderator] = [businesses[n], pick(people), pick(moderators)];
  const published = reviewOf(business, "status = 'published' and deleted_at is null");
  const own = `reviewer_id = '${person}' and business_id = '${business}' and deleted_at is null`;
  return pick<() => [string, string, string]>([
    ...Array(5).fill(() => [
      "review",
      person,
      `insert into directory.business_reviews (business_id, rating, content)
       values ('${business}', ${pick([1, 2, 3, 4, 5])}, 'In a crowd.')`,
    ]),
    ...Array(3).fill(() => [
      "edit",
      person,
      `update directory.business_reviews set rating = 1 + rating % 5 where ${own}`,
    ]),
    () => ["edit all", person, `update directory.business_reviews set title = 'All' where true`],
    () => [
      "take back",
      person,
      `select directory.delete_review(id) from (${reviewOf(business, own)}) t`,
    ],
    ...Array(4).fill(() => [
      "vote",
      person,
      `select directory.vote_on_review(${published}, ${pick(["true", "false", "null"])})`,
    ]),
    ...Array(2).fill(() => [
      "report",
      person,
      `insert into directory.review_flags (review_id, reason) values (${published}, 'spam')`,
    ]),
    () => [
      "answer",
      owners[n],
      `insert into directory.business_review_responses (review_id, business_id, content)
       values (${published}, '${business}', 'Thanks.')`,
    ],
    ...Array(3).fill(() => [
      "decide",
      moderator,
      `select directory.moderate_review(
         ${reviewOf(business)}, '${pick(["publish", "publish", "publish", "hide", "reject"])}')`,
    ]),
  ])();
}

/** Claims some reviews, then decides on each or gives it back, one request each. */
async function moderate(session: Session, moderator: string): Promise<[string, Ending][]> {
  await session.beginAs(moderator);
  const claimed = await session.sql<{ review_id: string; claim: string }[]>`
    select review_id, claim from directory.claim_reviews(${pick([1, 1, 3])})`;
  await session.commit();
  const endings: [string, Ending][] = [];
  for (const { review_id, claim } of claimed) {
    const [name, statement] = pick([
      [
        "decide on a claim",
        `directory.moderate_review('${review_id}', 'publish', null, '${claim}')`,
      ],
      [
        "decide on a claim",
        `directory.moderate_review('${review_id}', 'reject', null, '${claim}')`,
      ],
      ["release", `directory.release_review('${claim}')`],
    ]);
    endings.push([name, await act(session, moderator, `select ${statement}`)]);
  }
  return endings;
}

Deno.test(`${OPERATIONS} random acts from ${CONNECTIONS} connections leave no drift and see no deadlock`, async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 6, people: 24, moderators: 4 });
  const sessions = await Promise.all(Array.from({ length: CONNECTIONS }, () => Session.open()));
  try {
    let left = OPERATIONS;
    const endings = new Map<string, number>();
    const note = (name: string, ending: Ending) => {
      const key = `${name}: ${ending}`;
      endings.set(key, (endings.get(key) ?? 0) + 1);
    };
    await Promise.all(sessions.map(async (session) => {
      while (left > 0) {
        if (Math.random() < 0.15) {
          for (const [name, ending] of await moderate(session, pick(ground.moderators))) {
            note(name, ending);
            left--;
          }
        } else {
          const [name, user, text] = statement(ground);
          note(name, await act(session, user, text));
          left--;
        }
      }
    }));

    const bad = [...endings].filter(([key]) => {
      const ending = key.split(": ")[1];
      return ending !== "done" && !REFUSALS.has(ending);
    });
    assert.deepEqual(bad, []);
    // every kind of act has succeeded, so that what was tested is what the name says
    for (const name of new Set([...endings.keys()].map((key) => key.split(": ")[0]))) {
      assert.ok(endings.has(`${name}: done`), `${name} never succeeded`);
    }
    await assertNoDrift(watcher, fixture);
    const repaired = await watcher.sql`
      select * from directory.refresh_business_stats()
      where business_id = any (${ground.businesses})`;
    assert.deepEqual([...repaired], []);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

Deno.test("eight moderators who claim at once never get the same review", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 2, people: 20, moderators: 8 });
  await watcher.sql`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    select business.id, person.id, 4, 'Waits.'
    from unnest(${ground.businesses}::uuid[]) as business (id)
    cross join unnest(${ground.people}::uuid[]) as person (id)`;
  // first in line, whatever else waits on this database
  await watcher.sql`
    update directory_internal.review_queue
    set waiting_since = 'epoch'
    from directory.business_reviews
    where business_reviews.id = review_id
      and business_reviews.business_id = any (${ground.businesses})`;

  const sessions = await Promise.all(ground.moderators.map(() => Session.open()));
  try {
    const claimed = await Promise.all(sessions.map(async (session, i) => {
      const mine: string[] = [];
      for (let turn = 0; turn < 5; turn++) {
        await session.beginAs(ground.moderators[i]);
        const rows = await session.sql<{ review_id: string }[]>`
          select review_id from directory.claim_reviews(1)`;
        await pause(Math.random() * 10); // the others claim while this claim is not committed
        await session.commit();
        mine.push(...rows.map((row) => row.review_id));
      }
      return mine;
    }));
    assert.deepEqual(claimed.map((mine) => mine.length), Array(8).fill(5));
    assert.equal(new Set(claimed.flat()).size, 40);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

Deno.test("a claim does not wait for one that is not over", async () => {
  await using watcher = await Session.open();
  await using first = await Session.open();
  await using second = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 2, people: 1, moderators: 2 });
  await watcher.sql`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    select id, ${ground.people[0]}, 4, 'Waits.'
    from unnest(${ground.businesses}::uuid[]) as business (id)`;
  await first.beginAs(ground.moderators[0]);
  await first.sql`select from directory.claim_reviews(1)`;
  await second.beginAs(ground.moderators[1]);
  const claim = send(second.sql`select from directory.claim_reviews(1)`);
  const outcome = await waitsOrEnded(watcher, second, claim);
  await first.commit();
  await claim;
  await second.commit();
  assert.equal(outcome, "ended");
});

Deno.test("an edit that meets the claim of its review ends the claim", async () => {
  await using watcher = await Session.open();
  await using author = await Session.open();
  await using moderator = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 1, people: 1, moderators: 1 });
  const [{ id }] = await watcher.sql<{ id: string }[]>`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    values (${ground.businesses[0]}, ${ground.people[0]}, 4, 'Harmless.')
    returning id`;
  await watcher.sql`
    update directory_internal.review_queue set waiting_since = 'epoch' where review_id = ${id}`;

  await moderator.beginAs(ground.moderators[0]);
  const [read] = await moderator.sql<{ review_id: string; claim: string; content: string }[]>`
    select review_id, claim, content from directory.claim_reviews(1)`;
  assert.deepEqual([read.review_id, read.content], [id, "Harmless."]);
  await author.beginAs(ground.people[0]);
  const edit = send(author.sql`
    update directory.business_reviews set content = 'Harmful.' where id = ${id}`);
  assert.equal(await waitsOrEnded(watcher, author, edit), "waits");
  await moderator.commit();
  assert.equal(await edit, "done");
  await author.commit();

  const decide = `select directory.moderate_review('${id}', 'publish', null, '${read.claim}')`;
  assert.equal(await act(moderator, ground.moderators[0], decide), "PL171");
});

Deno.test("the report that hides a review and the decision that shows it come one after the other", async () => {
  await using watcher = await Session.open();
  await using reader = await Session.open();
  await using moderator = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 1, people: 4, moderators: 1 });
  const [author, ...readers] = ground.people;
  const [{ id }] = await watcher.sql<{ id: string }[]>`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
    values (${ground.businesses[0]}, ${author}, 4, 'Reported.', 'published')
    returning id`;
  const report = `insert into directory.review_flags (review_id, reason) values ('${id}', 'fake')`;
  assert.equal(await act(reader, readers[0], report), "done");
  assert.equal(await act(reader, readers[1], report), "done");

  // the decision dismisses the two, and does not know of the third
  await moderator.beginAs(ground.moderators[0]);
  await moderator.sql`select directory.moderate_review(${id}, 'publish')`;
  await reader.beginAs(readers[2]);
  const third = send(reader.sql`
    insert into directory.review_flags (review_id, reason) values (${id}, 'fake')`);
  assert.equal(await waitsOrEnded(watcher, reader, third), "waits");
  await moderator.commit();
  assert.equal(await third, "done");
  await reader.commit();

  const [row] = await watcher.sql`
    select
      business_reviews.status, moderation.flagged_count as flags,
      review_queue.review_id is not null as waits
    from directory.business_reviews
    join directory_internal.business_review_moderation as moderation
      on moderation.review_id = business_reviews.id
    left join directory_internal.review_queue on review_queue.review_id = business_reviews.id
    where business_reviews.id = ${id}`;
  assert.deepEqual({ ...row }, { status: "published", flags: 1, waits: true });
  await assertNoDrift(watcher, fixture);
});

Deno.test("a review that is taken back while somebody reports it waits for nobody", async () => {
  await using watcher = await Session.open();
  await using author = await Session.open();
  await using reader = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 1, people: 2, moderators: 0 });
  const [{ id }] = await watcher.sql<{ id: string }[]>`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
    values (${ground.businesses[0]}, ${ground.people[0]}, 4, 'Taken back.', 'published')
    returning id`;

  await author.beginAs(ground.people[0]);
  await author.sql`select directory.delete_review(${id})`;
  await reader.beginAs(ground.people[1]);
  const report = send(reader.sql`
    insert into directory.review_flags (review_id, reason) values (${id}, 'fake')`);
  assert.equal(await waitsOrEnded(watcher, reader, report), "waits");
  await author.commit();
  assert.equal(await report, "done");
  await reader.commit();
  const queued = await watcher.sql`
    select from directory_internal.review_queue where review_id = ${id}`;
  assert.equal(queued.length, 0);
});

Deno.test("votes on one review wait for each other and none is lost", async () => {
  await using watcher = await Session.open();
  await using first = await Session.open();
  await using second = await Session.open();
  await using fixture = new Fixture(watcher);
  const ground = await makeGround(watcher, fixture, { businesses: 1, people: 4, moderators: 0 });
  const [author, early, one, other] = ground.people;
  const [{ id }] = await watcher.sql<{ id: string }[]>`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
    values (${ground.businesses[0]}, ${author}, 4, 'Voted on.', 'published')
    returning id`;

  // the first vote makes the row that the others meet on
  await first.beginAs(early);
  await first.sql`select directory.vote_on_review(${id}, false)`;
  await first.commit();

  await first.beginAs(one);
  await second.beginAs(other);
  await first.sql`select directory.vote_on_review(${id}, true)`;
  const vote = send(second.sql`select directory.vote_on_review(${id}, true)`);
  assert.equal(await waitsOrEnded(watcher, second, vote), "waits");
  await first.commit();
  assert.equal(await vote, "done");
  await second.commit();
  const [counts] = await watcher.sql`
    select helpful_count, not_helpful_count
    from directory.review_vote_counts
    where review_id = ${id}`;
  assert.deepEqual({ ...counts }, { helpful_count: 2, not_helpful_count: 1 });
});
