"""The API against its description, the page /docs, scripts/tour.sh, and the commands of the README."""

import json
import os
import pathlib
import re
import sys

import pytest
from openapi_spec_validator import validate
from playwright.sync_api import expect
from program import PASSWORD, PROGRAM, ROOT, output

README = (ROOT / "README.md").read_text()


def test_the_description_is_valid_openapi(server):
    validate(server.get("/api/v1/openapi.json").json())


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
def docs(visit, start):
    page = visit(start("--demo", SUPERVISOR_PASSWORD="development-only")).page
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
    return page


def test_every_command_returns_a_documented_status(docs, tmp_path):
    commands = docs.locator("pre.command").evaluate_all("""(all) => all.map((each) => {
        const statuses = each.closest("section")?.querySelectorAll("[aria-label^=Responses] td:first-child") ?? [];
        return [each.closest("section")?.id, each.textContent, [...statuses].map((cell) => cell.textContent)];
    })""")
    # Each operation has a command, and operations with several bodies have more.
    operations = {operation for operation, _, _ in commands}
    assert len(operations) >= 35 and len(commands) > len(operations)

    # The page begins with the sign-in.
    [(section, sign_in, _), *commands] = commands
    assert section is None
    output("sh", "-c", sign_in, cwd=tmp_path)
    for operation, command, statuses in commands:
        status = re.match(r"HTTP/1.1 (\d+)", output("sh", "-c", command, cwd=tmp_path))[1]
        assert status.startswith("2") and status in statuses, (operation, command, status)
        # Commands that sign out are followed by a new sign-in.
        if operation == "deleteCurrentSession": output("sh", "-c", sign_in, cwd=tmp_path)


def test_every_table_has_rows_and_every_body_is_named(docs):
    expect(docs.locator("table:not(:has(td))")).to_have_count(0)
    kinds = "One of create, change, delete, changeMany, deleteMany, import, undo."
    expect(docs.locator("#ChangeKind")).to_contain_text(kinds)
    expect(docs.locator("#importNumberFile")).to_contain_text("application/x-ndjson: string")
    expect(docs.locator("#changeNumbers pre.command")).to_have_count(3)
    expect(docs.locator("#BulkChange")).to_contain_text("select.ids (optional)")


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
    expect(page.get_by_role("heading", name="The API", exact=True)).to_be_focused()


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
