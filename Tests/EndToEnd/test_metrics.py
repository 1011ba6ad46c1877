"""What the program tells Prometheus: by the real one, and by promtool."""

import contextlib
import http.server
import json
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest
import requests
from program import GOOD, ROOT, free_port, until

OPERATIONS = ROOT / "docs/operations"
NUMBERS = "/api/v1/numbers"

# Seconds until it is told whether the inventory is ready: asked each second, with an answer in half a second more, in a
# text that is made each second; on a machine that does something else besides.
SOON = 4

needs_prometheus = pytest.mark.skipif(
    not shutil.which("prometheus"), reason="prometheus is not installed")


def port_of(server):
    """Where a server that was started with --metrics-port 0 tells its metrics."""
    return int(until(lambda: re.search(r"serving metrics port=(\d+)", server.log.read_text()))[1])


def scrape(port):
    answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


def values(text):
    """Of each series: what it is called, with its labels."""
    return {name: float(value) for name, value in re.findall(r"^([^#\n].*) (\S+)$", text, re.MULTILINE)}


@pytest.fixture
def told(start):
    server = start("--demo", "--metrics-port", "0")
    return server, port_of(server)


def promtool(*arguments, input=None, folder=OPERATIONS):
    if not shutil.which("promtool"):
        pytest.skip("promtool is not installed")
    return subprocess.run(
        ["promtool", *arguments], input=input, capture_output=True, text=True, timeout=60, cwd=folder)


def described():
    """The names of the metrics that there are."""
    code = (ROOT / "Sources/carrier/Metrics/MetricDescription+all.swift").read_text()
    return set(re.findall(r'\.init\(\s*"([a-z_]+)"', code))


