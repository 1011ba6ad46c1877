// Keyboard shortcuts; `?` lists them.

import { open } from "./dialog.js";
import { choice, make } from "./elements.js";
import { prefer, preference } from "./preferences.js";
import { mayWrite } from "./session.js";
import { undoNewest } from "./undo.js";

/** @type {[string, string, true?][]} */
const shortcuts = [
  ["/", "Search"],
  ["Enter", "In the search: go to the first result"],
  ["t", "Go to the table"],
  ["↑ ↓ ← →", "Between rows and cells"],
  ["Home End", "First and last in a row; with Ctrl, of the page"],
  ["Escape", "From the table to the search; there, clear it"],
  ["0–9 a–z", "In a price or currency: replace it", true],
  ["Enter", "Edit the cell, or follow the link"],
  ["Enter", "While editing: save, and go down; with Shift, up", true],
  ["Tab", "While editing: save, and go right; with Shift, left", true],
  ["Escape", "While editing: cancel", true],
  ["Ctrl + C", "Copy the cell, or the selected rows"],
  ["Ctrl + V", "Paste into the cell, the cells below, or the selected rows", true],
  ["Ctrl + Z", "Undo your last change, then the one before", true],
  ["Space", "Select the row", true],
  ["Shift + click", "Select the rows between", true],
  ["Delete", "Delete the selected numbers, or this one; in a cell, its text", true],
  ["n", "New number", true],
  ["?", "Show this list"],
  ["e", "On a number: edit it in a dialog", true],
  ["x", "On a number: select the row", true],
  ["c", "On a number: copy it"],
  ["o", "On a number: open its page"],
];

/** Whether a dialog is open, or the focused control accepts text. */
export const isTyping = ({ target }) =>
  document.querySelector("dialog[open]") ||
  target.matches?.('input:not([type="checkbox"], [type="radio"]), textarea, select');

/** @param keys returns the keys of the current page. */
export function listen(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isTyping(event)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
      if (!mayWrite()) return;
      event.preventDefault();
      if (!event.repeat) undoNewest();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || preference("keys") !== "on") return;
    const run = event.key === "?" ? help : keys()[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

export function help() {
  const single = make("input", {
    type: "checkbox",
    checked: preference("keys") === "on",
    onchange: () => prefer("keys", single.checked ? "on" : "off"),
  });
  const { form } = open({
    id: "keys",
    title: "Keyboard shortcuts",
    wide: true,
    content: [
      make(
        "dl.keys",
        shortcuts.filter(([, , isWrite]) => !isWrite || mayWrite()).map(([key, text]) =>
          make("div", make("dt", make("kbd", key)), make("dd", text))
        ),
      ),
      choice(single, "Use single-letter shortcuts"),
    ],
  });
  const cancel = form.querySelector(".cancel");
  cancel.textContent = "Close";
  // The list begins above.
  cancel.focus({ preventScroll: true });
}
