"""Text from clients and files cannot send commands to the terminal of an operator."""

import json
import re
import sqlite3

import pytest
from program import carrier, until

# A window title, a new line, and characters that reverse or hide others.
TEXT = "\x1b]0;x\x07\n\x7f\x9b\u202e"
SHOWN = r"\u{1B}]0;x\u{7}"
INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
CSV = f"value,monthyPrice,setupPrice,currency,{TEXT[:-3].replace(chr(10), '')}\n"
NDJSON = json.dumps({"value": "+55 84 91234-4321", TEXT: "1"}) + "\n"
GOOD = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4321,0.03,3.40,U$\n"


def run(folder, *arguments, input="", **environment):
    run = carrier(*arguments, cwd=folder, input=input, env={"DATABASE_URL": "sqlite:inventory.sqlite", **environment})
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An inventory with texts that the program would reject."""
    folder = tmp_path_factory.mktemp("inventory")
    run(folder, "seed", "--count", "3")
    assert "Imported 1 rows" in run(folder, "import", "-", input=GOOD)
    database = sqlite3.connect(folder / "inventory.sqlite")
    with database:
        database.execute("INSERT INTO user (username, role, passwordHash) VALUES (?, 'salesperson', '')", [TEXT])
        database.execute("INSERT INTO number_count VALUES (?, 7)", [TEXT])
        database.execute("UPDATE change SET username = ?", [TEXT])
        database.execute("UPDATE change_number SET after_value = ?", [TEXT])
    database.close()
    return folder


@pytest.mark.parametrize("arguments, options", [
    (["import", "-", "--dry-run"], {"input": CSV}),
    (["import", "-", "--dry-run", "--format", "ndjson"], {"input": NDJSON}),
    (["import", TEXT], {}),
    (["user", "list"], {}),
    (["history", "list"], {}),
    (["history", "show", "1"], {}),
    (["check"], {}),
    ([TEXT], {}),
    (["export", "-", "--sort", TEXT], {}),
    (["export", "-", "--format", TEXT], {}),
    (["export", TEXT], {}),
    (["check", "--database-url", f"sqlite:{TEXT}"], {}),
    (["serve"], {"PORT": TEXT}),
    (["serve"], {"DATABASE_URL": TEXT}),
    (["serve"], {"SUPERVISOR_PASSWORD_FILE": TEXT}),
], ids=lambda value: " ".join(value).replace(TEXT, "TEXT") if isinstance(value, list) else "")
def test_the_terminal_shows_invisible_characters(folder, arguments, options):
    output = run(folder, *arguments, **options)
    assert SHOWN in output
    assert not INVISIBLE.search(output), output
    # Each record is one line.
    if arguments[-1] == "list": assert output.count("\n") == 1


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_log_and_the_banner_show_invisible_characters(start, tmp_path, format):
    server = start("--log-format", format, DATABASE_URL=f"sqlite:{tmp_path}/{TEXT}.sqlite")
    log = until(lambda: "starting" in server.log.read_text() and server.log.read_text())
    # Within the quotes of the log, a backslash is doubled.
    assert SHOWN.replace("\\", "\\\\") in log
    assert not INVISIBLE.search(log + server.output.read_text())


@pytest.mark.parametrize("method, path, options", [
    ("GET", "/numbers", {"params": {TEXT: "1"}}),
    ("GET", "/changes", {"params": {"kind": TEXT}}),
    ("PATCH", "/numbers/1", {"json": {TEXT: "1"}}),
    ("PATCH", "/numbers/1", {"json": {"id": TEXT}}),
    ("POST", "/numbers/import", {"data": CSV.encode(), "headers": {"Content-Type": "text/csv"}}),
])
def test_problems_show_invisible_characters(server, method, path, options):
    problem = server.supervisor.request(method, "/api/v1" + path, **options).json()
    assert SHOWN in problem["detail"], problem
    assert not INVISIBLE.search(problem["detail"] + json.dumps(problem, ensure_ascii=False)), problem