def test_promtool_finds_nothing_wrong(told):
    server, port = told
    assert server.supervisor.post(server.address + NUMBERS, json=GOOD).status_code == 201
    until(lambda: "inventory_numbers" in scrape(port))
    text = scrape(port)
    run = promtool("check", "metrics", input=text)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    # All that there are, those of the document, and no others.
    assert set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE)) == described()
    table = (OPERATIONS / "README.md").read_text().partition("| metric |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert {name for cell in cells for name in re.findall("`([a-z_]+)`", cell)} == described()
    # Whoever makes a metric that is not described counts for nobody.
    labels = {name for file in (ROOT / "Sources").rglob("*.swift") if "PrometheusMetrics" not in str(file)
              for name in re.findall(r'label: ?"([a-z_]+)"', file.read_text())}
    assert labels - {"carrier"} == described()


def count_of_requests(text):
    return sum(value for name, value in values(text).items() if name.startswith("http_requests_total"))


def test_counts_what_happens(told):
    server, port = told
    page = f'{{method="GET",route="{NUMBERS}",status="200"}}'
    for _ in range(5):
        assert server.supervisor.get(server.address + NUMBERS).status_code == 200
    assert server.supervisor.get(server.address + NUMBERS + "/1").status_code == 200
    requests.post(server.address + "/api/v1/sessions", json={"username": "supervisor", "password": "wrong-5-elephants"})
    for path in range(50):
        requests.get(f"{server.address}/nothing/{path}")
        requests.request(("PURGE", "PROPFIND", "TRACE")[path % 3], server.address + "/livez")
    # A text is made once a second, and a request counts a moment after its answer: there were 108 with both sign-ins.
    text = until(lambda: count_of_requests(told := scrape(port)) >= 108 and told)
    assert count_of_requests(text) == 108
    found = values(text)
    assert found[f"http_requests_total{page}"] == 5
    assert found[f'http_request_duration_seconds_count{{method="GET",route="{NUMBERS}"}}'] == 5
    assert (found["kept_answers_hits_total"], found["kept_answers_misses_total"]) == (3, 1)
    assert found["kept_answers_bytes"] > 2000
    assert found[f'http_requests_total{{method="GET",route="{NUMBERS}/{{id}}",status="200"}}'] == 1
    assert found['http_requests_total{method="GET",route="none",status="404"}'] == 50
    # Whatever is asked for, and by whatever method, there are no more series.
    assert found['http_requests_total{method="other",route="none",status="405"}'] == 50
    assert len(re.findall("^http_requests_total", text, re.MULTILINE)) == 6
    assert (found['sign_ins_total{outcome="right"}'], found['sign_ins_total{outcome="wrong"}']) == (1, 1)
    assert found["database_commits_total"] == found["database_requests_per_commit_count"] > 0
    assert found['database_failures_total{reason="busy"}'] == 0
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert 0 < found["process_open_fds"] < found["process_max_fds"]
    assert found["process_cpu_seconds_total"] > 0
    assert abs(found["process_start_time_seconds"] - time.time()) < 120
    assert re.search(r'^build_info\{version="\d+\.\d+\.\d+",revision="[^"]+"\} 1$', text, re.MULTILINE)


def test_tells_what_the_inventory_holds(told):
    server, port = told
    server.sign_in()
    assert server.supervisor.post(server.address + NUMBERS, json={**GOOD, "currency": "BRL"}).status_code == 201

    def found():
        found = values(scrape(port))
        return found.get('inventory_numbers{currency="BRL"}') == 1 and found
    found = until(found)
    assert sum(value for name, value in found.items() if name.startswith("inventory_numbers")) == 801
    assert (found["sessions"], found["inventory_ready"]) == (2, 1)
    # A currency that nothing is priced in any more is told of no more.
    number = server.supervisor.get(server.address + NUMBERS, params={"currency": "BRL"}).json()[0]["id"]
    assert server.supervisor.delete(f"{server.address}{NUMBERS}/{number}").status_code == 204
    until(lambda: "BRL" not in scrape(port))


def test_each_listener_answers_its_own_alone(told, start):
    server, port = told
    assert requests.get(server.address + "/metrics").status_code == 404
    assert server.supervisor.get(server.address + "/metrics").status_code == 404
    for path in ("/", "/livez", NUMBERS, "/metrics/x"):
        answer = requests.get(f"http://127.0.0.1:{port}{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert requests.head(f"http://127.0.0.1:{port}/metrics").status_code == 200
    assert "serving metrics" not in start().log.read_text()


def test_a_port_that_is_taken_is_named(told):
    server, port = told
    run = server.carrier("serve", "--port", "0", "--metrics-port", str(port))
    assert run.returncode == 1
    assert f"Another program listens on 127.0.0.1, port {port} already. Choose another --metrics-port." in run.stderr


def test_who_reads_slowly_or_without_end_harms_nobody(told):
    server, port = told
    reader = server.supervisor
    with contextlib.ExitStack() as held:
        for _ in range(40):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + b"\r\n" * (_ % 2))
        # Those who hold all connections keep the next reader waiting, and nobody else.
        seconds = []
        for _ in range(20):
            begin = time.monotonic()
            assert reader.get(server.address + NUMBERS).status_code == 200
            seconds.append(time.monotonic() - begin)
        # One of them may have met with something else that the machine does.
        assert sorted(seconds)[-3] < 1 and max(seconds) < 10, seconds
    before = values(until(lambda: scrape(port)))
    begin = time.monotonic()
    reader = requests.Session()
    texts = {reader.get(f"http://127.0.0.1:{port}/metrics").text for _ in range(500)}
    # A text is made once a second.
    assert len(texts) <= time.monotonic() - begin + 2
    assert values(scrape(port))["process_resident_memory_bytes"] < before["process_resident_memory_bytes"] + 20e6


def test_a_database_that_is_away_does_not_hold_up_a_scrape(start, cluster):
    server = start("--demo", "--metrics-port", "0", DATABASE_URL=cluster.url)
    port = port_of(server)
    until(lambda: values(scrape(port)).get("inventory_ready") == 1)
    until(lambda: numbers(port) == 800)
    cluster.do("kill")

    seconds = []

    def found():
        begin = time.monotonic()
        found = values(scrape(port))
        seconds.append(time.monotonic() - begin)
        return found
    until(lambda: found()["inventory_ready"] == 0, SOON)
    until(lambda: not any(name.startswith(("inventory_numbers", "sessions")) for name in found()), 40)
    for _ in range(20): assert found()["process_open_fds"] > 0
    # A machine that is busy makes it longer now and then, not most of the times; it would be seconds each time.
    assert sorted(seconds)[len(seconds) * 9 // 10] < 1, seconds
    cluster.do("start")
    until(lambda: values(scrape(port)).get("inventory_ready") == 1, SOON)
    until(lambda: numbers(port) == 800)


def numbers(port):
    """How many numbers it tells of."""
    return sum(value for name, value in values(scrape(port)).items() if name.startswith("inventory_numbers"))


def failures(port):
    return {name: value for name, value in values(scrape(port)).items() if name.startswith("database_failures")}


@pytest.mark.parametrize("with_postmaster", [False, True])
def test_a_database_that_falls_silent_is_soon_told(start, cluster, with_postmaster):
    server = start("--demo", "--metrics-port", "0", DATABASE_URL=cluster.url)
    port = port_of(server)
    client = server.supervisor
    until(lambda: numbers(port) == 800)
    assert values(scrape(port))["inventory_ready"] == 1
    with cluster.stalled(with_postmaster):
        until(lambda: values(scrape(port))["inventory_ready"] == 0, SOON)
        # As long as what it asks by itself waits: nobody's request has failed.
        time.sleep(9)
        assert set(failures(port).values()) == {0}
        if with_postmaster:
            assert values(scrape(port))["inventory_ready"] == 0
            assert client.get(server.address + NUMBERS + "?sort=-value").status_code == 503
            until(lambda: sum(failures(port).values()) > 0)
    until(lambda: values(scrape(port))["inventory_ready"] == 1, 12)


class Alertmanager:
    """Takes alerts, as the real one does."""

    def __init__(self):
        alerts = self.alerts = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                for alert in json.loads(self.rfile.read(int(self.headers["Content-Length"]))):
                    alerts[alert["labels"]["alertname"]] = alert
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_): pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Prometheus:
    """The real one, which reads a server once a second, and waits a second where it would wait a minute."""

    def __init__(self, folder, port, alertmanager):
        self.port = free_port()
        configuration = (OPERATIONS / "prometheus.yml").read_text()
        start = configuration.index("    dns_sd_configs:")
        configuration = configuration[:start] + f"    static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n"
        for old, new in [("15s", "1s"), ("scrape_timeout: 5s", "scrape_timeout: 1s"),
                         ("alertmanager:9093", f"127.0.0.1:{alertmanager.server.server_port}")]:
            assert old in configuration
            configuration = configuration.replace(old, new)
        (folder / "prometheus.yml").write_text(configuration)
        alerts = (OPERATIONS / "alerts.yml").read_text()
        (folder / "alerts.yml").write_text(alerts.replace("for: 1m", "for: 1s"))
        self.log = folder / "prometheus.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder / 'prometheus.yml'}",
                 f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{self.port}"],
                stdout=log, stderr=log)

    def ask(self, path, **parameters):
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            answer = requests.get(f"http://127.0.0.1:{self.port}/api/v1/{path}", params=parameters, timeout=20)
            if answer.status_code != 503:
                assert answer.json()["status"] == "success", answer.text
                return answer.json()["data"]
        assert self.process.poll() is None, self.log.read_text()
        return None

    def value(self, expression):
        data = self.ask("query", query=expression)
        return data and [float(each["value"][1]) for each in data["result"]]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture
