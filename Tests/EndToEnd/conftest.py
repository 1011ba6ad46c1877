"""Boots the built program as a user would, for the tests to try from outside."""

import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("CARRIER", ROOT / ".build/debug/carrier")).resolve()


class Server:
    """A `carrier serve` on a free port of 127.0.0.1."""

    def __init__(self, folder, *arguments):
        self.log = folder / "log"
        database = f"sqlite:{folder / 'inventory.sqlite'}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--port", "0", "--database-url", database, *arguments],
                stdout=subprocess.DEVNULL, stderr=log)
        self.address = self.announced()

    def announced(self):
        """Waits for the announcement, which says where it listens."""
        for _ in range(200):
            match = re.search(r"listening on (\S+:\d+)", self.log.read_text())
            if match:
                return "http://" + match[1]
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError("It did not start: " + self.log.read_text())

    def stop(self):
        """Ends it as a supervisor of processes does. Returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), "--demo")
    yield server
    assert server.stop() == 0
    log = server.log.read_text()
    assert "Fatal error" not in log
    # Whatever was sent, no request met a fault of the program.
    assert "status=500" not in log, re.search(r".*status=500.*", log)[0]


@pytest.fixture
def start(tmp_path):
    """Starts servers of a test's own, on one database."""
    servers = []

    def start(*arguments):
        servers.append(Server(tmp_path, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()
