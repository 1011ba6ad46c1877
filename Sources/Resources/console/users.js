// The page where supervisors manage users.

import * as api from "./api.js";
import { field, openForm, userNameField } from "./dialog.js";
import { button, capitalize, counted, grid, labelled, make, select, time, title } from "./elements.js";
import { listing } from "./listing.js";
import { user as self } from "./session.js";

const roles = [["salesperson", "Salesperson: can view numbers"], [
  "supervisor",
  "Supervisor: can view and change everything",
]];
const roleField = (role) => labelled("Role", select({ id: "user-role", name: "role" }, roles, role));

export function open(container, { signal }) {
  container.append(
    title("Users", make("span.spring"), button("New user", { id: "add-user", class: "primary", onclick: add }, "add")),
  );
  const list = listing(container, {
    signal,
    read: (_, options) => api.listUsers("perPage=1000", options),
    render: ({ body }) =>
      grid(
        "Users",
        ["Name", "Role", "Sessions", ""],
        body.map((user) => {
          const isSelf = user.id === self().id;
          return [
            [make("strong.name", user.username), isSelf && make("span.soft", " (you)")],
            capitalize(user.role),
            button(counted(user.sessions, "session"), {
              class: "link",
              "aria-label": `Sessions of ${user.username}`,
              onclick: () => showSessions(user),
            }),
            make(
              "div.end",
              button("Change role", { "aria-label": `Change role of ${user.username}`, onclick: () => setRole(user) }),
              button("Set password", {
                "aria-label": `Set password of ${user.username}`,
                onclick: () => setPassword(user),
              }),
              button("Remove", {
                class: "danger",
                "aria-label": `Remove ${user.username}`,
                onclick: () => remove(user),
              }),
            ),
          ];
        }),
      ),
  });

  /** Opens a form, and refreshes the list after it. */
  const openUserForm = (options) => openForm({ id: "user", after: list.refresh, ...options });

  const password = () =>
    field({
      label: "Password",
      id: "new-password",
      name: "password",
      type: "password",
      autocomplete: "new-password",
      hint: "At least 8 characters. Give it to them in person.",
    });

  function add() {
    openUserForm({
      title: "New user",
      verb: "Add",
      content: [
        field({
          label: "User name",
          id: "user-name",
          name: "username",
          autocomplete: "username",
          autocapitalize: "none",
        }),
        password(),
        roleField(),
      ],
      send: ({ username, password: { value }, role }, signal) =>
        api.addUser({ username: username.value, password: value, role: role.value }, { signal }),
      done: ({ username }) => `${username.value} can now sign in.`,
    });
  }

  function setRole(user) {
    openUserForm({
      title: `Change role of ${user.username}`,
      verb: "Change role",
      content: [roleField(user.role)],
      send: ({ role }, signal) => api.updateUser(user.id, { role: role.value }, { signal }),
      done: ({ role }) => `${user.username} is now a ${role.value}.`,
    });
  }

  function setPassword(user) {
    openUserForm({
      title: `Set password of ${user.username}`,
      verb: "Set password",
      content: [userNameField(user.username), password()],
      send: (fields, signal) => api.updateUser(user.id, { password: fields.password.value }, { signal }),
      done: () => `${user.username} has a new password and was signed out everywhere.`,
    });
  }

  function remove(user) {
    openUserForm({
      title: `Remove ${user.username}?`,
      verb: "Remove",
      danger: true,
      content: [make("p", "They are signed out immediately. Their changes stay listed.")],
      send: (_, signal) => api.removeUser(user.id, { signal }),
      done: () => `${user.username} was removed.`,
    });
  }

  async function showSessions(user) {
    const container = make("div", "Loading …");
    openUserForm({
      title: `Sessions of ${user.username}`,
      verb: "Sign out everywhere",
      danger: true,
      content: [container],
      send: (_, signal) => api.endSessions(user.id, { signal }),
      done: () => `${user.username} was signed out everywhere.`,
    });
    try {
      const { body } = await api.listSessions(user.id);
      container.replaceChildren(
        body.length > 0
          ? grid(
            "Sessions",
            ["Signed in", "Ends"],
            body.map(({ createdAt, expiresAt }) => [createdAt ? time(createdAt) : "", time(expiresAt)]),
          )
          : "Not signed in.",
      );
    } catch (error) {
      container.replaceChildren(error.message);
    }
  }
}
