"""Values of information against cases whose answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from anagen.protocol.worth import partial_information, perfect_information, regressed

DRAWS = 20_000


def unit_loss(mean, sd):
    """Expected value of knowing a normal difference before choosing (Raiffa & Schlaifer 1961)."""
    z = abs(mean) / sd
    return sd * (norm.pdf(z) - z * norm.sf(z))


def normals(*names, draws=DRAWS):
    random = np.random.default_rng(7)
    return [random.standard_normal(draws) for _ in names]


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (1.0, 2.0), (-3.0, 2.0)])
def test_perfect_information_on_a_normal_difference(mean, sd):
    (z,) = normals("z")
    benefit = np.stack([np.zeros(DRAWS), mean + sd * z])
    error = 4 * sd / np.sqrt(DRAWS)
    assert perfect_information(benefit) == pytest.approx(unit_loss(mean, sd), abs=error)


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.0, 0.5), (0.3, 2.0)])
def test_partial_information_on_a_sum_of_two(a, b):
    """Knowing one part of a sum is worth what a difference of that part's SD alone is worth."""
    x, y, noise = normals("x", "y", "noise")
    benefit = np.stack([noise, noise + 0.5 + a * x + b * y])
    found = partial_information(benefit, x[None])
    assert found == pytest.approx(unit_loss(0.5, a), abs=0.05 * a)
    both = partial_information(benefit, np.stack([x, y]))
    assert both == pytest.approx(perfect_information(benefit), rel=0.02)


def test_what_says_nothing_is_worth_nothing():
    x, y, z = normals("x", "y", "z", draws=400)
    benefit = np.stack([np.zeros(400), 0.2 + y, -0.1 + z])
    assert partial_information(benefit, x[None]) == 0.0
    assert partial_information(benefit, np.ones((1, 400))) == 0.0


def test_a_curve_is_found_as_well_as_a_line():
    """Best where the parameter is in the middle: no line would show that."""
    x, y = normals("x", "y")
    true = 1.0 - x**2
    benefit = np.stack([np.zeros(DRAWS), true + 0.5 * y])
    known = np.maximum(true, 0.0).mean() - max(true.mean(), 0.0)
    assert partial_information(benefit, x[None]) == pytest.approx(known, rel=0.05)


def test_a_regression_keeps_the_means():
    x, y = normals("x", "y", draws=500)
    benefit = np.stack([x + y, 2.0 + x**2, 3 * y])
    assert regressed(benefit, x[None]).mean(axis=1) == pytest.approx(benefit.mean(axis=1))


@settings(max_examples=60, deadline=None)
@given(arrays(float, (3, 60), elements=st.floats(-100, 100)), st.floats(-50, 50))
def test_information_is_never_worth_less_than_nothing(benefit, shift):
    whole = perfect_information(benefit)
    assert whole >= -1e-9
    assert perfect_information(benefit + shift) == pytest.approx(whole, abs=1e-6)
