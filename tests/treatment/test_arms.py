"""The vocabulary of arms."""

from itertools import permutations

import pytest
from hypothesis import given, strategies as st

from anagen.treatment.arms import COMPONENTS, parse_arm


def test_the_order_of_a_sum() -> None:
    assert COMPONENTS == ("exosome", "prp", "minoxidil", "finasteride")


@given(st.sets(st.sampled_from(COMPONENTS), min_size=1))
def test_a_sum_has_one_name_in_any_order(parts: set[str]) -> None:
    arms = {parse_arm(" + ".join(order)) for order in permutations(parts)}
    assert len(arms) == 1
    arm = arms.pop()
    assert parse_arm(arm.id) == arm
    assert set(arm.components) == parts


def test_none_is_an_arm_without_parts() -> None:
    assert parse_arm("none").components == ()
    assert parse_arm(" None ").id == "none"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exosomes", "did you mean `exosome`"),
        ("none+prp", "leave `none` out"),
        ("prp+prp", "names prp twice"),
        ("prp+", "empty part"),
        ("", "empty part"),
        ("laser", "allowed: none, exosome"),
    ],
)
def test_anything_else_is_refused_with_a_cure(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_arm(text)
