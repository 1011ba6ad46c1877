"""Inventories that earlier versions wrote, used by today's program."""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import time

import pytest
from program import GOOD, NUMBERS, Client

FOLDER = pathlib.Path(__file__).parent / "inventories"
VERSIONS = sorted(file.stem for file in FOLDER.glob("*.json"))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_inventory_of_an_earlier_version_keeps_all_data(version, start, store, store_cluster, tmp_path):
    # Extends the stored session, which has expired since.
    extension = f'UPDATE session SET "expiresAt" = {int(time.time()) + 36000}'
    if store:
        store_cluster.psql(f"--file={FOLDER / version}.sql")
        store_cluster.sql(extension)
    else:
        file = shutil.copy(FOLDER / f"{version}.sqlite", tmp_path / "inventory.sqlite")
        with contextlib.closing(sqlite3.connect(file)) as database, database: database.execute(extension)
    server = start(**store)
    written = json.loads((FOLDER / f"{version}.json").read_text())["postgres" if store else "sqlite"]
    client = Client(server.address)
    client.headers["Authorization"] = f"Bearer {written['token']}"

    listed = client.get(NUMBERS + "?perPage=100")
    assert listed.json() == written["numbers"]
    assert listed.headers["X-Total-Count"] == str(len(written["numbers"]))
    for number, tag in zip(written["numbers"], written["tags"], strict=True):
        address = f"{NUMBERS}/{number['id']}"
        one = client.get(address)
        assert (one.json(), one.headers["ETag"]) == (number, tag)
        found = client.get(NUMBERS, params={"q": number["value"]})
        assert found.json() == [number]
        # The tags of the earlier version still match.
        before = int(client.get(address + "/changes").headers["X-Total-Count"])
        changed = client.patch(address, json={"setupPrice": "42"}, headers={"If-Match": tag})
        assert changed.json() == {**number, "setupPrice": "42.00"}
        assert client.get(address + "/changes").headers["X-Total-Count"] == str(before + 1)
        client.post(f"/api/v1/changes/{changed.headers['Change-Id']}/undo")
        assert client.get(address).json() == number
    # Ids of deleted numbers are not used again.
    created = client.post(NUMBERS, json={**GOOD, "value": "+55 84 3222-1234"})
    assert created.json()["id"] > written["lastID"]
    assert client.delete(f"{NUMBERS}/{created.json()['id']}").status_code == 204

    users = client.get("/api/v1/users").json()
    assert sorted(user["username"] for user in users) == written["users"]
    for name in written["users"]: server.sign_in(name)
    assert server.sign_in("ana").post(NUMBERS, json=GOOD).status_code == 403

    # The server works without the indexes that only older versions need.
    orders = [f"{NUMBERS}?perPage=10&page={page}&sort={sort}{currency}" for page in (1, 3) for sort in (
        "-monthyPrice", "monthyPrice", "-setupPrice", "-currency", "value") for currency in ("", "&currency=EUR")]
    sorted_before = [client.get(order).json() for order in orders]
    assert "run carrier migrate --finish" in server.log.read_text()
    assert "Done: one index for both directions." in server.carrier("migrate", "--finish").stdout
    assert [client.get(order).json() for order in orders] == sorted_before
    assert client.patch(f"{NUMBERS}/1", json={"monthyPrice": "1"}).ok
    check = server.carrier("check")
    assert check.returncode == 0, check.stdout
