"""One person as draws: possible pasts, weighed by what the person told, each with its scalp today.

Possible pasts (candidates) differ by density, androgen drive, pace, years of loss and the model's
own parameters. Those that agree with stage and measurements are kept more often.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.follicle import (
    FollicleModel,
    FollicleRun,
    Population,
    healthy_population,
    simulate,
    untreated_history,
)
from anagen.follicle.run import snapshot
from anagen.follicle.signals import STEP_DAYS, step_count
from anagen.forecasting.effects import (
    Acting,
    TreatmentParameters,
    effects_of_arm,
    for_people,
    reference_of,
    size_name,
    sized,
)
from anagen.forecasting.likelihood import (
    Agreement,
    Errors,
    Shape,
    agreement,
    resample,
    stage_parameter,
    stage_weight,
)
from anagen.forecasting.reference import YEAR_DAYS
from anagen.forecasting.request import ForecastRequest
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.treatment.effect import Scalp, scalp_signals

PER_DRAW, PER_DRAW_WITH_MEDICINE = 6, 2
"""Candidates for each draw. A past under a medicine has to be stepped through, so there are fewer
of those."""

MOST_KNOTS = 6
"""Days of the past that are computed; measurements between them are interpolated."""

EARLIEST_AGE = 14.0
YOUNG_AGE = 30.0
FEW = 50.0
"""Worth of the weights, in candidates, below which a person is unlike anything expected."""


@dataclass(frozen=True, slots=True)
class PersonDraws:
    """One person today.

    Attributes:
        model: follicle parameters, with the person's own density and pace.
        today: the population on day 0.
        scalp: the person's androgen drive.
        index: which release draw each draw rests on.
        responses: the person's response to each treatment.
        worth: candidates that the weights are worth.
    """

    model: FollicleModel
    today: Population
    scalp: Scalp
    index: NDArray[np.intp]
    responses: Mapping[Component, Floats]
    worth: float


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Possible pasts, before anything told is used. Densities are those of one follicle per cm²."""

    model: FollicleModel
    scalp: Scalp
    years: Floats
    index: NDArray[np.intp]
    healthy: Population
    density: tuple[Floats, float]

    def pick(self, chosen: NDArray[np.intp]) -> "_Candidates":
        return _Candidates(
            model=self.model.pick(chosen),
            scalp=Scalp(self.scalp.drive[chosen], self.scalp.inflammation[chosen]),
            years=self.years[chosen],
            index=self.index[chosen],
            healthy=Population(
                self.healthy.cycling[..., chosen], self.healthy.outside[..., chosen]
            ),
            density=(self.density[0][chosen], self.density[1]),
        )

    def before(self, days_ago: float) -> Population:
        """The untreated state some days ago; a scalp is healthy before its loss began."""
        days = np.maximum(self.years * YEAR_DAYS - days_ago, 0.0)
        return untreated_history(self.model, self.healthy, self.scalp.drive, days)


def age_effect(age: float, slope_per_decade: Floats) -> Floats:
    """Factor of age on the density of follicles, 1 up to the age of 30.

    Age thins a scalp a little besides hair loss. Nothing here makes a treatment undo that.

    Claims: C16.
    """
    return np.asarray(np.exp(slope_per_decade * max(age - YOUNG_AGE, 0.0) / 10.0))


def healthy_density(
    release: Release, keyed: Keyed, hair_type: str, age: float, draws: int
) -> tuple[Floats, float]:
    """Median for each draw, and SD of the log, of a healthy total density of this group and age."""
    group = hair_type if hair_type in ("european", "african", "asian") else "unknown"
    median = release.numbers(f"healthy-density-{group}", keyed, draws)
    slope = release.numbers("age-density-slope", keyed, draws)
    return median * age_effect(age, slope), release.fixed("person-density-spread")


def person_draws(
    request: ForecastRequest, release: Release, keyed: Keyed, draws: int
) -> PersonDraws:
    """The person as equally likely draws, given everything told."""
    medicines = request.current_medicines
    each = PER_DRAW_WITH_MEDICINE if medicines else PER_DRAW
    pool = candidates(request, release, keyed, draws, each)
    own = {name: responses(release, keyed, name, draws * each) for name in medicines}
    acting = _acting_medicines(request, release, keyed, draws, (pool.index, own))
    past = _Past(pool, acting, release.fixed("medicine-past-days"))
    weighed = _weigh(request, release, keyed, past)
    offset = float(keyed.uniform("person/resample", 1)[0])
    chosen, worth = resample(weighed.log_weight, draws, offset)
    mean, spread = weighed.density_mean[chosen], weighed.density_sd[chosen]
    density = np.exp(mean + spread * keyed.normal("person/density", draws))
    picked = pool.pick(chosen)
    everything: dict[Component, Floats] = {
        name: own[name][chosen] if name in own else responses(release, keyed, name, draws)
        for name in ("exosome", "prp", "minoxidil", "finasteride")
    }
    return PersonDraws(
        model=dataclasses.replace(picked.model, follicles_per_cm2=density),
        today=present_scalp(past, chosen).scaled(density),
        scalp=picked.scalp,
        index=picked.index,
        responses=everything,
        worth=worth,
    )


def responses(release: Release, keyed: Keyed, name: Component, draws: int) -> Floats:
    """A person's response to one treatment as a factor on its strength; the mean person has 1."""
    own = "person-response-spread"
    spread = release.fixed(f"{own}-{name}" if f"{own}-{name}" in release.parameters else own)
    normal = keyed.normal(f"person/response/{name}", draws)
    return np.asarray(np.exp(spread * normal - 0.5 * spread**2))


