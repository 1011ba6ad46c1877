"""The program behind the proxies of docs/proxies.md, with the documented configuration."""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
import time
from pathlib import Path

import pytest
import requests
from program import GOOD, NUMBERS, ROOT, Client, Server, free_port, output, until
from wire import Wire, request

PUBLIC = "https://inventory.example"
MODULES = ["authz_core", "deflate", "filter", "http2", "mpm_event", "proxy", "proxy_http", "socache_shmcb", "ssl"]
# By the name in the document: the program, the configuration around the example, and the arguments.
PROXIES = {
    "nginx": ("nginx", """
        daemon off; pid {folder}/nginx.pid; error_log stderr; {root_nginx}
        events {{}}
        http {{
            access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
            {example}
        }}""", ["-c", "{file}"]),
    "apache": ("apache2", """
        Listen 127.0.0.1:{port}
        ServerName localhost
        PidFile {folder}/apache.pid
        ErrorLog /dev/stderr
        Mutex file:{folder}
        {modules}
        {root_apache}
        {example}
        """, ["-D", "FOREGROUND", "-f", "{file}"]),
    # The defaults are Debian's.
    "haproxy": ("haproxy", """
        defaults
            mode http
            timeout connect 5000
            timeout client 50000
            timeout server 50000
        {example}
        """, ["-f", "{file}"]),
    "caddy": ("caddy", """
        {{
            admin off
            auto_https disable_redirects
        }}
        {example}""", ["run", "--adapter", "caddyfile", "--config", "{file}"]),
}


def program(name):
    return shutil.which(PROXIES[name][0], path=os.environ["PATH"] + ":/usr/sbin")


class Proxy:
    """A proxy, and a client of it with the supervisor's token."""

    def __init__(self, name, server, folder):
        _, around, arguments = PROXIES[name]
        self.log, file, port = folder / f"{name}.log", folder / f"{name}.conf", free_port()
        [example] = re.findall(rf"```{name}\n(.*?)```", (ROOT / "docs/proxies.md").read_text(), re.DOTALL)
        for old, new in [
            ("127.0.0.1:8080", f"127.0.0.1:{server.port}"), ("/etc/letsencrypt/live/inventory.example", str(folder)),
            ("/etc/haproxy/inventory.example.pem", f"{folder}/both.pem"),
        ]:
            example = example.replace(old, new)
        example = re.sub(r"(\*:|listen |bind :)443", lambda match: f"{match[1].strip(':*')}127.0.0.1:{port}", example)
        if name == "caddy":
            example = example.replace(
                "inventory.example {", f"https://127.0.0.1:{port} {{\n tls {folder}/fullchain.pem {folder}/privkey.pem")
            # The document's option for large uploads.
            example = example.replace("transport ", "buffer_requests\n transport ")
        is_root = os.getuid() == 0
        file.write_text(textwrap.dedent(around).format(
            folder=folder, port=port, example=example, root_nginx="user root;" * is_root,
            root_apache="User www-data\nGroup www-data" * is_root,
            modules="\n".join(f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so" for module in MODULES)))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [program(name), *(word.format(file=file) for word in arguments)], stdout=log, stderr=log,
                env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)})
        self.client, self.certificate = Client(f"https://127.0.0.1:{port}"), str(folder / "fullchain.pem")
        self.client.headers["Authorization"] = server.supervisor.headers["Authorization"]

    def responds(self):
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(requests.ConnectionError): return self.send("GET", "/livez").status_code == 200

    def send(self, method, path, **options):
        # A certificate from the environment would override one set on the session.
        return self.client.request(method, path, timeout=60, verify=self.certificate, **options)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def start_proxy():
    folder = Path(tempfile.mkdtemp(prefix="carrier-proxies."))
    folder.chmod(0o755)
    output(ROOT / "deploy/self-signed-certificate", folder)
    (folder / "both.pem").write_text("".join((folder / name).read_text() for name in ("fullchain.pem", "privkey.pem")))
    server = Server(folder, "--demo", "--public-url", PUBLIC, "--trusted-proxies", "127.0.0.1", "--log-level", "debug")
    with contextlib.ExitStack() as stack:

        @functools.cache
        def start(name):
            proxy = Proxy(name, server, folder)
            stack.callback(proxy.stop)
            until(proxy.responds)
            return proxy

        start.server = server
        yield start
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=PROXIES)
def proxy(request, start_proxy):
    if not program(request.param): pytest.skip(f"{request.param} is not installed")
    return start_proxy(request.param)


