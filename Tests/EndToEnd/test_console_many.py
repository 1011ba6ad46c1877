"""Bulk changes in the console: selecting, changing, deleting, and undo."""

import re

import pytest
from console import button, cell, change, enter, keys_of, notice, number, press, requests_of, row, status, turn
from playwright.sync_api import expect
from program import NUMBERS


def select(page, index, **options):
    row(page, index).get_by_role("checkbox").click(**options)


def selected(page, count):
    """Waits until so many numbers are selected."""
    expect(page.locator("#selection")).to_contain_text(f"{count} selected")


def select_all(page, button_name=None):
    page.locator("#select-all").check()
    if button_name: page.get_by_role("button", name=button_name).click()


def open_dialog(page, name):
    page.get_by_role("button", name=f"{name} …").click()
    expect(page.locator("#bulk-dialog")).to_be_visible()


def outcome(page):
    return page.locator("#bulk-outcome")


def submit(page, text, done=None):
    page.locator("#bulk").get_by_role("button", name=re.compile(text)).click()
    if done: expect(notice(page)).to_contain_text(done)


def numbers(server, query):
    return server.supervisor.get(f"{NUMBERS}?perPage=1000&{query}").json()


def test_a_selection_lasts_across_pages_and_can_be_all_but_some(page, supervisor):
    select(page, 1)
    select(page, 4, modifiers=["Shift"])
    selected(page, 4)
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(4)
    supervisor.check()
    turn(page, "Next", "26–50 of 800")
    selected(page, 4)
    select(page, 0)
    selected(page, 5)
    page.go_back()
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(4)
    page.locator("#select-all").check()
    selected(page, 26)
    page.get_by_role("button", name="Select all 800").click()
    selected(page, 800)
    expect(page.get_by_role("button", name="Change …")).to_be_focused()
    select(page, 0)
    selected(page, 799)
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(24)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(25)
    page.locator("#select-all").uncheck()
    selected(page, 774)
    page.get_by_role("button", name="Select all 800").click()
    selected(page, 800)
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("#selection")).to_be_hidden()
    supervisor.keeps_focus()
    press(page, "t", "x")
    selected(page, 1)


def test_a_deletion_that_differs_from_its_preview_is_refused(page, demo, supervisor):
    for index in range(3): select(page, index)
    ids = [int(row(page, index).get_attribute("data-id")) for index in range(3)]
    open_dialog(page, "Delete")
    expect(page.get_by_role("heading", name="Delete 3 numbers?")).to_be_visible()
    supervisor.check(outcome(page), "3 numbers selected: 3 would be deleted.")
    # Another client changes a number after the preview.
    change(demo, ids[1], setupPrice="77.77")
    submit(page, "Delete 3 numbers")
    expect(page.locator("#bulk-problem")).to_contain_text("The numbers have changed meanwhile. Nothing was done")
    supervisor.check(outcome(page), "77.77")
    assert demo.total() == 800
    submit(page, "Delete 3 numbers", "3 numbers deleted.")
    expect(page.locator("#range")).to_have_text("1–25 of 797")
    supervisor.keeps_focus()
    expect(page.locator("#selection")).to_be_hidden()
    notice(page).get_by_role("button", name="Undo").click()
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    assert number(demo, ids[1])["setupPrice"] == "77.77"


def test_numbers_that_were_deleted_meanwhile_are_skipped(page, demo, supervisor):
    for index in range(3): select(page, index)
    turn(page, "Next", "26–50 of 800")
    assert demo.supervisor.delete(NUMBERS + "/2").status_code == 204
    open_dialog(page, "Delete")
    expect(outcome(page)).to_contain_text("1 number gone already.")
    submit(page, "Delete 2 numbers", "2 numbers deleted.")
    assert demo.total() == 797


