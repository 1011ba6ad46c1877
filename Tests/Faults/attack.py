"""Shared by the attacks: how long they last, and measurements of the server."""

import contextlib
import functools
import json
import os
import pathlib
import random
import select
import statistics
import subprocess
import sys
import time
import types

from wire import Wire, request

# FAULTS=short is for every change, the whole for a release and for changes of the attacked code.
WHOLE = os.environ.get("FAULTS", "whole") != "short"

# The measurements of each attack, shown at the end.
figures = []


def amount(short, whole):
    return whole if WHOLE else short


class TooSlow(AssertionError):
    """A time or another measurement exceeds its bound."""


def bounded(what, figure, bound, unit="s"):
    """Records a measurement. If it exceeds its bound, the test fails, or `again` repeats the test."""
    figures.append(f"{what:58} {figure:8.1f}; bound {bound:.1f} {unit}")
    if figure >= bound: raise TooSlow(what, figure, bound)


def again(test):
    """Runs a test up to three times, because other work on the machine makes times longer now and then."""
    @functools.wraps(test)
    def tried(*arguments, **fixtures):
        for _ in range(2):
            with contextlib.suppress(TooSlow): return test(*arguments, **fixtures)
        return test(*arguments, **fixtures)

    return tried


class Watch:
    """Requests `path` repeatedly, on new connections unless `keep`, and measures each response.

    The requests come from another process, because threads in this one would wait for each other.
    """

    def __init__(self, server, path="/livez", keep=False):
        authorization = server.authorization.decode().strip() if path.startswith("/api") else ""
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(server.port), path, authorization, "keep" if keep else ""],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[1])})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is not None: return
        output, _ = self.process.communicate(timeout=40)
        assert self.process.returncode == 0
        self.samples = json.loads(output)
        assert self.samples
        # In milliseconds.
        times = sorted(1000 * seconds for seconds, _ in self.samples)
        self.median, self.longest = statistics.median(times), times[-1]
        self.ninety_five = times[int(len(times) * 0.95)]
        self.statuses = {status for _, status in self.samples}

    def bounded(self, what, **bounds):
        """Checks that each named time is below its bound in milliseconds."""
        for name, bound in bounds.items(): bounded(f"{what}, {name}", getattr(self, name), bound, "ms")


def watch(port, path, authorization, keep, longest=20):
    """Requests `path` until standard input ends, and prints the seconds and status of each response; 0 if none."""
    data = request("GET", path, authorization, "" if keep else "Connection: close")
    samples, wire = [], None
    while not select.select([sys.stdin], [], [], 0.01)[0] and not (samples and samples[-1][0] >= longest):
        began, response = time.monotonic(), None
        with contextlib.suppress(OSError):
            wire = wire or Wire(types.SimpleNamespace(port=int(port)), timeout=longest)
            wire.send(data)
            response = wire.response()
        samples.append((time.monotonic() - began, response.status if response else 0))
        if wire and not (keep and response):
            wire.socket.close()
            wire = None
    print(json.dumps(samples))


def livez_bound(server):
    """How long /livez may take: 50 ms, or on a busy machine three times the usual time."""
    with Watch(server) as quiet:
        time.sleep(1.5)
    return max(50, 3 * quiet.ninety_five)


def random_number(chance=random):
    return f"+55 84 9{chance.randrange(10**8):08}"


def good(value, price="0.03", **members):
    return json.dumps({"value": value, "monthyPrice": price, "setupPrice": price, "currency": "U$", **members})


if __name__ == "__main__": watch(*sys.argv[1:])
