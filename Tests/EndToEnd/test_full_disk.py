"""An inventory in SQLite whose disk is full, or fails: reads continue, and the server is not ready for writes."""

import contextlib
import os
import pathlib
import subprocess

import pytest
import requests
from program import GOOD, PASSWORD, PROGRAM, Server, until

NUMBERS = "/api/v1/numbers"
FULL = "The disk is full. Free some space, then try again."
ROWS = "value,monthyPrice,setupPrice,currency\n" + "".join(f"+55 84 91234-{row},1.00,1.00,U$\n" for row in range(4400, 4700))


class Disk:
    """A disk of 16 MiB, with a server on it that has changes in its write-ahead log alone."""

    def __init__(self, folder, hosts):
        (folder / "disk").mkdir()
        mounting = [
            "unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c",
            'mount -t tmpfs -o size=16m small "$0" && exec "$@"', folder / "disk"]
        if subprocess.run([*mounting, "true"], capture_output=True).returncode != 0:
            pytest.skip("no file system may be mounted")
        self.server = hosts(folder, "--demo", before=mounting, DATABASE_URL=f"sqlite:{folder}/disk/inventory.sqlite")
        file = self.server.supervisor.post(
            self.server.address + NUMBERS + "/import", data=ROWS, headers={"Content-Type": "text/csv"})
        assert file.status_code == 200, file.text
        # The same folder, as the server sees it.
        self.folder = pathlib.Path(f"/proc/{self.server.process.pid}/root{folder}/disk")

    def fill(self, but=0):
        """Leaves `but` bytes."""
        with contextlib.suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True: ballast.write(bytes(4096))
        os.truncate(self.folder / "ballast", (self.folder / "ballast").stat().st_size - but)

    def free(self):
        (self.folder / "ballast").unlink()

    def get(self, path):
        return self.server.supervisor.get(self.server.address + path)

    def carrier(self, command, input=""):
        """Runs another command on the same disk; the database's address replaces {}."""
        entering = ["nsenter", f"--target={self.server.process.pid}", "--mount",
                    *([] if os.getuid() == 0 else ["--user", "--preserve-credentials"])]
        return subprocess.run(
            [*entering, PROGRAM, *command.format(self.server.database).split()],
            env={"DATABASE_URL": self.server.database}, input=input, capture_output=True, text=True, timeout=120)


@pytest.fixture
def disk(tmp_path):
    servers = []
    yield Disk(tmp_path, lambda *arguments, **options: servers.append(Server(*arguments, **options)) or servers[-1])
    for server in servers:
        if server.process.poll() is None: server.stop()


def test_readiness_follows_a_full_disk_within_ten_seconds(disk):
    assert disk.get("/readyz").status_code == 200
    disk.fill()
    until(lambda: disk.get("/readyz").status_code == 503, seconds=10)
    answer = disk.get("/readyz")
    assert answer.json()["detail"] == f"The inventory cannot be changed. {FULL}" and answer.headers["Retry-After"] == "5"
    for path in ("/readyz?reads", "/livez", NUMBERS, NUMBERS + "/export", "/api/v1/changes"):
        assert disk.get(path).status_code == 200, path
    health = "health --port " + disk.server.address.rpartition(":")[2]
    assert (disk.carrier(health).returncode, disk.carrier(health + " --reads").returncode) == (1, 0)
    disk.free()
    until(lambda: disk.get("/readyz").status_code == 200, seconds=10)
    disk.fill()
    assert disk.server.stop() == 0
    assert "the write-ahead log stays beside the database file" in disk.server.log.read_text()


@pytest.mark.parametrize("command", [
    "export FOLDER/numbers.csv", "user list", "history list", "check", "migrate", "backup FOLDER/copy",
    "import FOLDER/rows.csv --mode upsert --dry-run", "copy --from {} --to sqlite:FOLDER/other.sqlite"])
def test_a_command_that_only_reads_succeeds_on_a_full_disk(command, disk, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    disk.fill()
    ended = disk.carrier(command.replace("FOLDER", str(tmp_path)))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_a_command_that_writes_succeeds_if_its_commit_does(disk, tmp_path):
    disk.fill(but=64 * 1024)
    added = disk.carrier("user add ana", input=PASSWORD + "\n")
    assert (added.returncode, added.stdout) == (0, "Added ana, salesperson.\n")
    assert added.stderr == f"Warning: Changes stay in the write-ahead log beside the database file. {FULL}\n"
    disk.fill()
    (tmp_path / "rows.csv").write_text(ROWS.replace("91234", "91235"))
    for command in ("user remove ana", f"import {tmp_path}/rows.csv", "undo 1", "seed --add"):
        refused = disk.carrier(command)
        assert (refused.returncode, refused.stderr) == (1, f"Error: Nothing was done. {FULL}\n")
    assert "ana" in disk.carrier("user list").stdout


def test_a_write_that_failed_is_tried_again(start):
    server = start("--demo")
    client = server.supervisor

    def limit_files(size):
        subprocess.run(["prlimit", "--pid", str(server.process.pid), f"--fsize={size}:"], check=True)

    limit_files(0)
    assert requests.get(server.address + "/readyz").status_code == 200
    assert client.post(server.address + NUMBERS, json=GOOD).status_code == 503
    answer = requests.get(server.address + "/readyz")
    assert answer.status_code == 503 and "a limit of file sizes is reached" in answer.json()["detail"]
    for path in ("/readyz?reads", "/readyz?reads=1", NUMBERS): assert client.get(server.address + path).status_code == 200
    limit_files("unlimited")
    until(lambda: requests.get(server.address + "/readyz").status_code == 200, seconds=10)
    assert client.post(server.address + NUMBERS, json=GOOD).status_code == 201
    limit_files(0)
    assert server.stop() == 0


def test_the_log_of_an_import_that_filled_the_disk_is_truncated_once_there_is_room(disk):
    (disk.folder / "ballast").write_bytes(bytes(3 << 20))
    rows = "value,monthyPrice,setupPrice,currency\n" + "".join(
        f"+55 84 9{row:04}-{end:04},1.00,1.00,U$\n" for row in range(8000, 8010) for end in range(10_000))
    answer = disk.server.supervisor.post(
        disk.server.address + NUMBERS + "/import", data=rows, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 503, answer.text
    assert disk.get("/readyz").status_code == 503
    disk.free()
    log = disk.folder / "inventory.sqlite-wal"
    until(lambda: disk.get("/readyz").status_code == 200 and log.stat().st_size < 1 << 20, seconds=20)
    assert disk.server.supervisor.post(disk.server.address + NUMBERS, json=GOOD).status_code == 201