def test_a_thousand_numbers_are_deleted_in_one_request(page, demo):
    demo.carrier("seed", "--count", "300", "--add")
    page.reload()
    page.get_by_label("A page has").select_option("1000")
    expect(page.locator("#rows tr")).to_have_count(1000)
    page.locator("#select-all").check()
    open_dialog(page, "Delete")
    expect(outcome(page)).to_contain_text("1,000 would be deleted")
    writes = requests_of(page, "/", methods=["POST", "PATCH", "DELETE"])
    submit(page, "Delete 1,000 numbers", "1,000 numbers deleted.")
    assert len(writes) == 1
    expect(page.locator("#range")).to_have_text("1–100 of 100")


def test_all_matching_numbers_are_previewed_changed_and_undone(page, demo, supervisor):
    page.get_by_role("searchbox", name="Search").fill("5511")
    matching = demo.total("q=5511")
    expect(status(page)).to_have_text(f"{matching} numbers")
    before = numbers(demo, "q=5511")
    select_all(page, f"Select all {matching} that match")
    open_dialog(page, "Change")
    supervisor.check()
    page.get_by_label("Monthly price: what becomes of it").select_option("times")
    page.get_by_label("Monthly price: how much").fill("1.10")
    page.get_by_label("Monthly price: decimals").select_option("3")
    page.get_by_label("Setup price: what becomes of it").select_option("plus")
    enter(page.get_by_label("Setup price: how much"), "-1000")
    supervisor.check(outcome(page), "nothing can be done")
    assert numbers(demo, "q=5511") == before
    enter(page.get_by_label("Setup price: how much"), "abc")
    expect(page.locator("#to-setupPrice-fault")).not_to_be_empty()
    enter(page.get_by_label("Setup price: how much"), "0.5")
    supervisor.check(page.locator("#bulk-outcome ins").first)
    page.get_by_label("Setup price: how much").fill("1")
    expect(page.locator("#bulk").get_by_role("button", name="Preview")).to_be_visible()
    page.keyboard.press("Enter")
    submit(page, f"Change {matching} numbers", f"{matching} numbers changed.")
    after = numbers(demo, "q=5511")
    assert all(float(new["setupPrice"]) == float(old["setupPrice"]) + 1 for old, new in zip(before, after, strict=True))
    page.get_by_role("heading", name="Numbers").focus()
    page.keyboard.press("Control+z")
    expect(notice(page)).to_contain_text("Undone.")
    assert numbers(demo, "q=5511") == before


def test_a_cancelled_dialog_changes_nothing_and_its_late_preview_is_ignored(page, network, demo):
    for index in range(3): select(page, index)
    open_dialog(page, "Delete")
    expect(outcome(page)).to_contain_text("3 would be deleted")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(500)
    assert demo.total() == 800
    network.delay = 60
    open_dialog(page, "Delete")
    page.keyboard.press("Escape")
    select(page, 0)
    open_dialog(page, "Delete")
    network.delay = 0
    expect(outcome(page)).to_contain_text("2 would be deleted")
    page.wait_for_timeout(1500)
    expect(outcome(page)).to_contain_text("2 would be deleted")
    # If the user does not wait for the response, the outcome is unknown.
    network.delay = 60
    submit(page, "Delete 2 numbers")
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("You did not wait for the answer: it may have been done all the same.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()


@pytest.mark.parametrize("query", ["", "q=5511"])
def test_unticked_rows_are_excluded_from_all_matching_numbers(page, demo, query):
    page.goto(f"/?{query}")
    total = demo.total(query)
    expect(status(page)).to_have_text(f"{total} numbers")
    select_all(page, f"Select all {total}")
    kept = [int(row(page, index).get_attribute("data-id")) for index in (0, 3)]
    for index in (0, 3): select(page, index)
    selected(page, total - 2)
    # Delete deletes the selection, not the row with the focus.
    cell(page, 0, "currency").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name=f"Delete {total - 2} numbers?")).to_be_visible()
    submit(page, f"Delete {total - 2} numbers", f"{total - 2} numbers deleted.")
    left = numbers(demo, query)
    assert [each["id"] for each in left] == kept and demo.total() == 800 - total + 2


