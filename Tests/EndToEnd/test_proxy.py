"""nginx as docker/nginx.conf sets it up, in front of replicas that fail as they are told to."""

import collections
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest
import requests
from program import ROOT, free_port, until

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
SHOP = "https://shop.example"
Answer = collections.namedtuple("Answer", "status headers body")


class Replica:
    """Answers every request with 200 and its method, but one for /dies: that it takes, and closes."""

    def __init__(self):
        self.taken = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            method, path, _ = stream.readline().decode().split()
            headers = read_headers(stream)
            stream.read(int(headers.get("content-length", 0)))
            self.taken.append((method, path, headers))
            if path.startswith("/dies"):
                return
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(method)
                + (b"" if method == "HEAD" else method.encode()))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def read_headers(stream):
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return headers


class Proxy:
    """nginx on free ports of 127.0.0.1, in a folder of its own."""

    def __init__(self, ports, **settings):
        # Not in pytest's folder, whose path is too long for a socket.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carrier-proxy."))
        self.https, self.http, self.metrics = free_port(), free_port(), free_port()
        subprocess.run(
            [ROOT / "scripts/self-signed-certificate", self.folder / "certificates"],
            check=True, stdout=subprocess.DEVNULL)
        self.set(**settings)
        shutil.copy(ROOT / "docker/problems.conf", self.folder)
        self.configure(ports)
        # Who is root says so, or nginx would become a user who may not write here.
        settings = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", settings],
                stdout=log, stderr=log)
        until(self.answers)

    def set(self, **settings):
        environment = {
            "CORS_ORIGINS": "", "HTTPS_PORT": "443", "REQUESTS_PER_SECOND": "100",
            "SIGN_INS_PER_MINUTE": "30", "CONNECTIONS_PER_ADDRESS": "200"}
        subprocess.run(
            [ROOT / "docker/nginx-settings", self.folder, "true"], check=True,
            env={**os.environ, **environment, **settings})
        for port, here in (("8080", self.http), ("8443", self.https)):
            file = self.folder / f"listen-{port}.conf"
            file.write_text(file.read_text().replace(f"[::]:{port}", f"[::1]:{here}"))

    def configure(self, ports):
        text = (ROOT / "docker/nginx.conf").read_text()
        replicas = "".join(f"server 127.0.0.1:{port} max_fails=0; " for port in ports)
        for old, new in [
            ("/tmp/", f"{self.folder}/"),
            ("listen 8443", f"listen 127.0.0.1:{self.https}"),
            ("listen 8080", f"listen 127.0.0.1:{self.http}"),
            ("listen 9465", f"listen 127.0.0.1:{self.metrics}"),
            ("/srv/", f"{self.folder}/"),
            ("/etc/nginx/certificates", f"{self.folder}/certificates"),
            ("api:8080", "replicas"),
            ("    resolver 127.0.0.11 valid=2s ipv6=off;\n", f"    upstream replicas {{ {replicas}}}\n"),
        ]:
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "nginx.conf").write_text(text)

    def answers(self):
        try:
            self.connect(tls=False).close()
            return True
        except OSError:
            assert self.process.poll() is None, (self.folder / "log").read_text()

    def connect(self, tls=True, port=None):
        connection = socket.create_connection(("127.0.0.1", port or self.https), timeout=60)
        if not tls:
            return connection
        context = ssl.create_default_context(cafile=self.folder / "certificates/fullchain.pem")
        return context.wrap_socket(connection, server_hostname="localhost")

    def send(self, request, tls=True, port=None):
        """Sends bytes, and reads an answer."""
        with self.connect(tls, port) as connection:
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                status = int(stream.readline().split()[1])
                headers = read_headers(stream)
                is_head = request.startswith(b"HEAD")
                body = b"" if is_head else stream.read(int(headers.get("content-length", 0)))
                return Answer(status, headers, body)

    def ask(self, method, path, **headers):
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        body = "{}" if method in ("POST", "PUT", "PATCH") else ""
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.send("\r\n".join(lines + ["", body]).encode())

    def logged(self, id, count):
        """The lines of a request, which are written when it is over: a moment after its answer."""

        def lines():
            # One that is being written is not looked at yet.
            whole = (self.folder / "log").read_text().rpartition("\n")[0].splitlines()
            found = [json.loads(line) for line in whole if f'"requestId":"{id}"' in line]
            return len(found) >= count and found

        found = until(lines)
        assert len(found) == count, found
        return sorted(found, key=lambda line: line["message"])

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder)


