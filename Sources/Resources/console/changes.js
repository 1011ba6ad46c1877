// The list of changes with its filters, and the page of one change.

import * as api from "./api.js";
import { query } from "./address.js";
import { field, showFieldError } from "./dialog.js";
import { button, choice, counted, labelled, make, select, time, title } from "./elements.js";
import { changeTable, comparison, describe, undoButton } from "./history.js";
import { listing, perPage } from "./listing.js";

const typingPause = 200;
const kinds = [
  ["", "All"],
  ["create", "Created"],
  ["change,changeMany", "Changed"],
  ["delete,deleteMany", "Deleted"],
  ["import", "Imported"],
  ["undo", "Undos"],
];
/** Periods, the last one between two dates. */
const periods = [["any", "Any time"], ["today", "Today"], ["week", "Last 7 days"], ["dates", "From – to"]];
const defaults = { page: "1", number: "", username: "", kind: "", when: "any", from: "", to: "" };

export function open(container, { signal, id }) {
  return id ? openOne(container, { signal, id }) : openAll(container, { signal });
}

/** When a day in the browser's time zone begins; an unreadable day is returned, so that the API explains it. */
function midnight(text, daysLater = 0) {
  const day = text ? new Date(`${text}T00:00`) : new Date();
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysLater);
  return isNaN(Number(start)) ? text : start.toISOString();
}

/** A view as the API's query, with the times of its whole days. */
function queryOf({ when, from, to, ...view }) {
  const start = when === "today" ? midnight("") : when === "week" ? midnight("", -6) : from && midnight(from);
  return query({ ...view, from: start, to: to && midnight(to, 1), perPage });
}

function openAll(container, { signal }) {
  let timer = null;
  /** Whether the user is typing, which is one history entry. */
  let isTyping = false;
  const number = field({
    label: "Number",
    id: "by-number",
    name: "number",
    inputmode: "tel",
    placeholder: "Last digits",
    // A screen keyboard would cover the list.
    autofocus: !matchMedia("(pointer: coarse)").matches,
  });
  const form = make(
    "form#change-filters.row",
    {
      role: "search",
      "aria-label": "Changes",
      oninput: ({ target }) => {
        clearTimeout(timer);
        if (["number", "username"].includes(target.name)) {
          timer = setTimeout(() => isTyping = filter() || isTyping, typingPause);
        }
      },
      onchange: () => {
        filter();
        isTyping = false;
      },
    },
    number,
    field({ label: "User", id: "by-user", name: "username", autocapitalize: "none", spellcheck: "false" }),
    labelled("Change", select({ id: "by-kind", name: "kind" }, kinds)),
    make(
      "fieldset",
      make("legend", "Time"),
      make(
        "div.row",
        periods.map(([value, text]) => choice(make("input", { type: "radio", name: "when", value }), text)),
        make(
          "div.dates",
          make("input", { type: "date", name: "from", "aria-label": "From" }),
          " – ",
          make("input", { type: "date", name: "to", "aria-label": "To" }),
        ),
      ),
    ),
  );
  container.append(title("Changes"), form);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  const list = listing(container, {
    signal,
    defaults,
    fill,
    read: (view, options) => api.listChanges(queryOf(view), options),
    render: ({ body, headers }, view) => {
      const total = Number(headers.get("X-Total-Count"));
      const isFiltered = Object.keys(defaults).some((name) => name !== "page" && view[name] !== defaults[name]);
      return [
        make(
          "div.row",
          make(
            "p.soft",
            { role: "status" },
            total > 0 ? counted(total, "change") : isFiltered ? "No change matches." : "Nothing has been changed yet.",
          ),
          isFiltered && button("Clear filters", { class: "link", onclick: clear }),
        ),
        body.length > 0 && changeTable(body, "Changes"),
      ];
    },
  });

  function fill(view) {
    // Older links name one kind.
    view.kind = kinds.find(([value]) => `,${value},`.includes(`,${view.kind},`))?.[0] ?? view.kind;
    for (const [name, text] of Object.entries(view)) if (name !== "page") form.elements[name].value = text;
    if (view.from || view.to) form.elements.when.value = "dates";
    showFieldError(form.elements.number, "");
  }

  function readForm() {
    const view = { ...defaults };
    for (const [name, text] of new FormData(form)) view[name] = String(text).trim();
    // The period stays until a date is chosen.
    if (view.when === "dates") view.when = view.from || view.to ? "any" : list.wanted.when;
    else view.from = view.to = "";
    const isShort = view.number !== "" && view.number.replace(/\P{Nd}/gu, "").length < 3;
    showFieldError(form.elements.number, isShort ? "Type at least 3 digits." : "");
    if (isShort) view.number = "";
    return view;
  }

  /** Shows what matches the form. @returns whether that is another view. */
  function filter() {
    clearTimeout(timer);
    const view = readForm();
    if (Object.keys(view).every((name) => name === "page" || view[name] === list.wanted[name])) return false;
    list.go(view, { replace: isTyping });
    return true;
  }

  function clear() {
    fill({ ...defaults });
    filter();
    form.elements.number.focus();
  }

  return { revisit: list.revisit, keys: { "/": () => form.elements.number.focus() } };
}

function openOne(container, { signal, id }) {
  container.append(title(`Change ${id}`, make("a", { href: "/changes" }, "All changes")));
  const list = listing(container, {
    signal,
    defaults: { page: "1" },
    async read(view, options) {
      const [change, numbers] = await Promise.all([
        api.readChange(id, { signal: options.signal }),
        api.listChangedNumbers(id, query({ ...view, perPage }), { signal: options.signal }),
      ]);
      return { headers: numbers.headers, body: { change: change.body, numbers: numbers.body } };
    },
    render: ({ body: { change, numbers } }) => [
      make(
        "div.row",
        make(
          "p",
          make("strong", change.username),
          " · ",
          time(change.at),
          " · ",
          describe(change, counted(change.count)),
        ),
        undoButton(change),
      ),
      comparison(numbers),
    ],
  });
  return { revisit: list.revisit };
}
