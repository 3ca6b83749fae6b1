"""Strengths are found that give the published facts."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from anagen.posterior.anchor import Anchor, solve_strength

Floats = NDArray[np.float64]


def saturating(strength: Floats) -> Floats:
    """A made-up dose response with a known inverse; odd, as gains and harms are."""
    return strength / (0.05 + 0.02 * np.abs(strength))


def anchor(target: float, spread: float = 1e-9, guess: float = 0.4) -> Anchor:
    one = np.array([target])
    return Anchor(one, np.full(1, guess), np.full(1, 20.0), spread)


@given(st.floats(-25, 25))
def test_the_target_is_met(target: float) -> None:
    strength = solve_strength(saturating, anchor(target))
    assert saturating(strength)[0] == pytest.approx(target, abs=1e-6)


def test_the_mean_over_people_is_met() -> None:
    strength = solve_strength(saturating, anchor(15.0, spread=0.7))
    responses = np.exp(0.7 * np.random.default_rng(1).standard_normal(200_000) - 0.245)
    effects = saturating(np.minimum(strength * responses, 20.0))
    assert effects.mean() == pytest.approx(15.0, abs=0.1)
    assert strength[0] > solve_strength(saturating, anchor(15.0))[0]


def test_a_target_out_of_reach_takes_the_largest_strength() -> None:
    assert solve_strength(saturating, anchor(60.0))[0] == pytest.approx(20.0)


def test_draws_are_solved_one_by_one() -> None:
    targets = np.array([-5.0, 0.0, 8.0])
    many = Anchor(targets, np.full(3, 0.4), np.full(3, 20.0), 0.5)
    together = solve_strength(saturating, many)
    assert (np.diff(together) > 0).all()
    for index, target in enumerate(targets):
        assert solve_strength(saturating, anchor(target, 0.5))[0] == together[index]
