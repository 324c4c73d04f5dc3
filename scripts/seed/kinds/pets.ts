import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const PETS: Kind[] = [
  {
    category: "veterinarians",
    voice: "pets",
    hours: "clinic",
    weight: 18,
    names: lines(`
      {hood} Animal Hospital
      {fancy} Veterinary Clinic
      {family} Veterinary Care
      {city} Cat & Dog Clinic
      Four Paws Veterinary
    `),
    taglines: lines(`
      Gentle medicine for small patients
      Cats by appointment, worries by phone
    `),
    leads: lines(`
      {name} treats dogs, cats and small animals in {hood}.
      Dr. {first} {family} and two colleagues run {name} on {street} since {year}.
    `),
    details: lines(`
      X-ray, dental work and surgery are done on site.
      Cats have a waiting room of their own.
      Estimates are given before every treatment.
    `),
    items: list("a dental cleaning, vaccines, a limp, an ear infection, spaying, a senior checkup"),
    tags: list("dogs, cats, dental, surgery, vaccines, emergencies, exotics"),
    good: lines(`
      They got down on the floor with {pet}, who hates vets.
      The vet called the next morning to ask how {pet} was.
      Honest about what was needed and what wasn't.
      They held our hands when it was time to say goodbye.
    `),
    mixed: lines(`
      Caring vet, eye-watering bill.
      Good medicine, long waits.
    `),
    bad: lines(`
      {pet} came home with the wrong medicine.
      Eight hundred dollars of tests and no answer.
    `),
  },
  {
    category: "pet-groomers",
    voice: "pets",
    hours: "salon",
    weight: 12,
    names: lines(`
      {fancy} Grooming
      Bubbles & Barks
      {hood} Dog Wash
      {first}'s Pet Salon
      The Shaggy Sheepdog
    `),
    taglines: lines(`
      Clean dogs, calm hands
      Wash, clip, cuddle
    `),
    leads: lines(`
      {name} washes, clips and brushes dogs and brave cats on {street}.
      No cages and no rush at {name}: one groomer, one dog, one hour.
    `),
    details: lines(`
      Nervous animals get the first slot of the day.
      Self-service tubs are open all week.
    `),
    items: list("a summer cut, a nail trim, a bath, a de-shedding brush-out"),
    tags: list("dogs, cats, nail trim, self-service, puppies, mobile"),
    good: lines(`
      {pet} came out fluffy, calm and wearing a bow tie.
      They noticed a lump that we had missed.
      No more sedation for {pet}, just patience.
    `),
    mixed: lines(`
      Nice cut, though shorter than we asked.
    `),
    bad: lines(`
      They nicked {pet}'s ear and didn't tell us.
      Matted behind the ears the day we picked {pet} up.
    `),
  },
  {
    category: "pet-boarding",
    voice: "pets",
    hours: "trades",
    weight: 10,
    names: lines(`
      {fancy} Dog Daycare
      {hood} Pet Lodge
      Camp {pet}
      Wag & Wander
    `),
    taglines: lines(`
      A yard, a sofa, a nap
      Tired dogs come home
    `),
    leads: lines(`
      {name} looks after dogs by day and overnight, in small groups with a big yard.
      Cats have their own quiet floor at {name}, on {street} since {year}.
    `),
    details: lines(`
      Photos are sent every evening.
      Every dog is tried out for a morning before the first stay.
    `),
    items: list("daycare, two weeks of boarding, a weekend stay, puppy socializing"),
    tags: list("daycare, boarding, cats, puppies, webcam, pick-up"),
    good: lines(`
      {pet} pulls me to the door every morning.
      A photo every night made our vacation possible.
      They followed the medicine schedule to the minute.
    `),
    mixed: lines(`
      {pet} loves it; pick-up hours are tight.
    `),
    bad: lines(`
      {pet} came home with kennel cough and a scratch.
      They forgot the food we had packed.
    `),
  },
  {
    category: "pet-stores",
    voice: "pets",
    hours: "shop",
    weight: 8,
    also: ["pet-groomers"],
    names: lines(`
      {hood} Pet Supply
      {fancy} Pets
      Bone & Feather
      Fur & Fin {city}
    `),
    taglines: lines(`
      Food, toys and good advice
      Adopt here, shop here
    `),
    leads: lines(`
      {name} stocks food, toys and tanks, and finds homes for shelter cats on {street}.
      An independent pet store in {hood}, {name} reads the labels so that you can trust them.
    `),
    details: lines(`
      Heavy bags are carried to the car or to your door.
      Adoption days are held on the first Saturday of the month.
    `),
    items: list("new food, a harness, a first aquarium, a scratching post"),
    tags: list("dog food, cats, aquariums, adoption, delivery, treats"),
    good: lines(`
      They helped {pet} off the allergy food for good.
      Knowledgeable about fish, which is rare.
      {pet} gets a biscuit and I get advice.
    `),
    mixed: lines(`
      Great staff, a little expensive.
    `),
    bad: lines(`
      Two of three fish were dead within a day.
      Expired treats on the shelf.
    `),
  },
];
