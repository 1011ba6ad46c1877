"""People in the console: who may sign in, as what, and everybody's own password."""

import pytest
from console import notice
from playwright.sync_api import expect
from program import PASSWORD, until

OTHER = "lovely-37-rivers"
THIRD = "purple-81-lanterns"


@pytest.fixture
def people(supervisor):
    supervisor.page.get_by_role("link", name="People").click()
    expect(supervisor.page.get_by_role("heading", name="People")).to_be_focused()
    expect(supervisor.page.locator("tbody tr")).to_have_count(1)
    return supervisor


def add(page, name, password=OTHER, role="salesperson"):
    page.get_by_role("button", name="New person").click()
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Role", exact=True).select_option(role)
    page.keyboard.press("Enter")


def person(page, name):
    return page.locator("tbody tr").filter(has_text=name)


def test_people(people, visit):
    page, server = people.page, people.server
    people.check()
    # What is wrong stands beside its field.
    add(page, "Ana Maria", "password")
    page.get_by_label("Role", exact=True).focus()
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#person-name-fault")).to_contain_text("letters a to z")
    expect(page.locator("#new-password-fault")).to_contain_text("most common")
    people.check()
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password", exact=True).fill(OTHER)
    page.get_by_role("button", name="Add").click()
    expect(notice(page)).to_contain_text("ana may sign in.")
    expect(person(page, "ana")).to_be_visible()
    expect(page.locator("#add-person")).to_be_focused()
    page.get_by_role("button", name="New person").click()
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password", exact=True).fill(OTHER)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#person .fault").filter(has_text="ana")).to_be_visible()
    page.keyboard.press("Escape")
    # Another role acts at once.
    ana = visit(server)
    ana.sign_in("ana", OTHER)
    expect(ana.page.get_by_role("button", name="New number")).to_have_count(0)
    page.get_by_role("button", name="Role of ana").click()
    expect(page.get_by_label("Role", exact=True)).to_have_value("salesperson")
    page.get_by_label("Role", exact=True).select_option("supervisor")
    people.check()
    page.get_by_role("button", name="Set role").click()
    expect(notice(page)).to_contain_text("ana is a supervisor now.")
    expect(person(page, "ana")).to_contain_text("Supervisor")
    ana.page.reload()
    expect(ana.page.get_by_role("button", name="New number")).to_be_visible()
    # Sessions, and ending them.
    page.get_by_role("button", name="Sessions of ana").click()
    expect(page.locator("#person tbody tr")).to_have_count(1)
    people.check()
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(notice(page)).to_contain_text("ana is signed out everywhere.")
    ana.page.get_by_role("button", name="Next").click()
    expect(ana.page.locator("#sign-in-dialog")).to_be_visible()
    # Another password.
    page.get_by_role("button", name="Password of ana").click()
    page.get_by_label("Password", exact=True).fill(THIRD)
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("ana has a new password")
    ana.page.get_by_label("Password", exact=True).fill(THIRD)
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("#range")).to_have_text("26–50 of 800")
    page.get_by_role("button", name="Remove ana").click()
    people.check()
    page.locator("#person").get_by_role("button", name="Remove").click()
    expect(notice(page)).to_contain_text("ana is removed.")
    expect(person(page, "ana")).to_have_count(0)
    people.keeps_focus()


def test_a_browser_learns_whose_password_is_set(people):
    page = people.page
    add(page, "ana")
    expect(person(page, "ana")).to_be_visible()
    for button, name in (("New person", ""), ("Password of ana", "ana"), ("Password", "supervisor")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("dialog [autocomplete=username]")).to_have_value(name)
        page.keyboard.press("Escape")


def test_firefox_offers_to_save_a_password_with_its_user_name(firefox, start):
    server = start()
    assert server.carrier("user", "add", "ana", input=OTHER + "\n").returncode == 0
    firefox.set_pref("signon.rememberSignons", True)
    firefox.sign_in(server, "/people")
    firefox.find_element("css selector", "[aria-label='Password of ana']").click()
    firefox.find("new-password").send_keys(THIRD)
    firefox.find_element("css selector", "#person .primary").click()
    firefox.expect("notices", "ana has a new password")
    offered = "return PopupNotifications.getNotification('password') && document.getElementById('{}').value"
    with firefox.using_context("chrome"):
        until(lambda: firefox.execute_script(offered.format("password-notification-password")) == THIRD)
        assert firefox.execute_script(offered.format("password-notification-username")) == "ana"


def test_the_last_supervisor(people):
    page = people.page
    page.get_by_role("button", name="Role of supervisor").click()
    page.get_by_label("Role", exact=True).select_option("salesperson")
    page.get_by_role("button", name="Set role").click()
    expect(page.locator("#person .fault").filter(has_text="last supervisor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(person(page, "supervisor")).to_contain_text("Supervisor")
    page.get_by_role("button", name="Remove supervisor").click()
    page.locator("#person").get_by_role("button", name="Remove").click()
    expect(page.locator("#person .fault").filter(has_text="supervisor")).to_be_visible()
    people.check()


def test_ones_own_password(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("button", name="Password").click()
    expect(page.get_by_label("Current password")).to_be_focused()
    page.keyboard.type("wrong password")
    page.get_by_label("New password").fill(OTHER)
    page.keyboard.press("Enter")
    expect(page.locator("#current-password-fault")).to_have_text("It is not your password.")
    supervisor.check()
    page.get_by_label("Current password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("Your password is changed.")
    # The session goes on.
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    server.sign_in(password=OTHER)


def test_a_role_is_not_written_while_it_is_chosen(people):
    page = people.page
    add(page, "ana")
    expect(person(page, "ana")).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PATCH" else None)
    page.get_by_role("button", name="Role of ana").focus()
    page.keyboard.press("Enter")
    for key in ("ArrowDown", "ArrowUp", "ArrowDown"): page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert sent == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("ana is a supervisor now.")
    expect(page.get_by_role("button", name="Role of ana")).to_be_focused()
    assert len(sent) == 1
