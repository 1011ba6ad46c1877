"""The API against its description, the page /docs, scripts/tour.sh, and the commands of the README."""

import collections
import json
import os
import pathlib
import re
import sys

import pytest
from openapi_spec_validator import validate
from playwright.sync_api import expect
from program import GOOD, NUMBERS, PASSWORD, PROGRAM, ROOT, Client, output

README = (ROOT / "README.md").read_text()
# The requests for other examples of an operation.
VARIANTS = {"changeNumbers": "?dryRun=true", "importNumbers": "?dryRun=true", "exportNumbers": "?format=ndjson"}


def test_the_description_is_valid_openapi_and_suits_generators(server):
    description = server.get("/api/v1/openapi.json").json()
    validate(description)

    def parts(part, *path):
        if isinstance(part, dict): yield path, part
        for name, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
            if name not in ("example", "examples"): yield from parts(inner, *path, name)

    for path, part in parts(description):
        # Objects and enumerations have names.
        assert not {"enum", "properties"} & part.keys() or path[:-1] == ("components", "schemas"), path
        # Tools would send examples and defaults of optional parameters.
        assert "default" not in part, path
        if "in" in part and "required" not in part:
            assert part["description"] and not {"example", "examples"} & {*part, *part["schema"]}, path


@pytest.mark.parametrize("user", ["supervisor", "guest"])
def test_responses_are_as_described(start, tmp_path, user):
    server = start("--demo")
    # Sign in first, because the many wrong passwords of a guest delay a later sign-in.
    authorization = f"Authorization: {server.supervisor.headers['Authorization']}"
    options = ["--max-examples", "15"] if user == "guest" else [
        # deleteCurrentSession would end the session of all later requests.
        "--max-examples", "40", "--header", authorization, "--exclude-operation-id", "deleteCurrentSession"]
    output(
        pathlib.Path(sys.executable).parent / "schemathesis", "run", server.address + "/api/v1/openapi.json",
        # No schema can say which numbers and passwords exist, so some valid requests are refused, as documented.
        "--checks", "all", "--exclude-checks", "positive_data_acceptance",
        "--seed", "1", "--max-time", "60", "--continue-on-failure", "--no-color", *options, cwd=tmp_path, timeout=600,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "media_types", "PYTHONPATH": str(pathlib.Path(__file__).parent)})
    assert user == "supervisor" or server.total() == 800


@pytest.fixture
def development(start):
    """A demo inventory with the password of the examples."""
    return start("--demo", SUPERVISOR_PASSWORD="development-only")


@pytest.fixture
def docs(visit, development):
    page = visit(development).page
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
    return page


def test_every_command_returns_the_documented_response(docs, development, tmp_path):
    commands = docs.locator("pre.command").evaluate_all("""(all) => all.map((each) => {
        const statuses = each.closest("section")?.querySelectorAll("[aria-label^=Responses] td:first-child") ?? [];
        return [each.closest("section")?.id, each.textContent, [...statuses].map((cell) => cell.textContent)];
    })""")
    # Each operation has a command, and operations with several bodies have more.
    operations = {operation for operation, _, _ in commands}
    assert len(operations) >= 30 and len(commands) > len(operations)
    responses = collections.defaultdict(list)

    def run(operation, command):
        head, _, body = output("sh", "-c", command, cwd=tmp_path).partition("\n\n")
        status = re.match(r"HTTP/1.1 (\d+)", head)[1]
        responses[operation, status].append(json.loads(body) if "\nContent-Type: application/json" in head else body)
        return status

    # The page begins with the sign-in.
    [(section, sign_in, _), *commands] = commands
    assert section is None
    output("sh", "-c", sign_in, cwd=tmp_path)
    # Examples of reads are true before the first write, or after those that precede them.
    for operation, command, _ in commands:
        if operation in VARIANTS: run(operation, command + VARIANTS[operation])
        if " -X " not in command: run(operation, command)
    for operation, command, statuses in commands:
        status = run(operation, command)
        assert status.startswith("2") and status in statuses, (operation, command, status)
        # Commands that sign out are followed by a new sign-in.
        if operation == "deleteCurrentSession": output("sh", "-c", sign_in, cwd=tmp_path)
        if operation == "createUser": development.sign_in("ana", PASSWORD)

    paths = development.get("/api/v1/openapi.json").json()["paths"]
    for operation in [each for item in paths.values() for each in item.values() if "operationId" in each]:
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values() if status < "300" else ():
                name, real = operation["operationId"], responses[operation["operationId"], status]
                for example in examples_of(content):
                    assert any(agrees(example, each) for each in real), (name, example, real)


