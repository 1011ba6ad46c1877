// Who may sign in: supervisors see, add, change and remove them.

import * as api from "./api.js";
import { field, open as openDialog, tellFault, whileBusy } from "./dialog.js";
import { alertLine, button, capital, counted, grid, make, select, time, title } from "./elements.js";
import { listing } from "./listing.js";
import { tell } from "./notices.js";
import { tellPasswordFaults } from "./password.js";
import { user as self } from "./session.js";

const roles = [["salesperson", "Salesperson: reads"], ["supervisor", "Supervisor: does everything"]];
const roleField = (role) => make("div.field", make("label", { for: "person-role" }, "Role"), select({ id: "person-role", name: "role" }, roles, role));

export function open(place, { signal }) {
  place.append(title("People", make("span.spring"), button("New person", { id: "add-person", class: "primary", onclick: add }, "add")));
  const list = listing(place, { signal, ask: (_, options) => api.listUsers("perPage=1000", options),
    draw: ({ body }) => grid("People", ["Name", "Role", "Sessions", ""], body.map((person) => {
      const isSelf = person.id === self().id;
      return [[make("strong", person.username), isSelf && make("span.soft", " (you)")], capital(person.role), button(counted(person.sessions, "session"), { class: "link", "aria-label": `Sessions of ${person.username}`, onclick: () => tellSessions(person) }),
        make("div.end", button("Role …", { "aria-label": `Role of ${person.username}`, onclick: () => setRole(person) }),
          button("Password …", { "aria-label": `Password of ${person.username}`, onclick: () => setPassword(person) }),
          button("Remove …", { class: "danger", "aria-label": `Remove ${person.username}`, onclick: () => remove(person) }))];
    })) });

  /** A dialog whose fields are sent at once. */
  function ask({ id, title, verb, danger = false, content, send, done }) {
    const submit = make("button", { class: danger ? "danger" : "primary" }, verb);
    const problem = alertLine();
    const { form, close, signal: own } = openDialog({ id, title, actions: [submit], content: [...content, problem], onSubmit: () => whileBusy([submit], async () => {
      problem.textContent = "";
      for (const input of form.querySelectorAll("input")) tellFault(input, "");
      try {
        await send(form.elements, own);
        close();
        tell(done(form.elements));
        list.refresh();
      } catch (error) {
        if (!api.isDropped(error) && !own.aborted && !tellPasswordFaults(form, error)) problem.textContent = error.message;
      }
    }) });
    (form.querySelector(".content input, .content select") ?? form.querySelector(".cancel")).focus();
  }

  const password = () => field({ label: "Password", id: "new-password", name: "password", type: "password", autocomplete: "new-password", hint: "At least 8 characters. Tell it to nobody else." });

  function add() {
    ask({ id: "person", title: "New person", verb: "Add", content: [field({ label: "User name", id: "person-name", name: "username", autocapitalize: "none" }), password(),
      roleField()],
    send: ({ username, password: { value }, role }, own) => api.addUser({ username: username.value, password: value, role: role.value }, { signal: own }),
    done: ({ username }) => `${username.value} may sign in.` });
  }

  function setRole(person) {
    ask({ id: "person", title: `Role of ${person.username}`, verb: "Set role", content: [roleField(person.role)],
      send: ({ role }, own) => api.updateUser(person.id, { role: role.value }, { signal: own }), done: ({ role }) => `${person.username} is a ${role.value} now.` });
  }

  function setPassword(person) {
    ask({ id: "person", title: `New password for ${person.username}`, verb: "Set password", content: [password()],
      send: (fields, own) => api.updateUser(person.id, { password: fields.password.value }, { signal: own }), done: () => `${person.username} has a new password, and is signed out everywhere.` });
  }

  function remove(person) {
    ask({ id: "person", title: `Remove ${person.username}?`, verb: "Remove", danger: true, content: [make("p", "Who is signed in by this name is signed out at once. What was done by this name stays in Changes.")],
      send: (_, own) => api.removeUser(person.id, { signal: own }), done: () => `${person.username} is removed.` });
  }

  async function tellSessions(person) {
    const place = make("div", "Loading …");
    ask({ id: "person", title: `Sessions of ${person.username}`, verb: "Sign out everywhere", danger: true, content: [place],
      send: (_, own) => api.endSessions(person.id, { signal: own }), done: () => `${person.username} is signed out everywhere.` });
    try {
      const { body } = await api.listSessions(person.id);
      place.replaceChildren(body.length > 0 ? grid("Sessions", ["Since", "Until"], body.map(({ createdAt, expiresAt }) => [createdAt ? time(createdAt) : "", time(expiresAt)])) : "Not signed in.");
    } catch (error) {
      place.replaceChildren(error.message);
    }
  }

  return {};
}
