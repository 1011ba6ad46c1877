"""Bulk changes in the console: selecting, changing, deleting, and undo."""

import re
from decimal import Decimal

import pytest
from console import change, enter, number
from playwright.sync_api import expect
from program import NUMBERS


def select(user, *indexes):
    for index in indexes: user.row(index).get_by_role("checkbox").click()


def expect_selected(page, count, rows=None):
    """Waits until `count` numbers are selected, of which the page shows `rows`."""
    expect(page.locator("#selection")).to_contain_text(f"{count} selected")
    if rows is not None: expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(rows)


def open_dialog(user, name):
    user.click(f"{name} …")
    expect(user.page.locator("#bulk-dialog")).to_be_visible()


def change_prices(user, kind="times", amount="1.1"):
    """Selects the whole page, and types a change of its monthly prices into the dialog."""
    user.page.locator("#select-all").check()
    open_dialog(user, "Change")
    user.page.get_by_label("Monthly price: change").select_option(kind)
    user.page.get_by_label("Monthly price: amount").fill(amount)


def submit(user, text, done=None):
    user.page.locator("#bulk").get_by_role("button", name=re.compile(text)).click()
    if done: user.expect_notice(done)


def numbers(server, query):
    return server.supervisor.get(f"{NUMBERS}?perPage=1000&{query}").json()


def test_a_selection_lasts_across_pages_and_can_be_all_but_some(page, supervisor):
    select(supervisor, 1)
    supervisor.row(4).get_by_role("checkbox").click(modifiers=["Shift"])
    expect_selected(page, 4, rows=4)
    supervisor.check()
    supervisor.turn("Next", "26–50 of 800")
    expect_selected(page, 4, rows=0)
    select(supervisor, 0)
    expect_selected(page, 5)
    page.go_back()
    expect_selected(page, 5, rows=4)
    page.locator("#select-all").check()
    expect_selected(page, 26, rows=25)
    supervisor.click("Select all 800")
    expect_selected(page, 800)
    expect(supervisor.button("Change …")).to_be_focused()
    select(supervisor, 0)
    expect_selected(page, 799, rows=24)
    supervisor.turn("Next", "26–50 of 800")
    expect_selected(page, 799, rows=25)
    page.locator("#select-all").uncheck()
    expect_selected(page, 774)
    supervisor.click("Clear selection")
    expect(page.locator("#selection")).to_be_hidden()
    supervisor.expect_focus()
    supervisor.press("t", "x")
    expect_selected(page, 1)


def test_a_deletion_that_differs_from_its_preview_is_refused(page, demo, supervisor):
    select(supervisor, 0, 1, 2, 3)
    ids = [int(supervisor.row(index).get_attribute("data-id")) for index in range(4)]
    # Numbers that were deleted before the preview are skipped, also if the page does not show them.
    supervisor.turn("Next", "26–50 of 800")
    assert demo.supervisor.delete(f"{NUMBERS}/{ids[3]}").status_code == 204
    open_dialog(supervisor, "Delete")
    expect(page.locator("#bulk-outcome")).to_contain_text("1 number already deleted.")
    supervisor.check(page.locator("#bulk-outcome"), "3 numbers selected: 3 would be deleted.")
    # Another client changes a number after the preview.
    change(demo, ids[1], setupPrice="77.77")
    submit(supervisor, "Delete 3 numbers")
    expect(page.locator("#bulk-problem")).to_contain_text("The numbers have changed in the meantime. Nothing was done")
    supervisor.check(page.locator("#bulk-outcome"), "77.77")
    assert demo.total() == 799
    submit(supervisor, "Delete 3 numbers", "3 numbers deleted.")
    supervisor.expect_range("26–50 of 796")
    supervisor.expect_focus()
    expect(page.locator("#selection")).to_be_hidden()
    supervisor.undo()
    supervisor.expect_range("26–50 of 799")
    assert number(demo, ids[1])["setupPrice"] == "77.77"


def test_all_matching_numbers_are_previewed_changed_and_undone(page, demo, supervisor):
    page.get_by_role("searchbox", name="Search").fill("5511")
    before = numbers(demo, "q=5511")
    supervisor.expect_status(f"{len(before)} numbers")
    page.locator("#select-all").check()
    supervisor.click(f"Select all {len(before)} that match")
    open_dialog(supervisor, "Change")
    supervisor.check()
    amount = page.get_by_label("Setup price: amount")
    page.get_by_label("Setup price: change").select_option("plus")
    enter(amount, "-1000")
    # Each error names its phone number.
    supervisor.check(page.locator("#bulk-outcome tbody tr").first, f"{before[0]['value']}Setup price must not be negative")
    enter(amount, "abc")
    expect(page.locator("#to-setupPrice-error")).not_to_be_empty()
    enter(amount, "0.5")
    supervisor.check(page.locator("#bulk-outcome ins").first)
    assert numbers(demo, "q=5511") == before
    amount.fill("1")
    expect(page.locator("#bulk").get_by_role("button", name="Preview")).to_be_visible()
    supervisor.press("Enter")
    submit(supervisor, f"Change {len(before)} numbers", f"{len(before)} numbers changed.")
    after = numbers(demo, "q=5511")
    assert all(float(new["setupPrice"]) == float(old["setupPrice"]) + 1 for old, new in zip(before, after, strict=True))
    page.get_by_role("heading", name="Numbers").focus()
    supervisor.press("Control+z", notice="Undone: ")
    assert numbers(demo, "q=5511") == before


