"""Readings beside candidates: one error each, mistakes that pull little, fields that are shared."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from anagen.forecasting.likelihood import (
    FIELD_KEPT,
    MISTAKE_TIMES,
    Errors,
    Shape,
    Value,
    density_log_given,
    values_of,
)
from anagen.forecasting.request import Measured
from anagen.posterior import Keyed

COUNT = 4000


def errors(density: float = 0.05, count: int = COUNT) -> Errors:
    return Errors(np.full(count, density), 0.04, 6.0, 1.0, np.zeros(count))


def shape(total: float, count: int = COUNT) -> Shape:
    flat = np.full((1, count), 1.0)
    return Shape((0,), total * flat, 0.8 * total * flat, 52.0 * flat, 65.0 * flat)


def posterior(readings: list[float]) -> tuple[float, float]:
    """Mean and SD of the log density of follicles by weights of proposed densities."""
    keyed, prior = Keyed(2), (np.full(COUNT, np.log(280.0)), 0.18)
    values = values_of(shape(0.6), [Measured(0, one) for one in readings], errors())
    found, correction = density_log_given(
        values, prior, keyed.normal("n", COUNT), keyed.uniform("u", COUNT)
    )
    log_weight = correction + sum(value.at(found).log_likelihood for value in values)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean = float(weight @ found)
    return mean, float(np.sqrt(weight @ (found - mean) ** 2))


def by_quadrature(readings: list[float]) -> tuple[float, float]:
    grid = np.linspace(np.log(280) - 1.5, np.log(280) + 1.5, 6001)
    values = values_of(shape(0.6, 6001), [Measured(0, one) for one in readings], errors(count=6001))
    log = -0.5 * ((grid - np.log(280)) / 0.18) ** 2
    log += sum(value.at(grid).log_likelihood for value in values)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = float(weight @ grid)
    return mean, float(np.sqrt(weight @ (grid - mean) ** 2))


@pytest.mark.parametrize(
    "readings", [[168.0], [150.0, 160.0, 155.0], [168.0, 60.0], [120.0, 170.0, 172.0, 169.0]]
)
def test_density_is_weighed_exactly(readings: list[float]) -> None:
    mean, sd = posterior(readings)
    exact_mean, exact_sd = by_quadrature(readings)
    assert mean == pytest.approx(exact_mean, abs=0.1 * exact_sd)
    assert sd == pytest.approx(exact_sd, rel=0.12)


def test_one_mistake_among_four_pulls_little() -> None:
    good, _ = by_quadrature([168.0, 170.0, 166.0])
    with_mistake, _ = by_quadrature([168.0, 170.0, 166.0, 68.0])
    assert abs(with_mistake - good) < 0.02


@given(st.floats(-60, 60))
@settings(max_examples=50)
def test_the_pull_of_a_value_is_bounded(gap: float) -> None:
    step = 1e-4
    values = [
        Value(0, "anagen_percent", gap + move, np.zeros(1), np.ones(1), log=False)
        for move in (-step, step)
    ]
    low, high = (float(value.log_likelihood[0]) for value in values)
    assert abs(high - low) / (2 * step) < 4.0 + abs(gap) / MISTAKE_TIMES**2
    assert 0.0 <= values[0].mistaken[0] <= 1.0


def test_visits_near_each_other_share_their_chance() -> None:
    far, near = (
        values_of(shape(0.6, 1), [Measured(0, 168.0), Measured(day, 168.0)], errors(0.0, 1))
        for day in (700, 1)
    )
    assert near[0].sd[0] == pytest.approx(np.sqrt(2.0) * far[0].sd[0], rel=0.02)
    alone = values_of(shape(0.6, 1), [Measured(0, 168.0)], errors(0.0, 1))
    assert alone[0].sd[0] ** 2 == pytest.approx((1.0 - FIELD_KEPT) * 0.4 / 168.0)


def test_the_instruments_error_enters_a_total_count_once() -> None:
    both = values_of(shape(0.6, 1), [Measured(0, 168.0, 120.0)], errors(0.05, 1))
    assert [value.counts_follicles for value in both] == [True, False]
    # The terminal count is read beside the total one that was counted, not beside the density.
    assert np.exp(both[1].expected[0]) == pytest.approx(0.8 * 168.0)
