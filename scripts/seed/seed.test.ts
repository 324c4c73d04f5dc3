import assert from "node:assert/strict";
import { CATEGORIES, type Category } from "./categories.ts";
import { CITIES } from "./cities.ts";
import { DAYS, hoursOf } from "./hours.ts";
import type { Kind } from "./kind.ts";
import { KINDS } from "./kinds/index.ts";
import { BUSINESS_COUNT, makeSeed, REVIEW_COUNT, TODAY } from "./model.ts";
import { Random } from "./random.ts";
import { render } from "./render.ts";
import { literal } from "./sql.ts";
import { fill, slugify, spokenStreet } from "./text.ts";
import { COMMON, type Mood, RESPONSES, VOICES } from "./voices.ts";

const seed = makeSeed();
const sql = render(seed);
const MOODS: Mood[] = ["good", "mixed", "bad"];

/** Kilometers between two points on a sphere, which is exact enough for a city. */
function kilometers(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const radians = (degrees: number) => degrees * Math.PI / 180;
  const chord = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(chord));
}

function count<T>(rows: readonly T[], test: (row: T) => boolean): number {
  return rows.filter(test).length;
}

function assertDistinct(values: string[], what: string): void {
  const seen = new Set<string>();
  for (const value of values) {
    assert.ok(!seen.has(value), `${what} twice: ${value}`);
    seen.add(value);
  }
}

Deno.test("the seed is the same every time, to the byte", () => {
  assert.equal(render(makeSeed()), sql);
});

Deno.test("supabase/seed.sql is what the generator writes", async () => {
  const file = await Deno.readTextFile(new URL("../../supabase/seed.sql", import.meta.url));
  assert.ok(file === sql, "run `npm run seed` and commit the result");
});

Deno.test("the file stays under 3 MB and each statement under the CLI's limit", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  assert.ok(bytes(sql) < 3_000_000, `${bytes(sql)} bytes`);
  for (const statement of sql.split(/;\n/)) {
    assert.ok(bytes(statement) < 262_144, `${bytes(statement)}: ${statement.slice(0, 80)}`);
  }
});

Deno.test("there are as many businesses, reviews and answers as promised", () => {
  const { businesses, reviews, responses } = seed;
  assert.equal(businesses.length, BUSINESS_COUNT);
  assert.equal(reviews.length, REVIEW_COUNT);
  assert.ok(BUSINESS_COUNT >= 1000 && REVIEW_COUNT >= 5000);
  assert.equal(count(businesses, ({ status }) => status === "active"), 1140);
  for (const status of ["draft", "suspended", "deleted"]) {
    assert.equal(count(businesses, (row) => row.status === status), 20, status);
  }

  const share = (tier: string) => count(businesses, (row) => row.tier === tier) / BUSINESS_COUNT;
  assert.ok(Math.abs(share("free") - 0.7) < 0.04);
  assert.ok(Math.abs(share("premium") - 0.2) < 0.04);
  assert.ok(Math.abs(share("elite") - 0.1) < 0.04);

  assert.ok(count(reviews, ({ status }) => status === "published") > 5500);
  for (const status of ["pending", "rejected", "hidden"]) {
    assert.ok(count(reviews, (row) => row.status === status) > 20, status);
  }
  const answerable = count(reviews, ({ business }) => business.owner !== undefined);
  assert.ok(responses.length / answerable > 0.1 && responses.length / answerable < 0.2);
});

