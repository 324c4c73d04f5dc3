/**
 * The page: what the visitor asks for is in `asked`, mirrored in the address; each change asks the
 * API anew and cancels the question before it.
 */

import * as api from "./api.js";
import { setUpAccount } from "./account.js";
import { CITIES } from "./local_data.js";
import { setUpPanel } from "./panel.js";
import {
  card,
  correctionLine,
  formatCount,
  make,
  nothing,
  plural,
  problem,
  skeleton,
  UNIT,
} from "./view.js";

/** How long the page waits for the next letter, in milliseconds. */
const TYPING_PAUSE = 150;
const RADII = [1, 3, 5, 10, 25, 50];
const DEFAULT_RADIUS = 10;
const RATINGS = [null, 3, 4, 4.5];
const SORTS = {
  search: { best: "Best match", rating: "Rating" },
  searchNear: { best: "Best match", distance: "Distance", rating: "Rating" },
  nearby: { distance: "Distance", rating: "Rating" },
  browse: {
    rating: "Quality",
    average_rating: "Rating",
    review_count: "Most reviewed",
    newest: "Newest",
    name: "Name",
  },
};

const element = (id) => document.getElementById(id);
const page = {
  bar: element("bar"),
  categories: element("categories"),
  city: element("city"),
  close: element("close"),
  corrections: element("corrections"),
  detail: element("detail"),
  filterCount: element("filter-count"),
  filters: element("filters"),
  list: element("list"),
  locate: element("locate"),
  locateProblem: element("locate-problem"),
  notice: element("notice"),
  pages: element("pages"),
  radius: element("radius"),
  rating: element("rating"),
  results: element("results"),
  search: element("search"),
  showFilters: element("show-filters"),
  sort: element("sort"),
  summary: element("summary"),
  words: element("words"),
};

const cityKey = ({ name, state }) => `${name}, ${state}`;

/** What the visitor asks for. `here` is a place that the browser told. */
const asked = {
  words: "",
  category: null,
  city: null,
  here: null,
  radius: DEFAULT_RADIUS,
  rating: null,
  sort: null,
  page: 1,
  business: null,
};

/** Categories by id, once they are read. */
let categories = new Map();

// The address

function readAddress() {
  const address = new URLSearchParams(location.search);
  asked.words = address.get("q") ?? "";
  asked.category = address.get("category");
  asked.city = address.get("near");
  if (asked.city) asked.here = null;
  asked.radius = RADII.find((radius) => String(radius) === address.get("within")) ?? DEFAULT_RADIUS;
  asked.rating = RATINGS.find((rating) => rating && String(rating) === address.get("rating")) ??
    null;
  asked.sort = address.get("sort");
  asked.page = Math.max(1, Math.trunc(Number(address.get("page"))) || 1);
  asked.business = address.get("business");
}

function writeAddress({ isStep = false } = {}) {
  const address = new URLSearchParams();
  const put = (name, value) => value && address.set(name, value);
  put("q", asked.words.trim());
  put("category", asked.category);
  put("near", asked.city);
  put("within", asked.radius !== DEFAULT_RADIUS && asked.radius);
  put("rating", asked.rating);
  put("sort", asked.sort);
  put("page", asked.page > 1 && asked.page);
  put("business", asked.business);
  const target = address.size > 0 ? `?${address}` : location.pathname;
  history[isStep ? "pushState" : "replaceState"](null, "", target);
}

addEventListener("popstate", () => {
  readAddress();
  showFilters();
  refresh();
  showBusiness();
});

// Asking

/** The category that was chosen; null for none, and for one that does not exist. */
const chosenCategory = () =>
  [...categories.values()].find(({ slug }) => slug === asked.category) ?? null;

function place() {
  if (asked.here) return asked.here;
  return CITIES.find((city) => cityKey(city) === asked.city) ?? null;
}

function mode() {
  if (asked.words.trim()) return place() ? "searchNear" : "search";
  return place() ? "nearby" : "browse";
}