@pytest.fixture
def replicas():
    replicas = [Replica(), Replica(), Replica()]
    yield replicas
    for replica in replicas:
        replica.stop()


@pytest.fixture
def start(replicas):
    """Starts a proxy in front of the replicas, or of what listens on other ports."""
    proxies = []

    def start(ports=None, **settings):
        proxies.append(Proxy(ports or [replica.port for replica in replicas], **settings))
        return proxies[-1]

    yield start
    for proxy in proxies:
        proxy.stop()


@pytest.fixture(scope="module")
def proxy():
    replica = Replica()
    proxy = Proxy([replica.port], CORS_ORIGINS=SHOP)
    yield proxy
    proxy.stop()
    replica.stop()


def types():
    """What the API's pages know of problems: the title of each type."""
    problems = json.loads((ROOT / "Sources/Resources/problems.json").read_text())
    return {name: problem["title"] for name, problem in problems.items()}


def problem(answer, status, type):
    """Checks that the answer is such a problem, and returns it."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = json.loads(answer.body)
    members = ["type", "title", "status", "detail", "instance", "requestId"]
    assert [member for member in members if member in problem or member != "instance"] == list(problem)
    assert (problem["status"], problem["type"]) == (status, "/problems/" + type)
    assert problem["title"] == types()[type]
    assert problem["detail"].endswith(".")
    assert problem["requestId"] == answer.headers["request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return problem


def head(line, *headers):
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode("latin-1")


REFUSED_HEADS = {
    "a long address": (head("GET /" + "x" * 40_000 + " HTTP/1.1"), 414, "uri-too-long"),
    "a long query": (head("GET /?" + "x" * 40_000 + " HTTP/1.1"), 414, "uri-too-long"),
    "a long header": (head("GET / HTTP/1.1", "X: " + "x" * 40_000), 431, "headers-too-large"),
    "many headers": (head("GET / HTTP/1.1", *["X: " + "x" * 9_000] * 9), 431, "headers-too-large"),
    "CONNECT": (head("CONNECT localhost:443 HTTP/1.1"), 400, "malformed-request"),
    "TRACE": (head("TRACE / HTTP/1.1"), 405, "method-not-allowed"),
    "a bare line": (b"HELLO\r\n\r\n", 400, "malformed-request"),
    "no line": (b"\x00\x01\x02\xff\r\n\r\n", 400, "malformed-request"),
    "a null": (head("GET /%00 HTTP/1.1"), 400, "malformed-request"),
    "above the root": (head("GET /../../x HTTP/1.1"), 400, "malformed-request"),
    "half an escape": (head("GET /%4 HTTP/1.1"), 400, "malformed-request"),
    "a small method": (head("get / HTTP/1.1"), 400, "malformed-request"),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400, "malformed-request"),
    "two hosts": (head("GET / HTTP/1.1", "Host: other"), 400, "malformed-request"),
    "no host that there could be": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "malformed-request"),
    "no length": (head("POST / HTTP/1.1", "Content-Length: x"), 400, "malformed-request"),
    "an unknown coding": (
        head("POST / HTTP/1.1", "Transfer-Encoding: gzip"), 501, "transfer-coding-unknown"),
    "a version to come": (head("GET / HTTP/3.0"), 505, "http-version-not-supported"),
    "the proxy's own path": (head("GET /.problem HTTP/1.1"), 404, "not-found"),
}
REFUSED_BODIES = {
    "two lengths": (
        head("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"), 400, "malformed-request"),
    "a length and chunks": (
        head("POST / HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"),
        400, "malformed-request"),
    "no chunks": (
        head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"x\r\n", 400, "malformed-request"),
    "a large body": (head("POST / HTTP/1.1", "Content-Length: 999999"), 413, "content-too-large"),
    "large chunks": (
        head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"fffff\r\nx", 413,
        "content-too-large"),
}


@pytest.mark.parametrize("port", ["https", "http"])
@pytest.mark.parametrize("request_, status, type", REFUSED_HEADS.values(), ids=REFUSED_HEADS)
def test_a_head_that_nginx_refuses_is_a_problem(proxy, request_, status, type, port):
    answer = proxy.send(request_, port == "https", getattr(proxy, port))
    problem(answer, status, type)
    assert ("allow" in answer.headers) == (status == 405)
    assert ("strict-transport-security" in answer.headers) == (port == "https")


@pytest.mark.parametrize("request_, status, type", REFUSED_BODIES.values(), ids=REFUSED_BODIES)
def test_a_body_that_nginx_refuses_is_a_problem(proxy, request_, status, type):
    problem(proxy.send(request_), status, type)


def test_plain_http_is_told_to_use_https(proxy):
    answer = proxy.send(head("GET / HTTP/1.1"), tls=False)
    assert "https" in problem(answer, 400, "malformed-request")["detail"]


def test_a_refusal_tells_nothing_that_would_break_it(proxy):
    for path in ['/"', "/\\", "/\x01", "/\xff", '/%00","status":200,"x":"']:
        answer = proxy.send(head(f"TRACE {path} HTTP/1.1"))
        assert "instance" not in problem(answer, answer.status, {
            400: "malformed-request", 405: "method-not-allowed"}[answer.status])
    answer = proxy.ask("TRACE", "/a%22b?c", X_Request_Id='"quoted"')
    told = problem(answer, 405, "method-not-allowed")
    assert told["instance"] == "/a%22b"
    assert re.fullmatch("[0-9a-f]{32}", told["requestId"])


def test_refusals_of_http_2_are_problems(proxy):
    run = subprocess.run(
        ["curl", "--silent", "--http2", "--insecure", "--dump-header", "-",
         f"https://127.0.0.1:{proxy.https}/%00"], capture_output=True, text=True, timeout=60)
    first, _, rest = run.stdout.partition("\n")
    headers, _, body = rest.partition("\n\n")
    assert first == "HTTP/2 400 "
    headers = dict(line.lower().split(": ", 1) for line in headers.splitlines())
    problem(Answer(400, headers, body), 400, "malformed-request")


@pytest.mark.parametrize("path", ["/api/v1/numbers", "/api/v1/changes"])
def test_a_body_too_large_over_http_2_is_a_problem(proxy, tmp_path, path):
    (tmp_path / "body").write_bytes(bytes(2_000_000))
    run = subprocess.run(
        ["curl", "--silent", "--http2", "--insecure", "--data-binary", f"@{tmp_path / 'body'}",
         "--header", "Content-Type: application/json", f"https://127.0.0.1:{proxy.https}{path}"],
        capture_output=True, text=True, timeout=60)
    assert json.loads(run.stdout)["type"] == "/problems/content-too-large"


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("path, headers, status", [
    ("/" + "x" * 30_000, 0, 414), ("/livez", 1, 200), ("/livez", 2, 431),
])
def test_what_is_too_long_is_refused_by_the_service(
        start, server, path, headers, status, version):
    proxy = start([int(server.address.rpartition(":")[2])])
    long = [item for number in range(headers) for item in ("--header", f"X-{number}: " + "x" * 20_000)]
    run = subprocess.run(
        ["curl", "--silent", version, "--insecure", "--write-out", "%{http_code}", *long,
         "--output", "/dev/null", f"https://127.0.0.1:{proxy.https}{path}"],
        capture_output=True, text=True, timeout=60)
    assert run.stdout == str(status)


@pytest.mark.parametrize("origins, origin, allowed, vary", [
    ("", SHOP, None, None),
    ("*", SHOP, "*", None),
    ("*", None, None, None),
    (SHOP, SHOP, SHOP, "Origin"),
    (SHOP, None, None, "Origin"),
    (SHOP, SHOP + ".evil.example", None, "Origin"),
    (SHOP, "https://shop", None, "Origin"),
    (f"https://admin.example, {SHOP}", SHOP, SHOP, "Origin"),
    (f"{SHOP},https://admin.example", "https://admin.example", "https://admin.example", "Origin"),
    (f"{SHOP},https://admin.example", f"{SHOP},https://admin.example", None, "Origin"),
])
def test_allowed_pages_may_read_refusals(start, origins, origin, allowed, vary):
    proxy = start(CORS_ORIGINS=origins)
    headers = proxy.ask("TRACE", "/", **({"Origin": origin} if origin else {})).headers
    assert headers.get("access-control-allow-origin") == allowed
    assert ("retry-after" in headers.get("access-control-expose-headers", "").lower()) == bool(allowed)
    assert headers.get("vary") == vary


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "PURGE"])
def test_a_write_that_was_sent_is_sent_once(start, replicas, method):
    proxy = start(CORS_ORIGINS="*")
    answer = proxy.ask(method, "/dies?x=1", Origin=SHOP, X_Request_Id="once")
    told = problem(answer, 502, "outcome-unknown")
    assert (told["instance"], told["requestId"]) == ("/dies", "once")
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert [(taken[0], taken[1]) for replica in replicas for taken in replica.taken] == [
        (method, "/dies?x=1")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_read_is_sent_to_each_replica(start, replicas, method):
    answer = start().ask(method, "/dies")
    if method == "HEAD":
        assert answer.status == 502
    else:
        problem(answer, 502, "unavailable")
    assert answer.headers["retry-after"] == "2"
    assert [[taken[0] for taken in replica.taken] for replica in replicas] == [[method]] * 3


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE", "PURGE"])
def test_where_a_replica_cannot_be_reached_another_is_asked(start, replicas, method):
    # As in a rollout, when all three have been replaced, and one beside them serves.
    proxy = start([free_port(), free_port(), free_port(), replicas[0].port])
    for _ in range(6):
        answer = proxy.ask(method, "/numbers/%31?q=%2B1", If_Match='"1"', Original_Method="GET")
        assert (answer.status, answer.body) == (200, method.encode())
    for taken, path, headers in replicas[0].taken:
        assert (taken, path) == (method, "/numbers/%31?q=%2B1")
        assert headers["if-match"] == '"1"'
        assert (headers["host"], headers["x-forwarded-proto"]) == ("localhost", "https")
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert "original-method" not in headers
    assert len(replicas[0].taken) == 6


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_where_no_replica_can_be_reached_nothing_was_done(start, method):
    answer = start([free_port(), free_port()]).ask(method, "/")
    problem(answer, 502, "unavailable")
    assert answer.headers["retry-after"] == "2"


IMPORT, EXPORT = "/api/v1/numbers/import", "/api/v1/numbers/export"


def test_a_file_passes_as_without_a_proxy(start, server):
    proxy = start([int(server.address.rpartition(":")[2])])
    https = f"https://localhost:{proxy.https}"
    options = {
        "headers": {**server.supervisor.headers, "Content-Type": "text/csv"},
        "verify": proxy.folder / "certificates/fullchain.pem", "timeout": 60}
    largest = 64 * 1024 * 1024
    file = b"value,monthyPrice,setupPrice,currency\n"
    answer = requests.post(https + IMPORT, data=file.ljust(largest, b"\n"), **options)
    assert (answer.status_code, answer.json()["rows"]) == (200, 0)
    # The service refuses what is a little too large, nginx what is more.
    chunks = iter([file.ljust(largest, b"\n"), b"\n"])
    answer = requests.post(https + IMPORT, data=chunks, **options)
    assert (answer.status_code, answer.json()["detail"]) == (413, "The body is larger than 64 MiB.")
    refused = proxy.send(head(f"POST {IMPORT} HTTP/1.1", "Content-Length: 70000000"))
    assert problem(refused, 413, "content-too-large")["detail"] == "The body is larger than 64 MiB."
    exported = requests.get(https + EXPORT, **options)
    assert exported.content == server.supervisor.get(server.address + EXPORT).content
    assert exported.headers["Content-Disposition"].startswith("attachment;")


def test_a_file_is_passed_on_as_it_comes_and_its_answer_waited_for(start):
    """Also for longer than the 35 seconds that other answers have."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        proxy = start([listener.getsockname()[1]])
        with proxy.connect() as client:
            client.sendall(head(f"POST {IMPORT}?mode=upsert HTTP/1.1", "Content-Length: 10") + b"value")
            service, _ = listener.accept()
            with service, service.makefile("rb") as stream:
                assert stream.readline() == f"POST {IMPORT}?mode=upsert HTTP/1.1\r\n".encode()
                headers = read_headers(stream)
                assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", "https")
                assert stream.read(5) == b"value"
                client.sendall(b",curr")
                assert stream.read(5) == b",curr"
                time.sleep(36)
                service.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                client.settimeout(60)
                assert client.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_file_that_is_cut_does_not_look_whole(start):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        proxy = start([listener.getsockname()[1]])
        with proxy.connect() as client:
            client.sendall(head(f"GET {EXPORT} HTTP/1.1"))
            service, _ = listener.accept()
            with service:
                service.recv(10_000)
                service.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                client.settimeout(60)
                received = b""
                while b"hello" not in received: received += client.recv(1000)
            try:
                while piece := client.recv(1000): received += piece
            except (ConnectionResetError, ssl.SSLError):
                pass
            assert not received.endswith(b"0\r\n\r\n")


