"""Survival functions against closed forms, the standard library and quadrature."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from anagen.follicle.spec import Erlang, Fixed, LogNormal, Wait
from anagen.follicle.waits import normal_cdf, residual_survival, survival

SMOOTH = (Erlang(1), Erlang(3), Erlang(40), LogNormal(0.1), LogNormal(0.5), LogNormal(1.5))
LAWS = (*SMOOTH, Fixed())


@given(st.floats(-8.5, 8.5))
def test_the_normal_table_is_the_error_function(z: float) -> None:
    expected = 0.5 * math.erfc(-z / math.sqrt(2.0))
    assert normal_cdf(np.array([z]))[0] == pytest.approx(expected, rel=1e-12, abs=2e-16)


def test_the_normal_tails_are_empty() -> None:
    assert normal_cdf(np.array([-np.inf, -40.0, 40.0, np.inf])).tolist() == [0, 0, 1, 1]


@given(st.floats(0.0, 30.0))
def test_closed_forms(x: float) -> None:
    at = np.array([x])
    assert survival(Erlang(1), at)[0] == pytest.approx(math.exp(-x), rel=1e-12)
    assert residual_survival(Erlang(1), at)[0] == pytest.approx(math.exp(-x), rel=1e-12)
    two = math.exp(-2 * x)
    assert survival(Erlang(2), at)[0] == pytest.approx(two * (1 + 2 * x), rel=1e-12)
    assert residual_survival(Erlang(2), at)[0] == pytest.approx(two * (1 + x), rel=1e-12)
    assert survival(Fixed(), at)[0] == float(x < 1)
    assert residual_survival(Fixed(), at)[0] == max(1 - x, 0)


def test_the_median_of_a_lognormal_wait() -> None:
    median = np.array([1 / math.sqrt(1 + 0.5**2)])
    assert survival(LogNormal(0.5), median)[0] == pytest.approx(0.5, abs=1e-14)


@pytest.mark.parametrize("wait", SMOOTH)
def test_the_integral_is_that_of_survival(wait: Wait) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(0.0, 4.0, 161)
    width = edges[1] - edges[0]
    inside = edges[:-1, None] + 0.5 * width * (nodes + 1.0)
    area = 0.5 * width * (survival(wait, inside) * weights).sum(axis=1)
    beyond = residual_survival(wait, edges)
    assert beyond[:-1] - beyond[1:] == pytest.approx(area, abs=1e-12)


@pytest.mark.parametrize("wait", LAWS)
def test_ends(wait: Wait) -> None:
    ends = np.array([0.0, np.inf])
    assert survival(wait, ends) == pytest.approx([1.0, 0.0], abs=1e-14)
    assert residual_survival(wait, ends) == pytest.approx([1.0, 0.0], abs=1e-14)


def test_very_many_stages_are_nearly_fixed() -> None:
    x = np.array([0.8, 1.0, 1.2])
    assert survival(Erlang(5000), x) == pytest.approx([1.0, 0.5, 0.0], abs=4e-3)
    assert residual_survival(Erlang(5000), x) == pytest.approx([0.2, 0.0, 0.0], abs=6e-3)
