"""Virtual people of simulated trials: their true courses, and what is counted on them.

A person is a draw of the calibrated model's parameters, shared by all people of one simulated
trial, and traits of their own: density, androgen drive, pace, response. Follicles are independent
given those, so the paths of a field's follicles through the visits (counted or not at each) are
Poisson with means that the mean field gives exactly: the chain is linear, so at each visit its
counted part goes on apart from the rest. No follicle has to be followed one by one.
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
from anagen.forecasting.person_model import response_spread
from anagen.forecasting.reference import YEAR_DAYS
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.predicting.individual import COUNTED, seen
from anagen.treatment.effect import Scalp, scalp_signals
from anagen.trial.regimen import Regimen
from anagen.trial.schema import Trial

LIMITS: Final = {
    "total_density_per_cm2": TOTAL_THRESHOLD_UM,
    "terminal_density_per_cm2": TERMINAL_THRESHOLD_UM,
    "anagen_density_per_cm2": TOTAL_THRESHOLD_UM,
}
"""Least diameter counted, by endpoint."""

CANDIDATES: Final = 5
"""Pairs of drive and pace of which one is taken for each person."""

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
        adheres: whether they take what is given.
    """

    trials: int
    trial: NDArray[np.intp]
    model: FollicleModel
    start: Population
    drive: Floats
    response: dict[Component, Floats]
    sex: NDArray[np.intp]
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
        adheres=keyed.uniform("adherence", count) < file.adherence,
    )


def _scalps(world: World, index: NDArray[np.intp]) -> tuple[FollicleModel, Population, Floats]:
    """Model, state today and androgen drive of everyone, with the starts that the trial describes.

    A start is drawn first. Of a few candidates for drive and pace, each run through an own past,
    one is taken by how likely it makes that start, given how dense scalps are; so nobody with the
    scalp of a trial has the traits of a bald head. The density then fits the start.
    """
    release, keyed, count = world.release, world.persons, len(index)
    outcome = world.trial.endpoint.outcome
    reference = reference_of(release, world.parameters, world.trials)
    limits = (LIMITS[outcome], COUNTED[outcome])
    alike = seen(reference.model, reference.start, *limits).cycling.sum(axis=(0, 1, 2))[index]
    spread = release.fixed("person-density-spread")
    target = _starts(world, alike, keyed.normal("start", count))
    beside = np.tile(index, CANDIDATES)
    drive, pace = (
        np.exp(
            release.fixed(f"person-{name}-spread")
            * np.concatenate([keyed.normal(f"{name}/{k}", count) for k in range(CANDIDATES)])
        )
        for name in ("drive", "pace")
    )
    whole = reference.model.pick(beside)
    own = replace(whole, shrink_probability=np.minimum(whole.shrink_probability * pace, 1.0))
    years = release.numbers("reference-years", world.parameters, world.trials)[beside]
    past = untreated_history(own, healthy_population(own), drive, YEAR_DAYS * years)
    follicles = reference.start.cycling.sum(axis=(0, 1, 2))
    past = past.scaled(follicles[beside] / past.cycling.sum(axis=(0, 1, 2)))
    counted = seen(own, past, *limits).cycling.sum(axis=(0, 1, 2)).reshape(CANDIDATES, count)
    far = np.log(counted / alike) - np.log(target / target.mean())
    likely = np.exp(-0.5 * (far / spread) ** 2) + 1e-300
    chance = np.cumsum(likely / likely.sum(axis=0), axis=0)
    chosen = (keyed.uniform("candidate", count) > chance).sum(axis=0).clip(max=CANDIDATES - 1)
    rows = chosen * count + np.arange(count)
    denser = target / counted[chosen, np.arange(count)]
    model = own.pick(rows)
    return (
        replace(model, follicles_per_cm2=model.follicles_per_cm2 * denser),
        past.pick(rows).scaled(denser),
        drive[rows],
    )


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


def field_of(world: World) -> float:
    """The area counted, in cm²."""
    return world.trial.field_cm2 or world.release.fixed("field-cm2")


def reading_error(world: World) -> Floats:
    """Coefficient of variation of a reading, by simulated trial."""
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
