"""Files in the console: a price list taken in, and what is filtered written out."""

import csv
import io
import re

import pytest
from console import fits, notice, number, numbers_of
from playwright.sync_api import expect

HEAD = "value;monthyPrice;setupPrice;currency\n"


def check_rows(page, text):
    page.get_by_label("Or rows, pasted from a spreadsheet").fill(text)
    page.get_by_role("button", name="Check").click()


@pytest.fixture
def importing(supervisor):
    supervisor.page.get_by_role("navigation").get_by_role("link", name="Import").click()
    expect(supervisor.page.get_by_role("heading", name="Import")).to_be_focused()
    return supervisor


def test_importing_a_file(importing):
    page, server = importing.page, importing.server
    importing.check()
    known = number(server, 1)
    same = number(server, 2)
    text = HEAD + (f"{known['value']};9.99;{known['setupPrice']};{known['currency']}\n"
                   f"{same['value']};{same['monthyPrice']};{same['setupPrice']};{same['currency']}\n"
                   "+55 84 91234-4321;0.03;3.40;U$\n+55 84 91234-4322;0.03;3.40;U$\n")
    page.locator("#file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    report = page.locator("#report")
    expect(report.locator("dd")).to_have_text(["4", "2", "1", "1"])
    importing.check()
    # Nothing has happened yet.
    assert numbers_of(server) == 800 and number(server, 1) == known
    expect(page.get_by_role("button", name="Import 3 numbers")).to_be_focused()
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("3 numbers imported.")
    assert numbers_of(server) == 802 and number(server, 1)["monthyPrice"] == "9.99"
    importing.keeps_focus()
    notice(page).get_by_role("button", name="Undo").click()
    expect(notice(page)).to_contain_text("Undone.")
    assert numbers_of(server) == 800 and number(server, 1) == known


def test_firefox_imports_what_it_checked(firefox, start, tmp_path):
    server = start("--demo")
    file = tmp_path / "prices.csv"

    def write(price):
        file.write_text(f"value;currency;monthyPrice;setupPrice\n+55 84 91234-4321;U$;0.03;{price}")

    def price():
        return server.supervisor.get(server.address + "/api/v1/numbers?q=5584912344321").json()[0]["setupPrice"]

    write("1x")
    firefox.sign_in(server, "/import")
    firefox.find("file").send_keys(str(file))
    firefox.press("check")
    firefox.expect("import-problem", "1 fault")
    write("1250.00")
    firefox.press("check")
    firefox.press("take")
    firefox.expect("report", "are new")
    assert price() == "1250.00"
    # A change between Check and Import is not imported, and a file that has got shorter holds nothing up.
    firefox.find("file").send_keys(str(file))
    for content in ("1300.00", "1.00"):
        write(content)
        firefox.press("check")
        firefox.expect("take", "Import 1")
        write("9999.00")
    firefox.press("take")
    firefox.expect("report", "are changed")
    assert price() == "1.00"
    firefox.find("file").send_keys(str(file))
    file.unlink()
    firefox.press("check")
    firefox.expect("import-problem", "Choose the file again.")


def test_chromium_asks_for_a_file_that_has_changed(importing, tmp_path):
    page, server = importing.page, importing.server
    file = tmp_path / "prices.csv"
    row = "+55 84 91234-4321;0,03;3,40;U$\n"
    file.write_text(HEAD + row.replace("U$", "12"))
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#import-problem")).to_contain_text("1 fault")
    file.write_text(HEAD + row + row.replace("4321", "4322"))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#import-problem")).to_contain_text("Choose the file again.")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    # From here on the file does not matter.
    expect(page.get_by_role("button", name="Import 2 numbers")).to_be_focused()
    file.unlink()
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("2 numbers imported.")
    assert numbers_of(server) == 802


def test_faults_have_their_lines(importing):
    page, server = importing.page, importing.server
    check_rows(page, HEAD + "+55 84 91234-4321;0,03;3,40;U$\n84 9;0,03;-1;U$\n")
    problem = page.locator("#import-problem")
    expect(problem).to_contain_text("2 faults: nothing was done.")
    expect(problem.get_by_role("row", name="3 Setup price must not be negative")).to_be_visible()
    expect(page.get_by_role("button", name="Import 1")).to_be_hidden()
    assert fits(page)
    importing.check()
    # Correcting them takes the report away.
    check_rows(page, HEAD + "+55 84 91234-4321;0,03;3,40;U$\n")
    expect(page.get_by_role("button", name="Import 1 number")).to_be_visible()
    assert numbers_of(server) == 800


@pytest.mark.parametrize(("rows", "told"), [
    ("0,03\t3,40", "Prices read with a decimal comma."), ("0.03\t3.40", "Prices read with a decimal point."),
    ("3\t4", None)])
def test_the_report_names_the_decimal_separator(importing, rows, told):
    check_rows(importing.page, f"+55 84 91234-4321\t{rows}\tU$")
    report = importing.page.locator("#report")
    expect(report).to_contain_text("would be new")
    expect(report.locator("p")).to_have_text([told] if told else [])


def test_prices_that_can_be_read_both_ways_are_asked_about(importing):
    page, server = importing.page, importing.server
    problem = page.locator("#import-problem")
    check_rows(page, "+55 84 91234-4321\t1,250\t3\tU$")
    expect(problem.locator("td")).to_have_text(["1", re.compile("Monthly price could be 1250 or 1,250")])
    importing.check()
    problem.get_by_role("button", name="decimal comma").click()
    expect(page.locator("#report")).to_contain_text("Prices read with a decimal comma.")
    page.get_by_role("button", name="Import 1 number").click()
    expect(notice(page)).to_contain_text("1 number imported.")
    assert number(server, 801)["monthyPrice"] == "1.25"
    # The next rows are asked about again.
    check_rows(page, "+55 84 91234-4322\t1,250\t3\tU$")
    problem.get_by_role("button", name="decimal point").click()
    expect(problem.locator("td").last).to_contain_text("cannot have two decimal separators")
    assert numbers_of(server) == 801


@pytest.mark.parametrize("head", [
    "", "Number\tMonthly price\tSetup price\tCurrency\n", "currency\tvalue\tmonthyPrice\tsetupPrice\n"])
def test_rows_of_a_spreadsheet(importing, head):
    page, server = importing.page, importing.server
    rows = [["+55 84 91234-4321", "0,03", "3,40", "U$"],
            ["'+55 84 91234-4322", "0,03", " 3,40 ", "U$"], ["+55 84", "0,03", "3,40", "U$"]]
    if head.startswith("currency"): rows = [[row[3], *row[:3]] for row in rows]
    check_rows(page, head + "\n".join("\t".join(row) for row in rows))
    # The line is the one that was pasted.
    expect(page.locator("#import-problem td").first).to_have_text("4" if head else "3")
    check_rows(page, head + "\n".join("\t".join(row) for row in rows[:2]))
    page.get_by_role("button", name="Import 2 numbers").click()
    expect(notice(page)).to_contain_text("2 numbers imported.")
    assert numbers_of(server) == 802


def test_lines_are_those_that_were_pasted(importing):
    page = importing.page
    check_rows(page, "+55 84 91234-4321\t0,03\t3,40\tU$\n" * 2)
    expect(page.locator("#import-problem td")).to_have_text(["2", re.compile("line 1")])
    # The names above them are not theirs either.
    check_rows(page, "+55 84 91234-4321\t0,03\t3,40")
    expect(page.locator("#import-problem td").first).to_have_text("1")


def test_pasted_rows_stay_until_they_are_imported(importing):
    page, text = importing.page, "+55 84 91234-4321\t0,03\t3,40\tU$\n"
    pasted = page.get_by_label("Or rows, pasted from a spreadsheet")
    pasted.fill(text)
    page.get_by_role("link", name="Numbers").click()
    page.get_by_role("link", name="Import").first.click()
    expect(pasted).to_have_value(text)
    page.reload()
    expect(pasted).to_have_value(text)
    # A file is imported in their place, and leaves them there.
    page.locator("#file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": (
        HEAD + "+55 84 91234-4322;0,03;3,40;U$").encode()})
    expect(page.locator("#file-name")).to_have_text("prices.csv, instead of the pasted rows")
    for _ in range(2):
        page.get_by_role("button", name="Check").click()
        page.get_by_role("button", name="Import 1 number").click()
        expect(page.locator("#report")).to_contain_text("are new")
    page.reload()
    expect(pasted).to_have_value("")


