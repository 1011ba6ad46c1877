"""Editing one cell of the console's table."""

import pytest
from console import change, number, prices
from playwright.sync_api import expect
from program import GOOD, NUMBERS, until

EDITORS = {"cell": "input.cell", "dialog": "#monthyPrice"}


def edit_cell(user, index, name, text):
    """Types a text into a cell, and presses Enter."""
    user.cell(index, name).dblclick()
    user.page.locator("input.cell").fill(text)
    user.press("Enter")


def edit_price(user, place, price):
    """Types the first number's monthly price into its cell or the dialog."""
    if place == "cell": user.cell(0, "monthyPrice").dblclick()
    else: user.edit(0)
    user.page.locator(EDITORS[place]).fill(price)


def test_rows_keep_their_place_while_prices_are_typed_down_a_sorted_column(page, demo, supervisor):
    page.goto("/?sort=-monthyPrice&perPage=10")
    expect(page.locator("#rows tr")).to_have_count(10)
    ids = [int(row.get_attribute("data-id")) for row in page.locator("#rows tr").all()[:3]]
    supervisor.cell(0, "monthyPrice").focus()
    for price in ("0.01", "0.02", "0.03"):
        supervisor.type(price + "\n", notice="is saved.")
    assert [number(demo, id)["monthyPrice"] for id in ids] == ["0.01", "0.02", "0.03"]
    expect(page.locator(".notice")).to_have_count(1)
    # The list is in order again when the focus leaves the table.
    page.get_by_label("Search").focus()
    expect(page.locator(f"#rows tr[data-id='{ids[0]}']")).to_have_count(0)
    # The field would join two cells to one number.
    supervisor.cell(0, "monthyPrice").dblclick()
    page.evaluate("""() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text", "12\\n345");
        const event = new ClipboardEvent("paste", { clipboardData, cancelable: true, bubbles: true });
        document.activeElement.dispatchEvent(event);
    }""")
    expect(page.locator("#cell-error")).to_contain_text("press Escape first")
    supervisor.press("Escape")


def test_cells_are_edited_and_saved_one_by_one(page, demo, supervisor):
    price, editor = supervisor.cell(0, "monthyPrice"), page.locator("input.cell")
    price.dblclick()
    expect(editor).to_be_focused()
    supervisor.check()
    supervisor.type("7.25")
    # Changes of other users leave an edited cell alone.
    change(demo, 1, setupPrice="5.55")
    before = number(demo, 1)
    expect(supervisor.cell(0, "setupPrice")).to_have_text("5.55")
    expect(page.locator("input.cell:focus")).to_have_value("7.25")
    supervisor.press("Escape")
    expect(price).to_be_focused()
    assert number(demo, 1) == before
    # Typing replaces a cell's content. Tab goes right. Enter goes down, to the column of the first Tab.
    for text, name in (("7.25", "setupPrice"), (" 8.5 ", "currency")):
        supervisor.type(text)
        supervisor.press("Tab")
        expect(supervisor.cell(0, name)).to_be_focused()
    supervisor.type("USD\n", notice="is saved.")
    expect(supervisor.cell(1, "monthyPrice")).to_be_focused()
    for name, text in (("currency", "USD"), ("monthyPrice", "7.25"), ("setupPrice", "8.50")):
        expect(supervisor.cell(0, name)).to_have_text(text)
    until(lambda: number(demo, 1) == {**before, "monthyPrice": "7.25", "setupPrice": "8.50", "currency": "USD"})
    # A text that did not change is not saved.
    sent = supervisor.record_requests(methods=["PATCH"])
    supervisor.press("Enter", "Shift+Enter")
    expect(price).to_be_focused()
    assert sent == []
    # A cell that loses the focus is saved.
    edit_price(supervisor, "cell", "1.11")
    page.get_by_role("heading", name="Numbers").click()
    supervisor.expect_notice("is saved.")
    expect(price).to_have_text("1.11")


