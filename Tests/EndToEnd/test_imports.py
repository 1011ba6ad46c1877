"""Long imports: what other clients can do meanwhile, and how imports stop."""

import concurrent.futures
import functools
import resource
import time

import pytest
import requests
from program import NUMBERS, carrier, timed, until
from test_files import HEADER, arriving, import_, numbers, table
from wire import statuses

# Importing this takes some seconds.
LONG = table(numbers(40_000))
FIRST_VALUE = next(numbers(1))[0]


def write(server, price="0.05", timeout=30):
    return server.supervisor.patch(NUMBERS + "/1", json={"monthyPrice": price}, timeout=timeout)


def begin(server, data=LONG):
    """A connection on which a whole file was sent and no response has come."""
    return arriving(server, data, f"Content-Length: {len(data)}", "?mode=upsert")


def wait_for(server, is_applied):
    """Waits until the import is being read, or until it is being applied and blocks a write of its first number."""
    if is_applied:
        with pytest.raises(requests.Timeout):
            until(lambda: not write(server, "1", timeout=0.3), 300)
    else:
        time.sleep(0.5)


def test_a_file_of_wrong_prices_is_refused_as_quickly_as_a_correct_one_is_imported(start):
    server = start()
    server.create()
    wrong = [[value, "1.234,56", "1", "R$"] for value, *_ in numbers(40_000)]
    correct, seconds = timed(import_, server, LONG, "?dryRun=true")
    assert correct.status_code == 200
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        response = pool.submit(import_, server, table(wrong, ";"))
        writes = []
        while not response.done():
            writes.append(write(server, f"0.{len(writes)}").status_code)
            time.sleep(0.05)
    assert time.monotonic() - began < max(2 * seconds, 2)
    assert writes and set(writes) == {200}
    report = response.result().json()
    assert (report["status"], report["errorCount"], report["stoppedAtLine"]) == (422, 10_000, 10_001)
    assert len(report["errors"]) == 100
    assert server.total() == 1


@pytest.mark.parametrize("is_applied", [False, True])
def test_an_import_stops_when_its_client_leaves(start, store, is_applied):
    server = start(**store)
    server.create(value=FIRST_VALUE)
    with begin(server):
        wait_for(server, is_applied)
        # Other clients write while the file is being read.
        if not is_applied: assert write(server, timeout=1).status_code == 200
    following, seconds = timed(import_, server, table(numbers(1)), "?mode=upsert&dryRun=true")
    assert following.status_code == 200 and seconds < 2.5
    assert write(server).status_code == 200
    assert server.total() == 1


@pytest.mark.parametrize("is_applied", [False, True])
def test_an_import_stops_at_sigterm(start, store, is_applied):
    server = start(**store)
    server.create(value=FIRST_VALUE)
    with begin(server) as wire:
        wait_for(server, is_applied)
        server.process.terminate()
        response, seconds = timed(wire.response)
        assert seconds < 2.5
        assert (response.status, response.headers["retry-after"]) == (503, "10")
        assert response.problem["detail"] == "The server shuts down, and nothing was done; try again in 10 s."
    assert server.process.wait(timeout=10) == 0
    assert "import" not in server.carrier("history", "list").stdout


def test_a_client_that_closes_its_side_gets_the_response(start):
    server = start()
    with begin(server, table(numbers(10_000))) as wire:
        wire.half_close()
        assert statuses(wire.received()) == [102, 200]
    assert server.total() == 10_000


CORRECT = "{value};1.50;2;R$"
# Rows, each with an error. `end` is the end of a number.
WRONG = {
    "a price with two separators": "{value};1.234,56;2;R$",
    "letters as a price": "{value};free;2;R$",
    "a price with its currency": "{value};R$ 1.50;2;R$",
    "a price with a code": "{value};1.50 BRL;2;R$",
    "digits of another script": "{value};1.\uff15\uff10;2;R$",
    "no prices": "{value};;;R$",
    "a negative price": "{value};-1.50;2;R$",
    "five decimal places": "{value};1.23456;2;R$",
    "an ambiguous price": "{value};1.250;2,50;R$",
    "a number that is too long": "{value}-11;1.50;2;R$",
    "a number that is too short": "+55 84 9{end};1.50;2;R$",
    "an unquoted comma": "{value};1.50;2;R$;1,250.00",
    "an accounting format": "{value};-;2;R$",
    "a quote inside a cell": "{value};1\".50;2;R$",
    "an unknown country": "+999 84 98000-{end};1.50;2;R$",
    "no plus": "55 84 98000-{end};1.50;2;R$",
    "a curly apostrophe": "\u2019{value};1.50;2;R$",
    "an invisible character": "+55 84\u2060 98000-{end};1.50;2;R$",
    "a Cyrillic letter": "+55 84 98\u041e00-{end};1.50;2;R$",
    "a range": "+39 06 12{end}0-99;1.50;2;R$",
    "two numbers": "{value} / 4321;1.50;2;R$",
    "an extension": "{value} ext. 12;1.50;2;R$",
    "scientific notation": "5.58{end}E+12;1.50;2;R$",
    "a decimal number": "+493023{end}.0;1.50;2;R$",
    "a former number": "+229 95 12 {end};1.50;2;R$",
    "parentheses": "+55 (84 98000-{end};1.50;2;R$",
    "an unknown code": "{value};1.50;2;XYZ",
    "a code in small letters": "{value};1.50;2;brl",
    "a long currency": "{value};1.50;2;\u20ac\u20ac\u20ac\u20ac",
    "a missing cell": "{value};1.50;2",
    "too many cells": "{value};1.50;2;R$;5",
    "the same number": "+55 84 98000-0000;1.50;2;R$",
    "a price as a JSON number": '{{"value":"{value}","monthyPrice":1.50,"setupPrice":"2","currency":"R$"}}',
    "an unknown member": '{{"value":"{value}","monthlyPrice":"1.50","setupPrice":"2","currency":"R$"}}',
    "malformed JSON": '{{"value":"{value}","monthyPrice":"1.50","setupPrice":"2","currency":"R$",}}',
}


@functools.cache
def cost(folder, row):
    """The processor seconds for 3000 rows, not counting the start of the program."""
    def seconds(count):
        is_json = row.startswith("{{")
        lines = [row.format(value=f"+55 84 98000-{index:04}", end=f"{index:04}") for index in range(count)]
        rows = "\n".join(lines if is_json else [HEADER.replace(",", ";").strip(), *lines])
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        ended = carrier(
            "import", "-", "--dry-run", "--create", "--format", "ndjson" if is_json else "csv",
            "--database-url", f"sqlite:{folder}/none", input=rows)
        assert ended.returncode == (0 if row == CORRECT else 1) or count == 1
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    # The least of three runs: other work of the machine can only add.
    return min(seconds(3001) for _ in range(3)) - min(seconds(1) for _ in range(3))


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
def test_a_wrong_row_costs_little_more_than_a_correct_one(tmp_path_factory, row):
    # A range is read as two numbers, and the first must lie in a known range.
    limit = 6 if row == WRONG["a range"] else 3
    folder = tmp_path_factory.getbasetemp()
    assert cost(folder, row) < limit * cost(folder, CORRECT)