def alertmanager():
    alertmanager = Alertmanager()
    yield alertmanager
    alertmanager.server.shutdown()


@pytest.fixture
def prometheus(told, tmp_path, alertmanager):
    prometheus = Prometheus(tmp_path, told[1], alertmanager)
    yield prometheus
    prometheus.stop()


@needs_prometheus
def test_the_real_prometheus_reads_it(told, prometheus):
    server, _ = told
    until(lambda: prometheus.value('up{job="carrier"}') == [1])
    until(lambda: prometheus.value("sum(inventory_numbers)") == [800])
    for _ in range(20): server.supervisor.get(server.address + NUMBERS)
    until(lambda: prometheus.value(f'http_requests_total{{route="{NUMBERS}", status="200"}}') == [20])
    # What is asked by the dashboard and the alerts can be asked, and is of metrics that there are.
    dashboard = json.loads((OPERATIONS / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(expressions) > 20
    for expression in expressions:
        expression = expression.replace("$__rate_interval", "1m").replace("$job", "carrier").replace("$instance", ".*")
        # A rate has to have been read twice. Nothing has failed, so that there is nothing to divide.
        assert 'status=~"5.."' in expression or until(
            lambda asked=expression: prometheus.value(asked)), expression

    def group():
        """The rules, once all of them have been tried."""
        told = prometheus.ask("rules")
        return told and all(rule["health"] != "unknown" for rule in told["groups"][0]["rules"]) and told["groups"]
    [group] = until(group)
    assert {rule["health"] for rule in group["rules"]} == {"ok"}
    assert [rule["name"] for rule in group["rules"] if rule["state"] == "firing"] == []


@needs_prometheus
def test_an_alert_reaches_whoever_tells_people(told, prometheus, alertmanager):
    until(lambda: prometheus.value('up{job="carrier"}') == [1])
    told[0].stop()
    alert = until(lambda: alertmanager.alerts.get("CarrierDown"))
    assert alert["labels"]["severity"] == "critical"
    assert alert["annotations"]["action"].startswith("See whether the replica runs")


def test_alert_rules_are_right():
    for arguments in [("check", "rules", "alerts.yml"), ("test", "rules", "alerts-test.yml"),
                      ("check", "config", "prometheus.yml")]:
        run = promtool(*arguments)
        assert run.returncode == 0, run.stdout + run.stderr


def test_each_alert_says_what_to_do_and_is_tried():
    rules, tests, document = (
        (OPERATIONS / name).read_text() for name in ("alerts.yml", "alerts-test.yml", "README.md"))
    alerts = re.findall(r"- alert: (\w+)", rules)
    assert len(alerts) > 10
    assert rules.count("summary: ") == rules.count("action: ") == len(alerts)
    for alert in alerts:
        assert f"| `{alert}` |" in document
        assert re.search(rf"\b{alert}\b", tests), alert
    # Rules and panels ask for what is told.
    of_backups = {
        f"carrier_backup_{name}"
        for name in re.findall(r"^ +metric (\w+) ", (ROOT / "docker/backup").read_text(), re.MULTILINE)}
    asked = rules + (OPERATIONS / "dashboard.json").read_text()
    for name in re.findall(r"([a-z_]+)(?:_bucket|_sum)?\{", asked.replace("\n", "")):
        assert re.sub("_(bucket|sum)$", "", name) in described() | of_backups | {"up"}, name


def test_the_prometheus_of_the_documents_fits_the_program():
    configuration = (OPERATIONS / "prometheus.yml").read_text()
    assert "port: 9464" in configuration
    assert "--metrics-port 9464" in (OPERATIONS / "README.md").read_text()
