"""Which servers are measured in which scenario, and which ratios the table shows."""

import sys

from databases import fill
from measurements import Measurements
from repository import build_peer
from servers import Carrier, FastAPI, Go, Nginx
from table import row


class Comparison:
    """`programs` are pairs of a name and a path, today's first; `stack` ends the servers."""

    def __init__(self, options, folder, programs, stores, stack):
        self.options = options
        self.folder = folder
        self.stack = stack
        self.measurements = Measurements(options.seconds, options.numbers)
        # By the names of program and store.
        self.carriers = {
            (name, store.name): self.carrier(name, program, store) for name, program in programs for store in stores}
        # The other servers by their names in scenarios, started when first used.
        self.others = {}
        self.peer = build_peer()
        if not self.peer: print("Go or its SQLite driver is not installed, so the table lacks Go.", file=sys.stderr)

    def carrier(self, name, program, store):
        database = store.new(f"served-{name}")
        fill(program, database, self.options.numbers)
        return self.started(Carrier(f"{name}, {store.name}", self.folder, program, database, others=store.pids))

    def started(self, server):
        self.stack.callback(server.stop)
        return server

    def other(self, name):
        if name not in self.others: self.others[name] = self.started(self.make(name))
        return self.others[name]

    def make(self, name):
        # Today's program, on SQLite.
        first = next(iter(self.carriers.values()))
        match name:
            case "nginx": return Nginx(self.folder, first)
            case "FastAPI": return FastAPI(self.folder, first.database.removeprefix("sqlite:"))
            case "--no-auth" | "--metrics-port 0":
                return Carrier(f"{first.name}, {name}", self.folder, first.program, first.database, flags=name.split())
            case "Go":
                file = self.folder / "go.sqlite"
                fill(first.program, f"sqlite:{file}", self.options.numbers)
                return Go(name, self.folder, self.peer, file)
            case "Go, bare table": return Go(name, self.folder, self.peer, self.folder / "bare.sqlite", BARE="1")
            case _: raise ValueError(name)

    def others_of(self, scenario):
        return [self.other(name) for name in scenario.others if self.peer or not name.startswith("Go")]

    def servers(self, scenario):
        return [*self.others_of(scenario), *self.carriers.values()]

    def measure(self, scenarios):
        """Measures scenarios, and returns their rows."""
        self.measurements.take(self.options.rounds, scenarios, self.servers)
        self.measurements.count_syncs(scenarios, self.carriers.values())
        rows = []
        for scenario in scenarios:
            rows += [self.row(scenario, other) for other in self.others_of(scenario)]
            rows += [self.row(scenario, server, self.beside(scenario, *key)) for key, server in self.carriers.items()]
        return rows

    def row(self, scenario, server, beside=()):
        def median(figure): return self.measurements.median(scenario.name, server.name, figure)
        own, other = median(lambda run: run.microseconds), median(lambda run: run.other_microseconds)
        return row(
            scenario.title, server.name, rate=median(lambda run: run.load.rate),
            median=median(lambda run: run.load.median_ms), late=median(lambda run: run.load.late_ms),
            processor=f"{own:.0f} + {other:.0f}" if other else f"{own:.0f}",
            syncs=self.measurements.syncs.get((scenario.name, server.name)), beside=beside)

    def beside(self, scenario, name, store):
        """Pairs of another server and the ratio to it, for the program `name` on a store."""
        # The rate of a paced load was given, not measured.
        if scenario.script == "paced": return
        server = self.carriers[name, store]

        def ratio(other_scenario, other): return self.measurements.ratio(scenario.name, server.name, other_scenario, other)
        for label, other in self.others.items():
            # The cost of a flag shows only on the same database.
            if isinstance(other, Carrier) and other.database != server.database: continue
            yield label, ratio(scenario.nginx if label == "nginx" else scenario.name, other.name)
        if scenario.name in ("page", "one"): yield "/livez", ratio("livez", server.name)
        for (other_name, other_store), other in self.carriers.items():
            if other_store == store and other_name != name: yield other_name, ratio(scenario.name, other.name)
