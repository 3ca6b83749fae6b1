"""Certainty falls with time and thin evidence, and a sum of arms inherits none."""

import pytest

from anagen.evidence import load_evidence
from anagen.evidence.certainty import certainty_for, certainty_rule
from anagen.forecasting.model import OUTCOMES

TOTAL, TERMINAL, DIAMETER, ANAGEN = OUTCOMES
ORDER = ("none", "very_low", "low", "moderate", "high")
ARMS = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")


@pytest.mark.parametrize(
    ("arm", "outcome", "day", "certainty"),
    [
        ("finasteride", TOTAL, 728, "high"),
        ("finasteride", TOTAL, 1826, "low"),
        ("minoxidil", TERMINAL, 336, "high"),
        ("minoxidil", TOTAL, 168, "moderate"),
        ("minoxidil", TERMINAL, 365, "low"),
        ("prp", TOTAL, 182, "low"),
        ("prp", TOTAL, 183, "none"),
        ("exosome", TOTAL, 168, "very_low"),
        ("exosome", TOTAL, 183, "none"),
        ("exosome", ANAGEN, 112, "none"),
        ("exosome+prp", TOTAL, 84, "none"),
        ("none", TOTAL, 364, "moderate"),
        ("minoxidil+prp", TOTAL, 168, "very_low"),
        ("prp+minoxidil", TOTAL, 168, "very_low"),
        ("minoxidil+prp", TERMINAL, 168, "none"),
        ("exosome+finasteride", TOTAL, 84, "none"),
    ],
)
def test_certainty_of_an_arm(arm: str, outcome: str, day: int, certainty: str) -> None:
    assert certainty_for(load_evidence(), arm, outcome, day) == certainty


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_certainty_never_rises_with_time(arm: str, outcome: str) -> None:
    found = [certainty_for(load_evidence(), arm, outcome, day) for day in range(0, 3650, 7)]
    ranks = [ORDER.index(certainty) for certainty in found]
    assert ranks == sorted(ranks, reverse=True)


def test_every_certainty_above_none_names_its_works() -> None:
    for rule in load_evidence().certainty:
        assert rule.certainty == "none" or rule.sources, rule.because


def test_a_sum_that_no_rule_names_has_none_and_says_why() -> None:
    rule = certainty_rule(load_evidence(), "finasteride+prp", TOTAL, 28)
    assert (rule.arm, rule.certainty) == ("sum", "none")
    assert "No study" in rule.because