def test_a_column_is_typed_with_one_enter_for_each_price(page, network, demo, supervisor):
    texts = ["0.11", "0.12", "0.13", "0.14", "0.15"]
    network.delay = 1
    supervisor.press("t", "ArrowRight")
    for text in texts: supervisor.type(text + "\n")
    # The focus does not wait for the server.
    expect(supervisor.cell(5, "monthyPrice")).to_be_focused()
    network.delay = 0
    until(lambda: [prices(demo, id)[0] for id in range(1, 6)] == texts)
    for index, text in enumerate(texts): expect(supervisor.cell(index, "monthyPrice")).to_have_text(text)
    expect(supervisor.cell(5, "monthyPrice")).to_be_focused()
    # The last row has no cell below.
    supervisor.cell(24, "currency").focus()
    supervisor.type("USD\n", notice="is saved.")
    expect(supervisor.cell(24, "currency")).to_be_focused()
    # The last column has no cell beside it.
    supervisor.press("F2", "Tab")
    expect(supervisor.cell(24, "currency")).to_be_focused()


def test_a_letter_in_a_cell_is_text_and_no_shortcut(page, demo, supervisor):
    for key in ("e", "x", "c", "o", "n", "t", "/", "?"):
        supervisor.cell(0, "currency").focus()
        supervisor.press(key)
        expect(page.locator("input.cell:focus")).to_have_value(key)
        expect(page.locator("dialog, [aria-selected=true], .notice")).to_have_count(0)
        supervisor.press("Escape")
    # In a cell, Delete deletes the text, not the number.
    supervisor.press("Delete")
    expect(page.locator("input.cell:focus")).to_have_value("")
    supervisor.press("Escape", "Home", "ArrowRight", "x")
    expect(supervisor.row(0)).to_have_attribute("aria-selected", "true")
    assert demo.total() == 800


def test_an_error_is_shown_in_its_row_while_the_next_cell_is_edited(page, network, demo, supervisor):
    error = page.locator("td .error:not(:empty)")
    network.delay = 1
    supervisor.cell(12, "monthyPrice").focus()
    supervisor.type("-3\n")
    supervisor.type("4.5")
    network.delay = 0
    expect(error).to_have_text("Monthly price must not be negative.")
    expect(supervisor.cell(12, "monthyPrice").locator(".error")).to_be_visible()
    # The message covers no other cell, at any width.
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        error.evaluate("(error) => error.scrollIntoView({ block: 'center' })")
        supervisor.expect_in_sight(error)
        assert error.evaluate("""(error) => {
            const { top, bottom, left, right } = error.getBoundingClientRect();
            return [...document.querySelectorAll("#rows td")].filter((cell) => !cell.contains(error)).every((cell) => {
                const box = cell.getBoundingClientRect();
                return box.top >= bottom || box.bottom <= top || box.left >= right || box.right <= left;
            });
        }""")
    expect(page.locator("input.cell:focus")).to_have_value("4.5")
    supervisor.check()
    supervisor.press("Enter", notice="is saved.")
    expect(error).to_be_visible()
    # Enter continues with the text.
    supervisor.press("ArrowUp", "ArrowUp", "Enter")
    expect(page.locator("input.cell:focus")).to_have_value("-3")
    supervisor.press("Escape")
    expect(error).to_have_count(0)
    expect(supervisor.cell(12, "monthyPrice")).not_to_have_text("-3")
    # A text that was never saved is reported when its row is no longer shown.
    supervisor.type("-4\n")
    expect(error).to_be_visible()
    supervisor.turn("Next", "26–50 of 800")
    supervisor.expect_notice("is not saved: Monthly price must not be negative.")


def test_all_texts_that_were_not_saved_are_reported(page, demo, supervisor):
    page.set_viewport_size({"width": 1280, "height": 2000})
    supervisor.cell(0, "monthyPrice").focus()
    for _ in range(13): supervisor.type("-3\n")
    expect(page.locator("td .error:not(:empty)")).to_have_count(13)
    supervisor.turn("Next", "26–50 of 800")
    expect(page.locator(".notice")).to_have_count(10)
    for id in range(1, 14):
        expect(page.locator("#notices")).to_contain_text(f"{number(demo, id)['value']} is not saved:")


