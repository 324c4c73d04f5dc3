/** The seed in a database of its own, pushed by the real CLI, behind the real API. */

import { createClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import postgres from "postgres";
import { startThrowAwayStack } from "../stack/throwaway.ts";
import { makeSeed } from "./model.ts";
import { render } from "./render.ts";

const seed = makeSeed();
const sql = render(seed);

type Connection = postgres.Sql;

async function connected<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** Runs the seed as a client without transactions of its own would; returns the error, if any. */
async function runSeed(url: string): Promise<postgres.PostgresError | undefined> {
  return await connected(url, async (connection) => {
    try {
      await connection.unsafe(sql).simple();
    } catch (error) {
      if (error instanceof postgres.PostgresError) return error;
      throw error;
    }
  });
}

/** A checksum of every table that the seed, or a trigger after it, writes to. */
async function checksums(connection: Connection): Promise<Map<string, string>> {
  const tables = await connection<{ name: string }[]>`
    select pg_class.oid::regclass::text as name
    from pg_class
    where pg_class.relkind = 'r'
      and pg_class.relnamespace = any (
        array['auth', 'private', 'directory', 'directory_internal']::regnamespace[]
      )
    order by 1`;
  const sums = new Map<string, string>();
  for (const { name } of tables) {
    const [{ sum }] = await connection.unsafe(
      `select md5(string_agg(entry::text, ' ' order by entry::text)) as sum from ${name} as entry`,
    );
    sums.set(name, sum);
  }
  return sums;
}

Deno.test("the seed in a database", async (test) => {
  await using stack = await startThrowAwayStack({ services: ["api"] });

  const client = () =>
    createClient(stack.apiUrl, stack.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
  const signedIn = async (email: string) => {
    const api = client();
    const { data, error } = await api.auth.signInWithPassword({ email, password: "password123" });
    assert.equal(error, null, email);
    return { api, user: data.user! };
  };
  const seenDrafts = async (email: string) => {
    const { api } = await signedIn(email);
    const { data, error } = await api.schema("directory").from("businesses").select("id")
      .eq("status", "draft");
    assert.equal(error, null);
    return data!.length;
  };

  await test.step("db push --include-seed loads all of it", async () => {
    await connected(stack.dbUrl, async (connection) => {
      const [row] = await connection`
        select
          (select count(*)::int from auth.users) as users,
          (select count(*)::int from auth.identities) as identities,
          (select count(*)::int from directory.categories) as categories,
          (select count(*)::int from directory.businesses) as businesses,
          (select count(*)::int from directory.business_reviews) as reviews,
          (select count(*)::int from directory.business_review_responses) as responses,
          (select count(*)::int from directory.listings) as listings,
          (select sum(review_count)::int from directory.business_stats) as counted,
          (
            select bool_and(
              business_count = (
                select count(*) from directory.listings where category_ids @> array[categories.id]
              )
            )
            from directory.categories
          ) as placed,
          (select count(*)::int from directory.service_areas) as areas`;
      const counted = seed.reviews.filter((review) =>
        review.status === "published" && review.deletedAt === undefined
      );
      assert.deepEqual({ ...row }, {
        users: seed.people.all.length,
        identities: seed.people.all.length,
        categories: seed.categories.length,
        businesses: 1200,
        reviews: 6000,
        responses: seed.responses.length,
        listings: 1140,
        counted: counted.length,
        placed: true,
        areas: seed.businesses.flatMap(({ serviceAreas }) => serviceAreas).length,
      });
    });
  });

  await test.step("Postgres knows every time zone, and points lie at their numbers", async () => {
    await connected(stack.dbUrl, async (connection) => {
      const wrong = await connection`
        select name
        from directory.businesses
        where time_zone not in (select pg_timezone_names.name from pg_timezone_names)
          or extensions.st_x(location::extensions.geometry) <> longitude`;
      assert.equal(wrong.length, 0);
    });
  });

  await test.step("the tree has its levels and paths", async () => {
    await connected(stack.dbUrl, async (connection) => {
      const levels = await connection`
        select level, count(*)::int as categories
        from directory.categories
        group by level
        order by level`;
      assert.equal(levels.length, 3);
      assert.equal(levels[0].categories, 10);
      const [tacos] = await connection`
        select path from directory.category_tree where slug = 'taquerias'`;
      assert.deepEqual(tacos.path, ["Restaurants", "Mexican", "Taquerías"]);
    });
  });

  await test.step("each named user signs in, and only with the password", async () => {
    const { user } = await signedIn("test1@example.com");
    assert.equal(user.user_metadata.display_name, "Test Player 1");
    for (const name of ["super-admin", "moderator", "analyst", "owner01", "test2", "reviewer400"]) {
      await signedIn(`${name}@example.com`);
    }
    const { error } = await client().auth.signInWithPassword({
      email: "admin@example.com",
      password: "password124",
    });
    assert.ok(error);
  });

  await test.step("the roles work, and an expired one does not", async () => {
    assert.equal(await seenDrafts("admin@example.com"), 20);
    assert.equal(await seenDrafts("expired-admin@example.com"), 0);
    assert.equal(await seenDrafts("test1@example.com"), 0);
  });

  await test.step("a second run changes nothing", async () => {
    // sign-ins of the step above are no part of the comparison: both sides come after them
    const before = await connected(stack.dbUrl, checksums);
    assert.equal(await runSeed(stack.dbUrl), undefined);
    assert.deepEqual(await connected(stack.dbUrl, checksums), before);
  });

  await test.step("a database that nothing marks as local is refused, with a hint", async () => {
    await connected(stack.superuserUrl, async (superuser) => {
      await superuser`alter role lite_server rename to lite_server_elsewhere`;
      try {
        const error = await runSeed(stack.dbUrl);
        assert.equal(error?.code, "55000");
        assert.match(error.message, /^The seed is for local databases/);
        assert.match(error.hint ?? "", /--include-seed/);
      } finally {
        await superuser`alter role lite_server_elsewhere rename to lite_server`;
      }
    });
  });

  await test.step("a session that says it is local is believed", async () => {
    await connected(stack.superuserUrl, async (superuser) => {
      await superuser`alter role lite_server rename to lite_server_elsewhere`;
      try {
        const url = `${stack.dbUrl}?plinth.environment=local`;
        assert.equal(await runSeed(url), undefined);
      } finally {
        await superuser`alter role lite_server_elsewhere rename to lite_server`;
      }
    });
  });

  await test.step("a database with users of its own is left alone", async () => {
    await connected(stack.superuserUrl, async (superuser) => {
      await superuser`delete from auth.users where true`;
      await superuser`
        insert into auth.users (id, email) values (gen_random_uuid(), 'someone@example.com')`;
    });
    const error = await runSeed(stack.dbUrl);
    assert.equal(error?.code, "55000");
    assert.match(error.message, /never run here, and the database has users \(1\)/);
    await connected(stack.dbUrl, async (connection) => {
      const [{ users }] = await connection`select count(*)::int as users from auth.users`;
      assert.equal(users, 1);
    });
  });
});
