"""Who guesses waits, and who owns the account gets in."""

import re
import threading
import time

from attack import amount, report
from program import PASSWORD
from wire import ask

GUESSER, OWNER = "127.0.0.2", "127.0.0.3"


def sign_in(server, source, password, username="supervisor"):
    return ask(
        server, "POST", "/api/v1/sessions", body=f'{{"username":"{username}","password":"{password}"}}', source=source)


def test_the_owner_gets_in_while_somebody_guesses(start):
    server = start()
    done, guesses = threading.Event(), {}

    def guess():
        number = 0
        while not done.wait(0.2):
            number += 1
            answer = sign_in(server, GUESSER, f"guess-{number}")
            guesses[answer.status] = guesses.get(answer.status, 0) + 1

    guesser = threading.Thread(target=guess)
    guesser.start()
    try:
        # Five a second, whatever is answered: most of them are refused without a look at the password.
        time.sleep(amount(10, 45))
        statuses, next_try = [], time.monotonic()
        for _ in range(8):
            # An honest program waits as long as it was told, if it is told.
            time.sleep(max(0, next_try - time.monotonic()))
            answer = sign_in(server, OWNER, PASSWORD)
            statuses.append(answer.status)
            next_try = time.monotonic() + amount(1, 10)
    finally:
        done.set()
        guesser.join(timeout=70)
    report("the owner's sign-ins beside a guesser", 8, f"{statuses}; guesses {guesses}", "8 of 8")
    assert guesses.get(401, 0) <= 20, guesses
    assert statuses == [201] * 8


def test_the_guesser_waits_longer_and_longer(start):
    server = start()
    checked, began, seconds = 0, time.monotonic(), amount(12, 60)
    while time.monotonic() - began < seconds:
        answer = sign_in(server, GUESSER, "guess")
        if answer.status == 401: checked += 1
        else: assert answer.status == 429 and re.fullmatch(r"\d+", answer.headers["retry-after"])
        time.sleep(0.2)
    report("guesses at one name that were checked", checked, f"in {seconds} s", "4, then 1, 2, 4 … s apart")
    assert checked <= 5 + 7


def test_many_addresses_do_not_guess_on_without_end(start):
    """Somebody with a network of addresses guesses at one name."""
    server = start()
    count = amount(120, 400)
    statuses = {}
    for number in range(count):
        status = sign_in(server, f"127.3.{number // 200}.{number % 200 + 1}", "guess").status
        statuses[status] = statuses.get(status, 0) + 1
    report("guesses at one name from as many addresses", count, f"{statuses}", "most of them 429 in the end")
    assert statuses.get(429, 0) > 0
