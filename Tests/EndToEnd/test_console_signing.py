"""Sign-in at the console: sessions that end, several tabs, roles."""

import re

import pytest
from console import delete, enter, new_number, notice, requests_of, turn
from playwright.sync_api import expect
from program import GOOD, PASSWORD

OTHER = "another-5-password"


def end_sessions(server):
    """Changes the supervisor's password, which ends the sessions."""
    assert server.carrier("user", "set-password", "supervisor", input=OTHER + "\n").returncode == 0


def press(page, name):
    """Clicks a button, even if the sign-in dialog covers it already."""
    page.get_by_role("button", name=name, exact=True).dispatch_event("click")


def sign_in_again(page, password=OTHER):
    page.locator("#sign-in-dialog").wait_for()
    enter(page.get_by_label("Password", exact=True), password)
    expect(page.locator("#sign-in-dialog")).to_have_count(0)


def is_read_only(page):
    """Waits until the table shows no controls of supervisors."""
    for name in ("New number", "Edit", "Delete"): expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("#rows tr")).to_have_count(25)


def is_signed_out(page):
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("#rows")).to_have_count(0)


def test_a_user_signs_in_and_out(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    page.goto("/")
    is_signed_out(page)
    expect(page.get_by_label("User name")).to_be_focused()
    visitor.check()
    page.get_by_label("User name").fill("supervisor")
    enter(page.get_by_label("Password"), "wrong password")
    visitor.check(page.get_by_text("The user name or the password is wrong."))
    enter(page.get_by_label("Password"), PASSWORD)
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    expect(page.get_by_role("heading", name="Numbers")).to_be_focused()
    assert "ctk_" not in page.url
    page.reload()
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    turn(page, "Next", "26–50 of 800")
    page.get_by_role("button", name="Sign out").click()
    is_signed_out(page)
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    # The browser's cache does not show the page either.
    page.go_back()
    is_signed_out(page)


def test_an_ended_session_loses_no_typed_text(page, demo, supervisor):
    new_number(page, **GOOD)
    end_sessions(demo)
    press(page, "Save")
    supervisor.check(page.get_by_text("Your session has ended. Sign in to go on where you were."))
    for _ in range(4):
        page.keyboard.press("Escape")
        page.wait_for_timeout(30)
    sign_in_again(page)
    expect(notice(page)).to_contain_text("+55 84 91234-4321 is in the inventory.")


def test_a_user_may_sign_out_of_an_ended_session(page, demo):
    end_sessions(demo)
    press(page, "Next")
    page.locator("#sign-in-dialog").get_by_role("button", name="Sign out").click()
    is_signed_out(page)


def test_the_next_user_sees_and_sends_nothing_of_the_first(page, demo):
    demo.add_user("bob")
    new_number(page, **GOOD)
    writes = requests_of(page, "/numbers", methods=["POST"])
    end_sessions(demo)
    press(page, "Save")
    page.locator("#sign-in-dialog").wait_for()
    page.get_by_label("User name").fill("bob")
    sign_in_again(page, PASSWORD)
    expect(page.locator("#who")).to_contain_text("bob")
    is_read_only(page)
    expect(page.locator("dialog")).to_have_count(0)
    assert len({request.headers["authorization"] for request in writes}) == 1


def test_a_changed_role_takes_effect_with_the_next_write(visit, demo):
    demo.add_user("ana", "supervisor")
    page = visit(demo).sign_in("ana")
    assert demo.carrier("user", "set-role", "ana", "salesperson").returncode == 0
    delete(page, 0)
    is_read_only(page)
    expect(page.locator("#who")).to_contain_text("Salesperson")
    assert demo.total() == 800


def test_a_late_refusal_ends_no_newer_session(page, network, demo):
    end_sessions(demo)
    # Two requests with the old token; the response to the second arrives after the new sign-in.
    page.evaluate("""async () => {
        const api = await import("/console/api.js");
        window.late = Promise.all([api.list("page=1"), api.list("page=2")]).then((all) => all.map((each) => each.status));
    }""")
    sign_in_again(page)
    assert page.evaluate("window.late") == [200, 200]
    network.delay = .3
    turn(page, "Next", "26–50 of 800")
    expect(page.locator("#sign-in-dialog")).to_have_count(0)


def test_tabs_share_sign_in_and_sign_out(page, demo, supervisor):
    second = supervisor.open_tab()
    second.goto("/")
    expect(second.locator("#range")).to_have_text("1–25 of 800")
    end_sessions(demo)
    for each in (page, second):
        press(each, "Next")
        expect(each.locator("#sign-in-dialog")).to_be_visible()
    sign_in_again(second)
    for each in (second, page):
        expect(each.locator("#range")).to_have_text("26–50 of 800")
        expect(each.locator("#sign-in-dialog")).to_have_count(0)
    second.get_by_role("button", name="Sign out").click()
    is_signed_out(page)


def test_another_user_in_another_tab_replaces_the_first(page, demo, supervisor):
    demo.add_user("bob")
    token = demo.sign_in("bob").headers["Authorization"].removeprefix("Bearer ")
    second = supervisor.open_tab()
    second.goto("/")
    expect(second.locator("#range")).to_be_visible()
    second.evaluate("(token) => localStorage.setItem('token', token)", token)
    expect(page.locator("#who")).to_have_text(re.compile("bob"))
    is_read_only(page)


def test_a_salesperson_has_no_controls_for_changes(visit, demo):
    demo.add_user("bob")
    visitor = visit(demo)
    page = visitor.sign_in("bob")
    is_read_only(page)
    expect(page.locator("#who")).to_have_text("bob Salesperson")
    visitor.check()
    for path in ("/import", "/people"):
        page.goto(path)
        visitor.check(page.get_by_text("Only a supervisor may do this."))


def test_without_authentication_there_is_no_sign_in(visit, start):
    page = visit(start("--demo", "--no-auth")).page
    page.goto("/?q=5511")
    expect(page.get_by_role("button", name="New number")).to_be_visible()
    expect(page.get_by_label("Search")).to_have_value("5511")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


@pytest.mark.parametrize("path, heading", [("/", "Numbers"), ("/changes", "Changes")])
def test_a_page_that_could_not_be_loaded_can_be_loaded_again(page, supervisor, path, heading):
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto(path)
    supervisor.check(page.get_by_role("heading", name="The console cannot be shown"))
    page.unroute("**/api/v1/**")
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    # No earlier timer replaces typed text.
    if path == "/":
        new_number(page, value="+55 84")
        page.wait_for_timeout(5500)
        expect(page.locator("#value")).to_have_value("+55 84")
