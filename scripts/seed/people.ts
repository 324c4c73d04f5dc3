import { CITIES } from "./cities.ts";
import { FAMILY_NAMES, GIVEN_NAMES } from "./names.ts";
import type { Random } from "./random.ts";
import { slugify } from "./text.ts";

export type Role = "user" | "moderator" | "analyst" | "admin" | "super_admin";

export interface Person {
  number: number;
  email: string;
  name: string;
  given: string;
  /** Index of the city that the person lives in. */
  home: number;
  createdAt: Date;
}

export interface RoleGrant {
  person: Person;
  role: Role;
  expiresAt?: Date;
}

export interface People {
  all: Person[];
  grants: RoleGrant[];
  moderator: Person;
  owners: Person[];
  managers: Person[];
  reviewers: Person[];
}

const OWNERS = 12;
const MANAGERS = 3;
const REVIEWERS = 400;

/** Users of each role, owners, managers, two plain test users, and the authors of the reviews. */
export function makePeople(start: Date, end: Date, random: Random): People {
  const all: Person[] = [];

  const add = (email: string, name: string, home: number, createdAt: Date): Person => {
    const person = {
      number: all.length + 1,
      email,
      name,
      given: name.split(" ")[0],
      home,
      createdAt,
    };
    all.push(person);
    return person;
  };
  const anyHome = () => random.weighted(CITIES.map((_, index) => index), (i) => CITIES[i].weight);
  const fullNames = new Set<string>();
  const anyName = (): string => {
    while (true) {
      const name = `${random.pick(GIVEN_NAMES)} ${random.pick(FAMILY_NAMES)}`;
      if (fullNames.has(slugify(name))) continue;
      fullNames.add(slugify(name));
      return name;
    }
  };

  const superAdmin = add("super-admin@example.com", "Susan Whitaker", 0, start);
  const admin = add("admin@example.com", "Andre Okafor", 0, start);
  const moderator = add("moderator@example.com", "Mónica Reyes", 0, start);
  const analyst = add("analyst@example.com", "Anika Lindgren", 0, start);
  const expired = add("expired-admin@example.com", "Edgar Boyd", 0, start);
  const testPlayers = [
    add("test1@example.com", "Test Player 1", 0, start),
    add("test2@example.com", "Test Player 2", 0, start),
  ];

  const twoDigits = (n: number) => String(n).padStart(2, "0");
  const owners: Person[] = [];
  for (let i = 1; i <= OWNERS; i++) {
    owners.push(add(`owner${twoDigits(i)}@example.com`, anyName(), anyHome(), start));
  }
  const managers: Person[] = [];
  for (let i = 1; i <= MANAGERS; i++) {
    managers.push(add(`manager${twoDigits(i)}@example.com`, anyName(), anyHome(), start));
  }

  const reviewers: Person[] = [];
  const span = end.getTime() - start.getTime();
  for (let i = 1; i <= REVIEWERS; i++) {
    // most came early, so that there is someone to write the oldest reviews
    const createdAt = new Date(start.getTime() + Math.floor(random.next() ** 3 * span * 0.8));
    const email = `reviewer${String(i).padStart(3, "0")}@example.com`;
    reviewers.push(add(email, anyName(), anyHome(), createdAt));
  }

  return {
    all,
    grants: [
      { person: superAdmin, role: "super_admin" },
      // a role is given only by someone who holds it, so the first administrator holds two
      { person: superAdmin, role: "admin" },
      { person: admin, role: "admin" },
      { person: moderator, role: "moderator" },
      { person: analyst, role: "analyst" },
      { person: expired, role: "admin", expiresAt: new Date(start.getTime() + span / 2) },
      ...testPlayers.map((person): RoleGrant => ({ person, role: "user" })),
    ],
    moderator,
    owners,
    managers,
    reviewers,
  };
}
