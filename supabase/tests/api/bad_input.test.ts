/** Bad input gets a clear error: each case with its HTTP status, its code and its hint. */

import { assertRefused, type Client, Stage, visitor } from "./support.ts";

const RANGE = "Choose a value inside the range.";
const NOWHERE = "00000000-0000-0000-0000-000000000000";
const DENVER = { longitude: -104.9903, latitude: 39.7392 };

/** Calls a function with arguments that the types would not allow. */
const call = (client: Client, name: string, parameters: Record<string, unknown>) =>
  client.schema("directory").rpc(name as "search_businesses", parameters as never);

type Case = [
  name: string,
  parameters: Record<string, unknown>,
  expected: { status: number; code: string; hint: string | null },
];

const refused = (code: string, hint: string | null, status = 400) => ({ status, code, hint });

const FUNCTIONS: Record<string, Case[]> = {
  search_businesses: [
    ["an empty query", { search_query: "" }, refused("PL121", expectWord())],
    ["a query of blanks and signs", { search_query: " .,!? " }, refused("PL121", expectWord())],
    ["no query", { search_query: null }, refused("PL121", expectWord())],
    [
      "a query of 10,000 characters",
      { search_query: "coffee ".repeat(1_429).slice(0, 10_000) },
      refused("PL122", "Send the words that matter."),
    ],
    ["radius 0", { search_query: "a", radius_meters: 0 }, refused("PL104", RANGE)],
    ["a negative radius", { search_query: "a", radius_meters: -1 }, refused("PL104", RANGE)],
    [
      "a radius over the cap",
      { search_query: "a", radius_meters: 200_001 },
      refused("PL104", RANGE),
    ],
    ["limit 0", { search_query: "a", result_limit: 0 }, refused("PL104", RANGE)],
    ["a limit over 100", { search_query: "a", result_limit: 101 }, refused("PL104", RANGE)],
    ["6 stars", { search_query: "a", minimum_rating: 6 }, refused("PL104", RANGE)],
    [
      "latitude 91",
      { search_query: "a", longitude: 0, latitude: 91 },
      refused("PL104", RANGE),
    ],
    [
      "longitude -181",
      { search_query: "a", longitude: -181, latitude: 0 },
      refused("PL104", RANGE),
    ],
    [
      "latitude NaN",
      { search_query: "a", longitude: 0, latitude: "NaN" },
      refused("PL104", RANGE),
    ],
    [
      "longitude without latitude",
      { search_query: "a", longitude: 1 },
      refused("PL102", "Send both, or neither."),
    ],
    [
      "a location that is no point",
      { search_query: "a", location_filter: "LINESTRING(0 0, 1 1)" },
      refused("PL103", "Send longitude and latitude in degrees instead."),
    ],
    [
      "a category that is not there",
      { search_query: "a", category_filter: NOWHERE },
      refused("PL123", "Read category_tree for the categories."),
    ],
    // PostgreSQL refuses these before any function runs, and has no hint for them
    ["a malformed uuid", { search_query: "a", category_filter: "coffee" }, refused("22P02", null)],
    ["a text for a number", { search_query: "a", radius_meters: "far" }, refused("22P02", null)],
    [
      "a number that no integer holds",
      { search_query: "a", radius_meters: 3_000_000_000 },
      refused("22003", null),
    ],
  ],
  find_nearby_businesses: [
    ["no place", {}, refused("PL101", "Send longitude and latitude in degrees.")],
    ["half a place", { latitude: 1 }, refused("PL102", "Send both, or neither.")],
    ["latitude -91", { longitude: 0, latitude: -91 }, refused("PL104", RANGE)],
    ["radius 0", { ...DENVER, radius_meters: 0 }, refused("PL104", RANGE)],
    ["a radius over the cap", { ...DENVER, radius_meters: 200_001 }, refused("PL104", RANGE)],
    ["limit 0", { ...DENVER, limit_count: 0 }, refused("PL104", RANGE)],
    ["a limit over 100", { ...DENVER, limit_count: 101 }, refused("PL104", RANGE)],
    ["a limit of null", { ...DENVER, limit_count: null }, refused("PL104", RANGE)],
  ],
  in_service_area: [
    [
      "no place",
      { business_uuid: NOWHERE },
      refused("PL101", "Send longitude and latitude in degrees."),
    ],
    [
      "a business that is not there",
      { business_uuid: NOWHERE, ...DENVER },
      refused("PT404", "Check the id. The row may be gone, or not visible to you.", 404),
    ],
    ["a malformed uuid", { business_uuid: "x", ...DENVER }, refused("22P02", null)],
  ],
  api_get_businesses: [
    ["page size 0", { page_size: 0 }, refused("PL104", RANGE)],
    ["a page size over 100", { page_size: 101 }, refused("PL104", RANGE)],
    ["page 0", { page_number: 0 }, refused("PL104", RANGE)],
    ["a page past the cap", { page_number: 2_000_000_000 }, refused("PL104", RANGE)],
    ["an unknown sort key", { sort_by: "id" }, refused("PL131", expectSortKey())],
    ["an unknown sort order", { sort_order: "up" }, refused("PL132", "Use asc or desc.")],
    ["an unknown filter", { filters: { owner: "me" } }, refused("PL133", expectFilters())],
    ["a number for a city", { filters: { city: 5 } }, refused("PL133", expectFilters())],
    [
      "a text for a rating",
      { filters: { minimum_rating: "4" } },
      refused("PL133", expectFilters()),
    ],
    ["a list for the filters", { filters: ["city"] }, refused("PL133", expectFilters())],
    ["9 stars", { filters: { minimum_rating: 9 } }, refused("PL104", RANGE)],
    [
      "an unknown category",
      { filters: { category: "no-such-category" } },
      refused("PL123", "Read category_tree for the categories."),
    ],
  ],
};