def candidates(
    request: ForecastRequest, release: Release, keyed: Keyed, draws: int, each: int
) -> _Candidates:
    """Possible pasts of a person of this age, hair type and time since onset."""
    count = draws * each
    index = np.tile(np.arange(draws), each)
    unit = reference_of(release, keyed, draws).model.pick(index)

    def spread(parameter_id: str, name: str) -> Floats:
        return np.asarray(
            np.exp(release.fixed(parameter_id) * keyed.normal(f"person/{name}", count))
        )

    drive = spread("person-drive-spread", "drive")
    pace = spread("person-pace-spread", "pace")
    if request.years_since_onset is None:
        years = release.numbers("person-years", keyed, count)
        years = np.minimum(years, max(request.age - EARLIEST_AGE, 1.0))
    else:
        years = request.years_since_onset * spread("person-years-error", "years")
        years = np.minimum(years, float(request.age))
    healthy = healthy_population(unit)
    shown = snapshot(healthy, unit).counted()[0]
    median, density_spread = healthy_density(release, keyed, request.hair_type, request.age, count)
    faster = np.minimum(unit.shrink_probability * pace, 1.0)
    return _Candidates(
        model=dataclasses.replace(unit, shrink_probability=faster),
        scalp=Scalp(drive=drive, inflammation=np.zeros(count)),
        years=years,
        index=index,
        healthy=healthy,
        density=(np.log(median / shown), density_spread),
    )


def _acting_medicines(
    request: ForecastRequest,
    release: Release,
    keyed: Keyed,
    draws: int,
    pool: tuple[NDArray[np.intp], Mapping[Component, Floats]],
) -> Acting:
    index, own = pool
    found: dict[Component, TreatmentParameters] = {}
    for name in request.current_medicines:
        parameters = sized(release, keyed, draws, size_name(name, request))
        found[name] = for_people(parameters, index, own[name])
    return Acting(found, {}, np.zeros(index.shape[0]))


@dataclass(frozen=True, slots=True)
class _Past:
    """The candidates' last years, with the medicines that were in use."""

    pool: _Candidates
    acting: Acting
    medicine_days: float

    def run(self, days_ago: Sequence[int]) -> list[FollicleRun]:
        """What is there on each of the days, given from the nearest to the farthest."""
        if not self.acting.treatments:
            return [snapshot(self.pool.before(day), self.pool.model) for day in days_ago]
        recent = [day for day in days_ago if day <= self.medicine_days]
        run = _with_medicines(self, recent)
        found = [
            dataclasses.replace(run, days=(0.0,), density=run.density[[row]])
            for row in reversed(range(len(recent)))
        ]
        older = [day for day in days_ago if day > self.medicine_days]
        return found + [snapshot(self.pool.before(day), self.pool.model) for day in older]

    def pick(self, chosen: NDArray[np.intp]) -> "_Past":
        ones = np.ones(chosen.shape[0])
        picked = {
            name: for_people(parameters, chosen, ones)
            for name, parameters in self.acting.treatments.items()
        }
        acting = Acting(picked, {}, self.acting.interaction[chosen])
        return _Past(self.pool.pick(chosen), acting, self.medicine_days)


def _with_medicines(past: _Past, days_ago: Sequence[int]) -> FollicleRun:
    """The last year under the medicines in use, up to today; output days run forward."""
    steps = step_count(past.medicine_days)
    going_on: dict[Component, float] = dict.fromkeys(past.acting.treatments, 0.0)
    effects = effects_of_arm((), going_on, past.acting, steps)
    signals = scalp_signals(past.pool.scalp, effects, steps)
    days = [past.medicine_days - day for day in reversed(days_ago)]
    return simulate(past.pool.model, signals, days=days, start=past.pool.before(past.medicine_days))


def present_scalp(past: _Past, chosen: NDArray[np.intp]) -> Population:
    """Today's population of the chosen candidates, per follicle and cm²."""
    picked = past.pick(chosen)
    if not picked.acting.treatments:
        return picked.pool.before(0.0)
    return _with_medicines(picked, [0]).population


def _weigh(request: ForecastRequest, release: Release, keyed: Keyed, past: _Past) -> Agreement:
    pool = past.pool
    days = _knots([0, *(one.days_ago for one in request.measurements)])
    shape = Shape.of(days, past.run(days))
    count = pool.index.shape[0]
    errors = Errors(
        density=release.numbers("reading-error-percent", keyed, count) / 100.0,
        diameter=release.fixed("reading-diameter-percent") / 100.0,
        anagen_points=release.fixed("reading-anagen-points"),
        field_cm2=release.fixed("field-cm2"),
    )
    found = agreement(shape, request.measurements, errors, pool.density)
    healthy = snapshot(pool.healthy, pool.model).counted()[0]
    name = stage_parameter(request.stage_scale, request.stage_grade)
    stage = stage_weight(release, name, shape.total[0] / healthy)
    return dataclasses.replace(found, log_weight=found.log_weight + stage)


def _knots(days_ago: Sequence[int]) -> list[int]:
    """The days themselves, or few enough of them that span the same time; rising."""
    days = sorted({round(round(day / STEP_DAYS) * STEP_DAYS) for day in days_ago})
    if len(days) <= MOST_KNOTS:
        return days
    places = np.linspace(0, len(days) - 1, MOST_KNOTS).round().astype(int)
    return [days[place] for place in places]
