import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const AUTOMOTIVE: Kind[] = [
  {
    category: "auto-repair",
    voice: "auto",
    hours: "garage",
    weight: 32,
    also: ["tire-shops"],
    names: lines(`
      {family} Auto Repair
      {family} & Sons Garage
      {hood} Auto Works
      {fancy} Automotive
      {street} Garage
      5 Point Auto
      {city} Import Specialists
      Honest {first}'s Auto
    `),
    taglines: lines(`
      Straight answers, fair estimates
      Fixed the first time
    `),
    leads: lines(`
      {name} repairs all makes on {street}, with photos of every worn part.
      An independent garage in {hood}, {name} has kept old cars on the road since {year}.
      {name} employs four certified mechanics and no salesmen.
    `),
    details: lines(`
      Estimates are written, free, and kept for thirty days.
      Hybrids and electric cars are serviced in their own bay.
      Loaner bikes and a shuttle save the walk home.
    `),
    items: list(
      `
      new brake pads, a timing belt, a check-engine light, an oil change, a dead alternator,
      a tune-up
    `,
    ),
    tags: list("brakes, oil change, diagnostics, hybrid, inspection, all makes, shuttle"),
    good: lines(`
      They showed me the old part and let me touch it.
      Came in under the estimate.
      He said the other repair could wait a year, and he was right.
      The dealer wanted two thousand; it was a forty-dollar sensor.
    `),
    mixed: lines(`
      Good mechanics, but it took two days longer than promised.
      Fair price; call them, because they won't call you.
    `),
    bad: lines(`
      Same noise, same light, minus eight hundred dollars.
      They replaced three parts before finding the right one, and I paid for all.
      Oil on the seat and a new scratch on the door.
    `),
  },
  {
    category: "tire-shops",
    voice: "auto",
    hours: "garage",
    weight: 12,
    also: ["auto-repair"],
    names: lines(`
      {family} Tire & Alignment
      {fancy} Tire
      Llantera {latin}
      {city} Tire Center
      Round & Black Tire Co.
    `),
    taglines: lines(`
      New tires before lunch
      Flats fixed while you wait
    `),
    leads: lines(`
      {name} sells, mounts and aligns tires on {street}, most of them the same day.
      Flats are patched for free when the tire came from {name}.
    `),
    details: lines(`
      Used tires are inspected, dated and sold with a warranty.
      Winter sets are stored over the summer.
    `),
    items: list("four new tires, a flat, an alignment, a set of winter tires"),
    tags: list("tires, alignment, flat repair, used tires, balancing"),
    good: lines(`
      In and out in fifty minutes with four new tires.
      Patched my flat and wouldn't take money.
      The car tracks straight again.
    `),
    mixed: lines(`
      Good price, long wait on Saturday.
    `),
    bad: lines(`
      They lost a lug nut and a hubcap.
      The wheel shook so badly that I had to go back twice.
    `),
  },
  {
    category: "body-shops",
    voice: "auto",
    hours: "garage",
    weight: 12,
    names: lines(`
      {family} Collision
      {fancy} Auto Body
      {hood} Body & Paint
      Second Chance Auto Body
    `),
    taglines: lines(`
      Like it never happened
      Collision repair and color matching
    `),
    leads: lines(`
      {name} repairs collision damage and matches paint by spectrometer.
      Insurance work and old trucks share the bays of {name} on {street}.
    `),
    details: lines(`
      Every repair comes with a lifetime warranty on paint.
      Rental cars are arranged and often delivered.
    `),
    items: list("a dented door, a rear-end collision, a bumper respray, hail damage"),
    tags: list("collision, paint, dent repair, insurance, rental cars"),
    good: lines(`
      I can't find where the dent was.
      They fought the insurance company so that I didn't have to.
      Color match is perfect, even in sunlight.
    `),
    mixed: lines(`
      Beautiful work, three weeks late.
    `),
    bad: lines(`
      The new door is a different shade of blue.
      Parts on order, they said, for two months.
    `),
  },
  {
    category: "car-wash-detailing",
    voice: "auto",
    hours: "wash",
    weight: 14,
    names: lines(`
      {fancy} Car Wash
      {hood} Hand Wash
      Mirror Finish Detailing
      Shine on {street}
      {family} Mobile Detailing
    `),
    taglines: lines(`
      By hand, every panel
      Your car, as it was on day one
    `),
    leads: lines(`
      {name} washes by hand and details inside and out, on {street} or at your door.
      Water is filtered and used again at {name}, which has shone since {year}.
    `),
    details: lines(`
      Ceramic coating and paint correction are booked by the day.
      Dog hair costs a little extra, and they earn it.
    `),
    items: list("a full detail, a hand wash, a ceramic coating, dog hair everywhere"),
    tags: list("hand wash, detailing, ceramic coating, mobile, interior"),
    good: lines(`
      They got the crayon out of the seats.
      It looked better than the day I bought it.
      Every vent, every seam, every cup holder.
    `),
    mixed: lines(`
      Nice shine, streaks on the inside of the windshield.
    `),
    bad: lines(`
      Swirl marks all over a black car.
      Sand in the trunk and a bill for the full package.
    `),
  },
  {
    category: "towing",
    voice: "auto",
    hours: "always",
    weight: 10,
    names: lines(`
      {family} Towing
      {city} Tow & Recovery
      {fancy} Roadside
      24 Hour {hood} Towing
    `),
    taglines: lines(`
      On the way, day and night
      Flatbeds and friendly drivers
    `),
    leads: lines(`
      {name} tows, jump-starts and unlocks cars around {city} at any hour.
      Five flatbeds and a dispatcher who answers: that is {name}, since {year}.
    `),
    details: lines(`
      The price is given on the phone, by distance.
      Low cars and motorcycles ride on soft straps.
    `),
    items: list("a breakdown on the highway, a dead battery, a locked car, a motorcycle"),
    tags: list("24 hours, flatbed, jump start, lockout, motorcycles"),
    good: lines(`
      Driver was there in twenty-five minutes, in the snow.
      He dropped me at home after the garage.
      Same price as quoted, on a holiday.
    `),
    mixed: lines(`
      Helpful driver, wait of an hour and a half.
    `),
    bad: lines(`
      Scraped the bumper on the ramp and denied it.
      They hung up when I asked for the price.
    `),
  },
  {
    category: "used-cars",
    voice: "auto",
    hours: "shop",
    weight: 8,
    names: lines(`
      {family} Motors
      {fancy} Auto Sales
      {city} Pre-Owned
      Good Mile Motors
    `),
    taglines: lines(`
      Forty cars, no games
      Every car with its history on paper
    `),
    leads: lines(`
      {name} sells about forty inspected used cars at fixed prices on {street}.
      No haggling and a week to bring it back: {name} has sold cars this way since {year}.
    `),
    details: lines(`
      Take any car to your own mechanic before you sign.
      Trade-ins are valued in writing within an hour.
    `),
    items: list("a first car, a used pickup, a trade-in, a minivan"),
    tags: list("used cars, financing, trade-in, inspected, fixed price"),
    good: lines(`
      No pressure. They let me keep it overnight.
      The history report was on the seat before I asked.
      Bought my second car here and would buy a third.
    `),
    mixed: lines(`
      Fair price, slow paperwork.
    `),
    bad: lines(`
      The transmission went in the second month.
      The advertised car had always just been sold.
    `),
  },
];
