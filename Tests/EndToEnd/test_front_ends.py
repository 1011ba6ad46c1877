"""The requests of front ends that were built against a mock server, as their libraries send them.

The sources are json-server 0.17.4 (src/server/router/plural.js), ra-data-json-server of react-admin 5 (src/index.ts)
and @refinedev/simple-rest 5.0.10 (src/provider.ts, src/utils).
"""

import re
import urllib.parse

import pytest
import requests
from program import GOOD, NUMBERS, Server

ORIGIN = "http://localhost:5173"
RA, REFINE, MOCK = "ra-data-json-server", "@refinedev/simple-rest", "json-server"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), "--demo", "--cors-origins", ORIGIN)
    yield server
    assert server.stop() == 0


def listed(server, query):
    response = server.supervisor.get(f"{NUMBERS}?{query}", headers={"Origin": ORIGIN})
    assert response.status_code == 200, response.text
    exposed = re.split(", *", response.headers["Access-Control-Expose-Headers"])
    assert {"X-Total-Count", "Link"} <= set(exposed)
    return response


# The library, its query, and the query of ours that lists the same numbers.
@pytest.mark.parametrize(("library", "query", "ours"), [
    # getList: react-admin's table, then with a filter, in descending order.
    (RA, "_end=10&_order=ASC&_sort=id&_start=0", "perPage=10"),
    (RA, "_end=50&_order=DESC&_sort=monthyPrice&_start=25&currency=U%24&q=84",
     "perPage=25&page=2&sort=-monthyPrice&currency=U$&q=84"),
    (RA, "_end=10&_order=ASC&_sort=value&_start=0&monthyPrice_gte=0.05&monthyPrice_lte=1",
     "perPage=10&sort=value&monthyPriceFrom=0.05&monthyPriceTo=1"),
    # getMany, also of more ids than a page has.
    (RA, "id=3&id=5&id=799", "id=3,5,799"),
    (RA, "&".join(f"id={id}" for id in range(1, 41)), "perPage=40&id=" + ",".join(map(str, range(1, 41)))),
    # getManyReference: the numbers with one currency.
    (RA, "_end=25&_order=DESC&_sort=id&_start=0&currency=R%24", "sort=-id&currency=R$"),
    # getList: without sorters, with two, with filters `eq`, `contains`, `gte`, `lte`, and `q`.
    (REFINE, "_end=10&_start=0", "perPage=10"),
    (REFINE, "_end=20&_order=asc%2Cdesc&_sort=currency%2CmonthyPrice&_start=10",
     "perPage=10&page=2&sort=currency,-monthyPrice"),
    (REFINE, "_end=10&_start=0&currency=U%24&setupPrice_gte=1&setupPrice_lte=3.4&value_like=84",
     "perPage=10&currency=U$&q=84&setupPriceFrom=1&setupPriceTo=3.4"),
    (REFINE, "_end=10&_start=0&q=5584", "perPage=10&q=5584"),
    (REFINE, "_end=10&_start=0&monthyPrice=0.03", "perPage=10&monthyPriceFrom=0.03&monthyPriceTo=0.03"),
    # getList without pagination, and getMany.
    (REFINE, "", ""),
    (REFINE, "id=1&id=2", "id=1,2"),
    # The README of json-server.
    (MOCK, "_page=7&_limit=20", "page=7&perPage=20"),
    (MOCK, "_page=7", "page=7"),
    (MOCK, "_sort=monthyPrice&_order=asc", "sort=monthyPrice"),
    (MOCK, "_sort=currency,value&_order=desc,asc", "sort=-currency,value"),
    (MOCK, "_sort=currency,value&_order=desc", "sort=-currency,value"),
    (MOCK, "_start=20&_end=30", "page=3&perPage=10"),
    (MOCK, "_start=20&_limit=10", "page=3&perPage=10"),
    (MOCK, "monthyPrice_gte=0.1&monthyPrice_lte=0.2", "monthyPriceFrom=0.1&monthyPriceTo=0.2"),
    (MOCK, "value_like=8491", "q=8491"),
    (MOCK, "q=8491", "q=8491"),
    (MOCK, "currency=U%24&monthyPrice=0.03", "currency=U$&monthyPriceFrom=0.03&monthyPriceTo=0.03"),
])
def test_a_list_is_the_same_with_the_names_of_a_library(server, library, query, ours):
    response, same = listed(server, query), listed(server, ours)
    assert response.json() == same.json() != []
    assert response.headers["X-Total-Count"] == same.headers["X-Total-Count"]


