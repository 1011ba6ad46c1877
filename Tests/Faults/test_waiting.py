"""Requests that wait for a password hash, a lock, a stalled database or a full log pipe delay no others."""

import collections
import concurrent.futures
import os
import re
import selectors
import sqlite3
import subprocess
import time

import pytest
from attack import Watch, again, amount, bounded, livez_bound
from program import NUMBERS, PASSWORD, Server, timed, until
from wire import Wire, ask, request

SESSIONS = "/api/v1/sessions"


def at_once(count, body):
    """Calls `body` with 0, 1, 2 … on as many threads, and returns the results."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(body, range(count)))


@again
def test_constant_sign_ins_delay_no_reads(start):
    server = start("--demo")
    bound = livez_bound(server)
    seconds = amount(5, 20)
    with Watch(server, NUMBERS + "/1", keep=True) as without:
        time.sleep(seconds / 2)
    ends = time.monotonic() + seconds

    def sign_in(_):
        done = 0
        with Wire(server) as wire:
            while time.monotonic() < ends:
                wire.send(request("POST", SESSIONS, body=f'{{"username":"supervisor","password":"{PASSWORD}"}}'))
                done += wire.response().status == 201
        return done

    with Watch(server) as livez, Watch(server, NUMBERS + "/1", keep=True) as reads:
        done = sum(at_once(2, sign_in))
    assert done > seconds * 2
    assert reads.statuses == {200}
    livez.bounded("sign-ins by one account, /livez", ninety_five=bound, longest=1000)
    reads.bounded("sign-ins by one account, reads", median=2 * without.median)


@again
def test_two_thousand_sign_ins_at_once_are_bounded_in_time_and_memory(start):
    server = start()
    bound = livez_bound(server)
    count = 2000
    waiting = selectors.DefaultSelector()
    for number in range(count):
        # Each guess needs its own address, because guesses from one address are delayed.
        connection = Wire(server, f"127.9.{number // 250}.{number % 250 + 1}").socket
        connection.setblocking(False)
        waiting.register(connection, selectors.EVENT_READ)
    with Watch(server) as livez:
        began = time.monotonic()
        for number, key in enumerate(list(waiting.get_map().values())):
            key.fileobj.sendall(request("POST", SESSIONS, body=f'{{"username":"user{number}","password":"wrong"}}'))
        statuses, refused_after = collections.Counter(), 0
        while waiting.get_map() and time.monotonic() - began < 60:
            for key, _ in waiting.select(1):
                status = key.fileobj.recv(65536)[9:12]
                statuses[status] += 1
                if status == b"503": refused_after = time.monotonic() - began
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    # Two hashes at once take 64 MiB.
    assert server.resident_megabytes("VmHWM") < 300
    assert set(statuses) <= {b"401", b"429", b"503"} and sum(statuses.values()) == count, statuses
    assert statuses[b"503"] > count / 2, statuses
    bounded("sign-ins at once, the last 503", refused_after, 2)
    livez.bounded("sign-ins at once, /livez", ninety_five=bound, longest=1000)


@pytest.mark.parametrize("with_postmaster", [False, True])
@again
def test_a_stalled_database_delays_requests_for_a_bounded_time(start, cluster, with_postmaster):
    server = start("--demo", DATABASE_URL=cluster.url)
    authorization = server.authorization
    bound = livez_bound(server)

    def read(_):
        response, seconds = timed(ask, server, "GET", NUMBERS + "?sort=-value&perPage=1000", authorization)
        return response.status, seconds

    # Uses every connection once.
    assert {status for status, _ in at_once(40, read)} == {200}
    with Watch(server) as livez, cluster.stalled(with_postmaster):
        responses = at_once(amount(30, 100), read)
        time.sleep(2)
    assert {status for status, _ in responses} <= ({503} if with_postmaster else {200, 503})
    bounded("PostgreSQL stalled, responses", max(seconds for _, seconds in responses), 8)
    livez.bounded("PostgreSQL stalled, /livez", ninety_five=bound, longest=1000)
    _, back = timed(until, lambda: read(0)[0] == 200)
    bounded("PostgreSQL stalled, back", back, 5)


def lock(server, cluster):
    """Locks number 1 in another program, and returns a function that unlocks it."""
    if not cluster:
        other = sqlite3.connect(server.database.removeprefix("sqlite:"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return lambda: other.execute("ROLLBACK")
    other = subprocess.Popen(
        ["psql", "--no-psqlrc", "--quiet", cluster.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    other.stdin.write("BEGIN; SELECT id FROM number WHERE id = 1 FOR UPDATE;\n")
    other.stdin.flush()
    while "row" not in other.stdout.readline(): pass
    return lambda: other.communicate("ROLLBACK;\n", timeout=60)


@again
def test_an_outside_lock_delays_its_writers_at_the_same_time_and_no_readers(start, store, store_cluster):
    server = start("--demo", **store)
    authorization = server.authorization

    def write(_):
        response, seconds = timed(ask, server, "PATCH", NUMBERS + "/1", authorization, body='{"setupPrice":"777"}')
        return response.status, response.headers.get("retry-after"), seconds

    unlock = lock(server, store_cluster)
    with Watch(server, NUMBERS + "/2") as reads, Watch(server) as livez:
        responses = at_once(12, write)
    unlock()
    assert {response[:2] for response in responses} == {(503, "2")}, responses
    assert write(0)[0] == 200 and reads.statuses == {200}
    bounded("writers behind an outside lock", max(seconds for _, _, seconds in responses), 12 if store else 6)
    reads.bounded("readers beside an outside lock", longest=1000)
    livez.bounded("an outside lock, /livez", longest=1000)


def read(descriptor, seconds):
    os.set_blocking(descriptor, False)
    data, ends = b"", time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            data += os.read(descriptor, 1_000_000)
        except BlockingIOError:
            time.sleep(0.05)
    return data


@again
def test_requests_continue_if_the_log_pipe_is_full(tmp_path):
    count, slowest, data = amount(3_000, 30_000), 0, request("GET", "/api/v1/openapi.json")
    reading, writing = os.pipe()
    server = Server(tmp_path, "--demo", stderr=writing)
    os.close(writing)
    try:
        with Wire(server) as wire:
            for _ in range(count):
                wire.send(data)
                response, seconds = timed(wire.response)
                assert response.status == 200
                slowest = max(slowest, seconds)
            # The next line reports how many lines were dropped.
            log = read(reading, 2)
            wire.send(data)
            assert wire.response().status == 200
        text = (log + read(reading, 2)).decode()
        dropped = [int(re.findall(r"\d+", line)[-1]) for line in text.splitlines() if "dropped" in line]
        assert dropped and sum(dropped) + text.count(" request ") >= count, text[-500:]
        assert text.endswith("\n")
        bounded("requests while the log is not read", slowest, 1)
    finally:
        os.close(reading)
        assert server.stop() == 0
