"""Clients that do not read, do not finish their requests, or are too many."""

import contextlib
import itertools
import random
import re
import resource
import socket
import time

import pytest
from attack import Watch, again, amount, bounded, good, livez_bound, random_number
from program import NUMBERS, timed, until
from wire import Wire, ask, request

PAGE = NUMBERS + "?perPage=1000"
MOST_MEGABYTES, MOST_SECONDS = 300, 120
numbers_of_clients = itertools.count()


def own_page():
    """The address of all numbers, different each time, so that clients share no cached response."""
    # Punctuation in `q` filters nothing.
    return PAGE + "&q=" + f"{next(numbers_of_clients):012b}".replace("0", "-").replace("1", ".")


class Client:
    """Attacks step by step, every `pause` seconds, until the server ends the connection."""

    pause, receive_buffer = 2, None

    def __init__(self, server):
        self.wire = Wire(server, receive_buffer=self.receive_buffer)
        self.wire.socket.setblocking(False)
        self.next_step, self.is_ended = 0, False
        self.begin(server.authorization)

    def step(self):
        try:
            self.proceed()
        except BlockingIOError:
            pass
        except OSError:
            self.is_ended = True
        self.next_step = time.monotonic() + self.pause


class Deaf(Client):
    pause, receive_buffer = 0.2, 4096
    # More than the kernel buffers for a connection, but for all connections less than a machine has.
    most_bytes = amount(6_000_000, 1_500_000)

    def begin(self, authorization):
        self.bytes, self.block = 0, request("GET", "/api/v1/openapi.json") * 1000

    def proceed(self):
        while self.bytes < self.most_bytes:
            self.bytes += self.wire.socket.send(self.block[self.bytes % len(self.block):])
        self.pause = 2


class SlowReader(Client):
    receive_buffer = 4096

    def begin(self, authorization):
        self.wire.send(request("GET", own_page(), authorization) * 20)

    def proceed(self):
        if not self.wire.socket.recv(100): raise ConnectionResetError


class DeafOnce(SlowReader):
    def proceed(self): pass


class HeadDripper(Client):
    """Sends `bytes` one at a time; in this class they are a head."""

    def begin(self, authorization):
        self.bytes = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"x" * 1000

    def proceed(self):
        # Goes on after the last byte, because only reading shows that the server closed.
        self.wire.send(self.bytes[:1] or b"x")
        self.bytes = self.bytes[1:]
        if not self.wire.socket.recv(1000): raise ConnectionResetError


class BodyDripper(HeadDripper):
    def begin(self, authorization):
        self.wire.send(request("POST", NUMBERS, authorization, body=" " * 60_000)[:-59_999])
        self.bytes = b" " * 60_000


class ChunkDripper(HeadDripper):
    def begin(self, authorization):
        headers = ["Transfer-Encoding: chunked", "Content-Type: application/json"]
        self.wire.send(request("POST", "/api/v1/sessions", *headers))
        self.bytes = b"1\r\n \r\n" * 1000


def seconds_until_ended(server, clients, held):
    """Continues the attack until the server has at most `held` sockets, or the time is up.

    Returns the seconds, and the most megabytes that the server used.
    """
    began, most, is_measured = time.monotonic(), 0, 0
    while (now := time.monotonic()) - began < MOST_SECONDS + 10:
        for client in clients:
            if not client.is_ended and client.next_step <= now: client.step()
        if now >= is_measured:
            most, is_measured = max(most, server.resident_megabytes()), now + 0.25
            # Count the server's sockets, because clients that do not read notice no end.
            if now - began > 3 and server.sockets() <= held: break
        time.sleep(0.02)
    return time.monotonic() - began, most


KINDS = [[Deaf], [DeafOnce, SlowReader], [HeadDripper, BodyDripper, ChunkDripper]]


