"""Ends and faults of the machine under writers: what was acknowledged is there, and nothing is there by half."""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import pytest
from attack import amount, good, random_number, report
from ledger import NUMBERS, TRACELESS, Ledger, check_traces_in, there_in, there_through
from program import Server, until
from wire import Wire, ask, request


def test_kill_9_on_sqlite(tmp_path):
    kills, ledger, chance = amount(8, 700), Ledger(1), random.Random(2)
    server = Server(tmp_path)
    authorization = server.authorization
    for kill in range(kills):
        with ledger.writers(server, authorization):
            time.sleep(chance.uniform(0.02, 0.4))
            server.process.kill()
            server.process.wait()
        server = Server(tmp_path)
        if kill % 50 == 0: ledger.check(there_through(server, authorization))
    ledger.check(there_through(server, authorization))
    assert server.stop() == 0
    ledger.check(there_in(tmp_path / "inventory.sqlite"))
    check_traces_in(tmp_path / "inventory.sqlite")
    report("kill -9 of the server, on SQLite", kills, f"{ledger.count} acknowledged writes, none lost", "0 lost")
    assert ledger.count > kills * 5


def test_immediate_end_of_postgresql(start, cluster):
    kills, ledger, chance = amount(4, 300), Ledger(3), random.Random(4)
    server = start(DATABASE_URL=cluster.url)
    authorization = server.authorization
    for _ in range(kills):
        # They go on while the database is away, and after it has come back.
        with ledger.writers(server, authorization):
            time.sleep(chance.uniform(0.05, 0.5))
            cluster.do("kill")
            cluster.do("start")
            time.sleep(0.1)
    until(lambda: ask(server, "GET", NUMBERS, authorization).status == 200)
    ledger.check(there_through(server, authorization))
    assert cluster.sql(TRACELESS) == "0"
    report("immediate end of PostgreSQL", kills, f"{ledger.count} acknowledged writes, none lost; "
           f"{dict(ledger.statuses)}", "0 lost, no 500")
    assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
    assert ledger.count > kills * 5


class Importer:
    """Imports the same numbers again and again, each time with one price for all of them."""

    ROWS = 3000

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.values = sorted({random_number(self.chance) for _ in range(self.ROWS)})
        self.imports = 0
        self.acknowledged = 0
        self.duration = 1.0

    def rows(self, price):
        return "value,monthyPrice,setupPrice,currency\n" + "".join(
            f"{value},{price},{price},R$\n" for value in self.values)

    def load(self, server, authorization):
        """Imports once, for as long as there is a server; how long it takes tells when to end one in its middle."""
        self.imports += 1
        price, began = self.imports, time.monotonic()
        try:
            with Wire(server, timeout=30) as wire:
                wire.send(request("POST", f"{NUMBERS}/import?mode=upsert", authorization, "Content-Type: text/csv",
                                  body=self.rows(price)))
                answer = wire.response()
        except OSError:
            return
        if answer and answer.status == 200: self.acknowledged, self.duration = price, time.monotonic() - began

    def is_interrupted(self, server, authorization, end):
        """Calls `end` in the middle of an import, or a little before or after it."""
        thread = threading.Thread(target=self.load, args=(server, authorization))
        thread.start()
        time.sleep(self.chance.uniform(0.4, 1.5) * self.duration)
        end()
        thread.join(timeout=60)
        assert not thread.is_alive(), "an answer never came"

    def check(self, prices, count):
        """Holds what is there, the different prices and the count of all numbers, against what was imported."""
        assert count == len(self.values), count
        assert len(prices) == 1 and self.acknowledged <= prices.pop() <= self.imports, (prices, self.acknowledged)


def test_kill_9_in_the_middle_of_imports(tmp_path):
    kills, importer, server = amount(4, 100), Importer(8), Server(tmp_path)
    authorization, file = server.authorization, tmp_path / "inventory.sqlite"
    for _ in range(2): importer.load(server, authorization)
    assert importer.acknowledged == 2
    undone = 0
    for _ in range(kills):
        importer.is_interrupted(server, authorization, server.process.kill)
        server.process.wait()
        server = Server(tmp_path)
        with contextlib.closing(sqlite3.connect(file)) as database:
            prices = {price / 10_000 for (price,) in database.execute("SELECT monthyPrice FROM number")}
            prices |= {price / 10_000 for (price,) in database.execute("SELECT setupPrice FROM number")}
            (count,) = database.execute("SELECT count(*) FROM number").fetchone()
        undone += importer.imports not in prices
        importer.check(prices, count)
        check_traces_in(file)
    assert server.stop() == 0
    report("kill -9 in the middle of an import, on SQLite", kills, f"{undone} not begun or taken back whole, the others "
           f"done whole, {importer.ROWS} rows each", "0 by half")


def test_immediate_end_of_postgresql_in_the_middle_of_imports(start, cluster):
    kills, importer = amount(3, 100), Importer(9)
    server = start(DATABASE_URL=cluster.url)
    authorization, undone = server.authorization, 0
    for _ in range(2): importer.load(server, authorization)
    assert importer.acknowledged == 2
    for _ in range(kills):
        importer.is_interrupted(server, authorization, lambda: cluster.do("kill"))
        cluster.do("start")
        prices = {float(price) / 10_000 for price in cluster.sql(
            'SELECT "monthyPrice" FROM number UNION SELECT "setupPrice" FROM number').split()}
        undone += importer.imports not in prices
        importer.check(prices, int(cluster.sql("SELECT count(*) FROM number")))
        assert cluster.sql(TRACELESS) == "0"
    report("immediate end of PostgreSQL in an import", kills, f"{undone} not begun or taken back whole, the others "
           f"done whole, {importer.ROWS} rows each", "0 by half")


