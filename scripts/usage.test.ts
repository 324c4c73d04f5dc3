/** The calls that `npm start` prints work as they stand. */

import assert from "node:assert/strict";
import { requiredEnvironment } from "./stack/environment.ts";
import type { Addresses } from "./stack/local_stack.ts";
import { DENO, ROOT } from "./stack/paths.ts";
import { mustRun } from "./stack/run_tool.ts";
import { sampleCalls, usage } from "./stack/usage.ts";

const environment = requiredEnvironment(
  "PLINTH_API_URL",
  "PLINTH_FUNCTIONS_URL",
  "PLINTH_DB_URL",
  "PLINTH_PUBLISHABLE_KEY",
  "PLINTH_SECRET_KEY",
  "PLINTH_JWT_SECRET",
);
const addresses: Addresses = {
  api_url: environment.PLINTH_API_URL,
  functions_url: environment.PLINTH_FUNCTIONS_URL,
  db_url: environment.PLINTH_DB_URL,
  publishable_key: environment.PLINTH_PUBLISHABLE_KEY,
  secret_key: environment.PLINTH_SECRET_KEY,
  jwt_secret: environment.PLINTH_JWT_SECRET,
  ports: { api: 0, database: 0, functions: 0, redis: 0 },
};
const calls = sampleCalls(addresses);

Deno.test("the printed call of the RPC finds businesses", async () => {
  const found = JSON.parse(await mustRun("curl", ["bash", "-c", `${calls.rpc} -s`]));
  assert.ok(found.length > 0);
  assert.ok(
    found.every(({ distance_meters }: { distance_meters: number }) => distance_meters >= 0),
  );
});

Deno.test("the printed call of the function finds businesses", async () => {
  const { results } = JSON.parse(await mustRun("curl", ["bash", "-c", `${calls.edge} -s`]));
  assert.ok(results.length > 0);
});

Deno.test("the printed lines for supabase-js find businesses", async () => {
  const output = await mustRun("deno", [DENO, "run", "-A", "--ext=ts", "-"], {
    cwd: ROOT,
    input: calls.client.replace("console.log(error ?? data)", "console.log(JSON.stringify(data))"),
  });
  assert.ok(JSON.parse(output).length > 0);
});

Deno.test("what npm start prints holds all addresses, keys and calls", () => {
  const text = usage(addresses);
  const { ports: _, ...texts } = addresses;
  for (const value of [...Object.values(texts), ...Object.values(calls)]) {
    assert.ok(text.includes(value), value);
  }
});
