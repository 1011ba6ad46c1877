"""The live API against its own description."""

import os
import pathlib
import subprocess
import sys

import requests
from openapi_spec_validator import validate


def test_is_openapi(server):
    validate(requests.get(server.address + "/api/v1/openapi.json").json())


def schemathesis(server, folder, *arguments):
    run = subprocess.run(
        [
            pathlib.Path(sys.executable).parent / "schemathesis", "run",
            server.address + "/api/v1/openapi.json",
            "--checks", "all",
            # Which numbers exist in which country, and who has which password, no schema can say:
            # some of what fits the schema is refused, with a documented answer.
            "--exclude-checks", "positive_data_acceptance",
            "--seed", "1", "--max-time", "60",
            "--continue-on-failure", "--no-color", *arguments,
        ],
        cwd=folder, capture_output=True, text=True, timeout=600,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "media_types", "PYTHONPATH": str(pathlib.Path(__file__).parent)})
    assert run.returncode == 0, run.stdout + run.stderr


def test_is_what_a_supervisor_meets(start, tmp_path):
    server = start("--demo")
    schemathesis(
        server, tmp_path, "--max-examples", "40", "--header", f"Authorization: {server.supervisor.headers['Authorization']}",
        # It would sign out for all that follow.
        "--exclude-operation-id", "deleteCurrentSession")


def test_is_what_a_guest_meets(start, tmp_path):
    server = start("--demo")
    # Signed in beforehand: afterwards so many wrong passwords came from here that it would have to wait.
    supervisor = server.supervisor
    schemathesis(server, tmp_path, "--max-examples", "15")
    assert supervisor.get(server.address + "/api/v1/numbers").headers["X-Total-Count"] == "800"
