"""When a person comes, what surrounds each visit, and what is never said."""

from dataclasses import astuple
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from anagen.catalogue.care import Care
from anagen.catalogue.schema import MedicineClass
from anagen.course.build import CourseWish, MedicineUse, make_course, protocol_flags
from anagen.course.model import Course

FIRST = date(2026, 11, 29)
FORBIDDEN = ("stop taking", "discontinue your", "you should stop")
ARMS = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride", "exosome+minoxidil")
MINOXIDIL = MedicineUse("minoxidil_topical", "Minoxidil", "minoxidil", "minoxidil", True)
WARFARIN = MedicineUse("warfarin", "Warfarin", "anticoagulant", "none", True)
UNKNOWN = MedicineUse("Zzyx", "Zzyx", None, None, False)


def wish(
    arm: str = "exosome", sessions: int = 4, interval_days: int = 14, **more: Any
) -> CourseWish:
    return CourseWish(
        arm=arm,
        components=() if arm == "none" else tuple(arm.split("+")),
        route=more.get("route", "injection"),
        sessions=sessions,
        interval_days=interval_days,
        first_session=more.get("first", FIRST),
    )


def words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.lower()]
    if isinstance(value, tuple | list):
        return [text for part in value for text in words(part)]
    return []


@given(
    st.sampled_from(["exosome", "prp", "exosome+prp"]),
    st.integers(1, 24),
    st.integers(1, 365),
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
)
def test_sessions_come_at_the_wished_interval(
    care: Care, arm: str, sessions: int, interval_days: int, first: date
) -> None:
    course = make_course(wish(arm, sessions, interval_days, first=first), (), care)
    dates = [session.date for session in course.sessions]
    assert dates[0] == first
    assert len(dates) == sessions
    assert all(b - a == timedelta(days=interval_days) for a, b in pairwise(dates))
    assert [session.number for session in course.sessions] == list(range(1, sessions + 1))
    assert {session.minutes for session in course.sessions} == {30}
    assert all(look.date > dates[-1] for look in course.follow_up)
    assert len({look.id for look in course.follow_up}) == len(course.follow_up)


@pytest.mark.parametrize("arm", ["none", "minoxidil", "finasteride"])
def test_an_arm_without_needles_has_no_visits_but_still_measurements(care: Care, arm: str) -> None:
    course = make_course(wish(arm), (WARFARIN,), care)
    assert (course.sessions, course.aftercare, course.flags, course.route) == ((), (), (), None)
    assert [look.id for look in course.follow_up] == ["count-6-months", "count-12-months"]
    assert course.follow_up[0].date == FIRST + timedelta(days=182)
    assert course.medicines == ()


def test_the_articles_preparation_is_there_with_its_claims(care: Care) -> None:
    steps = {step.id: step for step in make_course(wish(), (), care).preparation}
    assert {"hat", "hair", "cleaning", "anaesthetic", "tell-medicines", "needle"} <= set(steps)
    assert "blood-draw" not in steps
    claims = {claim for step in steps.values() for claim in step.claims}
    assert {"C01", "C07", "C26", "C27"} <= claims
    assert "blood-draw" in {step.id for step in make_course(wish("prp"), (), care).preparation}


def test_aftercare_says_that_it_is_practice_and_not_proof(care: Care) -> None:
    steps = {step.id: step for step in make_course(wish(), (), care).aftercare}
    for name in ("first-wash", "exercise", "heat", "sun", "dye"):
        assert "No trial" in steps[name].basis
        assert steps[name].sources
    assert steps["same-day"].claims == ("C02",)


def test_someone_on_minoxidil_is_told_of_no_change(care: Care) -> None:
    course = make_course(wish(), (MINOXIDIL,), care)
    step = course.medicines[0]
    assert (step.name, step.action, step.ask_prescriber) == (
        "minoxidil_topical", "no_change_suggested", True,
    )  # fmt: skip
    assert "No change suggested" in step.text
    assert "24 weeks" in step.text
    assert "price-1999" in step.sources
    assert [m.name for m in course.medicines[1:]] == ["finasteride"]


