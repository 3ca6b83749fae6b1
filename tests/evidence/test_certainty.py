"""A grade is what its reasons give; it falls with time, and a sum of arms inherits none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from docs.model import certainty as the_page
from hypothesis import given, strategies as st
from pydantic import ValidationError

from anagen.evidence import load_evidence
from anagen.evidence.certainty import certainty_for, certainty_rule, sources_of
from anagen.evidence.grading import LADDER, Starts, grade
from anagen.evidence.schema import CertaintyRule, Lowered, Raised
from anagen.evidence.vocabulary import Outcome
from anagen.evidence.why import UnknownId, why
from anagen.forecasting.model import OUTCOMES
from anagen.forecasting.request import HORIZON_DAYS
from anagen.reading import InputError

Change = Callable[[str, str, str], Path]
TOTAL, TERMINAL, DIAMETER, ANAGEN = OUTCOMES
ORDER = ("none", *LADDER)
ARMS = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")
SUMS = ("minoxidil+prp", "finasteride+minoxidil", "exosome+minoxidil", "finasteride+prp+exosome")
DAYS = (*HORIZON_DAYS, 1092, 1826, 3650)


@pytest.mark.parametrize(
    ("arm", "outcome", "day", "certainty"),
    [
        ("finasteride", TOTAL, 728, "high"),
        ("finasteride", TOTAL, 1826, "low"),
        ("finasteride", TERMINAL, 364, "moderate"),
        ("minoxidil", TERMINAL, 336, "high"),
        ("minoxidil", TOTAL, 168, "moderate"),
        ("minoxidil", TERMINAL, 365, "low"),
        ("minoxidil", DIAMETER, 728, "low"),
        ("prp", TOTAL, 182, "low"),
        ("prp", TOTAL, 183, "none"),
        ("prp", ANAGEN, 168, "very_low"),
        ("exosome", TOTAL, 168, "very_low"),
        ("exosome", TOTAL, 183, "none"),
        ("exosome", ANAGEN, 112, "none"),
        ("exosome+prp", TOTAL, 84, "none"),
        ("none", TOTAL, 364, "moderate"),
        ("none", TOTAL, 1827, "none"),
        ("minoxidil+prp", TOTAL, 168, "very_low"),
        ("prp+minoxidil", TOTAL, 168, "very_low"),
        ("minoxidil+prp", TERMINAL, 168, "none"),
        ("exosome+finasteride", TOTAL, 84, "none"),
    ],
)
def test_certainty_of_an_arm(arm: str, outcome: str, day: int, certainty: str) -> None:
    assert certainty_for(load_evidence(), arm, outcome, day) == certainty


@pytest.mark.parametrize(
    ("starts", "lowered", "raised", "expected"),
    [
        ("randomised", 0, 0, "high"),
        ("randomised", 1, 0, "moderate"),
        ("randomised", 2, 0, "low"),
        ("randomised", 7, 0, "very_low"),
        ("untreated_cohort", 1, 0, "moderate"),
        ("observational", 0, 0, "low"),
        ("observational", 1, 0, "very_low"),
        ("observational", 0, 1, "moderate"),
        ("observational", 0, 5, "high"),
        ("none", 0, 0, "none"),
        ("none", 0, 2, "none"),
    ],
)
def test_a_grade_is_its_start_less_what_lowers_plus_what_raises(
    starts: Starts, lowered: int, raised: int, expected: str
) -> None:
    assert grade(starts, lowered, raised) == expected


LEVELS = st.integers(0, 10)


@given(st.sampled_from(get_args(Starts)), LEVELS, LEVELS, LEVELS)
def test_more_lowering_never_raises_and_more_raising_never_lowers(
    starts: Starts, lowered: int, raised: int, more: int
) -> None:
    found = ORDER.index(grade(starts, lowered, raised))
    assert ORDER.index(grade(starts, lowered + more, raised)) <= found
    assert ORDER.index(grade(starts, lowered, raised + more)) >= found
    assert (found == 0) == (starts == "none")


def test_levels_are_counted_from_nought() -> None:
    with pytest.raises(ValueError, match="counted from 0"):
        grade("randomised", -1)


def body(**changes: Any) -> CertaintyRule:
    usual: dict[str, Any] = {
        "arm": "prp",
        "outcomes": (TOTAL,),
        "starts": "observational",
        "studies": ("one",),
        "because": "A body.",
    }
    return CertaintyRule(**(usual | changes))


RAISED = Raised(domain="large_effect", levels=2, because="It is large.")
LOWERED = Lowered(domain="imprecision", levels=1, because="Few people.")


def test_a_record_gets_the_grade_of_its_judgements() -> None:
    assert body().certainty == "low"
    assert body(raised=(RAISED,)).certainty == "high"
    assert body(starts="randomised", lowered=(LOWERED,)).certainty == "moderate"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certainty": "high"}, "certainty"),
        ({"starts": "none"}, "without studies"),
        ({"studies": ()}, "without studies"),
        ({"starts": "none", "studies": (), "lowered": (LOWERED,)}, "nothing to lower"),
        ({"raised": (RAISED,), "lowered": (LOWERED,)}, "can be raised"),
        ({"starts": "randomised", "raised": (RAISED,)}, "can be raised"),
        ({"lowered": (LOWERED, LOWERED)}, "named twice"),
        ({"outcomes": (TOTAL, TOTAL)}, "named twice"),
        ({"outcomes": ()}, "outcomes"),
        ({"until_day": 0}, "until_day"),
    ],
)
def test_judgements_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        body(**changes)


def test_a_dose_response_raises_by_one_level_only() -> None:
    with pytest.raises(ValidationError, match="only large_effect"):
        Raised(domain="dose_response", levels=2, because="It grows.")


def test_two_records_for_one_place_are_refused(changed: Change, folder: Path) -> None:
    text = (folder / "certainty.yaml").read_text(encoding="utf-8")
    again = text.removeprefix("certainty:\n")
    with pytest.raises(InputError, match="keep one"):
        load_evidence(changed("certainty.yaml", text, text + again))


@pytest.mark.parametrize("arm", [*ARMS, *SUMS])
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("day", DAYS)
def test_just_one_record_speaks_of_each_arm_outcome_and_day(
    arm: str, outcome: str, day: int
) -> None:
    rules = load_evidence().certainty
    named = [rule for rule in rules if set(rule.arm.split("+")) == set(arm.split("+"))]
    pool = named or [rule for rule in rules if rule.arm == "sum"]
    ends = sorted(rule.until_day or 10**6 for rule in pool if outcome in rule.outcomes)
    assert len(set(ends)) == len(ends)
    found = certainty_rule(load_evidence(), arm, outcome, day)
    assert found in pool
    assert (found.until_day or 10**6) == min(end for end in ends if end >= day)


def test_every_record_is_reached() -> None:
    evidence = load_evidence()
    for rule in evidence.certainty:
        arm = "exosome+finasteride" if rule.arm == "sum" else rule.arm
        day = rule.until_day or 10**6
        found = (certainty_rule(evidence, arm, outcome, day) for outcome in rule.outcomes)
        assert all(one is rule for one in found), rule


def test_the_outcomes_graded_are_those_forecast() -> None:
    assert set(get_args(Outcome)) == set(OUTCOMES)


def test_a_body_holds_studies_that_can_carry_it() -> None:
    evidence = load_evidence()
    for rule in evidence.certainty:
        for name in rule.studies:
            rows = evidence.studies[name].rows
            assert any(row.use != "never" for row in rows), name
        assert rule.certainty == "none" or sources_of(evidence, rule)


def test_a_body_said_to_be_randomised_holds_a_randomised_study() -> None:
    evidence = load_evidence()
    words = ("randomised", "split scalp", "meta-analysis")
    for rule in evidence.certainty:
        designs = [evidence.studies[name].design for name in rule.studies]
        compared = any(word in design for design in designs for word in words)
        assert rule.starts != "randomised" or compared, rule.because


def test_a_body_does_not_reach_far_beyond_its_last_count() -> None:
    """Weeks round up to a half or a whole year; one record without any time is let off."""
    evidence = load_evidence()
    for rule in evidence.certainty:
        rows = [row for name in rule.studies for row in evidence.studies[name].rows]
        weeks = [row.week for row in rows if row.week is not None]
        if rule.until_day is not None and weeks and "4.5 to 5 years" not in _notes(rule):
            assert rule.until_day <= 7 * max(weeks) + 60, rule


def _notes(rule: CertaintyRule) -> str:
    studies = load_evidence().studies
    return " ".join(studies[name].note or "" for name in rule.studies)


@pytest.mark.parametrize("arm", [*ARMS, *SUMS])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_certainty_never_rises_with_time(arm: str, outcome: str) -> None:
    found = [certainty_for(load_evidence(), arm, outcome, day) for day in range(0, 3650, 7)]
    ranks = [ORDER.index(certainty) for certainty in found]
    assert ranks == sorted(ranks, reverse=True)


def test_a_sum_that_no_record_names_has_none_and_says_why() -> None:
    rule = certainty_rule(load_evidence(), "finasteride+prp", TOTAL, 28)
    assert (rule.arm, rule.certainty) == ("sum", "none")
    assert "No study" in rule.because


def test_what_nothing_speaks_of_has_none(folder: Path) -> None:
    rule = certainty_rule(load_evidence(folder), "prp", TOTAL, 28)
    assert rule.certainty == "none"
    assert "No record speaks" in rule.because


def test_a_grade_can_be_asked_for_with_its_reasons() -> None:
    found = why(load_evidence(), "certainty:PRP/total_density_per_cm2/168")
    assert found.kind == "certainty"
    assert ("Certainty", "low") in found.lines
    assert ("Starts at", "high: randomised trials") in found.lines
    lowered = [text for label, text in found.lines if label == "Lowered"]
    assert [text.split(",")[0] for text in lowered] == ["inconsistency", "publication bias"]
    assert "giordano-2018" in [source.id for source in found.sources]


@pytest.mark.parametrize(
    "asked", ["", "prp", "prg/anagen_percent/1", "prp/hair/1", "prp/anagen_percent/soon"]
)
def test_a_question_that_cannot_be_read_says_how_to_ask(asked: str) -> None:
    with pytest.raises(UnknownId, match="ask as certainty:ARM/OUTCOME/DAY"):
        why(load_evidence(), f"certainty:{asked}")


def test_the_page_is_what_the_records_give() -> None:
    """When it isn't: `python -m docs.model.certainty`."""
    stored = Path(the_page.__file__).with_suffix(".md").read_text(encoding="utf-8")
    assert stored == the_page.page(load_evidence())
