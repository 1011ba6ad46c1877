"""Processor time, memory and syncs of processes."""

import contextlib
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time


def family(pid):
    """A process and its descendants."""
    members = [pid]
    # The process may have ended.
    with contextlib.suppress(OSError):
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split(): members += family(int(child))
    return members


def processor_seconds(pid):
    """The processor time of the family, in user and system mode."""
    # clock_getcpuclockid(3): the clock of another process.
    return sum(time.clock_gettime((~member << 3) | 2) for member in family(pid))


def resident_megabytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


class SyncCount:
    """Counts the syncs of the disk by the families of some processes, which are slow meanwhile.

    The count is None if tracing is not permitted.
    """

    def __init__(self, pids):
        self.members = [member for pid in pids for member in family(pid)]

    def __enter__(self):
        self.report = tempfile.NamedTemporaryFile("r", prefix="carrier-syncs.")  # noqa: SIM115, __exit__ closes it
        self.process = subprocess.Popen(
            ["strace", "--follow-forks", "--summary-only", "--trace=fsync,fdatasync", f"--output={self.report.name}",
             *(f"--attach={member}" for member in self.members)],
            stderr=subprocess.PIPE, text=True)
        # strace prints a line for each process it attaches to.
        for _ in self.members: self.process.stderr.readline()
        return self

    def __exit__(self, *_):
        refused = self.process.poll() is not None
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()
        # % time, seconds, microseconds a call, calls, errors if any, and the call's name.
        calls = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) .*f(?:data)?sync$", self.report.read(), re.MULTILINE)
        self.count = None if refused else sum(map(int, calls))
        self.report.close()


def require(*commands):
    missing = [command for command in commands if not shutil.which(command)]
    if missing:
        raise SystemExit(f"Not installed: {', '.join(missing)}. scripts/install-dependencies --bench installs all.")
