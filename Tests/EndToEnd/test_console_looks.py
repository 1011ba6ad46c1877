"""The looks of the console: sizes, frame, print, fingers, zoom and digits."""

import base64
import re
import subprocess

import pytest
from console import change
from marionette_driver import Wait
from playwright.sync_api import expect

SECTIONS = {"/": "Numbers", "/numbers/1": "Numbers", "/changes": "Changes", "/changes/1": "Changes",
            "/import": "Import", "/people": "Users", "/docs": "API documentation"}
LONG = "/?perPage=1000&prefix=%2B55"


def heights(page, selector):
    """The distinct heights of the visible elements."""
    return page.locator(selector).filter(visible=True).evaluate_all(
        "(all) => [...new Set(all.map((each) => each.getBoundingClientRect().height))]")


def style(page, selector, name):
    return page.locator(selector).first.evaluate("(it, name) => getComputedStyle(it)[name]", name)


def edges(page, selector):
    return page.locator(selector).first.evaluate("""(it) => {
        const { left, right } = it.getBoundingClientRect();
        const { paddingLeft, paddingRight } = getComputedStyle(it);
        return [left + parseFloat(paddingLeft), right - parseFloat(paddingRight)];
    }""")


def test_sizes_are_whole_pixels(page, demo, supervisor):
    change(demo, 1, setupPrice="5.55")
    assert [style(page, each, "fontSize") for each in ("html", "#rows td", "thead th")] == ["16px", "14px", "13px"]
    assert heights(page, ".title :is(button, .button), #q, #pages :is(button, select), #prefix") == [34]
    assert heights(page, "#rows tr") == [44]
    page.locator("#row-height").select_option("compact")
    assert heights(page, "#rows tr") == [32]
    supervisor.cell(3, "setupPrice").dblclick()
    assert heights(page, "#rows tr") == [32]
    for path in ("/", "/changes", "/people", "/import", "/numbers/1", "/changes/1"):
        page.goto(path)
        page.locator("main :is(table, textarea)").first.wait_for()
        assert heights(page, "main .grid tbody tr") in ([], [44]), path
        assert all(height == int(height) for height in heights(page, "tr, button, input, select, h1, label, #top")), path


def test_every_page_has_the_same_frame(page, demo, supervisor):
    change(demo, 1, setupPrice="5.55")
    page.set_viewport_size({"width": 1920, "height": 900})
    containers = set()
    for path, section in SECTIONS.items():
        page.goto(path)
        expect(page.locator("#top [aria-current]")).to_have_text([section])
        containers.add((*edges(page, "main"), *edges(page, "#top")))
        primary = page.locator(".title .primary")
        if primary.count(): assert primary.bounding_box()["x"] + primary.bounding_box()["width"] == edges(page, "main")[1]
    page.goto("/problems/number-exists")
    expect(page.locator("#top").get_by_role("link", name="Numbers")).to_be_visible()
    containers.add((*edges(page, "main"), *edges(page, "#top")))
    # An unknown address has the frame, too.
    page.goto("/users")
    supervisor.check(page.get_by_role("heading"), "Not found (404)")
    expect(page.locator("#who")).to_contain_text("supervisor")
    containers.add((*edges(page, "main"), *edges(page, "#top")))
    assert len(containers) == 1
    supervisor.open_page("Changes")
    page.go_back()
    expect(page.get_by_role("heading")).to_have_text("Not found (404)")
    page.goto("/")
    number, price = (supervisor.row(0).locator(each).bounding_box() for each in (".value a", ".monthyPrice"))
    assert price["x"] + price["width"] - number["x"] < 350


def test_the_menu_of_the_user(page, supervisor):
    who, keys = page.locator("#who"), page.get_by_role("button", name="Keyboard shortcuts")
    who.focus()
    supervisor.press("Enter")
    supervisor.check(keys)
    supervisor.press("Escape")
    expect(keys).to_be_hidden()
    expect(who).to_be_focused()
    who.click()
    page.mouse.click(500, 600)
    expect(keys).to_be_hidden()
    who.focus()
    supervisor.press("Enter", "Tab", "Tab", "Enter")
    expect(page.locator("#keys-dialog")).to_be_visible()
    supervisor.press("Escape")
    expect(who).to_be_focused()


def test_every_stop_of_the_tab_key_is_visible(page, supervisor):
    page.goto("/?currency=R%24")
    page.locator("#rows tr").first.wait_for()
    supervisor.press("Tab")
    expect(page.locator("#skip")).to_be_in_viewport()
    supervisor.check()
    for _ in range(60):
        focused = page.locator(":focus")
        if not focused.count(): break
        box = focused.bounding_box()
        assert min(box["width"], box["height"]) > 10, focused.evaluate("(it) => it.outerHTML")
        supervisor.press("Tab")
    assert not focused.count()
    page.locator("#skip").focus()
    supervisor.press("Enter")
    expect(page.get_by_role("heading", name="Numbers")).to_be_focused()


@pytest.mark.parametrize("width", [360, 1100])
def test_filters_open_in_their_place(page, supervisor, width):
    page.set_viewport_size({"width": width, "height": 800})
    toggle, search = page.locator("#filter-toggle"), page.locator("#q")
    before = toggle.bounding_box(), search.bounding_box()
    toggle.click()
    supervisor.check(page.locator("#filter-panel"), "Starts with")
    assert (toggle.bounding_box(), search.bounding_box()) == before
    # Further down, they open below the search, too.
    supervisor.press("Escape")
    supervisor.row(20).scroll_into_view_if_needed()
    toggle.click()
    expect(page.locator("#currency-list input:checked")).to_be_focused()
    supervisor.expect_in_sight(page.locator("#currency-list input:checked"))


