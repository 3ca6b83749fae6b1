// Makes the page quicker where scripts run; everything works without it.
"use strict";

const PLANS = ["/result", "/values", "/sure", "/ask"];
const TRY = ".whatif-actions button[value=try]";
const SETTLES_MS = 350;
let latest = null;
let unsaved = false;

// Errors: the summary gets the focus, so that it is read first.
document.querySelector(".error-summary")?.focus();

// Printing needs a script; without one the buttons stay hidden, and the browser's own menu prints.
function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
  }
}
offerPrinting();

// Nothing is stored: say so before what was typed is lost.
document.addEventListener("input", (event) => {
  const looks = event.target.name?.startsWith("result-");
  if (event.target.form?.id === "flow" && !looks) unsaved = true;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "flow") return;
  unsaved = false;
  const button = event.submitter;
  const path = new URL(button?.formAction || event.target.action).pathname;
  if (!PLANS.includes(path)) return;
  if (path === "/result" && button?.value === "try" && document.getElementById("result")) {
    event.preventDefault();
    tryCourse(event.target, button);
  } else {
    button?.setAttribute("aria-busy", "true");
  }
});

// What if: a changed control shows its course by itself, once it has settled. An answer that comes
// while something is changed again is dropped, so that it can't undo the change.
let settling = 0;
const tries = (event) => event.target.name?.startsWith("try.") && event.target.form?.id === "flow";
document.addEventListener("input", (event) => {
  if (tries(event)) latest?.abort();
});
document.addEventListener("change", (event) => {
  if (!tries(event)) return;
  clearTimeout(settling);
  settling = setTimeout(() => {
    document.getElementById("flow").requestSubmit(document.querySelector(TRY));
  }, SETTLES_MS);
});

// The same page is fetched and its result put in place, with view, time and focus as they were.
async function tryCourse(form, button) {
  latest?.abort();
  clearTimeout(settling);
  const own = (latest = new AbortController());
  const shown = document.getElementById("result");
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.formAction || form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
      signal: own.signal,
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("result");
    if (!answer.ok || !next) throw new Error("no result");
    unsaved = false;
    put(shown, next);
    const strip = page.querySelector(".regulatory");
    if (strip) document.querySelector(".regulatory")?.replaceWith(strip);
  } catch (error) {
    if (error.name === "AbortError") return;
    HTMLFormElement.prototype.submit.call(form);
  }
}

function put(shown, next) {
  const focused = shown.contains(document.activeElement) ? document.activeElement : null;
  const id = focused?.id || focused?.dataset.then;
  const place = id ? `#${CSS.escape(id)}` : focused?.matches(TRY) ? TRY : null;
  for (const control of shown.querySelectorAll(".result input")) {
    const same = next.querySelector(`#${CSS.escape(control.id)}`);
    if (same) same.checked = control.checked;
  }
  shown.replaceWith(next);
  offerPrinting();
  if (place) document.querySelector(place)?.focus({ preventScroll: true });
}
