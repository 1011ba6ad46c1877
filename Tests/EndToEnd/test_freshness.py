"""Reads never return older data than a write acknowledged before, from any process and with cached responses."""

import collections
import concurrent.futures
import itertools
import random
import threading
import time

import requests
from program import NUMBERS, PASSWORD, until

USERS = "/api/v1/users"


def test_a_read_after_a_write_returns_it(start, store):
    servers = [start("--demo", **store) for _ in range(3)]
    headers, statuses, ended = servers[0].supervisor.headers, collections.Counter(), threading.Event()
    # The last acknowledged price for each id; prices only increase.
    acknowledged = dict.fromkeys([1, 2, 3], 0)

    def write(id):
        client = requests.Session()
        for price in itertools.takewhile(lambda _: not ended.is_set(), itertools.count(1001)):
            address = f"{random.choice(servers).address}{NUMBERS}/{id}"
            response = client.patch(address, json={"monthyPrice": f"{price}.00"}, headers=headers)
            assert response.status_code == 200, response.text
            acknowledged[id] = price
            # Pauses let responses be cached.
            time.sleep(random.choice([0, 0.001, 0.02]))

    def read():
        # The last tag and body of each path.
        client, known = requests.Session(), {}
        while not ended.is_set():
            id, least = random.choice([*acknowledged.items()])
            path = random.choice([f"{NUMBERS}/{id}", NUMBERS + "?perPage=5"])
            tag, body = known.get(path, ('"none"', None))
            response = client.get(random.choice(servers).address + path, headers={**headers, "If-None-Match": tag})
            statuses[response.status_code] += 1
            if response.status_code != 304: body = response.json()
            known[path] = (response.headers["ETag"], body)
            number = body if isinstance(body, dict) else next(each for each in body if each["id"] == id)
            assert float(number["monthyPrice"]) >= least, f"{number} was read from {response.url} after {least}"

    def is_enough():
        return statuses.total() > 200 and statuses[304] > 10 and min(acknowledged.values()) > 1020

    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        threads = [pool.submit(write, id) for id in acknowledged] + [pool.submit(read) for _ in range(6)]
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
