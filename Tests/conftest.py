"""Fixtures that start servers, which end with the test."""

import re

import pytest
from program import Bouncer, Cluster, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), "--demo")
    yield server
    assert server.stop() == 0
    log = server.log.read_text()
    assert "Fatal error" not in log
    # No request of any test caused an internal error.
    assert "status=500" not in log, re.search(r".*status=500.*", log)[0]


@pytest.fixture
def start(tmp_path):
    """Starts servers on one new database."""
    servers = []

    def start(*arguments, **environment):
        servers.append(Server(tmp_path, *arguments, **environment))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def cluster():
    with Cluster.running("new") as cluster:
        yield cluster


@pytest.fixture
def standby(cluster):
    with Cluster.running("standby", cluster.folder) as standby:
        yield standby


@pytest.fixture
def bouncer(cluster):
    """Starts PgBouncer before the cluster."""
    bouncers = []

    def start(mode):
        bouncers.append(Bouncer(cluster, mode))
        return bouncers[-1]

    yield start
    for each in bouncers:
        each.stop()
