/** What a frontend reads: search, the neighbourhood, pages, the category tree, embedded rows. */

import assert from "node:assert/strict";
import { assertDone, visitor } from "./support.ts";

const DENVER = { longitude: -104.9903, latitude: 39.7392 };

interface Business {
  id: string;
  name: string;
  category: string;
  location: { city: string; state: string };
  rating: number;
  averageRating: number | null;
  reviewCount: number;
  premium: boolean;
}

interface PageInfo {
  currentPage: number;
  pageSize: number;
  totalPages: number;
  totalCount: number;
  hasNext: boolean;
  hasPrevious: boolean;
}

async function page(parameters: Record<string, unknown>) {
  const [row] = assertDone(await visitor().rpc("api_get_businesses", parameters));
  return {
    businesses: row.businesses as unknown as Business[],
    total: row.total_count,
    info: row.page_info as unknown as PageInfo,
  };
}

const sorted = <T>(rows: T[], by: (row: T) => number) =>
  rows.every((row, index) => index === 0 || by(rows[index - 1]) >= by(row));

Deno.test("search orders by rank and keeps to category, radius and least rating", async () => {
  const category = assertDone(
    await visitor().from("categories").select("id").eq("slug", "restaurants").single(),
  ).id;
  const rows = assertDone(
    await visitor().rpc("search_businesses", {
      search_query: "pizza",
      category_filter: category,
      ...DENVER,
      radius_meters: 30_000,
      minimum_rating: 3,
      result_limit: 20,
    }),
  );
  assert.ok(rows.length > 0 && rows.length <= 20);
  assert.ok(sorted(rows, (row) => row.rank));
  assert.ok(rows.every((row) => row.distance_meters <= 30_000 && row.avg_rating >= 3));
  const inCategory = assertDone(
    await visitor().from("listings").select("business_id").contains("category_ids", [category])
      .in("business_id", rows.map(({ id }) => id)),
  );
  assert.equal(inCategory.length, rows.length);
});

Deno.test("an unfinished word is completed, and a word that is nowhere finds nothing", async () => {
  const typing = assertDone(await visitor().rpc("search_businesses", { search_query: "plumb" }));
  assert.ok(typing.length > 0);
  assert.deepEqual(typing[0].corrections, []);
  const nothing = assertDone(
    await visitor().rpc("search_businesses", { search_query: "xqzwvkjh" }),
  );
  assert.deepEqual(nothing, []);
});

Deno.test("accents and case make no difference", async () => {
  const ids = async (search_query: string) =>
    assertDone(await visitor().rpc("search_businesses", { search_query })).map(({ id }) => id);
  assert.deepEqual(await ids("CAFÉ"), await ids("cafe"));
});

Deno.test("the neighbourhood comes nearest first, with distance and bearing", async () => {
  const rows = assertDone(
    await visitor().rpc("find_nearby_businesses", {
      ...DENVER,
      radius_meters: 20_000,
      limit_count: 25,
    }),
  );
  assert.ok(rows.length > 5);
  assert.ok(sorted(rows, (row) => -row.distance_meters));
  assert.ok(rows.every((row) => row.distance_meters <= 20_000));
  assert.ok(rows.every((row) => row.bearing_degrees >= 0 && row.bearing_degrees < 360));
  const north = rows.filter((row) => row.bearing_degrees < 80 || row.bearing_degrees > 280);
  assert.ok(north.every((row) => row.latitude_degrees > DENVER.latitude));
});

Deno.test("a geography is taken as text, as PostGIS writes it", async () => {
  const { longitude, latitude } = DENVER;
  const asNumbers = assertDone(await visitor().rpc("find_nearby_businesses", DENVER));
  const asGeography = assertDone(
    await visitor().rpc("find_nearby_businesses", {
      user_location: `SRID=4326;POINT(${longitude} ${latitude})`,
    }),
  );
  assert.deepEqual(asGeography, asNumbers);
});

Deno.test("a service area holds or it does not", async () => {
  const areas = await visitor().from("service_areas").select("business_id").limit(1).single();
  const business_uuid = assertDone(areas).business_id;
  const home = assertDone(
    await visitor().from("listings").select("longitude, latitude")
      .eq("business_id", business_uuid).single(),
  );
  const serves = (longitude: number | null, latitude: number | null) =>
    visitor().rpc("in_service_area", {
      business_uuid,
      longitude: Number(longitude),
      latitude: Number(latitude),
    });
  assert.equal(assertDone(await serves(home.longitude, home.latitude)), true);
  assert.equal(assertDone(await serves(2.35, 48.85)), false);
});