def test_a_cancelled_dialog_changes_nothing_and_its_late_preview_is_ignored(page, network, demo, supervisor):
    select(supervisor, 0, 1, 2)
    open_dialog(supervisor, "Delete")
    expect(page.locator("#bulk-outcome")).to_contain_text("3 would be deleted")
    supervisor.click("Cancel")
    network.delay = 60
    open_dialog(supervisor, "Delete")
    supervisor.press("Escape")
    select(supervisor, 0)
    open_dialog(supervisor, "Delete")
    network.delay = 0
    expect(page.locator("#bulk-outcome")).to_contain_text("2 would be deleted")
    page.wait_for_timeout(1500)
    expect(page.locator("#bulk-outcome")).to_contain_text("2 would be deleted")
    assert demo.total() == 800
    # If the user does not wait for the response, the outcome is unknown.
    network.delay = 60
    submit(supervisor, "Delete 2 numbers")
    supervisor.press("Escape")
    supervisor.expect_notice("You did not wait for the response: it may have been done.")


@pytest.mark.parametrize("query", ["", "q=5511"])
def test_unticked_rows_are_excluded_from_all_matching_numbers(page, demo, supervisor, query):
    page.goto(f"/?{query}")
    total = demo.total(query)
    supervisor.expect_status(f"{total} numbers")
    page.locator("#select-all").check()
    page.get_by_role("button", name=f"Select all {total}").click()
    kept = [int(supervisor.row(index).get_attribute("data-id")) for index in (0, 3)]
    select(supervisor, 0, 3)
    # Delete deletes the selection, not the row with the focus.
    supervisor.cell(0, "currency").focus()
    supervisor.press("Delete")
    expect(page.locator("#bulk-outcome")).to_contain_text("would be deleted")
    sent = supervisor.record_requests("/", methods=["POST", "PATCH", "DELETE"])
    submit(supervisor, f"Delete {total - 2} numbers", f"{total - 2} numbers deleted.")
    assert len(sent) == 1
    assert [each["id"] for each in numbers(demo, query)] == kept and demo.total() == 800 - total + 2


def test_too_many_selected_ids_are_refused(page, supervisor):
    page.route("**/api/v1/numbers?*", lambda route: route.fulfill(
        response=(found := route.fetch()), headers={**found.headers, "x-total-count": "100002"}))
    page.goto("/")
    page.locator("#select-all").check()
    supervisor.click("Select all 100,002")
    select(supervisor, 0)
    open_dialog(supervisor, "Delete")
    expect(page.locator("#bulk-problem")).to_have_text("At most 100,000 numbers can be changed at once.")
    supervisor.check()


@pytest.mark.parametrize("action", ["Enter in a field", "Enter on Preview", "a double click"])
def test_a_second_enter_or_click_applies_nothing(page, demo, supervisor, action):
    change_prices(supervisor)
    before = number(demo, 1)
    preview, previewed = supervisor.button("Preview"), page.locator("#bulk-outcome ins").first
    if action == "a double click": preview.dblclick()
    else:
        if action == "Enter on Preview": preview.focus()
        supervisor.press("Enter")
        expect(previewed).to_be_visible()
        supervisor.press("Enter")
    expect(previewed).to_be_visible()
    page.wait_for_timeout(500)
    assert number(demo, 1) == before
    supervisor.button("Change 25 numbers").press("Enter")
    supervisor.expect_notice("25 numbers changed.")


def test_a_factor_keeps_the_decimals_that_the_price_needs(page, demo, supervisor):
    for id, price in ((1, "0.03"), (2, "0.00"), (3, "1000")): change(demo, id, monthyPrice=price)
    expect(supervisor.cell(2, "monthyPrice")).to_have_text("1,000.00")
    change_prices(supervisor)
    supervisor.press("Enter")
    expect(page.locator("#bulk-outcome")).to_contain_text(
        "Monthly price × 1.1, rounded half up to 4 decimals: 24 prices change by 10.00 %, 0.03–1,000.00 → "
        "0.033–1,100.00, 1 stays 0.")
    page.get_by_label("Monthly price: decimals").select_option("2")
    supervisor.click("Preview")
    supervisor.check(page.locator("#bulk-outcome"), "stay the same because of rounding")
    page.get_by_label("Monthly price: decimals").select_option("Decimals as needed")
    supervisor.click("Preview")
    submit(supervisor, "Change 24 numbers", "24 numbers changed.")
    assert number(demo, 1)["monthyPrice"] == "0.033"


