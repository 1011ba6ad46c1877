// The signed-in user in all tabs. Only this module reads or writes the token.

const key = "token";
/** `{ token, user }`; a new object after each sign-in, to recognize responses of an older session. */
let current = null;
/**
 * Holds a promise that the same user's next sign-in resolves; null unless a session has ended.
 * @type {{ promise?: Promise<void>, resolve?: () => void }}
 */
let ended = null;
let handlers = null;

const stored = {
  get token() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set token(value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch { /* The token lasts as long as the page. */ }
  },
};

export const session = () => current ?? { token: stored.token, user: null };
export const user = () => current?.user ?? null;
export const mayWrite = () => current?.user.role === "supervisor";

/** Sets `onEnded`, which is called when the user must sign in again, and `onRenewed`, called after that sign-in. */
export function setSessionHandlers(newHandlers) {
  handlers = newHandlers;
}

const isSame = (a, b) => a.id === b.id && a.username === b.username && a.role === b.role;

/** Starts or continues a session. If the user differs from the previous one, reloads the page. */
export function startSession(token, newUser) {
  const before = current;
  if (token && token !== stored.token) stored.token = token;
  if (before && !isSame(before.user, newUser)) return restart();
  current = { token, user: newUser };
  if (!ended) return;
  const { resolve } = ended;
  ended = null;
  handlers.onRenewed();
  resolve();
}

/** Resolves when the user of session `of` signs in again; never for another user. */
export function renewal(of, signal) {
  if (current && current !== of) return Promise.resolve();
  if (!ended) {
    ended = {};
    ended.promise = new Promise((resolve) => {
      ended.resolve = resolve;
    });
    handlers.onEnded();
  }
  const { promise } = ended;
  return new Promise((resolve, reject) => {
    promise.then(resolve);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Ends the session in all tabs. */
export function endSession() {
  stored.token = null;
  restart("/");
}

function restart(address) {
  // Open forms belong to another user, so the browser must not ask about them.
  dispatchEvent(new Event("leave"));
  try {
    sessionStorage.clear();
  } catch { /* There is no storage. */ }
  if (address) location.assign(address);
  else location.reload();
}

/** Follows the sessions of other tabs. @param readUser finds a token's user. */
export function followOtherTabs(readUser) {
  const compare = async () => {
    const token = stored.token;
    // This tab shows the sign-in page.
    if (!current && token) return restart();
    if (!current?.token || token === current.token) return;
    if (!token) return restart("/");
    try {
      const newUser = await readUser(token);
      if (stored.token === token) startSession(token, newUser);
    } catch { /* The next request reports the error. */ }
  };
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) compare();
  });
  // The browser may restore a page from before a sign-out.
  addEventListener("pageshow", (event) => {
    if (event.persisted) compare();
  });
}
