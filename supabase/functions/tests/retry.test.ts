import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { type Answer, isTransient, retryIdempotent, type RetryPolicy } from "../_shared/retry.ts";
import { DATABASE_URL, PUBLISHABLE_KEY } from "./environment.ts";

const QUICK: RetryPolicy = { attempts: 4, baseDelay: 4, longestDelay: 10 };

const failed = (code: string, status = 500): Answer => ({ error: { code }, status });
const good: Answer = { error: null, status: 200 };

/** A call that gives these answers one after the other, and counts. */
function script(...answers: Answer[]): { call: () => Promise<Answer>; calls: () => number } {
  let calls = 0;
  return {
    call: () => Promise.resolve(answers[Math.min(calls++, answers.length - 1)]),
    calls: () => calls,
  };
}

for (const code of ["40001", "40P01", "08006", "57P01", "PGRST000", "PGRST003"]) {
  Deno.test(`an answer with ${code} is asked for again`, async () => {
    const { call, calls } = script(failed(code), failed(code), good);
    assert.equal(await retryIdempotent(call, QUICK), good);
    assert.equal(calls(), 3);
  });
}

for (const code of ["PL104", "23505", "42501", "57014", "PGRST301", ""]) {
  Deno.test(`an answer with ${code || "no code"} is final`, async () => {
    const { call, calls } = script(failed(code), good);
    assert.deepEqual(await retryIdempotent(call, QUICK), failed(code));
    assert.equal(calls(), 1);
  });
}

Deno.test("after the last attempt the last answer is returned", async () => {
  const { call, calls } = script(failed("40001"));
  assert.deepEqual(await retryIdempotent(call, QUICK), failed("40001"));
  assert.equal(calls(), QUICK.attempts);
});

Deno.test("an aborted signal ends the repetitions", async () => {
  const abort = new AbortController();
  const { call, calls } = script(failed("40P01"));
  abort.abort();
  await retryIdempotent(call, { ...QUICK, signal: abort.signal });
  assert.equal(calls(), 1);
});

Deno.test("callers who fail together do not come back together", async () => {
  const policy: RetryPolicy = { attempts: 2, baseDelay: 200, longestDelay: 200 };
  const waits = await Promise.all(Array.from({ length: 20 }, async () => {
    const began = performance.now();
    await retryIdempotent(script(failed("40001"), good).call, policy);
    return performance.now() - began;
  }));
  assert.ok(Math.max(...waits) - Math.min(...waits) > 50, `waited ${waits}`);
});

Deno.test("an API that cannot be reached counts as a lost connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const client = createClient(`http://127.0.0.1:${port}`, PUBLISHABLE_KEY, {
    auth: { autoRefreshToken: false, persistSession: false },
  });
  const answer = await client.rpc("anything");
  assert.equal(answer.status, 0);
  assert.ok(isTransient(answer));
});

Deno.test("of two transactions in a deadlock both are done in the end", async () => {
  const connections = [1, 2].map(() => postgres(DATABASE_URL, { max: 1, onnotice: () => {} }));
  const bothHoldOne = Promise.withResolvers<void>();
  const seen: string[] = [];
  let holders = 0;

  /** Takes two locks in the given order and notes how it ended, as the API would report it. */
  const takeBoth = async (index: number, keys: number[]): Promise<Answer> => {
    try {
      await connections[index].begin(async (sql) => {
        await sql`select pg_advisory_xact_lock(6101, ${keys[0]})`;
        if (++holders === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await sql`select pg_advisory_xact_lock(6101, ${keys[1]})`;
      });
      return good;
    } catch (error) {
      if (!(error instanceof postgres.PostgresError)) throw error;
      seen.push(error.code);
      return failed(error.code);
    }
  };

  try {
    const answers = await Promise.all([
      retryIdempotent(() => takeBoth(0, [1, 2]), QUICK),
      retryIdempotent(() => takeBoth(1, [2, 1]), QUICK),
    ]);
    assert.deepEqual(answers, [good, good]);
    assert.deepEqual(seen, ["40P01"]);
  } finally {
    await Promise.all(connections.map((sql) => sql.end()));
  }
});
