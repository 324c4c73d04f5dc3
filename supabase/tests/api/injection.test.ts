/** SQL in every text that a client can send: it is text, and nothing else happens. */

import assert from "node:assert/strict";
import { type Client, Stage, visitor } from "./support.ts";

const SQL = [
  "'; drop table directory.businesses; --",
  "') or true; delete from directory.business_reviews where true; --",
  "' union select password from auth.users --",
  '"; drop schema directory cascade; --',
  "$$; drop table directory.listings; $$",
  "%' or '1'='1",
  "name; drop table directory.categories",
  "(select pg_sleep(5))",
  "\\'; select 1; --",
  "{}[]()<>:*&|!",
  "k#00000000-0000-0000-0000-000000000000",
];

/** Everything that an injection could have changed. */
async function state({ sql }: Stage) {
  const [row] = await sql`
    select
      (select count(*)::int from directory.businesses) as businesses,
      (select count(*)::int from directory.listings) as listings,
      (select count(*)::int from directory.business_reviews) as reviews,
      (select count(*)::int from directory.categories) as categories,
      (select count(*)::int from auth.users) as users,
      (select count(*)::int from pg_catalog.pg_class) as relations,
      (select count(*)::int from pg_catalog.pg_proc) as functions`;
  return { ...row };
}

/** Every way to send a text. Each either works or is refused; none may fail on this side. */
const ways = (client: Client, text: string, business: string) => ({
  "search_query": () => client.rpc("search_businesses", { search_query: text }),
  "category_filter": () =>
    client.rpc("search_businesses", { search_query: "a", category_filter: text }),
  "sort_by": () => client.rpc("api_get_businesses", { sort_by: text }),
  "sort_order": () => client.rpc("api_get_businesses", { sort_order: text }),
  "category": () => client.rpc("api_get_businesses", { filters: { category: text } }),
  "city": () => client.rpc("api_get_businesses", { filters: { city: text } }),
  "state": () => client.rpc("api_get_businesses", { filters: { state: text } }),
  "a filter's name": () => client.rpc("api_get_businesses", { filters: { [text]: text } }),
  "count_method": () => client.rpc("api_get_businesses", { count_method: text }),
  "cursor": () => client.rpc("list_businesses", { cursor: text }),
  "new_status": () =>
    client.rpc("set_business_status", { business_id: business, new_status: text }),
  "decision": () => client.rpc("moderate_review", { review_id: business, decision: text }),
  "a key of changes": () =>
    client.rpc("admin_update_business", { business_id: business, changes: { [text]: text } }),
  "a value of changes": () =>
    client.rpc("admin_update_business", {
      business_id: business,
      changes: { verification_status: text },
    }),
  "a comparison": () => client.from("listings").select("slug").eq("name", text),
  "a pattern": () => client.from("listings").select("slug").ilike("name", `%${text}%`),
  "an order": () => client.from("listings").select("slug").order(text),
  "a list of columns": () => client.from("listings").select(text as "slug"),
});

Deno.test("SQL in a text changes nothing, whoever sends it", async (test) => {
  await using stage = new Stage();
  const business = await stage.business();
  const administrator = await stage.signUp("admin");
  const before = await state(stage);

  for (
    const [who, client] of [["a visitor", visitor()], ["an admin", administrator.client]] as const
  ) {
    for (
      const way of Object.keys(ways(client, "", business)) as (keyof ReturnType<typeof ways>)[]
    ) {
      await test.step(`${way}, sent by ${who}`, async () => {
        for (const text of SQL) {
          const began = performance.now();
          const { status, error } = await ways(client, text, business)[way]();
          // SUP is the local API's own parser of `select`; PostgREST says PGRST100, and 400
          const refused = status < 500 || (way === "a list of columns" && error?.code === "SUP");
          assert.ok(refused, `${text}: ${status} ${JSON.stringify(error)}`);
          assert.ok(performance.now() - began < 4_000, `${text} was slow: was it run?`);
        }
      });
    }
  }
  assert.deepEqual(await state(stage), before);
});

Deno.test("SQL in what is stored comes back as it was sent", async () => {
  await using stage = new Stage();
  const { client, id } = await stage.signUp();
  const business = await stage.business();
  for (const text of SQL) {
    const written = await client.from("business_reviews")
      .insert({ business_id: business, reviewer_id: id, rating: 3, title: text, content: text })
      .select("id, title, content")
      .single();
    assert.equal(written.error, null);
    assert.deepEqual([written.data?.title, written.data?.content], [text, text]);
    await stage.sql`delete from directory.business_reviews where id = ${written.data?.id ?? null}`;
  }
});
