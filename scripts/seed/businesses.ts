import { CATEGORIES, type Category } from "./categories.ts";
import { CITIES, type City, type Place } from "./cities.ts";
import { type Hours, hoursOf } from "./hours.ts";
import type { Kind, Voice } from "./kind.ts";
import { KINDS } from "./kinds/index.ts";
import { CULTURES, FAMILY_NAMES, FANCIES, GIVEN_NAMES, PET_NAMES } from "./names.ts";
import type { People, Person } from "./people.ts";
import type { Random } from "./random.ts";
import { fill, slugify, spokenStreet } from "./text.ts";

export type Status = "draft" | "active" | "suspended" | "deleted";
export type Tier = "free" | "premium" | "elite";
export type Verification = "unverified" | "pending" | "verified" | "rejected";

export interface PlacedCategory {
  number: number;
  parent?: PlacedCategory;
  category: Category;
  sortOrder: number;
}

export interface Manager {
  person: Person;
  role: "manager" | "editor";
  invitedBy: Person;
  acceptedAt?: Date;
}

export interface ServiceArea {
  name: string;
  radiusMeters: number;
  deliveryFee: number;
  minimumOrder: number;
  minutes: number;
}

export interface Business {
  number: number;
  kind: Kind;
  city: City;
  place: Place;
  category: PlacedCategory;
  alsoIn: PlacedCategory[];
  name: string;
  slug: string;
  /** Values of the slots of phrases about this business, but for the items. */
  words: Record<string, string>;
  /** Given names of the people who work there. */
  staff: string[];
  shortDescription: string;
  description: string;
  tags: string[];
  phone: string;
  phoneVerified: boolean;
  email?: string;
  emailVerified: boolean;
  website?: string;
  address: string;
  unit?: string;
  longitude: number;
  latitude: number;
  serviceRadiusMiles?: number;
  serviceAreas: ServiceArea[];
  hours: Hours;
  yearEstablished: number;
  employees: string;
  verification: Verification;
  /** Absent while it is not verified. */
  daysToVerification?: number;
  trustSignals: Record<string, boolean>;
  tier: Tier;
  paidUntil?: Date;
  featuredUntil?: Date;
  boostCredits: number;
  attributes: Record<string, boolean | number>;
  status: Status;
  createdAt: Date;
  /** Absent while it is a draft. */
  hoursToPublication?: number;
  suspendedAt?: Date;
  suspendedUntil?: Date;
  suspensionReason?: string;
  deletedAt?: Date;
  owner?: Person;
  claimedAt?: Date;
  managers: Manager[];
  legalName?: string;
  annualRevenue?: string;
}

const DAY = 86_400_000;

/** The tree as a list, parents first. */
export function placeCategories(): PlacedCategory[] {
  const placed: PlacedCategory[] = [];
  const walk = (categories: readonly Category[], parent?: PlacedCategory) => {
    const level = categories.map((category, index) => {
      const entry = { number: 0, parent, category, sortOrder: (index + 1) * 10 };
      placed.push(entry);
      return entry;
    });
    for (const entry of level) walk(entry.category.below ?? [], entry);
  };
  walk(CATEGORIES);
  placed.forEach((entry, index) => entry.number = index + 1);
  return placed;
}

/** Kinds that no town is without, so that a search for them finds something in every city. */
const EVERYWHERE = [
  "coffee-shops",
  "pizza",
  "dentists",
  "plumbing",
  "auto-repair",
  "taquerias",
  "hair-salons",
];

/** Shares count out among the cities by weight, the largest remainders first. */
function share(count: number): number[] {
  const weights = CITIES.map((city) => city.weight + 0.8);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => weight / total * count);
  const counts = exact.map(Math.floor);
  const rest = count - counts.reduce((sum, whole) => sum + whole, 0);
  exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
    .slice(0, rest)
    .forEach(({ index }) => counts[index]++);
  return counts;
}

/** Kinds of the businesses of one city: what every city has, then by weight, with few repeats. */
function kindsOf(count: number, random: Random): Kind[] {
  const chosen = KINDS.filter((kind) => EVERYWHERE.includes(kind.category));
  const times = new Map(chosen.map((kind) => [kind, 1]));
  while (chosen.length < count) {
    const kind = random.weighted(
      KINDS,
      (candidate) => candidate.weight / (1 + 1.5 * (times.get(candidate) ?? 0)),
    );
    times.set(kind, (times.get(kind) ?? 0) + 1);
    chosen.push(kind);
  }
  return chosen;
}

