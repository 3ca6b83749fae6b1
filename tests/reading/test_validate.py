"""From a document to a checked value: every problem at once, in words, on its line."""

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from anagen.reading import InputError, nearest, parse_document, read_table, validate


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Scale(Enum):
    LUDWIG = "ludwig"
    NORWOOD = "norwood_hamilton"


class Visit(Closed):
    on: date
    density: float = Field(gt=0, le=500)


class Sample(Closed):
    age: int = Field(ge=0, le=110, description="age in years")
    sex: Literal["male", "female"] | None = None
    scale: Scale | None = None
    pregnant: bool | None = None
    label: str | None = None
    visits: tuple[Visit, ...] = ()

    @field_validator("label")
    @classmethod
    def _short(cls, label: str | None) -> str | None:
        if label == "long":
            raise ValueError("must be short")
        return label


def checked(text: str) -> Sample:
    return validate(parse_document(text.encode(), "p.yaml"), Sample)


def told(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        checked(text)
    return str(caught.value).splitlines()


def test_a_valid_document_becomes_a_value() -> None:
    sample = checked("age: 34\nscale: ludwig\nvisits:\n  - {on: 2026-11-01, density: 120}\n")
    assert sample.scale is Scale.LUDWIG
    assert sample.visits == (Visit(on=date(2026, 11, 1), density=120.0),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("age: '34'", "p.yaml:1: age: is '34'; it must be a whole number"),
        ("age: true", "p.yaml:1: age: is true; it must be a whole number"),
        ("age: 3.5", "p.yaml:1: age: is 3.5; it must be a whole number"),
        ("age: .nan", "p.yaml:1: age: is nan; it must be a whole number"),
        ("age:", "p.yaml:1: age: is empty; it must be a whole number"),
        ("age: 111", "p.yaml:1: age: is 111; it must be at most 110"),
        ("age: -1", "p.yaml:1: age: is -1; it must be at least 0"),
        ("age: " + "9" * 300, "it must be at most 110"),
        ("age: [1]", "p.yaml:1: age: is a list; it must be a whole number"),
        ("sex: male", "p.yaml:1: age: is missing and required: age in years"),
        ("age: 1\nsex: femal", "is 'femal'; did you mean `female`? allowed: male, female"),
        ("age: 1\nscale: ludwik", "is 'ludwik'; did you mean `ludwig`? allowed: ludwig, norwood"),
        ("age: 1\nsex: 1", "p.yaml:2: sex: is 1; allowed: male, female"),
        ("age: 1\npregnant: no", "p.yaml:2: pregnant: is 'no'; it must be true or false"),
        ("age: 1\nlabel: long", "p.yaml:2: label: must be short"),
        ("age: 1\nlabel: 5", "p.yaml:2: label: is 5; it must be text"),
        ("age: 1\nlable: a", "p.yaml:2: lable: unknown key; did you mean `label`? allowed: age, "),
        ("age: 1\nvisits: {}", "p.yaml:2: visits: is a block of keys; it must be a list"),
        ("age: 1\nvisits: [1]", "p.yaml:2: visits[0]: is 1; it must be a block of keys"),
        ("age: 1\nvisits:\n- {on: 2026-11-01}", "p.yaml:3: visits[0].density: is missing"),
        ("- 1", "p.yaml:1: is a list; it must be a block of keys"),
        ("# nothing", "p.yaml: is empty; it must be a block of keys"),
    ],
)
def test_one_problem_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    said = told(text)
    assert len(said) == 1
    assert sentence in said[0]


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "true", "'1'", "1e999", "0", "501"])
def test_only_finite_numbers_inside_the_bounds_pass(number: str) -> None:
    said = told(f"age: 1\nvisits:\n- {{on: 2026-11-01, density: {number}}}")
    assert len(said) == 1
    assert said[0].startswith("p.yaml:3: visits[0].density: is ")


@pytest.mark.parametrize("day", ["2026-02-30", "01/11/2026", "yesterday", "2026-11-01T10:00"])
def test_a_date_must_exist(day: str) -> None:
    said = told(f"age: 1\nvisits:\n- {{on: '{day}', density: 1}}")
    assert said == [
        f"p.yaml:3: visits[0].on: is '{day}'; it must be a date that exists, written YYYY-MM-DD"
    ]


def test_all_problems_are_told_at_once() -> None:
    said = told("age: x\nsex: other\nvisits:\n- {on: 1, density: -1}\nunknown: 1\n")
    assert [line.split(": ")[1] for line in said] == [
        "age",
        "sex",
        "visits[0].on",
        "visits[0].density",
        "unknown",
    ]


def test_what_was_given_is_shown_short_and_on_one_line() -> None:
    said = told('age: "first\\nsecond\\e[31m' + "x" * 100 + '"')
    assert len(said) == 1
    assert said[0].isprintable()
    assert "'first second [31m" in said[0]
    assert "...'" in said[0]
    (said_of_key,) = told('age: 1\n"a\\nb\\e": 1')
    assert said_of_key.startswith("p.yaml:2: a b : unknown key")


@pytest.mark.parametrize(
    ("word", "found"), [("femal", "female"), ("MALE", "male"), ("zebra", None), ("", None)]
)
def test_nearest_suggests_only_what_is_close(word: str, found: str | None) -> None:
    assert nearest(word, ["male", "female"]) == found


class Item(Closed):
    id: str
    size: int


def table(folder: Path, **files: str) -> Any:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return read_table(folder.glob("*.yaml"), "items", Item)


def test_a_table_gathers_the_records_of_all_files(tmp_path: Path) -> None:
    found = table(tmp_path, b="items: [{id: y, size: 2}]", a="items:\n- {id: x, size: 1}")
    assert list(found.records) == ["x", "y"]
    assert str(found.problem("x", ("size",), "is odd")) == f"{tmp_path}/a.yaml:2: x: size: is odd"


def test_a_table_tells_the_problems_of_every_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        table(
            tmp_path,
            a="items: [{id: x, size: 1}]",
            b="items:\n- {id: z, size: big}",
            c="items:\n- {id: x, size: 1}",
            d="itmes: []",
        )
    said = str(caught.value)
    assert "b.yaml:2: items[0].size: is 'big'; it must be a whole number" in said
    assert f"c.yaml:2: items[0]: id 'x' is given twice, first in {tmp_path}/a.yaml:1" in said
    assert "d.yaml:1: items: is missing and required" in said
    assert "d.yaml:1: itmes: unknown key; did you mean `items`? allowed: items" in said
