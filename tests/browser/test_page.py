"""The page as a person meets it: on a phone, in the dark, by keyboard, on paper, offline."""

from datetime import date
from pathlib import Path

import pytest
from tests.render import sample

from anagen.person.schema import Person
from anagen.plan.build import planned
from anagen.plan.decide import Settings
from anagen.render.html import html_page

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "woman-ludwig2-gb.yaml"


def real():
    """A real page with a combined wish, an unanswered question, closed arms and pictures."""
    today = date(2026, 11, 22)
    person = Person.load(EXAMPLE, today)
    made = planned(person, today, Settings(draws=100))
    return html_page(made.plan, made.patch())


def made_up(make):
    return lambda: html_page(make())


PLANS = {make.__name__: made_up(make) for make in sample.ALL} | {"real": real}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for name, make in PLANS.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(make(), encoding="utf-8")
    return paths


@pytest.fixture
def opened(browser, files):
    pages = []

    def open_page(plan, width=1280, scheme="light"):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        pages.append(page)
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(files[plan].as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("plan", PLANS)
def test_axe_finds_nothing(opened, plan, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(plan, width, scheme)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(opened, plan, width):
    page = opened(plan, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


VIEWS = ("words", "table", "curves", "bars", "icons", "patch")
MOMENTS = ("1", "2", "3")


def seen(page, selector):
    """Elements that a person can see now."""
    return page.locator(f"{selector}:visible").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_any_view_at_any_time(opened, view, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened("real", 390, scheme)
    page.check(f"#view-{view}")
    for moment in MOMENTS:
        page.check(f"#at-{moment}")
        found = axe.Axe().run(page, ".result")
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2560])
def test_no_view_scrolls_sideways(opened, width):
    page = opened("real", width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for view in VIEWS:
        page.check(f"#view-{view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view


def test_one_view_and_one_time_are_seen_at_once(opened):
    page = opened("real")
    for view in VIEWS:
        page.check(f"#view-{view}")
        assert seen(page, ".view") == seen(page, f".view-{view}") == 1
    page.check("#view-table")
    for moment in MOMENTS:
        page.check(f"#at-{moment}")
        assert seen(page, ".view-table .at") == seen(page, f".view-table .at-{moment}") == 1


def test_views_and_times_change_by_arrow_keys(opened):
    page = opened("real")
    page.focus("#view-words")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#view-table")
    assert seen(page, ".view-table") == 1
    outline = page.locator("label[for=view-table]").evaluate(
        "e => getComputedStyle(e).outlineStyle"
    )
    assert outline != "none"
    page.focus("#at-2")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#at-3")


def test_without_full_ranges_there_is_still_a_range(opened):
    page = opened("real")
    page.check("#view-table")
    cells = page.locator(".view-table .at-2 td:nth-child(5), .view-table .at-2 td:nth-child(6)")
    whole = cells.all_inner_texts()
    page.uncheck("#result-ranges")
    half = cells.all_inner_texts()
    assert len(half) == len(whole) >= 8
    assert all(" to " in text for text in (*whole, *half))
    assert all(a != b for a, b in zip(whole, half, strict=True))
    for view in VIEWS:
        page.check(f"#view-{view}")
        assert seen(page, ".full") == 0
    page.check("#view-bars")
    assert seen(page, ".view-bars .half") > 0


@pytest.mark.parametrize("view", VIEWS)
def test_what_an_option_asks_stands_beside_every_view_in_equal_type(opened, view):
    page = opened("real")
    page.check(f"#view-{view}")
    asks = ".sides dd" if view == "words" else ".asks td"
    arms = page.locator(".view-words .option").count()
    assert seen(page, asks) == 4 * arms
    size = "e => getComputedStyle(e).fontSize"
    if view in ("words", "table"):
        gain = ".sides .at p" if view == "words" else ".view-table .at-2 td"
        sizes = {page.locator(f"{one}:visible").first.evaluate(size) for one in (asks, gain)}
        assert len(sizes) == 1


def test_a_browser_that_knows_no_has_gets_all_views(opened):
    page = opened("real")
    # What such a browser would read of the stylesheet: the rules behind @supports are not there.
    page.evaluate(
        """() => { for (const sheet of document.styleSheets) {
             const drop = rules => { for (let i = rules.cssRules.length - 1; i >= 0; i--) {
               const rule = rules.cssRules[i];
               if (rule instanceof CSSSupportsRule) rules.deleteRule(i);
               else if (rule.cssRules && !(rule instanceof CSSStyleRule)) drop(rule); } };
             drop(sheet); } }"""
    )
    assert seen(page, ".view") == len(VIEWS)
    assert seen(page, ".view-table .at") == len(MOMENTS)


def test_paper_gets_every_view_at_every_time(opened):
    page = opened("real")
    page.emulate_media(media="print")
    assert seen(page, ".view") == len(VIEWS)
    assert seen(page, ".view-table .at") == seen(page, ".view-icons .at") == len(MOMENTS)
    assert seen(page, ".asks") == 1
    assert seen(page, ".controls") == 0


def test_only_the_file_itself_is_read(opened, files):
    page = opened("candidate")
    page.wait_for_load_state("networkidle")
    assert page.requests == [files["candidate"].as_uri()]


def test_the_first_tab_stop_skips_to_the_plan(opened):
    page = opened("candidate")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Skip to the plan"
    assert link.bounding_box()["x"] >= 0
    outline = link.evaluate("e => getComputedStyle(e).outlineWidth")
    assert outline != "0px"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_regulatory_status_is_on_the_first_screen_of_a_phone(opened):
    page = opened("candidate", 320)
    box = page.locator(".regulatory .verdict-line .tag").first.bounding_box()
    assert box["y"] + box["height"] < 300


def test_paper_gets_the_whole_plan(opened):
    page = opened("candidate")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 5 <= pdf.count(b"/Type /Page\n") <= 40
    page.emulate_media(media="print")
    entry = page.locator(".claim-entry p").first
    assert entry.bounding_box()["height"] > 0
