"""The databases of the measurements, and the time to fill one."""

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import tempfile
import time

from repository import ROOT

CLUSTER = ROOT / "scripts/postgres-cluster"


@dataclasses.dataclass(frozen=True)
class Filling:
    """The cost of `carrier seed`."""

    count: int
    seconds: float
    processor_seconds: float
    peak_megabytes: float


def fill(program, database, count):
    command = [program, "seed", "--count", str(count), "--database-url", database]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        # Popen.wait does not return the resource usage.
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode: raise SystemExit(f"{program} seed: exit status {process.returncode}")
    return Filling(count, time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class SQLite:
    name = "SQLite"
    pids = ()

    def __init__(self, folder):
        self.folder = folder

    def file(self, name):
        return self.folder / f"{name}.sqlite"

    def new(self, name):
        return f"sqlite:{self.file(name)}"


class PostgreSQL:
    """A PostgreSQL cluster with durable commits, as in production."""

    name = "PostgreSQL"

    def __init__(self, folder):
        self.folder = folder
        self.pids = [int((pathlib.Path(folder) / "data/postmaster.pid").read_text().split()[0])]

    @classmethod
    @contextlib.contextmanager
    def running(cls):
        """Yields None if PostgreSQL is not installed."""
        # PostgreSQL's user cannot enter our other folders.
        folder = tempfile.mkdtemp(prefix="carrier-postgres.")
        os.chmod(folder, 0o755)
        status = subprocess.run([CLUSTER, "new", folder], env={**os.environ, "FSYNC": "on"}).returncode
        if status == 3:
            os.rmdir(folder)
            yield None
            return
        try:
            if status: raise SystemExit("PostgreSQL did not start.")
            yield cls(folder)
        finally:
            subprocess.run([CLUSTER, "remove", folder], check=True)

    def new(self, name):
        subprocess.run(
            ["psql", f"postgres://postgres@/postgres?host={self.folder}", "--quiet", f'--command=CREATE DATABASE "{name}"'],
            check=True)
        return f"postgres://postgres@/{name}?host={self.folder}"
