"""Composes one plan out of the rooms below; decides nothing itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from anagen import __version__
from anagen.candidacy.judge import judge, prohibited, standing_of_arm
from anagen.candidacy.model import Verdict
from anagen.catalogue import Catalogue, load_catalogue
from anagen.catalogue.regulators import regulatory_status as status_in
from anagen.evidence import Evidence, load_evidence
from anagen.forecasting.build import make_forecast
from anagen.forecasting.model import Forecast, NoForecast
from anagen.person.schema import Person
from anagen.plan.citations import cited, views
from anagen.plan.comparison import comparison
from anagen.plan.harms import harms_by_arm
from anagen.plan.model import (
    SCHEMA_VERSION,
    ClaimView,
    Limit,
    Plan,
    Question,
    Regulatory,
    RegulatoryEntry,
    Software,
)
from anagen.plan.requests import course_of, forecast_request, quote_of
from anagen.plan.wished import Wished, complete_wish
from anagen.posterior.release import prior_release
from anagen.quote.money import Rate
from anagen.quote.price_list import PriceList
from anagen.treatment.arms import parse_arm

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


def make_plan(
    person: Person,
    today: date,
    settings: Settings | None = None,
    *,
    evidence: Evidence | None = None,
    catalogue: Catalogue | None = None,
) -> Plan:
    """Make the whole plan of one person.

    Args:
        person: the checked person file.
        today: the day that counts as today; the clock is never read here.
        settings: seed, draws, mode, prices, rate.
        evidence: the packaged evidence unless given.
        catalogue: the packaged catalogue unless given.

    Raises:
        InputError: a date of the person does not fit today.

    The same person, day, settings and data give the same plan on any machine.
    """
    settings = settings or Settings()
    evidence = evidence or load_evidence()
    catalogue = catalogue or load_catalogue()
    person = person.as_of(today)
    wished, assumed = complete_wish(person, today)
    verdict = judge(person, wished.arm, evidence, catalogue)
    arms = tuple(
        standing_of_arm(person, parse_arm(arm), evidence, catalogue) for arm in wished.arms
    )
    blocked = _blocked(person, wished, verdict, catalogue)
    course = None if blocked else course_of(person, wished, catalogue)
    quote = None if blocked else quote_of(person, wished, catalogue, settings.prices, settings.rate)
    forecast = make_forecast(
        forecast_request(person, wished, arms, catalogue),
        evidence,
        seed=settings.seed,
        draws=settings.draws,
    )
    parts: dict[str, Any] = {
        "regulatory": regulatory_status(person, wished, catalogue),
        "candidacy": verdict,
        "arms": arms,
        "course": course,
        "quote": quote,
        "forecast": forecast,
        "comparison": comparison(catalogue, wished.arms, wished.arm.id, wished.donor_source),
        "harms": harms_by_arm(catalogue, wished.arms),
        "questions_to_ask": questions(catalogue),
        "claims": claims_ledger(evidence),
        "limits": limits(blocked, forecast, person),
    }
    return Plan(
        schema_version=SCHEMA_VERSION,
        made_on=today,
        mode=settings.mode,
        software=Software("anagen", __version__),
        evidence_release=evidence.release,
        posterior_release=prior_release(evidence.parameters).id,
        person=told(person),
        assumed=assumed,
        sources=views(evidence, cited(parts.values())),
        **parts,
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
        reasons = " ".join(f.text for f in verdict.findings if f.kind == "contraindication")
        return f"No dates and no price are given, because of this answer: {reasons}"
    if banned := prohibited(person, wished.arm, catalogue):
        names = " and ".join(banned)
        return f"No dates and no price are given: {names} by this route is prohibited here."
    return None


def limits(
    blocked: str | None, forecast: Forecast | NoForecast, person: Person
) -> tuple[Limit, ...]:
    """What is missing from this plan, or weak in it, and why."""
    found = [Limit(part, blocked) for part in ("course", "quote") if blocked]
    if isinstance(forecast, NoForecast):
        found.append(Limit("forecast", forecast.reason))
    else:
        found += [Limit("forecast", note) for note in forecast.notes]
    if person.treatments_received:
        found.append(
            Limit(
                "treatments_received",
                "Sessions already had are kept in the file. This version does not yet use them in "
                "the curves.",
            )
        )
    found.append(
        Limit(
            "validation",
            "No clinic has tested this program on its patients. It informs; it does not decide.",
        )
    )
    return tuple(found)


def questions(catalogue: Catalogue) -> tuple[Question, ...]:
    """What to ask the clinic about its product and its practice."""
    return tuple(
        Question(entry.id, entry.text, entry.why, entry.claims, entry.sources)
        for entry in catalogue.questions.values()
    )


def claims_ledger(evidence: Evidence) -> tuple[ClaimView, ...]:
    """All of the article's claims with their standing, their reason and what uses them.

    Claims: C33.
    """
    return tuple(
        ClaimView(
            id=claim.id,
            says=claim.says,
            standing=claim.standing,
            because=claim.because,
            sources=_claim_sources(evidence, claim.sources, claim.studies),
            used_by=claim.used_by,
        )
        for claim in sorted(evidence.claims.values(), key=lambda claim: claim.id)
    )


def _claim_sources(
    evidence: Evidence, sources: Iterable[str], studies: Iterable[str]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*sources, *(evidence.studies[name].source for name in studies))))


def told(person: Person) -> Mapping[str, Any]:
    """The person file as it was understood, unknown answers included."""
    return person.model_dump(mode="json")
