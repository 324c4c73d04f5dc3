/** The example page in a real browser: what a visitor does, and what the visitor then sees. */

import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import type { Page } from "playwright-core";
import { CITIES as SEED_CITIES } from "../../../scripts/seed/cities.ts";
import { requiredEnvironment } from "../../../scripts/stack/environment.ts";
import { CITIES, USERS } from "../../../examples/directory/local_data.js";
import { onPage, SCREENSHOTS } from "./example_browser.ts";

const { PLINTH_API_URL, PLINTH_PUBLISHABLE_KEY } = requiredEnvironment(
  "PLINTH_API_URL",
  "PLINTH_PUBLISHABLE_KEY",
);

const client = createClient(PLINTH_API_URL, PLINTH_PUBLISHABLE_KEY, {
  auth: { persistSession: false, autoRefreshToken: false },
  db: { schema: "directory" },
});

const METERS_PER_MILE = 1609.344;
const SEARCH = "/rest/v1/rpc/search_businesses";

const searchBox = (page: Page) => page.getByLabel("Search businesses");
const summary = (page: Page) => page.locator("#summary");
const cards = (page: Page) => page.locator("#list .card:not(.skeleton)");
const names = (page: Page) => cards(page).locator("h3 a");

/** Waits until the list is the answer to what is asked for. */
async function settled(page: Page): Promise<void> {
  await page.locator("#results[aria-busy=false]").waitFor();
}

async function miles(page: Page): Promise<number[]> {
  const texts = await page.locator(".distance").allTextContents();
  return texts.map((text) => Number(text.replace(" mi", "")));
}

function assertAscending(numbers: number[]): void {
  assert(numbers.length > 1, "there is no order to see");
  assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
}

const screenshot = (page: Page, name: string) =>
  page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });

Deno.test("an empty box browses all businesses, page by page", async () => {
  const { data } = await client.rpc("api_get_businesses", { page_size: 20 }).single<
    { total_count: number }
  >().throwOnError();
  await onPage("", {}, async (page) => {
    await settled(page);
    const total = new Intl.NumberFormat("en-US").format(data.total_count);
    assert.equal(await summary(page).textContent(), `${total} businesses`);
    assert.equal(await cards(page).count(), 20);
    const first = await names(page).allTextContents();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(/^Page 2 of/).waitFor();
    await settled(page);
    assert.equal(await cards(page).count(), 20);
    assert.notDeepEqual(await names(page).allTextContents(), first);
    await page.goBack();
    await page.getByText(/^Page 1 of/).waitFor();
    assert.deepEqual(await names(page).allTextContents(), first);
    await page.getByLabel("Sort by").selectOption("Rating");
    await settled(page);
    const ratings = await cards(page).locator(".rating strong").allTextContents();
    assert.deepEqual(ratings.map(Number), ratings.map(Number).toSorted((a, b) => b - a));
    await screenshot(page, "browse");
  });
});

Deno.test("a misspelt word is searched as it is typed, and what was corrected is said", async () => {
  await onPage("", {}, async (page) => {
    await settled(page);
    let searches = 0;
    page.on("request", (request) => searches += request.url().endsWith(SEARCH) ? 1 : 0);
    await searchBox(page).pressSequentially("cofee", { delay: 20 });
    await page.getByText("Showing results for coffee").waitFor();
    assert.match(await page.locator("#corrections").textContent() ?? "", /You typed “cofee”/);
    assert(await cards(page).count() > 5);
    assert(searches < 5, `${searches} searches for five letters`);
    assert.equal(new URL(page.url()).searchParams.get("q"), "cofee");

    await page.reload();
    await page.getByText("Showing results for coffee").waitFor();
    assert.equal(await searchBox(page).inputValue(), "cofee");
    await screenshot(page, "search");
  });
});

