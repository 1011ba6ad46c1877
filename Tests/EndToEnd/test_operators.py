"""Commands and starts of an operator: missing and older inventories, full disks, lost ports, text for the terminal."""

import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import time

import pytest
from program import NUMBERS, PASSWORD, PROGRAM, Server, carrier, free_port, mounting, until

OLDER = pathlib.Path(__file__).parent / "inventories"
WITHOUT_CREATING = [
    "user list", "user add ana", "history list", "undo 1", "export -", "import -", "import - --dry-run", "check",
    "backup copy", "copy --to sqlite:copy --from {}"]


def run(folder, command, database="", before=(), input="", **options):
    """Runs a command on a database; its name replaces {} in the command."""
    return subprocess.run(
        [*before, PROGRAM, *command.format(database).split()], cwd=folder, env={"DATABASE_URL": database}, input=input,
        stderr=subprocess.PIPE, text=True, timeout=120, **{"stdout": subprocess.PIPE, **options})


@pytest.mark.parametrize("command", [*WITHOUT_CREATING, "migrate"])
def test_without_an_inventory_no_file_is_created(command, tmp_path):
    (tmp_path / "empty").touch()
    for file in ("absent", "empty"):
        ended = run(tmp_path, command, f"sqlite:{file}", input=PASSWORD + "\n")
        assert ended.returncode == 1
        assert ended.stderr.startswith(f"Error: There is no inventory at {file}. Check the current folder"), ended.stderr
    assert os.listdir(tmp_path) == ["empty"] and (tmp_path / "empty").stat().st_size == 0


def test_without_an_inventory_only_a_migration_creates_tables(cluster, tmp_path):
    for command in WITHOUT_CREATING:
        ended = run(tmp_path, command, cluster.url, input=PASSWORD + "\n")
        assert (ended.returncode, ended.stderr.partition(" at ")[0]) == (1, "Error: There is no inventory"), ended.stderr
    assert cluster.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    assert run(tmp_path, "migrate", cluster.url).returncode == 0
    assert run(tmp_path, "user list", cluster.url).returncode == 0


@pytest.mark.parametrize("command", ["seed", "import - --create", "copy --from sqlite:data/inventory.sqlite --to {}"])
def test_a_command_that_may_create_an_inventory_creates_it(command, tmp_path):
    assert run(tmp_path, "seed --count 3").returncode == 0
    ended = run(tmp_path, command, "sqlite:new", input="value,monthyPrice,setupPrice,currency\n")
    assert ended.returncode == 0, ended.stderr
    assert run(tmp_path, "check", "sqlite:new").returncode == 0


def back_up_an_older_inventory(folder, database):
    check = run(folder, "check", database)
    assert check.returncode == 1 and check.stderr.endswith("Bring them up to date with: carrier migrate\n")
    backup = run(folder, "backup copy", database)
    assert backup.returncode == 0, backup.stderr


def test_a_backup_does_not_change_an_older_file(tmp_path):
    file = tmp_path / "older"
    shutil.copy(OLDER / "1.0.0.sqlite", file)
    bytes_before = file.read_bytes()
    back_up_an_older_inventory(tmp_path, "sqlite:older")
    assert file.read_bytes() == bytes_before
    dumps = []
    for name in ("older", "copy"):
        with sqlite3.connect(tmp_path / name) as database: dumps.append(list(database.iterdump()))
        database.close()
    without_sessions = [line for line in dumps[0] if not line.startswith("INSERT INTO \"session\"")]
    assert without_sessions == dumps[1] and any("INSERT INTO \"number\"" in line for line in dumps[0])


def test_a_backup_does_not_change_an_older_database(cluster, tmp_path):
    cluster.psql(f"--file={OLDER / '1.0.0.sql'}")
    back_up_an_older_inventory(tmp_path, cluster.url)
    assert cluster.sql("SELECT to_regclass('change')") == ""


def test_a_restored_backup_has_no_sessions(store, start, request, tmp_path):
    copy, server = tmp_path / "copy", start("--demo", **store)
    user = server.sign_in()
    assert server.carrier("backup", copy).returncode == 0
    assert user.get(NUMBERS).status_code == 200
    restored = f"sqlite:{copy}"
    if store:
        request.getfixturevalue("cluster").sql("CREATE DATABASE restored")
        restored = server.database.replace("/postgres?", "/restored?")
        subprocess.run(["pg_restore", "--dbname", restored, copy], check=True)
    other = start(DATABASE_URL=restored)
    assert user.get(other.address + NUMBERS).status_code == 401
    assert other.total() == 800


