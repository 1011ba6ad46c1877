// The bar below the table: how many numbers are selected, and what can be done with them.

import { button, localized, make } from "./elements.js";

/** @param focusTable is called if the focused button of the bar was removed. */
export function createSelectionBar({ selection, actions, focusTable }) {
  const bar = make("div#selection", { role: "region", "aria-label": "Selected numbers", hidden: true });

  /** @param filters are those of the shown list. */
  function paint({ filters, isHidden }) {
    const hadFocus = bar.contains(document.activeElement);
    bar.hidden = selection.isEmpty || isHidden;
    const key = `${selection.count} ${selection.total} ${bar.hidden}`;
    if (bar.dataset.shown === key) return;
    bar.dataset.shown = key;
    bar.replaceChildren(...(bar.hidden ? [] : build(filters)));
    if (!hadFocus || bar.contains(document.activeElement)) return;
    const next = bar.querySelector("button");
    if (next) next.focus();
    else focusTable();
  }

  function build(filters) {
    const { count, total } = selection;
    const all = `Select all ${localized(total)}${Object.keys(filters).length > 0 ? " that match" : ""}`;
    return [
      make("strong", { role: "status" }, `${localized(count)} selected`),
      total > count
        ? button(all, { id: "select-all-matching", class: "link", onclick: () => selection.setAll(filters) })
        : "",
      make("span.spring"),
      button("Change …", { id: "change-selected", onclick: actions.changeSelected }, "edit"),
      button("Delete …", { id: "delete-selected", class: "danger", onclick: actions.removeSelected }, "remove"),
      button("Clear selection", { class: "quiet", onclick: selection.clear }),
    ];
  }

  return { bar, paint };
}
