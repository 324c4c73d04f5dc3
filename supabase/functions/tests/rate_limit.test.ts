/** The rate limit of the function search, on the real API and database. */

import assert from "node:assert/strict";
import postgres from "postgres";
import type { RequestError } from "../_shared/errors.ts";
import { limitRate, networkOf } from "../_shared/rate_limit.ts";
import search from "../search/index.ts";
import {
  API_URL,
  call,
  DATABASE_URL,
  FUNCTION_ORIGIN,
  PUBLISHABLE_KEY,
  useApi,
} from "./environment.ts";

useApi();

/** A caller of its own: an address of the range for documentation, and what stands in the bucket. */
class Visitor implements AsyncDisposable {
  readonly network = `2001:db8:${hexadecimal()}:${hexadecimal()}`;
  readonly #sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  readonly #bucket: string;

  constructor(caller?: string) {
    this.#bucket = `directory.search ${caller ?? `${this.network}::/64`}`;
  }

  search(forwardedFor = `${this.network}::1`) {
    return call(search, "/search?search_query=pizza&result_limit=1", {
      headers: { apikey: PUBLISHABLE_KEY, "x-forwarded-for": forwardedFor },
    });
  }

  /** As if this caller had sent as much as is allowed, and more. */
  async exhaust(): Promise<void> {
    await this.#sql`
      insert into private.rate_limits (key, full_at)
      values (${this.#bucket}, now() + interval '1 hour')
      on conflict on constraint rate_limits_pkey do update set full_at = excluded.full_at`;
  }

  async hasBucket(): Promise<boolean> {
    const rows = await this.#sql`select from private.rate_limits where key = ${this.#bucket}`;
    return rows.length > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql`delete from private.rate_limits where key = ${this.#bucket}`;
    await this.#sql.end();
  }
}

/** A group of an address, without a zero in front. */
const hexadecimal = () => (0x1000 + Math.floor(Math.random() * 0xefff)).toString(16);

Deno.test("a caller with tokens left is served, and one is taken", async () => {
  await using visitor = new Visitor();
  assert.equal((await visitor.search()).status, 200);
  assert.ok(await visitor.hasBucket());
});

Deno.test("a caller without tokens gets 429, when to come back, and nothing else", async () => {
  await using visitor = new Visitor();
  await visitor.exhaust();
  const { status, headers, body } = await visitor.search();
  assert.equal(status, 429);
  const seconds = Number(headers.get("retry-after"));
  // an hour, less the minute that a full bucket of 600 lasts
  assert.ok(seconds > 3_400 && seconds <= 3_600, String(seconds));
  assert.deepEqual(body, {
    code: "PT429",
    message: `Too many requests: try again in ${seconds} seconds.`,
    details: {
      hint: "Send fewer requests, and wait as long as the header Retry-After says.",
      retry_after: seconds,
    },
  });
  assert.equal(headers.get("access-control-allow-origin"), "*");
});

Deno.test("one caller's bucket is not another's", async () => {
  await using first = new Visitor();
  await using second = new Visitor();
  await first.exhaust();
  assert.equal((await first.search()).status, 429);
  assert.equal((await second.search()).status, 200);
});

Deno.test("threat: a caller writes other addresses before its own to find a fresh bucket", async () => {
  await using visitor = new Visitor();
  await visitor.exhaust();
  for (const forged of ["203.0.113.9", "unknown", "2001:db8::1, 203.0.113.9"]) {
    assert.equal((await visitor.search(`${forged}, ${visitor.network}::1`)).status, 429, forged);
  }
});

Deno.test("threat: a caller walks through the addresses of its IPv6 network", async () => {
  await using visitor = new Visitor();
  await visitor.exhaust();
  assert.equal((await visitor.search(`${visitor.network}:1:2:3:4`)).status, 429);
  assert.equal((await visitor.search(`${visitor.network}::ffff`)).status, 429);
});

Deno.test("a network is an IPv4 address, or half an IPv6 address", () => {
  const networks: [address: string, network: string][] = [
    ["203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
  ];
  for (const [address, network] of networks) assert.equal(networkOf(address), network, address);
});

Deno.test("threat: who hides his address shares one bucket with all who do", async () => {
  await using visitor = new Visitor("unknown");
  assert.equal((await visitor.search("")).status, 200);
  assert.ok(await visitor.hasBucket());
  await visitor.exhaust();
  for (const forwardedFor of ["", "unknown", "another"]) {
    assert.equal((await visitor.search(forwardedFor)).status, 429, forwardedFor);
  }
  await using other = new Visitor();
  assert.equal((await other.search()).status, 200);
});

Deno.test("a limit that can not be counted does not refuse, and the log says so", async () => {
  await using sql = disposable(postgres(DATABASE_URL, { max: 1, onnotice: () => {} }));
  const mark = `planted_${crypto.randomUUID().replaceAll("-", "_")}`;
  const request = new Request(`${FUNCTION_ORIGIN}/${mark}`, {
    headers: { "x-forwarded-for": "203.0.113.7" },
  });
  await limitRate(request, `planted.${mark}`);
  let messages: string[] = [];
  for (let attempt = 0; attempt < 100 && messages.length === 0; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const rows = await sql.client<{ message: string }[]>`
      select message from ops.system_logs where source = ${`functions/${mark}`}`;
    messages = rows.map(({ message }) => message);
  }
  assert.match(messages.join(), /^PL001: /);
  await sql.client`delete from ops.system_logs where source = ${`functions/${mark}`}`;
});

Deno.test("where passwords could be tried it refuses, and says when to come back", async () => {
  const request = new Request(`${FUNCTION_ORIGIN}/planted`, {
    headers: { "x-forwarded-for": "203.0.113.7" },
  });
  const refusal = await limitRate(request, "planted.none", "refuse").then(
    () => undefined,
    (error: unknown) => error as RequestError,
  );
  assert.equal(refusal?.status, 503);
  assert.equal(refusal?.code, "UNAVAILABLE");
  assert.deepEqual(refusal?.headers, { "Retry-After": "1" });
});

Deno.test("threat: a flood of one caller makes the count late for itself and for others", async () => {
  await using flooder = new Visitor();
  await using other = new Visitor();
  const take = ({ network }: Visitor) =>
    limitRate(
      new Request(`${FUNCTION_ORIGIN}/search`, {
        headers: { "x-forwarded-for": `${network}::1` },
      }),
      "directory.search",
    ).then(() => "served", (error: RequestError) => `${error.status} ${error.code}`);
  const flood = Array.from({ length: 40 }, () => take(flooder));
  assert.equal(await take(other), "served");
  const ends = await Promise.all(flood);
  assert.equal(ends.filter((end) => end === "served").length, 16);
  assert.equal(ends.filter((end) => end === "429 PT429").length, 24);
  assert.equal(await take(flooder), "served", "once nothing waits it is counted again");
});

Deno.test("a database that is gone is the search's to report, not the limit's", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  try {
    useApi(`http://127.0.0.1:${port}`);
    await using visitor = new Visitor();
    assert.equal((await visitor.search()).status, 503);
  } finally {
    useApi(API_URL);
  }
});

/** A connection that closes with its test. */
const disposable = (client: postgres.Sql) => ({
  client,
  [Symbol.asyncDispose]: () => client.end(),
});
