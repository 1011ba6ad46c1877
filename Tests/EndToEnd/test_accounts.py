"""Signing in to the running program, and what it keeps to itself."""

import itertools
import json
import pathlib
import re
import sqlite3
import subprocess
import time

import pytest
import requests
from program import GOOD, PASSWORD, ROOT, until


def sign_in(server, username, password):
    return requests.post(
        server.address + "/api/v1/sessions", json={"username": username, "password": password})


def test_the_first_password_is_made_up_and_shown_once(start):
    first = start(SUPERVISOR_PASSWORD="")
    password = until(lambda: re.search(
        r"supervisor, password (\S+) \(shown this once\)", first.output.read_text()))[1]
    assert password not in first.log.read_text()
    first.sign_in(password=password)
    assert first.stop() == 0
    second = start(SUPERVISOR_PASSWORD="")
    assert "shown this once" not in second.output.read_text()
    reset = f"carrier user set-password supervisor --database-url '{second.database}'"
    until(lambda: reset in second.output.read_text())
    second.sign_in(password=password)


def test_the_first_password_may_come_from_a_file(start, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from-a-file-5\n")
    server = start(SUPERVISOR_PASSWORD="", SUPERVISOR_PASSWORD_FILE=str(secret))
    server.sign_in(password="from-a-file-5")
    assert "shown this once" not in server.output.read_text()


def test_the_password_of_a_development_server_is_told_each_time(start):
    """It is in docker-compose.yml and in the README, so it is no secret; any other is."""
    for password in ("development-only", "development-only", PASSWORD):
        server = start("--demo", SUPERVISOR_PASSWORD=password)
        assert server.stop() == 0
        told = "Sign in      supervisor, password development-only" in server.output.read_text()
        assert told == (password == "development-only")
        assert PASSWORD not in server.output.read_text() + server.log.read_text()


def test_commands_take_effect_while_it_runs(start):
    server = start()
    numbers = server.address + "/api/v1/numbers"
    assert server.carrier("user", "add", "ana", input="lovely-37-rivers\n").returncode == 0
    ana = server.sign_in("ana", "lovely-37-rivers")
    assert ana.get(numbers).status_code == 200
    assert ana.post(numbers, json=GOOD).status_code == 403
    assert server.carrier("user", "set-role", "ana", "supervisor").returncode == 0
    assert ana.post(numbers, json=GOOD).status_code == 201
    assert server.carrier("user", "set-password", "ana", input="quiet-41-forests\n").returncode == 0
    assert ana.get(numbers).status_code == 401
    ana = server.sign_in("ana", "quiet-41-forests")
    assert server.carrier("user", "remove", "ana").returncode == 0
    assert ana.get(numbers).status_code == 401
    assert sign_in(server, "ana", "quiet-41-forests").status_code == 401


NEW_USER = {"username": "eve", "role": "supervisor", "password": "quiet-41-forests"}


@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "numbers", {**GOOD, "value": "+55 84 91234-9999"}), ("PUT", "numbers/1", GOOD),
    ("PATCH", "numbers/1", {"setupPrice": "7"}), ("POST", "numbers/import", [GOOD]),
    ("POST", "changes", {"select": {"ids": [1]}, "delete": True}),
    ("POST", "users", NEW_USER), ("PATCH", "users/1", {"role": "salesperson"}),
])
def test_nobody_is_let_in_for_what_they_were_when_they_began(start, method, path, body):
    """Who has another role, or is signed out, once the body has come, changes nothing."""
    server = start()
    first, api = server.supervisor, server.address + "/api/v1/"
    first.post(api + "numbers", json=GOOD)
    user = first.post(api + "users", json={**NEW_USER, "username": "ana"}).headers["Location"]
    before = [first.get(api + what).json() for what in ("numbers", "changes", "users/1")]

    def sends(meanwhile):
        def slowly():
            text = json.dumps(body).encode()
            yield text[:1]
            meanwhile()
            yield text[1:]
        ana = server.sign_in("ana", "quiet-41-forests")
        return ana.request(method, api + path, data=slowly(), headers={"Content-Type": "application/json"})

    demoted = sends(lambda: first.patch(user, json={"role": "salesperson"}))
    first.patch(user, json={"role": "supervisor"})
    signed_out = sends(lambda: first.delete(user + "/sessions"))
    assert (demoted.status_code, signed_out.status_code) == (403, 401)
    assert demoted.json()["type"] == "/problems/not-permitted"
    assert before == [first.get(api + what).json() for what in ("numbers", "changes", "users/1")]


