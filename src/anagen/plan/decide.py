"""What is decided for one person before any forecast: status, verdict, dates and price."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from anagen.candidacy.judge import judge, prohibited
from anagen.candidacy.model import Verdict
from anagen.catalogue import Catalogue, load_catalogue
from anagen.catalogue.regulators import regulatory_status as status_in
from anagen.course.model import Course
from anagen.evidence import Evidence, load_evidence
from anagen.person.schema import Person
from anagen.plan.model import Limit, Regulatory, RegulatoryEntry
from anagen.plan.requests import course_of, quote_of
from anagen.plan.wished import Wished, complete_wish
from anagen.quote.model import Quote
from anagen.quote.money import Rate
from anagen.quote.price_list import PriceList
from anagen.wording import Phrase, joined, listed

Mode = Literal["person", "clinician"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to make a plan, beside the person and the day.

    Attributes:
        seed: seed of every random draw.
        draws: parameter draws behind each distribution, at least 100.
        mode: who reads it.
        prices: a clinic's own price list, for a definite quote.
        rate: the one exchange rate that may be used.
    """

    seed: int = 1
    draws: int = 1000
    mode: Mode = "person"
    prices: PriceList | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """The parts of a plan that need no forecast; without a course, `limits` says why."""

    made_on: date
    person: Mapping[str, Any]
    regulatory: Regulatory
    candidacy: Verdict
    course: Course | None
    quote: Quote | None
    limits: tuple[Limit, ...]


def decide(
    person: Person,
    today: date,
    settings: Settings | None = None,
    *,
    evidence: Evidence | None = None,
    catalogue: Catalogue | None = None,
) -> Decisions:
    """Judge the wished arm, and date and price it unless something speaks against it now.

    Args:
        person: the checked person file.
        today: the day that counts as today.
        settings: prices and rate are read.
        evidence: the packaged evidence unless given.
        catalogue: the packaged catalogue unless given.

    Raises:
        InputError: a date of the person does not fit today.
    """
    settings = settings or Settings()
    evidence = evidence or load_evidence()
    catalogue = catalogue or load_catalogue()
    person = person.as_of(today)
    wished, _ = complete_wish(person, today)
    verdict = judge(person, wished.arm, evidence, catalogue)
    blocked = _blocked(person, wished, verdict, catalogue)
    return Decisions(
        made_on=today,
        person=person.model_dump(mode="json"),
        regulatory=regulatory_status(person, wished, catalogue),
        candidacy=verdict,
        course=None if blocked else course_of(person, wished, catalogue),
        quote=None
        if blocked
        else quote_of(person, wished, catalogue, settings.prices, settings.rate),
        limits=tuple(Limit(part, blocked) for part in ("course", "quote") if blocked),
    )


def regulatory_status(person: Person, wished: Wished, catalogue: Catalogue) -> Regulatory:
    """How each treatment stands in the person's country, by the wished route.

    Claims: C11, C18.
    """
    entries = {}
    for treatment in ("exosome", "prp", "minoxidil", "finasteride"):
        entry = status_in(catalogue, person.country, treatment, wished.route)
        entries[treatment] = RegulatoryEntry(entry.status, entry.as_of, entry.text, entry.sources)
    return Regulatory(person.country, entries)


def _blocked(person: Person, wished: Wished, verdict: Verdict, catalogue: Catalogue) -> str | None:
    """Why the plan holds no dates and no price, if it must hold none."""
    if verdict.verdict == "not_now":
        reasons = joined(f.text for f in verdict.findings if f.kind == "contraindication")
        return Phrase(
            "No dates and no price are given, because of this answer: {reasons}", reasons=reasons
        )
    if banned := prohibited(person, wished.arm, catalogue):
        return Phrase(
            "No dates and no price are given: {names} by this route is prohibited here.",
            names=listed(Phrase(name) for name in banned),
        )
    return None
