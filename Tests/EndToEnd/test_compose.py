"""The compose files, and those that the documents show, as docker-compose reads them."""

import itertools
import re
import shutil
import subprocess

import pytest
import yaml
from program import ROOT

PRODUCTION = "docker-compose.prod.yml"
# What goes on top of it.
STANDBY, MONITORING = "deploy/docker-compose.ha.yml", "deploy/docker-compose.monitoring.yml"
COMBINED = [
    ["docker-compose.yml"], ["deploy/docker-compose.test.yml"], [PRODUCTION], [PRODUCTION, STANDBY],
    [PRODUCTION, MONITORING], [PRODUCTION, STANDBY, MONITORING]]
SHOWN = [text for document in sorted((ROOT / "docs").rglob("*.md"))
         for text in re.findall(r"^ *```yaml\n(.*?)^ *```", document.read_text(), re.MULTILINE | re.DOTALL)
         if 'version: "2.4"' in text]


def read(*files):
    """What docker-compose makes of files that lie on top of each other."""
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    run = subprocess.run(
        ["docker-compose", "--project-directory", ROOT, *(word for file in files for word in ("--file", file)), "config"],
        cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return yaml.safe_load(run.stdout)


@pytest.mark.parametrize("files", COMBINED, ids=" ".join)
def test_it_can_be_read(files):
    assert read(*files)["services"]


def test_all_that_there_are_were_read():
    there = [*ROOT.glob("docker-compose*.yml"), *ROOT.glob("deploy/docker-compose*.yml")]
    assert {str(file.relative_to(ROOT)) for file in there if not file.is_symlink()} == {*itertools.chain(*COMBINED)}


def test_old_paths_in_compose_file_work():
    old = [PRODUCTION, "docker-compose.ha.yml", "docker-compose.monitoring.yml"]
    assert read(*old) == read(PRODUCTION, STANDBY, MONITORING)


def test_what_the_documents_show_can_be_read(tmp_path):
    assert len(SHOWN) >= 2
    for number, text in enumerate(SHOWN):
        file = tmp_path / f"{number}.yml"
        # It may stand in a list.
        file.write_text(re.sub(rf"^{re.match(' *', text)[0]}", "", text, flags=re.MULTILINE))
        assert read(PRODUCTION, file)["services"]


def test_whoever_watches_is_reached_and_reaches_people():
    files = read(PRODUCTION, MONITORING)
    assert files["networks"]["inside"]["internal"]
    assert not (files["networks"]["monitoring"] or {}).get("internal")
    watching = files["services"]["prometheus"]
    assert set(watching["networks"]) == {"inside", "monitoring"}
    # A port of what is on an inner network alone is published in vain.
    for name, service in files["services"].items():
        inner = set(service["networks"]) == {"inside"}
        assert not (inner and service.get("ports")), name
    # A text, or in newer versions its parts.
    [port] = watching["ports"]
    assert "127.0.0.1" in str(port) and "9090" in str(port)
    # Where the alerts go.
    configuration = yaml.safe_load((ROOT / "docs/operations/prometheus.yml").read_text())
    [manager] = configuration["alerting"]["alertmanagers"]
    assert manager["static_configs"] == [{"targets": ["alertmanager:9093"]}]
    assert set(files["services"]["alertmanager"]["networks"]) == {"monitoring"}
