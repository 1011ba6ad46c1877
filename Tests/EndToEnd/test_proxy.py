"""nginx with deploy/nginx/nginx.conf, in front of replicas that fail on demand."""

import contextlib
import http.client
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
from program import NUMBERS, ROOT, free_port, output, run, until
from wire import Response, Wire

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
SHOP = "https://shop.example"
IMPORT, EXPORT, SESSIONS = NUMBERS + "/import", NUMBERS + "/export", "/api/v1/sessions"
LAST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Replica:
    """Responds to each request with 200 and the method; closes the connection after reading a request for /dies."""

    def __init__(self):
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.serve, args=[self.listener.accept()[0]], daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            method, path, _ = stream.readline().decode().split()
            headers = http.client.parse_headers(stream)
            stream.read(int(headers.get("Content-Length", 0)))
            self.requests.append((method, path, headers))
            if path.startswith("/dies"): return
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(method)
                + (b"" if method == "HEAD" else method.encode()))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Proxy:
    def __init__(self, ports, **settings):
        # The path of pytest's folder is too long for a socket.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carrier-proxy."))
        self.https, self.http, self.metrics = free_port(), free_port(), free_port()
        output(ROOT / "deploy/self-signed-certificate", self.folder / "certificates")
        settings = {
            "CORS_ORIGINS": "", "HTTPS_PORT": "443", "REQUESTS_PER_SECOND": "100",
            "SIGN_INS_PER_MINUTE": "30", "CONNECTIONS_PER_ADDRESS": "200", **settings}
        output(ROOT / "deploy/nginx/nginx-settings", self.folder, "true", env={**os.environ, **settings})
        for port, here in (("8080", self.http), ("8443", self.https)):
            file = self.folder / f"listen-{port}.conf"
            file.write_text(file.read_text().replace(f"[::]:{port}", f"[::1]:{here}"))
        shutil.copy(ROOT / "deploy/nginx/problems.conf", self.folder)
        self.configure(ports)
        # As root, nginx would otherwise use another user, who may not write here.
        directives = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", directives], stdout=log, stderr=log)
        until(self.accepts)

    def configure(self, ports):
        text = (ROOT / "deploy/nginx/nginx.conf").read_text()
        replicas = "".join(f"server 127.0.0.1:{port} max_fails=0; " for port in ports)
        for old, new in [
            ("/tmp/", f"{self.folder}/"), ("/srv/", f"{self.folder}/"),
            ("listen 8443", f"listen 127.0.0.1:{self.https}"), ("listen 8080", f"listen 127.0.0.1:{self.http}"),
            ("listen 9465", f"listen 127.0.0.1:{self.metrics}"),
            ("/etc/nginx/certificates", f"{self.folder}/certificates"), ("api:8080", "replicas"),
            ("    resolver 127.0.0.11 valid=2s ipv6=off;\n", f"    upstream replicas {{ {replicas}}}\n"),
        ]:
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "nginx.conf").write_text(text)

    def accepts(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with contextlib.suppress(OSError), self.connect(tls=False): return True

    def connect(self, tls=True, port=None):
        connection = socket.create_connection(("127.0.0.1", port or self.https), timeout=60)
        if tls:
            context = ssl.create_default_context(cafile=self.folder / "certificates/fullchain.pem")
            connection = context.wrap_socket(connection, server_hostname="localhost")
        return Wire(connection=connection)

    def send(self, data, tls=True, port=None):
        with self.connect(tls, port) as wire:
            wire.send(data)
            return wire.response(head=data.startswith(b"HEAD"))

    def ask(self, method, path, **headers):
        body = "{}" if method in ("POST", "PUT", "PATCH") else ""
        fields = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body: fields.append(f"Content-Length: {len(body)}")
        return self.send(head(f"{method} {path} HTTP/1.1", "Connection: close", *fields) + body.encode())

    def lines(self):
        return entries((self.folder / "log").read_text().rpartition("\n")[0])

    def logged(self, id, count):
        """The lines of a request, which are written a moment after its response."""
        found = until(lambda: len(found := [line for line in self.lines() if line["requestId"] == id]) >= count and found)
        assert len(found) == count, found
        return sorted(found, key=lambda line: line["message"])

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder)


def entries(log):
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


