import type { Business } from "./businesses.ts";
import { CITIES } from "./cities.ts";
import type { Voice } from "./kind.ts";
import { PET_NAMES } from "./names.ts";
import type { People, Person } from "./people.ts";
import type { Random } from "./random.ts";
import { fill } from "./text.ts";
import { COMMON, type Mood, RESPONSES, SPANISH, VOICES } from "./voices.ts";

export type ReviewStatus = "pending" | "published" | "rejected" | "hidden";

export interface Review {
  number: number;
  business: Business;
  reviewer: Person;
  rating: number;
  title?: string;
  content: string;
  daysSinceVisit?: number;
  verification?: "receipt" | "photo" | "location";
  helpful: number;
  notHelpful: number;
  status: ReviewStatus;
  sentiment: number;
  topics: string[];
  language: "en" | "es";
  createdAt: Date;
  /** Absent while it is not published. */
  hoursToPublication?: number;
  deletedAt?: Date;
  moderation?: { notes: string; moderatedAt: Date };
}

export interface Response {
  number: number;
  review: Review;
  responder: Person;
  content: string;
  createdAt: Date;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_REVIEWS = 20;

const TOPICS: Record<Voice, string[]> = {
  food: ["food", "service", "atmosphere", "price", "wait"],
  health: ["staff", "wait", "treatment", "billing", "office"],
  home: ["workmanship", "punctuality", "price", "communication", "cleanup"],
  auto: ["repair", "price", "honesty", "speed", "staff"],
  office: ["expertise", "communication", "price", "speed"],
  beauty: ["result", "staff", "price", "atmosphere", "hygiene"],
  shop: ["selection", "advice", "price", "service"],
  fitness: ["coaching", "equipment", "schedule", "price", "atmosphere"],
  pets: ["care", "staff", "price", "hygiene"],
  night: ["drinks", "atmosphere", "service", "price", "music"],
};

/** What moderators turn away, with the reason that they note. */
const REFUSED = [
  {
    title: "Best prices",
    content: "Cheap phone cards and watches, message me for the link. Only this week.",
    notes: "Advertising.",
  },
  {
    title: "Terrible neighbor",
    content: "I have never been a customer, but the owner parks in front of my driveway every day.",
    notes: "Not about a visit.",
  },
  {
    title: "five stars",
    content: "good good good good good good good",
    notes: "No content.",
  },
  {
    title: "Great place to work",
    content: "I am the shift manager here and I can say that we are the best in town.",
    notes: "Written by an employee.",
  },
  {
    title: "Ask me first",
    content: "My cousin does the same work for half the price. Write to me and I'll connect you.",
    notes: "Advertising for a competitor.",
  },
  {
    title: "One star for the election",
    content: "They had a sign in the window that I do not agree with. Never set foot inside.",
    notes: "Not about a visit.",
  },
  {
    title: "Wrong place",
    content: "The hotel was loud and the pool was closed for the whole week.",
    notes: "Meant for another business.",
  },
];

const SPANISH_KINDS = ["taquerias", "mexican"];

function moodOf(rating: number): Mood {
  return rating >= 4 ? "good" : rating === 3 ? "mixed" : "bad";
}

/** Stars of one visit: around the quality of the place, but now and then a visit goes wrong. */
function rate(quality: number, random: Random): number {
  if (random.chance(0.015 + (5 - quality) * 0.08)) return random.int(1, 2);
  return Math.round(Math.min(5, Math.max(1, quality + 0.2 + random.bell() * 0.85)));
}

/** How many reviews each business gets: many with a few, a few with twenty, together the total. */
function spreadReviews(
  businesses: Business[],
  total: number,
  random: Random,
): Map<Business, number> {
  const counts = new Map<Business, number>();
  for (const business of businesses) {
    const count = business.owner === undefined
      ? Math.floor(random.next() ** 2.3 * (MOST_REVIEWS + 1))
      : random.int(8, MOST_REVIEWS);
    counts.set(business, count);
  }
  let missing = total - [...counts.values()].reduce((sum, count) => sum + count, 0);
  while (missing !== 0) {
    const business = random.pick(businesses);
    const count = counts.get(business)!;
    const step = Math.sign(missing);
    // a business without reviews stays so: new ones exist, and the interface must show them
    if (count === 0 || count + step < 1 || count + step > MOST_REVIEWS) continue;
    counts.set(business, count + step);
    missing -= step;
  }
  return counts;
}

/** Picks sentences so that one business hears each as seldom as possible. */
class Teller {
  #told = new Map<string, number>();