/** The sort in force: the one that was chosen, or the first that this way of asking offers. */
function sort() {
  const offered = Object.keys(SORTS[mode()]);
  return offered.includes(asked.sort) ? asked.sort : offered[0];
}

/** Asks one of three questions: search, nearby or browse. */
async function ask(signal) {
  const radiusMeters = Math.round(asked.radius * UNIT.meters);
  const category = chosenCategory();
  switch (mode()) {
    case "browse":
      return await api.browse({
        page: asked.page,
        sort: sort(),
        category,
        rating: asked.rating,
        signal,
      });
    case "nearby": {
      const { entries, isCut } = await api.nearby({ place: place(), radiusMeters, signal });
      const kept = entries.filter(({ category_ids, avg_rating }) =>
        (!category || category_ids.includes(category.id)) &&
        (!asked.rating || Number(avg_rating) >= asked.rating)
      );
      return { entries: sorted(kept), isCut, looked: entries.length };
    }
    default: {
      const found = await api.search({
        words: asked.words,
        categoryId: category?.id,
        place: place(),
        radiusMeters,
        rating: asked.rating,
        signal,
      });
      return { ...found, entries: sorted(found.entries) };
    }
  }
}

function sorted(entries) {
  const by = {
    distance: (a, b) => a.distance - b.distance,
    rating: (a, b) =>
      Number(b.avg_rating) - Number(a.avg_rating) || b.review_count - a.review_count,
  }[sort()];
  return by ? [...entries].sort(by) : entries;
}

let question = new AbortController();
let pause;

/** Asks again after a pause; an answer to an older question is cancelled, and never shown. */
function refresh(milliseconds = 0) {
  question.abort();
  clearTimeout(pause);
  const { signal } = question = new AbortController();
  page.results.ariaBusy = "true";
  showSorts();
  pause = setTimeout(async () => {
    try {
      const answer = await ask(signal);
      if (!signal.aborted) showResults(answer);
    } catch (error) {
      if (!signal.aborted) showFailure(error);
    }
    if (!signal.aborted) page.results.ariaBusy = "false";
  }, milliseconds);
}

/** Takes over a change of what is asked for. */
function change(changes, { wait = 0 } = {}) {
  Object.assign(asked, { page: 1 }, changes);
  writeAddress();
  showFilters();
  refresh(wait);
}

// Results

function showResults(answer) {
  // an address may name a page that is no more
  if (answer.pages > 0 && asked.page > answer.pages) return change({ page: answer.pages });
  page.notice.replaceChildren();
  page.summary.textContent = summary(answer);
  page.corrections.replaceChildren(...correctionLine(answer.corrections ?? []));
  page.list.replaceChildren(...answer.entries.map((entry) => {
    const category = categories.get(entry.category_id);
    return card(entry, {
      category,
      color: colorOf(category),
      isOpen: entry.slug === asked.business,
      onopen: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openBusiness(entry.slug);
      },
    });
  }));
  if (answer.entries.length === 0) page.notice.replaceChildren(nothingFound());
  showPages(answer);
}

function showFailure(error) {
  page.summary.textContent = "";
  page.corrections.replaceChildren();
  page.list.replaceChildren();
  page.pages.hidden = true;
  page.notice.replaceChildren(problem(error));
}

const placeName = () => asked.here ? "your location" : asked.city;

function summary({ entries, isCut, total, looked }) {
  const chosen = chosenCategory();
  const category = chosen ? ` in ${chosen.name}` : "";
  const where = place() ? ` within ${asked.radius} ${UNIT.name} of ${placeName()}` : "";
  if (entries.length === 0) return `Nothing found${category}${where}`;

  const shown = mode() === "browse" ? total : entries.length;
  const found = `${formatCount(shown)} ${shown === 1 ? "business" : "businesses"}`;
  if (!isCut) return `${found}${category}${where}`;
  return mode() === "nearby"
    ? `${found}${category} among the ${looked} nearest to ${placeName()}`
    : `The ${found} that match best${category}${where}`;
}

