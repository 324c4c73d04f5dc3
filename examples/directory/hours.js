/** Opening hours, as directory.businesses.business_hours holds them: day to a list of [opens, closes]. */

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_NAMES = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

/** Day and time of a moment in a time zone, as "tue" and "14:05". */
export function localTime(timeZone, moment) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type) => parts.find((candidate) => candidate.type === type).value;
  return { day: part("weekday").toLowerCase(), time: `${part("hour")}:${part("minute")}` };
}

/**
 * The week for people, from Monday: { name, day, text } a day. An opening that runs past midnight is
 * held as two, and shown as one, on the day on which it begins.
 */
export function week(hours) {
  return DAYS.map((day, index) => {
    const before = hours[DAYS[(index + 6) % 7]] ?? [];
    const after = hours[DAYS[(index + 1) % 7]] ?? [];
    const ranges = (hours[day] ?? [])
      .filter((range) => !(isNightPart(range) && before.at(-1)?.[1] === "24:00"))
      .map(([opens, closes]) => {
        const night = closes === "24:00" && after.find(isNightPart);
        return [opens, night ? night[1] : closes];
      });
    const text = ranges.map(([opens, closes]) =>
      opens === "00:00" && closes === "24:00"
        ? "Open all day"
        : `${clock(opens)} – ${clock(closes)}`
    ).join(", ");
    return { day, name: DAY_NAMES[day], text: text || "Closed" };
  });
}

/** True for the part after midnight of an opening that began the day before. */
const isNightPart = ([opens, closes]) => opens === "00:00" && closes < "12:00";

/** Whether a business is open, and what comes next: { day, isOpen, text }; day is its today. */
export function openState(hours, timeZone, moment = new Date()) {
  const { day, time } = localTime(timeZone, moment);
  const today = DAYS.indexOf(day);
  // Openings of the week ahead, as minutes from today's midnight; those that touch are one.
  const openings = [];
  for (let ahead = 0; ahead <= 7; ahead++) {
    for (const [opens, closes] of hours[DAYS[(today + ahead) % 7]] ?? []) {
      const opening = { from: minutes(opens) + ahead * 1440, to: minutes(closes) + ahead * 1440 };
      const previous = openings.at(-1);
      if (previous?.to === opening.from) previous.to = opening.to;
      else openings.push(opening);
    }
  }
  const now = minutes(time);
  const next = openings.find(({ to }) => to > now);
  if (!next) return { day, isOpen: false, text: "Closed" };
  if (next.from > now) {
    const when = `${dayAhead(next.from, today)} ${clock(asTime(next.from))}`.trim();
    return { day, isOpen: false, text: `Closed, opens ${when}` };
  }
  if (next.to - now >= 1440) return { day, isOpen: true, text: "Open day and night" };
  return { day, isOpen: true, text: `Open until ${clock(asTime(next.to))}` };
}

const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const asTime = (total) =>
  [Math.floor(total / 60) % 24, total % 60].map((part) => String(part).padStart(2, "0")).join(":");

function dayAhead(total, today) {
  const days = Math.floor(total / 1440);
  if (days === 0) return "";
  return days === 1 ? "tomorrow" : DAY_NAMES[DAYS[(today + days) % 7]];
}

/** "17:30" as "5:30 PM". */
function clock(time) {
  const hour = Number(time.slice(0, 2)) % 24;
  const minute = time.slice(3);
  const shown = `${hour % 12 || 12}${minute === "00" ? "" : `:${minute}`}`;
  return `${shown} ${hour < 12 ? "AM" : "PM"}`;
}
