"""Guesses at a password do not keep the owner of the account out. SignInThrottleTests covers the other bounds."""

import threading
import time

from attack import amount, report
from program import PASSWORD
from wire import ask

GUESSER, OWNER = "127.0.0.2", "127.0.0.3"


def sign_in(server, source, password):
    return ask(
        server, "POST", "/api/v1/sessions", body=f'{{"username":"supervisor","password":"{password}"}}', source=source).status


def test_the_owner_signs_in_while_another_address_guesses(start):
    server = start()
    done, guesses = threading.Event(), {}

    def guess():
        while not done.wait(0.2):
            status = sign_in(server, GUESSER, "guess")
            guesses[status] = guesses.get(status, 0) + 1

    guesser = threading.Thread(target=guess)
    guesser.start()
    try:
        # Five guesses a second, of which most are refused without checking the password.
        time.sleep(amount(10, 45))
        statuses = []
        for _ in range(8):
            statuses.append(sign_in(server, OWNER, PASSWORD))
            time.sleep(amount(1, 10))
    finally:
        done.set()
        guesser.join(timeout=70)
    report("the owner's sign-ins beside a guesser", 8, f"{statuses}; guesses {guesses}", "8 of 8")
    assert guesses.get(401, 0) <= 20, guesses
    assert statuses == [201] * 8
