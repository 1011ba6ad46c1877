"""The built program and a PostgreSQL server as a user would start them, for tests that try them from outside."""

import contextlib
import functools
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import pytest
import requests

ROOT = pathlib.Path(__file__).parents[1]
PROGRAM = pathlib.Path(os.environ.get("CARRIER", ROOT / ".build/debug/carrier")).resolve()
PASSWORD = "violet-5-elephants"
GOOD = {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", "currency": "U$"}


# What keeps the ports of free_port from others, to the end of the tests.
reservations = []


def free_port():
    """A port for a program that needs to be told one; nobody listens on it before.

    It stays bound here. The system gives it to nobody else meanwhile, neither to a client nor to who asks for any port,
    and a program that asks for this very one gets it all the same, because both say SO_REUSEADDR and only one listens.
    """
    reservation = socket.socket()
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(("127.0.0.1", 0))
    reservations.append(reservation)
    return reservation.getsockname()[1]


def until(condition, seconds=60):
    """Waits for what another process reaches in its own time, and returns it; a machine may be slow."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "It did not come."
        time.sleep(0.05)
    return found


class Server:
    """A `carrier serve` on a free port of 127.0.0.1, whose first supervisor has PASSWORD.

    `before` is a command that ends in running the program in its own place, such as `prlimit`.
    `program` is the program where it is another one.
    `stderr` is where the log goes instead of into a file.
    """

    def __init__(self, folder, *arguments, before=(), stderr=None, program=PROGRAM, **environment):
        self.folder = folder
        # Several may run in one folder.
        own = uuid.uuid4().hex
        self.log = folder / f"{own}.log"
        self.output = folder / f"{own}.output"
        self.database = environment.pop("DATABASE_URL", f"sqlite:{folder / 'inventory.sqlite'}")
        environment = {"SUPERVISOR_PASSWORD": PASSWORD, **environment}
        with self.log.open("wb") as log, self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*before, program, "serve", "--port", "0", "--database-url", self.database, *arguments],
                stdout=output, stderr=log if stderr is None else stderr, env=environment)
        try:
            self.address = self.announced()
        except BaseException:
            self.process.kill()
            raise

    def sign_in(self, username="supervisor", password=PASSWORD):
        """A client with the user's token."""
        client = requests.Session()
        answer = client.post(
            self.address + "/api/v1/sessions", json={"username": username, "password": password})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def carrier_copy(self, source, target):
        return subprocess.run(
            [PROGRAM, "copy", "--from", source, "--to", target],
            capture_output=True, text=True, timeout=120)

    @functools.cached_property
    def supervisor(self):
        return self.sign_in()

    @functools.cached_property
    def authorization(self):
        """The supervisor's, as a line of a request."""
        return f"Authorization: {self.supervisor.headers['Authorization']}\r\n".encode()

    def carrier(self, *arguments, input=""):
        """Runs another command on the same database."""
        return subprocess.run(
            [PROGRAM, *arguments, "--database-url", self.database],
            input=input, capture_output=True, text=True, timeout=120)

    def announced(self):
        """Waits for the announcement, which says where it listens."""

        def announcement():
            match = re.search(r"Console +http://(\S+:\d+)/", self.output.read_text())
            # A log for machines has it instead.
            match = match or re.search(r'"ready".*//([^"/]+:\d+)"', self.log.read_text())
            assert match or self.process.poll() is None, self.log.read_text()
            return match

        return "http://" + until(announcement)[1]

    def stop(self):
        """Ends it as a supervisor of processes does. Returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            # Less than it has where clients never end (docs/limits.md), so that a test notices if it is kept from ending.
            return self.process.wait(timeout=25)
        except subprocess.TimeoutExpired:
            # A test that fails leaves no process behind.
            self.process.kill()
            raise


class Cluster:
    """A PostgreSQL server of a test's own."""

    def __init__(self, folder):
        self.folder = folder
        self.url = f"postgres://postgres@/postgres?host={folder}"

    def do(self, command, *arguments):
        run = subprocess.run(
            [ROOT / "scripts/postgres-cluster", command, self.folder, *arguments],
            stdout=subprocess.PIPE, text=True, timeout=120)
        if run.returncode == 3:
            pytest.skip("PostgreSQL is not installed")
        assert run.returncode == 0
        return run.stdout

    def sql(self, statement):
        """What a statement answers, as text."""
        return subprocess.run(
            ["psql", self.url, "-Atqc", statement], check=True, capture_output=True, text=True,
            timeout=60).stdout.strip()

    def processes(self, with_postmaster):
        """Those that serve clients."""
        postmaster = int((pathlib.Path(self.folder) / "data/postmaster.pid").read_text().split()[0])
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        # Clients come through a socket in the file system.
        clients = [int(child) for child in children if b"[local]" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()]
        return clients + [postmaster] * with_postmaster

    @contextlib.contextmanager
    def stalled(self, with_postmaster):
        """Nobody is answered meanwhile; with the postmaster nobody new either."""
        processes = self.processes(with_postmaster)
        for process in processes: os.kill(process, signal.SIGSTOP)
        try:
            yield len(processes)
        finally:
            for process in processes: os.kill(process, signal.SIGCONT)

    @classmethod
    @contextlib.contextmanager
    def running(cls, command, *arguments):
        # Not in pytest's folder, which PostgreSQL's user may not enter, and whose path is too long for a socket.
        cluster = cls(tempfile.mkdtemp(prefix="carrier-postgres."))
        os.chmod(cluster.folder, 0o755)
        try:
            cluster.do(command, *arguments)
            yield cluster
        finally:
            cluster.do("remove")


class Bouncer:
    """PgBouncer before a cluster, with fewer connections to it than its clients have."""

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
        # It refuses to run as root.
        user = ["--user=postgres"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            ["pgbouncer", "--quiet", *user, folder / "pgbouncer.ini"], stderr=subprocess.DEVNULL)

        def answers():
            assert self.process.poll() is None, "pgbouncer did not start"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)): return True

        until(answers)

    def stop(self):
        self.process.kill()
        self.process.wait()
