"""What a router that is called in memory never sees: sockets, sizes, signals."""

import concurrent.futures
import socket
import time

import requests
from program import GOOD, until


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
    assert sorted(first.replace(b"Request-Id: one", b"Request-Id: two").split(b"\r\n")) == sorted(second.split(b"\r\n"))


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
