"""The program on PostgreSQL: outages, crashes, several servers, copies, PgBouncer."""

import concurrent.futures
import contextlib
import re
import socket
import socketserver
import struct
import subprocess
import threading
import time

import pytest
import requests
from program import GOOD, NUMBERS, ROOT, carrier, until

EARLIER = ROOT / "Tests/EndToEnd/inventories/1.0.0.sql"


def good(number):
    return {**GOOD, "value": f"+55 84 9{number // 10000:04}-{number % 10000:04}"}


def test_requests_fail_quickly_without_the_database_and_succeed_soon_after(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    client = server.supervisor
    assert server.total() == 800

    def slowest_response():
        cluster.do("kill")
        slowest = 0
        for request in (lambda: client.get(NUMBERS), lambda: client.post(NUMBERS, json=GOOD), lambda: server.get("/readyz")):
            began = time.monotonic()
            response = request()
            slowest = max(slowest, time.monotonic() - began)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "2"), response.text
        assert server.get("/livez").status_code == 200
        return slowest

    def seconds_until_back():
        cluster.do("start")
        began = time.monotonic()
        until(lambda: client.get(NUMBERS).status_code == 200)
        return time.monotonic() - began

    # A busy machine makes it longer now and then, not each time.
    for _ in range(3):
        if (slowest_response() < 1) & (seconds_until_back() < 2): break
    else:
        raise AssertionError("It takes too long.")
    server.create()
    assert "Temporarily unavailable" in server.log.read_text()


def test_ten_servers_that_start_at_once_share_one_inventory(start, cluster):
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        servers = list(pool.map(lambda _: start("--demo", DATABASE_URL=cluster.url), range(10)))
    client = servers[0].sign_in()
    assert {client.get(server.address + NUMBERS).headers["X-Total-Count"] for server in servers} == {"800"}
    created = client.post(NUMBERS, json=GOOD)
    path, condition = f"{NUMBERS}/{created.json()['id']}", {"If-Match": created.headers["ETag"]}
    assert client.get(servers[1].address + path).json() == created.json()
    statuses = [client.patch(server.address + path, json={"setupPrice": "7"}, headers=condition).status_code
                for server in servers[1:3]]
    assert statuses == [200, 412]


def test_the_start_waits_for_the_database(start, tmp_path, cluster):
    cluster.do("kill")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        starting = pool.submit(start, DATABASE_URL=cluster.url)
        try:
            waits = re.compile("waiting for the database.*reason=.*failed")
            until(lambda: any(waits.search(log.read_text()) for log in tmp_path.glob("*.log")))
        finally:
            cluster.do("start")
        server = starting.result()
    assert server.readiness == 200
    assert server.stop() == 0


