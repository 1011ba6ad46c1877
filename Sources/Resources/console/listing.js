// A page with a list: loads it, polls it, and shows errors. The address has its view.

import { readView, writeView } from "./address.js";
import { button, keepingFocus, make, replacementOf } from "./elements.js";
import { feed } from "./feed.js";
import { afterUndo } from "./undo.js";

/** The rows of a list with pages. */
export const perPage = 50;

/**
 * @param defaults the view's parameters in the address; with a `page`, the list has pages.
 * @param fill shows the address's view in the page's controls.
 * @param read requests the view, `render(response, view)` returns its elements.
 * @returns the feed, with `go` to change the view, and `revisit` to show the address's view.
 */
export function listing(container, { defaults = {}, fill = (_view) => {}, read, render, signal }) {
  const content = make("div", make("p.soft", { role: "status" }, "Loading …"));
  const problem = make("div#banner", { role: "alert", hidden: true });
  container.append(problem, content);
  /** The shown list: rendering the same again would disturb the user. */
  let rendered = null;
  const list = feed({
    read,
    signal,
    show(response, { view: shown, isSame }) {
      const total = response.headers.get("X-Total-Count");
      const text = JSON.stringify([response.body, total, shown]);
      if (isSame && text === rendered) return;
      rendered = text;
      keepingFocus(
        () =>
          content.replaceChildren(
            make("div.listing", render(response, shown), shown.page && pager(Number(shown.page), Number(total))),
          ),
        (focused) => (replacementOf(focused, content) || container.querySelector("h1")).focus(),
      );
    },
    showError(error, { seconds }) {
      problem.hidden = !error;
      if (!error) return;
      problem.replaceChildren(
        make("p", error.isTransient ? `${error.message} Trying again in ${seconds} s.` : error.message),
        error.isTransient ? button("Try now", { onclick: () => list.want(list.wanted) }) : "",
      );
      // Hide a list that does not match the address.
      if (list.shown === list.wanted) return;
      content.replaceChildren();
      rendered = null;
    },
    showWaiting: (is) => {
      content.ariaBusy = is ? "true" : null;
    },
  });

  function go(changes, options) {
    const view = { ...list.wanted, ...changes };
    writeView(view, defaults, options);
    list.want(view);
  }

  function revisit() {
    const view = readView(defaults);
    fill(view);
    list.want(view);
  }

  /** Buttons for the list's other pages, if any. */
  function pager(page, total) {
    const last = Math.max(1, Math.ceil(total / perPage));
    const to = (target, text) =>
      button(text, {
        "aria-disabled": target < 1 || target > last ? "true" : null,
        onclick: ({ currentTarget }) => {
          if (!currentTarget.ariaDisabled) go({ page: String(target) });
        },
      });
    return last === 1 && page === 1 ? "" : make(
      "nav.pager",
      { "aria-label": "Pages" },
      to(page - 1, "Previous"),
      make("span", `Page ${page} of ${last}`),
      to(page + 1, "Next"),
    );
  }

  afterUndo(() => list.refresh());
  revisit();
  return Object.assign(list, { go, revisit });
}