def test_sigterm_under_writers(tmp_path):
    stops, ledger, chance = amount(3, 40), Ledger(5), random.Random(6)
    longest, authorization = 0, None
    for stop in range(stops):
        server = Server(tmp_path)
        # A session outlives its server.
        authorization = authorization or server.authorization
        with ledger.writers(server, authorization):
            time.sleep(chance.uniform(0.1, 0.6))
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(timeout=10) == 0
            longest = max(longest, time.monotonic() - began)
        # The file alone, as somebody would copy it who knows of no other.
        copy = tmp_path / f"copy{stop}.sqlite"
        shutil.copy(tmp_path / "inventory.sqlite", copy)
        ledger.check(there_in(copy))
        check_traces_in(copy)
    report("SIGTERM under writers", stops, f"{ledger.count} acknowledged writes, all in the file alone, {longest:.1f} s",
           "0 lost, exit status 0, 10 s")


def test_sigterm_with_clients_that_never_end(start):
    server = start("--demo")
    authorization = server.authorization
    wires = [Wire(server) for _ in range(20)]
    for wire in wires[:10]: wire.send(request("POST", NUMBERS, authorization, body=" " * 100)[:-50])
    time.sleep(0.3)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    status = server.process.wait(timeout=60)
    seconds = time.monotonic() - began
    report("SIGTERM with clients that never finish", len(wires), f"exit status {status} after {seconds:.0f} s", "0, 35 s")
    assert status == 0 and seconds < 35


@pytest.fixture
def small_disk(tmp_path):
    """A folder with 16 MiB of room, which only the processes see that are started with what this returns."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=16m small "$0" && exec "$@"', folder]
    if subprocess.run([*mount, "true"], capture_output=True).returncode != 0:
        pytest.skip("a disk of its own is not permitted here")
    return folder, mount


def test_a_full_disk(tmp_path, small_disk):
    folder, mount = small_disk
    server = Server(tmp_path, before=mount, DATABASE_URL=f"sqlite:{folder}/inventory.sqlite")
    try:
        authorization, ledger = server.authorization, Ledger(7)
        # The same folder, as the server sees it.
        seen = pathlib.Path(f"/proc/{server.process.pid}/root{folder}")
        with ledger.writers(server, authorization):
            time.sleep(0.5)
            with contextlib.suppress(OSError), (seen / "ballast").open("wb") as ballast:
                while True: ballast.write(bytes(4096)) and ballast.flush()
            time.sleep(amount(1, 5))
            statuses = set(ledger.statuses)
            ledger.statuses.clear()
            until(lambda: ledger.statuses)
            time.sleep(0.5)
            full = dict(ledger.statuses)
            readable = ask(server, "GET", NUMBERS, authorization).status
            alive = ask(server, "GET", "/livez").status
            (seen / "ballast").unlink()
            time.sleep(0.5)
        after = ask(server, "POST", NUMBERS, authorization, body=good("+55 84 900000001", "1")).status
        ledger.asked["+55 84 900000001"].add(1)
        ledger.check(there_through(server, authorization))
        copied = tmp_path / "copy.sqlite"
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"{seen}/inventory.sqlite{suffix}", f"{copied}{suffix}")
        ledger.check(there_in(copied))
    finally:
        assert server.stop() == 0
    report("writers on a full disk", ledger.count, f"then {full}, reads {readable}, /livez {alive}, with room {after}",
           "503, 200, 200, 201")
    assert statuses <= {200, 201, 503} and set(full) == {503}, (statuses, full)
    assert (readable, alive, after) == (200, 200, 201)


def test_a_file_deleted_underneath(start, tmp_path):
    server = start("--demo")
    authorization = server.authorization
    assert ask(server, "POST", NUMBERS, authorization, body=good(random_number())).status == 201
    for file in tmp_path.glob("inventory.sqlite*"): os.unlink(file)
    time.sleep(1)
    write = ask(server, "POST", NUMBERS, authorization, body=good(random_number())).status
    ready = ask(server, "GET", "/readyz").status
    alive = ask(server, "GET", "/livez").status
    errors = [line for line in server.log.read_text().splitlines() if " error " in line]
    report("a database file that was deleted", 1, f"write {write}, /readyz {ready}, /livez {alive}, {len(errors)} errors "
           "in the log", "503, 503, 200, some")
    assert (write, ready, alive) == (503, 503, 200)
    assert errors


def test_a_file_replaced_underneath(start, tmp_path):
    server = start("--demo")
    authorization = server.authorization
    file = tmp_path / "inventory.sqlite"
    shutil.copy(file, tmp_path / "other")
    os.replace(tmp_path / "other", file)
    time.sleep(1)
    write = ask(server, "POST", NUMBERS, authorization, body=good(random_number())).status
    ready = ask(server, "GET", "/readyz").status
    report("a database file that was replaced", 1, f"write {write}, /readyz {ready}", "503, 503")
    assert (write, ready) == (503, 503)
