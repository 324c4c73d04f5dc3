import type { Kind } from "../kind.ts";
import { AUTOMOTIVE } from "./automotive.ts";
import { BEAUTY } from "./beauty.ts";
import { FITNESS } from "./fitness.ts";
import { HEALTH } from "./health.ts";
import { HOME } from "./home.ts";
import { NIGHTLIFE } from "./nightlife.ts";
import { PETS } from "./pets.ts";
import { PROFESSIONAL } from "./professional.ts";
import { RESTAURANTS } from "./restaurants.ts";
import { SHOPPING } from "./shopping.ts";

/** Every kind of business that the seed knows. */
export const KINDS: readonly Kind[] = [
  ...RESTAURANTS,
  ...HEALTH,
  ...HOME,
  ...AUTOMOTIVE,
  ...PROFESSIONAL,
  ...BEAUTY,
  ...SHOPPING,
  ...FITNESS,
  ...PETS,
  ...NIGHTLIFE,
];
