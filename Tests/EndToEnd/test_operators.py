"""Commands and starts of an operator: missing and older inventories, full disks, lost ports, text for the terminal."""

import contextlib
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
from program import NUMBERS, PASSWORD, PROGRAM, ROOT, carrier, free_port, mounting, output, run, until

OLDER = pathlib.Path(__file__).parent / "inventories"


def carrier_in(folder, command, database="", before=(), input="", **options):
    """Runs a command on a database; its name replaces {} in the command."""
    environment = {"DATABASE_URL": database}
    return run(
        *before, PROGRAM, *command.format(database).split(), cwd=folder, env=environment, input=input, **options)


def test_commands_create_no_inventory_except_migrate_on_postgresql(cluster, tmp_path):
    (tmp_path / "empty").touch()
    commands = [
        "user list", "user add ana", "history list", "undo 1", "export -", "import -", "import - --dry-run", "check",
        "backup copy", "copy --to sqlite:copy --from {}", "migrate"]
    for database in ("sqlite:absent", "sqlite:empty", cluster.url):
        for command in commands[:-1] if database == cluster.url else commands:
            ended = carrier_in(tmp_path, command, database, input=PASSWORD + "\n")
            message = f"Error: There is no inventory at {database.removeprefix('sqlite:')}. Check the current folder"
            assert ended.returncode == 1 and ended.stderr.startswith(message), (command, ended.stderr)
    assert os.listdir(tmp_path) == ["empty"] and (tmp_path / "empty").stat().st_size == 0
    assert cluster.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    assert carrier_in(tmp_path, "migrate", cluster.url).returncode == 0
    assert carrier_in(tmp_path, "user list", cluster.url).returncode == 0


@pytest.mark.parametrize("command", ["seed", "import - --create", "copy --from sqlite:data/inventory.sqlite --to {}"])
def test_a_command_that_may_create_an_inventory_creates_it(command, tmp_path):
    assert carrier_in(tmp_path, "seed --count 3").returncode == 0
    ended = carrier_in(tmp_path, command, "sqlite:new", input="value,monthyPrice,setupPrice,currency\n")
    assert ended.returncode == 0, ended.stderr
    assert carrier_in(tmp_path, "check", "sqlite:new").returncode == 0


def back_up_an_older_inventory(folder, database):
    check = carrier_in(folder, "check", database)
    assert check.returncode == 1 and check.stderr.endswith("Bring them up to date with: carrier migrate\n")
    assert carrier_in(folder, "backup copy", database).returncode == 0


def test_a_backup_does_not_change_an_older_file(tmp_path):
    file = tmp_path / "older"
    shutil.copy(OLDER / "1.0.0.sqlite", file)
    bytes_before = file.read_bytes()
    back_up_an_older_inventory(tmp_path, "sqlite:older")
    assert file.read_bytes() == bytes_before

    def dump(file):
        with contextlib.closing(sqlite3.connect(file)) as database: return list(database.iterdump())

    assert any("INSERT INTO \"number\"" in line for line in dump(file))
    without_sessions = [line for line in dump(file) if not line.startswith("INSERT INTO \"session\"")]
    assert without_sessions == dump(tmp_path / "copy")


def test_a_backup_does_not_change_an_older_database(cluster, tmp_path):
    cluster.psql(f"--file={OLDER / '1.0.0.sql'}")
    back_up_an_older_inventory(tmp_path, cluster.url)
    assert cluster.sql("SELECT to_regclass('change')") == ""


def test_a_restored_backup_has_no_sessions(store, store_cluster, start, tmp_path):
    copy, server = tmp_path / "copy", start("--demo", **store)
    user = server.sign_in()
    assert server.carrier("backup", copy).returncode == 0
    assert user.get(NUMBERS).status_code == 200
    restored = f"sqlite:{copy}"
    if store:
        store_cluster.sql("CREATE DATABASE restored")
        restored = server.database.replace("/postgres?", "/restored?")
        output("pg_restore", "--dbname", restored, copy)
    other = start(DATABASE_URL=restored)
    assert user.get(other.address + NUMBERS).status_code == 401
    assert other.total() == 800


