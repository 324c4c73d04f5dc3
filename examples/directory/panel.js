/** The panel of one business: what it is, its reviews, and the form for another. */

import * as api from "./api.js";
import { businessView, make, nothing, problem, reviewForm, reviewView } from "./view.js";

export function setUpPanel({ account, categoryOf, colorOf }) {
  const panel = document.getElementById("detail");
  const about = document.getElementById("business");
  const reviews = document.getElementById("reviews");
  const title = document.title;
  /** The business shown, once it is read. */
  let business = null;
  /** Whether the visitor signs in because of a review. */
  let wantsToWrite = false;

  /** Shows the business with this slug; null empties the panel. */
  async function show(slug) {
    business = null;
    wantsToWrite = false;
    document.title = title;
    about.replaceChildren();
    reviews.replaceChildren();
    // An answer counts only as long as nothing else was asked for.
    const token = show.latest = Symbol();
    if (slug === null) return;

    panel.ariaBusy = "true";
    panel.focus({ preventScroll: true });
    panel.scrollTop = 0;
    try {
      const found = await api.business(slug);
      if (token !== show.latest) return;
      if (found) {
        business = found;
        document.title = `${business.name} · ${title}`;
        const category = categoryOf(business.primary_category_id);
        const path = (category?.id_path ?? []).map((id) => categoryOf(id).name);
        about.replaceChildren(...businessView(business, { path, color: colorOf(category) }));
        await refreshReviews();
      } else {
        about.replaceChildren(nothing("There is no such business.", []));
      }
    } catch (error) {
      if (token === show.latest) about.replaceChildren(problem(error));
    }
    if (token === show.latest) panel.ariaBusy = "false";
  }

  /** Reads the reviews anew: after a review was written, and when the user has changed. */
  async function refreshReviews(note = null) {
    const shown = business;
    if (!shown) return;
    const read = (from) => api.reviews(shown.id, { from, userId: account.user?.id });
    try {
      const first = await read(0);
      if (shown === business) showReviews(first, { read, note });
    } catch (error) {
      if (shown === business) reviews.replaceChildren(problem(error));
    }
  }

  function showReviews({ reviews: first, total }, { read, note }) {
    const item = (review) => reviewView(review, account.user?.id);
    const list = make("ul", { class: "reviews" }, first.map(item));
    const more = make("button", {
      type: "button",
      hidden: first.length >= total,
      onclick: async () => {
        try {
          const next = await read(list.children.length);
          list.append(...next.reviews.map(item));
          more.hidden = list.children.length >= next.total || next.reviews.length === 0;
        } catch (error) {
          more.replaceWith(problem(error));
        }
      },
    }, "More reviews");
    const write = make("div", { class: "write" });
    const thanks = note && make("p", { class: "done", role: "status", tabindex: -1 }, note);
    reviews.replaceChildren(
      make("h3", {}, total === 0 ? "No reviews yet" : "Reviews"),
      ...thanks ? [thanks] : [],
      write,
      list,
      more,
    );
    thanks?.focus({ preventScroll: true });
    if (wantsToWrite && account.user) openForm();
    else closeForm();

    function closeForm() {
      write.replaceChildren(
        make("button", {
          type: "button",
          class: "primary",
          onclick: () => {
            if (account.user) return openForm();
            wantsToWrite = true;
            account.ask();
          },
        }, account.user ? "Write a review" : "Sign in to write a review"),
      );
    }

    function openForm() {
      wantsToWrite = false;
      const oncancel = () => {
        closeForm();
        write.querySelector("button").focus();
      };
      write.replaceChildren(reviewForm({ onsubmit: send, oncancel }));
      write.querySelector("input").focus();
    }
  }

  async function send(event) {
    event.preventDefault();
    const form = event.target;
    const problems = form.querySelector(".form-problem");
    const button = form.querySelector("[type=submit]");
    const { rating, title, content } = Object.fromEntries(new FormData(form));
    button.disabled = true;
    problems.replaceChildren();
    try {
      await api.writeReview({ businessId: business.id, rating: Number(rating), title, content });
      await refreshReviews("Thank you. A moderator reads your review before others see it.");
    } catch (error) {
      problems.replaceChildren(problem(error));
    }
    button.disabled = false;
  }

  return { show, refreshReviews };
}
