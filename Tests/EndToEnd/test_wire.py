"""Sockets, sizes, signals: what requests in memory cannot test."""

import contextlib
import re
import time

import pytest
from program import GOOD, NUMBERS, ROOT, carrier, output, until
from wire import Wire, ask, raw, request, statuses

PAGE = NUMBERS + "?perPage=1000"
LAST = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
IMPORT = b"POST /api/v1/numbers/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n" % (64 << 20)


def test_links_never_repeat_a_forged_host(server):
    assert b"<b>" not in ask(server, "GET", NUMBERS, server.authorization, host='evil.example/"><b>').body


@pytest.mark.parametrize("path", ["/api/v1/numbers?currency=€", "/€"])
def test_an_address_that_is_not_percent_encoded_is_explained(server, path):
    response = ask(server, "GET", path, server.authorization)
    message = "The address has a character that must be percent-encoded, such as € as %E2%82%AC."
    assert (response.status, response.problem["detail"]) == (400, message)


@pytest.mark.parametrize("options", [[], ["--public-url", "https://localhost"]])
def test_without_sign_in_only_this_machine_is_served(start, options):
    server = start("--demo", "--no-auth", *options)
    # The name of another site may resolve to this machine.
    for host, status in [("localhost", 200), ("evil.example", 421)]:
        response = server.get(NUMBERS, headers={"Host": host, "X-Forwarded-Host": "localhost"})
        assert response.status_code == status
        address = "https://localhost/" if options else "http://localhost/"
        assert response.headers.get("Link", f"<{address}").startswith(f"<{address}")


@pytest.mark.parametrize(("request_line", "headers", "open"), [
    ("GET /api/v1/numbers HTTP/1.1", "", True),
    # This response is cached.
    ("GET /api/v1/numbers HTTP/1.1", "", True),
    ("GET /nothing HTTP/1.1", "", True),
    ("GET /livez HTTP/1.0", "Connection: keep-alive\r\n", True),
    ("GET /api/v1/numbers HTTP/1.1", "Connection: close\r\n", False),
    ("GET /livez HTTP/1.0", "", False),
    ("GET /livez HTTP/2.0", "", False),
    ("POST /livez HTTP/1.1", "Transfer-Encoding: gzip\r\n", False),
])
def test_keep_alive_is_promised_while_the_connection_stays_open(server, request_line, headers, open):
    with Wire(server) as wire:
        wire.send(f"{request_line}\r\nHost: x\r\n{headers}".encode() + server.authorization + b"\r\n")
        wire.more()
        head = wire.rest.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nconnection: ") == 1
    assert (b"\r\nconnection: keep-alive" in head, b"\r\nkeep-alive: timeout=65" in head) == (open, open)


@pytest.mark.parametrize("data, status", [
    (b'{"value": "\xff"}', 400), (b"x" * 5_000_000, 413), ((b"x" * 10_000 for _ in range(100)), 413)],
    ids=["not UTF-8", "too large", "too many chunks"])
def test_a_body_that_is_too_large_or_not_utf8_is_refused(server, data, status):
    response = server.supervisor.post(NUMBERS, data=data, headers={"Content-Type": "application/json"})
    assert response.status_code == status


def test_the_server_continues_after_clients_leave_within_a_request(server):
    for _ in range(20):
        with Wire(server) as wire: wire.send(request("POST", NUMBERS, server.authorization, body=" " * 500)[:-499])
    assert server.readiness == 200


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_numbers_and_sessions_outlive_the_process(start, end):
    first = start()
    created = first.create().json()
    getattr(first, end)()
    second = start()
    assert first.supervisor.get(f"{second.address}{NUMBERS}/{created['id']}").json() == created


def test_stopping_lets_a_request_finish(start):
    server = start()
    data = request("POST", NUMBERS, "Expect: 100-continue", server.authorization, body=str(GOOD).replace("'", '"'))
    with Wire(server) as wire:
        wire.send(data[:-20])
        # This shows that the server has begun with the request.
        assert wire.response().status == 100
        server.process.terminate()
        with pytest.raises(ConnectionError):
            until(lambda: Wire(server).socket.close())
        wire.send(data[-20:])
        assert wire.response().status == 201
    assert server.process.wait(timeout=25) == 0