def test_sign_ins_are_limited_for_each_address(start, replicas):
    proxy, began = start(), time.monotonic()
    paths = ["/api/v1/sessions", "/api/v1/sessions/", "/api//v1/%73essions?x"]
    answers = [proxy.ask("POST", paths[number % 3]) for number in range(30)]
    passed = [answer for answer in answers if answer.status == 200]
    # The first and the burst of 20, and one more every two seconds.
    assert 21 <= len(passed) <= 22 + (time.monotonic() - began) / 2
    assert sum(len(replica.taken) for replica in replicas) == len(passed)
    told = problem(answers[-1], 429, "too-many-attempts")
    assert told["instance"] == paths[2].partition("?")[0]
    assert answers[-1].headers["retry-after"] == "2"
    # Signing out and all else goes on.
    assert proxy.ask("DELETE", "/api/v1/sessions/current").status == 200
    assert proxy.ask("GET", "/api/v1/numbers").status == 200


def test_the_limits_are_settings(start, replicas):
    proxy = start(REQUESTS_PER_SECOND="1")
    answers, began = b"", time.monotonic()
    with proxy.connect() as connection:
        connection.sendall(head("GET / HTTP/1.1") * 29 + head("GET / HTTP/1.1", "Connection: close"))
        while chunk := connection.recv(65536):
            answers += chunk
    # The first, and three times as many at once as there are in a second; one more where a second passes.
    refused = answers.count(b'"type":"/problems/too-many-requests"')
    assert 25 - (time.monotonic() - began) <= refused <= 26
    other = start(SIGN_INS_PER_MINUTE="7")
    told = [other.ask("POST", "/api/v1/sessions") for _ in range(30)][-1]
    assert problem(told, 429, "too-many-attempts")["detail"].endswith("try again in 9 s.")
    assert told.headers["retry-after"] == "9"


