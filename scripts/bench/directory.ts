/**
 * What the directory costs its callers at a size: reads and writes by 8 connections under the roles of
 * the API, each against a lookup by primary key through the same role in the same run; then searches
 * while 10,000 views a minute are reported and folded, against the same searches without.
 *
 * A figure of several kinds of reads or writes is that of the slowest kind.
 */

import { createHash } from "node:crypto";
import postgres from "postgres";
import { Failure } from "../stack/failure.ts";
import type { Findings, Measurement, MeasurementContext, Table } from "../measure/measurement.ts";

const WORKERS = 8;
const REVIEWS_EACH = 10;
/** Businesses of one owner. */
const OWNED = 10;
/** Businesses written, and derived rows made, in one statement. */
const CHUNK = 5_000;
/** Views a minute that the target names, with some more for what the clock takes. */
const VIEWS_PER_MINUTE = 10_500;
const REPORTERS = 2;
const SEARCHERS = 2;
/** Milliseconds between two runs of the fold; the executor's are a minute apart. */
const FOLD_EVERY = 10_000;
const ROUNDS = 2;

/** A user for each ten businesses, who owns them and reviews others. */
const USERS = `
  insert into auth.users (id)
  select md5('bench user ' || n)::uuid from generate_series(0, $1::int - 1) as n`;

/** Businesses n of $1 to $2: places around those of the seed, names out of common words. */
const BUSINESSES = `
  insert into directory.businesses (
    id, slug, name, description, short_description, primary_category_id, tags, phone, city, state,
    longitude, latitude, time_zone, owner_id, status, published_at, verification_status
  )
  select
    md5('bench business ' || n)::uuid,
    'bench-' || n,
    format('%s %s %s', first_words[1 + n % 20], second_words[1 + n / 20 % 20],
      third_words[1 + n / 400 % 10]),
    repeat(format('%s %s, open all week. ', second_words[1 + n % 20], third_words[1 + n % 10]), 8),
    'The place for ' || third_words[1 + n % 10],
    leaves.ids[1 + n % cardinality(leaves.ids)],
    array[third_words[1 + n % 10], second_words[1 + n % 20]],
    '512 555 0100',
    places.cities[1 + n % cardinality(places.cities)],
    places.states[1 + n % cardinality(places.cities)],
    places.longitudes[1 + n % cardinality(places.cities)] + hashint4(n) / 2147483648.0 / 5,
    places.latitudes[1 + n % cardinality(places.cities)] + hashint4(-n) / 2147483648.0 / 5,
    'America/Chicago',
    md5('bench user ' || n / ${OWNED})::uuid,
    'active', now(), (array['verified', 'pending'])[1 + n % 2]
  from generate_series($1::int, $2::int) as n
  cross join (
    select array_agg(id order by id) as ids from directory.categories where children_count = 0
  ) as leaves
  cross join (
    select
      array_agg(city order by state, city) as cities,
      array_agg(state order by state, city) as states,
      array_agg(longitude order by state, city) as longitudes,
      array_agg(latitude order by state, city) as latitudes
    from (
      select distinct on (state, city) state, city, longitude, latitude
      from directory.businesses
      where longitude is not null and slug not like 'bench-%'
      order by state, city, id
    ) as seeded
  ) as places
  cross join (
    select
      '{golden,silver,old,new,happy,royal,sunny,quiet,little,grand,corner,river,lake,hill,valley,
        north,south,blue,green,red}'::text[] as first_words,
      '{garden,kitchen,house,market,studio,workshop,station,harbor,bridge,mill,tower,forest,
        meadow,village,square,temple,castle,island,canyon,orchard}'::text[] as second_words,
      '{coffee,pizza,plumbing,dental,bakery,fitness,repair,books,flowers,yoga}'::text[]
        as third_words
  ) as words`;

/** Reviews of businesses $1 to $2, each by ten users; a tenth of them waits for a moderator. */
const REVIEWS = `
  insert into directory.business_reviews (
    business_id, reviewer_id, rating, content, status, published_at
  )
  select
    md5('bench business ' || n)::uuid,
    md5('bench user ' || (n / ${OWNED} + 1 + k * 7) % $3::int)::uuid,
    1 + (n + k * k) % 5,
    repeat('They did what they had said, and on time. ', 1 + k % 5),
    case when k = 0 then 'pending' else 'published' end,
    case when k > 0 then now() end
  from generate_series($1::int, $2::int) as n
  cross join generate_series(0, ${REVIEWS_EACH - 1}) as k`;

const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));

