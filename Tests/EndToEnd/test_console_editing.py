"""Creating, editing and deleting one number in the console, and undoing that."""

import re

import pytest
from console import (
    cell,
    change,
    delete,
    dialogs_of,
    edit,
    enter,
    fill,
    keys_of,
    new_number,
    notice,
    number,
    press,
    row,
    save,
    undo,
)
from playwright.sync_api import expect
from program import GOOD, NUMBERS, until

IS_IN_SIGHT = """it => {
    const { x, y, width, height } = it.getBoundingClientRect();
    return it.contains(document.elementFromPoint(x + width / 2, y + height - 3));
}"""


def reading(page, id):
    """Waits until the page has read number `id`, which it does when an edit begins."""
    return page.expect_response(lambda found: found.request.method == "GET" and found.url.endswith(f"/numbers/{id}"))


def edit_cell(page, index, name, text):
    cell(page, index, name).dblclick()
    page.locator("input.cell").fill(text)


def edit_price(page, place, price):
    """Types the first number's monthly price into its cell or into the dialog, once the number was read."""
    with reading(page, 1):
        if place == "cell": cell(page, 0, "monthyPrice").dblclick()
        else: edit(page, 0)
    page.locator("input.cell" if place == "cell" else "#monthyPrice").fill(price)


def changes_of(server, id):
    return int(server.supervisor.get(f"{NUMBERS}/{id}/changes").headers["X-Total-Count"])


def prices(server, id):
    return number(server, id)["monthyPrice"], number(server, id)["setupPrice"]


def test_errors_are_shown_beside_their_fields_until_the_number_is_created(page, demo, supervisor):
    page.get_by_role("button", name="New number").click()
    expect(page.get_by_role("textbox", name="Number", exact=True)).to_be_focused()
    fill(page, value="84 91234", monthyPrice="0.03", setupPrice="-1", currency="banana")
    page.keyboard.press("Enter")
    expect(page.locator("#value-fault")).not_to_be_empty()
    expect(page.locator("#setupPrice-fault")).to_have_text("Setup price must not be negative.")
    expect(page.locator("#monthyPrice-fault")).to_be_empty()
    expect(page.locator("#value")).to_be_focused()
    expect(page.locator("#value")).to_have_attribute("aria-invalid", "true")
    supervisor.check()
    fill(page, **{**GOOD, "value": f" {GOOD['value']}\t", "monthyPrice": " 0.03 ", "currency": " U$ "})
    save(page, "+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#number-dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="New number")).to_be_focused()
    assert demo.total() == 801
    supervisor.check()
    # It is on the last page, and the notice links to it.
    notice(page).get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name="+55 84 91234-4321")).to_be_focused()


def test_an_existing_number_is_linked(page, demo, supervisor):
    existing = number(demo, 7)
    new_number(page, **{**GOOD, "value": existing["value"]})
    save(page)
    supervisor.check(page.locator("#number-problem"), "is already in the inventory as id 7")
    with supervisor.context.expect_page() as opened:
        page.get_by_role("link", name="Show the number that is there").click()
    expect(opened.value.get_by_role("heading", name=existing["value"])).to_be_visible()
    assert opened.value.url.endswith("/numbers/7")
    expect(page.locator("#value")).to_have_value(existing["value"])
    expect(page.locator("#setupPrice")).to_have_value("3.40")


def test_save_and_add_another_keeps_prices_and_currency(page, demo):
    new_number(page, **GOOD)
    page.get_by_role("button", name="Save and add another").click()
    expect(page.locator("#number-told")).to_have_text("+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#value")).to_be_focused()
    expect(page.locator("#value")).to_have_value("")
    expect(page.locator("#setupPrice")).to_have_value("3.40")
    page.keyboard.type("+55 84 91234-4322\n")
    expect(page.locator("#number-dialog")).to_have_count(0)
    assert demo.total() == 802
    page.get_by_role("button", name="New number").click()
    expect(page.locator("#number-currency")).to_have_value("U$")


