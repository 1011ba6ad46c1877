"""Faults of the machine below the program."""

import json
import re
import shutil
import sqlite3

from program import GOOD


def test_a_locked_database_is_told_and_survived(start, tmp_path):
    server = start()
    numbers = server.address + "/api/v1/numbers"
    # Signed in before: that writes too.
    client = server.supervisor
    other = sqlite3.connect(tmp_path / "inventory.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.post(numbers, json=GOOD)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json()["detail"] == "The inventory is temporarily unavailable."
    assert client.get(numbers).status_code == 200
    other.execute("COMMIT")
    assert client.post(numbers, json=GOOD).status_code == 201
    log = server.log.read_text()
    assert "SQLite error 5" in log and answer.headers["Request-Id"] in log


def test_the_one_file_is_everything_after_an_orderly_stop(start, tmp_path):
    server = start("--demo")
    assert server.supervisor.post(server.address + "/api/v1/numbers", json=GOOD).status_code == 201
    assert server.stop() == 0
    (tmp_path / "elsewhere").mkdir()
    copy = shutil.copy(tmp_path / "inventory.sqlite", tmp_path / "elsewhere")
    database = sqlite3.connect(copy)
    assert database.execute("SELECT count(*) FROM number").fetchone() == (801,)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_deleted_file_is_noticed(start, tmp_path):
    server = start("--demo")
    numbers = server.address + "/api/v1/numbers"
    client = server.supervisor
    (tmp_path / "inventory.sqlite").unlink()
    for answer in (
        client.post(numbers, json=GOOD), client.get(numbers), client.get(server.address + "/readyz"),
    ):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert answer.json()["type"] == "/problems/unavailable"
    assert client.get(server.address + "/livez").status_code == 200
    log = server.log.read_text()
    assert re.search(r"error.*inventory\.sqlite was deleted or replaced", log)
    assert server.stop() == 0


def test_the_log_can_be_read_by_machines(start):
    server = start("--log-format", "json")
    server.supervisor.get(server.address + "/api/v1/numbers?q=secret", headers={"X-Request-Id": "mine"})
    assert server.stop() == 0
    entries = [json.loads(line) for line in server.log.read_text().splitlines()]
    request = next(
        entry for entry in entries
        if entry["message"] == "request" and entry["path"] == "/api/v1/numbers")
    assert (request["method"], request["status"], request["requestId"]) == ("GET", 200, "mine")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", request["time"])
    assert "secret" not in server.log.read_text()