def test_all_prices_of_a_currency_are_raised_by_typing_a_percentage(page, demo, supervisor):
    page.goto("/?currency=U%24")
    before = numbers(demo, "currency=U$")
    supervisor.expect_status(f"{len(before)} numbers")
    page.locator("#select-all").check()
    supervisor.click(f"Select all {len(before)} that match")
    open_dialog(supervisor, "Change")
    monthly = page.get_by_label("Monthly price: amount")
    expect(monthly).to_be_focused()
    supervisor.press("Enter")
    supervisor.check(page.locator("#bulk-problem"), "Choose what to change.")
    monthly.focus()
    supervisor.type("+10%")
    expect(page.get_by_label("Monthly price: change")).to_have_value("percent")
    supervisor.press("Enter")
    outcome = page.locator("#bulk-outcome")
    supervisor.check(outcome, f"Monthly price × 1.1, rounded half up to 4 decimals: {len(before)} prices change")
    raised = sorted(Decimal(each["monthyPrice"]) * Decimal("1.1") for each in before)
    expect(outcome.locator("p ins")).to_have_text(f"{raised[0].normalize()}–{raised[-1].normalize()}")
    supervisor.press("Control+Enter", notice=f"{len(before)} numbers changed.")
    assert all(abs(float(new["monthyPrice"]) - 1.1 * float(old["monthyPrice"])) < 0.0001
               for old, new in zip(before, numbers(demo, "currency=U$"), strict=True))


def test_the_kind_of_a_change_is_typed_or_chosen(visit, demo):
    german = visit(demo, locale="de-DE").sign_in()
    page = german.page
    change(demo, 1, monthyPrice="1000")
    select(german, 0)
    open_dialog(german, "Change")
    kind, amount = (page.get_by_label(f"Monthly price: {name}") for name in ("change", "amount"))
    for text, value in (("0,05", "to"), ("+0,05", "plus"), ("−5,5 %", "percent"), ("", "")):
        amount.fill(text)
        expect(kind).to_have_value(value)
    # The arrow keys move through the choices without leaving them.
    kind.focus()
    german.press("ArrowDown", "ArrowDown", "ArrowUp")
    expect(kind).to_be_focused()
    expect(kind).to_have_value("percent")
    for text, message in (("-100,5", "from -100 to 9999999"), ("1,23456", "four decimals at most"), ("1.250", "could be")):
        enter(amount, text)
        expect(page.locator("#to-monthyPrice-error")).to_contain_text(message)
    enter(amount, "−5,5")
    german.check(page.locator("#bulk-outcome"), "Monthly price × 0,945")
    submit(german, "Change 1 number", "1 number changed.")
    assert number(demo, 1)["monthyPrice"] == "945.00"


def test_a_change_whose_response_is_lost_is_done_once(page, network, demo, supervisor):
    change(demo, 1, monthyPrice="1.00")
    change_prices(supervisor, "plus", "1")
    supervisor.press("Enter")
    expect(supervisor.button("Change 25 numbers")).to_be_visible()
    keys = supervisor.record_keys()
    network.loses = ["POST"]
    submit(supervisor, "Change 25 numbers")
    problem = page.locator("#bulk-problem")
    expect(problem.get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    supervisor.check(problem, "This may have been done")
    network.loses = []
    submit(supervisor, "Change 25 numbers", "25 numbers changed.")
    assert number(demo, 1)["monthyPrice"] == "2.00"
    # An undo without a response can be tried again, too.
    network.loses = ["POST"]
    expect(supervisor.undo(text="This may have been done.").get_by_role("link", name="See changes")).to_be_visible()
    network.loses = []
    supervisor.undo("Try again")
    assert number(demo, 1)["monthyPrice"] == "1.00"
    assert len(set(keys)) == 2 and None not in keys


def test_a_lost_response_is_reported_when_the_dialog_closes(page, network, supervisor):
    select(supervisor, 0)
    open_dialog(supervisor, "Delete")
    expect(supervisor.button("Delete 1 number")).to_be_visible()
    network.loses = ["POST"]
    submit(supervisor, "Delete 1 number")
    expect(page.locator("#bulk-problem")).to_contain_text("This may have been done")
    supervisor.press("Escape")
    expect(supervisor.expect_notice("This may have been done.").get_by_role("link", name="See changes")).to_be_visible()


def test_a_similar_currency_is_questioned(page, supervisor):
    page.locator("#select-all").check()
    open_dialog(supervisor, "Change")
    enter(page.locator("#to-currency"), "US$")
    supervisor.click("Use U$")
    expect(page.locator("#to-currency")).to_have_value("U$")
    expect(page.locator("#bulk-outcome")).to_contain_text("25 numbers selected")
