// What the page of numbers says about its list: the count, progress, why there is no number, and errors.

import { filtersOf, query } from "./address.js";
import { button, counted, make } from "./elements.js";
import { mayWrite } from "./session.js";

const briefMilliseconds = 10000;

/** @param retry requests the list again; `showAll` shows the table without filters. */
export function createMessages({ selection, filters, retry, showAll }) {
  const banner = make("div#banner", { role: "alert", hidden: true });
  const nothing = make("div#nothing", { hidden: true });
  const status = make("p#status", { role: "status" });

  function showCount() {
    status.textContent = counted(selection.total);
  }

  /** Shows for a while how many of the numbers have changed. */
  function showChanged(count) {
    const text = `${counted(count)} ${count === 1 ? "has" : "have"} changed.`;
    status.textContent = text;
    setTimeout(() => {
      if (status.textContent === text) showCount();
    }, briefMilliseconds);
  }

  /** Says why a view has no numbers, if it has none. */
  function showEmpty(view) {
    nothing.hidden = selection.total > 0;
    if (nothing.hidden) return;
    const isFiltered = Object.keys(filtersOf(view)).length > 0;
    nothing.replaceChildren(
      make("p.big", isFiltered ? "Nothing matches." : "The inventory is empty."),
      make(
        "p",
        isFiltered
          ? "Search for fewer digits, or remove a filter."
          : mayWrite()
          ? "Create the first number, or import a price list."
          : "Numbers appear here once a supervisor adds them.",
      ),
      isFiltered ? button("Clear filters", { onclick: filters.clear }) : "",
      view.q ? make("a", { href: `/changes?${query({ number: view.q })}` }, "Look for it in Changes") : "",
    );
  }

  /** @param isStale whether the table is hidden. */
  function showError(error, { seconds, isStale }) {
    status.textContent = "";
    banner.hidden = !error.isTransient;
    nothing.hidden = error.isTransient;
    if (error.isTransient) {
      banner.replaceChildren(
        make(
          "p",
          `${error.message} ${isStale ? "" : "What you see may be out of date. "}Trying again in ${seconds} s.`,
        ),
        button("Try now", { onclick: retry }),
      );
      return;
    }
    nothing.replaceChildren(
      make("p.big", { role: "alert" }, "This list cannot be shown."),
      make("p", filters.explain(error)),
      button("Show all numbers", { onclick: showAll }),
    );
  }

  return { banner, nothing, status, showChanged, showCount, showEmpty, showError };
}