@pytest.mark.parametrize("value", ["", "0", "many", "1; evil"])
def test_a_limit_that_is_no_number_is_told(tmp_path, value):
    run = subprocess.run(
        [ROOT / "docker/nginx-settings", tmp_path], capture_output=True, text=True, timeout=10,
        env={**os.environ, "HTTPS_PORT": "443", "REQUESTS_PER_SECOND": value})
    assert (run.returncode, run.stderr) == (64, "REQUESTS_PER_SECOND must be a whole number from 1.\n")


@pytest.mark.parametrize("https, port", [("443", ""), ("8443", ":8443")])
def test_the_redirect_keeps_a_port_of_its_own(start, https, port):
    proxy = start(HTTPS_PORT=https)
    for host in ("shop.example", "shop.example:8080", "[::1]:8080"):
        answer = proxy.send(f"GET /a?b=c HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), False, proxy.http)
        name = host.removesuffix(":8080")
        assert (answer.status, answer.headers["location"]) == (308, f"https://{name}{port}/a?b=c")


def test_a_challenge_of_an_authority_is_answered(start):
    proxy = start()
    folder = proxy.folder / "challenges/.well-known/acme-challenge"
    folder.mkdir(parents=True)
    (folder / "token").write_text("token.thumbprint")
    path = "/.well-known/acme-challenge/"
    answer = proxy.send(head(f"GET {path}token HTTP/1.1"), False, proxy.http)
    assert (answer.status, answer.body) == (200, b"token.thumbprint")
    assert answer.headers["content-type"] == "text/plain"
    for other in ("other", "", "../../nginx.conf"):
        answer = proxy.send(head(f"GET {path}{other} HTTP/1.1"), False, proxy.http)
        assert answer.status != 200


def test_a_new_certificate_is_taken_without_a_restart(start):
    proxy = start()

    def certificate():
        return ssl.get_server_certificate(("127.0.0.1", proxy.https))

    before = certificate()
    new = proxy.folder / "new"
    subprocess.run([ROOT / "scripts/self-signed-certificate", new], check=True)
    for name in ("privkey.pem", "fullchain.pem"):
        (new / name).replace(proxy.folder / "certificates" / name)
    assert certificate() == before
    proxy.process.send_signal(signal.SIGHUP)
    until(lambda: certificate() != before)
    assert certificate() == (proxy.folder / "certificates/fullchain.pem").read_text()


@pytest.mark.parametrize("ciphers, version, taken", [
    ("ECDHE-RSA-AES128-GCM-SHA256", "TLSv1_2", True),
    ("ECDHE-RSA-CHACHA20-POLY1305", "TLSv1_2", True),
    # Without forward secrecy, or without authenticated encryption.
    ("AES128-GCM-SHA256", "TLSv1_2", False),
    ("ECDHE-RSA-AES128-SHA256", "TLSv1_2", False),
])
def test_old_ciphers_are_not_spoken(proxy, ciphers, version, taken):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = context.minimum_version = ssl.TLSVersion[version]
    context.set_ciphers(ciphers + ":@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", proxy.https), timeout=60) as connection:
        if taken:
            with context.wrap_socket(connection) as tls:
                assert tls.cipher()[0] == ciphers
        else:
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(connection)


