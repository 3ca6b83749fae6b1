"""What the planner says, case by case. The cases are YAML that a clinician can read.

Runs each case of `cases/*.yaml` through the whole path, from a person file's bytes to the plan's
JSON document.
"""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from anagen.person.schema import Person
from anagen.plan.build import make_plan
from anagen.plan.decide import Settings
from anagen.reading import read_document
from anagen.render.json import plan_document

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in read_document(path).value["cases"]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['claim']}: {case['name']}")
def test_case(case: dict[str, Any]) -> None:
    person = merged(read_document(EXAMPLES / f"{case['from']}.yaml").value, case.get("change", {}))
    document = planned(json.dumps(person))
    for check in case["expect"]:
        found = at(document, check["at"])
        ((kind, wanted),) = ((k, v) for k, v in check.items() if k != "at")
        assert CHECKS[kind](found, wanted), f"{check['at']} {kind} {wanted!r}; found {found!r:.400}"


def test_every_claim_has_a_case() -> None:
    assert {case["claim"] for case in CASES} == {f"C{number:02}" for number in range(1, 35)}


@cache
def planned(person: str) -> dict[str, Any]:
    plan = make_plan(Person.parse(person.encode(), "case", TODAY), TODAY, Settings(draws=200))
    return plan_document(plan)


def merged(base: Any, change: Any) -> Any:
    if isinstance(base, dict) and isinstance(change, dict):
        return base | {key: merged(base.get(key), value) for key, value in change.items()}
    return change


def at(document: Any, path: str) -> Any:
    """Follow a dotted path; `[*]` spreads a list, `[key=value,…]` filters it."""
    found, many = [document], False
    for step in re.findall(r"\[[^]]+\]|[^.\[\]]+", path):
        if step == "[*]":
            found, many = [item for one in found for item in one], True
        elif step.startswith("["):
            wanted = dict(pair.split("=") for pair in step[1:-1].split(","))
            found = [
                item
                for one in found
                for item in one
                if all(item[key] == value for key, value in wanted.items())
            ]
            assert found, f"{path}: nothing where {step}"
        else:
            found = [one[step] for one in found]
    return found if many else found[0]


CHECKS = {
    "is": lambda found, wanted: found == wanted,
    "has": lambda found, wanted: wanted in found,
    "lacks": lambda found, wanted: wanted not in found,
    "mentions": lambda found, wanted: (
        wanted.lower() in json.dumps(found, ensure_ascii=False).lower()
    ),
    "never_mentions": lambda found, wanted: wanted not in json.dumps(found).lower(),
    "at_least": lambda found, wanted: found >= wanted,
    "at_most": lambda found, wanted: found <= wanted,
    "count_at_least": lambda found, wanted: len(found) >= wanted,
}
