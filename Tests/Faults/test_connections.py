"""Clients that do not take their answers, do not finish their requests, or are too many."""

import itertools
import random
import re
import resource
import selectors
import socket
import time

import pytest
from attack import Watch, again, amount, bounded, good, livez_bound, random_number, report
from program import NUMBERS, until
from wire import Wire, ask, request

PAGE = NUMBERS + "?perPage=1000"
MOST_MEGABYTES, MOST_SECONDS = 300, 120
numbers_of_clients = itertools.count()


def own_page():
    """All numbers, at an address that nobody else asks for, so that no two clients share an answer.

    Punctuation in `q` filters nothing.
    """
    digits = f"{next(numbers_of_clients):012b}"
    return PAGE + "&q=" + digits.replace("0", "-").replace("1", ".")


class Client:
    """One that goes on with its attack a step at a time; the server may end it at any time."""

    # How many seconds it waits between two steps.
    pause = 2
    receive_buffer = None

    def __init__(self, server):
        self.wire = Wire(server, receive_buffer=self.receive_buffer)
        self.wire.socket.setblocking(False)
        self.next_step = 0
        self.is_ended = False
        self.begin(server.authorization)

    def step(self):
        """Goes on; notes where the connection has been ended."""
        try:
            self.go_on()
        except BlockingIOError:
            pass
        except OSError:
            self.is_ended = True
        self.next_step = time.monotonic() + self.pause

    def begin(self, authorization): pass


class Deaf(Client):
    """Asks on and on, and never reads."""

    pause = 0.2
    receive_buffer = 4096
    # More than the kernel holds for a connection; all of them together not more than a machine has.
    most_bytes = amount(6_000_000, 1_500_000)

    def begin(self, authorization):
        self.bytes, self.block = 0, request("GET", "/api/v1/openapi.json") * 1000

    def go_on(self):
        while self.bytes < self.most_bytes:
            self.bytes += self.wire.socket.send(self.block[self.bytes % len(self.block):])
        self.pause = 2


class DeafOnce(Deaf):
    """Asks for some pages, and never reads."""

    most_bytes = 1

    def begin(self, authorization):
        self.bytes, self.block = 0, request("GET", own_page(), authorization) * 10


class SlowReader(Client):
    """Asks for a page after the other, and reads a few bytes at a time."""

    receive_buffer = 4096

    def begin(self, authorization):
        self.wire.send(request("GET", own_page(), authorization) * 20)

    def go_on(self):
        if not self.wire.socket.recv(100): raise ConnectionResetError


class Dripper(Client):
    """Sends `bytes` one at a time."""

    def go_on(self):
        # Also where nothing is left to send: the end is noticed by reading.
        self.wire.send(self.bytes[:1] or b"x")
        self.bytes = self.bytes[1:]
        if not self.wire.socket.recv(1000): raise ConnectionResetError


class HeadDripper(Dripper):
    def begin(self, authorization):
        self.bytes = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"x" * 1000


class BodyDripper(Dripper):
    def begin(self, authorization):
        self.wire.send(request("POST", NUMBERS, authorization, body=" " * 60_000)[:-59_999])
        self.bytes = b" " * 60_000


class ChunkDripper(Dripper):
    def begin(self, authorization):
        self.wire.send(request(
            "POST", "/api/v1/sessions", "Transfer-Encoding: chunked", "Content-Type: application/json"))
        self.bytes = b"1\r\n \r\n" * 1000


def seconds_until_ended(server, clients, held):
    """Goes on with the attack until the server has no more than `held` sockets, or the time is up.

    Returns how long that took, and the megabytes that the server took at most.
    """
    began, most, is_measured = time.monotonic(), 0, 0
    while time.monotonic() - began < MOST_SECONDS + 10:
        now = time.monotonic()
        for client in clients:
            if not client.is_ended and client.next_step <= now: client.step()
        if now >= is_measured:
            most, is_measured = max(most, server.resident_megabytes()), now + 0.25
            # Not what the clients see: who reads nothing cannot see the end.
            if now - began > 3 and server.sockets() <= held: break
        time.sleep(0.02)
    return time.monotonic() - began, most


def end(clients):
    for client in clients: client.wire.socket.close()


KINDS = [[Deaf], [DeafOnce, SlowReader], [HeadDripper, BodyDripper, ChunkDripper]]


# Waiting for the end takes most of the time, so that the short form waits once for all of them.
@pytest.mark.parametrize("kinds", amount([[Deaf] * 9 + sum(KINDS, [])], KINDS), ids=lambda kinds: kinds[-1].__name__)
@again
def test_who_does_not_read_or_finish_is_ended(start, kinds):
    server = start("--demo")
    bound = livez_bound(server)
    before, held = server.resident_megabytes(), server.sockets() + 4
    count = amount(150, 1000)
    clients = [kinds[number % len(kinds)](server) for number in range(count)]
    try:
        with Watch(server) as livez, Watch(server, NUMBERS + "?perPage=10") as reads:
            seconds, most = seconds_until_ended(server, clients, held)
        left = server.sockets() - held
    finally:
        end(clients)
    what = ", ".join(dict.fromkeys(kind.__name__ for kind in kinds)) if len(kinds) < 4 else "deaf and dripping clients"
    report(f"{what}: ended", count, f"{seconds:.0f} s, {max(0, left)} left", f"{MOST_SECONDS} s")
    report(f"{what}: memory", count, f"{most - before:.0f} MB more", f"{MOST_MEGABYTES} MB")
    report(f"{what}: others", count, f"/livez {livez}; a page {reads}", f"{bound:.0f} ms")
    assert most - before < MOST_MEGABYTES
    assert left <= 0 and seconds < MOST_SECONDS
    assert reads.statuses == {200}
    bounded(livez.ninety_five < bound and livez.longest < 2000, str(livez))
    bounded(reads.ninety_five < 4 * bound and reads.longest < 4000, str(reads))


