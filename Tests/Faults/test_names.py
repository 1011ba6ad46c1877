"""The name of the database's host does not resolve any more, or the name server does not respond."""

import concurrent.futures
import os
import pathlib
import socket
import subprocess
import time

import pytest
from attack import Watch, again, amount, bounded, report
from network import Network
from program import NUMBERS, until
from wire import ask

NAME = "database.example"
NAME_SERVER = "127.53.53.53"


class Names:
    """The name resolution of programs that are started with the command `before`."""

    def __init__(self, folder):
        self.hosts = folder / "hosts"
        self.lead(True)
        (folder / "resolv.conf").write_text(f"nameserver {NAME_SERVER}\n")
        self.before = [
            "unshare", "--mount", "sh", "-c",
            'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@"', folder]

    def lead(self, leads):
        # Written in place, because the file itself is mounted.
        self.hosts.write_text("127.0.0.1 localhost\n" + f"127.0.0.1 {NAME}\n" * leads)


@pytest.fixture
def names(tmp_path):
    names = Names(tmp_path)
    if subprocess.run([*names.before, "true"], capture_output=True).returncode != 0:
        pytest.skip("name look-ups of its own are not permitted here")
    return names


@pytest.fixture
def silent_name_server():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as questions:
        try:
            questions.bind((NAME_SERVER, 53))
        except OSError:
            pytest.skip("a name server of its own is not possible here")
        yield


def threads(server):
    return len(os.listdir(pathlib.Path(f"/proc/{server.process.pid}/task")))


def attack(start, cluster, names, what, seconds_back):
    network = Network(f"{cluster.folder}/.s.PGSQL.5432")
    url = f"postgres://postgres@{NAME}:{network.port}/postgres?sslmode=disable&gssencmode=disable"
    server = start("--demo", before=names.before, DATABASE_URL=url)
    authorization = server.authorization
    before = threads(server)

    def read(path):
        began = time.monotonic()
        return ask(server, "GET", path, authorization).status, time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(20) as pool, Watch(server) as livez:
        # Both at once, as when a container stops.
        names.lead(False)
        network.cut()
        responses = list(pool.map(read, [NUMBERS] * 20))
        ready = [read("/readyz") for _ in range(5)]
        ends = time.monotonic() + amount(4, 20)
        while time.monotonic() < ends: responses += pool.map(read, [NUMBERS, NUMBERS + "/1"] * 5)
        most = threads(server)
    longest, readiest = (max(seconds for _, seconds in each) for each in (responses, ready))
    names.lead(True)
    network.mend()
    began = time.monotonic()
    until(lambda: read("/readyz")[0] == 200)
    back = time.monotonic() - began
    report(f"{what}, responses", len(responses), f"{longest:.2f} s", "2 s")
    report(f"{what}, /readyz", len(ready), f"{readiest:.2f} s", "0.5 s")
    report(f"{what}, /livez", len(livez.samples), str(livez), "1 s")
    report(f"{what}, back", 1, f"{back:.1f} s, {most - before} more threads", f"{seconds_back} s, 16")
    assert {status for status, _ in responses + ready} == {503}
    assert most - before <= 16
    assert read(NUMBERS)[0] == 200
    network.close()
    bounded(longest < 2 and readiest < 0.5, longest, readiest)
    bounded(livez.longest < 1000, str(livez))
    bounded(back < seconds_back, back)


@again
def test_requests_fail_quickly_if_the_name_does_not_resolve(start, cluster, names):
    attack(start, cluster, names, "no such name", 5)


@again
def test_requests_fail_quickly_if_the_name_server_is_silent(start, cluster, names, silent_name_server):
    # The C library waits for 5 s, twice.
    attack(start, cluster, names, "a silent name server", 15)
