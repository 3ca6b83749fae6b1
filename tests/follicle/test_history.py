"""The one-stride past equals stepping through it."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.follicle.models import model, total

from anagen.follicle import (
    LogNormal,
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.history import landing_shares
from anagen.follicle.run import snapshot

MILLIONTHS = 5e-6 * 300
"""The contour's promise, for a scalp of 300 follicles."""


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


@pytest.mark.parametrize(
    "changes",
    [
        {"dormancy_probability": 0.2, "loss_rate": 0.002, "revival_rate": 0.001},
        {"dormancy_probability": 0.2, "loss_rate": 0.002, "early_anagen_days": 0.0},
        {"early_anagen_days": 0.0, "latency_days": 0.0},
    ],
)
def test_dormant_lost_and_phases_left_out(changes: dict[str, float]) -> None:
    """Against Richardson's limit of small steps."""
    scalp = model(1, **changes)
    healthy, drive = healthy_population(scalp), np.ones(1)
    stride = untreated_history(scalp, healthy, drive, np.array([700.0]))
    coarse, fine = (
        simulate(scalp, untreated(drive, 700, step), days=(700,), start=healthy)
        for step in (1.0, 0.5)
    )
    found = snapshot(stride, scalp)
    assert total(stride) == pytest.approx([300.0], rel=1e-8)
    assert np.abs(found.density - (2 * fine.density - coarse.density)).max() < MILLIONTHS
    assert np.abs(found.outside - (2 * fine.outside - coarse.outside)).max() < MILLIONTHS
    # The second stride begins with dormant and lost follicles.
    half = untreated_history(scalp, healthy, drive, np.array([350.0]))
    again = untreated_history(scalp, half, drive, np.array([350.0]))
    assert np.abs(again.cycling - stride.cycling).max() < MILLIONTHS
    assert np.abs(again.outside - stride.outside).max() < MILLIONTHS


def test_waits_without_stages_are_refused_with_the_way_around() -> None:
    healthy = healthy_population(model(1))
    scalp = model(1, waits={**model(1).waits, "telogen": LogNormal(0.4)})
    with pytest.raises(UnsupportedModelError, match=r"telogen .*simulate\(model, untreated"):
        untreated_history(scalp, healthy, np.ones(1), np.ones(1))
