// Changes the user's own password.

import * as api from "./api.js";
import { field, openForm, userNameField } from "./dialog.js";
import { user } from "./session.js";

export function changeOwnPassword() {
  openForm({
    id: "password-change",
    title: "Change your password",
    verb: "Change password",
    content: [
      userNameField(user().username),
      field({
        label: "Current password",
        id: "current-password",
        name: "currentPassword",
        type: "password",
        autocomplete: "current-password",
      }),
      field({
        label: "New password",
        id: "new-password",
        name: "newPassword",
        type: "password",
        autocomplete: "new-password",
        hint: "At least 8 characters.",
      }),
    ],
    send: ({ currentPassword, newPassword }, signal) =>
      api.changePassword({ currentPassword: currentPassword.value, newPassword: newPassword.value }, { signal }),
    done: () => "Your password was changed.",
  });
}
