"""The article's claims tried in the model: the bounds' arithmetic, and a page that isn't stale."""

import re
from pathlib import Path

import numpy as np
import pytest
from docs.model.claims_in_silico import TRIALS, page, trials
from docs.model.silico import (
    Silico,
    all_woken,
    bound,
    first_day,
    fixed,
    of_size,
    rate_needed,
    revived,
    share_left,
)
from docs.model.silico_charts import FOLDER, file_name
from docs.model.silico_time import in_tissue
from docs.model.silico_words import Trial, interval, percent

from anagen.evidence import load_evidence
from anagen.follicle.population import stage_slices
from anagen.forecasting.reference import EXOSOME_DAY
from anagen.posterior import Keyed, current_release

DRAWS = 12


@pytest.fixture(scope="module")
def silico() -> Silico:
    return Silico(current_release(load_evidence().parameters), Keyed(1), DRAWS)


@pytest.fixture(scope="module")
def found() -> dict[str, Trial]:
    return trials(DRAWS)


@pytest.fixture(scope="module")
def kept(root: Path) -> str:
    return (root / "docs" / "model" / "claims-in-silico.md").read_text(encoding="utf-8")


def test_first_day_lies_between_outputs() -> None:
    density = np.array([[100.0, 100.0], [101.0, 100.0], [103.0, 101.0]])
    assert first_day((0.0, 1.0, 2.0), density, 0.02).tolist() == [1.5, np.inf]


def test_share_left_of_a_gain_only() -> None:
    first = np.array([10.0, 0.1, -5.0])
    assert share_left(np.array([[5.0, 1.0, 1.0]]), first, 1.0).tolist() == [[0.5]]


def test_without_shedding_hairs_come_and_none_goes(silico: Silico) -> None:
    """In the first step nothing is lost, and what is gained is what early anagen lets out."""
    density = bound(silico, (0.0, 0.5), no_shedding=True, no_waiting=False)
    scalp = silico.reference
    part = stage_slices(scalp.model)["early_anagen"]
    out = scalp.start.cycling[part.stop - 1].sum(axis=(0, 1))
    most = out * (part.stop - part.start) * 0.5 / scalp.model.early_anagen_days
    gain = density[1] - density[0]
    assert (gain > 0).all()
    assert (gain <= most + 1e-9).all()


def test_bounds_are_in_order(silico: Silico) -> None:
    days = (0.0, 7.0, 14.0, 28.0)
    nothing, shed, woken, both = (
        bound(silico, days, no_shedding=one, no_waiting=other)
        for one, other in ((False, False), (True, False), (False, True), (True, True))
    )
    for weaker, stronger in ((nothing, shed), (nothing, woken), (shed, both), (woken, both)):
        assert (weaker[1:] < stronger[1:]).all()
    exosome = silico.untreated((0, 28)) + silico.net("exosome", (0, 28))
    assert (exosome[1] < both[-1]).all()


def test_waking_loses_no_follicle(silico: Silico) -> None:
    woken, start = all_woken(silico.reference), silico.reference.start
    assert np.allclose(woken.cycling.sum(axis=0), start.cycling.sum(axis=0))
    assert not woken.cycling[stage_slices(silico.reference.model)["latency"]].any()


def test_a_changed_parameter_changes_the_release_and_nothing_else(silico: Silico) -> None:
    other = silico.having({"relapse-probability": fixed(0.25)})
    assert other.release != silico.release
    assert set(other.number("relapse-probability")) == {0.25}
    assert np.array_equal(other.number("telogen-months"), silico.number("telogen-months"))


def test_scenarios_have_the_size_that_they_were_given(silico: Silico) -> None:
    net = of_size(silico, 10.0, DRAWS, exosome_niche_half_life=90.0).net(
        "exosome", (0, EXOSOME_DAY)
    )
    assert net[1] == pytest.approx(np.full(DRAWS, 10.0), rel=0.1)


def test_lost_follicles_add_nothing_without_revival(silico: Silico) -> None:
    assert np.abs(revived(silico, 0.5, 0.0, (0, EXOSOME_DAY))).max() < 1e-9
    rate = rate_needed(silico, 0.2, 10.0)
    gain = revived(silico, 0.2, rate, (0, EXOSOME_DAY))[1].mean()
    assert gain == pytest.approx(10.0, rel=0.05)
    assert rate_needed(silico, 0.001, 1000.0) == np.inf


def test_left_on_day_3() -> None:
    assert in_tissue(3.0) == 0.5


def test_words_of_numbers() -> None:
    assert interval(np.array([-0.04, 0.0, 0.04])) == "0.0 (0.0 to 0.0)"
    assert interval(np.array([])) == "no draw"
    assert (percent(1.0), percent(0.0)) == ("more than 99 %", "less than 1 %")


def test_every_trial_has_its_place(found: dict[str, Trial], kept: str) -> None:
    text = page(found, DRAWS)
    for claims, trial in found.items():
        for name in claims.split(", "):
            assert f"**{name}**" in text
            assert f"**{name}**" in kept
            assert "model-in-silico" in load_evidence().claims[name].sources
        assert f"## {trial.title}" in kept
        assert trial.figure.text in text
    assert set(found) == set(TRIALS)
    assert not re.search(r"\bnan\b", text)


def test_the_page_is_of_this_release_and_has_its_figures(
    found: dict[str, Trial], kept: str
) -> None:
    """When it isn't: `python -m docs.model.claims_in_silico`."""
    assert f"`{current_release(load_evidence().parameters).id}`" in kept
    for trial in found.values():
        name = file_name(trial.key)
        assert f"]({name})" in kept
        svg = (FOLDER.parent / name).read_text(encoding="utf-8")
        assert "<title" in svg
        assert "<desc" in svg


def test_no_winner_is_named(kept: str) -> None:
    assert not re.search(r"\b(proves?|is better than|works better|winner is)\b", kept)
