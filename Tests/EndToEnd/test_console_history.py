"""The history in the console: the page of a number, the list of changes, and undo."""

import re

import pytest
from console import change, enter, fill, notice, number, requests_of, row
from playwright.sync_api import expect


def test_the_page_of_a_number_edits_deletes_and_undoes(page, demo, supervisor):
    before = number(demo, 1)
    change(demo, 1, setupPrice="5.55", currency="USD")
    row(page, 0).get_by_role("link").click()
    expect(page).to_have_url(re.compile("/numbers/1$"))
    expect(page.get_by_role("heading", name=before["value"])).to_be_focused()
    expect(page.locator(".values")).to_contain_text("5.55")
    history = page.get_by_role("region", name="History")
    supervisor.check(history, re.compile(f"Setup price {re.escape(before['setupPrice'])} → 5.55"))
    page.reload()
    expect(page.locator(".values")).to_contain_text("5.55")
    history.get_by_role("button", name=re.compile("Undo")).first.click()
    expect(notice(page)).to_contain_text("Undone.")
    expect(page.locator(".values")).to_contain_text(before["setupPrice"])
    assert number(demo, 1) == before
    supervisor.keeps_focus()
    page.get_by_role("button", name="Edit").click()
    fill(page, monthyPrice="1.23")
    page.keyboard.press("Enter")
    expect(page.locator(".values")).to_contain_text("1.23")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("This number is not in the inventory any more.")).to_be_visible()
    assert demo.total() == 799
    supervisor.check()
    notice(page, "is deleted.").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    assert demo.total() == 800
    page.get_by_role("link", name="All numbers").click()
    expect(page.locator("#rows tr")).to_have_count(25)


def test_a_long_history_has_pages(page, demo, supervisor):
    for price in range(101): change(demo, 1, setupPrice=f"{price}.01")
    page.goto("/numbers/1")
    history = page.get_by_role("region", name="History")
    expect(history.locator("tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Older").click()
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
    page.goto("/changes")
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
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody ins").first).to_have_text("4.44")
    supervisor.check()
    page.get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("Undone.")
    expect(page.get_by_role("link", name="undone")).to_be_visible()
    assert number(demo, 3)["monthyPrice"] != "4.44"


def test_a_salesperson_sees_changes_without_buttons(visit, demo):
    demo.add_user("bob")
    change(demo, 1, setupPrice="5.55")
    visitor = visit(demo)
    page = visitor.sign_in("bob", path="/changes")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.goto("/numbers/1")
    expect(page.locator(".values")).to_contain_text("5.55")
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    visitor.check()


def test_a_double_click_deletes_once(page, network, demo):
    page.goto("/numbers/1")
    sent = requests_of(page, methods=["DELETE"])
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    network.delay = 60
    page.get_by_role("button", name="Delete").dblclick()
    network.delay = 0
    expect(page.get_by_text("This number is not in the inventory any more.")).to_be_visible()
    expect(notice(page)).to_contain_text("is deleted.")
    expect(page.locator(".notice.bad")).to_have_count(0)
    assert len(sent) == 1 and demo.total() == 799
