"""What each treatment does to the signals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from anagen.follicle.signals import midpoints
from anagen.treatment.effect import Scalp, no_effect, scalp_signals, speed_factor
from anagen.treatment.exosome import ExosomeParameters, exosome_effect
from anagen.treatment.finasteride import (
    FinasterideParameters,
    finasteride_effect,
    scalp_dht_fall,
)
from anagen.treatment.minoxidil import MinoxidilParameters, minoxidil_effect
from anagen.treatment.prp import PrpParameters, prp_effect
from anagen.treatment.sessions import accumulated, held_share, niche_amount

Floats = NDArray[np.float64]
STEPS = 104


def one(value: float) -> Floats:
    return np.array([value])


def exosome(amplitude: float = 0.3, **changes: float) -> ExosomeParameters:
    numbers = {
        "amplitude": amplitude,
        "tissue_half_life_days": 0.7,
        "niche_half_life_days": 90.0,
        "activation": 0.6,
        "maintenance": 0.3,
        "recovery": 0.1,
        "telogen_ratio": 0.3,
        "inflammation_damping": 0.5,
    }
    return ExosomeParameters(**{name: one(value) for name, value in (numbers | changes).items()})


def prp(amplitude: float = 0.3, power: float = 1.5) -> PrpParameters:
    return PrpParameters(*(one(value) for value in (amplitude, 60.0, power, 0.6, 0.3, 0.1, 0.3)))


MINOXIDIL = MinoxidilParameters(*(one(value) for value in (1.0, 0.7, 1.0, 0.25, 0.03, 10.0)))
FINASTERIDE = FinasterideParameters(*(one(value) for value in (0.8, 0.641, 0.05, 14.0)))
HEALTHY_AGA = Scalp(drive=one(1.0), inflammation=one(0.0))


def test_exosome_channels_are_separate_terms() -> None:
    names = ("activation", "maintenance", "recovery")
    moved = {
        "activation": {"telogen_speed", "latency_speed"},
        "maintenance": {"anagen_speed"},
        "recovery": {"lift_probability"},
    }
    still = no_effect(STEPS, 1)
    for name in names:
        alone = exosome(**{other: float(other == name) for other in names}, inflammation_damping=0)
        effect = exosome_effect(alone, (0.0, 14.0), STEPS)
        changed = {
            table
            for table in ("telogen_speed", "latency_speed", "anagen_speed", "lift_probability")
            if (getattr(effect, table) != getattr(still, table)).any()
        }
        assert changed == moved[name]
        assert (effect.drive == 1).all()
        assert (effect.inflammation == 1).all()


def test_damping_does_nothing_where_nothing_is_inflamed() -> None:
    effect = exosome_effect(exosome(), (0.0,), STEPS)
    assert (effect.inflammation < 1).any()
    assert (scalp_signals(HEALTHY_AGA, [effect], STEPS).inflammation == 0).all()
    sore = scalp_signals(Scalp(one(1.0), one(0.5)), [effect], STEPS).inflammation
    assert sore[0, 0] < 0.5
    assert sore[-1, 0] > sore[2, 0]


def test_harm_is_the_inverse_of_gain() -> None:
    gain = exosome_effect(exosome(0.4), (0.0,), STEPS)
    harm = exosome_effect(exosome(-0.4), (0.0,), STEPS)
    for table in ("telogen_speed", "latency_speed", "anagen_speed"):
        assert np.allclose(getattr(gain, table) * getattr(harm, table), 1.0)
    assert (harm.lift_probability == 0).all()


def test_no_amplitude_is_no_effect() -> None:
    still = no_effect(STEPS, 1)
    for effect in (
        exosome_effect(exosome(0.0), (0.0, 14.0), STEPS),
        prp_effect(prp(0.0), (0.0,), STEPS),
        minoxidil_effect(replace(MINOXIDIL, amplitude=one(0.0)), STEPS),
        finasteride_effect(replace(FINASTERIDE, follows_dht=one(0.0)), STEPS),
    ):
        for table in (
            "telogen_speed",
            "latency_speed",
            "anagen_speed",
            "lift_probability",
            "drive",
        ):
            assert (getattr(effect, table) == getattr(still, table)).all()


@given(st.floats(0.1, 300), st.floats(0.1, 300), st.floats(0, 200))
def test_niche_amount_is_the_convolution(tissue: float, niche: float, day: float) -> None:
    amount = niche_amount((day,), STEPS, one(tissue), one(niche))[:, 0]
    clearing, decaying = np.log(2) / tissue, np.log(2) / niche
    assert (amount >= 0).all()
    assert (amount <= 1).all()
    assert (amount[midpoints(STEPS) < day] == 0).all()
    elapsed = midpoints(STEPS)[-1] - day
    grid = np.linspace(0, elapsed, 40_001)
    kernel = clearing * np.exp(-clearing * grid) * np.exp(-decaying * (elapsed - grid))
    assert amount[-1] == pytest.approx(np.trapezoid(kernel, grid), rel=1e-3, abs=1e-9)


def test_either_half_life_may_be_the_long_one() -> None:
    """Only the convolution shows: exchanging the two changes the size, not the shape."""
    first = niche_amount((0.0,), STEPS, one(0.7), one(90.0))
    second = niche_amount((0.0,), STEPS, one(90.0), one(0.7))
    assert np.allclose(first / second, first[0] / second[0])


def test_the_articles_half_life_lasts_longer() -> None:
    measured = niche_amount((0.0, 14.0, 28.0, 42.0), STEPS, one(0.7), one(60.0))
    article = niche_amount((0.0, 14.0, 28.0, 42.0), STEPS, one(210.0), one(60.0))
    assert article[-1] / article.max() > measured[-1] / measured.max()


def test_prp_doses_accumulate_by_a_power() -> None:
    close = accumulated((0.0, 1.0), STEPS, one(60.0), one(2.0))[1]
    single = accumulated((0.0,), STEPS, one(60.0), one(2.0))[1]
    assert close[0] / single[0] == pytest.approx(4.0, rel=0.03)


def test_a_lift_is_held_as_far_as_the_effect_lasts() -> None:
    held = held_share(np.array([[0.0], [1.0], [2.0], [1.0], [0.5]]))
    assert held[:, 0].tolist() == [0.0, 1.0, 1.0, 0.5, 0.25]


def test_minoxidil_sheds_first_and_builds_up() -> None:
    effect = minoxidil_effect(MINOXIDIL, STEPS)
    assert (np.diff(effect.telogen_speed[:, 0]) >= 0).all()
    assert effect.telogen_speed[-1, 0] == pytest.approx(1.7)
    assert effect.anagen_speed[-1, 0] == pytest.approx(1 / 1.25)
    old = minoxidil_effect(MINOXIDIL, STEPS, started_days_ago=364)
    assert old.latency_speed[0, 0] == pytest.approx(2.0)


def test_finasteride_lowers_drive_only_so_far() -> None:
    effect = finasteride_effect(FINASTERIDE, STEPS)
    assert effect.drive[-1, 0] == pytest.approx(1 - 0.64 * 0.8, abs=0.002)
    strong = finasteride_effect(replace(FINASTERIDE, follows_dht=one(9.0)), STEPS)
    assert strong.drive.min() >= 0


def test_scalp_dht_by_dose() -> None:
    measured = {0.05: 0.616, 0.2: 0.565, 1.0: 0.641, 5.0: 0.694}
    assert scalp_dht_fall(measured, 1.0) == 0.641
    assert 0.641 < scalp_dht_fall(measured, 2.0) < 0.694
    assert scalp_dht_fall(measured, 100.0) == 0.694


def test_treatments_multiply_over_one_pool() -> None:
    first = exosome_effect(exosome(), (0.0,), STEPS)
    second = minoxidil_effect(MINOXIDIL, STEPS)
    both = scalp_signals(HEALTHY_AGA, [first, second], STEPS)
    swapped = scalp_signals(HEALTHY_AGA, [second, first], STEPS)
    assert np.allclose(both.latency_speed, first.latency_speed * second.latency_speed)
    assert (both.latency_speed == swapped.latency_speed).all()
    assert (both.lift_probability <= first.lift_probability + second.lift_probability).all()


@given(st.floats(-50, 50))
def test_a_speed_is_always_positive(strength: float) -> None:
    factor = speed_factor(one(strength))[0]
    assert factor > 0
    assert factor * speed_factor(one(-strength))[0] == pytest.approx(1.0)
