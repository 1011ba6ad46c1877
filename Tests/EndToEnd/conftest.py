"""What the tests of the console are given: a browser, and people at it."""

import shutil

import pytest
from console import Visitor, Wire
from firefox import Firefox
from playwright.sync_api import expect, sync_playwright
from program import Server

# A machine that is busy with something else is no fault of the console.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser():
    # The browser is Debian's, because Playwright's own would have to be downloaded.
    program = shutil.which("chromium")
    assert program, "chromium is missing: scripts/install-dependencies --tests"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def inventories(request, tmp_path):
    """Starts servers, each with a new empty inventory."""
    servers = []
    cluster = request.getfixturevalue("cluster") if request.param == "PostgreSQL" else None

    def start():
        folder = tmp_path / str(len(servers))
        folder.mkdir()
        environment = {}
        if cluster:
            cluster.sql(f"CREATE DATABASE inventory{len(servers)}")
            environment["DATABASE_URL"] = cluster.url.replace("/postgres?", f"/inventory{len(servers)}?")
        servers.append(Server(folder, **environment))
        return servers[-1]

    yield start
    for server in servers:
        assert server.stop() == 0
        assert "status=500" not in server.log.read_text()


@pytest.fixture
def firefox(tmp_path):
    browser = Firefox(tmp_path)
    yield browser
    browser.quit()


@pytest.fixture
def visit(browser):
    visitors = []

    def visit(server, **options):
        visitors.append(Visitor(browser, server, **options))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.no_errors()
        visitor.context.close()


@pytest.fixture
def supervisor(visit, start):
    visitor = visit(start("--demo"))
    visitor.sign_in()
    return visitor


@pytest.fixture
def wire():
    """Puts a wire between a visitor and a server."""
    wires = []

    def wire(server):
        wires.append(Wire(server))
        return wires[-1]

    yield wire
    for each in wires:
        each.close()


@pytest.fixture
def distant(visit, start, wire):
    """A supervisor whose server can be slow or away: the visitor and the wire."""
    server = start("--demo")
    between = wire(server)
    visitor = visit(server, address=between.address)
    visitor.sign_in()
    return visitor, between
