"""The whole plan as one frozen value; every page and file is a view of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from anagen.candidacy.model import ArmStanding, Verdict
from anagen.course.model import Course
from anagen.evidence.vocabulary import Standing
from anagen.forecasting.model import Forecast, NoForecast
from anagen.quote.model import Quote

SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Software:
    """What made the plan."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the program supplied because the file was silent, and what it does."""

    key: str
    value: Any
    effect: str


@dataclass(frozen=True, slots=True)
class RegulatoryEntry:
    """How one treatment stands with the regulator of the person's country."""

    status: Literal["approved", "not_approved", "restricted", "prohibited", "not_established"]
    as_of: date | None
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regulatory:
    """Regulatory status in one country; shown first, and never switched off."""

    country: str
    treatments: Mapping[str, RegulatoryEntry]


@dataclass(frozen=True, slots=True)
class ComparisonCell:
    """What one comparison row says of one arm."""

    text: str
    standing: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One question, answered for each arm."""

    id: str
    text: str
    by_arm: Mapping[str, ComparisonCell]


@dataclass(frozen=True, slots=True)
class Point:
    """One pro or con of the wished arm for this person."""

    id: str
    text: str
    standing: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side, and pros beside cons."""

    rows: tuple[ComparisonRow, ...]
    pros: tuple[Point, ...]
    cons: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Frequency:
    """Between `low` and `high` people in `per` people."""

    low: float
    high: float
    per: int


@dataclass(frozen=True, slots=True)
class HarmView:
    """One harm of one arm."""

    arm: str
    event: str
    frequency: Frequency | Literal["not_established", "not_studied"]
    seriousness: str
    when_to_seek_help: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question to take to the clinic."""

    id: str
    text: str
    why: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One of the article's statements, and where it stands."""

    id: str
    says: str
    standing: Standing
    because: str
    sources: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A work that the plan cites: the primary work, and how its content was seen."""

    id: str
    citation: str
    year: int | None
    url: str | None
    doi: str | None
    kind: str
    seen_as: str
    seen_via: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A part that is missing or weak, and why."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that anagen can say to one person, with who says so."""

    schema_version: str
    made_on: date
    mode: Literal["person", "clinician"]
    software: Software
    evidence_release: str
    posterior_release: str
    person: Mapping[str, Any]
    assumed: tuple[Assumption, ...]
    regulatory: Regulatory
    candidacy: Verdict
    arms: tuple[ArmStanding, ...]
    course: Course | None
    quote: Quote | None
    forecast: Forecast | NoForecast
    comparison: Comparison
    harms: tuple[HarmView, ...]
    questions_to_ask: tuple[Question, ...]
    claims: tuple[ClaimView, ...]
    sources: tuple[SourceView, ...]
    limits: tuple[Limit, ...]

    def why(self, claim_id: str) -> ClaimView:
        """The claim, its standing, its sources and what uses it.

        Raises:
            KeyError: no claim has that id.
        """
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise KeyError(claim_id)
