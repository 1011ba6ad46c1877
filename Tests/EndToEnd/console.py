"""What the tests of the console share: somebody at a browser, and a wire that can be slow or cut."""

import contextlib
import re
import socket
import threading
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect
from program import PASSWORD


class Visitor:
    """Somebody at a browser of their own, whose console must stay free of errors."""

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
        # An answer of 4xx is the browser's news, not ours.
        page.on("console", lambda message: self.errors.append(message.text)
                if message.type in ("error", "warning") and "Failed to load resource" not in message.text else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.outside.append(request.url)
                if not request.url.startswith((self.address, "data:", "blob:")) else None)
        return page

    def sign_in(self, username="supervisor", password=PASSWORD, path="/"):
        """As if it were done in another tab: to hash a password takes longer than most tests."""
        is_first = (username, password) == ("supervisor", PASSWORD)
        client = self.server.supervisor if is_first else self.server.sign_in(username, password)
        self.page.goto("/console/icon.svg")
        self.page.evaluate("(token) => localStorage.setItem('token', token)",
                           client.headers["Authorization"].removeprefix("Bearer "))
        self.page.goto(path)
        expect(self.page.locator("#who")).to_have_text(re.compile(username))
        return self.page

    def type_sign_in(self, username="supervisor", password=PASSWORD):
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def check(self):
        """No violation of WCAG in this state, no error so far, nothing asked of others."""
        # Some begin a little later.
        self.page.wait_for_timeout(250)
        self.page.wait_for_function("""() => document.getAnimations().every(
            (each) => each.playState !== "running" || each.effect?.getTiming().iterations === Infinity)""")
        results = Axe().run(self.page)
        assert results.violations_count == 0, results.generate_report()
        self.no_errors()

    def no_errors(self):
        assert self.errors == [] and self.outside == []

    def keeps_focus(self):
        """Something has the focus: whoever works by keyboard is not thrown back to the start of the page."""
        expect(self.page.locator("body:not(:has(:focus))")).to_have_count(0)

    def focused(self):
        """What has the focus, by its id, its accessible name or its tag."""
        return self.page.evaluate("""() => {
            const it = document.activeElement;
            return it.id || it.getAttribute("aria-label") || it.tagName;
        }""")


class Wire:
    """A way to a server that takes `delay` seconds for each request, or is cut.

    `loses` has the methods whose requests reach the server, and whose responses are lost.

    What is on its way arrives at once when `delay` becomes 0: a test that is done with a slow server need not know how
    long it was slow.
    """

    def __init__(self, server):
        host, port = server.address.removeprefix("http://").split(":")
        self.target = (host, int(port))
        self.delay = 0
        self.is_cut = False
        self.loses = ()
        self.losing = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                client.close()
                continue
            try:
                server = socket.create_connection(self.target)
            except OSError:
                client.close()
                continue
            self.connections += [client, server]
            # It may have been cut meanwhile.
            if self.is_cut: self.shut(client, server)
            threading.Thread(target=self.carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, False), daemon=True).start()

    def carry(self, source, target, is_delayed):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                came = time.monotonic()
                while is_delayed and time.monotonic() - came < self.delay: time.sleep(0.02)
                if is_delayed and data.startswith(tuple(method.encode() for method in self.loses)): self.losing.add(source)
                if target in self.losing: break
                target.sendall(data)
        self.shut(source, target)

    @staticmethod
    def shut(*ends):
        for end in ends:
            with contextlib.suppress(OSError): end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.is_cut = True
        self.shut(*self.connections)
        self.connections.clear()

    def mend(self):
        self.is_cut = False

    def close(self):
        self.listener.close()
        self.cut()


def status(page):
    return page.locator("#status")


def notice(page, text=None):
    notices = page.locator(".notice")
    return notices.filter(has_text=text).last if text else notices.last


def numbers_of(server, query=""):
    answer = server.supervisor.get(f"{server.address}/api/v1/numbers?{query}")
    return int(answer.headers["X-Total-Count"])


def number(server, id):
    return server.supervisor.get(f"{server.address}/api/v1/numbers/{id}").json()


def change(server, id, **members):
    """Somebody else changes a number."""
    answer = server.supervisor.patch(f"{server.address}/api/v1/numbers/{id}", json=members)
    assert answer.status_code == 200, answer.text
    return answer


def fill(page, **members):
    for name, value in members.items():
        page.locator(f"#number [name={name}]").fill(value)


def row(page, index):
    return page.locator("#rows tr").nth(index)


def cell(page, index, name):
    return row(page, index).locator(f"[data-name={name}]")


def fits(page):
    """Nothing is wider than the screen, once it is drawn."""
    with contextlib.suppress(TimeoutError):
        page.wait_for_function("document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=5000)
        return True
    return False


def keys_of(page):
    """The `Idempotency-Key` of each POST that the page sends from now on, or None."""
    keys = []
    page.on("request", lambda request: keys.append(request.headers.get("idempotency-key"))
            if request.method == "POST" else None)
    return keys


def opening(page, id):
    """Goes on when the page has read number `id`, which it does when somebody begins to edit it."""
    return page.expect_response(lambda answer: answer.url.endswith(f"/numbers/{id}") and answer.request.method == "GET")
