// Deleting one number, or several with progress and a report of what failed.

import * as api from "./api.js";
import { element, find, open } from "./elements.js";

const dialog = find("delete-dialog");
const form = find("delete");
const progress = find("delete-progress");
const problem = find("delete-problem");
let doomed = [];
let onDeleted = () => {};

export function prepare(deleted) {
  onDeleted = deleted;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    removeAll();
  });
  form.querySelector(".cancel").addEventListener("click", () => dialog.close());
}

export function ask(numbers) {
  doomed = numbers;
  find("delete-title").textContent = numbers.length === 1 ? `Delete ${numbers[0].value}?` : `Delete ${numbers.length} numbers?`;
  find("delete-text").textContent = numbers.length === 1
    ? "It is no longer for sale then. This cannot be undone."
    : `${numbers.map((number) => number.value).join(", ")}. This cannot be undone.`;
  problem.replaceChildren();
  progress.hidden = true;
  form.querySelector(".danger").disabled = false;
  open(dialog);
  form.querySelector(".cancel").focus();
}

async function removeAll() {
  const button = form.querySelector(".danger");
  button.disabled = true;
  problem.replaceChildren();
  progress.hidden = doomed.length === 1;
  progress.max = doomed.length;
  progress.value = 0;
  const failed = [];
  for (const number of doomed) {
    try {
      await removeOne(number);
    } catch (error) {
      failed.push([number, error.message]);
    }
    progress.value += 1;
  }
  const count = doomed.length - failed.length;
  if (count > 0) onDeleted(count === 1 && doomed.length === 1 ? `${doomed[0].value} is deleted.` : `${count} of ${doomed.length} numbers are deleted.`);
  if (failed.length === 0) return dialog.close();
  doomed = failed.map(([number]) => number);
  button.disabled = false;
  problem.append(
    element("p", {}, failed.length === 1 ? "This number is still there:" : "These numbers are still there:"),
    element("ul", {}, ...failed.map(([number, message]) => element("li", {}, `${number.value}: ${message}`))));
}

/** Only while it is what the table showed. */
async function removeOne(number) {
  let current;
  try {
    current = await api.read(number.id);
  } catch (error) {
    if (error.status === 404) return;
    throw error;
  }
  if (JSON.stringify(current.body) !== JSON.stringify(number)) {
    throw new Error("It has changed meanwhile. Look at it again.");
  }
  await api.remove(number.id, current.headers.get("ETag"));
}