function nothingFound() {
  const ways = [];
  const way = (label, changes) => ways.push({ label, onclick: () => change(changes) });
  if (asked.rating) way("Any rating", { rating: null });
  if (chosenCategory()) way("All categories", { category: null });
  const wider = RADII.find((radius) => radius > asked.radius);
  if (place() && wider) way(`Within ${wider} ${UNIT.name}`, { radius: wider });
  if (place()) way("Anywhere", { city: null, here: null });
  if (asked.words) way("Browse all businesses", { words: "" });
  return nothing(ways.length > 0 ? "These may help:" : "", ways);
}

function showPages({ pages }) {
  page.pages.hidden = !pages || pages < 2;
  if (page.pages.hidden) return;
  const turn = (label, target) =>
    make("button", {
      type: "button",
      disabled: target < 1 || target > pages,
      onclick: () => {
        asked.page = target;
        writeAddress({ isStep: true });
        refresh();
        page.results.scrollIntoView();
        page.results.focus({ preventScroll: true });
      },
    }, label);
  page.pages.replaceChildren(
    turn("Previous", asked.page - 1),
    make("span", {}, `Page ${formatCount(asked.page)} of ${formatCount(pages)}`),
    turn("Next", asked.page + 1),
  );
}

// Filters

const colorOf = (category) => categories.get(category?.id_path[0])?.color ?? "#6a645b";

/** Shows in every control what is asked for. */
function showFilters() {
  if (page.words.value !== asked.words) page.words.value = asked.words;
  page.city.value = asked.here ? "here" : place() ? asked.city : "";
  page.radius.value = asked.radius;
  page.radius.disabled = !place();
  for (const input of page.rating.querySelectorAll("input")) {
    input.checked = input.value === String(asked.rating ?? "");
  }
  showCategory();
  const count = [chosenCategory(), place(), asked.rating].filter(Boolean).length;
  page.filterCount.textContent = count > 0 ? `(${count})` : "";
}

function showSorts() {
  page.sort.replaceChildren(
    ...Object.entries(SORTS[mode()]).map(([value, label]) => make("option", { value }, label)),
  );
  page.sort.value = sort();
}

/** Builds the tree of categories once. */
function buildCategories() {
  const below = Map.groupBy(categories.values(), ({ parent_id }) => parent_id);
  const branch = (parentId) =>
    (below.get(parentId) ?? []).filter(({ business_count }) => business_count > 0).map((row) =>
      make(
        "li",
        {},
        make(
          "button",
          { type: "button", "data-slug": row.slug, onclick: () => change({ category: row.slug }) },
          make("span", {}, row.name),
          make(
            "span",
            {
              class: "count",
              "aria-label": plural(row.business_count, "entry").replace("entrys", "entries"),
            },
            formatCount(row.business_count),
          ),
        ),
        below.has(row.id) && make("ul", { hidden: true }, branch(row.id)),
      )
    );
  page.categories.replaceChildren(
    make(
      "li",
      {},
      make("button", {
        type: "button",
        "data-slug": "",
        onclick: () => change({ category: null }),
      }, make("span", {}, "All categories")),
    ),
    ...branch(null),
  );
}

/** Marks the chosen category, and opens the way to it and the level below. */
function showCategory() {
  const chosen = chosenCategory();
  const open = new Set((chosen?.id_path ?? []).map((id) => categories.get(id).slug));
  for (const button of page.categories.querySelectorAll("button")) {
    const { slug } = button.dataset;
    if (slug === (chosen?.slug ?? "")) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const branch = button.nextElementSibling;
    if (branch) {
      branch.hidden = !open.has(slug);
      button.setAttribute("aria-expanded", String(open.has(slug)));
    }
  }
}

