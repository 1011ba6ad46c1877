"""Who is at the console: signing in, sessions that end, tabs, roles."""

import re

import pytest
from console import fill, notice, numbers_of, row, status
from playwright.sync_api import expect
from program import GOOD, PASSWORD

OTHER = "lovely-37-rivers"


def end_sessions(server, username="supervisor", password="another-5-password"):
    """As whoever runs the server does; the password is another then."""
    assert server.carrier("user", "set-password", username, input=password + "\n").returncode == 0


def press(page, name):
    """Also where the sign-in lies on top already: the page asks for news by itself, and may have heard by then."""
    page.get_by_role("button", name=name, exact=True).dispatch_event("click")


def test_signing_in_and_out(visit, start):
    visitor = visit(start("--demo"))
    page = visitor.page
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("User name")).to_be_focused()
    visitor.check()
    page.get_by_label("User name").fill("supervisor")
    page.get_by_label("Password").fill("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The user name or the password is wrong.")).to_be_visible()
    visitor.check()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    # The focus is on the page, not lost.
    expect(page.get_by_role("heading", name="Numbers")).to_be_focused()
    assert "ctk_" not in page.url
    page.reload()
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    # What the browser may have kept of the page before is not shown either.
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("#rows")).to_have_count(0)


def test_a_session_that_ends_loses_nothing(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    end_sessions(server)
    press(page, "Save")
    expect(page.get_by_text("Your session has ended. Sign in to go on where you were.")).to_be_visible()
    supervisor.check()
    # However often somebody presses it.
    for _ in range(4):
        page.keyboard.press("Escape")
        page.wait_for_timeout(30)
    expect(page.locator("#sign-in-dialog")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("another-5-password")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("+55 84 91234-4321 is in the inventory.")
    expect(page.locator("#sign-in-dialog")).to_have_count(0)


def test_signing_out_where_a_session_has_ended(supervisor):
    page = supervisor.page
    end_sessions(supervisor.server)
    press(page, "Next")
    expect(page.locator("#sign-in-dialog")).to_be_visible()
    page.locator("#sign-in-dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("#rows")).to_have_count(0)


def test_nothing_of_one_user_stays_for_another(visit, start):
    server = start("--demo")
    server.carrier("user", "add", "bob", input=OTHER + "\n")
    visitor = visit(server)
    page = visitor.sign_in()
    expect(page.locator("#rows tr")).to_have_count(25)
    page.get_by_role("button", name="New number").click()
    fill(page, **GOOD)
    writes = []
    page.on("request", lambda request: writes.append(request.headers["authorization"])
            if request.method == "POST" and request.url.endswith("/numbers") else None)
    end_sessions(server)
    press(page, "Save")
    page.locator("#sign-in-dialog").wait_for()
    page.get_by_label("User name").fill("bob")
    page.get_by_label("Password", exact=True).fill(OTHER)
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_contain_text("bob")
    expect(page.locator("#rows tr")).to_have_count(25)
    # The first one's buttons are gone, and the number was not sent as the second.
    for name in ("New number", "Edit", "Delete"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("dialog")).to_have_count(0)
    assert len(set(writes)) == 1


def test_a_role_that_changes(visit, start):
    server = start("--demo")
    server.carrier("user", "add", "ana", "--role", "supervisor", input=OTHER + "\n")
    visitor = visit(server)
    page = visitor.sign_in("ana", OTHER)
    expect(page.locator("#rows tr")).to_have_count(25)
    assert server.carrier("user", "set-role", "ana", "salesperson").returncode == 0
    row(page, 0).hover()
    row(page, 0).get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="New number")).to_have_count(0)
    expect(page.locator("#who")).to_contain_text("Salesperson")
    assert numbers_of(server) == 800


def test_a_late_refusal_ends_no_newer_session(visit, start, wire):
    server = start("--demo")
    between = wire(server)
    visitor = visit(server, address=between.address)
    page = visitor.sign_in()
    expect(page.locator("#rows tr")).to_have_count(25)
    end_sessions(server)
    # Two requests with the old token: the answer to the second comes when somebody is back already.
    page.evaluate("""async () => {
        const api = await import("/console/api.js");
        window.late = Promise.all([api.list("page=1"), api.list("page=2")]).then((all) => all.map((each) => each.status));
    }""")
    page.locator("#sign-in-dialog").wait_for()
    page.get_by_label("Password", exact=True).fill("another-5-password")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-dialog")).to_have_count(0)
    assert page.evaluate("window.late") == [200, 200]
    between.delay = .3
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    expect(page.locator("#sign-in-dialog")).to_have_count(0)


def test_tabs_of_one_browser(supervisor):
    page = supervisor.page
    second = supervisor.open_tab()
    second.goto("/")
    # Nobody is asked to sign in again.
    expect(second.locator("#range")).to_have_text("1–25 of 800")
    # One session ends; who signs in again in one tab goes on in the other.
    end_sessions(supervisor.server)
    for each in (page, second):
        press(each, "Next")
        expect(each.locator("#sign-in-dialog")).to_be_visible()
    second.get_by_label("Password", exact=True).fill("another-5-password")
    second.keyboard.press("Enter")
    for each in (second, page):
        expect(each.locator("#range")).to_have_text("26–50 of 800")
        expect(each.locator("#sign-in-dialog")).to_have_count(0)
    # Who signs out in one has signed out in all.
    second.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("#rows")).to_have_count(0)


def test_another_user_in_another_tab(supervisor):
    page, server = supervisor.page, supervisor.server
    server.carrier("user", "add", "bob", input=OTHER + "\n")
    token = server.sign_in("bob", OTHER).headers["Authorization"].removeprefix("Bearer ")
    second = supervisor.open_tab()
    second.goto("/")
    expect(second.locator("#range")).to_be_visible()
    second.evaluate("(token) => localStorage.setItem('token', token)", token)
    expect(page.locator("#who")).to_have_text(re.compile("bob"))
    expect(page.get_by_role("button", name="New number")).to_have_count(0)


def test_salespeople_read(visit, start):
    server = start("--demo")
    server.carrier("user", "add", "bob", input=OTHER + "\n")
    visitor = visit(server)
    page = visitor.sign_in("bob", OTHER)
    expect(page.locator("#rows tr")).to_have_count(25)
    for name in ("New number", "Edit", "Delete"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("#who")).to_have_text("bob Salesperson")
    visitor.check()
    for path in ("/import", "/people"):
        page.goto(path)
        expect(page.get_by_text("Only a supervisor may do this.")).to_be_visible()
        visitor.check()


def test_no_sign_in_where_nobody_needs_to(visit, start):
    visitor = visit(start("--demo", "--no-auth"))
    visitor.page.goto("/?q=5511")
    expect(visitor.page.get_by_role("button", name="New number")).to_be_visible()
    expect(visitor.page.get_by_label("Search")).to_have_value("5511")
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/changes"])
def test_a_server_that_is_away_at_first(visit, start, wire, path):
    server = start("--demo")
    between = wire(server)
    visitor = visit(server, address=between.address)
    page = visitor.sign_in()
    expect(status(page)).to_have_text("800 numbers")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto(path)
    expect(page.get_by_role("heading", name="The console cannot be shown")).to_be_visible()
    visitor.check()
    page.unroute("**/api/v1/**")
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name={"/": "Numbers", "/changes": "Changes"}[path])).to_be_visible()
    # No timer of before wipes what is typed now.
    if path == "/":
        page.get_by_role("button", name="New number").click()
        fill(page, value="+55 84")
        page.wait_for_timeout(5500)
        expect(page.locator("#value")).to_have_value("+55 84")
