#include "Resources.h"

// #embed is C23, which clang knows in older modes too.
#pragma clang diagnostic ignored "-Wc23-extensions"

// clang-format off
static const unsigned char openapi_json[] = {
#embed "openapi.json"
};
static const unsigned char problem_html[] = {
#embed "problem.html"
};
static const unsigned char problems_json[] = {
#embed "problems.json"
};
static const unsigned char actions_js[] = {
#embed "console/actions.js"
};
static const unsigned char address_js[] = {
#embed "console/address.js"
};
static const unsigned char adjustments_js[] = {
#embed "console/adjustments.js"
};
static const unsigned char api_js[] = {
#embed "console/api.js"
};
static const unsigned char app_js[] = {
#embed "console/app.js"
};
static const unsigned char bulk_js[] = {
#embed "console/bulk.js"
};
static const unsigned char cells_js[] = {
#embed "console/cells.js"
};
static const unsigned char changes_js[] = {
#embed "console/changes.js"
};
static const unsigned char clipboard_js[] = {
#embed "console/clipboard.js"
};
static const unsigned char console_css[] = {
#embed "console/console.css"
};
static const unsigned char controls_js[] = {
#embed "console/controls.js"
};
static const unsigned char currencies_js[] = {
#embed "console/currencies.js"
};
static const unsigned char currency_filter_js[] = {
#embed "console/currency-filter.js"
};
static const unsigned char dialog_js[] = {
#embed "console/dialog.js"
};
static const unsigned char docs_js[] = {
#embed "console/docs.js"
};
static const unsigned char editing_js[] = {
#embed "console/editing.js"
};
static const unsigned char elements_js[] = {
#embed "console/elements.js"
};
static const unsigned char exporting_js[] = {
#embed "console/exporting.js"
};
static const unsigned char feed_js[] = {
#embed "console/feed.js"
};
static const unsigned char filters_js[] = {
#embed "console/filters.js"
};
static const unsigned char history_js[] = {
#embed "console/history.js"
};
static const unsigned char icon_svg[] = {
#embed "console/icon.svg"
};
static const unsigned char import_errors_js[] = {
#embed "console/import-errors.js"
};
static const unsigned char import_report_js[] = {
#embed "console/import-report.js"
};
static const unsigned char import_source_js[] = {
#embed "console/import-source.js"
};
static const unsigned char importing_js[] = {
#embed "console/importing.js"
};
static const unsigned char index_html[] = {
#embed "console/index.html"
};
static const unsigned char keyboard_js[] = {
#embed "console/keyboard.js"
};
static const unsigned char listing_js[] = {
#embed "console/listing.js"
};
static const unsigned char members_js[] = {
#embed "console/members.js"
};
static const unsigned char menu_js[] = {
#embed "console/menu.js"
};
static const unsigned char messages_js[] = {
#embed "console/messages.js"
};
static const unsigned char notices_js[] = {
#embed "console/notices.js"
};
static const unsigned char number_js[] = {
#embed "console/number.js"
};
static const unsigned char numbers_js[] = {
#embed "console/numbers.js"
};
static const unsigned char password_js[] = {
#embed "console/password.js"
};
static const unsigned char pasting_js[] = {
#embed "console/pasting.js"
};
static const unsigned char preferences_js[] = {
#embed "console/preferences.js"
};
static const unsigned char preview_js[] = {
#embed "console/preview.js"
};
static const unsigned char prices_js[] = {
#embed "console/prices.js"
};
static const unsigned char rows_js[] = {
#embed "console/rows.js"
};
static const unsigned char selection_bar_js[] = {
#embed "console/selection-bar.js"
};
static const unsigned char selection_js[] = {
#embed "console/selection.js"
};
static const unsigned char session_js[] = {
#embed "console/session.js"
};
static const unsigned char sign_in_js[] = {
#embed "console/sign-in.js"
};
static const unsigned char table_js[] = {
#embed "console/table.js"
};
static const unsigned char undo_js[] = {
#embed "console/undo.js"
};
static const unsigned char users_js[] = {
#embed "console/users.js"
};

#define RESOURCE(name, content) {name, content, sizeof content}

static const struct Resource all[] = {
    RESOURCE("openapi.json", openapi_json),
    RESOURCE("problem.html", problem_html),
    RESOURCE("problems.json", problems_json),
    RESOURCE("actions.js", actions_js),
    RESOURCE("address.js", address_js),
    RESOURCE("adjustments.js", adjustments_js),
    RESOURCE("api.js", api_js),
    RESOURCE("app.js", app_js),
    RESOURCE("bulk.js", bulk_js),
    RESOURCE("cells.js", cells_js),
    RESOURCE("changes.js", changes_js),
    RESOURCE("clipboard.js", clipboard_js),
    RESOURCE("console.css", console_css),
    RESOURCE("controls.js", controls_js),
    RESOURCE("currencies.js", currencies_js),
    RESOURCE("currency-filter.js", currency_filter_js),
    RESOURCE("dialog.js", dialog_js),
    RESOURCE("docs.js", docs_js),
    RESOURCE("editing.js", editing_js),
    RESOURCE("elements.js", elements_js),
    RESOURCE("exporting.js", exporting_js),
    RESOURCE("feed.js", feed_js),
    RESOURCE("filters.js", filters_js),
    RESOURCE("history.js", history_js),
    RESOURCE("icon.svg", icon_svg),
    RESOURCE("import-errors.js", import_errors_js),
    RESOURCE("import-report.js", import_report_js),
    RESOURCE("import-source.js", import_source_js),
    RESOURCE("importing.js", importing_js),
    RESOURCE("index.html", index_html),
    RESOURCE("keyboard.js", keyboard_js),
    RESOURCE("listing.js", listing_js),
    RESOURCE("members.js", members_js),
    RESOURCE("menu.js", menu_js),
    RESOURCE("messages.js", messages_js),
    RESOURCE("notices.js", notices_js),
    RESOURCE("number.js", number_js),
    RESOURCE("numbers.js", numbers_js),
    RESOURCE("password.js", password_js),
    RESOURCE("pasting.js", pasting_js),
    RESOURCE("preferences.js", preferences_js),
    RESOURCE("preview.js", preview_js),
    RESOURCE("prices.js", prices_js),
    RESOURCE("rows.js", rows_js),
    RESOURCE("selection-bar.js", selection_bar_js),
    RESOURCE("selection.js", selection_js),
    RESOURCE("session.js", session_js),
    RESOURCE("sign-in.js", sign_in_js),
    RESOURCE("table.js", table_js),
    RESOURCE("undo.js", undo_js),
    RESOURCE("users.js", users_js),
};

static const unsigned char common_passwords_txt[] = {
#embed "common-passwords.txt"
};

struct Resource commonPasswords(void) {
    return (struct Resource)RESOURCE("common-passwords.txt", common_passwords_txt);
}
const struct Resource *resources(void) { return all; }
size_t resourceCount(void) { return sizeof all / sizeof *all; }
