"""Fixtures that start servers, and stop them after the test."""

import contextlib
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
    assert "status=500" not in log, re.search(r".*status=500.*", log)[0]


@pytest.fixture
def start(tmp_path):
    """Starts servers on one new database."""
    with contextlib.ExitStack() as stack:

        def start(*arguments, **environment):
            server = Server(tmp_path, *arguments, **environment)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(request):
    """The setting of the database, for each store."""
    return {"DATABASE_URL": request.getfixturevalue("cluster").url} if request.param == "PostgreSQL" else {}


@pytest.fixture
def cluster():
    with Cluster.running("new") as cluster: yield cluster


@pytest.fixture
def standby(cluster):
    with Cluster.running("standby", cluster.folder) as standby: yield standby


@pytest.fixture
def bouncer(cluster):
    with contextlib.ExitStack() as stack: yield lambda mode: stack.enter_context(contextlib.closing(Bouncer(cluster, mode)))