Deno.test("the tree holds the five categories of the brief, and businesses in every leaf", () => {
  const tops = new Map(CATEGORIES.map(({ slug, name, icon }) => [slug, `${name}/${icon}`]));
  assert.equal(tops.get("restaurants"), "Restaurants/utensils");
  assert.equal(tops.get("health-medical"), "Health & Medical/heart");
  assert.equal(tops.get("home-services"), "Home Services/home");
  assert.equal(tops.get("automotive"), "Automotive/car");
  assert.equal(tops.get("professional"), "Professional Services/briefcase");
  assert.ok(tops.size >= 8);
  assert.ok(seed.categories.length >= 80);
  assertDistinct(seed.categories.map(({ category }) => category.slug), "slug");
  for (const { color } of CATEGORIES) assert.match(color ?? "", /^#[0-9a-f]{6}$/);

  const used = new Set(seed.businesses.map(({ category }) => category.category.slug));
  const walk = (categories: readonly Category[]): void => {
    for (const { slug, below } of categories) {
      if (below === undefined || below.length === 0) assert.ok(used.has(slug), `${slug} is empty`);
      else walk(below);
    }
  };
  walk(CATEGORIES);
});

Deno.test("every business lies in its city", () => {
  for (const city of CITIES) {
    for (const place of city.places) {
      assert.ok(kilometers(city, place) < 30, `${place.name}, ${city.name}`);
      assert.match(place.zip, /^\d{5}$/);
    }
  }
  assert.ok(CITIES.length >= 60);
  for (const business of seed.businesses) {
    assert.ok(kilometers(business, business.city) < 40, business.name);
    assert.ok(kilometers(business, business.place) < 1.5, business.name);
    // throws for a zone that does not exist
    new Intl.DateTimeFormat("en", { timeZone: business.city.zone });
  }
});

Deno.test("every city has coffee, pizza, a dentist and a plumber", () => {
  for (const city of CITIES) {
    const here = new Set(
      seed.businesses.filter((row) => row.city === city).map(({ kind }) => kind.category),
    );
    for (const slug of ["coffee-shops", "pizza", "dentists", "plumbing"]) {
      assert.ok(here.has(slug), `${slug} in ${city.name}`);
    }
  }
});

Deno.test("slugs are unique, and names are within a city", () => {
  assertDistinct(seed.businesses.map(({ slug }) => slug), "slug");
  assertDistinct(seed.businesses.map(({ name, city }) => `${name} in ${city.name}`), "name");
  for (const { slug } of seed.businesses) assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

Deno.test("some names have accents and some have numbers", () => {
  assert.ok(count(seed.businesses, ({ name }) => /\p{L}\p{M}/u.test(name.normalize("NFD"))) > 50);
  assert.ok(count(seed.businesses, ({ name }) => /\d/.test(name)) > 20);
});

Deno.test("hours are pairs of times, in order, none past midnight", () => {
  for (const { hours, name } of seed.businesses) {
    assert.ok(Object.keys(hours).length > 0, name);
    for (const [day, ranges] of Object.entries(hours)) {
      assert.ok((DAYS as readonly string[]).includes(day));
      let last = "";
      for (const [opens, closes] of ranges) {
        for (const time of [opens, closes]) assert.match(time, /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
        assert.ok(opens < closes && opens >= last, `${name} ${day}: ${JSON.stringify(ranges)}`);
        last = closes;
      }
    }
  }
});

Deno.test("what runs past midnight becomes an opening of the next day", () => {
  const nights = Array.from({ length: 20 }, (_, i) => hoursOf("bar", new Random(`night ${i}`)));
  for (const hours of nights) {
    assert.equal(hours.fri?.at(-1)?.[1], "24:00");
    assert.equal(hours.sat?.[0][0], "00:00");
  }
});

Deno.test("no one reviews a business twice, and no business has more than twenty", () => {
  assertDistinct(
    seed.reviews.map(({ business, reviewer }) => `${reviewer.email} on ${business.slug}`),
    "review",
  );
  const counts = new Map<string, number>();
  for (const { business } of seed.reviews) {
    counts.set(business.slug, (counts.get(business.slug) ?? 0) + 1);
  }
  assert.equal(Math.max(...counts.values()), 20);
  assert.ok(count(seed.businesses, ({ slug }) => !counts.has(slug)) > 50);
});

Deno.test("reviews agree with their stars, and their texts differ", () => {
  for (const { rating, sentiment, helpful } of seed.reviews) {
    assert.ok(rating >= 1 && rating <= 5 && Number.isInteger(rating));
    assert.ok(sentiment >= -1 && sentiment <= 1);
    assert.ok(helpful >= 0 && helpful <= 100);
    if (rating >= 4) assert.ok(sentiment > 0.2);
    if (rating <= 2) assert.ok(sentiment < -0.2);
  }
  for (const stars of [1, 2, 3, 4, 5]) {
    assert.ok(count(seed.reviews, ({ rating }) => rating === stars) > 150, `${stars} stars`);
  }
  const allowed = seed.reviews.filter(({ status }) => status !== "rejected");
  assertDistinct(allowed.map(({ content }) => content), "text");
});

Deno.test("nothing in the seed lies after its day or before what it depends on", () => {
  const now = TODAY.getTime();
  for (const { createdAt, business, reviewer, hoursToPublication } of seed.reviews) {
    const time = createdAt.getTime();
    assert.ok(time > now - 2 * 366 * 86_400_000);
    assert.ok(time + (hoursToPublication ?? 0) * 3_600_000 <= now);
    assert.ok(time >= business.createdAt.getTime() && time >= reviewer.createdAt.getTime());
  }
  for (const { createdAt, review } of seed.responses) {
    assert.ok(createdAt > review.createdAt && createdAt.getTime() <= now);
  }
  for (const { createdAt, suspendedAt, suspendedUntil, deletedAt } of seed.businesses) {
    for (const later of [suspendedAt, deletedAt]) {
      assert.ok(later === undefined || later > createdAt);
    }
    assert.ok(suspendedUntil === undefined || suspendedUntil > suspendedAt!);
  }
});

Deno.test("only owners and their managers answer, and only what is published", () => {
  for (const { review, responder } of seed.responses) {
    const { business } = review;
    const manages = business.managers.some(({ person, role, acceptedAt }) =>
      person === responder && role === "manager" && acceptedAt !== undefined
    );
    assert.ok(responder === business.owner || manages);
    assert.equal(review.status, "published");
  }
  const owners = new Set(
    seed.businesses.flatMap(({ owner }) => owner === undefined ? [] : [owner]),
  );
  assert.ok(owners.size >= 12);
});

Deno.test("every phrase of every kind can be filled, not only those that were drawn", () => {
  const slots = [
    "city",
    "emblem",
    "family",
    "family2",
    "fancy",
    "first",
    "hood",
    "item",
    "latin",
    "man",
    "name",
    "other",
    "pet",
    "street",
    "woman",
    "year",
  ];
  const words = Object.fromEntries(slots.map((slot) => [slot, "Word"]));
  const phrases = (kind: Kind) => [
    ...kind.names,
    ...kind.taglines,
    ...kind.leads,
    ...kind.details,
    ...kind.good,
    ...kind.mixed,
    ...kind.bad,
  ];
  for (const phrase of KINDS.flatMap(phrases)) assert.ok(!fill(phrase, words).includes("{"));
  for (const mood of MOODS) {
    for (const voice of Object.values(VOICES)) {
      for (const phrase of Object.values(voice[mood]).flat()) fill(phrase, words);
    }
    for (const phrase of Object.values(COMMON[mood]).flat()) fill(phrase, words);
    for (const phrase of RESPONSES[mood]) fill(phrase, { ...words, reader: "Ada" });
  }
  for (const kind of KINDS) {
    const known = new Set(seed.categories.map(({ category }) => category.slug));
    for (const slug of [kind.category, ...kind.also ?? []]) assert.ok(known.has(slug), slug);
  }
});

Deno.test("addresses lead to reserved names only, and telephones to reserved numbers", () => {
  const reserved = /(^|\.)(example|example\.com)$/;
  for (const [, host] of sql.matchAll(/https?:\/\/([^/'"\s]+)/g)) assert.match(host, reserved);
  for (const [, host] of sql.matchAll(/[\w.+-]@([\w.-]+)/g)) assert.match(host, reserved);
  for (const { phone } of seed.businesses) assert.match(phone, /^\(\d{3}\) 555-01\d\d$/);
});

Deno.test("a phrase gets the article that its word asks for", () => {
  assert.equal(fill("a {item} and {item}", { item: "oyster" }), "An oyster and oyster");
  assert.equal(fill("such a {item}", { item: "pizza" }), "Such a pizza");
  assert.equal(fill("Doña {first}", { first: "Elena" }), "Doña Elena");
  assert.throws(() => fill("{nothing}", {}), /no value for \{nothing\}/);
});

Deno.test("slugs and streets are written as the database and people write them", () => {
  assert.equal(slugify("Crème & Café O'Brien Ann Arbor"), "creme-cafe-obrien-ann-arbor");
  assert.equal(slugify("Phở 88"), "pho-88");
  assert.equal(spokenStreet("N Milwaukee Ave"), "Milwaukee Avenue");
  assert.equal(spokenStreet("Virginia Ave NE"), "Virginia Avenue");
  assert.equal(spokenStreet("E 2100 S"), "2100 South");
});

Deno.test("literals survive quotes, backslashes and commas", () => {
  assert.equal(literal("O'Brien"), "'O''Brien'");
  assert.equal(
    literal(["cold brew", 'a "b"', "c,d", "null", "e\\f"]),
    String
      .raw`'{cold brew,"a \"b\"","c,d","null","e\\f"}'`,
  );
  assert.equal(literal({ name: "O'Brien" }), `'{"name":"O''Brien"}'`);
  assert.equal(literal(undefined), "null");
  assert.throws(() => literal(NaN), /not a number/);
  assert.throws(() => literal("a\0b"), /zero byte/);
});

Deno.test("numbers drawn by one label are the same, by another they are not", () => {
  const draw = (label: string) => {
    const random = new Random(label);
    return Array.from({ length: 5 }, () => random.next());
  };
  assert.deepEqual(draw("a"), draw("a"));
  assert.notDeepEqual(draw("a"), draw("b"));
  const many = new Random("spread");
  const mean = Array.from({ length: 10_000 }, () => many.next()).reduce((x, y) => x + y) / 10_000;
  assert.ok(Math.abs(mean - 0.5) < 0.02);
});
