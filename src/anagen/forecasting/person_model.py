"""One person as draws: possible pasts, weighed by what the person told, each with its scalp today.

Possible pasts (candidates) differ by density, androgen drive, pace, years of loss, response to what
was had, and the model's own parameters. Those that agree with stage and measurements are kept more
often. Without measurements one round of candidates is enough; with them, each round learns from the
ones before where to look.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.follicle import FollicleModel, Population, healthy_population
from anagen.follicle.run import snapshot
from anagen.forecasting.candidates import TRAITS, Atoms, Candidates
from anagen.forecasting.checks import Check
from anagen.forecasting.effects import for_people, reference_of, size_name, sized
from anagen.forecasting.explore import flattened, normalised, systematic, worth_of
from anagen.forecasting.likelihood import Errors
from anagen.forecasting.past import NOTHING_HAD, Had
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.weighing import Told
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.treatment.arms import COMPONENTS
from anagen.treatment.effect import Scalp

PER_DRAW, PER_DRAW_OF_FEW = 6, 2
"""Candidates for each draw and round. A treated past has to be stepped through, and measurements
take several rounds, so there are fewer of those."""

EARLIEST_AGE = 14.0
YOUNG_AGE = 30.0
FEW = 50.0
"""Worth of the weights, in candidates, below which a person is unlike anything expected. Weights
worth less are flattened until they are worth this much, so that a forecast never rests on a handful
of candidates and looks surer than it is."""


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
        had: what was had before today.
        checks: every measured value beside what everything else told would expect of it.
    """

    model: FollicleModel
    today: Population
    scalp: Scalp
    index: NDArray[np.intp]
    responses: Mapping[Component, Floats]
    worth: float
    had: Had = NOTHING_HAD
    checks: tuple[Check, ...] = ()


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
    """The person as equally likely draws, given everything told.

    Sessions had and medicines in use act on their days of every possible past, each with a response
    of its own, so that measurements taken since tell that response as well.
    """
    had = Had.of(request, release)
    atoms = candidates(request, release, keyed, (draws, had))
    first = first_traits(keyed, atoms)
    told = Told(request, release, keyed, had, atoms).weigh(first)
    weight = flattened(told.log_weight, FEW)
    chosen = systematic(weight, draws, float(keyed.uniform("person/resample", 1)[0]))
    picked = atoms.with_traits(told.atom[chosen], told.traits[chosen])
    if told.density_log is None:
        mean, spread = atoms.density
        density_log = mean[told.atom[chosen]] + spread * keyed.normal("person/density", draws)
    else:
        density_log = told.density_log[chosen]
    density = np.exp(density_log)
    everything: dict[Component, Floats] = {
        name: responses(release, keyed, name, draws) for name in COMPONENTS
    }
    return PersonDraws(
        model=dataclasses.replace(picked.model, follicles_per_cm2=density),
        today=present_scalp(picked, had).scaled(density),
        scalp=picked.scalp,
        index=picked.index,
        responses=everything | dict(picked.responses),
        had=had,
        worth=worth_of(normalised(told.log_weight)),
        checks=told.checks,
    )


def response_spread(release: Release, name: Component) -> float:
    """SD of the log of the response to one treatment between people."""
    own = "person-response-spread"
    return release.fixed(f"{own}-{name}" if f"{own}-{name}" in release.parameters else own)


def responses(release: Release, keyed: Keyed, name: Component, draws: int) -> Floats:
    """A person's response to one treatment as a factor on its strength; the mean person has 1."""
    spread = response_spread(release, name)
    normal = keyed.normal(f"person/response/{name}", draws)
    return np.asarray(np.exp(spread * normal - 0.5 * spread**2))


def first_traits(keyed: Keyed, atoms: Atoms) -> Floats:
    """Standard normal traits and responses of one candidate for each atom."""
    names = (*TRAITS, *(f"response/{name}" for name in atoms.treatments))
    count = atoms.index.shape[0]
    return np.stack([keyed.normal(f"person/{name}", count) for name in names], axis=1)


def candidates(
    request: ForecastRequest, release: Release, keyed: Keyed, of: tuple[int, Had]
) -> Atoms:
    """What possible pasts of a person of this age, hair type and time since onset are made of.

    Args:
        request: the person.
        release: parameters to draw from.
        keyed: random numbers.
        of: release draws, and what the person had.
    """
    draws, had = of
    each = PER_DRAW_OF_FEW if request.measurements or had.days else PER_DRAW
    count = draws * each
    index = np.tile(np.arange(draws), each)
    unit = reference_of(release, keyed, draws).model.pick(index)
    if request.years_since_onset is None:
        years = release.numbers("person-years", keyed, count)
        years = np.minimum(years, max(request.age - EARLIEST_AGE, 1.0))
    else:
        error = release.fixed("person-years-error") * keyed.normal("person/years", count)
        years = np.minimum(request.years_since_onset * np.exp(error), float(request.age))
    healthy = healthy_population(unit)
    shown = snapshot(healthy, unit).counted()[0]
    median, density_spread = healthy_density(release, keyed, request.hair_type, request.age, count)
    ones = np.ones(count)
    treatments = {
        name: for_people(sized(release, keyed, draws, size_name(name, request)), index, ones)
        for name in had.components
    }
    spreads = (release.fixed("person-drive-spread"), release.fixed("person-pace-spread"))
    return Atoms(
        model=unit,
        healthy=healthy,
        years=years,
        index=index,
        density=(np.log(median / shown), density_spread),
        errors=_errors(release, keyed, count),
        treatments=treatments,
        interaction=release.numbers("exosome-prp-interaction", keyed, draws)[index],
        spreads=(*spreads, *(response_spread(release, name) for name in treatments)),
    )


def _errors(release: Release, keyed: Keyed, count: int) -> Errors:
    return Errors(
        density=release.numbers("reading-error-percent", keyed, count) / 100.0,
        diameter=release.fixed("reading-diameter-percent") / 100.0,
        anagen_points=release.fixed("reading-anagen-points"),
        field_cm2=release.fixed("field-cm2"),
        field=np.zeros(count),
    )


def present_scalp(picked: Candidates, had: Had) -> Population:
    """Today's population of the chosen candidates, per follicle and cm²."""
    if not had.days:
        return picked.before(0.0)
    return picked.treated(had, [0]).population
