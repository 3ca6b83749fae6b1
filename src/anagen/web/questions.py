"""What the flow asks, on which screen and in which words: tables, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from anagen.evidence import Evidence, load_evidence
from anagen.evidence.schema import Record, Text
from anagen.reading import InputError, read_table
from anagen.wording import marked

Words = Annotated[str, Field(min_length=1)]

DATA: Final = Path(__file__).parent / "data"
_INDEX: Final = re.compile(r"\.\d+(?=\.)")


class ShownIf(Record):
    """Shown only where an earlier answer is one of these, or where it has an answer already."""

    path: str
    is_: tuple[str, ...] = Field(alias="is", min_length=1)

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Whether the earlier answer asks for it."""
        return fields.get(self.path, "") in self.is_


class Choice(Record):
    """One answer to choose; the empty value leaves the key out of the person file."""

    value: str
    label: Words
    help: Text | None = None
    shown_if: ShownIf | None = None


class Question(Record):
    """One key of the person file, and how it is asked for."""

    path: str
    screen: str
    kind: Literal[
        "text", "number", "date", "choice", "many", "answer", "country", "currency", "medicine"
    ]
    label: str = ""
    """What is asked; a health question without one takes the question of its safety rule."""
    help: Text | None = None
    error: str = marked("Choose one of the answers.")
    """What is allowed, said where the answer is not."""
    required: bool = False
    number: bool = False
    """Whether a chosen value is a number in the person file."""
    width: Literal["full", "short"] = "full"
    group: Text | None = None
    shown_if: ShownIf | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether its value in the person file is a number."""
        return self.number or self.kind == "number"


class Screen(Record):
    """One screen: one topic. `repeats` names the list of the person file that it fills."""

    id: str
    title: Text
    lead: Text
    repeats: str | None = None
    each: Text | None = None
    add: Text | None = None


ANSWERS: Final = (
    Choice(value="no", label=marked("No")),
    Choice(value="yes", label=marked("Yes")),
    Choice(value="unknown", label=marked("I don't know")),
)


@dataclass(frozen=True, slots=True)
class Flow:
    """All screens in their order, and all questions by the key of the person file."""

    screens: tuple[Screen, ...]
    questions: Mapping[str, Question]

    def screen(self, name: str) -> Screen:
        """A screen by its id.

        Raises:
            KeyError: there is none of that name.
        """
        return self.screens[self.number(name) - 1]

    def number(self, name: str) -> int:
        """Which screen it is, from 1.

        Raises:
            KeyError: there is none of that name.
        """
        for number, screen in enumerate(self.screens, start=1):
            if screen.id == name:
                return number
        raise KeyError(name)

    def on(self, screen: str) -> tuple[Question, ...]:
        """The questions of one screen, in their order."""
        return tuple(one for one in self.questions.values() if one.screen == screen)

    def question(self, field: str) -> Question | None:
        """The question that a field such as `measurements.0.date` answers, if any."""
        return self.questions.get(_INDEX.sub("[]", field))


@cache
def load_flow() -> Flow:
    """The packaged questions.

    Raises:
        InputError: a file breaks its schema, or a question names a screen that is none.
        StopIteration: a health question has no safety rule to take its words from.
    """
    screens = tuple(read_table([DATA / "screens.yaml"], "screens", Screen).records.values())
    table = read_table([DATA / "questions.yaml"], "questions", Question, ident="path")
    evidence = load_evidence()
    questions = {path: _worded(one, evidence) for path, one in table.records.items()}
    names = {screen.id for screen in screens}
    if strays := [
        table.problem(path, ("screen",), f"'{one.screen}' is not a screen")
        for path, one in questions.items()
        if one.screen not in names
    ]:
        raise InputError(strays)
    return Flow(screens, questions)


def _worded(question: Question, evidence: Evidence) -> Question:
    if question.kind != "answer":
        return question
    key = question.path.rpartition(".")[2]
    label = next(rule.question for rule in evidence.rules.values() if rule.key == key)
    return question.model_copy(update={"label": label, "choices": ANSWERS})
