"""The console by keyboard alone, at 400 % (where 1280 pixels are 320) and in forced colors."""

import re

import pytest
from playwright.sync_api import expect
from program import GOOD


@pytest.fixture(params=[{"viewport": {"width": 320, "height": 256}}, {"forced_colors": "active"}],
                ids=["400 %", "forced colors"])
def supervisor(request, visit, demo):
    return visit(demo, **request.param).sign_in()


def check(user):
    """Asserts that the page fits, is accessible, and has a focus."""
    user.expect_fit()
    user.expect_focus()
    user.check()


def reach(user, target, key="Tab"):
    """Presses a key until `target` has the focus, in sight and behind nothing."""
    expect(target).to_be_attached()
    for _ in range(60):
        if target.evaluate("it => it === document.activeElement"): break
        user.press(key)
    expect(target).to_be_focused()
    user.expect_in_sight(target)


def use(user, target, key="Tab"):
    """Presses Enter on an element, or on the button with this name."""
    reach(user, user.button(target) if isinstance(target, str) else target, key)
    user.press("Enter")


def expect_notice(user, text):
    expect(user.expect_notice(text)).to_be_in_viewport()


def undo(user):
    """Undoes with the newest notice's button."""
    use(user, user.expect_notice().get_by_role("button", name="Undo"))
    expect_notice(user, "Undone: ")


def type_fields(user, *texts):
    """Types texts into the focused field and the next ones."""
    for text in texts:
        user.expect_in_sight(user.page.locator(":focus"))
        user.press("Control+a")
        user.page.keyboard.type(text)
        user.press("Tab")


def correct(user, field, text):
    """Waits for an error below a field, which has the focus, and types another text."""
    expect(user.page.locator(field)).to_be_focused()
    expect(user.page.locator(f"{field}-error")).to_be_in_viewport()
    user.check()
    user.press("Control+a")
    user.page.keyboard.type(text + "\n")


def test_numbers_are_created_edited_and_undone(page, supervisor):
    use(supervisor, "New number")
    expect(page.locator("#value")).to_be_focused()
    type_fields(supervisor, GOOD["value"], "abc", "3.40", "U$")
    supervisor.check()
    use(supervisor, "Save")
    correct(supervisor, "#monthyPrice", "0.03")
    expect_notice(supervisor, "is in the inventory.")
    check(supervisor)
    undo(supervisor)
    supervisor.expect_focus()
    # Edit a cell of the table.
    page.get_by_role("heading", name="Numbers").focus()
    supervisor.press("t")
    expect(page.locator("#rows tr:first-child a:focus")).to_be_in_viewport()
    supervisor.press("ArrowRight", "Enter")
    supervisor.type("7.77\n")
    expect_notice(supervisor, "is saved.")
    # Undo an earlier change on the page of changes.
    use(supervisor, page.get_by_role("link", name="Changes"), "Shift+Tab")
    expect(page.get_by_label("Number", exact=True)).to_be_focused()
    use(supervisor, page.get_by_role("button", name=re.compile("Undo change")).last)
    expect(supervisor.expect_notice()).to_be_in_viewport()
    check(supervisor)


def test_a_file_and_pasted_rows_are_imported(page, supervisor):
    use(supervisor, page.locator("#places").get_by_role("link", name="Import"))
    expect(page.get_by_role("heading", name="Import")).to_be_focused()
    check(supervisor)
    text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;0,03;3,40;U$\n"
    reach(supervisor, page.locator("#file"))
    with page.expect_file_chooser() as chooser:
        # After this, the browser leaves the choice of a file to the test.
        page.evaluate("null")
        supervisor.press("Enter")
    chooser.value.set_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})
    use(supervisor, "Check")
    use(supervisor, "Import 1 number")
    expect(page.locator("#report")).to_contain_text("1 row imported: 1 new")
    expect(page.locator("#report")).to_be_in_viewport()
    check(supervisor)
    undo(supervisor)
    reach(supervisor, page.locator("#pasted"), "Shift+Tab")
    page.keyboard.insert_text(text.replace("3,40", "-1"))
    use(supervisor, "Check")
    expect(page.locator("#import-problem")).to_contain_text("1 error: nothing was imported.")
    reach(supervisor, page.get_by_role("region", name="Errors"))
    check(supervisor)


def test_users_are_added_changed_and_removed(page, supervisor):
    use(supervisor, page.get_by_role("link", name="Users"))
    expect(page.get_by_role("heading", name="Users")).to_be_focused()
    use(supervisor, "New user")
    expect(page.get_by_label("User name")).to_be_focused()
    type_fields(supervisor, "ana", "password")
    use(supervisor, "Add")
    correct(supervisor, "#new-password", "lovely-37-rivers")
    expect_notice(supervisor, "ana can now sign in.")
    check(supervisor)
    # The page sends no role while the user is choosing.
    sent = supervisor.record_requests("/", methods=["PATCH"])
    use(supervisor, "Change role of ana")
    expect(page.get_by_label("Role", exact=True)).to_be_focused()
    supervisor.press("ArrowDown", "ArrowUp", "ArrowDown")
    page.wait_for_timeout(300)
    assert sent == []
    use(supervisor, "Change role")
    expect_notice(supervisor, "ana is now a supervisor.")
    expect(supervisor.button("Change role of ana")).to_be_focused()
    assert len(sent) == 1
    use(supervisor, "Sessions of ana", "Shift+Tab")
    expect(page.get_by_role("heading", name="Sessions of ana")).to_be_in_viewport()
    supervisor.press("Escape")
    expect(supervisor.button("Sessions of ana")).to_be_focused()
    use(supervisor, "Remove ana")
    use(supervisor, page.locator("#user").get_by_role("button", name="Remove"))
    expect_notice(supervisor, "ana was removed.")
    expect(page.locator("tbody tr")).to_have_count(1)
    check(supervisor)
    use(supervisor, page.locator("#who"), "Shift+Tab")
    use(supervisor, "Change password")
    expect(page.get_by_label("Current password")).to_be_focused()
    supervisor.check()