Deno.test("a late answer to an older question never replaces the newer one", async () => {
  await onPage("", {}, async (page) => {
    await settled(page);
    await page.route(`**${SEARCH}`, async (route) => {
      const isOld = route.request().postDataJSON().search_query === "pizza";
      if (isOld) await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue().catch(() => {});
    });
    const old = page.waitForRequest((request) => request.postData()?.includes("pizza") ?? false);
    await searchBox(page).fill("pizza");
    await old;
    await searchBox(page).fill("coffee");
    await settled(page);
    const coffee = await names(page).allTextContents();
    await page.waitForTimeout(800);
    assert.deepEqual(await names(page).allTextContents(), coffee);
    assert((await old).failure()?.errorText, "the older request was not cancelled");
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
});

Deno.test("results are filtered by category, rating and place, and sorted by distance", async () => {
  const { data: category } = await client.from("category_tree").select("id, business_count")
    .eq("slug", "coffee-tea").single().throwOnError();
  const { data: filtered } = await client.rpc("search_businesses", {
    search_query: "cofee",
    category_filter: category.id,
  }).throwOnError();
  await onPage("?q=cofee", {}, async (page) => {
    await settled(page);
    await page.getByRole("button", { name: /^Restaurants/ }).click();
    const below = page.getByRole("button", { name: /^Coffee & Tea/ });
    await below.click();
    await settled(page);
    assert.equal(await below.locator(".count").textContent(), String(category.business_count));
    assert.equal(await below.getAttribute("aria-current"), "true");
    assert.deepEqual(
      await names(page).allTextContents(),
      filtered.map(({ name }: { name: string }) => name),
    );

    await page.getByRole("radio", { name: "4+" }).check();
    await settled(page);
    const stars = await cards(page).locator(".rating strong").allTextContents();
    assert.equal(stars.length, await cards(page).count());
    assert(stars.every((mean) => Number(mean) >= 4));

    await page.getByRole("radio", { name: "Any" }).check();
    await page.getByRole("button", { name: "All categories" }).click();
    await page.getByLabel("City").selectOption("New York, NY");
    await page.getByLabel("Within").selectOption("25");
    await page.getByLabel("Sort by").selectOption("Distance");
    await settled(page);
    assertAscending(await miles(page));
    assert((await miles(page)).every((distance) => distance <= 25));
    assert.match(await summary(page).textContent() ?? "", /within 25 mi of New York, NY$/);
    await screenshot(page, "near");
  });
});

Deno.test("without words the businesses around a city are listed, nearest first", async () => {
  const city = CITIES.find(({ name }) => name === "Chicago")!;
  const { data: nearest } = await client.rpc("find_nearby_businesses", {
    longitude: city.longitude,
    latitude: city.latitude,
    radius_meters: Math.round(10 * METERS_PER_MILE),
    limit_count: 100,
  }).throwOnError();
  await onPage("?near=Chicago%2C+IL", {}, async (page) => {
    await settled(page);
    assertAscending(await miles(page));
    assert.deepEqual(
      await names(page).allTextContents(),
      nearest.map(({ name }: { name: string }) => name),
    );

    await page.getByRole("button", { name: /^Restaurants/ }).click();
    await settled(page);
    const { data: restaurants } = await client.from("category_tree").select("id")
      .eq("slug", "restaurants").single().throwOnError();
    const { data: eating } = await client.from("listings").select("business_id")
      .contains("category_ids", [restaurants.id])
      .in("business_id", nearest.map(({ id }: { id: string }) => id)).throwOnError();
    assert(eating.length > 0 && eating.length < nearest.length);
    assert.equal(await cards(page).count(), eating.length);
    assertAscending(await miles(page));
  });
});

Deno.test("the browser's own place serves as well, and its refusal is said", async () => {
  await onPage("?q=pizza", {}, async (page) => {
    await settled(page);
    await page.getByRole("button", { name: "Near me" }).click();
    await page.getByText("The browser does not say where you are").waitFor();
    await page.context().grantPermissions(["geolocation"]);
    await page.context().setGeolocation({ longitude: -87.6298, latitude: 41.8781 });
    await page.getByRole("button", { name: "Near me" }).click();
    await page.getByText(/within 10 mi of your location$/).waitFor();
    assert((await miles(page)).every((distance) => distance <= 10));
    assert.equal(new URL(page.url()).searchParams.get("near"), null);
  });
});

Deno.test("a business opens beside the list, with its reviews and answers, and closes", async () => {
  const { data: review } = await client.from("business_reviews")
    .select("content, businesses(slug, name), business_review_responses!inner(content)")
    .order("created_at", { ascending: false }).limit(1).single().throwOnError();
  const business = review.businesses as unknown as { slug: string; name: string };
  const [answer] = [review.business_review_responses].flat();

  await onPage(`?q=${encodeURIComponent(business.name)}`, {}, async (page) => {
    await settled(page);
    await searchBox(page).press("ArrowDown");
    await names(page).first().press("Enter");
    const panel = page.locator("#detail");
    const heading = panel.getByRole("heading", { name: business.name, exact: true });
    await heading.waitFor();
    await panel.getByRole("heading", { name: "Reviews" }).waitFor();
    assert.equal(await page.title(), `${business.name} · Directory`);

    await page.goto(page.url().replace(/business=[^&]*/, `business=${business.slug}`));
    await panel.getByText(review.content, { exact: true }).waitFor();
    await panel.getByText(answer.content).first().waitFor();
    await panel.locator("summary").click();
    assert.equal(await panel.getByRole("row").count(), 7);
    await screenshot(page, "business");

    await page.keyboard.press("Escape");
    assert.equal(await panel.isVisible(), false);
    await page.goBack();
    await heading.waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    assert.equal(await panel.isVisible(), false);
  });
});

Deno.test("a visitor signs in and writes a review; a second one is refused in words", async () => {
  const email = `page-${crypto.randomUUID()}@example.com`;
  const password = "correct horse battery";
  const { error } = await client.auth.signUp({ email, password });
  assert.equal(error, null);
  await client.auth.signOut();
  const { data: { slug } } = await client.from("listings").select("slug")
    .order("review_count", { ascending: false }).limit(1).single().throwOnError();
  const expected = ["400 /auth/v1/token", "409 /rest/v1/business_reviews"];

  await onPage(`?business=${slug}`, { expected }, async (page) => {
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    const signIn = async (secret: string) => {
      await dialog.getByLabel("E-mail").fill(email);
      await dialog.getByLabel("Password").fill(secret);
      await dialog.getByRole("button", { name: "Sign in" }).click();
    };
    await page.getByRole("button", { name: "Sign in to write a review" }).click();
    await signIn("not the password");
    await dialog.getByText("Invalid login credentials").waitFor();
    await signIn(password);
    await page.getByText(email).waitFor();

    const panel = page.locator("#detail");
    await panel.getByLabel("4 stars", { exact: true }).check();
    await panel.getByLabel("Title").fill("Worth <b>the way</b>");
    await panel.getByLabel("What was it like?").fill("First line.\nSecond line.");
    await panel.getByRole("button", { name: "Send" }).click();
    const mine = panel.locator(".review").filter({ has: page.getByText("You", { exact: true }) });
    await mine.getByText("Waiting for moderation").waitFor();
    await mine.getByText("Worth <b>the way</b>").waitFor();
    assert.equal(await mine.getByLabel("4 of 5 stars").count(), 1);

    await panel.getByRole("button", { name: "Write a review" }).click();
    await panel.getByLabel("1 star", { exact: true }).check();
    await panel.getByLabel("What was it like?").fill("Once more.");
    await panel.getByRole("button", { name: "Send" }).click();
    const alert = panel.getByRole("alert");
    await alert.getByText("You have reviewed this business already.").waitFor();
    assert.match(await alert.textContent() ?? "", /duplicate key value.*Code 23505/s);
    assert.equal(await panel.getByLabel("What was it like?").inputValue(), "Once more.");
    await alert.scrollIntoViewIfNeeded();
    await screenshot(page, "refused-review");

    await page.reload();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in to write a review" }).waitFor();
    assert.equal(await mine.count(), 0);
  });
});

Deno.test("the accounts that the page offers on the local stack are real", async () => {
  await onPage("", {}, async (page) => {
    for (const { role, email } of USERS) {
      await page.getByRole("button", { name: "Sign in" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: role }).click();
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await page.getByText(email).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
    }
  });
});

Deno.test("a session of a user who is gone is forgotten, and the page still works", async () => {
  await onPage("", { expected: ["403 /auth/v1/user"] }, async (page) => {
    await page.getByRole("button", { name: "Sign in" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Visitor" }).click();
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await page.route("**/auth/v1/user", (route) =>
      route.fulfill({
        status: 403,
        json: { code: "user_not_found", message: "User from sub claim in JWT does not exist" },
      }));
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await settled(page);
    assert.equal(await cards(page).count(), 20);
  });
});

Deno.test("the page says what the API says: message, hint and code", async () => {
  await onPage("", { expected: [`400 ${SEARCH}`] }, async (page) => {
    await settled(page);
    await searchBox(page).fill("!!!");
    const alert = page.locator("#results").getByRole("alert");
    await alert.getByText("The query holds no word.").waitFor();
    await alert.getByText("Send at least one letter or digit").waitFor();
    await alert.getByText("Code PL121").waitFor();
    await searchBox(page).fill("coffee");
    await settled(page);
    assert.equal(await alert.count(), 0);
  });
});

Deno.test("nothing found says so, and offers ways out", async () => {
  await onPage("?q=coffee&near=Anchorage%2C+AK&within=1&rating=4.5", {}, async (page) => {
    await page.getByText("Nothing found within 1 mi of Anchorage, AK").waitFor();
    assert.equal(await page.getByRole("button", { name: "Any rating" }).isVisible(), true);
    assert.equal(await page.getByRole("button", { name: "Within 3 mi" }).isVisible(), true);
    await page.getByRole("button", { name: "Anywhere" }).click();
    await settled(page);
    assert(await cards(page).count() > 0);
    await searchBox(page).fill("qzxqzx vvkvvk");
    await page.getByText("Nothing found").waitFor();
    await page.getByRole("button", { name: "Browse all businesses" }).click();
    await page.getByText(/^Page 1 of/).waitFor();
  });
});

Deno.test("when the API is down the page says so, and works again afterwards", async () => {
  await onPage("", {}, async (page) => {
    await settled(page);
    await page.route(`**${SEARCH}`, (route) => route.abort("aborted"));
    await searchBox(page).fill("coffee");
    await page.getByText("The directory does not answer. Is it running?").waitFor();
    await page.unroute(`**${SEARCH}`);
    await searchBox(page).fill("coffee ");
    await settled(page);
    assert(await cards(page).count() > 0);
  });
});

Deno.test("the page works from any web server once its two constants are edited", async () => {
  await onPage("?q=cofee", { elsewhere: true }, async (page) => {
    await page.getByText("Showing results for coffee").waitFor();
    assert(await cards(page).count() > 0);
    await page.getByRole("button", { name: "Sign in" }).click();
    assert.equal(await page.getByText("Accounts of the local data").count(), 0);
  });
});

Deno.test("on a phone nothing is wider than the screen, and the business lies over the list", async () => {
  await onPage("?q=cofee&near=New+York%2C+NY", { width: 360, height: 740 }, async (page) => {
    await settled(page);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360);
    assert.equal(await page.getByLabel("City").isVisible(), false);
    await page.getByRole("button", { name: "Filters (1)" }).click();
    assert.equal(await page.getByLabel("City").isVisible(), true);
    await screenshot(page, "phone-filters");
    await page.getByRole("button", { name: "Filters (1)" }).click();
    await names(page).first().click();
    await page.locator("#detail h3").waitFor();
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360);
    assert.equal(await page.evaluate("document.querySelector('#results').inert"), true);
    await screenshot(page, "phone-business");
    await page.getByRole("button", { name: "Close" }).click();
    assert.equal(await page.evaluate("document.querySelector('#results').inert"), false);
    assert.equal(await page.evaluate("document.activeElement.closest('.card') !== null"), true);
  });
});

Deno.test("the page follows the system to a dark scheme", async () => {
  const background = "getComputedStyle(document.body).backgroundColor";
  await onPage("?q=pizza", { dark: true }, async (page) => {
    await settled(page);
    const dark = await page.evaluate(background);
    await screenshot(page, "dark");
    await page.emulateMedia({ colorScheme: "light" });
    assert.notEqual(await page.evaluate(background), dark);
  });
});

Deno.test("every control can be reached by key and has a name", async () => {
  await onPage("?q=coffee", {}, async (page) => {
    await settled(page);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate("document.activeElement.id"), "words");
    await names(page).first().click();
    await page.locator("#detail h3").waitFor();

    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const controls = nodes.filter(({ ignored, role }) =>
      !ignored &&
      ["button", "combobox", "link", "radio", "searchbox", "textbox"].includes(role?.value)
    );
    assert(controls.length > 20);
    assert.deepEqual(controls.filter(({ name }) => !name?.value?.trim()), []);
  });
});

Deno.test("the cities of the page are the cities of the seed", () => {
  const key = ({ name, state }: { name: string; state: string }) => `${name}, ${state}`;
  const places = (cities: readonly { name: string; state: string }[]) => cities.map(key).sort();
  assert.deepEqual(places(CITIES), places(SEED_CITIES));
  for (const city of CITIES) {
    const { longitude, latitude } = SEED_CITIES.find((seeded) => key(seeded) === key(city))!;
    assert.deepEqual([city.longitude, city.latitude], [longitude, latitude]);
  }
});
