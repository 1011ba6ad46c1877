"""Fixtures of the console: browsers and users."""

import contextlib
import shutil

import pytest
from console import Firefox, Visitor
from network import Network
from playwright.sync_api import expect, sync_playwright

# The machine may be busy with other work.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser():
    # Debian's browser, to avoid downloading Playwright's.
    program = shutil.which("chromium")
    assert program, "chromium is not installed: run scripts/install-dependencies --tests"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory):
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.quit()


@pytest.fixture
def visit(browser):
    """Opens browsers of users, which must stay free of errors."""
    with contextlib.ExitStack() as stack:
        yield lambda server, **options: stack.enter_context(contextlib.closing(Visitor(browser, server, **options)))


@pytest.fixture
def demo(start):
    return start("--demo")


@pytest.fixture
def network(demo):
    """A network in front of the server, which tests can slow down or cut; the supervisor's browser uses it."""
    with contextlib.closing(Network(("127.0.0.1", demo.port))) as network: yield network


@pytest.fixture
def supervisor(request, visit, demo):
    is_behind = "network" in request.fixturenames
    return visit(demo, address=request.getfixturevalue("network").address if is_behind else None).sign_in()


@pytest.fixture
def page(supervisor):
    """The browser of a supervisor, with the table of numbers."""
    return supervisor.page
