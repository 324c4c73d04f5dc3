/** The function sign-in, called without a server of its own, on the real API, Auth and database. */

import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { networkOf } from "../_shared/rate_limit.ts";
import signIn from "../sign-in/index.ts";
import {
  API_URL,
  call,
  DATABASE_URL,
  PUBLISHABLE_KEY,
  type Reply,
  SECRET_KEY,
  useApi,
} from "./environment.ts";

useApi();

const PASSWORD = "a long password of a test";
const CREDENTIALS_REFUSED = {
  code: "INVALID_CREDENTIALS",
  message: "E-mail address or password is not right.",
  details: {
    hint: "Check both. A new account must be confirmed by the link in its e-mail first.",
  },
};

const send = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(signIn, "/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: PUBLISHABLE_KEY, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** A caller as the trusted proxy saw it; the address is in a /64 that no other test has. */
function unusedCaller(): { address: string; headers: Record<string, string> } {
  const [high, low] = crypto.getRandomValues(new Uint16Array(2));
  const { hostname } = new URL(`http://[2001:db8:${high.toString(16)}:${low.toString(16)}::7]`);
  const address = hostname.slice(1, -1);
  return {
    address,
    headers: { "x-forwarded-for": `10.0.0.1, ${address}`, "user-agent": "a browser" },
  };
}

/** A user with PASSWORD, and a look into the record; both go when the test ends. */
class Scene implements AsyncDisposable {
  readonly sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  readonly email = `${crypto.randomUUID()}@sign-in.example.com`;

  async signUp(): Promise<void> {
    const client = createClient(API_URL, PUBLISHABLE_KEY, { auth: { persistSession: false } });
    const { error } = await client.auth.signUp({ email: this.email, password: PASSWORD });
    await client.auth.stopAutoRefresh();
    assert.equal(error, null);
  }

  attempts() {
    return this.sql<{ success: boolean; address: string | null }[]>`
      select success, address
      from audit.login_attempts
      where account_hash = audit.account_hash(${this.email})
      order by created_at`;
  }

  async [Symbol.asyncDispose]() {
    await this.sql`delete from auth.users where email = ${this.email}`;
    await this.sql.end();
  }
}

Deno.test("the right password gives the session of Auth and is recorded as a success", async () => {
  await using scene = new Scene();
  await scene.signUp();
  const { address, headers } = unusedCaller();
  const { status, body } = await send({ email: scene.email, password: PASSWORD }, headers);
  assert.equal(status, 200, JSON.stringify(body));
  const session = body as { access_token: string; refresh_token: string; user: { email: string } };
  assert.equal(session.user.email, scene.email);
  const client = createClient(API_URL, PUBLISHABLE_KEY, { auth: { persistSession: false } });
  const { error } = await client.auth.setSession(session);
  await client.auth.stopAutoRefresh();
  assert.equal(error, null);
  assert.deepEqual([...await scene.attempts()], [{ success: true, address }]);
});

Deno.test("a wrong password and an unknown account are told in the same words", async () => {
  await using scene = new Scene();
  await scene.signUp();
  await using unknown = new Scene();
  const { address, headers } = unusedCaller();
  for (
    const { email, attempts } of [scene, unknown].map((someone) => ({
      email: someone.email,
      attempts: () => someone.attempts(),
    }))
  ) {
    const { status, body } = await send({ email, password: "not the password" }, headers);
    assert.equal(status, 401);
    assert.deepEqual(body, CREDENTIALS_REFUSED);
    assert.deepEqual([...await attempts()], [{ success: false, address }]);
  }
});

Deno.test("what the client says of itself is kept as a claim, and its address is not believed", async () => {
  await using scene = new Scene();
  const { address, headers } = unusedCaller();
  await send({ email: scene.email, password: "wrong" }, headers);
  const [event] = await scene.sql`
    select event_type, severity, address, claimed
    from audit.security_events
    where address = ${address}`;
  assert.deepEqual({ ...event }, {
    event_type: "failed_login",
    severity: "warning",
    address,
    claimed: { user_agent: "a browser", forwarded_for: "10.0.0.1" },
  });
});

Deno.test("a forged address neither hides an attack nor blames somebody else", async () => {
  await using scene = new Scene();
  const { address, headers } = unusedCaller();
  const victim = unusedCaller().address;
  for (let i = 0; i < 7; i++) {
    const forged = { ...headers, "x-forwarded-for": `${victim}, 10.0.0.${i}, ${address}` };
    await send({ email: `${i}-${scene.email}`, password: "wrong" }, forged);
  }
  const events = await scene.sql`
    select event_type, count(*)::int as count
    from audit.security_events
    where subject in (
      audit.caller_network(${address})::text, audit.caller_network(${victim})::text
    )
    group by event_type, subject`;
  assert.deepEqual([...events], [{ event_type: "brute_force_detected", count: 1 }]);
});

Deno.test("without a proxy's address the account still counts", async () => {
  await using scene = new Scene();
  assert.equal((await send({ email: scene.email, password: "wrong" })).status, 401);
  assert.deepEqual([...await scene.attempts()], [{ success: false, address: null }]);
});

Deno.test("a caller who sends too much is told when to return, and Auth is not asked", async () => {
  await using scene = new Scene();
  const { headers } = unusedCaller();
  const [{ burst }] = await scene.sql`select ops.setting('audit.sign_in_burst')::int as burst`;
  const body = { email: scene.email, password: "wrong" };
  const replies: Reply[] = [];
  // some tokens come back meanwhile
  while (replies.at(-1)?.status !== 429 && replies.length < 3 * burst) {
    replies.push(await send(body, headers));
  }
  const refused = replies.pop();
  assert.equal(refused?.status, 429, "the limit was not met");
  assert.ok(replies.length >= burst, `${replies.length} of ${burst} were served`);
  assert.ok(replies.every(({ status }) => status === 401));
  assert.equal((await scene.attempts()).length, replies.length);
  assert.equal((refused.body as { code: string }).code, "PT429");
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);

  const other = await send(body, unusedCaller().headers);
  assert.equal(other.status, 401, "who comes from elsewhere is served");
});

