"""Requests that wait for a password hash, a lock, a stalled database or a full log pipe delay no others."""

import collections
import concurrent.futures
import os
import re
import selectors
import sqlite3
import subprocess
import threading
import time

import pytest
from attack import Watch, again, amount, bounded, good, livez_bound, random_number, report
from program import NUMBERS, PASSWORD, Server, until
from wire import Wire, ask, request

SIGN_IN = f'{{"username":"supervisor","password":"{PASSWORD}"}}'


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
                wire.send(request("POST", "/api/v1/sessions", body=SIGN_IN))
                done += wire.response().status == 201
        return done

    with Watch(server) as livez, Watch(server, NUMBERS + "/1", keep=True) as reads:
        done = sum(at_once(2, sign_in))
    report("sign-ins by one account, /livez", done, str(livez), f"{bound:.0f} ms")
    report("sign-ins by one account, reads", done, str(reads), f"2 × {without.median:.1f} ms")
    assert done > seconds * 2
    assert reads.statuses == {200}
    bounded(livez.ninety_five < bound and livez.longest < 1000, str(livez))
    bounded(reads.median <= 2 * without.median, reads.median, without.median)


@again
def test_two_thousand_sign_ins_at_once_are_bounded_in_time_and_memory(start):
    server = start()
    bound = livez_bound(server)
    count = 2000
    waiting = selectors.DefaultSelector()
    for number in range(count):
        # An address each, because guesses from one address are delayed.
        connection = Wire(server, f"127.9.{number // 250}.{number % 250 + 1}").socket
        connection.setblocking(False)
        waiting.register(connection, selectors.EVENT_READ)
    with Watch(server) as livez:
        began = time.monotonic()
        for number, key in enumerate(list(waiting.get_map().values())):
            key.fileobj.sendall(request(
                "POST", "/api/v1/sessions", body=f'{{"username":"user{number}","password":"wrong"}}'))
        statuses, refused_after = {}, 0
        while waiting.get_map() and time.monotonic() - began < 60:
            for key, _ in waiting.select(1):
                status = key.fileobj.recv(65536)[9:12]
                statuses[status] = statuses.get(status, 0) + 1
                if status == b"503": refused_after = time.monotonic() - began
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    report("sign-ins at once, the last 503", count, f"{refused_after:.1f} s {statuses}", "2 s")
    report("sign-ins at once, /livez", count, str(livez), f"{bound:.0f} ms")
    # Two hashes at once take 64 MiB.
    assert server.resident_megabytes("VmHWM") < 300
    assert set(statuses) <= {b"401", b"429", b"503"} and sum(statuses.values()) == count, statuses
    assert statuses.get(b"503", 0) > count / 2, statuses
    bounded(refused_after < 2, refused_after)
    bounded(livez.ninety_five < bound and livez.longest < 1000, str(livez))


@pytest.mark.parametrize("with_postmaster", [False, True])
@again
def test_a_stalled_database_delays_requests_for_a_bounded_time(start, cluster, with_postmaster):
    server = start("--demo", DATABASE_URL=cluster.url)
    authorization = server.authorization
    bound = livez_bound(server)

    def read(_):
        began = time.monotonic()
        response = ask(server, "GET", NUMBERS + "?sort=-value&perPage=1000", authorization)
        return response.status, time.monotonic() - began

    # Uses every connection once.
    assert {status for status, _ in at_once(40, read)} == {200}
    with Watch(server) as livez, cluster.stalled(with_postmaster) as count:
        responses = at_once(amount(30, 100), read)
        time.sleep(2)
    longest = max(seconds for _, seconds in responses)
    what = "PostgreSQL as a whole stopped" if with_postmaster else "PostgreSQL's backends stopped"
    report(what + ", /livez", count, str(livez), f"{bound:.0f} ms")
    report(what + ", responses", len(responses), f"{longest:.1f} s", "8 s")
    assert {status for status, _ in responses} <= ({503} if with_postmaster else {200, 503})
    bounded(longest < 8, longest)
    bounded(livez.ninety_five < bound and livez.longest < 1000, str(livez))
    back = time.monotonic()
    until(lambda: read(0)[0] == 200)
    bounded(time.monotonic() - back < 5)


