"""Crashes, failures of the machine, and rollouts under writers: no acknowledged write is lost or applied by half."""

import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import threading
import time

import pytest
from attack import again, amount, bounded, good, random_number, report
from ledger import DISAGREEMENTS, Ledger, numbers_in, numbers_of
from program import NUMBERS, Cluster, Server, mounting, until
from wire import Wire, ask, request

BEFORE = os.environ.get("CARRIER_BEFORE")


def test_kill_9_loses_no_acknowledged_write_on_sqlite(tmp_path):
    kills, ledger, chance = amount(8, 700), Ledger(1), random.Random(2)
    server = Server(tmp_path)
    for kill in range(kills):
        with ledger.writers(server):
            time.sleep(chance.uniform(0.02, 0.4))
            server.kill()
        server = Server(tmp_path)
        if kill % 50 == 0: ledger.check(numbers_of(server))
    ledger.check(numbers_of(server))
    assert server.stop() == 0
    ledger.check(numbers_in(tmp_path / "inventory.sqlite"))
    report("kill -9 of the server, on SQLite", kills, f"{ledger.count} acknowledged writes, none lost", "0 lost")
    assert ledger.count > kills * 5


def test_an_immediate_end_of_postgresql_loses_no_acknowledged_write(start, cluster):
    kills, ledger, chance = amount(4, 300), Ledger(3), random.Random(4)
    server = start(DATABASE_URL=cluster.url)
    for _ in range(kills):
        # They continue while the database is away, and after it is back.
        with ledger.writers(server):
            time.sleep(chance.uniform(0.05, 0.5))
            cluster.do("kill")
            cluster.do("start")
            time.sleep(0.1)
    until(lambda: ask(server, "GET", NUMBERS, server.authorization).status == 200)
    ledger.check(numbers_of(server))
    assert server.sql(DISAGREEMENTS) == [0]
    report("immediate end of PostgreSQL", kills, f"{ledger.count} acknowledged writes, none lost; "
           f"{dict(ledger.statuses)}", "0 lost, no 500")
    assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
    assert ledger.count > kills * 5


class Importer:
    """Imports the same numbers repeatedly, each time with one price for all of them."""

    ROWS = 3000

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.values = sorted({random_number(self.chance) for _ in range(self.ROWS)})
        self.imports, self.acknowledged, self.duration = 0, 0, 1.0

    def load(self, server, authorization):
        self.imports += 1
        price, began = self.imports, time.monotonic()
        rows = "value,monthyPrice,setupPrice,currency\n" + "".join(f"{value},{price},{price},R$\n" for value in self.values)
        with contextlib.suppress(OSError), Wire(server, timeout=30) as wire:
            wire.send(request("POST", f"{NUMBERS}/import?mode=upsert", authorization, "Content-Type: text/csv", body=rows))
            response = wire.response()
            if response and response.status == 200: self.acknowledged, self.duration = price, time.monotonic() - began

    def is_interrupted(self, server, authorization, end):
        """Calls `end` in the middle of an import, or a little before or after it."""
        thread = threading.Thread(target=self.load, args=(server, authorization))
        thread.start()
        time.sleep(self.chance.uniform(0.4, 1.5) * self.duration)
        end()
        thread.join(timeout=60)
        assert not thread.is_alive(), "a response never came"


PRICES = 'SELECT "monthyPrice" FROM number UNION SELECT "setupPrice" FROM number'


def test_an_interrupted_import_is_whole_or_absent(tmp_path, store, request):
    kills, importer, absent = amount(4, 100), Importer(8), 0
    cluster = request.getfixturevalue("cluster") if store else None
    server = Server(tmp_path, **store)
    authorization = server.authorization
    for _ in range(2): importer.load(server, authorization)
    assert importer.acknowledged == 2
    for _ in range(kills):
        importer.is_interrupted(server, authorization, (lambda: cluster.do("kill")) if cluster else server.kill)
        if cluster: cluster.do("start")
        else: server = Server(tmp_path)
        [price] = {price / 10_000 for price in server.sql(PRICES)}
        assert importer.acknowledged <= price <= importer.imports, (price, importer.acknowledged)
        assert server.sql("SELECT count(*) FROM number") == [len(importer.values)]
        assert server.sql(DISAGREEMENTS) == [0]
        absent += importer.imports != price
    assert server.stop() == 0
    report("end in the middle of an import" + ", of PostgreSQL" * bool(cluster), kills,
           f"{absent} absent, the others whole, {importer.ROWS} rows each", "0 by half")


