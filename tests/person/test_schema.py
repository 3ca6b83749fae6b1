"""The person file: what is accepted, and the sentence for everything that is not."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from anagen.person.schema import Person
from anagen.reading import InputError

TODAY = date(2026, 11, 22)
LEAST = "age: 34\nsex: male\ncountry: TR\ndiagnosis: androgenetic_alopecia\n"
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def parsed(text: str) -> Person:
    return Person.parse(text.encode(), "person.yaml", TODAY)


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parsed(text)
    return [str(problem) for problem in caught.value.problems]


def test_four_keys_are_enough_and_the_rest_stays_unknown() -> None:
    person = parsed(LEAST)
    assert set(person.health.model_dump().values()) == {"unknown"}
    assert person.medicines is None


def test_no_medicines_is_another_answer_than_none_given() -> None:
    assert parsed(LEAST + "medicines: []").medicines == ()


def test_country_no_is_norway() -> None:
    assert parsed(LEAST.replace("TR", "NO")).country == "NO"


def test_byte_order_mark_is_accepted() -> None:
    assert Person.parse(b"\xef\xbb\xbf" + LEAST.encode(), "p.yaml", TODAY).age == 34


def test_json_is_accepted() -> None:
    body = {"age": 34, "sex": "male", "country": "TR", "diagnosis": "unknown"}
    assert parsed(json.dumps(body)).diagnosis == "unknown"


@pytest.mark.parametrize(
    "path", [p for p in EXAMPLES if "price" not in p.name], ids=lambda p: p.stem
)
def test_examples_are_valid(path: Path) -> None:
    assert Person.load(path, TODAY).name


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("agee: 3", "agee", "did you mean `age`"),
        ("health: {pregnent: yes}", "health.pregnent", "did you mean `pregnant`"),
        ("health: {pregnant: maybe}", "health.pregnant", "allowed: yes, no, unknown"),
        ("health: {pregnant: true}", "health.pregnant", "is true"),
        ("health: {pregnant: 0}", "health.pregnant", "is 0"),
        ("years_since_onset: .nan", "years_since_onset", "finite"),
        ("years_since_onset: 40", "", "more than age"),
        ("hair_type: blond", "hair_type", "allowed: african"),
        ("medicines: [warfarin]", "medicines[0]", "block of keys"),
        ("medicines: [{}]", "medicines[0].name", "missing"),
        ("stage: {scale: ludwig, grade: VII}", "stage", "not on ludwig"),
        ("stage: {scale: ludwig, grade: 2}", "stage.grade", "text"),
        ("wishes: {sessions: 0}", "wishes.sessions", "at least 1"),
        ("wishes: {sessions: 25}", "wishes.sessions", "at most 24"),
        ("wishes: {interval_days: 366}", "wishes.interval_days", "at most 365"),
        ("wishes: {sessions: 2.5}", "wishes.sessions", "whole number"),
        ("wishes: {arm: botox}", "wishes.arm", "botox"),
        ("wishes: {first_session: 2026-11-21}", "wishes.first_session", "before today"),
        ("wishes: {first_session: 9999-12-31}", "wishes.first_session", "within 10 years"),
        ("wishes: {first_session: soon}", "wishes.first_session", "YYYY-MM-DD"),
        ("wishes: {minoxidil_percent: 3}", "wishes.minoxidil_percent", "allowed: 2, 5"),
        ("wishes: {budget: {amount: -1, currency: USD}}", "wishes.budget.amount", "more than 0"),
        ("wishes: {budget: {amount: true, currency: USD}}", "wishes.budget.amount", "is true"),
        ("wishes: {budget: {amount: 1, currency: usd}}", "wishes.budget.currency", "ISO 4217"),
        ("treatments_received: [{arm: prp, date: 2026-11-23}]", "treatments_received[0].date",
         "after today"),
    ],
)  # fmt: skip
def test_each_wrong_answer_gets_its_sentence(line: str, place: str, words: str) -> None:
    (told,) = problems(LEAST + line)
    assert f"person.yaml:5: {place}" in told or not place
    assert words in told


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("total_density_per_cm2: 9000", "at most 500"),
        ("total_density_per_cm2: 0", "more than 0"),
        ("total_density_per_cm2: true", "is true"),
        ("total_density_per_cm2: .inf", "finite"),
        ("total_density_per_cm2: 100, terminal_density_per_cm2: 101", "above total"),
        ("mean_diameter_um: 4", "at least 5"),
        ("anagen_percent: 101", "at most 100"),
        ("site: vertex", "no measured value"),
    ],
)
def test_impossible_measurements(values: str, words: str) -> None:
    (told,) = problems(f"{LEAST}measurements: [{{date: 2026-11-01, {values}}}]")
    assert words in told


@pytest.mark.parametrize("day", ["2026-11-23", "2026-02-30", "1816-01-01", "20261101", "2026-11-1"])
def test_impossible_measurement_dates(day: str) -> None:
    told = problems(f"{LEAST}measurements: [{{date: {day}, total_density_per_cm2: 100}}]")
    assert "measurements[0].date" in told[0]


def test_all_problems_come_at_once_with_their_lines() -> None:
    told = problems("age: -3\nsex: x\ncountry: UK\nwishes: {sessions: 99}\n")
    assert [t.split(" ")[0] for t in told] == [
        "person.yaml:1:",
        "person.yaml:2:",
        "person.yaml:3:",
        "person.yaml:1:",
        "person.yaml:4:",
    ]
    assert "write GB" in told[2]
    assert "diagnosis: is missing and required" in told[3]


@given(
    age=st.integers(0, 110), sex=st.sampled_from(["male", "female"]), sessions=st.integers(1, 24)
)
def test_a_valid_person_round_trips(age: int, sex: str, sessions: int) -> None:
    person = parsed(
        json.dumps(
            {
                "age": age,
                "sex": sex,
                "country": "MX",
                "diagnosis": "other",
                "wishes": {"sessions": sessions},
            }
        )
    )
    again = parsed(person.model_dump_json(exclude_none=True))
    assert again == person
