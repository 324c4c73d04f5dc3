import type { Culture } from "./kind.ts";
import { list } from "./text.ts";

/** Given names of owners, staff and reviewers. */
export const GIVEN_NAMES = list(`
  Aaron, Abigail, Adriana, Aisha, Alejandro, Alicia, Amara, Amir, Ana, Andre, Angela, Anika,
  Anthony, Ariel, Beatriz, Ben, Bianca, Brandon, Brenda, Brianna, Caleb, Camila, Carlos, Caroline,
  Cedric, Chloe, Claire, Colin, Connor, Cora, Curtis, Dana, Daniel, Darnell, David, Deborah, Diego,
  Dominic, Elena, Eli, Elise, Emeka, Emily, Eric, Esther, Ethan, Farah, Felix, Fiona, Frank,
  Gabriela, George, Gina, Gloria, Grace, Graham, Hannah, Hassan, Heather, Hector, Helen, Henry,
  Hugo, Imani, Ingrid, Irene, Isaac, Ivan, Jackson, Jacob, Jada, James, Janelle, Jasmine, Jeremy,
  Jin, Joanna, Joel, José, Josephine, Julia, Kai, Kareem, Karen, Katie, Keisha, Kenji, Kevin, Kim,
  Lamar, Laura, Leah, Leila, Leo, Liam, Linda, Lucia, Lucas, Luis, Maggie, Malik, Marcus, Margaret,
  Maria, Marisol, Mateo, Maya, Megan, Mei, Miguel, Minh, Miriam, Mohamed, Molly, Monica, Nadia,
  Natalie, Nathan, Nia, Nicole, Noah, Noor, Olivia, Omar, Oscar, Paige, Patrick, Paul, Pedro,
  Priya, Quinn, Rachel, Rafael, Raj, Ramón, Rebecca, Renée, Ricardo, Robert, Rosa, Ruben, Ruth,
  Ryan, Samir, Samuel, Sandra, Santiago, Sara, Sean, Shanice, Simone, Sofía, Stephanie, Susan,
  Tara, Teresa, Theo, Thomas, Tiana, Tomás, Trevor, Tyler, Valeria, Vanessa, Victor, Vikram,
  Vivian, Walter, Wei, Wendy, William, Xavier, Yara, Yolanda, Yusuf, Zach, Zoe
`);

/** Family names, also of businesses. */
export const FAMILY_NAMES = list(`
  Abbott, Adeyemi, Aguilar, Ahmed, Alvarez, Anderson, Archer, Bailey, Baker, Banerjee, Barrett,
  Becker, Bennett, Bishop, Blackwell, Boyd, Bradley, Brennan, Brooks, Burke, Callahan, Campbell,
  Carlisle, Carter, Castillo, Chang, Chávez, Chen, Cho, Clarke, Coleman, Conway, Cooper, Crawford,
  Cruz, Dalton, Davenport, Delgado, Desai, Diaz, Donovan, Dorsey, Duarte, Dunn, Ellis, Erickson,
  Espinoza, Farrell, Fernández, Fischer, Fitzgerald, Flores, Foster, Fowler, Franklin, Fuentes,
  Gallagher, García, Gibson, Goldberg, Gómez, Grant, Greene, Griffin, Guerrero, Gupta, Haddad,
  Hale, Hampton, Hansen, Harper, Hayes, Hernández, Herrera, Hoffman, Holloway, Hughes, Hussain,
  Ibarra, Ingram, Iyer, Jackson, Jacobs, Jefferson, Jensen, Johansson, Johnson, Kaplan, Kapoor,
  Keller, Kelly, Khan, Kim, Klein, Kowalski, Lambert, Larson, Lee, Levine, Lewis, Lindgren, López,
  Lowe, Lynch, Mahoney, Malone, Marsh, Martínez, Mason, McAllister, McBride, McCarthy, McKenna,
  Mehta, Méndez, Mercer, Meyer, Mitchell, Molina, Monroe, Morales, Morgan, Moreno, Murphy,
  Nakamura, Navarro, Nelson, Nguyen, Novak, Núñez, O'Brien, O'Connor, Okafor, Olsen, Ortega, Ortiz,
  Owens, Pacheco, Palmer, Park, Patel, Patterson, Peña, Pérez, Peterson, Pham, Porter, Powell,
  Quintero, Ramírez, Reed, Reyes, Reynolds, Rivera, Robinson, Rodríguez, Romero, Rossi, Rowe, Ruiz,
  Russo, Salazar, Sánchez, Santos, Sato, Schneider, Schultz, Shah, Sharma, Silva, Simmons, Singh,
  Soto, Spencer, Stein, Sullivan, Sutton, Tanaka, Thornton, Torres, Tran, Tucker, Underwood,
  Valdez, Vargas, Vasquez, Vega, Vu, Wagner, Walsh, Ward, Watanabe, Webb, Weber, Whitaker,
  Williams, Wong, Wood, Yamada, Yang, Young, Zamora, Zhang, Zimmerman
`);

