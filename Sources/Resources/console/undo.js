// Undoes changes, and shows a notice after each write, with a button that undoes it.

import * as api from "./api.js";
import { query } from "./address.js";
import { counted } from "./elements.js";
import { differing, formatMember, labelOf } from "./members.js";
import { notify } from "./notices.js";
import { user } from "./session.js";

/** How old, in seconds, a change may be that Ctrl+Z undoes. */
const maxAge = 12 * 60 * 60;
const perPage = 100;
/** What the page that is shown does: `settle` returns a promise for its running writes, `onUndone` shows an undo. */
let page = {};
export const afterUndo = (onUndone, settle) => {
  page = { onUndone, settle };
};
/** The keys of undos without a response, by the change's id: a retry uses the same key. */
const keys = new Map();
/** The notices that offer an undo, by the change's id. */
const offers = new Map();
/** Changes that cannot be undone, which Ctrl+Z therefore skips. */
const refused = new Set();

/**
 * Shows the outcome of a write, and offers to undo it.
 * @type {(text: string, response: APIResponse<any>, options?: NoticeOptions) => ReturnType<typeof notify>}
 */
export function notifyDone(text, response, { link, topic } = {}) {
  const id = response?.headers.get("Change-Id");
  const notice = notify(text, { link, topic, action: id ? { label: "Undo", run: () => undo(id) } : null });
  offers.set(id, notice);
  return notice;
}

/**
 * Reports why a number was not deleted; `retry` retries.
 * @type {(number: Content, error: any, retry?: () => void) => void}
 */
export function notifyNotDeleted({ value }, error, retry = null) {
  notify(
    error.status === 404
      ? `${value} is already deleted.`
      : `${value} ${error.isLost ? "may be" : "is not"} deleted. ${error.message}`,
    { isError: true, action: retry && error.isTransient ? { label: "Try again", run: retry } : null },
  );
}

/** @returns whether the change was undone. */
export async function undo(change, { isRedo = false } = {}) {
  const id = String(change);
  if (!keys.has(id)) keys.set(id, api.newIdempotencyKey());
  try {
    const { body, headers } = await api.undo(id, { key: keys.get(id) });
    keys.delete(id);
    page.onUndone?.();
    offers.get(id)?.dismiss();
    const next = headers.get("Change-Id");
    notify(`${isRedo ? "Redone" : "Undone"}: ${await describe(id, next, body)}.`, {
      action: { label: isRedo ? "Undo" : "Redo", run: () => undo(next, { isRedo: !isRedo }) },
    });
    return true;
  } catch (error) {
    if (!error.isTransient) refused.add(id);
    notify(error.isLost ? `This may have been done. ${error.message}` : await reasonOf(error), {
      isError: true,
      link: error.isLost
        ? { label: "See changes", href: "/changes" }
        : { label: "See the change", href: `/changes/${id}` },
      action: error.isTransient ? { label: "Try again", run: () => undo(id, { isRedo }) } : null,
    });
    return false;
  }
}

/** Says why an undo was refused: who has changed which members of the first number in the meantime. */
async function reasonOf({ message, problem }) {
  const { id, change, members = [] } = problem?.numbers?.[0] ?? {};
  if (!id) return message;
  const value = await api.read(id).then(({ body }) => body.value, () => `Number ${id}`);
  const { username } = change ? await readChange(change) : {};
  if (!username || members.length === 0) return `${value}: ${message}`;
  const names = members.map(labelOf).join(", ").toLowerCase();
  const others = problem.errorCount - 1;
  return `Not undone: ${username === user().username ? "you have" : `${username} has`} changed the ${names} of ` +
    `${value} since.${others > 0 ? ` So have ${counted(others, "other number")}.` : ""}`;
}

const nouns = { import: "import of ", changeMany: "change of ", deleteMany: "deletion of " };
/** @returns {Promise<Partial<Change>>} */
const readChange = (id) => api.readChange(id).then(({ body }) => body, () => ({}));

/** Describes an undo by its effect, such as `+55 84 91234-4321 monthly price 0.05 → 0.03`. */
async function describe(undone, id, { count }) {
  if (count !== 1) {
    const { kind } = await readChange(undone);
    return (nouns[kind] ?? "") + counted(count);
  }
  const { body } = await api.listChangedNumbers(id, "perPage=1").catch(() => ({ body: [] }));
  const { before, after } = body[0] ?? {};
  if (!before || !after) return body[0] ? `${(after ?? before).value} is ${after ? "back" : "deleted"}` : counted(1);
  const members = differing(before, after).map((name) =>
    `${labelOf(name).toLowerCase()} ${formatMember(name, before[name])} → ${formatMember(name, after[name])}`
  );
  return `${after.value} ${members.join(", ")}`;
}

/** The user's newest change that is not undone, nor an undo. */
async function findNewest() {
  const from = new Date(Date.now() - maxAge * 1000).toISOString();
  for (let number = 1;; number += 1) {
    const { body } = await api.listChanges(query({ username: user().username, from, page: number, perPage }));
    const found = body.find(({ id, kind, undoneBy }) => kind !== "undo" && !undoneBy && !refused.has(String(id)));
    if (found || body.length < perPage) return found;
  }
}

/** Undoes the user's changes one by one, the newest first. */
let last = Promise.resolve();
export function undoNewest() {
  last = last.then(async () => {
    await page.settle?.();
    const found = await findNewest();
    if (found) await undo(found.id);
    else notify("You have nothing to undo.");
  }).catch((error) => void notify(error.message, { isError: true }));
}
