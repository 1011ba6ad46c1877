"""Measurements without wrk: filling an inventory, starting, memory under load."""

import statistics

import growth
import scenarios
from databases import fill
from processes import resident_megabytes
from servers import Carrier
from table import row

# The scenarios of full load, one after the other.
SOAKS = ["page", "one", "new-page"]


def memory_rows(comparison, seconds):
    """The memory of each program after some seconds of full load."""
    for server in comparison.carriers.values():
        for scenario in scenarios.READS:
            if scenario.name in SOAKS: comparison.measurements.load(scenario, server, max(1, seconds // len(SOAKS)))
        yield row(f"memory after {seconds} s of full load", server.name, megabytes=resident_megabytes(server.process.pid))


def filling_row(name, program, store, count):
    filling = fill(program, store.new(f"filled-{name}"), count)
    return row(
        f"filling with {count:,} numbers, those a second", f"{name}, {store.name}", rate=count / filling.seconds,
        processor=f"{filling.processor_seconds * 1e6 / count:.0f}", megabytes=filling.peak_megabytes)


def start_row(name, program, store, folder, numbers, rounds):
    """The time from the start of the process to the first 200 of /readyz, with an existing inventory."""
    database = store.new(f"started-{name}")
    fill(program, database, numbers)
    times = []
    # The first start creates the first user, so it does not count.
    for round in range(rounds + 1):
        server = Carrier(f"{name}, {store.name}", folder, program, database)
        server.stop()
        if round: times.append(server.ready_ms)
    return row("ready after the start", f"{name}, {store.name}", median=statistics.median(times), late=max(times))


def growth_rows(name, program, store, folder, numbers):
    """Times of different requests, one after the other, in a large inventory."""
    database = store.new(f"grown-{name}")
    fill(program, database, numbers)
    server = Carrier(f"{name}, {store.name}", folder, program, database, others=store.pids)
    try:
        for kind, took, processor in growth.measure(server, numbers, times=200):
            yield row(
                f"{kind}, of {numbers:,}", server.name, median=growth.percentile(took, 50), late=growth.percentile(took, 99),
                processor=f"{processor * 1e3:.0f}", beside=[("95 %, ms", growth.percentile(took, 95))])
    finally:
        server.stop()
