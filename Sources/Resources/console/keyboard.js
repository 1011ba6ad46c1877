// Keyboard shortcuts; `?` lists them.

import { open } from "./dialog.js";
import { choice, make } from "./elements.js";
import { undoNewest } from "./notices.js";
import { prefer, preference } from "./preferences.js";
import { mayWrite } from "./session.js";

/** @type {[string, string, true?][]} */
const shortcuts = [
  ["/", "Search"],
  ["n", "New number", true],
  ["t", "Go to the table"],
  ["↑ ↓ ← →", "Between rows and cells"],
  ["Home End", "First and last in a row; with Ctrl, of the page"],
  ["Enter", "Edit the cell, or follow the link"],
  ["Tab", "While editing: save, and on to the next cell", true],
  ["Escape", "While editing: cancel", true],
  ["e", "Edit the number in a dialog", true],
  ["x", "Select the row", true],
  ["Shift + click", "Select the rows between", true],
  ["Delete", "Delete what is selected, or else the number", true],
  ["c", "Copy the number"],
  ["o", "Open the number's page"],
  ["Ctrl + Z", "Undo the last change", true],
  ["?", "Show this list"],
];

/** @param keys returns the keys of the current page. */
export function listen(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const isTyping = event.target.matches?.('input:not([type="checkbox"], [type="radio"]), textarea, select');
    if (isTyping) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
      if (undoNewest()) event.preventDefault();
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
    title: "Keys",
    content: [
      make(
        "dl.keys",
        shortcuts.filter(([, , isWrite]) => !isWrite || mayWrite()).map(([key, text]) =>
          make("div", make("dt", make("kbd", key)), make("dd", text))
        ),
      ),
      choice(single, "Single letters are shortcuts"),
    ],
  });
  const cancel = form.querySelector(".cancel");
  cancel.textContent = "Close";
  cancel.focus();
}
