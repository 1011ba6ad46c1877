"""The console's main stories in Firefox: one browser runs them all."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from console import number, prices
from program import NUMBERS, until


@pytest.fixture
def console(firefox, demo):
    """Firefox, signed in, with the table of numbers."""
    firefox.sign_in(demo)
    firefox.expect("range", "1–25 of 800")
    return firefox


def column(server):
    return [prices(server, id)[0] for id in range(1, 6)]


def test_prices_are_typed_down_a_column_and_undone_one_by_one(console, demo):
    before, texts = column(demo), ["0.11", "0.12", "0.13", "0.14", "0.15"]
    console.click("#rows [data-name=monthyPrice]")
    for text in texts: console.type(text + "\n")
    until(lambda: column(demo) == texts)
    for count in range(4, -1, -1):
        console.press_with_control("z")
        until(lambda count=count: column(demo) == texts[:count] + before[count:])
    console.expect("notices", f"Undone: {number(demo, 1)['value']} monthly price 0.11 → {before[0]}")
    # A column of a spreadsheet is pasted below the focused cell.
    console.copy("\n".join(texts))
    console.click("#rows [data-name=monthyPrice]")
    console.press_with_control("v")
    console.expect("bulk-outcome", "5 numbers selected: 5 would change.")
    console.click("#bulk .primary")
    until(lambda: column(demo) == texts)
    console.expect("notices", "5 numbers changed.")


def test_pasted_rows_are_corrected_and_imported(console, demo):
    console.click("#places a[href='/import']")
    console.click("#pasted")
    console.copy("+55 84 91234-4321\tx\t3,40\tU$\n+55 84 91234-4322\t0,03\t-1\tU$\n+55 84\t0,03\t3,40\tU$\n")
    console.press_with_control("v")
    console.press("check")
    console.expect("import-problem", "3 errors")
    console.click("#errors td input")
    for text in ("0,03", "3,40", "+55 84 91234-4323"):
        console.press_with_control("a")
        console.type(text + "\n")
    console.expect("report", "3 rows checked: 3 new")
    console.press("take")
    console.expect("notices", "3 numbers imported.")
    assert prices(demo, 803) == ("0.03", "3.40")
    console.press_with_control("z")
    console.expect("notices", "Undone: import of 3 numbers.")
    until(lambda: demo.total() == 800)


def test_all_prices_in_a_currency_are_raised_by_percent_and_undone(console, demo):
    before = currency_prices(demo)
    console.click("#currency-list [value='U$']")
    console.expect("range", f"of {len(before)}")
    console.click("#select-all")
    console.press("select-all-matching")
    console.press("change-selected")
    # The dialog begins in the first amount.
    console.find("to-monthyPrice")
    console.type("+10 %\n")
    console.expect("bulk-outcome", f"{len(before)} numbers selected")
    console.click("#bulk .primary")
    console.expect("notices", "numbers changed.")
    assert currency_prices(demo) == [(price * Decimal("1.1")).quantize(Decimal(".0001"), ROUND_HALF_UP) for price in before]
    console.press_with_control("z")
    console.expect("notices", "Undone: ")
    until(lambda: currency_prices(demo) == before)


def currency_prices(server):
    found = server.supervisor.get(f"{NUMBERS}?currency=U$&perPage=1000").json()
    return [Decimal(each["monthyPrice"]) for each in found]


def test_a_section_loads_when_the_server_is_back(firefox, network, demo):
    firefox.sign_in(demo, address=network.address)
    firefox.expect("range", "1–25 of 800")
    # After the table, the page loads the dialog, which shares modules with the section.
    until(lambda: firefox.execute_script("return performance.getEntriesByType('resource').some("
                                         "({ name, responseStatus }) => name.endsWith('/editing.js') && responseStatus)"))
    network.cut()
    firefox.click("#places a[href='/changes']")
    firefox.expect("main", "This page cannot be loaded now.")
    firefox.click("#who")
    firefox.press("own-password")
    firefox.expect("notices", "cannot be loaded now.")
    network.mend()
    firefox.expect("main", "Nothing has been changed yet.")
    firefox.click("#notices button:not(.quiet)")
    firefox.expect("password-change", "Current password")
