"""Measures how bytes and times grow with the inventory, and the load of several servers on one PostgreSQL: `make scale`.

docs/scale.md has the conclusions.
"""

import argparse
import concurrent.futures
import contextlib
import itertools
import pathlib
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile

import growth as growing
import processes
import repository
import wrk
from databases import PostgreSQL, SQLite, fill
from servers import PAGE, Carrier

PARTS = ["machines", "counts", "wal", "replicas", "growth"]
# The duration of a commit when measuring waits: so long that the processor does not matter.
COMMIT_SECONDS = 0.1


def options():
    parser = argparse.ArgumentParser(prog="scale", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, default=repository.ROOT / ".build/release/carrier")
    parser.add_argument("--only", metavar="PART,PART", help=f"not everything; parts are {', '.join(PARTS)}")
    parser.add_argument("--numbers", default="10000,100000,1000000", help="how many numbers inventories have")
    parser.add_argument("--requests", type=int, default=200, help="how often each request is sent (200)")
    parser.add_argument("--seconds", type=int, default=3, help="how long a load lasts (3)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each load is repeated (3)")
    values = parser.parse_args()
    values.only = values.only.split(",") if values.only else PARTS
    values.numbers = [int(count) for count in values.numbers.split(",")]
    values.program = values.program.resolve()
    return values


def table(headings, rows):
    print("| " + " | ".join(headings) + " |\n|" + "---|" * len(headings))
    for row in rows: print("| " + " | ".join(map(str, row)) + " |")
    print(flush=True)


def sql(database, statement):
    return subprocess.run(
        ["psql", database, "-Atqc", statement], check=True, capture_output=True, text=True).stdout.strip()


# How bytes and times grow.

