"""What waits keeps nobody else waiting: sign-ins, a stopped database, a lock, an absent host."""

import concurrent.futures
import contextlib
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import threading
import time

import pytest
import requests
from program import PASSWORD, PROGRAM

GOOD = {"value": "+55 84 91234-4321", "monthyPrice": "0.03", "setupPrice": "3.40", "currency": "U$"}


def seconds_of(client, address, count=40, pause=0.0):
    """How long each of some requests took, the quickest first."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        assert client.get(address, timeout=20).status_code == 200
        times.append(time.monotonic() - began)
        time.sleep(pause)
    return sorted(times)


@contextlib.contextmanager
def again_and_again(work, threads):
    """Does `work` all the time, on some threads."""
    done = threading.Event()

    def repeat():
        while not done.is_set():
            work()

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(repeat) for _ in range(threads)]
        try:
            yield
        finally:
            done.set()
        for future in futures:
            future.result()


def test_sign_ins_keep_nobody_waiting(start):
    server = start("--demo")
    credentials = {"username": "supervisor", "password": PASSWORD}
    list_address = server.address + "/api/v1/numbers"
    quiet = statistics.median(seconds_of(server.supervisor, list_address))

    def sign_in():
        assert requests.post(
            server.address + "/api/v1/sessions", json=credentials).status_code in (201, 503)

    with again_and_again(sign_in, 4):
        time.sleep(0.5)
        live = seconds_of(requests.Session(), server.address + "/livez", pause=0.02)
        busy = statistics.median(seconds_of(server.supervisor, list_address, pause=0.02))
    print(f"quiet {quiet}, busy {busy}, /livez at most {live[-1]}")
    # The machine's other work costs some of these times.
    assert statistics.median(live) < 0.05
    assert busy < max(4 * quiet, 0.03)


def test_a_flood_of_sign_ins_is_refused_at_once(start):
    server = start(TRUSTED_PROXIES="127.0.0.1")
    host, port = server.address.removeprefix("http://").split(":")
    # Each from an address of its own, or the throttle would stop them.
    sockets = [socket.create_connection((host, int(port))) for _ in range(2000)]

    def sign_in(number):
        body = b'{"username": "user%d", "password": "a guess of many"}' % number
        began = time.monotonic()
        with sockets[number] as connection:
            connection.sendall(
                b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"X-Forwarded-For: 10.0.%d.%d\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                % (number // 250, number % 250, len(body), body))
            return connection.recv(4096)[9:12], time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(2000) as pool:
        answers = list(pool.map(sign_in, range(2000)))
    assert {status for status, _ in answers} == {b"401", b"503"}
    refused = sorted(seconds for status, seconds in answers if status == b"503")
    print(f"{len(refused)} refused, half within {statistics.median(refused)}, all within {refused[-1]}")
    assert len(refused) > 1000
    assert statistics.median(refused) < 2 and refused[-1] < 7


def test_a_stopped_database_keeps_nobody_waiting(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    numbers = server.address + "/api/v1/numbers"
    authorization = dict(server.supervisor.headers)
    with concurrent.futures.ThreadPoolExecutor(30) as pool:

        def read(_):
            return requests.get(numbers, headers=authorization, timeout=60).status_code

        assert set(pool.map(read, range(60))) == {200}
        backends = cluster.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'carrier'")
        backends = [int(pid) for pid in backends.split()]
        assert len(backends) > 3
        try:
            for pid in backends:
                os.kill(pid, signal.SIGSTOP)
            reads = [pool.submit(read, 0) for _ in range(30)]
            time.sleep(0.3)
            live = seconds_of(requests.Session(), server.address + "/livez", pause=0.05)
            print("/livez at most", live[-1])
            assert live[-1] < 0.3 and statistics.median(live) < 0.05
            # Those that are on a stopped connection are sent away, the others wait for one in vain.
            assert {read.result() for read in reads} <= {200, 503}
        finally:
            for pid in backends:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
    began = time.monotonic()
    while requests.get(numbers, headers=authorization).status_code != 200:
        assert time.monotonic() - began < 5


def test_writers_wait_for_another_program_together(start, tmp_path):
    server = start("--demo")
    numbers = server.address + "/api/v1/numbers"
    headers = dict(server.supervisor.headers)
    other = sqlite3.connect(tmp_path / "inventory.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write(number):
        body = {**GOOD, "value": f"+55 84 91234-432{number}"}
        return requests.post(numbers, json=body, headers=headers, timeout=60)

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        writes = [pool.submit(write, number) for number in range(8)]
        time.sleep(0.3)
        live = seconds_of(requests.Session(), server.address + "/livez")
        reads = seconds_of(server.supervisor, numbers)
        answers = [write.result() for write in writes]
    print(f"{time.monotonic() - began} s, /livez {live[-1]}, reads {reads[-1]}")
    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (503, "/problems/unavailable")}
    assert time.monotonic() - began < 7
    assert statistics.median(live) < 0.05 and statistics.median(reads) < 0.1
    other.execute("COMMIT")
    assert write(0).status_code == 201


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
    assert copy.stdout == "Copied 800 numbers and 1 users.\n", copy.stderr