def test_the_selection_stays_visible_at_200_percent(page, supervisor):
    page.set_viewport_size({"width": 640, "height": 400})
    supervisor.row(1).get_by_role("checkbox").check()
    for index in (1, 12, 20):
        supervisor.press_in_row(index, "Copy")
        number = supervisor.row(index).get_by_role("link").inner_text()
        notice = supervisor.expect_notice(number).bounding_box()
        expect(page.locator("#selection")).to_be_in_viewport(ratio=1)
        assert notice["y"] + notice["height"] < page.locator("#selection").bounding_box()["y"]
    supervisor.check()


def test_fingers_have_targets_of_40_pixels_and_a_menu(visit, demo):
    visitor = visit(demo, viewport={"width": 360, "height": 720}, has_touch=True, is_mobile=True).sign_in()
    page, more = visitor.page, visitor.row(2).get_by_role("button")
    visitor.row(1).get_by_role("checkbox").tap()
    expect(page.locator("#selection")).to_contain_text("1 selected")
    more.tap()
    visitor.check(page.locator(".menu"), "Delete")
    assert page.locator(":is(a, button, select, label):not(#skip)").filter(visible=True).evaluate_all("""(all) => all
        .map((each) => [each.outerHTML, each.getBoundingClientRect()])
        .filter(([_, { width, height }]) => Math.min(width, height) < 40)""") == []
    visitor.press("Escape")
    expect(page.locator(".menu").filter(visible=True)).to_have_count(0)
    expect(more).to_be_focused()
    more.tap()
    page.locator(".menu").get_by_role("button", name="Edit").tap()
    expect(page.locator("#value")).to_be_focused()


def check_print(path):
    """Asserts that each page begins with the head, and contains nothing but it, the filter and rows."""
    pages = subprocess.check_output(["pdftotext", "-layout", path, "-"], text=True).split("\f")[:-1]
    assert 5 < len(pages) <= 20
    lines = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    assert lines[0].pop(0) == "Starts with +55" and re.fullmatch(r"1–(\d+) of \1", lines[-1].pop())
    assert {re.sub(r"\s+", " ", page.pop(0)) for page in lines} == {"Number Monthly price Setup price Currency"}
    rows = [line for page in lines for line in page]
    assert len(rows) > 500
    for row in rows: assert re.fullmatch(r"\+55[ \d-]+ +[\d.]+ +[\d.]+ +\S+", row)


def test_print_contains_the_rows(page, tmp_path):
    page.goto(LONG)
    page.locator("#rows tr").nth(500).wait_for()
    page.pdf(path=tmp_path / "numbers.pdf", format="A4")
    check_print(tmp_path / "numbers.pdf")


def test_firefox_prints_the_rows(demo, firefox, tmp_path):
    firefox.sign_in(demo, LONG)
    Wait(firefox, timeout=60).until(lambda _: len(firefox.find("rows").find_elements("tag name", "tr")) > 500)
    (tmp_path / "numbers.pdf").write_bytes(base64.b64decode(firefox._send_message("WebDriver:Print", {}, key="value")))
    check_print(tmp_path / "numbers.pdf")


def test_a_slow_or_failed_load_shows_a_skeleton_and_then_a_message(visit, demo):
    page = visit(demo, reduced_motion="reduce").page
    page.route("**/console/feed.js", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("#slow")).to_be_hidden()
    expect(page.locator(".skeleton")).to_be_visible()
    expect(page.locator("#slow")).to_be_visible()
    page.unroute("**/console/feed.js")
    page.get_by_role("link", name="load the page again").click()
    expect(page.get_by_label("User name")).to_be_focused()


@pytest.mark.parametrize("locale", ["ar-EG", "hi-IN-u-nu-deva", "fa-IR"])
def test_all_digits_are_0_to_9(visit, demo, locale):
    change(demo, 1, monthyPrice="1234.50")
    visitor = visit(demo, locale=locale).sign_in()
    page = visitor.page
    page.locator("#select-all").check()
    page.locator("#select-all-matching").click()
    page.locator("#change-selected").click()
    page.locator("[name=monthyPrice-kind]").select_option("times")
    page.locator("#to-monthyPrice").fill("2")
    visitor.click("Preview")
    expect(page.locator("#bulk-outcome tbody tr").first).to_be_visible()
    texts = [page.locator("body").inner_text()]
    for path in ("/?page=2", "/changes", "/changes/1", "/numbers/1", "/people"):
        page.goto(path)
        page.locator("main table td").first.wait_for()
        texts.append(page.locator("body").inner_text())
    assert "1" in "".join(texts) and re.findall(r"(?![0-9])\d", "".join(texts)) == []


@pytest.mark.parametrize("path", ["/numbers/99999", "/changes/99999"])
def test_an_unknown_address_leads_back(page, supervisor, path):
    page.goto(path)
    supervisor.check(page.locator("#main"), "There is no")
    expect(supervisor.button("Try now")).to_have_count(0)
    expect(page.locator("#main").get_by_role("link", name="All")).to_be_visible()