# Waiting takes most of the time, so the short form waits once for all kinds.
@pytest.mark.parametrize("kinds", amount([[Deaf] * 9 + sum(KINDS, [])], KINDS), ids=lambda kinds: kinds[-1].__name__)
@again
def test_clients_that_do_not_read_or_finish_are_disconnected(start, kinds):
    server = start("--demo")
    bound = livez_bound(server)
    before, held, count = server.resident_megabytes(), server.sockets() + 4, amount(150, 1000)
    clients = [kinds[number % len(kinds)](server) for number in range(count)]
    with Watch(server) as livez, Watch(server, NUMBERS + "?perPage=10") as reads:
        seconds, most = seconds_until_ended(server, clients, held)
    left = server.sockets() - held
    for client in clients: client.wire.socket.close()
    assert most - before < MOST_MEGABYTES
    assert left <= 0 and seconds < MOST_SECONDS
    assert reads.statuses == {200}
    livez.bounded(f"{kinds[-1].__name__}, /livez", ninety_five=bound, longest=2000)
    reads.bounded(f"{kinds[-1].__name__}, a page", ninety_five=4 * bound, longest=4000)


@again
def test_slow_readers_delay_no_others(start):
    server = start("--demo")
    with Watch(server, PAGE) as alone: time.sleep(1.5)
    clients = [SlowReader(server) for _ in range(10)]
    with Watch(server, PAGE) as beside:
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            for client in clients: client.step()
            time.sleep(0.1)
    for client in clients: client.wire.socket.close()
    assert beside.statuses == {200}
    beside.bounded("readers beside ten on a slow network", median=3 * alone.median + 2)


def test_a_fast_start_does_not_extend_the_deadline_of_a_file(start):
    server = start("--demo")
    file = request("POST", NUMBERS + "/import", server.authorization, "Content-Type: text/csv", body="\n" * 20_000_000)
    with Wire(server, timeout=60) as wire:
        wire.send(file[:10_000_000])
        response, seconds = timed(wire.response)
    assert response.status == 408 and 25 < seconds < 50


def connect_many(server, count):
    connections = []
    for number in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", server.port))
        # Open fewer at a time than the kernel queues for a listening socket.
        if number % 50 == 49: time.sleep(0.02)
        connections.append(connection)
    return connections


@again
def test_the_limit_of_descriptors_stops_new_connections_only(start):
    server = start("--demo", before=["prlimit", "--nofile=256:256"])

    def create(wire):
        wire.send(request("POST", NUMBERS, server.authorization, body=good(random_number())))
        return wire.response().status

    def is_served():
        with contextlib.suppress(OSError): return ask(server, "GET", NUMBERS, server.authorization).status == 200

    with Wire(server) as writer:
        assert create(writer) == 201
        many = connect_many(server, 400)
        time.sleep(1)
        worked = server.processor_seconds()
        _, seconds = timed(time.sleep, 3)
        share = (server.processor_seconds() - worked) / seconds
        assert {create(writer) for _ in range(20)} == {201}
    lines = re.findall(r".* (?:warning|error|notice) .*(?:descriptor|connections|files).*", server.log.read_text())
    assert len(lines) == 1, lines
    for connection in many: connection.close()
    _, back = timed(until, is_served)
    bounded("connections at 256 descriptors, processor", 100 * share, 10, "%")
    bounded("connections at 256 descriptors, back", back, 3)


@again
def test_five_thousand_idle_connections_are_held(start):
    count = 5000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 1000: pytest.skip(f"only {hard} descriptors are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 1000)), hard))
    server = start("--demo", before=["prlimit", f"--nofile={hard}:{hard}"])
    bound = livez_bound(server)
    many = connect_many(server, count)
    with Watch(server) as livez, Watch(server, NUMBERS) as reads:
        # The kernel retries connections that did not fit into its queue.
        until(lambda: server.sockets() >= count)
        time.sleep(5)
        held = server.sockets()
    chosen = random.Random(1).sample(many, 500)
    for connection in chosen: connection.send(request("GET", "/livez"))
    for connection in chosen:
        connection.settimeout(60)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
    for connection in many: connection.close()
    assert held >= count
    assert reads.statuses == {200}
    livez.bounded("idle connections, /livez", ninety_five=bound)
