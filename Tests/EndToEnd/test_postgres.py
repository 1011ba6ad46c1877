"""The program on PostgreSQL: away and back, crashes, several at once, moving."""

import concurrent.futures
import contextlib
import re
import socket
import socketserver
import struct
import threading
import time

import requests
from program import GOOD, until


def good(number):
    return {**GOOD, "value": f"+55 84 9{number // 10000:04}-{number % 10000:04}"}


def test_away_and_back(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    numbers = server.address + "/api/v1/numbers"
    client = server.supervisor
    assert client.get(numbers).headers["X-Total-Count"] == "800"

    def seconds_away():
        """Of the slowest answer meanwhile."""
        cluster.do("kill")
        slowest = 0
        for request in (
            lambda: client.get(numbers), lambda: client.post(numbers, json=GOOD),
            lambda: requests.get(server.address + "/readyz"),
        ):
            began = time.monotonic()
            answer = request()
            slowest = max(slowest, time.monotonic() - began)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2"), answer.text
        assert requests.get(server.address + "/livez").status_code == 200
        return slowest

    def seconds_until_back():
        cluster.do("start")
        began = time.monotonic()
        until(lambda: client.get(numbers).status_code == 200)
        return time.monotonic() - began

    # A machine that is busy makes it longer now and then, not each time.
    for _ in range(3):
        if (seconds_away() < 1) & (seconds_until_back() < 2): break
    else:
        raise AssertionError("It takes too long.")
    assert client.post(numbers, json=GOOD).status_code == 201
    # What was away is in the log, with the reason, and nothing of it was answered.
    assert "Temporarily unavailable" in server.log.read_text()


def test_what_was_confirmed_is_there_after_crashes(start, cluster):
    servers = [start(DATABASE_URL=cluster.url) for _ in range(2)]
    headers = dict(servers[0].supervisor.headers)
    confirmed, lock, done = set(), threading.Lock(), threading.Event()
    statuses = {}

    def write(writer):
        number = writer * 100_000
        address = servers[writer % 2].address + "/api/v1/numbers"
        with requests.Session() as client:
            while not done.is_set():
                number += 1
                body = good(80_000_000 + number)
                answer = client.post(address, json=body, headers=headers, timeout=60)
                with lock:
                    statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                    if answer.status_code == 201:
                        confirmed.add((answer.json()["id"], body["value"]))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, writer) for writer in range(8)]
        try:
            for _ in range(3):
                time.sleep(1.5)
                cluster.do("kill")
                time.sleep(0.3)
                cluster.do("start")
            time.sleep(1.5)
        finally:
            done.set()
        for writer in writers:
            writer.result()

    # 409 is a write that was answered 503 and had happened all the same.
    assert set(statuses) <= {201, 409, 503} and statuses[503] > 0 and len(confirmed) > 50, statuses
    there, url = set(), servers[0].address + "/api/v1/numbers?perPage=1000"
    total = None
    while url:
        page = requests.get(url, headers=headers)
        total = int(page.headers["X-Total-Count"])
        there |= {(number["id"], number["value"]) for number in page.json()}
        url = page.links.get("next", {}).get("url")
    assert confirmed <= there
    assert total == len(there)


def test_replicas_are_one_inventory(start, cluster):
    first, second = (start(DATABASE_URL=cluster.url) for _ in range(2))
    client = first.sign_in()
    created = client.post(first.address + "/api/v1/numbers", json=GOOD)
    path = f"/api/v1/numbers/{created.json()['id']}"
    assert client.get(second.address + path).json() == created.json()
    changed = client.patch(
        second.address + path, json={"setupPrice": "7"}, headers={"If-Match": created.headers["ETag"]})
    assert changed.status_code == 200
    stale = client.patch(
        first.address + path, json={"setupPrice": "8"}, headers={"If-Match": created.headers["ETag"]})
    assert stale.status_code == 412
    assert client.delete(second.address + "/api/v1/sessions/current").status_code == 204
    assert client.get(first.address + path).status_code == 401


