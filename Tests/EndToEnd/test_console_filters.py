"""Search, filters and export in the console, and prices in the language of the user."""

import csv
import re

import openpyxl
from console import change, number
from playwright.sync_api import expect
from program import until


def filter_by(page, **fields):
    """Fills fields of the filter panel, and presses Enter."""
    for name, text in fields.items(): page.locator(f"#filter-panel [name={name}]").fill(text)
    page.keyboard.press("Enter")


def test_a_search_filters_while_typing(page, demo, supervisor):
    search = page.get_by_role("searchbox", name="Search")
    search.press_sequentially("(55) 11", delay=30)
    supervisor.expect_status(f"{demo.total('q=5511')} numbers")
    expect(page).to_have_url(re.compile(r"q="))
    for value in page.locator("#rows td.value").all_inner_texts(): assert "5511" in re.sub(r"\D", "", value)
    expect(search).to_be_focused()
    search.fill("000000000")
    supervisor.check(page.locator("#nothing"), "Nothing matches.")
    supervisor.turn("Clear filters", "1–25 of 800")
    # Sorting right after typing keeps the text.
    search.fill("5511")
    page.get_by_role("columnheader", name="Setup price").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"(?=.*q=5511)(?=.*sort=setupPrice)"))
    expect(search).to_have_value("5511")


def test_enter_in_the_search_goes_to_the_first_result_and_escape_back(page, network, demo, supervisor):
    search, value = page.get_by_role("searchbox", name="Search"), number(demo, 25)["value"]
    network.delay = 1
    supervisor.press("/")
    supervisor.type(value[-4:])
    # The focus waits for the results of the text.
    supervisor.press("Enter")
    expect(search).to_be_focused()
    network.delay = 0
    expect(supervisor.row(0).get_by_role("link", name=value)).to_be_focused()
    supervisor.press("ArrowRight")
    supervisor.type("5.55\n", notice=f"{value} is saved.")
    assert number(demo, 25)["monthyPrice"] == "5.55"
    # Escape leaves the table first, then clears the search.
    supervisor.press("Escape")
    expect(page.locator("[type=search]:focus")).to_have_value(value[-4:])
    supervisor.press("Escape")
    supervisor.expect_status("800 numbers")
    expect(page.locator("[type=search]:focus")).to_have_value("")
    supervisor.press("ArrowDown")
    expect(supervisor.cell(0, "monthyPrice")).to_be_focused()


def test_an_invalid_address_is_reported_and_not_requested_again(page, supervisor):
    for query in ("page=abc", "currency=xyz1", "perPage=0", "sort=foo", "monthyPriceFrom=0.12345"):
        page.goto(f"/?{query}")
        expect(page.get_by_text("This list cannot be shown.")).to_be_visible()
        expect(page.locator("#pages:visible, #table:visible")).to_have_count(0)
        expect(page.locator("#nothing")).not_to_contain_text(re.compile("monthyPrice|perPage"))
    supervisor.check(page.locator("#chips"), "0.12345")
    sent = supervisor.record_requests()
    page.wait_for_timeout(5500)
    assert sent == []
    supervisor.turn("Show all numbers", "1–25 of 800")
    expect(page).to_have_url(supervisor.address + "/")


