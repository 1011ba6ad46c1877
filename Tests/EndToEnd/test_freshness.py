"""Nobody reads what is older than a write that was answered before, whichever process answers."""

import random
import threading
import time

import pytest
import requests

SECONDS = 4
# A machine that is busy may need longer for enough of them.
MOST_SECONDS = 60


@pytest.fixture(params=["sqlite", "postgres"])
def servers(request, start):
    """Three processes on one database."""
    options = {}
    if request.param == "postgres":
        options["DATABASE_URL"] = request.getfixturevalue("cluster").url
    return [start("--demo", **options) for _ in range(3)]


class Price:
    """A number's price, which its one writer counts up, and what readers may still be answered."""

    def __init__(self, client, addresses, id):
        self.path = f"/api/v1/numbers/{id}"
        self.client, self.addresses = client, addresses
        # Written by one thread, and only ever larger.
        self.answered = 0

    def write(self):
        count = self.answered + 1
        answer = self.client.patch(
            random.choice(self.addresses) + self.path, json={"monthyPrice": f"{count}.00"})
        assert answer.status_code == 200, answer.text
        self.answered = count


def test_a_read_after_a_write_sees_it(servers):
    addresses = [server.address for server in servers]
    headers = dict(servers[0].supervisor.headers)
    began = time.monotonic()
    faults, reads, unchanged = [], [0], [0]

    def client():
        client = requests.Session()
        client.headers.update(headers)
        return client

    prices = [Price(client(), addresses, id) for id in range(1, 4)]

    def is_enough():
        return reads[0] > 200 and unchanged[0] > 10 and all(price.answered > 20 for price in prices)

    def goes_on():
        took = time.monotonic() - began
        return not faults and (took < SECONDS or took < MOST_SECONDS and not is_enough())

    def write(price):
        while goes_on():
            price.write()
            # So that there are moments in which nothing changes, and answers are kept.
            time.sleep(random.choice([0, 0.001, 0.02]))

    def read(asker):
        tags = {}
        while goes_on():
            price = random.choice(prices)
            address = random.choice(addresses)
            path = random.choice([price.path, "/api/v1/numbers?perPage=5"])
            least = price.answered
            answer = asker.get(address + path, headers={"If-None-Match": tags.get(path, '"none"')})
            reads[0] += 1
            if answer.status_code == 304:
                unchanged[0] += 1
                number = tags[path + " "]
            else:
                number = answer.json()
                tags[path], tags[path + " "] = answer.headers["ETag"], number
            if isinstance(number, list):
                number = next(each for each in number if price.path.endswith(f"/{each['id']}"))
            if float(number["monthyPrice"]) < least:
                faults.append(f"{least}.00 was written to {price.path}, {number} was read from {address}{path}")

    def guarded(task, argument):
        try:
            task(argument)
        except Exception as error:
            faults.append(repr(error))

    # Each number has a price below the first that is written.
    for price in prices:
        assert price.client.patch(addresses[0] + price.path, json={"monthyPrice": "0.00"}).ok
    threads = [threading.Thread(target=guarded, args=(write, price)) for price in prices]
    threads += [threading.Thread(target=guarded, args=(read, client())) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not faults, faults[0]
    assert is_enough(), (reads, unchanged, [price.answered for price in prices])


def test_a_session_that_has_ended_is_refused_everywhere(servers):
    for server in servers:
        client = server.sign_in()
        for other in servers:
            assert client.get(other.address + "/api/v1/numbers/1").status_code == 200
        assert client.delete(server.address + "/api/v1/sessions/current").status_code == 204
        for other in servers:
            answer = requests.get(other.address + "/api/v1/numbers/1", headers=client.headers)
            assert answer.status_code == 401


def test_what_a_user_may_do_changes_everywhere_at_once(servers):
    supervisor = servers[0].supervisor
    people = "/api/v1/users"
    new = {"username": "eve", "role": "salesperson", "password": "quiet-41-forests"}
    eve = supervisor.post(servers[0].address + people, json=new).json()
    path = f"{people}/{eve['id']}"
    client = servers[1].sign_in("eve", new["password"])

    def statuses(*paths):
        """Asked twice, so that what may be kept is kept."""
        for _ in range(2):
            found = {(each, client.get(server.address + each).status_code) for server in servers for each in paths}
        return found

    for server, role in zip(servers * 2, ["supervisor", "salesperson"] * 3, strict=True):
        assert supervisor.patch(server.address + path, json={"role": role}).json()["role"] == role
        assert statuses(people, "/api/v1/numbers") == {
            (people, 200 if role == "supervisor" else 403), ("/api/v1/numbers", 200)}
    for server in servers:
        own = server.sign_in("eve", new["password"])
        change = {"currentPassword": new["password"], "newPassword": new["password"] + "!"}
        assert own.put(server.address + people + "/current/password", json=change).status_code == 204
        new["password"] += "!"
        assert statuses("/api/v1/numbers") == {("/api/v1/numbers", 401)}
        client = own
        assert statuses("/api/v1/numbers") == {("/api/v1/numbers", 200)}
    assert supervisor.patch(servers[2].address + path, json={"password": "lovely-37-rivers"}).json()["sessions"] == 0
    assert statuses("/api/v1/numbers") == {("/api/v1/numbers", 401)}
