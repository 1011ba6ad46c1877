"""The console's table: pages, order, filters, changes of other users, a slow or unreachable server."""

import json
import re

import pytest
from console import button, cell, change, edit, fits, new_number, notice, number, press, requests_of, row, save, status, turn
from playwright.sync_api import expect
from program import until


def filter_by(page, fields):
    """Fills fields of the filter panel, such as "Starts with" and "Monthly price: From", and presses Enter."""
    for name, text in fields.items():
        group, _, label = name.rpartition(": ")
        panel = page.locator("#filter-panel")
        (panel.get_by_role("group", name=group) if group else panel).get_by_label(label).fill(text)
    page.keyboard.press("Enter")


def test_the_table_keeps_order_and_page_in_the_address(page, supervisor):
    supervisor.check()
    header = page.get_by_role("columnheader", name="Monthly price")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile("sort=monthyPrice"))
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(header.get_by_role("button")).to_be_focused()
    expect(status(page)).to_have_text("800 numbers")
    turn(page, "Next", "26–50 of 800")
    page.get_by_label("A page has").select_option("100")
    expect(page.locator("#range")).to_have_text("1–100 of 800")
    expect(page.locator("#rows tr")).to_have_count(100)
    address = page.url
    turn(page, "Last", "701–800 of 800")
    # The disabled button keeps the focus, and the first row is in sight.
    expect(page.get_by_role("button", name="Last")).to_be_focused()
    expect(row(page, 0)).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#range")).to_have_text("1–100 of 800")
    expect(page).to_have_url(address)
    page.reload()
    expect(page.locator("#rows tr")).to_have_count(100)
    expect(header).to_have_attribute("aria-sort", "descending")
    page.goto("/")
    expect(page.locator("#rows tr")).to_have_count(100)


def test_a_search_filters_while_typing(page, demo, supervisor):
    search = page.get_by_role("searchbox", name="Search")
    search.press_sequentially("(55) 11", delay=30)
    expect(status(page)).to_have_text(f"{demo.total('q=5511')} numbers")
    expect(page).to_have_url(re.compile(r"q="))
    for value in page.locator("#rows td.value").all_inner_texts(): assert "5511" in re.sub(r"\D", "", value)
    expect(search).to_be_focused()
    search.fill("000000000")
    supervisor.check(page.locator("#nothing"), "Nothing matches.")
    turn(page, "Clear filters", "1–25 of 800")
    # Sorting right after typing keeps the text.
    search.fill("5511")
    page.get_by_role("columnheader", name="Setup price").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"(?=.*q=5511)(?=.*sort=setupPrice)"))
    expect(search).to_have_value("5511")


def test_an_invalid_address_is_reported_and_not_requested_again(page, supervisor):
    for query in ("page=abc", "currency=xyz1", "perPage=0", "sort=foo", "monthyPriceFrom=0.12345"):
        page.goto(f"/?{query}")
        expect(page.get_by_text("This list cannot be shown.")).to_be_visible()
        expect(page.locator("#pages")).to_be_hidden()
        expect(page.locator("#table")).to_be_hidden()
    supervisor.check(page.locator("#chips"), "0.12345")
    sent = requests_of(page)
    page.wait_for_timeout(5500)
    assert sent == []
    turn(page, "Show all numbers", "1–25 of 800")
    expect(page).to_have_url(supervisor.address + "/")


def test_changes_of_other_users_are_marked(page, demo):
    new_number(page, value="+55 84")
    change(demo, 2, setupPrice="66.66")
    expect(page.locator("tr.changed")).to_have_count(1, timeout=60_000)
    expect(status(page)).to_have_text("1 number has changed.")
    expect(status(page)).to_have_text("800 numbers")
    expect(page.locator("#value")).to_be_focused()
    expect(page.locator("#value")).to_have_value("+55 84")


def test_deletions_of_other_users_mark_no_row(page, demo):
    cell(page, 3, "currency").focus()
    fourth = row(page, 3).get_attribute("data-id")
    page.evaluate("""() => {
        window.marked = 0;
        const isMarked = ({ target }) => target.classList.contains("changed");
        new MutationObserver((all) => { window.marked += all.filter(isMarked).length; })
            .observe(document.querySelector("#rows"), { attributes: true, subtree: true, attributeFilter: ["class"] });
    }""")
    assert demo.supervisor.delete(f"/api/v1/numbers/{fourth}").status_code == 204
    expect(page.locator("#range")).to_have_text("1–25 of 799", timeout=60_000)
    assert page.evaluate("window.marked") == 0
    expect(status(page)).to_have_text("799 numbers")
    expect(cell(page, 3, "currency")).to_be_focused()


