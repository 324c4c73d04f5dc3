import { lines, list } from "./text.ts";

/** A real neighbourhood: businesses are scattered closely around it, so no point falls far off. */
export interface Place {
  name: string;
  latitude: number;
  longitude: number;
  zip: string;
  streets: string[];
}

export interface City {
  name: string;
  state: string;
  zone: string;
  latitude: number;
  longitude: number;
  areaCodes: string[];
  /** Relative number of businesses. */
  weight: number;
  places: Place[];
}

/**
 * A line that begins with a city: name, state | time zone | latitude, longitude of the centre |
 * area codes | weight. The lines below it with a leading hyphen are its neighbourhoods: name |
 * latitude, longitude | zip | streets.
 */
const TABLE = `
New York, NY | America/New_York | 40.7580, -73.9855 | 212, 646 | 3
- East Village | 40.7271, -73.9838 | 10009 | Avenue A, E 7th St, 2nd Ave
- Upper West Side | 40.7862, -73.9762 | 10024 | Amsterdam Ave, Columbus Ave, W 83rd St
- Harlem | 40.8116, -73.9465 | 10027 | Frederick Douglass Blvd, W 125th St
- Chelsea | 40.7452, -73.9995 | 10011 | 8th Ave, W 22nd St
Brooklyn, NY | America/New_York | 40.6782, -73.9442 | 718, 347 | 3
- Park Slope | 40.6722, -73.9801 | 11215 | 5th Ave, 7th Ave
- Williamsburg | 40.7136, -73.9550 | 11211 | Bedford Ave, Grand St
- Bay Ridge | 40.6270, -74.0260 | 11209 | 3rd Ave, 86th St
Los Angeles, CA | America/Los_Angeles | 34.0522, -118.2437 | 213, 323 | 3
- Silver Lake | 34.0880, -118.2720 | 90026 | Sunset Blvd, Hyperion Ave
- Highland Park | 34.1115, -118.1920 | 90042 | York Blvd, N Figueroa St
- Koreatown | 34.0618, -118.3006 | 90005 | W 6th St, S Western Ave
- Mar Vista | 34.0050, -118.4280 | 90066 | Venice Blvd, S Centinela Ave
San Diego, CA | America/Los_Angeles | 32.7157, -117.1611 | 619, 858 | 2
- North Park | 32.7456, -117.1294 | 92104 | University Ave, 30th St
- Hillcrest | 32.7489, -117.1650 | 92103 | 5th Ave, Robinson Ave
- Pacific Beach | 32.8010, -117.2360 | 92109 | Garnet Ave, Cass St
San Francisco, CA | America/Los_Angeles | 37.7749, -122.4194 | 415, 628 | 3
- Mission District | 37.7585, -122.4175 | 94110 | Valencia St, 24th St, Mission St
- Inner Sunset | 37.7625, -122.4660 | 94122 | Irving St, 9th Ave
- North Beach | 37.7995, -122.4095 | 94133 | Columbus Ave, Green St
Oakland, CA | America/Los_Angeles | 37.8044, -122.2712 | 510 | 2
- Temescal | 37.8350, -122.2620 | 94609 | Telegraph Ave, 49th St
- Rockridge | 37.8443, -122.2515 | 94618 | College Ave, Claremont Ave
- Fruitvale | 37.7770, -122.2220 | 94601 | International Blvd, Fruitvale Ave
San Jose, CA | America/Los_Angeles | 37.3382, -121.8863 | 408 | 2
- Willow Glen | 37.3080, -121.9000 | 95125 | Lincoln Ave, Willow St
- Japantown | 37.3490, -121.8945 | 95112 | Jackson St, N 5th St
- Rose Garden | 37.3320, -121.9200 | 95126 | The Alameda, Race St
Sacramento, CA | America/Los_Angeles | 38.5816, -121.4944 | 916 | 2
- Midtown | 38.5720, -121.4790 | 95816 | J St, 20th St
- East Sacramento | 38.5680, -121.4430 | 95819 | H St, Folsom Blvd
- Oak Park | 38.5510, -121.4650 | 95817 | Broadway, 35th St
Seattle, WA | America/Los_Angeles | 47.6062, -122.3321 | 206 | 3
- Capitol Hill | 47.6165, -122.3185 | 98122 | E Pike St, 12th Ave
- Ballard | 47.6685, -122.3800 | 98107 | NW Market St, Ballard Ave NW
- Fremont | 47.6560, -122.3500 | 98103 | Fremont Ave N, N 36th St
- Columbia City | 47.5596, -122.2875 | 98118 | Rainier Ave S, S Ferdinand St
Spokane, WA | America/Los_Angeles | 47.6588, -117.4260 | 509 | 1
- South Perry | 47.6455, -117.3900 | 99202 | S Perry St, E 10th Ave
- Garland | 47.6940, -117.4200 | 99205 | W Garland Ave, N Monroe St
Portland, OR | America/Los_Angeles | 45.5152, -122.6784 | 503, 971 | 3
- Alberta Arts | 45.5590, -122.6450 | 97211 | NE Alberta St, NE 15th Ave
- Hawthorne | 45.5120, -122.6270 | 97214 | SE Hawthorne Blvd, SE 34th Ave
- Nob Hill | 45.5300, -122.6985 | 97210 | NW 23rd Ave, NW Thurman St
- St. Johns | 45.5905, -122.7520 | 97203 | N Lombard St, N Ivanhoe St
Boise, ID | America/Boise | 43.6150, -116.2023 | 208 | 1
- North End | 43.6310, -116.2070 | 83702 | N 13th St, W Hays St
- The Bench | 43.5960, -116.2150 | 83705 | W Overland Rd, S Vista Ave
Salt Lake City, UT | America/Denver | 40.7608, -111.8910 | 801, 385 | 2
- Sugar House | 40.7235, -111.8595 | 84106 | E 2100 S, S 1100 E
- Ninth and Ninth | 40.7490, -111.8650 | 84105 | E 900 S, S 900 E
- Central City | 40.7540, -111.8780 | 84102 | E 400 S, S 500 E
Denver, CO | America/Denver | 39.7392, -104.9903 | 303, 720 | 3
- Highland | 39.7620, -105.0110 | 80211 | W 32nd Ave, Tejon St
- Capitol Hill | 39.7345, -104.9790 | 80203 | E Colfax Ave, E 13th Ave
- Washington Park | 39.7050, -104.9690 | 80209 | S Gaylord St, S Pearl St
- Five Points | 39.7600, -104.9800 | 80205 | Welton St, Larimer St
Colorado Springs, CO | America/Denver | 38.8339, -104.8214 | 719 | 1
- Old Colorado City | 38.8470, -104.8610 | 80904 | W Colorado Ave, S 26th St
- Old North End | 38.8580, -104.8220 | 80907 | N Tejon St, N Nevada Ave
Boulder, CO | America/Denver | 40.0150, -105.2705 | 303 | 1
- Pearl Street | 40.0185, -105.2780 | 80302 | Pearl St, Walnut St
- North Boulder | 40.0480, -105.2810 | 80304 | Broadway, Yarmouth Ave
Albuquerque, NM | America/Denver | 35.0844, -106.6504 | 505 | 1
- Nob Hill | 35.0795, -106.6050 | 87106 | Central Ave SE, Silver Ave SE
- Old Town | 35.0960, -106.6690 | 87104 | Rio Grande Blvd NW, Mountain Rd NW
Santa Fe, NM | America/Denver | 35.6870, -105.9378 | 505 | 1
- Railyard | 35.6840, -105.9480 | 87501 | S Guadalupe St, Paseo de Peralta
- Canyon Road | 35.6815, -105.9290 | 87501 | Canyon Rd, Acequia Madre
Phoenix, AZ | America/Phoenix | 33.4484, -112.0740 | 602, 480 | 2
- Arcadia | 33.5010, -111.9850 | 85018 | E Indian School Rd, N 44th St
- Roosevelt Row | 33.4585, -112.0690 | 85004 | E Roosevelt St, N 3rd St
- Melrose | 33.5060, -112.0825 | 85013 | N 7th Ave, W Indian School Rd
Tucson, AZ | America/Phoenix | 32.2226, -110.9747 | 520 | 1
- Fourth Avenue | 32.2275, -110.9655 | 85705 | N 4th Ave, E 7th St
- Sam Hughes | 32.2310, -110.9380 | 85716 | E 6th St, N Tucson Blvd
Las Vegas, NV | America/Los_Angeles | 36.1699, -115.1398 | 702 | 2
- Arts District | 36.1585, -115.1530 | 89104 | S Main St, E Charleston Blvd
- Chinatown | 36.1265, -115.1980 | 89102 | Spring Mountain Rd, S Valley View Blvd
- Summerlin | 36.1900, -115.3000 | 89134 | Town Center Dr, W Lake Mead Blvd
Austin, TX | America/Chicago | 30.2672, -97.7431 | 512, 737 | 3
- South Congress | 30.2480, -97.7510 | 78704 | S Congress Ave, S 1st St
- East Austin | 30.2620, -97.7230 | 78702 | E 6th St, E Cesar Chavez St
- Hyde Park | 30.3055, -97.7265 | 78751 | Duval St, Guadalupe St
- Mueller | 30.2990, -97.7040 | 78723 | Aldrich St, Manor Rd
Houston, TX | America/Chicago | 29.7604, -95.3698 | 713, 832 | 3
- Montrose | 29.7450, -95.3910 | 77006 | Westheimer Rd, Montrose Blvd
- The Heights | 29.7980, -95.3980 | 77008 | W 19th St, Yale St
- EaDo | 29.7480, -95.3500 | 77003 | St Emanuel St, Polk St
Dallas, TX | America/Chicago | 32.7767, -96.7970 | 214, 469 | 2
- Bishop Arts | 32.7490, -96.8280 | 75208 | N Bishop Ave, W Davis St
- Lower Greenville | 32.8130, -96.7700 | 75206 | Greenville Ave, Belmont Ave
- Lake Highlands | 32.8790, -96.7150 | 75238 | Walnut Hill Ln, Audelia Rd
San Antonio, TX | America/Chicago | 29.4241, -98.4936 | 210 | 2
- Southtown | 29.4130, -98.4920 | 78210 | S Alamo St, S Presa St
- Alamo Heights | 29.4830, -98.4660 | 78209 | Broadway, N New Braunfels Ave
- Stone Oak | 29.6440, -98.4570 | 78258 | Stone Oak Pkwy, Huebner Rd
Chicago, IL | America/Chicago | 41.8781, -87.6298 | 312, 773 | 3
- Wicker Park | 41.9088, -87.6780 | 60622 | N Milwaukee Ave, W Division St
- Lincoln Square | 41.9680, -87.6885 | 60625 | N Lincoln Ave, W Lawrence Ave
- Pilsen | 41.8575, -87.6610 | 60608 | W 18th St, S Ashland Ave
- Hyde Park | 41.7965, -87.5960 | 60615 | E 53rd St, S Harper Ave
Milwaukee, WI | America/Chicago | 43.0389, -87.9065 | 414 | 1
- Bay View | 43.0000, -87.9040 | 53207 | S Kinnickinnic Ave, E Lincoln Ave
- Riverwest | 43.0700, -87.9010 | 53212 | E Center St, N Humboldt Blvd
Madison, WI | America/Chicago | 43.0731, -89.4012 | 608 | 1
- Willy Street | 43.0835, -89.3610 | 53703 | Williamson St, Jenifer St
- Monroe Street | 43.0630, -89.4190 | 53711 | Monroe St, Regent St
Minneapolis, MN | America/Chicago | 44.9778, -93.2650 | 612 | 2
- Uptown | 44.9490, -93.2900 | 55408 | Hennepin Ave, Lyndale Ave S
- Northeast | 45.0010, -93.2560 | 55413 | Central Ave NE, 13th Ave NE
- Longfellow | 44.9480, -93.2250 | 55406 | E Lake St, Minnehaha Ave
Detroit, MI | America/Detroit | 42.3314, -83.0458 | 313 | 2
- Corktown | 42.3320, -83.0660 | 48216 | Michigan Ave, Bagley St
- Midtown | 42.3530, -83.0620 | 48201 | Cass Ave, W Canfield St
Ann Arbor, MI | America/Detroit | 42.2808, -83.7430 | 734 | 1
- Kerrytown | 42.2845, -83.7460 | 48104 | N 4th Ave, Detroit St
- Old West Side | 42.2780, -83.7600 | 48103 | W Liberty St, W Stadium Blvd
Cleveland, OH | America/New_York | 41.4993, -81.6944 | 216 | 1
- Ohio City | 41.4830, -81.7050 | 44113 | W 25th St, Lorain Ave
- University Circle | 41.5085, -81.6040 | 44106 | Euclid Ave, Mayfield Rd
Columbus, OH | America/New_York | 39.9612, -82.9988 | 614 | 2
- Short North | 39.9790, -83.0040 | 43215 | N High St, W 3rd Ave
- German Village | 39.9460, -82.9935 | 43206 | S 3rd St, Whittier St
- Clintonville | 40.0330, -83.0160 | 43214 | N High St, E North Broadway
Cincinnati, OH | America/New_York | 39.1031, -84.5120 | 513 | 1
- Over-the-Rhine | 39.1110, -84.5155 | 45202 | Vine St, Main St
- Oakley | 39.1530, -84.4310 | 45209 | Madison Rd, Markbreit Ave
Indianapolis, IN | America/Indiana/Indianapolis | 39.7684, -86.1581 | 317 | 2
- Fountain Square | 39.7520, -86.1400 | 46203 | Virginia Ave, Prospect St
- Broad Ripple | 39.8680, -86.1420 | 46220 | Broad Ripple Ave, N College Ave
Louisville, KY | America/Kentucky/Louisville | 38.2527, -85.7585 | 502 | 1
- NuLu | 38.2520, -85.7400 | 40202 | E Market St, S Shelby St
- The Highlands | 38.2350, -85.7160 | 40204 | Bardstown Rd, Baxter Ave
Nashville, TN | America/Chicago | 36.1627, -86.7816 | 615 | 3
- East Nashville | 36.1790, -86.7480 | 37206 | Woodland St, Gallatin Ave
- 12 South | 36.1240, -86.7900 | 37204 | 12th Ave S, Belmont Blvd
- Germantown | 36.1770, -86.7910 | 37208 | 5th Ave N, Madison St
Memphis, TN | America/Chicago | 35.1495, -90.0490 | 901 | 1
- Cooper-Young | 35.1190, -89.9905 | 38104 | S Cooper St, Young Ave
- East Memphis | 35.1130, -89.9010 | 38117 | Poplar Ave, Sanderlin Ave
Atlanta, GA | America/New_York | 33.7490, -84.3880 | 404, 470 | 3
- Inman Park | 33.7575, -84.3525 | 30307 | N Highland Ave NE, Edgewood Ave NE
- Virginia-Highland | 33.7820, -84.3540 | 30306 | Virginia Ave NE, St Charles Ave NE
- West Midtown | 33.7860, -84.4120 | 30318 | Howell Mill Rd NW, Marietta St NW
- Grant Park | 33.7390, -84.3700 | 30312 | Cherokee Ave SE, Memorial Dr SE
Savannah, GA | America/New_York | 32.0809, -81.0912 | 912 | 1
- Starland | 32.0560, -81.1010 | 31401 | Bull St, W 40th St
- Historic District | 32.0745, -81.0930 | 31401 | W Broughton St, Whitaker St
Charleston, SC | America/New_York | 32.7765, -79.9311 | 843 | 1
- Upper King | 32.7905, -79.9410 | 29403 | King St, Spring St
- Avondale | 32.7890, -79.9935 | 29407 | Savannah Hwy, Magnolia Rd
Charlotte, NC | America/New_York | 35.2271, -80.8431 | 704, 980 | 2
- Plaza Midwood | 35.2200, -80.8110 | 28205 | Central Ave, Pecan Ave
- NoDa | 35.2470, -80.8050 | 28205 | N Davidson St, E 36th St
- Dilworth | 35.2060, -80.8525 | 28203 | East Blvd, Park Rd
Raleigh, NC | America/New_York | 35.7796, -78.6382 | 919 | 2
- Five Points | 35.8040, -78.6470 | 27608 | Glenwood Ave, Fairview Rd
- Oakwood | 35.7880, -78.6310 | 27604 | N Person St, Oakwood Ave
Asheville, NC | America/New_York | 35.5951, -82.5515 | 828 | 1
- West Asheville | 35.5780, -82.5830 | 28806 | Haywood Rd, Beecham Ave
- River Arts District | 35.5860, -82.5650 | 28801 | Depot St, Clingman Ave
Richmond, VA | America/New_York | 37.5407, -77.4360 | 804 | 1
- Carytown | 37.5545, -77.4820 | 23221 | W Cary St, Ellwood Ave
- Church Hill | 37.5310, -77.4160 | 23223 | E Broad St, E Marshall St
Washington, DC | America/New_York | 38.9072, -77.0369 | 202 | 3
- Shaw | 38.9125, -77.0220 | 20001 | 7th St NW, U St NW
- Capitol Hill | 38.8850, -76.9960 | 20003 | 8th St SE, Pennsylvania Ave SE
- Petworth | 38.9410, -77.0240 | 20011 | Upshur St NW, Georgia Ave NW
Baltimore, MD | America/New_York | 39.2904, -76.6122 | 410, 443 | 1
- Hampden | 39.3305, -76.6320 | 21211 | W 36th St, Falls Rd
- Federal Hill | 39.2775, -76.6125 | 21230 | S Charles St, Light St
Philadelphia, PA | America/New_York | 39.9526, -75.1652 | 215, 267 | 3
- Fishtown | 39.9735, -75.1330 | 19125 | Frankford Ave, E Girard Ave
- East Passyunk | 39.9290, -75.1640 | 19148 | E Passyunk Ave, S Broad St
- Mount Airy | 40.0570, -75.1900 | 19119 | Germantown Ave, W Mt Airy Ave
Pittsburgh, PA | America/New_York | 40.4406, -79.9959 | 412 | 2
- Lawrenceville | 40.4680, -79.9600 | 15201 | Butler St, 43rd St
- Squirrel Hill | 40.4370, -79.9230 | 15217 | Murray Ave, Forbes Ave
- South Side | 40.4285, -79.9780 | 15203 | E Carson St, Sarah St
Boston, MA | America/New_York | 42.3601, -71.0589 | 617, 857 | 3
- Jamaica Plain | 42.3125, -71.1140 | 02130 | Centre St, South St
- South End | 42.3420, -71.0745 | 02118 | Tremont St, Washington St
- Dorchester | 42.3000, -71.0650 | 02122 | Dorchester Ave, Adams St
Providence, RI | America/New_York | 41.8240, -71.4128 | 401 | 1
- Federal Hill | 41.8235, -71.4260 | 02903 | Atwells Ave, Broadway
- Fox Point | 41.8215, -71.3970 | 02906 | Wickenden St, Brook St
Portland, ME | America/New_York | 43.6591, -70.2568 | 207 | 1
- Old Port | 43.6580, -70.2570 | 04101 | Exchange St, Congress St
- Deering | 43.6720, -70.2900 | 04103 | Forest Ave, Brighton Ave
Burlington, VT | America/New_York | 44.4759, -73.2121 | 802 | 1
- Old North End | 44.4870, -73.2110 | 05401 | North St, N Winooski Ave
- South End | 44.4620, -73.2120 | 05401 | Pine St, Flynn Ave
Buffalo, NY | America/New_York | 42.8864, -78.8784 | 716 | 1
- Elmwood Village | 42.9130, -78.8770 | 14222 | Elmwood Ave, W Utica St
- North Buffalo | 42.9465, -78.8560 | 14216 | Hertel Ave, Parkside Ave
New Orleans, LA | America/Chicago | 29.9511, -90.0715 | 504 | 2
- Bywater | 29.9660, -90.0430 | 70117 | Dauphine St, St Claude Ave
- Uptown | 29.9250, -90.1130 | 70115 | Magazine St, Prytania St
- Mid-City | 29.9740, -90.0970 | 70119 | Canal St, Bienville St
Kansas City, MO | America/Chicago | 39.0997, -94.5786 | 816 | 2
- Westport | 39.0530, -94.5910 | 64111 | Westport Rd, Broadway Blvd
- Crossroads | 39.0910, -94.5830 | 64108 | Main St, Southwest Blvd
St. Louis, MO | America/Chicago | 38.6270, -90.1994 | 314 | 2
- Tower Grove | 38.6050, -90.2430 | 63118 | S Grand Blvd, Arsenal St
- Central West End | 38.6450, -90.2610 | 63108 | N Euclid Ave, Maryland Ave
Omaha, NE | America/Chicago | 41.2565, -95.9345 | 402 | 1
- Dundee | 41.2630, -95.9890 | 68132 | Underwood Ave, N 50th St
- Benson | 41.2850, -96.0060 | 68104 | Maple St, Military Ave
Tampa, FL | America/New_York | 27.9506, -82.4572 | 813 | 2
- Seminole Heights | 27.9960, -82.4600 | 33603 | N Florida Ave, N Nebraska Ave
- Hyde Park | 27.9390, -82.4800 | 33606 | S Howard Ave, W Swann Ave
Miami, FL | America/New_York | 25.7617, -80.1918 | 305, 786 | 2
- Little Havana | 25.7665, -80.2200 | 33135 | SW 8th St, SW 17th Ave
- Wynwood | 25.8010, -80.1995 | 33127 | NW 2nd Ave, NW 25th St
- Coral Way | 25.7500, -80.2380 | 33145 | Coral Way, SW 27th Ave
Honolulu, HI | Pacific/Honolulu | 21.3069, -157.8583 | 808 | 1
- Kaimuki | 21.2825, -157.8000 | 96816 | Waialae Ave, 12th Ave
- Moiliili | 21.2935, -157.8250 | 96826 | S King St, S Beretania St
Anchorage, AK | America/Anchorage | 61.2181, -149.9003 | 907 | 1
- Downtown | 61.2155, -149.8850 | 99501 | W 4th Ave, G St
- Midtown | 61.1900, -149.8850 | 99503 | W Northern Lights Blvd, Arctic Blvd
`;

function point(text: string): { latitude: number; longitude: number } {
  const [latitude, longitude] = list(text).map(Number);
  return { latitude, longitude };
}

function parse(table: string): City[] {
  const cities: City[] = [];
  for (const line of lines(table)) {
    const cells = line.replace(/^- /, "").split("|").map((cell) => cell.trim());
    if (line.startsWith("- ")) {
      const [name, centre, zip, streets] = cells;
      cities[cities.length - 1].places.push({
        name,
        ...point(centre),
        zip,
        streets: list(streets),
      });
    } else {
      const [title, zone, centre, areaCodes, weight] = cells;
      const [name, state] = list(title);
      cities.push({
        name,
        state,
        zone,
        ...point(centre),
        areaCodes: list(areaCodes),
        weight: Number(weight),
        places: [],
      });
    }
  }
  return cities;
}

export const CITIES: readonly City[] = parse(TABLE);