def test_sigterm_leaves_all_acknowledged_writes_in_the_one_file(tmp_path):
    stops, ledger, chance, longest = amount(3, 40), Ledger(5), random.Random(6), 0
    for stop in range(stops):
        server = Server(tmp_path)
        with ledger.writers(server):
            time.sleep(chance.uniform(0.1, 0.6))
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(timeout=10) == 0
            longest = max(longest, time.monotonic() - began)
        # Without the write-ahead log.
        ledger.check(numbers_in(shutil.copy(tmp_path / "inventory.sqlite", tmp_path / f"copy{stop}.sqlite")))
    report("SIGTERM under writers", stops, f"{ledger.count} acknowledged writes, all in the file alone, {longest:.1f} s",
           "0 lost, exit status 0, 10 s")


def test_sigterm_ends_the_server_while_clients_never_finish(start):
    server = start("--demo")
    wires = [Wire(server) for _ in range(20)]
    for wire in wires[:10]: wire.send(request("POST", NUMBERS, server.authorization, body=" " * 100)[:-50])
    time.sleep(0.3)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    status, seconds = server.process.wait(timeout=60), time.monotonic() - began
    report("SIGTERM with clients that never finish", len(wires), f"exit status {status} after {seconds:.0f} s", "0, 35 s")
    assert status == 0 and seconds < 35


def test_a_full_disk_refuses_writes_and_loses_none(tmp_path):
    folder = tmp_path / "disk"
    server = Server(tmp_path, before=mounting(folder, "16m"), DATABASE_URL=f"sqlite:{folder}/inventory.sqlite")
    try:
        ledger = Ledger(7)
        # The disk as the server sees it.
        seen = pathlib.Path(f"/proc/{server.process.pid}/root{folder}")
        with ledger.writers(server):
            time.sleep(0.5)
            with contextlib.suppress(OSError), (seen / "ballast").open("wb") as ballast:
                while True: ballast.write(bytes(4096)) and ballast.flush()
            time.sleep(amount(1, 5))
            statuses = set(ledger.statuses)
            ledger.statuses.clear()
            until(lambda: ledger.statuses)
            time.sleep(0.5)
            full = dict(ledger.statuses)
            readable = ask(server, "GET", NUMBERS, server.authorization).status
            (seen / "ballast").unlink()
            time.sleep(0.5)
        assert ledger.create(server)
        ledger.check(numbers_of(server))
        copied = tmp_path / "copy.sqlite"
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"{seen}/inventory.sqlite{suffix}", f"{copied}{suffix}")
        ledger.check(numbers_in(copied))
    finally:
        assert server.stop() == 0
    report("writers on a full disk", ledger.count, f"then {full}, reads {readable}", "503, 200")
    assert statuses <= {200, 201, 503} and set(full) == {503}, (statuses, full)
    assert readable == 200


@pytest.mark.parametrize("event", ["deleted", "replaced"])
def test_a_database_file_that_was_deleted_or_replaced_is_noticed(start, tmp_path, event):
    server = start("--demo")
    file, authorization = tmp_path / "inventory.sqlite", server.authorization
    if event == "deleted":
        for each in tmp_path.glob("inventory.sqlite*"): each.unlink()
    else:
        os.replace(shutil.copy(file, tmp_path / "other"), file)
    time.sleep(1)
    write = ask(server, "POST", NUMBERS, authorization, body=good(random_number()))
    ready, alive = ask(server, "GET", "/readyz"), ask(server, "GET", "/livez").status
    report(f"a database file that was {event}", 1, f"write {write.status}, /readyz {ready.status}, /livez {alive}",
           "503, 503, 200")
    assert (write.status, ready.status, alive) == (503, 503, 200)
    for response in (write, ready):
        assert response.headers["retry-after"] == "2" and response.problem["type"] == "/problems/unavailable"
    assert re.search(r" error .*inventory\.sqlite was deleted or replaced", server.log.read_text())


PATIENCE = 5


def kill_all(cluster):
    """Kills all processes of a PostgreSQL server at once."""
    postmaster = int((pathlib.Path(cluster.folder) / "data/postmaster.pid").read_text().split()[0])
    # Stopped first, so that it starts no others.
    os.kill(postmaster, signal.SIGSTOP)
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in [*map(int, children), postmaster]: os.kill(process, signal.SIGKILL)


