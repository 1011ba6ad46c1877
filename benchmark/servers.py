"""The measured servers, each on a free port of 127.0.0.1."""

import json
import os
import pathlib
import socket
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request

import processes

HERE = pathlib.Path(__file__).parent
PASSWORD = "for-this-run-only"
PAGE, ONE = "/api/v1/numbers?perPage=50", "/api/v1/numbers/42"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A process that serves an address until `stop`."""

    # Processes that work for the server, such as its database.
    others = ()
    # The headers of each request.
    headers = ()
    # The server's paths, if they differ from the program's.
    paths = {}

    def __init__(self, name, folder, port, command, **environment):
        self.name = name
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / f"{port}.log"
        environment = {"PATH": os.environ["PATH"], **environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
        try:
            self.get_ready()
        except BaseException:
            self.stop()
            raise

    @property
    def pids(self):
        return [self.process.pid, *self.others]

    def processor_seconds(self):
        """The processor seconds of the server, and of each of the others."""
        return [processes.processor_seconds(pid) for pid in self.pids]

    def request(self, path, headers=(), body=None):
        """Status, headers and body of a response."""
        request = urllib.request.Request(self.address + path, data=body)
        for header in [*self.headers, *headers]: request.add_header(*header.split(": ", 1))
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as response:
            with response: return response.code, response.headers, response.read()

    def wait(self, path, pause=0.02):
        """Waits until `path` returns 200."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.request(path)[0] == 200: return
            except OSError:
                # The server does not listen yet.
                pass
            time.sleep(pause)
        raise SystemExit(f"{self.name} did not start:\n{self.log.read_text()}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Carrier(Server):
    """The program with a signed-in supervisor, or without authentication. Its log goes to a file."""

    def __init__(self, name, folder, program, database, *, flags=(), others=()):
        port = free_port()
        self.program, self.database = program, database
        self.signs_in, self.others = "--no-auth" not in flags, others
        self.began = time.monotonic()
        super().__init__(
            name, folder, port,
            [program, "serve", "--port", str(port), "--database-url", database, *flags], SUPERVISOR_PASSWORD=PASSWORD)

    def get_ready(self):
        self.wait("/readyz", pause=0.001)
        self.ready_ms = (time.monotonic() - self.began) * 1e3
        if self.signs_in: self.headers = [self.authorization()]

    def authorization(self):
        body = json.dumps({"username": "supervisor", "password": PASSWORD}).encode()
        status, _, response = self.request("/api/v1/sessions", ["Content-Type: application/json"], body)
        assert status == 201, response
        return f"Authorization: Bearer {json.loads(response)['token']}"


class Nginx(Server):
    """nginx with the responses of a Carrier in files."""

    paths = {PAGE: "/page.json", ONE: "/one.json"}

    def __init__(self, folder, carrier):
        folder = folder / "nginx"
        (folder / "files").mkdir(parents=True)
        for path, name in self.paths.items():
            (folder / "files" / name[1:]).write_bytes(carrier.request(path)[2])
        port = free_port()
        # As root, nginx would otherwise use another user, who cannot read these files.
        user = "user root;" if os.getuid() == 0 else ""
        template = string.Template((HERE / "nginx.conf").read_text())
        (folder / "nginx.conf").write_text(template.substitute(port=port, folder=folder, user=user))
        super().__init__("nginx, a file", folder, port, ["nginx", "-p", folder, "-c", folder / "nginx.conf"])

    def get_ready(self):
        self.wait(self.paths[ONE])


class FastAPI(Server):
    """Twenty lines of FastAPI that read the SQLite file of a Carrier, in two processes, without a log."""

    def __init__(self, folder, file):
        port = free_port()
        self.headers = ["Authorization: Bearer for-this-run-only"]
        super().__init__(
            "FastAPI", folder, port,
            [sys.executable, "-m", "uvicorn", "--app-dir", HERE, "fastapi_reads:app", "--port", str(port),
             "--workers", "2", "--no-access-log"], DATABASE=str(file), TOKEN="for-this-run-only")

    def get_ready(self):
        self.wait(ONE)


class Go(Server):
    """peer.go, which checks a token and writes no log."""

    def __init__(self, name, folder, program, file, **environment):
        port = free_port()
        self.headers = ["Authorization: Bearer for-this-run-only"]
        super().__init__(
            name, folder, port, [program], DATABASE=str(file), TOKEN="for-this-run-only", PORT=str(port), **environment)

    def get_ready(self):
        self.wait("/livez")
