"""A cohort file is closed: what cannot be predicted is refused, all at once, with its place."""

import json
from copy import deepcopy
from typing import Any

import pytest

from anagen.predicting.schema import Cohort, week_key
from anagen.reading import InputError

Made = dict[str, Any]

LEAST = {
    "n": 20,
    "sex": "male",
    "diagnosis": "androgenetic_alopecia",
    "arm": {"id": "prp"},
    "weeks": [24],
    "outcomes": ["total_density_per_cm2"],
}


def read(made: Any) -> Cohort:
    return Cohort.parse(json.dumps(made).encode(), "cohort.json")


def with_(path: str, value: Any) -> Made:
    made = deepcopy(LEAST)
    *blocks, last = path.split(".")
    place: Any = made
    for block in blocks:
        place = place.setdefault(block, {})
    place[last] = value
    return made


def problems(made: Any) -> list[str]:
    with pytest.raises(InputError) as refused:
        read(made)
    return [f"{problem.place}: {problem.text}" for problem in refused.value.problems]


def test_six_keys_are_enough() -> None:
    cohort = read(LEAST)
    assert cohort.control is None
    assert cohort.echo() == LEAST


@pytest.mark.parametrize("key", [*LEAST, "arm.id"])
def test_each_of_them_is_needed(key: str) -> None:
    made = deepcopy(LEAST)
    if key == "arm.id":
        made["arm"] = {}
    else:
        del made[key]
    assert any(text.startswith(key) and "required" in text for text in problems(made))


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        ("diagnosis", "alopecia_areata", "diagnosis", "androgenetic_alopecia only"),
        ("diagnosis", "unknown", "diagnosis", "androgenetic_alopecia only"),
        ("diagnosis", "baldness", "diagnosis", "allowed"),
        ("age", {"mean": 5}, "age", "at least 18"),
        ("age", {"mean": 17.9, "sd": 1}, "age", "at least 18"),
        ("age", {"mean": 30, "sd": -1}, "age.sd", "at least 0"),
        ("weeks", [900], "weeks[0]", "at most 520"),
        ("weeks", [-1], "weeks[0]", "at least 0"),
        ("weeks", [], "weeks", "1 to 200"),
        ("weeks", [24, 12], "weeks", "must rise"),
        ("weeks", [12, 12], "weeks", "must rise"),
        ("weeks", 24, "weeks", "a list"),
        ("weeks", [True], "weeks[0]", "a number"),
        ("arm.id", "minoxidill", "arm.id", "did you mean `minoxidil`"),
        ("arm.id", "laser", "arm.id", "is not an arm"),
        ("arm.id", "prp+laser", "arm.id", "not a treatment"),
        ("arm.id", "prp+none", "arm.id", "none"),
        ("arm.id", "saline+prp", "arm.id", "not a treatment"),
        ("arm.percent", 3, "arm.percent", "allowed: 2, 5"),
        ("arm.sessions", 0, "arm.sessions", "at least 1"),
        ("arm.sessions", 2.5, "arm.sessions", "whole number"),
        ("arm.interval_days", 0, "arm.interval_days", "at least 1"),
        ("arm.dose", -1, "arm.dose", "more than 0"),
        ("arm.route", "nose", "arm.route", "allowed"),
        ("arm.session", 4, "arm.session", "did you mean `sessions`"),
        ("control", "placebo", "control", "allowed"),
        ("control", "none", "control", "allowed"),
        ("control_n", 20, "", "without a control"),
        ("n", 0, "n", "at least 1"),
        ("n", -3, "n", "at least 1"),
        ("n", True, "n", "whole number"),
        ("n", "20", "n", "whole number"),
        ("sex", "both", "sex", "allowed"),
        ("outcomes", ["density"], "outcomes[0]", "allowed"),
        ("outcomes", [], "outcomes", "at least one"),
        ("outcomes", ["anagen_percent", "anagen_percent"], "outcomes", "twice"),
        ("threshold_um", 0, "threshold_um", "at least 5"),
        ("baseline.total_density_per_cm2", {"mean": -4}, "baseline.total", "more than 0"),
        ("baseline.total_density_per_cm2", {"mean": 150, "sd": -1}, "baseline.total", "at least 0"),
        ("baseline.total_density_per_cm2", {"sd": 1}, "baseline.total", "required"),
        ("baseline.total_density_per_cm2", {"mean": 150, "median": 1}, "baseline.total", "unknown"),
        ("baseline.density", {"mean": 150}, "baseline.density", "unknown key"),
        ("baseline.anagen_percent", {"mean": 130}, "baseline.anagen_percent.mean", "less than 100"),
        ("weight", 1, "weight", "unknown key"),
    ],
)
def test_what_cannot_be_predicted_is_refused(path: str, value: Any, place: str, says: str) -> None:
    found = problems(with_(path, value))
    assert any(text.startswith(place) and says in text for text in found), found


def test_a_part_is_not_more_than_the_whole() -> None:
    made = with_("baseline.total_density_per_cm2", {"mean": 150})
    made["baseline"]["terminal_density_per_cm2"] = {"mean": 160}
    assert "above total_density_per_cm2" in problems(made)[0]


def test_finasteride_is_not_predicted_in_women() -> None:
    made = with_("arm.id", "minoxidil+finasteride") | {"sex": "female"}
    assert "sized in men only" in problems(made)[0]


@pytest.mark.parametrize(
    ("arm", "route"),
    [("minoxidil", "oral"), ("minoxidil", "microneedling"), ("finasteride", "topical"),
     ("prp", "oral")],
)  # fmt: skip
def test_by_another_route_it_is_another_treatment(arm: str, route: str) -> None:
    made = with_("arm", {"id": arm, "route": route})
    assert f"{arm} is described by" in problems(made)[0]


def test_all_problems_come_at_once() -> None:
    made = with_("arm.percent", 3) | {
        "n": 0,
        "sex": "x",
        "weeks": [900],
        "other": 1,
        "control": "x",
    }
    assert len(problems(made)) == 6


def test_a_key_that_stands_twice_is_refused() -> None:
    text = b"n: 3\nn: 4\nsex: male\n"
    with pytest.raises(InputError, match="n"):
        Cohort.parse(text, "cohort.yaml")


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b"n: [", b"\xff\xfe"])
def test_what_is_no_block_of_keys_is_refused(text: bytes) -> None:
    with pytest.raises(InputError):
        Cohort.parse(text, "cohort.yaml")


def test_parts_of_a_sum_may_stand_in_any_order() -> None:
    assert read(with_("arm.id", "Minoxidil + exosome")).arm.id == "exosome+minoxidil"


def test_weeks_are_keys_as_they_were_written() -> None:
    assert [week_key(week) for week in read(with_("weeks", [0, 6.4, 12])).weeks] == [
        "0",
        "6.4",
        "12",
    ]


def test_nothing_is_not_zero() -> None:
    empty = {"age": None, "baseline": None, "control": None, "control_n": None}
    assert read({**LEAST, **empty, "threshold_um": None}).baseline is None
