// The signed-in user in all tabs. Only this module reads or writes the token.

const key = "token";
/** `{ token, user }`; a new object after each sign-in, to recognize responses of an older session. */
let current = null;
/** The promise of the same user's next session, if a session has ended. */
let ended = null;
let onEnd = () => {};
let onRenewed = () => {};

const memory = {
  get token() { try { return localStorage.getItem(key); } catch { return null; } },
  set token(value) { try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { /* For this page only. */ } },
};

export const session = () => current ?? { token: memory.token, user: null };
export const user = () => current?.user ?? null;
export const mayWrite = () => current?.user.role === "supervisor";

/** @param onEnded is called to ask for a sign-in when a session has ended; @param renewed after that sign-in. */
export function prepare({ onEnded, renewed }) {
  onEnd = onEnded;
  onRenewed = renewed;
}

const isSame = (a, b) => a.id === b.id && a.username === b.username && a.role === b.role;

/** Starts or continues a session. If the user differs from the previous one, reloads the page. */
export function begin(token, who) {
  const before = current;
  if (token && token !== memory.token) memory.token = token;
  if (before && !isSame(before.user, who)) return startAnew();
  current = { token, user: who };
  if (!ended) return;
  const { resolve } = ended;
  ended = null;
  onRenewed();
  resolve();
}

/** Resolves when the user of session `of` signs in again; never for another user. */
export function renewal(of, signal) {
  if (current && current !== of) return Promise.resolve();
  if (!ended) {
    ended = {};
    ended.promise = new Promise((resolve) => { ended.resolve = resolve; });
    onEnd();
  }
  const { promise } = ended;
  return new Promise((resolve, reject) => {
    promise.then(resolve);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Ends the session in all tabs. */
export function forget() {
  memory.token = null;
  startAnew("/");
}

function startAnew(address) {
  // Open forms belong to another user, so the browser must not ask about them.
  dispatchEvent(new Event("leave"));
  try { sessionStorage.clear(); } catch { /* There is no storage. */ }
  if (address) location.assign(address);
  else location.reload();
}

/** Follows the sessions of other tabs. @param ask finds a token's user. */
export function follow(ask) {
  const compare = async () => {
    const token = memory.token;
    // This tab shows the sign-in.
    if (!current && token) return startAnew();
    if (!current?.token || token === current.token) return;
    if (!token) return startAnew("/");
    try {
      const who = await ask(token);
      if (memory.token === token) begin(token, who);
    } catch { /* The next request reports the error. */ }
  };
  addEventListener("storage", (event) => { if (event.key === key || event.key === null) compare(); });
  // The browser may restore a page from before a sign-out.
  addEventListener("pageshow", (event) => { if (event.persisted) compare(); });
}
