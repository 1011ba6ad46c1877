"""The scenarios: each has a row in the table for each of its servers."""

import dataclasses

from servers import ONE, PAGE


@dataclasses.dataclass(frozen=True)
class Scenario:
    # The name in --only.
    name: str
    title: str
    path: str
    # The name of a script in the folder wrk.
    script: str = "same"
    connections: int = 32
    status: int = 200
    # The scenario whose response nginx serves from a file, for the ratio to nginx.
    nginx: str | None = None
    # Other servers, by their names in comparison.py.
    others: tuple = ()


READS = [
    Scenario("page", "page of 50", PAGE, nginx="page", others=("nginx", "FastAPI", "Go", "--no-auth", "--metrics-port 0")),
    Scenario("paced", "page of 50, at half that rate", PAGE, script="paced"),
    Scenario("one", "one number", ONE, nginx="one", others=("nginx", "FastAPI", "Go", "--no-auth", "--metrics-port 0")),
    Scenario("one-random", "one number, at random", ONE, script="one_random", nginx="one", others=("Go",)),
    Scenario("not-modified", "304 of a page of 50", PAGE, status=304, nginx="page"),
    Scenario("filtered", "page of 25, searched, filtered, sorted",
             "/api/v1/numbers?q=84&currency=U%24&sort=-monthyPrice&perPage=25"),
    Scenario("new-page", "page of some 50, never asked for before", "/api/v1/numbers", script="new_page", nginx="page",
             others=("Go",)),
    Scenario("livez", "/livez", "/livez"),
]
WRITES = [
    Scenario("create", "create, 32 connections", "/api/v1/numbers", script="create", others=("Go", "Go, bare table")),
    Scenario("create-one", "create, one connection", "/api/v1/numbers", script="create", connections=1,
             others=("Go", "Go, bare table")),
]