Deno.test("input of the wrong shape is refused, and no value of it is repeated", async () => {
  const email = "somebody@sign-in.example.com";
  const wrong: unknown[] = [
    "{",
    {},
    { email },
    { email, password: "" },
    { email, password: 5 },
    { email: "nobody", password: "secret-word" },
    { email: "a b@c", password: "secret-word" },
    { email: "a\u0000@c", password: "secret-word" },
    { email: `${"a".repeat(320)}@c`, password: "secret-word" },
    { email, password: "secret-word".repeat(100) },
    { email, password: "secret-word", role: "admin" },
    [email, "secret-word"],
  ];
  for (const body of wrong) {
    const reply = await send(body);
    assert.equal(reply.status, 400, JSON.stringify(body));
    assert.doesNotMatch(JSON.stringify(reply.body), /secret-word|somebody/);
  }
});

Deno.test("it needs a key of the project, and POST", async () => {
  const body = { email: "a@sign-in.example.com", password: "wrong" };
  assert.equal((await send(body, { apikey: "sb_publishable_wrong" })).status, 401);
  assert.equal(
    (await call(signIn, "/sign-in?email=a", { headers: { apikey: PUBLISHABLE_KEY } }))
      .status,
    405,
  );
  assert.equal((await send(body, { apikey: SECRET_KEY })).status, 401);
});

Deno.test("an Auth that is gone is 503, and neither password nor e-mail address is logged", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const said: string[] = [];
  const { error, warn, log } = console;
  const note = (...parts: unknown[]) =>
    said.push(parts.map((part) => Deno.inspect(part)).join(" "));
  Object.assign(console, { error: note, warn: note, log: note });
  try {
    useApi(`http://127.0.0.1:${port}`);
    const reply = await send(
      { email: "somebody@sign-in.example.com", password: "secret-word" },
      unusedCaller().headers,
    );
    assert.equal(reply.status, 503, JSON.stringify(reply.body));
    assert.equal((reply.body as { code: string }).code, "UNAVAILABLE");
  } finally {
    useApi();
    Object.assign(console, { error, warn, log });
  }
  assert.doesNotMatch(said.join("\n"), /secret-word|somebody/);
});

/** What Auth answers to an attempt, as `[status, code]`; null for its own answer. */
type Planted = [status: number, code: string] | null;

/**
 * The API, with Auth's answer to attempts replaced; what Auth is sent is written down. Tokens of a
 * rate limit are given one after the other, each after that many milliseconds.
 */
class Watched implements AsyncDisposable {
  readonly sent: { headers: Headers; body: { gotrue_meta_security?: unknown } }[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  #token: Promise<void> = Promise.resolve();

  constructor(planted: Planted, millisecondsPerToken = 0) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const isAttempt = pathname === "/auth/v1/token";
      if (isAttempt) this.sent.push({ headers: request.headers, body: JSON.parse(body) });
      if (pathname === "/rest/v1/rpc/take_token") {
        this.#token = this.#token.then(() =>
          new Promise((resolve) => setTimeout(resolve, millisecondsPerToken))
        );
        await this.#token;
      }
      if (isAttempt && planted !== null) {
        const [status, code] = planted;
        return Response.json({ code, message: `Auth says ${code}.` }, {
          status,
          headers: { "x-supabase-api-version": "2024-01-01" },
        });
      }
      const { method, headers } = request;
      return await fetch(`${API_URL}${pathname}${search}`, { method, headers, body });
    });
    useApi(`http://127.0.0.1:${this.#server.addr.port}`);
  }

  async [Symbol.asyncDispose]() {
    useApi();
    await this.#server.shutdown();
  }
}