def test_a_sqlite_backup_is_restored_after_a_crash(start, tmp_path):
    """Runs the commands of docs/configuration.md. Without the first, the old log changes the restored file."""
    data = tmp_path / "data"
    data.mkdir()
    server = start("--demo", DATABASE_URL=f"sqlite:{data / 'inventory.sqlite'}")
    assert server.carrier("backup", tmp_path / "backup.sqlite").returncode == 0
    body = {"select": {"all": True}, "set": {"monthyPrice": {"to": "7.77"}}}
    preview = server.supervisor.post("/api/v1/changes?dryRun=true", json=body)
    made = server.supervisor.post("/api/v1/changes", json=body, headers={"If-Match": preview.headers["ETag"]})
    assert made.ok, made.text
    server.kill()
    assert (data / "inventory.sqlite-wal").stat().st_size > 0
    (tmp_path / "carrier").symlink_to(PROGRAM)
    document = (ROOT / "docs/configuration.md").read_text()
    commands = re.search(r"```sh\n(rm data/.*?)```", document, re.DOTALL)[1]
    path = f"{tmp_path}:{os.environ['PATH']}"
    checked = run("bash", "-ec", commands, cwd=tmp_path, env={**os.environ, "PATH": path})
    assert "all is well" in checked.stdout, checked
    assert start(DATABASE_URL=server.database).total("monthyPriceFrom=7.77&monthyPriceTo=7.77") == 0


@pytest.mark.parametrize(("command", "database", "message"), [
    ("backup full/copy", "", "The disk is full. Free some space, then try again."),
    ("export full/numbers.csv", "", "full/numbers.csv cannot be written: No space left on device. Free some space."),
    ("seed", "sqlite:full/new", "The disk is full. Free some space, then try again."),
])
def test_a_full_disk_is_reported_and_keeps_no_part(command, database, message, tmp_path):
    assert carrier_in(tmp_path, "seed --count 20000").returncode == 0
    # After the command, `ls` lists the files on the disk.
    before = [*mounting(tmp_path / "full", "300k"), "sh", "-c", '"$@"; status=$?; ls -A full; exit $status', "sh"]
    ended = carrier_in(tmp_path, command, database, before=before)
    assert ended.returncode == 1 and ended.stderr.endswith(f"{message}\n"), ended.stderr
    assert database or (ended.stdout, ended.stderr) == ("", f"Error: {message}\n")


FULL = "Standard output cannot be written: No space left on device. Free some space."


@pytest.mark.parametrize(("command", "stream", "message"), [
    *((command, "1>/dev/full", FULL) for command in ("--help", "--version", "user --help", "export -")),
    *((command, "1>/dev/full", FULL + " The command was done.") for command in ("user list", "history list", "check")),
    ("import -", "0<&-", "Standard input cannot be read: It is closed."),
    ("user add eve", "0<&-", "There is no password on standard input."),
    ("export -", "1>&-", "Standard output cannot be written: It is closed."),
])
def test_a_full_or_closed_stream_is_named(command, stream, message, tmp_path):
    assert carrier_in(tmp_path, "seed --count 3").returncode == 0
    assert carrier_in(tmp_path, "user add ana", input=PASSWORD + "\n").returncode == 0
    ended = carrier_in(tmp_path, command, before=["sh", "-c", f'exec "$@" {stream}', "sh"])
    assert (ended.returncode, ended.stderr) == (1, f"Error: {message}\n")


@pytest.mark.parametrize("command", ["check", "backup copy"])
def test_a_damaged_file_is_reported_without_error_codes(command, tmp_path):
    assert carrier_in(tmp_path, "seed --count 5000").returncode == 0
    file = tmp_path / "data/inventory.sqlite"
    # Overwrite numbers and indexes, not the schema.
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        damaged.write(b"\xff" * 100_000)
    ended = carrier_in(tmp_path, command)
    text = ended.stdout + ended.stderr
    assert ended.returncode == 1 and "The database says: " in text and "SQLite error" not in text, text
    assert os.listdir(tmp_path) == ["data"]


def test_an_unknown_host_is_named(tmp_path):
    ended = carrier_in(tmp_path, "serve --log-level critical --host nowhere.invalid")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: The host nowhere.invalid is unknown. Check --host;"), ended.stderr
    assert os.listdir(tmp_path) == []


def test_a_first_password_that_cannot_be_shown_ends_the_start(tmp_path):
    with open("/dev/full", "w") as full:
        ended = carrier_in(tmp_path, "serve --demo --port 0 --log-level critical", stdout=full)
    assert ended.returncode == 1
    assert ended.stderr.endswith("was not shown. Reset it with: carrier user set-password supervisor\n"), ended.stderr
    # The database was closed, so the copy of one file is complete.
    shutil.copy(tmp_path / "data/inventory.sqlite", tmp_path / "copy")
    assert "has 800 numbers" in carrier_in(tmp_path, "seed", "sqlite:copy").stderr


