"""PostgreSQL with others that follow it, and without those that it waits for."""

import concurrent.futures
import subprocess
import time

import requests
from program import GOOD, PASSWORD, until


def test_a_standby_reads_and_is_promoted(start, cluster, request):
    primary = start("--demo", DATABASE_URL=cluster.url)
    headers = dict(primary.supervisor.headers)
    # The standby is made only now, so that it has the numbers.
    standby = request.getfixturevalue("standby")
    server = start(DATABASE_URL=standby.url)
    numbers = server.address + "/api/v1/numbers"
    assert requests.get(numbers, headers=headers).headers["X-Total-Count"] == "800"

    # What was answered before a change of the primary is not answered after it has come here.
    added = {**GOOD, "value": "+55 84 97000-0001"}
    assert requests.post(primary.address + "/api/v1/numbers", json=added, headers=headers).status_code == 201
    until(lambda: requests.get(numbers, headers=headers).headers["X-Total-Count"] == "801")

    def sign_in():
        return requests.post(
            server.address + "/api/v1/sessions", json={"username": "supervisor", "password": PASSWORD})

    for answer in (
        requests.post(numbers, json=GOOD, headers=headers),
        requests.patch(numbers + "/1", json={"setupPrice": "7"}, headers=headers),
        requests.delete(numbers + "/1", headers=headers), sign_in(),
        requests.get(server.address + "/readyz"),
    ):
        assert (answer.status_code, answer.headers["Retry-After"]) in ((503, "2"), (503, "5")), answer.text
        assert answer.json()["type"] == "/problems/unavailable"
    added = server.carrier("user", "add", "ana", input=PASSWORD + "\n")
    assert added.returncode == 1 and "Traceback" not in added.stderr

    statuses = set()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        promotion = pool.submit(standby.do, "promote")
        number = 0
        while not promotion.done() or number < 50:
            number += 1
            body = {**GOOD, "value": f"+55 84 9{8000 + number // 10000:04}-{number % 10000:04}"}
            statuses.add(requests.post(numbers, json=body, headers=headers).status_code)
            statuses.add(requests.get(numbers, headers=headers).status_code)
    assert statuses <= {200, 201, 503}, statuses
    until(lambda: requests.get(server.address + "/readyz").status_code == 200)
    assert sign_in().status_code == 201
    assert requests.delete(numbers + "/1", headers=headers).status_code == 204


def test_a_schema_that_is_dropped(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    headers = dict(server.supervisor.headers)
    assert requests.get(server.address + "/readyz").status_code == 200
    cluster.sql("DROP TABLE number CASCADE")
    assert requests.get(server.address + "/readyz").status_code == 503
    assert requests.get(server.address + "/api/v1/numbers/1", headers=headers).status_code == 500
    cluster.sql("DROP SCHEMA public CASCADE")
    assert requests.get(server.address + "/readyz").status_code == 503
    assert requests.get(server.address + "/livez").status_code == 200


def test_a_commit_that_gets_no_answer_may_have_happened(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    numbers = server.address + "/api/v1/numbers"
    headers = dict(server.supervisor.headers)
    # Commits wait for somebody who never comes; PostgreSQL sets no limit to that.
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    cluster.sql("SELECT pg_reload_conf()")
    # PostgreSQL reads its settings in its own time: from when on a commit waits, one of the test's own tells.
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
            return requests.post(numbers, json=body, headers=headers, timeout=60)

        answers = list(pool.map(write, range(3)))
    for answer in answers:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    types = [answer.json()["type"] for answer in answers]
    # Two may want the same row of the counts: then one of them waits for the other's lock, gives up,
    # and knows that nothing has happened.
    assert set(types) <= {"/problems/outcome-unknown", "/problems/unavailable"}
    happened = types.count("/problems/outcome-unknown")
    assert happened > 0
    assert time.monotonic() - began < 20
    # The others did happen, as a client learns that reads again.
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
    cluster.sql("SELECT pg_reload_conf()")
    total = str(800 + happened)
    until(lambda: requests.get(numbers, headers=headers).headers["X-Total-Count"] == total)
