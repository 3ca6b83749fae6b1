"""The whole flow in a real browser: by mouse, by keys alone, with scripts and without."""

import pytest
import yaml
from tests.web.conftest import EXAMPLES, started

from anagen.web.questions import load_flow

SCREENS = [screen.id for screen in load_flow().screens]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WAIT = 20_000
NARROWEST, WIDEST = 320, 3840


@pytest.fixture(scope="module")
def address():
    process, found = started("--workers", "2")
    yield found
    process.terminate()
    process.wait(20)


@pytest.fixture
def opened(browser, address):
    contexts = []

    def open_page(size=DESK, scripts=True, scheme="light", **options):
        context = browser.new_context(
            viewport=size,
            java_script_enabled=scripts,
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.requests, page.faults = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda told: told.type == "error" and page.faults.append(told.text))
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def axe(page, where):
    tool = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = tool.Axe().run(page)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"


def go(page, selector):
    """Press what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        page.click(selector)


def to_check(page, seen=lambda _: None):
    """Answer the least by mouse, up to the check."""
    go(page, "#flow button[value=start]")
    seen("you")
    page.fill("#f-age", "34")
    page.check("#f-sex-2")
    page.select_option("#f-country", "TR")
    for name in SCREENS:
        if name == "loss":
            page.check("input[value=androgenetic_alopecia]")
        go(page, ".actions .primary")
        seen(name)
    assert page.locator(".told-group").count() == len(SCREENS)


def to_result(page):
    page.set_input_files("#load-file", EXAMPLES / "early-loss-tr.yaml")
    go(page, "#load button")
    go(page, ".actions .primary")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_whole_way_by_mouse(opened, address, size, scripts):
    page = opened(size, scripts)
    to_check(page)
    go(page, ".actions .primary")
    assert page.locator("#forecast").count() == 1
    go(page, "#next button[formaction^='/values']")
    page.check("input[name='values.cost'][value=much]")
    go(page, ".actions .primary")
    assert "What it costs" in page.inner_text(".note")
    go(page, ".actions button[formaction^='/sure']")
    for key in ("sure", "know", "clear", "support"):
        page.check(f"input[name='sure.{key}'][value=yes]")
    go(page, ".actions .primary")
    assert "all four" in page.inner_text(".note")
    go(page, ".actions button[formaction^='/ask']")
    page.fill("#notes", "Mine")
    go(page, ".actions button[value=ask]")
    assert page.input_value("#notes") == "Mine"
    go(page, ".actions button[formaction^='/result']")
    assert all(url.startswith(address) for url in page.requests)
    assert page.faults == []


def press_until(page, wanted, most=120):
    """Tab on until the wanted element has the focus, which must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            ring = page.evaluate(
                "() => [document.activeElement, document.activeElement.closest('.choice')]"
                ".map(e => e && parseFloat(getComputedStyle(e).outlineWidth)"
                " && getComputedStyle(e).outlineStyle !== 'none')"
            )
            assert any(ring), f"no visible focus on {wanted}"
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_the_whole_way_by_keys_alone(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Skip to the content"
    press_until(page, "#flow button[value=start]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-age")
    press_until(page, "#f-age")
    page.keyboard.type("34")
    press_until(page, "[name=sex]")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#f-sex-2")
    press_until(page, "#f-country")
    page.keyboard.type("Germ")
    assert page.input_value("#f-country") == "DE"
    page.focus("#f-age")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=diagnosis]")
    press_until(page, "[name=diagnosis]")
    page.keyboard.press("Space")
    for name in SCREENS[1:]:
        page.wait_for_selector(f"[name=at][value={name}]", state="attached")
        press_until(page, ".actions .primary")
        page.keyboard.press("Enter")
    page.wait_for_selector("[name=at][value=check]", state="attached")
    press_until(page, ".actions .primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result")
    press_until(page, "#try-sessions")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.wait_for_selector(".difference")
    assert page.evaluate("document.activeElement.id") == "try-sessions"
    page.focus("#main")
    press_until(page, ".contents a[href='#next']")
    page.keyboard.press("Enter")
    press_until(page, "#next .primary", most=2)
    page.keyboard.press("Enter")
    page.wait_for_selector("[name='values.gain']")


