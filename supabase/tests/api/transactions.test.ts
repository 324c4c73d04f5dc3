/** How the API runs a request: read-only where the function only reads, and never for ever. */

import assert from "node:assert/strict";
import { assertDone, assertRefused, Stage, visitor } from "./support.ts";

const PLACE = { longitude: 0, latitude: 0 };

Deno.test("the functions that read can be called by GET", async () => {
  const get = { get: true };
  const client = visitor();
  const business = assertDone(
    await client.from("listings").select("business_id").limit(1).single(),
  ).business_id;
  assertDone(await client.rpc("search_businesses", { search_query: "coffee" }, get));
  assertDone(await client.rpc("find_nearby_businesses", PLACE, get));
  assertDone(await client.rpc("api_get_businesses", { page_size: 1 }, get));
  const area = await client.rpc("in_service_area", { business_uuid: business, ...PLACE }, get);
  assert.equal(area.data, false);
});

Deno.test("a function that writes cannot be called by GET", async () => {
  await using stage = new Stage();
  const moderator = await stage.signUp("moderator");
  const business_id = await stage.business();
  assertRefused(
    await moderator.client.rpc(
      "set_business_status",
      { business_id, new_status: "suspended" },
      { get: true },
    ),
    { status: 405, code: "25006" },
  );
});

// The function keeps its name and volatility, so that no API has to learn of a new one; only what it
// answers is replaced, and put back.
Deno.test("a function that is declared to read runs read-only when it is called by POST", async () => {
  await using stage = new Stage();
  const [{ definition }] = await stage.sql<{ definition: string }[]>`
    select pg_get_functiondef('directory.in_service_area'::regproc) as definition`;
  const probe = definition.replace(
    /AS \$function\$[\s\S]*\$function\$/,
    "AS $function$ begin return current_setting('transaction_read_only')::boolean; end $function$",
  );
  assert.notEqual(probe, definition);
  try {
    await stage.sql.unsafe(probe);
    const answer = await visitor().rpc("in_service_area", {
      business_uuid: crypto.randomUUID(),
      ...PLACE,
    });
    assert.equal(answer.error, null);
    assert.equal(answer.data, true);
  } finally {
    await stage.sql.unsafe(definition);
  }
});

// A locked table keeps a reader waiting as long as one likes, without a function that sleeps.
Deno.test("a visitor's statement is cut after 3 seconds, a user's is not", async () => {
  await using stage = new Stage();
  const user = await stage.signUp();
  const read = (client: ReturnType<typeof visitor>) => client.from("service_areas").select("id");

  await stage.sql`begin`;
  await stage.sql`lock table directory.service_areas in access exclusive mode`;
  try {
    const began = performance.now();
    const patient = read(user.client).then((answer) => answer);
    const { error, status } = await read(visitor());
    const waited = performance.now() - began;
    assert.equal(error?.code, "57014", `${status} ${error?.message}`);
    // PostgREST's newer versions say that it was the database's gateway which gave up
    assert.ok([500, 504].includes(status), String(status));
    assert.ok(waited > 2_800 && waited < 5_000, `cut after ${waited} ms`);

    await stage.sql`rollback`;
    assert.ok(assertDone(await patient).length > 0);
  } finally {
    await stage.sql`rollback`;
  }
});
