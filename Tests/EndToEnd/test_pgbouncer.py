"""The program behind PgBouncer, and addresses of databases that are mistyped."""

import concurrent.futures
import subprocess

import pytest
import requests
from program import GOOD, PROGRAM


def test_a_password_that_is_not_encoded_is_not_printed(tmp_path):
    for password in ("half%secret", "half%zzsecret", "half@secret", "half/secret"):
        run = subprocess.run(
            [PROGRAM, "serve", "--database-url", f"postgres://ana:{password}@127.0.0.1:1/inventory"],
            capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert run.returncode == 64
        assert "percent-encoding" in run.stderr
        assert "half" not in run.stderr + run.stdout and "secret" not in run.stderr + run.stdout


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_behind_pgbouncer(start, cluster, bouncer, mode):
    proxy = bouncer(mode)
    # The settings that docs/production.md asks for.
    cluster.sql("ALTER ROLE postgres SET statement_timeout = '5s'; ALTER ROLE postgres SET lock_timeout = '3s'")
    servers = [start("--demo", DATABASE_URL=proxy.url) for _ in range(3)]
    headers = dict(servers[0].supervisor.headers)

    def visit(visit):
        numbers = servers[visit % 3].address + "/api/v1/numbers"
        statuses = []
        with requests.Session() as client:
            client.headers.update(headers)
            body = {**GOOD, "value": f"+55 84 98{visit // 10000:03}-{visit % 10000:04}"}
            created = client.post(numbers, json=body)
            statuses.append(created.status_code)
            path = f"{numbers}/{created.json().get('id')}"
            for sort in ("id", "-value", "setupPrice", "currency,-id"):
                statuses.append(client.get(f"{numbers}?sort={sort}&q=98").status_code)
            changed = client.patch(path, json={"setupPrice": "7"})
            statuses.append(changed.status_code)
            statuses.append(client.get(path).status_code)
            statuses.append(client.delete(path).status_code)
        return statuses

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(visit, range(150)))
    assert {tuple(answer) for answer in answers} == {(201, 200, 200, 200, 200, 200, 200, 204)}
    page = requests.get(servers[1].address + "/api/v1/numbers", headers=headers)
    assert page.headers["X-Total-Count"] == "800"
    copy = servers[0].carrier_copy(proxy.url, f"sqlite:{servers[0].folder / 'copy.sqlite'}")
    # Each visit created, changed and deleted a number.
    assert copy.stdout == "Copied 800 numbers, 1 users and 450 changes.\n", copy.stderr