@pytest.mark.skipif(not pathlib.Path("/proc/net/if_inet6").exists(), reason="There is no IPv6 here.")
def test_it_listens_on_ipv6(start):
    proxy = start()
    for port in (proxy.http, proxy.https):
        socket.create_connection(("::1", port), timeout=60).close()


def test_the_metrics_of_the_backups_are_served(start):
    proxy = start()
    problem(proxy.send(head("GET /metrics HTTP/1.1"), False, proxy.metrics), 404, "not-found")
    (proxy.folder / "metrics").mkdir()
    (proxy.folder / "metrics/backup.prom").write_text("carrier_backup_kept 1\n")
    answer = proxy.send(head("GET /metrics HTTP/1.1"), False, proxy.metrics)
    assert (answer.status, answer.body) == (200, b"carrier_backup_kept 1\n")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4"
    # To the world it is a path like any other.
    assert proxy.ask("GET", "/metrics").body == b"GET"


def test_a_flood_is_stopped(start):
    proxy = start()
    with proxy.connect() as connection:
        request = head("GET / HTTP/1.1")
        answers = b""
        for _ in range(6):
            connection.sendall(request * 100)
        connection.sendall(head("GET / HTTP/1.1", "Connection: close"))
        while chunk := connection.recv(65536):
            answers += chunk
    refused = answers.count(b'"type":"/problems/too-many-requests"')
    assert 0 < refused == answers.count(b"\r\nRetry-After: 1\r\n")


