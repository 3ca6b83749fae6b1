"""First visible days, visible shares and comparisons, on numbers that can be checked by eye."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from tests.forecasting.people import arms, forecast

from anagen.forecasting.basis import load_basis
from anagen.forecasting.pairs import pairwise
from anagen.forecasting.summary import quantiles
from anagen.forecasting.visible import Visibility, first_visible_day, visible_shares
from anagen.treatment.arms import parse_arm

DAYS = np.array([0.0, 14.0, 28.0])
NOTICED = Visibility(gain=np.array([0.10, 0.10]), loss=np.array([0.15, 0.15]))


def test_the_day_lies_where_the_line_crosses() -> None:
    density = np.array([[100.0, 100.0], [105.0, 100.0], [125.0, 101.0]])
    found = first_visible_day(DAYS, density, NOTICED)
    assert found.q05 == pytest.approx(14 + 14 * 0.25)
    assert found.q95 is None
    assert found.never == 0.5


def test_never_is_never() -> None:
    found = first_visible_day(DAYS, np.full((3, 2), 100.0), NOTICED)
    assert found.q05 is found.q50 is found.q95 is None
    assert found.never == 1.0


def test_shares_of_gain_and_loss() -> None:
    shares = visible_shares(np.array([100.0, 100.0]), np.array([112.0, 84.0]), NOTICED)
    assert (shares.gain, shares.same, shares.loss) == (0.5, 0.0, 0.5)


def test_nobody_sees_exosomes_in_two_weeks() -> None:
    """The article's one to two weeks are shorter than a new hair is under the skin."""
    first = arms(forecast(draws=400))["exosome"].visible["first_day"]
    assert first.q05 is None or first.q05 > 42
    assert first.never > 0.5


@given(arrays(float, 20, elements=st.floats(0, 10)), arrays(float, 20, elements=st.floats(0, 10)))
def test_a_pair_and_its_mirror(a: np.ndarray, b: np.ndarray) -> None:
    table = load_basis()
    (pair,) = pairwise({"exosome": a, "prp": b}, table)
    (mirror,) = pairwise({"prp": b, "exosome": a}, table)
    assert pair.probability_a_better + mirror.probability_a_better == pytest.approx(1.0)
    (tie,) = pairwise({"exosome": a, "prp": a}, table)
    assert tie.probability_a_better == 0.5
    assert pair.basis == mirror.basis == "prior_only"


@given(arrays(float, (3, 50), elements=st.floats(1, 300)))
def test_quantiles_are_in_order(days: np.ndarray) -> None:
    for values, found in zip(days, quantiles(days, ("low",) * 3), strict=True):
        ordered = [found.q05, found.q25, found.q50, found.q75, found.q95]
        assert ordered == sorted(ordered)
        assert ordered == pytest.approx(np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95)))
        assert values.min() - 1e-9 <= found.mean <= values.max() + 1e-9


def test_every_arm_of_the_table_is_an_arm() -> None:
    table = load_basis()
    for name in table.arms:
        assert name == "sum" or parse_arm(name).id == name
    assert table.of_arm("exosome+finasteride").finding == "not_studied"
    assert table.of_pair("exosome+prp", "finasteride") == "prior_only"