def test_editing_and_deleting_by_keyboard(page, demo):
    value, second = (number(demo, id)["value"] for id in (1, 2))
    press(page, "t", "e")
    expect(page.locator("#value")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("1234.5\n")
    expect(notice(page)).to_contain_text(f"{value} is saved.")
    expect(cell(page, 0, "monthyPrice")).to_have_text("1,234.50")
    expect(row(page, 0).get_by_role("link")).to_be_focused()
    press(page, "End", "Enter")
    expect(notice(page)).to_contain_text(f"{value} is deleted.")
    assert demo.total() == 799
    expect(row(page, 0).get_by_role("button", name=f"Delete {second}")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(notice(page)).to_contain_text("Undone.")
    expect(row(page, 0).get_by_role("link", name=value)).to_be_visible()
    assert demo.total() == 800
    notice(page).get_by_role("button", name="Redo").click()
    expect(notice(page)).to_contain_text("Done again.")
    expect(page.locator("#range")).to_have_text("1–25 of 799")


def test_an_undo_of_a_number_that_has_changed_since_is_refused(page, demo, supervisor):
    row(page, 23).scroll_into_view_if_needed()
    edit(page, 23, setupPrice="5.55")
    save(page, "is saved.")
    expect(notice(page)).to_be_in_viewport()
    change(demo, 24, setupPrice="6.66")
    notice(page).get_by_role("button", name="Undo").click()
    supervisor.check(notice(page), "1 number has moved on since")
    notice(page).get_by_role("link", name="See the change").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_visible()
    assert number(demo, 24)["setupPrice"] == "6.66"


def test_a_number_that_has_changed_is_shown_before_it_is_deleted(page, demo):
    page.route("**/api/v1/numbers?*", lambda route: route.abort())
    row(page, 1).get_by_role("checkbox").check()
    change(demo, 2, setupPrice="77.77")
    delete(page, 1)
    expect(notice(page)).to_contain_text("has changed meanwhile and is still there.")
    expect(cell(page, 1, "setupPrice")).to_have_text("77.77")
    delete(page, 1)
    expect(notice(page)).to_contain_text("is deleted.")
    assert demo.total() == 799


@pytest.mark.parametrize("choice", ["Take theirs", "Apply mine again", "Enter"])
def test_a_conflict_in_the_dialog_offers_both_versions(page, demo, supervisor, choice):
    with reading(page, 1): edit(page, 0)
    change(demo, 1, setupPrice="8.88")
    enter(page.locator("#setupPrice"), "9.99")
    expect(page.get_by_text("Somebody changed this number meanwhile.")).to_be_visible()
    expect(page.get_by_role("cell", name="8.88")).to_be_visible()
    # Save would be refused again, and a second Enter does not overwrite.
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert number(demo, 1)["setupPrice"] == "8.88"
    supervisor.check()
    if choice == "Enter": page.locator("#setupPrice").press("Enter")
    else: page.get_by_role("button", name=choice).click()
    if choice == "Take theirs":
        expect(page.locator("#setupPrice")).to_have_value("8.88")
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#number-dialog")).to_have_count(0)
    assert number(demo, 1)["setupPrice"] == ("8.88" if choice == "Take theirs" else "9.99")


def test_typed_text_can_be_restored_after_escape(page, supervisor):
    page.get_by_role("button", name="New number").click()
    expect(page.locator("#value")).to_be_focused()
    page.locator("#value").press("Escape")
    expect(page.locator("#number-dialog")).to_have_count(0)
    expect(page.locator(".notice")).to_have_count(0)
    new_number(page, value="+55 84 9", setupPrice="3")
    press(page, "Escape", "Escape")
    supervisor.check(notice(page), "What you typed was not saved.")
    notice(page).get_by_role("button", name="Bring it back").click()
    expect(page.locator("#value")).to_have_value("+55 84 9")
    expect(page.locator("#setupPrice")).to_have_value("3")


def test_late_responses_do_not_change_the_dialog_of_another_number(page, network, demo, supervisor):
    first, second = number(demo, 1), number(demo, 2)
    network.delay = 60
    # The dialog opens at once, with the content of the table.
    edit(page, 0)
    expect(page.locator("#value")).to_have_value(first["value"])
    page.keyboard.press("Escape")
    edit(page, 1, setupPrice="4.44")
    with reading(page, 2): network.delay = 0
    page.wait_for_timeout(1000)
    expect(page.locator("#value")).to_have_value(second["value"])
    expect(page.locator("#setupPrice")).to_have_value("4.44")
    # The errors of an abandoned dialog are not shown in the next one.
    network.delay = 60
    fill(page, setupPrice="-1")
    save(page)
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("You did not wait for the answer")
    edit(page, 2)
    with reading(page, 3): network.delay = 0
    page.wait_for_timeout(1000)
    expect(page.locator("#number-dialog")).to_be_visible()
    expect(page.locator("#setupPrice-fault")).to_be_empty()
    supervisor.check()


def test_an_edit_does_not_undo_changes_of_other_users(page, network, demo):
    network.delay = 1
    change(demo, 1, setupPrice="7.77")
    edit(page, 0, monthyPrice="0.99")
    # Before the page has read the number.
    save(page, "is saved.")
    assert prices(demo, 1) == ("0.99", "7.77")
    # If both changed the same member it is a conflict; applied again, the edit keeps the other member.
    edit(page, 1, monthyPrice="0.98")
    change(demo, 2, monthyPrice="0.11", setupPrice="8.88")
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("Somebody changed this number meanwhile.")
    assert number(demo, 2)["monthyPrice"] == "0.11"
    page.locator("#monthyPrice").press("Enter")
    expect(page.locator("#number-dialog")).to_have_count(0)
    assert prices(demo, 2) == ("0.98", "8.88")


def test_a_number_can_be_saved_again_after_the_server_was_away(page, network, supervisor):
    new_number(page, **GOOD)
    network.cut()
    save(page)
    supervisor.check(page.locator("#number-problem"), "The server cannot be reached.")
    network.mend()
    save(page, "is in the inventory.")


def test_cells_are_edited_and_saved_one_by_one(page, demo, supervisor):
    before = number(demo, 1)
    price = cell(page, 0, "monthyPrice")
    price.dblclick()
    expect(page.locator("input.cell")).to_be_focused()
    supervisor.check()
    page.keyboard.type("7.25")
    page.keyboard.press("Escape")
    expect(price).to_be_focused()
    assert number(demo, 1) == before
    page.keyboard.press("Enter")
    page.keyboard.type("7.25")
    # Tab saves and goes on to the next cell.
    page.keyboard.press("Tab")
    expect(page.locator("input.cell")).to_have_attribute("aria-label", f"Setup price of {before['value']}")
    page.keyboard.type(" 8.5 ")
    page.keyboard.press("Tab")
    expect(page.locator("input.cell")).to_have_attribute("aria-label", f"Currency of {before['value']}")
    page.keyboard.type("USD\n")
    expect(cell(page, 0, "currency")).to_be_focused()
    expect(cell(page, 0, "currency")).to_have_text("USD")
    expect(price).to_have_text("7.25")
    expect(cell(page, 0, "setupPrice")).to_have_text("8.50")
    expect(notice(page)).to_contain_text("is saved.")
    until(lambda: number(demo, 1) == {**before, "monthyPrice": "7.25", "setupPrice": "8.50", "currency": "USD"})
    # An error is shown beside the cell, which keeps the typed text.
    price.dblclick()
    page.keyboard.type("-3\n")
    expect(page.locator("#cell-fault")).to_have_text("Monthly price must not be negative.")
    expect(page.locator("input.cell")).to_have_value("-3")
    supervisor.check()
    page.keyboard.press("Escape")
    expect(price).to_have_text("7.25")
    price.dblclick()
    page.keyboard.type("1.11")
    page.get_by_role("heading", name="Numbers").click()
    expect(notice(page)).to_contain_text("is saved.")
    expect(price).to_have_text("1.11")


def test_a_conflict_in_a_cell_opens_the_dialog(page, demo, supervisor):
    price = cell(page, 0, "monthyPrice")
    with reading(page, 1): price.dblclick()
    # A change of another member is not a conflict.
    change(demo, 1, setupPrice="1.23")
    page.keyboard.type("4.44\n")
    expect(notice(page)).to_contain_text("is saved.")
    assert prices(demo, 1) == ("4.44", "1.23")
    with reading(page, 1): price.dblclick()
    change(demo, 1, monthyPrice="5.55")
    page.keyboard.type("6.66\n")
    expect(page.get_by_text("Somebody changed this number meanwhile.")).to_be_visible()
    supervisor.check(page.get_by_role("cell", name="5.55"))
    page.get_by_role("button", name="Apply mine again").click()
    expect(price).to_have_text("6.66")
    assert number(demo, 1)["monthyPrice"] == "6.66"


def test_changes_of_other_users_leave_an_edited_cell_alone(page, demo):
    edit_cell(page, 0, "setupPrice", "3.2")
    change(demo, 1, monthyPrice="5.55")
    expect(cell(page, 0, "monthyPrice")).to_have_text("5.55", timeout=60_000)
    expect(page.locator("input.cell")).to_be_focused()
    expect(page.locator("input.cell")).to_have_value("3.2")


@pytest.mark.parametrize("refusal, typed", [("an error", "-3"), ("a conflict", "6.66")])
@pytest.mark.parametrize("at, key, field", [("a dialog", "n", "#number #value"), ("the search", "/", "[type=search]")])
def test_a_late_refusal_of_a_cell_does_not_take_the_focus(page, network, demo, supervisor, refusal, typed, at, key, field):
    value, field = number(demo, 1)["value"], page.locator(field)
    edit_price(page, "cell", typed)
    if refusal == "a conflict": change(demo, 1, monthyPrice="5.55")
    network.delay = 60
    press(page, "Enter", key)
    field.press_sequentially("55")
    network.delay = 0
    expect(notice(page)).to_contain_text(f"{value} is not saved:")
    expect(field).to_be_focused()
    expect(field).to_have_value("55")
    expect(page.locator("dialog")).to_have_count(1 if at == "a dialog" else 0)
    expect(page.locator("input.cell")).to_have_count(0)
    supervisor.check()
    if at == "a dialog":
        # A notice behind a dialog is unreachable, so the dialog says the same.
        expect(page.locator("#number")).to_contain_text(f"{value} is not saved:")
        field.fill("")
        page.keyboard.press("Escape")
    notice(page, "is not saved:").get_by_role("button", name="Edit again").click()
    if refusal == "a conflict":
        page.get_by_role("button", name="Apply mine again").click()
        expect(notice(page)).to_contain_text("is saved.")
        assert number(demo, 1)["monthyPrice"] == "6.66"
    else:
        expect(page.locator("#monthyPrice")).to_have_value("-3")


@pytest.mark.parametrize("place", ["cell", "dialog"])
def test_an_edit_whose_response_is_lost_is_saved(page, network, demo, supervisor, place):
    before = changes_of(demo, 1)
    edit_price(page, place, "7.25")
    network.loses = ["PATCH"]
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    expect(cell(page, 0, "monthyPrice")).to_have_text("7.25")
    expect(page.locator("dialog, input.cell")).to_have_count(0)
    # If the number cannot be read either, the outcome is unknown, and Enter is safe.
    network.loses = []
    edit_price(page, place, "8.5")
    network.loses = ["PATCH", "GET"]
    page.keyboard.press("Enter")
    problem = page.locator("#cell-fault" if place == "cell" else "#number-problem")
    supervisor.check(problem, "may be saved" if place == "cell" else "This may have been done")
    assert number(demo, 1)["monthyPrice"] == "8.50"
    network.loses = []
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    expect(page.locator("dialog, input.cell")).to_have_count(0)
    assert changes_of(demo, 1) == before + 2


def test_a_deletion_whose_response_is_lost_is_reported(page, network, demo):
    value = number(demo, 1)["value"]
    network.loses = ["DELETE"]
    delete(page, 0)
    expect(notice(page)).to_contain_text(f"{value} is deleted.")
    assert demo.total() == 799


@pytest.mark.parametrize("place", ["cell", "dialog"])
def test_the_first_enter_saves_after_the_server_was_away(page, network, demo, place):
    network.cut()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/numbers/1")):
        if place == "cell": cell(page, 0, "monthyPrice").dblclick()
        else: edit(page, 0)
    page.locator("input.cell" if place == "cell" else "#monthyPrice").fill("7.25")
    network.mend()
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    assert number(demo, 1)["monthyPrice"] == "7.25"


@pytest.mark.parametrize("state", ["edited", "saved"])
def test_a_reload_asks_while_a_cell_is_edited_or_saved(page, network, state):
    asked = dialogs_of(page)
    edit_price(page, "cell", "7.25")
    if state == "saved":
        network.delay = 60
        page.keyboard.press("Enter")
    page.evaluate("setTimeout(() => location.reload())")
    until(lambda: page.wait_for_timeout(100) or asked)
    assert asked == ["beforeunload"]
    network.delay = 0
    page.keyboard.press("Enter" if state == "edited" else "Shift")
    expect(notice(page)).to_contain_text("is saved.")
    # After saving, it does not ask.
    page.reload()
    assert asked == ["beforeunload"]


def test_a_cell_is_saved_when_its_page_is_left(page, demo):
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("link", name="Numbers").click()
    edit_price(page, "cell", "7.25")
    page.go_back()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    expect(notice(page)).to_contain_text("is saved.")
    expect(page).to_have_url(re.compile("/changes$"))
    assert number(demo, 1)["monthyPrice"] == "7.25"


def test_an_error_under_the_last_row_is_in_sight(page, supervisor):
    for index in (12, 24):
        edit_cell(page, index, "monthyPrice", "-3")
        page.keyboard.press("Enter")
        expect(page.locator("#cell-fault")).to_contain_text("must not be negative")
        page.wait_for_function(IS_IN_SIGHT, arg=page.locator("#cell-fault").element_handle())
        supervisor.check()
        page.keyboard.press("Escape")


def test_a_creation_whose_response_is_lost_is_done_once(page, network, demo, supervisor):
    keys = keys_of(page)
    new_number(page, **GOOD)
    network.loses = ["POST"]
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("This may have been done")
    expect(page.locator("#number-problem").get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    supervisor.check()
    assert demo.total() == 801
    network.loses = []
    save(page, "is in the inventory.")
    assert demo.total() == 801
    assert keys[0] and set(keys) == {keys[0]}
    # The same number after an undo has another key.
    undo(page)
    new_number(page, **GOOD)
    save(page, "is in the inventory.")
    assert len(set(keys)) == 3 and demo.total() == 801


SIMILAR = {"r$": "R$", "US$": "U$", "u$": "U$", "\uff35\uff04": "U$", "U\u0301$": "U$", "\u20a4": "\u00a3", "$U": "U$",
           "\u0410$": "A$"}


def test_a_currency_that_looks_like_a_known_one_is_questioned(page, demo, supervisor):
    change(demo, 2, currency="A$")
    dialog = page.locator("#similar-currency-dialog")
    for typed, known in SIMILAR.items():
        change(demo, 1, currency="\u20ac")
        expect(cell(page, 0, "currency")).to_have_text("\u20ac")
        edit_cell(page, 0, "currency", typed)
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text(f"It looks like {known}, which")
        # A second Enter chooses none.
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(page.locator("#cell-fault")).to_contain_text("Choose a currency.")
        assert number(demo, 1)["currency"] == "\u20ac"
        page.locator("input.cell").press("Enter")
        if typed == "r$": supervisor.check()
        dialog.get_by_role("button", name=f"Use {known}", exact=True).click()
        expect(cell(page, 0, "currency")).to_have_text(known)
        until(lambda known=known: number(demo, 1)["currency"] == known)


def test_other_currencies_are_used_without_a_question_and_similar_ones_after_it(page, demo):
    for typed in ("C$", "$", "\u20bf", "USD"):
        edit_cell(page, 0, "currency", typed)
        page.keyboard.press("Enter")
        until(lambda typed=typed: number(demo, 1)["currency"] == typed)
    new_number(page, **{**GOOD, "currency": "US$"})
    save(page)
    page.get_by_role("button", name="Use US$").click()
    expect(notice(page)).to_contain_text("is in the inventory.")
    assert number(demo, 801)["currency"] == "US$"
