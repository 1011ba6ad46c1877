"""Measures the program and others in one run: `make bench`. docs/performance.md describes the method."""

import argparse
import contextlib
import pathlib
import signal
import sys
import tempfile

import processes
import repository
import table
from comparison import Comparison
from databases import PostgreSQL, SQLite
from loading import filling_row, growth_rows, memory_rows, start_row
from scenarios import READS, WRITES

PARTS = [scenario.name for scenario in READS + WRITES] + ["memory", "fill", "start", "growth"]


def options():
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, default=repository.ROOT / ".build/release/carrier",
                        help="the program to measure, a release build")
    parser.add_argument("--against", metavar="REVISION", help="the same program of a git revision beside it, built once")
    parser.add_argument("--only", metavar="PART,PART", help=f"not everything; parts are {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--seconds", type=int, default=3, help="how long each time (3)")
    parser.add_argument("--numbers", type=int, default=800, help="how many numbers the inventory has (800)")
    parser.add_argument("--fill", type=int, default=100_000, help="how many numbers an empty one is filled with (100000)")
    parser.add_argument("--growth", type=int, default=1_000_000, help="how many numbers a large one has (1000000)")
    parser.add_argument("--soak", type=int, default=60, help="seconds of full load before memory is read (60)")
    values = parser.parse_args()
    values.only = values.only.split(",") if values.only else PARTS
    # The paced load is half the rate of page.
    if "paced" in values.only and "page" not in values.only: values.only.append("page")
    unknown = set(values.only) - set(PARTS)
    if unknown: parser.error(f"there is no part {', '.join(sorted(unknown))}; parts are {', '.join(PARTS)}")
    if not values.program.exists(): parser.error(f"{values.program} does not exist: swift build -c release")
    return values


def rows(values, folder, programs, stores, stack):
    """Measures all and returns the rows of the table."""
    reads, writes = ([scenario for scenario in part if scenario.name in values.only] for part in (READS, WRITES))
    rows = []
    if reads or writes or "memory" in values.only:
        comparison = Comparison(values, folder, programs, stores, stack)
        rows += comparison.measure(reads)
        # Before the writes, so that the inventory has its original size.
        if "memory" in values.only: rows += memory_rows(comparison, values.soak)
        rows += comparison.measure(writes)
    for name, program in programs:
        for store in stores:
            if "fill" in values.only: rows.append(filling_row(name, program, store, values.fill))
            if "growth" in values.only: rows += growth_rows(name, program, store, folder, values.growth)
            if "start" in values.only: rows.append(start_row(name, program, store, folder, values.numbers, values.rounds))
    return rows


def main():
    values = options()
    processes.require("nginx", "strace", "wrk")
    # Unlike the default, an exit also ends the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    programs = [("carrier", values.program.resolve())]
    if values.against: programs.append(repository.build(values.against))
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="carrier-benchmark.")))
        stores = [SQLite(folder), stack.enter_context(PostgreSQL.running())]
        stores = [store for store in stores if store]
        print(table.text(rows(values, folder, programs, stores, stack)))


main()
