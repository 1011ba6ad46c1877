"""The console by keyboard alone, at 400 % (where 1280 pixels are 320) and in forced colors."""

import re

import pytest
from console import cell, fits, notice, press, row
from playwright.sync_api import expect
from program import GOOD

IS_IN_SIGHT = """it => {
    const { x, y, width, height } = it.getBoundingClientRect();
    const there = document.elementFromPoint(x + width / 2, y + height / 2);
    return Boolean(there) && (it.contains(there) || there.contains(it));
}"""


@pytest.fixture(params=[{"viewport": {"width": 320, "height": 256}}, {"forced_colors": "active"}],
                ids=["400 %", "forced colors"])
def supervisor(request, visit, demo):
    supervisor = visit(demo, **request.param)
    supervisor.sign_in()
    return supervisor


def check(supervisor):
    """Asserts that the page fits, is accessible, and has a focus."""
    assert fits(supervisor.page)
    supervisor.keeps_focus()
    supervisor.check()


def is_in_sight(page, target):
    page.wait_for_function(IS_IN_SIGHT, arg=target.element_handle(), timeout=60_000)


def reach(page, target, key="Tab"):
    """Presses a key until `target` has the focus, in sight and behind nothing."""
    expect(target).to_be_attached()
    for _ in range(60):
        if target.evaluate("it => it === document.activeElement"): break
        page.keyboard.press(key)
    expect(target).to_be_focused()
    is_in_sight(page, target)


def use(page, target, key="Tab"):
    reach(page, target, key)
    page.keyboard.press("Enter")


def use_button(page, name, key="Tab"):
    use(page, page.get_by_role("button", name=name, exact=True), key)


def expect_notice(page, text):
    """Waits for a notice in sight, and returns it."""
    expect(notice(page)).to_contain_text(text)
    expect(notice(page)).to_be_in_viewport()
    return notice(page)


def type_fields(page, *texts):
    for text in texts:
        is_in_sight(page, page.locator(":focus"))
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_numbers_are_created_edited_and_undone(page, demo, supervisor):
    use_button(page, "New number")
    expect(page.locator("#value")).to_be_focused()
    type_fields(page, GOOD["value"], "abc", "3.40", "U$")
    supervisor.check()
    use_button(page, "Save")
    expect(page.locator("#monthyPrice")).to_be_focused()
    expect(page.locator("#monthyPrice-fault")).to_be_in_viewport()
    supervisor.check()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.03\n")
    expect_notice(page, "is in the inventory.")
    assert demo.total() == 801
    check(supervisor)
    use(page, notice(page).get_by_role("button", name="Undo"))
    expect_notice(page, "Undone.")
    assert demo.total() == 800
    supervisor.keeps_focus()
    # A cell of the table.
    page.get_by_role("heading", name="Numbers").focus()
    page.keyboard.press("t")
    expect(row(page, 0).get_by_role("link")).to_be_focused()
    expect(row(page, 0).get_by_role("link")).to_be_in_viewport()
    press(page, "ArrowRight", "Enter")
    page.keyboard.type("7.77\n")
    expect_notice(page, "is saved.")
    expect(cell(page, 0, "monthyPrice")).to_have_text("7.77")
    # An earlier change, on the page of changes.
    use(page, page.get_by_role("link", name="Changes"), "Shift+Tab")
    expect(page.get_by_role("heading", name="Changes")).to_be_focused()
    use(page, page.get_by_role("button", name=re.compile("Undo change")).last)
    expect(notice(page)).to_be_in_viewport()
    check(supervisor)


def test_a_file_and_pasted_rows_are_imported(page, demo, supervisor):
    use(page, page.get_by_role("navigation").get_by_role("link", name="Import"))
    expect(page.get_by_role("heading", name="Import")).to_be_focused()
    check(supervisor)
    text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;0,03;3,40;U$\n"
    reach(page, page.locator("#file"))
    with page.expect_file_chooser() as chooser:
        # Waits until the browser leaves the choice to the test.
        page.evaluate("null")
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})
    use_button(page, "Check")
    take = page.get_by_role("button", name="Import 1 number")
    expect(take).to_be_focused()
    is_in_sight(page, take)
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_focused()
    expect(page.locator("#report")).to_be_in_viewport()
    assert demo.total() == 801
    check(supervisor)
    use(page, notice(page).get_by_role("button", name="Undo"))
    expect_notice(page, "Undone.")
    reach(page, page.locator("#pasted"), "Shift+Tab")
    page.keyboard.insert_text(text.replace("3,40", "-1"))
    use_button(page, "Check")
    expect(page.locator("#import-problem")).to_contain_text("1 fault: nothing was done.")
    reach(page, page.get_by_role("region", name="Faults"))
    check(supervisor)


def test_users_are_added_changed_and_removed(page, supervisor):
    use(page, page.get_by_role("link", name="People"))
    expect(page.get_by_role("heading", name="People")).to_be_focused()
    use_button(page, "New person")
    expect(page.get_by_label("User name")).to_be_focused()
    type_fields(page, "ana", "password")
    use_button(page, "Add")
    expect(page.locator("#new-password")).to_be_focused()
    expect(page.locator("#new-password-fault")).to_be_in_viewport()
    supervisor.check()
    page.keyboard.press("Control+a")
    page.keyboard.type("lovely-37-rivers\n")
    expect_notice(page, "ana may sign in.")
    expect(page.get_by_role("button", name="New person")).to_be_focused()
    check(supervisor)
    use_button(page, "Role of ana")
    expect(page.get_by_label("Role", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    use_button(page, "Set role")
    expect_notice(page, "ana is a supervisor now.")
    expect(page.get_by_role("button", name="Role of ana")).to_be_focused()
    use_button(page, "Sessions of ana", "Shift+Tab")
    expect(page.get_by_role("heading", name="Sessions of ana")).to_be_in_viewport()
    page.keyboard.press("Escape")
    use_button(page, "Password of ana")
    page.keyboard.type("purple-81-lanterns\n")
    expect_notice(page, "ana has a new password")
    use_button(page, "Remove ana")
    use(page, page.locator("#person").get_by_role("button", name="Remove"))
    expect_notice(page, "ana is removed.")
    expect(page.locator("tbody tr")).to_have_count(1)
    check(supervisor)
    use_button(page, "Password", "Shift+Tab")
    expect(page.get_by_label("Current password")).to_be_focused()
    supervisor.check()