def test_what_if_is_shown_in_place_and_keeps_view_and_time(opened, address):
    page = opened()
    to_result(page)
    page.check("#view-table", force=True)
    page.check("#at-1", force=True)
    before = page.evaluate("window.scrollY")
    loads = len([url for url in page.requests if url.endswith("/result?lang=en")])
    page.evaluate("window.stays = true")
    page.focus("#try-prp")
    page.select_option("#try-prp", "yes")
    page.wait_for_selector(".difference")
    assert page.evaluate("window.stays") is True
    assert page.is_checked("#view-table")
    assert page.is_checked("#at-1")
    assert page.evaluate("document.activeElement.id") == "try-prp"
    assert abs(page.evaluate("window.scrollY") - before) < 600
    assert len([url for url in page.requests if url.endswith("/result?lang=en")]) == loads + 1
    assert page.url == f"{address}/result?lang=en"
    page.select_option("#try-country", "US")
    page.locator(".regulatory", has_text="(United States)").wait_for()


def test_what_is_typed_while_an_answer_comes_is_not_undone(opened):
    page = opened()
    to_result(page)
    page.select_option("#try-prp", "yes")
    page.click(".whatif-actions .primary")
    page.fill("#try-sessions", "9")
    page.keyboard.press("Tab")
    page.locator(".difference", has_text="9 visits").wait_for()
    assert page.input_value("#try-sessions") == "9"
    assert page.input_value("#try-prp") == "yes"


def test_what_if_works_without_scripts(opened):
    page = opened(scripts=False)
    to_result(page)
    page.select_option("#try-prp", "yes")
    go(page, ".whatif-actions .primary")
    assert "Exosomes + PRP" in page.inner_text(".difference")
    go(page, ".whatif-actions button[value=own]")
    assert page.locator(".difference").count() == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_patch_of_scalp_is_drawn_for_the_time_asked_for(opened, scripts):
    page = opened(scripts=scripts)
    to_result(page)
    page.check("#view-patch", force=True)
    page.check("#at-3", force=True)
    later = page.locator(".patches figcaption strong").last
    assert "week 24" in later.inner_text()
    if scripts:
        page.click(".view-patch .at-3 button")
        page.locator(".patches", has_text="week 52").wait_for()
        assert page.evaluate("document.activeElement.id") == "view-patch-title"
    else:
        go(page, ".view-patch .at-3 button")
    assert "week 52" in later.inner_text()
    assert page.is_checked("#view-patch")
    assert page.is_checked("#at-3")
    assert not page.is_visible(".view-patch .at-3")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_back_change_and_language_lose_nothing(opened, scripts):
    page = opened(scripts=scripts)
    to_check(page)
    go(page, "button[value=wishes]")
    page.fill("#f-wishes-sessions", "6")
    go(page, "button[lang=tr]")
    assert page.get_attribute("html", "lang") == "tr"
    assert page.input_value("#f-wishes-sessions") == "6"
    go(page, "button[lang=es]")
    go(page, ".actions .primary")
    assert page.inner_text("#told-wishes dl").count("6")
    go(page, ".actions button[value=back]")
    assert page.get_attribute("html", "lang") == "es"
    go(page, "button[lang=en]")
    go(page, ".actions .primary")
    assert "34" in page.inner_text("#told-you")


