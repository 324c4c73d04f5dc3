/** Who is signed in: the corner of the page, and the dialog. */

import { auth, currentUser } from "./api.js";
import { USERS } from "./local_data.js";
import { make, problem } from "./view.js";

/**
 * Sets the account up. `onchange` is called when the user has changed; the result knows the user,
 * asks for one, and resumes the session of an earlier visit.
 */
export function setUpAccount({ onchange }) {
  const corner = document.getElementById("account");
  const dialog = document.getElementById("sign-in");
  const form = document.getElementById("sign-in-form");
  const problems = document.getElementById("sign-in-problem");
  let user = null;

  function show() {
    corner.replaceChildren(
      ...user
        ? [
          make("span", { class: "muted who" }, user.email),
          make("button", { type: "button", class: "quiet", onclick: signOut }, "Sign out"),
        ]
        : [make("button", { type: "button", class: "quiet", onclick: ask }, "Sign in")],
    );
  }

  function take(newUser) {
    user = newUser;
    show();
    onchange();
  }

  function ask() {
    problems.replaceChildren();
    form.reset();
    dialog.showModal();
  }

  async function signOut() {
    await auth.signOut({ scope: "local" });
    take(null);
    corner.querySelector("button").focus();
  }

  /** Signs in, or makes an account first; what the API refuses is shown in the dialog. */
  async function enter(how) {
    if (!form.reportValidity()) return;
    const { email, password } = Object.fromEntries(new FormData(form));
    form.ariaBusy = "true";
    const { data, error } = await auth[how]({ email, password });
    form.ariaBusy = "false";
    if (error) return problems.replaceChildren(problem(error));
    if (!data.session) {
      return problems.replaceChildren(
        make("p", { role: "status" }, "Now confirm your e-mail address."),
      );
    }
    dialog.close();
    take(data.user);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter("signInWithPassword");
  });
  document.getElementById("sign-up").addEventListener("click", () => enter("signUp"));
  document.getElementById("cancel-sign-in").addEventListener("click", () => dialog.close());

  // The accounts of the seed exist on a developer's machine only, where npm start serves config.js.
  if (globalThis.PLINTH) {
    document.getElementById("local-users").replaceChildren(
      make("p", { class: "muted" }, "Accounts of the local data:"),
      make(
        "p",
        { class: "ways" },
        USERS.map(({ email, password, role }) =>
          make("button", {
            type: "button",
            title: email,
            onclick: () => {
              form.elements.email.value = email;
              form.elements.password.value = password;
            },
          }, role)
        ),
      ),
    );
  }

  return {
    get user() {
      return user;
    },
    ask,
    async resume() {
      user = await currentUser();
      show();
    },
  };
}