@pytest.mark.parametrize("more", [0, 1])
def test_more_pasted_rows_than_a_tab_keeps(importing, more):
    page = importing.page
    page.get_by_label("Or rows, pasted from a spreadsheet").fill("5" * (1_000_000 + more))
    page.get_by_role("link", name="Numbers").click()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    expect(page.locator("#range")).to_be_visible()
    assert asked == ["beforeunload"] * more


def test_dropping_a_file(importing):
    page = importing.page
    page.locator("#drop").evaluate("""(place, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "numbers.ndjson"));
        place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""", '{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}\n')
    expect(page.locator("#file-name")).to_contain_text("numbers.ndjson")
    page.get_by_label("What the list is").select_option("create")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("button", name="Import 1 number")).to_be_visible()


def test_a_server_that_is_slow_and_away(distant):
    visitor, wire = distant
    page = visitor.page
    page.get_by_role("navigation").get_by_role("link", name="Import").click()
    expect(page.get_by_role("heading", name="Import")).to_be_visible()
    wire.delay = 60
    check_rows(page, HEAD + "+55 84 91234-4321;0,03;3,40;U$\n")
    expect(page.get_by_role("progressbar")).to_be_visible()
    visitor.check()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#import-problem")).to_contain_text("Stopped.")
    wire.delay = 0
    wire.cut()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#import-problem")).to_contain_text("The server cannot be reached.")
    wire.mend()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("button", name="Import 1 number")).to_be_visible()