function expectWord() {
  return "Send at least one letter or digit; to browse, call api_get_businesses.";
}
function expectSortKey() {
  return "Use name, rating, average_rating, review_count or newest.";
}
function expectFilters() {
  return "Send an object: category, city and state are texts, minimum_rating is a number.";
}

for (const [name, cases] of Object.entries(FUNCTIONS)) {
  for (const [what, parameters, expected] of cases) {
    Deno.test(`${name} refuses ${what}`, async () => {
      assertRefused(await call(visitor(), name, parameters), expected);
    });
  }
}

Deno.test("a function, a parameter, a table and a column that are not there are told apart", async () => {
  assertRefused(await call(visitor(), "no_such_function", {}), { status: 404, code: "PGRST202" });
  assertRefused(await call(visitor(), "search_businesses", { search_query: "a", color: "red" }), {
    status: 404,
    code: "PGRST202",
  });
  assertRefused(await visitor().from("no_such_table" as "listings").select(), {
    status: 404,
    code: "PGRST205",
  });
  assertRefused(await visitor().from("listings").select("no_such_column" as "slug"), {
    status: 400,
    code: "42703",
  });
  assertRefused(await visitor().from("listings").select("slug").eq("business_id", "coffee"), {
    status: 400,
    code: "22P02",
  });
});

Deno.test("what a moderator sends is checked too", async () => {
  await using stage = new Stage();
  const moderator = await stage.signUp("moderator");
  const administrator = await stage.signUp("admin");
  const business_id = await stage.business();
  const moderate = (parameters: Record<string, unknown>) =>
    call(moderator.client, "moderate_review", parameters);

  assertRefused(
    await moderate({ review_id: NOWHERE, decision: "praise" }),
    refused("PL143", "Use publish, reject or hide."),
  );
  assertRefused(
    await moderate({ review_id: NOWHERE, decision: "publish" }),
    refused("PT404", "Check the id. The row may be gone, or not visible to you.", 404),
  );
  assertRefused(
    await call(moderator.client, "set_business_status", { business_id, new_status: "draft" }),
    { status: 400, code: "PL141" },
  );
  assertRefused(
    await call(administrator.client, "admin_update_business", {
      business_id,
      changes: { name: "x" },
    }),
    refused("PL142", "The description of the function lists the keys."),
  );
  assertRefused(
    await call(administrator.client, "admin_update_business", {
      business_id,
      changes: { subscription_tier: "diamond" },
    }),
    { status: 400, code: "23514" },
  );
});

Deno.test("a review keeps to its rules", async () => {
  await using stage = new Stage();
  const { client, id: reviewer_id } = await stage.signUp();
  const good = { business_id: await stage.business(), reviewer_id, rating: 4, content: "Good." };
  const write = (row: Record<string, unknown>) =>
    client.from("business_reviews").insert({ ...good, ...row });

  const wrong: [row: Record<string, unknown>, status: number, code: string][] = [
    [{ rating: 0 }, 400, "23514"],
    [{ rating: 6 }, 400, "23514"],
    [{ rating: "five" }, 400, "22P02"],
    [{ content: "  " }, 400, "23514"],
    [{ content: "x".repeat(10_001) }, 400, "23514"],
    [{ content: null }, 400, "23502"],
    [{ visit_date: "yesterday-ish" }, 400, "22007"],
    [{ photos: {} }, 400, "23514"],
    [{ status: "published" }, 403, "42501"],
    [{ business_id: NOWHERE }, 403, "42501"],
  ];
  for (const [row, status, code] of wrong) assertRefused(await write(row), { status, code });

  const { count } = await client.from("business_reviews")
    .select("id", { count: "exact", head: true }).eq("reviewer_id", reviewer_id);
  if (count !== 0) throw new Error(`${count} wrong reviews were kept`);
});