function quantile(values: number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)];
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The id of a business or user of the bench, as the SQL above makes it. */
function idOf(kind: "business" | "user", number: number): string {
  const hash = createHash("md5").update(`bench ${kind} ${number}`).digest("hex");
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A connection that stays in one role of the API. */
class Caller implements AsyncDisposable {
  private constructor(readonly sql: postgres.Sql) {}

  static async open(
    { stack }: MeasurementContext,
    role: "anon" | "authenticated",
  ): Promise<Caller> {
    const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
    await sql.unsafe(`set role ${role}`);
    return new Caller(sql);
  }

  /** Becomes the user of that number, for what follows. */
  async become(user: number): Promise<void> {
    const claims = JSON.stringify({ sub: idOf("user", user), role: "authenticated" });
    await this.sql`select set_config('request.jwt.claims', ${claims}, false)`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sql.end({ timeout: 1 });
  }
}

/** Loads the directory, as a migration from elsewhere would: rows first, then what follows from them. */
async function load(owner: postgres.Sql, rows: number, users: number, say: (text: string) => void) {
  say(`${rows} businesses and ${rows * REVIEWS_EACH} reviews`);
  await owner.unsafe(USERS, [users]);
  for (let first = 0; first < rows; first += CHUNK) {
    const last = Math.min(first + CHUNK, rows) - 1;
    await owner.begin(async (sql) => {
      // triggers, checks of foreign keys and the audit are for those who write while others read
      await sql`set local session_replication_role = replica`;
      await sql.unsafe(BUSINESSES, [first, last]);
      await sql.unsafe(REVIEWS, [first, last, users]);
    });
  }
  say("listings, documents and vocabulary");
  await owner`vacuum analyze directory.businesses, directory.business_reviews`;
  for (let first = 0; first < rows; first += CHUNK) {
    await owner`
      select directory_internal.refresh_listings(
        array(
          select md5('bench business ' || n)::uuid
          from generate_series(${first}::int, ${Math.min(first + CHUNK, rows) - 1}::int) as n
        )
      )`;
    await owner`select directory_internal.fold_category_counts()`;
  }
  await owner`vacuum analyze`;
}

/** One thing that a caller does, as a statement of its own. */
interface Act {
  name: string;
  kind: "key" | "read" | "write";
  /** Times that it is drawn, of the sum of all. */
  weight: number;
  run(sql: postgres.Sql, on: Subject): Promise<unknown>;
}

/** What an act is about. */
interface Subject {
  business: string;
  /** A business that belongs to the caller, where one is signed in. */
  own: string;
  place: Place;
}

interface Place {
  longitude: number;
  latitude: number;
}

const QUERIES = ["coffee", "golden garden", "pizza hous", "plumbng", "yoga studio", "dental lake"];

const search = (sql: postgres.Sql, { longitude, latitude }: Place) =>
  sql`
    select * from directory.search_businesses(
      search_query => ${pick(QUERIES)}, longitude => ${longitude}, latitude => ${latitude},
      radius_meters => 30000, result_limit => 20
    )`;

const ACTS: Act[] = [
  {
    name: "business by primary key",
    kind: "key",
    weight: 6,
    run: (sql, { business }) =>
      sql`
      select id, slug, name, description, city from directory.businesses where id = ${business}`,
  },
  { name: "search", kind: "read", weight: 3, run: (sql, { place }) => search(sql, place) },
  {
    name: "nearby",
    kind: "read",
    weight: 3,
    run: (sql, { place }) =>
      sql`
      select * from directory.find_nearby_businesses(
        longitude => ${place.longitude}, latitude => ${place.latitude}, radius_meters => 10000
      )`,
  },
  {
    name: "page of the list",
    kind: "read",
    weight: 2,
    run: (sql) =>
      sql`
      select * from directory.api_get_businesses(
        page_number => ${1 + Math.floor(Math.random() * 5)}, sort_by => 'rating',
        sort_order => 'desc'
      )`,
  },
  {
    name: "reviews of a business",
    kind: "read",
    weight: 3,
    run: (sql, { business }) =>
      sql`
      select id, rating, title, content, published_at
      from directory.business_reviews
      where business_id = ${business} and status = 'published' and deleted_at is null
      order by published_at desc, id
      limit 20`,
  },
  {
    name: "figures of a business",
    kind: "read",
    weight: 2,
    run: (sql, { business }) =>
      sql`
      select * from directory.business_stats where business_id = ${business}`,
  },
  {
    name: "report a view",
    kind: "write",
    weight: 2,
    run: (sql, { business }) =>
      sql`
      select directory.track_view(
        ${sql.json([{ business_id: business, referrer: "https://example.com/" }])},
        ${crypto.randomUUID()}
      )`,
  },
];

/** What takes a session: writes of owners and reviewers. */
const SIGNED_IN: Act[] = [
  {
    name: "edit one's business",
    kind: "write",
    weight: 1,
    run: async (sql, { own }) => {
      const edited = await sql`
        update directory.businesses
        set short_description = ${`Open since ${1900 + Math.floor(Math.random() * 100)}`}
        where id = ${own}
        returning id`;
      if (edited.count !== 1) throw new Failure("An owner could not edit a business.");
    },
  },
  {
    name: "write a review, or change it",
    kind: "write",
    weight: 1,
    run: async (sql, { business }) => {
      const changed = await sql`
        update directory.business_reviews
        set content = ${`Changed my mind ${Math.random()}`}
        where business_id = ${business} and reviewer_id = auth.uid()
        returning id`;
      if (changed.count > 0) return;
      await sql`
        insert into directory.business_reviews (business_id, rating, content)
        select id, 4, 'They did what they had said.'
        from directory.businesses
        where id = ${business} and owner_id <> auth.uid()`;
    },
  },
];

/** What the measured callers choose from. */
interface Ground {
  businesses: string[];
  places: Place[];
  /** Users that own businesses, ten each. */
  owners: number;
}

async function groundOf(owner: postgres.Sql, rows: number): Promise<Ground> {
  const found = await owner<{ id: string; longitude: number; latitude: number }[]>`
    select id, longitude, latitude
    from directory.businesses
    where slug like 'bench-%'
    order by md5(slug)
    limit 20000`;
  return {
    businesses: found.map(({ id }) => id),
    places: found.map(({ longitude, latitude }) => ({ longitude, latitude })),
    owners: Math.max(Math.floor(rows / OWNED), 1),
  };
}

/** Milliseconds of each act by its name and role. */
type Times = Map<string, { act: Act; role: string; times: number[] }>;

async function measureMix(context: MeasurementContext, ground: Ground, seconds: number) {
  context.say(`${WORKERS} connections read and write for ${seconds} s`);
  const found: Times = new Map();
  const work = async (number: number, until: number, counted: boolean) => {
    const role = number % 2 ? "anon" : "authenticated";
    await using caller = await Caller.open(context, role);
    const acts = role === "anon" ? ACTS : [...ACTS, ...SIGNED_IN];
    const drawn = acts.flatMap((act) => Array<Act>(act.weight).fill(act));
    let user = 0;
    for (let done = 0; performance.now() < until; done++) {
      if (done % 20 === 0) {
        user = Math.floor(Math.random() * ground.owners);
        if (role === "authenticated") await caller.become(user);
      }
      const act = pick(drawn);
      const subject = {
        business: pick(ground.businesses),
        own: idOf("business", user * OWNED + Math.floor(Math.random() * OWNED)),
        place: pick(ground.places),
      };
      const began = performance.now();
      await act.run(caller.sql, subject);
      const took = performance.now() - began;
      if (!counted) continue;
      const key = `${act.name} ${role}`;
      const entry = found.get(key) ?? { act, role, times: [] };
      entry.times.push(took);
      found.set(key, entry);
    }
  };
  const all = (length: number, counted: boolean) => {
    const until = performance.now() + length;
    return Promise.all(
      Array.from({ length: WORKERS }, (_, number) => work(number, until, counted)),
    );
  };
  await all(seconds * 200, false); // fills caches
  await all(seconds * 1000, true);

  const rows: Table["rows"] = [];
  const worst = { read: 0, write: 0, readRatio: 0, writeRatio: 0 };
  for (const { act, role, times } of found.values()) {
    const key = found.get(`${ACTS[0].name} ${role}`)!.times;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(times, share));
    const ratio = act.kind === "write" ? p99 / quantile(key, 0.99) : p95 / quantile(key, 0.95);
    rows.push([
      act.name,
      role,
      act.kind,
      times.length,
      rounded(p50),
      rounded(p95),
      rounded(p99),
      rounded(ratio),
    ]);
    if (act.kind === "read") {
      worst.read = Math.max(worst.read, p95);
      worst.readRatio = Math.max(worst.readRatio, ratio);
    } else if (act.kind === "write") {
      worst.write = Math.max(worst.write, p99);
      worst.writeRatio = Math.max(worst.writeRatio, ratio);
    }
  }
  rows.sort(([a, roleA], [b, roleB]) => `${a}${roleA}`.localeCompare(`${b}${roleB}`));
  return {
    table: {
      title: `Reads and writes by ${WORKERS} connections, in ms (ratio: p95 of a read, p99 of a ` +
        "write, to the lookup by key)",
      columns: ["what", "role", "kind", "times", "p50", "p95", "p99", "ratio"],
      rows,
    },
    figures: {
      read_p95_ms: rounded(worst.read),
      write_p99_ms: rounded(worst.write),
      read_p95_to_key: rounded(worst.readRatio),
      write_p99_to_key: rounded(worst.writeRatio),
    },
  };
}