def test_filters_combine_and_can_be_removed(page, demo, supervisor):
    counts = {each["currency"]: each["count"] for each in demo.supervisor.get("/api/v1/currencies").json()}
    panel, chips = page.locator("#filter-panel"), page.locator("#chips")
    # The existing currencies with their counts, and no others.
    expect(panel.get_by_role("radio")).to_have_count(len(counts) + 1)
    expect(panel.locator("label").filter(has_text="R$")).to_contain_text(str(counts["R$"]))
    panel.get_by_label("R$").check()
    supervisor.expect_status(f"{counts['R$']} numbers")
    # The counts follow the other filters.
    end = number(demo, 4)["value"][-3:]
    filter_by(page, suffix=end)
    supervisor.check(chips, f"Ends with {end}")
    expect(panel.locator("label").filter(has_text="R$")).to_contain_text(str(demo.total(f"currency=R$&suffix={end}")))
    expect(panel.locator("label").filter(has_text="All")).to_contain_text(str(demo.total(f"suffix={end}")))
    for text in page.locator("#rows td.value").all_inner_texts(): assert text.endswith(end)
    filter_by(page, suffix="21")
    expect(page.locator("#suffix-error")).to_contain_text("at least 3 digits")
    filter_by(page, suffix="")
    supervisor.expect_status(f"{counts['R$']} numbers")
    supervisor.click("Remove filter: Currency R$")
    expect(panel.get_by_label("All")).to_be_checked()
    panel.get_by_label("R$").check()
    filter_by(page, prefix="+55 11")
    filter_by(page, monthyPriceFrom="0.05", monthyPriceTo="0.2")
    for filter in ("currency=R", "prefix=", "monthyPriceFrom=0.05", "monthyPriceTo=0.2"):
        expect(page).to_have_url(re.compile(filter))
    supervisor.check(chips, "Monthly price from 0.05")
    matching = demo.total("currency=R$&prefix=5511&monthyPriceFrom=0.05&monthyPriceTo=0.2")
    supervisor.expect_status(f"{matching} number{'' if matching == 1 else 's'}")
    for text in page.locator("#rows td.value").all_inner_texts(): assert text.startswith("+55 11")
    page.reload()
    expect(chips.locator(".chip")).to_have_count(4)
    expect(panel.get_by_label("R$")).to_be_checked()
    supervisor.click("Remove filter: Starts with +55 11")
    expect(chips.locator(".chip")).to_have_count(3)
    supervisor.expect_focus()
    supervisor.turn("Clear", "1–25 of 800")
    expect(chips).to_be_hidden()
    expect(page).to_have_url(supervisor.address + "/")
    expect(panel.get_by_label("All")).to_be_checked()


def test_filters_apply_while_typing(page, demo, supervisor):
    end = number(demo, 4)["value"][-4:]
    sent = supervisor.record_requests("suffix=")
    suffix, chips = page.locator("#suffix"), page.locator(".chip")
    suffix.press_sequentially(end[:2], delay=30)
    # Two digits are too few for a search, and no error yet.
    page.wait_for_timeout(500)
    assert sent == [] and page.locator("#suffix-error").inner_text() == ""
    suffix.press_sequentially(end[2:], delay=30)
    expect(chips).to_have_text([f"Ends with {end}"])
    expect(page.locator("#suffix:focus")).to_have_value(end)
    page.locator("#prefix").press_sequentially("+55", delay=30)
    expect(chips).to_have_text(["Starts with +55", f"Ends with {end}"])
    page.locator("#monthyPriceFrom").press_sequentially("0.", delay=30)
    page.wait_for_timeout(500)
    expect(page).not_to_have_url(re.compile("monthyPriceFrom"))
    supervisor.type("01")
    expect(chips).to_have_count(3)
    expect(page).to_have_url(re.compile("monthyPriceFrom"))
    # Each filter is one history entry.
    page.go_back()
    expect(chips).to_have_text(["Starts with +55", f"Ends with {end}"])
    page.go_back()
    expect(chips).to_have_text([f"Ends with {end}"])
    page.go_back()
    supervisor.expect_range("1–25 of 800")


def test_invalid_filters_are_reported_beside_their_fields(page, supervisor):
    filter_by(page, setupPriceFrom="abc")
    expect(page.get_by_text("This list cannot be shown.")).to_be_visible()
    supervisor.check(page.locator("#setupPriceFrom-error"), "It must be a decimal number such as 12.30.")
    filter_by(page, prefix="abc")
    expect(page.locator("#prefix-error")).not_to_be_empty()
    filter_by(page, setupPriceFrom="", prefix="+55")
    expect(page.locator("#range")).to_contain_text("1–25 of")
    expect(page.locator("#filter-panel").locator("[aria-invalid], .error:not(:empty)")).to_have_count(0)


