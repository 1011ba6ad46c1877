"""axe on all pages in all their states, at four widths, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from console import change
from playwright.sync_api import expect

LOOKS = ((360, "light"), (768, "dark"), (1280, "light"), (1920, "dark"))
ROWS = "Number;Monthly price;Setup price;Currency\n+55 84 91234-4321;0,03;3,40;U$\n"


def signing(page, visitor):
    page.goto("/")
    expect(page.locator("#sign-in-page input").first).to_be_focused()
    yield "sign-in"
    page.get_by_label("User name").fill("supervisor")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(visible=True)).not_to_be_empty()
    yield "rejected sign-in"


def table(page, visitor):
    visitor.sign_in()
    yield "table"
    page.goto("/?q=00000000&currency=R%24&suffix=4321")
    expect(page.locator("#nothing")).to_be_visible()
    yield "no match"
    page.set_viewport_size({"width": 768, "height": 800})
    visitor.click("Filters")
    yield "filters"
    page.goto("/?perPage=0")
    expect(page.locator("#nothing [role=alert]")).to_be_visible()
    yield "invalid address"
    page.goto("/")
    visitor.row(1).get_by_role("checkbox").check()
    expect(page.locator("#selection")).to_be_visible()
    yield "selection"
    page.locator("#delete-selected").click()
    expect(page.locator("#bulk-outcome table")).to_be_visible()
    yield "deletion"
    visitor.press("Escape")
    page.locator("#change-selected").click()
    page.locator("[name=monthyPrice-kind]").select_option("times")
    page.locator("#to-monthyPrice").fill("2")
    visitor.click("Preview")
    expect(page.locator("#bulk-outcome table")).to_be_visible()
    yield "change with preview"
    visitor.press("Escape")
    visitor.click("Export")
    expect(page.locator("#export")).to_be_visible()
    yield "export"
    visitor.press("Escape")
    visitor.cell(2, "setupPrice").dblclick()
    visitor.type("abc")
    yield "edited cell"
    visitor.press("Enter")
    expect(visitor.cell(2, "setupPrice").locator(".error")).not_to_be_empty()
    yield "error in a cell"
    visitor.press("Escape")
    visitor.cell(2, "setupPrice").dblclick()
    visitor.type("7.77\n", notice="is saved.")
    yield "notice"
    visitor.new_number(value="12")
    visitor.press("Enter")
    expect(page.locator("#value-error")).not_to_be_empty()
    yield "new number with errors"
    visitor.press("Escape")
    visitor.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    yield "shortcuts"
    visitor.press("Escape")
    page.locator("#who").click()
    expect(page.locator("#account")).to_be_visible()
    yield "menu of the user"
    visitor.press("Escape")


def history(page, visitor):
    for path in ("/numbers/3", "/changes/1", "/changes", "/changes?number=4321&when=week"):
        page.goto(path)
        page.locator("main table, main .link").first.wait_for()
        yield path
    page.get_by_label("From – to").check()
    yield "dates"


def importing(page, visitor):
    page.goto("/import")
    page.locator("textarea").fill(ROWS)
    yield "import"
    visitor.click("Check")
    expect(page.locator("#take")).to_be_visible()
    yield "import report"
    page.locator("textarea").fill(f"{ROWS}12;x;3,40;\n")
    visitor.click("Check")
    expect(page.locator("#errors")).to_be_visible()
    yield "import errors"


def users(page, visitor):
    page.goto("/people")
    page.locator("main table").wait_for()
    yield "users"
    visitor.click("New user")
    page.get_by_label("User name").fill("ana")
    page.locator("#new-password").fill("short")
    visitor.press("Enter")
    expect(page.locator("#new-password-error")).not_to_be_empty()
    yield "new user with an error"
    visitor.press("Escape")
    visitor.choose("Change password")
    expect(page.locator("dialog")).to_be_visible()
    yield "password"


def others(page, visitor):
    page.goto("/docs")
    page.locator("main h2").first.wait_for()
    yield "documentation"
    for path in ("/problems/number-exists", "/nothing", "/numbers/99999"):
        page.goto(path)
        page.locator("main").get_by_role("heading").first.wait_for()
        yield path


def test_axe_finds_nothing_in_any_state(visit, demo):
    change(demo, 3, setupPrice="5.55")
    visitor = visit(demo, reduced_motion="reduce")
    page = visitor.page
    for part in (signing, table, history, importing, users, others):
        for state in part(page, visitor):
            for width, scheme in LOOKS:
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                results = Axe().run(page, options={"resultTypes": ["violations"]})
                assert results.violations_count == 0, f"{state}, {width} {scheme}: {results.generate_report()}"
