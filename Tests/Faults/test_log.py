"""A full log pipe does not block requests."""

import os
import re
import time

from attack import again, amount, bounded, report
from program import Server
from wire import Wire, request


def read(descriptor, seconds):
    """The bytes that arrive within some seconds."""
    os.set_blocking(descriptor, False)
    data, ends = b"", time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            data += os.read(descriptor, 1_000_000)
        except BlockingIOError:
            time.sleep(0.05)
    return data


@again
def test_requests_continue_when_nobody_reads_the_log(tmp_path):
    count = amount(3_000, 30_000)
    reading, writing = os.pipe()
    server = Server(tmp_path, "--demo", stderr=writing)
    os.close(writing)
    try:
        answered, slowest = 0, 0
        with Wire(server, timeout=20) as wire:
            for _ in range(count):
                began = time.monotonic()
                wire.send(request("GET", "/api/v1/openapi.json"))
                try:
                    assert wire.response().status == 200
                except TimeoutError:
                    break
                answered += 1
                slowest = max(slowest, time.monotonic() - began)
        # The next line reports how many lines were dropped.
        log = read(reading, 2) if answered == count else b""
        with Wire(server, timeout=20) as wire:
            wire.send(request("GET", "/api/v1/openapi.json"))
            alive = answered == count and wire.response().status == 200
        log += read(reading, 2) if alive else b""
        text = log.decode()
        # Such a line ends with the number of dropped lines.
        dropped = [int(re.findall(r"\d+", line)[-1]) for line in text.splitlines() if "dropped" in line]
        lines = text.count(" request ")
        report("requests while nobody reads the log", count, f"{answered} answered, slowest {slowest * 1000:.0f} ms; "
               f"{lines} lines, {sum(dropped)} reported as dropped", "all answered, 0 lost silently")
        assert answered == count and alive
        assert dropped and sum(dropped) + lines >= count, text[-500:]
        assert text.endswith("\n")
        bounded(slowest < 1, slowest)
    finally:
        os.close(reading)
        assert server.stop() == 0
