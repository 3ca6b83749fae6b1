"""Charts: drawn, named, told in words, the same each time."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from tests.render import sample

from anagen.figures import curves, price_range, ranges, shares

SVG = "{http://www.w3.org/2000/svg}"
OUTCOME = "total_density_per_cm2"


@pytest.fixture(scope="module")
def panels():
    return curves(sample.forecast(), sample.LABELS, OUTCOME, "Hairs per cm²")


@pytest.fixture(scope="module")
def drawn(panels):
    parts = {"Nothing new": {"gain": 10, "same": 70, "loss": 20}}
    return [
        *panels.values(),
        ranges(sample.forecast(), sample.LABELS, OUTCOME, 168, "Hairs per cm²"),
        shares(parts, 24),
        price_range(sample.quote(), budget=2500.0),
    ]


def test_each_is_one_named_image_that_loads_nothing(drawn):
    seen = set()
    for figure in drawn:
        root = ET.fromstring(figure.svg)
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text == figure.title
        assert root.find(f"{SVG}desc").text == figure.text
        ids = {element.get("id") for element in root.iter() if element.get("id")}
        assert not ids & seen
        seen |= ids
        assert not list(root.iter(f"{SVG}image"))
        assert "href=" not in figure.svg
        assert set(re.findall(r"url\(#([^)]*)\)", figure.svg)) <= ids
        inner = [e for e in root.iter() if e is not root and (e.get("role") or e.get("aria-label"))]
        assert inner == []


def test_letters_take_the_colour_of_the_page(drawn):
    for figure in drawn:
        fills = {element.get("fill") for element in ET.fromstring(figure.svg).iter(f"{SVG}text")}
        assert fills == {"currentColor"}


def test_one_panel_for_each_available_option_on_the_same_axis(panels):
    assert list(panels) == [arm.id for arm in sample.forecast().arms if arm.available]
    ticks = {tuple(re.findall(r">(\d+)</text>", figure.svg)) for figure in panels.values()}
    assert len(ticks) == 1


def test_weeks_that_no_trial_reached_are_marked(panels):
    assert ">not studied<" in panels["exosome"].svg
    assert "later weeks are not studied" in panels["exosome"].text
    assert "No trial has studied this." in panels["exosome+prp"].text
    forecast = sample.forecast()
    studied = replace(
        forecast,
        arms=tuple(
            replace(arm, evidence_basis=replace(arm.evidence_basis, studied_until_day=364))
            for arm in forecast.arms
        ),
    )
    assert ">not studied<" not in curves(studied, {}, OUTCOME, "Change")["exosome"].svg


def test_words_give_ranges_not_single_outcomes(panels):
    assert "week 24: −6 to +14, middle half 0 to +8" in panels["exosome"].text


def test_no_price_no_chart():
    assert price_range(replace(sample.quote(), low=None, high=None)) is None


def test_the_budget_is_drawn_and_told():
    assert "Your budget is 2,500 USD." in price_range(sample.quote(), budget=2500.0).text


def test_the_same_each_time(panels):
    again = curves(sample.forecast(), sample.LABELS, OUTCOME, "Hairs per cm²")
    assert {arm: figure.svg for arm, figure in again.items()} == {
        arm: figure.svg for arm, figure in panels.items()
    }
