"""What a trial's care does to a count, by route."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from anagen.treatment.arms import parse_arm
from anagen.treatment.trial_care import CARES, Care, TrialCare, care_of_arm


def care(plateau: float, onset: float = 42.0) -> TrialCare:
    return TrialCare(np.array([plateau]), np.array([onset]))


@given(st.floats(-20, 30), st.floats(1, 200), st.floats(0, 2000), st.floats(0, 500))
def test_a_shift_begins_at_nothing_and_nears_its_plateau(
    plateau: float, onset: float, day: float, later: float
) -> None:
    first, then, end = care(plateau, onset).shift_per_cm2((0.0, day, day + later))[:, 0]
    assert first == 0.0
    assert abs(then) <= abs(end) <= abs(plateau)
    assert care(plateau, onset).shift_per_cm2((60 * onset,))[0, 0] == pytest.approx(plateau)


def test_after_six_weeks_two_thirds_are_in() -> None:
    assert care(9.0).shift_per_cm2((42.0,))[0, 0] == pytest.approx(9.0 * (1 - np.exp(-1)))


@pytest.mark.parametrize(
    ("arm", "route", "wanted"),
    [
        ("none", "injection", "none"),
        ("exosome", "injection", "saline"),
        ("prp", "microneedling", "microneedling"),
        ("minoxidil", "injection", "topical_vehicle"),
        ("minoxidil", "microneedling", "topical_vehicle"),
        ("finasteride", "injection", "oral_placebo"),
        ("exosome+minoxidil", "injection", "topical_vehicle"),
        ("exosome+minoxidil", "microneedling", "microneedling"),
        ("prp+finasteride", "injection", "saline"),
    ],
)
def test_the_care_that_comes_with_an_arm(arm: str, route: str, wanted: Care) -> None:
    assert care_of_arm(parse_arm(arm), route) == wanted  # type: ignore[arg-type]
    assert wanted in CARES