def test_a_window_of_numbers_begins_anywhere(server):
    numbers = listed(server, "perPage=1000").json()
    for start, end in [(5, 25), (1, 2), (395, 405), (790, 815)]:
        assert listed(server, f"_start={start}&_end={end}").json() == numbers[start:end]


def test_the_value_of_a_number_finds_it_alone(server):
    number = listed(server, "perPage=1").json()[0]
    assert listed(server, "value=" + urllib.parse.quote(number["value"])).json() == [number]
    assert listed(server, "value=" + urllib.parse.quote(number["value"][:-1])).json() == []


@pytest.mark.parametrize(("query", "last"), [
    ("_page=2&_limit=20&_sort=monthyPrice&_order=desc", "_page=40"), ("_start=20&_end=40", "_start=780&_end=800"),
    ("page=2&perPage=20", "page=40"),
])
def test_links_have_the_names_of_the_request_and_lead_through_the_list(server, query, last):
    links = listed(server, query).links
    assert set(links) == {"first", "prev", "next", "last"} and last in links["last"]["url"]
    page, seen = listed(server, links["first"]["url"].partition("?")[2]), []
    while True:
        seen += [number["id"] for number in page.json()]
        if "next" not in page.links: break
        page = listed(server, page.links["next"]["url"].partition("?")[2])
    assert len(seen) == len(set(seen)) == 800


# react-admin puts all members, refine patches those of the form. The id may be a text from the address.
@pytest.mark.parametrize(("library", "method", "id"), [
    (RA, "PUT", int), (RA, "PUT", str), (REFINE, "PATCH", int), (REFINE, "PATCH", str), (MOCK, "PUT", int)])
def test_numbers_are_created_changed_and_deleted(server, library, method, id):
    client, headers = server.supervisor, {"Origin": ORIGIN, "Accept": "application/json, text/plain, */*"}
    for allowed in ("POST", method, "DELETE"):
        preflight = client.options(NUMBERS, headers={
            "Origin": ORIGIN, "Access-Control-Request-Method": allowed,
            "Access-Control-Request-Headers": "authorization,content-type"})
        assert preflight.status_code == 204 and preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert allowed in preflight.headers["Access-Control-Allow-Methods"]
        assert {"Authorization", "Content-Type"} <= set(preflight.headers["Access-Control-Allow-Headers"].split(", "))
    created = client.post(NUMBERS, json=GOOD, headers=headers)
    assert created.status_code == 201 and created.json().items() >= GOOD.items()
    path = f"{NUMBERS}/{created.json()['id']}"
    assert client.get(path, headers=headers).json() == created.json()
    data = {**created.json(), "id": id(created.json()["id"]), "setupPrice": "9.90"}
    changed = client.request(method, path, json=data, headers=headers)
    assert changed.status_code == 200 and changed.json() == {**created.json(), "setupPrice": "9.90"}
    # refine sends the variables of a deletion, if there are any.
    deleted = client.delete(path, headers=headers, **({"json": {}} if library == REFINE else {}))
    assert (deleted.status_code, deleted.content) == (204, b"")


def test_versions_of_a_list_are_entity_tags(server):
    created = server.supervisor.post(NUMBERS, json=GOOD).json()
    path = f"{NUMBERS}/{created['id']}"
    [number] = listed(server, f"include=version&id={created['id']}").json()
    for status in (200, 412):
        tag = f'"{number["version"]}"'
        changed = server.supervisor.patch(path, json={"setupPrice": f"{status}.00"}, headers={"If-Match": tag})
        assert changed.status_code == status
    assert server.supervisor.delete(path).status_code == 204


def test_the_resources_are_listed_for_guests(server):
    resources = server.get("/api/v1").json()
    assert resources["numbers"] == server.address + NUMBERS
    for address in (resources["description"], resources["documentation"]): assert requests.get(address).ok
