"""How long requests take in an inventory of a size: one client, and no request twice, so no cached response helps."""

import http.client
import json
import random
import time

NUMBERS, CHANGES = "/api/v1/numbers", "/api/v1/changes"
# Prices that the demo numbers do not have.
RARE_PRICE = 500


class Client:
    """One connection that stays open."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=30)
        self.headers = dict(header.split(": ", 1) for header in server.headers)

    def request(self, method, path, body=None):
        """The body of the response."""
        headers = {**self.headers, **({"Content-Type": "application/json"} if body else {})}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 400: raise SystemExit(f"{path}: {response.status}")
        return text

    def milliseconds(self, *request):
        began = time.perf_counter()
        self.request(*request)
        return (time.perf_counter() - began) * 1e3


def requests(client, count):
    """Functions that return a random request, by its kind. Creates are the first kind, because later ones find them."""
    chance = random.Random(1)
    created = chance.randrange(10**6) * 100

    def create():
        nonlocal created
        created += 1
        return "POST", NUMBERS, json.dumps({
            "value": f"+49151{created % 10**8:08}", "monthyPrice": f"{RARE_PRICE + created % 1000 / 100:.2f}",
            "setupPrice": "3.40", "currency": "U$"})

    def size(): return f"perPage={chance.randint(1, 100)}"

    def get(make): return lambda: ("GET", make())

    def page(order): return get(lambda: f"{NUMBERS}?perPage=25&page={chance.randint(1, max(1, count // 25))}&sort={order}")

    def last_page():
        per_page = chance.randint(25, 100)
        return f"{NUMBERS}?perPage={per_page}&page={max(1, count // per_page - chance.randint(0, 9))}&sort=-value"

    def between(first, last, others=""):
        return f"{NUMBERS}?{size()}&monthyPriceFrom={first:.4f}&monthyPriceTo={last:.4f}{others}&sort=value"

    # Only numbers of a few countries cost 0.035, and these come late in this order.
    def late(): return between(0.0301 + chance.randint(0, 48) / 1e4, 0.0399)

    def few():
        price = RARE_PRICE + (created - chance.randint(0, 199)) % 1000 / 100
        return between(price, price + 0.03)

    def none(): return between(RARE_PRICE + chance.randint(10, 99), 1000, "&setupPriceTo=50")

    def prefix():
        value = json.loads(client.request("GET", f"{NUMBERS}/{chance.randint(1, count)}"))["value"]
        return f"{NUMBERS}?{size()}&prefix={''.join(filter(str.isdigit, value))[:4]}&sort=monthyPrice"

    sorts = [sign + column for sign in ("", "-") for column in ("id", "value", "monthyPrice", "setupPrice")]
    return {
        "create": create,
        "patch": lambda: (
            "PATCH", f"{NUMBERS}/{chance.randint(1, count)}", f'{{"setupPrice": "{chance.randint(1, 99)}.01"}}'),
        "first page": get(lambda: f"{NUMBERS}?{size()}&sort={chance.choice(sorts)}"),
        "one number": get(lambda: f"{NUMBERS}/{chance.randint(1, count)}"),
        "changes": get(lambda: f"{CHANGES}?{size()}&page={chance.randint(1, 3)}"),
        "last page by -value": get(last_page),
        "any page by id": page("id"),
        "any page by price": page("monthyPrice"),
        "price range of some countries, by value": get(late),
        "price range with few, by value": get(few),
        "two price ranges with none, by value": get(none),
        "four first digits, by price": get(prefix),
        "three digits": get(lambda: f"{NUMBERS}?q={chance.randint(0, 999):03}"),
    }


def measure(server, count, times):
    """Pairs of a kind and its milliseconds, sorted, and its milliseconds of processor time in the mean."""
    client = Client(server)
    for kind, make in requests(client, count).items():
        sent, took, processor = set(), [], 0
        # The first ten do not count. A kind may have fewer different requests than `times`.
        for attempt in range(10 + times):
            request = make()
            if request in sent: continue
            sent.add(request)
            before = sum(server.processor_seconds())
            milliseconds = client.milliseconds(*request)
            if attempt < 10: continue
            took.append(milliseconds)
            processor += sum(server.processor_seconds()) - before
        yield kind, sorted(took), processor * 1e3 / len(took)


def percentile(took, percent):
    return took[len(took) * percent // 100]
