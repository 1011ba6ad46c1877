"""Users in the console: their roles, sessions and passwords."""

import pytest
from console import button, enter, notice, press, requests_of, turn
from playwright.sync_api import expect
from program import PASSWORD, until

OTHER = "lovely-37-rivers"
THIRD = "purple-81-lanterns"


@pytest.fixture
def people(page):
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", name="People")).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(1)
    return page


def add(page, name, password=OTHER):
    page.get_by_role("button", name="New person").click()
    page.get_by_label("User name").fill(name)
    enter(page.get_by_label("Password", exact=True), password)


def expect_notice(page, text):
    expect(notice(page)).to_contain_text(text)


def person(page, name):
    return page.locator("tbody tr").filter(has_text=name)


def error(page, text):
    return page.locator("#person .fault").filter(has_text=text)


def set_role(page, name, role):
    page.get_by_role("button", name=f"Role of {name}").click()
    page.get_by_label("Role", exact=True).select_option(role)
    page.get_by_role("button", name="Set role").click()


def remove(page, name):
    page.get_by_role("button", name=f"Remove {name}").click()
    page.locator("#person").get_by_role("button", name="Remove").click()


def test_changes_of_a_user_take_effect_at_once(people, demo, supervisor, visit):
    supervisor.check()
    add(people, "Ana Maria", "password")
    expect(error(people, "letters a to z")).to_be_visible()
    supervisor.check(error(people, "most common"))
    people.keyboard.press("Escape")
    add(people, "ana")
    expect_notice(people, "ana may sign in.")
    expect(person(people, "ana")).to_be_visible()
    expect(people.locator("#add-person")).to_be_focused()
    add(people, "ana")
    expect(error(people, "ana")).to_be_visible()
    people.keyboard.press("Escape")
    ana = visit(demo)
    page = ana.sign_in("ana", OTHER)
    expect(page.get_by_role("button", name="New number")).to_have_count(0)
    set_role(people, "ana", "supervisor")
    expect_notice(people, "ana is a supervisor now.")
    expect(person(people, "ana")).to_contain_text("Supervisor")
    page.reload()
    expect(page.get_by_role("button", name="New number")).to_be_visible()
    people.get_by_role("button", name="Sessions of ana").click()
    expect(people.locator("#person tbody tr")).to_have_count(1)
    supervisor.check()
    people.get_by_role("button", name="Sign out everywhere").click()
    expect_notice(people, "ana is signed out everywhere.")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#sign-in-dialog")).to_be_visible()
    people.get_by_role("button", name="Password of ana").click()
    enter(people.get_by_label("Password", exact=True), THIRD)
    expect_notice(people, "ana has a new password")
    enter(page.get_by_label("Password", exact=True), THIRD)
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    remove(people, "ana")
    expect_notice(people, "ana is removed.")
    expect(person(people, "ana")).to_have_count(0)
    supervisor.keeps_focus()


def test_password_fields_have_the_user_name_for_password_managers(people, demo):
    demo.add_user("ana")
    people.reload()
    for name, user in (("New person", ""), ("Password of ana", "ana"), ("Password", "supervisor")):
        button(people, name).click()
        expect(people.locator("dialog [autocomplete=username]")).to_have_value(user)
        people.keyboard.press("Escape")


def test_firefox_offers_to_save_a_password_with_its_user_name(firefox, demo):
    demo.add_user("ana")
    firefox.set_pref("signon.rememberSignons", True)
    firefox.sign_in(demo, "/people")
    firefox.find_element("css selector", "[aria-label='Password of ana']").click()
    firefox.find("new-password").send_keys(THIRD)
    firefox.find_element("css selector", "#person .primary").click()
    firefox.expect("notices", "ana has a new password")
    offered = "return PopupNotifications.getNotification('password') && document.getElementById('{}').value"
    with firefox.using_context("chrome"):
        until(lambda: firefox.execute_script(offered.format("password-notification-password")) == THIRD)
        assert firefox.execute_script(offered.format("password-notification-username")) == "ana"


def test_the_last_supervisor_can_neither_be_demoted_nor_removed(people, supervisor):
    set_role(people, "supervisor", "salesperson")
    supervisor.check(error(people, "last supervisor"))
    people.keyboard.press("Escape")
    expect(person(people, "supervisor")).to_contain_text("Supervisor")
    remove(people, "supervisor")
    supervisor.check(error(people, "supervisor"))


def test_users_change_their_password_and_stay_signed_in(page, demo, supervisor):
    page.get_by_role("button", name="Password").click()
    expect(page.get_by_label("Current password")).to_be_focused()
    page.keyboard.type("wrong password")
    enter(page.get_by_label("New password"), OTHER)
    expect(page.locator("#current-password-fault")).to_have_text("It is not your password.")
    supervisor.check()
    enter(page.get_by_label("Current password"), PASSWORD)
    expect_notice(page, "Your password is changed.")
    turn(page, "Next", "26–50 of 800")
    demo.sign_in(password=OTHER)


def test_a_role_is_not_written_while_it_is_chosen(people, demo):
    demo.add_user("ana")
    people.reload()
    sent = requests_of(people, "/", methods=["PATCH"])
    people.get_by_role("button", name="Role of ana").focus()
    press(people, "Enter", "ArrowDown", "ArrowUp", "ArrowDown")
    people.wait_for_timeout(300)
    assert sent == []
    press(people, "Tab", "Tab", "Enter")
    expect_notice(people, "ana is a supervisor now.")
    expect(people.get_by_role("button", name="Role of ana")).to_be_focused()
    assert len(sent) == 1
