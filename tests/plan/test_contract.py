"""The plan's JSON document holds what outside readers rely on, for every example person."""

import json
import os
import subprocess
import sys
from datetime import date
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from anagen.person.schema import Person
from anagen.plan.build import make_plan
from anagen.plan.decide import Settings
from anagen.render.json import dump, plan_document, plan_schema

TODAY = date(2026, 11, 22)
EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
    if "price" not in path.name
]
EARLY_LOSS = next(path for path in EXAMPLES if path.stem == "early-loss-tr")
KEYS = """
    schema_version made_on software evidence_release posterior_release person assumed regulatory
    candidacy arms course quote forecast comparison harms questions_to_ask claims sources limits
"""
BASE_ARMS = {"none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride"}
OUTCOMES = {
    "total_density_per_cm2",
    "terminal_density_per_cm2",
    "mean_diameter_um",
    "anagen_percent",
}
FORBIDDEN = ("stop taking", "discontinue your", "you should stop")


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    person = Person.load(request.param, TODAY)
    return plan_document(make_plan(person, TODAY, Settings(draws=150)))


def test_all_keys_are_there_and_no_other(document: dict[str, Any]) -> None:
    assert list(document) == KEYS.split()


def test_the_published_schema_holds(document: dict[str, Any]) -> None:
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)


def test_the_six_options_are_there_with_the_same_ids(document: dict[str, Any]) -> None:
    ids = [arm["id"] for arm in document["arms"]]
    assert set(ids) >= BASE_ARMS
    if document["forecast"]["available"]:
        assert [arm["id"] for arm in document["forecast"]["arms"]] == ids


def test_every_outcome_is_an_ordered_distribution(document: dict[str, Any]) -> None:
    forecast = document["forecast"]
    if not forecast["available"]:
        assert forecast["reason"]
        assert forecast["sources"]
        return
    days = {str(day) for day in forecast["horizon_days"]}
    assert "0" in days
    for arm in forecast["arms"]:
        if not arm["available"]:
            assert arm["outcomes"] == {}
            assert arm["reason"]
            continue
        for values in (arm["outcomes"], arm["measured"]):
            assert set(values) == OUTCOMES
            for by_day in values.values():
                assert set(by_day) == days
                for q in by_day.values():
                    assert q["q05"] <= q["q25"] <= q["q50"] <= q["q75"] <= q["q95"]
                    assert q["certainty"] in {"high", "moderate", "low", "very_low", "none"}
        for day in days:
            shares = arm["visible"][day]
            assert sum(shares.values()) == pytest.approx(1, abs=1e-9)
        assert 0 <= arm["visible"]["first_day"]["never"] <= 1


def test_measured_spreads_wider_than_true() -> None:
    person = Person.load(EARLY_LOSS, TODAY)
    document = plan_document(make_plan(person, TODAY, Settings(draws=400)))
    arm = document["forecast"]["arms"][0]
    for outcome in OUTCOMES:
        true, measured = arm["outcomes"][outcome]["364"], arm["measured"][outcome]["364"]
        assert measured["q95"] - measured["q05"] > true["q95"] - true["q05"]


def test_every_available_pair_once(document: dict[str, Any]) -> None:
    forecast = document["forecast"]
    if not forecast["available"]:
        return
    available = [arm["id"] for arm in forecast["arms"] if arm["available"]]
    found = [frozenset((pair["a"], pair["b"])) for pair in forecast["pairs"]]
    assert sorted(map(sorted, found)) == sorted(map(sorted, combinations(available, 2)))
    for pair in forecast["pairs"]:
        assert 0 <= pair["probability_a_better"] <= 1
        assert isinstance(pair["day"], int)
        assert pair["basis"] in {"direct", "indirect", "prior_only"}


def test_every_cited_source_is_listed_and_every_listed_one_cited(document: dict[str, Any]) -> None:
    listed = [source["id"] for source in document["sources"]]
    assert len(listed) == len(set(listed))
    used = set(_cited({key: part for key, part in document.items() if key != "sources"}))
    assert used == set(listed)
    for source in document["sources"]:
        assert source["citation"]
        assert source["seen_as"] != "memory"


def _numbers(value: Any) -> list[float]:
    if isinstance(value, (dict, list)):
        parts = value.values() if isinstance(value, dict) else value
        return [number for part in parts for number in _numbers(part)]
    return [value] if isinstance(value, float) else []


def _cited(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = value.get("sources", [])
        return own + [name for part in value.values() for name in _cited(part)]
    if isinstance(value, list):
        return [name for part in value for name in _cited(part)]
    return []


def test_all_34_claims_with_reason_source_and_use(document: dict[str, Any]) -> None:
    assert [claim["id"] for claim in document["claims"]] == [f"C{n:02}" for n in range(1, 35)]
    for claim in document["claims"]:
        assert claim["because"]
        assert "article" in claim["sources"]
        for name in claim["used_by"]:
            module, _, attribute = name.rpartition(".")
            assert hasattr(import_module(module), attribute), name


def test_nobody_is_told_to_start_or_end_a_medicine(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False).lower()
    assert not [words for words in FORBIDDEN if words in text]


def test_no_verdict_is_better_than_its_answers(document: dict[str, Any]) -> None:
    missing = [f for f in document["candidacy"]["findings"] if f["kind"] == "missing"]
    assert not missing or document["candidacy"]["verdict"] in ("undetermined", "not_now")


def test_numbers_have_at_most_four_significant_digits(document: dict[str, Any]) -> None:
    for number in _numbers(document):
        assert float(f"{number:.4g}") == number


def test_same_input_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from anagen.person.schema import Person;"
        "from anagen.plan.build import make_plan; from anagen.plan.decide import Settings;"
        "from anagen.render.json import dump, plan_document;"
        "day = date(2026, 11, 22); person = Person.load(Path(sys.argv[1]), day);"
        "sys.stdout.write(dump(plan_document(make_plan(person, day, Settings(draws=120)))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(EXAMPLES[0])],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_another_seed_gives_another_forecast_and_the_same_decisions() -> None:
    person = Person.load(EARLY_LOSS, TODAY)
    one, two = (
        plan_document(make_plan(person, TODAY, Settings(seed=seed, draws=120))) for seed in (1, 2)
    )
    assert dump(one["forecast"]) != dump(two["forecast"])
    assert one["candidacy"] == two["candidacy"]
    assert one["quote"] == two["quote"]
