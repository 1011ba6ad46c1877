// The console: wires the address, the API, the table and the dialogs together.

import * as address from "./address.js";
import * as api from "./api.js";
import * as deleting from "./deleting.js";
import * as editing from "./editing.js";
import { find, element, show } from "./elements.js";
import * as session from "./session.js";
import * as table from "./table.js";

const interval = 5000;
const longestInterval = 60000;

let view = address.read();
let user = null;
let numbers = [];
let total = 0;
let etag = null;
let loading = null;
let timer = null;
let delay = interval;
const currencies = new Set(["U$", "R$", "€", "£", "USD", "BRL", "EUR"]);

const mayWrite = () => user?.role === "supervisor";

/** Asks for the page that the address names. Quietly: nobody asked for it, so only news are told. */
async function load({ quietly = false } = {}) {
  clearTimeout(timer);
  loading?.abort();
  const { signal } = (loading = new AbortController());
  if (!quietly) {
    etag = null;
    find("status").textContent = "Loading …";
    find("table").setAttribute("aria-busy", "true");
  }
  try {
    const answer = await api.list(address.query(view), { etag, signal });
    delay = interval;
    show(find("banner"), "");
    if (answer.status !== 304) {
      etag = answer.headers.get("ETag");
      total = Number(answer.headers.get("X-Total-Count"));
      numbers = answer.body;
      render({ quietly });
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    tellFailure(error, { quietly });
  }
  find("table").removeAttribute("aria-busy");
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(() => load({ quietly: true }), delay);
}

function tellFailure(error, { quietly }) {
  if (error.isPassing) {
    delay = Math.min(longestInterval, Math.max(error.retryAfter * 1000, quietly ? delay * 2 : interval));
    const seconds = Math.round(delay / 1000);
    const again = element("button", { type: "button", onclick: () => load({ quietly: true }) }, "Try now");
    find("banner").replaceChildren(`${error.message} What you see may be old. The next try is in ${seconds} s. `, again);
    find("banner").hidden = false;
    if (!quietly) find("status").textContent = "";
  } else {
    find("status").textContent = error.message;
  }
}

function render({ quietly = false } = {}) {
  const last = Math.max(1, Math.ceil(total / view.perPage));
  // The page is empty because the last number of the last page was deleted.
  if (numbers.length === 0 && total > 0 && Number(view.page) > last) return go({ page: String(last) }, { replace: true });
  table.buildHead({ sort: view.sort, onSort: (sort) => go({ sort, page: "1" }), mayWrite: mayWrite(), onSelectAll: (all) => {
    table.selectAll(numbers, all);
    renderSelection();
  } });
  const changed = table.render(numbers, {
    mayWrite: mayWrite(), mark: quietly, onSelect: renderSelection, onDelete: deleting.ask,
    onEdit: (id) => editing.edit(id).catch((error) => { find("status").textContent = error.message; }),
  });
  renderSelection();
  renderPages(last);
  const isFiltered = view.q || view.currency;
  show(find("nothing"), total > 0 ? "" : isFiltered ? "Nothing matches. Search for fewer digits, or for all currencies." :
    mayWrite() ? "The inventory is empty. Make the first number with “New number”." : "The inventory is empty.");
  find("table").hidden = total === 0;
  if (!quietly) find("status").textContent = total === 1 ? "1 number" : `${total.toLocaleString()} numbers`;
  else if (changed > 0) find("status").textContent = changed === 1 ? "1 number has changed." : `${changed} numbers have changed.`;
  for (const { currency } of numbers) currencies.add(currency);
  if (find("currencies").childElementCount !== currencies.size) {
    find("currencies").replaceChildren(...[...currencies].map((value) => element("option", { value })));
  }
}

function renderPages(last) {
  const page = Number(view.page);
  const start = (page - 1) * view.perPage;
  const to = start + numbers.length;
  find("range").textContent = total === 0 ? "0 of 0" : `${(start + 1).toLocaleString()}–${to.toLocaleString()} of ${total.toLocaleString()}`;
  const targets = { first: 1, previous: page - 1, next: page + 1, last };
  for (const [id, target] of Object.entries(targets)) {
    find(id).disabled = target < 1 || target > last || target === page;
    find(id).onclick = () => go({ page: String(target) });
  }
  find("pages").hidden = total === 0;
}

function renderSelection() {
  const count = table.selected.size;
  show(find("delete-selected"), count === 0 ? "" : `Delete ${count} selected`);
  const all = find("select-all");
  if (!all) return;
  all.checked = count > 0 && count === numbers.length;
  all.indeterminate = count > 0 && count < numbers.length;
}

/** Shows another view of the numbers. */
function go(changes, { replace = false } = {}) {
  view = { ...view, ...changes };
  address.write(view, { replace });
  if (!("q" in changes)) fillFilters();
  return load();
}

function fillFilters() {
  find("q").value = view.q;
  find("currency").value = view.currency;
  const sizes = [...find("per-page").options].map((option) => option.value);
  if (!sizes.includes(view.perPage)) find("per-page").append(element("option", {}, view.perPage));
  find("per-page").value = view.perPage;
}

function begin(who) {
  user = who;
  find("who").textContent = `${who.username}, ${who.role}`;
  find("user").hidden = false;
  find("sign-out").hidden = !api.token.get();
  find("numbers").hidden = false;
  find("create").hidden = !mayWrite();
}

function listen() {
  let typing = null;
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("q").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => go({ q: find("q").value.trim(), page: "1" }, { replace: true }), 200);
  });
  find("currency").addEventListener("change", () => go({ currency: find("currency").value.trim(), page: "1" }));
  find("per-page").addEventListener("change", () => go({ perPage: find("per-page").value, page: "1" }));
  find("create").addEventListener("click", editing.create);
  find("delete-selected").addEventListener("click", () => deleting.ask([...table.selected.values()]));
  addEventListener("popstate", () => {
    view = address.read();
    fillFilters();
    load();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" ? load({ quietly: true }) : clearTimeout(timer));
}

async function done(text) {
  await load();
  find("status").textContent = text;
}

async function start() {
  listen();
  fillFilters();
  session.prepare(begin);
  editing.prepare((number, text) => done(text));
  deleting.prepare((text) => {
    table.selected.clear();
    done(text);
  });
  try {
    begin((await api.whoAmI()).body.user);
  } catch (error) {
    if (error.status === 401) await session.ask("");
    else {
      find("numbers").hidden = false;
      tellFailure(error, { quietly: false });
      setTimeout(() => location.reload(), delay);
      return;
    }
  }
  await load();
}

start();
