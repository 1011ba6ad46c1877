"""Copying from the console's table, and pasting into it, in the format of spreadsheets."""

import pytest
from console import change, number, prices
from playwright.sync_api import expect
from program import NUMBERS


@pytest.fixture(autouse=True)
def clipboard(supervisor):
    supervisor.context.grant_permissions(["clipboard-read", "clipboard-write"])


def copied(user):
    return user.page.evaluate("navigator.clipboard.readText()")


def paste(user, text, cell):
    """Pastes a text into a cell, such as (0, "monthyPrice")."""
    user.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    user.cell(*cell).focus()
    user.press("Control+v")


def select(user, *indexes):
    for index in indexes: user.row(index).get_by_role("checkbox").check()


def apply(user, count):
    """Applies the previewed change, and waits until it is done."""
    user.page.locator("#bulk").get_by_role("button", name=f"Change {count} number").click()
    user.expect_notice(f"{count} number{'' if count == 1 else 's'} changed.")


def row(number):
    return "\t".join([f'="{number["value"]}"', number["monthyPrice"], number["setupPrice"], number["currency"]])


def test_cells_and_selected_rows_are_copied(page, demo, supervisor):
    supervisor.cell(0, "monthyPrice").focus()
    supervisor.press("Control+c")
    assert copied(supervisor) == number(demo, 1)["monthyPrice"]
    supervisor.press("Home", "ArrowRight", "Control+c")
    assert copied(supervisor) == number(demo, 1)["value"]
    select(supervisor, 2, 0)
    supervisor.press("Control+c", notice="2 numbers copied.")
    assert copied(supervisor) == "\n".join(row(number(demo, id)) for id in (1, 3))
    # Also rows of other pages, in the order of the table.
    supervisor.turn("Next", "26–50 of 800")
    select(supervisor, 0)
    supervisor.press("Control+c", notice="3 numbers copied.")
    assert copied(supervisor) == "\n".join(row(number(demo, id)) for id in (1, 3, 26))


def test_a_value_is_pasted_on_all_selected_rows(page, demo, supervisor):
    # Without a selection, it is the cell's new text.
    paste(supervisor, "0.55\n", (0, "monthyPrice"))
    expect(page.locator("input.cell:focus")).to_have_value("0.55")
    supervisor.press("Enter", notice="is saved.")
    select(supervisor, 1)
    supervisor.turn("Next", "26–50 of 800")
    select(supervisor, 1)
    paste(supervisor, "abc", (0, "setupPrice"))
    expect(page.locator("#bulk-problem")).to_have_text("Setup price must be a decimal number such as 12.30.")
    supervisor.press("Escape")
    paste(supervisor, "7.77", (0, "setupPrice"))
    supervisor.check(page.locator("#bulk-outcome"), "2 numbers selected: 2 would change.")
    assert prices(demo, 2)[1] != "7.77"
    apply(supervisor, 2)
    assert [prices(demo, id)[1] for id in (2, 27)] == ["7.77", "7.77"]
    assert prices(demo, 26)[1] != "7.77"


def test_columns_are_pasted_as_one_change(page, demo, supervisor):
    before = [number(demo, id) for id in (1, 2, 3)]
    # An empty cell leaves the price as it is.
    paste(supervisor, "1.11\t5\r\n\t6\r\n1.33\t\r\n", (0, "monthyPrice"))
    outcome = page.locator("#bulk-outcome")
    supervisor.check(outcome, "3 numbers selected: 3 would change.")
    expect(outcome.locator("ins")).to_have_text(["1.11", "5.00", "6.00", "1.33"])
    # If another user changes a price meanwhile, nothing is done until the new preview is confirmed.
    change(demo, 2, setupPrice="9.99")
    page.locator("#bulk").get_by_role("button", name="Change 3 numbers").click()
    expect(page.locator("#bulk-problem")).to_contain_text("The numbers have changed in the meantime. Nothing was done.")
    expect(outcome.locator("del").nth(2)).to_have_text("9.99")
    assert number(demo, 1) == before[0]
    apply(supervisor, 3)
    expect(supervisor.cell(2, "monthyPrice")).to_have_text("1.33")
    assert [prices(demo, id) for id in (1, 2, 3)] == [
        ("1.11", "5.00"), (before[1]["monthyPrice"], "6.00"), ("1.33", before[2]["setupPrice"])]
    supervisor.press("Control+z", notice="Undone: 3 numbers.")
    assert number(demo, 1) == before[0]


def test_a_change_of_a_row_beyond_the_preview_is_noticed(page, demo, supervisor):
    page.goto("/?perPage=100")
    expect(page.locator("#rows tr")).to_have_count(100)
    paste(supervisor, "9.99\n" * 60, (0, "monthyPrice"))
    expect(page.locator("#bulk-outcome")).to_contain_text("60 numbers selected: 60 would change.")
    change(demo, 60, monthyPrice="7.77")
    page.locator("#bulk").get_by_role("button", name="Change 60 numbers").click()
    expect(page.locator("#bulk-problem")).to_contain_text("The numbers have changed in the meantime. Nothing was done.")
    assert prices(demo, 60)[0] == "7.77"
    apply(supervisor, 60)
    assert prices(demo, 60)[0] == "9.99"


def test_a_column_is_pasted_on_as_many_selected_rows(page, demo, supervisor):
    select(supervisor, 1, 3, 5)
    paste(supervisor, "1.11\n1.22", (0, "monthyPrice"))
    supervisor.expect_notice("You pasted 2 rows, and selected 3: select as many as you paste, on one page.")
    # A number that was deleted meanwhile is left out, and an error names its number.
    page.route("**/api/v1/numbers?page=*", lambda route: route.abort())
    assert demo.supervisor.delete(f"{NUMBERS}/4").status_code == 204
    paste(supervisor, "1.11\n1.22\n-1.33", (0, "monthyPrice"))
    error = page.locator("#bulk-outcome tr").filter(has_text="Monthly price must not be negative")
    supervisor.check(error, number(demo, 6)["value"])
    page.unroute("**/api/v1/numbers?page=*")
    supervisor.press("Escape")
    supervisor.expect_no_dialog()
    supervisor.expect_status("799 numbers")


def test_cells_that_do_not_fit_are_refused(page, supervisor):
    paste(supervisor, "1\n2\n3", (23, "monthyPrice"))
    supervisor.expect_notice("You pasted 3 rows, and the page has only 2 from here.")
    paste(supervisor, "1\t2\t3", (23, "monthyPrice"))
    expect(page.locator("#bulk-outcome")).to_contain_text("Currency")


def test_a_currency_is_confirmed_once_before_the_preview(page, demo, supervisor):
    paste(supervisor, "US$\nUS$\nUS$", (0, "currency"))
    expect(page.locator("#similar-currency-dialog")).to_contain_text("It looks like U$")
    supervisor.click("Use U$")
    expect(page.locator("#bulk-outcome")).to_contain_text("1 would change, 2")
    apply(supervisor, 1)
    assert [number(demo, id)["currency"] for id in (1, 2, 3)] == ["U$", "U$", "U$"]
