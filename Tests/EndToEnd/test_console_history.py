"""The history in the console: the page of a number, the list of changes, and undo."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from console import change, enter, number
from playwright.sync_api import expect


def test_the_page_of_a_number_edits_deletes_and_undoes(page, network, demo, supervisor):
    before = number(demo, 1)
    change(demo, 1, setupPrice="5.55", currency="USD")
    supervisor.row(0).get_by_role("link").click()
    expect(page).to_have_url(re.compile("/numbers/1$"))
    expect(page.get_by_role("heading", name=before["value"])).to_be_focused()
    values, history = page.locator(".values"), page.get_by_role("region", name="History")
    expect(values).to_contain_text("5.55")
    supervisor.check(history, re.compile(f"Setup price {re.escape(before['setupPrice'])} → 5.55"))
    page.reload()
    history.get_by_role("button", name=re.compile("Undo")).first.click()
    supervisor.expect_notice("Undone: ")
    expect(values).to_contain_text(before["setupPrice"])
    assert number(demo, 1) == before
    supervisor.expect_focus()
    supervisor.click("Edit")
    supervisor.fill(monthyPrice="1.23")
    supervisor.press("Enter")
    expect(values).to_contain_text("1.23")
    # A double click deletes once.
    sent = supervisor.record_requests(methods=["DELETE"])
    network.delay = 60
    supervisor.button("Delete").dblclick()
    network.delay = 0
    expect(page.get_by_text("This number is no longer in the inventory.")).to_be_visible()
    expect(page.locator(".notice.bad")).to_have_count(0)
    assert len(sent) == 1
    supervisor.check()
    supervisor.expect_notice("is deleted.")
    supervisor.undo()
    expect(supervisor.button("Edit")).to_be_visible()
    assert demo.total() == 800
    page.get_by_role("link", name="All numbers").click()
    expect(page.locator("#rows tr")).to_have_count(25)


def test_a_long_history_has_pages(page, demo, supervisor):
    for price in range(51): change(demo, 1, setupPrice=f"{price}.01")
    page.goto("/numbers/1")
    history = page.get_by_role("region", name="History")
    expect(history.locator("tbody tr")).to_have_count(50)
    supervisor.click("Next")
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(history.locator("tbody tr")).to_have_count(1)
    expect(history).to_contain_text("→ 0.01")
    supervisor.check(page.locator(".values"), "50.01")
    page.go_back()
    expect(history.locator("tbody tr")).to_have_count(50)


@pytest.mark.parametrize("path", ["/numbers/4711", "/changes/4711", "/numbers/99999999999999999999"])
def test_an_unknown_id_is_reported(page, supervisor, path):
    page.goto(path)
    supervisor.check(page.get_by_role("alert").filter(has_text="There is no"))


@pytest.fixture
def changes(demo):
    """A change, a bulk change by ana, and her deletion of GOOD; GOOD was created ten days ago."""
    demo.add_user("ana", "supervisor")
    ana = demo.sign_in("ana")
    good = demo.create().headers["Location"]
    set_time(demo, 1, datetime.now(UTC) - timedelta(days=10))
    change(demo, 1, setupPrice="5.55", currency="USD")
    body = {"select": {"ids": list(range(3, 60))}, "set": {"monthyPrice": {"to": "4.44"}}}
    assert ana.post("/api/v1/changes", json=body).status_code == 201
    assert ana.delete(good).status_code == 204


def set_time(server, id, time):
    server.sql(f"UPDATE change SET at = {int(time.timestamp() * 1000)} WHERE id = {id}")


def test_changes_answer_who_deleted_a_number_and_when(page, changes, supervisor):
    # Two clicks and the digits: the page of changes begins in its field for digits.
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_label("Number", exact=True)).to_be_focused()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    supervisor.type("43")
    expect(page.locator("#by-number-error")).to_have_text("Type at least 3 digits.")
    supervisor.check(rows.first, "ana")
    supervisor.type("2")
    expect(page.get_by_text("No change matches.")).to_be_visible()
    supervisor.type("1")
    expect(rows).to_have_count(2)
    page.get_by_label("Last 7 days").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("ana")
    supervisor.check(rows, re.compile(r"Deleted \+55 84 91234-4321\s*Monthly price 0.03\s*Setup price 3.40\s*Currency U\$"))
    expect(page).to_have_url(re.compile(r"/changes\?number=4321&when=week$"))
    # Its page still exists.
    rows.get_by_role("link", name="+55 84").click()
    expect(page.get_by_text("This number is no longer in the inventory.")).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("Last 7 days")).to_be_checked()
    # Each filter is one entry of the browser's history.
    page.go_back()
    expect(rows).to_have_count(2)
    expect(page.get_by_label("Any time")).to_be_checked()
    page.go_back()
    expect(rows).to_have_count(4)
    expect(page.get_by_label("Number", exact=True)).to_have_value("")
    page.go_back()
    supervisor.expect_range("1–25 of 800")
    # The table's search leads to the deleted number, too.
    page.get_by_label("Search").fill("4321")
    page.get_by_role("link", name="Look for it in Changes").click()
    expect(rows).to_have_count(2)
    supervisor.click("Clear filters")
    expect(rows).to_have_count(4)
    expect(page).to_have_url(re.compile("/changes$"))
    supervisor.expect_focus()


def test_changes_are_filtered_by_user_and_kind_and_undone(page, demo, changes, supervisor):
    page.goto("/changes?kind=deleteMany")
    rows = page.locator("tbody tr")
    expect(page.get_by_label("Change", exact=True)).to_have_value("delete,deleteMany")
    expect(rows).to_have_count(1)
    enter(page.get_by_label("User"), "Supervisor")
    supervisor.check(page.locator("main"), "No change matches.")
    page.get_by_label("Change", exact=True).select_option("Changed")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(re.compile(r"Setup price \d+.\d+ → 5.55\s*Currency .+ → USD"))
    expect(page).to_have_url(re.compile("username=Supervisor&kind=change%2CchangeMany"))
    enter(page.get_by_label("User"), "ANA")
    expect(rows).to_contain_text("Changed 57 numbers")
    # The button appears with the pointer or the focus; a screen reader and Tab always reach it.
    undo = rows.get_by_role("button", name="Undo")
    page.mouse.move(0, 0)
    expect(undo).to_have_css("opacity", "0")
    rows.hover()
    expect(undo).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    rows.get_by_role("link").last.focus()
    supervisor.press("Tab")
    expect(undo).to_be_focused()
    supervisor.check(undo)
    # A change of many numbers shows the table's columns, and has pages.
    rows.get_by_role("link", name="57 numbers").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_focused()
    expect(rows).to_have_count(50)
    expect(page.get_by_role("columnheader")).to_have_text(["Number", "Monthly price", "Setup price", "Currency"])
    before = number(demo, 59)
    supervisor.click("Next")
    expect(rows).to_have_count(7)
    expect(rows.last).to_contain_text(re.compile(rf"{re.escape(before['value'])}\s*[\d.]+ → 4.44\s*{before['setupPrice']}"))
    supervisor.expect_fit()
    supervisor.check()
    page.get_by_role("button", name="Undo").click()
    supervisor.expect_notice("Undone: ")
    expect(page.get_by_role("link", name="undone")).to_be_visible()
    assert number(demo, 59)["monthyPrice"] != "4.44"


def test_days_are_those_of_the_browser(demo, changes, visit):
    zone = ZoneInfo("Asia/Tehran")
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for id, seconds in ((1, -1), (2, 1)): set_time(demo, id, today + timedelta(seconds=seconds))
    for id in (3, 4): set_time(demo, id, today - timedelta(days=7))
    narrow = {"width": 360, "height": 800}
    page = visit(demo, timezone_id=zone.key, locale="fa-IR", viewport=narrow, has_touch=True).sign_in(path="/changes").page
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    # The month is the language's, the digits are 0 to 9.
    expect(rows.first.locator("time")).to_have_text(re.compile(r"^[0-9]+ [\u0600-\u06ff]+ [0-9]{4}.+ [0-9]+:[0-9]{2}$"))
    page.get_by_label("Today").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("USD")
    expect(rows.get_by_role("button", name="Undo")).to_have_css("opacity", "1")
    page.get_by_label("Last 7 days").click()
    expect(rows).to_have_count(2)
    page.get_by_label("From – to").click()
    for label in ("From", "To"): page.get_by_label(label, exact=True).fill(f"{today - timedelta(days=1):%Y-%m-%d}")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Created")
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("From – to")).to_be_checked()
    page.goto("/changes?from=yesterday")
    expect(page.get_by_role("alert").filter(has_text="from must be a date")).to_be_visible()


def test_a_section_loads_when_the_server_is_back(page, network, supervisor):
    network.cut()
    page.get_by_role("link", name="Changes").click()
    supervisor.check(page.get_by_role("alert").filter(has_text="cannot be loaded"))
    supervisor.choose("Change password")
    notice = supervisor.expect_notice("cannot be loaded")
    network.mend()
    notice.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Current password")).to_be_focused()
    supervisor.press("Escape")
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()


def test_a_proxy_without_a_server_cannot_reach_it(page, supervisor):
    page.route("**/api/v1/changes?*", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    supervisor.open_page("Changes")
    supervisor.check(page.get_by_role("alert").filter(has_text="The server cannot be reached. Trying again in 5 s."))


def test_a_restored_tab_shows_no_tick_without_a_selection(page, supervisor):
    # Firefox sets ticks of the previous visit before this event.
    page.evaluate("""() => {
        for (const box of document.querySelectorAll("#table input")) box.checked = true;
        dispatchEvent(new PageTransitionEvent("pageshow"));
    }""")
    expect(page.locator("#table input:checked")).to_have_count(0)
