"""The researcher's pages in a real browser: axe, narrow windows, nothing loaded."""

import pytest
from tests.protocol.test_pages import TRIAL
from tests.protocol.test_protocol import question
from tests.trial.trials import small

from anagen.protocol.build import protocols_of
from anagen.protocol.report import report_of
from anagen.render.research import protocol_page, trial_page
from anagen.trial.pool import Engine


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("research")
    quiet = lambda *_: None  # noqa: E731
    report = report_of(small(**TRIAL), 10, engine=Engine(), countries=("US",), told=quiet)
    made = {"trial": trial_page(report), "protocol": protocol_page(protocols_of(question(), 100))}
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["trial", "protocol"])
def test_axe_finds_nothing_and_nothing_scrolls_or_loads(browser, files, name, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((files / f"{name}.html").as_uri())
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(requests) == 1
    page.close()
