"""Reads never return older data than a write acknowledged before, from any process and with cached responses."""

import collections
import concurrent.futures
import random
import threading
import time

import requests
from program import NUMBERS, PASSWORD, until

USERS = "/api/v1/users"


class Price:
    """The price of a number, which one thread increments."""

    def __init__(self, client, addresses, id):
        self.path = f"{NUMBERS}/{id}"
        self.client, self.addresses = client, addresses
        self.acknowledged = -1
        self.write()

    def write(self):
        price = {"monthyPrice": f"{self.acknowledged + 1}.00"}
        response = self.client.patch(random.choice(self.addresses) + self.path, json=price)
        assert response.status_code == 200, response.text
        self.acknowledged += 1


def test_a_read_after_a_write_returns_it(start, store):
    servers = [start("--demo", **store) for _ in range(3)]
    addresses = [server.address for server in servers]
    statuses, ended = collections.Counter(), threading.Event()

    def client():
        client = requests.Session()
        client.headers.update(servers[0].supervisor.headers)
        return client

    prices = [Price(client(), addresses, id) for id in range(1, 4)]

    def write(price):
        while not ended.is_set():
            price.write()
            # Pauses let responses be cached.
            time.sleep(random.choice([0, 0.001, 0.02]))

    def read(client):
        # The last tag and body of each path.
        known = {}
        while not ended.is_set():
            price = random.choice(prices)
            address = random.choice(addresses)
            path = random.choice([price.path, NUMBERS + "?perPage=5"])
            least = price.acknowledged
            tag, body = known.get(path, ('"none"', None))
            response = client.get(address + path, headers={"If-None-Match": tag})
            statuses[response.status_code] += 1
            if response.status_code != 304: body = response.json()
            known[path], number = (response.headers["ETag"], body), body
            if isinstance(body, list): number = next(each for each in body if price.path.endswith(f"/{each['id']}"))
            assert float(number["monthyPrice"]) >= least, f"{number} was read from {address}{path} after {least}"

    def is_enough():
        return statuses.total() > 200 and statuses[304] > 10 and all(price.acknowledged > 20 for price in prices)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        threads = [pool.submit(write, price) for price in prices] + [pool.submit(read, client()) for _ in range(6)]
        try:
            time.sleep(4)
            until(lambda: is_enough() or any(thread.done() for thread in threads))
        finally:
            ended.set()
        for thread in threads: thread.result()


def test_ended_sessions_roles_and_passwords_take_effect_on_all_servers_at_once(start, store):
    servers = [start("--demo", **store) for _ in range(3)]

    def statuses(client, path):
        """Requests the path twice, so that cacheable responses are cached."""
        return {client.get(server.address + path).status_code for server in servers * 2}

    for server in servers:
        client = server.sign_in()
        assert statuses(client, NUMBERS + "/1") == {200}
        assert client.delete("/api/v1/sessions/current").status_code == 204
        assert statuses(client, NUMBERS + "/1") == {401}
    supervisor, password = servers[0].supervisor, "quiet-41-forests"
    # The commands are other processes too.
    servers[0].add_user("eve", password=password)
    client = servers[1].sign_in("eve", password)
    for server, role in zip(servers * 2, ["supervisor", "salesperson"] * 3, strict=True):
        assert supervisor.patch(server.address + USERS + "/2", json={"role": role}).json()["role"] == role
        assert (statuses(client, USERS), statuses(client, NUMBERS)) == ({200 if role == "supervisor" else 403}, {200})
    for server in servers:
        own = server.sign_in("eve", password)
        change = {"currentPassword": password, "newPassword": password + "!"}
        assert own.put(USERS + "/current/password", json=change).status_code == 204
        password += "!"
        assert (statuses(client, NUMBERS), statuses(own, NUMBERS)) == ({401}, {200})
        client = own
    for command, input in (("set-role eve supervisor", ""), ("set-password eve", PASSWORD + "\n"), ("remove eve", "")):
        assert servers[2].carrier("user", *command.split(), input=input).returncode == 0
        assert statuses(client, USERS) == {200 if "role" in command else 401}