def test_shutdown_delay_reports_not_ready_and_serves(start):
    server = start("--drain", "8")
    client, place = server.supervisor, f"at 127.0.0.1, port {server.port}"

    def health():
        ended = carrier("health", "--port", str(server.port))
        return ended.returncode, ended.stdout + ended.stderr

    assert health() == (0, f"The server {place} is ready.\n")
    server.process.terminate()
    until(lambda: health() == (1, f"Error: The server {place} is not ready: its status is 503.\n"))
    assert (server.readiness, client.get(NUMBERS).status_code) == (503, 200)
    assert server.process.wait(timeout=60) == 0
    assert health() == (1, f"Error: No server responds {place}.\n")


def cached(server, path):
    """Requests a page, and returns the bytes of the same request, whose response is cached now."""
    data = request("GET", path, server.authorization)
    assert statuses(raw(server, data + LAST)) == [200, 200]
    return data


@pytest.mark.parametrize("end", ["Connection: close", "half-close"])
@pytest.mark.parametrize("is_cached", [True, False])
def test_a_slow_reader_gets_whole_responses_before_the_end(server, end, is_cached):
    data = cached(server, PAGE)
    size = len(raw(server, data, half_close=True).partition(b"\r\n\r\n")[2])
    requests = [request("GET", PAGE, server.authorization, "" if is_cached else f"X-Own: {index}") for index in range(7)]
    requests += [request("GET", PAGE, server.authorization, "" if end == "half-close" else end)]
    with Wire(server, timeout=30, receive_buffer=4096) as wire:
        wire.send(b"".join(requests))
        if end == "half-close": wire.half_close()
        time.sleep(1)
        while wire.more(): time.sleep(0.001)
        for _ in range(8):
            response = wire.response()
            assert (response.status, len(response.body)) == (200, size)
        assert not wire.rest


def test_pipelined_requests_before_a_half_close_all_get_responses(start, store):
    # While the server asks PostgreSQL whether a cached response is current, the client closes its side.
    server = start("--demo", **store)
    data = cached(server, NUMBERS + "/1")
    for count in [1, 2, 3, 5, 7] * 4:
        received = raw(server, data * count, half_close=True)
        assert statuses(received) == [200] * count and received.endswith(b'"}')


def test_a_body_that_ends_after_its_refusal_gets_one_response(server):
    assert statuses(raw(server, request("POST", NUMBERS, body=" " * 84)[:-83], half_close=True)) == [401]


UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"


def test_java_gets_every_response(server):
    program, authorization = ROOT / "Tests/EndToEnd/JavaClient.java", server.supervisor.headers["Authorization"]
    shown = output("java", program, server.address + NUMBERS, authorization)
    assert shown.split() == ["200", "200", "200", "422", "422", "204", "200"]


