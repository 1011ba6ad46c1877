"""The program on PostgreSQL: outages, several servers, standbys, copies, PgBouncer."""

import concurrent.futures
import contextlib
import re
import struct
import subprocess
import time

import pytest
import requests
from network import Network
from program import GOOD, NUMBERS, PASSWORD, ROOT, carrier, until

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


class Starting(Network):
    """Refuses the first connection as a starting PostgreSQL does."""

    count = 0

    def connect(self, client):
        self.count += 1
        if self.count > 1: return super().connect(client)
        client.recv(8192)
        # https://www.postgresql.org/docs/current/protocol-message-formats.html: ErrorResponse.
        fields = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"
        client.sendall(b"E" + struct.pack("!I", 4 + len(fields)) + fields)
        raise ConnectionError


def test_the_start_waits_for_a_database_that_is_starting(start, cluster):
    database = Starting(f"{cluster.folder}/.s.PGSQL.5432")
    server = start(
        DATABASE_URL=f"postgres://postgres@127.0.0.1:{database.port}/postgres?sslmode=disable&gssencmode=disable")
    assert server.readiness == 200
    assert database.count > 2
    assert server.stop() == 0
    database.close()


def test_an_inventory_is_copied_to_postgres_and_back(cluster, tmp_path):
    def export(database):
        return carrier("export", "-", "--ids", "--sort=-value", "--database-url", database).stdout

    first, last = (f"sqlite:{tmp_path}/{name}" for name in ("first", "last"))
    assert carrier("seed", "--database-url", first).returncode == 0
    for source, target in ((first, cluster.url), (cluster.url, last)):
        assert carrier("copy", "--from", source, "--to", target).stdout == "Copied 800 numbers and 0 users.\n"
        assert export(target) == export(first) != ""
    again = carrier("copy", "--from", first, "--to", cluster.url)
    assert (again.returncode, again.stderr) == (
        1, "Error: The target has 800 numbers and 0 users; nothing was copied.\n")


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
def test_a_long_migration_needs_its_own_session(earlier, bouncer, mode, status, message):
    earlier.sql("""
        CREATE FUNCTION linger() RETURNS event_trigger LANGUAGE plpgsql AS
            $$ BEGIN IF current_query() LIKE '%CONCURRENTLY%' THEN PERFORM pg_sleep(5.5); END IF; END $$;
        CREATE EVENT TRIGGER linger ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION linger()""")
    run = carrier("migrate", "--database-url", bouncer(mode).url)
    assert run.returncode == status and message in run.stdout + run.stderr, run.stderr
    assert status == 0 or "Run carrier migrate with PostgreSQL's own address." in run.stderr


def test_a_standby_serves_reads_and_after_its_promotion_writes(start, cluster, request):
    primary = start("--demo", DATABASE_URL=cluster.url)
    client = primary.supervisor
    # The fixture copies the primary now, with its numbers.
    standby = request.getfixturevalue("standby")
    server = start(DATABASE_URL=standby.url)
    numbers = server.address + NUMBERS
    assert client.get(numbers).headers["X-Total-Count"] == "800"
    # A cached response is not used once a change of the primary has arrived.
    primary.create(value="+55 84 97000-0001")
    until(lambda: client.get(numbers).headers["X-Total-Count"] == "801")
    for response in (
        client.post(numbers, json=GOOD), client.patch(numbers + "/1", json={"setupPrice": "7"}),
        client.delete(numbers + "/1"), server.try_sign_in(), server.get("/readyz"),
    ):
        assert response.status_code == 503 and response.headers["Retry-After"] in ("2", "5"), response.text
        assert response.json()["type"] == "/problems/unavailable"
    added = server.carrier("user", "add", "ana", input=PASSWORD + "\n")
    assert added.returncode == 1 and "Traceback" not in added.stderr
    standby.do("promote")
    until(lambda: server.readiness == 200)
    assert server.try_sign_in().status_code == 201
    assert client.delete(numbers + "/1").status_code == 204


def test_a_server_is_not_ready_without_its_tables(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    client = server.supervisor
    assert server.readiness == 200
    cluster.sql("DROP TABLE number CASCADE")
    assert (server.readiness, client.get(NUMBERS + "/1").status_code) == (503, 500)
    cluster.sql("DROP SCHEMA public CASCADE")
    assert (server.readiness, server.get("/livez").status_code) == (503, 200)


def test_a_commit_without_a_response_may_have_happened(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    headers = dict(server.supervisor.headers)
    # Commits wait for a standby that does not exist; PostgreSQL has no limit for that.
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    cluster.sql("SELECT pg_reload_conf()")
    # A commit of the test shows when PostgreSQL has read its settings.
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

    def a_commit_waits():
        write = ["psql", cluster.url, "-Atqc", "SELECT pg_logical_emit_message(true, 'test', '')"]
        with subprocess.Popen(write, stdout=subprocess.DEVNULL) as commit:
            until(lambda: commit.poll() is not None or cluster.sql(waiting) != "0")
            has_ended = commit.poll() is not None
            commit.kill()
        return not has_ended

    until(a_commit_waits)
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:

        def write(number):
            body = {**GOOD, "value": f"+55 84 91234-432{number}"}
            return requests.post(server.address + NUMBERS, json=body, headers=headers, timeout=60)

        responses = list(pool.map(write, range(3)))
    assert {(response.status_code, response.headers["Retry-After"]) for response in responses} == {(503, "2")}
    types = [response.json()["type"] for response in responses]
    # Two writes may change the same row of the counts: then one waits for the other's lock and fails for certain.
    assert set(types) <= {"/problems/outcome-unknown", "/problems/unavailable"}
    happened = types.count("/problems/outcome-unknown")
    assert happened > 0
    assert time.monotonic() - began < 20
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
    cluster.sql("SELECT pg_reload_conf()")
    until(lambda: server.total() == 800 + happened)
