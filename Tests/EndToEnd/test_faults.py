"""Faults of the machine below the program."""

import json
import re
import sqlite3

GOOD = {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", "currency": "U$"}


def test_a_locked_database_is_told_and_survived(start, tmp_path):
    server = start()
    numbers = server.address + "/api/v1/numbers"
    server.supervisor
    other = sqlite3.connect(tmp_path / "inventory.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = server.supervisor.post(numbers, json=GOOD)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json()["detail"] == "The inventory is temporarily unavailable."
    assert server.supervisor.get(numbers).status_code == 200
    other.execute("COMMIT")
    assert server.supervisor.post(numbers, json=GOOD).status_code == 201
    log = server.log.read_text()
    assert "SQLite error 5" in log and answer.headers["Request-Id"] in log


def test_the_log_can_be_read_by_machines(start):
    server = start("--log-format", "json")
    server.supervisor.get(server.address + "/api/v1/numbers?q=secret", headers={"X-Request-Id": "mine"})
    assert server.stop() == 0
    entries = [json.loads(line) for line in server.log.read_text().splitlines()]
    request = next(
        entry for entry in entries
        if entry["message"] == "request" and entry["path"] == "/api/v1/numbers")
    assert (request["method"], request["status"], request["requestId"]) == ("GET", "200", "mine")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", request["time"])
    assert "secret" not in server.log.read_text()
