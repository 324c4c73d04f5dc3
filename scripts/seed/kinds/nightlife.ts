import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const NIGHTLIFE: Kind[] = [
  {
    category: "bars",
    voice: "night",
    hours: "bar",
    weight: 10,
    names: lines(`
      The {fancy} Tavern
      {family}'s Bar
      {fancy} Tap Room
      {hood} Social Club
      The Crooked Elbow
    `),
    taglines: lines(`
      Cold beer, warm room
      Your other living room
    `),
    leads: lines(`
      {name} is the corner bar of {hood}, with a pool table and a kitchen that stays open.
      Twelve taps, a jukebox and no dress code: {name}, on {street} since {year}.
    `),
    details: lines(`
      Trivia on Tuesdays, and the {item} is three dollars off.
      Games are shown with the sound off unless everybody wants it on.
    `),
    items: list("house lager, burger, whiskey sour, pickle-back, chicken wing basket"),
    tags: list("beer, pool table, trivia, patio, sports, late kitchen"),
    good: lines(`
      The bartender knew my order on the second visit.
      The {item} is better than it has any right to be.
      A real neighborhood bar, with neighbors in it.
    `),
    mixed: lines(`
      Fun crowd, sticky floor.
    `),
    bad: lines(`
      Watered down and overpriced.
      The bouncer was rude to everyone.
    `),
  },
  {
    category: "cocktail-bars",
    voice: "night",
    hours: "bar",
    weight: 12,
    names: lines(`
      The {fancy} Room
      {fancy} & Rye
      Bar {first}
      Nightjar {hood}
      The Velvet Hour
      Bar Señorita
    `),
    taglines: lines(`
      Stirred, shaken, unhurried
      Classics and eight of our own
    `),
    leads: lines(`
      {name} mixes classics and a short list of its own behind an unmarked door on {street}.
      Low light, tall glasses and clear ice: {name} is the late room of {hood}.
    `),
    details: lines(`
      The {item} is the signature, and the drinks without alcohol get the same care.
      Seats are by reservation until ten, then by luck.
    `),
    items: list("old fashioned, house martini, mezcal sour, clarified punch, zero-proof spritz"),
    tags: list("cocktails, reservations, date night, mezcal, whiskey, zero proof"),
    good: lines(`
      The {item} was balanced, cold and gone too soon.
      I described a mood and the bartender made it.
      Quiet enough to hear each other.
    `),
    mixed: lines(`
      Superb {item}, eighteen dollars each.
    `),
    bad: lines(`
      Half an hour for a {item} that tasted like syrup.
      Pretty room, cold welcome.
    `),
  },
  {
    category: "wine-bars",
    voice: "night",
    hours: "bar",
    weight: 8,
    also: ["italian"],
    names: lines(`
      {fancy} Wine Bar
      Cork & Clover
      Bar à Vin {first}
      {hood} Wine Room
      Vino {family}
    `),
    taglines: lines(`
      Thirty wines by the glass
      Small growers, small plates
    `),
    leads: lines(`
      {name} pours thirty wines by the glass and slices cheese to match, on {street}.
      Small growers and short menus: {name} opened in {hood} in {year}.
    `),
    details: lines(`
      Flights change every week; the {item} goes with all of them.
      Bottles can be bought to take home at a third less.
    `),
    items: list("cheese board, tasting flight, orange wine, charcuterie plate, glass of Barolo"),
    tags: list("wine, natural wine, small plates, tastings, date night"),
    good: lines(`
      They found me a wine I didn't know I loved.
      The {item} is generous and well chosen.
      Knowledge without snobbery.
    `),
    mixed: lines(`
      Great list, tiny tables.
    `),
    bad: lines(`
      The {item} was three crackers and regret.
      An open bottle that had been open too long.
    `),
  },
  {
    category: "breweries",
    voice: "night",
    hours: "brewery",
    weight: 14,
    also: ["bars", "pizza"],
    names: lines(`
      {fancy} Brewing Co.
      {hood} Brewing
      {fancy} Beer Works
      {family} & {family2} Brewers
      Three Barrel Brewing
      Café Bier
    `),
    taglines: lines(`
      Brewed twenty feet from your glass
      Lagers with patience
    `),
    leads: lines(`
      {name} brews lagers and hazy ales in a former warehouse on {street}.
      Families by day and darts by night: {name} has been the yard of {hood} since {year}.
    `),
    details: lines(`
      Twelve taps rotate, and the {item} always stays.
      Food trucks park outside from Thursday to Sunday.
    `),
    items: list("pilsner, hazy IPA, oatmeal stout, sour flight, pretzel"),
    tags: list("craft beer, food trucks, dog friendly, patio, tours, family friendly"),
    good: lines(`
      The {item} is as clean as any I have had in Bavaria.
      Kids, dogs and a lot of grass: the perfect Sunday.
      Staff pour tastes until you find yours.
    `),
    mixed: lines(`
      Good beer, hard benches, long line for the truck.
    `),
    bad: lines(`
      The {item} was flat and nobody minded but me.
      Twenty minutes to order, ten to pay.
    `),
  },
  {
    category: "music-venues",
    voice: "night",
    hours: "bar",
    weight: 6,
    also: ["bars"],
    names: lines(`
      The {fancy} Ballroom
      {hood} Music Hall
      The {fancy} Stage
      Club {fancy}
    `),
    taglines: lines(`
      Loud bands, clear sound
      A stage, a bar, a reason to stay up
    `),
    leads: lines(`
      {name} puts on bands five nights a week in a room for four hundred on {street}.
      Jazz early, noise late: {name} has been the stage of {hood} since {year}.
    `),
    details: lines(`
      Earplugs are free, and the sound is done by people who listen.
      The {item} at the bar is named after the house drummer.
    `),
    items: list("gin fizz, house lager, spicy margarita, dark and stormy"),
    tags: list("live music, jazz, indie, all ages, dancing"),
    good: lines(`
      You can hear the words, even at the back.
      Staff were kind to my mother, who is seventy-nine and danced.
      Great bookings at fair ticket prices.
    `),
    mixed: lines(`
      Great sound, ten-dollar beers.
    `),
    bad: lines(`
      Sold twice as many tickets as there is air.
      Show began two hours late and nobody said why.
    `),
  },
];
