"""Importing price lists in the console."""

import csv
import io
import re

import openpyxl
import pytest
from console import number
from playwright.sync_api import expect
from program import until

HEAD, ROW = "value;monthyPrice;setupPrice;currency\n", "+55 84 91234-4321;0,03;3,40;U$\n"
PASTED = ROW.replace(";", "\t")
OTHER = ROW.replace("4321", "4322")


@pytest.fixture
def page(supervisor):
    """The page of imports."""
    supervisor.open_page("Import")
    return supervisor.page


def check_rows(user, text):
    user.page.locator("#pasted").fill(text)
    user.click("Check")


def choose(page, text):
    page.locator("#file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()})


def report(page):
    return page.locator("#report")


def expect_errors(page, *rows):
    """Waits until the grid lists these errors: line, number, column, and what is wrong."""
    lines = page.get_by_role("region", name="Errors").locator("tbody tr")
    expect(lines).to_have_count(len(rows))
    for line, cells in zip(lines.all(), rows, strict=True):
        for index, text in zip((0, 1, 2, 4), cells, strict=True): expect(line.locator("td").nth(index)).to_have_text(text)


def import_button(page, numbers="1 number"):
    return page.get_by_role("button", name=f"Import {numbers}")


def import_checked(user, numbers="1 number"):
    import_button(user.page, numbers).click()
    user.expect_notice(f"{numbers} imported.")


def problem(page):
    return page.locator("#import-problem")


def test_a_checked_file_is_imported_by_keyboard_and_undone(page, demo, supervisor):
    supervisor.check()
    known, same = number(demo, 1), number(demo, 2)
    choose(page, HEAD + (ROW + OTHER).replace(",", ".")
           + "{value};9.99;{setupPrice};{currency}\n".format(**known)
           + "{value};{monthyPrice};{setupPrice};{currency}\n".format(**same))
    expect(page.locator("button.primary:visible")).to_have_text("Check")
    supervisor.button("Check").press("Enter")
    expect(report(page)).to_contain_text("4 rows checked: 2 new, 1 changed, 1 unchanged.")
    expect(page.locator("button.primary:visible")).to_have_text("Import 3 numbers")
    preview = page.get_by_role("region", name="Preview").locator("tbody tr")
    for outcome, rows in (("Unchanged (1)", [f"5{same['value']}"]),
                          ("New (2)", ["2+55 84 91234-4321", "3+55 84 91234-4322"]),
                          ("Changed (1)", [f"4{known['value']}{known['monthyPrice']} → 9.99"])):
        page.get_by_role("radio", name=outcome, exact=True).check()
        expect(preview).to_have_count(len(rows))
        for row, text in zip(preview.all(), rows, strict=True): expect(row).to_contain_text(text)
    supervisor.check()
    assert demo.total() == 800 and number(demo, 1) == known
    import_button(page, "3 numbers").press("Enter")
    expect(supervisor.expect_notice("3 numbers imported.").get_by_role("link", name="Show newest first")).to_have_attribute(
        "href", "/?sort=-id")
    assert demo.total() == 802 and number(demo, 1)["monthyPrice"] == "9.99"
    # The form is empty again, and the report has the focus.
    expect(report(page)).to_be_focused()
    expect(report(page)).to_contain_text("4 rows imported: 2 new")
    expect(page.locator("#file")).to_have_value("")
    supervisor.undo()
    assert demo.total() == 800 and number(demo, 1) == known
    supervisor.click("Check")
    expect(problem(page)).to_have_text("Choose a file, or paste rows.")


def test_firefox_imports_what_it_checked(firefox, demo, tmp_path):
    file = tmp_path / "prices.csv"

    def choose(price):
        write(price)
        firefox.find("file").send_keys(str(file))

    def write(price):
        file.write_text(f"value;currency;monthyPrice;setupPrice\n+55 84 91234-4321;U$;0.03;{price}")

    firefox.sign_in(demo, "/import")
    choose("1x")
    firefox.press("check")
    firefox.expect("import-problem", "1 error")
    write("1250.00")
    firefox.press("check")
    firefox.press("take")
    firefox.expect("report", "imported: 1 new")
    # Import uses the file as it was at Check, also a file that became shorter after it was chosen.
    choose("1300.00")
    firefox.press("check")
    firefox.expect("take", "Import 1")
    write("1.00")
    firefox.press("check")
    firefox.expect("take", "Import 1")
    write("9999.00")
    firefox.press("take")
    firefox.expect("report", "imported: 0 new, 1 changed")
    assert number(demo, 801)["setupPrice"] == "1.00"
    choose("2.00")
    file.unlink()
    firefox.press("check")
    firefox.expect("import-problem", "Choose the file again.")


def test_chromium_requests_a_changed_file_again(page, demo, supervisor, tmp_path):
    file = tmp_path / "prices.csv"
    file.write_text(HEAD + ROW.replace("U$", "12"))
    page.locator("#file").set_input_files(file)
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("1 error")
    file.write_text(HEAD + ROW + OTHER)
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("Choose the file again.")
    page.locator("#file").set_input_files(file)
    supervisor.click("Check")
    expect(import_button(page, "2 numbers")).to_be_focused()
    file.unlink()
    import_checked(supervisor, "2 numbers")
    assert demo.total() == 802


def test_errors_are_listed_with_their_lines(page, demo, supervisor):
    check_rows(supervisor, HEAD + ROW + "84 9;0,03;-1;U$\n")
    expect(problem(page)).to_contain_text("2 errors: nothing was imported.")
    expect_errors(page, ("3", "84 9", "Number", re.compile(".")), ("3", "84 9", "Setup price", "Must not be negative"))
    expect(import_button(page, "1")).to_be_hidden()
    # Only the next step is a primary button.
    expect(page.locator("button.primary:visible")).to_have_text("Check again")
    supervisor.expect_fit()
    supervisor.check()
    assert demo.total() == 800


def test_the_decimal_separator_is_recognized_or_chosen(page, demo, supervisor):
    for prices, text in (("0,03\t3,40", ["Prices read with a decimal comma."]),
                         ("0.03\t3.40", ["Prices read with a decimal point."]), ("3\t4", [])):
        check_rows(supervisor, f"+55 84 91234-4321\t{prices}\tU$")
        expect(report(page)).to_contain_text("1 row checked: 1 new")
        expect(page.locator("#report p.soft")).to_have_text(text)
    check_rows(supervisor, "+55 84 91234-4321\t1,250\t3\tU$")
    expect_errors(page, ("1", "+55 84 91234-4321", "Monthly price", re.compile("Could be 1250 or 1,250")))
    supervisor.check()
    supervisor.click("decimal comma")
    expect(page.locator("#report p.soft")).to_have_text("Prices read with a decimal comma.")
    import_checked(supervisor)
    assert number(demo, 801)["monthyPrice"] == "1.25"
    # The chosen separator does not apply to the next rows.
    check_rows(supervisor, "+55 84 91234-4322\t1,250\t3\tU$")
    supervisor.click("decimal point")
    expect_errors(page, ("1", "+55 84 91234-4322", "Monthly price", re.compile("cannot have two decimal separators")))


def check_again(user):
    """Checks the choices, and waits until the next report replaces them."""
    form = user.page.locator("#errors").element_handle()
    user.click("Check again")
    user.page.wait_for_function("(form) => !form.isConnected", arg=form)


def test_unknown_columns_are_assigned_or_ignored(page, demo, supervisor):
    check_rows(supervisor, "Number;Country;Preis, netto;monthlyPrice;Setup price;Currency\n"
               + "+55 84 91234-4321;BR;9,99;1,250;3;U$\n")
    columns = page.get_by_role("group", name="Unknown columns").get_by_role("combobox")
    expect(columns).to_have_count(2)
    expect(columns.first).to_be_focused()
    supervisor.check()
    page.get_by_label("Country").select_option("Monthly price")
    check_again(supervisor)
    expect(problem(page)).to_contain_text("nothing was imported")
    # An assignment can be corrected, too.
    page.get_by_label("Country").select_option("Ignore")
    page.get_by_label("Preis, netto").select_option("Currency")
    check_again(supervisor)
    page.get_by_label("Preis, netto").select_option("Ignore")
    check_again(supervisor)
    # The columns stay ignored when the separator is chosen.
    supervisor.click("decimal comma")
    expect(page.locator("#report p.soft")).to_have_text([
        "Prices read with a decimal comma.", "The column monthlyPrice was read as Monthly price.",
        "Columns that were not read: Country, Preis, netto."])
    import_checked(supervisor)
    assert number(demo, 801)["monthyPrice"] == "1.25"


def test_a_suppliers_column_is_assigned(page, demo, supervisor):
    choose(page, "Number;Preis;Setup price;Currency\n" + ROW)
    supervisor.click("Check")
    page.get_by_label("Preis").select_option("Monthly price")
    supervisor.click("Check again")
    expect(report(page)).to_contain_text("The column Preis was read as Monthly price.")
    import_checked(supervisor)
    assert number(demo, 801)["monthyPrice"] == "0.03"


def test_three_errors_are_corrected_in_the_page(page, demo, supervisor):
    rows = [ROW.replace("0,03", "0,O3"), OTHER.replace("U$", ""), ROW.replace("4321", "")]
    choose(page, HEAD + "".join(rows))
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("3 errors: nothing was imported.")
    supervisor.check()
    # Enter goes to the next error, and from the last one to the next check.
    expect(page.get_by_label("Monthly price, line 2")).to_be_focused()
    expect(page.get_by_label("Monthly price, line 2")).to_have_value("0,O3")
    page.get_by_label("Monthly price, line 2").select_text()
    supervisor.type("0,035")
    supervisor.press("Enter")
    supervisor.type("€")
    supervisor.press("Enter")
    supervisor.type("+55 84 9")
    supervisor.press("Enter")
    expect(problem(page)).to_contain_text("1 error: nothing was imported.")
    expect(page.get_by_label("Number, line 4")).to_be_focused()
    page.get_by_label("Number, line 4").fill("+55 84 91234-4323")
    # Another mode keeps the corrections.
    page.get_by_label("If a number already exists").select_option("Report an error")
    supervisor.click("Check")
    expect(report(page)).to_contain_text("3 rows checked: 3 new, 0 changed, 0 unchanged.3 cells corrected in this page.")
    # They are kept while another page is shown.
    supervisor.open_page("Changes")
    page.locator("#places").get_by_role("link", name="Import").click()
    expect(report(page)).to_contain_text("3 cells corrected in this page.")
    import_checked(supervisor, "3 numbers")
    assert number(demo, 801)["monthyPrice"] == "0.035"
    assert (number(demo, 802)["currency"], number(demo, 803)["value"]) == ("€", "+55 84 91234-4323")


def test_rows_with_errors_are_left_out_or_downloaded(page, demo, supervisor):
    check_rows(supervisor, (HEAD + ROW + "84 9;0,03;-1;=U$\n").replace(";", "\t"))
    page.get_by_role("checkbox", name="Leave out line 3").first.check()
    for box in page.get_by_role("checkbox", name="Leave out line 3").all(): expect(box).to_be_checked()
    with page.expect_download() as download: supervisor.click("Download errors")
    text = download.value.path().read_text(encoding="utf-8-sig")
    head, row = csv.reader(text.splitlines(), delimiter="\t")
    assert head == [*HEAD.strip().split(";"), "Error"] and row[:4] == ["84 9", "0,03", "-1", "=U$"]
    assert "Setup price must not be negative; Currency " in row[4]
    supervisor.click("Check again")
    expect(report(page)).to_contain_text("1 new, 0 changed, 0 unchanged.1 row left out.")
    import_checked(supervisor)
    assert demo.total() == 801


def test_many_errors_are_shown_in_pages(page, supervisor):
    def stop(route):
        body = (response := route.fetch()).json()
        route.fulfill(response=response, json={**body, "errorCount": 10_000, "stoppedAtLine": 10_001})

    page.route("**/import?*dryRun=true*", stop)
    choose(page, HEAD + "".join(OTHER.replace("4322", f"{index:04}").replace("0,03", "x") for index in range(250)))
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("10,000 errors up to line 10,001, where reading stopped")
    rows = page.get_by_role("region", name="Errors").locator("tbody tr")
    expect(rows).to_have_count(100)
    supervisor.click("Next errors")
    expect(page.get_by_label("Monthly price, line 102", exact=True)).to_be_focused()
    expect(page.locator("#errors")).to_contain_text("101–200 of 250")
    supervisor.check()
    # Too many corrections do not fit into a request.
    for index in range(100): page.get_by_label(f"Monthly price, line {102 + index}", exact=True).fill("123456789.0123" * 8)
    supervisor.click("Check again")
    expect(problem(page)).to_contain_text("Correct the file itself.")


@pytest.mark.parametrize("head", [
    "", "Number\tMonthly price\tSetup price\tCurrency\n", "currency\tvalue\tmonthyPrice\tsetupPrice\n"])
def test_rows_of_a_spreadsheet_are_imported_with_and_without_a_header(page, demo, supervisor, head):
    rows = [["+55 84 91234-4321", "0,03", "3,40", "U$"],
            ["'+55 84 91234-4322", "0,03", " 3,40 ", "U$"], ["+55 84", "0,03", "3,40", "U$"]]
    if head.startswith("currency"): rows = [[row[3], *row[:3]] for row in rows]
    lines = ["\t".join(row) for row in rows]
    check_rows(supervisor, head + "\n".join(lines))
    # The line numbers are those of the pasted text.
    expect_errors(page, ("4" if head else "3", "+55 84", "Number", re.compile(".")))
    check_rows(supervisor, head + "\n".join([lines[0], lines[0]]))
    expect_errors(page, ("3" if head else "2", "+55 84 91234-4321", "Number", re.compile("line 2" if head else "line 1")))
    check_rows(supervisor, head + "\n".join(lines[:2]))
    import_checked(supervisor, "2 numbers")
    assert demo.total() == 802


def test_pasted_rows_stay_until_they_are_imported(page, supervisor):
    pasted = page.get_by_label("Or rows, pasted from a spreadsheet")
    pasted.fill(PASTED)
    supervisor.open_page("Numbers")
    supervisor.open_page("Import")
    expect(pasted).to_have_value(PASTED)
    page.reload()
    expect(pasted).to_have_value(PASTED)
    # A file is imported first, and the pasted rows stay.
    choose(page, HEAD + OTHER)
    for _ in range(2):
        supervisor.click("Check")
        import_button(page).click()
        expect(report(page)).to_contain_text("imported: 1 new")
    page.reload()
    expect(pasted).to_have_value("")
    # Another user does not see them.
    pasted.fill(PASTED)
    supervisor.choose("Sign out")
    expect(page.locator("#username")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("more", [0, 1])
def test_a_reload_asks_if_it_would_lose_pasted_rows(page, supervisor, more):
    page.locator("#pasted").fill("5" * (1_000_000 + more))
    supervisor.open_page("Numbers")
    asked = supervisor.record_dialogs(accept=True)
    page.reload()
    expect(page.locator("#range")).to_be_visible()
    assert asked == ["beforeunload"] * more


def test_a_file_can_be_dropped(page, supervisor):
    page.locator("h1").evaluate("""(place, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "numbers.ndjson"));
        place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""", '{"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}\n')
    expect(page.locator("#file")).to_have_value(re.compile("numbers.ndjson"))
    supervisor.click("Check")
    expect(import_button(page)).to_be_visible()


def test_a_check_can_be_cancelled_and_repeated(page, network, supervisor):
    network.delay = 60
    check_rows(supervisor, HEAD + ROW)
    supervisor.check(page.get_by_role("progressbar"))
    supervisor.click("Cancel")
    expect(problem(page)).to_contain_text("Stopped.")
    network.delay = 0
    network.cut()
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("The server cannot be reached.")
    network.mend()
    supervisor.click("Check")
    expect(import_button(page)).to_be_visible()


@pytest.mark.parametrize("response", [None, {"status": 503, "json": {"type": "/problems/outcome-unknown"}}])
def test_an_import_whose_response_is_lost_is_done_once(page, demo, supervisor, response):
    keys = []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        received = route.fetch()
        if len(keys) > 1: route.fulfill(response=received)
        elif response: route.fulfill(**response)
        else: route.abort()

    page.route("**/import?*dryRun=false*", lose)
    page.get_by_label("If a number already exists").select_option("create")
    check_rows(supervisor, HEAD + ROW)
    import_button(page).click()
    expect(problem(page)).to_contain_text("This may have been done")
    supervisor.check(problem(page).get_by_role("link", name="Changes"))
    import_checked(supervisor)
    assert demo.total() == 801 and keys[0] == keys[1]


@pytest.mark.parametrize("outcome", ["done", "refused", "stopped"])
def test_an_import_continues_when_its_page_is_left(page, network, demo, supervisor, outcome):
    check_rows(supervisor, HEAD + ROW)
    expect(import_button(page)).to_be_focused()
    network.delay = 60
    import_button(page).click()
    asked = supervisor.record_dialogs()
    page.close(run_before_unload=True)
    until(lambda: page.wait_for_timeout(100) or asked)
    supervisor.open_page("Numbers")
    supervisor.expect_notice("The import continues.")
    if outcome == "stopped":
        supervisor.undo("Stop", "Stopped.")
        return
    if outcome == "refused":
        network.cut()
        supervisor.expect_notice("The server cannot be reached. This may have been done.")
        network.mend()
        supervisor.expect_notice().get_by_role("button", name="Import again").click()
    network.delay = 0
    supervisor.expect_notice("1 number imported.")
    assert demo.total() == 801
    supervisor.undo()
    page.reload()
    assert asked == ["beforeunload"]


def test_a_sheet_of_a_workbook_is_imported(page, supervisor):
    workbook = openpyxl.Workbook()
    sheet = workbook.create_sheet("Prices")
    for row in (HEAD, OTHER): sheet.append(row.strip().split(";"))
    file = io.BytesIO()
    workbook.save(file)
    expect(page.get_by_label("The sheet")).to_be_hidden()
    page.locator("#file").set_input_files({"name": "prices.xlsx", "mimeType": "", "buffer": file.getvalue()})
    supervisor.click("Check")
    expect(problem(page)).to_contain_text("For another sheet, enter the name Prices.")
    supervisor.check()
    page.get_by_label("The sheet").fill("prices")
    supervisor.click("Check")
    import_checked(supervisor)
    # The page does not read a workbook.
    sheet.append(["84 9"])
    workbook.active.title = "Prices 2"
    file = io.BytesIO()
    workbook.save(file)
    page.locator("#file").set_input_files({"name": "prices.xlsx", "mimeType": "", "buffer": file.getvalue()})
    supervisor.click("Check")
    expect(page.locator("#errors")).to_contain_text("The download has no other cells.")
    with page.expect_download() as download: supervisor.click("Download errors")
    lines = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0] == ["Line", "Number", "Column", "Content", "Error"]
    assert ["3", "84 9", "Number"] in [line[:3] for line in lines]
