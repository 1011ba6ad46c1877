"""What happened, in the console: a number's page, the changes, and undoing them there."""

import json
import re

import pytest
from console import change, fill, notice, number, numbers_of, row
from playwright.sync_api import expect


def test_a_number_has_an_address(supervisor):
    page, server = supervisor.page, supervisor.server
    before = number(server, 1)
    change(server, 1, setupPrice="5.55", currency="USD")
    row(page, 0).get_by_role("link").click()
    expect(page).to_have_url(re.compile("/numbers/1$"))
    expect(page.get_by_role("heading", name=before["value"])).to_be_focused()
    expect(page.locator(".values")).to_contain_text("5.55")
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text(re.compile(f"Setup price {re.escape(before['setupPrice'])} → 5.55"))
    supervisor.check()
    page.reload()
    expect(page.locator(".values")).to_contain_text("5.55")
    history.get_by_role("button", name=re.compile("Undo")).first.click()
    expect(notice(page)).to_contain_text("Undone.")
    expect(page.locator(".values")).to_contain_text(before["setupPrice"])
    assert number(server, 1) == before
    supervisor.keeps_focus()
    page.get_by_role("button", name="Edit").click()
    fill(page, monthyPrice="1.23")
    page.keyboard.press("Enter")
    expect(page.locator(".values")).to_contain_text("1.23")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("This number is not in the inventory any more.")).to_be_visible()
    assert numbers_of(server) == 799
    supervisor.check()
    notice(page, "is deleted.").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    assert numbers_of(server) == 800
    # Back to the table by the address.
    page.get_by_role("link", name="All numbers").click()
    expect(page.locator("#rows tr")).to_have_count(25)


def test_a_long_history_has_pages(supervisor):
    page, server = supervisor.page, supervisor.server
    for price in range(101): change(server, 1, setupPrice=f"{price}.01")
    page.goto("/numbers/1")
    history = page.get_by_role("region", name="History")
    expect(history.locator("tbody tr")).to_have_count(100)
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(history.locator("tbody tr")).to_have_count(1)
    expect(history).to_contain_text("→ 0.01")
    expect(page.locator(".values")).to_contain_text("100.01")
    supervisor.check()


@pytest.mark.parametrize("path", ["/numbers/4711", "/changes/4711", "/numbers/99999999999999999999"])
def test_what_never_was(supervisor, path):
    page = supervisor.page
    page.goto(path)
    expect(page.get_by_role("alert").filter(has_text="There is no")).to_be_visible()
    supervisor.check()


def test_changes(visit, start):
    server = start("--demo")
    server.carrier("user", "add", "ana", "--role", "supervisor", input="lovely-37-rivers\n")
    ana = server.sign_in("ana", "lovely-37-rivers")
    change(server, 1, setupPrice="5.55")
    body = {"select": {"ids": [3, 4, 5]}, "set": {"monthyPrice": {"to": "4.44"}}}
    assert ana.post(server.address + "/api/v1/changes", json=body).status_code == 201
    visitor = visit(server)
    page = visitor.sign_in(path="/changes")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("ana")
    expect(rows.first).to_contain_text("Changed many – 3 numbers")
    visitor.check()
    page.get_by_label("User").fill("supervisor")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("username=supervisor"))
    page.get_by_label("User").fill("")
    page.get_by_label("Kind").select_option("changeMany")
    expect(rows.first).to_contain_text("ana")
    expect(rows).to_have_count(1)
    page.go_back()
    page.go_back()
    expect(rows).to_have_count(2)
    # One change, and each number before and after it.
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("Change "))).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody ins").first).to_have_text("4.44")
    visitor.check()
    page.get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("Undone.")
    expect(page.get_by_role("link", name="undone")).to_be_visible()
    assert number(server, 3)["monthyPrice"] != "4.44"


def test_changes_for_salespeople(visit, start):
    server = start("--demo")
    server.carrier("user", "add", "bob", input="lovely-37-rivers\n")
    change(server, 1, setupPrice="5.55")
    visitor = visit(server)
    page = visitor.sign_in("bob", "lovely-37-rivers", path="/changes")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.goto("/numbers/1")
    expect(page.locator(".values")).to_contain_text("5.55")
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    visitor.check()


@pytest.mark.parametrize("path", ["/docs", "/problems/number-exists"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_readers(visit, start, path, scheme):
    visitor = visit(start(), color_scheme=scheme)
    page = visitor.page
    page.goto(path)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    if path == "/docs":
        expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
        expect(page.locator("#createNumber pre").first).to_contain_text("curl -i -X POST")
        text = page.locator("body").inner_text()
        assert "9223372036854776000" not in text and "from 1. from 1" not in text.lower()
    visitor.check()


def test_deleting_twice_deletes_once(distant):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    page.goto("/numbers/1")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "DELETE" else None)
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    wire.delay = 60
    page.get_by_role("button", name="Delete").dblclick()
    wire.delay = 0
    expect(page.get_by_text("This number is not in the inventory any more.")).to_be_visible()
    expect(notice(page)).to_contain_text("is deleted.")
    expect(page.locator(".notice.bad")).to_have_count(0)
    assert len(sent) == 1 and numbers_of(server) == 799


@pytest.mark.parametrize("failure", ["503", "no network"])
def test_a_description_that_cannot_be_loaded(visit, start, failure):
    visitor = visit(start())
    page = visitor.page
    problem = {"title": "Service unavailable", "status": 503}
    page.route("**/openapi.json", lambda route: route.abort() if failure == "no network" else
               route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem)))
    page.goto("/docs")
    expect(page.get_by_role("alert")).to_have_text("The description cannot be loaded.")
    visitor.check()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_text("The description cannot be loaded.")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.unroute("**/openapi.json")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The API", exact=True)).to_be_focused()