interface Naming {
  /** How often a name is used anywhere. */
  uses: Map<string, number>;
  /** Names of the city at hand. */
  taken: Set<string>;
}

/** Slots that a name or a phrase of a business may use. */
function wordsOf(kind: Kind, city: City, place: Place, street: string, random: Random) {
  const culture = kind.culture === undefined ? undefined : CULTURES[kind.culture];
  const families = culture?.family ?? FAMILY_NAMES;
  const family = random.pick(families);
  return {
    city: city.name,
    hood: place.name,
    street: spokenStreet(street),
    first: random.pick(
      culture === undefined ? GIVEN_NAMES : [...culture.women, ...culture.men],
    ),
    woman: random.pick((culture ?? CULTURES.latin).women),
    man: random.pick((culture ?? CULTURES.latin).men),
    family,
    family2: random.pick(families.filter((name) => name !== family)),
    latin: random.pick(CULTURES.latin.family),
    fancy: random.pick(FANCIES),
    emblem: random.pick(culture?.emblems ?? FANCIES),
    pet: random.pick(PET_NAMES),
  };
}

type Words = ReturnType<typeof wordsOf>;

/** A name that no other business of the city has, and one of its own where its pattern allows. */
function nameOf(
  kind: Kind,
  city: City,
  place: Place,
  street: string,
  naming: Naming,
  random: Random,
): { name: string; words: Words } {
  for (let attempt = 0;; attempt++) {
    const words = wordsOf(kind, city, place, street, random);
    const pattern = random.pick(kind.names);
    // two ands in one name read badly
    if (pattern.includes("&") && pattern.includes("{fancy}") && words.fancy.includes("&")) continue;
    const name = fill(pattern, words);
    const uses = naming.uses.get(name) ?? 0;
    const allowed = pattern.includes("{") ? 1 : 3;
    if (naming.taken.has(name) || (uses >= allowed && attempt < 60)) continue;
    naming.taken.add(name);
    naming.uses.set(name, uses + 1);
    return { name, words };
  }
}

const SERVES_AREA: Partial<Record<Voice, [number, number]>> = { home: [8, 40], auto: [5, 25] };

const EMPLOYEES = ["1-4", "5-9", "10-19", "20-49", "50-99"];
const REVENUES = ["under 250,000", "250,000-500,000", "500,000-1 million", "1-5 million"];

const SUSPENSIONS = [
  "Address could not be verified after three letters.",
  "Reviews were traced to staff accounts.",
  "License expired; waiting for the renewal.",
  "Payment dispute with the card issuer.",
  "Photos taken from another business.",
  "Duplicate of an entry that was claimed first.",
];

function attributesOf(kind: Kind, random: Random): Record<string, boolean | number> {
  const some = random.chance(0.5);
  switch (kind.voice) {
    case "food":
    case "night":
      return {
        price_level: random.weighted([1, 2, 3, 4], (level) => [30, 45, 20, 5][level - 1]),
        outdoor_seating: some,
        wheelchair_accessible: random.chance(0.7),
      };
    case "home":
      return { free_estimates: random.chance(0.7), emergency_service: some };
    case "auto":
      return { free_estimates: random.chance(0.8), electric_vehicles: some };
    case "health":
      return {
        accepting_new_patients: random.chance(0.8),
        telehealth: some,
        wheelchair_accessible: random.chance(0.9),
      };
    case "office":
      return { remote_consultation: random.chance(0.7), weekend_appointments: some };
    case "beauty":
    case "fitness":
    case "pets":
      return { online_booking: random.chance(0.7), walk_ins: some };
    case "shop":
      return { delivery: some, gift_cards: random.chance(0.6) };
  }
}

function trustOf(kind: Kind, random: Random): Record<string, boolean> {
  switch (kind.voice) {
    case "home":
    case "auto":
      return { licensed: true, insured: true, background_checked: random.chance(0.5) };
    case "health":
    case "pets":
      return { licensed: true, board_certified: random.chance(0.6) };
    case "office":
      return { licensed: true };
    default:
      return { address_confirmed: true };
  }
}

