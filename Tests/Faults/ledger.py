"""Compares the writes that the server acknowledged with the inventory."""

import collections
import contextlib
import json
import random
import sqlite3
import threading

from attack import good, random_number
from program import NUMBERS
from wire import Wire, ask, request

WRITERS = 4


class Ledger:
    """The acknowledged writes.

    Each writer creates numbers, and repeatedly changes both prices of each to the same amount. If the prices of a number
    differ, a change was applied by half. If the price is neither the last acknowledged nor a later requested one, a write
    was lost.
    """

    def __init__(self, seed):
        self.chance = random.Random(seed)
        # By phone number, the last acknowledged price, and the prices requested since.
        self.acknowledged = {}
        self.asked = collections.defaultdict(set)
        self.count = 0
        self.statuses = collections.Counter()

    def write(self, server, authorization, is_done):
        """Writes until the server is gone or the test ends."""
        try:
            with Wire(server, timeout=20) as wire:
                while not is_done.is_set():
                    value, path = random_number(self.chance), NUMBERS
                    if value in self.asked: continue
                    for price in range(1, self.chance.randrange(2, 6)):
                        method, body = ("POST", good(value, str(price))) if path == NUMBERS else (
                            "PATCH", json.dumps({"monthyPrice": str(price), "setupPrice": str(price)}))
                        self.asked[value].add(price)
                        wire.send(request(method, path, authorization, body=body))
                        response = wire.response()
                        if response is None: return
                        self.statuses[response.status] += 1
                        if response.status not in (200, 201): break
                        path = f"{NUMBERS}/{json.loads(response.body)['id']}"
                        self.acknowledged[value], self.asked[value] = price, set()
                        self.count += 1
        except OSError:
            return

    def create(self, server, authorization):
        """Creates a number, and returns whether the server acknowledged it."""
        value = random_number(self.chance)
        self.asked[value].add(1)
        is_created = ask(server, "POST", NUMBERS, authorization, body=good(value, "1")).status == 201
        if is_created: self.acknowledged[value] = 1
        return is_created

    @contextlib.contextmanager
    def writers(self, server, authorization):
        """Writes on some connections until the block ends."""
        is_done = threading.Event()
        threads = [
            threading.Thread(target=self.write, args=(server, authorization, is_done)) for _ in range(WRITERS)]
        for thread in threads: thread.start()
        try:
            yield
        finally:
            is_done.set()
            for thread in threads: thread.join(timeout=40)
        assert not any(thread.is_alive() for thread in threads), "a response never came"

    def check(self, there):
        """Compares with the inventory: both prices of each number by its value."""
        halves = {value: prices for value, prices in there.items() if prices[0] != prices[1]}
        assert not halves, halves
        lost = {
            value: (price, there.get(value)) for value, price in self.acknowledged.items()
            if value not in there or there[value][0] not in self.asked[value] | {price}}
        assert not lost, f"{len(lost)} of {len(self.acknowledged)} numbers: {list(lost.items())[:5]}"
        assert set(there) <= set(self.asked), "a number nobody asked for"


def there_through(server, authorization):
    """All numbers and their prices, read through the API."""
    there, page = {}, 1
    with Wire(server) as wire:
        while True:
            wire.send(request("GET", f"{NUMBERS}?perPage=1000&page={page}", authorization))
            response = wire.response()
            assert response.status == 200, response
            numbers = json.loads(response.body)
            for number in numbers:
                digits = number["value"].translate({ord(" "): None, ord("-"): None})
                there[f"+55 84 {digits[5:]}"] = (float(number["monthyPrice"]), float(number["setupPrice"]))
            if len(numbers) < 1000:
                assert len(there) == int(response.headers["x-total-count"])
                return there
            page += 1


def there_in(file):
    """All numbers and their prices in an SQLite file, which must be intact."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {
            f"+55 84 {digits[4:]}": (monthy / 10_000, setup / 10_000)
            for digits, monthy, setup in database.execute(
                "SELECT digits, monthyPrice, setupPrice FROM number")}


# For both databases: the count of numbers that differ from their last history entry or have none, of deleted numbers
# whose last entry is no deletion, of changes without all their entries, and of entries without a change.
TRACELESS = """
    SELECT (SELECT count(*) FROM number AS n LEFT JOIN change_number AS t ON t.number = n.id
                AND t.change = (SELECT max(change) FROM change_number WHERE number = n.id)
            WHERE t.number IS NULL OR t.after_digits IS NULL OR t.version <> n.version OR t.after_digits <> n.digits
                OR t."after_monthyPrice" <> n."monthyPrice" OR t."after_setupPrice" <> n."setupPrice"
                OR t.after_currency <> n.currency)
        + (SELECT count(*) FROM change_number AS t WHERE after_digits IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM number WHERE id = t.number)
            AND t.change = (SELECT max(change) FROM change_number WHERE number = t.number))
        + (SELECT count(*) FROM change AS c WHERE count <> (SELECT count(*) FROM change_number WHERE change = c.id))
        + (SELECT count(*) FROM change_number AS t WHERE NOT EXISTS (SELECT 1 FROM change WHERE id = t.change))
    """


def check_traces_in(file):
    """Compares the numbers in an SQLite file with their history."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute(TRACELESS).fetchall() == [(0,)]
