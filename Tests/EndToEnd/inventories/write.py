"""Writes the fixtures of test_inventories.py with the program of a version.

    PYTHONPATH=Tests python Tests/EndToEnd/inventories/write.py PROGRAM VERSION

It writes three files: an SQLite database, a dump of PostgreSQL, and the content of both as JSON.
"""

import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

from program import NUMBERS, PASSWORD, Cluster, Server

FOLDER = pathlib.Path(__file__).parent
# Numbers of several countries, and prices at their bounds.
CONTENTS = [
    {"value": f"+55 {area} 9{1000 + index}-{4321 + 7 * index}", "monthyPrice": f"0.{index + 1:02}",
     "setupPrice": f"{3 * index}.40", "currency": ("U$", "R$", "EUR", "US$")[index % 4]}
    for index, area in enumerate([11, 21, 31, 41, 51, 61, 71, 81, 84, 85] * 2)
] + [
    {"value": value, "monthyPrice": price, "setupPrice": "0", "currency": currency}
    for value, price, currency in (
        ("+1 212 555 0123", "999999999.9999", "USD"), ("+44 20 7946 0123", "0.0001", "GBP"),
        ("+49 30 901820", "0", "€"), ("+41 44 668 18 00", "12.3", "CHF"), ("+81 3 5253 2111", "100", "¥"),
        ("+33 1 42 34 56 78", "0.05", "EUR"), ("+351 21 342 1234", "0.04", "EUR"), ("+54 11 4321 1234", "7", "ARS"),
        ("+56 2 2345 6789", "8.5", "CLP"), ("+598 2 123 4567", "0.3", "UYU"))
]


def write(program, database, folder):
    """Writes the inventory, and returns its content."""
    server = Server(folder, program=program, DATABASE_URL=database)
    for name, role in (("ana", "salesperson"), ("bob", "supervisor")):
        subprocess.run(
            [program, "user", "add", name, "--role", role, "--database-url", database], input=PASSWORD + "\n",
            text=True, check=True, capture_output=True)
    client = server.sign_in()
    numbers = []
    for content in CONTENTS:
        response = client.post(NUMBERS, json=content)
        assert response.status_code == 201, response.text
        numbers.append(response.json())
    # Change some, and delete some, among them the last one, whose id must not be used again.
    for number in numbers[3:9]:
        for price in ("1", "2.5"):
            response = client.patch(f"{NUMBERS}/{number['id']}", json={"setupPrice": price})
            assert response.status_code == 200, response.text
    for number in (numbers[5], numbers[-1]):
        assert client.delete(f"{NUMBERS}/{number['id']}").status_code == 204
    left = client.get(f"{NUMBERS}?perPage=100").json()
    tags = [client.get(f"{NUMBERS}/{number['id']}").headers["ETag"] for number in left]
    assert server.stop() == 0
    return {
        "numbers": left, "tags": tags, "lastID": numbers[-1]["id"], "users": ["ana", "bob", "supervisor"],
        "token": client.headers["Authorization"].removeprefix("Bearer ")}


def main(program, version):
    written = {}
    with tempfile.TemporaryDirectory() as folder, Cluster.running("new") as cluster:
        folder = pathlib.Path(folder)
        for database in (f"sqlite:{folder}/inventory.sqlite", cluster.url):
            written[database.split(":")[0]] = write(program, database, folder)
        # Move the write-ahead log into the file.
        database = sqlite3.connect(folder / "inventory.sqlite")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        (FOLDER / f"{version}.sqlite").write_bytes((folder / "inventory.sqlite").read_bytes())
        dump = subprocess.run(
            ["pg_dump", "--no-owner", "--no-privileges", cluster.url], check=True, stdout=subprocess.PIPE, text=True).stdout
        # Older versions of psql do not know these commands.
        dump = re.sub(r"^\\(un)?restrict .*\n", "", dump, flags=re.MULTILINE)
        (FOLDER / f"{version}.sql").write_text(dump)
    (FOLDER / f"{version}.json").write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
