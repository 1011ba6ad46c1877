"""Crashes, failures of the machine, and rollouts while clients write: no acknowledged write is lost or applied by half."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import time

import pytest
from attack import again, amount, bounded, random_number
from ledger import DISAGREEMENTS, Ledger, numbers_in, numbers_of
from program import NUMBERS, Cluster, Disk, Server, timed, until
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
    assert ledger.count > kills * 5


def test_an_immediate_end_of_postgresql_loses_no_acknowledged_write(start, cluster):
    kills, ledger, chance = amount(4, 300), Ledger(3), random.Random(4)
    server = start(DATABASE_URL=cluster.url)
    for _ in range(kills):
        # The writers continue while the database is away, and after it is back.
        with ledger.writers(server):
            time.sleep(chance.uniform(0.05, 0.5))
            cluster.do("kill")
            cluster.do("start")
            time.sleep(0.1)
    until(lambda: ask(server, "GET", NUMBERS, server.authorization).status == 200)
    ledger.check(numbers_of(server))
    assert server.sql(DISAGREEMENTS) == [0]
    assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
    assert ledger.count > kills * 5


def test_an_interrupted_import_is_whole_or_absent(tmp_path, store, store_cluster):
    chance = random.Random(8)
    numbers = sorted({random_number(chance) for _ in range(3000)})
    server = Server(tmp_path, **store)
    authorization = server.authorization

    def is_imported(price):
        """Imports `numbers` with one price for all, and returns whether the server acknowledged it."""
        rows = "".join(f"{number},{price},{price},R$\n" for number in numbers)
        data = request("POST", f"{NUMBERS}/import?mode=upsert", authorization, "Content-Type: text/csv",
                       body="value,monthyPrice,setupPrice,currency\n" + rows)
        with contextlib.suppress(OSError), Wire(server, timeout=30) as wire:
            wire.send(data)
            response = wire.response()
            return response is not None and response.status == 200
        return False

    for acknowledged in (1, 2):
        was_imported, duration = timed(is_imported, acknowledged)
        assert was_imported
    for price in range(3, 3 + amount(4, 100)):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            importing = pool.submit(is_imported, price)
            # Kill in the middle of the import, or a little before or after it.
            time.sleep(chance.uniform(0.4, 1.5) * duration)
            if store_cluster: store_cluster.do("kill")
            else: server.kill()
            if importing.result(timeout=60): acknowledged = price
        if store_cluster: store_cluster.do("start")
        else: server = Server(tmp_path)
        [found] = set(server.sql('SELECT "monthyPrice" FROM number UNION SELECT "setupPrice" FROM number'))
        assert acknowledged <= found / 10_000 <= price
        assert server.sql("SELECT count(*) FROM number") == [len(numbers)]
        assert server.sql(DISAGREEMENTS) == [0]
    assert server.stop() == 0


def test_sigterm_leaves_all_acknowledged_writes_in_the_one_file(tmp_path):
    ledger, chance = Ledger(5), random.Random(6)
    for stop in range(amount(3, 40)):
        server = Server(tmp_path)
        with ledger.writers(server):
            time.sleep(chance.uniform(0.1, 0.6))
            server.process.terminate()
            assert server.process.wait(timeout=10) == 0
        # The file is complete without its write-ahead log.
        ledger.check(numbers_in(shutil.copy(tmp_path / "inventory.sqlite", tmp_path / f"copy{stop}.sqlite")))


def test_sigterm_ends_the_server_while_clients_never_finish(start):
    server = start("--demo")
    wires = [Wire(server) for _ in range(20)]
    for wire in wires[:10]: wire.send(request("POST", NUMBERS, server.authorization, body=" " * 100)[:-50])
    time.sleep(0.3)
    server.process.terminate()
    assert server.process.wait(timeout=35) == 0


def test_a_full_disk_refuses_writes_and_loses_none(tmp_path, start):
    disk, ledger = Disk(tmp_path, start), Ledger(7)
    server = disk.server
    with ledger.writers(server):
        time.sleep(0.5)
        disk.fill()
        time.sleep(amount(1, 5))
        assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
        ledger.statuses.clear()
        until(lambda: ledger.statuses)
        time.sleep(0.5)
        assert set(ledger.statuses) == {503}, ledger.statuses
        assert ask(server, "GET", NUMBERS, server.authorization).status == 200
        disk.free()
        time.sleep(0.5)
    assert ledger.create(server)
    ledger.check(numbers_of(server))
    copied = tmp_path / "copy.sqlite"
    for suffix in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy(f"{disk.folder}/inventory.sqlite{suffix}", f"{copied}{suffix}")
    ledger.check(numbers_in(copied))
    assert server.stop() == 0


@pytest.mark.parametrize("seed", range(amount(1, 10)))
@again
def test_a_promoted_standby_has_all_acknowledged_writes(start, seed):
    with Cluster.running("new") as primary, Cluster.running("standby", primary.folder) as standby:
        ledger = Ledger(seed)
        server = start(DATABASE_URL=f"postgres://postgres@/postgres?host={primary.folder},{standby.folder}"
                       "&target_session_attrs=read-write")
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        until(lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync")
        with ledger.writers(server):
            time.sleep(amount(2, 5))
            assert ledger.count > 0
            # Kill all its processes at once. Stop the postmaster first, so that it starts no others.
            os.kill(primary.postmaster, signal.SIGSTOP)
            for process in [*primary.children, primary.postmaster]: os.kill(process, signal.SIGKILL)
            until(lambda: server.readiness == 503)
            assert server.get("/livez").status_code == 200
            standby.do("promote")
            _, seconds = timed(until, lambda: ledger.create(server))
            time.sleep(0.5)
        ledger.check(numbers_of(server))
        assert server.readiness == 200
        assert server.carrier("check").returncode == 0
        assert set(ledger.statuses) <= {200, 201, 503}, ledger.statuses
        assert server.stop() == 0
        bounded("the first write after a promotion", seconds, 5)


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
    assert new.carrier("check").returncode == 0


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