def sqlite_bytes(file):
    """The bytes of the rows, the indexes, and the search indexes."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        sizes = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    return {
        "row": sizes["number"],
        "indexes": sum(
            size for name, size in sizes.items() if name.startswith(("number_by", "sqlite_autoindex_number_"))),
        "search": sum(size for name, size in sizes.items() if name.startswith("number_search") or "trigram" in name),
        "all": sum(sizes.values()),
    }, ""


def postgres_bytes(database):
    sql(database, "CREATE EXTENSION IF NOT EXISTS pageinspect")
    sizes = dict(line.split("|") for line in sql(database, """
        SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'i' AND relname LIKE 'number\\_%'
        OR relname = 'number'""").splitlines())
    sizes = {name: int(size) for name, size in sizes.items() if not name.startswith("number_count")}
    row, search = sizes.pop("number"), sizes.pop("number_by_digits_trigram", 0)
    levels = sql(database, "SELECT string_agg(DISTINCT level::text, ', ') FROM pg_class, bt_metap(relname) "
                 "WHERE relkind = 'i' AND relname LIKE 'number\\_by%' AND relname NOT LIKE '%trigram'")
    return {"row": row, "indexes": sum(sizes.values()), "search": search,
            "all": row + search + sum(sizes.values())}, levels


def growth(values, stores, folder):
    sizes, times = [], []
    for store, count in itertools.product(stores, values.numbers):
        name = f"growth{count}"
        database = store.new(name)
        print(f"{store.name}, {count:,} numbers", file=sys.stderr)
        fill(values.program, database, count)
        parts, levels = sqlite_bytes(store.file(name)) if isinstance(store, SQLite) else postgres_bytes(database)
        sizes.append([store.name, f"{count:,}", *(round(parts[part] / count) for part in parts), levels])
        server = Carrier(name, folder, values.program, database, others=store.pids)
        try:
            found = list(growing.measure(server, count, values.requests))
            times.append([store.name, f"{count:,}", *(
                f"{growing.percentile(took, 50):.2f} / {growing.percentile(took, 95):.2f} ({processor:.2f})"
                for _, took, processor in found)])
        finally:
            server.stop()
    table(["store", "numbers", "row", "indexes", "search", "together, bytes a number", "levels of its B-trees"], sizes)
    table(["median / 95 %, ms (processor, ms)", "numbers", *(kind for kind, _, _ in found)], times)


# Several servers on one PostgreSQL.

# The numbers of the inventory, and the connections of all servers together.
REPLICATED, CONNECTIONS = 100_000, 32
LOADS = {
    "kept page": (PAGE, "same", lambda first: []),
    "new pages": ("/api/v1/numbers", "new_page", lambda first: [REPLICATED, first]),
    "create": ("/api/v1/numbers", "create", lambda first: [first]),
}


class Replica(Carrier):
    """A server on the database of another, with the same session."""

    def __init__(self, first, *arguments, **options):
        self.first = first
        super().__init__(*arguments, **options)

    def authorization(self):
        return self.first.headers[0]


def replicas(values, store, folder):
    database = store.new("replicas")
    fill(values.program, database, REPLICATED)
    first, found = 0, {}
    for _ in range(values.rounds):
        for count in (1, 2, 4):
            with contextlib.ExitStack() as stack:
                servers = []
                for index in range(count):
                    place = (f"{index}", folder, values.program, database)
                    servers.append(Replica(servers[0], *place) if servers else Carrier(*place, others=store.pids))
                    stack.callback(servers[-1].stop)
                for name, (path, script, arguments) in LOADS.items():
                    before = [server.processor_seconds() for server in servers]
                    with concurrent.futures.ThreadPoolExecutor() as pool:
                        # Each server gets other addresses, or other numbers to create.
                        loads = list(pool.map(
                            lambda server, own, path=path, script=script, connections=CONNECTIONS // count:
                                wrk.run(server.address + path, values.seconds, connections, script, *own,
                                        headers=server.headers),
                            servers, [arguments(first + index * 10**6) for index in range(count)]))
                    after = [server.processor_seconds() for server in servers]
                    requests = sum(load.requests for load in loads)
                    own = sum(end[0] - start[0] for start, end in zip(before, after, strict=True)) * 1e6 / requests
                    its = (after[0][1] - before[0][1]) * 1e6 / requests
                    found.setdefault((name, count), []).append((sum(load.rate for load in loads), own, its))
                    first += 5 * 10**6
    rows = []
    for name in LOADS:
        alone = statistics.median(rate for rate, _, _ in found[name, 1])
        for count in (1, 2, 4):
            rate, own, its = (statistics.median(column) for column in zip(*found[name, count], strict=True))
            rows.append([name, count, f"{rate:,.0f}", f"{rate / alone:.2f}", f"{own:.0f}", f"{its:.0f}"])
    table(["load", "processes", "a second", "to one", "processor of the program, µs", "of PostgreSQL, µs"], rows)


# Contention for the rows of the counts, with long commits.

def counts(values, store, folder):
    """Creates numbers by SQL, with commits that take COMMIT_SECONDS: those of one currency wait for each other."""
    database = store.new("counts")
    fill(values.program, database, 1000)
    digits = "lpad((:client_id::bigint * 10000000 + nextval('counts'))::text, 12, '9')"
    sql(database, "CREATE SEQUENCE counts")
    rows = []
    for currencies, clients in itertools.product((1, 100), (4, 16, 64)):
        currency = f"'A' || lpad((:client_id % {currencies})::text, 2, '0')"
        script = folder / "counts.sql"
        script.write_text(f"""
            BEGIN;
            INSERT INTO number (digits, value, "monthyPrice", "setupPrice", currency)
            VALUES ({digits}, {digits}, 300, 34000, {currency}) ON CONFLICT DO NOTHING;
            SELECT pg_sleep({COMMIT_SECONDS});
            COMMIT;
        """)
        run = subprocess.run(
            ["pgbench", "--no-vacuum", f"--client={clients}", "--jobs=2", f"--time={values.seconds}", f"--file={script}",
             database],
            stdout=subprocess.PIPE, text=True, check=True)
        rate = float(run.stdout.split("tps = ")[1].split()[0])
        rows.append([currencies, clients, f"{rate:,.0f}", f"{clients / COMMIT_SECONDS:,.0f}",
                     f"{rate * COMMIT_SECONDS:.1f}"])
    table(["currencies", "writers at once", "creates a second", "if none waited", "at once in fact"], rows)


# The growth of the write-ahead log, which standbys and archives receive.

def wal(values, store, folder):
    database = store.new("wal")
    fill(values.program, database, REPLICATED)
    server = Carrier("wal", folder, values.program, database)
    rows = []
    try:
        client = growing.Client(server)
        create = growing.requests(client, REPLICATED)["create"]
        # After a checkpoint, PostgreSQL writes each page whole once.
        for name, before in (("right after a checkpoint", "CHECKPOINT"), ("later", "SELECT")):
            sql(database, before)
            start = sql(database, "SELECT pg_current_wal_insert_lsn()")
            for _ in range(values.requests): client.request(*create())
            grown = int(sql(database, f"SELECT pg_current_wal_insert_lsn() - '{start}'::pg_lsn"))
            rows.append([name, f"{grown / values.requests / 1024:.1f}"])
    finally:
        server.stop()
    table(["creates", "KB of write-ahead log each"], rows)


# A simulation: the processors that a load needs.

# Microseconds of the program's processor and of PostgreSQL's: docs/performance.md, a quiet machine.
COSTS = {"kept": (61, 15), "new": (310, 226), "create": (240, 144)}
# The number of different pages; the most popular one is requested twice as often as the second, and so on (Zipf).
ADDRESSES = 10_000


def kept_share(reads, writes, replicas):
    """The share of reads with a cached response: the replica has read the page since the last write.

    Reads and writes are Poisson processes, so the probability that the last event was a read is a quotient of rates.
    """
    weights = [1 / rank for rank in range(1, ADDRESSES + 1)]
    most = reads / replicas / sum(weights)
    rates = [most * weight for weight in weights]
    return sum(rate * rate / (rate + writes) for rate in rates) / sum(rates)


def machines(values, store, folder):
    rows = []
    for reads, writes in ((1000, 10), (10_000, 10), (10_000, 100), (100_000, 0.1), (100_000, 10), (100_000, 1000)):
        # A replica has two processors, half busy on average.
        replicas = 1
        while True:
            kept = kept_share(reads, writes, replicas)
            rates = {"kept": reads * kept, "new": reads * (1 - kept), "create": writes}
            own, its = (sum(rates[kind] * COSTS[kind][side] for kind in rates) / 1e6 for side in (0, 1))
            if own <= replicas: break
            replicas += 1
        rows.append([f"{reads:,}", f"{writes:,}", f"{kept:.0%}", f"{own:.1f}", replicas, f"{its:.1f}"])
    table(["reads a second", "creates a second", "of the reads kept", "processors of the program",
           "replicas of two processors, half busy", "processors of PostgreSQL"], rows)


def main():
    values = options()
    processes.require("wrk", "psql", "pgbench")
    # Unlike the default, an exit also ends the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="carrier-scale.")))
        store = stack.enter_context(PostgreSQL.running())
        if not store: raise SystemExit("PostgreSQL is not installed: scripts/install-dependencies --bench")
        if "machines" in values.only: machines(values, store, folder)
        if "counts" in values.only: counts(values, store, folder)
        if "wal" in values.only: wal(values, store, folder)
        if "replicas" in values.only: replicas(values, store, folder)
        if "growth" in values.only: growth(values, [SQLite(folder), store], folder)


main()
