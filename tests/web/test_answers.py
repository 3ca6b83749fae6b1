"""The fields of the form and the person file say the same, whichever way they are turned."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from anagen.evidence.vocabulary import HEALTH_KEYS
from anagen.person.countries import COUNTRY_CODES
from anagen.person.schema import GRADES, Health, Person
from anagen.reading import InputError, parse_document
from anagen.web.answers import (
    document_of,
    fields_of,
    missing_required,
    plain_document,
    problems_of,
)
from anagen.web.files import FileRefused, opened, person_file
from anagen.web.forms import read_form
from anagen.web.questions import load_flow
from anagen.web.view import groups_of, names_on

TODAY = date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples"
PEOPLE = sorted(path for path in EXAMPLES.glob("*.yaml") if "prices" not in path.name)
LEAST = {"age": "34", "sex": "male", "country": "TR", "diagnosis": "androgenetic_alopecia"}

past = st.dates(date(2000, 1, 1), TODAY).map(str)
shown = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=40)
density = st.one_of(st.integers(1, 200), st.floats(0.1, 200).map(lambda x: round(x, 3)))


def some(**fields):
    """A mapping with any of the fields, at least one."""
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


measurement = st.fixed_dictionaries(
    {"date": past, "total_density_per_cm2": density.map(lambda x: x + 250)},
    optional={
        "site": shown,
        "terminal_density_per_cm2": density,
        "mean_diameter_um": st.integers(5, 150),
        "anagen_percent": st.floats(0, 100),
        "method": shown,
    },
)
stage = st.sampled_from(
    [{"scale": scale, "grade": grade} for scale, grades in GRADES.items() for grade in grades]
)
arms = st.sampled_from(["none", "exosome", "prp", "exosome+prp", "exosome+minoxidil"])
wishes = some(
    arm=arms,
    route=st.sampled_from(["injection", "microneedling"]),
    donor_source=st.sampled_from(["adipose", "plant", "unknown"]),
    sessions=st.integers(1, 24),
    interval_days=st.integers(1, 365),
    first_session=st.dates(TODAY, TODAY + timedelta(days=3000)).map(str),
    minoxidil_percent=st.sampled_from([2, 5]),
    budget=st.fixed_dictionaries(
        {"amount": st.integers(1, 10**7), "currency": st.sampled_from(["USD", "TRY"])}
    ),
)
documents = st.fixed_dictionaries(
    {
        "age": st.integers(18, 110),
        "sex": st.sampled_from(["male", "female"]),
        "country": st.sampled_from(sorted(COUNTRY_CODES)),
        "diagnosis": st.sampled_from(["androgenetic_alopecia", "other", "unknown"]),
    },
    optional={
        "name": shown,
        "hair_type": st.sampled_from(["asian", "unknown"]),
        "stage": stage,
        "years_since_onset": st.one_of(st.integers(0, 18), st.floats(0, 18)),
        "measurements": st.lists(measurement, min_size=1, max_size=3),
        "treatments_received": st.lists(
            st.fixed_dictionaries({"arm": arms, "date": past}), min_size=1, max_size=3
        ),
        "health": some(**{k: st.sampled_from(["yes", "no", "unknown"]) for k in HEALTH_KEYS}),
        "medicines": st.lists(st.fixed_dictionaries({"name": shown}), max_size=4),
        "wishes": wishes,
    },
)


@given(documents)
def test_a_document_turned_to_fields_and_back_is_itself(document):
    fields = fields_of(document)
    assert all(isinstance(value, str) for value in fields.values())
    assert document_of(fields) == document
    assert problems_of(fields, TODAY) == ()


@given(documents)
def test_a_saved_file_is_read_by_the_person_schema_and_says_the_same(document):
    saved = person_file(document)
    assert Person.parse(saved, "person.yaml", TODAY) == Person.parse(
        yaml.safe_dump(document, default_flow_style=False).encode(), "same", TODAY
    )
    assert document_of(opened("person.yaml", saved, TODAY)) == plain_document(
        Person.parse(saved, "person.yaml", TODAY)
    )


@pytest.mark.parametrize("path", PEOPLE, ids=lambda path: path.stem)
def test_an_example_person_goes_through_the_form_unchanged(path):
    fields = opened(path.name, path.read_bytes(), TODAY)
    again = Person.parse(person_file(document_of(fields)), "again", TODAY)
    assert again == Person.load(path, TODAY)


@given(st.dictionaries(st.sampled_from(list(LEAST)), st.text(max_size=20)))
def test_whatever_is_typed_is_a_problem_or_a_person(typed):
    fields = {**LEAST, **typed}
    problems = problems_of(fields, TODAY)
    if not problems:
        Person.parse(person_file(document_of(fields)), "typed", TODAY)
    assert all(problem.field for problem in problems)


def leaves(model, prefix=""):
    """Every key of the person file, as the questions name it."""
    schema = model.model_json_schema()

    def walk(node, path):
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        for option in node.get("anyOf", ()):
            if "$ref" in option or option.get("type") == "array":
                yield from walk(option, path)
                return
        if node.get("type") == "array":
            yield from walk(node["items"], f"{path}[]")
        elif "properties" in node:
            for key, value in node["properties"].items():
                yield from walk(value, f"{path}.{key}" if path else key)
        else:
            yield path

    yield from walk(schema, prefix)


def test_every_key_of_the_person_file_is_asked_and_nothing_else():
    keys = {"stage" if key.startswith("stage.") else key for key in leaves(Person)}
    assert set(load_flow().questions) == keys | {"medicines"}


def test_every_health_key_has_yes_no_and_dont_know():
    for key in Health.model_fields:
        question = load_flow().questions[f"health.{key}"]
        assert {choice.value for choice in question.choices} == {"yes", "no", "unknown"}
        assert question.label.endswith("?")


def test_what_can_be_unknown_can_be_said_to_be_unknown():
    for question in load_flow().questions.values():
        if question.kind == "choice" and not question.required and "[]" not in question.path:
            assert {"", "unknown"} & {choice.value for choice in question.choices}, question.path


def test_questions_that_concern_one_sex_are_not_put_to_the_other():
    flow = load_flow()
    asked = {
        sex: {
            name
            for screen in flow.screens
            for name in names_on(screen, {"sex": sex})
            if name.startswith("health.")
        }
        for sex in ("male", "female")
    }
    assert asked["female"] - asked["male"] == {"health.pregnant", "health.breastfeeding"}
    assert asked["male"] - asked["female"] == {"health.depression", "health.prostate_disease"}


def test_an_answer_is_shown_even_where_its_question_would_not_be_asked():
    fields = {"sex": "male", "health.pregnant": "yes"}
    assert "health.pregnant" in names_on(load_flow().screen("health"), fields)


def test_a_missing_safety_answer_stays_missing():
    document = document_of({**LEAST, "health.pregnant": "", "medicines": ""})
    assert "health" not in document
    assert "medicines" not in document


def test_no_medicine_is_not_the_same_as_no_answer():
    assert document_of({**LEAST, "medicines": "none"})["medicines"] == []
    assert "medicines" not in document_of(LEAST)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"age": "abc"}, "age"),
        ({"age": "34.5"}, "age"),
        ({"age": ""}, "age"),
        ({"sex": ""}, "sex"),
        ({"country": "UK"}, "country"),
        ({"years_since_onset": "35"}, "years_since_onset"),
        ({"stage": "norwood_hamilton/IX"}, "stage"),
        ({"medicines": "some"}, "medicines"),
        ({"medicines": "none", "medicines.0.name": "warfarin"}, "medicines"),
        ({"wishes.arm": "none+exosome"}, "wishes.arm"),
        ({"wishes.sessions": "25"}, "wishes.sessions"),
        ({"wishes.first_session": "2026-11-21"}, "wishes.first_session"),
        ({"wishes.budget.amount": "4000"}, "wishes.budget.currency"),
        ({"wishes.budget.amount": "1.500", "wishes.budget.currency": "USD"},
         "wishes.budget.amount"),
        ({"wishes.budget.currency": "USD"}, "wishes.budget.amount"),
        ({"measurements.4.site": "crown"}, "measurements.4.date"),
        ({"measurements.4.date": "2026-11-01"}, "measurements.4.total_density_per_cm2"),
        ({"measurements.2.date": "2027-01-01", "measurements.2.anagen_percent": "80"},
         "measurements.2.date"),
        ({"measurements.0.date": "2026-11-01", "measurements.0.total_density_per_cm2": "100",
          "measurements.0.terminal_density_per_cm2": "120"},
         "measurements.0.terminal_density_per_cm2"),
        ({"treatments_received.1.arm": "prp"}, "treatments_received.1.date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(typed, field):
    problems = problems_of({**LEAST, **typed}, TODAY)
    assert [problem.field for problem in problems] == [field]
    screen = load_flow().screen(problems[0].screen)
    groups = groups_of(screen, {**LEAST, **typed}, problems)
    assert [one.name for group in groups for one in group.controls if one.error] == [field]


def test_one_screen_tells_only_of_itself():
    problems = problems_of({"age": "x", "years_since_onset": "-1"}, TODAY, "loss")
    assert [problem.field for problem in problems] == ["diagnosis", "years_since_onset"]


def test_a_comma_is_a_decimal_point():
    document = document_of({**LEAST, "years_since_onset": "2,5"})
    assert document["years_since_onset"] == 2.5


def test_a_half_filled_file_can_be_loaded_again():
    saved = person_file(document_of({"age": "34", "hair_type": "asian"}))
    fields = opened("person.yaml", saved, TODAY)
    assert fields == {"age": "34", "hair_type": "asian"}
    assert [question.path for question in missing_required(fields)] == [
        "sex",
        "country",
        "diagnosis",
    ]


def test_a_wrong_file_is_refused_with_every_problem():
    with pytest.raises(FileRefused) as refused:
        opened("person.yaml", b"age: 200\nsex: m\ncoutry: TR\n", TODAY)
    told = " ".join(problem.text for problem in refused.value.problems)
    assert all(word in told for word in ("age", "sex", "coutry", "did you mean `country`"))


def test_the_reader_is_the_command_lines():
    with pytest.raises(FileRefused):
        opened("person.yaml", b"age: &a 3\nsex: *a\n", TODAY)
    with pytest.raises(InputError):
        parse_document(b"age: &a 3\nsex: *a\n", "person.yaml")


def test_a_form_keeps_only_fields_of_ours():
    posted = read_form(b"age=3%0d%0a4&admin=1&try.sessions=5&wishes.arm=prp&wishes.arm=exosome"
                       b"&at=you&go=next&values.gain=much&override.R-pregnant=x%00y")  # fmt: skip
    assert dict(posted.fields) == {"age": "3\n4", "wishes.arm": "prp+exosome"}
    assert dict(posted.visit) == {
        "try.sessions": "5", "values.gain": "much", "override.R-pregnant": "xy",
    }  # fmt: skip
    assert (posted.at, posted.go) == ("you", "next")
