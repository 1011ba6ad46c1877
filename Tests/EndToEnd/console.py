"""Shared by the tests of the console: a user with a browser, and steps."""

import contextlib
import re
import shutil

from axe_playwright_python.sync_playwright import Axe
from marionette_driver import By, Wait
from marionette_driver.marionette import Marionette
from playwright.sync_api import TimeoutError, expect
from program import NUMBERS, PASSWORD, free_port


class Visitor:
    """A user with a browser, whose console must stay free of errors."""

    def __init__(self, browser, server, *, address=None, **options):
        self.server = server
        self.address = address or server.address
        options = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}, **options}
        self.context = browser.new_context(base_url=self.address, **options)
        self.context.set_default_timeout(60_000)
        self.errors = []
        self.outside = []
        self.page = self.open_tab()

    def open_tab(self):
        page = self.context.new_page()
        # The browser also reports responses of 4xx.
        page.on("console", lambda message: self.errors.append(message.text)
                if message.type in ("error", "warning") and "Failed to load resource" not in message.text else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.outside.append(request.url)
                if not request.url.startswith((self.address, "data:", "blob:")) else None)
        return page

    def sign_in(self, username="supervisor", password=PASSWORD, path="/"):
        """Signs in as if in another tab. Typing a password each time would take longer than most tests."""
        is_first = (username, password) == ("supervisor", PASSWORD)
        client = self.server.supervisor if is_first else self.server.sign_in(username, password)
        self.page.goto("/console/icon.svg")
        self.page.evaluate("(token) => localStorage.setItem('token', token)",
                           client.headers["Authorization"].removeprefix("Bearer "))
        self.page.goto(path)
        expect(self.page.locator("#who")).to_have_text(re.compile(username))
        if path == "/": expect(self.page.locator("#rows tr, #nothing:visible").first).to_be_visible()
        return self.page

    def check(self, target=None, text=""):
        """Waits for a target with a text, and asserts that the page then violates no rule of WCAG and caused no error."""
        if target: expect(target.filter(visible=True)).to_contain_text(text)
        # Wait for animations, of which some begin later.
        self.page.wait_for_timeout(250)
        self.page.wait_for_function("""() => document.getAnimations().every(
            (each) => each.playState !== "running" || each.effect?.getTiming().iterations === Infinity)""")
        results = Axe().run(self.page)
        assert results.violations_count == 0, results.generate_report()
        self.no_errors()

    def close(self):
        self.no_errors()
        self.context.close()

    def no_errors(self):
        assert self.errors == [] and self.outside == []

    def keeps_focus(self):
        """Asserts that the focus is on an element, so that keyboard users stay where they are."""
        expect(self.page.locator("body:not(:has(:focus))")).to_have_count(0)


class Firefox(Marionette):
    """Firefox, driven by its own protocol, Marionette."""

    def __init__(self, folder):
        # Playwright would need to download its own Firefox.
        program = shutil.which("firefox-esr")
        assert program, "firefox-esr is missing: scripts/install-dependencies --tests"
        super().__init__(bin=program, headless=True, port=free_port(), gecko_log=str(folder / "firefox.log"))
        self.start_session()
        self.timeout.implicit = 60

    def sign_in(self, server, path="/"):
        self.navigate(server.address + "/console/icon.svg")
        token = server.supervisor.headers["Authorization"].removeprefix("Bearer ")
        self.execute_script("localStorage.setItem('token', arguments[0])", [token])
        self.navigate(server.address + path)

    def find(self, id):
        return self.find_element(By.ID, id)

    def press(self, id):
        button = self.find(id)
        Wait(self, timeout=60).until(lambda _: button.is_displayed())
        button.click()

    def expect(self, id, text):
        Wait(self, timeout=60).until(lambda _: text in self.find(id).text, message=f"#{id} does not say {text}")


def status(page):
    return page.locator("#status")


def notice(page, text=None):
    notices = page.locator(".notice")
    return notices.filter(has_text=text).last if text else notices.last


def number(server, id):
    return server.supervisor.get(f"{NUMBERS}/{id}").json()


def change(server, id, **members):
    response = server.supervisor.patch(f"{NUMBERS}/{id}", json=members)
    assert response.status_code == 200, response.text


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def turn(page, name, range):
    """Presses a button, and waits for the numbers of a page."""
    page.get_by_role("button", name=name).click()
    expect(page.locator("#range")).to_have_text(range)


def enter(field, text):
    field.fill(text)
    field.press("Enter")


def press(page, *keys):
    for key in keys: page.keyboard.press(key)


def fill(page, **members):
    for name, value in members.items():
        page.locator(f"#number [name={name}]").fill(value)


def save(page, text=None):
    """Presses Save in the dialog of a number, and waits for a notice."""
    button(page, "Save").click()
    if text: expect(notice(page)).to_contain_text(text)


def undo(page):
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("Undone.")


def new_number(page, **members):
    button(page, "New number").click()
    fill(page, **members)


def edit(page, index, **members):
    row(page, index).hover()
    row(page, index).get_by_role("button", name="Edit").click()
    expect(page.locator("#number-dialog")).to_be_visible()
    fill(page, **members)


def delete(page, index):
    row(page, index).hover()
    row(page, index).get_by_role("button", name="Delete").click()


def row(page, index):
    return page.locator("#rows tr").nth(index)


def cell(page, index, name):
    return row(page, index).locator(f"[data-name={name}]")


def fits(page):
    """Whether nothing is wider than the screen."""
    with contextlib.suppress(TimeoutError):
        page.wait_for_function("document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=5000)
        return True
    return False


def requests_of(page, part="/api/v1/numbers", methods=("GET", "POST", "PUT", "PATCH", "DELETE")):
    """The requests that the page sends from now on."""
    sent = []
    page.on("request", lambda request: sent.append(request) if part in request.url and request.method in methods else None)
    return sent


def keys_of(page):
    """The `Idempotency-Key` of each POST that the page sends from now on, or None."""
    keys = []
    page.on("request", lambda request: keys.append(request.headers.get("idempotency-key"))
            if request.method == "POST" else None)
    return keys


def dialogs_of(page, accept=False):
    """The types of the browser's dialogs from now on, which are accepted or dismissed."""
    opened = []
    page.on("dialog", lambda dialog: (opened.append(dialog.type), dialog.accept() if accept else dialog.dismiss()))
    return opened
