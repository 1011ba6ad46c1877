"""docs/limits.md, held against the program."""

import json
import re
import socket

import pytest
import requests
from program import GOOD, PASSWORD, ROOT

UNITS = {"KiB": 1024, "MiB": 1024 * 1024, "min": 60, "h": 3600}
NUMBERS = "/api/v1/numbers"


def rows():
    """What each line of the table says, by what it bounds."""
    for line in (ROOT / "docs/limits.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5 and cells[0] not in ("what", "---") and not cells[0].startswith("**"):
            yield cells[0], (cells[1], cells[4])


ROWS = dict(rows())


def numbers_of(text):
    """Those of a text for people, in bytes, seconds or what else is counted."""
    return [float(number.replace(",", "")) * UNITS.get(unit, 1)
            for number, unit in re.findall(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?: (KiB|MiB|min|h)\b)?", text)]


def numbers_in(code):
    """Those of a line of Swift from a place on: what is multiplied is one."""
    code = code.split("//")[0]
    found = []
    for product in re.findall(r"(?<![A-Za-z_])\d[\d_]*(?:\.\d+)?(?:\s*\*\s*\d[\d_]*(?:\.\d+)?)*", code):
        number = 1.0
        for factor in product.split("*"): number *= float(factor.replace("_", ""))
        found.append(number / 1000 if ".milliseconds(" in code else number)
    return found


@pytest.mark.parametrize("what", ROWS)
def test_stands_in_the_program(what):
    bound, place = ROWS[what]
    code = re.findall(r"`([^`]+)`", place)
    assert code, f"the place of {what} is still to be named"
    files = list((ROOT / "Sources").rglob(code[0]))
    assert len(files) == 1, (code[0], files)
    found = []
    for start in code[1:]:
        lines = [line for line in files[0].read_text().splitlines() if start in line]
        assert lines, f"{code[0]} has no {start}"
        # A bound that is the start itself, such as (7...15), counts too.
        place = lines[0].index(start) + (0 if re.search(r"\d", start) and not start.endswith(" ") else len(start))
        found += numbers_in(lines[0][place:])
    said = numbers_of(bound)
    assert said and found[: len(said)] == said, (said, found)


def post(server, path=NUMBERS, **changes):
    return server.supervisor.post(server.address + path, json={**GOOD, "value": "+55 84 93333-0001", **changes})


def change(server, **changes):
    """Of number 1, whose status is 422 where a value is refused."""
    return server.supervisor.patch(server.address + NUMBERS + "/1", json=changes)


def body(server, size):
    text = json.dumps({"currency": "U$"})
    return server.supervisor.patch(
        server.address + NUMBERS + "/1", data=text + " " * (size - len(text)), headers={"Content-Type": "application/json"})


def address(server, size):
    start = "/livez?"
    return requests.get(server.address + start + "x" * (size - len(start)))


def status_with_headers(server, size):
    """Names and values together; the program counts the host elsewhere."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"GET /livez HTTP/1.1\r\nHost: {host}\r\nX: {'x' * (size - 1)}\r\n\r\n".encode())
        return int(connection.recv(4096).split()[1])


# How a bound is tried: what is asked with its largest figure, and with one more; the statuses of both.
PROBES = {
    "request body": (body, 200, 413),
    "path and query": (address, 200, 414),
    "JSON nesting": (lambda server, levels: server.supervisor.post(
        server.address + NUMBERS, data='{"a":' + "[" * (levels - 1) + "1" + "]" * (levels - 1) + "}",
        headers={"Content-Type": "application/json"}), 422, 400),
    "page size": (lambda server, size: server.supervisor.get(f"{server.address}{NUMBERS}?perPage={size}"), 200, 400),
    "phone number text": (
        lambda server, length: change(server, value="+55 84 92222-0001".ljust(length - 1, "-") + "-"), 200, 422),
    "phone number digits": (lambda server, count: change(server, value="+4989" + "1" * (count - 4)), 200, 422),
    "price, integer digits": (lambda server, count: change(server, setupPrice="9" * count), 200, 422),
    "price, decimals": (lambda server, count: change(server, setupPrice="1." + "1" * count), 200, 422),
    "`prefix` digits": (
        lambda server, count: server.supervisor.get(server.address + NUMBERS, params={"prefix": "5" * count}), 200, 400),
    "currency sign": (lambda server, count: change(server, currency="A" * (count - 1) + "$"), 200, 422),
}


@pytest.mark.parametrize("what", PROBES)
def test_answers_as_it_says(start_once, what):
    probe, within, beyond = PROBES[what]
    bound = int(numbers_of(ROWS[what][0])[-1])
    assert probe(start_once, bound).status_code == within
    answer = probe(start_once, bound + 1)
    assert answer.status_code == beyond
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.fixture(scope="module")
def start_once(server):
    """The common server: what is changed here is number 1 alone, which is put back."""
    before = server.supervisor.get(server.address + NUMBERS + "/1").json()
    yield server
    assert server.supervisor.put(server.address + NUMBERS + "/1", json=before).status_code == 200


def test_the_headers_together(server):
    size = int(numbers_of(ROWS["headers, total"][0])[-1])
    assert status_with_headers(server, size) == 200
    assert status_with_headers(server, size + 1) == 431


def test_a_request_id_that_is_taken_over(server):
    length = int(numbers_of(ROWS["client's `X-Request-Id`"][0])[-1])
    for more, is_same in ((0, True), (1, False)):
        mine = "a" * (length + more)
        answer = requests.get(server.address + "/livez", headers={"X-Request-Id": mine})
        assert (answer.headers["Request-Id"] == mine) == is_same


def test_unknown_members_that_are_named(server):
    most = int(numbers_of(ROWS["unknown members or parameters listed"][0])[-1])
    answer = post(server, **{f"member{number}": 1 for number in range(most + 5)})
    assert len(answer.json()["errors"]) == most
    query = "&".join(f"parameter{number}=1" for number in range(most + 5))
    assert len(server.supervisor.get(f"{server.address}{NUMBERS}?{query}").json()["errors"]) == most


def test_a_password_that_is_chosen(server):
    least, most = map(int, numbers_of(ROWS["new password"][0]))
    for length, status in ((least - 1, 1), (least, 0), (most, 0), (most + 1, 1)):
        password = ("quiet-41-forests-" * 8)[:length]
        assert server.carrier("user", "add", f"length{length}", input=password + "\n").returncode == status, length


def test_a_users_name(server):
    most = int(numbers_of(ROWS["username"][0])[-1])
    for length, status in ((most, 0), (most + 1, 1)):
        run = server.carrier("user", "add", "a" * length, input=PASSWORD + "\n")
        assert (run.returncode == 0) == (status == 0), run.stderr
