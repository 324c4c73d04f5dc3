/** First steps with Plinth. Run it by `npm run example`, while `npm start` is up. */

import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";

const url = Deno.env.get("PLINTH_API_URL") ?? "";
const key = Deno.env.get("PLINTH_PUBLISHABLE_KEY") ?? "";
const client = createClient<Database>(url, key, { auth: { persistSession: false } });
const directory = client.schema("directory");

// 1. A new user. From here on each request runs as that user, under row level security.
const email = `first-steps-${Date.now()}@example.com`;
const { error: refusal } = await client.auth.signUp({ email, password: "correct horse battery" });
if (refusal) throw refusal;
console.log(`Signed up as ${email}.`);

// 2. Search near a place. A misspelt word is corrected, and the answer says so.
const { data: found } = await directory.rpc("search_businesses", {
  search_query: "cofee",
  longitude: -122.6784,
  latitude: 45.5152,
  radius_meters: 15000,
  result_limit: 3,
}).throwOnError();
if (found.length === 0) throw new Error("Nothing was found; is the seed in this database?");
const [{ from, to }] = found[0].corrections as { from: string; to: string }[];
console.log(`Searched for "${from}" near Portland, Oregon, which was read as "${to}":`);
for (const { name, distance_meters, avg_rating, review_count } of found) {
  const rating = review_count > 0 ? `${avg_rating} stars` : "not rated yet";
  console.log(`  ${name}, ${(distance_meters / 1000).toFixed(1)} km away, ${rating}`);
}

// 3. Write a review. It waits for a moderator; until then only its author sees it.
const { id: business_id, name } = found[0];
const { data: review } = await directory.from("business_reviews")
  .insert({ business_id, rating: 5, content: "Good coffee, and nobody hurried me." })
  .select("rating, status")
  .single()
  .throwOnError();
console.log(`Wrote a review of ${name} with ${review.rating} stars; it is ${review.status}.`);

// 4. Try to write one in the name of somebody else.
const { data: victim } = await directory.from("business_reviews")
  .select("reviewer_id")
  .eq("status", "published")
  .limit(1)
  .single()
  .throwOnError();
const { status, error: forgery } = await directory.from("business_reviews")
  .insert({ ...victim, business_id, rating: 1, content: "Never go there." });
if (!forgery) throw new Error("A forged review was accepted.");
console.log(`A review in the name of somebody else was refused: ${status} ${forgery.code},`);
console.log(`  ${forgery.message}`);
