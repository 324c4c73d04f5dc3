/** Two who use the same token, invitation, boost or address at the same moment. */

import assert from "node:assert/strict";
import { assertNoDrift, type Ending, Fixture, send, Session, waitsOrEnded } from "./support.ts";

/** A business of an owner; without one it can be claimed. */
async function businessOf(watcher: Session, fixture: Fixture, owner: string | null) {
  const id = await fixture.business(await fixture.category());
  await watcher.sql`update directory.businesses set owner_id = ${owner} where id = ${id}`;
  return id;
}

const ownerOf = async ({ sql }: Session, business: string) => {
  const [{ owner_id }] =
    await sql`select owner_id from directory.businesses where id = ${business}`;
  return owner_id as string | null;
};

/** Runs a statement as a user, in a transaction of its own, and returns its one value. */
async function valueAs(session: Session, user: string, text: string, ...values: string[]) {
  await session.beginAs(user);
  const [row] = await session.sql.unsafe(text, values);
  await session.commit();
  return Object.values(row)[0] as string;
}

/** Both send; the second waits for the first, which commits. */
async function race(
  watcher: Session,
  left: [Session, string, (session: Session) => Promise<Ending>],
  right: [Session, string, (session: Session) => Promise<Ending>],
): Promise<[Ending, Ending]> {
  await left[0].beginAs(left[1]);
  await right[0].beginAs(right[1]);
  const first = await left[2](left[0]);
  const second = right[2](right[0]);
  assert.equal(await waitsOrEnded(watcher, right[0], second), "waits");
  await left[0].commit();
  const ending = await second;
  await right[0][ending === "done" ? "commit" : "rollback"]();
  return [first, ending];
}

const acceptTransfer = (token: string) => ({ sql }: Session) =>
  send(sql`select directory.accept_business_transfer(${token})`);
const acceptInvitation = (token: string) => ({ sql }: Session) =>
  send(sql`select directory.accept_business_invitation(${token})`);

Deno.test("of two who use the token of one transfer at once one owns the business", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, one, other] = await fixture.users(3);
  const business = await businessOf(watcher, fixture, owner);
  const token = await valueAs(
    left,
    owner,
    "select directory.offer_business_transfer($1)",
    business,
  );

  const ends = await race(
    watcher,
    [left, one, acceptTransfer(token)],
    [right, other, acceptTransfer(token)],
  );
  assert.deepEqual(ends, ["done", "PL145"]);
  assert.equal(await ownerOf(watcher, business), one);
  await assertNoDrift(watcher, fixture);
});

Deno.test("when the first of two who use one token is undone, the second owns the business", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, one, other] = await fixture.users(3);
  const business = await businessOf(watcher, fixture, owner);
  const token = await valueAs(
    left,
    owner,
    "select directory.offer_business_transfer($1)",
    business,
  );

  await left.beginAs(one);
  await right.beginAs(other);
  assert.equal(await acceptTransfer(token)(left), "done");
  const second = acceptTransfer(token)(right);
  assert.equal(await waitsOrEnded(watcher, right, second), "waits");
  await left.rollback();
  assert.equal(await second, "done");
  await right.commit();
  assert.equal(await ownerOf(watcher, business), other);
});

Deno.test("of two who claim one business with tokens of their own one owns it", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [one, other] = await fixture.users(2);
  const business = await businessOf(watcher, fixture, null);
  const tokens: string[] = [];
  for (const user of [one, other]) {
    const claim = await valueAs(
      left,
      user,
      "select directory.request_business_claim($1)",
      business,
    );
    const [{ token }] = await watcher.sql`select directory.issue_claim_token(${claim}) as token`;
    tokens.push(token);
  }
  const claim = (token: string) => ({ sql }: Session) =>
    send(sql`select directory.claim_business(${token})`);

  const ends = await race(
    watcher,
    [left, one, claim(tokens[0])],
    [right, other, claim(tokens[1])],
  );
  assert.deepEqual(ends, ["done", "PL145"]);
  assert.equal(await ownerOf(watcher, business), one);
});

Deno.test("an owner who withdraws an offer while it is taken is told that it was taken", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, receiver] = await fixture.users(2);
  const business = await businessOf(watcher, fixture, owner);
  const token = await valueAs(
    left,
    owner,
    "select directory.offer_business_transfer($1)",
    business,
  );

  const ends = await race(
    watcher,
    [left, receiver, acceptTransfer(token)],
    [
      right,
      owner,
      ({ sql }) => send(sql`select directory.cancel_business_transfer(${business})`),
    ],
  );
  // the business is no longer theirs
  assert.deepEqual(ends, ["done", "42501"]);
  assert.equal(await ownerOf(watcher, business), receiver);
});

