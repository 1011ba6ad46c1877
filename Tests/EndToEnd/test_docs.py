"""The commands that /docs shows."""

import re
import subprocess

from playwright.sync_api import expect


def test_every_command_returns_what_the_page_says(visit, start, tmp_path):
    page = visit(start("--demo", SUPERVISOR_PASSWORD="development-only")).page
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
    commands = page.locator("pre.command").evaluate_all("""(all) => all.map((each) => {
        const statuses = each.closest("section")?.querySelectorAll("[aria-label^=Responses] td:first-child") ?? [];
        return [each.closest("section")?.id, each.textContent, [...statuses].map((cell) => cell.textContent)];
    })""")
    # One for each operation, and more for each that takes several bodies.
    operations = {operation for operation, _, _ in commands}
    assert len(operations) >= 35 and len(commands) > len(operations)

    def run(command):
        return subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout

    assert commands[0][0] is None, "The page begins with how to sign in."
    sign_in = commands.pop(0)[1]
    run(sign_in)
    for operation, command, statuses in commands:
        status = re.match(r"HTTP/1.1 (\d+)", run(command))[1]
        assert status.startswith("2") and status in statuses, (operation, command, status)
        # Commands that sign out are followed by a new sign-in.
        if operation == "deleteCurrentSession": run(sign_in)


def test_every_table_has_rows_and_every_body_is_named(visit, start):
    page = visit(start()).page
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Schemas")).to_be_visible()
    expect(page.locator("table:not(:has(td))")).to_have_count(0)
    kinds = "One of create, change, delete, changeMany, deleteMany, import, undo."
    expect(page.locator("#ChangeKind")).to_contain_text(kinds)
    expect(page.locator("#importNumberFile")).to_contain_text("application/x-ndjson: string")
    expect(page.locator("#changeNumbers pre.command")).to_have_count(3)
    expect(page.locator("#BulkChange")).to_contain_text("select.ids (optional)")
