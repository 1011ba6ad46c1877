"""The most expensive texts of the largest allowed size, in every place where the program reads text of a client.

Swift normalizes a text to compare, hash or match it, and sorts runs of combining marks. A long run costs the square of
its length, unless the program works on bytes or checks the length first.
"""

import json
import urllib.parse

import pytest
from attack import WHOLE, report
from program import Server
from wire import Wire, request

BODY, HEADERS, ADDRESS = 65_536, 32_768, 8_192
MOST_MILLISECONDS, REQUESTS = 5, 20
# The largest ratio of the cost to that of half the text.
MOST_GROWTH = 2.5

TEXTS = {
    "marks": lambda n: "a" + "\u0301" * (n // 4) + "\u0316" * (n // 4),
    # The boundaries of conjuncts are found by looking back.
    "conjuncts": lambda n: "\u0915\u094d" * (n // 6),
    "families": lambda n: "👩\u200d" * (n // 7),
    "alternating marks": lambda n: "a" + "\u0301\u0316" * (n // 4),
    "descending marks": lambda n: "a" + "\u0345\u0315\u0301\u0316\u031b\u0321\u0334" * (n // 14),
    "flags": lambda n: "🇧🇷" * (n // 8),
    "jamo": lambda n: "\u1112\u1161\u11ab" * (n // 9),
    "expanding": lambda n: "\u0390" * (n // 2),
    "invisible": lambda n: "\u200b" * (n // 3),
    "capitals": lambda n: "İ" * (n // 2),
    "letters": lambda n: "a" * n,
    "digits": lambda n: "1" * n,
    "blanks": lambda n: " " * n,
    "commas": lambda n: "a," * (n // 2),
    "semicolons": lambda n: "a;q=0" * (n // 5),
    "quotes": lambda n: 'W/"1",' * (n // 6),
    "percents": lambda n: "%" * n,
}
CHOSEN = list(TEXTS) if WHOLE else ["marks", "conjuncts", "families", "commas", "semicolons"]


def body(path, text_to_body, method="POST"):
    return BODY - 300, lambda text: request(method, path, AUTHORIZATION, body=text_to_body(text))


def member(path, name, method="POST", **others):
    return body(path, lambda text: json.dumps({**others, name: text}, ensure_ascii=False), method)


def name(path, prefix="", method="POST"):
    return body(path, lambda text: json.dumps({prefix + text: "1"}, ensure_ascii=False), method)


def many_names(text):
    """As many different names as fit."""
    shares = [text[start : start + 20] for start in range(1, len(text.encode()) // 3, 20)]
    return json.dumps({"a" + share + str(index): "" for index, share in enumerate(shares)}, ensure_ascii=False)


def header(start, path="/api/v1/numbers/1", method="GET", **options):
    # Less the rest of the head.
    return HEADERS - 400, lambda text: request(
        method, path, "" if start.startswith("Authorization") else AUTHORIZATION, start + text, **options)


def parameter(start, encode):
    # An encoded byte takes three.
    size = ADDRESS - 100 if encode is raw else (ADDRESS - 100) // 3
    return size, lambda text: request("GET", (start + encode(text)).encode()[: ADDRESS - 1], AUTHORIZATION)


def raw(text):
    return text.replace(" ", "+")


def file(content_type, text_to_body):
    # A row has as many bytes as a body.
    return BODY - 300, lambda text: request(
        "POST", NUMBERS + "/import?dryRun=true", AUTHORIZATION, f"Content-Type: {content_type}", body=text_to_body(text))


NUMBERS, ONE, SESSIONS, USERS = "/api/v1/numbers", "/api/v1/numbers/1", "/api/v1/sessions", "/api/v1/users"
CHANGES, CSV = "/api/v1/changes", "value,monthyPrice,setupPrice,currency\n"
PLACES = {
    **{f"{path} {each}": member(path, each, method)
       for method, path, members in [
           ("POST", NUMBERS, ["value", "monthyPrice", "setupPrice", "currency", "id"]),
           ("PATCH", ONE, ["value", "monthyPrice", "setupPrice", "currency", "id"]), ("PUT", ONE, ["id"]),
           ("PATCH", USERS + "/1", ["role", "password"]),
           ("POST", SESSIONS, ["username", "password"]), ("POST", USERS, ["username", "role", "password"]),
           ("PUT", USERS + "/current/password", ["currentPassword", "newPassword"])]
       for each in members},
    **{f"{CHANGES} {each}": body(CHANGES, lambda text, form=form: json.dumps(form(text), ensure_ascii=False))
       for each, form in {
           "select": lambda text: {"select": {text: True}, "delete": True},
           "select q": lambda text: {"select": {"q": text}, "delete": True},
           "select prefix": lambda text: {"select": {"prefix": text}, "delete": True},
           "select currency": lambda text: {"select": {"currency": text}, "delete": True},
           "select monthyPriceFrom": lambda text: {"select": {"monthyPriceFrom": text}, "delete": True},
           "set": lambda text: {"select": {"ids": [1]}, "set": {text: {"to": "1"}}},
           "set to": lambda text: {"select": {"ids": [1]}, "set": {"monthyPrice": {"to": text}}},
           "set times": lambda text: {"select": {"ids": [1]}, "set": {"monthyPrice": {"times": text}}},
           "set plus": lambda text: {"select": {"ids": [1]}, "set": {"monthyPrice": {"plus": text}}},
           "set currency": lambda text: {"select": {"ids": [1]}, "set": {"currency": {"to": text}}},
       }.items()},
    **{f"a file's {each}": file(content_type, text_to_body)
       for each, content_type, text_to_body in [
           ("header", "text/csv", lambda text: "value," + text + "\n"),
           ("cell", "text/csv", lambda text: CSV + text + ",1,1,U$\n"),
           ("price", "text/csv", lambda text: CSV + "+55 84 91234-0001," + text + ",1,U$\n"),
           ("quotes", "text/csv", lambda text: CSV + '"' + text),
           ("line", "application/x-ndjson", lambda text: json.dumps({"value": text}, ensure_ascii=False) + "\n"),
           ("element", "application/json", lambda text: "[" + json.dumps({"value": text}, ensure_ascii=False) + "]")]},
    # Refused before the password is hashed.
    "sessions password, refused": member(SESSIONS, "password", username="supervisor", more=""),
    "sessions a name": name(SESSIONS), "numbers a name": name(NUMBERS), "patch a name": name(ONE, method="PATCH"),
    "numbers nearly a name": name(NUMBERS, "monthyPrice"), "sessions many names": body(SESSIONS, many_names),
    "numbers many names": body(NUMBERS, many_names),
    "sessions not JSON": body(SESSIONS, lambda text: text), "sessions lines": body(SESSIONS, lambda text: "\n" + text),
    "sessions a text alone": body(SESSIONS, lambda text: json.dumps(text, ensure_ascii=False)),
    "sessions [object": body(SESSIONS, lambda text: "[object Object]" + text),
    "sessions nested": body(SESSIONS, lambda text: '{"a":[' * 30 + json.dumps(text, ensure_ascii=False)),
    "sessions an array": body(SESSIONS, lambda text: "[" + "0," * (len(text.encode()) // 2) + "0]"),
    "sessions arrays": body(SESSIONS, lambda text: "[" + "[]," * (len(text.encode()) // 3) + "0]"),
    "sessions a number": body(SESSIONS, lambda text: '{"username":' + "1" * len(text.encode()) + "}"),
    "sessions escapes": body(SESSIONS, lambda text: '{"username":"a' + r"\u0301" * (len(text.encode()) // 12)
                             + r"\u0316" * (len(text.encode()) // 12) + '"}'),
    "sessions one name twice": body(SESSIONS, lambda text: "{" + '"username":"",' * (len(text.encode()) // 14) + '"a":1}'),
    **{each: header(each + ": ") for each in [
        "Accept", "Origin", "Access-Control-Request-Method", "If-Match", "If-None-Match", "X-Request-Id",
        "X-Forwarded-For", "X-Forwarded-Proto", "Expect", "Connection", "Upgrade", "Cookie", "Range", "User-Agent",
        "Transfer-Encoding", "Content-Length"]},
    "Authorization": header("Authorization: "), "Authorization, a token": header("Authorization: Bearer "),
    "Accept, parts": header("Accept: application/json;"), "Accept, weight": header("Accept: */*;q="),
    "If-None-Match, a tag": header('If-None-Match: "'), "preflight": header(
        "Origin: https://shop.example\r\nAccess-Control-Request-Method: ", NUMBERS, "OPTIONS"),
    "Origin of /livez": header("Origin: ", "/livez"), "Connection of /livez": header("Connection: ", "/livez"),
    "Connection, parts": header("Connection: keep-alive, ", "/livez"),
    **{f"Idempotency-Key: {start}": header("Idempotency-Key: " + start, NUMBERS, "POST", body="{}") for start in ("", '"')},
    "If-Match of a change": header("If-Match: ", ONE, "PATCH", body='{"currency":"U$"}'),
    "Content-Type": header("Content-Type: ", SESSIONS, "POST", body="{}"),
    "Content-Type, parts": header("Content-Type: application/json;charset=", SESSIONS, "POST", body="{}"),
    "Content-Encoding": header("Content-Encoding: ", SESSIONS, "POST", body="{}"),
    "Host": (HEADERS - 400, lambda text: request("GET", NUMBERS, AUTHORIZATION, host=text)),
    "a header's name": (HEADERS - 400, lambda text: request("GET", "/livez", "x" * len(text.encode()) + ": 1")),
    "many headers": (HEADERS - 400, lambda text: request(
        "GET", "/livez", *[f"x{line}: a" for line in range(len(text.encode()) // 11)])),
    "one header often": (HEADERS - 400, lambda text: request("GET", "/livez", *["Accept: a"] * (len(text.encode()) // 11))),
    **{f"{start} {form}": parameter(start, encode)
       for start in ["/api/v1/numbers?q=", "/api/v1/numbers?", "/api/v1/numbers?currency=", "/api/v1/numbers?sort=",
                     "/api/v1/numbers?prefix=", "/api/v1/numbers?monthyPriceFrom=", "/api/v1/users/",
                     "/api/v1/numbers?page=", "/api/v1/numbers?perPage=", "/api/v1/numbers/", "/api/v1/", "/",
                     "/problems/", "/docs/", "/api/v1/changes?username=", "/api/v1/changes?kind=",
                     "/api/v1/changes?numberId=", "/api/v1/changes?from=", "/api/v1/changes?to=",
                     "/api/v1/numbers/export?format=", "/api/v1/numbers/export?separator=", "/api/v1/numbers/import?mode="]
       for form, encode in [("encoded", urllib.parse.quote), ("raw", raw)]},
    "many parameters": (ADDRESS - 100, lambda text: request(
        "GET", "/api/v1/numbers?" + "q=1&" * (min(len(text.encode()), ADDRESS - 100) // 4), AUTHORIZATION)),
    "many slashes": (ADDRESS - 100, lambda text: request("GET", "/" * min(len(text.encode()), ADDRESS - 100), AUTHORIZATION)),
    "a method": (1000, lambda text: request("A" * len(text.encode()), "/livez")),
}
# Set by the server; the list of places exists before.
AUTHORIZATION = b""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    global AUTHORIZATION
    server = Server(
        tmp_path_factory.mktemp("texts"), "--demo", "--trusted-proxies", "127.0.0.1",
        "--cors-origins", "https://shop.example")
    AUTHORIZATION = server.authorization
    yield server
    assert server.stop() == 0
    assert "status=500" not in server.log.read_text()


def milliseconds_each(server, data):
    """The processor time of a request, as the mean of several, unless one takes long."""
    began = server.processor_seconds()
    done, wire = 0, None
    while done < REQUESTS and (done == 0 or server.processor_seconds() - began < 0.5):
        wire = wire or Wire(server)
        done += 1
        try:
            wire.send(data)
            response = wire.response()
        except (BrokenPipeError, ConnectionResetError):
            # It was refused before all was sent.
            response = None
        if response: assert response.status != 500, response
        if response is None or response.status in (400, 413, 431) or response.headers.get("connection") == "close":
            wire.socket.close()
            wire = None
    if wire: wire.socket.close()
    return 1000 * (server.processor_seconds() - began) / done


@pytest.mark.parametrize("place", PLACES)
def test_the_worst_text_costs_little_and_linear_time(server, place):
    size, make = PLACES[place]
    milliseconds_each(server, make("a" * 100))
    ordinary = milliseconds_each(server, make("a" * size))
    costs, growth = {}, {}
    for text in CHOSEN:
        data = make(TEXTS[text](size))
        costs[text] = milliseconds_each(server, data)
        # Other work on the machine makes it slower, never faster.
        if MOST_MILLISECONDS / 2 < costs[text] < MOST_MILLISECONDS * 10:
            costs[text] = min(costs[text], *(milliseconds_each(server, data) for _ in range(2)))
        # Below that, the cost of any request hides the growth.
        if costs[text] > 2:
            half = make(TEXTS[text](size // 2))
            growth[text] = costs[text] / (milliseconds_each(server, half) + 0.2)
            if growth[text] > MOST_GROWTH:
                costs[text] = min(costs[text], *(milliseconds_each(server, data) for _ in range(2)))
                growth[text] = costs[text] / (milliseconds_each(server, half) + 0.2)
    worst = max(costs, key=costs.get)
    report(f"worst text in {place}", len(CHOSEN) * REQUESTS,
           f"{costs[worst]:.1f} ms ({worst}; letters {ordinary:.1f})", f"{MOST_MILLISECONDS} ms")
    assert costs[worst] < MOST_MILLISECONDS, costs
    assert max(growth.values(), default=0) <= MOST_GROWTH, (costs, growth)
