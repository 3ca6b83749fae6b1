"""Scalps to simulate: a model, a start and signals, for researchers.

A scalp is healthy, early or advanced, or matched to a stage or to measurements. It is made like a
person's forecast: possible pasts, weighed by what is told about the present. Women share men's
parameters: apart from minoxidil's sizes and Ludwig's grades, nothing was measured well enough in
women to tell them apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from anagen.evidence import load_evidence
from anagen.evidence.vocabulary import Component
from anagen.follicle import FollicleModel, Population, Signals, healthy_population
from anagen.follicle.run import snapshot
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import (
    Acting,
    effects_of_arm,
    for_people,
    reference_of,
    size_name,
    sized,
)
from anagen.forecasting.likelihood import stage_parameter
from anagen.forecasting.person_model import (
    PersonDraws,
    healthy_density,
    person_draws,
    responses,
)
from anagen.forecasting.request import ForecastRequest, Measured, Schedule
from anagen.forecasting.schedules import schedule_of
from anagen.posterior import Keyed, Release, current_release
from anagen.treatment.ageing import ageing_effect
from anagen.treatment.arms import COMPONENTS, INJECTED, parse_arm
from anagen.treatment.effect import Effect, Scalp, scalp_signals
from anagen.treatment.season import SeasonParameters, season_effect
from anagen.treatment.sessions import Sessions

Kind = Literal["healthy", "early", "advanced"]
Stage = tuple[str, str]
"""A scale, `norwood_hamilton` or `ludwig`, and a grade of it."""

STAGES: dict[tuple[str, str], Stage] = {
    ("early", "male"): ("norwood_hamilton", "II"),
    ("early", "female"): ("ludwig", "I"),
    ("advanced", "male"): ("norwood_hamilton", "VI"),
    ("advanced", "female"): ("ludwig", "III"),
}
"""What early and advanced loss mean here. The words are ours; a grade is a scale's own."""

HAIR_TYPES = ("african", "asian", "european", "other", "unknown")
"""As in the person file; the last two have the widest prior of density."""

LEAST_POOL = 100
"""Draws of which fewer are picked, so that few draws rest on as many possible pasts as many do."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A scalp today, ready to be simulated.

    Attributes:
        model: follicle parameters, one set for each draw.
        start: the population on day 0; a start for `anagen.simulate`.
        scalp: what acts on it without treatment.
        person: the draws behind it, with responses to treatments.
        request: what was asked for.
        origin: release, random numbers, and how many release draws `person.index` counts in.
    """

    model: FollicleModel
    start: Population
    scalp: Scalp
    person: PersonDraws
    request: ForecastRequest
    origin: tuple[Release, Keyed, int]

    def signals(
        self,
        days: float,
        arm: str = "none",
        sessions: Sessions | Mapping[Component, Sessions] | None = None,
        also: Iterable[Effect] = (),
    ) -> Signals:
        """Signals of an arm that starts on day 0.

        Args:
            days: length.
            arm: `none`, a treatment, or a sum such as `exosome+prp`.
            sessions: any days and doses for all injected parts, or for each by name; the usual
                course from day 0 unless given.
            also: further effects, such as `season` and `ageing`.

        Raises:
            ValueError: an arm or a treatment's name that is none.
        """
        release, keyed, pool = self.origin
        new, steps = parse_arm(arm).components, step_count(days)
        person = self.person
        treatments = {
            name: for_people(
                sized(release, keyed, pool, size_name(name, self.request)),
                person.index,
                person.responses[name],
            )
            for name in new
        }
        interaction = release.numbers("exosome-prp-interaction", keyed, pool)[person.index]
        acting = Acting(treatments, self._schedules(sessions), interaction)
        effects = effects_of_arm(new, {}, acting, steps)
        return scalp_signals(self.scalp, [*effects, *also], steps)

    def season(self, days: float, first: date) -> Effect:
        """Seasons of the northern half of the earth, from a first day on.

        The start knows no season: the first year of a run is spent on finding into it.
        """
        release, keyed, pool = self.origin
        year = season_parameters(release, keyed, pool, self.person.index)
        day_of_year = float((first - date(first.year, 1, 1)).days)
        return season_effect(year, day_of_year, step_count(days))

    def ageing(self, days: float, log_per_decade: float) -> Effect:
        """An anagen that gets shorter with age: log of its clock's speed, per ten years.

        Nobody has published a size. A share of 0.05 makes anagen about 5 % shorter in ten years.
        """
        rate = np.full(self.model.draws, log_per_decade)
        return ageing_effect(float(self.request.age), rate, step_count(days))

    def _schedules(
        self, sessions: Sessions | Mapping[Component, Sessions] | None
    ) -> dict[Component, Sessions]:
        release = self.origin[0]
        usual = {name: schedule_of(name, self.request, release).planned for name in INJECTED}
        if sessions is None:
            return usual
        if isinstance(sessions, Sessions):
            return dict.fromkeys(INJECTED, sessions)
        if unknown := sorted(set(sessions) - set(INJECTED)):
            raise ValueError(f"{', '.join(unknown)}: only {' and '.join(INJECTED)} have sessions")
        return usual | dict(sessions)