@again
def test_a_slow_network_slows_nobody_else(start):
    server = start("--demo")
    with Watch(server, PAGE) as alone:
        time.sleep(1.5)
    clients = [SlowReader(server) for _ in range(10)]
    with Watch(server, PAGE) as beside:
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            for client in clients: client.step()
            time.sleep(0.1)
    end(clients)
    report("readers beside ten on a slow network", len(beside.samples), str(beside), f"3 × {alone.median:.1f} ms")
    assert beside.statuses == {200}
    bounded(beside.median < 3 * alone.median + 2, beside.median, alone.median)


def test_who_was_quick_at_first_may_not_stand_still(start):
    """What of a file came quickly gives no time for the rest of it."""
    server = start("--demo")
    began = time.monotonic()
    with Wire(server, timeout=60) as wire:
        wire.send(request(
            "POST", "/api/v1/numbers/import", server.authorization, "Content-Type: text/csv", body="\n" * 20_000_000
        )[:10_000_000])
        beginning = wire.socket.recv(1000)
    seconds = time.monotonic() - began
    report("half of a file, and no more", 1, f"ended after {seconds:.0f} s", "50 s")
    assert beginning.startswith(b"HTTP/1.1 408 ") and 25 < seconds < 50


def connect_many(server, count):
    """Connections that say nothing."""
    host, port = server.address.removeprefix("http://").split(":")
    connections = []
    for number in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((host, int(port)))
        # Fewer at a time than the kernel keeps for a server that is about to accept them.
        if number % 50 == 49: time.sleep(0.02)
        connections.append(connection)
    return connections


@again
def test_at_the_limit_of_descriptors(start):
    server = start("--demo", before=["prlimit", "--nofile=256:256"])
    authorization = server.authorization
    with Wire(server) as writer:
        writer.send(request("POST", NUMBERS, authorization, body=good(random_number())))
        assert writer.response().status == 201
        many = connect_many(server, 400)
        time.sleep(1)
        began, worked = time.monotonic(), server.processor_seconds()
        time.sleep(3)
        share = (server.processor_seconds() - worked) / (time.monotonic() - began)
        statuses = []
        for _ in range(20):
            writer.send(request("POST", NUMBERS, authorization, body=good(random_number())))
            statuses.append(writer.response().status)
        lines = [
            line for line in server.log.read_text().splitlines()
            if re.search(r"descriptor|connections|files", line) and re.search(r"warning|error|notice", line)]
    for connection in many: connection.close()
    freed = time.monotonic()
    while True:
        try:
            if ask(server, "GET", NUMBERS, authorization).status == 200: break
        except OSError:
            pass
        assert time.monotonic() - freed < 60, "nobody is served when there is room again"
        time.sleep(0.1)
    back = time.monotonic() - freed
    report("connections at 256 descriptors, processor", 400, f"{share:.0%} of one, writes {sorted(set(statuses))}, "
           f"{len(lines)} log lines, back after {back:.1f} s", "10 %, 201, 1, 3 s")
    assert set(statuses) == {201}
    assert len(lines) == 1, lines
    bounded(share < 0.1, share)
    bounded(back < 3, back)


@again
def test_five_thousand_idle_connections_are_held(start):
    count = 5000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 1000: pytest.skip(f"only {hard} descriptors are allowed here")
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 1000)), hard))
    server = start("--demo", before=["prlimit", f"--nofile={hard}:{hard}"])
    authorization = server.authorization
    bound, before = livez_bound(server), server.resident_megabytes()
    many = connect_many(server, count)
    with Watch(server) as livez, Watch(server, NUMBERS) as reads:
        # Those that the kernel had no room for at first are tried again.
        until(lambda: server.sockets() >= count)
        time.sleep(5)
        held = server.sockets()
    # Each can be used.
    waiting = selectors.DefaultSelector()
    chosen = random.Random(1).sample(many, 500)
    for connection in chosen:
        connection.send(request("GET", "/livez", authorization))
        waiting.register(connection, selectors.EVENT_READ)
    answered, began = 0, time.monotonic()
    while waiting.get_map() and time.monotonic() - began < 60:
        for key, _ in waiting.select(1):
            answered += key.fileobj.recv(1000).startswith(b"HTTP/1.1 200")
            waiting.unregister(key.fileobj)
    memory = server.resident_megabytes() - before
    for connection in many: connection.close()
    report("idle connections", count, f"{held} held, {memory:.0f} MB, {answered} of 500 answered; /livez {livez}",
           f"{count}, {bound:.0f} ms")
    assert held >= count and answered == len(chosen)
    assert reads.statuses == {200}
    bounded(livez.ninety_five < bound, str(livez))