def test_a_password_does_not_change_for_a_session_that_ended_meanwhile(start):
    server = start()
    new = {"currentPassword": PASSWORD, "newPassword": "quiet-41-forests"}
    other = server.sign_in()

    def slowly():
        text = json.dumps(new).encode()
        yield text[:1]
        assert other.delete(server.address + "/api/v1/users/1/sessions").status_code == 204
        yield text[1:]

    answer = server.supervisor.put(
        server.address + "/api/v1/users/current/password", data=slowly(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 401
    assert server.sign_in()


def test_without_authentication_everybody_is_supervisor(start):
    server = start("--no-auth")
    numbers = server.address + "/api/v1/numbers"
    assert requests.post(numbers, json=GOOD).status_code == 201
    assert "every client is a supervisor" in server.log.read_text()


def test_guessing_from_one_address_has_to_wait(start):
    server = start()
    # A name each, so that no name is guessed twice.
    guesses = (sign_in(server, f"user{number}", "guess") for number in range(50))
    free = [time.monotonic() for _ in itertools.takewhile(lambda guess: guess.status_code == 401, guesses)]
    # A slow machine may sit out the first delays, which are of 1, 2, 4 seconds and so on.
    more = len(free) - 41
    assert more >= 0 and free[-1] - free[40] >= 2 ** more - 1
    # Two more in their time: then even a slow machine asks again before it may.
    for number in range(2):
        time.sleep(2 ** (more + number) + 0.1)
        assert sign_in(server, f"later{number}", "guess").status_code == 401
    early = sign_in(server, "supervisor", PASSWORD)
    assert early.status_code == 429
    time.sleep(int(early.headers["Retry-After"]))
    server.sign_in()


def test_the_address_is_the_clients_behind_a_proxy_and_nowhere_else(start):
    def guess(server, number, client):
        return requests.post(
            server.address + "/api/v1/sessions", json={"username": f"user{number}", "password": "guess"},
            headers={"X-Forwarded-For": f"198.51.100.1, {client}"}).status_code

    behind = start("--trusted-proxies", "127.0.0.0/8")
    assert {guess(behind, number, "203.0.113.9") for number in range(41)} == {401}
    # A slow machine may sit out the first delays.
    assert any(guess(behind, 41 + number, "203.0.113.9") == 429 for number in range(10))
    assert guess(behind, 60, "203.0.113.10") == 401
    link = behind.supervisor.get(
        behind.address + "/api/v1/numbers", headers={"X-Forwarded-Proto": "https"}).headers["Link"]
    assert link.startswith("<https://127.0.0.1:")
    alone = start()
    assert {guess(alone, number, f"203.0.113.{number}") for number in range(41)} == {401}
    assert any(guess(alone, 41 + number, f"203.0.113.{200 + number}") == 429 for number in range(10))


def test_a_flood_of_sign_ins_is_bounded(start):
    server = start()
    body = b'{"username": "u", "password": "p"}'
    flood = [
        subprocess.Popen(
            ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}",
             "--header", "Content-Type: application/json", "--data", "@-",
             server.address + "/api/v1/sessions"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(60)
    ]
    for number, client in enumerate(flood):
        client.stdin.write(body.replace(b'"u"', f'"u{number}"'.encode()))
        client.stdin.close()
    statuses = {client.stdout.read().decode() for client in flood}
    assert statuses <= {"401", "429", "503"}
    memory = int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{server.process.pid}/status").read_text())[1])
    assert memory < 300_000, "two hashes at once take 64 MiB"


def test_secrets_are_nowhere(start, tmp_path):
    server = start("--log-level", "trace")
    client = server.sign_in()
    token = client.headers["Authorization"].removeprefix("Bearer ")
    numbers = server.address + "/api/v1/numbers"
    created = client.post(numbers, json=GOOD).json()
    client.patch(f"{numbers}/{created['id']}", json={"setupPrice": "7"})
    client.delete(f"{numbers}/{created['id']}")
    client.get(numbers + "?access_token=" + token)
    sign_in(server, "supervisor", "wrong-" + PASSWORD)
    sign_in(server, PASSWORD, "")
    requests.get(numbers, headers={"Authorization": "Bearer " + token + "x"})
    with sqlite3.connect(tmp_path / "inventory.sqlite") as database:
        (hashed,) = database.execute("SELECT passwordHash FROM user").fetchone()
        (digest,) = database.execute("SELECT hex(digest) FROM session").fetchone()
    command = subprocess.run(["ps", "-ww", "-o", "args=", str(server.process.pid)],
                             capture_output=True, text=True).stdout
    client.delete(server.address + "/api/v1/sessions/current")
    assert server.stop() == 0
    log = server.log.read_text()
    assert "number created" in log and "user=supervisor" in log
    for place in (log, server.output.read_text(), command):
        for secret in (token, token.removeprefix("ctk_"), PASSWORD, hashed, digest, digest.lower()):
            assert secret not in place
    files = b"".join(file.read_bytes() for file in tmp_path.glob("inventory.sqlite*"))
    assert token.removeprefix("ctk_").encode() not in files and PASSWORD.encode() not in files


def test_time_tells_nothing(start):
    """Unknown users and wrong passwords take the same time, within the noise of the machine."""
    ratios = []
    for _ in range(3):
        # Each is asked so often as nobody has to wait for guessing.
        server, times = start(), {"supervisor": [], "nobody": []}
        for _ in range(4):
            for username, durations in times.items():
                began = time.perf_counter()
                assert sign_in(server, username, "wrong password").status_code == 401
                durations.append(time.perf_counter() - began)
        # The shortest of each: what else the machine does makes it longer, never shorter.
        known, unknown = (min(durations) for durations in times.values())
        ratios.append(known / unknown)
        # Without the hash, an unknown user would take a hundredth.
        if 0.5 < ratios[-1] < 2: return
    raise AssertionError(ratios)


def test_the_configuration_counts_wrong_passwords_as_the_program_does(start):
    said = {"four": 4, "five": 5}[re.search(r"After (\w+) wrong passwords", (ROOT / "docs/configuration.md").read_text())[1]]
    server = start()
    statuses = [sign_in(server, "ana", "wrong password").status_code for _ in range(said + 1)]
    assert statuses == [401] * said + [429]
