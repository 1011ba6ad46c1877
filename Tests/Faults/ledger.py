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


class Ledger:
    """The acknowledged writes.

    Each writer creates numbers, and repeatedly changes both prices of each to the same amount. If the prices of a number
    differ, a change was applied by half. If the price is neither the last acknowledged nor a later requested one, a write
    was lost.
    """

    def __init__(self, seed):
        self.chance = random.Random(seed)
        # For each phone number: the last acknowledged price, and the prices requested since.
        self.acknowledged, self.requested = {}, collections.defaultdict(set)
        self.count, self.statuses = 0, collections.Counter()

    def write(self, server, is_done):
        with contextlib.suppress(OSError), Wire(server) as wire:
            while not is_done.is_set():
                value, path = random_number(self.chance), NUMBERS
                if value in self.requested: continue
                for price in range(1, self.chance.randrange(2, 6)):
                    method, body = ("POST", good(value, str(price))) if path == NUMBERS else (
                        "PATCH", json.dumps({"monthyPrice": str(price), "setupPrice": str(price)}))
                    self.requested[value].add(price)
                    wire.send(request(method, path, server.authorization, body=body))
                    response = wire.response()
                    if response is None: return
                    self.statuses[response.status] += 1
                    if response.status not in (200, 201): break
                    path = f"{NUMBERS}/{json.loads(response.body)['id']}"
                    self.acknowledged[value], self.requested[value] = price, set()
                    self.count += 1

    def create(self, server):
        value = random_number(self.chance)
        self.requested[value].add(1)
        is_created = ask(server, "POST", NUMBERS, server.authorization, body=good(value, "1")).status == 201
        if is_created: self.acknowledged[value] = 1
        return is_created

    @contextlib.contextmanager
    def writers(self, server):
        is_done = threading.Event()
        # Signs in before the threads need the token.
        assert server.authorization
        threads = [threading.Thread(target=self.write, args=(server, is_done)) for _ in range(4)]
        for thread in threads: thread.start()
        try:
            yield
        finally:
            is_done.set()
            for thread in threads: thread.join(timeout=40)
        assert not any(thread.is_alive() for thread in threads), "a response never came"

    def check(self, numbers):
        """Compares with the inventory; `numbers` has both prices of each phone number."""
        halves = {value: prices for value, prices in numbers.items() if prices[0] != prices[1]}
        assert not halves, halves
        lost = {
            value: (price, numbers.get(value)) for value, price in self.acknowledged.items()
            if value not in numbers or numbers[value][0] not in self.requested[value] | {price}}
        assert not lost, f"{len(lost)} of {len(self.acknowledged)} numbers: {list(lost.items())[:5]}"
        assert set(numbers) <= set(self.requested), "a number that was never requested"


def numbers_of(server):
    """All numbers and their prices, read through the API."""
    numbers, url = {}, NUMBERS + "?perPage=1000"
    while url:
        page = server.supervisor.get(url)
        assert page.status_code == 200, page.text
        for number in page.json():
            digits = number["value"].translate({ord(" "): None, ord("-"): None})
            numbers[f"+55 84 {digits[5:]}"] = (float(number["monthyPrice"]), float(number["setupPrice"]))
        url = page.links.get("next", {}).get("url")
    assert len(numbers) == int(page.headers["X-Total-Count"])
    return numbers


def numbers_in(file):
    """All numbers and their prices in an SQLite file, which must be intact and agree with its history."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute(DISAGREEMENTS).fetchall() == [(0,)]
        rows = database.execute("SELECT digits, monthyPrice, setupPrice FROM number")
        return {f"+55 84 {digits[4:]}": (monthy / 10_000, setup / 10_000) for digits, monthy, setup in rows}


# Works on both databases. Counts numbers that differ from their last history entry or have none, deleted numbers whose last
# entry is no deletion, changes that lack entries, and entries without a change.
DISAGREEMENTS = """
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
