"""A Python client, generated from the description by openapi-python-client."""

import datetime
import io
import json
import pathlib
import re
import sys

import pytest
from program import GOOD, PASSWORD, ROOT, output

DESCRIPTION = ROOT / "Sources/Resources/openapi.json"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    # Without the formatter.
    (folder / "settings.json").write_text('{"post_hooks": []}')
    output(
        pathlib.Path(sys.executable).parent / "openapi-python-client", "generate", "--path", DESCRIPTION, "--meta", "none",
        "--config", folder / "settings.json", "--output-path", folder / "inventory")
    sys.path.insert(0, str(folder))
    yield folder / "inventory"
    sys.path.remove(str(folder))


def test_names_are_those_of_the_description(package):
    description = json.loads(DESCRIPTION.read_text())
    paths, schemas = description["paths"].values(), description["components"]["schemas"]
    operations = [each["operationId"] for item in paths for each in item.values() if "operationId" in each]
    functions = {file.stem for file in package.glob("api/*/*.py")} - {"__init__"}
    assert functions == {re.sub("([A-Z])", r"_\1", name).lower() for name in operations}
    models = "".join(file.read_text() for file in package.glob("models/*.py"))
    # The generator would invent names for schemas without one.
    assert set(re.findall(r"^class (\w+)", models, re.MULTILINE)) <= {*schemas, "OpenApiDocument"}
    assert "VALUE_" not in models and not re.search(r"^    \w+: Any", models, re.MULTILINE)


def test_client_does_the_work_of_a_front_end(package, start):
    from inventory.api.changes import change_numbers, list_changed_numbers, list_changes, undo_change
    from inventory.api.numbers import (
        create_number,
        delete_number,
        export_numbers,
        get_number,
        import_numbers,
        list_numbers,
        replace_number,
        update_number,
    )
    from inventory.api.sessions import create_session
    from inventory.client import AuthenticatedClient, Client
    from inventory.models import (
        Adjustments,
        BulkChange,
        ChangeKind,
        FileFormat,
        ImportMode,
        Include,
        NumberDraft,
        NumberPatch,
        NumberReplacement,
        PriceAdjustment,
        Problem,
        Role,
        Selection,
        SignIn,
    )
    from inventory.types import File

    address = start("--demo").address
    session = create_session.sync(client=Client(address), body=SignIn("supervisor", PASSWORD))
    assert session.user.role is Role.SUPERVISOR and session.expires_at > datetime.datetime.now(datetime.UTC)
    client = AuthenticatedClient(address, session.token)

    # Create, read, change, replace.
    draft = NumberDraft("+55 84 91234-4321", "0.03", "3.40", "U$")
    number = create_number.sync(client=client, body=draft)
    assert (number.id, number.to_dict()) == (801, {"id": 801, **GOOD})
    problem = create_number.sync(client=client, body=draft)
    assert isinstance(problem, Problem) and problem.status == 409 and problem.existing.endswith("/801")
    response = get_number.sync_detailed(801, client=client)
    tag = response.headers["ETag"]
    changed = update_number.sync(801, client=client, body=NumberPatch(monthy_price="0.05"), if_match=tag)
    assert changed.monthy_price == "0.05"
    assert update_number.sync(801, client=client, body=NumberPatch(monthy_price="0.06"), if_match=tag).current == changed
    replaced = replace_number.sync(801, client=client, body=NumberReplacement("+55 84 91234-4325", "1", "2", "BRL"))
    assert replaced.setup_price == "2.00"

    # Pages.
    response = list_numbers.sync_detailed(client=client, per_page=300, sort="-monthyPrice")
    pages = [list_numbers.sync(client=client, per_page=300, sort="-monthyPrice", page=page) for page in (1, 2, 3)]
    assert response.parsed == pages[0] and response.headers["X-Total-Count"] == "801"
    assert [len(page) for page in pages] == [300, 300, 201]
    assert list_numbers.sync(client=client, q="8491234-4325") == [replaced]
    versions = [(row.id, row.version) for row in list_numbers.sync(client=client, id=[801, 1], include=Include.VERSION)]
    assert versions == [(1, 1), (801, 3)]

    # Import and export.
    table = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4325,0.07,3.40,U$\n+55 84 91234-4326,0.07,3.40,U$\n"
    def sent(): return File(io.BytesIO(table.encode()))
    report = import_numbers.sync(client=client, body=sent(), mode=ImportMode.UPSERT, dry_run=True)
    assert (report.created, report.changed, report.errors) == (1, 1, [])
    assert import_numbers.sync(client=client, body=sent()).errors[0].line == 2
    response = import_numbers.sync_detailed(client=client, body=sent(), mode=ImportMode.UPSERT, idempotency_key="prices")
    assert response.parsed.created == 1 and "Change-Id" in response.headers
    lines = export_numbers.sync(client=client, q="84 91234-432", format_=FileFormat.NDJSON, ids=True).splitlines()
    assert [json.loads(line)["monthyPrice"] for line in lines] == ["0.07", "0.07"]

    workbook = export_numbers.sync_detailed(client=client, q="84 91234-432", format_=FileFormat.XLSX).content
    report = import_numbers.sync(client=client, body=File(io.BytesIO(workbook)), mode=ImportMode.UPDATE)
    assert (report.rows, report.unchanged) == (2, 2)

    # A mass change: its preview, exactly this change, and its undo.
    change = BulkChange(Selection(currency="£"), Adjustments(monthy_price=PriceAdjustment(times="1.10")))
    preview = change_numbers.sync_detailed(client=client, body=change, dry_run=True)
    assert (preview.parsed.selected, preview.parsed.prices.monthy_price.largest_percent) == (57, "10.00")
    raised = change_numbers.sync(client=client, body=change, if_match=preview.headers["ETag"])
    assert raised.kind is ChangeKind.CHANGE_MANY and raised.count == 57
    assert change_numbers.sync(client=client, body=change, if_match=preview.headers["ETag"]).status == 412
    first = list_changed_numbers.sync(raised.id, client=client, per_page=1)[0]
    assert first.before.currency == "£" and first.after.monthy_price > first.before.monthy_price
    assert undo_change.sync(raised.id, client=client).undoes == raised.id
    undone = list_changes.sync(client=client, kind=[ChangeKind.CHANGE_MANY], from_=raised.at)
    assert [each.id for each in undone] == [raised.id] and undone[0].undone_by == raised.id + 1

    assert delete_number.sync_detailed(801, client=client).status_code == 204
    assert get_number.sync(801, client=client).title == "Not found"
