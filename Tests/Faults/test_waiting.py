"""Who waits for a password, a lock or a database that is silent waits alone: nobody else does."""

import concurrent.futures
import selectors
import socket
import sqlite3
import subprocess
import time

from attack import Watch, again, amount, bounded, good, livez_bound, random_number, report
from program import PASSWORD, until
from wire import Wire, ask, request

NUMBERS, SIGN_IN = "/api/v1/numbers", f'{{"username":"supervisor","password":"{PASSWORD}"}}'


def at_once(count, body):
    """Calls `body` with 0, 1, 2 … on as many threads; what they return, or raise, comes from here."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(body, range(count)))


@again
def test_sign_ins_at_full_rate(start):
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
def test_two_thousand_sign_ins_at_once(start):
    server = start()
    bound = livez_bound(server)
    count = 2000
    waiting = selectors.DefaultSelector()
    host, port = server.address.removeprefix("http://").split(":")
    for number in range(count):
        connection = socket.socket()
        # An address each: who guesses from one address is made to wait before it comes to this.
        connection.bind((f"127.9.{number // 250}.{number % 250 + 1}", 0))
        connection.connect((host, int(port)))
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
    assert set(statuses) <= {b"401", b"429", b"503"} and sum(statuses.values()) == count, statuses
    assert statuses.get(b"503", 0) > count / 2, statuses
    bounded(refused_after < 2, refused_after)
    bounded(livez.ninety_five < bound and livez.longest < 1000, str(livez))


def stalled_database(start, cluster, with_postmaster):
    server = start("--demo", DATABASE_URL=cluster.url)
    authorization = server.authorization
    bound = livez_bound(server)

    def read(_):
        began = time.monotonic()
        answer = ask(server, "GET", NUMBERS + "?sort=-value&perPage=1000", authorization)
        return answer.status, time.monotonic() - began

    # So many that every connection has been used.
    assert {status for status, _ in at_once(40, read)} == {200}
    with Watch(server) as livez, cluster.stalled(with_postmaster) as count:
        answers = at_once(amount(30, 100), read)
        time.sleep(2)
    longest = max(seconds for _, seconds in answers)
    what = "PostgreSQL as a whole stopped" if with_postmaster else "PostgreSQL's backends stopped"
    report(what + ", /livez", count, str(livez), f"{bound:.0f} ms")
    report(what + ", answers", len(answers), f"{longest:.1f} s", "8 s")
    assert {status for status, _ in answers} <= ({503} if with_postmaster else {200, 503})
    bounded(longest < 8, longest)
    bounded(livez.ninety_five < bound and livez.longest < 1000, str(livez))
    back = time.monotonic()
    until(lambda: read(0)[0] == 200)
    bounded(time.monotonic() - back < 5)


@again
def test_stalled_backends(start, cluster):
    stalled_database(start, cluster, with_postmaster=False)


@again
def test_a_stalled_database(start, cluster):
    stalled_database(start, cluster, with_postmaster=True)


@again
def test_a_locked_row_is_waited_for_by_its_writers_only(start, cluster):
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
def test_an_outside_lock_is_waited_for_by_all_writers_together(start, tmp_path):
    server = start()
    authorization = server.authorization
    other = sqlite3.connect(tmp_path / "inventory.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    took = []

    def write(_):
        began = time.monotonic()
        answer = ask(server, "POST", NUMBERS, authorization, body=good(random_number()))
        took.append(time.monotonic() - began)
        assert answer.status == 503, answer
        assert answer.problem and "retry-after" in answer.headers

    with Watch(server, NUMBERS + "?perPage=1") as reads:
        at_once(8, write)
    other.execute("ROLLBACK")
    report("writers behind an outside lock of SQLite", 8, f"{max(took):.1f} s", "6 s")
    assert ask(server, "POST", NUMBERS, authorization, body=good(random_number())).status == 201
    bounded(max(took) < 6, took)
    bounded(reads.longest < 1000, str(reads))