def test_ten_replicas_start_at_once_on_an_empty_database(start, cluster):
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        servers = list(pool.map(lambda _: start("--demo", DATABASE_URL=cluster.url), range(10)))
    client = servers[0].sign_in()
    for server in servers:
        assert client.get(server.address + "/api/v1/numbers").headers["X-Total-Count"] == "800"


def test_it_waits_for_a_database_that_is_not_there_yet(start, tmp_path, cluster):
    cluster.do("kill")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        starting = pool.submit(start, DATABASE_URL=cluster.url)
        try:
            waits = re.compile("waiting for the database.*reason=.*failed")
            until(lambda: any(waits.search(log.read_text()) for log in tmp_path.glob("*.log")))
        finally:
            cluster.do("start")
        server = starting.result()
    assert requests.get(server.address + "/readyz").status_code == 200
    assert server.stop() == 0


class ComingUp(socketserver.ThreadingTCPServer):
    """Refuses the first connection as a starting server does, and leads all others to the real one."""

    daemon_threads = True

    def __init__(self, cluster):
        self.cluster = cluster
        self.connections = 0
        super().__init__(("127.0.0.1", 0), Relay)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Relay(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.connections += 1
        startup = self.request.recv(8192)
        if self.server.connections == 1:
            # https://www.postgresql.org/docs/current/protocol-message-formats.html: ErrorResponse.
            fields = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"
            self.request.sendall(b"E" + struct.pack("!I", 4 + len(fields)) + fields)
            return
        with socket.socket(socket.AF_UNIX) as real:
            real.connect(f"{self.server.cluster.folder}/.s.PGSQL.5432")
            real.sendall(startup)
            threading.Thread(target=self.pass_on, args=(real, self.request), daemon=True).start()
            self.pass_on(self.request, real)

    @staticmethod
    def pass_on(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_it_waits_for_a_database_that_comes_up_while_it_asks(start, cluster):
    with ComingUp(cluster) as coming_up:
        port = coming_up.server_address[1]
        server = start(
            DATABASE_URL=f"postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable")
        assert requests.get(server.address + "/readyz").status_code == 200
        assert coming_up.connections > 2
        assert server.stop() == 0
        coming_up.shutdown()


def test_an_inventory_moves_there_and_back(start, cluster, tmp_path):
    server = start("--demo")
    pages = [f"/api/v1/numbers?perPage=1000&sort={sort}" for sort in ("id", "-value", "setupPrice")]
    before = [server.supervisor.get(server.address + page).json() for page in pages]
    assert server.stop() == 0
    there = server.carrier_copy(server.database, cluster.url)
    assert there.stdout == "Copied 800 numbers and 1 users.\n", there.stderr
    copy = f"sqlite:{tmp_path / 'copy.sqlite'}"
    assert server.carrier_copy(cluster.url, copy).returncode == 0
    for database in (cluster.url, copy):
        moved = start(DATABASE_URL=database)
        client = moved.sign_in()
        assert [client.get(moved.address + page).json() for page in pages] == before
        moved.stop()
    again = server.carrier_copy(copy, cluster.url)
    assert again.returncode == 1
    assert again.stderr == "Error: The target has 800 numbers and 1 users; nothing was copied.\n"


def test_draining(start):
    server = start("--drain", "5")
    client = server.sign_in()
    server.process.terminate()
    # It learns of it a moment later.
    until(lambda: requests.get(server.address + "/readyz").status_code == 503)
    assert client.get(server.address + "/api/v1/numbers").status_code == 200
    assert server.process.wait(timeout=25) == 0


def test_a_client_that_says_it_sends_no_more_gets_its_kept_answer(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    host, port = server.address.removeprefix("http://").split(":")
    request = b"GET /api/v1/numbers?perPage=2 HTTP/1.1\r\nHost: example\r\n" + server.authorization + b"\r\n"
    # The state has to be asked for before what is kept is given, and the client's end comes meanwhile.
    for _ in range(20):
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer
        assert answer.endswith(b"}]")
