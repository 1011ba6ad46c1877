"""The program of an earlier version and today's on one PostgreSQL, as in a rollout.

CARRIER_BEFORE names the earlier program; `make faults BEFORE=REVISION` builds it.
"""

import json
import os
import pathlib
import time

import pytest
from attack import amount, report
from ledger import NUMBERS, Ledger, there_through
from program import GOOD
from wire import ask

BEFORE = os.environ.get("CARRIER_BEFORE")


@pytest.mark.skipif(not BEFORE, reason="CARRIER_BEFORE names no earlier program: make faults BEFORE=REVISION")
def test_two_versions_write_at_the_same_time(start, cluster):
    before = {"program": pathlib.Path(BEFORE), "DATABASE_URL": cluster.url}
    old = start(**before)
    authorization = old.authorization
    older, ledger, rounds = start(**before), Ledger(11), amount(2, 10)
    with ledger.writers(older, authorization):
        for _ in range(rounds):
            # Today's program migrates the tables while earlier ones write.
            new = start(DATABASE_URL=cluster.url)
            with ledger.writers(new, authorization), ledger.writers(old, authorization):
                time.sleep(amount(1, 5))
                # An earlier program crashes, and starts again on the migrated tables.
                old.kill()
                old = start(**before)
                with ledger.writers(old, authorization): time.sleep(amount(1, 5))
            assert new.stop() == 0
    new = start(DATABASE_URL=cluster.url)
    for server in (old, older, new):
        ledger.check(there_through(server, authorization))
    assert set(ledger.statuses) <= {200, 201}, ledger.statuses
    assert ledger.count > 50 * rounds, ledger.count
    turns(old, new, authorization)
    check = new.carrier("check")
    assert check.returncode == 0, check.stdout
    report("two versions at once", rounds, f"{ledger.count} acknowledged writes, none lost", "0 lost, no refusal")


def turns(old, new, authorization):
    """Both programs change one number in turn, and each sees the changes of the other."""
    created = ask(old, "POST", NUMBERS, authorization, body=json.dumps({**GOOD, "value": "+55 84 3222-1234"}))
    number = f"{NUMBERS}/{json.loads(created.body)['id']}"
    tag = created.headers["etag"]
    for price, server, other in ((1, new, old), (2, old, new), (3, new, old), (4, old, new)):
        changed = ask(server, "PATCH", number, authorization, f"If-Match: {tag}",
                      body=json.dumps({"setupPrice": str(price)}))
        assert changed.status == 200
        seen = ask(other, "GET", number, authorization)
        assert json.loads(seen.body) == json.loads(changed.body)
        assert ask(other, "PATCH", number, authorization, f"If-Match: {tag}", body="{}").status == 412
        tag = seen.headers["etag"]
    assert ask(new, "DELETE", number, authorization).status == 204
    assert ask(old, "GET", number, authorization).status == 404