/** What a small business calls itself when it doesn't use a family name. */
export const FANCIES = list(`
  Acorn, Amber Lane, Anchor, Apple Blossom, Aspen, Bell & Bramble, Birchwood, Black Walnut,
  Blue Door, Blue Heron, Bluebird, Bramble, Brass Bell, Brickyard, Bright Side, Brookside,
  Buttercup, Canary, Cardinal, Cedar & Stone, Chestnut, Clementine, Clover, Compass, Copper Kettle,
  Copperleaf, Cornerstone, Crescent, Crooked Oak, Daybreak, Dogwood, Dovetail, Driftwood,
  Elm Street, Ember, Evergreen, Fable, Fern & Fig, Field & Vine, Firefly, Firehouse,
  Flint & Feather, Foxglove, Gable, Garden Gate, Gilded Fern, Goldenrod, Goldfinch, Good Neighbor,
  Brass Lantern, Greystone, Half Moon, Harbor Light, Harvest Moon, Hawthorn, Hazel, Heartwood,
  Heirloom, Hickory, High Street, Hilltop, Hollyhock, Honeycomb, Horseshoe, Hummingbird, Indigo,
  Iron Gate, Ivy & Oak, Jasper, Juniper, Keystone, Kindred, Kingfisher, Ladybird, Lamplight,
  Larkspur, Laurel, Lavender Hill, Lemon Tree, Lighthouse, Linden, Little Bear, Little Fox,
  Lucky Penny, Magnolia, Maple & Main, Marigold, Meadow, Mill Race, Millstone, Moonflower,
  Morning Glory, Mulberry, Nettle, New Leaf, Night Heron, Nightingale, North Star, Nutmeg,
  Oak & Ivory, Old Mill, Olive Branch, Orchard, Oriole, Otter Creek, Painted Barn, Paper Crane,
  Peach Tree, Pebble, Pepper Tree, Periwinkle, Persimmon, Pinecrest, Pinwheel, Plum, Poppy,
  Prairie, Quail Run, Quince, Rabbit Hole, Rain Barrel, Red Barn, Red Bicycle, Redwood, Ridgeline,
  River Birch, Rosewood, Rustic Pine, Saffron, Sagebrush, Saltbox, Sandpiper, Sassafras,
  Second Story, Seven Pines, Silver Birch, Slate, Snapdragon, Sparrow, Spruce, Starling,
  Stonebridge, Summit, Sundial, Sunflower, Sweetgrass, Sycamore, Thimble, Thistle, Three Rivers,
  Timberline, Tin Roof, Trellis, Tulip Tree, Turnstone, Twin Oaks, Two Rivers, Union, Velvet Moss,
  Verbena, Violet, Wagon Wheel, Walnut Grove, Waterwheel, Weathervane, White Pine, Whitethorn,
  Wild Clover, Wildflower, Willow, Windmill, Winterberry, Wren, Yarrow, Yellow House
`);