def test_links_and_locations_have_the_public_address(proxy):
    page = proxy.send("GET", NUMBERS + "?perPage=1&page=2")
    assert page.status_code == 200
    assert all(link["url"].startswith(f"{PUBLIC}{NUMBERS}?perPage=1&page=") for link in page.links.values())
    # The proxy does not forward the service's header.
    assert page.headers.get("Keep-Alive") != "timeout=65"
    created = proxy.send("POST", NUMBERS, json={**GOOD, "value": f"+55 84 91234-000{list(PROXIES).index(proxy.log.stem)}"})
    assert created.status_code == 201
    assert created.headers["Location"] == f"{PUBLIC}{NUMBERS}/{created.json()['id']}"


def test_a_list_of_many_ids_has_no_link_that_a_proxy_refuses(proxy):
    for count, has_link in [(10, True), (500, False)]:
        page = proxy.send("GET", NUMBERS + "?perPage=500&id=" + ",".join(str(300 + id) for id in range(count)))
        assert (page.status_code, len(page.json()), "Link" in page.headers) == (200, count, has_link)


def test_forged_addresses_are_ignored(proxy, start_proxy):
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    page = proxy.send("GET", NUMBERS + "?perPage=2", headers=forged)
    assert page.status_code == 200 and "evil.example" not in page.headers["Link"]
    refused = proxy.send("POST", "/api/v1/sessions", json={"username": "x", "password": "wrong-password"}, headers=forged)
    assert refused.status_code in (401, 429)
    assert "192.0.2.1" not in start_proxy.server.log.read_text()


def test_conditions_hold_for_compressed_responses(proxy):
    headers = {"Accept-Encoding": "gzip"}
    page = proxy.send("GET", NUMBERS + "?perPage=200", headers=headers)
    assert page.headers["Content-Encoding"] == "gzip" and len(page.json()) == 200
    again = proxy.send("GET", NUMBERS + "?perPage=200", headers={**headers, "If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    number = proxy.send("GET", NUMBERS + "/7", headers=headers)
    for status in (200, 412):
        changed = proxy.send("PATCH", NUMBERS + "/7", headers={"If-Match": number.headers["ETag"]}, json={
            "setupPrice": str(1 + float(number.json()["setupPrice"]))})
        assert changed.status_code == status


def test_a_refused_large_upload_gets_its_problem(proxy):
    for headers, status in [({"Authorization": ""}, 401), ({"Content-Type": "image/png"}, 415)]:
        refused = proxy.send(
            "POST", NUMBERS + "/import", data=b"x" * 20_000_000, headers={"Content-Type": "text/csv", **headers})
        assert (refused.status_code, refused.headers["Content-Type"]) == (status, "application/problem+json")


def test_files_are_exported_and_imported(proxy):
    file = proxy.send("GET", NUMBERS + "/export?format=csv").content
    imported = proxy.send(
        "POST", NUMBERS + "/import?mode=upsert&dryRun=true", data=iter([file]), headers={"Content-Type": "text/csv"})
    assert (imported.status_code, imported.json()["rows"]) == (200, file.count(b"\n") - 1)


def test_an_idle_connection_stays_open_as_promised(start_proxy):
    proxies = [start_proxy(name) for name in PROXIES if program(name)]
    with Wire(start_proxy.server) as wire:
        wire.send(request("GET", "/livez"))
        headers = wire.response().headers
        assert headers["connection"] == "keep-alive"
        for proxy in proxies: assert proxy.send("GET", NUMBERS + "/1").status_code == 200
        time.sleep(int(headers["keep-alive"].removeprefix("timeout=")))
        wire.send(request("GET", "/livez"))
        assert wire.response().status == 200
    # The service closes the connections of the proxies after 70 to 75 s.
    time.sleep(6)
    for proxy in proxies: assert proxy.send("POST", NUMBERS, json={}).status_code == 422
