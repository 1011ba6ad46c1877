"""The most expensive texts of the largest allowed size, in every place where the program reads text of a client.

Swift normalizes a text to compare, hash or match it, and sorts runs of combining marks. A long run costs the square of
its length, unless the program works on bytes or checks the length first.
"""

import json
import urllib.parse

import pytest
from attack import amount, bounded
from program import Server
from wire import Wire, request

NUMBERS, ONE, SESSIONS, USERS = "/api/v1/numbers", "/api/v1/numbers/1", "/api/v1/sessions", "/api/v1/users"
CHANGES, CSV = "/api/v1/changes", "value,monthyPrice,setupPrice,currency\n"
BODY, HEADERS, ADDRESS = 65_536, 32_768, 8_192
MOST_MILLISECONDS, REQUESTS = 5, 20
# The largest allowed ratio of a text's cost to the cost of half the text.
MOST_GROWTH = 2.5

TEXTS = {
    "marks": lambda n: "a" + "\u0301" * (n // 4) + "\u0316" * (n // 4),
    # Swift looks back to find the boundaries of conjuncts.
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
CHOSEN = amount(["marks", "conjuncts", "families", "commas", "semicolons"], list(TEXTS))


def body(path, template, method="POST", content_type="application/json"):
    """Bodies in which the text replaces RAW as it is, or TEXT as the content of a JSON string."""
    def fill(text): return template.replace("RAW", text).replace("TEXT", json.dumps(text, ensure_ascii=False)[1:-1])
    return BODY - 300, lambda text: request(
        method, path, AUTHORIZATION, f"Content-Type: {content_type}", body=fill(text))


def repeated(part, before="", after="", path=SESSIONS):
    """Bodies that repeat a part as often as fits; of the text, only the length counts."""
    return BODY - 300, lambda text: request(
        "POST", path, AUTHORIZATION, body=before + part * (len(text.encode()) // len(part)) + after)


def many_names(path):
    """Bodies with as many different names as fit."""
    def names(text):
        shares = [text[start : start + 20] for start in range(1, len(text.encode()) // 3, 20)]
        return json.dumps({"a" + share + str(index): "" for index, share in enumerate(shares)}, ensure_ascii=False)

    return BODY - 300, lambda text: request("POST", path, AUTHORIZATION, body=names(text))


def header(start, path=ONE, method="GET", **options):
    # 400 bytes are left for the rest of the head.
    return HEADERS - 400, lambda text: request(
        method, path, "" if start.startswith("Authorization") else AUTHORIZATION, start + text, **options)


def parameter(start, encode):
    # An encoded byte takes three.
    size = ADDRESS - 100 if encode is raw else (ADDRESS - 100) // 3
    return size, lambda text: request("GET", (start + encode(text)).encode()[: ADDRESS - 1], AUTHORIZATION)


def raw(text):
    return text.replace(" ", "+")


MEMBERS = ["value", "monthyPrice", "setupPrice", "currency", "id"]
PLACES = {
    **{f"{method} {path} {name}": body(path, f'{{"{name}":"TEXT"}}', method)
       for method, path, names in [
           ("POST", NUMBERS, MEMBERS), ("PATCH", ONE, MEMBERS), ("PUT", ONE, ["id"]),
           ("POST", SESSIONS, ["username", "password"]), ("POST", USERS, ["username", "role", "password"]),
           ("PATCH", USERS + "/1", ["role", "password"]),
           ("PUT", USERS + "/current/password", ["currentPassword", "newPassword"])]
       for name in names},
    **{f"{CHANGES} {template}": body(CHANGES, template) for template in [
        '{"select":{"TEXT":true},"delete":true}', '{"select":{"ids":[1]},"set":{"TEXT":{"to":"1"}}}',
        *(f'{{"select":{{"{name}":"TEXT"}},"delete":true}}' for name in ["q", "prefix", "currency", "monthyPriceFrom"]),
        *(f'{{"select":{{"ids":[1]}},"set":{{"setupPrice":{{"{name}":"TEXT"}}}}}}' for name in ["to", "times", "plus"]),
        '{"select":{"ids":[1]},"set":{"currency":{"to":"TEXT"}}}']},
    # A row may have as many bytes as a body.
    **{f"a file's {row}": body(NUMBERS + "/import?dryRun=true", before + row, content_type=content_type)
       for content_type, before, row in [
           ("text/csv", "", "value,RAW\n"), ("text/csv", CSV, "RAW,1,1,U$\n"), ("text/csv", CSV, '"RAW'),
           ("text/csv", CSV, "+55 84 91234-0001,RAW,1,U$\n"), ("application/x-ndjson", "", '{"value":"TEXT"}\n'),
           ("application/json", "", '[{"value":"TEXT"}]')]},
    # The third is refused before the password is hashed.
    **{f"{method} {path} {template[:30]}": body(path, template, method) for method, path, template in [
        ("POST", NUMBERS, '{"TEXT":"1"}'), ("PATCH", ONE, '{"TEXT":"1"}'),
        ("POST", SESSIONS, '{"username":"supervisor","more":"","password":"TEXT"}'),
        ("POST", NUMBERS, '{"monthyPriceTEXT":"1"}'),
        *(("POST", SESSIONS, template) for template in [
            '{"TEXT":"1"}', "RAW", "\nRAW", '"TEXT"', "[object Object]RAW", '{"a":[' * 30 + '"TEXT"'])]},
    "sessions many names": many_names(SESSIONS), "numbers many names": many_names(NUMBERS),
    "an array": repeated("0,", "[", "0]"), "arrays": repeated("[],", "[", "0]"),
    "a number": repeated("1", '{"username":', "}"), "one name twice": repeated('"username":"",', "{", '"a":1}'),
    "escapes": (BODY - 300, lambda text: request("POST", SESSIONS, AUTHORIZATION, body='{"username":"a' + "".join(
        mark * (len(text.encode()) // 12) for mark in (r"\u0301", r"\u0316")) + '"}')),
    **{start: header(start) for start in [
        "Accept: ", "Accept: application/json;", "Accept: */*;q=", "Origin: ", "Access-Control-Request-Method: ",
        "If-Match: ", "If-None-Match: ", 'If-None-Match: "', "X-Request-Id: ", "X-Forwarded-For: ", "Expect: ",
        "X-Forwarded-Proto: ", "Connection: ", "Upgrade: ", "Cookie: ", "Range: ", "User-Agent: ", "Content-Length: ",
        "Transfer-Encoding: ", "Authorization: ", "Authorization: Bearer "]},
    **{f"/livez {each}": header(each, "/livez") for each in ["Origin: ", "Connection: ", "Connection: keep-alive, "]},
    **{f"{path} {start}": header(start, path, "POST", body="{}") for path, start in [
        (NUMBERS, "Idempotency-Key: "), (NUMBERS, 'Idempotency-Key: "'), (SESSIONS, "Content-Type: "),
        (SESSIONS, "Content-Type: application/json;charset="), (SESSIONS, "Content-Encoding: ")]},
    "preflight": header("Origin: https://shop.example\r\nAccess-Control-Request-Method: ", NUMBERS, "OPTIONS"),
    "If-Match of a change": header("If-Match: ", ONE, "PATCH", body='{"currency":"U$"}'),
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
# The fixture `server` sets it, after PLACES was built.
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
            # The request was refused before all of it was sent.
            response = None
        if response: assert response.status != 500, response
        if response is None or response.status in (400, 413, 431) or response.headers.get("connection") == "close":
            wire.socket.close()
            wire = None
    if wire: wire.socket.close()
    return 1000 * (server.processor_seconds() - began) / done


def least_milliseconds_each(server, data):
    first = milliseconds_each(server, data)
    # Other work on the machine makes a request slower, never faster.
    return first if first < 2 else min(first, *(milliseconds_each(server, data) for _ in range(2)))


@pytest.mark.parametrize("place", PLACES)
def test_the_worst_text_costs_little_and_linear_time(server, place):
    size, make = PLACES[place]
    # The first requests fill caches.
    milliseconds_each(server, make("a" * 100))
    costs = {text: least_milliseconds_each(server, make(TEXTS[text](size))) for text in CHOSEN}
    # Below 2 ms, the cost of any request hides the growth.
    growth = {text: cost / (least_milliseconds_each(server, make(TEXTS[text](size // 2))) + 0.2)
              for text, cost in costs.items() if cost > 2}
    worst = max(costs, key=costs.get)
    bounded(f"{place}: {worst}", costs[worst], MOST_MILLISECONDS, "ms")
    assert max(growth.values(), default=0) <= MOST_GROWTH, (costs, growth)
