"""Web pages of other origins at a server without sign-in, in a browser."""

import http.server
import json
import re
import threading

import pytest
import requests
from program import GOOD, NUMBERS

WRITE = """async ([url, body]) => {
    const response = await fetch(url, {method: "POST", headers: {"Content-Type": "application/json"}, body});
    return [response.status, response.headers.get("Location")];
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def front_end(tmp_path):
    """The address of a page on another port of this machine."""
    def handler(*arguments): return http.server.SimpleHTTPRequestHandler(*arguments, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


# The first case is from docs/api.md, the second is docker-compose.yml with NO_AUTH=any-address.
@pytest.mark.parametrize(("flag", "origins"), [("--no-auth", None), ("--no-auth=any-address", "*")])
def test_a_front_end_on_localhost_writes_without_sign_in(page, front_end, start, flag, origins):
    server = start(flag, "--cors-origins", origins or front_end)
    assert re.search(" warning .*supervisor", server.log.read_text())
    page.goto(front_end)
    status, location = page.evaluate(WRITE, [server.address + NUMBERS, json.dumps(GOOD)])
    assert status == 201 and requests.get(location).json()["value"] == GOOD["value"]


@pytest.mark.parametrize("origins", ["*", "http://localhost:3000"])
def test_a_form_of_another_site_changes_nothing(page, start, origins):
    server = start("--no-auth", "--cors-origins", origins)
    created = requests.post(server.address + NUMBERS, json=GOOD)
    page.route("http://evil.example/", lambda route: route.fulfill(
        content_type="text/html", body=f'<form method="post" action="{server.address}/api/v1/changes/1/undo"></form>'))
    page.goto("http://evil.example/")
    with page.expect_navigation() as navigation: page.evaluate("document.forms[0].submit()")
    assert navigation.value.status == 403 and "origin-not-allowed" in navigation.value.text()
    assert requests.get(created.headers["Location"]).status_code == 200