  constructor(readonly business: Business, readonly random: Random) {}

  pick(phrases: readonly string[]): string {
    const least = Math.min(...phrases.map((phrase) => this.#told.get(phrase) ?? 0));
    const phrase = this.random.pick(phrases.filter((p) => (this.#told.get(p) ?? 0) === least));
    this.#told.set(phrase, least + 1);
    return phrase;
  }

  words(): Record<string, string> {
    const [item, other] = this.random.sample(this.business.kind.items, 2);
    return {
      ...this.business.words,
      item,
      other,
      first: this.random.pick(this.business.staff),
      pet: this.random.pick(PET_NAMES),
    };
  }
}

function writeEnglish(rating: number, teller: Teller): { title: string; content: string } {
  const { random, business: { kind } } = teller;
  const mood = moodOf(rating);
  const voice = VOICES[kind.voice][mood];
  const common = COMMON[mood];
  const length = random.weighted([1, 2, 3, 4, 5], (n) => [8, 24, 34, 22, 12][n - 1]);

  const phrases: string[] = [];
  const opens = random.chance(length === 1 ? 0.2 : 0.75);
  if (opens) phrases.push(teller.pick(voice.openers));
  const closes = length > 2 && random.chance(0.6);
  const inner = Math.max(length - phrases.length - (closes ? 1 : 0), phrases.length === 0 ? 1 : 0);
  const own = mood === "good" ? kind.good : mood === "mixed" ? kind.mixed : kind.bad;
  for (let i = 0; i < inner; i++) {
    // what is particular comes first; the rest may be said of others too
    phrases.push(teller.pick(i === 0 || random.chance(0.35) ? own : voice.middles));
  }
  if (rating === 4 && length > 2 && random.chance(0.3)) phrases.push(teller.pick(kind.mixed));
  if (closes) phrases.push(teller.pick([...voice.closers, ...common.closers]));

  const words = teller.words();
  return {
    title: fill(teller.pick([...voice.titles, ...common.titles]), words),
    content: [...new Set(phrases)].map((phrase) => fill(phrase, words)).join(" "),
  };
}

/** The reviews: text, stars and mood agree, and no two say the same. */
export function makeReviews(
  businesses: Business[],
  people: People,
  total: number,
  start: Date,
  end: Date,
  random: Random,
): Review[] {
  const rated = businesses.filter((business) =>
    business.status === "active" || business.status === "suspended"
  );
  const counts = spreadReviews(rated, total, random);
  const texts = new Set<string>();
  const reviews: Review[] = [];

  for (const [business, count] of counts) {
    const teller = new Teller(business, random);
    const quality = Math.min(4.9, Math.max(2.2, 4.2 + random.bell() * 0.5));
    const until = (business.suspendedAt ?? end).getTime() - 3 * DAY;
    const early = people.reviewers.filter((person) => person.createdAt.getTime() < until - 7 * DAY);
    const isLocal = (person: Person) => CITIES[person.home] === business.city;
    const locals = random.shuffle(early.filter(isLocal));
    const others = random.shuffle(early.filter((person) => !isLocal(person)));

    for (let i = 0; i < count; i++) {
      const reviewer = (locals.length > 0 && random.chance(0.7) ? locals : others).pop()!;
      const from = Math.max(
        start.getTime(),
        business.createdAt.getTime() + 4 * DAY,
        reviewer.createdAt.getTime(),
      );
      if (from >= until) throw new Error("no time is left for a review");
      // more of them lately than long ago
      const createdAt = new Date(from + Math.floor(random.next() ** 0.7 * (until - from)));
      const rating = rate(quality, random);
      reviews.push(write(business, reviewer, rating, createdAt, teller));
    }
  }

  // numbers follow time, as they would have in life
  reviews.sort((a, b) =>
    a.createdAt.getTime() - b.createdAt.getTime() || a.business.number - b.business.number
  );
  reviews.forEach((review, index) => review.number = index + 1);
  moderate(reviews, end, random);
  return reviews;

  function write(
    business: Business,
    reviewer: Person,
    rating: number,
    createdAt: Date,
    teller: Teller,
  ): Review {
    const spanish = SPANISH_KINDS.includes(business.kind.category) && random.chance(0.07)
      ? SPANISH[moodOf(rating)].map((text) => ({
        title: fill(text.title, business.words),
        content: fill(text.content, { ...business.words, first: business.staff[0] }),
      })).find((text) => !texts.has(text.content))
      : undefined;
    let text = spanish ?? writeEnglish(rating, teller);
    for (let attempt = 0; texts.has(text.content); attempt++) {
      if (attempt > 500) throw new Error(`no new words are left for ${business.name}`);
      text = writeEnglish(rating, teller);
    }
    texts.add(text.content);

    const mood = [0, -0.82, -0.48, 0.04, 0.52, 0.83][rating] + random.bell() * 0.08;
    return {
      number: 0,
      business,
      reviewer,
      rating,
      title: spanish !== undefined || random.chance(0.85) ? text.title : undefined,
      content: text.content,
      daysSinceVisit: random.chance(0.7) ? random.int(0, 20) : undefined,
      verification: random.chance(0.25)
        ? random.pick(["receipt", "photo", "location"] as const)
        : undefined,
      helpful: Math.floor(random.next() ** 40 * 101),
      notHelpful: Math.floor(random.next() ** 40 * 12),
      status: "published",
      sentiment: Number(Math.min(1, Math.max(-1, mood)).toFixed(2)),
      topics: random.sample(TOPICS[business.kind.voice], random.int(1, 2)),
      language: spanish !== undefined ? "es" : "en",
      createdAt,
      hoursToPublication: random.int(1, 60),
    };
  }
}

/** The newest wait for moderation; of the rest a few were refused, hidden or taken back. */
function moderate(reviews: Review[], end: Date, random: Random): void {
  const refused = random.shuffle(REFUSED);
  let turned = 0;
  for (const review of reviews) {
    const age = end.getTime() - review.createdAt.getTime();
    const seenAt = new Date(review.createdAt.getTime() + review.hoursToPublication! * HOUR);
    if (age < 30 * DAY && random.chance(0.7)) {
      review.status = "pending";
      review.hoursToPublication = undefined;
      review.helpful = 0;
      review.notHelpful = 0;
    } else if (review.number % 150 === 0) {
      const text = refused[turned++ % refused.length];
      review.status = "rejected";
      review.title = text.title;
      review.content = text.content;
      review.language = "en";
      review.hoursToPublication = undefined;
      review.helpful = 0;
      review.notHelpful = 0;
      review.moderation = { notes: text.notes, moderatedAt: seenAt };
    } else if (review.number % 120 === 7) {
      review.status = "hidden";
      review.moderation = {
        notes: "Hidden while the business contests it.",
        moderatedAt: new Date(seenAt.getTime() + random.int(1, 10) * DAY),
      };
    } else if (review.number % 400 === 11) {
      review.deletedAt = new Date(seenAt.getTime() + random.int(2, 30) * DAY);
    }
  }
}

/** Answers of owners and managers to some of the published reviews of their businesses. */
export function makeResponses(reviews: Review[], end: Date, random: Random): Response[] {
  const responses: Response[] = [];
  const told = new Map<Business, Set<string>>();
  for (const review of reviews) {
    const { business } = review;
    if (business.owner === undefined || review.status !== "published") continue;
    if (review.deletedAt !== undefined || !random.chance(0.16)) continue;

    const manager = business.managers.find((entry) =>
      entry.role === "manager" && entry.acceptedAt !== undefined &&
      entry.acceptedAt < review.createdAt
    );
    const used = told.get(business) ?? new Set();
    told.set(business, used);
    const phrases = RESPONSES[moodOf(review.rating)];
    const fresh = phrases.filter((phrase) => !used.has(phrase));
    const phrase = random.pick(fresh.length > 0 ? fresh : phrases);
    used.add(phrase);
    const after = review.createdAt.getTime() +
      (review.hoursToPublication! + random.int(5, 24 * 9)) * HOUR;
    responses.push({
      number: responses.length + 1,
      review,
      responder: manager !== undefined && random.chance(0.4) ? manager.person : business.owner,
      content: fill(phrase, {
        ...business.words,
        first: business.staff[0],
        reader: review.reviewer.given,
      }),
      createdAt: new Date(Math.min(after, end.getTime())),
    });
  }
  return responses;
}
