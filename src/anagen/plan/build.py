"""Composes one plan out of the rooms below; decides nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from anagen import __version__
from anagen.candidacy.judge import standing_of_arm
from anagen.catalogue import Catalogue, load_catalogue
from anagen.evidence import Evidence, load_evidence
from anagen.forecasting.build import Forecasted, forecasted
from anagen.forecasting.model import Forecast, NoForecast
from anagen.forecasting.pairs import PAIR_DAY
from anagen.forecasting.patch import ScalpPatch, scalp_patch
from anagen.forecasting.schedules import schedule_of
from anagen.person.schema import Person
from anagen.plan.citations import cited, views
from anagen.plan.comparison import comparison
from anagen.plan.decide import Settings, decide
from anagen.plan.harms import harms_by_arm
from anagen.plan.model import (
    SCHEMA_VERSION,
    Assumption,
    ClaimView,
    Limit,
    Plan,
    Question,
    Software,
)
from anagen.plan.requests import forecast_request
from anagen.plan.wished import complete_wish
from anagen.posterior import current_release
from anagen.treatment.arms import parse_arm
from anagen.wording import marked


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the draws of its forecast, from which pictures are made; None without one."""

    plan: Plan
    forecasted: Forecasted | None

    def patch(self, day: int = PAIR_DAY) -> ScalpPatch | None:
        """One possible square centimetre of this person under nothing new and the wished arm.

        Args:
            day: one of the forecast's days.
        """
        if self.forecasted is None:
            return None
        return scalp_patch(self.forecasted, ("none", self.plan.candidacy.arm), day)


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
    return planned(person, today, settings, evidence=evidence, catalogue=catalogue).plan


def planned(
    person: Person,
    today: date,
    settings: Settings | None = None,
    *,
    evidence: Evidence | None = None,
    catalogue: Catalogue | None = None,
) -> Planned:
    """What `make_plan` makes, with what its pictures are made of."""
    settings = settings or Settings()
    evidence = evidence or load_evidence()
    catalogue = catalogue or load_catalogue()
    decided = decide(person, today, settings, evidence=evidence, catalogue=catalogue)
    wished, assumed = complete_wish(person, today)
    arms = tuple(
        standing_of_arm(person, parse_arm(arm), evidence, catalogue) for arm in wished.arms
    )
    request = forecast_request(person, wished, arms, catalogue)
    release = current_release(evidence.parameters)
    if "prp" not in wished.arm.components:
        own = schedule_of("prp", request, release)
        assumed = (
            *assumed,
            Assumption("prp.schedule", own.words, marked("The PRP curve uses it.")),
        )
    found = forecasted(request, evidence, seed=settings.seed, draws=settings.draws, release=release)
    forecast = found if isinstance(found, NoForecast) else found.forecast
    parts: dict[str, Any] = {
        "regulatory": decided.regulatory,
        "candidacy": decided.candidacy,
        "arms": arms,
        "course": decided.course,
        "quote": decided.quote,
        "forecast": forecast,
        "comparison": comparison(catalogue, wished, decided, forecast),
        "harms": harms_by_arm(catalogue, wished.arms),
        "questions_to_ask": questions(catalogue),
        "claims": claims_ledger(evidence),
        "limits": (*decided.limits, *limits(forecast)),
    }
    plan = Plan(
        schema_version=SCHEMA_VERSION,
        made_on=today,
        mode=settings.mode,
        software=Software("anagen", __version__),
        evidence_release=evidence.release,
        posterior_release=release.id,
        person=decided.person,
        assumed=assumed,
        sources=views(evidence, cited(parts.values())),
        **parts,
    )
    return Planned(plan, None if isinstance(found, NoForecast) else found)


def limits(forecast: Forecast | NoForecast) -> tuple[Limit, ...]:
    """What is weak in this plan, or missing from its forecast, and why."""
    if isinstance(forecast, NoForecast):
        found = [Limit("forecast", forecast.reason)]
    else:
        found = [Limit("forecast", note) for note in forecast.notes]
    found.append(
        Limit(
            "validation",
            marked(
                "No clinic has tested this program on its patients. It informs; it does not decide."
            ),
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
