/** Builds what is seen. Text always enters the page as text nodes, never as HTML. */

import { openState, week } from "./hours.js";

/** Makes an element: tag, properties (on… are listeners, the others attributes), children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

const ICONS = {
  check: "M5 12.5 10 17.5 19 7.5",
};

/** A line icon; decoration only, the text beside it carries the meaning. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const countFormat = new Intl.NumberFormat();
const listFormat = new Intl.ListFormat(undefined, { type: "conjunction" });
const dateFormat = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });

export const formatCount = (count) => countFormat.format(count);

/** Miles where people count in miles, kilometres elsewhere. */
const usesMiles = ["US", "GB", "LR", "MM"].includes(
  new Intl.Locale(navigator.language).maximize().region,
);
export const UNIT = usesMiles ? { name: "mi", meters: 1609.344 } : { name: "km", meters: 1000 };

export function formatDistance(meters) {
  const distance = meters / UNIT.meters;
  return `${distance < 10 ? distance.toFixed(1) : Math.round(distance)} ${UNIT.name}`;
}

/** "1 review", "3 reviews". */
export const plural = (count, word) => `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;

function stars(rating) {
  return make("span", {
    class: "stars",
    "--rating": String(rating),
    role: "img",
    "aria-label": `${rating} of 5 stars`,
  });
}

/** Stars, mean and number of reviews. */
function ratingLine(average, count) {
  if (count === 0) return make("span", { class: "rating muted" }, "No reviews yet");
  const mean = Number(average).toFixed(1);
  return make(
    "span",
    { class: "rating" },
    stars(mean),
    make("strong", { "aria-hidden": "true" }, mean),
    make("span", { class: "muted" }, `(${plural(count, "review")})`),
  );
}

function badges({ featured_until, is_verified, subscription_tier }) {
  const isFeatured = featured_until && new Date(featured_until) > new Date();
  return [
    is_verified ? make("span", { class: "badge verified" }, icon("check"), "Verified") : null,
    isFeatured ? make("span", { class: "badge featured" }, "Featured") : null,
    subscription_tier === "free"
      ? null
      : make("span", { class: "badge tier" }, subscription_tier === "elite" ? "Elite" : "Premium"),
  ];
}

function tile(name, color) {
  const initials = name.replace(/^(the|a|an) /i, "").match(/[\p{L}\p{N}]/u)?.[0] ?? "·";
  return make("span", { class: "tile", "aria-hidden": "true", "--tint": color }, initials);
}

/** One result. `category` is a row of category_tree. */
export function card(entry, { category, color, isOpen, onopen }) {
  return make(
    "li",
    { class: "card", "aria-current": isOpen && "true", "data-slug": entry.slug },
    tile(entry.name, color),
    make(
      "div",
      { class: "card-text" },
      make(
        "h3",
        {},
        make("a", { href: `?business=${entry.slug}`, onclick: onopen }, entry.name),
        badges(entry),
      ),
      make(
        "p",
        { class: "facts" },
        ratingLine(entry.avg_rating, entry.review_count),
        make("span", { class: "category" }, category?.name ?? ""),
        make("span", {}, `${entry.city}, ${entry.state}`),
        entry.distance === null
          ? null
          : make("span", { class: "distance" }, formatDistance(entry.distance)),
      ),
      entry.short_description ? make("p", { class: "about" }, entry.short_description) : null,
    ),
  );
}

/** Grey cards, until the first answer comes. */
export const skeleton = () =>
  Array.from({ length: 6 }, () =>
    make(
      "li",
      { class: "card skeleton", "aria-hidden": "true" },
      make("span", { class: "tile" }),
      make("div", { class: "card-text" }, make("i"), make("i"), make("i")),
    ));

/** What was corrected: "Showing results for coffee. You typed “cofee”." */
export function correctionLine(corrections) {
  const meant = corrections.filter(({ to }) => to);
  const unknown = corrections.filter(({ to }) => !to).map(({ from }) => `“${from}”`);
  const line = [];
  if (meant.length > 0) {
    line.push(
      "Showing results for ",
      make("strong", {}, meant.map(({ to }) => to).join(" ")),
      `. You typed ${listFormat.format(meant.map(({ from }) => `“${from}”`))}. `,
    );
  }
  if (unknown.length > 0) {
    line.push(`No business mentions ${listFormat.format(unknown)}, so it was left out.`);
  }
  return line;
}

/** What the page adds where Postgres, and not Plinth, words the refusal. */
const IN_PLAIN_WORDS = {
  "23505": "You have reviewed this business already. A business takes one review from each person.",
  "42501":
    "Your account may not do this. Nobody reviews a business that they look after themselves.",
  "23514": "A value breaks a rule of the directory.",
  "57014": "The answer took too long. Ask for less: a smaller radius, or fewer words.",
};

/** An error for people: what the API said, and its hint. */
export function problem(error) {
  const plain = IN_PLAIN_WORDS[error.code];
  const said = isOffline(error) ? "The directory does not answer. Is it running?" : error.message;
  return make(
    "div",
    { class: "problem", role: "alert" },
    make("p", { class: "problem-message" }, plain ?? said),
    plain ? make("p", {}, "The API says: ", make("q", {}, said)) : null,
    error.hint ? make("p", {}, error.hint) : null,
    error.code ? make("p", { class: "problem-code" }, `Code ${error.code}`) : null,
  );
}

const isOffline = ({ code, message }) => !code && /fetch|network/i.test(message);

/** No result: why, and what may help, each a button. */
export function nothing(text, ways) {
  return make(
    "div",
    { class: "nothing" },
    make("p", {}, text),
    make(
      "p",
      { class: "ways" },
      ways.map(({ label, onclick }) => make("button", { type: "button", onclick }, label)),
    ),
  );
}

/** Everything about one business, without its reviews. */
export function businessView(business, { path, color }) {
  const street = [business.address_line_1, business.address_line_2].filter(Boolean).join(", ");
  const place = `${business.city}, ${business.state} ${business.zip_code ?? ""}`.trim();
  const hasHours = Object.keys(business.business_hours).length > 0;
  return [
    make(
      "header",
      { class: "detail-head" },
      tile(business.name, color),
      make(
        "div",
        {},
        make("p", { class: "crumbs muted" }, path.join(" › ")),
        make("h2", { id: "business-name" }, business.name),
        make(
          "p",
          { class: "facts" },
          ratingLine(
            business.business_stats?.avg_rating,
            business.business_stats?.review_count ?? 0,
          ),
          badges({ ...business, is_verified: business.verification_status === "verified" }),
        ),
      ),
    ),
    make("p", { class: "description" }, business.description ?? business.short_description ?? ""),
    make(
      "dl",
      { class: "contact" },
      fact("Address", street ? [street, make("br"), place] : place),
      business.phone &&
        fact(
          "Phone",
          make("a", { href: `tel:${business.phone.replace(/[^+\d]/g, "")}` }, business.phone),
        ),
      business.website && fact(
        "Website",
        make(
          "a",
          { href: business.website, rel: "noopener nofollow", target: "_blank" },
          new URL(business.website).host,
        ),
      ),
      hasHours && fact("Hours", hoursView(business)),
      business.year_established && fact("Since", String(business.year_established)),
    ),
    make("ul", { class: "tags" }, business.tags.map((tag) => make("li", {}, tag))),
  ];
}

const fact = (term, ...content) =>
  make("div", {}, make("dt", {}, term), make("dd", {}, ...content));

function hoursView({ business_hours: hours, time_zone: timeZone }) {
  const { day: today, isOpen, text } = openState(hours, timeZone);
  return make(
    "details",
    { class: "hours" },
    make("summary", { class: isOpen ? "open" : "closed" }, text),
    make(
      "table",
      {},
      make(
        "tbody",
        {},
        week(hours).map(({ day, name, text }) =>
          make(
            "tr",
            { "aria-current": day === today && "date" },
            make("th", { scope: "row" }, name),
            make("td", {}, text),
          )
        ),
      ),
    ),
  );
}

const STATUS_NOTES = {
  pending: "Waiting for moderation. Only you can see it.",
  rejected: "Rejected by a moderator. Only you can see it.",
  hidden: "Hidden by a moderator. Only you can see it.",
};

/** One review, with the answer of the business. */
export function reviewView(review, userId) {
  return make(
    "li",
    { class: "review" },
    make(
      "p",
      { class: "review-head" },
      stars(review.rating),
      make("span", { class: "muted" }, dateFormat.format(new Date(review.created_at))),
      review.reviewer_id === userId ? make("span", { class: "badge" }, "You") : null,
    ),
    review.title ? make("h4", {}, review.title) : null,
    make("p", { class: "review-text" }, review.content),
    review.status === "published"
      ? null
      : make("p", { class: "status-note" }, STATUS_NOTES[review.status]),
    review.response
      ? make(
        "blockquote",
        {},
        make("p", { class: "muted" }, "The business answered"),
        review.response,
      )
      : null,
  );
}

/** The form for a review: stars as radio buttons, title, text. */
export function reviewForm({ onsubmit, oncancel }) {
  return make(
    "form",
    { class: "review-form", onsubmit },
    make("h3", {}, "Your review"),
    make(
      "fieldset",
      { class: "star-input" },
      make("legend", { class: "unseen" }, "Stars"),
      [1, 2, 3, 4, 5].map((value) =>
        make(
          "label",
          {},
          make("input", { type: "radio", name: "rating", value, required: true }),
          make("span", { class: "unseen" }, plural(value, "star")),
        )
      ),
    ),
    field("Title", make("input", { name: "title", maxlength: 255, placeholder: "Optional" })),
    field(
      "What was it like?",
      make("textarea", { name: "content", rows: 4, maxlength: 10000, required: true }),
    ),
    make("div", { class: "form-problem" }),
    make(
      "p",
      { class: "buttons" },
      make("button", { type: "submit", class: "primary" }, "Send"),
      make("button", { type: "button", class: "quiet", onclick: oncancel }, "Cancel"),
    ),
  );
}

/** A labelled control. */
export const field = (label, control) =>
  make("label", { class: "field" }, make("span", {}, label), control);
