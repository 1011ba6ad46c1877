"""The built program, PostgreSQL and PgBouncer, each started as a user would start it."""

import contextlib
import functools
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import uuid

import pytest
import requests

ROOT = pathlib.Path(__file__).parents[1]
PROGRAM = pathlib.Path(os.environ.get("CARRIER", ROOT / ".build/debug/carrier")).resolve()
PASSWORD = "violet-5-elephants"
NUMBERS = "/api/v1/numbers"
GOOD = {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", "currency": "U$"}


# Keeps the ports of free_port reserved until the tests end.
reservations = []


def free_port():
    """A free port for a program that needs a port number.

    It stays bound here, so the system assigns it to no other process. The program can still listen on it,
    because both sockets set SO_REUSEADDR and only one listens.
    """
    reservation = socket.socket()
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(("127.0.0.1", 0))
    reservations.append(reservation)
    return reservation.getsockname()[1]


def until(condition, seconds=60):
    """Waits until `condition` returns something true, and returns that."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "The condition did not become true."
        time.sleep(0.05)
    return found


def timed(action, *arguments, **options):
    """What an action returns, and how many seconds it took."""
    began = time.monotonic()
    return action(*arguments, **options), time.monotonic() - began


class Client(requests.Session):
    """A client of one server; requests may name only a path."""

    def __init__(self, address):
        super().__init__()
        self.address = address

    def request(self, method, url, *arguments, **options):
        return super().request(method, self.address + url if url.startswith("/") else url, *arguments, **options)


class Server:
    """A `carrier serve` on 127.0.0.1, whose first supervisor has PASSWORD.

    `before` is a command that executes the program, such as `prlimit`.
    `stderr` receives the log; by default it goes to the file `log`.
    With a `port`, the constructor does not wait until the server is ready.
    """

    def __init__(self, folder, *arguments, before=(), stderr=None, program=PROGRAM, port=0, **environment):
        self.folder = folder
        # Several servers may share a folder.
        name = uuid.uuid4().hex
        self.log, self.output = folder / f"{name}.log", folder / f"{name}.output"
        self.database = environment.pop("DATABASE_URL", f"sqlite:{folder / 'inventory.sqlite'}")
        environment = {"SUPERVISOR_PASSWORD": PASSWORD, **environment}
        with self.log.open("wb") as log, self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*before, program, "serve", "--port", str(port), "--database-url", self.database, *arguments],
                stdout=output, stderr=log if stderr is None else stderr, env=environment)
        try:
            self.address = f"http://127.0.0.1:{port}" if port else self.announced()
        except BaseException:
            self.process.kill()
            raise

    def sign_in(self, username="supervisor", password=PASSWORD):
        client = Client(self.address)
        response = self.try_sign_in(username, password)
        assert response.status_code == 201, response.text
        client.headers["Authorization"] = f"Bearer {response.json()['token']}"
        return client

    def try_sign_in(self, username="supervisor", password=PASSWORD, **options):
        body = {"username": username, "password": password}
        return requests.post(self.address + "/api/v1/sessions", json=body, **options)

    def get(self, path, **options):
        """Requests `path` on a new connection, without a token."""
        return requests.get(self.address + path, **options)

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    @property
    def readiness(self):
        return self.get("/readyz").status_code

    @functools.cached_property
    def supervisor(self):
        return self.sign_in()

    @functools.cached_property
    def authorization(self):
        """The supervisor's token as a header line."""
        return f"Authorization: {self.supervisor.headers['Authorization']}\r\n".encode()

    def create(self, **members):
        """Creates a number, by default GOOD, and returns the response."""
        response = self.supervisor.post(NUMBERS, json={**GOOD, **members})
        assert response.status_code == 201, response.text
        return response

    def total(self, query="", **options):
        return int(self.supervisor.get(f"{NUMBERS}?perPage=1&{query}", **options).headers["X-Total-Count"])

    def carrier(self, *arguments, input=""):
        return carrier(*arguments, "--database-url", self.database, input=input)

    def sql(self, statement):
        """Runs SQL on the database, and returns the first column, as numbers."""
        if self.database.startswith("postgres:"):
            return [float(line) for line in output("psql", self.database, "-Atqc", statement).split()]
        with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:"))) as database, database:
            return [row[0] for row in database.execute(statement)]

    def add_user(self, name, role="salesperson", password=PASSWORD):
        added = self.carrier("user", "add", name, "--role", role, input=password + "\n")
        assert added.returncode == 0, added.stderr

    def announced(self):
        """Waits until the server reports its address, and returns it."""

        def announcement():
            match = re.search(r"Console +http://(\S+:\d+)/", self.output.read_text())
            # With --log-format json, the log has the address instead.
            match = match or re.search(r'"ready".*//([^"/]+:\d+)"', self.log.read_text())
            assert match or self.process.poll() is None, self.log.read_text()
            return match

        return "http://" + until(announcement)[1]

    @property
    def shown_passwords(self):
        return re.findall(r"supervisor, password (\S+) \(shown this once\)", self.output.read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            # The server waits longer for clients that never end (docs/limits.md), so a test notices that delay.
            return self.process.wait(timeout=25)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def kill(self):
        self.process.kill()
        self.process.wait()

    def processor_seconds(self):
        """The processor time of all threads, including those that ended."""
        # The id of another process's clock: see clock_getcpuclockid(3).
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def resident_megabytes(self, name="VmRSS"):
        """The memory now, or with VmHWM the most so far."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(name + ":")[1].split()[0]) / 1024

    def sockets(self):
        count = 0
        for descriptor in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
            # The socket may have been closed meanwhile.
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(descriptor).startswith("socket:")
        return count


def run(*command, **options):
    """Runs a command, and returns its status and what it printed."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": 120, **options}
    return subprocess.run(command, **options)


def output(*command, **options):
    """What a command prints, which must succeed."""
    ended = run(*command, **options)
    assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
    return ended.stdout


def make_script(file, text):
    file.write_text(f"#!/bin/bash\n{text}\n")
    file.chmod(0o755)


def carrier(*arguments, input="", **options):
    return run(PROGRAM, *arguments, input=input, **options)


def mounting(folder, size):
    """The beginning of a command line that mounts a small disk at `folder`."""
    folder.mkdir()
    command = [
        "unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c",
        f'mount -t tmpfs -o size={size} small "$0" && exec "$@"', folder]
    if run(*command, "true").returncode != 0: pytest.skip("no disk may be mounted")
    return command


class Disk:
    """A disk of 16 MiB with the inventory of a server."""

    def __init__(self, folder, start, *arguments):
        disk = folder / "disk"
        self.server = start(*arguments, before=mounting(disk, "16m"), DATABASE_URL=f"sqlite:{disk}/inventory.sqlite")
        # The disk as the server sees it.
        self.folder = pathlib.Path(f"/proc/{self.server.process.pid}/root{disk}")
        self.ballast = self.folder / "ballast"

    def fill(self, but=0):
        """Fills the disk except for `but` bytes."""
        with contextlib.suppress(OSError), self.ballast.open("wb", buffering=0) as ballast:
            while True: ballast.write(bytes(4096))
        os.truncate(self.ballast, self.ballast.stat().st_size - but)

    def free(self):
        self.ballast.unlink()


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.url = f"postgres://postgres@/postgres?host={folder}"

    def do(self, command, *arguments):
        ended = run(ROOT / "scripts/postgres-cluster", command, self.folder, *arguments, stderr=None)
        if ended.returncode == 3: pytest.skip("PostgreSQL is not installed")
        assert ended.returncode == 0

    def sql(self, statement):
        return self.psql("-Atqc", statement)

    def psql(self, *arguments):
        return output("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", self.url, *arguments).strip()

    @property
    def postmaster(self):
        return int((pathlib.Path(self.folder) / "data/postmaster.pid").read_text().split()[0])

    @property
    def children(self):
        return map(int, pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split())

    @contextlib.contextmanager
    def stalled(self, with_postmaster):
        """Pauses the backends of clients, and optionally the postmaster, which accepts connections."""
        # Clients come through a socket in the file system, shown as [local].
        def is_client(process): return b"[local]" in pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
        stopped = [*filter(is_client, self.children), *[self.postmaster] * with_postmaster]
        for process in stopped: os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped: os.kill(process, signal.SIGCONT)

    @classmethod
    @contextlib.contextmanager
    def running(cls, command, *arguments):
        # PostgreSQL's user cannot enter pytest's folder, and its path is too long for a socket.
        cluster = cls(tempfile.mkdtemp(prefix="carrier-postgres."))
        os.chmod(cluster.folder, 0o755)
        try:
            cluster.do(command, *arguments)
            yield cluster
        finally:
            cluster.do("remove")


class Bouncer:
    """PgBouncer in front of a cluster, with fewer connections to the cluster than to clients."""

    def __init__(self, cluster, mode):
        if not shutil.which("pgbouncer"):
            pytest.skip("pgbouncer is not installed")
        port = free_port()
        folder = pathlib.Path(cluster.folder)
        (folder / "users").write_text('"postgres" ""\n')
        (folder / "pgbouncer.ini").write_text(f"""
[databases]
postgres = host={folder}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {40 if mode == "session" else 5}
""")
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        # PgBouncer refuses to run as root.
        user = ["--user=postgres"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            ["pgbouncer", "--quiet", *user, folder / "pgbouncer.ini"], stderr=subprocess.DEVNULL)

        def responds():
            assert self.process.poll() is None, "pgbouncer did not start"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)): return True

        until(responds)

    def close(self):
        self.process.kill()
        self.process.wait()