def test_too_many_selected_ids_are_refused(page, supervisor):
    page.route("**/api/v1/numbers?*", lambda route: route.fulfill(
        response=(found := route.fetch()), headers={**found.headers, "x-total-count": "100002"}))
    page.goto("/")
    select_all(page, "Select all 100,002")
    select(page, 0)
    open_dialog(page, "Delete")
    expect(page.locator("#bulk-problem")).to_have_text("At most 100,000 numbers can be changed at once.")
    supervisor.check()


def change_prices(page, kind="times", amount="1.1"):
    select_all(page)
    open_dialog(page, "Change")
    page.get_by_label("Monthly price: what becomes of it").select_option(kind)
    page.get_by_label("Monthly price: how much").fill(amount)


@pytest.mark.parametrize("keys", ["Enter in a field", "Enter on Preview", "a double click"])
def test_a_second_enter_or_click_applies_nothing(page, demo, keys):
    change_prices(page)
    before = number(demo, 1)
    preview = page.get_by_role("button", name="Preview")
    if keys == "a double click": preview.dblclick()
    else:
        if keys == "Enter on Preview": preview.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#bulk-outcome ins").first).to_be_visible()
        page.keyboard.press("Enter")
    expect(page.locator("#bulk-outcome ins").first).to_be_visible()
    page.wait_for_timeout(500)
    assert number(demo, 1) == before
    page.get_by_role("button", name="Change 25 numbers").press("Enter")
    expect(notice(page)).to_contain_text("25 numbers changed.")


def test_a_factor_keeps_the_decimals_that_the_price_needs(page, demo, supervisor):
    for id, price in ((1, "0.03"), (2, "0.00"), (3, "1000")): change(demo, id, monthyPrice=price)
    expect(cell(page, 2, "monthyPrice")).to_have_text("1,000.00")
    change_prices(page)
    page.keyboard.press("Enter")
    expect(outcome(page)).to_contain_text("Monthly price: 24 prices change by 10.00 %, 1 stays 0.")
    page.get_by_label("Monthly price: decimals").select_option("2")
    page.get_by_role("button", name="Preview").click()
    supervisor.check(outcome(page), "stay the same because of rounding")
    page.get_by_label("Monthly price: decimals").select_option("Decimals as needed")
    page.get_by_role("button", name="Preview").click()
    submit(page, "Change 24 numbers", "24 numbers changed.")
    assert number(demo, 1)["monthyPrice"] == "0.033"


def test_a_change_whose_response_is_lost_is_done_once(page, network, demo, supervisor):
    change(demo, 1, setupPrice="1.00")
    change_prices(page, "plus", "1")
    before = float(number(demo, 1)["monthyPrice"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change 25 numbers")).to_be_visible()
    keys = keys_of(page)
    network.loses = ["POST"]
    submit(page, "Change 25 numbers")
    problem = page.locator("#bulk-problem")
    expect(problem).to_contain_text("This may have been done")
    expect(problem.get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    supervisor.check()
    assert float(number(demo, 1)["monthyPrice"]) == before + 1
    network.loses = []
    submit(page, "Change 25 numbers", "25 numbers changed.")
    assert float(number(demo, 1)["monthyPrice"]) == before + 1
    # The same for an undo.
    network.loses = ["POST"]
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("This may have been done.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()
    assert float(number(demo, 1)["monthyPrice"]) == before
    network.loses = []
    notice(page).get_by_role("button", name="Try again").click()
    expect(notice(page)).to_contain_text("Undone.")
    assert len(set(keys)) == 2 and None not in keys


def test_a_lost_response_is_reported_when_the_dialog_closes(page, network):
    select(page, 0)
    open_dialog(page, "Delete")
    expect(page.get_by_role("button", name="Delete 1 number")).to_be_visible()
    network.loses = ["POST"]
    submit(page, "Delete 1 number")
    expect(page.locator("#bulk-problem")).to_contain_text("This may have been done")
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("This may have been done.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()


def test_a_similar_currency_is_questioned(page):
    select_all(page)
    open_dialog(page, "Change")
    enter(page.locator("#to-currency"), "US$")
    button(page, "Use U$").click()
    expect(page.locator("#to-currency")).to_have_value("U$")
    expect(outcome(page)).to_contain_text("25 numbers selected")
