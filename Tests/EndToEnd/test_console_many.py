"""Many numbers at once in the console: selecting, changing, deleting, taking it back."""

import re

import pytest
from console import cell, change, keys_of, notice, number, numbers_of, row, status
from playwright.sync_api import expect


def select(page, index, **options):
    row(page, index).get_by_role("checkbox").click(**options)


def selection(page):
    return page.locator("#selection")


def submit(page, text):
    page.locator("#bulk").get_by_role("button", name=re.compile(text)).click()


def test_selecting(supervisor):
    page = supervisor.page
    expect(page.locator("#rows tr")).to_have_count(25)
    select(page, 1)
    select(page, 4, modifiers=["Shift"])
    expect(selection(page)).to_contain_text("4 selected")
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(4)
    supervisor.check()
    # It lasts across pages and orders.
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    expect(selection(page)).to_contain_text("4 selected")
    select(page, 0)
    expect(selection(page)).to_contain_text("5 selected")
    page.go_back()
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(4)
    page.locator("#select-all").check()
    expect(selection(page)).to_contain_text("26 selected")
    page.get_by_role("button", name="Select all 800").click()
    expect(selection(page)).to_contain_text("800 selected")
    expect(page.get_by_role("button", name="Change …")).to_be_focused()
    # One out of all leaves all others.
    select(page, 0)
    expect(selection(page)).to_contain_text("799 selected")
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(24)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#rows tr[aria-selected=true]")).to_have_count(25)
    page.locator("#select-all").uncheck()
    expect(selection(page)).to_contain_text("774 selected")
    page.get_by_role("button", name="Select all 800").click()
    expect(selection(page)).to_contain_text("800 selected")
    page.get_by_role("button", name="Clear selection").click()
    expect(selection(page)).to_be_hidden()
    supervisor.keeps_focus()
    # By keyboard.
    page.keyboard.press("t")
    page.keyboard.press("x")
    expect(selection(page)).to_contain_text("1 selected")


def test_deleting_several(supervisor):
    page, server = supervisor.page, supervisor.server
    for index in range(3): select(page, index)
    ids = [int(row(page, index).get_attribute("data-id")) for index in range(3)]
    page.get_by_role("button", name="Delete …").click()
    expect(page.get_by_role("heading", name="Delete 3 numbers?")).to_be_visible()
    expect(page.locator("#bulk-outcome")).to_contain_text("3 numbers selected: 3 would be deleted.")
    supervisor.check()
    # Somebody changes one of them before it is confirmed: what was previewed is what happens, or nothing.
    change(server, ids[1], setupPrice="77.77")
    submit(page, "Delete 3 numbers")
    expect(page.locator("#bulk-problem")).to_contain_text("The numbers have changed meanwhile. Nothing was done")
    expect(page.locator("#bulk-outcome")).to_contain_text("77.77")
    supervisor.check()
    assert numbers_of(server) == 800
    # It ends: having looked at it again, one goes on.
    submit(page, "Delete 3 numbers")
    expect(notice(page)).to_contain_text("3 numbers deleted.")
    expect(page.locator("#range")).to_have_text("1–25 of 797")
    supervisor.keeps_focus()
    expect(selection(page)).to_be_hidden()
    notice(page).get_by_role("button", name="Undo").click()
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    assert number(server, ids[1])["setupPrice"] == "77.77"


def test_what_is_gone_already_is_in_nobodys_way(supervisor):
    page, server = supervisor.page, supervisor.server
    for index in range(3): select(page, index)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    assert server.supervisor.delete(server.address + "/api/v1/numbers/2").status_code == 204
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-outcome")).to_contain_text("1 number gone already.")
    submit(page, "Delete 2 numbers")
    expect(notice(page)).to_contain_text("2 numbers deleted.")
    assert numbers_of(server) == 797


def test_a_thousand_in_one_request(visit, start):
    server = start()
    server.carrier("seed", "--count", "1100")
    visitor = visit(server)
    page = visitor.sign_in()
    page.get_by_label("A page has").select_option("1000")
    expect(page.locator("#rows tr")).to_have_count(1000)
    page.locator("#select-all").check()
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-outcome")).to_contain_text("1,000 would be deleted")
    writes = []
    page.on("request", lambda request: writes.append(request.url) if request.method != "GET" else None)
    submit(page, "Delete 1,000 numbers")
    expect(notice(page)).to_contain_text("1,000 numbers deleted.")
    assert len(writes) == 1
    expect(page.locator("#range")).to_have_text("1–100 of 100")


