/** The script that the README shows does what it prints. */

import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { requiredEnvironment } from "../../../scripts/stack/environment.ts";
import { ROOT } from "../../../scripts/stack/paths.ts";
import { mustRun } from "../../../scripts/stack/run_tool.ts";

const environment = requiredEnvironment(
  "PLINTH_API_URL",
  "PLINTH_PUBLISHABLE_KEY",
  "PLINTH_SECRET_KEY",
);

const clientWith = (key: string) =>
  createClient(environment.PLINTH_API_URL, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    db: { schema: "directory" },
  });

Deno.test("npm run example: each fact that it prints is true", async (test) => {
  const stranger = clientWith(environment.PLINTH_PUBLISHABLE_KEY);
  const author = clientWith(environment.PLINTH_PUBLISHABLE_KEY);
  const operator = clientWith(environment.PLINTH_SECRET_KEY);

  const printed = await mustRun("npm run example", ["bash", "scripts/run", "example"], {
    cwd: ROOT,
    env: environment,
  });
  const match = (pattern: RegExp): string[] => {
    const found = printed.match(pattern);
    assert(found, `${pattern} is not in:\n${printed}`);
    return found.slice(1);
  };

  await test.step("the user has signed up", async () => {
    const [email] = match(/^Signed up as (\S+)\.$/m);
    const { error } = await author.auth.signInWithPassword({
      email,
      password: "correct horse battery",
    });
    assert.equal(error, null);
  });

  await test.step("the misspelt word was corrected, and the businesses are near the place", async () => {
    assert.deepEqual(
      match(/^Searched for "(\w+)" near Portland, Oregon, which was read as "(\w+)":$/m),
      ["cofee", "coffee"],
    );
    const { data } = await stranger.rpc("search_businesses", {
      search_query: "coffee",
      longitude: -122.6784,
      latitude: 45.5152,
      radius_meters: 15000,
      result_limit: 3,
    }).throwOnError();
    const expected = data.map((
      { name, distance_meters }: { name: string; distance_meters: number },
    ) => `${name}, ${(distance_meters / 1000).toFixed(1)} km away`);
    const listed = [...printed.matchAll(/^ {2}(.+, [\d.]+ km away), /gm)].map(([, line]) => line);
    assert.deepEqual(listed, expected);
  });

  await test.step("the README shows what it prints", async () => {
    const readme = await Deno.readTextFile(`${ROOT}/README.md`);
    const shown = readme.match(/```text\n(Signed up as .*?)```/s)?.[1] ?? "";
    // addresses are new each time, and ratings change when others write reviews
    const lasting = (text: string) =>
      text.replace(/first-steps-\d+/, "").replace(/(?<= km away), .*/g, "");
    assert.equal(lasting(shown), lasting(printed));
  });

  const [business, stars, status] = match(
    /^Wrote a review of (.+) with (\d) stars; it is (\w+)\.$/m,
  );

  await test.step("the review is there for its author, and for nobody else yet", async () => {
    const { data: { user } } = await author.auth.getUser();
    const mine = (client: typeof stranger) =>
      client.from("business_reviews").select("rating, status, businesses(name)")
        .eq("reviewer_id", user!.id).throwOnError();
    assert.deepEqual((await mine(author)).data, [
      { rating: Number(stars), status, businesses: { name: business } },
    ]);
    assert.equal(status, "pending");
    assert.deepEqual((await mine(stranger)).data, []);
  });

  await test.step("row level security refused the forged review, and nothing of it is stored", async () => {
    assert.deepEqual(
      match(/^A review in the name of somebody else was refused: (\d+) (\w+),\n {2}(.+)$/m),
      ["403", "42501", 'new row violates row-level security policy for table "business_reviews"'],
    );
    const { data } = await operator.from("business_reviews").select("id")
      .eq("content", "Never go there.").throwOnError();
    assert.deepEqual(data, []);
  });
});
