import type { Voice } from "./kind.ts";
import { lines } from "./text.ts";

export type Mood = "good" | "mixed" | "bad";

/** What reviewers of one sort of business say besides what is particular to its kind. */
export interface Phrases {
  titles: string[];
  /** First sentences. */
  openers: string[];
  /** Sentences that fit anywhere after the first. */
  middles: string[];
  /** Last sentences. */
  closers: string[];
}

/** Titles and closing sentences that fit every sort of business. */
export const COMMON: Record<Mood, Pick<Phrases, "titles" | "closers">> = {
  good: {
    titles: lines(`
      Highly recommended
      Exceeded expectations
      Our favorite in {city}
      Worth every penny
      Five stars, easily
      Will be back
      So glad we found this place
      A gem in {hood}
      Consistently great
      Exactly what we needed
    `),
    closers: lines(`
      I'll be back.
      Already told my friends.
      {city} is lucky to have them.
      Thank you, {first}!
      Can't recommend them enough.
      Worth the trip across town.
      One of the best in {hood}.
      We'll be regulars.
    `),
  },
  mixed: {
    titles: lines(`
      Good, not great
      Mixed feelings
      It's fine
      Some hits, some misses
      Decent, with room to improve
      Three stars is fair
      Average experience
      Might try again
    `),
    closers: lines(`
      I might give it another try.
      Fine, but I won't go out of my way.
      There is room to improve.
      Maybe we caught them on a bad day.
      Somewhere between okay and good.
      Not bad, not special.
    `),
  },
  bad: {
    titles: lines(`
      Disappointed
      Won't be back
      Not worth it
      Expected more
      Used to be better
      Save your money
      Frustrating
      Look elsewhere
    `),
    closers: lines(`
      I won't be back.
      There are better choices in {city}.
      I expected more after all the praise.
      Save yourself the trouble.
      A shame, because it used to be good.
      I asked for the manager and nobody came.
    `),
  },
};