def test_someone_who_may_start_sees_the_wait_as_an_unproven_claim(care: Care) -> None:
    course = make_course(wish(), (), care)
    last = course.sessions[-1].date
    assert [step.name for step in course.medicines] == ["minoxidil", "finasteride"]
    for step in course.medicines:
        assert step.action == "article_suggests_waiting"
        assert (step.from_, step.until) == (last, last + timedelta(days=21))
        assert "not proven" in step.text
        assert step.claims == ("C28",)


def test_the_wait_is_about_exosomes_only(care: Care) -> None:
    assert make_course(wish("prp"), (), care).medicines == ()


def test_a_blood_thinner_is_a_question_for_the_prescriber_before_the_first_session(
    care: Care,
) -> None:
    step = make_course(wish(), (WARFARIN,), care).medicines[0]
    assert (step.action, step.until, step.claims) == ("ask_prescriber", FIRST, ("C27",))
    assert "prescriber's decision" in step.text


def test_a_name_that_is_not_known_is_kept_and_asked_about(care: Care) -> None:
    step = make_course(wish(), (UNKNOWN,), care).medicines[0]
    assert (step.name, step.action) == ("Zzyx", "ask_prescriber")
    assert "not recognised" in step.text


def test_no_answer_about_medicines_is_not_read_as_none(care: Care) -> None:
    names = [step.name for step in make_course(wish(), None, care).medicines]
    assert names == ["unanswered", "minoxidil", "finasteride"]


@pytest.mark.parametrize(
    ("sessions", "interval_days", "expected"),
    [
        (4, 14, set()),
        (3, 7, set()),
        (2, 14, {"sessions-outside"}),
        (6, 14, {"sessions-outside"}),
        (4, 6, {"interval-outside"}),
        (4, 28, {"interval-outside"}),
        (1, 60, {"sessions-outside"}),
        (12, 30, {"sessions-outside", "interval-outside"}),
    ],
)
def test_a_wish_outside_the_articles_protocol_is_flagged(
    care: Care, sessions: int, interval_days: int, expected: set[str]
) -> None:
    flags = {
        flag.id: flag for flag in protocol_flags(wish("exosome", sessions, interval_days), care)
    }
    assert set(flags) == expected | {"course-length", "protocols-differ"}
    assert all(flag.sources and flag.claims for flag in flags.values())


def test_the_articles_own_inconsistency_is_shown(care: Care) -> None:
    flags = {flag.id: flag.text for flag in protocol_flags(wish("exosome", 5, 14), care)}
    assert "take 2 weeks" in flags["course-length"]
    assert "take 8" in flags["course-length"]
    assert "Your wish takes 8 weeks" in flags["course-length"]


def test_prp_is_measured_by_its_own_usual_course(care: Care) -> None:
    assert protocol_flags(wish("prp", 3, 30), care) == ()
    names = {flag.id for flag in protocol_flags(wish("prp", 6, 14), care)}
    assert names == {"prp-sessions", "prp-interval"}


def test_urgent_signs_name_what_to_do(care: Care) -> None:
    signs = {sign.id for sign in make_course(wish(), (), care).urgent_signs}
    assert signs == {"breathing", "fever", "spreading", "black-skin", "lumps"}


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("medicine_class", [*get_args(MedicineClass), None])
def test_nobody_is_ever_told_to_end_a_medicine(
    care: Care, arm: str, medicine_class: str | None
) -> None:
    use = MedicineUse("x", "X", medicine_class, None, medicine_class is not None)
    course: Course = make_course(wish(arm, 8, 40), (use,), care)
    for text in words(astuple(course)):
        assert not any(phrase in text for phrase in FORBIDDEN)
    assert all(step.ask_prescriber for step in course.medicines)


def test_no_care_text_holds_a_forbidden_word(care: Care) -> None:
    tables = (care.steps, care.follow_up, care.urgent, care.medicines, care.flags)
    for table in tables:
        for record in table.values():
            for text in words(list(record.model_dump().values())):
                assert not any(phrase in text for phrase in FORBIDDEN), record.id