@again
def test_a_locked_row_delays_only_its_writers(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    authorization = server.authorization
    locker = subprocess.Popen(
        ["psql", "--no-psqlrc", "--quiet", cluster.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    locker.stdin.write("BEGIN; SELECT id FROM number WHERE id = 1 FOR UPDATE;\n")
    locker.stdin.flush()
    while "row" not in locker.stdout.readline(): pass
    try:
        with Watch(server, NUMBERS + "/2") as reads, Watch(server) as livez:
            began = time.monotonic()
            statuses = at_once(12, lambda _: ask(
                server, "PATCH", NUMBERS + "/1", authorization, body='{"currency":"BRL"}').status)
            seconds = time.monotonic() - began
    finally:
        locker.communicate("ROLLBACK;\n", timeout=60)
    report("writers of a locked row, readers of others", 12, f"{reads}; {seconds:.1f} s {set(statuses)}", "1 s")
    assert set(statuses) == {503} and reads.statuses == {200}
    bounded(seconds < 12, seconds)
    bounded(reads.longest < 1000 and livez.longest < 1000, str(reads), str(livez))


@again
def test_an_outside_lock_delays_all_writers_at_the_same_time(start, tmp_path):
    server = start()
    authorization = server.authorization
    other = sqlite3.connect(tmp_path / "inventory.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    took = []

    def write(_):
        began = time.monotonic()
        response = ask(server, "POST", NUMBERS, authorization, body=good(random_number()))
        took.append(time.monotonic() - began)
        assert response.status == 503 and response.headers["retry-after"] == "2", response
        log = server.log.read_text()
        assert "SQLite error 5" in log and response.problem["requestId"] in log

    with Watch(server, NUMBERS + "?perPage=1") as reads:
        at_once(8, write)
    other.execute("ROLLBACK")
    report("writers behind an outside lock of SQLite", 8, f"{max(took):.1f} s", "6 s")
    assert ask(server, "POST", NUMBERS, authorization, body=good(random_number())).status == 201
    bounded(max(took) < 6, took)
    bounded(reads.longest < 1000, str(reads))


def test_the_owner_signs_in_while_another_address_guesses(start):
    """SignInThrottleTests covers the other bounds of guessing."""
    server = start()
    done, guesses, statuses = threading.Event(), collections.Counter(), []

    def sign_in(source, password):
        body = f'{{"username":"supervisor","password":"{password}"}}'
        return ask(server, "POST", "/api/v1/sessions", body=body, source=source).status

    def guess():
        while not done.wait(0.2): guesses[sign_in("127.0.0.2", "guess")] += 1

    guesser = threading.Thread(target=guess)
    guesser.start()
    try:
        # Five guesses a second, of which most are refused without checking the password.
        time.sleep(amount(10, 45))
        for _ in range(8):
            statuses.append(sign_in("127.0.0.3", PASSWORD))
            time.sleep(amount(1, 10))
    finally:
        done.set()
        guesser.join(timeout=70)
    report("the owner's sign-ins beside a guesser", 8, f"{statuses}; guesses {dict(guesses)}", "8 of 8")
    assert guesses[401] <= 20, guesses
    assert statuses == [201] * 8


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
                began = time.monotonic()
                wire.send(data)
                assert wire.response().status == 200
                slowest = max(slowest, time.monotonic() - began)
            # The next line reports how many lines were dropped.
            log = read(reading, 2)
            wire.send(data)
            assert wire.response().status == 200
        text = (log + read(reading, 2)).decode()
        dropped = [int(re.findall(r"\d+", line)[-1]) for line in text.splitlines() if "dropped" in line]
        lines = text.count(" request ")
        report("requests while the log is not read", count, f"slowest {slowest * 1000:.0f} ms; {lines} lines, "
               f"{sum(dropped)} reported as dropped", "0 lost silently")
        assert dropped and sum(dropped) + lines >= count, text[-500:]
        assert text.endswith("\n")
        bounded(slowest < 1, slowest)
    finally:
        os.close(reading)
        assert server.stop() == 0
