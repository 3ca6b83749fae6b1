"""What must hold of every verdict, whoever asks."""

import json
from datetime import date
from typing import Any

from hypothesis import given, settings, strategies as st

from anagen.candidacy.judge import check_candidacy
from anagen.evidence import load_evidence
from anagen.evidence.vocabulary import HEALTH_KEYS
from anagen.person.schema import Person

TODAY = date(2026, 11, 22)
SEVERITY = ("candidate", "caution", "undetermined", "not_now")
ANSWERS = st.sampled_from(["yes", "no", "unknown"])
ARMS = st.sampled_from(
    ["exosome", "prp", "exosome+prp", "minoxidil", "finasteride", "exosome+minoxidil", "none"]
)
PEOPLE = st.fixed_dictionaries(
    {
        "age": st.integers(18, 90),
        "sex": st.sampled_from(["male", "female"]),
        "country": st.sampled_from(["TR", "US", "ES", "SA", "FR", "BR"]),
        "diagnosis": st.sampled_from(["androgenetic_alopecia", "alopecia_areata", "unknown"]),
        "health": st.fixed_dictionaries(dict.fromkeys(HEALTH_KEYS, ANSWERS)),
        "medicines": st.sampled_from([None, [], [{"name": "warfarin"}], [{"name": "qqq"}]]),
        "wishes": st.fixed_dictionaries({"arm": ARMS}),
    }
)


def verdict(told: dict[str, Any]) -> str:
    person = Person.parse(json.dumps(told).encode(), "person", TODAY)
    return check_candidacy(person, today=TODAY).verdict


def rank(told: dict[str, Any]) -> int:
    return SEVERITY.index(verdict(told))


def contraindications(arm: str) -> list[str]:
    parts = set(arm.split("+"))
    return [
        rule.key
        for rule in load_evidence().rules.values()
        for part in parts & set(rule.components)
        if rule.kind_for.get(part, rule.kind) == "contraindication" and rule.key in HEALTH_KEYS
    ]


@given(PEOPLE, st.data())
def test_any_contraindication_is_not_now(told: dict[str, Any], data: st.DataObject) -> None:
    keys = contraindications(told["wishes"]["arm"])
    if keys:
        told["health"][data.draw(st.sampled_from(keys))] = "yes"
        assert verdict(told) == "not_now"


@given(PEOPLE, st.sampled_from(HEALTH_KEYS))
def test_yes_instead_of_no_never_improves_a_verdict(told: dict[str, Any], key: str) -> None:
    told["health"][key] = "no"
    better = rank(told)
    told["health"][key] = "yes"
    assert rank(told) >= better


@given(PEOPLE, st.sampled_from(HEALTH_KEYS))
def test_an_unknown_answer_never_passes_as_no(told: dict[str, Any], key: str) -> None:
    told["health"][key] = "no"
    better = rank(told)
    told["health"][key] = "unknown"
    assert rank(told) >= better


@given(PEOPLE)
def test_candidate_only_with_every_answer_and_pattern_loss(told: dict[str, Any]) -> None:
    if verdict(told) == "candidate":
        assert told["diagnosis"] == "androgenetic_alopecia"
        person = Person.parse(json.dumps(told).encode(), "person", TODAY)
        kinds = {finding.kind for finding in check_candidacy(person, today=TODAY).findings}
        assert kinds <= {"indication"}


@given(PEOPLE, st.integers(0, 17))
@settings(max_examples=30)
def test_under_18_is_not_now(told: dict[str, Any], age: int) -> None:
    assert verdict(told | {"age": age}) == "not_now"


def test_a_man_needs_no_answer_on_pregnancy_but_a_yes_counts() -> None:
    health = dict.fromkeys(HEALTH_KEYS, "no")
    told: dict[str, Any] = {
        "age": 30,
        "sex": "male",
        "country": "TR",
        "diagnosis": "androgenetic_alopecia",
        "health": health | {"pregnant": "unknown", "breastfeeding": "unknown"},
        "medicines": [],
    }
    assert verdict(told) == "candidate"
    assert verdict(told | {"sex": "female"}) == "undetermined"
    told["health"]["pregnant"] = "yes"
    assert verdict(told) == "not_now"


def test_an_answer_concerns_only_its_own_arms() -> None:
    health = dict.fromkeys(HEALTH_KEYS, "no") | {"scalp_infection": "unknown"}
    told: dict[str, Any] = {
        "age": 30,
        "sex": "male",
        "country": "TR",
        "diagnosis": "androgenetic_alopecia",
        "health": health,
        "medicines": [],
        "wishes": {"arm": "minoxidil"},
    }
    assert verdict(told) == "candidate"
    assert verdict(told | {"wishes": {"arm": "prp"}}) == "undetermined"
