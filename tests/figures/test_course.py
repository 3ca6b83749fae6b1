"""Bands over time: quantiles over the draws, on one axis, told in words."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from tests.figures.follicles import model

from anagen.figures import density_over_time, phase_shares
from anagen.follicle import simulate, untreated

SVG = "{http://www.w3.org/2000/svg}"


def run(drive, draws=40):
    spread = np.linspace(200.0, 300.0, draws)
    scalp = model(per_cm2=spread, anagen_drive_log=0.9)
    return simulate(scalp, untreated(np.full(draws, drive), 364), days=364)


@pytest.fixture(scope="module")
def runs():
    return {"healthy": run(0.0), "affected": run(1.0)}


def test_one_figure_for_each_run_on_the_same_axes(runs):
    figures = density_over_time(runs)
    assert list(figures) == ["healthy", "affected"]
    ticks = {tuple(re.findall(r">(\d+)</text>", figure.svg)) for figure in figures.values()}
    assert len(ticks) == 1


def test_words_are_the_quantiles_of_the_draws(runs):
    low, high = np.quantile(runs["healthy"].counted()[0], [0.05, 0.95])
    text = density_over_time(runs)["healthy"].text
    assert f"week 0: {low:.0f} to {high:.0f}, middle half" in text
    assert "week 52" in text


def test_the_threshold_is_used_and_told(runs):
    figure = density_over_time(runs, threshold_um=30.0)["healthy"]
    low = np.quantile(runs["healthy"].counted(30.0)[0], 0.05)
    assert f"week 0: {low:.0f} to" in figure.text
    assert "at least 30 µm" in figure.title


def test_shares_of_all_phases_add_up(runs):
    figures = phase_shares(runs["healthy"])
    assert list(figures) == ["early anagen", "anagen", "telogen", "latency"]
    first = [int(re.search(r"week 0: (\d+)", figure.text)[1]) for figure in figures.values()]
    assert sum(first) == pytest.approx(100, abs=2)


def test_androgen_drive_shows_as_less_anagen(runs):
    def last(name):
        return int(re.search(r"week 52: (\d+)", phase_shares(runs[name])["anagen"].text)[1])

    assert last("affected") < last("healthy")


def test_each_is_one_named_image(runs):
    figures = [*density_over_time(runs).values(), *phase_shares(runs["healthy"]).values()]
    names = [ET.fromstring(figure.svg).get("aria-labelledby") for figure in figures]
    assert len(set(names)) == 6
    for figure in figures:
        assert ET.fromstring(figure.svg).get("role") == "img"