@pytest.mark.parametrize(("command", "database", "message"), [
    ("backup full/copy", "", "The disk is full. Free some space, then try again."),
    ("export full/numbers.csv", "", "full/numbers.csv cannot be written: No space left on device. Free some space."),
    ("seed", "sqlite:full/new", "The disk is full. Free some space, then try again."),
])
def test_a_full_disk_is_reported_and_keeps_no_part(command, database, message, tmp_path):
    assert run(tmp_path, "seed --count 20000").returncode == 0
    # Lists the files on the disk afterwards.
    before = [*mounting(tmp_path / "full", "300k"), "sh", "-c", '"$@"; status=$?; ls -A full; exit $status', "sh"]
    ended = run(tmp_path, command, database, before=before)
    assert ended.returncode == 1 and ended.stderr.endswith(f"{message}\n"), ended.stderr
    assert database or (ended.stdout, ended.stderr) == ("", f"Error: {message}\n")


@pytest.mark.parametrize("command", ["--help", "--version", "user --help", "user list", "history list", "export -", "check"])
def test_a_command_that_cannot_print_fails(command, tmp_path):
    assert run(tmp_path, "seed --count 3").returncode == 0
    assert run(tmp_path, "user add ana", input=PASSWORD + "\n").returncode == 0
    with open("/dev/full", "w") as full:
        ended = run(tmp_path, command, stdout=full)
    message = "Error: Standard output cannot be written: No space left on device. Free some space."
    done = " The command was done." if command in ("user list", "history list", "check") else ""
    assert (ended.returncode, ended.stderr) == (1, f"{message}{done}\n")


@pytest.mark.parametrize(("command", "stream", "message"), [
    ("import -", "0<&-", "Standard input cannot be read: It is closed."),
    ("user add ana", "0<&-", "There is no password on standard input."),
    ("export -", "1>&-", "Standard output cannot be written: It is closed."),
])
def test_a_closed_stream_is_named(command, stream, message, tmp_path):
    assert run(tmp_path, "seed --count 3").returncode == 0
    ended = run(tmp_path, command, before=["sh", "-c", f'exec "$@" {stream}', "sh"])
    assert (ended.returncode, ended.stderr) == (1, f"Error: {message}\n")


@pytest.mark.parametrize("command", ["check", "backup copy"])
def test_a_damaged_file_is_reported_without_error_codes(command, tmp_path):
    assert run(tmp_path, "seed --count 5000").returncode == 0
    file = tmp_path / "data/inventory.sqlite"
    # Overwrite numbers and indexes, not the schema.
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        damaged.write(b"\xff" * 100_000)
    ended = run(tmp_path, command)
    text = ended.stdout + ended.stderr
    assert ended.returncode == 1 and "The database says: " in text and "SQLite error" not in text, text
    assert os.listdir(tmp_path) == ["data"]


def test_an_unknown_host_is_named(tmp_path):
    ended = run(tmp_path, "serve --log-level critical --host nowhere.invalid")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: The host nowhere.invalid is unknown. Check --host;"), ended.stderr
    assert os.listdir(tmp_path) == []


def test_a_first_password_that_cannot_be_shown_ends_the_start(tmp_path):
    with open("/dev/full", "w") as full:
        ended = run(tmp_path, "serve --demo --port 0 --log-level critical", stdout=full)
    assert ended.returncode == 1
    assert ended.stderr.endswith("was not shown. Reset it with: carrier user set-password supervisor\n"), ended.stderr
    # The database was closed, so the copy of one file is complete.
    shutil.copy(tmp_path / "data/inventory.sqlite", tmp_path / "copy")
    assert "has 800 numbers" in run(tmp_path, "seed", "sqlite:copy").stderr


class Start:
    def __init__(self, folder, name, port, database):
        self.output, self.log, self.address = folder / f"{name}.output", folder / f"{name}.log", f"http://127.0.0.1:{port}"
        with self.output.open("wb") as output, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve"], cwd=folder, env={"PORT": str(port), "DATABASE_URL": database}, stdout=output, stderr=log)

    @property
    def passwords(self):
        return re.findall(r"supervisor, password (\S+) \(shown this once\)", self.output.read_text())

    @property
    def is_ready(self): return "is ready" in self.output.read_text()

    def reports(self, message): return message in self.log.read_text()

    try_sign_in, kill = Server.try_sign_in, Server.kill