def test_exporting_what_is_filtered(supervisor):
    page, server = supervisor.page, supervisor.server
    page.get_by_role("searchbox", name="Search").fill("5511")
    matching = numbers_of(server, "q=5511")
    expect(page.locator("#status")).to_have_text(f"{matching} numbers")
    page.get_by_role("columnheader", name="Number").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=value"))
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", name=f"Export {matching} numbers")).to_be_visible()
    supervisor.check()
    with page.expect_download() as download:
        page.locator("#export").get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.endswith(".csv")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read())))
    assert len(rows) == matching
    values = [row["value"] for row in rows]
    assert values == sorted(values)


def test_a_double_click_on_export_opens_one_dialog(supervisor):
    page, held = supervisor.page, []
    page.route("**/exporting.js", lambda route: held.append(route))
    page.reload()
    page.get_by_role("button", name="Export").dblclick()
    for route in held: route.continue_()
    expect(page.locator("dialog")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(1)


def test_exporting_for_decimal_commas(visit, start):
    visitor = visit(start("--demo"), locale="pt-BR")
    page = visitor.sign_in()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_label("CSV for spreadsheets with decimal commas")).to_be_checked()
    page.get_by_label("With ids").check()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read()), delimiter=";"))
    assert len(rows) == 800 and "," in rows[0]["monthyPrice"] and rows[0]["id"] == "1"


def test_a_file_that_is_imported_is_gone_from_the_form(importing):
    page = importing.page
    text = HEAD + "+55 84 91234-4321;0,03;3,40;U$\n"
    page.locator("#file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Import 1 number").click()
    expect(notice(page)).to_contain_text("1 number imported.")
    # The focus is where it says what was done.
    expect(page.locator("#report")).to_be_focused()
    expect(page.locator("#report")).to_contain_text("are new")
    expect(page.locator("#file-name")).to_have_text("or drop one here")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#import-problem")).to_have_text("Choose a file, or paste rows.")


@pytest.mark.parametrize("answer", [None, {"status": 503, "json": {"type": "/problems/outcome-unknown"}}])
def test_an_import_whose_response_is_lost(importing, answer):
    page, server, keys = importing.page, importing.server, []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        response = route.fetch()
        if len(keys) > 1: route.fulfill(response=response)
        elif answer: route.fulfill(**answer)
        else: route.abort()

    page.route("**/import?*dryRun=false*", lose)
    page.get_by_label("What the list is").select_option("create")
    check_rows(page, HEAD + "+55 84 91234-4321;0,03;3,40;U$\n")
    take = page.get_by_role("button", name="Import 1 number")
    take.click()
    problem = page.locator("#import-problem")
    expect(problem).to_contain_text("This may have been done")
    expect(problem.get_by_role("link", name="Changes")).to_be_visible()
    importing.check()
    take.click()
    expect(notice(page)).to_contain_text("1 number imported.")
    assert numbers_of(server) == 801 and keys[0] == keys[1]


@pytest.mark.parametrize("outcome", ["done", "refused", "stopped"])
def test_an_import_goes_on_when_its_page_is_left(distant, outcome):
    visitor, wire = distant
    page, server = visitor.page, visitor.server
    page.get_by_role("navigation").get_by_role("link", name="Import").click()
    check_rows(page, HEAD + "+55 84 91234-4321;0,03;3,40;U$\n")
    expect(page.get_by_role("button", name="Import 1 number")).to_be_focused()
    page.get_by_label("What the list is").focus()
    wire.delay = 60
    page.get_by_role("button", name="Import 1 number").click()
    # Whoever closes the tab is asked first.
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    for _ in range(300):
        if asked: break
        page.wait_for_timeout(100)
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Numbers").click()
    expect(notice(page)).to_contain_text("The import goes on.")
    if outcome == "stopped":
        notice(page).get_by_role("button", name="Stop").click()
        expect(notice(page)).to_contain_text("Stopped.")
        return
    if outcome == "refused":
        wire.cut()
        expect(notice(page)).to_contain_text("The server cannot be reached. This may have been done.")
        wire.delay = 0
        wire.mend()
        notice(page).get_by_role("button", name="Import again").click()
        expect(notice(page)).to_contain_text("1 number imported.")
    else:
        wire.delay = 0
        expect(notice(page, "1 number imported.")).to_be_visible()
        assert numbers_of(server) == 801
        notice(page, "1 number imported.").get_by_role("button", name="Undo").click()
        expect(notice(page)).to_contain_text("Undone.")
    # Nothing is lost with the tab any more.
    page.reload()
    assert asked == ["beforeunload"]