Deno.test("pages follow each other without gap or repetition", async () => {
  const first = await page({ page_size: 40 });
  const second = await page({ page_size: 40, page_number: 2 });
  assert.equal(first.businesses.length, 40);
  const ids = [...first.businesses, ...second.businesses].map(({ id }) => id);
  assert.equal(new Set(ids).size, 80);
  assert.deepEqual(first.info, {
    currentPage: 1,
    pageSize: 40,
    totalPages: Math.ceil(first.total / 40),
    totalCount: first.total,
    hasNext: true,
    hasPrevious: false,
  });
  const last = await page({ page_size: 40, page_number: first.info.totalPages });
  assert.equal(last.info.hasNext, false);
  assert.equal(last.businesses.length, first.total - 40 * (first.info.totalPages - 1));
  const past = await page({ page_size: 40, page_number: first.info.totalPages + 1 });
  assert.deepEqual(past.businesses, []);
});

Deno.test("a page is sorted by any of its keys, both ways", async () => {
  const keys: [string, (business: Business) => number][] = [
    ["rating", (business) => business.rating],
    ["average_rating", (business) => business.averageRating ?? 0],
    ["review_count", (business) => business.reviewCount],
  ];
  for (const [sort_by, value] of keys) {
    const down = await page({ sort_by, sort_order: "desc" });
    assert.ok(sorted(down.businesses, value), `${sort_by} desc`);
    const up = await page({ sort_by, sort_order: "asc" });
    assert.ok(sorted(up.businesses, (business) => -value(business)), `${sort_by} asc`);
  }
  const byName = (await page({ sort_by: "name" })).businesses.map(({ name }) => name.toLowerCase());
  assert.deepEqual(byName, byName.toSorted((a, b) => a < b ? -1 : 1));
});

Deno.test("filters narrow a page, and its total with it", async () => {
  const all = await page({});
  const filters = { category: "restaurants", city: "denver", state: "co", minimum_rating: 3 };
  const some = await page({ filters, page_size: 100 });
  assert.ok(some.total > 0 && some.total < all.total);
  assert.equal(some.businesses.length, some.total);
  assert.ok(some.businesses.every(({ location }) => location.city === "Denver"));
  assert.ok(some.businesses.every(({ averageRating }) => Number(averageRating) >= 3));
});

Deno.test("the category tree knows its paths, and counts each business in all of its categories", async () => {
  const tree = assertDone(
    await visitor().from("category_tree")
      .select("id, parent_id, level, path, id_path, children_count, business_count"),
  );
  assert.ok(tree.filter(({ level }) => level === 0).length >= 5);
  for (const category of tree) {
    assert.equal(category.path?.length, Number(category.level) + 1);
    assert.equal(category.id_path?.at(-1), category.id);
    const children = tree.filter(({ parent_id }) => parent_id === category.id);
    assert.equal(category.children_count, children.length);
    for (const child of children) {
      assert.ok(Number(category.business_count) >= Number(child.business_count));
    }
  }
  for (const { id, business_count } of tree.filter(({ level }) => level === 0)) {
    const { count } = await visitor().from("listings")
      .select("business_id", { count: "exact", head: true })
      .contains("category_ids", [id]);
    assert.equal(business_count, count);
  }
});

Deno.test("a business comes with its category, figures and reviews in one request", async () => {
  const rows = assertDone(
    await visitor().from("businesses")
      .select(`
        id, name,
        category:categories!businesses_primary_category_id_fkey (name, slug),
        business_stats (review_count, avg_rating),
        business_reviews (rating, title, published_at)
      `)
      .gt("business_stats.review_count", 0)
      .order("published_at", { referencedTable: "business_reviews", ascending: false })
      .limit(2, { referencedTable: "business_reviews" })
      .limit(20),
  );
  assert.equal(rows.length, 20);
  const reviewed = rows.filter(({ business_reviews }) => business_reviews.length > 0);
  assert.ok(reviewed.length > 0);
  for (const business of reviewed) {
    assert.ok(business.category?.name);
    assert.ok(Number(business.business_stats?.review_count) >= business.business_reviews.length);
    assert.ok(business.business_reviews.length <= 2);
  }
});

Deno.test("a list is never longer than the API's cap, whatever is asked for", async () => {
  const rows = assertDone(await visitor().from("listings").select("business_id").limit(100_000));
  assert.equal(rows.length, 200);
});
