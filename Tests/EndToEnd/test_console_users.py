"""Users in the console: their roles, sessions and passwords."""

import pytest
from console import enter
from playwright.sync_api import expect
from program import PASSWORD, until

OTHER = "lovely-37-rivers"
THIRD = "purple-81-lanterns"


@pytest.fixture
def users(supervisor):
    """The page of users."""
    supervisor.open_page("Users")
    expect(supervisor.page.locator("tbody tr")).to_have_count(1)
    return supervisor.page


def row_of(page, name):
    return page.locator("tbody tr").filter(has_text=name)


def add(user, name, password=OTHER):
    user.click("New user")
    user.page.get_by_label("User name").fill(name)
    enter(user.page.get_by_label("Password", exact=True), password)


def expect_error(user, text):
    """Waits for an error in the dialog, and closes it."""
    user.check(user.page.locator("#user .error").filter(has_text=text))
    user.press("Escape")


def expect_user_name(page, name):
    """Waits until a password dialog has the user name, which password managers read."""
    expect(page.locator("dialog [autocomplete=username]")).to_have_value(name)


def set_role(user, name, role):
    user.click(f"Change role of {name}")
    user.page.get_by_label("Role", exact=True).select_option(role)
    user.click("Change role")


def remove(user, name):
    user.click(f"Remove {name}")
    user.page.locator("#user").get_by_role("button", name="Remove").click()


def test_changes_of_a_user_take_effect_at_once(users, demo, supervisor, visit):
    supervisor.check()
    add(supervisor, "Ana Maria", "password")
    expect(users.locator("#user .error").filter(has_text="letters a to z")).to_be_visible()
    expect_error(supervisor, "most common")
    add(supervisor, "ana")
    supervisor.expect_notice("ana can now sign in.")
    expect(row_of(users, "ana")).to_be_visible()
    expect(users.locator("#add-user")).to_be_focused()
    add(supervisor, "ana")
    expect_error(supervisor, "ana")
    ana = visit(demo).sign_in("ana", OTHER)
    expect(ana.button("New number")).to_have_count(0)
    set_role(supervisor, "ana", "supervisor")
    supervisor.expect_notice("ana is now a supervisor.")
    expect(row_of(users, "ana")).to_contain_text("Supervisor")
    ana.page.reload()
    expect(ana.button("New number")).to_be_visible()
    supervisor.click("Sessions of ana")
    expect(users.locator("#user tbody tr")).to_have_count(1)
    supervisor.check()
    supervisor.click("Sign out everywhere", "ana was signed out everywhere.")
    ana.click("Next")
    expect(ana.page.locator("#sign-in-dialog")).to_be_visible()
    supervisor.click("Set password of ana")
    expect_user_name(users, "ana")
    enter(users.get_by_label("Password", exact=True), THIRD)
    supervisor.expect_notice("ana has a new password")
    enter(ana.page.get_by_label("Password", exact=True), THIRD)
    ana.expect_range("26–50 of 800")
    remove(supervisor, "ana")
    supervisor.expect_notice("ana was removed.")
    expect(row_of(users, "ana")).to_have_count(0)
    supervisor.expect_focus()


def test_firefox_offers_to_save_a_password_with_its_user_name(firefox, demo):
    demo.add_user("ana")
    firefox.set_pref("signon.rememberSignons", True)
    firefox.sign_in(demo, "/people")
    firefox.find_element("css selector", "[aria-label='Set password of ana']").click()
    firefox.find("new-password").send_keys(THIRD)
    firefox.find_element("css selector", "#user .primary").click()
    firefox.expect("notices", "ana has a new password")
    offered = "return PopupNotifications.getNotification('password') && document.getElementById('{}').value"
    with firefox.using_context("chrome"):
        until(lambda: firefox.execute_script(offered.format("password-notification-password")) == THIRD)
        assert firefox.execute_script(offered.format("password-notification-username")) == "ana"


def test_the_last_supervisor_can_neither_be_demoted_nor_removed(users, supervisor):
    set_role(supervisor, "supervisor", "salesperson")
    expect_error(supervisor, "last supervisor")
    expect(row_of(users, "supervisor")).to_contain_text("Supervisor")
    remove(supervisor, "supervisor")
    expect_error(supervisor, "supervisor")


def test_users_change_their_password_and_stay_signed_in(page, demo, supervisor):
    supervisor.choose("Change password")
    expect(page.get_by_label("Current password")).to_be_focused()
    expect_user_name(page, "supervisor")
    supervisor.type("wrong password")
    enter(page.get_by_label("New password"), OTHER)
    supervisor.check(page.locator("#current-password-error"), "It is not your password.")
    enter(page.get_by_label("Current password"), PASSWORD)
    supervisor.expect_notice("Your password was changed.")
    supervisor.turn("Next", "26–50 of 800")
    demo.sign_in(password=OTHER)
