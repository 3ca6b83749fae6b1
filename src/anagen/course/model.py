"""What a course consists of: dated sessions, and everything around them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

MedicineAction = Literal["no_change_suggested", "ask_prescriber", "article_suggests_waiting"]


@dataclass(frozen=True, slots=True)
class Session:
    """One visit. `minutes` is the longest that the article says a session lasts."""

    number: int
    date: date
    minutes: int
    what: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of preparation or aftercare, with whose word it is."""

    id: str
    text: str
    basis: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MedicineStep:
    """What concerns one medicine around the course; never an order to change it."""

    name: str
    label: str
    action: MedicineAction
    text: str
    from_: date | None
    until: date | None
    ask_prescriber: bool
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One dated look-back after the last session, and what to look for."""

    id: str
    date: date
    text: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UrgentSign:
    """A sign that needs help at once."""

    id: str
    text: str
    action: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about the wished course that differs from what was described or studied."""

    id: str
    text: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The whole course of one arm."""

    arm: str
    route: str | None
    sessions: tuple[Session, ...]
    preparation: tuple[Step, ...]
    aftercare: tuple[Step, ...]
    medicines: tuple[MedicineStep, ...]
    follow_up: tuple[FollowUp, ...]
    urgent_signs: tuple[UrgentSign, ...]
    flags: tuple[Flag, ...]
