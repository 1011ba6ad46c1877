"""Reads never return older data than a write acknowledged before, from any process and with cached responses."""

import random
import threading
import time

import requests
from program import NUMBERS

SECONDS = 4
# A busy machine may need longer for enough requests.
MOST_SECONDS = 60
USERS = "/api/v1/users"


class Price:
    """The price of a number, which one thread increments."""

    def __init__(self, client, addresses, id):
        self.path = f"{NUMBERS}/{id}"
        self.client, self.addresses = client, addresses
        self.acknowledged = 0
        assert client.patch(addresses[0] + self.path, json={"monthyPrice": "0.00"}).ok

    def write(self):
        price = {"monthyPrice": f"{self.acknowledged + 1}.00"}
        response = self.client.patch(random.choice(self.addresses) + self.path, json=price)
        assert response.status_code == 200, response.text
        self.acknowledged += 1


def test_a_read_after_a_write_returns_it(start, store):
    servers = [start("--demo", **store) for _ in range(3)]
    addresses = [server.address for server in servers]
    errors, reads, unchanged = [], [0], [0]

    def client():
        client = requests.Session()
        client.headers.update(servers[0].supervisor.headers)
        return client

    prices = [Price(client(), addresses, id) for id in range(1, 4)]
    began = time.monotonic()

    def is_enough():
        return reads[0] > 200 and unchanged[0] > 10 and all(price.acknowledged > 20 for price in prices)

    def continues():
        took = time.monotonic() - began
        return not errors and (took < SECONDS or took < MOST_SECONDS and not is_enough())

    def write(price):
        while continues():
            price.write()
            # Pauses let responses be cached.
            time.sleep(random.choice([0, 0.001, 0.02]))

    def read(client):
        # The last tag and body of each path.
        known = {}
        while continues():
            price = random.choice(prices)
            address = random.choice(addresses)
            path = random.choice([price.path, NUMBERS + "?perPage=5"])
            least = price.acknowledged
            tag, body = known.get(path, ('"none"', None))
            response = client.get(address + path, headers={"If-None-Match": tag})
            reads[0] += 1
            if response.status_code == 304: unchanged[0] += 1
            else: body = response.json()
            known[path], number = (response.headers["ETag"], body), body
            if isinstance(body, list): number = next(each for each in body if price.path.endswith(f"/{each['id']}"))
            if float(number["monthyPrice"]) < least:
                errors.append(f"{least}.00 was written to {price.path}, {number} was read from {address}{path}")

    def guarded(task, argument):
        try:
            task(argument)
        except Exception as error:
            errors.append(repr(error))

    threads = [threading.Thread(target=guarded, args=(write, price)) for price in prices]
    threads += [threading.Thread(target=guarded, args=(read, client())) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not errors, errors[0]
    assert is_enough(), (reads, unchanged, [price.acknowledged for price in prices])


def test_ended_sessions_roles_and_passwords_take_effect_on_all_servers_at_once(start, store):
    servers = [start("--demo", **store) for _ in range(3)]
    for server in servers:
        client = server.sign_in()
        assert {client.get(other.address + NUMBERS + "/1").status_code for other in servers} == {200}
        assert client.delete("/api/v1/sessions/current").status_code == 204
        assert {client.get(other.address + NUMBERS + "/1").status_code for other in servers} == {401}
    supervisor, password = servers[0].supervisor, "quiet-41-forests"
    servers[0].add_user("eve", password=password)
    path = USERS + "/2"
    client = servers[1].sign_in("eve", password)

    def statuses(*paths):
        """Requests each path twice, so that cacheable responses are cached."""
        for _ in range(2):
            found = {(each, client.get(server.address + each).status_code) for server in servers for each in paths}
        return found

    for server, role in zip(servers * 2, ["supervisor", "salesperson"] * 3, strict=True):
        assert supervisor.patch(server.address + path, json={"role": role}).json()["role"] == role
        assert statuses(USERS, NUMBERS) == {(USERS, 200 if role == "supervisor" else 403), (NUMBERS, 200)}
    for server in servers:
        own = server.sign_in("eve", password)
        change = {"currentPassword": password, "newPassword": password + "!"}
        assert own.put(USERS + "/current/password", json=change).status_code == 204
        password += "!"
        assert statuses(NUMBERS) == {(NUMBERS, 401)}
        client = own
        assert statuses(NUMBERS) == {(NUMBERS, 200)}
    assert supervisor.patch(servers[2].address + path, json={"password": "lovely-37-rivers"}).json()["sessions"] == 0
    assert statuses(NUMBERS) == {(NUMBERS, 401)}
