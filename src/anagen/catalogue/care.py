"""Care around a course: steps, look-backs, urgent signs, notes on medicines, and flags."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from anagen.catalogue.references import checked_tables
from anagen.catalogue.schema import MedicineClass
from anagen.evidence.load import Evidence
from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Component
from anagen.reading import Problem, Table

Situation = Literal["unrecognised", "unanswered", "starting_minoxidil", "starting_finasteride"]
"""What a note may be about when it is not about a class of medicine in use."""


class CareStep(Record):
    """One line of preparation or aftercare; `basis` says whose word it is, or why we say it."""

    id: Id
    stage: Literal["preparation", "aftercare"]
    components: tuple[Component, ...] = Field(min_length=1)
    text: Text
    basis: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()


class LookBack(Record):
    """When to look back and at what.

    `days_after` counts from the last session, or from the start for an arm without sessions.
    """

    id: Id
    days_after: int = Field(ge=1, le=1830)
    components: tuple[Component | Literal["none"], ...] = Field(min_length=1)
    text: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()


class UrgentEntry(Record):
    """A sign that needs help at once."""

    id: Id
    components: tuple[Component, ...] = Field(min_length=1)
    text: Text
    action: Text
    sources: tuple[Id, ...] = Field(min_length=1)


class MedicineNote(Record):
    """What to say of the medicines of some classes.

    Attributes:
        concerns: whether it matters for every arm or only where the skin is broken.
        before_first_session: the question belongs before that day.
        days_after_last_session: how long the wait lasts that the article suggests.
        label: what to call it where no medicine in use gives a name.
    """

    id: Id
    classes: tuple[MedicineClass | Situation, ...] = Field(min_length=1)
    concerns: Literal["every_arm", "injected_arms"]
    action: Literal["no_change_suggested", "ask_prescriber", "article_suggests_waiting"]
    before_first_session: bool = False
    days_after_last_session: int | None = Field(default=None, ge=1)
    label: Text | None = None
    text: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _waiting_has_a_length(self) -> Self:
        waits = self.action == "article_suggests_waiting"
        if waits != (self.days_after_last_session is not None):
            raise ValueError("a wait, and nothing else, needs days_after_last_session")
        return self


class FlagEntry(Record):
    """Something to say about a wished course, and when: always, or outside `fewest` to `most`."""

    id: Id
    components: tuple[Component, ...] = Field(min_length=1)
    applies: Literal["always", "sessions_outside", "interval_outside"]
    fewest: int | None = Field(default=None, ge=1)
    most: int | None = Field(default=None, ge=1)
    text: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_its_bounds(self) -> Self:
        if (self.applies == "always") != (self.fewest is None and self.most is None):
            raise ValueError("fewest and most belong to a flag that applies outside them")
        if self.applies != "always" and (self.fewest is None or self.most is None):
            raise ValueError("needs both fewest and most")
        return self

    def outside(self, count: int) -> bool:
        """Whether `count` lies outside the usual range."""
        return not (self.fewest or count) <= count <= (self.most or count)


@dataclass(frozen=True, slots=True)
class Care:
    """Everything around a course, each table by id in the order of its file."""

    steps: Mapping[str, CareStep]
    follow_up: Mapping[str, LookBack]
    urgent: Mapping[str, UrgentEntry]
    medicines: Mapping[str, MedicineNote]
    flags: Mapping[str, FlagEntry]

    def note(self, about: str) -> MedicineNote:
        """The note on that class of medicine or situation.

        Raises:
            KeyError: no note has it; loading makes sure that every one has its note.
        """
        for note in self.medicines.values():
            if about in note.classes:
                return note
        raise KeyError(about)


_TABLES: dict[str, tuple[str, type[Record]]] = {
    "steps": ("care.yaml", CareStep),
    "follow_up": ("care_follow_up.yaml", LookBack),
    "urgent": ("care_urgent.yaml", UrgentEntry),
    "medicines": ("care_medicines.yaml", MedicineNote),
    "flags": ("care_flags.yaml", FlagEntry),
}


def load_care(folder: Path, evidence: Evidence) -> Care:
    """Read the care files of a catalogue folder and check them against the evidence.

    Raises:
        InputError: every malformed record, unknown source or claim, and every class of medicine
            without a note or with two, at once.
    """
    files = {name: (folder / file, model) for name, (file, model) in _TABLES.items()}
    one_note_each = partial(_one_note_each, str(files["medicines"][0]))
    return Care(**checked_tables(files, evidence, {"medicines": one_note_each}))


def _one_note_each(file: str, table: Table[MedicineNote]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, note in table.records.items():
        for about in note.classes:
            owner = owners.setdefault(about, name)
            if owner != name:
                yield table.problem(name, ("classes",), f"'{about}' has a note already: {owner}")
    for about in (*get_args(MedicineClass), *get_args(Situation)):
        if about not in owners:
            yield Problem(file, None, "medicines", f"'{about}' has no note; add it to one")
