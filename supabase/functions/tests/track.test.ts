/** The function track, called without a server of its own, on the real API and database. */

import assert from "node:assert/strict";
import postgres from "postgres";
import track from "../track/index.ts";
import { call, DATABASE_URL, PUBLISHABLE_KEY, type Reply, useApi } from "./environment.ts";

useApi();

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** A group of an address, without a zero in front. */
const hexadecimal = () => (0x1000 + Math.floor(Math.random() * 0xefff)).toString(16);

/** A public business of the seed that nobody else looks at, and callers; what they do is removed. */
class Scene implements AsyncDisposable {
  readonly sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  readonly session = crypto.randomUUID();
  readonly network = `2001:db8:${hexadecimal()}:${hexadecimal()}`;

  async business(): Promise<string> {
    const [{ business_id }] = await this.sql<{ business_id: string }[]>`
      select business_id from directory.listings order by random() limit 1`;
    return business_id;
  }

  /** One view of this scene, as a browser or another program at an address of its network. */
  async view(
    headers: Record<string, string> = {},
    event: Record<string, unknown> = {},
    more: Record<string, unknown> = {},
  ): Promise<Reply> {
    const business_id = await this.business();
    return this.send(
      { kind: "view", events: [{ business_id, session_id: this.session, ...event }], ...more },
      headers,
    );
  }

  send(body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return call(track, "/track", {
      method: "POST",
      headers: {
        apikey: PUBLISHABLE_KEY,
        "user-agent": BROWSER,
        "x-forwarded-for": `${this.network}::1`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  /** The views of this scene, oldest first. */
  events() {
    return this.sql<{ visitor_id: string | null; row: string }[]>`
      select visitor_id, business_events::text as row
      from directory_internal.business_events
      where session_id = ${this.session}
      order by id`;
  }

  async exhaust(): Promise<void> {
    await this.sql`
      insert into private.rate_limits (key, full_at)
      values (${`directory.track ${this.network}::/64`}, now() + interval '1 hour')`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sql`
      delete from directory_internal.business_events where session_id = ${this.session}`;
    await this.sql`
      delete from private.rate_limits where key = ${`directory.track ${this.network}::/64`}`;
    await this.sql.end();
  }
}

Deno.test("a view is taken, and its visitor is known again for the day, by no address", async () => {
  await using scene = new Scene();
  assert.deepEqual((await scene.view()).body, { taken: 1 });
  await scene.view({ "x-forwarded-for": `${scene.network}::2` });
  await scene.view({ "x-forwarded-for": `2001:db8:1:${hexadecimal()}::1` });
  const [first, second, third] = await scene.events();
  assert.ok(first.visitor_id);
  assert.equal(second.visitor_id, first.visitor_id);
  assert.notEqual(third.visitor_id, first.visitor_id);
  assert.doesNotMatch(first.row, /2001:db8/);
});

Deno.test("a visitor that the client names is another one, wherever it comes from", async () => {
  await using scene = new Scene();
  await scene.view({}, {}, { visitor: scene.session });
  await scene.view({ "x-forwarded-for": "2001:db8:1:2::1" }, {}, { visitor: scene.session });
  await scene.view();
  const [first, second, third] = await scene.events();
  assert.equal(second.visitor_id, first.visitor_id);
  assert.notEqual(third.visitor_id, first.visitor_id);
});

Deno.test("a caller without an address has no visitor, and still views", async () => {
  await using scene = new Scene();
  assert.deepEqual((await scene.view({ "x-forwarded-for": "unknown" })).body, { taken: 1 });
  assert.equal((await scene.events())[0].visitor_id, null);
});

Deno.test("clicks and shares are taken", async () => {
  await using scene = new Scene();
  const events = [{ business_id: await scene.business() }];
  for (const kind of ["click", "share"]) {
    assert.deepEqual((await scene.send({ kind, events })).body, { taken: 1 }, kind);
  }
});

Deno.test("robots are answered and not counted", async () => {
  await using scene = new Scene();
  for (
    const robot of [
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36",
      "curl/8.5.0",
      "",
    ]
  ) {
    assert.deepEqual((await scene.view({ "user-agent": robot })).body, { taken: 0 }, robot);
  }
  assert.equal((await scene.events()).length, 0);
});

Deno.test("what has not the right shape is refused, by the function or by SQL", async () => {
  await using scene = new Scene();
  const business_id = await scene.business();
  for (
    const [body, code] of [
      [{ kind: "like", events: [] }, "INVALID_INPUT"],
      [{ kind: "view", events: [{ business_id: 1 }] }, "INVALID_INPUT"],
      [{ kind: "view", events: [{ business_id, created_at: "2020-01-01" }] }, "INVALID_INPUT"],
      [{ kind: "view", events: [] }, "PL186"],
      [{ kind: "view", events: Array(101).fill({ business_id }) }, "PL186"],
      [{ kind: "view", events: [{ business_id, time_on_page: -1 }] }, "PL187"],
      [{ kind: "click", events: [{ business_id, bounced: true }] }, "PL187"],
    ] as const
  ) {
    const reply = await scene.send(body);
    assert.equal(reply.status, 400, JSON.stringify(reply.body));
    assert.equal((reply.body as { code: string }).code, code);
  }
});

Deno.test("an address without tokens left is told to wait", async () => {
  await using scene = new Scene();
  await scene.exhaust();
  const { status, headers } = await scene.view();
  assert.equal(status, 429);
  assert.ok(Number(headers.get("retry-after")) > 0);
  assert.equal((await scene.events()).length, 0);
});
