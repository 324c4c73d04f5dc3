/** Which bank of review phrases speaks about a kind of business. */
export type Voice =
  | "food"
  | "health"
  | "home"
  | "auto"
  | "office"
  | "beauty"
  | "shop"
  | "fitness"
  | "pets"
  | "night";

export type HoursKind =
  | "always"
  | "bakery"
  | "bar"
  | "brewery"
  | "cafe"
  | "clinic"
  | "dinner"
  | "emergency"
  | "garage"
  | "gym"
  | "office"
  | "restaurant"
  | "salon"
  | "scoops"
  | "shop"
  | "split"
  | "studio"
  | "trades"
  | "urgent"
  | "wash";

export type Culture =
  | "chinese"
  | "indian"
  | "italian"
  | "japanese"
  | "korean"
  | "latin"
  | "levantine"
  | "thai"
  | "vietnamese";

/**
 * A kind of business: everything that makes its entries and reviews sound like it. Phrases hold
 * slots: {name} {city} {hood} {street} {year} {first} {woman}
 * {man} {family} {family2} {latin} {fancy} {emblem} {item} {other} {pet}.
 * {item} and {other} come from items, which the phrases of the kind's voice expect in one form:
 * food, night and beauty a singular noun without article, the others a phrase that stands alone.
 */
export interface Kind {
  /** Slug of the category that its businesses hang in. */
  category: string;
  voice: Voice;
  /** Where its owners' names mostly come from; from everywhere when it is absent. */
  culture?: Culture;
  hours: HoursKind;
  /** Relative number of businesses. */
  weight: number;
  /** Slugs of categories that some of its businesses are also in. */
  also?: string[];
  names: string[];
  taglines: string[];
  /** First sentences of descriptions. */
  leads: string[];
  /** Second and third sentences of descriptions. */
  details: string[];
  items: string[];
  tags: string[];
  good: string[];
  mixed: string[];
  bad: string[];
}
