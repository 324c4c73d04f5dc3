/** Opening hours as the example page shows them. */

import assert from "node:assert/strict";
import { openState, week } from "../../../examples/directory/hours.js";

const BAR = {
  thu: [["17:00", "24:00"]],
  fri: [["00:00", "01:00"], ["16:00", "24:00"]],
  sat: [["00:00", "02:00"]],
  sun: [["11:30", "14:30"], ["17:00", "21:30"]],
};
const ALWAYS = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [["00:00", "24:00"]]]),
);

const textOf = (name: string) => week(BAR).find((day) => day.name === name)?.text;

Deno.test("an opening that runs past midnight is shown on the day on which it begins", () => {
  assert.equal(textOf("Thursday"), "5 PM – 1 AM");
  assert.equal(textOf("Friday"), "4 PM – 2 AM");
  assert.equal(textOf("Saturday"), "Closed");
  assert.equal(textOf("Sunday"), "11:30 AM – 2:30 PM, 5 PM – 9:30 PM");
  assert.equal(week(ALWAYS)[0].text, "Open all day");
});

Deno.test("whether a business is open is decided in its own time zone", () => {
  const at = (moment: string, zone = "America/Chicago") => openState(BAR, zone, new Date(moment));
  // 2026-11-20 is a Friday; Chicago is six hours behind UTC then
  assert.deepEqual(at("2026-11-20T23:30:00Z"), {
    day: "fri",
    isOpen: true,
    text: "Open until 2 AM",
  });
  assert.equal(at("2026-11-20T23:30:00Z", "Asia/Tokyo").day, "sat");
  assert.equal(at("2026-11-21T07:59:00Z").text, "Open until 2 AM");
  assert.equal(at("2026-11-21T08:00:00Z").text, "Closed, opens tomorrow 11:30 AM");
  assert.equal(at("2026-11-22T21:00:00Z").text, "Closed, opens 5 PM");
  assert.equal(at("2026-11-23T12:00:00Z").text, "Closed, opens Thursday 5 PM");
});

Deno.test("a business that never closes, and one that never opens", () => {
  const moment = new Date("2026-11-20T23:30:00Z");
  assert.equal(openState(ALWAYS, "UTC", moment).text, "Open day and night");
  assert.deepEqual(openState({}, "UTC", moment), { day: "fri", isOpen: false, text: "Closed" });
});
