"""The fields of a form and the person file: the same answers, written in two ways.

A field is named by its key in the person file, such as `wishes.budget.amount` or
`measurements.0.date`, and its value is text as it was typed. What is empty is left out of the
document. What can't be a number stays text, so that nothing typed is lost and the person file's own
checks refuse it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from anagen.person.schema import Person
from anagen.reading import Document, InputError, Problem
from anagen.web.questions import Question, load_flow
from anagen.wording import marked

Fields = Mapping[str, str]

NAME: Final = "answers"
STAGE: Final = "stage"
MEDICINES: Final = "medicines"
BUDGET: Final = "wishes.budget.amount"
EMPTY_ROW: Final = marked("Give at least one number for this count, or leave all of it empty.")
PLACEHOLDERS: Final[Mapping[str, Any]] = {
    "age": 110,
    "sex": "female",
    "country": "TR",
    "diagnosis": "unknown",
}
"""Stand for required answers that are missing, so that the rest can be checked."""

_INT: Final = re.compile(r"[+-]?\d{1,15}")
_DECIMAL: Final = re.compile(r"[+-]?\d{0,15}[.,]\d{1,400}")
_THOUSANDS: Final = re.compile(r"\d{1,3}([.,]\d{3})+")
_ROW: Final = re.compile(r"(?P<list>[a-z_]+)\.(?P<row>\d{1,3})\.(?P<key>[a-z_0-9]+)")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field, in words for the person; `field` is empty for the whole."""

    field: str
    text: str
    screen: str | None


def document_of(fields: Fields) -> dict[str, Any]:
    """The person file that these fields say; what is empty is left out."""
    document: dict[str, Any] = {}
    for path, question in load_flow().questions.items():
        if path == MEDICINES:
            if fields.get(path) == "none" and not rows_of(path, fields):
                document[path] = []
        elif "[]" in path:
            name = path.partition("[]")[0]
            if name not in document and (rows := _rows(name, fields)):
                document[name] = rows
        elif fields.get(path, "").strip():
            _put(document, path, _value(question, fields[path]))
    return document


def fields_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The fields that say a person file, as a form carries them."""
    fields = dict(_flat(document, ""))
    if STAGE in document:
        scale, grade = fields.pop("stage.scale"), fields.pop("stage.grade")
        fields[STAGE] = f"{scale}/{grade}"
    if MEDICINES in document:
        fields[MEDICINES] = "some" if document[MEDICINES] else "none"
    return fields


def plain_document(person: Person) -> dict[str, Any]:
    """A checked person as the shortest person file that says the same."""
    told = person.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return document_of(fields_of(told))


def problems_of(fields: Fields, today: date, screen: str | None = None) -> tuple[FieldProblem, ...]:
    """What is wrong with the answers, each at its field, in the order of the screens.

    Args:
        fields: the answers.
        today: the day against which dates are checked.
        screen: only what this screen asks for; by default all of it.
    """
    document = document_of(fields)
    found = [*_web_problems(fields)]
    # Twice: a check of two answers together runs only where no required one is missing.
    for tried in (document, {**PLACEHOLDERS, **document}):
        try:
            Person.of(Document(NAME, tried), today)
        except InputError as error:
            found += [_at_field(problem, fields) for problem in error.problems]
    by_field: dict[str, FieldProblem] = {}
    for problem in found:
        if screen is None or problem.screen == screen:
            by_field.setdefault(problem.field, problem)
    order = list(load_flow().questions)
    return tuple(sorted(by_field.values(), key=lambda one: _place(one.field, order)))


def missing_required(fields: Fields) -> tuple[Question, ...]:
    """Required questions that have no answer yet."""
    return tuple(
        question
        for path, question in load_flow().questions.items()
        if question.required and not fields.get(path, "").strip()
    )


def rows_of(name: str, fields: Fields) -> tuple[int, ...]:
    """The rows of a list that hold anything, by their numbers in the form."""
    found = {
        int(match["row"])
        for field, value in fields.items()
        if (match := _ROW.fullmatch(field)) and match["list"] == name and value.strip()
    }
    return tuple(sorted(found))


def _rows(name: str, fields: Fields) -> list[dict[str, Any]]:
    asked = {
        path.partition("[].")[2]: question
        for path, question in load_flow().questions.items()
        if path.startswith(f"{name}[].")
    }
    return [
        {
            key: _value(question, value)
            for key, question in asked.items()
            if (value := fields.get(f"{name}.{row}.{key}", "")).strip()
        }
        for row in rows_of(name, fields)
    ]


def _value(question: Question, text: str) -> Any:
    if question.path == STAGE:
        scale, _, grade = text.partition("/")
        return {"scale": scale, "grade": grade}
    if question.is_number:
        return _number(text)
    if question.kind == "currency":
        return text.strip().upper()
    return text


def _number(text: str) -> int | float | str:
    """A number as people write it; a comma may stand for the point."""
    plain = text.strip()
    if _INT.fullmatch(plain):
        return int(plain)
    if _DECIMAL.fullmatch(plain):
        return float(plain.replace(",", "."))
    return text


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        document = document.setdefault(parent, {})
    document[last] = value


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for row, item in enumerate(value):
            yield from _flat(item, f"{name}.{row}")
    elif isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        yield name, text.rstrip("0").rstrip(".") if "." in text else text
    elif value is not None:
        yield name, str(value)


def _web_problems(fields: Fields) -> Iterable[FieldProblem]:
    """What only a form can get wrong: its person file would be silent on it."""
    named = bool(rows_of(MEDICINES, fields))
    said = fields.get(MEDICINES, "")
    if (said == "some" and not named) or (said == "none" and named):
        yield _problem(MEDICINES)
    if _THOUSANDS.fullmatch(fields.get(BUDGET, "").strip()):
        yield _problem(BUDGET)


def _problem(field: str, text: str | None = None) -> FieldProblem:
    question = load_flow().question(field)
    if question is None:
        return FieldProblem("", text or field, None)
    return FieldProblem(field, text or question.error, question.screen)


def _at_field(problem: Problem, fields: Fields) -> FieldProblem:
    """A problem of the person file, at the field of the form that it is about."""
    place = problem.place.replace("[", ".").replace("]", "")
    if place.startswith("stage"):
        return _problem(STAGE)
    if place == "wishes.budget":
        return _problem(BUDGET)
    if place == "":
        about = "years_since_onset" if "years_since_onset" in problem.text else ""
        return _problem(about, None if about else problem.text)
    if re.fullmatch(r"measurements\.\d+", place):
        return _in_count(int(place.rpartition(".")[2]), problem, fields)
    if match := _ROW.fullmatch(place):
        shown = rows_of(match["list"], fields)[int(match["row"])]
        place = f"{match['list']}.{shown}.{match['key']}"
    found = _problem(place)
    return found if found.field else FieldProblem("", problem.told, None)


def _in_count(row: int, problem: Problem, fields: Fields) -> FieldProblem:
    shown = rows_of("measurements", fields)[row]
    if problem.text.startswith("holds no measured value"):
        return _problem(f"measurements.{shown}.total_density_per_cm2", EMPTY_ROW)
    return _problem(f"measurements.{shown}.terminal_density_per_cm2")


def _place(field: str, order: list[str]) -> tuple[int, str]:
    question = load_flow().question(field)
    return (order.index(question.path) if question else -1, field)
