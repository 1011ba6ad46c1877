"""Users and sign-ins of a running server, and its secrets."""

import itertools
import json
import re
import sqlite3
import time

import pytest
from program import GOOD, NUMBERS, PASSWORD, ROOT, output, timed, until

OTHER = "quiet-41-forests"


def test_a_generated_first_password_is_shown_once(start):
    first = start(SUPERVISOR_PASSWORD="")
    [password] = until(lambda: first.shown_passwords)
    assert password not in first.log.read_text()
    first.sign_in(password=password)
    assert first.stop() == 0
    second = start(SUPERVISOR_PASSWORD="")
    reset = f"carrier user set-password supervisor --database-url '{second.database}'"
    until(lambda: reset in second.output.read_text())
    assert second.shown_passwords == []
    second.sign_in(password=password)


def test_only_the_development_password_is_shown_each_time(start):
    """The development password is public: docker-compose.yml and the README have it."""
    for password in ("development-only", "development-only", PASSWORD):
        server = start("--demo", SUPERVISOR_PASSWORD=password)
        assert server.stop() == 0
        is_shown = "Sign in      supervisor, password development-only" in server.output.read_text()
        assert is_shown == (password == "development-only")
        assert PASSWORD not in server.output.read_text() + server.log.read_text()


def send_slowly(client, method, path, body, meanwhile):
    """Sends a request, and calls `meanwhile` when its head and the first byte were sent."""
    def pieces():
        text = json.dumps(body).encode()
        yield text[:1]
        meanwhile()
        yield text[1:]

    return client.request(method, "/api/v1/" + path, data=pieces(), headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "numbers", {**GOOD, "value": "+55 84 91234-9999"}), ("PUT", "numbers/1", GOOD),
    ("PATCH", "numbers/1", {"setupPrice": "7"}), ("POST", "numbers/import", [GOOD]),
    ("POST", "changes", {"select": {"ids": [1]}, "delete": True}),
    ("POST", "users", {"username": "eve", "role": "supervisor", "password": OTHER}),
    ("PATCH", "users/1", {"role": "salesperson"}),
])
def test_a_permission_lost_while_the_body_arrives_changes_nothing(start, method, path, body):
    server = start()
    first = server.supervisor
    server.create()
    server.add_user("ana", "supervisor")

    def state(): return [first.get(f"/api/v1/{each}").json() for each in ("numbers", "changes", "users/1")]
    def set_role(role): assert first.patch("/api/v1/users/2", json={"role": role}).ok
    def sign_out(): assert first.delete("/api/v1/users/2/sessions").ok

    before = state()

    demoted = send_slowly(server.sign_in("ana"), method, path, body, lambda: set_role("salesperson"))
    set_role("supervisor")
    signed_out = send_slowly(server.sign_in("ana"), method, path, body, sign_out)
    assert (demoted.status_code, signed_out.status_code) == (403, 401)
    assert demoted.json()["type"] == "/problems/not-permitted"
    assert state() == before


def test_a_password_does_not_change_if_the_session_ends_meanwhile(start):
    server = start()
    response = send_slowly(
        server.supervisor, "PUT", "users/current/password", {"currentPassword": PASSWORD, "newPassword": OTHER},
        lambda: server.sign_in().delete("/api/v1/users/1/sessions"))
    assert response.status_code == 401
    assert server.sign_in()


def test_guesses_count_by_the_clients_address_only_behind_a_trusted_proxy(start):
    def guess(server, number, client):
        return server.try_sign_in(f"user{number}", "guess", headers={"X-Forwarded-For": f"198.51.100.1, {client}"})

    behind = start("--trusted-proxies", "127.0.0.0/8")
    assert {guess(behind, number, "203.0.113.9").status_code for number in range(41)} == {401}
    # On a slow machine, the first delays may end before the next guess.
    assert any(guess(behind, 41 + number, "203.0.113.9").status_code == 429 for number in range(10))
    assert guess(behind, 60, "203.0.113.10").status_code == 401
    link = behind.supervisor.get(NUMBERS, headers={"X-Forwarded-Proto": "https"}).headers["Link"]
    assert link.startswith("<https://127.0.0.1:")
    alone = start()
    assert {guess(alone, number, f"203.0.113.{number}").status_code for number in range(41)} == {401}
    number = itertools.count(41)
    for _ in range(3):
        # The delay doubles with each guess, so even a slow machine guesses again before the last delay ends.
        headers = until(lambda: (response := guess(alone, next(number), "x")).status_code == 429 and response.headers)
        time.sleep(int(headers["Retry-After"]))
    until(lambda: guess(alone, next(number), "x").status_code == 429)
    early = alone.try_sign_in()
    assert early.status_code == 429
    time.sleep(int(early.headers["Retry-After"]))
    alone.sign_in()


def test_secrets_are_in_no_log_output_command_line_or_file(start, tmp_path):
    server = start("--log-level", "trace")
    client = server.sign_in()
    token = client.headers["Authorization"].removeprefix("Bearer ")
    number = f"{NUMBERS}/{client.post(NUMBERS, json=GOOD).json()['id']}"
    client.patch(number, json={"setupPrice": "7"})
    client.delete(number)
    client.get(NUMBERS + "?access_token=" + token)
    server.try_sign_in("supervisor", "wrong-" + PASSWORD)
    server.try_sign_in(PASSWORD, "")
    server.get(NUMBERS, headers={"Authorization": "Bearer " + token + "x"})
    with sqlite3.connect(tmp_path / "inventory.sqlite") as database:
        (hashed,) = database.execute("SELECT passwordHash FROM user").fetchone()
        (digest,) = database.execute("SELECT hex(digest) FROM session").fetchone()
    command = output("ps", "-ww", "-o", "args=", str(server.process.pid))
    client.delete("/api/v1/sessions/current")
    assert server.stop() == 0
    log, token = server.log.read_text(), token.removeprefix("ctk_")
    assert "number created" in log and "user=supervisor" in log
    for secret in (token, PASSWORD, hashed, digest, digest.lower()):
        assert secret not in log + server.output.read_text() + command
    files = b"".join(file.read_bytes() for file in tmp_path.glob("inventory.sqlite*"))
    assert token.encode() not in files and PASSWORD.encode() not in files


def test_unknown_users_and_wrong_passwords_take_the_same_time(start):
    ratios = []
    # Without a hash, the response for an unknown user would take a hundredth.
    while not any(0.5 < ratio < 2 for ratio in ratios):
        assert len(ratios) < 3, ratios
        # So few attempts that the server delays none.
        server, times = start(), {"supervisor": [], "nobody": []}
        for username, durations in [*times.items()] * 4:
            response, seconds = timed(server.try_sign_in, username, "wrong password")
            assert response.status_code == 401
            durations.append(seconds)
        # Other work on the machine makes times longer, never shorter.
        ratios.append(min(times["supervisor"]) / min(times["nobody"]))


def test_the_configuration_document_counts_wrong_passwords_as_the_program_does(start):
    word = re.search(r"After (\w+) wrong passwords", (ROOT / "docs/configuration.md").read_text())[1]
    count = {"four": 4, "five": 5}[word]
    server = start()
    assert [server.try_sign_in("ana", "wrong").status_code for _ in range(count + 1)] == [401] * count + [429]