Deno.test("of two who accept one invitation at once one looks after the business", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, one, other] = await fixture.users(3);
  const business = await businessOf(watcher, fixture, owner);
  const token = await valueAs(
    left,
    owner,
    "select token from directory.invite_business_manager($1)",
    business,
  );

  const ends = await race(
    watcher,
    [left, one, acceptInvitation(token)],
    [right, other, acceptInvitation(token)],
  );
  assert.deepEqual(ends, ["done", "PL145"]);
  const managers = await watcher.sql`
    select user_id from directory.business_managers where business_id = ${business}`;
  assert.deepEqual(managers.map((row) => row.user_id), [one]);
});

Deno.test("who accepts two invitations to one business at once is in it once", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, user] = await fixture.users(2);
  const business = await businessOf(watcher, fixture, owner);
  const tokens: string[] = [];
  for (const role of ["editor", "manager"]) {
    tokens.push(
      await valueAs(
        left,
        owner,
        "select token from directory.invite_business_manager($1, $2)",
        business,
        role,
      ),
    );
  }

  const ends = await race(
    watcher,
    [left, user, acceptInvitation(tokens[0])],
    [right, user, acceptInvitation(tokens[1])],
  );
  assert.deepEqual(ends, ["done", "done"]);
  const managers = await watcher.sql`
    select user_id, role from directory.business_managers where business_id = ${business}`;
  assert.deepEqual(managers.map((row) => [row.user_id, row.role]), [[user, "manager"]]);
});

Deno.test("two invitations at once do not go past what the plan allows", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, admin] = await fixture.users(2);
  await watcher.sql`insert into private.user_roles (user_id, role) values (${admin}, 'admin')`;
  const business = await businessOf(watcher, fixture, owner);
  const invite = ({ sql }: Session) =>
    send(sql`select directory.invite_business_manager(${business})`);
  const [{ manager_limit }] = await watcher.sql`
    select manager_limit from directory.subscription_plans where tier = 'free'`;
  for (let sent = 1; sent < manager_limit; sent++) {
    await left.beginAs(owner);
    assert.equal(await invite(left), "done");
    await left.commit();
  }

  // one room is left; two accounts, so that neither waits for the other's rate limit
  const ends = await race(watcher, [left, owner, invite], [right, admin, invite]);
  assert.deepEqual(ends, ["done", "PL155"]);
});

Deno.test("of two moderators who decide on one verification at once one does", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, one, other] = await fixture.users(3);
  await watcher.sql`
    insert into private.user_roles (user_id, role)
    values (${one}, 'moderator'), (${other}, 'moderator')`;
  const business = await businessOf(watcher, fixture, owner);
  const verification = await valueAs(
    left,
    owner,
    "select directory.submit_verification($1, $2::text::jsonb)",
    business,
    JSON.stringify([{ kind: "license", path: "a.pdf" }]),
  );
  const decide = (decision: string) => ({ sql }: Session) =>
    send(sql`select directory.review_verification(${verification}, ${decision})`);

  const ends = await race(
    watcher,
    [left, one, decide("reject")],
    [right, other, decide("verify")],
  );
  assert.deepEqual(ends, ["done", "PL159"]);
  const [{ verification_status }] = await watcher.sql`
    select verification_status from directory.businesses where id = ${business}`;
  assert.equal(verification_status, "rejected");
  await assertNoDrift(watcher, fixture);
});

Deno.test("the last boost is spent once", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const owner = await fixture.user();
  const business = await businessOf(watcher, fixture, owner);
  await watcher.sql`
    insert into directory_internal.business_private (business_id, boost_credits)
    values (${business}, 1)`;
  const boost = ({ sql }: Session) => send(sql`select directory.boost_business(${business})`);

  const ends = await race(watcher, [left, owner, boost], [right, owner, boost]);
  assert.deepEqual(ends, ["done", "PL152"]);
  const [{ hours }] = await watcher.sql<{ hours: number }[]>`
    select extract(epoch from featured_until - now())::float8 / 3600 as hours
    from directory.businesses
    where id = ${business}`;
  assert.ok(hours > 23 && hours <= 24, `featured for ${hours} hours`);
});
