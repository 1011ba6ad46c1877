"""The bounds of docs/limits.md, tried on a running server. scripts/check-documents compares them with the code."""

import re

import pytest
from program import NUMBERS, ROOT
from wire import ask

UNITS = {"KiB": 1024, "MiB": 1024 * 1024}
DOCUMENT = (ROOT / "docs/limits.md").read_text().partition("## The proxy")[0]
# The bound of each row of the table, by what it bounds.
BOUNDS = dict(re.findall(r"^([^|\n]+?) \| ([^|\n]+?) \|", DOCUMENT, re.MULTILINE))


def bounds(what):
    """The numbers of a bound, in bytes."""
    return [int(number.replace(",", "")) * UNITS.get(unit, 1)
            for number, unit in re.findall(r"(\d[\d,]*)(?: (KiB|MiB)\b)?", BOUNDS[what])]


def change(server, **members):
    return server.supervisor.patch(NUMBERS + "/1", json=members)


def send(server, method, path, text):
    return server.supervisor.request(method, path, data=text, headers={"Content-Type": "application/json"})


# For each bound: a request of a given size, and its status with the largest size and with one more.
PROBES = {
    "request body": (lambda server, size: send(server, "PATCH", NUMBERS + "/1", '{"currency":"U$"}'.ljust(size)), 200, 413),
    "path and query": (lambda server, size: server.get("/livez?".ljust(size, "x")), 200, 414),
    "JSON nesting": (lambda server, levels: send(
        server, "POST", NUMBERS, '{"a":' + "[" * (levels - 1) + "1" + "]" * (levels - 1) + "}"), 422, 400),
    "page size": (lambda server, size: server.supervisor.get(f"{NUMBERS}?perPage={size}"), 200, 400),
    "phone number text": (
        lambda server, length: change(server, value="+55 84 92222-0001".ljust(length - 1, "-") + "-"), 200, 422),
    "phone number digits": (lambda server, count: change(server, value="+4989" + "1" * (count - 4)), 200, 422),
    "price, integer digits": (lambda server, count: change(server, setupPrice="9" * count), 200, 422),
    "price, decimals": (lambda server, count: change(server, setupPrice="1." + "1" * count), 200, 422),
    "`prefix` digits": (
        lambda server, count: server.supervisor.get(NUMBERS, params={"prefix": "5" * count}), 200, 400),
    "currency sign": (lambda server, count: change(server, currency="A" * (count - 1) + "$"), 200, 422),
}


@pytest.mark.parametrize("what", PROBES)
def test_the_largest_size_is_accepted_and_one_more_is_refused(server, what):
    probe, within, beyond = PROBES[what]
    before = server.supervisor.get(NUMBERS + "/1").json()
    assert probe(server, bounds(what)[-1]).status_code == within
    response = probe(server, bounds(what)[-1] + 1)
    assert (response.status_code, response.headers["Content-Type"]) == (beyond, "application/problem+json")
    assert server.supervisor.put(NUMBERS + "/1", json=before).status_code == 200


def test_a_request_id_is_used_up_to_its_bound(server):
    most = bounds("client's `X-Request-Id`")[-1]
    for mine in ("a" * most, "a" * (most + 1)):
        is_used = server.get("/livez", headers={"X-Request-Id": mine}).headers["Request-Id"] == mine
        assert is_used == (len(mine) == most)


def test_all_headers_together_have_a_bound(server):
    size = bounds("headers, total")[-1]
    # The names and values of all headers except Host count.
    for more, status in ((0, 200), (1, 431)):
        assert ask(server, "GET", "/livez", "X: " + "x" * (size - 1 + more)).status == status