function buildFilters() {
  page.city.append(...CITIES.map((city) => make("option", {}, cityKey(city))));
  page.city.append(make("option", { value: "here", hidden: true }, "Your location"));
  page.radius.append(
    ...RADII.map((radius) => make("option", { value: radius }, `Within ${radius} ${UNIT.name}`)),
  );
  page.rating.append(...RATINGS.map((rating) =>
    make(
      "label",
      {},
      make("input", { type: "radio", name: "rating-filter", value: rating ?? "" }),
      make("span", {}, rating ? `${rating}+` : "Any"),
    )
  ));
}

page.words.addEventListener(
  "input",
  () => change({ words: page.words.value }, { wait: TYPING_PAUSE }),
);
page.search.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh();
});
page.city.addEventListener("change", () => change({ city: page.city.value || null, here: null }));
page.radius.addEventListener("change", () => change({ radius: Number(page.radius.value) }));
page.rating.addEventListener("change", ({ target }) => {
  change({ rating: Number(target.value) || null });
});
page.sort.addEventListener("change", () => change({ sort: page.sort.value }));
page.showFilters.addEventListener("click", () => {
  const isOpen = page.filters.classList.toggle("is-open");
  page.showFilters.setAttribute("aria-expanded", String(isOpen));
});
page.locate.addEventListener("click", () => {
  page.locateProblem.hidden = true;
  page.locate.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords: { longitude, latitude } }) => {
      page.locate.disabled = false;
      change({ here: { longitude, latitude }, city: null });
    },
    () => {
      page.locate.disabled = false;
      page.locateProblem.textContent = "The browser does not say where you are. Choose a city.";
      page.locateProblem.hidden = false;
    },
    { maximumAge: 600_000, timeout: 10_000 },
  );
});

// Keys: / to the search box, arrows through the results, Escape closes the business.
addEventListener("keydown", (event) => {
  if (event.target.closest?.("dialog")) return;
  const isTyping = event.target.matches?.("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    page.words.focus();
    page.words.select();
  } else if (event.key === "Escape" && asked.business) {
    closeBusiness();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const links = [...page.list.querySelectorAll("h3 a")];
    const index = links.indexOf(document.activeElement);
    if (index < 0 && document.activeElement !== page.words) return;
    const target = event.key === "ArrowDown" ? links[index + 1] : links[index - 1] ?? page.words;
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
});

// One business

const narrow = matchMedia("(max-width: 1099px)");

function openBusiness(slug) {
  asked.business = slug;
  writeAddress({ isStep: true });
  showBusiness();
}

function closeBusiness() {
  const slug = asked.business;
  asked.business = null;
  writeAddress({ isStep: true });
  showBusiness();
  (page.list.querySelector(`[data-slug="${CSS.escape(slug)}"] a`) ?? page.words).focus();
}

/** Where the page is narrow the business lies over it, and nothing behind it can be reached. */
function layOut() {
  const isOpen = asked.business !== null;
  page.detail.hidden = !isOpen;
  document.body.classList.toggle("has-detail", isOpen);
  for (const part of [page.bar, page.showFilters, page.filters, page.results]) {
    part.inert = isOpen && narrow.matches;
  }
}

function showBusiness() {
  for (const item of page.list.children) {
    if (item.dataset.slug === asked.business) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  layOut();
  panel.show(asked.business);
}

narrow.addEventListener("change", layOut);
page.close.addEventListener("click", closeBusiness);

// Start

const account = setUpAccount({ onchange: () => panel.refreshReviews() });
const panel = setUpPanel({
  account,
  categoryOf: (id) => categories.get(id),
  colorOf,
});

readAddress();
buildFilters();
showFilters();
layOut();
page.list.replaceChildren(...skeleton());
try {
  api.connect();
  await account.resume();
  categories = new Map((await api.categories()).map((row) => [row.id, row]));
  buildCategories();
  showFilters();
  refresh();
  showBusiness();
} catch (error) {
  showFailure(error);
}