@pytest.mark.parametrize("is_done", [False, True])
def test_a_cell_without_a_response_shows_later_whether_it_was_saved(page, network, demo, supervisor, is_done):
    edit_price(supervisor, "cell", "8.5")
    if is_done: network.loses = ["PATCH", "GET"]
    else: network.cut()
    supervisor.press("Enter")
    cell = supervisor.cell(0, "monthyPrice")
    expect(cell).to_contain_text("may be saved")
    network.loses = []
    if not is_done: network.mend()
    if is_done:
        supervisor.expect_notice("is saved.")
        expect(cell).to_have_text("8.50")
    else:
        expect(cell).to_have_text("8.5Monthly price was not changed.")
        supervisor.check()
        supervisor.press("ArrowUp", "Enter")
        expect(page.locator("input.cell:focus")).to_have_value("8.5")
        supervisor.press("Enter", notice="is saved.")
    assert number(demo, 1)["monthyPrice"] == "8.50"


def test_a_number_that_was_deleted_meanwhile_leads_to_its_changes(page, demo, supervisor):
    page.route("**/api/v1/numbers?*", lambda route: route.abort())
    value = number(demo, 5)["value"]
    assert demo.supervisor.delete(f"{NUMBERS}/5").status_code == 204
    supervisor.cell(4, "monthyPrice").focus()
    supervisor.type("1.5\n", notice=f"{value} was deleted in the meantime.")


def test_an_ambiguous_price_is_not_sent(page, demo, supervisor):
    edit_cell(supervisor, 0, "monthyPrice", "1,234")
    expect(page.locator("#cell-error")).to_contain_text("Monthly price could be 1234 or 1.234")
    supervisor.expect_in_sight(page.locator("#cell-error"))
    expect(page.locator("input.cell:focus")).to_have_value("1,234")


def test_a_conflict_is_shown_in_its_row_and_opens_the_dialog(page, demo, supervisor):
    edit_price(supervisor, "cell", "4.44")
    # A change of another member is not a conflict.
    change(demo, 1, setupPrice="1.23")
    supervisor.press("Enter", notice="is saved.")
    assert prices(demo, 1) == ("4.44", "1.23")
    edit_price(supervisor, "cell", "6.66")
    change(demo, 1, monthyPrice="5.55")
    supervisor.press("Enter")
    expect(supervisor.cell(0, "monthyPrice")).to_contain_text("Monthly price has changed in the meantime.")
    expect(supervisor.cell(1, "monthyPrice")).to_be_focused()
    supervisor.press("ArrowUp", "Enter")
    expect(page.get_by_text("Another user changed this number in the meantime.")).to_be_visible()
    supervisor.check(page.get_by_role("cell", name="5.55"))
    supervisor.click("Apply my changes")
    expect(supervisor.cell(0, "monthyPrice")).to_have_text("6.66")
    assert number(demo, 1)["monthyPrice"] == "6.66"


@pytest.mark.parametrize("refusal, typed", [("an error", "-3"), ("a conflict", "6.66")])
@pytest.mark.parametrize("key, field", [("n", "#number #value"), ("/", "[type=search]")])
def test_a_late_refusal_of_a_cell_does_not_take_the_focus(page, network, demo, supervisor, refusal, typed, key, field):
    text, focus = f"{number(demo, 1)['value']} is not saved:", page.locator(f"{field}:focus")
    edit_price(supervisor, "cell", typed)
    if refusal == "a conflict": change(demo, 1, monthyPrice="5.55")
    network.delay = 60
    # In a cell, a letter is text.
    supervisor.press("Enter", "Home", key)
    expect(focus).to_be_visible()
    supervisor.type("55")
    network.delay = 0
    supervisor.expect_notice(text)
    expect(focus).to_have_value("55")
    expect(page.locator("dialog")).to_have_count(1 if key == "n" else 0)
    expect(page.locator("input.cell")).to_have_count(0)
    supervisor.check()
    if key == "n":
        # A notice behind a dialog is unreachable, so the dialog says the same.
        expect(page.locator("#number")).to_contain_text(text)
        focus.fill("")
        supervisor.press("Escape")
    supervisor.expect_notice(text).get_by_role("button", name="Edit again").click()
    supervisor.expect_fields(monthyPrice=typed)
    if refusal == "a conflict": supervisor.click("Apply my changes", "is saved.")


