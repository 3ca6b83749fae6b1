"""What every test may lean on: the no-skip switch, the browser, and one Hypothesis profile."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# One fixed sequence of examples: a red run on one machine is red on every other.
settings.register_profile(
    "anagen",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("anagen")

NO_SKIPS = os.environ.get("ANAGEN_NO_SKIPS") == "1"
CHROMIUM_INSTALL = "Chromium is not installed: apt-get install chromium"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """With ANAGEN_NO_SKIPS=1 a skipped test is a failed one, whatever skipped it."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and ANAGEN_NO_SKIPS=1 forbids it: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """The same for a module that skips as a whole."""
    report = yield
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skipped, and ANAGEN_NO_SKIPS=1 forbids it"
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's root."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium; the test is skipped, with the install line, where it is absent."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip(CHROMIUM_INSTALL)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A headless browser (Playwright's) for the whole session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's own sandbox cannot start as root; the pages are files that the tests made.
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh browser page, with nothing kept from another test."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
