"""The name of the database's host does not resolve any more, or the name server does not respond."""

import concurrent.futures
import os
import socket
import time

import pytest
from attack import Watch, again, amount, bounded
from network import Network
from program import NUMBERS, run, timed, until
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
    if run(*names.before, "true").returncode != 0: pytest.skip("name look-ups of its own are not permitted here")
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
    return len(os.listdir(f"/proc/{server.process.pid}/task"))


# If the name server is silent, the C library waits for 5 s, twice.
@pytest.mark.parametrize("name_server, seconds_back", [(None, 5), ("silent_name_server", 15)])
@again
def test_requests_fail_quickly_if_the_name_does_not_resolve(start, cluster, names, request, name_server, seconds_back):
    if name_server: request.getfixturevalue(name_server)
    network = Network(f"{cluster.folder}/.s.PGSQL.5432")
    server = start("--demo", before=names.before, DATABASE_URL=network.postgres_url(NAME))
    authorization = server.authorization
    before = threads(server)

    def read(path):
        response, seconds = timed(ask, server, "GET", path, authorization)
        return response.status, seconds

    with concurrent.futures.ThreadPoolExecutor(20) as pool, Watch(server) as livez:
        # Name and server disappear at once, as when a container stops.
        names.lead(False)
        network.cut()
        responses = list(pool.map(read, [NUMBERS] * 20))
        ready = [read("/readyz") for _ in range(5)]
        ends = time.monotonic() + amount(4, 20)
        while time.monotonic() < ends: responses += pool.map(read, [NUMBERS, NUMBERS + "/1"] * 5)
        assert threads(server) - before <= 16
    names.lead(True)
    network.mend()
    _, back = timed(until, lambda: read("/readyz")[0] == 200)
    assert {status for status, _ in responses + ready} == {503}
    assert read(NUMBERS)[0] == 200
    network.close()
    bounded("unresolved name, responses", max(seconds for _, seconds in responses), 2)
    bounded("unresolved name, /readyz", max(seconds for _, seconds in ready), 0.5)
    livez.bounded("unresolved name, /livez", longest=1000)
    bounded("unresolved name, back", back, seconds_back)
