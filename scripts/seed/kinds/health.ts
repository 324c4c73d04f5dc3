import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const HEALTH: Kind[] = [
  {
    category: "dentists",
    voice: "health",
    hours: "clinic",
    weight: 34,
    names: lines(`
      {hood} Family Dental
      {fancy} Dental
      {family} Dentistry
      Dr. {first} {family}, DDS
      {city} Smile Studio
      {fancy} Dental Care
      {family} & {family2} Dental Group
      1st Avenue Dental
    `),
    taglines: lines(`
      Gentle dentistry for the whole family
      New patients seen within the week
    `),
    leads: lines(`
      {name} offers general and cosmetic dentistry for adults and children in {hood}.
      Dr. {family} and team at {name} have looked after the teeth of {city} since {year}.
      {name} is a small practice on {street} with two dentists and no sales pitch.
    `),
    details: lines(`
      Emergencies are seen the same day, and {item} is routine here.
      Most insurance is accepted; a membership plan covers those without.
      Treatment rooms have ceiling screens, and nervous patients get extra time.
    `),
    items: list(
      "a cleaning, a cracked tooth, a root canal, a new crown, whitening, a wisdom tooth",
    ),
    tags: list(
      "family dentist, emergency dentist, cosmetic, implants, whitening, kids welcome, insurance",
    ),
    good: lines(`
      I didn't feel the needle at all.
      The hygienist was thorough without making me feel guilty about flossing.
      They explained every step and the price before they began.
      My son went in crying and came out asking when he could come back.
      Seen twenty minutes after I called with a cracked tooth.
    `),
    mixed: lines(`
      Good dentist, but the billing took three calls to sort out.
      Work was fine; they push whitening a little hard.
    `),
    bad: lines(`
      I was told I needed four fillings; a second opinion found none.
      Forty-five minutes past my appointment before anyone spoke to me.
      The crown came loose after two weeks and they wanted to charge me again.
    `),
  },
  {
    category: "orthodontists",
    voice: "health",
    hours: "clinic",
    weight: 8,
    also: ["dentists"],
    names: lines(`
      {family} Orthodontics
      {fancy} Orthodontics
      {city} Braces & Aligners
      Straight & Narrow Orthodontics
    `),
    taglines: lines(`
      Braces and clear aligners for all ages
      A straight answer and a straight smile
    `),
    leads: lines(`
      {name} fits braces and clear aligners for children, teens and adults.
      Dr. {family} straightens teeth on {street}, with after-school hours for {hood}.
    `),
    details: lines(`
      The first consultation, with a 3D scan, is free.
      Payment plans run without interest for up to thirty months.
    `),
    items: list("clear aligners, a retainer, braces for my daughter, a broken bracket"),
    tags: list("braces, clear aligners, teens, adults, payment plans"),
    good: lines(`
      The treatment ended two months early.
      Adjustments take ten minutes and they run on time.
      The result is exactly what the scan had promised.
    `),
    mixed: lines(`
      Great result, but nearly every visit started late.
    `),
    bad: lines(`
      A wire poked my daughter for a week before they would see us.
      The quote grew with every visit.
    `),
  },
  {
    category: "family-doctors",
    voice: "health",
    hours: "clinic",
    weight: 16,
    also: ["pediatricians"],
    names: lines(`
      {hood} Family Medicine
      {fancy} Primary Care
      {family} Family Practice
      {city} Community Health
      {fancy} Medical Group
    `),
    taglines: lines(`
      A doctor who knows your name
      Primary care, same-week visits
    `),
    leads: lines(`
      {name} provides primary care for all ages, from newborn checks to Medicare.
      Three doctors and a nurse practitioner run {name} in {hood}.
    `),
    details: lines(`
      Lab work is done on site, and results come with a plain explanation.
      Video visits are kept free every afternoon.
      Spanish and Vietnamese are spoken at the front desk.
    `),
    items: list("my annual physical, a nagging cough, blood pressure, a flu shot, a referral"),
    tags: list("primary care, physicals, telehealth, vaccines, medicare, se habla español"),
    good: lines(`
      The doctor listened for longer than she typed.
      Test results came the next day with a note I could understand.
      They fit me in on the same day.
      I never feel hurried here.
    `),
    mixed: lines(`
      Excellent doctor; the phone menu is a maze.
      Good care, though it takes weeks to get a physical.
    `),
    bad: lines(`
      Six minutes with the doctor after an hour in the waiting room.
      They lost my referral twice.
    `),
  },
  {
    category: "pediatricians",
    voice: "health",
    hours: "clinic",
    weight: 10,
    also: ["family-doctors"],
    names: lines(`
      {hood} Pediatrics
      {fancy} Children's Clinic
      Little Bear Pediatrics
      {family} Pediatrics
    `),
    taglines: lines(`
      From first cough to college form
      Sick children seen the same day
    `),
    leads: lines(`
      {name} cares for children from birth to twenty-one on {street}.
      Well-child visits, vaccines and calm advice: {name} has raised half of {hood}.
    `),
    details: lines(`
      A nurse answers the phone at night and on weekends.
      Sick and well children wait in separate rooms.
    `),
    items: list("a newborn check, an ear infection, school forms, vaccines, a fever at midnight"),
    tags: list("children, newborns, vaccines, same day, after hours, lactation support"),
    good: lines(`
      The nurse line talked us through a bad night.
      They spoke to my daughter and not over her head.
      The doctor remembered our son's dinosaur.
    `),
    mixed: lines(`
      Lovely doctors, crowded waiting room.
    `),
    bad: lines(`
      A two-hour wait with a feverish toddler.
      They never called back about the test.
    `),
  },
  {
    category: "dermatologists",
    voice: "health",
    hours: "clinic",
    weight: 10,
    names: lines(`
      {city} Dermatology
      {fancy} Skin Clinic
      {family} Dermatology Associates
      Clear Spring Dermatology
    `),
    taglines: lines(`
      Skin checks without the six-month wait
      Medical and cosmetic dermatology
    `),
    leads: lines(`
      {name} treats skin, hair and nails, and keeps weekly hours for skin cancer checks.
      Two board-certified dermatologists see patients at {name} on {street}.
    `),
    details: lines(`
      Minor surgery is done in the office, with pathology back in five days.
      Acne, eczema and psoriasis are most of the day's work.
    `),
    items: list("a skin check, adult acne, a mole removed, eczema, a stubborn rash"),
    tags: list("skin checks, acne, eczema, cosmetic, mohs surgery"),
    good: lines(`
      Cleared up in six weeks what I had fought for years.
      A full skin check, every inch, with nothing brushed aside.
      The scar is nearly invisible.
    `),
    mixed: lines(`
      Good advice, but the visit lasted eight minutes.
    `),
    bad: lines(`
      More interested in selling creams than in my rash.
      Four months' wait, then they canceled on the day.
    `),
  },
  {
    category: "urgent-care",
    voice: "health",
    hours: "urgent",
    weight: 12,
    also: ["family-doctors"],
    names: lines(`
      {hood} Urgent Care
      {fancy} Walk-In Clinic
      {city} Express Care
      NextDoor Urgent Care {hood}
    `),
    taglines: lines(`
      Walk in, get seen, go home
      Open evenings and weekends
    `),
    leads: lines(`
      {name} sees walk-in patients seven days a week for cuts, sprains, fevers and more.
      With X-ray and a lab on site, {name} saves {hood} many a trip to the emergency room.
    `),
    details: lines(`
      Check in online and wait at home.
      The price for patients without insurance is posted at the door.
    `),
    items: list("stitches, a sprained ankle, strep throat, an X-ray, food poisoning"),
    tags: list("walk-in, x-ray, stitches, evenings, weekends, testing"),
    good: lines(`
      In and out in forty minutes with an X-ray.
      Five neat stitches and a joke that made my kid laugh.
      Online check-in works: I waited four minutes.
    `),
    mixed: lines(`
      Quick and competent; the bill came in three parts.
    `),
    bad: lines(`
      They turned us away an hour before closing.
      Missed a fracture that the hospital found next day.
    `),
  },
  {
    category: "optometrists",
    voice: "health",
    hours: "shop",
    weight: 14,
    names: lines(`
      {fancy} Eye Care
      {hood} Optometry
      {family} Vision
      20/20 {city} Optical
      Clearview Eye Clinic
      Four Eyes Optical
    `),
    taglines: lines(`
      Eye exams and frames you won't hide
      See well, look good
    `),
    leads: lines(`
      {name} combines careful eye exams with a shop full of independent frames.
      Dr. {family} has fitted glasses and contact lenses on {street} since {year}.
    `),
    details: lines(`
      Retinal photos are part of every exam, at no extra charge.
      Lenses are cut on site, so most glasses are ready in three days.
    `),
    items: list("an eye exam, new glasses, contact lenses, progressive lenses, a dry eye"),
    tags: list("eye exam, glasses, contact lenses, kids, vision insurance"),
    good: lines(`
      The most thorough eye exam I have had.
      They talked me out of the expensive coating I didn't need.
      Honest help with frames: no, those don't suit you, try these.
    `),
    mixed: lines(`
      Great exam, pricey frames.
    `),
    bad: lines(`
      The prescription was wrong and they blamed me for not adjusting.
      Glasses promised in a week took five.
    `),
  },
  {
    category: "physical-therapy",
    voice: "health",
    hours: "clinic",
    weight: 14,
    also: ["chiropractors"],
    names: lines(`
      {fancy} Physical Therapy
      {hood} Sports & Spine
      {city} Movement Clinic
      {family} Physical Therapy
      Back in Motion PT
    `),
    taglines: lines(`
      One therapist, one hour, one patient
      Get back to what you love
    `),
    leads: lines(`
      {name} gives each patient a full hour with the same therapist.
      Runners, dancers and new hips recover at {name} in {hood}.
    `),
    details: lines(`
      Programs are built around {item} and the life around it.
      Exercises come as short videos, so you do them right at home.
    `),
    items: list("a torn ACL, a frozen shoulder, lower back pain, a new knee, runner's knee"),
    tags: list("sports injuries, back pain, post surgery, dry needling, one on one"),
    good: lines(`
      I was told surgery; after ten sessions here I run again.
      They find the cause and not only the spot that hurts.
      Homework is short, clear and works.
    `),
    mixed: lines(`
      Great therapist, tight room, hard to get late slots.
    `),
    bad: lines(`
      Handed to an assistant after ten minutes, every time.
      Billed for an hour and treated for twenty minutes.
    `),
  },
  {
    category: "chiropractors",
    voice: "health",
    hours: "clinic",
    weight: 14,
    also: ["physical-therapy", "massage-spas"],
    names: lines(`
      {family} Chiropractic
      {fancy} Chiropractic & Wellness
      {hood} Spine Center
      Align {city}
    `),
    taglines: lines(`
      Backs, necks and desk shoulders
      No long contracts, just care
    `),
    leads: lines(`
      {name} treats back, neck and headache pain with adjustments and exercise.
      Dr. {first} {family} runs {name} on {street} without packages or contracts.
    `),
    details: lines(`
      The first visit includes a posture check and a plan with an end date.
      Massage therapists work in the same office.
    `),
    items: list("lower back pain, a stiff neck, sciatica, tension headaches, a pinched nerve"),
    tags: list("back pain, sciatica, massage, headaches, walk-ins, sports"),
    good: lines(`
      Walked in bent and walked out straight.
      Explains what and why before each adjustment.
      No upselling, just relief.
    `),
    mixed: lines(`
      It helped, though I expected to need fewer visits.
    `),
    bad: lines(`
      Tried to sign me up for forty visits on day one.
      Five rushed minutes and a sales talk.
    `),
  },
  {
    category: "counseling",
    voice: "health",
    hours: "office",
    weight: 14,
    names: lines(`
      {fancy} Counseling
      {hood} Therapy Collective
      {fancy} Family Therapy
      {first} {family}, LMFT
      Open Window Therapy
    `),
    taglines: lines(`
      Space to think, people who listen
      Individuals, couples, families
    `),
    leads: lines(`
      {name} is a group of therapists for individuals, couples and families in {hood}.
      Anxiety, grief and hard seasons: {name} offers therapy on {street} and by video.
    `),
    details: lines(`
      A free call of fifteen minutes helps to find the right therapist.
      A third of all hours is kept for sliding-scale fees.
    `),
    items: list("couples therapy, anxiety, grief, burnout, a hard year"),
    tags: list("anxiety, couples, telehealth, sliding scale, teens, lgbtq friendly"),
    good: lines(`
      I felt heard from the first session.
      Practical tools, not only nodding.
      We communicate better than in the ten years before.
    `),
    mixed: lines(`
      My therapist is wonderful; scheduling isn't.
    `),
    bad: lines(`
      My therapist canceled three times in two months.
      It took a month to get a call back.
    `),
  },
  {
    category: "pharmacies",
    voice: "health",
    hours: "shop",
    weight: 10,
    names: lines(`
      {hood} Pharmacy
      {family} Drugs
      {fancy} Apothecary
      {city} Community Pharmacy
    `),
    taglines: lines(`
      Filled in fifteen minutes
      Your pharmacist picks up the phone
    `),
    leads: lines(`
      {name} is an independent pharmacy on {street} that fills most prescriptions while you wait.
      Family-owned since {year}, {name} delivers to every door in {hood}.
    `),
    details: lines(`
      Compounding, blister packs and vaccines are done on site.
      The pharmacist checks prices in cash against your insurance without being asked.
    `),
    items: list("a refill, a flu shot, a compounded cream, travel vaccines"),
    tags: list("prescriptions, delivery, compounding, vaccines, independent"),
    good: lines(`
      They know my mother by name and bring her refills to the door.
      Caught an interaction my doctor had missed.
      Saved me ninety dollars by checking the cash price.
    `),
    mixed: lines(`
      Friendly people, short hours on weekends.
    `),
    bad: lines(`
      My refill was out of stock three days running.
      Nobody picks up the phone before noon.
    `),
  },
];
