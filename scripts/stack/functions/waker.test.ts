/** ops.wake() reaches a function of the local stack, also after the database was away. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { waitUntil } from "../processes.ts";
import { startThrowAwayStack } from "../throwaway.ts";
import { coalesced } from "./waker.ts";

Deno.test("the local stack calls a function that the database wakes, with the secret key", async (test) => {
  await using stack = await startThrowAwayStack({ services: ["functions", "api"] });
  /** How often the function has answered so: 401 is a wrong key, 400 is its own word on `{}`. */
  const answers = async (status: number) => {
    const log = await Deno.readTextFile(`${stack.logs}/functions.log`);
    return log.split(`woke search: ${status}`).length - 1;
  };
  const query = async (text: string) => {
    const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
    try {
      return await sql.unsafe(text);
    } finally {
      await sql.end();
    }
  };
  await query("select ops.define_queue('woken', 'A queue of a test.', wakes => 'search')");

  await test.step("by name", async () => {
    await query("select ops.wake('search')");
    assert.ok(await waitUntil(async () => await answers(400) === 1, 60_000));
  });

  await test.step("when the topic finds a message", async () => {
    await query("select ops.wake_consumers()");
    await query("select ops.enqueue('woken', '1')");
    await query("select ops.wake_consumers()");
    assert.ok(await waitUntil(async () => await answers(400) === 2, 60_000));
  });

  await test.step("after a restart of the database", async () => {
    await stack.cluster.stop();
    await stack.cluster.start();
    const listens = () =>
      query("select 1 from pg_stat_activity where query = 'listen ops_wake'")
        .then(({ length }) => length === 1);
    assert.ok(await waitUntil(listens, 60_000));
    await query("select ops.wake('search')");
    assert.ok(await waitUntil(async () => await answers(400) === 3, 60_000));
  });
});

Deno.test("wakes during a run are one more run after it, and names do not wait for each other", async () => {
  const runs: string[] = [];
  let release = () => {};
  const wake = coalesced((name) => {
    runs.push(name);
    return name === "slow" ? new Promise((resolve) => release = resolve) : Promise.resolve();
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

  for (let count = 0; count < 5; count++) wake("slow");
  wake("quick");
  assert.deepEqual(runs, ["slow", "quick"]);
  release();
  await settle();
  assert.deepEqual(runs, ["slow", "quick", "slow"]);
  release();
  await settle();
  assert.deepEqual(runs, ["slow", "quick", "slow"]);
  wake("slow");
  assert.deepEqual(runs, ["slow", "quick", "slow", "slow"]);
  release();
  await settle();
});
