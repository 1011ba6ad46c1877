"""What a router that is called in memory never sees: sockets, sizes, signals."""

import concurrent.futures
import contextlib
import pathlib
import re
import socket
import subprocess
import time

import pytest
import requests
from program import GOOD, ROOT, until


def raw(server, request):
    """Sends bytes, and returns what comes back until the server closes or is silent."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        connection.settimeout(30)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def test_links_name_the_port_that_was_asked(server):
    answer = server.supervisor.get(server.address + "/api/v1/numbers?perPage=1")
    assert answer.links["next"]["url"].startswith(server.address + "/api/v1/numbers?")
    assert server.supervisor.get(answer.links["next"]["url"]).json()[0]["id"] > answer.json()[0]["id"]


def test_links_never_repeat_a_forged_host(server):
    answer = raw(server, b"GET /api/v1/numbers HTTP/1.1\r\nHost: evil.example/\"><b>\r\n"
        + server.authorization + b"Connection: close\r\n\r\n")
    assert b"<b>" not in answer


def test_a_public_url_opens_no_other_host(start):
    server = start("--demo", "--no-auth", "--public-url", "https://localhost")
    for host, status in [("localhost", 200), ("evil.example", 421)]:
        answer = requests.get(server.address + "/api/v1/numbers", headers={"Host": host, "X-Forwarded-Host": "localhost"})
        assert answer.status_code == status
        assert answer.headers.get("Link", "<https://localhost/").startswith("<https://localhost/")


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
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"{request_line}\r\nHost: x\r\n{headers}".encode() + server.authorization + b"\r\n")
        head = connection.recv(65536).partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nconnection: ") == 1
    assert (b"\r\nconnection: keep-alive" in head, b"\r\nkeep-alive: timeout=65" in head) == (open, open)


def test_large_bodies_are_refused_before_they_are_read(server):
    answer = server.supervisor.post(
        server.address + "/api/v1/numbers", data=b"x" * 5_000_000,
        headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["detail"] == "The body is larger than 64 KiB."
    chunks = (b"x" * 10_000 for _ in range(100))
    assert server.supervisor.post(server.address + "/api/v1/numbers", data=chunks).status_code == 413


def test_a_body_that_is_not_utf8(server):
    answer = server.supervisor.post(
        server.address + "/api/v1/numbers", data=b'{"value": "\xff"}',
        headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is not UTF-8.")


def test_large_heads_are_refused_with_a_sentence(server):
    answer = requests.get(server.address + "/livez", headers={"X-Large": "x" * 100_000})
    assert (answer.status_code, answer.json()["type"]) == (431, "/problems/headers-too-large")
    answer = requests.get(server.address + "/livez?" + "x" * 10_000)
    assert (answer.status_code, answer.json()["type"]) == (414, "/problems/uri-too-long")


def test_what_is_not_http_is_refused(server):
    assert raw(server, b"HELLO\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert requests.get(server.address + "/livez").status_code == 200


def test_a_client_that_goes_away_halfway_does_no_harm(server):
    head = (
        b"POST /api/v1/numbers HTTP/1.1\r\nHost: x\r\n" + server.authorization
        + b"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{")
    host, port = server.address.removeprefix("http://").split(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(head)
    assert requests.get(server.address + "/readyz").status_code == 200


def test_head_has_the_length_of_get_and_no_body(server):
    path = "/api/v1/numbers/1"
    length = server.supervisor.get(server.address + path).headers["Content-Length"]
    answer = raw(
        server, f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
        + server.authorization + b"\r\n")
    assert f"content-length: {length}\r\n".encode() in answer.lower()
    assert answer.endswith(b"\r\n\r\n")


def test_one_of_many_creates_the_same_number(start):
    server = start()
    headers = dict(server.supervisor.headers)

    def create(_):
        return requests.post(
            server.address + "/api/v1/numbers", json=GOOD, headers=headers).status_code

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(create, range(32)))
    assert sorted(statuses) == [201] + [409] * 31


def test_numbers_outlive_the_process(start):
    first = start()
    created = first.supervisor.post(first.address + "/api/v1/numbers", json=GOOD).json()
    assert first.stop() == 0
    second = start()
    # The session outlives it too.
    number = first.supervisor.get(f"{second.address}/api/v1/numbers/{created['id']}")
    assert number.json() == created


def test_numbers_outlive_a_crash(start):
    first = start()
    created = first.supervisor.post(first.address + "/api/v1/numbers", json=GOOD).json()
    first.process.kill()
    first.process.wait()
    second = start()
    # The session outlives it too.
    number = first.supervisor.get(f"{second.address}/api/v1/numbers/{created['id']}")
    assert number.json() == created


def refuses_connections(host, port):
    try:
        socket.create_connection((host, int(port)), timeout=30).close()
    except ConnectionError:
        return True


def test_stopping_lets_a_request_finish(start):
    server = start()
    host, port = server.address.removeprefix("http://").split(":")
    body = b'{"value": "+55 84 91234-4321", "monthyPrice": "1", "setupPrice": "1", "currency": "U$"}'
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"POST /api/v1/numbers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
            + server.authorization + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
        # So it has begun with the request.
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        server.process.terminate()
        # So it has begun to end.
        until(lambda: refuses_connections(host, port))
        connection.sendall(body[20:])
        assert connection.recv(65536).startswith(b"HTTP/1.1 201 ")
    assert server.process.wait(timeout=25) == 0


def kept(server, path):
    """Asks for what is kept then, and returns the bytes that ask for the same again."""
    request = f"GET {path} HTTP/1.1\r\nHost: example\r\n".encode() + server.authorization
    assert raw(server, request + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    return request


def body(answer):
    head, _, rest = answer.partition(b"\r\n\r\n")
    return rest[:int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])]


def test_a_kept_answer_is_the_same_but_for_its_name(server):
    request = kept(server, "/api/v1/numbers?perPage=1000")
    first = raw(server, request + b"X-Request-Id: one\r\nConnection: close\r\n\r\n")
    second = raw(server, request + b"X-Request-Id: two\r\nConnection: close\r\n\r\n")
    assert b"\r\nRequest-Id: two\r\n" in second
    lines = [
        sorted(line for line in response.split(b"\r\n") if not line.startswith(b"Date: "))
        for response in (first.replace(b"Request-Id: one", b"Request-Id: two"), second)]
    assert lines[0] == lines[1]


def test_a_kept_answer_that_ends_a_connection_is_given_whole_to_a_slow_reader(server):
    request = kept(server, "/api/v1/numbers?perPage=1000")
    whole = body(raw(server, request + b"Connection: close\r\n\r\n"))
    host, port = server.address.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((host, int(port)))
        connection.sendall((request + b"\r\n") * 8 + request + b"Connection: close\r\n\r\n")
        time.sleep(2)
        answers = b""
        while chunk := connection.recv(65536):
            answers += chunk
    assert answers.count(whole) == 9


def test_a_client_that_says_it_sends_no_more_gets_its_kept_answer(server):
    request = kept(server, "/api/v1/numbers?perPage=2")
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request + b"\r\n")
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body(answer).endswith(b"}]")


@pytest.mark.parametrize("is_cached", [True, False])
def test_a_slow_reader_that_has_closed_its_side_gets_whole_responses(server, is_cached):
    request = kept(server, "/api/v1/numbers?perPage=1000")
    own = [b"" if is_cached else b"X-Own: %d\r\n" % index for index in range(8)]
    host, port = server.address.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((host, int(port)))
        connection.sendall(b"".join(request + header + b"\r\n" for header in own))
        connection.shutdown(socket.SHUT_WR)
        answers = b""
        while chunk := connection.recv(65536):
            answers += chunk
            time.sleep(0.002)
    assert statuses(answers) == [200] * 8 and answers.endswith(b"}]")


def test_a_body_that_ends_after_its_refusal_gets_one_response(server):
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"POST /api/v1/numbers HTTP/1.1\r\nHost: x\r\nContent-Length: 84\r\n\r\n{")
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536): answer += chunk
    assert statuses(answer) == [401]


UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
LAST = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CHUNKS = b"Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def test_java_gets_every_response(server):
    run = subprocess.run(
        ["java", ROOT / "Tests/EndToEnd/JavaClient.java", server.address + "/api/v1/numbers",
         server.supervisor.headers["Authorization"]], capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == ["200", "200", "200", "422", "422", "204", "200"], run.stderr


@pytest.mark.parametrize(("first", "rest", "status"), [
    ("GET /livez", b"\r\n", 200), ("GET /api/v1/numbers", b"\r\n", 200), ("HEAD /api/v1/numbers", b"\r\n", 200),
    ("OPTIONS /api/v1/numbers", b"\r\n", 204), ("POST /api/v1/numbers", b"Content-Length: 2\r\n\r\n{}", 422),
    ("POST /api/v1/numbers", CHUNKS, 422),
])
@pytest.mark.parametrize("pause", [0, 0.2])
def test_requests_after_an_ignored_upgrade_get_their_responses(server, first, rest, status, pause):
    head = f"{first} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode() + server.authorization
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for request in [head + UPGRADE + rest] * 3 + [LAST]:
            connection.sendall(request)
            time.sleep(pause)
        answer = b""
        while chunk := connection.recv(65536): answer += chunk
    assert statuses(answer) == [status] * 3 + [200]


def test_connect_ends_the_connection(server):
    assert statuses(raw(server, b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n" + LAST)) == [404]


def test_pipelined_requests_before_a_half_close_all_get_responses(start, cluster):
    server = start("--demo", DATABASE_URL=cluster.url)
    request = kept(server, "/api/v1/numbers/1") + b"\r\n"
    host, port = server.address.removeprefix("http://").split(":")
    for count in [2, 3, 5, 7] * 3:
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(request * count)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65536): answer += chunk
        assert statuses(answer) == [200] * count


@pytest.mark.parametrize("coding", [
    b"", b" ", b"gzip", b"identity", b"chunked, chunked", b"gzip, chunked", b"xchunked",
    b"chunked\r\nTransfer-Encoding: chunked", b"chunked\r\nTransfer-Encoding:",
    b"\r\nTransfer-Encoding: chunked", b"\r\nContent-Length: 2", b"chunked\t\r\nConnection: Upgrade\r\nUpgrade: h2c",
])
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_body_whose_end_is_unknown_is_refused_and_executes_nothing(server, coding, version):
    number = server.address + "/api/v1/numbers/7"
    smuggled = b"DELETE /api/v1/numbers/7 HTTP/1.1\r\nHost: x\r\n" + server.authorization + b"\r\n"
    head = b"POST /api/v1/numbers HTTP/" + version + b"\r\nHost: x\r\nConnection: keep-alive\r\n" + server.authorization
    answer = raw(server, head + b"Transfer-Encoding:" + coding + b"\r\n\r\n" + smuggled)
    assert statuses(answer) == [400]
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert server.supervisor.get(number).status_code == 200


@pytest.mark.parametrize(("request_bytes", "status"), [
    (b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n{", 413),
    (b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n{", 413),
    (b"GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n", 413),
    (b"GET /livez RTSP/1.0\r\nHost: x\r\n\r\n", 505), (b"OPTIONS /livez RTSP/1.0\r\nHost: x\r\n\r\n", 505),
    (b"GET /livez ICE/1.0\r\nHost: x\r\n\r\n", (400, 505)), (b"GET /livez HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), 505),
])
def test_impossible_lengths_and_other_protocols_are_refused_at_once(server, request_bytes, status):
    began = time.monotonic()
    first = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    for before in [b"", first]:
        found = statuses(raw(server, before + request_bytes))
        assert found[-1] in (status if isinstance(status, tuple) else (status,)) and len(found) == 1 + bool(before), found
    assert time.monotonic() - began < 5


def test_clients_that_never_read_hold_little_memory(start):
    server = start("--demo")
    request = kept(server, "/api/v1/numbers?perPage=1000") + b"\r\n"
    status = pathlib.Path(f"/proc/{server.process.pid}/status")
    before = int(status.read_text().split("VmRSS:")[1].split()[0])
    host, port = server.address.removeprefix("http://").split(":")
    connections = [socket.socket() for _ in range(8)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((host, int(port)))
        connection.setblocking(False)
    ends = time.monotonic() + 8
    while time.monotonic() < ends:
        for connection in connections:
            with contextlib.suppress(BlockingIOError): connection.send(request * 50)
        time.sleep(0.01)
    more = int(status.read_text().split("VmRSS:")[1].split()[0]) - before
    for connection in connections: connection.close()
    # Each holds a page of 100 KiB, which all of them share while it is cached.
    assert more < 3 * 1024, f"{more} KiB"


def test_head_of_an_export_has_the_headers_of_get(server):
    address = server.address + "/api/v1/numbers/export"
    get, head = server.supervisor.get(address), server.supervisor.head(address)
    own = {"request-id", "date"}
    assert {name.lower() for name in head.headers} == {name.lower() for name in get.headers}
    assert {name: value for name, value in head.headers.items() if name.lower() not in own} == {
        name: value for name, value in get.headers.items() if name.lower() not in own}
    request = b"HEAD /api/v1/numbers/export HTTP/1.1\r\nHost: x\r\n" + server.authorization + b"\r\n"
    answer = raw(server, request * 2 + LAST)
    assert statuses(answer) == [200, 200, 200] and answer.count(b"\r\n\r\nHTTP/1.1 200 ") == 2


IMPORT = b"POST /api/v1/numbers/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n" % (64 << 20)


def test_a_refused_upload_is_not_asked_for(server):
    wrong_type = IMPORT.replace(b"text/csv", b"text/html") + server.authorization
    for head, status in [(IMPORT, 401), (IMPORT + b"Authorization: Bearer x\r\n", 401), (wrong_type, 415)]:
        answer = raw(server, head + b"Expect: 100-continue\r\n\r\n")
        assert statuses(answer) == [status]
        assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.parametrize("length", [12 << 20, 64 << 20])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_refused_upload_gets_its_response_after_all_was_sent(server, framing, length):
    piece = b"x" * (1 << 20)
    if framing == "chunks": piece = b"%x\r\n%s\r\n" % (len(piece), piece)
    head = IMPORT.replace(b"%d" % (64 << 20), b"%d" % length)
    if framing == "chunks": head = re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head)
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head + b"\r\n")
        # Longer than a client may take to close after the last response.
        time.sleep(1.5)
        for _ in range(length >> 20): connection.sendall(piece)
        if framing == "chunks": connection.sendall(b"0\r\n\r\n")
        answer = b""
        while chunk := connection.recv(65536): answer += chunk
    assert statuses(answer) == [401]


def test_a_refused_upload_without_end_is_cut_off(server):
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection, pytest.raises(ConnectionError):
        connection.sendall(IMPORT + b"\r\n")
        for _ in range(1000): connection.sendall(b"x" * (1 << 20))
