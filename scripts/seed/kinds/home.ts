import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const HOME: Kind[] = [
  {
    category: "plumbing",
    voice: "home",
    hours: "emergency",
    weight: 30,
    also: ["heating-cooling"],
    names: lines(`
      {family} Plumbing
      {family} & Sons Plumbing
      {family} Brothers Plumbing & Drain
      {fancy} Plumbing
      {city} Drain & Sewer
      1st Call Plumbing
      {hood} Plumbing Co.
      3 Sisters Plumbing
    `),
    taglines: lines(`
      Fixed right, priced up front
      A plumber at your door today
    `),
    leads: lines(`
      {name} handles leaks, drains, water heaters and remodels in {city} and nearby.
      Licensed plumbers since {year}: {name} quotes a flat price before any work begins.
      {name} answers the phone at all hours and keeps two vans in {hood}.
    `),
    details: lines(`
      From {item} to {other}, most jobs are done in one visit.
      Work is guaranteed for two years, parts and labor.
      Sewer lines are inspected by camera, and you get the video.
    `),
    items: list(`
      a burst pipe, a clogged drain, a leaking water heater, a running toilet, a gas line,
      a slab leak, a kitchen remodel
    `),
    tags: list(
      "emergency, water heaters, drain cleaning, licensed, 24 hours, sewer, free estimates",
    ),
    good: lines(`
      He found the leak in ten minutes after two other companies had given up.
      The price was the price, to the dollar.
      Shoe covers, drop cloths, and the bathroom cleaner than before.
      They came at eleven at night and were still polite.
      Our water heater died on Sunday; we had hot water by dinner.
    `),
    mixed: lines(`
      The repair holds, but they came two hours late.
      Good work, not the cheapest.
    `),
    bad: lines(`
      The same drain was blocked again after four days.
      Quoted two hundred on the phone and charged six.
      They left a hole in the wall and stopped answering.
    `),
  },
  {
    category: "electricians",
    voice: "home",
    hours: "trades",
    weight: 24,
    names: lines(`
      {family} Electric
      {fancy} Electric
      1st Choice Electric
      {city} Electrical Services
      {family} & Daughter Electric
      Live Wire Electric
      Ohm Sweet Ohm Electric
    `),
    taglines: lines(`
      Safe wiring, tidy panels
      Licensed, insured, on time
    `),
    leads: lines(`
      {name} rewires old houses, upgrades panels and installs car chargers around {city}.
      A small crew of licensed electricians, {name} has worked in {hood} since {year}.
    `),
    details: lines(`
      Permits and inspections are included in every quote.
      Every outlet is labeled and every photo of an open wall is yours.
    `),
    items: list(
      "a panel upgrade, flickering lights, a car charger, knob-and-tube wiring, a ceiling fan",
    ),
    tags: list("licensed, panel upgrades, ev charger, rewiring, lighting, free estimates"),
    good: lines(`
      The new panel is a work of art, and it passed inspection the first time.
      Explained our old wiring without trying to scare us.
      On time, tidy, and done a day early.
    `),
    mixed: lines(`
      Skilled people, but patching the wall was left to us.
    `),
    bad: lines(`
      Two no-shows before anyone came.
      Failed inspection, and we had to chase them for a month.
    `),
  },
  {
    category: "heating-cooling",
    voice: "home",
    hours: "emergency",
    weight: 20,
    also: ["plumbing"],
    names: lines(`
      {family} Heating & Air
      {fancy} Heating & Cooling
      {city} Comfort Air
      Four Seasons Heating & Air
      Polar Bear Heating & Air
      72 Degrees Heating & Air
    `),
    taglines: lines(`
      Warm in January, cool in July
      Repairs today, replacements this week
    `),
    leads: lines(`
      {name} repairs and replaces furnaces, heat pumps and air conditioners in {city}.
      {name} sizes every system by calculation and not by guess, since {year}.
    `),
    details: lines(`
      A tune-up twice a year keeps {item} from ruining a weekend.
      Rebates for heat pumps are filed for you.
    `),
    items: list("a dead furnace, no cold air, a new heat pump, a noisy condenser, duct cleaning"),
    tags: list("hvac, heat pumps, furnace repair, air conditioning, maintenance plans, 24 hours"),
    good: lines(`
      House at ninety-one degrees, technician here in two hours.
      He replaced a twelve-dollar part when others wanted to sell me a system.
      Quiet, even heat for the first time in this house.
    `),
    mixed: lines(`
      Good install; the thermostat took two return visits.
    `),
    bad: lines(`
      They tried to sell a new unit without opening the old one.
      Three weeks without heat while the part was always coming tomorrow.
    `),
  },
  {
    category: "roofing",
    voice: "home",
    hours: "trades",
    weight: 16,
    names: lines(`
      {family} Roofing
      {fancy} Roofing & Gutters
      {city} Roof Works
      Tall Ladder Roofing
      {family} Bros. Roofing
    `),
    taglines: lines(`
      Dry inside, guaranteed
      Repairs first, replacements when needed
    `),
    leads: lines(`
      {name} repairs and replaces shingle, tile and flat roofs in and around {city}.
      Storm season keeps {name} busy; photos and a written estimate come within a day.
    `),
    details: lines(`
      Crews are employed, not hired by the day, and clean up with magnets.
      Insurance claims are prepared with you, line by line.
    `),
    items: list(
      "a leak around the chimney, hail damage, a full replacement, new gutters, missing shingles",
    ),
    tags: list(
      "roof repair, storm damage, gutters, insurance claims, free inspection, metal roofs",
    ),
    good: lines(`
      Whole roof done in two days and not a nail left in the lawn.
      They said it needed only a repair, and it did.
      Photos of everything, before and after.
    `),
    mixed: lines(`
      Solid roof, but the start slipped by three weeks.
    `),
    bad: lines(`
      It still leaks in the same spot.
      They took the deposit and then rescheduled four times.
    `),
  },
  {
    category: "painters",
    voice: "home",
    hours: "trades",
    weight: 14,
    also: ["handyman"],
    names: lines(`
      {family} Painting
      {fancy} Painting Co.
      Two Coats Painting
      Straight Edge Painters
      {hood} House Painters
    `),
    taglines: lines(`
      Sharp lines, clean floors
      Two coats means two coats
    `),
    leads: lines(`
      {name} paints homes and small offices, inside and out, all over {city}.
      Preparation is most of the work, says {first} {family}, who started {name} in {year}.
    `),
    details: lines(`
      Color samples are painted on your wall before you decide.
      Lead-safe certified for older homes in {hood}.
    `),
    items: list("the whole exterior, kitchen cabinets, two bedrooms, a stairwell, an accent wall"),
    tags: list("interior, exterior, cabinets, wallpaper removal, free estimates, insured"),
    good: lines(`
      The edges look like they were drawn with a ruler.
      They moved the furniture, painted, and moved it back.
      Finished on the day they said, at the price they said.
    `),
    mixed: lines(`
      Nice job, with a few drips to touch up.
    `),
    bad: lines(`
      Paint on the floor, paint on the windows, excuses on the phone.
      It began to peel within the year.
    `),
  },
  {
    category: "landscaping",
    voice: "home",
    hours: "trades",
    weight: 16,
    also: ["tree-services"],
    names: lines(`
      {fancy} Landscaping
      {family} Garden & Lawn
      {city} Native Gardens
      {fancy} Landscape Design
      Jardines {latin}
    `),
    taglines: lines(`
      Gardens that fit the climate
      Less lawn, more life
    `),
    leads: lines(`
      {name} designs, plants and looks after gardens in {city}.
      Native plants and less watering are what {name} has stood for since {year}.
    `),
    details: lines(`
      Patios, paths and irrigation are built by the same crew.
      Weekly and monthly visits can be paused in winter.
    `),
    items: list(
      "weekly mowing, a new patio, a drought-tolerant yard, a retaining wall, spring cleanup",
    ),
    tags: list("garden design, lawn care, native plants, irrigation, patios, snow removal"),
    good: lines(`
      Our yard went from dust to butterflies in one season.
      The crew shows up every other Thursday like a clock.
      The design respected our budget and our dogs.
    `),
    mixed: lines(`
      Beautiful planting, slow to return calls.
    `),
    bad: lines(`
      Half of the plants were dead in a month.
      They cut the irrigation line and left.
    `),
  },
  {
    category: "tree-services",
    voice: "home",
    hours: "trades",
    weight: 10,
    also: ["landscaping"],
    names: lines(`
      {fancy} Tree Service
      {family} Tree Care
      High Limb Arborists
      {city} Tree & Stump
    `),
    taglines: lines(`
      Certified arborists with a light touch
      We climb so you don't have to
    `),
    leads: lines(`
      {name} prunes, cables and removes trees with certified arborists.
      Storm-damaged limbs and tired oaks are the daily work of {name} in {city}.
    `),
    details: lines(`
      Wood is cut to length or chipped, as you like.
      An arborist, not a salesman, writes the estimate.
    `),
    items: list("a dead ash, an overgrown oak, stump grinding, a limb over the roof"),
    tags: list("arborist, tree removal, pruning, stump grinding, storm damage, insured"),
    good: lines(`
      Took down a ninety-foot maple between two houses without a scratch.
      They told me the tree was healthy and went home without charging.
      Cleanup was so good that I looked for the stump.
    `),
    mixed: lines(`
      Great climbers; the ruts in the lawn were not in the quote.
    `),
    bad: lines(`
      They topped the tree, which I had asked them not to do.
      A branch through the fence and a month of silence.
    `),
  },
  {
    category: "house-cleaning",
    voice: "home",
    hours: "trades",
    weight: 18,
    names: lines(`
      {fancy} Cleaning Co.
      {first}'s House Cleaning
      Spotless {city}
      {hood} Home Cleaning
      Fresh & Bright Cleaning
      Señora {latin}'s Cleaning Crew
    `),
    taglines: lines(`
      The same team every time
      Come home to clean
    `),
    leads: lines(`
      {name} cleans homes weekly, every other week or once, with the same two people each time.
      Employee-owned and insured, {name} has cleaned {hood} since {year}.
    `),
    details: lines(`
      Products are unscented and safe around children and animals.
      Move-out cleaning comes with a checklist that landlords accept.
    `),
    items: list("a deep clean, a move-out clean, a weekly visit, cleaning after a renovation"),
    tags: list("deep cleaning, move-out, eco friendly, insured, weekly, pet friendly"),
    good: lines(`
      Even the baseboards shine.
      We got the whole deposit back.
      The same two people for a year, and I trust them with the key.
    `),
    mixed: lines(`
      Good overall; the oven is always forgotten.
    `),
    bad: lines(`
      A broken lamp hidden behind the sofa.
      They canceled on the morning of our party.
    `),
  },
  {
    category: "locksmiths",
    voice: "home",
    hours: "always",
    weight: 12,
    names: lines(`
      {family} Lock & Key
      {city} Lock & Safe
      {fancy} Locksmith
      Key 2 {city} Locksmiths
      24/7 {hood} Locksmith
    `),
    taglines: lines(`
      Locked out? Twenty minutes
      Honest locks at honest prices
    `),
    leads: lines(`
      {name} opens doors, rekeys locks and cuts car keys all over {city}, day and night.
      A shop on {street} and two vans: {name} quotes the full price on the phone.
    `),
    details: lines(`
      Smart locks are installed and explained.
      No drilling unless there is no other way, and that is rare.
    `),
    items: list("a lockout at midnight, rekeying a new house, a lost car key, a smart lock"),
    tags: list("24 hours, lockout, rekey, car keys, safes, smart locks"),
    good: lines(`
      Opened the door in three minutes without a scratch.
      Charged exactly what she said on the phone.
      Fifteen minutes at one in the morning. Saved my night.
    `),
    mixed: lines(`
      Quick, but the night rate hurts.
    `),
    bad: lines(`
      Thirty-nine dollars on the phone became three hundred at the door.
      He drilled a lock that only needed a pick.
    `),
  },
  {
    category: "pest-control",
    voice: "home",
    hours: "trades",
    weight: 12,
    names: lines(`
      {family} Pest Control
      {fancy} Pest Solutions
      {city} Critter & Pest
      Gone for Good Pest Control
    `),
    taglines: lines(`
      Out, and they stay out
      Safe for children and pets
    `),
    leads: lines(`
      {name} deals with ants, rodents, termites and bed bugs in {city}.
      Inspection first, treatment second: {name} seals what others only spray.
    `),
    details: lines(`
      If they come back within ninety days, so does the technician, for free.
      Treatments are chosen with children and pets in mind.
    `),
    items: list("ants in the kitchen, mice in the attic, termites, bed bugs, a wasp nest"),
    tags: list("termites, rodents, bed bugs, pet safe, guarantee, inspection"),
    good: lines(`
      One visit and not an ant since.
      He found the gap behind the stove where the mice came in.
      No scare tactics, and no contract.
    `),
    mixed: lines(`
      It worked on the second treatment.
    `),
    bad: lines(`
      Paid for a plan and the roaches outlived it.
      He sprayed for five minutes and left.
    `),
  },
  {
    category: "handyman",
    voice: "home",
    hours: "trades",
    weight: 14,
    also: ["painters"],
    names: lines(`
      {first} the Handyman
      {hood} Home Repair
      {fancy} Handyman Services
      {family} Fix-It
      Honey-Do {city}
    `),
    taglines: lines(`
      The list on your fridge, done
      No job too small
    `),
    leads: lines(`
      {name} takes care of doors, drywall, shelves, decks and everything else on the list.
      {first} {family} started {name} in {year} after twenty years of carpentry.
    `),
    details: lines(`
      Half-day and full-day bookings keep the price fair.
      Send photos, and the quote comes the same evening.
    `),
    items: list("a sticking door, a drywall hole, a fence repair, mounting shelves, a new faucet"),
    tags: list("small jobs, carpentry, drywall, furniture assembly, decks, doors"),
    good: lines(`
      Nine small jobs in one morning.
      He fixed what two contractors had said must be replaced.
      Fair, handy and tidy. The list is empty now.
    `),
    mixed: lines(`
      Does good work and is booked for weeks.
    `),
    bad: lines(`
      The shelf fell the same night.
      Started three things and finished one.
    `),
  },
  {
    category: "movers",
    voice: "home",
    hours: "trades",
    weight: 16,
    names: lines(`
      {fancy} Moving Co.
      {family} Bros. Moving
      {city} Moving & Storage
      Two Strong Backs Movers
      Handle With Care Movers
    `),
    taglines: lines(`
      Nothing broken, nobody late
      Flat-rate moves, no surprises
    `),
    leads: lines(`
      {name} moves apartments and houses within {city} and across the country.
      Three trucks and nine movers: {name} packs, wraps and labels since {year}.
    `),
    details: lines(`
      Quotes are made by video, in writing, and hold.
      Pianos are moved by people who play them.
    `),
    items: list("a two-bedroom move, an upright piano, a move to another state, packing help"),
    tags: list("local moves, long distance, packing, piano, storage, insured"),
    good: lines(`
      Four floors without an elevator, and they sang.
      Not one scratch on my grandmother's cabinet.
      Finished an hour early and charged for the shorter time.
    `),
    mixed: lines(`
      Careful movers, but the truck was too small for one trip.
    `),
    bad: lines(`
      A box of dishes arrived as gravel.
      They added a stairs fee when everything was already on the truck.
    `),
  },
];
