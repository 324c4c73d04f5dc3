import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const BEAUTY: Kind[] = [
  {
    category: "hair-salons",
    voice: "beauty",
    hours: "salon",
    weight: 24,
    also: ["barbers", "nail-salons"],
    names: lines(`
      {fancy} Hair Studio
      Salon {first}
      {fancy} Salon
      {first} & Co. Hair
      {hood} Hair Collective
      Salón {latin}
      Shear Delight
      Roots & Rows
    `),
    taglines: lines(`
      Color, cut, conversation optional
      Hair that behaves on Tuesday too
    `),
    leads: lines(`
      {name} cuts and colors all kinds of hair in a bright room on {street}.
      Six stylists share {name} in {hood}, two of them specialists for curls.
    `),
    details: lines(`
      Ask for a {item}; the consultation comes first and is free.
      Quiet appointments can be booked for those who prefer not to talk.
      Prices go by time and not by gender.
    `),
    items: list(
      "balayage, curly cut, gloss treatment, bob, full highlight, keratin treatment, bang trim",
    ),
    tags: list("color, balayage, curly hair, extensions, bridal, walk-ins, kids"),
    good: lines(`
      First stylist who understands my curls.
      The {item} grew out beautifully; I went ten weeks.
      She listened, looked, and only then picked up the scissors.
      The color is exactly the photo I brought.
    `),
    mixed: lines(`
      Great {item}, but it ran an hour over.
      Lovely result, steep price.
    `),
    bad: lines(`
      Asked for a trim and lost four inches.
      The {item} came out orange and they called it warm.
    `),
  },
  {
    category: "barbers",
    voice: "beauty",
    hours: "salon",
    weight: 18,
    names: lines(`
      {family}'s Barbershop
      {hood} Barber Co.
      {fancy} Barbershop
      Fade & Blade
      {first} the Barber
      Peluquería {latin}
    `),
    taglines: lines(`
      Walk in, look sharp
      Hot towels, cold jokes
    `),
    leads: lines(`
      {name} does fades, beards and hot-towel shaves on {street}.
      Four chairs and a long bench: {name} has cut {hood} since {year}.
    `),
    details: lines(`
      Walk-ins are taken all day; Saturdays go by number.
      The {item} comes with a neck shave, always.
    `),
    items: list("skin fade, beard trim, hot-towel shave, line-up, buzz cut, taper"),
    tags: list("fades, beards, shaves, walk-ins, kids cuts, cash"),
    good: lines(`
      Cleanest {item} in {city}.
      Ten years, same chair, never a bad cut.
      Great with my little brother, who hates clippers.
    `),
    mixed: lines(`
      Sharp {item}, long wait without an appointment.
    `),
    bad: lines(`
      Uneven on both sides, in different ways.
      On his phone for half of my cut.
    `),
  },
  {
    category: "nail-salons",
    voice: "beauty",
    hours: "salon",
    weight: 16,
    names: lines(`
      {fancy} Nails
      {hood} Nail Bar
      Lacquer & Lime
      {first}'s Nails & Spa
      Ten Little Nails
    `),
    taglines: lines(`
      Ten small works of art
      Clean tools, calm hands
    `),
    leads: lines(`
      {name} offers manicures, pedicures and nail art in a well-aired room on {street}.
      Tools are sterilized in view at {name}, and polish is free of the worst ten.
    `),
    details: lines(`
      The {item} lasts, and repairs in the first week are free.
      Groups of up to eight can book the back.
    `),
    items: list("gel manicure, dip set, spa pedicure, nail art set, polish change"),
    tags: list("gel, pedicure, nail art, walk-ins, groups, vegan polish"),
    good: lines(`
      My {item} lasted three weeks without a chip.
      Gentle with cuticles and exact with lines.
      They copied a design from a blurry photo, perfectly.
    `),
    mixed: lines(`
      Pretty {item}, a bit rushed.
    `),
    bad: lines(`
      Chipped on the way home.
      They cut me twice and carried on.
    `),
  },
  {
    category: "massage-spas",
    voice: "beauty",
    hours: "salon",
    weight: 16,
    names: lines(`
      {fancy} Massage
      {fancy} Day Spa
      {hood} Bodywork
      Still Water Spa
      Salt & Steam
    `),
    taglines: lines(`
      An hour with the phone off
      Massage, sauna, quiet
    `),
    leads: lines(`
      {name} gives massages and facials in five quiet rooms above {street}.
      A cedar sauna and licensed therapists make {name} a place to breathe in {city}.
    `),
    details: lines(`
      Come twenty minutes early; the tea and the foot bath are included.
      The {item} is the most booked, for couples side by side.
    `),
    items: list(
      `
      deep tissue massage, hot stone massage, facial, prenatal massage, couples massage, sauna hour
    `,
    ),
    tags: list("massage, facial, sauna, couples, prenatal, gift cards"),
    good: lines(`
      I floated out after the {item}.
      She found the knot that nobody else could.
      Quiet means quiet here.
    `),
    mixed: lines(`
      Relaxing {item}, noisy street.
    `),
    bad: lines(`
      Paid for sixty minutes and got forty-five.
      Cold room, cold hands, hard sell at the desk.
    `),
  },
  {
    category: "tattoo",
    voice: "beauty",
    hours: "studio",
    weight: 10,
    names: lines(`
      {fancy} Tattoo
      {hood} Ink
      Black Swan Tattoo
      {family} Tattoo Parlor
    `),
    taglines: lines(`
      Custom work, steady hands
      Drawn for you, once
    `),
    leads: lines(`
      {name} is a studio of five artists in {hood}, each with a style of their own.
      Custom work by appointment and flash on Fridays: {name}, on {street} since {year}.
    `),
    details: lines(`
      Needles are single-use and aftercare is explained twice.
      Deposits go toward the {item} you book.
    `),
    items: list("fine-line tattoo, cover-up, half sleeve, script tattoo, nose piercing"),
    tags: list("custom, fine line, cover-ups, piercing, walk-ins, flash"),
    good: lines(`
      The lines of my {item} are still crisp after two years.
      Clean studio, kind artist, no ego.
      She redrew it three times until it was right.
    `),
    mixed: lines(`
      Love my {item}, waited five months for it.
    `),
    bad: lines(`
      My {item} healed patchy and they wouldn't touch it up.
      He was rude to my friend, who only asked a question.
    `),
  },
];