Deno.test("what says nothing of the password is no failed login, and keeps Auth's status and code", async () => {
  const refusals: [planted: Planted, status: number, code: string][] = [
    [[400, "email_not_confirmed"], 400, "EMAIL_NOT_CONFIRMED"],
    [[400, "captcha_failed"], 400, "CAPTCHA_FAILED"],
    [[422, "email_provider_disabled"], 422, "EMAIL_PROVIDER_DISABLED"],
    [[429, "over_request_rate_limit"], 429, "PT429"],
    // told like a wrong password: Auth says it before it has looked at the password
    [[400, "user_banned"], 401, "INVALID_CREDENTIALS"],
    [[500, "unexpected_failure"], 503, "UNAVAILABLE"],
  ];
  for (const [planted, status, code] of refusals) {
    await using scene = new Scene();
    await using _ = new Watched(planted);
    const body = { email: scene.email, password: "a password" };
    const reply = await send(body, unusedCaller().headers);
    assert.equal(reply.status, status, code);
    assert.equal((reply.body as { code: string }).code, code);
    assert.deepEqual([...await scene.attempts()], [], code);
  }
  await using scene = new Scene();
  await using _ = new Watched([400, "invalid_credentials"]);
  await send({ email: scene.email, password: "a password" }, unusedCaller().headers);
  assert.equal((await scene.attempts()).length, 1);
});

Deno.test("threat: a flood that makes the limiter late takes more guesses to Auth than its bucket", async () => {
  await using scene = new Scene();
  const { address, headers } = unusedCaller();
  const bucket = `audit.sign_in ${networkOf(address)}`;
  const left = 5;
  const [{ seconds }] = await scene.sql`
    select 60 / ops.setting('audit.sign_in_per_minute')::float8 as seconds`;
  await scene.sql`
    insert into private.rate_limits (key, full_at)
    values (
      ${bucket},
      clock_timestamp()
        + make_interval(secs => ${seconds}) * (ops.setting('audit.sign_in_burst')::int - ${left})
    )`;
  await using watched = new Watched([400, "invalid_credentials"], 400);
  const began = performance.now();
  const replies = await Promise.all(
    Array.from({ length: 60 }, () => send({ email: scene.email, password: "wrong" }, headers)),
  );
  const refilled = Math.ceil((performance.now() - began) / 1_000 / seconds);
  const reached = watched.sent.length;
  assert.ok(reached <= left + refilled, `${reached} guesses reached Auth`);
  assert.deepEqual([...new Set(replies.map(({ status }) => status))].sort(), [401, 429, 503]);
  assert.equal(replies.filter(({ status }) => status === 401).length, reached);
  for (const { status, headers } of replies) {
    assert.equal(headers.has("retry-after"), status !== 401, String(status));
  }
  await scene.sql`delete from private.rate_limits where key = ${bucket}`;
});

Deno.test("the token of a captcha reaches Auth, with the key of the caller", async () => {
  await using watched = new Watched([400, "captcha_failed"]);
  const body = { email: "a@sign-in.example.com", password: "wrong", captcha_token: "solved" };
  await send(body, unusedCaller().headers);
  const [{ headers, body: sent }] = watched.sent;
  assert.deepEqual(sent.gotrue_meta_security, { captcha_token: "solved" });
  assert.equal(headers.get("apikey"), PUBLISHABLE_KEY);
  // Auth would ask no captcha of a secret key
  assert.equal(headers.get("sb-forwarded-for"), null);
});

Deno.test("where a project wants it, Auth is told the caller's address, by the secret key", async () => {
  await using scene = new Scene();
  await scene.signUp();
  await using watched = new Watched(null);
  Deno.env.set("PLINTH_FORWARD_ADDRESS", "true");
  try {
    const { address, headers } = unusedCaller();
    const forged = { ...headers, "sb-forwarded-for": "203.0.113.99" };
    const { status, body } = await send({ email: scene.email, password: PASSWORD }, forged);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal((body as { user: { email: string } }).user.email, scene.email);
    assert.equal(watched.sent[0].headers.get("sb-forwarded-for"), address);
    assert.equal(watched.sent[0].headers.get("apikey"), SECRET_KEY);
    assert.deepEqual([...await scene.attempts()], [{ success: true, address }]);

    await send({ email: scene.email, password: PASSWORD });
    const { headers: unknown } = watched.sent[1];
    assert.equal(unknown.get("sb-forwarded-for"), null, "an address that is not known");
    assert.equal(unknown.get("apikey"), PUBLISHABLE_KEY);

    Deno.env.set("PLINTH_FORWARD_ADDRESS", "yes");
    assert.equal((await send({ email: scene.email, password: PASSWORD }, headers)).status, 500);
  } finally {
    Deno.env.delete("PLINTH_FORWARD_ADDRESS");
  }
});
