"""Sessions on any days and of any dose."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from anagen.treatment.sessions import Sessions, accumulated, niche_amount

STEPS = 104
ONE = np.ones(1)
PLANS = st.lists(st.tuples(st.floats(0, 300), st.floats(0, 5)), min_size=1, max_size=6).map(
    lambda plan: (tuple(day for day, _ in plan), tuple(dose for _, dose in plan))
)


@given(PLANS, st.floats(0, 4))
def test_a_niche_effect_is_in_proportion_to_its_doses(
    plan: tuple[tuple[float, ...], tuple[float, ...]], factor: float
) -> None:
    days, doses = plan
    whole = niche_amount(days, STEPS, 0.7 * ONE, 90 * ONE, doses)
    more = niche_amount(days, STEPS, 0.7 * ONE, 90 * ONE, [factor * dose for dose in doses])
    assert np.allclose(more, factor * whole)
    parts = [
        niche_amount((day,), STEPS, 0.7 * ONE, 90 * ONE, (dose,))
        for day, dose in zip(days, doses, strict=True)
    ]
    assert np.allclose(sum(parts), whole)


@given(PLANS)
def test_a_prp_sum_takes_doses_before_its_power(
    plan: tuple[tuple[float, ...], tuple[float, ...]],
) -> None:
    days, doses = plan
    single = accumulated(days, STEPS, 60 * ONE, ONE, doses)
    assert np.allclose(accumulated(days, STEPS, 60 * ONE, 2 * ONE, doses), single**2)


def test_without_doses_each_is_one() -> None:
    days = (0.0, 14.0, 90.0)
    assert (
        niche_amount(days, STEPS, 0.7 * ONE, 90 * ONE)
        == niche_amount(days, STEPS, 0.7 * ONE, 90 * ONE, (1.0, 1.0, 1.0))
    ).all()
    assert (
        accumulated(days, STEPS, 60 * ONE, 1.5 * ONE)
        == accumulated(days, STEPS, 60 * ONE, 1.5 * ONE, (1.0, 1.0, 1.0))
    ).all()


def test_a_dose_of_nothing_is_no_session() -> None:
    kept = niche_amount((0.0,), STEPS, 0.7 * ONE, 90 * ONE)
    assert (niche_amount((0.0, 50.0), STEPS, 0.7 * ONE, 90 * ONE, (1.0, 0.0)) == kept).all()


def test_equal_intervals() -> None:
    assert Sessions.every(14, 3, 7).days == (7, 21, 35)
    assert Sessions.every(14, 3).doses is None


@pytest.mark.parametrize(
    ("days", "doses", "words"),
    [
        ((0.0, 1.0), (1.0,), "as many doses"),
        ((0.0,), (-1.0,), "0 or more"),
        ((0.0,), (float("inf"),), "0 or more"),
        ((0.0,), (float("nan"),), "0 or more"),
        ((float("nan"),), None, "finite"),
    ],
)
def test_wrong_sessions_are_refused(
    days: tuple[float, ...], doses: tuple[float, ...] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Sessions(days, doses)
