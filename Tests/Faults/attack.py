"""What the attacks share: how long they last, a client made of bytes, and what is measured at the server."""

import contextlib
import dataclasses
import functools
import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import time

# FAULTS=short is for every change, the whole for a release and for whoever changes what it attacks.
WHOLE = os.environ.get("FAULTS", "whole") != "short"

# What each attack did and measured, which is shown at the end.
figures = []


def amount(short, whole):
    return whole if WHOLE else short


def report(what, count, figure, bound):
    """Notes what was measured, whether or not the test that goes on from here is content with it."""
    figures.append(f"{what:58} {count:>7} × {figure}; bound {bound}")


class TooSlow(AssertionError):
    """A bound of time was exceeded."""


def bounded(is_within, *figures):
    """Notes that a time, or one beside another, was within its bound; a test that may be `again` goes by it."""
    if not is_within: raise TooSlow(*figures)


def again(test):
    """Tries up to three times whether the times that `test` measures are within their bounds.

    What else the machine does makes them longer now and then; a fault of the program does so each time.
    """
    @functools.wraps(test)
    def tried(*arguments, **fixtures):
        for _ in range(2):
            with contextlib.suppress(TooSlow): return test(*arguments, **fixtures)
        return test(*arguments, **fixtures)

    return tried


@dataclasses.dataclass
class Answer:
    status: int
    # The values by the names of the headers, which are in small letters.
    headers: dict
    body: bytes

    @property
    def problem(self):
        """The body, which must be a problem (RFC 9457)."""
        assert self.headers.get("content-type") == "application/problem+json", (self.status, self.headers, self.body[:300])
        problem = json.loads(self.body)
        assert problem["status"] == self.status and problem["type"].startswith("/problems/"), problem
        return problem


class Wire:
    """A connection of which the test says every byte."""

    def __init__(self, server, source="127.0.0.1", timeout=20, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer: self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.bind((source, 0))
        host, port = server.address.removeprefix("http://").split(":")
        self.socket.connect((host, int(port)))
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        chunk = self.socket.recv(262144)
        self.rest += chunk
        return bool(chunk)

    def answer(self, head=False):
        """The next answer, or nil where the server closes instead."""
        while b"\r\n\r\n" not in self.rest:
            if not self._more():
                assert not self.rest, self.rest[:300]
                return None
        lines, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *fields = lines.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        if status < 200: return Answer(status, headers, b"")
        length = 0 if head or status in (204, 304) else int(headers.get("content-length", "0"))
        while len(self.rest) < length:
            assert self._more(), "the answer was cut off"
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answer(status, headers, body)

    def is_closed(self, within):
        """Whether the server ends the connection, whatever it still says before."""
        self.socket.settimeout(within)
        try:
            while self._more(): pass
            return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False


def request(method, path, *headers, body=None, host=b"127.0.0.1"):
    """The bytes of a request; texts are sent as UTF-8."""
    def bytes_of(text): return text if isinstance(text, bytes) else text.encode()
    lines = [bytes_of(method) + b" " + bytes_of(path) + b" HTTP/1.1", b"Host: " + bytes_of(host)]
    lines += [bytes_of(header).rstrip(b"\r\n") for header in headers if header]
    if body is not None:
        body = bytes_of(body)
        lines.append(b"Content-Length: %d" % len(body))
        if not any(line.lower().startswith(b"content-type:") for line in lines):
            lines.append(b"Content-Type: application/json")
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def ask(server, *arguments, source="127.0.0.1", **options):
    """One request on a connection of its own."""
    # Longer than anything should take, so that a test can say how long it took.
    with Wire(server, source, timeout=60) as wire:
        wire.send(request(*arguments, **options))
        return wire.answer(head=arguments[0] == "HEAD")


def processor_seconds(server):
    """How long the server's threads have worked, those that have ended too."""
    # This is the id of another process's clock: see clock_getcpuclockid(3).
    return time.clock_gettime((~server.process.pid << 3) | 2)


def resident_megabytes(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def sockets(server):
    """How many the server has open."""
    count = 0
    folder = pathlib.Path(f"/proc/{server.process.pid}/fd")
    for descriptor in folder.iterdir():
        # It may have been closed meanwhile.
        with contextlib.suppress(FileNotFoundError):
            count += os.readlink(descriptor).startswith("socket:")
    return count


class Watch:
    """Asks for `path` on new connections all the while, from a process of its own, and keeps how long it took."""

    def __init__(self, server, path="/livez", keep=False):
        authorization = server.authorization.decode().strip() if path.startswith("/api") else ""
        self.process = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("watch.py"), server.address, path,
             authorization, "keep" if keep else ""],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is not None: return
        output, _ = self.process.communicate(timeout=40)
        assert self.process.returncode == 0
        self.samples = json.loads(output)
        assert self.samples, "nothing was asked"

    @property
    def median(self):
        """In milliseconds, as all."""
        return statistics.median(self.milliseconds)

    @property
    def milliseconds(self):
        return sorted(1000 * seconds for seconds, _ in self.samples)

    @property
    def ninety_five(self):
        """What 95 of 100 did not exceed."""
        return self.milliseconds[int(len(self.samples) * 0.95)]

    @property
    def longest(self):
        return self.milliseconds[-1]

    @property
    def statuses(self):
        return {status for _, status in self.samples}

    def __str__(self):
        return f"median {self.median:.1f}, 95 % {self.ninety_five:.1f}, longest {self.longest:.0f} ms"


def livez_bound(server):
    """What /livez may take: 50 ms, and on a machine that others keep busy what it takes there anyway."""
    with Watch(server) as quiet:
        time.sleep(1.5)
    return max(50, 3 * quiet.ninety_five)


def random_number(chance=random):
    """A text that is a phone number of Brazil."""
    return f"+55 84 9{chance.randrange(10**8):08}"


def good(value, price="0.03", **members):
    return json.dumps({"value": value, "monthyPrice": price, "setupPrice": price, "currency": "U$", **members})