/** Milliseconds of the searches of some callers for a while. */
async function searchFor(context: MeasurementContext, ground: Ground, seconds: number) {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: SEARCHERS }, async () => {
    await using caller = await Caller.open(context, "anon");
    while (performance.now() < until) {
      const began = performance.now();
      await search(caller.sql, pick(ground.places));
      times.push(performance.now() - began);
    }
  }));
  return times;
}

/** Reports views at their pace, one a call; returns how many were taken, and the seconds it took. */
async function reportViews(context: MeasurementContext, ground: Ground, seconds: number) {
  const began = performance.now();
  const total = Math.ceil(VIEWS_PER_MINUTE / 60 * seconds);
  let sent = 0;
  let taken = 0;
  await Promise.all(Array.from({ length: REPORTERS }, async () => {
    await using caller = await Caller.open(context, "anon");
    while (sent < total) {
      // where the clock says one should be by now; who is late sends at once
      const due = began + sent++ * 60_000 / VIEWS_PER_MINUTE;
      if (due > performance.now()) await pause(due - performance.now());
      const [{ count }] = await caller.sql`
        select directory.track_view(
          ${caller.sql.json([{ business_id: pick(ground.businesses), time_on_page: 9 }])},
          ${`visitor ${Math.floor(Math.random() * 5000)}`}
        ) as count`;
      taken += count;
    }
  }));
  return { taken, seconds: (performance.now() - began) / 1000 };
}