/** Statuses in the order of the numbers: mostly active, the rest spread evenly. */
function statusOf(number: number): Status {
  switch (number % 60) {
    case 17:
      return "draft";
    case 31:
      return "suspended";
    case 47:
      return "deleted";
    default:
      return "active";
  }
}

export interface BusinessPlan {
  count: number;
  /** Entries are made from here to a year before the end. */
  start: Date;
  end: Date;
  people: People;
  categories: PlacedCategory[];
}

/** The businesses, numbered in an order that says nothing about city or kind. */
export function makeBusinesses(plan: BusinessPlan, random: Random): Business[] {
  const bySlug = new Map(plan.categories.map((entry) => [entry.category.slug, entry]));
  const categoryOf = (slug: string): PlacedCategory => {
    const found = bySlug.get(slug);
    if (found === undefined) throw new Error(`no category ${slug}`);
    return found;
  };

  const seats = share(plan.count).flatMap((count, index) =>
    kindsOf(count, random).map((kind) => ({ city: CITIES[index], kind }))
  );
  const uses = new Map<string, number>();
  const takenIn = new Map<City, Set<string>>(CITIES.map((city) => [city, new Set()]));
  const slugs = new Set<string>();

  const businesses = random.shuffle(seats).map(({ city, kind }, index) => {
    const place = random.pick(city.places);
    const street = random.pick(place.streets);
    const naming = { uses, taken: takenIn.get(city)! };
    const { name, words } = nameOf(kind, city, place, street, naming, random);
    let slug = slugify(`${name} ${city.name}`);
    if (slugs.has(slug)) slug = slugify(`${name} ${city.name} ${city.state}`);
    if (slugs.has(slug)) slug = `${slug}-${index + 1}`;
    slugs.add(slug);
    return makeBusiness(index + 1, kind, city, place, street, name, words, slug);
  });

  assignOwners(businesses, plan, random);
  return businesses;

  function makeBusiness(
    number: number,
    kind: Kind,
    city: City,
    place: Place,
    street: string,
    name: string,
    words: Words,
    slug: string,
  ): Business {
    const status = statusOf(number);
    const span = plan.end.getTime() - plan.start.getTime();
    const createdAt = new Date(plan.start.getTime() + Math.floor(random.next() ** 2 * span * 0.5));
    const yearEstablished = 2023 - Math.floor(random.next() ** 1.4 * 65);
    const [item, other] = random.sample(kind.items, 2);
    const phrases = { ...words, name, item, other, year: String(yearEstablished) };

    // about a third of a mile around the heart of the neighborhood
    const latitude = place.latitude + random.bell() * 0.0028;
    const longitude = place.longitude +
      random.bell() * 0.0028 / Math.cos(place.latitude * Math.PI / 180);

    const tier: Tier = random.weighted(
      ["free", "premium", "elite"] as Tier[],
      (entry) => ({ free: 70, premium: 20, elite: 10 })[entry],
    );
    const verification: Verification = random.weighted(
      ["verified", "pending", "unverified", "rejected"] as Verification[],
      (entry) => ({ verified: 62, pending: 20, unverified: 16, rejected: 2 })[entry],
    );
    const verified = verification === "verified";
    const suspendedAt = status === "suspended"
      ? new Date(plan.end.getTime() - random.int(2, 200) * DAY)
      : undefined;
    const radius = SERVES_AREA[kind.voice];
    const details = random.sample(kind.details, random.weighted([1, 2], (n) => 3 - n));
    const description = [random.pick(kind.leads), ...details]
      .map((phrase) => fill(phrase, phrases))
      .join(" ");
    const domain = `${slugify(name).slice(0, 60)}.example`;
    const website = random.chance(0.82) ? `https://www.${domain}` : undefined;

    return {
      number,
      kind,
      city,
      place,
      category: categoryOf(kind.category),
      alsoIn: kind.also !== undefined && random.chance(0.3)
        ? [categoryOf(random.pick(kind.also))]
        : [],
      name,
      slug,
      words: phrases,
      staff: random.sample(GIVEN_NAMES, 3),
      shortDescription: fill(random.pick(kind.taglines), phrases),
      description,
      tags: random.sample(kind.tags, random.int(2, 4)),
      phone: `(${random.pick(city.areaCodes)}) 555-01${String(random.int(0, 99)).padStart(2, "0")}`,
      phoneVerified: verified && random.chance(0.9),
      email: random.chance(0.9)
        ? `${random.pick(["hello", "info", "contact"])}@${domain}`
        : undefined,
      emailVerified: verified && random.chance(0.8),
      website,
      address: `${random.int(1, 48) * 100 + random.int(1, 99)} ${street}`,
      unit: random.chance(0.2)
        ? `${random.pick(["Suite", "Unit"])} ${random.int(1, 24)}`
        : undefined,
      longitude: Number(longitude.toFixed(5)),
      latitude: Number(latitude.toFixed(5)),
      serviceRadiusMiles: radius === undefined ? undefined : random.int(...radius),
      serviceAreas: serviceAreasOf(kind, place, random),
      hours: hoursOf(kind.hours, random),
      yearEstablished,
      employees: random.weighted(
        EMPLOYEES,
        (entry) => [35, 30, 20, 12, 3][EMPLOYEES.indexOf(entry)],
      ),
      verification,
      daysToVerification: verified ? random.int(3, 90) : undefined,
      trustSignals: verified ? trustOf(kind, random) : {},
      tier,
      paidUntil: tier === "free"
        ? undefined
        : new Date(plan.end.getTime() + random.int(20, 360) * DAY),
      featuredUntil: tier === "elite" && random.chance(0.4)
        ? new Date(plan.end.getTime() + random.int(30, 400) * DAY)
        : undefined,
      boostCredits: tier === "free" ? 0 : random.int(0, 20),
      attributes: attributesOf(kind, random),
      status,
      createdAt,
      hoursToPublication: status === "draft" ? undefined : random.int(1, 72),
      suspendedAt,
      suspendedUntil: suspendedAt !== undefined && random.chance(0.4)
        ? new Date(plan.end.getTime() + random.int(60, 300) * DAY)
        : undefined,
      suspensionReason: suspendedAt === undefined ? undefined : random.pick(SUSPENSIONS),
      deletedAt: status === "deleted"
        ? new Date(plan.end.getTime() - random.int(5, 300) * DAY)
        : undefined,
      managers: [],
    };
  }
}

