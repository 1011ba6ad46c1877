"""PostgreSQL with a standby, without its tables, and with commits that wait for a missing standby."""

import concurrent.futures
import subprocess
import time

import requests
from program import GOOD, NUMBERS, PASSWORD, until


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

    statuses = set()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        promotion = pool.submit(standby.do, "promote")
        number = 0
        while not promotion.done() or number < 50:
            number += 1
            body = {**GOOD, "value": f"+55 84 98000-{number:04}"}
            statuses |= {client.post(numbers, json=body).status_code, client.get(numbers).status_code}
    assert statuses <= {200, 201, 503}, statuses
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
    # The others did happen.
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
    cluster.sql("SELECT pg_reload_conf()")
    until(lambda: server.total() == 800 + happened)