@pytest.fixture
def replicas():
    replicas = [Replica(), Replica(), Replica()]
    yield replicas
    for replica in replicas: replica.stop()


@pytest.fixture
def start_proxy(replicas):
    """Starts a proxy in front of the replicas, or of other ports."""
    proxies = []

    def start_proxy(*ports, **settings):
        proxies.append(Proxy(ports or [replica.port for replica in replicas], **settings))
        return proxies[-1]

    yield start_proxy
    for proxy in proxies: proxy.stop()


@pytest.fixture(scope="module")
def proxy():
    replica = Replica()
    proxy = Proxy([replica.port], CORS_ORIGINS=SHOP)
    yield proxy
    proxy.stop()
    replica.stop()


@pytest.fixture
def service(start_proxy):
    """A function that sends bytes through a proxy, and returns the client's and the service's connection."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(60)

        def service(data):
            client = stack.enter_context(service.proxy.connect())
            client.send(data)
            return client, stack.enter_context(Wire(connection=listener.accept()[0]))

        service.proxy = start_proxy(listener.getsockname()[1])
        yield service


def problem(response, status, type):
    """Checks that the response is a problem with this status and type, and returns it."""
    problem, titles = response.problem, json.loads((ROOT / "Sources/Resources/problems.json").read_text())
    members = ["type", "title", "status", "detail", "instance", "requestId"]
    assert [member for member in members if member in problem or member != "instance"] == list(problem)
    assert (response.status, problem["type"], problem["title"]) == (status, "/problems/" + type, titles[type]["title"])
    assert problem["detail"].endswith(".")
    assert problem["requestId"] == response.headers["request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"
    return problem


def head(line, *headers):
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode("latin-1")


MALFORMED = (400, "malformed-request")
REFUSED = {
    "a long address": (head("GET /" + "x" * 40_000 + " HTTP/1.1"), 414, "uri-too-long"),
    "a long query": (head("GET /?" + "x" * 40_000 + " HTTP/1.1"), 414, "uri-too-long"),
    "a long header": (head("GET / HTTP/1.1", "X: " + "x" * 40_000), 431, "headers-too-large"),
    "many headers": (head("GET / HTTP/1.1", *["X: " + "x" * 9_000] * 9), 431, "headers-too-large"),
    "CONNECT": (head("CONNECT localhost:443 HTTP/1.1"), *MALFORMED),
    "TRACE": (head("TRACE / HTTP/1.1"), 405, "method-not-allowed"),
    "a bare line": (b"HELLO\r\n\r\n", *MALFORMED),
    "no line": (b"\x00\x01\x02\xff\r\n\r\n", *MALFORMED),
    "a null": (head("GET /%00 HTTP/1.1"), *MALFORMED),
    "above the root": (head("GET /../../x HTTP/1.1"), *MALFORMED),
    "half an escape": (head("GET /%4 HTTP/1.1"), *MALFORMED),
    "a small method": (head("get / HTTP/1.1"), *MALFORMED),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", *MALFORMED),
    "two hosts": (head("GET / HTTP/1.1", "Host: other"), *MALFORMED),
    "an impossible host": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", *MALFORMED),
    "no length": (head("POST / HTTP/1.1", "Content-Length: x"), *MALFORMED),
    "an unknown coding": (head("POST / HTTP/1.1", "Transfer-Encoding: gzip"), 501, "transfer-coding-unknown"),
    "a later version": (head("GET / HTTP/3.0"), 505, "http-version-not-supported"),
    "the proxy's own path": (head("GET /.problem HTTP/1.1"), 404, "not-found"),
    "two lengths": (head("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"), *MALFORMED),
    "a length and chunks": (head("POST / HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"), *MALFORMED),
    "no chunks": (head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"x\r\n", *MALFORMED),
    "a large body": (head("POST / HTTP/1.1", "Content-Length: 999999"), 413, "content-too-large"),
    "a large file": (head(f"POST {IMPORT} HTTP/1.1", "Content-Length: 70000000"), 413, "content-too-large"),
}


@pytest.mark.parametrize("port", ["https", "http"])
@pytest.mark.parametrize("data, status, type", REFUSED.values(), ids=REFUSED)
def test_a_request_that_nginx_refuses_gets_a_problem(proxy, data, status, type, port):
    response = proxy.send(data, port == "https", getattr(proxy, port))
    problem(response, status, type)
    assert ("allow" in response.headers) == (status == 405)
    assert ("strict-transport-security" in response.headers) == (port == "https")


def test_large_chunks_get_a_problem(proxy):
    chunks = head("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"fffff\r\nx"
    problem(proxy.send(chunks), 413, "content-too-large")


def test_plain_http_on_the_https_port_gets_an_explanation(proxy):
    assert "https" in problem(proxy.send(head("GET / HTTP/1.1"), tls=False), *MALFORMED)["detail"]


def test_a_problem_contains_no_text_that_would_break_it(proxy):
    for path in ['/"', "/\\", "/\x01", "/\xff", '/%00","status":200,"x":"']:
        response = proxy.send(head(f"TRACE {path} HTTP/1.1"))
        type = "malformed-request" if response.status == 400 else "method-not-allowed"
        assert "instance" not in problem(response, response.status, type)
    found = problem(proxy.ask("TRACE", "/a%22b?c", X_Request_Id='"quoted"'), 405, "method-not-allowed")
    assert found["instance"] == "/a%22b"
    assert re.fullmatch("[0-9a-f]{32}", found["requestId"])


def curl(port, path, *options):
    return run("curl", "--silent", "--insecure", *options, f"https://127.0.0.1:{port}{path}").stdout


def test_refusals_of_http_2_are_problems(proxy, tmp_path):
    first, _, rest = curl(proxy.https, "/%00", "--http2", "--dump-header", "-").partition("\n")
    headers, _, body = rest.partition("\n\n")
    assert first == "HTTP/2 400 "
    problem(Response(400, dict(line.lower().split(": ", 1) for line in headers.splitlines()), body), *MALFORMED)
    (tmp_path / "body").write_bytes(bytes(2_000_000))
    for path in (NUMBERS, "/api/v1/changes"):
        body = curl(proxy.https, path, "--http2", "--data-binary", f"@{tmp_path / 'body'}", "--header",
                    "Content-Type: application/json")
        assert json.loads(body)["type"] == "/problems/content-too-large"


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("path, headers, status", [("/" + "x" * 30_000, 0, 414), ("/livez", 1, 200), ("/livez", 2, 431)])
def test_long_heads_below_the_bounds_of_nginx_reach_the_service(start_proxy, server, path, headers, status, version):
    long = [item for number in range(headers) for item in ("--header", f"X-{number}: " + "x" * 20_000)]
    options = [version, "--write-out", "%{http_code}", *long, "--output", "/dev/null"]
    assert curl(start_proxy(server.port).https, path, *options) == str(status)


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
def test_allowed_pages_may_read_refusals(start_proxy, origins, origin, allowed, vary):
    headers = start_proxy(CORS_ORIGINS=origins).ask("TRACE", "/", **({"Origin": origin} if origin else {})).headers
    assert headers.get("access-control-allow-origin") == allowed
    assert ("retry-after" in headers.get("access-control-expose-headers", "").lower()) == bool(allowed)
    assert headers.get("vary") == vary


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "PURGE"])
def test_a_write_is_sent_to_one_replica_only(start_proxy, replicas, method):
    response = start_proxy(CORS_ORIGINS="*").ask(method, "/dies?x=1", Origin=SHOP, X_Request_Id="once")
    found = problem(response, 502, "outcome-unknown")
    assert (found["instance"], found["requestId"]) == ("/dies", "once")
    assert (response.headers["retry-after"], response.headers["access-control-allow-origin"]) == ("2", "*")
    assert [request[:2] for replica in replicas for request in replica.requests] == [(method, "/dies?x=1")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_read_is_sent_to_each_replica(start_proxy, replicas, method):
    response = start_proxy().ask(method, "/dies")
    if method != "HEAD": problem(response, 502, "unavailable")
    assert (response.status, response.headers["retry-after"]) == (502, "2")
    assert [[request[0] for request in replica.requests] for replica in replicas] == [[method]] * 3


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE", "PURGE"])
def test_another_replica_is_used_if_one_is_unreachable(start_proxy, replicas, method):
    # As in a rollout, when three replicas have been replaced and one beside them serves.
    proxy = start_proxy(free_port(), free_port(), free_port(), replicas[0].port)
    for _ in range(6):
        response = proxy.ask(method, "/numbers/%31?q=%2B1", If_Match='"1"', Original_Method="GET")
        assert (response.status, response.body) == (200, method.encode())
    for used, path, headers in replicas[0].requests:
        assert (used, path, headers["if-match"]) == (method, "/numbers/%31?q=%2B1", '"1"')
        assert (headers["host"], headers["x-forwarded-proto"]) == ("localhost", "https")
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert "original-method" not in headers
    assert len(replicas[0].requests) == 6


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_without_a_reachable_replica_nothing_was_done(start_proxy, method):
    response = start_proxy(free_port(), free_port()).ask(method, "/")
    problem(response, 502, "unavailable")
    assert response.headers["retry-after"] == "2"


def test_a_file_passes_as_without_a_proxy(start_proxy, server):
    proxy = start_proxy(server.port)
    https = f"https://localhost:{proxy.https}"
    options = {
        "headers": {**server.supervisor.headers, "Content-Type": "text/csv"},
        "verify": proxy.folder / "certificates/fullchain.pem", "timeout": 60}
    file = b"value,monthyPrice,setupPrice,currency\n".ljust(64 * 1024 * 1024, b"\n")
    response = requests.post(https + IMPORT, data=file, **options)
    assert (response.status_code, response.json()["rows"]) == (200, 0)
    # The service refuses a file that is a little too large, and nginx a larger one (REFUSED).
    response = requests.post(https + IMPORT, data=iter([file, b"\n"]), **options)
    assert (response.status_code, response.json()["detail"]) == (413, "The body is larger than 64 MiB.")
    exported = requests.get(https + EXPORT, **options)
    assert exported.content == server.supervisor.get(EXPORT).content
    assert exported.headers["Content-Disposition"].startswith("attachment;")


def test_a_file_is_forwarded_as_it_arrives_and_may_take_long(service):
    client, served = service(head(f"POST {IMPORT}?mode=upsert HTTP/1.1", "Content-Length: 10") + b"value")
    while not served.rest.endswith(b"\r\n\r\nvalue"): served.more()
    received = served.rest.decode().lower()
    assert received.startswith(f"post {IMPORT}?mode=upsert http/1.1\r\n")
    assert "x-forwarded-for: 127.0.0.1\r\n" in received and "x-forwarded-proto: https\r\n" in received
    client.send(b",curr")
    while not served.rest.endswith(b"value,curr"): served.more()
    # The timeout of other responses is 35 seconds.
    time.sleep(36)
    served.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    assert client.response().status == 200


def test_a_truncated_file_does_not_look_complete(service):
    client, served = service(head(f"GET {EXPORT} HTTP/1.1"))
    served.more()
    served.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    while b"hello" not in client.rest: client.more()
    served.socket.close()
    with contextlib.suppress(ConnectionResetError, ssl.SSLError): client.received()
    assert not client.rest.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("setting, seconds", [("30", 2), ("7", 9)])
def test_sign_ins_are_limited_for_each_address(start_proxy, replicas, setting, seconds):
    proxy, began = start_proxy(SIGN_INS_PER_MINUTE=setting), time.monotonic()
    paths = [SESSIONS, SESSIONS + "/", "/api//v1/%73essions?x"]
    responses = [proxy.ask("POST", paths[number % 3]) for number in range(30)]
    passed = [response for response in responses if response.status == 200]
    # The first request and a burst of 20 pass, and one more after each wait.
    assert 21 <= len(passed) <= 22 + (time.monotonic() - began) / seconds
    assert sum(len(replica.requests) for replica in replicas) == len(passed)
    refused = problem(responses[-1], 429, "too-many-attempts")
    assert refused["instance"] == paths[2].partition("?")[0] and f"try again in {seconds} s." in refused["detail"]
    assert responses[-1].headers["retry-after"] == str(seconds)
    # This limit does not apply to other requests.
    assert proxy.ask("DELETE", SESSIONS + "/current").status == proxy.ask("GET", NUMBERS).status == 200


def flood(proxy, count):
    """Pipelines requests on one connection, and returns all bytes of the responses."""
    with proxy.connect() as wire:
        wire.send(head("GET /flood HTTP/1.1") * (count - 1) + LAST)
        return wire.received()


def test_the_rate_of_requests_is_a_setting(start_proxy):
    proxy, began = start_proxy(REQUESTS_PER_SECOND="1"), time.monotonic()
    # The first request and a burst of three times the rate pass, and one more each second.
    assert 25 - (time.monotonic() - began) <= flood(proxy, 30).count(b'"type":"/problems/too-many-requests"') <= 26


@pytest.mark.parametrize("value", ["", "0", "many", "1; evil"])
def test_a_rate_that_is_not_a_number_is_refused(tmp_path, value):
    environment = {**os.environ, "HTTPS_PORT": "443", "REQUESTS_PER_SECOND": value}
    refused = run(ROOT / "deploy/nginx/nginx-settings", tmp_path, env=environment)
    assert (refused.returncode, refused.stderr) == (64, "REQUESTS_PER_SECOND must be a whole number from 1.\n")


@pytest.mark.parametrize("https, port", [("443", ""), ("8443", ":8443")])
def test_the_redirect_names_the_https_port(start_proxy, https, port):
    proxy = start_proxy(HTTPS_PORT=https)
    for host in ("shop.example", "shop.example:8080", "[::1]:8080"):
        response = proxy.send(f"GET /a?b=c HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), False, proxy.http)
        name = host.removesuffix(":8080")
        assert (response.status, response.headers["location"]) == (308, f"https://{name}{port}/a?b=c")


def test_a_challenge_of_a_certificate_authority_is_served(start_proxy):
    proxy = start_proxy()
    path = "/.well-known/acme-challenge/"
    (proxy.folder / "challenges" / path[1:]).mkdir(parents=True)
    (proxy.folder / "challenges" / path[1:] / "token").write_text("token.thumbprint")
    response = proxy.send(head(f"GET {path}token HTTP/1.1"), False, proxy.http)
    assert (response.status, response.body) == (200, b"token.thumbprint")
    assert response.headers["content-type"] == "text/plain"
    for other in ("other", "", "../../nginx.conf"):
        assert proxy.send(head(f"GET {path}{other} HTTP/1.1"), False, proxy.http).status != 200


def test_a_new_certificate_is_used_after_a_reload(start_proxy):
    proxy = start_proxy()

    def certificate():
        return ssl.get_server_certificate(("127.0.0.1", proxy.https))

    before, new = certificate(), proxy.folder / "new"
    output(ROOT / "deploy/self-signed-certificate", new)
    for name in ("privkey.pem", "fullchain.pem"): (new / name).replace(proxy.folder / "certificates" / name)
    assert certificate() == before
    proxy.process.send_signal(signal.SIGHUP)
    until(lambda: certificate() != before)
    assert certificate() == (proxy.folder / "certificates/fullchain.pem").read_text()


@pytest.mark.parametrize("ciphers, is_accepted", [
    ("ECDHE-RSA-AES128-GCM-SHA256", True),
    ("ECDHE-RSA-CHACHA20-POLY1305", True),
    # These lack forward secrecy, or authenticated encryption.
    ("AES128-GCM-SHA256", False),
    ("ECDHE-RSA-AES128-SHA256", False),
])
def test_old_ciphers_are_refused(proxy, ciphers, is_accepted):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers + ":@SECLEVEL=0")
    expected = contextlib.nullcontext() if is_accepted else pytest.raises(ssl.SSLError)
    with socket.create_connection(("127.0.0.1", proxy.https), timeout=60) as connection, expected:
        context.wrap_socket(connection).close()


@pytest.mark.skipif(not pathlib.Path("/proc/net/if_inet6").exists(), reason="There is no IPv6 here.")
def test_nginx_listens_on_ipv6(start_proxy):
    proxy = start_proxy()
    for port in (proxy.http, proxy.https): socket.create_connection(("::1", port), timeout=60).close()


def test_the_metrics_of_backups_are_served_on_their_port_only(start_proxy):
    proxy = start_proxy()
    problem(proxy.send(head("GET /metrics HTTP/1.1"), False, proxy.metrics), 404, "not-found")
    (proxy.folder / "metrics").mkdir()
    (proxy.folder / "metrics/backup.prom").write_text("carrier_backup_kept 1\n")
    response = proxy.send(head("GET /metrics HTTP/1.1"), False, proxy.metrics)
    assert (response.status, response.body) == (200, b"carrier_backup_kept 1\n")
    assert response.headers["content-type"] == "text/plain; version=0.0.4"
    assert proxy.ask("GET", "/metrics").body == b"GET"


def test_the_log_names_the_request(start_proxy):
    proxy = start_proxy()
    proxy.ask("DELETE", "/dies?q=secret", X_Request_Id="deletion")
    proxy.ask("TRACE", "/%22", X_Request_Id="trace")
    request, forwarded = proxy.logged("deletion", 2)
    assert (forwarded["message"], forwarded["upstreamStatus"]) == ("write forwarded", [502])
    assert (request["method"], request["path"], request["status"]) == ("DELETE", "/dies", 502)
    [request] = proxy.logged("trace", 1)
    assert (request["method"], request["path"], request["status"]) == ("TRACE", "/%22", 405)
    assert (request["upstream"], request["upstreamStatus"]) == ("", [])


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
KINDS = {"text": str, "number": (int, float), "list of numbers": list}


def members(column):
    """The members of docs/operations/logs.md, each with its kind, for one column."""
    table = (ROOT / "docs/operations/logs.md").read_text().partition("| member |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0].strip("`"): row[1] for row in rows if row[column]}


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_both_logs_describe_a_request_under_its_id(start_proxy, start, method):
    server = start("--demo", "--log-format", "json", "--log-level", "debug", "--trusted-proxies", "127.0.0.1")
    proxy, began = start_proxy(server.port), time.monotonic()
    # The second response is cached.
    for id, path, trace in [("one", NUMBERS + "/1", TRACE), ("two", NUMBERS + "/1", TRACE), ("three", "/livez", "none")]:
        response = proxy.ask(method, path, X_Request_Id=id, traceparent=trace,
                             Authorization=server.supervisor.headers["Authorization"])
        # A write has one more line.
        outside = proxy.logged(id, 2 if method == "PUT" else 1)[0]
        [inside] = [entry for entry in entries(server.log.read_text())
                    if entry.get("requestId") == id and entry["message"] == "request"]
        assert response.headers["request-id"] == id
        for line, column in ((inside, 2), (outside, 3)):
            assert [line[member] for member in ("message", "method", "path", "status")] == [
                "request", method, path, response.status]
            assert line.get("traceparent", "") == ("" if trace == "none" else trace)
            kinds = members(column)
            assert set(line) - {"traceparent"} == set(kinds) - {"traceparent"}
            for member, value in line.items(): assert isinstance(value, KINDS[kinds[member]]), (column, member, value)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), line["time"]
            assert 0 <= line["milliseconds"] <= 1000 * (time.monotonic() - began)
        assert outside["upstreamStatus"] == [outside["status"]]
        assert path == "/livez" or inside["level"] == outside["level"]


@pytest.mark.parametrize("seconds", [0.05, 1.2])
def test_the_log_has_the_duration_in_milliseconds(service, seconds):
    began = time.monotonic()
    client, served = service(head("GET / HTTP/1.1", "X-Request-Id: took"))
    served.more()
    time.sleep(seconds)
    served.send(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert client.response().status == 204
    [line] = service.proxy.logged("took", 1)
    assert seconds * 1000 <= line["milliseconds"] <= 1000 * (time.monotonic() - began)


def test_a_flood_is_refused_and_leaves_the_log_readable(start_proxy):
    proxy = start_proxy()
    proxy.ask("GET", "/before", X_Request_Id="before")
    # nginx ends a connection after a thousand requests.
    received = b"".join(flood(proxy, 900) for _ in range(3))
    refused = received.count(b'"type":"/problems/too-many-requests"')
    assert 500 < refused == received.count(b"\r\nRetry-After: 1\r\n")
    assert proxy.logged("before", 1)[0]["path"] == "/before"
    # One refusal in a hundred is logged, by chance.
    assert len([line for line in proxy.lines() if line["status"] == 429]) < refused / 20
    assert "limiting requests" not in (proxy.folder / "log").read_text()
