// Creating and editing one number.

import * as api from "./api.js";
import { element, find, open } from "./elements.js";
import { members } from "./members.js";

const names = members.map(({ name }) => name);
const labels = Object.fromEntries(members.map(({ name, label }) => [name, label]));
const dialog = find("number-dialog");
const form = find("number");
const problem = find("number-problem");
/** The number that is edited, as it was read, with its tag; nothing while one is created. */
let original = null;
let onSaved = () => {};

export function prepare(saved) {
  onSaved = saved;
  find("fields").replaceChildren(...members.flatMap(buildField));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.querySelector(".cancel").addEventListener("click", () => dialog.close());
}

function buildField({ name, label, id = name, inputmode, list, placeholder }) {
  const fault = `${name}-fault`;
  return [
    element("label", { for: id }, label),
    element("input", { id, name, inputmode, list, autocomplete: "off", placeholder, "aria-describedby": fault }),
    element("p", { id: fault, class: "fault" }),
  ];
}

export function create() {
  start("New number", Object.fromEntries(names.map((name) => [name, ""])), null);
}

export async function edit(id) {
  const { body, headers } = await api.read(id);
  start("Edit " + body.value, body, { number: body, etag: headers.get("ETag") });
}

function start(title, number, from) {
  original = from;
  find("number-title").textContent = title;
  fill(number);
  clear();
  open(dialog);
  form.elements.value.focus();
}

function fill(number) {
  for (const name of names) form.elements[name].value = number[name];
}

const typed = () => Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
/** What differs from what was read. */
const changes = () => Object.fromEntries(Object.entries(typed()).filter(([name, value]) => value !== original.number[name]));

function clear() {
  problem.replaceChildren();
  for (const name of names) {
    form.elements[name].removeAttribute("aria-invalid");
    find(`${name}-fault`).textContent = "";
  }
}

async function save() {
  const button = form.querySelector(".primary");
  clear();
  button.disabled = true;
  try {
    const { body } = original ? await api.update(original.number.id, changes(), original.etag) : await api.create(typed());
    dialog.close();
    onSaved(body, original ? `${body.value} is saved.` : `${body.value} is in the inventory.`);
  } catch (error) {
    tell(error);
  } finally {
    button.disabled = false;
  }
}

function tell(error) {
  if (error.status === 422 && error.problem.errors) return tellFaults(error.problem.errors);
  if (error.status === 412) return tellConflict(error);
  problem.append(element("p", {}, error.message));
  if (error.status === 409 && error.problem.existing) {
    const value = form.elements.value;
    value.setAttribute("aria-invalid", "true");
    const digits = value.value.replace(/\D/g, "");
    problem.append(element("p", {}, element("a", { href: `/?q=${digits}` }, "Show the number that is there")));
    value.focus();
  }
}

function tellFaults(errors) {
  let first = null;
  for (const { pointer, detail } of errors) {
    const name = pointer.slice(1);
    if (!names.includes(name)) {
      problem.append(element("p", {}, `${name} ${detail}.`));
      continue;
    }
    form.elements[name].setAttribute("aria-invalid", "true");
    find(`${name}-fault`).textContent = `${labels[name]} ${detail}.`;
    first ??= form.elements[name];
  }
  first?.focus();
}

/** Somebody else was quicker: shows what is there now and what was typed here, and offers both. */
function tellConflict(error) {
  const theirs = error.problem.current;
  const mine = changes();
  const differing = names.filter((name) => theirs[name] !== original.number[name] || name in mine);
  const etag = error.etag;
  problem.append(
    element("p", {}, "Somebody changed this number meanwhile."),
    element("table", {},
      element("thead", {}, element("tr", {}, ...["", "Before", "Theirs", "Mine"].map((text) => element(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
      element("tbody", {}, ...differing.map((name) => element("tr", {},
        element("th", { scope: "row" }, labels[name]),
        element("td", {}, original.number[name]), element("td", {}, theirs[name]), element("td", {}, mine[name] ?? "–"))))),
    element("menu", {},
      element("button", { type: "button", id: "take-theirs", onclick: () => {
        original = { number: theirs, etag };
        fill(theirs);
        clear();
        form.elements.value.focus();
      } }, "Take theirs"),
      element("button", { type: "button", id: "apply-mine", class: "primary", onclick: () => {
        original = { number: theirs, etag };
        fill({ ...theirs, ...mine });
        save();
      } }, "Apply mine again")));
  find("apply-mine").focus();
}
