"""Makes one person's forecast: arms × draws × days → distributions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from anagen.evidence import Evidence
from anagen.evidence.certainty import certainty_for
from anagen.evidence.vocabulary import Certainty
from anagen.follicle import Signals, simulate
from anagen.forecasting.arms import signals_by_arm
from anagen.forecasting.basis import load_basis
from anagen.forecasting.model import (
    OUTCOMES,
    ArmForecast,
    FirstVisibleDay,
    Forecast,
    NoForecast,
    Quantiles,
    VisibleShares,
)
from anagen.forecasting.options import Option, options
from anagen.forecasting.outcomes import Noise, Outcomes, measurement_noise
from anagen.forecasting.pairs import PAIR_DAY, PAIR_OUTCOME, pairwise
from anagen.forecasting.person_model import PersonDraws, person_draws
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.scope import notes, out_of_scope, surprises
from anagen.forecasting.summary import quantiles
from anagen.forecasting.visible import Visibility, first_visible_day, visibility, visible_shares
from anagen.posterior import Keyed, Release, current_release, verify
from anagen.posterior.keyed import Floats

LEAST_DRAWS = 100
DRAWS_TOGETHER = 1200
"""Draws of one or more arms that are simulated in one go: a few arms of few draws cost little more
than one, and many draws would need much memory."""
VISIBLE_EVERY_DAYS = 14
"""Distance of the days at which a first visible gain is looked for."""


@dataclass(frozen=True, slots=True)
class Forecasted:
    """A forecast with the draws that it was made of, for who looks at one of them.

    Attributes:
        forecast: the distributions.
        request: the person and the options.
        release: parameters that it was made from.
        keyed: its random numbers.
        person: the person's draws.
        true: true values of every arm that has a curve, draws in the same order in each.
    """

    forecast: Forecast
    request: ForecastRequest
    release: Release
    keyed: Keyed
    person: PersonDraws
    true: Mapping[str, Outcomes]


def make_forecast(
    request: ForecastRequest,
    evidence: Evidence,
    seed: int = 1,
    draws: int = 1000,
    release: Release | None = None,
) -> Forecast | NoForecast:
    """Forecast every arm for one person, each added to the medicines already in use.

    Every distribution runs past the last session, with the decay of an effect as an uncertain
    parameter: whether an effect lasts is not known. Only androgenetic alopecia has a forecast.

    Claims: C08, C14.

    Args:
        request: the person and the options.
        evidence: what is known; its certainty rules grade every number.
        seed: seed of every random draw.
        draws: parameter draws, at least 100.
        release: parameters to draw from; those of the evidence unless given.

    Raises:
        BrokenReleaseError: the release's name and numbers don't belong together.
        ValueError: too few draws, or a horizon that does not rise from day 0 to the day of
            comparison.
    """
    found = forecasted(request, evidence, seed, draws, release)
    return found if isinstance(found, NoForecast) else found.forecast


def forecasted(
    request: ForecastRequest,
    evidence: Evidence,
    seed: int = 1,
    draws: int = 1000,
    release: Release | None = None,
) -> Forecasted | NoForecast:
    """What `make_forecast` makes, with its draws."""
    if draws < LEAST_DRAWS:
        raise ValueError(f"a forecast needs at least {LEAST_DRAWS} draws, not {draws}")
    days = request.horizon_days
    if sorted(set(days)) != list(days) or days[0] != 0 or PAIR_DAY not in days:
        raise ValueError(f"horizon_days must rise from 0 and hold {PAIR_DAY}")
    table = load_basis()
    if refused := out_of_scope(request, table):
        return refused
    if release is None:
        release = current_release(evidence.parameters)
    verify(release)
    keyed = Keyed(seed)
    person = person_draws(request, release, keyed, draws)
    case = _Case(request, evidence, release, keyed, draws, person)
    chosen = options(request)
    runs = _run_arms(case)
    at_pair_day = {arm: found.true.at(PAIR_OUTCOME, PAIR_DAY) for arm, found in runs.items()}
    forecast = Forecast(
        available=True,
        horizon_days=days,
        current_medicines=request.current_medicines,
        arms=tuple(_arm(case, option, runs.get(option.id)) for option in chosen),
        pairs=pairwise(at_pair_day, table),
        posterior_release=release.id,
        seed=seed,
        draws=draws,
        notes=(
            *notes(request, release, chosen, person.worth),
            *surprises(request, person.checks),
        ),
    )
    return Forecasted(
        forecast, request, release, keyed, person, {arm: found.true for arm, found in runs.items()}
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One forecast in the making."""

    request: ForecastRequest
    evidence: Evidence
    release: Release
    keyed: Keyed
    draws: int
    person: PersonDraws


@dataclass(frozen=True, slots=True)
class _Found:
    """What one arm gives: true and measured values, and the course of its density."""

    true: Outcomes
    measured: Outcomes
    visible: Mapping[str, VisibleShares | FirstVisibleDay]


def _run_arms(case: _Case) -> dict[str, _Found]:
    person, days = case.person, case.request.horizon_days
    last = days[-1]
    output_days = sorted({*days, *range(0, last + 1, VISIBLE_EVERY_DAYS)})
    noise = measurement_noise(case.release, case.keyed, days, case.draws)
    noticed = visibility(case.release, case.keyed, case.draws)
    found: dict[str, _Found] = {}
    tables = signals_by_arm(case.request, case.release, case.keyed, person, last)
    together = max(DRAWS_TOGETHER // case.draws, 1)
    while part := dict(islice(tables, together)):
        index = np.tile(np.arange(case.draws), len(part))
        run = simulate(
            person.model.pick(index),
            Signals.beside(*part.values()),
            days=output_days,
            start=person.today.pick(index),
        )
        true, counted = Outcomes.of(run, days), run.counted()
        for row, arm in enumerate(part):
            own = slice(row * case.draws, (row + 1) * case.draws)
            first = first_visible_day(np.array(run.days), counted[:, own], noticed)
            found[arm] = _find(true.pick(own), first, case, noise, noticed)
    return found


def _find(
    true: Outcomes, first: FirstVisibleDay, case: _Case, noise: Noise, noticed: Visibility
) -> _Found:
    density: Floats = true.values[PAIR_OUTCOME]
    visible: dict[str, VisibleShares | FirstVisibleDay] = {
        str(day): visible_shares(density[0], density[row], noticed)
        for row, day in enumerate(true.days)
    }
    visible["first_day"] = first
    return _Found(true, noise.measured(true, case.person.model.follicles_per_cm2), visible)


def _arm(case: _Case, option: Option, found: _Found | None) -> ArmForecast:
    days = case.request.horizon_days
    certainty = {
        name: [certainty_for(case.evidence, option.id, name, day) for day in days]
        for name in OUTCOMES
    }
    return ArmForecast(
        id=option.id,
        available=option.available,
        reason=option.reason,
        evidence_basis=load_basis().of_arm(option.id),
        outcomes={} if found is None else _summary(found.true, certainty),
        change={} if found is None else _summary(found.true.since_today(), certainty),
        measured={} if found is None else _summary(found.measured, certainty),
        visible={} if found is None else found.visible,
    )


_Certainty = Mapping[str, Sequence[Certainty]]
"""By outcome, day by day."""


def _summary(outcomes: Outcomes, certainty: _Certainty) -> dict[str, dict[str, Quantiles]]:
    return {
        name: {
            str(day): found
            for day, found in zip(
                outcomes.days, quantiles(outcomes.values[name], certainty[name]), strict=True
            )
        }
        for name in OUTCOMES
    }