def test_prices_are_shown_and_read_in_the_language_of_the_user(visit, demo):
    change(demo, 1, monthyPrice="1234.50")
    visitor = visit(demo, locale="pt-BR").sign_in()
    expect(visitor.cell(0, "monthyPrice")).to_have_text("1.234,50")
    visitor.edit(0, monthyPrice="0,12")
    visitor.click("Save")
    visitor.expect_no_dialog()
    assert number(demo, 1)["monthyPrice"] == "0.12"
    visitor.edit(0, monthyPrice="1.234")
    visitor.click("Save")
    expect(visitor.page.locator("#monthyPrice-error")).to_contain_text("could be 1234 or 1,234")
    assert number(demo, 1)["monthyPrice"] == "0.12"


def export(page, delimiter):
    """Exports a file with Enter, and returns its rows."""
    with page.expect_download() as download: page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_filtered_numbers_are_exported_in_their_order(page, demo, supervisor):
    matching = demo.total("q=5511")
    page.goto("/?q=5511&sort=value")
    supervisor.expect_status(f"{matching} numbers")
    supervisor.click("Export")
    supervisor.check(page.get_by_role("heading", name=f"Export {matching} numbers"))
    values = [row["value"] for row in export(page, ",")]
    assert len(values) == matching and values == sorted(values)
    supervisor.expect_notice(f"{matching} numbers exported to numbers-contains-5511-")


def test_a_selection_is_exported(page, demo, supervisor):
    for index in (0, 2): supervisor.row(index).get_by_role("checkbox").check()
    supervisor.turn("Next", "26–50 of 800")
    supervisor.row(0).get_by_role("checkbox").check()
    supervisor.click("Export")
    supervisor.check(page.get_by_role("heading", name="Export 3 numbers"))
    with page.expect_download() as download: page.keyboard.press("Enter")
    assert re.fullmatch(r"numbers-3-selected-[\d-]+\.csv", download.value.suggested_filename)
    supervisor.expect_notice(f"3 numbers exported to {download.value.suggested_filename}.")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == [f"'{number(demo, id)['value']}" for id in (1, 3, 26)]
    supervisor.click("Export")
    page.get_by_label("All 800 numbers").check()
    expect(page.get_by_role("heading", name="Export 800 numbers")).to_be_visible()
    with page.expect_download() as download: supervisor.press("Enter")
    supervisor.expect_notice("800 numbers exported")
    # More ids than an address has room for are refused before anything is sent.
    page.locator("#per-page").select_option("1000")
    supervisor.expect_range("1–800 of 800")
    page.locator("#select-all").check()
    supervisor.click("Export")
    # Enter on the button of the page would open the dialog again.
    expect(page.locator("#export input:focus")).to_be_visible()
    supervisor.press("Enter")
    expect(page.locator("#export-problem")).to_have_text("Select at most 500 numbers, or all that match.")


def test_numbers_are_exported_as_a_workbook(page, demo, supervisor):
    supervisor.click("Export")
    page.get_by_label("Excel workbook").check()
    with page.expect_download() as download: page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    with open(download.value.path(), "rb") as file: assert openpyxl.load_workbook(file).active.max_row == 801


def test_a_double_click_on_export_opens_one_dialog(page, supervisor):
    held = []
    page.route("**/exporting.js", lambda route: held.append(route))
    supervisor.button("Export").dblclick()
    until(lambda: page.wait_for_timeout(100) or held)
    for route in held: route.continue_()
    expect(page.locator("dialog")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(1)


def test_the_default_export_fits_the_decimal_separator_of_the_language(visit, demo):
    visitor = visit(demo, locale="pt-BR").sign_in()
    visitor.click("Export")
    expect(visitor.page.get_by_label("CSV for spreadsheets with decimal commas")).to_be_checked()
    visitor.page.get_by_label("Include ids").check()
    rows = export(visitor.page, ";")
    assert len(rows) == 800 and "," in rows[0]["monthyPrice"] and rows[0]["id"] == "1"
