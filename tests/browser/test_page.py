"""The page as a person meets it: on a phone, in the dark, by keyboard, on paper, offline."""

from datetime import date
from pathlib import Path

import pytest
from tests.render import sample

from anagen.person.schema import Person
from anagen.plan.build import make_plan
from anagen.plan.decide import Settings
from anagen.plan.requests import scalp_patch_of
from anagen.render.html import html_page

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "woman-ludwig2-gb.yaml"


def real():
    """A real page with a combined wish, an unanswered question, closed arms and pictures."""
    today = date(2026, 11, 22)
    person = Person.load(EXAMPLE, today)
    plan = make_plan(person, today, Settings(draws=100))
    return html_page(plan, scalp_patch_of(person, plan))


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
    box = page.locator(".regulatory .status").first.bounding_box()
    assert box["y"] + box["height"] < 300


def test_paper_gets_the_whole_plan(opened):
    page = opened("candidate")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 5 <= pdf.count(b"/Type /Page\n") <= 40
    page.emulate_media(media="print")
    entry = page.locator(".claim-entry p").first
    assert entry.bounding_box()["height"] > 0
