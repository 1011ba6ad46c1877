"""Shared by the tests of the console: users with browsers, and what they do."""

import re
import shutil

from axe_playwright_python.sync_playwright import Axe
from marionette_driver import By, Keys, Wait
from marionette_driver.marionette import Marionette
from playwright.sync_api import expect
from program import NUMBERS, PASSWORD, free_port


class Visitor:
    """A user with a browser, which must report no errors."""

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
        # Responses with a 4xx status are no errors, but the browser reports them.
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
        return self

    def check(self, target=None, text=""):
        """Waits for a target with a text, and asserts that the page violates no rule of WCAG and caused no error."""
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

    def expect_focus(self):
        """Asserts that the focus is on an element, so that keyboard users stay where they are."""
        expect(self.page.locator("body:not(:has(:focus))")).to_have_count(0)

    def open_page(self, name):
        self.page.locator("#places").get_by_role("link", name=name).click()
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(self.page.locator("main :is(h1, [autofocus]):focus")).to_have_count(1)

    def choose(self, name):
        """Chooses from the user's menu."""
        self.page.locator("#who").click()
        self.page.locator("#account").get_by_role("button", name=name).click()

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def expect_status(self, text):
        """Waits until the table's status is this text."""
        expect(self.page.locator("#status")).to_have_text(text)

    def expect_range(self, text):
        """Waits until the table shows these numbers, such as "1–25 of 800"."""
        expect(self.page.locator("#range")).to_have_text(text)

    def turn(self, name, range):
        """Presses a button, and waits until the table shows `range`."""
        self.click(name)
        self.expect_range(range)

    def expect_notice(self, text=""):
        """Waits until the newest notice has a text, and returns it."""
        newest = self.page.locator(".notice").last
        expect(newest).to_contain_text(text)
        return newest

    def undo(self, button="Undo", text="Undone: "):
        """Presses a button of the newest notice, and waits for the next notice."""
        self.expect_notice().get_by_role("button", name=button).click()
        return self.expect_notice(text)

    def click(self, button, notice=None):
        """Presses a button, and waits for a notice."""
        self.button(button).click()
        if notice: self.expect_notice(notice)

    def press(self, *keys, notice=None):
        for key in keys: self.page.keyboard.press(key)
        if notice: self.expect_notice(notice)

    def type(self, text, notice=None):
        self.page.keyboard.type(text)
        if notice: self.expect_notice(notice)

    def fill(self, **members):
        for name, value in members.items(): self.page.locator(f"#number [name={name}]").fill(value)

    def expect_fields(self, **members):
        """Waits until the dialog of a number shows these texts."""
        for name, value in members.items(): expect(self.page.locator(f"#number [name={name}]")).to_have_value(value)

    def new_number(self, **members):
        self.click("New number")
        # Keys pressed earlier would miss the dialog.
        expect(self.page.locator("#value")).to_be_focused()
        self.fill(**members)

    def press_in_row(self, index, name):
        self.row(index).hover()
        self.row(index).get_by_role("button", name=name).click()

    def edit(self, index, **members):
        self.press_in_row(index, "Edit")
        expect(self.page.locator("#value")).to_be_focused()
        self.fill(**members)

    def expect_no_dialog(self):
        """Waits until dialogs and editors of cells are closed."""
        expect(self.page.locator("dialog, input.cell")).to_have_count(0)

    def row(self, index):
        return self.page.locator("#rows tr").nth(index)

    def cell(self, index, name):
        return self.row(index).locator(f"[data-name={name}]")

    def expect_fit(self):
        """Waits until nothing is wider than the screen."""
        self.page.wait_for_function(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def expect_in_sight(self, target):
        """Waits until nothing covers the middle of `target`."""
        self.page.wait_for_function("""it => {
            const { x, y, width, height } = it.getBoundingClientRect();
            const top = document.elementFromPoint(x + width / 2, y + height / 2);
            return Boolean(top) && (it.contains(top) || top.contains(it));
        }""", arg=target.element_handle())

    def record_requests(self, part="/api/v1/numbers", methods=("GET", "POST", "PUT", "PATCH", "DELETE")):
        """A list to which each request that the page sends from now on is added."""
        sent = []
        self.page.on("request", lambda request: sent.append(request)
                     if part in request.url and request.method in methods else None)
        return sent

    def record_keys(self):
        """A list of the `Idempotency-Key`, or None, of each POST that the page sends from now on."""
        keys = []
        self.page.on("request", lambda request: keys.append(request.headers.get("idempotency-key"))
                     if request.method == "POST" else None)
        return keys

    def record_dialogs(self, accept=False):
        """A list of the types of the browser's dialogs from now on; accepts or dismisses each."""
        opened = []
        self.page.on("dialog", lambda dialog: (
            opened.append(dialog.type), dialog.accept() if accept else dialog.dismiss()))
        return opened


class Firefox(Marionette):
    """Firefox, driven by its own protocol, Marionette."""

    def __init__(self, folder):
        # Playwright would need to download its own Firefox.
        program = shutil.which("firefox-esr")
        assert program, "firefox-esr is missing: scripts/install-dependencies --tests"
        super().__init__(bin=program, headless=True, port=free_port(), gecko_log=str(folder / "firefox.log"))
        self.start_session()
        self.timeout.implicit = 60

    def sign_in(self, server, path="/", address=None):
        address = address or server.address
        self.navigate(address + "/console/icon.svg")
        token = server.supervisor.headers["Authorization"].removeprefix("Bearer ")
        self.execute_script("localStorage.setItem('token', arguments[0])", [token])
        self.navigate(address + path)

    def click(self, selector):
        self.find_element(By.CSS_SELECTOR, selector).click()

    def type(self, text):
        self.actions.sequence("key", "keyboard").send_keys(text.replace("\n", Keys.ENTER)).perform()

    def press_with_control(self, key):
        self.actions.sequence("key", "keyboard").key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()

    def copy(self, text):
        """Copies a text as another program does."""
        with self.using_context("chrome"):
            self.execute_script("""Cc["@mozilla.org/widget/clipboardhelper;1"].getService(Ci.nsIClipboardHelper)
                .copyString(arguments[0])""", [text])

    def find(self, id):
        return self.find_element(By.ID, id)

    def press(self, id):
        button = self.find(id)
        Wait(self, timeout=60).until(lambda _: button.is_displayed())
        button.click()

    def expect(self, id, text):
        Wait(self, timeout=60).until(lambda _: text in self.find(id).text, message=f"#{id} does not say {text}")


def number(server, id):
    return server.supervisor.get(f"{NUMBERS}/{id}").json()


def prices(server, id):
    return number(server, id)["monthyPrice"], number(server, id)["setupPrice"]


def change(server, id, **members):
    response = server.supervisor.patch(f"{NUMBERS}/{id}", json=members)
    assert response.status_code == 200, response.text


def enter(field, text):
    field.fill(text)
    field.press("Enter")