def test_the_log_tells_what_was_asked_for(start):
    proxy = start()
    proxy.ask("DELETE", "/dies?q=secret", X_Request_Id="deletion")
    proxy.ask("TRACE", "/%22", X_Request_Id="trace")
    request, forwarded = proxy.logged("deletion", 2)
    assert (forwarded["message"], forwarded["upstreamStatus"]) == ("write forwarded", [502])
    assert (request["method"], request["path"], request["status"]) == ("DELETE", "/dies", 502)
    [request] = proxy.logged("trace", 1)
    assert (request["method"], request["path"], request["status"]) == ("TRACE", "/%22", 405)
    # Where nobody was asked, nobody has answered.
    assert (request["upstream"], request["upstreamStatus"]) == ("", [])


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def members(schema):
    """The members of docs/operations/logs.md, each with its kind, for one of its columns."""
    table = (ROOT / "docs/operations/logs.md").read_text().partition("| member |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    column = {"program": 2, "nginx": 3}[schema]
    return {row[0].strip("`"): row[1] for row in rows if row[column]}


KINDS = {"text": str, "number": (int, float), "list of numbers": list}


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_request_is_followed_by_its_id_through_both_logs(start, start_service, method):
    service = start_service("--demo", "--log-format", "json", "--log-level", "debug", "--trusted-proxies", "127.0.0.1")
    proxy, began = start([int(service.address.rpartition(":")[2])]), time.monotonic()
    for trace, path in [(TRACE, "/api/v1/numbers/1"), (TRACE, "/api/v1/numbers/1"), ("00-no-trace-01", "/livez")]:
        answer = proxy.ask(
            method, path, X_Request_Id=f"of-{method}", traceparent=trace,
            Authorization=service.supervisor.headers["Authorization"])
        assert answer.headers["request-id"] == f"of-{method}"
    forwarded = 3 if method == "PUT" else 0
    outside = [line for line in proxy.logged(f"of-{method}", 3 + forwarded) if line["message"] == "request"]
    # The second reading is answered from what is kept.
    inside = [entry for entry in map(json.loads, service.log.read_text().splitlines())
              if entry.get("requestId") == f"of-{method}" and entry["message"] == "request"]
    assert len(inside) == len(outside) == 3
    # nginx has several processes that write.
    inside.sort(key=lambda line: line["path"])
    outside.sort(key=lambda line: line["path"])
    for one, other in zip(inside, outside, strict=True):
        for member in ("message", "level", "method", "path", "status", "requestId"):
            if member != "level" or one["path"] != "/livez":
                assert one[member] == other[member], member
        assert one["traceparent"] == other["traceparent"] == TRACE if one["path"] != "/livez" else (
            "traceparent" not in one and other["traceparent"] == "")
        for line, schema in ((one, "program"), (other, "nginx")):
            kinds = members(schema)
            assert set(line) - {"traceparent"} == set(kinds) - {"traceparent"}
            for member, value in line.items():
                assert isinstance(value, KINDS[kinds[member]]), (schema, member, value)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), line["time"]
        assert other["upstreamStatus"] == [other["status"]]
        took = 1000 * (time.monotonic() - began)
        assert 0 <= one["milliseconds"] <= took and 0 <= other["milliseconds"] <= took


