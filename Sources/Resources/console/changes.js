// The list of changes, and the page of one change.

import * as api from "./api.js";
import { query, readView, writeView } from "./address.js";
import { grid, make, select, time, title } from "./elements.js";
import { changeTable, describe, difference, kinds, pager, undoButton } from "./history.js";
import { listing } from "./listing.js";

const perPage = 50;

export function open(container, { signal, id }) {
  return id ? openOne(container, { signal, id }) : openAll(container, { signal });
}

function openAll(container, { signal }) {
  const defaults = { page: "1", username: "", kind: "" };
  const username = make("input#by-user", { autocomplete: "off", autocapitalize: "none", onchange: filter });
  const kind = select({ id: "by-kind", onchange: filter }, [["", "All kinds"], ...Object.entries(kinds)]);
  container.append(
    title("Changes"),
    make(
      "form",
      {
        class: "row",
        role: "search",
        onsubmit: (event) => {
          event.preventDefault();
          filter();
        },
      },
      make("label", "User ", username),
      make("label", "Kind ", kind),
    ),
  );
  const list = listing(container, {
    signal,
    view: fill(),
    read: (view, options) => api.listChanges(query({ ...view, perPage }), options),
    render: ({ body, headers }, view) => {
      writeView(view, defaults);
      const total = Number(headers.get("X-Total-Count"));
      return [
        make(
          "p.soft",
          { role: "status" },
          total === 0
            ? "Nothing was done yet, or nothing matches."
            : `${total.toLocaleString()} in all, the newest first`,
        ),
        body.length > 0 && changeTable(body, { what: describe, label: "Changes" }),
        pager({
          page: Number(view.page),
          perPage,
          total,
          go: (page) => list.want({ ...list.wanted, page: String(page) }),
        }),
      ];
    },
  });

  function fill() {
    const view = readView(defaults);
    username.value = view.username;
    kind.value = view.kind;
    return view;
  }

  function filter() {
    const next = { page: "1", username: username.value.trim(), kind: kind.value };
    if (next.username !== list.wanted.username || next.kind !== list.wanted.kind) list.want(next);
  }

  return { revisit: () => list.want(fill()), keys: { "/": () => username.focus() } };
}

function openOne(container, { signal, id }) {
  container.append(title(`Change ${id}`, make("a", { href: "/changes" }, "All changes")));
  const list = listing(container, {
    signal,
    view: { page: 1 },
    async read({ page }, options) {
      const change = await api.readChange(id, { signal: options.signal });
      const numbers = await api.listChangedNumbers(id, query({ page, perPage }), { signal: options.signal });
      return { headers: numbers.headers, body: { change: change.body, numbers: numbers.body } };
    },
    render: ({ body: { change, numbers }, headers }, { page }) => [
      make(
        "p",
        make("strong", change.username),
        " · ",
        time(change.at),
        " · ",
        describe(change),
        " ",
        undoButton(change),
      ),
      grid(
        "Numbers",
        ["Number", "Before and after"],
        numbers.map((
          { id: number, before, after },
        ) => [make("a", { href: `/numbers/${number}` }, (after ?? before).value), difference(before, after)]),
      ),
      pager({ page, perPage, total: Number(headers.get("X-Total-Count")), go: (next) => list.want({ page: next }) }),
    ],
  });
}
