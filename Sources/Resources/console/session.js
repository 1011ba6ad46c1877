// Who is signed in, in all tabs of this browser. Nobody else reads or writes the token.

const key = "token";
/** `{ token, user }`; another object after each sign-in, so that an answer is known to be of the one before. */
let current = null;
/** The session that has ended, and those who wait for the next of the same user. */
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

/** @param onEnded is called where a session has ended, to have somebody sign in; @param renewed once that is done. */
export function prepare({ onEnded, renewed }) {
  onEnd = onEnded;
  onRenewed = renewed;
}

const isSame = (a, b) => a.id === b.id && a.username === b.username && a.role === b.role;

/** Somebody has signed in, or was. Of anybody else who was here before nothing stays: the page begins anew. */
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

/** Resolves once whoever had `session` is signed in again; never where it is somebody else. */
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

/** Forgets who was here, in all tabs. */
export function forget() {
  memory.token = null;
  startAnew("/");
}

function startAnew(address) {
  // What is open belongs to another user, so the browser must not ask about it.
  dispatchEvent(new Event("leave"));
  try { sessionStorage.clear(); } catch { /* There is no storage. */ }
  if (address) location.assign(address);
  else location.reload();
}

/** What another tab does holds here too. @param ask tells whose a token is. */
export function follow(ask) {
  const compare = async () => {
    const token = memory.token;
    // Here somebody waits at the sign-in.
    if (!current && token) return startAnew();
    if (!current?.token || token === current.token) return;
    if (!token) return startAnew("/");
    try {
      const who = await ask(token);
      if (memory.token === token) begin(token, who);
    } catch { /* It has ended already, or the server is away: the next request tells. */ }
  };
  addEventListener("storage", (event) => { if (event.key === key || event.key === null) compare(); });
  // The browser may have kept the page of somebody who has signed out since.
  addEventListener("pageshow", (event) => { if (event.persisted) compare(); });
}