def rate(ledger, server):
    before, seconds = ledger.count, amount(2, 5)
    with ledger.writers(server): time.sleep(seconds)
    return (ledger.count - before) / seconds


def take_over(start, seed):
    """Loses a primary under writers.

    Returns the number of acknowledged writes, the seconds from the promotion to the next write, and the writes per second
    without and with a synchronous standby.
    """
    with contextlib.ExitStack() as clusters:
        primary = clusters.enter_context(Cluster.running("new"))
        standby = clusters.enter_context(Cluster.running("standby", primary.folder))
        server = start(DATABASE_URL=f"postgres://postgres@/postgres?host={primary.folder},{standby.folder}"
                       "&target_session_attrs=read-write")
        ledger = Ledger(seed)
        alone = rate(ledger, server)
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        until(lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync")
        together = rate(ledger, server)
        assert alone > 0 and together > 0
        with ledger.writers(server):
            time.sleep(0.5)
            kill_all(primary)
            until(lambda: server.readiness == 503)
            assert server.get("/livez").status_code == 200
            standby.do("promote")
            promoted = time.monotonic()
            until(lambda: ledger.create(server))
            seconds = time.monotonic() - promoted
            time.sleep(0.5)
        ledger.check(numbers_of(server))
        assert server.readiness == 200
        assert server.carrier("check").returncode == 0
        assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
        assert server.stop() == 0
        bounded(seconds < PATIENCE, seconds)
        return ledger.count, seconds, alone, together


@again
def test_a_promoted_standby_has_all_acknowledged_writes(start):
    writes, seconds, alone, together = zip(*(take_over(start, seed) for seed in range(amount(1, 10))), strict=True)
    report("a primary that is lost under writers", len(writes), f"{sum(writes)} acknowledged writes, none lost; "
           f"writes again {max(seconds):.1f} s after the promotion", f"{PATIENCE} s")
    report("writes a second without and with a synchronous standby", len(writes),
           f"{sum(alone) / len(writes):.0f}, {sum(together) / len(writes):.0f}", "none")


@pytest.mark.skipif(not BEFORE, reason="CARRIER_BEFORE names no earlier program: make faults BEFORE=REVISION")
def test_two_versions_write_at_the_same_time(start, cluster):
    before = {"program": pathlib.Path(str(BEFORE)), "DATABASE_URL": cluster.url}
    old, older, ledger, rounds = start(**before), start(**before), Ledger(11), amount(2, 10)
    with ledger.writers(older):
        for _ in range(rounds):
            # Today's program migrates the tables while earlier ones write.
            new = start(DATABASE_URL=cluster.url)
            with ledger.writers(new), ledger.writers(old):
                time.sleep(amount(1, 5))
                # An earlier program crashes, and starts again on the migrated tables.
                old.kill()
                old = start(**before)
                with ledger.writers(old): time.sleep(amount(1, 5))
            assert new.stop() == 0
    new = start(DATABASE_URL=cluster.url)
    for server in (old, older, new): ledger.check(numbers_of(server))
    assert set(ledger.statuses) <= {200, 201}, ledger.statuses
    assert ledger.count > 50 * rounds, ledger.count
    take_turns(old, new)
    check = new.carrier("check")
    assert check.returncode == 0, check.stdout
    report("two versions at once", rounds, f"{ledger.count} acknowledged writes, none lost", "0 lost, no refusal")


def take_turns(old, new):
    """Both programs change one number in turn, and each sees the changes of the other. They share the session."""
    created = old.create(value="+55 84 3222-1234")
    number, tag = f"{NUMBERS}/{created.json()['id']}", created.headers["ETag"]
    for price, server, other in ((1, new, old), (2, old, new), (3, new, old), (4, old, new)):
        body = json.dumps({"setupPrice": str(price)})
        changed = ask(server, "PATCH", number, old.authorization, f"If-Match: {tag}", body=body)
        seen = ask(other, "GET", number, old.authorization)
        assert changed.status == 200 and json.loads(seen.body) == json.loads(changed.body)
        assert ask(other, "PATCH", number, old.authorization, f"If-Match: {tag}", body="{}").status == 412
        tag = seen.headers["etag"]
    assert ask(new, "DELETE", number, old.authorization).status == 204
    assert ask(old, "GET", number, old.authorization).status == 404
