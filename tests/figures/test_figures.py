"""Charts: drawn, named, told in words, the same each time."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from tests.render import sample

from anagen.figures import (
    Shown,
    curves,
    icon_array,
    patterns,
    price_range,
    range_axis,
    share_bar,
)

SVG = "{http://www.w3.org/2000/svg}"
OUTCOME = "total_density_per_cm2"
SHOWN = Shown(OUTCOME, "Hairs per cm²", sample.LABELS, (112, 168))
PEOPLE = {"gain": 10, "same": 70, "loss": 20}


@pytest.fixture(scope="module")
def panels():
    return curves(sample.forecast(), SHOWN)


@pytest.fixture(scope="module")
def drawn(panels):
    return [
        *panels.values(),
        icon_array(PEOPLE, "Nothing new", 24, "icons"),
        price_range(sample.quote(), budget=2500.0),
    ]


def test_each_is_one_named_image_that_loads_nothing(drawn):
    shared = set(re.findall(r'<pattern id="([^"]+)"', patterns()))
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
        assert set(re.findall(r"url\(#([^)]*)\)", figure.svg)) <= ids | shared
        inner = [e for e in root.iter() if e is not root and (e.get("role") or e.get("aria-label"))]
        assert inner == []


def test_letters_take_the_colour_of_the_page(drawn):
    for figure in drawn:
        letters = list(ET.fromstring(figure.svg).iter(f"{SVG}text"))
        assert " style=" not in figure.svg
        assert not letters or "currentColor" in figure.svg


def test_icons_are_a_hundred_and_each_kind_is_told():
    figure = icon_array(PEOPLE, "Nothing new", 24, "icons")
    assert "10 may see a gain, 70 no change and 20 a loss" in figure.text
    cells = {
        part: area(
            re.search(rf'<path d="([^"]+)" fill="url\(#chart-people-{part}\)"', figure.svg)[1]
        )
        for part in PEOPLE
    }
    assert cells == PEOPLE


def area(path):
    """Cells of 20 by 20 inside rectangles that a path draws."""
    found = 0
    for width, height in re.findall(r"M[-\d. ]+[hH](\d+)v(\d+)h-\1z", path):
        found += int(width) * int(height) // 400
    return found


def test_the_bar_of_people_is_as_wide_as_they_are_many():
    assert [int(width) for width in re.findall(r"h(\d+)v20", share_bar(PEOPLE))] == [40, 280, 80]
    assert "stripes" not in share_bar({"gain": 30, "same": 70, "loss": 0})


def test_one_axis_holds_every_range():
    changes = [arm.change[OUTCOME]["168"] for arm in sample.forecast().arms if arm.available]
    axis = range_axis(changes)
    assert axis.ticks[0] <= min(one.q05 for one in changes)
    assert axis.ticks[-1] >= max(one.q95 for one in changes)
    bars = [axis.bar(one) for one in changes]
    assert all('class="full"' in bar for bar in bars)
    assert len(set(bars)) == len({(c.q05, c.q25, c.q50, c.q75, c.q95) for c in changes})


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
    assert ">not studied<" not in curves(studied, SHOWN)["exosome"].svg


def test_words_give_ranges_not_single_outcomes(panels):
    assert "Week 24: −6 to +14, middle half 0 to +8" in panels["exosome"].text


def test_no_price_no_chart():
    assert price_range(replace(sample.quote(), low=None, high=None)) is None


def test_the_budget_is_drawn_and_told():
    assert "Your budget is 2,500 USD." in price_range(sample.quote(), budget=2500.0).text


def test_the_same_each_time(panels):
    again = curves(sample.forecast(), SHOWN)
    assert {arm: figure.svg for arm, figure in again.items()} == {
        arm: figure.svg for arm, figure in panels.items()
    }