def test_examples_of_problems_are_real_responses(start):
    server, open_server = start("--demo"), start("--no-auth")
    server.add_user("ana")
    first, fresh = NUMBERS + "/1", {"Idempotency-Key": "first"}
    change = {"select": {"ids": [2]}, "set": {"monthyPrice": {"to": "0.05"}}}
    boss, ana, guest = server.supervisor, server.sign_in("ana"), Client(server.address)
    for price in ("0.04", "0.05"): boss.patch(first, json={"monthyPrice": price})
    preview = boss.post("/api/v1/changes?dryRun=true", json=change).headers["ETag"]
    boss.patch(NUMBERS + "/2", json={"monthyPrice": "0.08"})
    boss.post(NUMBERS, json=GOOD, headers=fresh)
    wrong = {"username": "ana", "password": "guess"}
    responses = [
        boss.get(NUMBERS + "?per_page=50"),
        boss.post(NUMBERS, data='{"value": "+55 51 3051-8530",}', headers={"Content-Type": "application/json"}),
        boss.delete(NUMBERS + "/42", headers={"If-Match": "1"}),
        guest.get(NUMBERS),
        ana.post(NUMBERS, json=GOOD),
        Client(open_server.address).post(NUMBERS, json=GOOD, headers={"Origin": "https://shop.example"}),
        boss.get(NUMBERS + "/999"),
        boss.delete(NUMBERS),
        boss.get(NUMBERS, headers={"Accept": "application/xml"}),
        boss.post(NUMBERS, json={**GOOD, "value": "+555130518530"}),
        boss.patch(first, json={"monthyPrice": "0.06"}, headers={"If-Match": '"1"'}),
        boss.post(NUMBERS, data=" " * 65 * 1024, headers={"Content-Type": "application/json"}),
        boss.get(NUMBERS + "?q=" + "8" * 8192),
        boss.post(NUMBERS, data="hello", headers={"Content-Type": "text/plain"}),
        boss.post(NUMBERS, json={**GOOD, "setupPrice": "-1", "currency": "banana"}),
        boss.post(NUMBERS, json={**GOOD, "currency": "R$"}, headers=fresh),
        boss.get(NUMBERS, headers={"Cookie": "8" * 33 * 1024}),
        boss.post("/api/v1/changes", json=change, headers={"If-Match": preview}),
        boss.post("/api/v1/changes/1/undo"),
        boss.post("/api/v1/users", json={"username": "Supervisor", "role": "salesperson", "password": PASSWORD}),
        boss.patch("/api/v1/users/1", json={"role": "salesperson"}),
        *[guest.post("/api/v1/sessions", json=wrong) for _ in range(6)],
    ]
    real = {response.json()["type"]: response.json() for response in responses}
    # No test here causes these: the database fails, or a request takes long, or there are many.
    untested = {"request-timeout", "internal-error", "unavailable", "outcome-unknown",
                "idempotency-key-in-use", "too-many-idempotency-keys"}
    for response in server.get("/api/v1/openapi.json").json()["components"]["responses"].values():
        content = response["content"]["application/problem+json"]
        for example in examples_of(content):
            name = example["type"].removeprefix("/problems/")
            assert name in untested or agrees(example, real[example["type"]]), (example, real[example["type"]])


def examples_of(content):
    """The examples of a response; a binary file has none."""
    return [content["example"]] if "example" in content else [each["value"] for each in content.get("examples", {}).values()]