def test_errors_get_the_focus_and_lead_to_their_field(opened):
    page = opened()
    go(page, "#flow button[value=start]")
    go(page, ".actions .primary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-age"
    described = page.get_attribute("#f-age", "aria-describedby").split()
    assert any(page.locator(f"#{name}").count() for name in described)


def test_a_saved_file_is_what_was_answered(opened, tmp_path):
    page = opened()
    to_check(page)
    with page.expect_download() as download:
        page.click(".actions button[value=save]")
    target = tmp_path / "person.yaml"
    download.value.save_as(target)
    assert download.value.suggested_filename == "person.yaml"
    assert yaml.safe_load(target.read_text(encoding="utf-8"))["age"] == 34
    page.goto(page.url.partition("/questions")[0])
    page.set_input_files("#load-file", target)
    go(page, "#load button")
    assert "34" in page.inner_text("#told-you")


def test_leaving_with_unsaved_answers_asks_first(opened):
    page = opened()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    go(page, "#flow button[value=start]")
    assert asked == []
    page.fill("#f-age", "34")
    page.goto("about:blank")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(("width", "scheme"), [(NARROWEST, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_any_page(opened, width, scheme):
    page = opened({"width": width, "height": 900}, scheme=scheme)
    axe(page, "first")
    page.select_option("#where-country", "US")
    go(page, ".inline-row button")
    axe(page, "first with a country")
    go(page, "#flow button[value=start]")
    go(page, ".actions .primary")
    axe(page, "errors")
    page.goto(page.url.partition("/questions")[0])
    to_check(page, lambda name: axe(page, name))
    go(page, "#told-measured .told-head button")
    go(page, "button[value=more]")
    page.fill("#f-measurements-0-site", "crown")
    go(page, ".actions .primary")
    axe(page, "error in a list")
    page.fill("#f-measurements-0-site", "")
    go(page, ".actions .primary")
    go(page, ".actions .primary")
    page.select_option("#try-prp", "yes")
    page.wait_for_selector(".difference")
    axe(page, "what if")
    go(page, "button[value=clinician]")
    page.wait_for_selector("#clinician")
    page.fill("[name='override.R-scalp-infection']", "healed")
    go(page, "button[value=override]")
    page.wait_for_selector(".overridden")
    axe(page, "clinician")
    for name, button in (("values", "#next .primary"), ("sure", "[formaction^='/sure']"),
                         ("ask", "[formaction^='/ask']")):  # fmt: skip
        go(page, button)
        page.wait_for_selector(f"#flow[action^='/{name}']")
        axe(page, name)


@pytest.mark.parametrize("view", ["words", "table", "curves", "bars", "icons", "patch"])
def test_axe_finds_nothing_in_any_view(opened, view):
    page = opened()
    to_result(page)
    page.check(f"#view-{view}", force=True)
    axe(page, view)


@pytest.mark.parametrize("width", [NARROWEST, 768, WIDEST])
def test_nothing_scrolls_sideways(opened, width):
    page = opened({"width": width, "height": 900})
    where = []

    def fits(name):
        if page.evaluate("document.documentElement.scrollWidth") > width:
            where.append(name)

    fits("first")
    to_check(page, fits)
    go(page, ".actions .primary")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for view in ("words", "table", "curves", "bars", "icons", "patch"):
        page.check(f"#view-{view}", force=True)
        fits(view)
    go(page, "#next .primary")
    fits("values")
    assert where == []


def test_twice_as_large_text_still_fits(opened):
    """WCAG 1.4.4; the narrowest width above is 1280 pixels at 400 %, for WCAG 1.4.10."""
    page = opened({"width": 640, "height": 900})
    to_check(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_targets_are_large_enough(opened):
    """WCAG 2.5.8: at least 24 by 24 pixels."""
    page = opened(PHONE)
    to_check(page)
    for box in page.locator(
        "button:visible:not([aria-hidden]), select:visible, label.choice:visible"
    ).all():
        size = box.bounding_box()
        assert size is None or min(size["width"], size["height"]) >= 24, box.inner_text()


def test_paper_gets_the_questions_with_lines_to_write_on(opened):
    page = opened()
    to_result(page)
    go(page, "[formaction^='/ask']")
    page.emulate_media(media="print")
    assert page.locator(".answer-line").first.bounding_box()["height"] > 20
    assert not page.locator(".actions").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_every_control_has_a_name(opened):
    page = opened()
    to_check(page)
    for name in SCREENS:
        go(page, f".told-head button[value={name}]")
        unnamed = page.evaluate(
            "() => [...document.querySelectorAll('#flow :is(input:not([type=hidden]), select,"
            " textarea)')].filter(one => !one.labels.length).map(one => one.name)"
        )
        assert unnamed == []
        go(page, ".actions .primary")