def test_how_long_a_request_took_is_a_number_of_milliseconds(start):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        proxy = start([listener.getsockname()[1]])
        for seconds in (0.05, 1.2):
            began = time.monotonic()
            with proxy.connect() as client:
                client.sendall(head("GET / HTTP/1.1", f"X-Request-Id: took-{seconds}"))
                service, _ = listener.accept()
                with service:
                    service.recv(10_000)
                    time.sleep(seconds)
                    service.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                    client.settimeout(60)
                    assert client.recv(1000)
            [line] = proxy.logged(f"took-{seconds}", 1)
            # It may take longer on a machine that is busy, but not than it took here.
            took = time.monotonic() - began
            assert seconds * 1000 <= line["milliseconds"] <= took * 1000


def test_a_flood_leaves_the_log_readable(start):
    proxy = start()
    proxy.ask("GET", "/before", X_Request_Id="before")
    refused = 0
    # A connection ends after a thousand requests.
    for _ in range(3):
        answers = b""
        with proxy.connect() as connection:
            for _ in range(9):
                connection.sendall(head("GET /flood HTTP/1.1") * 100)
            connection.sendall(head("GET /flood HTTP/1.1", "Connection: close"))
            while chunk := connection.recv(65536):
                answers += chunk
        refused += answers.count(b"too-many-requests")
    assert refused > 500
    [before] = proxy.logged("before", 1)
    assert before["path"] == "/before"
    log = (proxy.folder / "log").read_text().rpartition("\n")[0]
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line for line in lines if line["status"] == 429]
    # One in a hundred, by chance.
    assert len(told) < refused / 20
    assert "limiting requests" not in log


def test_the_table_of_limits_says_what_is_set():
    table = (ROOT / "docs/limits.md").read_text().partition("## The proxy")[2]
    lines = re.findall(r"`([^`]+[;0-9a-z}])`(?=[,\s|])", table.partition("|---")[2])
    assert len(lines) > 20
    settings = "".join(
        (ROOT / name).read_text()
        for name in ("docker/nginx.conf", "docker/nginx-settings", "docker-compose.prod.yml"))
    assert [line for line in lines if line not in settings] == []
