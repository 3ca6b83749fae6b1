"""Virtual people of simulated trials.

A person is a draw of the calibrated model's parameters, shared by all people of one simulated
trial, and traits of their own: density, androgen drive, pace, response.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.follicle import (
    FollicleModel,
    Population,
    Signals,
    healthy_population,
    untreated_history,
)
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import Acting, effects_of_arm, for_people, reference_of, sized
from anagen.forecasting.likelihood import stage_parameter
from anagen.forecasting.person_model import response_spread
from anagen.forecasting.reference import YEAR_DAYS
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.predicting.individual import COUNTED, seen
from anagen.treatment.effect import Scalp, scalp_signals
from anagen.trial.regimen import Regimen
from anagen.trial.schema import SCALES, Trial

LIMITS: Final = {
    "total_density_per_cm2": TOTAL_THRESHOLD_UM,
    "terminal_density_per_cm2": TERMINAL_THRESHOLD_UM,
    "anagen_density_per_cm2": TOTAL_THRESHOLD_UM,
}
"""Least diameter counted, by what is counted."""

READ_LIMITS: Final = {
    **LIMITS, "mean_diameter_um": TOTAL_THRESHOLD_UM, "anagen_percent": TOTAL_THRESHOLD_UM,
}  # fmt: skip
"""Least diameter that an endpoint takes in."""

CANDIDATES: Final = 5
"""Pairs of drive and pace of which one is taken for each person."""

POINTS, FARTHEST = 5, 3.5
"""Points of drive, and of pace, at which pasts are run to weigh candidates by; the outermost in
SDs."""

LEAST_SPREAD: Final = 0.05
"""SD of true densities between people as a share of the mean, where counts alone scatter more."""


@dataclass(frozen=True, slots=True)
class People:
    """People of some simulated trials before treatment; (trials × people,) unless said otherwise.

    Attributes:
        trials: how many simulated trials.
        trial: number of each person's trial among them.
        model: follicle model of each person.
        start: state of each scalp.
        drive: androgen drive.
        response: what each person's response to each treatment multiplies its strength by.
        sex: 0 for men, 1 for women.
        site: where each person takes part.
        adheres: whether they take what is given.
    """

    trials: int
    trial: NDArray[np.intp]
    model: FollicleModel
    start: Population
    drive: Floats
    response: dict[Component, Floats]
    sex: NDArray[np.intp]
    site: NDArray[np.intp]
    adheres: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """What the simulated trials of one task are drawn from.

    Attributes:
        trial: the file.
        release: parameters of the model.
        parameters: random numbers of what all people of a simulated trial share.
        persons: random numbers of the people.
        trials: how many simulated trials.
        people: people of each.
    """

    trial: Trial
    release: Release
    parameters: Keyed
    persons: Keyed
    trials: int
    people: int


def people_of(world: World) -> People:
    """Draw the people of every simulated trial of a task."""
    file, release, keyed = world.trial, world.release, world.persons
    count = world.trials * world.people
    index = np.repeat(np.arange(world.trials), world.people)
    own, start, drive = _scalps(world, index)
    sexes = {"male": np.zeros(count), "female": np.ones(count)}
    sex = sexes.get(file.population.sex, keyed.uniform("sex", count) < 0.5)
    parts = {part for arm in file.arms for part in arm.given.components}
    response = {}
    for part in sorted(parts):
        spread = response_spread(release, part)
        normal = keyed.normal(f"response/{part}", count)
        response[part] = np.exp(spread * normal - 0.5 * spread**2)
    return People(
        trials=world.trials,
        trial=index,
        model=own,
        start=start,
        drive=drive,
        response=response,
        sex=np.asarray(sex, dtype=np.intp),
        site=np.tile(np.arange(world.people) % file.sites.count, world.trials),
        adheres=keyed.uniform("adherence", count) < file.adherence,
    )


def _scalps(world: World, index: NDArray[np.intp]) -> tuple[FollicleModel, Population, Floats]:
    """Model, state today and androgen drive of everyone, with the starts that the trial describes.

    A start is drawn first. Of a few candidates for drive and pace one is taken by how likely it
    makes that start, given how dense scalps are; so nobody with the scalp of a trial has the traits
    of a bald head. The one that is taken is run through its own past, and the density then fits the
    start.
    """
    keyed, count = world.persons, len(index)
    reference = reference_of(world.release, world.parameters, world.trials)
    alike = _counted(world, reference.model, reference.start)[index]
    target = _starts(world, alike * _stage(world, index), keyed.normal("start", count))
    drive, pace = (
        np.stack([keyed.normal(f"{name}/{k}", count) for k in range(CANDIDATES)])
        for name in ("drive", "pace")
    )
    far = np.log(_roughly(world, drive, pace, index) / alike) - np.log(target / target.mean())
    spread = world.release.fixed("person-density-spread")
    likely = np.exp(-0.5 * (far / spread) ** 2) + 1e-300
    chance = np.cumsum(likely / likely.sum(axis=0), axis=0)
    chosen = (keyed.uniform("candidate", count) > chance).sum(axis=0).clip(max=CANDIDATES - 1)
    everyone = np.arange(count)
    taken = _past(world, drive[chosen, everyone], pace[chosen, everyone], index)
    denser = target / _counted(world, taken.model, taken.start)
    return (
        replace(taken.model, follicles_per_cm2=taken.model.follicles_per_cm2 * denser),
        taken.start.scaled(denser),
        taken.drive,
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """Scalps after their untreated years: model, state and androgen drive."""

    model: FollicleModel
    start: Population
    drive: Floats


def _past(world: World, drive: Floats, pace: Floats, index: NDArray[np.intp]) -> _Past:
    """Run pasts of scalps with as many follicles as the reference.

    Args:
        world: the task.
        drive: androgen drive, standard normal.
        pace: pace of shrinking, standard normal.
        index: simulated trial of each.
    """
    release = world.release
    reference = reference_of(release, world.parameters, world.trials)
    whole = reference.model.pick(index)
    faster = np.exp(release.fixed("person-pace-spread") * pace)
    own = replace(whole, shrink_probability=np.minimum(whole.shrink_probability * faster, 1.0))
    driven = np.exp(release.fixed("person-drive-spread") * drive)
    years = release.numbers("reference-years", world.parameters, world.trials)[index]
    state = untreated_history(own, healthy_population(own), driven, YEAR_DAYS * years)
    follicles = reference.start.cycling.sum(axis=(0, 1, 2))[index]
    return _Past(own, state.scaled(follicles / state.cycling.sum(axis=(0, 1, 2))), driven)


def _counted(world: World, model: FollicleModel, state: Population) -> Floats:
    """Expected count of what starts are told in, per cm²."""
    outcome = counted_of(world.trial)
    return np.asarray(
        seen(model, state, LIMITS[outcome], COUNTED[outcome]).cycling.sum(axis=(0, 1, 2))
    )


def _roughly(world: World, drive: Floats, pace: Floats, index: NDArray[np.intp]) -> Floats:
    """Expected counts of candidates, by a polynomial through pasts at a few points.

    Good to a few hundredths, where scalps differ by a fifth; it only weighs candidates.

    Args:
        world: the task.
        drive: androgen drive, standard normal, (candidates, people).
        pace: pace of shrinking, the same.
        index: simulated trial of each person.
    """
    from numpy.polynomial import chebyshev

    points = FARTHEST * np.asarray(chebyshev.chebpts1(POINTS))
    across, along = (one.ravel() for one in np.meshgrid(points, points, indexing="ij"))
    trials = np.repeat(np.arange(world.trials), POINTS**2)
    at = _past(world, np.tile(across, world.trials), np.tile(along, world.trials), trials)
    counts = _counted(world, at.model, at.start).reshape(world.trials, POINTS, POINTS)
    basis = np.linalg.inv(chebyshev.chebvander(points / FARTHEST, POINTS - 1))
    terms = np.einsum("ia,rab,jb->rij", basis, counts, basis)
    here, there = (
        chebyshev.chebvander(np.clip(one / FARTHEST, -1.0, 1.0), POINTS - 1)
        for one in (drive, pace)
    )
    found = np.einsum("cpi,pij,cpj->cp", here, terms[index], there)
    return np.asarray(np.maximum(found, 0.01 * counts.mean()))


def _starts(world: World, usual: Floats, normal: Floats) -> Floats:
    """True hairs per cm² at the start, with the mean and SD that the trial describes."""
    given = world.trial.population.baseline
    mean = usual if given is None else np.full_like(usual, given.mean)
    spread = world.release.fixed("person-density-spread")
    if given is not None and given.sd is not None:
        # An SD of counts holds the chance of the field and the reader, which come on top again.
        error = float(reading_error(world).mean())
        chance = given.mean / field_of(world) + (given.mean * error) ** 2
        least = (LEAST_SPREAD * given.mean) ** 2
        spread = float(np.sqrt(max(given.sd**2 - chance, least))) / given.mean
    log_sd = np.sqrt(np.log1p(spread**2))
    return np.asarray(mean * np.exp(log_sd * normal - 0.5 * log_sd**2))


def _stage(world: World, index: NDArray[np.intp]) -> Floats:
    """How dense a scalp of each person's grade is, against that of a typical trial.

    A grade says which share of the healthy density is left; without grades, the typical scalp's.
    """
    population, release, count = world.trial.population, world.release, len(index)
    if not population.stage:
        return np.ones(count)
    reference = reference_of(release, world.parameters, world.trials)
    limit, phases = LIMITS["total_density_per_cm2"], COUNTED["total_density_per_cm2"]
    total = seen(reference.model, reference.start, limit, phases).cycling.sum(axis=(0, 1, 2))
    healthy = release.numbers("healthy-density-unknown", world.parameters, world.trials)
    grade = (world.persons.uniform("grade", count) * len(population.stage)).astype(np.intp)
    names = [stage_parameter(SCALES[population.sex], grade) for grade in population.stage]
    left = np.stack([release.numbers(name, world.persons, count) for name in names])
    return np.asarray((healthy / total)[index] * left[grade, np.arange(count)])


def counted_of(trial: Trial) -> str:
    """The count that starts are told in: the endpoint, or all hairs where it is no count."""
    return trial.endpoint.outcome if trial.is_count else "total_density_per_cm2"


def field_of(world: World) -> float:
    """The area counted, in cm²."""
    return world.trial.field_cm2 or world.release.fixed("field-cm2")


def reading_error(world: World) -> Floats:
    """Coefficient of variation of a reading, by simulated trial."""
    if world.trial.reading_error_percent is not None:
        return np.full(world.trials, world.trial.reading_error_percent / 100.0)
    errors = world.release.numbers("reading-error-percent", world.parameters, world.trials)
    return np.asarray(errors / 100.0)


def signals_of(world: World, people: People, regimen: Regimen, days: float) -> Signals:
    """What a regimen does to each person's follicles."""
    steps = step_count(days)
    release, keyed, trials = world.release, world.parameters, world.trials
    treatments = {}
    for part in regimen.components:
        response = np.where(people.adheres, people.response[part], 0.0)
        if part == "minoxidil":
            women = release.numbers("minoxidil-women-factor", keyed, trials)[people.trial]
            response = response * np.where(people.sex == 1, women, 1.0)
        name = f"minoxidil/{regimen.percent}/male" if part == "minoxidil" else part
        treatments[part] = for_people(sized(release, keyed, trials, name), people.trial, response)
    interaction = release.numbers("exosome-prp-interaction", keyed, trials)[people.trial]
    acting = Acting(treatments, regimen.schedules, interaction)
    scalp = Scalp(people.drive, np.zeros_like(people.drive))
    return scalp_signals(scalp, effects_of_arm(regimen.components, {}, acting, steps), steps)