@pytest.mark.parametrize("place", EDITORS)
def test_an_edit_is_saved_once_despite_a_failing_network(page, network, demo, supervisor, place):
    edit_price(supervisor, place, "7.25")
    network.loses = ["PATCH"]
    supervisor.press("Enter", notice="is saved.")
    expect(supervisor.cell(0, "monthyPrice")).to_have_text("7.25")
    supervisor.expect_no_dialog()
    # If the number cannot be read either, the outcome is unknown, and a second Enter is safe.
    network.loses = []
    edit_price(supervisor, place, "8.5")
    network.loses = ["PATCH", "GET"]
    supervisor.press("Enter")
    problem = page.locator("td .error:not(:empty)" if place == "cell" else "#number-problem")
    supervisor.check(problem, "may be saved" if place == "cell" else "This may have been done")
    network.loses = []
    # The cell finds out itself that it was saved.
    if place == "dialog": supervisor.press("Enter")
    supervisor.expect_notice("is saved.")
    supervisor.expect_no_dialog()
    assert number(demo, 1)["monthyPrice"] == "8.50"
    assert len(demo.supervisor.get(f"{NUMBERS}/1/changes").json()) == 2


@pytest.mark.parametrize("state", ["edited", "saved"])
def test_a_reload_asks_while_a_cell_is_edited_or_saved(page, network, state, supervisor):
    asked = supervisor.record_dialogs()
    edit_price(supervisor, "cell", "7.25")
    if state == "saved":
        network.delay = 60
        supervisor.press("Enter")
    page.evaluate("setTimeout(() => location.reload())")
    until(lambda: page.wait_for_timeout(100) or asked)
    network.delay = 0
    if state == "edited": supervisor.press("Enter")
    supervisor.expect_notice("is saved.")
    # After saving, the browser does not ask before it leaves.
    page.reload()
    assert asked == ["beforeunload"]


def test_a_cell_is_saved_when_its_page_is_left(page, demo, supervisor):
    supervisor.open_page("Changes")
    supervisor.open_page("Numbers")
    edit_price(supervisor, "cell", "7.25")
    page.go_back()
    supervisor.expect_notice("is saved.")
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    assert number(demo, 1)["monthyPrice"] == "7.25"


# Typed texts, and the known currency that each looks like.
CURRENCIES = {"r$": "R$", "\u0410$": "A$", "\u20bf": None}


def test_a_currency_that_looks_like_a_known_one_is_questioned(page, demo, supervisor):
    change(demo, 2, currency="A$")
    dialog, currency = page.locator("#similar-currency-dialog"), supervisor.cell(0, "currency")
    for typed, known in CURRENCIES.items():
        change(demo, 1, currency="\u20ac")
        expect(currency).to_have_text("\u20ac")
        edit_cell(supervisor, 0, "currency", typed)
        if known:
            expect(dialog).to_contain_text(f"It looks like {known}, which")
            # A second Enter chooses no currency.
            supervisor.press("Enter")
            expect(currency).to_contain_text("Choose a currency.")
            assert number(demo, 1)["currency"] == "\u20ac"
            currency.dblclick()
            supervisor.press("Enter")
            if typed == "r$": supervisor.check(dialog)
            supervisor.click(f"Use {known}")
        expect(currency).to_have_text(known or typed)
        until(lambda used=known or typed: number(demo, 1)["currency"] == used)
    supervisor.new_number(**{**GOOD, "currency": "US$"})
    supervisor.click("Save")
    supervisor.click("Use US$", "is in the inventory.")
    assert number(demo, 801)["currency"] == "US$"
