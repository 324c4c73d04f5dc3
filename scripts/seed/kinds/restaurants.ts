import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const RESTAURANTS: Kind[] = [
  {
    category: "coffee-shops",
    voice: "food",
    hours: "cafe",
    weight: 46,
    also: ["bakeries", "breakfast-brunch", "tea-houses"],
    names: lines(`
      {fancy} Coffee
      {fancy} Coffee Roasters
      {fancy} Espresso Bar
      {hood} Coffee House
      Café {first}
      {family} & Daughters Coffee
      {fancy} Café
      Café Olé
      7th & Main Coffee
      Slow Pour Coffee Bar
      Third Cup Coffee
      The Daily Grind Coffee Co.
    `),
    taglines: lines(`
      Small-batch coffee, roasted down the hall
      Good coffee, long tables, no hurry
      Espresso pulled with care since {year}
    `),
    leads: lines(`
      {name} roasts in small batches and pours espresso, filter coffee and cold brew on {street}.
      A neighborhood coffee shop in {hood} with long tables, good light and a baker in the back.
      {name} serves single-origin espresso and breakfast tacos to the morning crowd of {hood}.
      Run by two former baristas, {name} is the place in {city} for a quiet hour and a good cortado.
    `),
    details: lines(`
      Regulars come for the {item} and stay for the {other}.
      Beans change every two weeks, and bags go home by the half pound.
      Laptops are welcome on weekdays; the back room is kept free for talking.
      Oat milk costs nothing extra, and the patio is good for dogs.
    `),
    items: list(
      "cortado, pour-over, maple latte, almond croissant, cold brew, cardamom bun, flat white",
    ),
    tags: list("espresso, wifi, pastries, pour-over, cold brew, patio, dog friendly, breakfast"),
    good: lines(`
      The {item} is balanced and never burnt, which is rarer than it should be.
      There's always a free outlet and nobody rushes you out.
      They remembered my order on the third visit.
      I buy my beans here now; the Ethiopian roast is the best in {city}.
      My Saturdays begin with the {item} here.
      Baristas know what they are doing and explain it without being smug.
    `),
    mixed: lines(`
      The coffee is great, but the line on weekends goes out the door.
      Lovely space, though the music is a bit loud for working.
      Good {item}, small seating area, bring patience.
    `),
    bad: lines(`
      My {item} was lukewarm and came after twenty minutes.
      Four dollars for a coffee that tasted like the machine hadn't been cleaned.
      No seats, no outlets, and the wifi dropped every five minutes.
    `),
  },
  {
    category: "tea-houses",
    voice: "food",
    hours: "cafe",
    weight: 10,
    also: ["coffee-shops"],
    names: lines(`
      {fancy} Tea House
      {fancy} Tea Room
      Jade Leaf Tea
      Steep & Story
      {family} Tea Company
      Bobalicious Tea Bar
      Crème de Thé
    `),
    taglines: lines(`
      Loose leaf, slow steep
      Boba, matcha and a seat by the window
    `),
    leads: lines(`
      {name} pours more than sixty loose-leaf teas in a calm room on {street}.
      Boba, matcha and scones under one roof: {name} is where {hood} takes its afternoon break.
      {name} imports directly from small gardens and brews every pot by the clock.
    `),
    details: lines(`
      The {item} and the {other} are house favorites.
      Afternoon tea with three tiers is served on weekends by reservation.
      Staff let you smell before you choose, and every tea is sold by the ounce.
    `),
    items: list(
      "matcha latte, brown sugar boba, oolong pot, lavender scone, jasmine milk tea, chai",
    ),
    tags: list("boba, loose leaf, matcha, afternoon tea, scones, quiet"),
    good: lines(`
      The {item} is fragrant and not too sweet.
      Tapioca pearls are cooked fresh and have the right chew.
      They walked me through three oolongs before I picked one.
      A calm place to read; my pot was refilled twice.
    `),
    mixed: lines(`
      Very good tea, but the food menu is thin.
      The {item} is lovely and a little overpriced.
    `),
    bad: lines(`
      The pearls were hard and the drink was mostly ice.
      We waited half an hour for two cups of tea.
    `),
  },
  {
    category: "bakeries",
    voice: "food",
    hours: "bakery",
    weight: 22,
    also: ["coffee-shops"],
    names: lines(`
      {fancy} Bakery
      {fancy} Bread & Pastry
      {family} Family Bakery
      Panadería {latin}
      {first}'s Bakeshop
      {hood} Bread Company
      Crème de la Crème Pâtisserie
      Pâtisserie {first}
      Flour & Salt Bakehouse
      Rise & Crumb
    `),
    taglines: lines(`
      Naturally leavened, baked before dawn
      Bread at seven, cake by noon
    `),
    leads: lines(`
      {name} mills part of its own flour and bakes sourdough from four in the morning.
      A family bakery in {hood}: crusty loaves, laminated pastry and cakes to order.
      {name} has been filling {street} with the smell of butter since {year}.
    `),
    details: lines(`
      Come early for the {item}; it sells out by ten.
      Wedding and birthday cakes are made to order with three days' notice.
      Yesterday's bread goes for half price, and the rest to the food pantry.
    `),
    items: list(`
      country loaf, almond croissant, morning bun, olive ciabatta, lemon tart, concha, rye loaf
    `),
    tags: list("sourdough, croissants, cakes, custom cakes, pastry, bread, breakfast"),
    good: lines(`
      The {item} shatters in the best way.
      Best {item} I have had outside of Europe.
      They made my daughter's birthday cake and it was gone in ten minutes.
      The crust on the bread is dark, proper and loud.
      Still warm when I got home. The {item} didn't survive the drive.
    `),
    mixed: lines(`
      Wonderful bread, but by eleven the shelves are empty.
      Loved the {item}; the {other} was a bit dry.
    `),
    bad: lines(`
      The {item} was yesterday's and they charged the full price.
      They got the name wrong on a cake I had ordered a week ahead.
      Burnt on the bottom and raw in the middle.
    `),
  },
  {
    category: "bagel-shops",
    voice: "food",
    hours: "bakery",
    weight: 8,
    also: ["breakfast-brunch"],
    names: lines(`
      {hood} Bagels
      {fancy} Bagel Co.
      {family} Bros. Bagels
      Everything & More Bagels
      The Boiled Bagel
    `),
    taglines: lines(`
      Boiled, seeded, baked, gone by noon
      Hand-rolled every morning
    `),
    leads: lines(`
      {name} rolls by hand, boils in malt water and bakes on stone, every morning.
      The line on {street} is for the bagels of {name}: dense, shiny and seeded on both sides.
    `),
    details: lines(`
      Spreads and smoked fish are made in house; the {item} is the one to try.
      A baker's dozen is thirteen, as it should be.
    `),
    items: list("everything bagel, lox sandwich, scallion schmear, sesame bagel, egg and cheese"),
    tags: list("bagels, lox, breakfast, sandwiches, takeout"),
    good: lines(`
      Chewy inside, blistered outside. The {item} is the real thing.
      The {item} was piled so high I needed a fork.
      The line moves fast because they know what they are doing.
    `),
    mixed: lines(`
      Excellent bagels, but there is nowhere to sit.
      The {item} is great and the coffee isn't.
    `),
    bad: lines(`
      They were out of half the menu at nine in the morning.
      My {item} was toasted into a brick.
    `),
  },
  {
    category: "donut-shops",
    voice: "food",
    hours: "bakery",
    weight: 10,
    also: ["coffee-shops"],
    names: lines(`
      {fancy} Donuts
      {hood} Donut Shop
      Golden Ring Donuts
      Dough & Joe
      {first}'s Donuts
      24 Glazed
    `),
    taglines: lines(`
      Fried at five, gone by lunch
      Hot glaze, cold milk
    `),
    leads: lines(`
      {name} fries yeast and cake donuts in small rounds so that something is always warm.
      A corner donut shop in {hood} with a counter, twelve stools and a pink box for the office.
    `),
    details: lines(`
      The {item} has a following; the {other} is not far behind.
      Flavors change with the season, and vegan donuts are fried separately.
    `),
    items: list("apple fritter, maple bar, old-fashioned, passionfruit glazed, Boston cream"),
    tags: list("donuts, coffee, vegan options, early, takeout"),
    good: lines(`
      The {item} was still warm and the size of my head.
      Light, not greasy, and the glaze cracks. Get the {item}.
      I brought two dozen to work and became popular.
    `),
    mixed: lines(`
      Fun flavors, though some are sweeter than they need to be.
      The {item} is excellent; the {other} is ordinary.
    `),
    bad: lines(`
      Stale by ten in the morning.
      Sold out at nine, with the open sign still on.
    `),
  },
  {
    category: "pizza",
    culture: "italian",
    voice: "food",
    hours: "restaurant",
    weight: 34,
    also: ["italian"],
    names: lines(`
      {fancy} Pizza
      {family}'s Pizzeria
      {hood} Pizza Company
      {fancy} Wood-Fired Pizza
      Pizzeria {first}
      Two Brothers Pizza
      900 Degrees Pizza
      Slice of {city}
      Nonna {woman}'s Pizza
      Crust & Crown
    `),
    taglines: lines(`
      Ninety seconds in a very hot oven
      Whole pies, fair slices
    `),
    leads: lines(`
      {name} ferments its dough for three days and bakes it in an oven fired with oak.
      By the slice at noon and by the pie at night: {name} feeds {hood} from a corner on {street}.
      {name} makes thin, foldable pizza with a tomato sauce that the family won't write down.
    `),
    details: lines(`
      The {item} is the classic here, and the {other} the one people argue about.
      Gluten-free crust and vegan cheese are available for every pie.
      Delivery within two miles, by bicycle when it doesn't snow.
    `),
    items: list(`
      margherita, pepperoni slice, white pie, mushroom pizza, garlic knot, Sicilian slice,
      Caesar salad
    `),
    tags: list("pizza, wood-fired, slices, delivery, gluten free, family friendly, takeout"),
    good: lines(`
      Leopard spots on the crust, bright sauce, real mozzarella.
      The {item} holds up even cold the next morning.
      Delivery came early and still hot.
      Crisp underneath, and it folds. The {item} is textbook.
      My kids now refuse pizza from anywhere else.
    `),
    mixed: lines(`
      Great crust, but they are stingy with toppings.
      The {item} was good; an hour and ten for delivery was not.
      Solid pizza, noisy room on Friday nights.
    `),
    bad: lines(`
      Soggy in the middle, and the cheese slid off in one piece.
      They forgot half of our order and didn't pick up the phone.
      The {item} tasted of nothing but salt.
    `),
  },
  {
    category: "mexican",
    culture: "latin",
    voice: "food",
    hours: "restaurant",
    weight: 18,
    also: ["taquerias", "bars"],
    names: lines(`
      Cocina {family}
      La Casa de {first}
      El Jalapeño Loco
      Señor {family}'s Cantina
      {family}'s Mexican Kitchen
      Mi Ranchito {hood}
      La Piñata Cocina & Bar
      Tres Hermanas
      Mañana Cantina
    `),
    taglines: lines(`
      Moles, masa and mezcal
      Recipes from Oaxaca, corn from Iowa
    `),
    leads: lines(`
      {name} cooks moles and stews from Oaxaca and presses its tortillas to order.
      Three generations of the {family} family run {name}, a bright room on {street}.
      {name} brings Sunday cooking from Puebla and Jalisco to {hood}.
    `),
    details: lines(`
      Order the {item} with a {other} and you will understand.
      Margaritas are made with fresh lime and no mix, and the salsa bar is free.
      Live guitar on Thursdays; the patio takes dogs.
    `),
    items: list(
      "mole poblano, chile relleno, enchilada plate, pozole, horchata, guacamole, margarita",
    ),
    tags: list("mexican, margaritas, mole, patio, family friendly, tequila, takeout"),
    good: lines(`
      The {item} tastes like someone's grandmother is in the kitchen, because she is.
      Tortillas are made while you watch.
      Chips arrive warm and the salsa has real heat.
      I have eaten my way down the menu and the {item} still wins.
    `),
    mixed: lines(`
      Delicious {item}, but service is slow when it is full.
      Great food, strong drinks, impossible parking.
    `),
    bad: lines(`
      The {item} came out cold and the beans were from a can.
      Charged for chips, charged for salsa, charged for refills.
    `),
  },
  {
    category: "taquerias",
    culture: "latin",
    voice: "food",
    hours: "restaurant",
    weight: 26,
    also: ["mexican"],
    names: lines(`
      Taquería {family}
      Taquería El {emblem}
      Tacos {first}
      Tacos Don {man}
      {hood} Taco Shop
      La Esquina Taquería
      El Pastor Feliz
      Taquería Los Ángeles Verdes
      Birria Doña {woman}
    `),
    taglines: lines(`
      Al pastor off the trompo
      Three tacos, two salsas, one dollar for extra lime
    `),
    leads: lines(`
      {name} turns al pastor on a trompo from eleven in the morning and makes its own tortillas.
      A counter, a griddle and eight salsas: {name} on {street} keeps it plain.
      {name} began as a cart in {hood} and still sells tacos the same way.
    `),
    details: lines(`
      The {item} is the house specialty; weekends add menudo and barbacoa.
      Cash, card, and a horchata that the kids ask for by name.
      Se habla español, and the spicy salsa means it.
    `),
    items: list(`
      al pastor taco, carnitas plate, birria taco, carne asada burrito, elote, torta, horchata
    `),
    tags: list("tacos, burritos, al pastor, birria, salsa bar, takeout, late"),
    good: lines(`
      The {item} is juicy, crisp at the edges, and gone in two bites.
      Green salsa here should be sold by the gallon.
      Fast, cheap, and better than places three times the price.
      The {item} took me straight back to Guadalajara.
      Double tortillas, plenty of meat, grilled onions on the side.
    `),
    mixed: lines(`
      The {item} is great, the {other} is only fine.
      Good tacos, but bring cash and expect to stand.
    `),
    bad: lines(`
      Dry meat, cold tortilla, and they forgot the salsa.
      Prices went up and the tacos got smaller.
    `),
  },
  {
    category: "italian",
    culture: "italian",
    voice: "food",
    hours: "dinner",
    weight: 22,
    also: ["pizza", "wine-bars"],
    names: lines(`
      Trattoria {family}
      Osteria {first}
      {family}'s Italian Kitchen
      Ristorante {fancy}
      Via {first}
      Bella Città
      Cucina {family}
      Caffè & Cucina {hood}
    `),
    taglines: lines(`
      Pasta rolled every afternoon
      Sunday sauce, all week
    `),
    leads: lines(`
      {name} rolls pasta by hand every afternoon and pours wine from small Italian growers.
      A candle-lit room in {hood}, {name} cooks the food of Emilia-Romagna without shortcuts.
      The {family} family opened {name} on {street} in {year} and still runs the kitchen.
    `),
    details: lines(`
      Regulars order the {item}, then the {other}, then a nap.
      The four-course menu changes on the first of each month.
      A private room seats eighteen; the bar is kept for walk-ins.
    `),
    items: list("cacio e pepe, lasagna, osso buco, burrata, tiramisù, ragù pappardelle, negroni"),
    tags: list(
      "pasta, wine list, date night, handmade, reservations, italian, gluten free options",
    ),
    good: lines(`
      The {item} was perfect: al dente, glossy, and enough for two.
      Our server suggested a wine that made the evening.
      We celebrated our anniversary here and felt looked after.
      The {item} is worth crossing the city for.
    `),
    mixed: lines(`
      The pasta is superb; the tables are so close you hear every word next door.
      Liked the {item}, found the {other} a bit salty.
    `),
    bad: lines(`
      Overcooked pasta and a waiter who vanished after the starters.
      Sixty dollars for a {item} and a glass of wine, and both were dull.
    `),
  },
  {
    category: "chinese",
    culture: "chinese",
    voice: "food",
    hours: "restaurant",
    weight: 20,
    names: lines(`
      {family} Dumpling House
      Golden Lotus
      Jade Garden
      {emblem} Szechuan
      Lucky Eight Noodles
      99 Noodles
      Red Lantern Kitchen
      {hood} Dim Sum House
      Happy Crane
    `),
    taglines: lines(`
      Hand-pulled noodles, hand-folded dumplings
      Dim sum from ten every day
    `),
    leads: lines(`
      {name} pulls noodles to order and folds soup dumplings behind a glass wall.
      Sichuan heat and Cantonese calm share a menu at {name} in {hood}.
      Carts roll through {name} from ten every morning, piled with dim sum.
    `),
    details: lines(`
      The {item} is on every table, and the {other} should be.
      Whole fish and Peking duck need a day's notice.
      Large round tables, quick service, tea without asking.
    `),
    items: list(`
      soup dumpling, mapo tofu, dan dan noodle bowl, scallion pancake, Peking duck, shrimp har gow
    `),
    tags: list("dumplings, dim sum, noodles, sichuan, takeout, delivery, large groups"),
    good: lines(`
      The {item} had real Sichuan peppercorn and my lips are still humming.
      Noodles with bite, broth with depth.
      Ordered far too much and finished all of it.
      The {item} arrived steaming and thin-skinned, exactly right.
    `),
    mixed: lines(`
      Great {item}, brisk service, no atmosphere at all.
      Tasty, though it came in a random order over forty minutes.
    `),
    bad: lines(`
      Everything was swimming in the same brown sauce.
      The {item} was cold in the center.
    `),
  },
  {
    category: "japanese-sushi",
    culture: "japanese",
    voice: "food",
    hours: "split",
    weight: 22,
    also: ["seafood"],
    names: lines(`
      Sushi {family}
      {fancy} Ramen
      Izakaya {first}
      Tanuki Sushi
      Umi Sushi & Sake
      Koi Ramen Bar
      Kaze Izakaya
      {hood} Sushi House
      Little Fish Sushi
    `),
    taglines: lines(`
      Omakase at a counter of ten
      Eighteen-hour broth, seven-minute egg
    `),
    leads: lines(`
      {name} serves sushi at a counter of ten seats with fish flown in four times a week.
      Broth simmers for eighteen hours at {name}, a ramen shop on {street}.
      {name} is a small izakaya in {hood}: skewers, sake and a short list of raw fish.
    `),
    details: lines(`
      Begin with the {item} and leave room for the {other}.
      Omakase is served twice a night by reservation only.
      Lunch sets come with miso soup and are out in ten minutes.
    `),
    items: list(`
      spicy tuna roll, tonkotsu ramen, salmon nigiri, chicken skewer, miso cod, gyoza plate,
      sashimi set
    `),
    tags: list("sushi, ramen, sake, omakase, izakaya, lunch specials, reservations"),
    good: lines(`
      The fish tasted like it had been swimming that morning.
      The {item} was the best I have had in {city}.
      Watching the chef work is half of the pleasure.
      Rich broth, springy noodles, perfect egg.
    `),
    mixed: lines(`
      Beautiful {item}, small portions, large bill.
      Good ramen, but the wait for a seat was over an hour.
    `),
    bad: lines(`
      The rice was cold and fell apart.
      The {item} smelled off and nobody wanted to hear it.
    `),
  },
  {
    category: "thai",
    culture: "thai",
    voice: "food",
    hours: "split",
    weight: 18,
    names: lines(`
      {fancy} Thai Kitchen
      Baan {family}
      Thai Orchid
      Lemongrass Thai
      {hood} Thai
      Bangkok Corner
      Mango & Basil
    `),
    taglines: lines(`
      Thai hot means Thai hot
      Curry paste pounded by hand
    `),
    leads: lines(`
      {name} pounds its own curry paste and cooks the food of Chiang Mai on {street}.
      A family kitchen from Isaan, {name} serves {hood} with papaya salads and grilled chicken.
    `),
    details: lines(`
      Ask for the {item}, and say how hot before they ask you.
      The lunch menu comes with soup and a spring roll.
      Nearly everything can be made with tofu and without fish sauce.
    `),
    items: list("pad thai, khao soi, green curry, papaya salad, tom yum soup, mango sticky rice"),
    tags: list("thai, curry, noodles, vegetarian options, spicy, takeout, delivery"),
    good: lines(`
      The {item} had depth, heat and enough lime.
      Three chilies here is a promise.
      Fresh herbs, generous portions, kind people.
      I dream about the {item}.
    `),
    mixed: lines(`
      Flavor is great but they were timid with the spice.
      The {item} was lovely, delivery took its time.
    `),
    bad: lines(`
      Sweet, sticky and nothing else.
      The {item} was mostly onion.
    `),
  },
  {
    category: "vietnamese",
    culture: "vietnamese",
    voice: "food",
    hours: "restaurant",
    weight: 16,
    names: lines(`
      Phở {family}
      Phở 88
      {fancy} Bánh Mì
      Saigon {hood}
      Little Hà Nội
      Bánh Mì & Co.
      Lotus Phở House
    `),
    taglines: lines(`
      Broth since four in the morning
      Crusty bread, bright pickles
    `),
    leads: lines(`
      {name} starts its broth at four in the morning and closes when the pot is empty.
      Bánh mì on bread from the {family} family's own oven, phở in three sizes: that is {name}.
    `),
    details: lines(`
      The {item} is the standard order; add a {other} for the table.
      Herbs come from a garden behind the kitchen from May to October.
      Vegetarian broth is cooked in its own pot.
    `),
    items: list("beef phở, bánh mì, vermicelli bowl, summer roll, iced coffee, lemongrass chicken"),
    tags: list("pho, banh mi, noodle soup, gluten free options, quick lunch, takeout"),
    good: lines(`
      The broth is clear, deep and worth the drive.
      The {item} costs little and beats lunch anywhere near the office.
      A heap of fresh herbs, limes and chilies with every bowl.
      Cured my cold. I am only partly joking about the {item}.
    `),
    mixed: lines(`
      Very good {item}, very plain room.
      Great broth, a little light on the meat.
    `),
    bad: lines(`
      Watery broth and noodles in a clump.
      The bread was stale, which ruins a {item}.
    `),
  },
  {
    category: "korean",
    culture: "korean",
    voice: "food",
    hours: "dinner",
    weight: 10,
    names: lines(`
      Seoul Street Kitchen
      {family} Korean BBQ
      Banchan House
      Kimchi & Coal
      Soban Table
      {hood} Fried Chicken & Soju
    `),
    taglines: lines(`
      Charcoal, banchan, soju
      Double-fried and loud
    `),
    leads: lines(`
      {name} grills over real charcoal at the table and fills it with twelve kinds of banchan.
      Double-fried chicken, bubbling stews and cold beer make {name} a late table in {hood}.
    `),
    details: lines(`
      The {item} feeds two; the {other} comes in a hot stone.
      Groups of six or more can book the back room.
    `),
    items: list("bulgogi set, kimchi stew, stone-pot bibimbap, fried chicken, seafood pancake"),
    tags: list("korean bbq, fried chicken, soju, banchan, groups, late"),
    good: lines(`
      Banchan was refilled before we asked.
      The {item} crackles and the sauce is sticky in the right way.
      The staff kept an eye on our grill and saved us from ourselves.
    `),
    mixed: lines(`
      Great meat, weak ventilation; you will wear the smoke home.
      Loved the {item}, waited long for the {other}.
    `),
    bad: lines(`
      The grill was dirty and the meat still frozen.
      Two hours' limit, and they started clearing after seventy minutes.
    `),
  },
  {
    category: "indian",
    culture: "indian",
    voice: "food",
    hours: "split",
    weight: 16,
    also: ["vegetarian-vegan"],
    names: lines(`
      {family}'s Indian Kitchen
      Saffron & Clove
      Masala Junction
      Taj {hood}
      Dosa Corner
      Tandoor & Tonic
      Spice Route
    `),
    taglines: lines(`
      Spices ground every morning
      Dosas as long as your arm
    `),
    leads: lines(`
      {name} grinds its spices every morning and bakes naan to order in a clay oven.
      From Kerala to Punjab: {name} on {street} cooks a short menu and cooks it well.
    `),
    details: lines(`
      The {item} is the dish to share, and the {other} the one to keep.
      The weekend buffet has twenty dishes, half of them vegan.
      Heat runs from mild to sincere.
    `),
    items: list(
      "butter chicken, masala dosa, lamb biryani, garlic naan, chana masala, mango lassi",
    ),
    tags: list("indian, curry, dosa, vegetarian, vegan options, buffet, delivery"),
    good: lines(`
      The {item} is layered and fragrant, with real heat behind it.
      Naan came blistered and hot, and kept coming.
      So many choices for vegetarians that my carnivore husband joined in.
      The {item} tastes like my aunt's.
    `),
    mixed: lines(`
      Great {item}; the room could use some cheer.
      Very tasty, a little heavy on the oil.
    `),
    bad: lines(`
      Two different curries came in the same sauce.
      The {item} was dry and the rice cold.
    `),
  },
  {
    category: "breakfast-brunch",
    voice: "food",
    hours: "cafe",
    weight: 24,
    also: ["coffee-shops", "american"],
    names: lines(`
      {fancy} Diner
      {first}'s Diner
      The {fancy} Kitchen
      {hood} Breakfast Club
      Sunny Side {hood}
      Egg & Anchor
      {family}'s Pancake House
      24 Carrot Brunch
    `),
    taglines: lines(`
      Breakfast until three, every day
      Pancakes worth getting up for
    `),
    leads: lines(`
      {name} serves breakfast until three in a former bank on {street}.
      A diner with chrome stools and a serious kitchen, {name} has fed {hood} since {year}.
      {name} cures its bacon, bakes its biscuits and squeezes the oranges.
    `),
    details: lines(`
      The {item} is the best seller, with the {other} close behind.
      No reservations on weekends; put your name down and walk the block.
      Bottomless coffee, real maple syrup, crayons for the small ones.
    `),
    items: list(`
      buttermilk pancake, eggs Benedict, breakfast burrito, chicken and waffle plate, veggie hash,
      shakshuka, French toast
    `),
    tags: list("brunch, breakfast, pancakes, family friendly, mimosas, patio, diner"),
    good: lines(`
      The {item} is fluffy, golden and the size of a hubcap.
      Coffee was topped up before it was ever empty.
      They managed our table of nine without blinking.
      Crisp potatoes. So few places get the potatoes right.
    `),
    mixed: lines(`
      Great {item}, but ninety minutes is a long wait for eggs.
      Good food, loud room, slow checks.
    `),
    bad: lines(`
      Cold eggs, burnt toast, and a shrug.
      The {item} came without half of what the menu said.
    `),
  },
  {
    category: "burgers",
    voice: "food",
    hours: "restaurant",
    weight: 20,
    also: ["american"],
    names: lines(`
      {fancy} Burger Co.
      {first}'s Burgers
      {hood} Burger Bar
      Smash & Stack
      Double Deck Burgers
      The {fancy} Grill
      Route 9 Drive-In
    `),
    taglines: lines(`
      Smashed thin, stacked high
      Ground every morning
    `),
    leads: lines(`
      {name} grinds chuck and brisket every morning and smashes the patties on cast iron.
      Burgers, fries and shakes on {street}: {name} does three things and does them right.
    `),
    details: lines(`
      Get the {item} and share the {other}.
      The bean burger is made in house and has converts.
      Order at the window; there are picnic tables under the trees.
    `),
    items: list(
      `
      double cheeseburger, mushroom Swiss burger, black bean burger, truffle fry basket, malt shake
    `,
    ),
    tags: list("burgers, fries, shakes, vegetarian options, patio, takeout"),
    good: lines(`
      Crisp lacy edges, melted cheese, soft bun. The {item} is it.
      Fries are cut by hand and fried twice; you can tell.
      The {item} needs two hands and three napkins.
    `),
    mixed: lines(`
      A good burger, if you like it salty.
      The {item} was great, the fries were limp.
    `),
    bad: lines(`
      Gray patty, cold bun, forty minutes.
      They charged for the bacon and left it off.
    `),
  },
  {
    category: "barbecue",
    voice: "food",
    hours: "restaurant",
    weight: 16,
    also: ["american"],
    names: lines(`
      {family}'s Smokehouse
      {fancy} Barbecue
      {first} & Sons Bar-B-Q
      Post Oak Pit
      Blue Smoke Yard
      {hood} Smoke Shack
    `),
    taglines: lines(`
      Fourteen hours over oak
      Open till the meat runs out
    `),
    leads: lines(`
      {name} smokes brisket for fourteen hours over post oak and sells until it is gone.
      Pitmaster {first} {family} tends three offset smokers behind {name} on {street}.
    `),
    details: lines(`
      The {item} goes first; the {other} is the reason to come back.
      Meat by the pound on butcher paper, with pickles and white bread.
      Catering from twenty people up, with a pit on a trailer.
    `),
    items: list(
      "brisket plate, pulled pork sandwich, rib rack, burnt end, smoked turkey, mac and cheese",
    ),
    tags: list("barbecue, brisket, ribs, catering, smoked meat, takeout, family friendly"),
    good: lines(`
      The bark on the {item} is something to write home about.
      Tender enough to pull apart with a look.
      Sides aren't an afterthought here, and the beans have burnt ends in them.
      Smelled it two blocks away and followed my nose.
    `),
    mixed: lines(`
      The {item} is excellent, but come before one or go hungry.
      Great meat, sweet sauce, sauce on everything unless you ask.
    `),
    bad: lines(`
      Dry brisket, and at that price there is no excuse.
      They ran out while we were at the counter, after an hour in line.
    `),
  },
  {
    category: "seafood",
    voice: "food",
    hours: "dinner",
    weight: 14,
    names: lines(`
      {fancy} Oyster House
      {family}'s Fish Market & Grill
      Pier 9 Seafood
      The Salty Heron
      {hood} Crab Shack
      Net & Anchor
    `),
    taglines: lines(`
      If it swims, we know the boat
      Oysters by the dozen, gossip for free
    `),
    leads: lines(`
      {name} buys from day boats and writes the menu on a board at four.
      A raw bar in front and a fish counter at the back: {name} has anchored {hood} since {year}.
    `),
    details: lines(`
      The {item} is what people remember; the {other} keeps them till closing.
      Oysters are a dollar fifty from four to six on weekdays.
    `),
    items: list("oyster dozen, lobster roll, fish taco, clam chowder, grilled halibut, crab cake"),
    tags: list("seafood, oysters, raw bar, happy hour, reservations, fish market"),
    good: lines(`
      The {item} tasted of the sea and nothing else.
      Shucked in front of us, cold and clean.
      The {item} is packed with meat and held together by hope.
    `),
    mixed: lines(`
      Very fresh, very expensive.
      The {item} was great, the {other} had seen the fryer too long.
    `),
    bad: lines(`
      Gritty clams and a smell I can't forget.
      Forty dollars for a {item} the size of a coaster.
    `),
  },
  {
    category: "mediterranean",
    culture: "levantine",
    voice: "food",
    hours: "restaurant",
    weight: 16,
    also: ["vegetarian-vegan"],
    names: lines(`
      {fancy} Mediterranean Grill
      Café Beirut
      {family}'s Greek Kitchen
      Olive & Thyme
      Zaatar House
      Aegean Table
      Falafel & Fig
    `),
    taglines: lines(`
      Hummus the way it should be
      Charcoal, lemon, olive oil
    `),
    leads: lines(`
      {name} bakes flatbread all day and grills over charcoal on {street}.
      Lebanese, Greek and Turkish plates share the table at {name} in {hood}.
    `),
    details: lines(`
      Share the {item}, then fight over the {other}.
      Hummus is made twice a day; ask for the bread while it is hot.
      Most of the menu is halal and half of it is vegan.
    `),
    items: list("falafel plate, lamb kebab, hummus bowl, chicken shawarma, Greek salad, baklava"),
    tags: list("mediterranean, falafel, halal, vegan options, kebab, takeout, catering"),
    good: lines(`
      Silky hummus, hot bread, and too much of both.
      The {item} was smoky and tender.
      Garlic sauce so good I asked for a tub to take home.
    `),
    mixed: lines(`
      Good {item}, but they rushed us out.
      The {item} is generous; the {other} needed salt.
    `),
    bad: lines(`
      Falafel like gravel.
      The {item} had been sitting under a lamp.
    `),
  },
  {
    category: "vegetarian-vegan",
    voice: "food",
    hours: "restaurant",
    weight: 12,
    names: lines(`
      {fancy} Plant Kitchen
      Root & Ramble
      The Green Fork
      {hood} Vegan Deli
      Beet Street
      Sprout & Stone
    `),
    taglines: lines(`
      All plants, no sermon
      Vegetables with ambition
    `),
    leads: lines(`
      {name} cooks entirely from plants and buys from eleven farms around {city}.
      A vegan deli in {hood}: {name} smokes carrots, cures beets and presses its own tofu.
    `),
    details: lines(`
      Skeptics are handed the {item}; the {other} closes the case.
      The menu marks gluten, nuts and soy on every line.
    `),
    items: list("jackfruit taco, cauliflower steak, cashew cheesecake, lentil burger, grain bowl"),
    tags: list("vegan, vegetarian, gluten free, organic, smoothies, healthy"),
    good: lines(`
      I'm no vegan and I would eat the {item} every week.
      Finally a menu where I can order anything.
      Bright, crunchy, filling. The {item} is a proper meal.
    `),
    mixed: lines(`
      Creative cooking, modest portions.
      Loved the {item}; the {other} was all kale.
    `),
    bad: lines(`
      Bland food at a fine-dining price.
      The {item} was cold in the middle and they seemed surprised.
    `),
  },
  {
    category: "ice-cream",
    voice: "food",
    hours: "scoops",
    weight: 16,
    names: lines(`
      {fancy} Creamery
      {hood} Scoops
      Gelateria {first}
      {family}'s Frozen Custard
      Cone & Cup
      31st Street Creamery
    `),
    taglines: lines(`
      Churned in the window
      Two scoops fix most things
    `),
    leads: lines(`
      {name} churns in the window of a former hardware store on {street}.
      Milk from one dairy and fruit from the market make the ice cream of {name}.
    `),
    details: lines(`
      Try the {item}; if there is a line, the {other} is worth it.
      Flavors change on Fridays, and vegan ones are made with coconut and oats.
    `),
    items: list(
      "salted caramel cone, pistachio scoop, strawberry sundae, mint chip cone, waffle cone",
    ),
    tags: list("ice cream, gelato, vegan options, kids, dessert, walk-up window"),
    good: lines(`
      The {item} tastes like the thing it is named after.
      Generous scoops, and they let you taste until you are sure.
      The line is half the neighborhood, and everyone is cheerful.
    `),
    mixed: lines(`
      Great flavors, sticky tables.
      The {item} is wonderful and melts in four minutes.
    `),
    bad: lines(`
      Icy, as if it had thawed and frozen again.
      Seven dollars for one scoop and a sigh.
    `),
  },
];