@pytest.mark.parametrize("waits", [False, True], ids=["a file", "a database that is away"])
def test_of_two_servers_that_start_at_once_one_creates_the_first_user(start, waits, request):
    port, database = free_port(), {}
    if waits:
        cluster = request.getfixturevalue("cluster")
        database = {"DATABASE_URL": cluster.url}
        cluster.do("kill")
    servers = [start(port=port, SUPERVISOR_PASSWORD="", **database) for _ in range(2)]
    if waits:
        for server in servers: until(lambda server=server: "waiting for the database" in server.log.read_text())
        with pytest.raises(ConnectionRefusedError): socket.create_connection(("127.0.0.1", port), timeout=5)
        assert [server.shown_passwords for server in servers] == [[], []]
        cluster.do("start")
    ended = until(lambda: [server for server in servers if server.process.poll() is not None])
    assert len(ended) == 1 and ended[0].process.returncode == 1
    assert f"Another program listens on 127.0.0.1, port {port} already." in ended[0].log.read_text()
    until(lambda: any("is ready" in server.output.read_text() for server in servers))
    [password] = servers[0].shown_passwords + servers[1].shown_passwords
    assert servers[0].try_sign_in(password=password).status_code == 201


def test_the_first_password_is_shown_even_if_the_port_is_lost(start, cluster):
    port = free_port()
    cluster.do("kill")
    first = start(port=port, SUPERVISOR_PASSWORD="", DATABASE_URL=cluster.url)
    until(lambda: "waiting for the database" in first.log.read_text())
    with socket.create_server(("127.0.0.1", port)):
        cluster.do("start")
        assert first.process.wait(timeout=60) == 1
    assert "Another program listens" in first.log.read_text()
    [password] = first.shown_passwords
    again = start(SUPERVISOR_PASSWORD="", DATABASE_URL=cluster.url)
    assert again.shown_passwords == [] and again.try_sign_in(password=password).status_code == 201


def test_a_database_that_refuses_is_reported_at_once_and_again(tmp_path):
    log, url = tmp_path / "log", f"postgres://ana@127.0.0.1:{free_port()}/inventory"
    with log.open("wb") as errors:
        process = subprocess.Popen([PROGRAM, "user", "list", "--database-url", url], env={}, stderr=errors)
    began = time.monotonic()
    try:
        until(lambda: log.read_text().count("\n") == 1)
        assert time.monotonic() - began < 5
        report = log.read_text()
        assert report.startswith(f"Waiting for the database {url}: ") and "Connection refused" in report
        until(lambda: log.read_text().count("\n") == 2)
        assert time.monotonic() - began > 9
    finally:
        process.kill()
        process.wait()


def test_a_database_role_that_may_only_read_gets_an_explanation(start, cluster, tmp_path):
    owner = start(DATABASE_URL=cluster.url)
    owner.create(value="+55 84 91234-4322")
    cluster.sql("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    url = cluster.url.replace("postgres@", "reader@")
    reader = start(DATABASE_URL=url)
    assert owner.supervisor.get(reader.address + NUMBERS).headers["X-Total-Count"] == "1"
    write = owner.supervisor.patch(reader.address + NUMBERS + "/1", json={"setupPrice": "5"})
    for response in (write, reader.get("/readyz"), reader.try_sign_in()):
        assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable"), response.text
    assert owner.readiness == 200
    for command, input in (("user add ana", PASSWORD + "\n"), ("seed", ""), ("import - --create", ROW)):
        ended = carrier_in(tmp_path, command, url, input=input)
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
    ended = carrier(*arguments, cwd=folder, input=input, env={"DATABASE_URL": "sqlite:inventory.sqlite", **environment})
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An inventory with texts that the program would reject."""
    folder = tmp_path_factory.mktemp("inventory")
    output_of(folder, "seed", "--count", "3")
    assert "Imported 1 rows" in output_of(folder, "import", "-", input=ROW)
    with contextlib.closing(sqlite3.connect(folder / "inventory.sqlite")) as database, database:
        database.execute("INSERT INTO user (username, role, passwordHash) VALUES (?, 'salesperson', '')", [TEXT])
        database.execute("INSERT INTO number_count VALUES (?, 7)", [TEXT])
        database.execute("UPDATE change SET username = ?", [TEXT])
        database.execute("UPDATE change_number SET after_value = ?", [TEXT])
    return folder


@pytest.mark.parametrize("arguments, options", [
    (["import", "-", "--dry-run"], {"input": CSV}),
    (["import", "-", "--dry-run", "--format", "ndjson"], {"input": NDJSON}),
    *((command.split(), {}) for command in ("user list", "history list", "history show 1", "check")),
    *(([*command.split(), TEXT], {}) for command in ("", "import", "export", "export - --sort", "export - --format")),
    (["check", "--database-url", f"sqlite:{TEXT}"], {}),
    *((["serve"], {name: TEXT}) for name in ("PORT", "DATABASE_URL", "SUPERVISOR_PASSWORD_FILE")),
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
