/** The function sign-in behind the gateway, called as a frontend calls it. */

import assert from "node:assert/strict";
import { FunctionsHttpError } from "@supabase/supabase-js";
import { API_URL, FUNCTIONS_URL, PUBLISHABLE_KEY, Stage, visitor } from "./support.ts";

const PASSWORD = "a long password of a test";

/** The address that the gateway sees of these tests. */
const HERE = "127.0.0.1";

const signIn = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${FUNCTIONS_URL}/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: PUBLISHABLE_KEY, ...headers },
    body: JSON.stringify(body),
  });

const attempts = ({ sql }: Stage, email: string) =>
  sql<{ success: boolean; address: string }[]>`
    select success, address
    from audit.login_attempts
    where account_hash = audit.account_hash(${email})
    order by created_at`;

/** A user with PASSWORD. */
async function signUp(stage: Stage): Promise<string> {
  const { id, client } = await stage.signUp();
  const { error } = await client.auth.updateUser({ password: PASSWORD });
  assert.equal(error, null);
  const [{ email }] = await stage.sql`select email from auth.users where id = ${id}`;
  return email;
}

Deno.test("the session it answers is one that supabase-js goes on with", async () => {
  await using stage = new Stage();
  const email = await signUp(stage);
  const client = visitor();
  const { data, error } = await client.functions.invoke("sign-in", {
    body: { email, password: PASSWORD },
  });
  assert.equal(error, null);
  assert.equal((await client.auth.setSession(data)).error, null);
  assert.equal((await client.auth.getUser()).data.user?.email, email);
  assert.deepEqual([...await attempts(stage, email)], [{ success: true, address: HERE }]);
});

Deno.test("a wrong password and an unknown account can not be told apart", async () => {
  await using stage = new Stage();
  const email = await signUp(stage);
  const refusals: unknown[] = [];
  for (const tried of [email, `nobody-${email}`]) {
    const { data, error } = await visitor().functions.invoke("sign-in", {
      body: { email: tried, password: "not the password" },
    });
    assert.equal(data, null);
    assert.ok(error instanceof FunctionsHttpError);
    const headers = [...error.context.headers.keys()].sort();
    refusals.push({ status: error.context.status, headers, body: await error.context.json() });
  }
  assert.deepEqual(refusals[0], refusals[1]);
  assert.equal((refusals[0] as { status: number }).status, 401);
});

Deno.test("a forged x-forwarded-for has no effect on what is recorded", async () => {
  await using stage = new Stage();
  const email = `${crypto.randomUUID()}@contract.example.com`;
  for (const forged of ["203.0.113.99", "203.0.113.99, 203.0.113.98", "not an address", ""]) {
    const response = await signIn({ email, password: "wrong" }, { "x-forwarded-for": forged });
    await response.body?.cancel();
    assert.equal(response.status, 401);
  }
  const found = await attempts(stage, email);
  assert.deepEqual(found.map(({ address }) => address), Array(4).fill(HERE));
});

Deno.test("a malformed body is refused in the one shape of errors", async () => {
  const response = await signIn({ email: "nobody", password: "secret-word" });
  assert.equal(response.status, 400);
  const text = await response.text();
  assert.equal(JSON.parse(text).code, "INVALID_INPUT");
  assert.doesNotMatch(text, /secret-word/);
});

Deno.test("nobody but a server tells of failures: the RPC is shut to clients", async () => {
  const response = await fetch(`${API_URL}/rest/v1/rpc/log_failed_login`, {
    method: "POST",
    headers: {
      apikey: PUBLISHABLE_KEY,
      "Content-Type": "application/json",
      "Content-Profile": "ops",
    },
    body: JSON.stringify({ email_param: "victim@contract.example.com" }),
  });
  await response.body?.cancel();
  assert.equal(response.status, 401);
});

// last, because it uses up what this address may send
Deno.test("a burst is stopped, and each event of it raised once", async () => {
  await using stage = new Stage();
  const email = `${crypto.randomUUID()}@contract.example.com`;
  // enough for an attack to be seen, and few at once: a limit that answers late lets through
  await stage.sql`
    select ops.set_setting('audit.sign_in_burst', '14'),
      ops.set_setting('audit.sign_in_per_minute', '1')`;
  let responses: Response[];
  try {
    responses = await Promise.all(
      Array.from({ length: 20 }, () => signIn({ email, password: "wrong" })),
    );
  } finally {
    await stage.sql`
      update ops.settings
      set value = default_value
      where key in ('audit.sign_in_burst', 'audit.sign_in_per_minute')`;
  }
  for (const response of responses) await response.body?.cancel();
  const statuses = responses.map(({ status }) => status);
  assert.deepEqual([...new Set(statuses)].sort(), [401, 429]);
  assert.equal(
    (await attempts(stage, email)).length,
    statuses.filter((status) => status === 401).length,
    "what the limit refused never reached Auth",
  );
  const refused = responses.find(({ status }) => status === 429);
  assert.ok(Number(refused?.headers.get("retry-after")) >= 1);

  const events = await stage.sql`
    select event_type, severity, count(*)::int as count
    from audit.security_events
    where subject = audit.account_hash(${email})
    group by event_type, severity
    order by event_type`;
  assert.deepEqual([...events], [
    { event_type: "account_brute_force_detected", severity: "critical", count: 1 },
    { event_type: "failed_login", severity: "warning", count: 1 },
  ]);
});

// after the burst, whose bucket it goes on with
Deno.test("a flood of guesses takes no more than its bucket to Auth", async () => {
  await using stage = new Stage();
  const email = `${crypto.randomUUID()}@contract.example.com`;
  await stage.sql`
    select ops.set_setting('audit.sign_in_burst', '20'),
      ops.set_setting('audit.sign_in_per_minute', '1')`;
  const began = performance.now();
  const statuses: number[] = [];
  try {
    const guess = async () => {
      for (let turn = 0; turn < 4; turn++) {
        const response = await signIn({ email, password: "wrong" });
        await response.body?.cancel();
        statuses.push(response.status);
      }
    };
    await Promise.all(Array.from({ length: 60 }, guess));
  } finally {
    await stage.sql`
      update ops.settings
      set value = default_value
      where key in ('audit.sign_in_burst', 'audit.sign_in_per_minute')`;
  }
  const minutes = (performance.now() - began) / 60_000;
  const reached = (await attempts(stage, email)).length;
  assert.equal(statuses.length, 240);
  assert.deepEqual(statuses.filter((status) => ![401, 429, 503].includes(status)), []);
  assert.ok(reached <= 20 + Math.ceil(minutes), `${reached} guesses reached Auth`);
});
