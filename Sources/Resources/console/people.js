// The page where supervisors manage users.

import * as api from "./api.js";
import { ask, field, nameForBrowser } from "./dialog.js";
import { button, capital, counted, grid, labelled, make, select, time, title } from "./elements.js";
import { listing } from "./listing.js";
import { user as self } from "./session.js";

const roles = [["salesperson", "Salesperson: reads"], ["supervisor", "Supervisor: does everything"]];
const roleField = (role) => labelled("Role", select({ id: "person-role", name: "role" }, roles, role));

export function open(place, { signal }) {
  place.append(title("People", make("span.spring"), button("New person", { id: "add-person", class: "primary", onclick: add }, "add")));
  const list = listing(place, { signal, ask: (_, options) => api.listUsers("perPage=1000", options),
    draw: ({ body }) => grid("People", ["Name", "Role", "Sessions", ""], body.map((person) => {
      const isSelf = person.id === self().id;
      return [[make("strong.name", person.username), isSelf && make("span.soft", " (you)")], capital(person.role), button(counted(person.sessions, "session"), { class: "link", "aria-label": `Sessions of ${person.username}`, onclick: () => tellSessions(person) }),
        make("div.end", button("Role …", { "aria-label": `Role of ${person.username}`, onclick: () => setRole(person) }),
          button("Password …", { "aria-label": `Password of ${person.username}`, onclick: () => setPassword(person) }),
          button("Remove …", { class: "danger", "aria-label": `Remove ${person.username}`, onclick: () => remove(person) }))];
    })) });

  /** Asks, then refreshes the list. */
  const askOf = (options) => ask({ id: "person", after: list.refresh, ...options });

  const password = () => field({ label: "Password", id: "new-password", name: "password", type: "password", autocomplete: "new-password", hint: "At least 8 characters. Tell it to nobody else." });

  function add() {
    askOf({ title: "New person", verb: "Add", content: [field({ label: "User name", id: "person-name", name: "username", autocomplete: "username", autocapitalize: "none" }), password(),
      roleField()],
    send: ({ username, password: { value }, role }, signal) => api.addUser({ username: username.value, password: value, role: role.value }, { signal }),
    done: ({ username }) => `${username.value} may sign in.` });
  }

  function setRole(person) {
    askOf({ title: `Role of ${person.username}`, verb: "Set role", content: [roleField(person.role)],
      send: ({ role }, signal) => api.updateUser(person.id, { role: role.value }, { signal }), done: ({ role }) => `${person.username} is a ${role.value} now.` });
  }

  function setPassword(person) {
    askOf({ title: `New password for ${person.username}`, verb: "Set password", content: [nameForBrowser(person.username), password()],
      send: (fields, signal) => api.updateUser(person.id, { password: fields.password.value }, { signal }), done: () => `${person.username} has a new password, and is signed out everywhere.` });
  }

  function remove(person) {
    askOf({ title: `Remove ${person.username}?`, verb: "Remove", danger: true, content: [make("p", "Who is signed in by this name is signed out at once. What was done by this name stays in Changes.")],
      send: (_, signal) => api.removeUser(person.id, { signal }), done: () => `${person.username} is removed.` });
  }

  async function tellSessions(person) {
    const place = make("div", "Loading …");
    askOf({ title: `Sessions of ${person.username}`, verb: "Sign out everywhere", danger: true, content: [place],
      send: (_, signal) => api.endSessions(person.id, { signal }), done: () => `${person.username} is signed out everywhere.` });
    try {
      const { body } = await api.listSessions(person.id);
      place.replaceChildren(body.length > 0 ? grid("Sessions", ["Since", "Until"], body.map(({ createdAt, expiresAt }) => [createdAt ? time(createdAt) : "", time(expiresAt)])) : "Not signed in.");
    } catch (error) {
      place.replaceChildren(error.message);
    }
  }

  return {};
}