class ComingUp(socketserver.ThreadingTCPServer):
    """Refuses the first connection as a starting PostgreSQL does, and forwards the others to the cluster."""

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
            threading.Thread(target=self.forward, args=(real, self.request), daemon=True).start()
            self.forward(self.request, real)

    @staticmethod
    def forward(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_the_start_waits_for_a_database_that_is_starting(start, cluster):
    with ComingUp(cluster) as database:
        port = database.server_address[1]
        server = start(
            DATABASE_URL=f"postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable")
        assert server.readiness == 200
        assert database.connections > 2
        assert server.stop() == 0
        database.shutdown()


def test_an_inventory_is_copied_to_postgres_and_back(start, cluster, tmp_path):
    def pages(server):
        client = server.sign_in()
        return [client.get(f"{NUMBERS}?perPage=1000&sort={sort}").json() for sort in ("id", "-value", "setupPrice")]

    server = start("--demo")
    before = pages(server)
    assert server.stop() == 0
    copied = carrier("copy", "--from", server.database, "--to", cluster.url)
    assert copied.stdout == "Copied 800 numbers and 1 users.\n", copied.stderr
    copy = f"sqlite:{tmp_path / 'copy.sqlite'}"
    assert carrier("copy", "--from", cluster.url, "--to", copy).returncode == 0
    for database in (cluster.url, copy):
        moved = start(DATABASE_URL=database)
        assert pages(moved) == before
        moved.stop()
    again = carrier("copy", "--from", copy, "--to", cluster.url)
    assert (again.returncode, again.stderr) == (
        1, "Error: The target has 800 numbers and 1 users; nothing was copied.\n")


@pytest.mark.parametrize("password", ["half%secret", "half%zzsecret", "half@secret", "half/secret"])
def test_a_password_that_is_not_encoded_is_not_printed(tmp_path, password):
    run = carrier("serve", "--database-url", f"postgres://ana:{password}@127.0.0.1:1/inventory", cwd=tmp_path)
    assert run.returncode == 64 and "percent-encoding" in run.stderr
    assert "half" not in run.stderr + run.stdout and "secret" not in run.stderr + run.stdout


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_several_servers_work_behind_pgbouncer(start, cluster, bouncer, mode):
    proxy = bouncer(mode)
    # The settings that docs/production.md recommends.
    cluster.sql("ALTER ROLE postgres SET statement_timeout = '5s'; ALTER ROLE postgres SET lock_timeout = '3s'")
    servers = [start("--demo", DATABASE_URL=proxy.url) for _ in range(3)]
    headers = dict(servers[0].supervisor.headers)

    def visit(visit):
        numbers = servers[visit % 3].address + NUMBERS
        with requests.Session() as client:
            client.headers.update(headers)
            created = client.post(numbers, json=good(80_000_000 + visit))
            number = f"{numbers}/{created.json().get('id')}"
            pages = [client.get(f"{numbers}?sort={sort}&q=98") for sort in ("id", "-value", "setupPrice", "currency,-id")]
            others = [client.patch(number, json={"setupPrice": "7"}), client.get(number), client.delete(number)]
            return tuple(response.status_code for response in [created, *pages, *others])

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        assert set(pool.map(visit, range(150))) == {(201, 200, 200, 200, 200, 200, 200, 204)}
    assert servers[1].total() == 800
    copy = carrier("copy", "--from", proxy.url, "--to", f"sqlite:{servers[0].folder / 'copy.sqlite'}")
    # Each visit created, changed and deleted a number.
    assert copy.stdout == "Copied 800 numbers, 1 users and 450 changes.\n", copy.stderr


@pytest.fixture
def earlier(cluster):
    """A cluster with an inventory whose indexes a migration rebuilds."""
    cluster.psql(f"--file={EARLIER}")
    cluster.sql("DELETE FROM schema_migration WHERE name = 'ids in all indexes'")
    return cluster


@contextlib.contextmanager
def other_clients(url):
    """Runs short statements meanwhile, so that the pooler gives sessions to other clients."""
    work = subprocess.Popen(["yes", "SELECT pg_sleep(0.001);"], stdout=subprocess.PIPE)
    clients = [subprocess.Popen(["psql", "--no-psqlrc", url], stdin=work.stdout, stdout=subprocess.DEVNULL)
               for _ in range(4)]
    yield
    for process in (*clients, work):
        process.kill()
        process.wait()
    work.stdout.close()


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_migration_changes_no_limit_of_other_sessions(earlier, bouncer, mode):
    earlier.sql("ALTER ROLE postgres SET statement_timeout = '7s'; ALTER ROLE postgres SET lock_timeout = '4s'")
    proxy = bouncer(mode)
    with other_clients(proxy.url):
        run = carrier("migrate", "--database-url", proxy.url)
    assert run.returncode == 0, run.stderr
    assert "Done: ids in all indexes." in run.stdout
    # Each client holds one session for three seconds, so these are all sessions of the pooler.
    held = [subprocess.Popen(
        ["psql", "--no-psqlrc", "-Atc", "SELECT pg_backend_pid(), current_setting('statement_timeout'), "
         "current_setting('lock_timeout'), pg_sleep(3)", proxy.url], stdout=subprocess.PIPE, text=True)
        for _ in range(5)]
    sessions = [client.communicate()[0].split("|")[:3] for client in held]
    assert len({process for process, *_ in sessions}) == 5
    # The role's limits, or those that the service sets.
    assert {tuple(limits) for _, *limits in sessions} <= {("7s", "4s"), ("5s", "3s")}


@pytest.mark.parametrize("mode, status, message", [
    ("transaction", 1, 'The migration "ids in all indexes" takes longer than a statement may take behind a proxy'),
    ("session", 0, "Done: ids in all indexes."),
])
def test_a_long_migration_needs_a_session_of_its_own(earlier, bouncer, mode, status, message):
    earlier.sql("""
        CREATE FUNCTION linger() RETURNS event_trigger LANGUAGE plpgsql AS
            $$ BEGIN IF current_query() LIKE '%CONCURRENTLY%' THEN PERFORM pg_sleep(5.5); END IF; END $$;
        CREATE EVENT TRIGGER linger ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION linger()""")
    run = carrier("migrate", "--database-url", bouncer(mode).url)
    assert run.returncode == status and message in run.stdout + run.stderr, run.stderr
    assert status == 0 or "run carrier migrate with PostgreSQL's own address." in run.stderr
