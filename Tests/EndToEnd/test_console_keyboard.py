"""The console by keyboard alone, at 400 % (1280 pixels are 320 then) and in forced colours."""

import re

import pytest
from console import fits, notice, number, numbers_of
from playwright.sync_api import expect
from program import GOOD

PASSWORD = "lovely-37-rivers"

IS_IN_SIGHT = """it => {
    const { x, y, width, height } = it.getBoundingClientRect();
    const there = document.elementFromPoint(x + width / 2, y + height / 2);
    return Boolean(there) && (it.contains(there) || there.contains(it));
}"""


@pytest.fixture(params=[{"viewport": {"width": 320, "height": 256}}, {"forced_colors": "active"}],
                ids=["400 %", "forced colours"])
def keyboard(request, visit, start):
    """A supervisor who has no mouse."""
    visitor = visit(start("--demo"), **request.param)
    visitor.sign_in()
    expect(visitor.page.locator("#rows tr")).to_have_count(25)
    return visitor


def is_in_sight(page, target):
    """A page that is still being drawn has a moment."""
    page.wait_for_function(IS_IN_SIGHT, arg=target.element_handle(), timeout=60_000)


def reach(page, target, key="Tab"):
    """Goes on until `target` has the focus, in sight and behind nothing."""
    expect(target).to_be_attached()
    for _ in range(60):
        if target.evaluate("it => it === document.activeElement"): break
        page.keyboard.press(key)
    expect(target).to_be_focused()
    is_in_sight(page, target)


def press(page, target, key="Tab"):
    reach(page, target, key)
    page.keyboard.press("Enter")


def type_fields(page, *texts):
    for text in texts:
        is_in_sight(page, page.locator(":focus"))
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_creating_and_undoing(keyboard):
    page, server = keyboard.page, keyboard.server
    press(page, page.get_by_role("button", name="New number"))
    expect(page.locator("#value")).to_be_focused()
    type_fields(page, GOOD["value"], "abc", "3.40", "U$")
    keyboard.check()
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("#monthyPrice")).to_be_focused()
    expect(page.locator("#monthyPrice-fault")).to_be_in_viewport()
    keyboard.check()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.03")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is in the inventory.")
    expect(notice(page)).to_be_in_viewport()
    assert fits(page) and numbers_of(server) == 801
    keyboard.check()
    press(page, notice(page).get_by_role("button", name="Undo"))
    expect(notice(page)).to_contain_text("Undone.")
    assert numbers_of(server) == 800
    keyboard.keeps_focus()
    press(page, notice(page).get_by_role("button", name="Redo"))
    expect(notice(page)).to_contain_text("Done again.")
    assert numbers_of(server) == 801
    # What the table deletes comes back by a key.
    page.keyboard.press("t")
    page.keyboard.press("Delete")
    expect(notice(page)).to_contain_text("is deleted.")
    assert numbers_of(server) == 800
    page.keyboard.press("Control+z")
    expect(notice(page)).to_contain_text("Undone.")
    assert numbers_of(server) == 801 and number(server, 1)["id"] == 1
    # And what was changed long ago by the page of changes.
    press(page, page.get_by_role("link", name="Changes"), "Shift+Tab")
    expect(page.get_by_role("heading", name="Changes")).to_be_focused()
    press(page, page.get_by_role("button", name=re.compile("Undo change")).last)
    expect(notice(page)).to_be_in_viewport()
    assert fits(page)
    keyboard.keeps_focus()
    keyboard.check()


def test_importing(keyboard):
    page, server = keyboard.page, keyboard.server
    press(page, page.get_by_role("navigation").get_by_role("link", name="Import"))
    expect(page.get_by_role("heading", name="Import")).to_be_focused()
    assert fits(page)
    keyboard.check()
    text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;0,03;3,40;U$\n"
    reach(page, page.locator("#file"))
    with page.expect_file_chooser() as chooser:
        # Only once the page has answered it is sure that it was told to leave the choice to the test.
        page.evaluate("null")
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})
    press(page, page.get_by_role("button", name="Check"))
    take = page.get_by_role("button", name="Import 1 number")
    expect(take).to_be_focused()
    is_in_sight(page, take)
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_focused()
    expect(page.locator("#report")).to_be_in_viewport()
    assert numbers_of(server) == 801
    keyboard.check()
    press(page, notice(page).get_by_role("button", name="Undo"))
    expect(notice(page)).to_contain_text("Undone.")
    assert numbers_of(server) == 800
    # Rows with a fault, and where it is.
    reach(page, page.locator("#pasted"), "Shift+Tab")
    page.keyboard.insert_text(text.replace("3,40", "-1"))
    press(page, page.get_by_role("button", name="Check"))
    expect(page.locator("#import-problem")).to_contain_text("1 fault: nothing was done.")
    reach(page, page.get_by_role("region", name="Faults"))
    assert fits(page)
    keyboard.check()


def test_people(keyboard):
    page = keyboard.page
    press(page, page.get_by_role("link", name="People"))
    expect(page.get_by_role("heading", name="People")).to_be_focused()
    press(page, page.get_by_role("button", name="New person"))
    expect(page.get_by_label("User name")).to_be_focused()
    type_fields(page, "ana", "password")
    press(page, page.get_by_role("button", name="Add"))
    expect(page.locator("#new-password")).to_be_focused()
    expect(page.locator("#new-password-fault")).to_be_in_viewport()
    keyboard.check()
    page.keyboard.press("Control+a")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("ana may sign in.")
    expect(page.get_by_role("button", name="New person")).to_be_focused()
    assert fits(page)
    keyboard.check()
    press(page, page.get_by_role("button", name="Role of ana"))
    expect(page.get_by_label("Role", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Set role"))
    expect(notice(page)).to_contain_text("ana is a supervisor now.")
    expect(page.get_by_role("button", name="Role of ana")).to_be_focused()
    press(page, page.get_by_role("button", name="Sessions of ana"), "Shift+Tab")
    expect(page.get_by_role("heading", name="Sessions of ana")).to_be_in_viewport()
    page.keyboard.press("Escape")
    press(page, page.get_by_role("button", name="Password of ana"))
    page.keyboard.type("purple-81-lanterns")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("ana has a new password")
    press(page, page.get_by_role("button", name="Remove ana"))
    press(page, page.locator("#person").get_by_role("button", name="Remove"))
    expect(notice(page)).to_contain_text("ana is removed.")
    expect(page.locator("tbody tr")).to_have_count(1)
    keyboard.keeps_focus()
    assert fits(page)
    keyboard.check()
    # One's own password.
    press(page, page.get_by_role("button", name="Password", exact=True), "Shift+Tab")
    expect(page.get_by_label("Current password")).to_be_focused()
    keyboard.check()