def baseline(  # noqa: PLR0913 - the one public call has all the choices
    kind: Kind | None = None,
    *,
    stage: Stage | None = None,
    measurements: Sequence[Measured] = (),
    sex: Literal["male", "female"] = "male",
    age: int = 35,
    hair_type: str = "unknown",
    minoxidil_percent: int = 5,
    draws: int = 200,
    seed: int = 1,
) -> Baseline:
    """A scalp to simulate.

    Early and advanced stand for grade II and VI of Norwood and Hamilton in men, I and III of
    Ludwig in women. No published table maps grades to density: that map is a prior.

    Args:
        kind: `healthy`, `early` or `advanced`; or say a stage or measurements.
        stage: a scale and a grade, such as `("norwood_hamilton", "III")`.
        measurements: what was counted, and when.
        sex: decides what early and advanced mean and the size of minoxidil; else women share men's
            parameters.
        age: in years; it sets the density of a healthy scalp.
        hair_type: as in the person file; so does it.
        minoxidil_percent: strength of the topical solution, 2 or 5.
        draws: parameter draws.
        seed: seed of every random draw.

    Raises:
        ValueError: nothing tells what scalp is meant, or two things disagree on it.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    for name, given, known in (
        ("kind", kind, (None, *get_args(Kind))),
        ("sex", sex, ("male", "female")),
        ("hair_type", hair_type, HAIR_TYPES),
        ("minoxidil_percent", minoxidil_percent, (2, 5)),
    ):
        if given not in known:
            raise ValueError(f"{name} must be one of {', '.join(map(str, known))}, not {given}")
    found = _stage(kind, stage, measurements, sex)
    request = ForecastRequest(
        age=age,
        sex=sex,
        diagnosis="none" if kind == "healthy" else "androgenetic_alopecia",
        hair_type=hair_type,
        stage_scale=found[0] if found else None,
        stage_grade=found[1] if found else None,
        measurements=tuple(measurements),
        wished="none",
        schedule=Schedule(
            sessions=1, interval_days=1, first_session_day=0
        ),  # only its first day counts
        minoxidil_percent=minoxidil_percent,
    )
    release, keyed = current_release(load_evidence().parameters), Keyed(seed)
    if found and stage_parameter(*found) not in release.parameters:
        raise ValueError(f"'{found[1]}' is no grade of '{found[0]}'")
    pool = max(draws, LEAST_POOL)
    make = _healthy if kind == "healthy" else person_draws
    whole = make(request, release, keyed, pool)
    # Draws lie in the order of their candidates: pick some from everywhere.
    person = _pick(whole, ((np.arange(draws) + 0.5) * pool / draws).astype(np.intp))
    return Baseline(
        person.model, person.today, person.scalp, person, request, (release, keyed, pool)
    )


def season_parameters(
    release: Release, keyed: Keyed, pool: int, index: NDArray[np.intp]
) -> SeasonParameters:
    """Size and timing of the season, for chosen ones of the release's draws."""
    return SeasonParameters(
        amplitude=release.numbers("season-amplitude", keyed, pool)[index],
        fastest_day=release.numbers("season-fastest-day", keyed, pool)[index],
    )


def _stage(
    kind: str | None, stage: Stage | None, measurements: Sequence[Measured], sex: str
) -> Stage | None:
    if kind is None:
        if stage is None and not measurements:
            raise ValueError("say what scalp: a kind, a stage, or measurements")
        return stage
    if stage is not None:
        raise ValueError(f"give a kind or a stage, not both: '{kind}' is one of its own")
    if kind == "healthy":
        if measurements:
            raise ValueError("a healthy scalp is not matched to measurements; leave one out")
        return None
    return STAGES[kind, sex]


def _healthy(request: ForecastRequest, release: Release, keyed: Keyed, draws: int) -> PersonDraws:
    """A scalp on which no androgens act, at the healthy density of its group and age."""
    unit = reference_of(release, keyed, draws).model
    healthy = healthy_population(unit)
    median, spread = healthy_density(release, keyed, request.hair_type, request.age, draws)
    shown = snapshot(healthy, unit).counted()[0]
    density = median / shown * np.exp(spread * keyed.normal("person/density", draws))
    return PersonDraws(
        model=replace(unit, follicles_per_cm2=density),
        today=healthy.scaled(density),
        scalp=Scalp(np.zeros(draws), np.zeros(draws)),
        index=np.arange(draws),
        responses={name: responses(release, keyed, name, draws) for name in COMPONENTS},
        worth=float(draws),
    )


def _pick(person: PersonDraws, chosen: NDArray[np.intp]) -> PersonDraws:
    return PersonDraws(
        model=person.model.pick(chosen),
        today=Population(person.today.cycling[..., chosen], person.today.outside[..., chosen]),
        scalp=Scalp(person.scalp.drive[chosen], person.scalp.inflammation[chosen]),
        index=person.index[chosen],
        responses={name: values[chosen] for name, values in person.responses.items()},
        worth=person.worth,
    )
