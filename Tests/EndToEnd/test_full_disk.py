"""An SQLite inventory on a full or failing disk: reads continue, and the server is not ready for writes."""

import os

import pytest
from program import GOOD, NUMBERS, PASSWORD, PROGRAM, Disk, output, run, until

FULL = "The disk is full. Free some space, then try again."
ROWS = "value,monthyPrice,setupPrice,currency\n" + "".join(f"+55 84 91234-{row},1.00,1.00,U$\n" for row in range(4400, 4700))


@pytest.fixture
def disk(tmp_path, start):
    """A disk, and a server that has changes in its write-ahead log there."""
    disk = Disk(tmp_path, start, "--demo")
    response = import_(disk, ROWS)
    assert response.status_code == 200, response.text
    return disk


def import_(disk, rows):
    return disk.server.supervisor.post(NUMBERS + "/import", data=rows, headers={"Content-Type": "text/csv"})


def carrier(disk, command, input=""):
    """Runs a command on the same disk; the address of the database replaces {}."""
    entering = ["nsenter", f"--target={disk.server.process.pid}", "--mount",
                *([] if os.getuid() == 0 else ["--user", "--preserve-credentials"])]
    database = disk.server.database
    return run(*entering, PROGRAM, *command.format(database).split(), env={"DATABASE_URL": database}, input=input)


def test_readiness_follows_a_full_disk_within_ten_seconds(disk):
    server = disk.server
    assert server.readiness == 200
    disk.fill()
    until(lambda: server.readiness == 503, seconds=10)
    response = server.get("/readyz")
    assert response.json()["detail"] == f"The inventory cannot be changed. {FULL}" and response.headers["Retry-After"] == "5"
    for path in ("/readyz?reads", "/livez", NUMBERS, NUMBERS + "/export", "/api/v1/changes"):
        assert server.supervisor.get(path).status_code == 200, path
    health = f"health --port {server.port}"
    assert (carrier(disk, health).returncode, carrier(disk, health + " --reads").returncode) == (1, 0)
    disk.free()
    until(lambda: server.readiness == 200, seconds=10)
    disk.fill()
    assert server.stop() == 0
    assert "the write-ahead log stays beside the database file" in server.log.read_text()


@pytest.mark.parametrize("command", [
    "export FOLDER/numbers.csv", "user list", "history list", "check", "migrate", "backup FOLDER/copy",
    "import FOLDER/rows.csv --mode upsert --dry-run", "copy --from {} --to sqlite:FOLDER/other.sqlite"])
def test_a_command_that_only_reads_succeeds_on_a_full_disk(command, disk, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    disk.fill()
    ended = carrier(disk, command.replace("FOLDER", str(tmp_path)))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_a_command_that_writes_succeeds_if_its_commit_does(disk, tmp_path):
    disk.fill(but=64 * 1024)
    added = carrier(disk, "user add ana", input=PASSWORD + "\n")
    assert (added.returncode, added.stdout) == (0, "Added ana, salesperson.\n")
    assert added.stderr.startswith("The write-ahead log stays beside the database file sqlite:")
    assert added.stderr.endswith(f": {FULL}\n") and added.stderr.count("\n") == 1
    disk.fill()
    (tmp_path / "rows.csv").write_text(ROWS.replace("91234", "91235"))
    for command in ("user remove ana", f"import {tmp_path}/rows.csv", "undo 1", "seed --add"):
        refused = carrier(disk, command)
        assert (refused.returncode, refused.stderr) == (1, f"Error: Nothing was done. {FULL}\n")
    assert "ana" in carrier(disk, "user list").stdout


def test_a_server_is_ready_again_once_writes_succeed(start):
    server = start("--demo")
    client = server.supervisor

    def limit_files(size):
        output("prlimit", "--pid", str(server.process.pid), f"--fsize={size}:")

    limit_files(0)
    assert server.readiness == 200
    assert client.post(NUMBERS, json=GOOD).status_code == 503
    response = server.get("/readyz")
    assert response.status_code == 503 and "a limit of file sizes is reached" in response.json()["detail"]
    for path in ("/readyz?reads", "/readyz?reads=1", NUMBERS): assert client.get(path).status_code == 200
    limit_files("unlimited")
    until(lambda: server.readiness == 200, seconds=10)
    server.create()
    limit_files(0)
    assert server.stop() == 0


def test_the_log_of_an_import_that_filled_the_disk_is_truncated_once_there_is_room(disk):
    disk.ballast.write_bytes(bytes(3 << 20))
    rows = "value,monthyPrice,setupPrice,currency\n" + "".join(
        f"+55 84 9{row:04}-{end:04},1.00,1.00,U$\n" for row in range(8000, 8010) for end in range(10_000))
    response = import_(disk, rows)
    assert response.status_code == 503, response.text
    assert disk.server.readiness == 503
    disk.free()
    log = disk.folder / "inventory.sqlite-wal"
    until(lambda: disk.server.readiness == 200 and log.stat().st_size < 1 << 20, seconds=20)
    disk.server.create()