def test_an_unreachable_server_is_reported_until_it_returns(page, network, supervisor):
    network.cut()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#banner")).to_contain_text("The server cannot be reached. What you see may be old.")
    expect(page).to_have_url(supervisor.address + "/")
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    expect(page.locator("#rows tr")).to_have_count(25)
    supervisor.check()
    network.mend()
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    expect(page).to_have_url(re.compile(r"/\?page=2$"))
    # Going back without a server hides the rows of the other page.
    network.cut()
    page.go_back()
    expect(page.locator("#banner")).to_contain_text("The server cannot be reached.")
    expect(page.locator("#table")).to_be_hidden()
    supervisor.check()
    network.mend()
    turn(page, "Try now", "1–25 of 800")


def test_a_slow_server_is_reported_and_the_last_request_wins(page, network, supervisor):
    network.delay = 60
    page.evaluate("""() => {
        const status = document.querySelector("#status");
        window.told = [];
        new MutationObserver(() => window.told.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#table")).to_have_attribute("aria-busy", "true")
    expect(status(page)).to_have_text("Still loading: the server is slow …")
    assert page.evaluate("window.told[0]") == "Loading …"
    supervisor.check()
    page.get_by_role("button", name="Last").click()
    network.delay = 0
    expect(page.locator("#range")).to_have_text("776–800 of 800")
    page.wait_for_timeout(1000)
    expect(page.locator("#range")).to_have_text("776–800 of 800")
    expect(page).to_have_url(re.compile(r"/\?page=32$"))


def test_an_empty_inventory_is_reported(visit, start):
    visitor = visit(start())
    visitor.check(visitor.sign_in().locator("#nothing"), "The inventory is empty.")


def test_the_keyboard_reaches_everything(page, supervisor):
    # The table has one tab stop, not one for each cell.
    page.evaluate("document.activeElement.blur()")
    stops = 0
    while stops < 40:
        page.keyboard.press("Tab")
        if stops and page.evaluate("document.activeElement === document.body"): break
        stops += 1
    assert stops < 40
    page.keyboard.press("t")
    expect(row(page, 0).get_by_role("link")).to_be_focused()
    press(page, "ArrowDown", "ArrowRight")
    expect(cell(page, 1, "monthyPrice")).to_be_focused()
    page.keyboard.press("End")
    expect(row(page, 1).get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("Home")
    expect(row(page, 1).get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Control+End")
    expect(row(page, 24).get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("n")
    expect(page.locator("#number-dialog")).to_have_count(0)
    page.get_by_role("searchbox", name="Search").fill("")
    page.get_by_role("heading", name="Numbers").focus()
    page.keyboard.press("n")
    expect(page.locator("#number-dialog")).to_be_visible()
    press(page, "Escape", "?")
    supervisor.check(page.get_by_role("heading", name="Keys"))
    page.get_by_label("Single letters are shortcuts").uncheck()
    press(page, "Escape", "n")
    expect(page.locator("#number-dialog")).to_have_count(0)


PRICES = [
    # The language, a price as it is shown, and texts that are read as other prices.
    ("pt-BR", "1.234,50", {"0,12": "0.12"}, "1.234"),
    ("en-US", "1,234.50", {"0.12": "0.12", "1 234.50": "1234.50"}, "1,234"),
    ("ar-EG", None, {"0.12": "0.12"}, None),
    ("en-IN", "12,34,567.50", {"1,00,000": "100000.00", "1,234,567": "1234567.00"}, "1,0,000"),
]


@pytest.mark.parametrize("locale, shown, others, invalid", PRICES)
def test_prices_are_shown_and_read_in_the_language_of_the_user(visit, demo, locale, shown, others, invalid):
    price = "1234567.50" if locale == "en-IN" else "1234.50"
    change(demo, 1, monthyPrice=price)
    page = visit(demo, locale=locale).sign_in()
    if shown: expect(cell(page, 0, "monthyPrice")).to_have_text(shown)
    text = cell(page, 0, "monthyPrice").inner_text()
    # The text can be copied and pasted back.
    assert text == text.strip() and "\u2007" not in text
    for typed, read in [*others.items(), (text, price), (f" {text}\u00a0", price)]:
        edit(page, 0, monthyPrice=typed)
        save(page)
        expect(page.locator("#number-dialog")).to_have_count(0)
        assert number(demo, 1)["monthyPrice"] == read
    if invalid:
        edit(page, 0, monthyPrice=invalid)
        save(page)
        expect(page.locator("#monthyPrice-fault")).to_contain_text("" if locale == "en-IN" else "could be 1234 or 1")
        expect(page.locator("#monthyPrice-fault")).not_to_be_empty()
        assert number(demo, 1)["monthyPrice"] == price


def test_a_number_is_copied(page, demo, supervisor):
    supervisor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    value = number(demo, 1)["value"]
    row(page, 0).hover()
    row(page, 0).get_by_role("button", name="Copy").click()
    expect(notice(page)).to_contain_text("is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == value


WIDTHS = [320, 360, 641, 700, 768, 769, 775, 993, 1280, 1920]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_all_widths(visit, demo, scheme):
    visitor = visit(demo, color_scheme=scheme, reduced_motion="reduce")
    page = visitor.sign_in()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert fits(page), width
        delete = row(page, 0).get_by_role("button", name="Delete").bounding_box()
        assert delete["x"] + delete["width"] <= width
        if width in (360, 768, 1920): visitor.check()
    row(page, 0).get_by_role("checkbox").check()
    edit(page, 0)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert fits(page), width
    visitor.check()


def test_a_phone_has_controls_to_sort_and_select(visit, demo):
    visitor = visit(demo, viewport={"width": 360, "height": 740}, has_touch=True)
    page = visitor.sign_in()
    page.get_by_label("Sort by").select_option("-monthyPrice")
    expect(page).to_have_url(re.compile("sort=-monthyPrice"))
    page.get_by_role("button", name="Select page").click()
    expect(page.locator("#selection")).to_contain_text("25 selected")
    assert fits(page)
    visitor.check()


def test_the_table_appears_within_a_second(page):
    times = []
    # Usually 150 ms; a busy machine may take longer most of the times.
    while len(times) < 5 or min(times) >= 1000 and len(times) < 30:
        page.goto("/")
        page.wait_for_selector("#rows tr")
        times.append(page.evaluate("performance.now()"))
    assert min(times) < 1000


def test_the_page_is_requested_once_and_beside_the_session(page):
    sent = requests_of(page, "/api/v1/numbers?")
    held = []
    page.route("**/sessions/current", lambda route: held.append(route))
    with page.expect_request("**/api/v1/numbers?*"):
        page.goto("/?sort=-value&page=2")
    expect(page.locator("#rows")).to_have_count(0)
    until(lambda: page.wait_for_timeout(100) or held)
    held[0].continue_()
    expect(page.locator("#range")).to_have_text("26–50 of 800")
    assert len(sent) == 1 and "sort=-value" in sent[0].url


def test_a_thousand_rows_are_drawn_quickly(page, demo, supervisor):
    demo.carrier("seed", "--count", "200", "--add")
    page.reload()
    expect(status(page)).to_have_text("1,000 numbers")
    browser = supervisor.context.new_cdp_session(page)
    # The time of the page's thread, which other work on the machine does not increase.
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent():
        metrics = browser.send("Performance.getMetrics")["metrics"]
        return {each["name"].removesuffix("Duration"): each["value"] * 1000 for each in metrics}

    before = spent()
    page.get_by_label("A page has").select_option("1000")
    expect(page.locator("#rows tr")).to_have_count(1000)
    page.wait_for_timeout(300)
    after = spent()
    took = {name: after[name] - before[name] for name in ("Task", "RecalcStyle", "Layout")}
    # Rows out of sight have no layout: that is a quarter of the work, and half without this.
    assert took["RecalcStyle"] + took["Layout"] < .4 * took["Task"], took
    # Some 140 ms on a busy machine; more if each row is drawn twice.
    assert took["Task"] < 500, took


def test_filters_combine_and_report_errors(page, demo, supervisor):
    counts = {each["currency"]: each["count"] for each in demo.supervisor.get("/api/v1/currencies").json()}
    panel = page.locator("#filter-panel")
    # The existing currencies with their counts, and no others.
    expect(panel.get_by_role("radio")).to_have_count(len(counts) + 1)
    expect(panel.locator("label").filter(has_text="R$")).to_contain_text(str(counts["R$"]))
    panel.get_by_label("R$").check()
    expect(status(page)).to_have_text(f"{counts['R$']} numbers")
    expect(page).to_have_url(re.compile("currency=R"))
    page.get_by_role("button", name="Remove filter: Currency R$").click()
    expect(panel.get_by_label("All")).to_be_checked()
    panel.get_by_label("R$").check()
    expect(status(page)).to_have_text(f"{counts['R$']} numbers")
    filter_by(page, {"Starts with": "+55 11"})
    expect(page).to_have_url(re.compile("prefix="))
    filter_by(page, {"Monthly price: From": "0.05", "Monthly price: Up to": "0.2"})
    expect(page).to_have_url(re.compile("(?=.*monthyPriceFrom=0.05)(?=.*monthyPriceTo=0.2)"))
    expect(page.locator("#chips .chip")).to_have_count(4)
    supervisor.check(page.locator("#chips"), "Monthly price from 0.05")
    matching = demo.total("currency=R$&prefix=5511&monthyPriceFrom=0.05&monthyPriceTo=0.2")
    expect(status(page)).to_have_text(f"{matching} number{'' if matching == 1 else 's'}")
    for text in page.locator("#rows td.value").all_inner_texts(): assert text.startswith("+55 11")
    page.reload()
    expect(page.locator("#chips .chip")).to_have_count(4)
    expect(panel.get_by_label("R$")).to_be_checked()
    page.get_by_role("button", name="Remove filter: Starts with").click()
    expect(page.locator("#chips .chip")).to_have_count(3)
    supervisor.keeps_focus()
    button(page, "Clear").click()
    expect(page.locator("#range")).to_have_text("1–25 of 800")
    expect(page.locator("#chips")).to_be_hidden()
    expect(page).to_have_url(supervisor.address + "/")
    expect(panel.get_by_label("All")).to_be_checked()
    filter_by(page, {"Setup price: From": "abc"})
    expect(page.get_by_text("This list cannot be shown.")).to_be_visible()
    expect(page.locator("#setupPriceFrom-fault")).to_have_text("It must be a decimal number such as 12.30.")
    supervisor.check()
    filter_by(page, {"Starts with": "abc"})
    expect(page.locator("#prefix-fault")).not_to_be_empty()
    filter_by(page, {"Setup price: From": "", "Starts with": "+55"})
    expect(page.locator("#range")).to_contain_text("1–25 of")
    expect(panel.locator("[aria-invalid]")).to_have_count(0)
    expect(panel.locator(".fault:not(:empty)")).to_have_count(0)


def test_filters_open_and_close_on_a_narrow_screen(visit, demo):
    visitor = visit(demo, viewport={"width": 700, "height": 800})
    page = visitor.sign_in()
    expect(page.locator("#filter-panel")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#filter-panel").get_by_label("All")).to_be_focused()
    visitor.check()
    page.keyboard.press("Escape")
    expect(page.locator("#filter-panel")).to_be_hidden()
    expect(page.get_by_role("button", name="Filters")).to_be_focused()


@pytest.mark.parametrize("status_code", [500, 408])
def test_polling_continues_with_longer_pauses_after_a_failure(visit, demo, status_code):
    visitor = visit(demo)
    page = visitor.page
    page.clock.install()
    visitor.sign_in()
    expect(status(page)).to_have_text("800 numbers")
    sent = requests_of(page, "/api/v1/numbers?")
    problem = json.dumps({"title": "It failed", "status": status_code})
    page.route("**/api/v1/numbers?*", lambda route: route.fulfill(
        status=status_code, content_type="application/problem+json", body=problem))
    page.clock.fast_forward(5100)
    expect(page.locator("#banner")).to_contain_text("What you see may be old. The next try is in 10 s.")
    expect(page.locator("#rows tr")).to_have_count(25)
    page.clock.fast_forward(10100)
    expect(page.locator("#banner")).to_contain_text("The next try is in 20 s.")
    assert len(sent) == 2
    page.unroute("**/api/v1/numbers?*")
    change(demo, 1, monthyPrice="5.55")
    page.clock.fast_forward(20100)
    expect(cell(page, 0, "monthyPrice")).to_have_text("5.55")
    expect(page.locator("#banner")).to_be_hidden()


def test_the_page_size_of_the_address_is_used_and_not_remembered(page):
    size = page.get_by_label("A page has")
    page.goto("/?perPage=37")
    expect(page.locator("#range")).to_have_text("1–37 of 800")
    expect(size).to_have_value("37")
    turn(page, "Next", "38–74 of 800")
    expect(page).to_have_url(re.compile("perPage=37"))
    page.evaluate("""() => {
        history.pushState(null, "", "/?perPage=41");
        dispatchEvent(new PopStateEvent("popstate"));
    }""")
    expect(page.locator("#range")).to_have_text("1–41 of 800")
    expect(size).to_have_value("41")
    expect(size.locator("option")).to_have_text(["10", "25", "41", "50", "100", "1000"])
    page.go_back()
    expect(size).to_have_value("37")
    page.goto("/")
    expect(size).to_have_value("25")
    expect(size.locator("option")).to_have_text(["10", "25", "50", "100", "1000"])
