import {
  type Business,
  makeBusinesses,
  placeCategories,
  type PlacedCategory,
} from "./businesses.ts";
import { makePeople, type People } from "./people.ts";
import { Random } from "./random.ts";
import { makeResponses, makeReviews, type Response, type Review } from "./reviews.ts";

/** The day on which the seed's world stands still. Nothing in it depends on the clock. */
export const TODAY = new Date("2026-11-15T00:00:00Z");

export const BUSINESS_COUNT = 1200;
export const REVIEW_COUNT = 6000;

const YEAR = 365 * 86_400_000;

export interface Seed {
  people: People;
  categories: PlacedCategory[];
  businesses: Business[];
  reviews: Review[];
  responses: Response[];
}

/**
 * Makes the seed's world, the same one every time. Each part draws from a generator of its own, so
 * that more phrases in one part do not shuffle the others.
 */
export function makeSeed(): Seed {
  const founded = new Date(TODAY.getTime() - 3 * YEAR);
  const people = makePeople(founded, TODAY, new Random("people"));
  const categories = placeCategories();
  const businesses = makeBusinesses(
    { count: BUSINESS_COUNT, start: founded, end: TODAY, people, categories },
    new Random("businesses"),
  );
  const reviews = makeReviews(
    businesses,
    people,
    REVIEW_COUNT,
    new Date(TODAY.getTime() - 2 * YEAR),
    TODAY,
    new Random("reviews"),
  );
  const responses = makeResponses(reviews, TODAY, new Random("responses"));
  return { people, categories, businesses, reviews, responses };
}