def test_changing_all_that_match(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("searchbox", name="Search").fill("5511")
    matching = numbers_of(server, "q=5511")
    expect(status(page)).to_have_text(f"{matching} numbers")
    before = server.supervisor.get(server.address + "/api/v1/numbers?q=5511&perPage=1000").json()
    page.locator("#select-all").check()
    page.get_by_role("button", name=f"Select all {matching} that match").click()
    page.get_by_role("button", name="Change …").click()
    supervisor.check()
    page.get_by_label("Monthly price: what becomes of it").select_option("times")
    page.get_by_label("Monthly price: how much").fill("1.10")
    page.get_by_label("Monthly price: decimals").select_option("3")
    page.get_by_label("Setup price: what becomes of it").select_option("plus")
    page.get_by_label("Setup price: how much").fill("-1000")
    page.keyboard.press("Enter")
    # An error: nothing can be done.
    expect(page.locator("#bulk-outcome")).to_contain_text("nothing can be done")
    supervisor.check()
    assert server.supervisor.get(server.address + "/api/v1/numbers?q=5511&perPage=1000").json() == before
    page.get_by_label("Setup price: how much").fill("abc")
    page.keyboard.press("Enter")
    expect(page.locator("#to-setupPrice-fault")).not_to_be_empty()
    page.get_by_label("Setup price: how much").fill("0.5")
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-outcome ins").first).to_be_visible()
    supervisor.check()
    # What was typed since the preview is previewed first.
    page.get_by_label("Setup price: how much").fill("1")
    expect(page.locator("#bulk").get_by_role("button", name="Preview")).to_be_visible()
    page.keyboard.press("Enter")
    submit(page, f"Change {matching} numbers")
    expect(notice(page)).to_contain_text(f"{matching} numbers changed.")
    after = server.supervisor.get(server.address + "/api/v1/numbers?q=5511&perPage=1000").json()
    assert all(float(new["setupPrice"]) == float(old["setupPrice"]) + 1 for old, new in zip(before, after, strict=True))
    page.get_by_role("heading", name="Numbers").focus()
    page.keyboard.press("Control+z")
    expect(notice(page)).to_contain_text("Undone.")
    assert server.supervisor.get(server.address + "/api/v1/numbers?q=5511&perPage=1000").json() == before


def test_cancelling(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    for index in range(3): select(page, index)
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-outcome")).to_contain_text("3 would be deleted")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(500)
    assert numbers_of(server) == 800
    # Another opening has nothing of the one before, whose preview comes late.
    wire.delay = 60
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    select(page, 0)
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-dialog")).to_be_visible()
    wire.delay = 0
    expect(page.locator("#bulk-outcome")).to_contain_text("2 would be deleted")
    page.wait_for_timeout(1500)
    expect(page.locator("#bulk-outcome")).to_contain_text("2 would be deleted")
    # A user who does not wait for the response reads that the outcome is unknown, and where to look.
    wire.delay = 60
    submit(page, "Delete 2 numbers")
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("You did not wait for the answer: it may have been done all the same.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()


@pytest.mark.parametrize("query", ["", "q=5511"])
def test_all_but_some_are_changed(supervisor, query):
    """Unticking rows of all that match leaves the others selected, on all pages, and the action does exactly that."""
    page, server = supervisor.page, supervisor.server
    page.goto(f"/?{query}")
    total = numbers_of(server, query)
    expect(status(page)).to_have_text(f"{total} numbers")
    page.locator("#select-all").check()
    page.get_by_role("button", name=f"Select all {total}").click()
    kept = [int(row(page, index).get_attribute("data-id")) for index in (0, 3)]
    for index in (0, 3): select(page, index)
    expect(selection(page)).to_contain_text(f"{total - 2} selected")
    # Keys delete the selection, not the row that has the focus.
    cell(page, 0, "currency").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name=f"Delete {total - 2} numbers?")).to_be_visible()
    submit(page, f"Delete {total - 2} numbers")
    expect(notice(page)).to_contain_text(f"{total - 2} numbers deleted.")
    left = server.supervisor.get(f"{server.address}/api/v1/numbers?perPage=1000&{query}").json()
    assert [each["id"] for each in left] == kept and numbers_of(server) == 800 - total + 2


def test_too_many_to_leave_some_out(supervisor):
    page = supervisor.page
    page.route("**/api/v1/numbers?*", lambda route: route.fulfill(
        response=(answer := route.fetch()), headers={**answer.headers, "x-total-count": "100002"}))
    page.goto("/")
    page.locator("#select-all").check()
    page.get_by_role("button", name="Select all 100,002").click()
    select(page, 0)
    page.get_by_role("button", name="Delete …").click()
    expect(page.locator("#bulk-problem")).to_have_text("At most 100,000 numbers can be changed at once.")
    supervisor.check()


def change_prices(page, kind="times", amount="1.1"):
    page.locator("#select-all").check()
    page.get_by_role("button", name="Change …").click()
    page.get_by_label("Monthly price: what becomes of it").select_option(kind)
    page.get_by_label("Monthly price: how much").fill(amount)


@pytest.mark.parametrize("keys", ["Enter in a field", "Enter on Preview", "a double click"])
def test_a_second_enter_applies_nothing(supervisor, keys):
    page, server = supervisor.page, supervisor.server
    change_prices(page)
    before = number(server, 1)
    preview = page.get_by_role("button", name="Preview")
    if keys == "a double click": preview.dblclick()
    else:
        if keys == "Enter on Preview": preview.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#bulk-outcome ins").first).to_be_visible()
        page.keyboard.press("Enter")
    expect(page.locator("#bulk-outcome ins").first).to_be_visible()
    page.wait_for_timeout(500)
    assert number(server, 1) == before
    # By keyboard, it is another button.
    page.get_by_role("button", name="Change 25 numbers").press("Enter")
    expect(notice(page)).to_contain_text("25 numbers changed.")


def test_a_rise_keeps_the_decimals_that_it_needs(supervisor):
    page, server = supervisor.page, supervisor.server
    for id, price in ((1, "0.03"), (2, "0.00"), (3, "1000")): change(server, id, monthyPrice=price)
    expect(cell(page, 2, "monthyPrice")).to_have_text("1,000.00")
    change_prices(page)
    page.keyboard.press("Enter")
    outcome = page.locator("#bulk-outcome")
    expect(outcome).to_contain_text("Monthly price: 24 prices change by 10.00 %, 1 stays 0.")
    page.get_by_label("Monthly price: decimals").select_option("2")
    page.get_by_role("button", name="Preview").click()
    expect(outcome).to_contain_text("stay the same because of rounding")
    supervisor.check()
    page.get_by_label("Monthly price: decimals").select_option("Decimals as needed")
    page.get_by_role("button", name="Preview").click()
    submit(page, "Change 24 numbers")
    expect(notice(page)).to_contain_text("24 numbers changed.")
    assert number(server, 1)["monthyPrice"] == "0.033"


def test_a_change_whose_response_is_lost_is_done_once(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    change(server, 1, setupPrice="1.00")
    change_prices(page, "plus", "1")
    before = float(number(server, 1)["monthyPrice"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change 25 numbers")).to_be_visible()
    keys = keys_of(page)
    wire.loses = ["POST"]
    submit(page, "Change 25 numbers")
    problem = page.locator("#bulk-problem")
    expect(problem).to_contain_text("This may have been done")
    expect(problem.get_by_role("link", name="see Changes")).to_have_attribute("href", "/changes")
    visitor.check()
    assert float(number(server, 1)["monthyPrice"]) == before + 1
    wire.loses = []
    submit(page, "Change 25 numbers")
    expect(notice(page)).to_contain_text("25 numbers changed.")
    assert float(number(server, 1)["monthyPrice"]) == before + 1
    # An undo is the same: its response is lost, and another try is safe.
    wire.loses = ["POST"]
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("This may have been done.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()
    assert float(number(server, 1)["monthyPrice"]) == before
    wire.loses = []
    notice(page).get_by_role("button", name="Try again").click()
    expect(notice(page)).to_contain_text("Undone.")
    assert len(set(keys)) == 2 and None not in keys


def test_a_lost_response_is_reported_when_the_dialog_closes(distant):
    visitor, wire = distant
    page = visitor.page
    select(page, 0)
    page.get_by_role("button", name="Delete …").click()
    expect(page.get_by_role("button", name="Delete 1 number")).to_be_visible()
    wire.loses = ["POST"]
    submit(page, "Delete 1 number")
    expect(page.locator("#bulk-problem")).to_contain_text("This may have been done")
    page.keyboard.press("Escape")
    expect(notice(page)).to_contain_text("This may have been done.")
    expect(notice(page).get_by_role("link", name="See changes")).to_be_visible()


def test_a_similar_currency_is_asked_about(supervisor):
    page = supervisor.page
    page.locator("#select-all").check()
    page.get_by_role("button", name="Change …").click()
    page.locator("#to-currency").fill("US$")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use U$", exact=True).click()
    expect(page.locator("#to-currency")).to_have_value("U$")
    expect(page.locator("#bulk-outcome")).to_contain_text("25 numbers selected")
