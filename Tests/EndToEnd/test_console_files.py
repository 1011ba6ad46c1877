"""Files in the console: importing price lists, and exporting filtered numbers."""

import csv
import io
import re

import pytest
from console import dialogs_of, fits, notice, number, undo
from playwright.sync_api import expect
from program import until

HEAD, ROW = "value;monthyPrice;setupPrice;currency\n", "+55 84 91234-4321;0,03;3,40;U$\n"
PASTED = ROW.replace(";", "\t")
OTHER = ROW.replace("4321", "4322")


@pytest.fixture
def importing(page):
    page.get_by_role("navigation").get_by_role("link", name="Import").click()
    expect(page.get_by_role("heading", name="Import")).to_be_focused()
    return page


def check(page):
    page.get_by_role("button", name="Check").click()


def check_rows(page, text):
    page.get_by_label("Or rows, pasted from a spreadsheet").fill(text)
    check(page)


def choose(page, text):
    page.locator("#file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})


def import_button(page, numbers="1 number"):
    return page.get_by_role("button", name=f"Import {numbers}")


def import_checked(page, numbers="1 number"):
    import_button(page, numbers).click()
    expect(notice(page)).to_contain_text(f"{numbers} imported.")


def problem(page):
    return page.locator("#import-problem")


def test_a_checked_file_is_imported_by_keyboard_and_undone(importing, demo, supervisor):
    supervisor.check()
    known, same = number(demo, 1), number(demo, 2)
    choose(importing, HEAD + (
        f"{known['value']};9.99;{known['setupPrice']};{known['currency']}\n"
        f"{same['value']};{same['monthyPrice']};{same['setupPrice']};{same['currency']}\n"
        "+55 84 91234-4321;0.03;3.40;U$\n+55 84 91234-4322;0.03;3.40;U$\n"))
    importing.get_by_role("button", name="Check").press("Enter")
    expect(importing.locator("#report dd")).to_have_text(["4", "2", "1", "1"])
    supervisor.check()
    assert demo.total() == 800 and number(demo, 1) == known
    expect(import_button(importing, "3 numbers")).to_be_focused()
    importing.keyboard.press("Enter")
    expect(notice(importing)).to_contain_text("3 numbers imported.")
    assert demo.total() == 802 and number(demo, 1)["monthyPrice"] == "9.99"
    # The form is empty again, and the report has the focus.
    expect(importing.locator("#report")).to_be_focused()
    expect(importing.locator("#report")).to_contain_text("are new")
    expect(importing.locator("#file-name")).to_have_text("or drop one here")
    undo(importing)
    assert demo.total() == 800 and number(demo, 1) == known
    check(importing)
    expect(problem(importing)).to_have_text("Choose a file, or paste rows.")


def test_firefox_imports_what_it_checked(firefox, demo, tmp_path):
    file = tmp_path / "prices.csv"

    def write(price):
        file.write_text(f"value;currency;monthyPrice;setupPrice\n+55 84 91234-4321;U$;0.03;{price}")

    def price():
        return demo.supervisor.get("/api/v1/numbers?q=5584912344321").json()[0]["setupPrice"]

    write("1x")
    firefox.sign_in(demo, "/import")
    firefox.find("file").send_keys(str(file))
    firefox.press("check")
    firefox.expect("import-problem", "1 fault")
    write("1250.00")
    firefox.press("check")
    firefox.press("take")
    firefox.expect("report", "are new")
    assert price() == "1250.00"
    # A change between Check and Import is not imported, and a shorter file does not block.
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


def test_chromium_requests_a_changed_file_again(importing, demo, tmp_path):
    file = tmp_path / "prices.csv"
    file.write_text(HEAD + ROW.replace("U$", "12"))
    importing.locator("#file").set_input_files(file)
    check(importing)
    expect(problem(importing)).to_contain_text("1 fault")
    file.write_text(HEAD + ROW + OTHER)
    check(importing)
    expect(problem(importing)).to_contain_text("Choose the file again.")
    importing.locator("#file").set_input_files(file)
    check(importing)
    expect(import_button(importing, "2 numbers")).to_be_focused()
    file.unlink()
    import_checked(importing, "2 numbers")
    assert demo.total() == 802


def test_errors_are_listed_with_their_lines_until_corrected(importing, demo, supervisor):
    check_rows(importing, HEAD + ROW + "84 9;0,03;-1;U$\n")
    expect(problem(importing)).to_contain_text("2 faults: nothing was done.")
    expect(problem(importing).get_by_role("row", name="3 Setup price must not be negative")).to_be_visible()
    expect(import_button(importing, "1")).to_be_hidden()
    assert fits(importing)
    supervisor.check()
    check_rows(importing, HEAD + ROW)
    expect(import_button(importing)).to_be_visible()
    assert demo.total() == 800


@pytest.mark.parametrize(("prices", "separator"), [
    ("0,03\t3,40", ["Prices read with a decimal comma."]), ("0.03\t3.40", ["Prices read with a decimal point."]),
    ("3\t4", [])])
def test_the_report_names_the_decimal_separator(importing, prices, separator):
    check_rows(importing, f"+55 84 91234-4321\t{prices}\tU$")
    expect(importing.locator("#report")).to_contain_text("would be new")
    expect(importing.locator("#report p")).to_have_text(separator)


def test_the_separator_of_ambiguous_prices_is_chosen(importing, demo, supervisor):
    check_rows(importing, "+55 84 91234-4321\t1,250\t3\tU$")
    expect(problem(importing).locator("td")).to_have_text(["1", re.compile("Monthly price could be 1250 or 1,250")])
    supervisor.check()
    problem(importing).get_by_role("button", name="decimal comma").click()
    expect(importing.locator("#report")).to_contain_text("Prices read with a decimal comma.")
    import_checked(importing)
    assert number(demo, 801)["monthyPrice"] == "1.25"
    # The choice does not apply to the next rows.
    check_rows(importing, "+55 84 91234-4322\t1,250\t3\tU$")
    problem(importing).get_by_role("button", name="decimal point").click()
    expect(problem(importing).locator("td").last).to_contain_text("cannot have two decimal separators")
    assert demo.total() == 801


@pytest.mark.parametrize("head", [
    "", "Number\tMonthly price\tSetup price\tCurrency\n", "currency\tvalue\tmonthyPrice\tsetupPrice\n"])
def test_rows_of_a_spreadsheet_are_imported_with_and_without_a_header(importing, demo, head):
    rows = [["+55 84 91234-4321", "0,03", "3,40", "U$"],
            ["'+55 84 91234-4322", "0,03", " 3,40 ", "U$"], ["+55 84", "0,03", "3,40", "U$"]]
    if head.startswith("currency"): rows = [[row[3], *row[:3]] for row in rows]
    check_rows(importing, head + "\n".join("\t".join(row) for row in rows))
    expect(problem(importing).locator("td").first).to_have_text("4" if head else "3")
    check_rows(importing, head + "\n".join("\t".join(row) for row in rows[:2]))
    import_checked(importing, "2 numbers")
    assert demo.total() == 802


def test_lines_are_counted_in_the_pasted_text(importing):
    check_rows(importing, PASTED * 2)
    expect(problem(importing).locator("td")).to_have_text(["2", re.compile("line 1")])
    check_rows(importing, "+55 84 91234-4321\t0,03\t3,40")
    expect(problem(importing).locator("td").first).to_have_text("1")


def test_pasted_rows_stay_until_they_are_imported(importing):
    pasted = importing.get_by_label("Or rows, pasted from a spreadsheet")
    pasted.fill(PASTED)
    importing.get_by_role("link", name="Numbers").click()
    importing.get_by_role("link", name="Import").first.click()
    expect(pasted).to_have_value(PASTED)
    importing.reload()
    expect(pasted).to_have_value(PASTED)
    # A file is imported first, and the pasted rows stay.
    choose(importing, HEAD + OTHER)
    expect(importing.locator("#file-name")).to_have_text("prices.csv, instead of the pasted rows")
    for _ in range(2):
        check(importing)
        import_button(importing).click()
        expect(importing.locator("#report")).to_contain_text("are new")
    importing.reload()
    expect(pasted).to_have_value("")


@pytest.mark.parametrize("more", [0, 1])
def test_a_reload_asks_if_it_would_lose_pasted_rows(importing, more):
    importing.get_by_label("Or rows, pasted from a spreadsheet").fill("5" * (1_000_000 + more))
    importing.get_by_role("link", name="Numbers").click()
    asked = dialogs_of(importing, accept=True)
    importing.reload()
    expect(importing.locator("#range")).to_be_visible()
    assert asked == ["beforeunload"] * more


def test_a_file_can_be_dropped(importing):
    importing.locator("#drop").evaluate("""(place, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "numbers.ndjson"));
        place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""", '{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}\n')
    expect(importing.locator("#file-name")).to_contain_text("numbers.ndjson")
    importing.get_by_label("What the list is").select_option("create")
    check(importing)
    expect(import_button(importing)).to_be_visible()


def test_a_check_can_be_cancelled_and_repeated(importing, network, supervisor):
    network.delay = 60
    check_rows(importing, HEAD + ROW)
    supervisor.check(importing.get_by_role("progressbar"))
    importing.get_by_role("button", name="Cancel").click()
    expect(problem(importing)).to_contain_text("Stopped.")
    network.delay = 0
    network.cut()
    check(importing)
    expect(problem(importing)).to_contain_text("The server cannot be reached.")
    network.mend()
    check(importing)
    expect(import_button(importing)).to_be_visible()


@pytest.mark.parametrize("response", [None, {"status": 503, "json": {"type": "/problems/outcome-unknown"}}])
def test_an_import_whose_response_is_lost_is_done_once(importing, demo, supervisor, response):
    keys = []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        received = route.fetch()
        if len(keys) > 1: route.fulfill(response=received)
        elif response: route.fulfill(**response)
        else: route.abort()

    importing.route("**/import?*dryRun=false*", lose)
    importing.get_by_label("What the list is").select_option("create")
    check_rows(importing, HEAD + ROW)
    import_button(importing).click()
    expect(problem(importing)).to_contain_text("This may have been done")
    supervisor.check(problem(importing).get_by_role("link", name="Changes"))
    import_checked(importing)
    assert demo.total() == 801 and keys[0] == keys[1]


@pytest.mark.parametrize("outcome", ["done", "refused", "stopped"])
def test_an_import_continues_when_its_page_is_left(importing, network, demo, outcome):
    check_rows(importing, HEAD + ROW)
    expect(import_button(importing)).to_be_focused()
    importing.get_by_label("What the list is").focus()
    network.delay = 60
    import_button(importing).click()
    asked = dialogs_of(importing)
    importing.close(run_before_unload=True)
    until(lambda: importing.wait_for_timeout(100) or asked)
    assert asked == ["beforeunload"]
    importing.get_by_role("link", name="Numbers").click()
    expect(notice(importing)).to_contain_text("The import goes on.")
    if outcome == "stopped":
        notice(importing).get_by_role("button", name="Stop").click()
        expect(notice(importing)).to_contain_text("Stopped.")
        return
    if outcome == "refused":
        network.cut()
        expect(notice(importing)).to_contain_text("The server cannot be reached. This may have been done.")
        network.delay = 0
        network.mend()
        notice(importing).get_by_role("button", name="Import again").click()
        expect(notice(importing)).to_contain_text("1 number imported.")
    else:
        network.delay = 0
        expect(notice(importing, "1 number imported.")).to_be_visible()
        assert demo.total() == 801
        notice(importing, "1 number imported.").get_by_role("button", name="Undo").click()
        expect(notice(importing)).to_contain_text("Undone.")
    importing.reload()
    assert asked == ["beforeunload"]


def exported(page, delimiter):
    """The rows of a file, once Enter exports it."""
    with page.expect_download() as download: page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(io.StringIO(file.read()), delimiter=delimiter))


def test_filtered_numbers_are_exported_in_their_order(page, demo, supervisor):
    page.get_by_role("searchbox", name="Search").fill("5511")
    matching = demo.total("q=5511")
    expect(page.locator("#status")).to_have_text(f"{matching} numbers")
    page.get_by_role("columnheader", name="Number").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=value"))
    page.get_by_role("button", name="Export").click()
    supervisor.check(page.get_by_role("heading", name=f"Export {matching} numbers"))
    values = [row["value"] for row in exported(page, ",")]
    assert len(values) == matching and values == sorted(values)


def test_a_double_click_on_export_opens_one_dialog(page):
    held = []
    page.route("**/exporting.js", lambda route: held.append(route))
    page.reload()
    page.get_by_role("button", name="Export").dblclick()
    for route in held: route.continue_()
    expect(page.locator("dialog")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(1)


def test_the_default_export_fits_the_decimal_separator_of_the_language(visit, demo):
    page = visit(demo, locale="pt-BR").sign_in()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_label("CSV for spreadsheets with decimal commas")).to_be_checked()
    page.get_by_label("With ids").check()
    rows = exported(page, ";")
    assert len(rows) == 800 and "," in rows[0]["monthyPrice"] and rows[0]["id"] == "1"