/** Names of dogs and cats in the reviews. */
export const PET_NAMES = list(`
  Archie, Bella, Biscuit, Charlie, Clementine, Cooper, Daisy, Finn, Ginger, Gus, Hazel, Juno, Lucy,
  Luna, Maple, Max, Milo, Mochi, Moose, Nacho, Olive, Otis, Pepper, Pickles, Poppy, Rosie, Ruby,
  Scout, Teddy, Tilly, Waffles, Winnie, Ziggy
`);

/** Names of the people behind a kitchen that comes from somewhere; emblems name the place. */
export const CULTURES: Record<
  Culture,
  { women: string[]; men: string[]; family: string[]; emblems: string[] }
> = {
  chinese: {
    women: list("Mei, Lily, Grace, Hua, Vivian"),
    men: list("Wei, Jian, Ming, Bo"),
    family: list("Chen, Wong, Zhang, Liu, Lau, Huang, Tang, Yu, Kwan, Deng, Fong, Lin"),
    emblems: list("Red Pepper, Golden Horse, Panda Hill, Silk Road, Jade River, Iron Wok"),
  },
  indian: {
    women: list("Priya, Anika, Meera, Lakshmi"),
    men: list("Raj, Vikram, Sanjay, Arjun"),
    family: list("Patel, Singh, Sharma, Iyer, Kapoor, Mehta, Desai, Banerjee, Gupta, Nair, Rao"),
    emblems: list("Peacock, Lotus, Marigold, Elephant"),
  },
  italian: {
    women: list("Gina, Lucia, Francesca, Rosa, Carmela"),
    men: list("Marco, Paolo, Enzo, Nico"),
    family: list("Rossi, Russo, Moretti, Gallo, Conti, Esposito, Ferrara, Marino, Bellini, Vitale"),
    emblems: list("Olivo, Limone, Gallo, Torre"),
  },
  japanese: {
    women: list("Yuki, Hana, Emi, Naoko"),
    men: list("Kenji, Akira, Taro, Ren"),
    family: list("Tanaka, Sato, Nakamura, Watanabe, Yamada, Mori, Hayashi, Kimura, Ito, Ono"),
    emblems: list("Crane, Maple, Wave, Fox"),
  },
  korean: {
    women: list("Soo, Hana, Grace, Yuna"),
    men: list("Min, Jin, Joon, Sung"),
    family: list("Kim, Park, Cho, Choi, Lim, Han, Yoon, Kang, Shin"),
    emblems: list("Tiger, Magpie, Pine, Drum"),
  },
  latin: {
    women: list("Lupe, Rosa, Marisol, Elena, Carmen, Sofía, Chela, Inés, Concha"),
    men: list("José, Chuy, Pancho, Beto, Ramón, Tomás, Nacho, Andrés, Memo"),
    family: list(`
      Hernández, García, López, Ramírez, Peña, Núñez, Chávez, Ortega, Salazar, Fuentes, Méndez,
      Vargas, Castillo, Ibarra, Guerrero, Sánchez
    `),
    emblems: list(`
      Gallo, Nopal, Trompo, Charro, Mezquite, Toro, Venado, Compadre, Colibrí, Tecolote, Farol,
      Maguey
    `),
  },
  levantine: {
    women: list("Leila, Nadia, Yara, Eleni, Farah"),
    men: list("Omar, Samir, Elias, Nikos, Hassan"),
    family: list("Haddad, Khoury, Nassar, Papadakis, Demir, Aziz, Mansour, Kostas, Yilmaz, Saad"),
    emblems: list("Cedar, Olive, Anchor, Lantern"),
  },
  thai: {
    women: list("Ploy, Nok, Mali, Anong, Dara"),
    men: list("Somchai, Kiet, Niran"),
    family: list("Suwan, Chaiyo, Boonmee, Rattana, Srisai, Wongsa, Thongchai, Saetang"),
    emblems: list("Orchid, Elephant, Tamarind, Lotus"),
  },
  vietnamese: {
    women: list("Lan, Thuy, Linh, Hoa, Kim"),
    men: list("Minh, Bao, Duc"),
    family: list("Nguyen, Tran, Pham, Le, Vu, Hoang, Dang, Bui, Ngo, Duong"),
    emblems: list("Lotus, Bamboo, Dragon, Crane"),
  },
};
