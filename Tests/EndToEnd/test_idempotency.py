"""Requests and commands that are repeated with their idempotency key."""

import time

import pytest
from program import NUMBERS
from wire import ask

CHANGES = "/api/v1/changes"
RAISE = {"select": {"ids": [1]}, "set": {"monthyPrice": {"times": "1.1"}}}
DAY = 24 * 60 * 60 * 1000
TABLE = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4322,1,2,R$\n"


@pytest.fixture
def server(start, store):
    """A server with number 1."""
    server = start(**store)
    server.create()
    return server


def post(server, key, path=CHANGES, **body):
    return server.supervisor.post(path, json=body or RAISE, headers={"Idempotency-Key": key})


def price(server):
    return server.supervisor.get(NUMBERS + "/1").json()["monthyPrice"]


def fill(server, count, at):
    """Stores the supervisor's keys k1, k2 and so on, as if used at the time `at`."""
    rows = f"WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < {count})"
    server.sql(f"""INSERT INTO idempotency_key (username, "key", digest, at, status, body)
        {rows} SELECT 'supervisor', 'k' || i, 'none', {at}, 201, '{{}}' FROM i""")


def test_key_that_cannot_be_stored_leaves_no_change(server):
    server.sql("ALTER TABLE idempotency_key RENAME COLUMN etag TO gone")
    before = price(server)
    assert post(server, "key").status_code == 500
    assert price(server) == before
    server.sql("ALTER TABLE idempotency_key RENAME COLUMN gone TO etag")
    assert post(server, "key").status_code == 201


def test_too_many_keys_are_refused_and_replays_are_not(server):
    first = post(server, "first")
    at = int(time.time() * 1000)
    fill(server, 9_999, at - DAY + 60_000)
    before = price(server)
    refused = post(server, "one-more")
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-idempotency-keys")
    assert 30 < int(refused.headers["Retry-After"]) <= 60
    assert price(server) == before
    again = post(server, "first")
    assert (again.status_code, again.headers["Idempotency-Replayed"], again.text) == (201, "true", first.text)
    # Without a key there is no such bound.
    assert server.supervisor.post(CHANGES, json=RAISE).status_code == 201


def test_expired_keys_are_pruned_in_steps(server):
    fill(server, 250, int(time.time() * 1000) - DAY)
    rest = []
    # The second key, k250, is stored but has expired.
    for key in ("new", "k250", "newer", "newest"):
        response = post(server, key)
        assert (response.status_code, response.headers.get("Idempotency-Replayed")) == (201, None)
        rest.append(int(server.sql("SELECT count(*) FROM idempotency_key WHERE digest = 'none'")[0]))
    assert rest == [150, 49, 0, 0]


def test_two_keys_are_refused(server):
    keys = ("Idempotency-Key: one", "Idempotency-Key: two")
    response = ask(server, "POST", NUMBERS, server.authorization, *keys, body="{}")
    assert (response.status, response.problem["type"]) == (400, "/problems/malformed-header")


def test_command_is_done_once(server, tmp_path):
    (tmp_path / "numbers.csv").write_text(TABLE)
    done = " This was done before with the same key; nothing was done now.\n"
    for command in (("import", tmp_path / "numbers.csv"), ("undo", "1")):
        first, again = (server.carrier(*command, "--idempotency-key", "key-" + command[0]) for _ in range(2))
        assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
        assert again.stdout == first.stdout.removesuffix("\n") + done
    changes = server.supervisor.get(CHANGES).json()
    assert [change["kind"] for change in changes] == ["undo", "import", "create"]
    (tmp_path / "numbers.csv").write_text(TABLE.replace("4322", "4323"))
    import_ = ("import", tmp_path / "numbers.csv")
    for command in (import_, (*import_, "--mode", "upsert"), (*import_, "--format", "csv"), ("undo", "1")):
        other = server.carrier(*command, "--idempotency-key", "key-import")
        assert (other.returncode, other.stdout) == (1, "")
        assert "Nothing was done. The --idempotency-key was used for another command." in other.stderr
    assert server.carrier("undo", "1", "--idempotency-key", "a b").returncode == 64
