/** Places and lists as a frontend has them: areas, the map, pages by key, saves, the sitemap. */

import assert from "node:assert/strict";
import { assertDone, assertRefused, type Client, Stage, visitor } from "./support.ts";

const AMERICA: number[] = [-170, 15, -50, 72];
/** A place in the South Atlantic where no seeded business is. */
const NOWHERE = { longitude: -20.5, latitude: -30.5 };
const AROUND_NOWHERE = {
  type: "Polygon",
  coordinates: [[[-21, -31], [-20, -31], [-20, -30], [-21, -30], [-21, -31]]],
};

interface Listed {
  id: string;
  slug: string;
  name: string;
  savedAt?: string;
}

interface Page {
  businesses: unknown;
  next_cursor: string | null;
}

interface Collection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    geometry: { type: string; coordinates: number[] };
    properties: Record<string, unknown>;
  }[];
}

/** All items of a list, page by page. */
async function walk(read: (cursor: string | undefined) => PromiseLike<Page>): Promise<Listed[]> {
  const found: Listed[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    found.push(...page.businesses as Listed[]);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const saved = async (client: Client) =>
  await walk(async (cursor) =>
    assertDone(await client.rpc("list_saved_businesses", { cursor, page_size: 2 }))[0]
  );

Deno.test("an owner draws an area, a visitor sees it and who serves the place", async () => {
  await using stage = new Stage();
  const owner = await stage.signUp();
  const stranger = await stage.signUp();
  const [{ id }] = await stage.sql<{ id: string }[]>`
    insert into directory.businesses (name, city, state, primary_category_id, owner_id, status)
    select 'Draws an area', 'Nowhere', 'TX', categories.id, ${owner.id}, 'active'
    from directory.categories
    where slug = 'restaurants'
    returning id`;
  const area = {
    business_uuid: id,
    area: AROUND_NOWHERE,
    area_name: "Island",
    delivery_fee: 4.5,
    minimum_order: 20,
    estimated_time_minutes: 40,
  };

  assertRefused(await stranger.client.rpc("save_service_area", area), {
    status: 403,
    code: "42501",
  });
  assertRefused(
    await owner.client.rpc("save_service_area", {
      ...area,
      area: { type: "Point", coordinates: [1, 2] },
    }),
    { status: 400, code: "PL199" },
  );
  const area_id = assertDone(await owner.client.rpc("save_service_area", area));
  assert.equal(
    assertDone(
      await owner.client.rpc("save_service_area", { ...area, area_id, delivery_fee: 3 }),
    ),
    area_id,
  );

  const drawn = assertDone(
    await visitor().rpc("service_areas_geojson", { business_uuid: id }),
  ) as unknown as Collection;
  assert.equal(drawn.type, "FeatureCollection");
  assert.deepEqual(drawn.features.map(({ properties }) => properties), [
    { area_name: "Island", delivery_fee: 3, minimum_order: 20, estimated_time_minutes: 40 },
  ]);
  const serving = assertDone(await visitor().rpc("businesses_serving", NOWHERE));
  assert.deepEqual(
    serving.map((row) => [row.id, row.area_name, Number(row.delivery_fee)]),
    [[id, "Island", 3]],
  );
  assert.deepEqual(
    assertDone(await visitor().rpc("businesses_serving", { ...NOWHERE, longitude: 20 })),
    [],
  );
  assertRefused(await visitor().rpc("businesses_serving", { longitude: 1, latitude: 91 }), {
    status: 400,
    code: "PL104",
  });
});

Deno.test("a map shows clusters from afar, businesses from near, and as GeoJSON the same", async () => {
  const { count } = await visitor().from("listings")
    .select("business_id", { count: "exact", head: true })
    .gte("longitude", AMERICA[0]).lte("longitude", AMERICA[2])
    .gte("latitude", AMERICA[1]).lte("latitude", AMERICA[3]);
  const view = { bbox: AMERICA, zoom: 4, limit_count: 100 };
  const clusters = assertDone(await visitor().rpc("businesses_in_view", view));
  assert.ok(clusters.length > 1 && clusters.length <= 100);
  assert.equal(clusters.reduce((sum, row) => sum + row.business_count, 0), count);

  const shown = assertDone(
    await visitor().rpc("businesses_in_view_geojson", view),
  ) as unknown as Collection;
  assert.equal(shown.type, "FeatureCollection");
  assert.deepEqual(
    shown.features.map(({ properties }) => properties.point_count ?? 1),
    clusters.map((row) => row.business_count),
  );
  assert.ok(shown.features.every(({ geometry }) => geometry.type === "Point"));

  const smallest = clusters.filter((row) => row.business_count > 1).at(-1);
  assert.ok(smallest);
  const inside = assertDone(
    await visitor().rpc("businesses_in_view", { bbox: smallest.bounds, zoom: 20 }),
  );
  assert.equal(inside.length, smallest.business_count);
  assert.ok(inside.every((row) => row.business_count === 1));

  assertRefused(await visitor().rpc("businesses_in_view", { bbox: [0, 1, 2], zoom: 4 }), {
    status: 400,
    code: "PL197",
  });
});

Deno.test("pages by key hold what pages by number hold", async () => {
  const list = { sort_by: "newest", sort_order: "desc", filters: { category: "restaurants" } };
  const byKey = await walk(async (cursor) =>
    assertDone(await visitor().rpc("list_businesses", { ...list, cursor, page_size: 30 }))[0]
  );
  const byNumber: Listed[] = [];
  for (let page_number = 1; byNumber.length < byKey.length; page_number++) {
    const [{ businesses }] = assertDone(
      await visitor().rpc("api_get_businesses", { ...list, page_number, page_size: 100 }),
    );
    byNumber.push(...businesses as unknown as Listed[]);
  }
  assert.ok(byKey.length > 30);
  assert.deepEqual(byKey, byNumber);

  const [{ next_cursor }] = assertDone(await visitor().rpc("list_businesses", list));
  const cursor = next_cursor ?? undefined;
  assertRefused(await visitor().rpc("list_businesses", { cursor }), {
    status: 400,
    code: "PL196",
  });
  assertRefused(await visitor().rpc("list_businesses", { ...list, cursor: "page-2" }), {
    status: 400,
    code: "PL195",
  });
});

Deno.test("a user saves businesses, as often as they like, for nobody else to see", async () => {
  await using stage = new Stage();
  const user = await stage.signUp();
  const other = await stage.signUp();
  const rows = assertDone(await visitor().from("listings").select("business_id").limit(3));
  const ids = rows.map(({ business_id }) => business_id);
  for (const business_uuid of ids) {
    assert.equal(assertDone(await user.client.rpc("save_business", { business_uuid })), true);
    assert.equal(assertDone(await user.client.rpc("save_business", { business_uuid })), false);
  }
  assert.deepEqual((await saved(user.client)).map(({ id }) => id), ids.toReversed());
  assert.ok((await saved(user.client)).every(({ savedAt }) => savedAt !== undefined));
  assert.deepEqual(await saved(other.client), []);
  assert.deepEqual(assertDone(await other.client.from("business_saves").select()), []);

  const business_uuid = ids[0];
  assert.equal(assertDone(await user.client.rpc("unsave_business", { business_uuid })), true);
  assert.equal(assertDone(await user.client.rpc("unsave_business", { business_uuid })), false);
  assert.deepEqual((await saved(user.client)).map(({ id }) => id), [ids[2], ids[1]]);
  assertRefused(
    await user.client.rpc("save_business", { business_uuid: crypto.randomUUID() }),
    { status: 404, code: "PT404" },
  );
  assertRefused(await visitor().rpc("save_business", { business_uuid }), {
    status: 401,
    code: "42501",
  });
});

Deno.test("related businesses are others, and share a category", async () => {
  const { business_id: business_uuid, category_ids } = assertDone(
    await visitor().from("listings").select("business_id, category_ids").limit(1).single(),
  );
  const related = assertDone(
    await visitor().rpc("related_businesses", { business_uuid, limit_count: 5 }),
  );
  assert.equal(related.length, 5);
  const kin = assertDone(
    await visitor().from("listings").select("business_id")
      .overlaps("category_ids", category_ids)
      .neq("business_id", business_uuid)
      .in("business_id", related.map(({ id }) => id)),
  );
  assert.equal(kin.length, 5);
});

Deno.test("the sitemap names every business once", async () => {
  const { count } = await visitor().from("listings")
    .select("business_id", { count: "exact", head: true });
  const entries = await walk(async (cursor) => {
    const [{ entries: businesses, next_cursor }] = assertDone(
      await visitor().rpc("sitemap_businesses", { cursor, page_size: 500 }),
    );
    return { businesses, next_cursor };
  });
  assert.equal(entries.length, count);
  assert.equal(new Set(entries.map(({ slug }) => slug)).size, count);
});
