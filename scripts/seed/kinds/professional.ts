import type { Kind } from "../kind.ts";
import { lines, list } from "../text.ts";

export const PROFESSIONAL: Kind[] = [
  {
    category: "family-law",
    voice: "office",
    hours: "office",
    weight: 12,
    also: ["estate-planning"],
    names: lines(`
      {family} & {family2} Family Law
      {family} Law Group
      {fancy} Family Law
      Law Office of {first} {family}
    `),
    taglines: lines(`
      Clear counsel in hard months
      Divorce, custody, adoption
    `),
    leads: lines(`
      {name} advises on divorce, custody and adoption in {city} and the county around it.
      Mediation first, court when needed: {name} has practiced on {street} since {year}.
    `),
    details: lines(`
      The first hour is at a flat fee and ends with a written plan.
      Two of the attorneys are certified mediators.
    `),
    items: list("a divorce, a custody agreement, an adoption, a prenuptial agreement, mediation"),
    tags: list("divorce, custody, mediation, adoption, flat fees"),
    good: lines(`
      She kept me calm and the bill reasonable.
      Everything was explained in words I could use.
      Our agreement was signed in two months without a hearing.
    `),
    mixed: lines(`
      Strong lawyer, slow to answer email.
    `),
    bad: lines(`
      Billed me for reading my own reminder.
      I learned about my hearing from the other side.
    `),
  },
  {
    category: "estate-planning",
    voice: "office",
    hours: "office",
    weight: 10,
    also: ["family-law"],
    names: lines(`
      {family} Estate Law
      {family}, {family2} & Associates
      {fancy} Wills & Trusts
      {city} Estate Planning Group
    `),
    taglines: lines(`
      Wills and trusts in plain words
      Peace of mind, notarized
    `),
    leads: lines(`
      {name} drafts wills, trusts and powers of attorney at flat fees.
      Families in {hood} settle estates and avoid probate with {name}.
    `),
    details: lines(`
      Documents are reviewed every three years at no charge.
      Home visits are made for those who can't come to {street}.
    `),
    items: list("a living trust, a will, probate, a power of attorney, my father's estate"),
    tags: list("wills, trusts, probate, power of attorney, flat fees, home visits"),
    good: lines(`
      Probate took half the time we had feared.
      Flat fee, clear documents, no jargon.
      He asked about things we would never have thought of.
    `),
    mixed: lines(`
      Careful work, a dated office, many forms.
    `),
    bad: lines(`
      My middle name is wrong in three places.
      Four months for a simple will.
    `),
  },
  {
    category: "immigration-law",
    voice: "office",
    hours: "office",
    weight: 10,
    names: lines(`
      {family} Immigration Law
      {family} & {family2} Immigration
      {city} Immigrant Legal
      {fancy} Immigration Counsel
    `),
    taglines: lines(`
      Visas, green cards, citizenship
      Hablamos español, nous parlons français
    `),
    leads: lines(`
      {name} helps people and companies with visas, green cards and citizenship.
      Six languages are spoken at {name}, a small immigration firm on {street}.
    `),
    details: lines(`
      Every case has a checklist that you can see online.
      Saturday mornings are kept for free consultations.
    `),
    items: list("a green card, an H-1B petition, a citizenship application, a family visa, asylum"),
    tags: list("visas, green card, citizenship, asylum, se habla español, consultation"),
    good: lines(`
      My green card came through and I cried in their office.
      They answered every request for evidence in days.
      Honest about my chances from the beginning.
    `),
    mixed: lines(`
      Good outcome, little news along the way.
    `),
    bad: lines(`
      They missed a filing date and told me weeks later.
      A different paralegal on every call.
    `),
  },
  {
    category: "accounting-tax",
    voice: "office",
    hours: "office",
    weight: 16,
    names: lines(`
      {family} & {family2}, CPAs
      {family} Accounting
      {fancy} Bookkeeping & Tax
      {city} Tax & Payroll
      1040 {hood} Tax
    `),
    taglines: lines(`
      Books in order, taxes on time
      Numbers explained by humans
    `),
    leads: lines(`
      {name} prepares taxes and keeps the books of people and small companies in {city}.
      Freelancers, restaurants and rental owners trust {name}, on {street} since {year}.
    `),
    details: lines(`
      Returns are quoted before the work begins.
      Monthly bookkeeping comes with a call, not only a report.
    `),
    items: list(
      `
      an amended return, my small business taxes, payroll, a letter from the tax office, bookkeeping
    `,
    ),
    tags: list("taxes, bookkeeping, payroll, small business, cpa, freelancers"),
    good: lines(`
      Found a deduction that paid for three years of fees.
      Answers email within the day, even in April.
      Sorted out two years of mess without a lecture.
    `),
    mixed: lines(`
      Accurate work, but they filed an extension I hadn't asked for.
    `),
    bad: lines(`
      They filed late and I paid the penalty.
      The fee doubled from last year, without a word.
    `),
  },
  {
    category: "real-estate",
    voice: "office",
    hours: "office",
    weight: 14,
    names: lines(`
      {family} Realty
      {fancy} Homes
      {hood} Properties
      {family} & {family2} Real Estate
      {city} Living Realty
    `),
    taglines: lines(`
      We know the block
      Buying and selling in {hood}
    `),
    leads: lines(`
      {name} sells and finds homes in {hood} and the streets around it.
      Agents of {name} live where they work, and have since {year}.
    `),
    details: lines(`
      Sellers get photos, floor plans and a plan for the first weekend.
      First-time buyers are walked through every form.
    `),
    items: list("our first house, the sale of my mother's condo, a rental, a duplex"),
    tags: list("buyers, sellers, rentals, first-time buyers, condos, relocation"),
    good: lines(`
      Sold above asking in six days.
      She talked us out of a house with a bad foundation.
      Patient with us through thirty showings.
    `),
    mixed: lines(`
      Knows the market, always in a hurry.
    `),
    bad: lines(`
      Disappeared once the contract was signed.
      The listing had the wrong number of bedrooms for a week.
    `),
  },
  {
    category: "insurance",
    voice: "office",
    hours: "office",
    weight: 10,
    names: lines(`
      {family} Insurance Agency
      {fancy} Insurance
      {city} Mutual Brokers
      {hood} Insurance Partners
    `),
    taglines: lines(`
      Compare nine carriers with one call
      Covered for what really happens
    `),
    leads: lines(`
      {name} is an independent agency that compares home, car and business policies.
      {first} {family} opened {name} on {street} in {year} and still answers the phone.
    `),
    details: lines(`
      Policies are reviewed every year before they renew.
      When there is a claim, an agent stays on it with you.
    `),
    items: list("home insurance, a claim after a storm, bundling car and home, renters insurance"),
    tags: list("home, auto, life, business, independent, claims help"),
    good: lines(`
      Saved us six hundred a year for better coverage.
      When the tree fell she called me before I called her.
      Clear about what is not covered, which I value.
    `),
    mixed: lines(`
      Good rates; every change needs a phone call.
    `),
    bad: lines(`
      My policy lapsed because they never sent the bill.
      Quote on Monday, thirty percent more on Friday.
    `),
  },
  {
    category: "photographers",
    voice: "office",
    hours: "studio",
    weight: 12,
    names: lines(`
      {first} {family} Photography
      {fancy} Photo Studio
      {family} & {family2} Photographers
      Golden Hour {city}
      F/2 Studio
    `),
    taglines: lines(`
      Weddings, portraits, and the dog
      Pictures you will hang up
    `),
    leads: lines(`
      {name} photographs weddings, families and small companies in {city}.
      Natural light and little posing are the manner of {name}, with a studio in {hood}.
    `),
    details: lines(`
      Galleries are delivered in three weeks, with full rights to print.
      Studio sessions include a change of clothes and endless patience with toddlers.
    `),
    items: list("our wedding, headshots, a family session, product photos, newborn pictures"),
    tags: list("weddings, portraits, headshots, family, product, studio"),
    good: lines(`
      We look like ourselves, only better lit.
      She caught my grandmother laughing, and I will keep it forever.
      The gallery came a week early.
    `),
    mixed: lines(`
      Lovely pictures, fewer of them than we had hoped.
    `),
    bad: lines(`
      Two months of excuses and half of the photos.
      Late to a ceremony that couldn't wait.
    `),
  },
  {
    category: "computer-repair",
    voice: "office",
    hours: "shop",
    weight: 14,
    names: lines(`
      {hood} Computer Repair
      {fancy} Tech
      Byte Size Repair
      {city} Mac & PC Clinic
      404 Fixed
      Dr. {first}'s Device Clinic
    `),
    taglines: lines(`
      Fixed by Friday, or sooner
      Your data first
    `),
    leads: lines(`
      {name} repairs laptops, desktops and phones on {street}, most of them within two days.
      Cracked screens and lost files are the daily bread of {name}, since {year}.
    `),
    details: lines(`
      Diagnosis is free, and no fix means no fee.
      Small offices get networks and backups that someone looks after.
    `),
    items: list("a cracked screen, a lost hard drive, a slow laptop, a virus, our office network"),
    tags: list("laptop repair, phone repair, data recovery, networks, same day, free diagnosis"),
    good: lines(`
      Ten years of photos recovered from a dead drive.
      New screen in an hour, for half of what the brand asked.
      He said it wasn't worth repairing and saved me the money.
    `),
    mixed: lines(`
      Repair holds; it took a week, not two days.
    `),
    bad: lines(`
      It came back with a different keyboard than it went in with.
      They wiped the disk without asking.
    `),
  },
];
