import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const FITNESS: Kind[] = [
  {
    category: "gyms",
    voice: "fitness",
    hours: "gym",
    weight: 14,
    names: lines(`
      {hood} Strength
      {fancy} Fitness
      Iron & Oak Gym
      {city} Barbell Club
      45 Pound Gym
    `),
    taglines: lines(`
      Lift something heavy, gently
      No mirrors, no nonsense
    `),
    leads: lines(`
      {name} has racks, rowers and coaches who know your name, on {street}.
      Strength for beginners and for the stubborn: {name} opened in {hood} in {year}.
    `),
    details: lines(`
      The first week is free, and memberships end when you say so.
      Classes are capped at ten.
    `),
    items: list("the beginner program, personal training, the morning class, a day pass"),
    tags: list("weights, personal training, classes, showers, day pass"),
    good: lines(`
      I deadlifted my own weight at fifty-eight.
      Coaches correct gently and early.
      Clean, never crowded, and the plates get put back.
    `),
    mixed: lines(`
      Good equipment, not enough racks at six.
    `),
    bad: lines(`
      Half of the machines carry an out-of-order sign.
      Canceling took three letters and two months.
    `),
  },
  {
    category: "yoga-pilates",
    voice: "fitness",
    hours: "studio",
    weight: 16,
    names: lines(`
      {fancy} Yoga
      {hood} Pilates
      {fancy} Yoga & Pilates
      Breathe {city}
      108 Yoga
    `),
    taglines: lines(`
      Slow down on purpose
      Mat, heat and reformer
    `),
    leads: lines(`
      {name} teaches yoga and reformer Pilates in small groups on {street}.
      Warm floors and patient teachers have made {name} a morning habit in {hood}.
    `),
    details: lines(`
      Mats are provided and beginners are welcome in every class marked with a leaf.
      A donation class is held on Sunday afternoons.
    `),
    items: list("the beginner series, prenatal yoga, reformer classes, hot yoga, an intro month"),
    tags: list("yoga, pilates, reformer, prenatal, beginners, hot yoga"),
    good: lines(`
      My back hasn't hurt since I started.
      Teachers adjust the class for old knees without a fuss.
      A calm room and a kind group of people.
    `),
    mixed: lines(`
      Great teachers; the changing room fits two.
    `),
    bad: lines(`
      Class packs expire sooner than anyone says.
      Twice the teacher didn't come.
    `),
  },
  {
    category: "climbing-gyms",
    voice: "fitness",
    hours: "gym",
    weight: 6,
    also: ["gyms"],
    names: lines(`
      {fancy} Climbing
      {city} Boulder Hall
      Chalk & Rope
      {hood} Bouldering
    `),
    taglines: lines(`
      New problems every week
      Up is the way
    `),
    leads: lines(`
      {name} has bouldering walls, ropes and a training room under one high roof on {street}.
      Setters at {name} strip and rebuild a wall every week.
    `),
    details: lines(`
      Shoes, harness and a lesson are part of the first visit.
      Kids climb until five; after that it is every elbow for itself.
    `),
    items: list("a belay class, the kids' camp, a day pass, the intro lesson"),
    tags: list("bouldering, ropes, kids, lessons, day pass, training"),
    good: lines(`
      Creative setting, soft mats, friendly crowd.
      My daughter lives for the Saturday group.
      They taught us to belay with patience and jokes.
    `),
    mixed: lines(`
      Superb walls, packed on rainy weekends.
    `),
    bad: lines(`
      Holds spin and nobody fixes them.
      Chalk dust so thick you can write in it.
    `),
  },
  {
    category: "martial-arts",
    voice: "fitness",
    hours: "studio",
    weight: 10,
    names: lines(`
      {family} Jiu-Jitsu
      {hood} Boxing Club
      {fancy} Karate
      {city} Judo & Self-Defense
      Muay Thai {hood}
    `),
    taglines: lines(`
      Respect first, then technique
      Bow in, breathe out
    `),
    leads: lines(`
      {name} teaches children and adults on a large mat above {street}.
      Coach {first} {family} runs {name} in {hood} with discipline and humor.
    `),
    details: lines(`
      The first two classes are free, and gear can be borrowed.
      Women's classes are taught on Mondays and Wednesdays.
    `),
    items: list("the kids' class, the women's class, fundamentals, private lessons"),
    tags: list("kids, beginners, self-defense, women, competition"),
    good: lines(`
      My son has learned to lose with grace.
      No egos on the mat.
      I lost thirty pounds and gained friends.
    `),
    mixed: lines(`
      Excellent coaching, thin walls, loud music next door.
    `),
    bad: lines(`
      Beginners get thrown in with people twice their size.
      A contract for a year that nobody explained.
    `),
  },
];
