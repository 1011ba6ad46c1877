"""A client that sends exactly the bytes that a test chooses."""

import contextlib
import dataclasses
import json
import re
import socket


@dataclasses.dataclass
class Response:
    status: int
    # The names are in lower case.
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
    def __init__(self, server=None, source="127.0.0.1", timeout=20, receive_buffer=None, connection=None):
        self.rest, self.socket = b"", connection or socket.socket()
        if connection: return
        # Set before it connects, so the kernel never buffers more.
        if receive_buffer: self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", server.port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def more(self):
        chunk = self.socket.recv(262144)
        self.rest += chunk
        return bool(chunk)

    def response(self, head=False):
        """The next response, or None if the server closes instead."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                assert not self.rest, self.rest[:300]
                return None
        lines, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *fields = lines.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        if status < 200: return Response(status, headers, b"")
        length = 0 if head or status in (204, 304) else int(headers.get("content-length", "0"))
        while len(self.rest) < length:
            assert self.more(), "the response was cut off"
        body, self.rest = self.rest[:length], self.rest[length:]
        return Response(status, headers, body)

    def received(self):
        while self.more(): pass
        return self.rest


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
    # A long timeout, so that a test can measure slow responses.
    with Wire(server, source, timeout=60) as wire:
        wire.send(request(*arguments, **options))
        return wire.response(head=arguments[0] == "HEAD")


def raw(server, data, half_close=False, **options):
    """Sends bytes on a new connection, and returns all that comes back."""
    with Wire(server, timeout=30, **options) as wire:
        wire.send(data)
        if half_close: wire.half_close()
        with contextlib.suppress(TimeoutError, ConnectionResetError): wire.received()
        return wire.rest


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]
