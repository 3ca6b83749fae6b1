"""The one-stride past equals stepping through it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.follicle.models import model, total

from anagen.follicle import (
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.history import landing_shares
from anagen.follicle.run import snapshot


@given(
    st.floats(0.05, 40.0),
    st.floats(0.0, 2.5),
    st.floats(0.01, 0.6),
    st.floats(200.0, 2000.0),
)
def test_follicles_are_conserved(years: float, drive: float, shrink: float, anagen: float) -> None:
    scalp = model(1, shrink_probability=shrink, anagen_days=anagen)
    past = untreated_history(
        scalp, healthy_population(scalp), np.array([drive]), np.array([365.25 * years])
    )
    assert total(past) == pytest.approx([300.0], rel=1e-8)


@pytest.mark.parametrize("years", [0.1, 0.5, 2.0, 8.5, 25.0])
def test_it_equals_small_steps(years: float) -> None:
    scalp = model(1)
    healthy, drive = healthy_population(scalp), np.ones(1)
    days = 365.0 * years
    stride = snapshot(untreated_history(scalp, healthy, drive, np.array([days])), scalp)
    stepped = simulate(scalp, untreated(drive, days, 0.25), days=(days,), start=healthy)
    assert np.abs(stride.density - stepped.density).max() < 0.03


def test_two_strides_are_one() -> None:
    """exp(A t) exp(A s) = exp(A (s + t)), checked by stepping the second half."""
    scalp = model(2)
    healthy, drive = healthy_population(scalp), np.ones(2)
    first = untreated_history(scalp, healthy, drive, np.full(2, 2000.0))
    on = simulate(scalp, untreated(drive, 365, 0.25), days=(365,), start=first)
    whole = snapshot(untreated_history(scalp, healthy, drive, np.full(2, 2365.0)), scalp)
    assert np.abs(on.counted() - whole.counted()).max() < 0.02


def test_no_time_and_no_drive_change_nothing() -> None:
    scalp = model(1)
    healthy = healthy_population(scalp)
    for drive, days in ((1.0, 0.0), (0.0, 3000.0)):
        past = untreated_history(scalp, healthy, np.array([drive]), np.array([days]))
        assert np.abs(past.cycling - healthy.cycling).max() < 1e-5


def test_it_falls_faster_with_more_drive_and_time() -> None:
    scalp = model(1)
    healthy = healthy_population(scalp)

    def count(drive: float, years: float) -> float:
        past = untreated_history(scalp, healthy, np.array([drive]), np.array([365.25 * years]))
        return float(snapshot(past, scalp).counted(30.0)[0, 0])

    assert count(1.0, 5) > count(1.0, 10) > count(1.0, 20)
    assert count(0.7, 10) > count(1.0, 10) > count(1.4, 10)


@given(st.floats(0, 0.95))
def test_a_shrinking_follicle_lands_somewhere_thinner(extra: float) -> None:
    shares = landing_shares(np.array([extra]), 6)[..., 0]
    assert np.allclose(shares[1:].sum(axis=1), 1.0)
    assert np.allclose(np.triu(shares), 0.0)


def test_dormancy_is_refused() -> None:
    scalp = model(1, dormancy_probability=0.1)
    with pytest.raises(UnsupportedModelError, match="dormant"):
        untreated_history(scalp, healthy_population(scalp), np.ones(1), np.ones(1))
