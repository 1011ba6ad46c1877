"""The program behind PgBouncer, and addresses of databases that are mistyped."""

import concurrent.futures
import contextlib
import subprocess

import pytest
import requests
from program import GOOD, PROGRAM, ROOT

EARLIER = ROOT / "Tests/EndToEnd/inventories/1.0.0.sql"


def test_a_password_that_is_not_encoded_is_not_printed(tmp_path):
    for password in ("half%secret", "half%zzsecret", "half@secret", "half/secret"):
        run = subprocess.run(
            [PROGRAM, "serve", "--database-url", f"postgres://ana:{password}@127.0.0.1:1/inventory"],
            capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert run.returncode == 64
        assert "percent-encoding" in run.stderr
        assert "half" not in run.stderr + run.stdout and "secret" not in run.stderr + run.stdout


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_behind_pgbouncer(start, cluster, bouncer, mode):
    proxy = bouncer(mode)
    # The settings that docs/production.md asks for.
    cluster.sql("ALTER ROLE postgres SET statement_timeout = '5s'; ALTER ROLE postgres SET lock_timeout = '3s'")
    servers = [start("--demo", DATABASE_URL=proxy.url) for _ in range(3)]
    headers = dict(servers[0].supervisor.headers)

    def visit(visit):
        numbers = servers[visit % 3].address + "/api/v1/numbers"
        statuses = []
        with requests.Session() as client:
            client.headers.update(headers)
            body = {**GOOD, "value": f"+55 84 98{visit // 10000:03}-{visit % 10000:04}"}
            created = client.post(numbers, json=body)
            statuses.append(created.status_code)
            path = f"{numbers}/{created.json().get('id')}"
            for sort in ("id", "-value", "setupPrice", "currency,-id"):
                statuses.append(client.get(f"{numbers}?sort={sort}&q=98").status_code)
            changed = client.patch(path, json={"setupPrice": "7"})
            statuses.append(changed.status_code)
            statuses.append(client.get(path).status_code)
            statuses.append(client.delete(path).status_code)
        return statuses

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(visit, range(150)))
    assert {tuple(answer) for answer in answers} == {(201, 200, 200, 200, 200, 200, 200, 204)}
    page = requests.get(servers[1].address + "/api/v1/numbers", headers=headers)
    assert page.headers["X-Total-Count"] == "800"
    copy = servers[0].carrier_copy(proxy.url, f"sqlite:{servers[0].folder / 'copy.sqlite'}")
    # Each visit created, changed and deleted a number.
    assert copy.stdout == "Copied 800 numbers, 1 users and 450 changes.\n", copy.stderr


@pytest.fixture
def earlier(cluster):
    """A cluster with an inventory whose indexes have to be made anew, beside those who work."""
    subprocess.run(["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={EARLIER}", cluster.url],
                   check=True, stdout=subprocess.DEVNULL)
    cluster.sql("DELETE FROM schema_migration WHERE name = 'ids in all indexes'")
    return cluster


def migrate(url):
    return subprocess.run(
        [PROGRAM, "migrate", "--database-url", url], capture_output=True, text=True, timeout=100)


@contextlib.contextmanager
def others(url):
    """Who works meanwhile, so that sessions pass from one client to another."""
    work = subprocess.Popen(["yes", "SELECT pg_sleep(0.001);"], stdout=subprocess.PIPE)
    clients = [subprocess.Popen(["psql", "--no-psqlrc", url], stdin=work.stdout, stdout=subprocess.DEVNULL)
               for _ in range(4)]
    yield
    for process in (*clients, work):
        process.kill()
        process.wait()
    work.stdout.close()


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_migration_lifts_no_limit_of_others(earlier, bouncer, mode):
    earlier.sql("ALTER ROLE postgres SET statement_timeout = '7s'; ALTER ROLE postgres SET lock_timeout = '4s'")
    proxy = bouncer(mode)
    with others(proxy.url):
        run = migrate(proxy.url)
    assert run.returncode == 0, run.stderr
    assert "Done: ids in all indexes." in run.stdout
    # All sessions that the proxy lends: each client holds one for three seconds.
    held = [subprocess.Popen(
        ["psql", "--no-psqlrc", "-Atc", "SELECT pg_backend_pid(), current_setting('statement_timeout'), "
         "current_setting('lock_timeout'), pg_sleep(3)", proxy.url], stdout=subprocess.PIPE, text=True)
        for _ in range(5)]
    sessions = [client.communicate()[0].split("|")[:3] for client in held]
    assert len({process for process, *_ in sessions}) == 5
    # The role's, or those that the service sets.
    assert {tuple(limits) for _, *limits in sessions} <= {("7s", "4s"), ("5s", "3s")}


def test_a_migration_that_takes_long_behind_pgbouncer(earlier, bouncer):
    earlier.sql("""
        CREATE FUNCTION linger() RETURNS event_trigger LANGUAGE plpgsql AS
            $$ BEGIN IF current_query() LIKE '%CONCURRENTLY%' THEN PERFORM pg_sleep(5.5); END IF; END $$;
        CREATE EVENT TRIGGER linger ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION linger()""")
    # Where a session is lent to others too, its limit stays.
    run = migrate(bouncer("transaction").url)
    assert run.returncode == 1
    assert 'The migration "ids in all indexes" takes longer than a statement may take behind a proxy' in run.stderr
    assert "Run carrier migrate with PostgreSQL's own address." in run.stderr
    # Where it is one's own, it is lifted.
    run = migrate(bouncer("session").url)
    assert run.returncode == 0, run.stderr
    assert "Done: ids in all indexes." in run.stdout