def agrees(example, response):
    """Whether a response begins like an example. Times, tokens, addresses and ids of requests are different each time."""

    def constant(value):
        return re.sub(r'\d{4}-\d\d-\d\dT[\d:.]+Z|ctk_[\w-]{43}|http://[\d.:]+|(?<=requestId": ")\w+', "", json.dumps(value))

    if type(example) is not type(response): return False
    if isinstance(example, str): return response.startswith(example.replace("\r\n", "\n"))
    if "openapi" in example: return example.items() <= response.items()
    return constant(example) == constant(response[:len(example)] if isinstance(example, list) else response)


def test_every_table_has_rows_and_every_body_is_named(docs):
    expect(docs.locator("table:not(:has(td))")).to_have_count(0)
    kinds = "One of create, change, delete, changeMany, deleteMany, import, undo."
    expect(docs.locator("#ChangeKind")).to_contain_text(kinds)
    expect(docs.locator("#importNumbers")).to_contain_text("application/x-ndjson: string")
    expect(docs.locator("#changeNumbers pre.command")).to_have_count(2)
    expect(docs.locator("#BulkChange").get_by_role("link", name="Selection")).to_have_attribute("href", "#Selection")
    expect(docs.locator("#Selection")).to_contain_text("ids (optional)")


@pytest.mark.parametrize("path", ["/docs", "/problems/number-exists"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_api_are_accessible(visit, start, path, scheme):
    visitor = visit(start(), color_scheme=scheme)
    page = visitor.page
    page.goto(path)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    if path == "/docs":
        expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
        expect(page.locator("#createNumber pre").first).to_contain_text("curl -i -X POST")
        text = page.locator("body").inner_text()
        assert "9223372036854776000" not in text and "from 1. from 1" not in text.lower()
    visitor.check()


@pytest.mark.parametrize("failure", ["503", "no network"])
def test_a_description_that_failed_to_load_can_be_loaded_again(visit, start, failure):
    visitor = visit(start())
    page = visitor.page
    problem = {"title": "Service unavailable", "status": 503}
    page.route("**/openapi.json", lambda route: route.abort() if failure == "no network" else
               route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem)))
    page.goto("/docs")
    expect(page.get_by_role("alert")).to_have_text("The description cannot be loaded.")
    visitor.check()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_text("The description cannot be loaded.")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.unroute("**/openapi.json")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="API documentation", exact=True)).to_be_focused()


def test_the_commands_of_the_readme_work_in_their_order(start, tmp_path):
    server = start("--demo")
    commands = re.search(r"```sh\n(# Sign in\..*?)```", README, re.DOTALL)[1]
    commands = commands.replace("http://127.0.0.1:8080", server.address).replace("development-only", PASSWORD)
    # Twice, because the first run deletes its number.
    for _ in range(2):
        responses = output("bash", "-euo", "pipefail", "-c", commands, cwd=tmp_path)
        assert re.findall(r"HTTP/1.1 (\d+)", responses) == ["200", "201", "200", "201", "204"], responses


def test_the_price_list_fits_the_demo_numbers(start):
    server = start("--demo")
    commands = re.findall(r"^(?:docker-compose exec -T api|\.build/debug/)\W*carrier (import .*)$", README, re.MULTILINE)
    assert len(commands) == 2
    created, changed, unchanged = re.search(r"(\d+) created,\s+(\d+) changed,\s+(\d+) unchanged", README).groups()
    for command in [*commands, commands[1].replace(" --dry-run", "")]:
        report = output("sh", "-c", f"{PROGRAM} {command}", cwd=ROOT, env={"DATABASE_URL": server.database})
        assert f"{created} created, {changed} changed, {unchanged} unchanged" in report
    assert "This is change 1." in report
    assert server.carrier("undo", "1").returncode == 0


def test_the_tour_of_all_operations_succeeds(server):
    shown = output(ROOT / "scripts/tour.sh", server.address, env={**os.environ, "CARRIER_PASSWORD": PASSWORD})
    assert shown.rstrip().endswith(" 0 failed")
    assert not re.search(PASSWORD + r"|ctk_[\w-]{43}", shown)
