"""The metrics, read by Prometheus, promtool and the tests."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time

import pytest
import requests
from program import NUMBERS, ROOT, free_port, run, timed, until

OPERATIONS = ROOT / "docs/operations"
# The log line with the port of the metrics.
PORT = r"serving metrics port=(\d+)"

# Seconds until a change of readiness is reported: it is checked each second, takes up to half a second, and the text is
# rendered each second.
SOON = 4


def start_measured(start, **environment):
    """A server with demonstration numbers, and the port of its metrics."""
    server = start("--demo", "--metrics-port", "0", **environment)
    port = int(until(lambda: re.search(PORT, server.log.read_text()))[1])
    until(lambda: values(port).get("inventory_ready") == 1 and total(values(port), "inventory_numbers") == 800)
    return server, port


def scrape(port):
    response = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=60)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return response.text


def values(port):
    """The value of each series, by its name and labels."""
    return {name: float(value) for name, value in re.findall(r"^([^#\n].*) (\S+)$", scrape(port), re.MULTILINE)}


def total(found, name):
    return sum(value for series, value in found.items() if series.startswith(name))


@pytest.fixture
def measured(start):
    return start_measured(start)


def promtool(*arguments, **options):
    if not shutil.which("promtool"): pytest.skip("promtool is not installed")
    return run("promtool", *arguments, cwd=OPERATIONS, **options)


def test_all_described_metrics_are_exported(measured):
    server, port = measured
    server.create()
    text = until(lambda: "http_requests_total" in (text := scrape(port)) and text)
    check = promtool("check", "metrics", input=text)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
    code = (ROOT / "Sources/carrier/Metrics/MetricDescription+all.swift").read_text()
    described = set(re.findall(r'\.init\(\s*"([a-z_]+)"', code))
    assert set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE)) == described


def test_requests_are_counted_by_route_with_few_series(measured):
    server, port = measured
    for _ in range(5): assert server.supervisor.get(NUMBERS).status_code == 200
    assert server.supervisor.get(NUMBERS + "/1").status_code == 200
    server.try_sign_in(password="wrong-5-elephants")
    for path in range(50):
        server.get(f"/nothing/{path}")
        requests.request(("PURGE", "PROPFIND", "TRACE")[path % 3], server.address + "/livez")
    # The text is rendered once a second. There were 108 requests, including both sign-ins.
    found = until(lambda: total(found := values(port), "http_requests_total") >= 108 and found)
    assert total(found, "http_requests_total") == 108
    assert found[f'http_requests_total{{method="GET",route="{NUMBERS}",status="200"}}'] == 5
    assert found[f'http_request_duration_seconds_count{{method="GET",route="{NUMBERS}"}}'] == 5
    assert (found["kept_answers_hits_total"], found["kept_answers_misses_total"]) == (3, 1)
    assert found["kept_answers_bytes"] > 2000
    assert found[f'http_requests_total{{method="GET",route="{NUMBERS}/{{id}}",status="200"}}'] == 1
    assert found['http_requests_total{method="GET",route="none",status="404"}'] == 50
    # Unknown paths and methods add no series.
    assert found['http_requests_total{method="other",route="none",status="405"}'] == 50
    assert len([name for name in found if name.startswith("http_requests_total")]) == 6
    assert (found['sign_ins_total{outcome="right"}'], found['sign_ins_total{outcome="wrong"}']) == (1, 1)
    assert found["database_commits_total"] == found["database_requests_per_commit_count"] > 0
    assert found['database_failures_total{reason="busy"}'] == 0
    assert found["process_resident_memory_bytes"] > 10_000_000 and found["process_cpu_seconds_total"] > 0
    assert 0 < found["process_open_fds"] < found["process_max_fds"]
    assert abs(found["process_start_time_seconds"] - time.time()) < 120
    [(build, value)] = [series for series in found.items() if series[0].startswith("build_info")]
    assert re.fullmatch(r'build_info\{version="\d+\.\d+\.\d+",revision="[^"]+"\}', build) and value == 1


def test_numbers_and_sessions_of_the_inventory_are_reported(measured):
    server, port = measured
    server.sign_in()
    number = server.create(currency="BRL").headers["Location"]
    found = until(lambda: (found := values(port)).get('inventory_numbers{currency="BRL"}') == 1 and found)
    assert (total(found, "inventory_numbers"), found["sessions"], found["inventory_ready"]) == (801, 2, 1)
    assert server.supervisor.delete(number).status_code == 204
    until(lambda: "BRL" not in scrape(port))


def test_metrics_are_on_their_own_port_only(measured, start):
    server, port = measured
    assert (server.get("/metrics").status_code, server.supervisor.get("/metrics").status_code) == (404, 404)
    for path in ("/", "/livez", NUMBERS, "/metrics/x"):
        response = requests.get(f"http://127.0.0.1:{port}{path}")
        assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")
    assert requests.head(f"http://127.0.0.1:{port}/metrics").status_code == 200
    assert not re.search(PORT, start().log.read_text())
    second = server.carrier("serve", "--port", "0", "--metrics-port", str(port))
    assert second.returncode == 1
    assert f"Another program listens on 127.0.0.1, port {port} already. Choose another --metrics-port." in second.stderr


def test_slow_and_frequent_scrapes_delay_no_requests(measured):
    server, port = measured
    with contextlib.ExitStack() as held:
        for number in range(40):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + b"\r\n" * (number % 2))
        # These clients use all connections of the metrics port, but none of the API's.
        responses = [timed(server.supervisor.get, NUMBERS) for _ in range(20)]
        seconds = sorted(seconds for _, seconds in responses)
        assert all(response.ok for response, _ in responses) and seconds[-3] < 1 and seconds[-1] < 10, seconds
    before = values(port)["process_resident_memory_bytes"]
    reader = requests.Session()
    texts, seconds = timed(lambda: {reader.get(f"http://127.0.0.1:{port}/metrics").text for _ in range(500)})
    # The text is rendered once a second.
    assert len(texts) <= seconds + 2
    assert values(port)["process_resident_memory_bytes"] < before + 20e6


def test_scrapes_are_quick_while_the_database_is_away(start, cluster):
    _, port = start_measured(start, DATABASE_URL=cluster.url)
    cluster.do("kill")
    times = []

    def found():
        found, seconds = timed(values, port)
        times.append(seconds)
        return found

    until(lambda: found()["inventory_ready"] == 0, SOON)
    until(lambda: not any(name.startswith(("inventory_numbers", "sessions")) for name in found()), 40)
    for _ in range(20): assert found()["process_open_fds"] > 0
    # A busy machine makes some scrapes longer; an error of the program would make each take seconds.
    assert sorted(times)[len(times) * 9 // 10] < 1, times
    cluster.do("start")
    until(lambda: values(port).get("inventory_ready") == 1, SOON)
    until(lambda: total(values(port), "inventory_numbers") == 800)


@pytest.mark.parametrize("with_postmaster", [False, True])
def test_a_stalled_database_is_soon_reported(start, cluster, with_postmaster):
    server, port = start_measured(start, DATABASE_URL=cluster.url)
    client = server.supervisor
    with cluster.stalled(with_postmaster):
        until(lambda: values(port)["inventory_ready"] == 0, SOON)
        # Only the server's own checks have failed, which do not count.
        time.sleep(9)
        assert total(values(port), "database_failures") == 0
        if with_postmaster:
            assert values(port)["inventory_ready"] == 0
            assert client.get(NUMBERS + "?sort=-value").status_code == 503
            until(lambda: total(values(port), "database_failures") > 0)
    until(lambda: values(port)["inventory_ready"] == 1, 12)


class Prometheus:
    """Prometheus with the documented configuration, but seconds instead of minutes."""

    def __init__(self, folder, port):
        self.port = free_port()
        configuration = (OPERATIONS / "prometheus.yml").read_text()
        start = configuration.index("    dns_sd_configs:")
        configuration = configuration[:start] + f"    static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n"
        assert "15s" in configuration and "scrape_timeout: 5s" in configuration
        configuration = configuration.replace("15s", "1s").replace("scrape_timeout: 5s", "scrape_timeout: 1s")
        (folder / "prometheus.yml").write_text(configuration)
        (folder / "alerts.yml").write_text((OPERATIONS / "alerts.yml").read_text().replace("for: 1m", "for: 1s"))
        self.log = folder / "prometheus.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder / 'prometheus.yml'}",
                 f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{self.port}"],
                stdout=log, stderr=log)

    def ask(self, path, **parameters):
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            response = requests.get(f"http://127.0.0.1:{self.port}/api/v1/{path}", params=parameters, timeout=20)
            if response.status_code != 503:
                assert response.json()["status"] == "success", response.text
                return response.json()["data"]
        assert self.process.poll() is None, self.log.read_text()
        return None

    def value(self, expression):
        data = self.ask("query", query=expression)
        return data and [float(each["value"][1]) for each in data["result"]]

    def rules(self, state):
        """The names of the alerts in a state, once all rules have been evaluated."""
        data = self.ask("rules")
        rules = data and data["groups"][0]["rules"]
        if not rules or any(rule["health"] == "unknown" for rule in rules): return None
        assert {rule["health"] for rule in rules} == {"ok"}
        return [rule["name"] for rule in rules if rule["state"] == state]


@pytest.fixture
def prometheus(measured, tmp_path):
    if not shutil.which("prometheus"): pytest.skip("prometheus is not installed")
    prometheus = Prometheus(tmp_path, measured[1])
    yield prometheus
    prometheus.process.terminate()
    prometheus.process.wait(timeout=60)


def test_prometheus_evaluates_the_dashboard_and_the_alerts(measured, prometheus):
    server, _ = measured
    until(lambda: prometheus.value("sum(inventory_numbers)") == [800])
    for _ in range(20): server.supervisor.get(NUMBERS)
    until(lambda: prometheus.value(f'http_requests_total{{route="{NUMBERS}", status="200"}}') == [20])
    dashboard = json.loads((OPERATIONS / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(expressions) > 20
    for expression in expressions:
        expression = expression.replace("$__rate_interval", "1m").replace("$job", "carrier").replace("$instance", ".*")
        # A rate needs two scrapes. Without failures, their ratio has no value.
        assert 'status=~"5.."' in expression or until(lambda asked=expression: prometheus.value(asked)), expression
    assert until(lambda: (names := prometheus.rules("firing")) is not None and [names]) == [[]]
    server.stop()
    until(lambda: "CarrierDown" in (prometheus.rules("firing") or []))


def test_promtool_accepts_rules_and_configuration():
    for command in ["check rules alerts.yml", "test rules alerts-test.yml", "check config prometheus.yml"]:
        check = promtool(*command.split())
        assert check.returncode == 0, check.stdout + check.stderr
