// The API as functions. Everything that the console knows of HTTP is here.

/** An answer that is a problem (RFC 9457), or no answer at all. */
export class Problem extends Error {
  constructor(status, problem, headers) {
    super(problem.detail ?? problem.title ?? "The server gave no reason.");
    this.status = status;
    this.problem = problem;
    this.etag = headers?.get("ETag");
    this.retryAfter = Number(headers?.get("Retry-After")) || 0;
  }
  /** Nobody answered, or somebody who will do better later. */
  get isPassing() { return this.status === 0 || this.status === 429 || this.status >= 502; }
}

const key = "token";
/** In this tab only, and gone with it. */
export const token = {
  get: () => sessionStorage.getItem(key),
  set: (value) => sessionStorage.setItem(key, value),
  clear: () => sessionStorage.removeItem(key),
};

/** Called where the session has ended; resolves once somebody has signed in again. */
let signInAgain = null;
export const onSessionEnd = (handler) => { signInAgain = handler; };

async function send(method, path, { body, headers = {}, signal } = {}) {
  const sent = token.get();
  if (sent) headers.Authorization = `Bearer ${sent}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- a GET has no body: it is undefined.
    response = await fetch(path, { method, headers, signal, cache: "no-store", body: body && JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "The server cannot be reached." });
  }
  if (response.status === 304) return { status: 304, headers: response.headers };
  const text = await response.text();
  let json = null;
  try { json = text ? JSON.parse(text) : null; } catch { /* a proxy's page */ }
  if (!response.ok) throw new Problem(response.status, json ?? {}, response.headers);
  return { status: response.status, headers: response.headers, body: json };
}

/** Like `send`, and once more after the session has ended and somebody has signed in. */
async function request(method, path, options) {
  try {
    return await send(method, path, { ...options });
  } catch (error) {
    if (error.status !== 401 || !signInAgain) throw error;
    await signInAgain();
    return await send(method, path, { ...options });
  }
}

const numbers = "/api/v1/numbers";
const sessions = "/api/v1/sessions";

export const signIn = (username, password) => send("POST", sessions, { body: { username, password } });
export const signOut = () => send("DELETE", `${sessions}/current`);
/** Who is signed in; asks nobody to. */
export const whoAmI = () => send("GET", `${sessions}/current`);

export const list = (query, { etag, signal } = {}) =>
  request("GET", `${numbers}?${query}`, { signal, headers: etag ? { "If-None-Match": etag } : {} });
export const read = (id) => request("GET", `${numbers}/${id}`);
export const create = (number) => request("POST", numbers, { body: number });
export const update = (id, changes, etag) =>
  request("PATCH", `${numbers}/${id}`, { body: changes, headers: { "If-Match": etag } });
export const remove = (id, etag) => request("DELETE", `${numbers}/${id}`, { headers: { "If-Match": etag } });
