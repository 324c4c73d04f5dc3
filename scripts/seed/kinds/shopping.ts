import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const SHOPPING: Kind[] = [
  {
    category: "bookstores",
    voice: "shop",
    hours: "shop",
    weight: 12,
    also: ["coffee-shops"],
    names: lines(`
      {fancy} Books
      {hood} Bookshop
      The {fancy} Bookstore
      {family} & {family2} Booksellers
      Dog-Eared Books
      221 Books
      Librería {latin}
    `),
    taglines: lines(`
      New, used, and recommended
      Read before you leave
    `),
    leads: lines(`
      {name} sells new and used books on two floors of an old house on {street}.
      Readings on Thursdays and a cat named {pet}: {name} is the bookshop of {hood}.
    `),
    details: lines(`
      Books that aren't there are there in two days.
      Staff write the cards under the shelves, and mean them.
    `),
    items: list("a birthday gift, a cookbook, an out-of-print novel, a book for my niece, poetry"),
    tags: list("new books, used books, readings, children, gifts, book club"),
    good: lines(`
      The handwritten cards have never led me wrong.
      I came for one book and left with five.
      They found an edition I had sought for years.
    `),
    mixed: lines(`
      Charming shop, narrow choice of science.
    `),
    bad: lines(`
      They offered a dollar for two bags of good books.
      My special order never came and nobody called.
    `),
  },
  {
    category: "florists",
    voice: "shop",
    hours: "shop",
    weight: 12,
    names: lines(`
      {fancy} Flowers
      {first}'s Florist
      {hood} Flower Market
      Petal & Stem
      Fleur de {first}
      Bloom & Vine
    `),
    taglines: lines(`
      Local stems, loose bouquets
      Delivered before two, all over {city}
    `),
    leads: lines(`
      {name} ties bouquets from flowers grown within a hundred miles of {city}.
      Weddings, funerals and ordinary Tuesdays: {name} has had flowers for {hood} since {year}.
    `),
    details: lines(`
      Order before noon and it is delivered the same day.
      House plants come with a card that says how not to kill them.
    `),
    items: list("wedding flowers, a sympathy bouquet, a house plant, an anniversary bouquet"),
    tags: list("bouquets, weddings, same-day delivery, house plants, local flowers"),
    good: lines(`
      Nine days later the bouquet still looks fresh.
      Our wedding arch made my mother cry.
      They called to say a stem was missing and sent two.
    `),
    mixed: lines(`
      Beautiful flowers, smaller than in the picture.
    `),
    bad: lines(`
      Wilted on arrival, a day late.
      They delivered it to the wrong house and asked me to fetch it.
    `),
  },
  {
    category: "bike-shops",
    voice: "shop",
    hours: "shop",
    weight: 12,
    names: lines(`
      {fancy} Cycles
      {hood} Bike Shop
      {family} Bicycle Works
      Spoke & Chain
      Second Gear Bikes
    `),
    taglines: lines(`
      Tune-ups while you wait
      Bikes for hills, kids and groceries
    `),
    leads: lines(`
      {name} sells, rents and repairs bicycles on {street}.
      Commuters get first place in the stand at {name}, in {hood} since {year}.
    `),
    details: lines(`
      A new bike comes with a year of free tune-ups.
      Tuesday evenings the stands are free for anyone who wants to learn.
    `),
    items: list("a tune-up, a flat tire, a commuter bike, my daughter's first bike, new brakes"),
    tags: list("repair, rentals, commuter, kids bikes, e-bikes, tune-ups"),
    good: lines(`
      Fixed my flat in ten minutes while I drank their coffee.
      Didn't try to sell me more bike than I need.
      It shifts better than when it was new.
    `),
    mixed: lines(`
      Great mechanics, two weeks' wait in May.
    `),
    bad: lines(`
      The brakes rubbed the day I got it back.
      They talked down to me from the first minute.
    `),
  },
  {
    category: "thrift-vintage",
    voice: "shop",
    hours: "shop",
    weight: 10,
    names: lines(`
      {fancy} Vintage
      {hood} Thrift
      Second Act Vintage
      Déjà Vu Vintage
      {first}'s Attic
      1974 Vintage
    `),
    taglines: lines(`
      Worn once, loved twice
      New racks every Thursday
    `),
    leads: lines(`
      {name} sorts clothes and furniture from four decades on {street}.
      Everything at {name} is washed, mended and tagged by year.
    `),
    details: lines(`
      Bring a bag and take store credit home.
      Half of the profits go to the shelter around the corner.
    `),
    items: list("a denim jacket, a mid-century lamp, a costume, a wool coat"),
    tags: list("vintage, thrift, furniture, consignment, denim"),
    good: lines(`
      Found my winter coat for twenty-two dollars.
      Well sorted, fairly priced, no musty smell.
      The owner remembers what you are looking for.
    `),
    mixed: lines(`
      Great finds if you have an hour to dig.
    `),
    bad: lines(`
      Thrift in name, boutique in price.
      The zipper broke the same day; all sales final.
    `),
  },
  {
    category: "hardware-stores",
    voice: "shop",
    hours: "shop",
    weight: 10,
    names: lines(`
      {family} Hardware
      {hood} Hardware & Paint
      {fancy} Hardware
      Nuts, Bolts & {family}
    `),
    taglines: lines(`
      One screw or a whole deck
      Ask the person in the apron
    `),
    leads: lines(`
      {name} has sold tools, paint and single screws on {street} since {year}.
      A real hardware store in {hood}: {name} cuts keys, glass and pipe.
    `),
    details: lines(`
      Screens and lamps are repaired in the back.
      Tools can be rented by the day.
    `),
    items: list("a single hinge, paint for the porch, a key copy, a part for an old faucet"),
    tags: list("tools, paint, keys, rentals, garden, advice"),
    good: lines(`
      They sold me one bolt for nineteen cents and told me how to use it.
      He knew the part from a bad photo.
      Saved me a plumber and a trip across town.
    `),
    mixed: lines(`
      Everything is there, at a bit more than online.
    `),
    bad: lines(`
      The paint was the wrong shade and they wouldn't mix it again.
      Ten minutes at the counter before anyone looked up.
    `),
  },
];