/** Phrases by sort of business and mood; the last words on {item} fit its form (see Kind). */
export const VOICES: Record<Voice, Record<Mood, Phrases>> = {
  food: {
    good: {
      titles: lines(`
        Get the {item}
        Delicious
        Best {item} in {city}
        Our new regular spot
        Simply great food
        Come hungry
      `),
      openers: lines(`
        We stopped by on a whim and stayed for two hours.
        I have been coming here for years, and it never slips.
        Came for the {item} and left very happy.
        Friends from {city} kept telling us to go; they were right.
        Our third visit this month, which says it all.
        Took my parents here for a birthday.
        Walked over from {hood} on a rainy evening and felt at home at once.
        I'm picky about food, and this place passes.
        Found this spot while waiting for a bus on {street}.
        Everything we tried was good, and the {item} was great.
      `),
      middles: lines(`
        Service was warm and quick.
        {first} took great care of us.
        Portions are generous and prices fair.
        The room is lively without being loud.
        You can taste that they use good ingredients.
        They were kind about my allergy and knew every ingredient.
        We also shared a {other}, and I would order it again.
        Clean, friendly, and never in a hurry to get rid of you.
        Order ahead on weekends if you can.
        The kids finished their plates, which never happens.
      `),
      closers: lines(`
        Get the {item}. You're welcome.
        Next time I'm trying the {other}.
        We left full and in a good mood.
        Leave room for one more {item}.
      `),
    },
    mixed: {
      titles: lines(`
        Good food, slow service
        Nice {item}, long wait
      `),
      openers: lines(`
        We wanted to love it.
        Had heard a lot about the {item} and finally went.
        Second visit, not as good as the first.
        A decent place for a quick bite in {hood}.
        The menu looks better than it eats.
      `),
      middles: lines(`
        Prices have gone up since last year.
        Our server was friendly but stretched thin.
        It was very loud and hard to talk.
        Some dishes are great and others forgettable.
        Parking on {street} is a sport.
      `),
      closers: lines(`
        I'd come back for the {item}, at a quieter hour.
      `),
    },
    bad: {
      titles: lines(`
        Cold food and a long wait
        Skip the {item}
      `),
      openers: lines(`
        What happened to this place?
        Came with a group of six and regretted it.
        After all the good reviews I was surprised.
        We waited nearly an hour to be seated, with a reservation.
        Ordered the {item} to go.
      `),
      middles: lines(`
        The table was sticky and stayed so.
        Nobody checked on us once.
        The bill had two items we never ordered.
        When we said something, they rolled their eyes.
        Half of the menu was not available.
      `),
      closers: lines(`
        I left hungry and paid fifty dollars for it.
      `),
    },
  },
  health: {
    good: {
      titles: lines(`
        Kind and thorough
        Finally, someone who listens
        Felt in good hands
        Professional from start to finish
      `),
      openers: lines(`
        I went in for {item} and couldn't be happier.
        I have been a patient here for four years.
        A colleague sent me here, and I'm grateful.
        I was nervous, and it turned out there was no reason to be.
        New to {city} and relieved to have found them.
        Called in the morning about {item} and was seen that afternoon.
        The whole family comes here now.
      `),
      middles: lines(`
        The front desk is friendly and organized.
        They run on time, which I value.
        {first} explained everything without talking down to me.
        The office is clean, bright and calm.
        No surprises on the bill.
        They followed up the next day to see how I was.
        You never feel like a number.
        Forms can be done online before you come.
      `),
      closers: lines(`
        Best care I've had in years.
        I no longer dread these appointments.
      `),
    },
    mixed: {
      titles: lines(`
        Good care, poor scheduling
        Long waits
      `),
      openers: lines(`
        Went in for {item}; the result is fine.
        The care itself is good.
        I have mixed feelings about this office.
        My first visit was excellent and the second rushed.
      `),
      middles: lines(`
        Parking is hard to find.
        I waited forty minutes past my time.
        The portal never shows my results.
        The staff changes every few months.
      `),
      closers: lines(`
        I'll stay for the doctor and not for the office.
      `),
    },
    bad: {
      titles: lines(`
        Rushed and dismissive
        Billing nightmare
      `),
      openers: lines(`
        I came in for {item} and left with more questions.
        I really wanted to like this place.
        Two visits, two bad experiences.
        I don't write reviews often, but this one is due.
      `),
      middles: lines(`
        Nobody looked at my chart before walking in.
        The person at the desk was short with everyone.
        I was billed for something that never took place.
        Three messages and no answer.
      `),
      closers: lines(`
        I have moved my records elsewhere.
      `),
    },
  },
  home: {
    good: {
      titles: lines(`
        On time and on budget
        Saved our weekend
        Honest and skilled
        Great work
        Hire them
      `),
      openers: lines(`
        We called about {item} on a Friday evening.
        Second time we have hired them, first {item}, now {other}.
        Got three quotes; theirs was the clearest.
        Our neighbors in {hood} recommended them.
        They took care of {item} from start to finish.
        I manage several rentals in {city} and use no one else.
        We had put off {item} for a year; it took them half a day.
      `),
      middles: lines(`
        {first} arrived on time and explained the options.
        They cleaned up so well that you wouldn't know they had been here.
        The estimate was in writing and the bill matched it.
        Polite, careful, and good with our nervous dog.
        They sent photos as the work went on.
        Communication was quick, by text and by phone.
        No upselling, which I appreciated.
        They showed me how to keep it from happening again.
      `),
      closers: lines(`
        Their number is on our fridge now.
        I'll call them first next time.
      `),
    },
    mixed: {
      titles: lines(`
        Good work, bad timing
        Fine in the end
      `),
      openers: lines(`
        Hired them for {item}.
        The job got done.
        It took longer than they said, but {item} is sorted out.
        Decent people, loose schedule.
      `),
      middles: lines(`
        They had to come back to finish.
        It cost a little more than the estimate.
        Hard to reach by phone.
        The cleanup was left to us.
      `),
      closers: lines(`
        I'd use them again for small things.
      `),
    },
    bad: {
      titles: lines(`
        Never showed up
        Twice the estimate
        Poor workmanship
      `),
      openers: lines(`
        Hired them for {item}, and I regret it.
        Where do I begin?
        We took a day off work for them. Twice.
        The sales call was the best part.
      `),
      middles: lines(`
        They blamed the house, the weather and me.
        Someone else had to redo all of it.
        The invoice had hours on it when no one was here.
        No answer to calls, texts or email.
      `),
      closers: lines(`
        I am asking for my deposit back.
      `),
    },
  },
  auto: {
    good: {
      titles: lines(`
        Honest shop
        Fast and fair
        My shop for life
        They know cars
      `),
      openers: lines(`
        Came in for {item} and was out by noon.
        Fourth car I have brought here.
        Broke down on {street} and they took me right in.
        A friend in {hood} swears by them, and now I do too.
        I know little about cars and never feel foolish here.
        They took care of {item} and found nothing else to sell me.
      `),
      middles: lines(`
        {first} explained it with photos.
        The price was what they had said on the phone.
        They even vacuumed the floor mats.
        The waiting room has good coffee and working wifi.
        They called before doing anything extra.
        A year later it still runs well.
      `),
      closers: lines(`
        I won't go anywhere else.
        Honest people are hard to find in this trade.
      `),
    },
    mixed: {
      titles: lines(`
        Good but slow
        Okay for the price
      `),
      openers: lines(`
        Brought the car in for {item}.
        They fixed it, on the second try.
        Fair work at a fair price.
      `),
      middles: lines(`
        It took a day longer than they said.
        The desk was friendly and a little chaotic.
        They forgot to reset the warning light.
      `),
      closers: lines(`
        Okay for simple jobs.
      `),
    },
    bad: {
      titles: lines(`
        Came back worse
        Watch the bill
      `),
      openers: lines(`
        Came in for {item}, and it is worse than before.
        I trusted the reviews.
        They had my car for nine days.
      `),
      middles: lines(`
        Nobody called me once.
        They charged for parts that I can't find on the car.
        My radio was set to full volume and the seat was wet.
      `),
      closers: lines(`
        I'm taking it to the dealer.
      `),
    },
  },
  office: {
    good: {
      titles: lines(`
        Clear and responsive
        True professionals
        Took the stress away
        Knows the business
      `),
      openers: lines(`
        They handled {item} for us.
        I hired them for {item} on a friend's advice.
        We have worked together for three years.
        I was lost with {item} before I came here.
        From the first call I felt taken seriously.
        A small office that outworks the big ones.
      `),
      middles: lines(`
        {first} answered every question the same day.
        The fee was agreed in writing before we began.
        They think of things you wouldn't.
        Deadlines were met, every one.
        They explain without jargon.
        Always polite, always prepared.
      `),
      closers: lines(`
        I sleep better now.
        They earned our trust.
      `),
    },
    mixed: {
      titles: lines(`
        Competent, not quick
        Good result, slow answers
      `),
      openers: lines(`
        Used them for {item}.
        The result was what we needed.
        They know their field.
      `),
      middles: lines(`
        It took several reminders.
        I was passed between three people.
        The final bill was higher than I had understood.
      `),
      closers: lines(`
        I would ask more questions next time.
      `),
    },
    bad: {
      titles: lines(`
        Unresponsive
        Costly mistakes
      `),
      openers: lines(`
        I hired them for {item} and had to start over elsewhere.
        The first meeting was promising.
        Months of waiting for {item}.
      `),
      middles: lines(`
        Emails went unanswered for weeks.
        They lost papers that I had handed in twice.
        I found the mistakes myself.
      `),
      closers: lines(`
        I want my retainer back.
      `),
    },
  },
  beauty: {
    good: {
      titles: lines(`
        Best {item} ever
        I feel brand new
        True artists
        So relaxing
      `),
      openers: lines(`
        Booked a {item} and walked out smiling.
        I have followed {first} through three places, and this is the best.
        Came in without an appointment and they made room.
        My second {item} here, even better than the first.
        After a bad experience elsewhere I was careful; no need to be.
        A gift from my sister, and now I'm hooked.
      `),
      middles: lines(`
        {first} listens and gives honest advice.
        Everything is spotless.
        They remembered what we talked about last time.
        The price is fair for the time they take.
        Good music, good tea, no gossip.
        Booking online is easy.
      `),
      closers: lines(`
        Already booked my next {item}.
        People keep asking where I go.
      `),
    },
    mixed: {
      titles: lines(`
        Nice but pricey
        Okay {item}
      `),
      openers: lines(`
        Had a {item} last week.
        A pleasant place.
        Not my best {item}, not my worst.
      `),
      middles: lines(`
        We started half an hour late.
        It is louder than I like.
        They push products at the end.
      `),
      closers: lines(`
        I may come back with clearer wishes.
      `),
    },
    bad: {
      titles: lines(`
        Not what I asked for
        Rushed job
      `),
      openers: lines(`
        I asked for a {item} and got something else.
        Twenty minutes late and no excuse.
        I wanted to cry in the car.
      `),
      middles: lines(`
        They talked to each other the whole time.
        The tools did not look clean.
        They charged me for the repair of their own work.
      `),
      closers: lines(`
        Someone else had to fix it.
      `),
    },
  },
  shop: {
    good: {
      titles: lines(`
        Love this shop
        Support this place
        Great advice
        A real neighborhood shop
      `),
      openers: lines(`
        I came in for {item} and left with a smile.
        My first stop when I need {item}.
        One of those shops that make {hood} what it is.
        I could spend a day in here.
        Stopped in while walking along {street}.
        They found {item} when I had given up.
      `),
      middles: lines(`
        {first} knows everything on the shelves.
        Fair prices, honest advice.
        They wrapped it beautifully for free.
        The choice is small and very well made.
        They ordered what they didn't have and called when it came.
        Nobody follows you around.
      `),
      closers: lines(`
        Buy here and not online.
        Places like this should last forever.
      `),
    },
    mixed: {
      titles: lines(`
        Nice, a bit expensive
        Worth a look
      `),
      openers: lines(`
        Went in for {item}.
        A pretty shop with a small choice.
        I like the idea of this place.
      `),
      middles: lines(`
        Prices are higher than elsewhere.
        Hours on the door were not the hours they keep.
        It can be hard to find someone to ask.
      `),
      closers: lines(`
        Good for gifts, less for every day.
      `),
    },
    bad: {
      titles: lines(`
        Unfriendly
        No returns
      `),
      openers: lines(`
        All I wanted was {item}.
        I had shopped here for years.
        Drove across {city} because the phone said they were open.
      `),
      middles: lines(`
        They refused a return after one day.
        The price on the shelf was not the price at the register.
        The person at the counter never looked up.
      `),
      closers: lines(`
        I'll order it online.
      `),
    },
  },
  fitness: {
    good: {
      titles: lines(`
        Life-changing
        Welcoming and serious
        Best hour of my day
        Great coaches
      `),
      openers: lines(`
        I signed up for {item} and stayed for two years.
        I hadn't moved in a decade before I came here.
        Tried four places in {city}, and this is the one.
        {item} was a present, and I got addicted.
        Walked in shy and left with a schedule.
      `),
      middles: lines(`
        {first} notices everything and says it kindly.
        All ages, all shapes, no attitude.
        The place is clean and well kept.
        Classes start on time and end on time.
        The schedule works for people with jobs.
        I sleep better and my knees don't hurt.
      `),
      closers: lines(`
        See you on Monday.
        Go for the free class; you'll stay.
      `),
    },
    mixed: {
      titles: lines(`
        Good classes, crowded
        Fine for beginners
      `),
      openers: lines(`
        Joined for {item}.
        I like the people more than the place.
        Good value if you come in the morning.
      `),
      middles: lines(`
        The showers need work.
        It is packed after six.
        Favorite teachers come and go.
      `),
      closers: lines(`
        I'll finish my pass and see.
      `),
    },
    bad: {
      titles: lines(`
        Hard to cancel
        Not safe
      `),
      openers: lines(`
        Paid for {item} and went twice.
        It was good under the last owner.
        The tour was nice. The rest wasn't.
      `),
      middles: lines(`
        They kept charging after I had canceled.
        Nobody showed me anything.
        The changing room was filthy.
      `),
      closers: lines(`
        Read the contract before you sign.
      `),
    },
  },
  pets: {
    good: {
      titles: lines(`
        {pet} loves it here
        They love animals
        Gentle and patient
        We trust them with {pet}
      `),
      openers: lines(`
        We brought {pet} in for {item}.
        {pet} has been coming here since the first week with us.
        {pet} is shy with strangers, but not here.
        New in {city}, and the first place we tried for {item}.
        They squeezed {pet} in on a busy Saturday.
        Three animals, one place, never a complaint.
      `),
      middles: lines(`
        {first} has a gift with animals.
        They take their time and explain what they do.
        The price was fair and known before.
        It is clean and smells of nothing.
        They remember {pet}'s name, habits and favorite treat.
        They called as soon as {pet} was ready.
      `),
      closers: lines(`
        {pet} gives it two paws up.
        Treats for {pet}, relief for us.
      `),
    },
    mixed: {
      titles: lines(`
        Nice people, high prices
        Okay for {pet}
      `),
      openers: lines(`
        Took {pet} in for {item}.
        {pet} seemed happy enough.
        The people are kind.
      `),
      middles: lines(`
        We waited well past our time.
        It costs more than other places nearby.
        Nobody told us about the extra charge.
      `),
      closers: lines(`
        We're looking around, without hurry.
      `),
    },
    bad: {
      titles: lines(`
        Poor {pet}
        Would not trust them again
      `),
      openers: lines(`
        We left {pet} for {item} and got a different dog back.
        I'm still upset.
        {pet} shook all the way home.
      `),
      middles: lines(`
        Nobody could tell us what had happened.
        They were more interested in the bill than in {pet}.
        We were told that it is normal. It isn't.
      `),
      closers: lines(`
        {pet} deserves better.
      `),
    },
  },
  night: {
    good: {
      titles: lines(`
        Great night out
        My kind of place
        Get the {item}
        Perfect date night
      `),
      openers: lines(`
        Came for one {item} and closed the place.
        A Thursday in {hood} turned into a small party.
        We started a birthday here and never moved on.
        My favorite seat in {city} is at this bar.
        Visiting from out of town and went twice.
      `),
      middles: lines(`
        {first} behind the bar is a treasure.
        The crowd is friendly and mixed.
        Not too loud to talk, not too quiet to laugh.
        Fair prices for what you get.
        The patio is the best in {hood}.
        We also had a {other}, and had it again.
      `),
      closers: lines(`
        See you at last call.
        Order the {item} and thank me later.
      `),
    },
    mixed: {
      titles: lines(`
        Fun but crowded
        Nice drinks, slow bar
      `),
      openers: lines(`
        Stopped in for a {item}.
        It depends very much on the night.
        Great room, uneven service.
      `),
      middles: lines(`
        Fifteen minutes for the first drink.
        Too loud after ten.
        Prices creep up every month.
      `),
      closers: lines(`
        Early in the week it's lovely.
      `),
    },
    bad: {
      titles: lines(`
        Rude at the door
        Overpriced
      `),
      openers: lines(`
        We waited in the cold while others walked past us.
        Bad start, worse finish.
        A {item} and an argument.
      `),
      middles: lines(`
        The glass was dirty, and so was the next one.
        They kept my card open and added to it.
        Nobody cared that the restroom was flooded.
      `),
      closers: lines(`
        There are a dozen better bars on {street}.
      `),
    },
  },
};

