"""Creating, editing and deleting one number in the console, and undo."""

import re

from console import change, number, prices
from playwright.sync_api import expect
from program import GOOD, NUMBERS, until


def test_errors_are_shown_until_the_number_is_created(page, demo, supervisor):
    supervisor.new_number(value="84 91234", monthyPrice="0.03", setupPrice="-1", currency="banana")
    supervisor.press("Enter")
    expect(page.locator("#value-error")).not_to_be_empty()
    expect(page.locator("#setupPrice-error")).to_have_text("Setup price must not be negative.")
    expect(page.locator("#monthyPrice-error")).to_be_empty()
    expect(page.locator("#value")).to_be_focused()
    expect(page.locator("#value")).to_have_attribute("aria-invalid", "true")
    supervisor.check()
    # The error links to the existing number, and the typed text stays.
    existing = number(demo, 7)["value"]
    supervisor.fill(value=existing, setupPrice="3.40", currency=" U$ ")
    supervisor.click("Save")
    supervisor.check(page.locator("#number-problem"), "is already in the inventory as id 7")
    with supervisor.context.expect_page() as opened:
        page.get_by_role("link", name="Show the existing number").click()
    expect(opened.value.get_by_role("heading", name=existing)).to_be_visible()
    supervisor.expect_fields(value=existing, setupPrice="3.40")
    supervisor.fill(value=f" {GOOD['value']}\t", monthyPrice=" 0.03 ")
    supervisor.click("Save", "+55 84 91234-4321 is in the inventory.")
    expect(supervisor.button("New number")).to_be_focused()
    assert demo.total() == 801
    # The new number is on the last page, and the notice offers to show it.
    supervisor.expect_notice().get_by_role("link", name="Show newest first").click()
    expect(supervisor.row(0).get_by_role("link", name="+55 84 91234-4321")).to_be_visible()
    expect(page.get_by_label("Sort by")).to_have_value("-id")


def test_save_and_add_another_keeps_prices_and_currency(page, demo, supervisor):
    supervisor.new_number(**GOOD)
    supervisor.click("Save and add another")
    expect(page.locator("#number-status")).to_have_text("+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#value")).to_be_focused()
    supervisor.expect_fields(value="", setupPrice="3.40")
    supervisor.type("+55 84 91234-4322\n")
    supervisor.expect_no_dialog()
    assert demo.total() == 802
    supervisor.new_number()
    supervisor.expect_fields(setupPrice="", currency="U$")


def test_editing_and_deleting_by_keyboard(page, demo, supervisor):
    value, second = (number(demo, id)["value"] for id in (1, 2))
    supervisor.press("t", "e")
    expect(page.locator("#value")).to_be_focused()
    supervisor.press("Tab")
    supervisor.type("1234.5\n", notice=f"{value} is saved.")
    expect(supervisor.cell(0, "monthyPrice")).to_have_text("1,234.50")
    expect(supervisor.row(0).get_by_role("link")).to_be_focused()
    supervisor.press("End", "Enter", notice=f"{value} is deleted.")
    expect(supervisor.row(0).get_by_role("button", name=f"Delete {second}")).to_be_focused()
    supervisor.press("Control+z", notice=f"Undone: {value} is back.")
    expect(supervisor.row(0).get_by_role("link", name=value)).to_be_visible()
    supervisor.undo("Redo", f"Redone: {value} is deleted.")
    supervisor.expect_range("1–25 of 799")


def test_ctrl_z_undoes_the_users_own_changes_one_by_one(page, demo, supervisor):
    first, second, third = (number(demo, id) for id in (1, 2, 3))
    supervisor.press("t", "ArrowRight")
    supervisor.type("5.55\n")
    supervisor.type("6.66\n")
    supervisor.expect_notice(f"{second['value']} is saved.")
    until(lambda: [prices(demo, id)[0] for id in (1, 2)] == ["5.55", "6.66"])
    supervisor.press_in_row(2, "Delete")
    supervisor.expect_notice(f"{third['value']} is deleted.")
    # Changes of other users stay.
    demo.add_user("ana", "supervisor")
    demo.sign_in("ana").patch(f"{NUMBERS}/4", json={"setupPrice": "9.99"})
    page.reload()
    supervisor.expect_status("799 numbers")
    for text in (f"{third['value']} is back.",
                 f"{second['value']} monthly price 6.66 → {second['monthyPrice']}.",
                 f"{first['value']} monthly price 5.55 → {first['monthyPrice']}."):
        supervisor.press("Control+z", notice=f"Undone: {text}")
    supervisor.press("Control+z", notice="You have nothing to undo.")
    supervisor.check()
    assert [number(demo, id) for id in (1, 2, 3)] == [first, second, third]
    assert prices(demo, 4)[1] == "9.99"


def test_ctrl_z_waits_for_a_save_and_skips_what_cannot_be_undone(page, network, demo, supervisor):
    before = number(demo, 1)
    supervisor.cell(0, "monthyPrice").focus()
    supervisor.type("5.55\n", notice="is saved.")
    supervisor.type("6.66\n", notice=number(demo, 2)["value"])
    demo.add_user("ana", "supervisor")
    demo.sign_in("ana").patch(f"{NUMBERS}/2", json={"monthyPrice": "7.77"})
    network.delay = 1
    supervisor.type("8.88\n")
    supervisor.press("Control+z")
    network.delay = 0
    supervisor.expect_notice("monthly price 8.88 →")
    supervisor.press("Control+z", notice=f"{number(demo, 2)['value']} (monthly price): 1 number has moved on since")
    supervisor.press("Control+z", notice="monthly price 5.55 →")
    assert number(demo, 1) == before and prices(demo, 2)[0] == "7.77"


