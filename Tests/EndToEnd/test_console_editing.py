"""Creating, editing and deleting one number in the console, and taking it back."""

import re

import pytest
from console import cell, change, fill, keys_of, notice, number, numbers_of, opening, row
from playwright.sync_api import expect
from program import GOOD, until

IS_IN_SIGHT = """it => {
    const { x, y, width, height } = it.getBoundingClientRect();
    return it.contains(document.elementFromPoint(x + width / 2, y + height - 3));
}"""


def edit_price(page, place, price):
    """Changes the first number's monthly price in its cell, or in the dialog, once it is read there."""
    with opening(page, 1):
        if place == "cell": cell(page, 0, "monthyPrice").dblclick()
        else: edit(page, 0)
    page.locator("input.cell" if place == "cell" else "#monthyPrice").fill(price)


def edit(page, index):
    row(page, index).hover()
    row(page, index).get_by_role("button", name="Edit").click()
    expect(page.locator("#number-dialog")).to_be_visible()


def changes_of(server, id):
    answer = server.supervisor.get(f"{server.address}/api/v1/numbers/{id}/changes")
    return int(answer.headers["X-Total-Count"])


def delete(page, index):
    row(page, index).hover()
    row(page, index).get_by_role("button", name="Delete").click()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def test_creating(supervisor):
    page, server = supervisor.page, supervisor.server
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
    save(page)
    expect(notice(page)).to_contain_text("+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#number-dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="New number")).to_be_focused()
    assert numbers_of(server) == 801
    supervisor.check()
    # It is on the last page; the notice leads to it.
    notice(page).get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name="+55 84 91234-4321")).to_be_focused()


def test_a_number_that_is_there_already(supervisor):
    page, server = supervisor.page, supervisor.server
    there = number(server, 7)
    page.get_by_role("button", name="New number").click()
    fill(page, **{**GOOD, "value": there["value"]})
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("is already in the inventory as id 7")
    supervisor.check()
    with supervisor.context.expect_page() as opened:
        page.get_by_role("link", name="Show the number that is there").click()
    expect(opened.value.get_by_role("heading", name=there["value"])).to_be_visible()
    assert opened.value.url.endswith("/numbers/7")
    # The form is as it was.
    expect(page.locator("#value")).to_have_value(there["value"])
    expect(page.locator("#setupPrice")).to_have_value("3.40")


def test_saving_and_adding_another(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    page.get_by_role("button", name="Save and add another").click()
    expect(page.locator("#number-told")).to_have_text("+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#value")).to_be_focused()
    expect(page.locator("#value")).to_have_value("")
    expect(page.locator("#setupPrice")).to_have_value("3.40")
    fill(page, value="+55 84 91234-4322")
    page.keyboard.press("Enter")
    expect(page.locator("#number-dialog")).to_have_count(0)
    assert numbers_of(server) == 802
    # The currency is remembered.
    page.get_by_role("button", name="New number").click()
    expect(page.locator("#number-currency")).to_have_value("U$")


