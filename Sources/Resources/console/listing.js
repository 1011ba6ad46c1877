// A page with a small list: loads it, polls it, and shows errors.

import { button, keepingFocus, make, successor } from "./elements.js";
import { feed } from "./feed.js";
import { afterUndo } from "./undo.js";

/**
 * @param ask requests the view, `draw(answer, view)` makes its elements.
 * @returns the feed.
 */
export function listing(place, { ask, draw, signal, view = {} }) {
  const content = make("div", make("p.soft", { role: "status" }, "Loading …"));
  const problem = make("div#banner", { role: "alert", hidden: true });
  place.append(problem, content);
  /** The shown list: redrawing the same would disturb the user. */
  let drawn = null;
  const list = feed({
    ask, signal,
    show(answer, { view: shown, isSame }) {
      const text = JSON.stringify([answer.body, answer.headers.get("X-Total-Count"), shown]);
      if (isSame && text === drawn) return;
      drawn = text;
      keepingFocus(() => content.replaceChildren(make("div.listing", draw(answer, shown))),
        (had) => (successor(had, content) || place.querySelector("h1")).focus());
    },
    fail(error, { seconds }) {
      problem.hidden = !error;
      if (!error) return;
      problem.replaceChildren(make("p", error.isPassing ? `${error.message} The next try is in ${seconds} s.` : error.message), button("Try now", { onclick: () => list.want(list.wanted) }));
      if (list.shown) return;
      content.replaceChildren();
      drawn = null;
    },
    wait: (is) => { content.ariaBusy = is ? "true" : null; },
  });
  afterUndo(() => list.refresh());
  list.want(view);
  return list;
}