/** Whole reviews in Spanish, for places where some guests write it. */
export const SPANISH: Record<Mood, { title: string; content: string }[]> = {
  good: [
    {
      title: "Como en casa",
      content: "La comida sabe a la de mi abuela. Las tortillas recién hechas y la salsa verde, " +
        "¡qué delicia! Volveremos cada domingo.",
    },
    {
      title: "¡Excelente!",
      content: "Muy buen servicio y porciones grandes. {first} nos atendió con mucha paciencia y " +
        "los niños salieron felices.",
    },
    {
      title: "El mejor de {city}",
      content: "Llevo años viniendo y nunca falla. Pidan la horchata y no se vayan sin probar el " +
        "postre del día.",
    },
    {
      title: "Recomendado",
      content:
        "Llegamos sin reservación y nos hicieron un lugar enseguida. Todo fresco, rico y a " +
        "buen precio aquí en {hood}.",
    },
  ],
  mixed: [
    {
      title: "Bien, pero lento",
      content: "La comida está rica, aunque esperamos casi una hora. El local es pequeño y se " +
        "llena muy rápido.",
    },
    {
      title: "Regular",
      content: "Unas cosas muy buenas y otras sin chiste. Con los precios de ahora uno espera un " +
        "poco más.",
    },
  ],
  bad: [
    {
      title: "Ya no es lo mismo",
      content:
        "Antes era mi lugar favorito. Esta vez la carne llegó fría y nadie quiso cambiarla. " +
        "Una lástima.",
    },
  ],
};

