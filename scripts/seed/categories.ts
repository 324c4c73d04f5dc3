/** A category with the categories below it. */
export interface Category {
  slug: string;
  name: string;
  about: string;
  icon?: string;
  color?: string;
  featured?: boolean;
  below?: Category[];
}

function category(slug: string, name: string, about: string, below: Category[] = []): Category {
  return { slug, name, about, below };
}

/** The tree. Top categories carry icon and colour; those below inherit them. */
export const CATEGORIES: readonly Category[] = [
  {
    slug: "restaurants",
    name: "Restaurants",
    about: "Places to eat and drink, from the corner bakery to the long dinner.",
    icon: "utensils",
    color: "#c2410c",
    featured: true,
    below: [
      category("coffee-tea", "Coffee & Tea", "Cafés, roasters and tea houses.", [
        category("coffee-shops", "Coffee Shops", "Espresso, filter coffee and a place to sit."),
        category("tea-houses", "Tea Houses", "Loose-leaf tea, boba and small plates."),
      ]),
      category("bakeries", "Bakeries", "Bread, pastry and cakes baked on the spot.", [
        category("bagel-shops", "Bagels", "Boiled and baked bagels with spreads."),
        category("donut-shops", "Donuts", "Yeast, cake and filled donuts."),
      ]),
      category("pizza", "Pizza", "Slices and whole pies."),
      category("mexican", "Mexican", "Regional Mexican cooking.", [
        category("taquerias", "Taquerías", "Tacos, burritos and salsas at the counter."),
      ]),
      category("italian", "Italian", "Pasta, antipasti and Italian wine."),
      category("asian", "Asian", "Kitchens from all over Asia.", [
        category("chinese", "Chinese", "Regional Chinese cooking, dumplings and noodles."),
        category("japanese-sushi", "Japanese & Sushi", "Sushi, ramen and izakaya dishes."),
        category("thai", "Thai", "Curries, noodles and salads from Thailand."),
        category("vietnamese", "Vietnamese", "Phở, bánh mì and rice plates."),
        category("korean", "Korean", "Korean barbecue, stews and fried chicken."),
        category("indian", "Indian", "Curries, tandoor and street food from India."),
      ]),
      category("american", "American", "Diners, grills and comfort food.", [
        category("breakfast-brunch", "Breakfast & Brunch", "Eggs, pancakes and long mornings."),
        category("burgers", "Burgers", "Burgers, fries and shakes."),
        category("barbecue", "Barbecue", "Meat smoked low and slow."),
      ]),
      category("seafood", "Seafood", "Oysters, fish and shellfish."),
      category("mediterranean", "Mediterranean", "Greek, Lebanese and Turkish cooking."),
      category("vegetarian-vegan", "Vegetarian & Vegan", "Kitchens that cook from plants."),
      category("ice-cream", "Ice Cream", "Scoops, gelato and frozen custard."),
    ],
  },
  {
    slug: "health-medical",
    name: "Health & Medical",
    about: "Doctors, dentists and everyone else who looks after your health.",
    icon: "heart",
    color: "#be123c",
    featured: true,
    below: [
      category("dentists", "Dentists", "General and family dentistry.", [
        category("orthodontists", "Orthodontists", "Braces and aligners."),
      ]),
      category("doctors", "Doctors", "Primary care and specialists.", [
        category("family-doctors", "Family Doctors", "Primary care for all ages."),
        category("pediatricians", "Pediatricians", "Doctors for children."),
        category("dermatologists", "Dermatologists", "Care for skin, hair and nails."),
      ]),
      category("urgent-care", "Urgent Care", "Walk-in care when it can't wait."),
      category("optometrists", "Optometrists", "Eye exams, glasses and contact lenses."),
      category("physical-therapy", "Physical Therapy", "Rehabilitation and sports therapy."),
      category("chiropractors", "Chiropractors", "Care for back, neck and joints."),
      category("counseling", "Counseling & Therapy", "Therapists for people, couples, families."),
      category("pharmacies", "Pharmacies", "Independent pharmacies."),
    ],
  },
  {
    slug: "home-services",
    name: "Home Services",
    about: "People who build, repair, clean and move.",
    icon: "home",
    color: "#15803d",
    featured: true,
    below: [
      category("plumbing", "Plumbing", "Leaks, drains, water heaters and new pipes."),
      category("electricians", "Electricians", "Wiring, panels, lights and chargers."),
      category("heating-cooling", "Heating & Cooling", "Furnaces, heat pumps, air conditioning."),
      category("roofing", "Roofing", "Roofs and gutters, repaired and replaced."),
      category("painters", "Painters", "Painting inside and out."),
      category("landscaping", "Landscaping", "Gardens designed, planted and kept.", [
        category("tree-services", "Tree Services", "Pruning, removal and stump grinding."),
      ]),
      category("house-cleaning", "House Cleaning", "Regular, deep and move-out cleaning."),
      category("locksmiths", "Locksmiths", "Lockouts, rekeying and new locks."),
      category("pest-control", "Pest Control", "Ants, rodents, termites and bed bugs."),
      category("handyman", "Handyman", "Small repairs and odd jobs."),
      category("movers", "Movers", "Local and long-distance moves."),
    ],
  },
  {
    slug: "automotive",
    name: "Automotive",
    about: "Repair, tires, cleaning and help at the roadside.",
    icon: "car",
    color: "#1d4ed8",
    featured: true,
    below: [
      category("auto-repair", "Auto Repair", "Mechanics for every make.", [
        category("tire-shops", "Tire Shops", "Tires, balancing and alignment."),
        category("body-shops", "Body Shops", "Collision repair and paint."),
      ]),
      category("car-wash-detailing", "Car Wash & Detailing", "Washing, polishing and detailing."),
      category("towing", "Towing", "Towing and roadside help."),
      category("used-cars", "Used Car Dealers", "Independent dealers of used cars."),
    ],
  },
  {
    slug: "professional",
    name: "Professional Services",
    about: "Advice, paperwork and skilled work for people and companies.",
    icon: "briefcase",
    color: "#6d28d9",
    featured: true,
    below: [
      category("lawyers", "Lawyers", "Law offices by field.", [
        category("family-law", "Family Law", "Divorce, custody and adoption."),
        category("estate-planning", "Estate Planning", "Wills, trusts and probate."),
        category("immigration-law", "Immigration Law", "Visas, green cards and citizenship."),
      ]),
      category("accounting-tax", "Accounting & Tax", "Bookkeeping, taxes and payroll."),
      category("real-estate", "Real Estate Agents", "Buying, selling and renting homes."),
      category("insurance", "Insurance Agents", "Home, car, life and business insurance."),
      category("photographers", "Photographers", "Weddings, portraits and products."),
      category("computer-repair", "Computer Repair", "Computers, phones and networks repaired."),
    ],
  },
  {
    slug: "beauty-spas",
    name: "Beauty & Spas",
    about: "Hair, nails, skin and an hour of quiet.",
    icon: "scissors",
    color: "#be185d",
    below: [
      category("hair-salons", "Hair Salons", "Cuts, color and styling.", [
        category("barbers", "Barbers", "Cuts, fades and hot-towel shaves."),
      ]),
      category("nail-salons", "Nail Salons", "Manicures and pedicures."),
      category("massage-spas", "Massage & Day Spas", "Massage, facials and saunas."),
      category("tattoo", "Tattoo", "Tattoo and piercing studios."),
    ],
  },
  {
    slug: "shopping",
    name: "Shopping",
    about: "Independent shops worth the walk.",
    icon: "shopping-bag",
    color: "#0f766e",
    below: [
      category("bookstores", "Bookstores", "New and used books."),
      category("florists", "Florists", "Bouquets, weddings and house plants."),
      category("bike-shops", "Bike Shops", "Bicycles, parts and repair."),
      category("thrift-vintage", "Thrift & Vintage", "Second-hand clothes and furniture."),
      category("hardware-stores", "Hardware Stores", "Tools, paint and good advice."),
    ],
  },
  {
    slug: "fitness",
    name: "Fitness",
    about: "Gyms, studios and walls to climb.",
    icon: "dumbbell",
    color: "#b45309",
    below: [
      category("gyms", "Gyms", "Weights, machines and coaching."),
      category("yoga-pilates", "Yoga & Pilates", "Studios for mat, heat and reformer."),
      category("climbing-gyms", "Climbing Gyms", "Bouldering and rope climbing."),
      category("martial-arts", "Martial Arts", "Boxing, jiu-jitsu, karate and judo."),
    ],
  },
  {
    slug: "pets",
    name: "Pets",
    about: "Care, food and company for animals.",
    icon: "paw-print",
    color: "#4d7c0f",
    below: [
      category("veterinarians", "Veterinarians", "Clinics for dogs, cats and small animals."),
      category("pet-groomers", "Pet Groomers", "Baths, cuts and nails."),
      category("pet-boarding", "Pet Boarding & Daycare", "Day care and overnight stays."),
      category("pet-stores", "Pet Stores", "Food, toys and supplies."),
    ],
  },
  {
    slug: "nightlife",
    name: "Nightlife",
    about: "Bars, breweries and live music.",
    icon: "moon",
    color: "#4338ca",
    below: [
      category("bars", "Bars", "Neighborhood and specialty bars.", [
        category("cocktail-bars", "Cocktail Bars", "Classic and house cocktails."),
        category("wine-bars", "Wine Bars", "Wine by the glass and small plates."),
      ]),
      category("breweries", "Breweries", "Beer brewed where it is poured."),
      category("music-venues", "Music Venues", "Rooms with a stage."),
    ],
  },
];