def test_editing_and_deleting_by_keyboard(supervisor):
    page, server = supervisor.page, supervisor.server
    value = number(server, 1)["value"]
    second = number(server, 2)["value"]
    page.keyboard.press("t")
    page.keyboard.press("e")
    expect(page.locator("#value")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("1234.5")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text(f"{value} is saved.")
    expect(cell(page, 0, "monthyPrice")).to_have_text("1,234.50")
    expect(row(page, 0).get_by_role("link")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text(f"{value} is deleted.")
    assert numbers_of(server) == 799
    # On the row that has come to its place.
    expect(row(page, 0).get_by_role("button", name=f"Delete {second}")).to_be_focused()
    # Nothing is lost: the same number is back.
    page.keyboard.press("Control+z")
    expect(notice(page)).to_contain_text("Undone.")
    expect(row(page, 0).get_by_role("link", name=value)).to_be_visible()
    assert numbers_of(server) == 800
    notice(page).get_by_role("button", name="Redo").click()
    expect(notice(page)).to_contain_text("Done again.")
    expect(page.locator("#range")).to_have_text("1–25 of 799")


def test_undoing_what_has_moved_on(supervisor):
    page, server = supervisor.page, supervisor.server
    edit(page, 0)
    fill(page, setupPrice="5.55")
    save(page)
    expect(notice(page)).to_contain_text("is saved.")
    change(server, 1, setupPrice="6.66")
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("1 number has moved on since")
    supervisor.check()
    notice(page).get_by_role("link", name="See the change").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_visible()
    assert number(server, 1)["setupPrice"] == "6.66"


def test_feedback_is_in_sight(supervisor):
    page = supervisor.page
    row(page, 23).scroll_into_view_if_needed()
    edit(page, 23)
    fill(page, setupPrice="5.55")
    save(page)
    expect(notice(page)).to_contain_text("is saved.")
    expect(notice(page)).to_be_in_viewport()


def test_deleting_what_has_changed(supervisor):
    page, server = supervisor.page, supervisor.server
    expect(page.locator("#rows tr")).to_have_count(25)
    page.route("**/api/v1/numbers?*", lambda route: route.abort())
    row(page, 1).get_by_role("checkbox").check()
    change(server, 2, setupPrice="77.77")
    delete(page, 1)
    expect(notice(page)).to_contain_text("has changed meanwhile and is still there.")
    # What was to be looked at is shown; now it can go.
    expect(cell(page, 1, "setupPrice")).to_have_text("77.77")
    delete(page, 1)
    expect(notice(page)).to_contain_text("is deleted.")
    assert numbers_of(server) == 799


@pytest.mark.parametrize("choice", ["Take theirs", "Apply mine again", "Enter"])
def test_two_supervisors_at_once(visit, supervisor, choice):
    server = supervisor.server
    other = visit(server)
    other.sign_in()
    for visitor in (supervisor, other):
        with opening(visitor.page, 1): edit(visitor.page, 0)
        expect(visitor.page.locator("#setupPrice")).not_to_have_value("")
    fill(other.page, setupPrice="8.88")
    save(other.page)
    expect(other.page.locator("#number-dialog")).to_have_count(0)
    page = supervisor.page
    fill(page, setupPrice="9.99")
    save(page)
    expect(page.get_by_text("Somebody changed this number meanwhile.")).to_be_visible()
    expect(page.get_by_role("cell", name="8.88")).to_be_visible()
    # The old Save would be refused again.
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    supervisor.check()
    if choice == "Enter":
        page.locator("#setupPrice").focus()
        page.keyboard.press("Enter")
    else:
        page.get_by_role("button", name=choice).click()
    if choice == "Take theirs":
        expect(page.locator("#setupPrice")).to_have_value("8.88")
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#number-dialog")).to_have_count(0)
    final = "8.88" if choice == "Take theirs" else "9.99"
    assert number(server, 1)["setupPrice"] == final


def test_what_was_typed_is_not_lost(supervisor):
    page = supervisor.page
    page.get_by_role("button", name="New number").click()
    # Nothing was typed: nothing to say.
    page.keyboard.press("Escape")
    expect(page.locator("#number-dialog")).to_have_count(0)
    expect(page.locator(".notice")).to_have_count(0)
    page.get_by_role("button", name="New number").click()
    fill(page, value="+55 84 9", setupPrice="3")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("What you typed was not saved.")
    supervisor.check()
    notice(page).get_by_role("button", name="Bring it back").click()
    expect(page.locator("#value")).to_have_value("+55 84 9")
    expect(page.locator("#setupPrice")).to_have_value("3")


def test_late_answers_find_nobody(distant):
    """A slow server's answer about one number does nothing to another's dialog."""
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    expect(page.locator("#rows tr")).to_have_count(25)
    first, second = number(server, 1), number(server, 2)
    wire.delay = 60
    # The dialog is there at once, with what the table knows.
    edit(page, 0)
    expect(page.locator("#value")).to_have_value(first["value"])
    page.keyboard.press("Escape")
    edit(page, 1)
    fill(page, setupPrice="4.44")
    with opening(page, 2): wire.delay = 0
    page.wait_for_timeout(1000)
    expect(page.locator("#value")).to_have_value(second["value"])
    expect(page.locator("#setupPrice")).to_have_value("4.44")
    # A bad value is sent and left; its faults are not shown to who edits the next.
    wire.delay = 60
    fill(page, setupPrice="-1")
    save(page)
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("You did not wait for the answer")
    edit(page, 2)
    with opening(page, 3): wire.delay = 0
    page.wait_for_timeout(1000)
    expect(page.locator("#number-dialog")).to_be_visible()
    expect(page.locator("#setupPrice-fault")).to_be_empty()
    visitor.check()


def test_what_somebody_else_changed_meanwhile_is_not_taken_back(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    expect(page.locator("#rows tr")).to_have_count(25)
    wire.delay = 1
    change(server, 1, setupPrice="7.77")
    edit(page, 0)
    fill(page, monthyPrice="0.99")
    # Before it is read what is there now.
    save(page)
    expect(notice(page)).to_contain_text("is saved.")
    assert {name: number(server, 1)[name] for name in ("monthyPrice", "setupPrice")} == {
        "monthyPrice": "0.99", "setupPrice": "7.77"}
    # Where both changed the same it is asked for; applied again, mine leaves theirs where it says nothing.
    edit(page, 1)
    fill(page, monthyPrice="0.98")
    change(server, 2, monthyPrice="0.11", setupPrice="8.88")
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("Somebody changed this number meanwhile.")
    assert number(server, 2)["monthyPrice"] == "0.11"
    page.locator("#monthyPrice").press("Enter")
    expect(page.locator("#number-dialog")).to_have_count(0)
    assert {name: number(server, 2)[name] for name in ("monthyPrice", "setupPrice")} == {
        "monthyPrice": "0.98", "setupPrice": "8.88"}


def test_a_server_that_goes_away_loses_nothing(distant):
    visitor, wire = distant
    page = visitor.page
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    wire.cut()
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("The server cannot be reached.")
    visitor.check()
    wire.mend()
    save(page)
    expect(notice(page)).to_contain_text("is in the inventory.")


def test_editing_in_the_table(supervisor):
    page, server = supervisor.page, supervisor.server
    before = number(server, 1)
    price = cell(page, 0, "monthyPrice")
    price.dblclick()
    expect(page.locator("input.cell")).to_be_focused()
    supervisor.check()
    page.keyboard.type("7.25")
    page.keyboard.press("Escape")
    expect(price).to_be_focused()
    assert number(server, 1) == before
    page.keyboard.press("Enter")
    page.keyboard.type("7.25")
    # On to the next cell, and the next.
    page.keyboard.press("Tab")
    expect(page.locator("input.cell")).to_have_attribute("aria-label", f"Setup price of {before['value']}")
    page.keyboard.type(" 8.5 ")
    page.keyboard.press("Tab")
    expect(page.locator("input.cell")).to_have_attribute("aria-label", f"Currency of {before['value']}")
    page.keyboard.type("USD")
    page.keyboard.press("Enter")
    expect(cell(page, 0, "currency")).to_be_focused()
    expect(cell(page, 0, "currency")).to_have_text("USD")
    expect(price).to_have_text("7.25")
    expect(cell(page, 0, "setupPrice")).to_have_text("8.50")
    expect(notice(page)).to_contain_text("is saved.")
    # Each cell is written by itself.
    until(lambda: number(server, 1) == {**before, "monthyPrice": "7.25", "setupPrice": "8.50", "currency": "USD"})
    # A fault stands beside the cell, and what was typed stays in it.
    price.dblclick()
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    expect(page.locator("#cell-fault")).to_have_text("Monthly price must not be negative.")
    expect(page.locator("input.cell")).to_have_value("-3")
    supervisor.check()
    page.keyboard.press("Escape")
    expect(price).to_have_text("7.25")
    # Going elsewhere saves.
    price.dblclick()
    page.keyboard.type("1.11")
    page.get_by_role("heading", name="Numbers").click()
    expect(notice(page)).to_contain_text("is saved.")
    expect(price).to_have_text("1.11")


def test_a_conflict_in_the_table(supervisor):
    page, server = supervisor.page, supervisor.server
    price = cell(page, 0, "monthyPrice")
    with opening(page, 1): price.dblclick()
    # Another member of the number is nobody's conflict.
    change(server, 1, setupPrice="1.23")
    page.keyboard.type("4.44")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    assert number(server, 1)["monthyPrice"] == "4.44" and number(server, 1)["setupPrice"] == "1.23"
    with opening(page, 1): price.dblclick()
    change(server, 1, monthyPrice="5.55")
    page.keyboard.type("6.66")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somebody changed this number meanwhile.")).to_be_visible()
    expect(page.get_by_role("cell", name="5.55")).to_be_visible()
    supervisor.check()
    page.get_by_role("button", name="Apply mine again").click()
    expect(price).to_have_text("6.66")
    assert number(server, 1)["monthyPrice"] == "6.66"


def test_a_cell_that_is_edited_is_left_alone(supervisor):
    """What others change meanwhile does not take away what somebody types."""
    page, server = supervisor.page, supervisor.server
    cell(page, 0, "setupPrice").dblclick()
    page.locator("input.cell").fill("3.2")
    change(server, 1, monthyPrice="5.55")
    expect(cell(page, 0, "monthyPrice")).to_have_text("5.55", timeout=60_000)
    expect(page.locator("input.cell")).to_be_focused()
    expect(page.locator("input.cell")).to_have_value("3.2")


@pytest.mark.parametrize("refusal", ["a fault", "a conflict"])
@pytest.mark.parametrize("at", ["a dialog", "the search"])
def test_a_late_refusal_takes_nobodys_focus(distant, refusal, at):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    value = number(server, 1)["value"]
    price = cell(page, 0, "monthyPrice")
    with opening(page, 1): price.dblclick()
    if refusal == "a conflict": change(server, 1, monthyPrice="5.55")
    typed = "6.66" if refusal == "a conflict" else "-3"
    page.locator("input.cell").fill(typed)
    wire.delay = 60
    page.keyboard.press("Enter")
    if at == "a dialog":
        page.keyboard.press("n")
        field = page.locator("#number #value")
    else:
        page.keyboard.press("/")
        field = page.get_by_role("searchbox", name="Search")
    field.press_sequentially("55")
    wire.delay = 0
    expect(notice(page)).to_contain_text(f"{value} is not saved:")
    # Whoever types goes on.
    expect(field).to_be_focused()
    expect(field).to_have_value("55")
    expect(page.locator("dialog")).to_have_count(1 if at == "a dialog" else 0)
    expect(page.locator("input.cell")).to_have_count(0)
    visitor.check()
    if at == "a dialog":
        # A notice cannot be reached behind a dialog: the dialog says it as well.
        expect(page.locator("#number")).to_contain_text(f"{value} is not saved:")
        field.fill("")
        page.keyboard.press("Escape")
    # What was typed is not lost.
    notice(page, "is not saved:").get_by_role("button", name="Edit again").click()
    if refusal == "a conflict":
        page.get_by_role("button", name="Apply mine again").click()
        expect(notice(page)).to_contain_text("is saved.")
        assert number(server, 1)["monthyPrice"] == "6.66"
    else:
        expect(page.locator("#monthyPrice")).to_have_value("-3")


@pytest.mark.parametrize("place", ["cell", "dialog"])
def test_an_edit_whose_response_is_lost_is_saved(distant, place):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    before = changes_of(server, 1)
    edit_price(page, place, "7.25")
    wire.loses = ["PATCH"]
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    expect(cell(page, 0, "monthyPrice")).to_have_text("7.25")
    expect(page.locator("dialog, input.cell")).to_have_count(0)
    # The number cannot be read either: the console says what it knows, and Enter is safe.
    wire.loses = []
    edit_price(page, place, "8.5")
    wire.loses = ["PATCH", "GET"]
    page.keyboard.press("Enter")
    problem = page.locator("#cell-fault" if place == "cell" else "#number-problem")
    expect(problem).to_contain_text("may be saved" if place == "cell" else "This may have been done")
    visitor.check()
    assert number(server, 1)["monthyPrice"] == "8.50"
    wire.loses = []
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    expect(page.locator("dialog, input.cell")).to_have_count(0)
    assert changes_of(server, 1) == before + 2


def test_a_deletion_whose_response_is_lost_is_reported(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    value = number(server, 1)["value"]
    wire.loses = ["DELETE"]
    delete(page, 0)
    expect(notice(page)).to_contain_text(f"{value} is deleted.")
    assert numbers_of(server) == 799


@pytest.mark.parametrize("place", ["cell", "dialog"])
def test_the_first_enter_saves_after_the_server_was_away(distant, place):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    expect(page.locator("#rows tr")).to_have_count(25)
    wire.cut()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/numbers/1")):
        if place == "cell": cell(page, 0, "monthyPrice").dblclick()
        else: edit(page, 0)
    page.locator("input.cell" if place == "cell" else "#monthyPrice").fill("7.25")
    wire.mend()
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("is saved.")
    assert number(server, 1)["monthyPrice"] == "7.25"


@pytest.mark.parametrize("state", ["edited", "saved"])
def test_a_reload_asks_while_a_cell_is_edited_or_saved(distant, state):
    visitor, wire = distant
    page = visitor.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    edit_price(page, "cell", "7.25")
    if state == "saved":
        wire.delay = 60
        page.keyboard.press("Enter")
    page.evaluate("setTimeout(() => location.reload())")
    until(lambda: page.wait_for_timeout(100) or asked)
    assert asked == ["beforeunload"]
    wire.delay = 0
    page.keyboard.press("Enter" if state == "edited" else "Shift")
    expect(notice(page)).to_contain_text("is saved.")
    # Nothing is lost any more.
    page.reload()
    assert asked == ["beforeunload"]


def test_a_cell_is_saved_when_its_page_is_left(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("link", name="Numbers").click()
    edit_price(page, "cell", "7.25")
    page.go_back()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    expect(notice(page)).to_contain_text("is saved.")
    expect(page).to_have_url(re.compile("/changes$"))
    assert number(server, 1)["monthyPrice"] == "7.25"


def test_an_error_under_the_last_row_is_in_sight(supervisor):
    page = supervisor.page
    for index in (12, 24):
        cell(page, index, "monthyPrice").dblclick()
        page.keyboard.type("-3")
        page.keyboard.press("Enter")
        expect(page.locator("#cell-fault")).to_contain_text("must not be negative")
        page.wait_for_function(IS_IN_SIGHT, arg=page.locator("#cell-fault").element_handle())
        supervisor.check()
        page.keyboard.press("Escape")


def test_a_second_enter_does_not_overwrite_what_somebody_else_saved(supervisor):
    page, server = supervisor.page, supervisor.server
    edit_price(page, "dialog", "9.99")
    change(server, 1, monthyPrice="8.88")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somebody changed this number meanwhile.")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert number(server, 1)["monthyPrice"] == "8.88"
    expect(page.get_by_role("button", name="Apply mine again")).to_be_visible()


def test_a_creation_whose_response_is_lost_is_done_once(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    keys = keys_of(page)
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    wire.loses = ["POST"]
    save(page)
    expect(page.locator("#number-problem")).to_contain_text("This may have been done")
    expect(page.locator("#number-problem").get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    visitor.check()
    assert numbers_of(server) == 801
    wire.loses = []
    save(page)
    expect(notice(page)).to_contain_text("is in the inventory.")
    assert numbers_of(server) == 801
    assert keys[0] and set(keys) == {keys[0]}
    # Another number, or the same after an undo, has another key.
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("Undone.")
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    save(page)
    expect(notice(page)).to_contain_text("is in the inventory.")
    assert len(set(keys)) == 3 and numbers_of(server) == 801


SIMILAR = {"r$": "R$", "US$": "U$", "u$": "U$", "\uff35\uff04": "U$", "U\u0301$": "U$", "\u20a4": "\u00a3", "$U": "U$",
           "\u0410$": "A$"}


def test_a_currency_that_looks_like_a_known_one_is_asked_about(supervisor):
    page, server = supervisor.page, supervisor.server
    change(server, 2, currency="A$")
    dialog = page.locator("#similar-currency-dialog")
    for typed, known in SIMILAR.items():
        change(server, 1, currency="\u20ac")
        expect(cell(page, 0, "currency")).to_have_text("\u20ac")
        cell(page, 0, "currency").dblclick()
        page.locator("input.cell").fill(typed)
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text(f"It looks like {known}, which")
        # A second Enter uses none of them.
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(page.locator("#cell-fault")).to_contain_text("Choose a currency.")
        assert number(server, 1)["currency"] == "\u20ac"
        page.locator("input.cell").press("Enter")
        if typed == "r$": supervisor.check()
        dialog.get_by_role("button", name=f"Use {known}", exact=True).click()
        expect(cell(page, 0, "currency")).to_have_text(known)
        until(lambda known=known: number(server, 1)["currency"] == known)


def test_a_currency_that_looks_like_no_other_is_not_asked_about(supervisor):
    page, server = supervisor.page, supervisor.server
    for typed in ("C$", "$", "\u20bf", "USD"):
        cell(page, 0, "currency").dblclick()
        page.locator("input.cell").fill(typed)
        page.keyboard.press("Enter")
        until(lambda typed=typed: number(server, 1)["currency"] == typed)


def test_a_similar_currency_can_be_used(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("button", name="New number").click()
    fill(page, **{**GOOD, "currency": "US$"})
    save(page)
    page.get_by_role("button", name="Use US$").click()
    expect(notice(page)).to_contain_text("is in the inventory.")
    assert number(server, 801)["currency"] == "US$"