/** What owners answer, by mood of the review. {reader} is the reviewer's given name. */
export const RESPONSES: Record<Mood, string[]> = {
  good: lines(`
    Thank you, {reader}! Your kind words are pinned up where the whole team can read them.
    {reader}, it was a pleasure. See you next time!
    Thanks for taking the time to write, {reader}. {first} says hello.
    We're so glad you had a good experience, {reader}. Thank you for supporting a small business.
    Thank you, {reader}. Reviews like yours make our week.
    Much appreciated, {reader}! Tell your friends in {hood}.
    Thank you, {reader}. Our door is always open to you.
  `),
  mixed: lines(`
    Thank you for the honest words, {reader}. We are working on the waits; please try us again.
    {reader}, thanks for telling us. We aim higher than that; please ask for {first} next time.
    Fair points, {reader}. We have talked them over with the team this morning.
    Thanks, {reader}. We've added a person to the busy hours because of reviews like yours.
  `),
  bad: lines(`
    {reader}, I'm sorry. Please call us and ask for {first}, so that we can make this right.
    This is not how we want anyone to feel, {reader}. We have written to you and hope for an answer.
    Thank you for telling us, {reader}. We have looked into it and changed how we do this.
    We're sorry that we let you down, {reader}. The charge has been refunded.
  `),
};
