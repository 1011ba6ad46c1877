"""The name of the database's machine leads nowhere any more, or whoever knows names is silent."""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import select
import socket
import subprocess
import threading
import time

import pytest
from attack import Watch, again, amount, bounded, report
from program import NUMBERS, until
from wire import ask

NAME = "database.example"
# Of this machine, and nobody else's.
NAME_SERVER = "127.53.53.53"


class Names:
    """What leads from names to addresses, for programs that are started behind `before`."""

    def __init__(self, folder):
        self.hosts = folder / "hosts"
        self.lead(True)
        (folder / "resolv.conf").write_text(f"nameserver {NAME_SERVER}\n")
        self.before = [
            "unshare", "--mount", "sh", "-c",
            'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@"', folder]

    def lead(self, leads):
        # In its place: it is the file itself that the program sees.
        self.hosts.write_text("127.0.0.1 localhost\n" + f"127.0.0.1 {NAME}\n" * leads)


@pytest.fixture
def names(tmp_path):
    names = Names(tmp_path)
    if subprocess.run([*names.before, "true"], capture_output=True).returncode != 0:
        pytest.skip("name look-ups of its own are not permitted here")
    return names


@pytest.fixture
def deaf_name_server():
    """Takes questions, and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as questions:
        try:
            questions.bind((NAME_SERVER, 53))
        except OSError:
            pytest.skip("a name server of its own is not possible here")
        yield


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Door:
    """A TCP port that leads to a cluster, until it is shut: who came through it is cut off then."""

    def __init__(self, cluster):
        self.socket = f"{cluster.folder}/.s.PGSQL.5432"
        # None that the system gives to clients, of whom one may have it when the door is opened again.
        self.port = next(filter(is_free, random.Random().sample(range(20_000, 32_000), 100)))
        self.open(self.port)
        self.url = f"postgres://postgres@{NAME}:{self.port}/postgres?sslmode=disable&gssencmode=disable"

    def open(self, port):
        self.connections = []
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.let_in, args=(self.listener,), daemon=True).start()

    def shut(self):
        for each in [self.listener, *self.connections]:
            with contextlib.suppress(OSError): each.shutdown(socket.SHUT_RDWR)
            each.close()

    def let_in(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client, real = listener.accept()[0], socket.socket(socket.AF_UNIX)
                real.connect(self.socket)
                self.connections += [client, real]
                threading.Thread(target=self.pass_on, args=(client, real), daemon=True).start()

    @staticmethod
    def pass_on(client, real):
        with contextlib.suppress(OSError, ValueError), client, real:
            while True:
                for source in select.select([client, real], [], [])[0]:
                    data = source.recv(65536)
                    if not data: return
                    (real if source is client else client).sendall(data)


def threads(server):
    return len(os.listdir(pathlib.Path(f"/proc/{server.process.pid}/task")))


def attack(start, cluster, names, what, seconds_back):
    door = Door(cluster)
    server = start("--demo", before=names.before, DATABASE_URL=door.url)
    authorization = server.authorization
    before = threads(server)

    def read(path):
        began = time.monotonic()
        answer = ask(server, "GET", path, authorization)
        return answer.status, time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(20) as pool, Watch(server) as livez:
        # Both at one time, as of a container that is stopped.
        names.lead(False)
        door.shut()
        answers = list(pool.map(read, [NUMBERS] * 20))
        ready = [read("/readyz") for _ in range(5)]
        ends = time.monotonic() + amount(4, 20)
        while time.monotonic() < ends: answers += pool.map(read, [NUMBERS, NUMBERS + "/1"] * 5)
        most = threads(server)
    longest, readiest = (max(seconds for _, seconds in each) for each in (answers, ready))
    names.lead(True)
    door.open(door.port)
    began = time.monotonic()
    until(lambda: read("/readyz")[0] == 200)
    back = time.monotonic() - began
    report(f"{what}, answers", len(answers), f"{longest:.2f} s", "2 s")
    report(f"{what}, /readyz", len(ready), f"{readiest:.2f} s", "0.5 s")
    report(f"{what}, /livez", len(livez.samples), str(livez), "1 s")
    report(f"{what}, back", 1, f"{back:.1f} s, {most - before} more threads", f"{seconds_back} s, 16")
    assert {status for status, _ in answers + ready} == {503}
    assert most - before <= 16
    assert read(NUMBERS)[0] == 200
    door.shut()
    bounded(longest < 2 and readiest < 0.5, longest, readiest)
    bounded(livez.longest < 1000, str(livez))
    bounded(back < seconds_back, back)


@again
def test_a_name_that_leads_nowhere(start, cluster, names):
    attack(start, cluster, names, "no such name", 5)


@again
def test_a_name_server_that_is_silent(start, cluster, names, deaf_name_server):
    # Those who have asked wait for as long as the C library has them wait: 5 s, twice.
    attack(start, cluster, names, "a silent name server", 15)