@pytest.mark.parametrize("waits", [False, True], ids=["a file", "a database that is away"])
def test_of_two_servers_that_start_at_once_one_creates_the_first_user(waits, tmp_path, request):
    port, database = free_port(), "sqlite:inventory"
    if waits:
        cluster = request.getfixturevalue("cluster")
        database = cluster.url
        cluster.do("kill")
    starts = [Start(tmp_path, name, port, database) for name in ("first", "second")]
    try:
        if waits:
            for start in starts: until(lambda start=start: start.reports("waiting for the database"))
            with pytest.raises(ConnectionRefusedError): socket.create_connection(("127.0.0.1", port), timeout=5)
            assert [start.passwords for start in starts] == [[], []]
            cluster.do("start")
        ended = until(lambda: [start for start in starts if start.process.poll() is not None])
        assert len(ended) == 1 and ended[0].process.returncode == 1
        assert ended[0].reports(f"Another program listens on 127.0.0.1, port {port} already.")
        until(lambda: any(start.is_ready for start in starts))
        [password] = starts[0].passwords + starts[1].passwords
        assert starts[0].try_sign_in(password=password).status_code == 201
    finally:
        for start in starts: start.kill()


def test_the_first_password_is_shown_even_if_the_port_is_lost(tmp_path, cluster):
    port = free_port()
    cluster.do("kill")
    start = Start(tmp_path, "late", port, cluster.url)
    try:
        until(lambda: start.reports("waiting for the database"))
        with socket.create_server(("127.0.0.1", port)):
            cluster.do("start")
            assert start.process.wait(timeout=60) == 1
        assert start.reports("Another program listens")
        [password] = start.passwords
        start = Start(tmp_path, "again", port, cluster.url)
        until(lambda: start.is_ready)
        assert start.passwords == [] and start.try_sign_in(password=password).status_code == 201
    finally:
        start.kill()


def test_a_database_that_refuses_is_reported_at_once_and_again(tmp_path):
    log = tmp_path / "log"
    url = f"postgres://ana@127.0.0.1:{free_port()}/inventory"
    with log.open("wb") as errors:
        process = subprocess.Popen([PROGRAM, "user", "list", "--database-url", url], env={}, stderr=errors)
    began = time.monotonic()
    try:
        reports = until(lambda: log.read_text().splitlines())
        assert reports[0].startswith(f"Waiting for the database {url}: ") and "Connection refused" in reports[0]
        until(lambda: len(log.read_text().splitlines()) == 2)
        assert time.monotonic() - began > 9
    finally:
        process.kill()
        process.wait()


def test_a_database_role_that_may_only_read_gets_an_explanation(start, cluster, tmp_path):
    owner = start(DATABASE_URL=cluster.url)
    owner.create()
    cluster.sql("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    url = cluster.url.replace("postgres@", "reader@")
    reader = start(DATABASE_URL=url)
    assert owner.supervisor.get(reader.address + NUMBERS).headers["X-Total-Count"] == "1"
    write = owner.supervisor.patch(reader.address + NUMBERS + "/1", json={"setupPrice": "5"})
    for response in (write, reader.get("/readyz"), reader.try_sign_in()):
        assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable"), response.text
    assert owner.readiness == 200
    for command in ("user add ana", "seed", "import - --create"):
        rows = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4322,1,1,U$\n"
        ended = run(tmp_path, command, url, input=rows if "import" in command else PASSWORD + "\n")
        assert ended.returncode == 1
        assert "Grant it SELECT, INSERT, UPDATE and DELETE on all tables" in ended.stderr, ended.stderr


# A window title, a new line, and characters that reverse or hide others.
TEXT = "\x1b]0;x\x07\n\x7f\x9b\u202e"
SHOWN = r"\u{1B}]0;x\u{7}"
INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
CSV = f"value,monthyPrice,setupPrice,currency,{TEXT[:-3].replace(chr(10), '')}\n"
NDJSON = json.dumps({"value": "+55 84 91234-4321", TEXT: "1"}) + "\n"
ROW = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4321,0.03,3.40,U$\n"


def output_of(folder, *arguments, input="", **environment):
    run = carrier(*arguments, cwd=folder, input=input, env={"DATABASE_URL": "sqlite:inventory.sqlite", **environment})
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An inventory with texts that the program would reject."""
    folder = tmp_path_factory.mktemp("inventory")
    output_of(folder, "seed", "--count", "3")
    assert "Imported 1 rows" in output_of(folder, "import", "-", input=ROW)
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
    output = output_of(folder, *arguments, **options)
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
