"""A screen of the flow arranged for its template: what is asked, what was answered, what is wrong.

Nothing is decided here; whether an answer fits is `anagen.web.answers`' to say.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from anagen.catalogue import load_catalogue
from anagen.person.countries import COUNTRY_CODES
from anagen.treatment.arms import parse_arm
from anagen.web.answers import FieldProblem, Fields, rows_of
from anagen.web.questions import Choice, Flow, Question, Screen, load_flow
from anagen.wording import wording_of

EMPTY_ROWS = {"medicines": 3, "measurements": 1, "treatments_received": 1}
"""How many empty entries a list shows below those that are filled in."""


@dataclass(frozen=True, slots=True)
class Control:
    """One question as it stands on the page.

    Attributes:
        name: the form field.
        question: what is asked.
        value: what was answered, as typed.
        asked: whether it was answered at all, if only with "I don't know".
        choices: what can be chosen; a chosen value that is none of the usual ones is kept.
        error: what is wrong with the answer.
    """

    name: str
    question: Question
    value: str
    asked: bool
    choices: tuple[Choice, ...]
    error: str | None

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return html_id(self.name)

    @property
    def ticked(self) -> tuple[str, ...]:
        """What is ticked, where several can be."""
        return tuple(self.value.split("+")) if self.value else ()


@dataclass(frozen=True, slots=True)
class Group:
    """Controls under one heading, or under none."""

    title: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer on the check screen.

    Attributes:
        label: what was asked.
        value: the answer in words; empty where there is none.
        needed: whether nothing can be judged without it.
    """

    label: str
    value: str
    needed: bool


def html_id(field: str) -> str:
    """The id in the page of a field's control."""
    return "f-" + field.replace(".", "-").replace("_", "-")


def groups_of(
    screen: Screen, fields: Fields, problems: Iterable[FieldProblem], more: int = 0
) -> tuple[Group, ...]:
    """The controls of a screen, grouped; a list has a group for each entry.

    Args:
        screen: which one.
        fields: the answers so far.
        problems: what is wrong with them.
        more: how many empty entries to add to a list.
    """
    errors = {problem.field: problem.text for problem in problems}
    questions = load_flow().on(screen.id)
    single = [one for one in questions if "[]" not in one.path]
    listed = [one for one in questions if "[]" in one.path]
    controls = [
        _control(one.path, one, fields, errors) for one in single if _shown(one, fields, errors)
    ]
    found = [
        Group(title, tuple(members))
        for title, members in groupby(controls, key=lambda one: one.question.group or "")
    ]
    if screen.repeats is not None:
        for row in _shown_rows(screen.repeats, fields, more):
            names = {one: one.path.replace("[]", f".{row}") for one in listed}
            found.append(
                Group(
                    str(row + 1),
                    tuple(_control(name, one, fields, errors) for one, name in names.items()),
                )
            )
    return tuple(found)


def names_on(screen: Screen, fields: Fields, more: int = 0) -> set[str]:
    """The fields that a screen shows, so that no hidden field repeats them."""
    groups = groups_of(screen, fields, (), more)
    return {control.name for group in groups for control in group.controls}


def _shown_rows(name: str, fields: Fields, more: int) -> tuple[int, ...]:
    filled = rows_of(name, fields)
    last = filled[-1] if filled else -1
    empty = EMPTY_ROWS[name] if not filled else more
    if name == "medicines":
        empty = max(empty, 1)
    return (*filled, *range(last + 1, last + 1 + empty))


def _shown(question: Question, fields: Fields, errors: Mapping[str, str]) -> bool:
    rule = question.shown_if
    return (
        rule is None
        or rule.holds(fields)
        or question.path in errors
        or bool(fields.get(question.path))
    )


def _control(name: str, question: Question, fields: Fields, errors: Mapping[str, str]) -> Control:
    value = fields.get(name, "")
    choices = tuple(
        choice
        for choice in question.choices
        if choice.shown_if is None or choice.shown_if.holds(fields) or choice.value == value
    )
    known = {choice.value for choice in question.choices}
    if question.kind == "choice" and value and value not in known:
        choices = (*choices, Choice(value=value, label=value))
    return Control(name, question, value, name in fields, choices, errors.get(name))


def answered(flow: Flow, screen: Screen, fields: Fields, language: str) -> tuple[Told, ...]:
    """The answers of a screen in words, unanswered ones included."""
    return tuple(
        Told(_label(group, control, screen, language), *_said(control, language))
        for group in groups_of(flow.screen(screen.id), fields, ())
        for control in group.controls
        if "[]" not in control.question.path or control.value
    )


def _label(group: Group, control: Control, screen: Screen, language: str) -> str:
    say = wording_of(language).say
    label = say(control.question.label)
    if "[]" not in control.question.path or screen.each is None:
        return label
    return f"{say(screen.each).format(number=group.title)}: {label}"


def _said(control: Control, language: str) -> tuple[str, bool]:
    say, question = wording_of(language).say, control.question
    needed = question.required or question.kind == "answer" or question.path == "medicines"
    if not control.value:
        return "", needed
    if question.kind == "country":
        return country_names(language).get(control.value, control.value), False
    labels = {choice.value: say(choice.label) for choice in question.choices}
    parts = control.ticked if question.kind == "many" else (control.value,)
    open_answer = control.value == "unknown" and needed
    return ", ".join(labels.get(part, part) for part in parts), open_answer


@cache
def country_names(language: str) -> Mapping[str, str]:
    """Every country by its code, in a language and in that language's order, more or less."""
    wording = wording_of(language)
    named = {code: wording.country(code) for code in COUNTRY_CODES}
    return dict(sorted(named.items(), key=lambda item: _plain(item[1])))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(sign for sign in folded if sign.isalnum())


@cache
def medicine_names() -> tuple[str, ...]:
    """Names to suggest while a medicine is typed."""
    found = {
        name
        for medicine in load_catalogue().medicines.values()
        for name in (medicine.label, *medicine.brands)
    }
    return tuple(sorted(found, key=_plain))


def arm_of(fields: Fields) -> str:
    """The option that is thought of, exosomes unless another is chosen."""
    try:
        return parse_arm(fields.get("wishes.arm") or "exosome").id
    except ValueError:
        return "exosome"
