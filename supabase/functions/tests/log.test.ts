/** Failures of functions in ops.system_logs, through the real API. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { endpoint } from "../_shared/endpoint.ts";
import { RequestError } from "../_shared/errors.ts";
import { API_URL, call, DATABASE_URL, PUBLISHABLE_KEY, type Reply, useApi } from "./environment.ts";

useApi();

interface Entry {
  level: string;
  message: string;
  details: Record<string, unknown>;
}

/** Calls a function whose handler throws `cause`, and gives its answer and what the log has of it. */
async function failing(cause: unknown): Promise<{ reply: Reply; entries: Entry[]; said: string }> {
  const name = `planted-${crypto.randomUUID()}`;
  const said: string[] = [];
  const original = console.error;
  console.error = (...parts) => said.push(parts.map(String).join(" "));
  const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  try {
    const reply = await call(
      endpoint(["GET"], () => Promise.reject(cause)),
      `/${name}/part?private=secret`,
      { headers: { apikey: PUBLISHABLE_KEY } },
    );
    const source = `functions/${name}`;
    const entries = await sql<Entry[]>`
      select level, message, details from ops.system_logs where source = ${source}`;
    await sql`delete from ops.system_logs where source = ${source}`;
    return { reply, entries: [...entries], said: said.join("\n") };
  } finally {
    console.error = original;
    await sql.end();
  }
}

Deno.test("a defect is in the log of the database, with the caller's reference", async () => {
  const { reply, entries } = await failing(new TypeError("planted"));
  assert.equal(reply.status, 500);
  const { details: { reference } } = reply.body as { details: { reference: string } };
  assert.equal(entries.length, 1);
  const [{ level, message, details: { path, stack, ...details } }] = entries;
  assert.equal(level, "error");
  assert.equal(message, "planted");
  assert.deepEqual(details, { code: "INTERNAL", status: 500, method: "GET", reference });
  assert.match(String(path), /^\/planted-[0-9a-f-]+\/part$/, "the query is not kept");
  assert.match(String(stack), /TypeError: planted\n/);
});

Deno.test("an error of the API that no caller should meet is logged with its code", async () => {
  const { entries } = await failing({ code: "XX000", message: "planted" });
  assert.equal(entries[0]?.message, "XX000: planted");
});

Deno.test("a refusal is the caller's and not logged", async () => {
  const { reply, entries } = await failing(new RequestError(409, "PLANTED", "x"));
  assert.equal(reply.status, 409);
  assert.deepEqual(entries, []);
});

Deno.test("a log that cannot be reached leaves the answer as it is, and says so", async () => {
  // the gateway knows no such path, as when the API is away
  useApi(`${API_URL}/nowhere`);
  try {
    const { reply, entries, said } = await failing(new Error("planted"));
    assert.equal(reply.status, 500);
    assert.equal((reply.body as { code: string }).code, "INTERNAL");
    assert.deepEqual(entries, []);
    assert.match(said, /ops\.log did not take an entry/);
  } finally {
    useApi();
  }
});
