"""The mean field run backwards: the same sums as forwards, on any scalp under any signals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.follicle.specs import random_case

from anagen.follicle import (
    Erlang,
    Population,
    UnsupportedModelError,
    earlier_worth,
    healthy_population,
    simulate,
    sum_of,
    untreated,
)

DRAWS = 3


def erlang(numbers):
    return Erlang(int(numbers.integers(1, 7)))


def case_of(seed):
    case = random_case(seed, DRAWS, erlang, 60)
    return replace(case, scalp=replace(case.scalp, dormancy_probability=0.0))


def any_start(numbers, scalp):
    """A state with lifted follicles; none is lifted by more classes than lie below it."""
    shape = healthy_population(scalp).cycling.shape
    cycling = numbers.random(shape)
    for lift in range(1, shape[1]):
        cycling[:, lift, :lift] = 0.0
    return Population(cycling, np.zeros((2, *shape[2:])))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_worth_of_the_end_is_the_earlier_worth_of_the_start(seed, late):
    case, numbers = case_of(seed), np.random.default_rng(seed)
    start = any_start(numbers, case.scalp)
    worth = numbers.normal(size=start.cycling.shape)
    step = case.signals.step_days
    first, last = (17 * step if late else 0.0), 60 * step
    run = simulate(
        case.scalp, case.signals, days=[first, last], start=start, first_day=first
    ).population
    forwards = sum_of(worth, run)
    backwards = sum_of(earlier_worth(case.scalp, case.signals, worth, first, last), start)
    scale = sum_of(np.abs(worth), run)
    assert backwards == pytest.approx(forwards, abs=1e-9 * scale.max())


def test_a_follicle_counts_once_whatever_happens():
    case = case_of(5)
    ones = np.ones(healthy_population(case.scalp).cycling.shape)
    found = earlier_worth(case.scalp, case.signals, ones, 0.0, 60 * case.signals.step_days)
    assert found == pytest.approx(ones)


def test_no_time_changes_nothing():
    case, numbers = case_of(6), np.random.default_rng(6)
    worth = numbers.normal(size=healthy_population(case.scalp).cycling.shape)
    assert (earlier_worth(case.scalp, case.signals, worth, 7.0, 7.0) == worth).all()


def test_blocks_change_nothing(monkeypatch):
    case, numbers = case_of(8), np.random.default_rng(8)
    worth = numbers.normal(size=healthy_population(case.scalp).cycling.shape)
    days = (0.0, 60 * case.signals.step_days)
    whole = earlier_worth(case.scalp, case.signals, worth, *days)
    monkeypatch.setattr("anagen.follicle.backward.BLOCK_DRAWS", 2)
    assert (earlier_worth(case.scalp, case.signals, worth, *days) == whole).all()


def test_follicles_that_leave_are_refused():
    case = case_of(9)
    leaving = replace(case.scalp, dormancy_probability=0.1)
    signals = untreated(np.ones(DRAWS), 70.0)
    worth = np.ones(healthy_population(leaving).cycling.shape)
    with pytest.raises(UnsupportedModelError, match="dormant"):
        earlier_worth(leaving, signals, worth, 0.0, 70.0)