@pytest.mark.parametrize(("first", "rest", "status"), [
    ("GET /livez", b"\r\n", 200), ("GET /api/v1/numbers", b"\r\n", 200), ("HEAD /api/v1/numbers", b"\r\n", 200),
    ("OPTIONS /api/v1/numbers", b"\r\n", 204), ("POST /api/v1/numbers", b"Content-Length: 2\r\n\r\n{}", 422),
    ("POST /api/v1/numbers", b"Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 422),
])
@pytest.mark.parametrize("pause", [0, 0.2])
def test_requests_after_an_ignored_upgrade_get_their_responses(server, first, rest, status, pause):
    head = f"{first} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode() + server.authorization
    with Wire(server, timeout=5) as wire:
        for data in [head + UPGRADE + rest] * 3 + [LAST]:
            wire.send(data)
            time.sleep(pause)
        assert statuses(wire.received()) == [status] * 3 + [200]


def test_connect_ends_the_connection(server):
    assert statuses(raw(server, b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n" + LAST)) == [404]


@pytest.mark.parametrize("coding", [
    b"", b" ", b"gzip", b"identity", b"chunked, chunked", b"chunked, x", b"gzip, chunked", b"xchunked",
    b"chunked\r\nTransfer-Encoding: chunked", b"chunked\r\nTransfer-Encoding:", b"chunked\r\nContent-Length: 5",
    b"\r\nTransfer-Encoding: chunked", b"\r\nContent-Length: 2", b"chunked\t\r\nConnection: Upgrade\r\nUpgrade: h2c",
])
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_body_whose_end_is_unknown_is_refused_and_executes_nothing(server, coding, version):
    smuggled = request("DELETE", NUMBERS + "/7", server.authorization)
    head = b"POST /api/v1/numbers HTTP/" + version + b"\r\nHost: x\r\nConnection: keep-alive\r\n" + server.authorization
    received = raw(server, head + b"Transfer-Encoding:" + coding + b"\r\n\r\n" + smuggled)
    assert statuses(received) == [400] and b"\r\nconnection: close\r\n" in received.lower()
    assert server.supervisor.get(NUMBERS + "/7").status_code == 200


def test_clients_that_never_read_hold_little_memory(start):
    server = start("--demo")
    data = cached(server, PAGE)
    before = server.resident_megabytes()
    wires = [Wire(server, receive_buffer=4096) for _ in range(8)]
    for wire in wires: wire.socket.setblocking(False)
    ends = time.monotonic() + 8
    while time.monotonic() < ends:
        for wire in wires:
            with contextlib.suppress(BlockingIOError): wire.socket.send(data * 50)
        time.sleep(0.01)
    more = server.resident_megabytes() - before
    for wire in wires: wire.socket.close()
    # All connections share one page of 100 KiB while it is cached.
    assert more < 3, f"{more} MiB"


def test_head_of_an_export_has_the_headers_of_get(server):
    get, head = (server.supervisor.request(method, NUMBERS + "/export").headers for method in ("GET", "HEAD"))
    assert set(map(str.lower, head)) == set(map(str.lower, get))
    assert all(head[name] == get[name] for name in get if name.lower() not in ("request-id", "date"))
    received = raw(server, request("HEAD", NUMBERS + "/export", server.authorization) * 2 + LAST)
    assert statuses(received) == [200, 200, 200] and received.count(b"\r\n\r\nHTTP/1.1 200 ") == 2


def test_a_body_is_requested_unless_the_request_is_refused(server):
    long, _ = request("POST", NUMBERS, server.authorization, body=" " * 70_000).split(b"\r\n\r\n")
    for head, status in [
        (IMPORT + server.authorization, 100), (IMPORT, 401), (IMPORT + b"Authorization: Bearer x\r\n", 401),
        (IMPORT.replace(b"text/csv", b"text/html") + server.authorization, 415), (long + b"\r\n", 413),
    ]:
        with Wire(server) as wire:
            wire.send(head + b"Expect: 100-continue\r\n\r\n")
            response = wire.response()
        assert (response.status, response.headers.get("connection")) == (status, None if status == 100 else "close")


@pytest.mark.parametrize("length", [12 << 20, 64 << 20])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_refused_upload_gets_its_response_after_all_was_sent(server, framing, length):
    piece, end, head = b"x" * (1 << 20), b"", IMPORT.replace(b"%d" % (64 << 20), b"%d" % length)
    if framing == "chunks":
        piece, end = b"%x\r\n%s\r\n" % (len(piece), piece), b"0\r\n\r\n"
        head = re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head)
    with Wire(server, timeout=30) as wire:
        wire.send(head + b"\r\n")
        # Wait longer than a client may take to close after the last response.
        time.sleep(1.5)
        for _ in range(length >> 20): wire.send(piece)
        wire.send(end)
        assert statuses(wire.received()) == [401]


def test_a_refused_upload_without_end_is_cut_off(server):
    with Wire(server) as wire, pytest.raises(ConnectionError):
        wire.send(IMPORT + b"\r\n")
        for _ in range(1000): wire.send(b"x" * (1 << 20))
