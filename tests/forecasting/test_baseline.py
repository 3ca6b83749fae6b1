"""Scalps to simulate, and what can act on them."""

from datetime import date
from typing import Any

import numpy as np
import pytest

import anagen
from anagen.evidence import load_evidence
from anagen.follicle.run import FollicleRun, snapshot
from anagen.forecasting.baseline import Baseline, baseline
from anagen.forecasting.request import Measured
from anagen.forecasting.scalp import follicle_model
from anagen.posterior import Keyed, prior_release
from anagen.treatment.sessions import Sessions

DRAWS = 100


def density(base: Baseline) -> float:
    return float(np.median(snapshot(base.start, base.model).counted()[0]))


def after(base: Baseline, **choices: Any) -> FollicleRun:
    return anagen.simulate(
        base.model, base.signals(168, **choices), days=[0, 168], start=base.start
    )


@pytest.mark.parametrize("sex", ["male", "female"])
def test_loss_leaves_less_hair_and_less_of_it_growing(sex: Any) -> None:
    scalps = [baseline(kind, sex=sex, draws=DRAWS) for kind in ("healthy", "early", "advanced")]
    densities = [density(base) for base in scalps]
    assert densities[0] > densities[1] > 1.2 * densities[2]
    anagen_percent = [snapshot(base.start, base.model).anagen_percent().mean() for base in scalps]
    assert anagen_percent[0] > anagen_percent[1] > anagen_percent[2]


def test_a_healthy_scalp_stays_as_it_is() -> None:
    base = baseline("healthy", hair_type="european", draws=DRAWS)
    assert density(base) == pytest.approx(226, rel=0.06)
    counted = after(base).counted()
    assert np.allclose(counted[1], counted[0])
    assert (base.scalp.drive == 0).all()


def test_an_affected_scalp_goes_on_losing() -> None:
    counted = after(baseline("early", draws=DRAWS)).counted()
    assert counted[1].mean() < counted[0].mean()


def test_measurements_are_met() -> None:
    base = baseline(measurements=[Measured(0, 150.0, anagen_percent=60.0)], draws=DRAWS)
    assert density(base) == pytest.approx(150, rel=0.05)


def test_a_grade_by_name_is_the_kind_that_stands_for_it() -> None:
    kind, grade = baseline("early"), baseline(stage=("norwood_hamilton", "II"))
    assert (kind.start.cycling == grade.start.cycling).all()


def test_few_draws_are_as_good_as_many() -> None:
    whole, one = baseline("early", draws=100), baseline("early", draws=4)
    assert one.model.draws == 4
    everything = snapshot(whole.start, whole.model).counted()[0]
    assert set(snapshot(one.start, one.model).counted()[0]) <= set(everything)
    assert baseline("healthy", draws=1).start.cycling.shape[-1] == 1


def test_the_same_words_give_the_same_scalp() -> None:
    first, again, other = baseline("early"), baseline("early"), baseline("early", seed=2)
    assert (first.start.cycling == again.start.cycling).all()
    assert (first.start.cycling != other.start.cycling).any()


def test_medicines_help_on_average_and_doses_matter() -> None:
    base = baseline("early", draws=DRAWS)
    none = after(base).counted()[1]
    for arm in ("minoxidil", "finasteride", "prp", "exosome", "exosome+prp+minoxidil"):
        assert after(base, arm=arm).counted()[1].mean() > none.mean()
    usual = after(base, arm="exosome").counted()[1]
    same = after(base, arm="exosome", sessions=Sessions.every(14, 4)).counted()[1]
    assert np.allclose(usual, same)
    nothing = Sessions((0, 14), (0, 0))
    assert np.allclose(after(base, arm="exosome", sessions=nothing).counted()[1], none)
    double = Sessions((0, 14, 28, 42), (2, 2, 2, 2))
    gain = after(base, arm="exosome", sessions=double).counted()[1] - none
    assert gain.mean() > (usual - none).mean()
    assert after(base, arm="exosome", sessions=double).counted()[1].mean() > usual.mean()


def test_each_injected_part_may_have_its_own_sessions() -> None:
    base = baseline("early", draws=DRAWS)
    own = {"prp": Sessions((100.0,))}
    mixed = base.signals(168, "exosome+prp", own)  # type: ignore[arg-type]
    early = base.signals(168, "exosome+prp")
    assert (mixed.latency_speed[:28] != early.latency_speed[:28]).any()
    with pytest.raises(ValueError, match="minoxidil"):
        base.signals(168, "exosome", {"minoxidil": Sessions((0.0,))})


def test_minoxidil_has_two_strengths() -> None:
    gains = [
        after(baseline("early", draws=DRAWS, minoxidil_percent=percent), arm="minoxidil")
        .counted(30.0)[1]
        .mean()
        for percent in (2, 5)
    ]
    assert gains[0] < gains[1]


def test_the_season_swings_about_as_published() -> None:
    """Randall and Ebling 1991: over 90 % growing in March, about 80 % in September."""
    base = baseline("healthy", draws=DRAWS)
    signals = base.signals(1096, also=[base.season(1096, date(2026, 1, 1))])
    days = [730 + 75, 730 + 258]
    run = anagen.simulate(base.model, signals, days=days, start=base.start)
    spring, autumn = run.anagen_percent().mean(axis=1)
    assert 90 < spring < 95
    assert autumn == pytest.approx(80, abs=3)


def test_ageing_takes_some_hair() -> None:
    base = baseline("healthy", age=40, draws=DRAWS)
    signals = base.signals(3652, also=[base.ageing(3652, 0.1)])
    run = anagen.simulate(base.model, signals, days=[0, 3652], start=base.start)
    assert (run.counted()[1] < run.counted()[0]).all()


def test_hair_mass_falls_faster_than_the_count() -> None:
    base = baseline("early", draws=DRAWS)
    run = anagen.simulate(base.model, base.signals(1344), days=[0, 1344], start=base.start)
    mass, counted = run.hair_mass_mm3_per_cm2_day().mean(axis=1), run.counted().mean(axis=1)
    assert mass[1] / mass[0] < counted[1] / counted[0] < 1


def test_growth_is_that_of_the_published_bands() -> None:
    release = prior_release(load_evidence().parameters)
    model = follicle_model(release, Keyed(1), 2000)
    healthy, affected = model.growth(np.zeros(2000)), model.growth(np.ones(2000))
    assert healthy is not None
    assert affected is not None
    assert healthy.mean(axis=0)[[1, 3, 5]] == pytest.approx([319, 319, 380], abs=1)
    assert affected.mean(axis=0)[[3, 5]] == pytest.approx([256, 369], abs=3)
    # The class of 50 to 65 µm lies two thirds below the border of 60.
    assert healthy[:, 4] == pytest.approx((2 * healthy[:, 3] + healthy[:, 5]) / 3)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({}, "say what scalp"),
        ({"kind": "bald"}, "healthy, early, advanced"),
        ({"kind": "early", "hair_type": "martian"}, "hair_type"),
        ({"kind": "early", "stage": ("ludwig", "I")}, "not both"),
        ({"kind": "healthy", "measurements": [Measured(0, 200.0)]}, "not matched"),
        ({"stage": ("ludwig", "IX")}, "no grade"),
        ({"kind": "early", "draws": 0}, "draws"),
        ({"kind": "early", "sex": "both"}, "sex"),
        ({"kind": "early", "minoxidil_percent": 3}, "minoxidil_percent"),
    ],
)
def test_what_makes_no_sense_is_refused(choices: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        baseline(**choices)
