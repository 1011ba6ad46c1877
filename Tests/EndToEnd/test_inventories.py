"""Inventories that earlier versions have written, which today's program takes over."""

import json
import pathlib
import shutil
import sqlite3
import subprocess
import time

import pytest
from program import GOOD

FOLDER = pathlib.Path(__file__).parent / "inventories"
VERSIONS = sorted(file.stem for file in FOLDER.glob("*.json"))
NUMBERS = "/api/v1/numbers"
# The session that was begun then would have ended twelve hours later.
def revival(): return f"UPDATE session SET \"expiresAt\" = {int(time.time()) + 36000}"


def of_sqlite(version, tmp_path, _):
    file = tmp_path / "inventory.sqlite"
    shutil.copy(FOLDER / f"{version}.sqlite", file)
    with sqlite3.connect(file) as database: database.execute(revival())
    database.close()
    return f"sqlite:{file}"


def of_postgres(version, _, request):
    cluster = request.getfixturevalue("cluster")
    subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={FOLDER / version}.sql", cluster.url],
        check=True, stdout=subprocess.DEVNULL)
    cluster.sql(revival())
    return cluster.url


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("place", [of_sqlite, of_postgres])
def test_an_inventory_of_an_earlier_version(version, place, start, tmp_path, request):
    url = place(version, tmp_path, request)
    written = json.loads((FOLDER / f"{version}.json").read_text())[url.split(":")[0]]
    server = start(DATABASE_URL=url)
    numbers = server.address + NUMBERS
    client = server.sign_in("bob")
    client.headers["Authorization"] = f"Bearer {written['token']}"

    listed = client.get(numbers + "?perPage=100")
    assert listed.json() == written["numbers"]
    assert listed.headers["X-Total-Count"] == str(len(written["numbers"]))
    for number, tag in zip(written["numbers"], written["tags"], strict=True):
        address = f"{numbers}/{number['id']}"
        one = client.get(address)
        assert (one.json(), one.headers["ETag"]) == (number, tag)
        found = client.get(numbers, params={"q": number["value"]})
        assert found.json() == [number]
        # What the client saw then is still what it changes.
        changed = client.patch(address, json={"setupPrice": "42"}, headers={"If-Match": tag})
        assert changed.status_code == 200, changed.text
        assert changed.json() == {**number, "setupPrice": "42.00"}
        assert client.get(address + "/changes").headers["X-Total-Count"] == "1"
    undone = client.post(f"{server.address}/api/v1/changes/1/undo")
    assert undone.status_code == 201, undone.text
    assert client.get(f"{numbers}/{written['numbers'][0]['id']}").json() == written["numbers"][0]
    # An id that was deleted before goes to nobody.
    created = client.post(numbers, json={**GOOD, "value": "+55 84 3222-1234"})
    assert created.json()["id"] > written["lastID"]
    assert client.delete(f"{numbers}/{created.json()['id']}").status_code == 204

    users = client.get(server.address + "/api/v1/users").json()
    assert sorted(user["username"] for user in users) == written["users"]
    for name in written["users"]: server.sign_in(name)
    assert server.sign_in("ana").post(numbers, json=GOOD).status_code == 403
    check = server.carrier("check")
    assert check.returncode == 0, check.stdout
