"""Sign-in at the console: sessions that end, several tabs, roles."""

import re

from console import change, enter
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


def expect_no_controls(page):
    """Waits until the page has no controls of supervisors."""
    expect(page.get_by_role("button", name=re.compile("New number|Edit|Delete|Undo"))).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)


def expect_read_only(page):
    """Waits until the table shows no controls of supervisors."""
    expect_no_controls(page)
    expect(page.locator("#rows tr")).to_have_count(25)


def expect_signed_out(page):
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("#rows")).to_have_count(0)


def test_a_user_signs_in_and_out(visit, demo):
    visitor = visit(demo)
    page = visitor.page
    page.goto("/")
    expect_signed_out(page)
    expect(page.get_by_label("User name")).to_be_focused()
    visitor.check()
    page.get_by_label("User name").fill("supervisor")
    enter(page.get_by_label("Password"), "wrong password")
    visitor.check(page.get_by_text("The user name or the password is wrong."))
    enter(page.get_by_label("Password"), PASSWORD)
    visitor.expect_range("1–25 of 800")
    expect(page.get_by_role("heading", name="Numbers")).to_be_focused()
    assert "ctk_" not in page.url
    page.reload()
    visitor.turn("Next", "26–50 of 800")
    visitor.choose("Sign out")
    expect_signed_out(page)
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    # The browser's cache does not show the page either.
    page.go_back()
    expect_signed_out(page)


def test_an_ended_session_loses_no_typed_text(page, demo, supervisor):
    supervisor.new_number(**GOOD)
    end_sessions(demo)
    press(page, "Save")
    supervisor.check(page.get_by_text("Your session has ended. Sign in to continue."))
    for _ in range(4):
        supervisor.press("Escape")
        page.wait_for_timeout(30)
    sign_in_again(page)
    supervisor.expect_notice("+55 84 91234-4321 is in the inventory.")


def test_a_user_may_sign_out_of_an_ended_session(page, demo):
    end_sessions(demo)
    press(page, "Next")
    page.locator("#sign-in-dialog").get_by_role("button", name="Sign out").click()
    expect_signed_out(page)


def test_the_next_user_sees_and_sends_nothing_of_the_first(page, demo, supervisor):
    demo.add_user("bob")
    supervisor.new_number(**GOOD)
    writes = supervisor.record_requests("/numbers", methods=["POST"])
    end_sessions(demo)
    press(page, "Save")
    page.locator("#sign-in-dialog").get_by_label("User name").fill("bob")
    sign_in_again(page, PASSWORD)
    expect(page.locator("#who")).to_contain_text("bob")
    expect_read_only(page)
    supervisor.expect_no_dialog()
    assert len({request.headers["authorization"] for request in writes}) == 1


def test_a_changed_role_takes_effect_with_the_next_write(visit, demo):
    demo.add_user("ana", "supervisor")
    visitor = visit(demo).sign_in("ana")
    assert demo.carrier("user", "set-role", "ana", "salesperson").returncode == 0
    visitor.press_in_row(0, "Delete")
    expect_read_only(visitor.page)
    expect(visitor.page.locator("#who")).to_contain_text("Salesperson")
    assert demo.total() == 800


def test_a_late_refusal_ends_no_newer_session(page, network, demo, supervisor):
    end_sessions(demo)
    # Send two requests with the old token; the response to the second arrives after the new sign-in.
    page.evaluate("""async () => {
        const { list } = await import("/console/api.js");
        const status = async (query) => (await list(query)).status;
        window.late = Promise.all([status("page=1"), status("page=2")]);
    }""")
    sign_in_again(page)
    assert page.evaluate("window.late") == [200, 200]
    network.delay = .3
    supervisor.turn("Next", "26–50 of 800")
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
    second.locator("#who").click()
    press(second, "Sign out")
    expect_signed_out(page)


def test_another_user_in_another_tab_replaces_the_first(page, demo, supervisor):
    demo.add_user("bob")
    token = demo.sign_in("bob").headers["Authorization"].removeprefix("Bearer ")
    second = supervisor.open_tab()
    second.goto("/")
    expect(second.locator("#range")).to_be_visible()
    second.evaluate("(token) => localStorage.setItem('token', token)", token)
    expect(page.locator("#who")).to_have_text("bob Salesperson")
    expect_read_only(page)


def test_a_salesperson_has_no_controls_for_changes(visit, demo):
    demo.add_user("bob")
    change(demo, 1, setupPrice="5.55")
    visitor = visit(demo).sign_in("bob")
    expect_read_only(visitor.page)
    visitor.check(visitor.page.locator("#who"), "bob Salesperson")
    for path, text in (("/changes", "Setup price 3.40 → 5.55"), ("/numbers/1", "5.55"),
                       ("/import", "Only supervisors can do this."), ("/people", "Only supervisors can do this.")):
        visitor.page.goto(path)
        visitor.check(visitor.page.locator("#main"), text)
        expect_no_controls(visitor.page)


def test_without_authentication_there_is_no_sign_in(visit, start):
    visitor = visit(start("--demo", "--no-auth"))
    visitor.page.goto("/?q=5511")
    expect(visitor.button("New number")).to_be_visible()
    expect(visitor.page.get_by_label("Search")).to_have_value("5511")
    visitor.page.locator("#who").click()
    expect(visitor.button("Keyboard shortcuts")).to_be_visible()
    expect(visitor.button("Sign out")).to_be_hidden()


def test_a_page_that_could_not_be_loaded_can_be_loaded_again(page, supervisor):
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto("/changes")
    supervisor.check(page.get_by_role("heading", name="The console cannot be loaded"))
    page.unroute("**/api/v1/**")
    supervisor.click("Try now")
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    # A timer that was started earlier does not replace typed text.
    page.get_by_label("User").fill("ana")
    page.wait_for_timeout(5500)
    expect(page.get_by_label("User")).to_have_value("ana")
