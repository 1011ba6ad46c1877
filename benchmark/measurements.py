"""Rounds of load on several servers in turns, so that noise affects all of them."""

import collections
import dataclasses
import statistics
import sys

import wrk
from processes import SyncCount

# Requests that wrk sends and does not count: one on each connection, and a few at the start.
MOST_UNCOUNTED = 100


@dataclasses.dataclass(frozen=True)
class Run:
    load: wrk.Load
    # Processor time of a request: of the server, and of its database if that is another program.
    microseconds: float
    other_microseconds: float


class Measurements:
    def __init__(self, seconds, numbers):
        self.seconds = seconds
        self.numbers = numbers
        # Both by the names of scenario and server; runs with the same index belong to the same round.
        self.runs = collections.defaultdict(list)
        self.syncs = {}
        # How many addresses and numbers were used; the next load uses others.
        self.counted = 0

    def take(self, rounds, scenarios, servers_of):
        """Measures all `scenarios` in each round; `servers_of` returns the servers of a scenario."""
        for round in range(rounds):
            for scenario in scenarios:
                servers = servers_of(scenario)
                # The order rotates, because later servers find a warmer machine.
                first = round % len(servers)
                for server in servers[first:] + servers[:first]:
                    run = self.run(scenario, server)
                    self.runs[scenario.name, server.name].append(run)
                    print(f"round {round + 1}: {scenario.title}, {server.name}: {run.load.rate:,.0f} a second, "
                          f"99 % in {run.load.late_ms:.1f} ms", file=sys.stderr)

    def count_syncs(self, scenarios, servers):
        """Counts syncs in separate runs of a second each, because tracing is slow."""
        for scenario in scenarios:
            for server in servers:
                with SyncCount(server.pids) as syncs:
                    load = self.load(scenario, server, seconds=1)
                if syncs.count is not None: self.syncs[scenario.name, server.name] = syncs.count / load.requests

    def run(self, scenario, server):
        before = server.processor_seconds()
        load = self.load(scenario, server, self.seconds)
        after = server.processor_seconds()
        own, *others = [(end - start) * 1e6 / load.requests for start, end in zip(before, after, strict=True)]
        return Run(load, own, sum(others))

    def load(self, scenario, server, seconds):
        path = server.paths.get(scenario.path, scenario.path)
        headers = [*server.headers, *self.headers(scenario, server, path)]
        load = wrk.run(
            server.address + path, seconds, scenario.connections, scenario.script, *self.arguments(scenario, server),
            headers=headers)
        self.counted += load.requests + MOST_UNCOUNTED
        return load

    def headers(self, scenario, server, path):
        """Checks the response of the scenario, and returns the headers of its requests."""
        if scenario.script == "create": return []
        status, response, _ = server.request(path)
        assert status == 200, f"{server.name} returns {status} at {path}"
        if scenario.status == 200: return []
        headers = [f"If-None-Match: {response['ETag']}"]
        assert server.request(path, headers)[0] == scenario.status, f"{server.name} has sent the page again"
        return headers

    def arguments(self, scenario, server):
        match scenario.script:
            case "paced": return [self.median("page", server.name, lambda run: run.load.rate) / 2]
            case "new_page" | "one_random": return [self.numbers, self.counted]
            case "create": return [self.counted]
            case _: return []

    def median(self, scenario, server, figure):
        return statistics.median(figure(run) for run in self.runs[scenario, server])

    def ratio(self, scenario, server, other_scenario, other_server):
        """The median of the rounds' ratios, or None if one of the servers was not measured."""
        pairs = zip(self.runs.get((scenario, server), []), self.runs.get((other_scenario, other_server), []), strict=False)
        ratios = [run.load.rate / other.load.rate for run, other in pairs]
        return statistics.median(ratios) if ratios else None
