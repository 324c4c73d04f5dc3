/**
 * Everything that the page asks of Plinth, one function a question. What the API refuses is thrown,
 * with a message and a hint for people and a code for programs.
 */

// To use a hosted project, put its URL and its publishable key here. The key is meant to be public:
// what a visitor may read and write is decided by row level security.
const PROJECT_URL = globalThis.PLINTH?.url;
const PUBLISHABLE_KEY = globalThis.PLINTH?.key;

let client;
/** Sign-up, sign-in and sign-out of supabase-js; there once connect() was called. */
export let auth;

/** Makes the client, of the one schema that this page reads and writes. */
export function connect() {
  if (!globalThis.supabase) throw new Error("supabase.js was not loaded; index.html names it.");
  if (!PROJECT_URL || !PUBLISHABLE_KEY) {
    throw new Error(
      "Set PROJECT_URL and PUBLISHABLE_KEY in api.js, or open this page by npm start.",
    );
  }
  client = globalThis.supabase.createClient(PROJECT_URL, PUBLISHABLE_KEY, {
    db: { schema: "directory" },
  });
  auth = client.auth;
}

/** Most rows that search_businesses and find_nearby_businesses are asked for. */
export const SEARCH_LIMIT = 50;
export const NEARBY_LIMIT = 100;
export const PAGE_SIZE = 20;
export const REVIEWS_SHOWN = 10;

/** The category tree from the top down, with exact counts of visible businesses. */
export async function categories() {
  const { data } = await client.from("category_tree")
    .select("id, parent_id, id_path, name, slug, color, business_count")
    .eq("show_in_directory", true)
    .order("level").order("sort_order").order("name")
    .throwOnError();
  return data;
}

/** Businesses that match the words, best first, and the words that were corrected. */
export async function search({ words, categoryId, place, radiusMeters, rating, signal }) {
  const { data: rows } = await client.rpc("search_businesses", {
    search_query: words,
    category_filter: categoryId ?? null,
    longitude: place?.longitude ?? null,
    latitude: place?.latitude ?? null,
    radius_meters: radiusMeters,
    minimum_rating: rating ?? null,
    result_limit: SEARCH_LIMIT,
  }).abortSignal(signal).throwOnError();
  return {
    entries: await asEntries(rows, signal),
    corrections: rows[0]?.corrections ?? [],
    isCut: rows.length === SEARCH_LIMIT,
  };
}

/** The nearest businesses, with the distance of each. */
export async function nearby({ place, radiusMeters, signal }) {
  const { data: rows } = await client.rpc("find_nearby_businesses", {
    longitude: place.longitude,
    latitude: place.latitude,
    radius_meters: radiusMeters,
    limit_count: NEARBY_LIMIT,
  }).abortSignal(signal).throwOnError();
  return { entries: await asEntries(rows, signal), isCut: rows.length === NEARBY_LIMIT };
}

/** One page of all businesses, sorted; of one category, from a rating on, or of all. */
export async function browse({ page, sort, category, rating, signal }) {
  const { data: [{ businesses, page_info }] } = await client.rpc("api_get_businesses", {
    page_number: page,
    page_size: PAGE_SIZE,
    sort_by: sort,
    sort_order: sort === "name" ? "asc" : "desc",
    filters: { category: category?.slug ?? null, minimum_rating: rating },
  }).abortSignal(signal).throwOnError();
  return {
    entries: await asEntries(businesses, signal),
    total: page_info.totalCount,
    pages: page_info.totalPages,
  };
}

const CARD_COLUMNS =
  "business_id, slug, name, short_description, category_id, category_ids, city, state, " +
  "subscription_tier, is_verified, featured_until, avg_rating, review_count";

/** Listings that this page has read, by business. */
const listings = new Map();

/**
 * What a card shows of each business, in the order of the rows. The RPCs give ids, order and
 * distances; badges and short descriptions are in directory.listings, read once for each business.
 */
async function asEntries(rows, signal) {
  const unknown = rows.map(({ id }) => id).filter((id) => !listings.has(id));
  if (unknown.length > 0) {
    const { data } = await client.from("listings").select(CARD_COLUMNS)
      .in("business_id", unknown).abortSignal(signal).throwOnError();
    for (const listing of data) listings.set(listing.business_id, listing);
  }
  return rows.filter(({ id }) => listings.has(id)).map((row) => ({
    ...listings.get(row.id),
    distance: row.distance_meters ?? null,
  }));
}

/** One business by its slug, as far as the public may read it, or null. */
export async function business(slug) {
  const { data } = await client.from("businesses")
    .select(
      "id, slug, name, description, short_description, primary_category_id, tags, phone, " +
        "website, address_line_1, address_line_2, city, state, zip_code, time_zone, " +
        "business_hours, year_established, verification_status, subscription_tier, " +
        "featured_until, business_stats(avg_rating, review_count)",
    )
    .eq("slug", slug)
    .maybeSingle()
    .throwOnError();
  return data;
}

/**
 * Reviews of a business, newest first, each with the answer of the business; and how many there are.
 * Row level security shows the published ones, and authors their own, which wait for moderation.
 */
export async function reviews(businessId, { from = 0, userId = null } = {}) {
  const visible = userId ? `status.eq.published,reviewer_id.eq.${userId}` : "status.eq.published";
  const { data: rows, count } = await client.from("business_reviews")
    .select(
      "id, reviewer_id, rating, title, content, status, created_at, " +
        "business_review_responses(content)",
      { count: "exact" },
    )
    .eq("business_id", businessId)
    .is("deleted_at", null)
    .or(visible)
    .order("created_at", { ascending: false })
    .order("id")
    .range(from, from + REVIEWS_SHOWN - 1)
    .throwOnError();
  return {
    total: count,
    // PostgREST embeds the one answer as an object, the local API as a list.
    reviews: rows.map(({ business_review_responses: answers, ...review }) => ({
      ...review,
      response: [answers].flat()[0]?.content ?? null,
    })),
  };
}

/** Writes a review in the name of the signed-in user. */
export async function writeReview({ businessId, rating, title, content }) {
  await client.from("business_reviews")
    .insert({ business_id: businessId, rating, title: title || null, content })
    .throwOnError();
}

/** The signed-in user, or null; forgets a session that the project does not know any more. */
export async function currentUser() {
  const { data: { session } } = await auth.getSession();
  if (!session) return null;
  const { data, error } = await auth.getUser();
  if (!error) return data.user;
  await auth.signOut({ scope: "local" });
  return null;
}
