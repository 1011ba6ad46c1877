// A page that shows a list which is small: loads it, follows it, and says what is wrong where it cannot.

import { button, keepingFocus, make, successor } from "./elements.js";
import { feed } from "./feed.js";
import { afterUndo } from "./undo.js";

/**
 * @param ask asks for the view, `draw(answer, view)` makes the elements that show it.
 * @returns the feed.
 */
export function listing(place, { ask, draw, signal, view = {} }) {
  const content = make("div", make("p.soft", { role: "status" }, "Loading …"));
  const problem = make("div#banner", { role: "alert", hidden: true });
  place.append(problem, content);
  /** What is shown: the same is not drawn again under somebody's hands. */
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