/** Kinds that deliver, or travel within drawn bounds. */
const DELIVERS = ["pizza", "florists", "chinese", "house-cleaning", "pharmacies"];

function serviceAreasOf(kind: Kind, place: Place, random: Random): ServiceArea[] {
  if (!DELIVERS.includes(kind.category) || !random.chance(0.25)) return [];
  const near = {
    name: `${place.name} and around`,
    radiusMeters: random.int(15, 30) * 100,
    deliveryFee: random.int(0, 6) * 0.5,
    minimumOrder: random.int(2, 4) * 5,
    minutes: random.int(4, 7) * 5,
  };
  if (!random.chance(0.4)) return [near];
  return [near, {
    name: `Beyond ${place.name}`,
    radiusMeters: near.radiusMeters + random.int(15, 40) * 100,
    deliveryFee: near.deliveryFee + 3,
    minimumOrder: near.minimumOrder + 15,
    minutes: near.minutes + 20,
  }];
}

/** Every owner has two or three active businesses, most of them with a manager or an editor. */
function assignOwners(businesses: Business[], plan: BusinessPlan, random: Random): void {
  const { owners, managers } = plan.people;
  const free = random.shuffle(businesses.filter((business) => business.status === "active"));
  owners.forEach((owner, index) => {
    const count = 2 + index % 2;
    for (let i = 0; i < count; i++) {
      const business = free.pop()!;
      business.owner = owner;
      business.claimedAt = new Date(business.createdAt.getTime() + random.int(5, 60) * DAY);
      business.legalName = `${business.name.replaceAll(",", "")}, ${random.pick(["LLC", "Inc."])}`;
      business.annualRevenue = random.pick(REVENUES);
      if (i === 1) continue;
      const acceptedAt = new Date(business.claimedAt.getTime() + random.int(1, 20) * DAY);
      business.managers.push({
        person: managers[(index + i) % managers.length],
        role: (index + i) % 4 === 3 ? "editor" : "manager",
        invitedBy: owner,
        // the last invitation was never answered, and gives no right
        acceptedAt: index === owners.length - 1 ? undefined : acceptedAt,
      });
    }
  });
}
