import assert from "node:assert/strict";
import { smoke } from "./smoke.ts";
import { requiredEnvironment } from "./stack/environment.ts";

const project = () => {
  const environment = requiredEnvironment(
    "PLINTH_API_URL",
    "PLINTH_PUBLISHABLE_KEY",
    "PLINTH_SECRET_KEY",
  );
  return {
    url: environment.PLINTH_API_URL,
    publishableKey: environment.PLINTH_PUBLISHABLE_KEY,
    secretKey: environment.PLINTH_SECRET_KEY,
  };
};

Deno.test("the smoke test of a deployment calls every exposed schema", async () => {
  assert.deepEqual(await smoke(project()), []);
});

Deno.test("the smoke test names a schema that refuses its caller", async () => {
  const { publishableKey, url } = project();
  const problems = await smoke({ url, publishableKey, secretKey: publishableKey });
  assert.equal(problems.length, 1);
  assert.match(problems[0], /^ops\.setting: 42501 /);
});