def test_an_undo_restores_what_it_changed_unless_that_has_changed_since(page, demo, supervisor):
    before = number(demo, 24)
    supervisor.edit(23, setupPrice="5.55", currency="€")
    supervisor.click("Save", "is saved.")
    expect(supervisor.expect_notice()).to_be_in_viewport()
    change(demo, 24, monthyPrice="7.77")
    supervisor.undo()
    assert number(demo, 24) == {**before, "monthyPrice": "7.77"}
    supervisor.undo("Redo", "Redone")
    change(demo, 24, setupPrice="6.66")
    supervisor.check(supervisor.undo("Undo", f"{before['value']} (setup price): 1 number has moved on since"))
    supervisor.expect_notice().get_by_role("link", name="See the change").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_visible()
    assert prices(demo, 24) == ("7.77", "6.66")


def test_a_number_that_has_changed_is_shown_before_it_is_deleted(page, network, demo, supervisor):
    value = number(demo, 2)["value"]
    page.route("**/api/v1/numbers?*", lambda route: route.abort())
    supervisor.row(1).get_by_role("checkbox").check()
    change(demo, 2, setupPrice="77.77")
    supervisor.press_in_row(1, "Delete")
    supervisor.expect_notice("has changed in the meantime and was not deleted.")
    expect(supervisor.cell(1, "setupPrice")).to_have_text("77.77")
    # A lost response is no error, because the number is gone.
    network.loses = ["DELETE"]
    supervisor.press_in_row(1, "Delete")
    supervisor.expect_notice(f"{value} is deleted.")
    assert demo.total() == 799


def test_a_conflict_in_the_dialog_offers_both_versions(page, demo, supervisor):
    supervisor.edit(0, setupPrice="9.99")
    change(demo, 1, setupPrice="8.88")
    supervisor.press("Enter")
    expect(page.get_by_text("Another user changed this number in the meantime.")).to_be_visible()
    supervisor.check(page.get_by_role("cell", name="8.88"))
    # Save is hidden, because it would be refused again; a second Enter does not overwrite.
    expect(supervisor.button("Save")).to_be_hidden()
    supervisor.press("Enter")
    page.wait_for_timeout(500)
    supervisor.click("Use current values")
    supervisor.expect_fields(setupPrice="8.88")
    assert number(demo, 1)["setupPrice"] == "8.88"


def test_typed_text_can_be_restored_after_escape(page, supervisor):
    supervisor.new_number()
    supervisor.press("Escape")
    supervisor.expect_no_dialog()
    expect(page.locator(".notice")).to_have_count(0)
    supervisor.new_number(value="+55 84 9", setupPrice="3")
    supervisor.press("Escape", "Escape")
    supervisor.check(supervisor.expect_notice(), "What you typed was not saved.")
    supervisor.expect_notice().get_by_role("button", name="Restore").click()
    supervisor.expect_fields(value="+55 84 9", setupPrice="3")


def test_late_responses_do_not_change_the_dialog_of_another_number(page, network, demo, supervisor):
    supervisor.edit(1)
    # The errors of an abandoned dialog are not shown in the next one.
    network.delay = 60
    supervisor.fill(setupPrice="-1")
    supervisor.click("Save")
    supervisor.press("Escape", notice="You did not wait for the response")
    supervisor.edit(2)
    network.delay = 0
    page.wait_for_timeout(1000)
    expect(page.locator("#setupPrice-error")).to_be_empty()
    supervisor.check(page.locator("#number-dialog"))


def test_an_edit_does_not_undo_changes_of_other_users(page, demo, supervisor):
    page.route("**/api/v1/numbers?*", lambda route: route.abort())
    change(demo, 1, setupPrice="7.77")
    # The dialog has the values of the table, which are stale.
    supervisor.edit(0, monthyPrice="0.99")
    supervisor.click("Save", "is saved.")
    assert prices(demo, 1) == ("0.99", "7.77")
    # If both users changed a member, it is a conflict. The edit, applied again, keeps the other member.
    supervisor.edit(1, monthyPrice="0.98")
    change(demo, 2, monthyPrice="0.11", setupPrice="8.88")
    supervisor.click("Save")
    expect(page.locator("#number-problem")).to_contain_text("Another user changed this number in the meantime.")
    page.locator("#monthyPrice").press("Enter")
    supervisor.expect_no_dialog()
    assert prices(demo, 2) == ("0.98", "8.88")


def test_a_creation_whose_response_is_lost_is_done_once(page, network, demo, supervisor):
    keys = supervisor.record_keys()
    supervisor.new_number(**GOOD)
    network.loses = ["POST"]
    supervisor.click("Save")
    problem = page.locator("#number-problem")
    expect(problem).to_contain_text("The server cannot be reached.")
    expect(problem.get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    supervisor.check(problem, "This may have been done")
    network.loses = []
    supervisor.click("Save", "is in the inventory.")
    assert demo.total() == 801
    assert keys[0] and set(keys) == {keys[0]}
    # The same number, created again after an undo, has another key.
    supervisor.undo()
    supervisor.new_number(**GOOD)
    supervisor.click("Save", "is in the inventory.")
    assert len(set(keys)) == 3 and demo.total() == 801