/** What the counters say, once nothing waits to be folded. */
async function countedViews(owner: postgres.Sql): Promise<number> {
  while (
    (await owner`select directory_internal.fold_business_events() as more`)[0].more
  );
  const [{ views }] =
    await owner`select sum(view_count)::int as views from directory.business_stats`;
  return views;
}

async function measureViews(
  context: MeasurementContext,
  owner: postgres.Sql,
  ground: Ground,
  seconds: number,
) {
  const quiet: number[] = [];
  const busy: number[] = [];
  let taken = 0;
  let elapsed = 0;
  const before = await countedViews(owner);
  for (let round = 0; round < ROUNDS; round++) {
    context.say(`searches, quiet and beside views, round ${round + 1} of ${ROUNDS}`);
    quiet.push(...await searchFor(context, ground, seconds));
    let reporting = true;
    const folds = (async () => {
      for (let waited = 0; reporting; waited += 100) {
        await pause(100);
        if (waited % FOLD_EVERY === 0) await countedViews(owner);
      }
    })();
    const [times, reported] = await Promise.all([
      searchFor(context, ground, seconds),
      reportViews(context, ground, seconds),
    ]);
    reporting = false;
    await folds;
    busy.push(...times);
    taken += reported.taken;
    elapsed += reported.seconds;
  }
  const lost = taken - (await countedViews(owner) - before);
  const row = (name: string, times: number[]) => [
    name,
    times.length,
    rounded(quantile(times, 0.5)),
    rounded(quantile(times, 0.95)),
  ];
  const perMinute = taken / elapsed * 60;
  return {
    table: {
      title: `Searches by ${SEARCHERS} connections, in ms`,
      columns: ["beside", "searches", "p50", "p95"],
      rows: [row("nothing", quiet), row(`${Math.round(perMinute)} views a minute`, busy)],
    },
    figures: {
      views_per_minute: Math.round(perMinute),
      views_lost: Math.abs(lost),
      search_under_views_ratio: rounded(quantile(busy, 0.95) / quantile(quiet, 0.95), 3),
    },
  };
}

export const measurement: Measurement = {
  name: "directory",
  summary: "Reads and writes of the directory at a size, and searches beside a flood of views.",
  options: {
    rows: { default: 100_000, description: `businesses; each has ${REVIEWS_EACH} reviews` },
    seconds: { default: 60, description: "seconds of each part that is measured" },
  },
  async run(context): Promise<Findings> {
    const { rows, seconds } = context.options;
    const owner = postgres(context.stack.dbUrl, { max: 1, onnotice: () => {} });
    try {
      const users = Math.max(Math.ceil(rows / OWNED), 100);
      await load(owner, rows, users, context.say);
      const [{ businesses, reviews }] = await owner`
        select
          (select count(*)::int from directory.businesses) as businesses,
          (select count(*)::int from directory.business_reviews) as reviews`;
      const ground = await groundOf(owner, rows);
      const mix = await measureMix(context, ground, seconds);
      const views = await measureViews(context, owner, ground, seconds);
      return {
        tables: [mix.table, views.table],
        figures: { businesses, reviews, ...mix.figures, ...views.figures },
      };
    } finally {
      await owner.end({ timeout: 1 });
    }
  },
};
