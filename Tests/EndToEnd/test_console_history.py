"""The history in the console: the page of a number, the list of changes, and undo."""

import re

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
    for price in range(101): change(demo, 1, setupPrice=f"{price}.01")
    page.goto("/numbers/1")
    history = page.get_by_role("region", name="History")
    expect(history.locator("tbody tr")).to_have_count(100)
    supervisor.click("Older")
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(history.locator("tbody tr")).to_have_count(1)
    expect(history).to_contain_text("→ 0.01")
    supervisor.check(page.locator(".values"), "100.01")


@pytest.mark.parametrize("path", ["/numbers/4711", "/changes/4711", "/numbers/99999999999999999999"])
def test_an_unknown_id_is_reported(page, supervisor, path):
    page.goto(path)
    supervisor.check(page.get_by_role("alert").filter(has_text="There is no"))


def test_changes_are_filtered_shown_and_undone(page, demo, supervisor):
    demo.add_user("ana", "supervisor")
    change(demo, 1, setupPrice="5.55")
    body = {"select": {"ids": [3, 4, 5]}, "set": {"monthyPrice": {"to": "4.44"}}}
    assert demo.sign_in("ana").post("/api/v1/changes", json=body).status_code == 201
    supervisor.open_page("Changes")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("ana")
    supervisor.check(rows.first, "Changed many – 3 numbers")
    enter(page.get_by_label("User"), "supervisor")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("username=supervisor"))
    page.get_by_label("User").fill("")
    page.get_by_label("Kind").select_option("changeMany")
    expect(rows.first).to_contain_text("ana")
    expect(rows).to_have_count(1)
    page.go_back()
    page.go_back()
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_focused()
    expect(rows).to_have_count(3)
    expect(page.locator("tbody ins").first).to_have_text("4.44")
    supervisor.check()
    page.get_by_role("button", name="Undo").click()
    supervisor.expect_notice("Undone: ")
    expect(page.get_by_role("link", name="undone")).to_be_visible()
    assert number(demo, 3)["monthyPrice"] != "4.44"
