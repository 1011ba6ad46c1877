// A page with a small list: loads it, polls it, and shows errors.

import { button, keepingFocus, make, replacementOf } from "./elements.js";
import { feed } from "./feed.js";
import { afterUndo } from "./undo.js";

/**
 * @param read requests the view, `render(response, view)` returns its elements.
 * @returns the feed.
 */
export function listing(container, { read, render, signal, view = {} }) {
  const content = make("div", make("p.soft", { role: "status" }, "Loading …"));
  const problem = make("div#banner", { role: "alert", hidden: true });
  container.append(problem, content);
  /** The shown list: rendering the same again would disturb the user. */
  let rendered = null;
  const list = feed({
    read,
    signal,
    show(response, { view: shown, isSame }) {
      const text = JSON.stringify([response.body, response.headers.get("X-Total-Count"), shown]);
      if (isSame && text === rendered) return;
      rendered = text;
      keepingFocus(
        () => content.replaceChildren(make("div.listing", render(response, shown))),
        (focused) => (replacementOf(focused, content) || container.querySelector("h1")).focus(),
      );
    },
    showError(error, { seconds }) {
      problem.hidden = !error;
      if (!error) return;
      problem.replaceChildren(
        make("p", error.isTransient ? `${error.message} The next try is in ${seconds} s.` : error.message),
        error.isTransient ? button("Try now", { onclick: () => list.want(list.wanted) }) : "",
      );
      if (list.shown) return;
      content.replaceChildren();
      rendered = null;
    },
    showWaiting: (is) => {
      content.ariaBusy = is ? "true" : null;
    },
  });
  afterUndo(() => list.refresh());
  list.want(view);
  return list;
}
