import type { HoursKind } from "./kind.ts";
import type { Random } from "./random.ts";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = typeof DAYS[number];

/** Day to a list of [opens, closes]. A day without an entry is closed. */
export type Hours = Partial<Record<Day, [string, string][]>>;

/** Minutes after midnight of weekdays and weekend days, as [opens, closes] ranges. */
interface Pattern {
  /** Times by day, from Monday; an empty list is a closed day, an end past 24 is the next day. */
  days: [number, number][][];
  /** How many half hours the opening and the closing may move, either way. */
  give: number;
  /** Days that the business may close, besides those with no times. */
  restDays: Day[];
}

function every(
  weekday: [number, number][],
  saturday: [number, number][] = weekday,
  sunday: [number, number][] = saturday,
): [number, number][][] {
  return [weekday, weekday, weekday, weekday, weekday, saturday, sunday];
}

const PATTERNS: Record<HoursKind, Pattern> = {
  always: { days: every([[0, 24]]), give: 0, restDays: [] },
  bakery: { days: every([[6, 15]], [[7, 15]], [[7, 13]]), give: 1, restDays: ["mon", "tue"] },
  bar: {
    days: [[[17, 24]], [[17, 24]], [[17, 24]], [[17, 25]], [[16, 26]], [[16, 26]], [[16, 23]]],
    give: 1,
    restDays: ["mon"],
  },
  brewery: {
    days: [[[15, 22]], [[15, 22]], [[15, 22]], [[14, 22]], [[12, 24]], [[11, 24]], [[11, 21]]],
    give: 1,
    restDays: ["mon"],
  },
  cafe: { days: every([[7, 17]], [[7.5, 17]], [[8, 16]]), give: 1, restDays: [] },
  clinic: { days: every([[8, 17]], [], []), give: 1, restDays: [] },
  dinner: {
    days: [[[17, 22]], [[17, 22]], [[17, 22]], [[17, 22]], [[17, 23]], [[16, 23]], [[16, 21]]],
    give: 1,
    restDays: ["mon", "tue", "sun"],
  },
  emergency: { days: every([[7, 19]], [[8, 17]], [[9, 15]]), give: 2, restDays: [] },
  garage: { days: every([[8, 18]], [[8, 14]], []), give: 1, restDays: [] },
  gym: { days: every([[5.5, 22]], [[7, 20]], [[7, 19]]), give: 1, restDays: [] },
  office: { days: every([[9, 17]], [], []), give: 1, restDays: [] },
  restaurant: {
    days: [[[11, 21]], [[11, 21]], [[11, 21]], [[11, 22]], [[11, 23]], [[11, 23]], [[11, 21]]],
    give: 1,
    restDays: ["mon", "tue"],
  },
  salon: { days: every([[10, 19]], [[9, 18]], [[10, 16]]), give: 1, restDays: ["mon", "sun"] },
  scoops: { days: every([[12, 22]], [[11, 23]], [[11, 22]]), give: 1, restDays: ["mon"] },
  shop: { days: every([[10, 18]], [[10, 18]], [[11, 17]]), give: 1, restDays: ["mon", "sun"] },
  split: {
    days: every([[11.5, 14.5], [17, 21.5]], [[11.5, 22]], [[11.5, 21]]),
    give: 1,
    restDays: ["mon", "tue"],
  },
  studio: { days: every([[10, 20]], [[9, 17]], [[9, 14]]), give: 2, restDays: ["mon"] },
  trades: { days: every([[8, 17]], [[9, 14]], []), give: 1, restDays: ["sat"] },
  urgent: { days: every([[8, 20]], [[9, 18]], [[9, 18]]), give: 1, restDays: [] },
  wash: { days: every([[8, 19]], [[8, 18]], [[9, 17]]), give: 1, restDays: ["sun"] },
};

function clock(hour: number): string {
  const minutes = Math.round(hour * 60);
  return [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/**
 * Hours of one business of a kind: the pattern moved by half hours, at times with a day of rest.
 * What runs past midnight is written as an opening of the next day, so a day never ends before it
 * begins.
 */
export function hoursOf(kind: HoursKind, random: Random): Hours {
  const pattern = PATTERNS[kind];
  const opens = random.int(-pattern.give, pattern.give) / 2;
  const closes = random.int(-pattern.give, pattern.give) / 2;
  const rest = pattern.restDays.length > 0 && random.chance(0.45)
    ? random.pick(pattern.restDays)
    : undefined;

  const hours: Hours = {};
  const late: Hours = {};
  DAYS.forEach((day, index) => {
    const ranges = day === rest ? [] : pattern.days[index];
    ranges.forEach(([from, to], position) => {
      // only the outer ends move, so that a pause at noon stays a pause
      const start = position === 0 ? from + opens : from;
      const end = position === ranges.length - 1 ? to + closes : to;
      (hours[day] ??= []).push([clock(start), clock(Math.min(end, 24))]);
      if (end > 24) {
        (late[DAYS[(index + 1) % DAYS.length]] ??= []).push(["00:00", clock(end - 24)]);
      }
    });
  });

  const week: Hours = {};
  for (const day of DAYS) {
    const ranges = [...late[day] ?? [], ...hours[day] ?? []];
    if (ranges.length > 0) week[day] = ranges;
  }
  return week;
}
