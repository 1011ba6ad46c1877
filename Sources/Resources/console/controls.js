// The controls of the table's view: its order, its pages, and the height of its rows.

import { button, capitalize, localized, make, select } from "./elements.js";
import { members } from "./members.js";
import { prefer, preference } from "./preferences.js";

const sizes = ["10", "25", "50", "100", "1000"];

/** @param go shows another view; `table` is the element. */
export function createControls({ table, go }) {
  const range = make("span#range");
  const order = buildOrder(go);
  const buttons = ["first", "previous", "next", "last"].map((id) =>
    button(capitalize(id), {
      id,
      onclick: ({ currentTarget: pager }) => {
        if (!pager.ariaDisabled) go({ page: pager.dataset.page });
      },
    })
  );
  const size = make("select", {
    id: "per-page",
    onchange: () => {
      prefer("perPage", size.value);
      go({ perPage: size.value, page: "1" });
    },
  });
  const pages = make(
    "nav#pages",
    { "aria-label": "Pages", hidden: true },
    buttons.slice(0, 2),
    range,
    buttons.slice(2),
    make("span.spring"),
    make("label", "Rows per page ", size),
    make("label.wide-only", "Row height ", buildRowHeight(table)),
  );

  return {
    order,
    pages,
    /** Shows a view of `last` pages, of which the page has `count` of the `total` numbers. */
    paint(view, { last, count, total }) {
      const page = Number(view.page);
      const start = (page - 1) * view.perPage;
      range.textContent = `${localized(start + 1)}–${localized(start + count)} of ${localized(total)}`;
      [1, page - 1, page + 1, last].forEach((target, index) => {
        buttons[index].dataset.page = target;
        // Do not disable the button, because it would lose the focus.
        buttons[index].ariaDisabled = target < 1 || target > last || target === page ? "true" : null;
      });
      const all = [...new Set([...sizes, view.perPage])].sort((a, b) => a - b);
      if (size.textContent !== all.join("")) size.replaceChildren(...all.map((value) => make("option", value)));
      size.value = view.perPage;
      order.value = view.sort;
      pages.hidden = total === 0;
    },
  };
}

function buildOrder(go) {
  const order = select(
    { id: "sort", "aria-label": "Sort by", onchange: () => go({ sort: order.value, page: "1" }) },
    [
      ["id", "Oldest first"],
      ["-id", "Newest first"],
      ...members.flatMap(({ name, label, isPrice }) => [
        [name, `${label}, ${isPrice ? "lowest first" : "A to Z"}`],
        [`-${name}`, `${label}, ${isPrice ? "highest first" : "Z to A"}`],
      ]),
    ],
  );
  return order;
}

function buildRowHeight(table) {
  const show = () => table.dataset.rows = height.value;
  const height = select(
    {
      id: "row-height",
      onchange: () => prefer("rows", show()),
    },
    [["comfortable", "Comfortable"], ["compact", "Compact"]],
    preference("rows"),
  );
  show();
  return height;
}
