"""The people of a task, with what each would show in either arm."""

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from anagen.evidence import load_evidence
from anagen.posterior import Keyed, Release, current_release
from anagen.posterior.keyed import Floats
from anagen.predicting.design import reporting_shift
from anagen.trial.analysis import Flags
from anagen.trial.counts import count
from anagen.trial.people import World, people_of
from anagen.trial.schema import Trial

PEOPLE_PER_TASK: Final = 3000
"""People simulated in one go: about a second, and some 100 MB. More of one trial come in blocks."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some simulated trials.

    Attributes:
        trial: the file.
        seed: the user's.
        number: which task; with the seed it names all random numbers.
        trials: how many.
        design_effect: difference at the endpoint that the world `design` has, in its unit.
    """

    trial: Trial
    seed: int
    number: int
    trials: int
    design_effect: float


def trials_per_task(trial: Trial) -> int:
    """How many simulated trials are taken together."""
    return max(1, PEOPLE_PER_TASK // people_in(trial))


def people_in(trial: Trial) -> int:
    """People of the two arms that are compared."""
    if trial.design == "split_scalp":
        return trial.people
    arm, against = (arm_size(trial, name) for name in (trial.compare.arm, trial.compare.against))
    return arm + against


def arm_size(trial: Trial, name: str) -> int:
    """People of one arm."""
    return trial.sizes[[arm.id for arm in trial.arms].index(name)]


@cache
def the_release() -> Release:
    """The parameters that virtual people are drawn from."""
    return current_release(load_evidence().parameters)


def release_id() -> str:
    """Name of those parameters."""
    return the_release().id


@dataclass(frozen=True, slots=True)
class Sides:
    """What the people of a task show, (visits, trials, people) unless said otherwise.

    Attributes:
        given: counts with the compared arm's regimen.
        without: counts of the same scalps with the other arm's.
        alone: rise of everyone's count at the endpoint with the arm's care and no treatment,
            (trials, people).
        other: counts of the other side of each scalp with the other arm's; None without sides.
        truth: what the treatment truly changes at the endpoint, (trials, people).
        leaves: a uniform number that says who is lost, (trials, people).
        until: the first visit that those who are lost miss, (trials, people).
        sex, site: of each person, (trials, people).
        reported: what a study without a control group reports besides, (trials,).
    """

    given: Floats
    without: Floats
    alone: Floats
    other: Floats | None
    truth: Floats
    leaves: Floats
    until: Floats
    sex: Flags
    site: NDArray[np.intp]
    reported: Floats


def sides_of(task: Task) -> Sides:
    """Simulate the people of a task, a block of them at a time."""
    people = people_in(task.trial)
    blocks = [
        _block(task, number, min(PEOPLE_PER_TASK, people - first))
        for number, first in enumerate(range(0, people, PEOPLE_PER_TASK))
    ]
    first = blocks[0]
    if len(blocks) == 1:
        return first
    joined = {
        field.name: np.concatenate([getattr(block, field.name) for block in blocks], axis=-1)
        for field in fields(Sides)
        if field.name != "reported" and getattr(first, field.name) is not None
    }
    return replace(first, **joined)


def _block(task: Task, number: int, people: int) -> Sides:
    file, subject = task.trial, f"trial/{task.number}"
    world = World(
        trial=file,
        release=the_release(),
        parameters=Keyed(task.seed, subject),
        persons=Keyed(task.seed, f"{subject}/people/{number}"),
        trials=task.trials,
        people=people,
    )
    drawn = people_of(world)
    arm, against = (file.arm(name).given for name in (file.compare.arm, file.compare.against))
    empty = replace(arm, components=(), schedules={})
    alike = not against.components and against.care == arm.care
    regimens = (arm, against) if alike else (arm, against, empty)
    given, without, *more = count(world, drawn, regimens, "one")
    alone = more[0] if more else without
    other = count(world, drawn, (against,), "other")[0] if file.design == "split_scalp" else None
    visits = len(file.weeks)
    when = world.persons.uniform("leaves/when", len(drawn.trial))

    def each(values: NDArray[Any]) -> NDArray[Any]:
        return values.reshape(*values.shape[:-1], task.trials, people)

    return Sides(
        given=each(given.measured),
        without=each(without.measured),
        alone=each(alone.measured[-1] - alone.measured[0]),
        other=None if other is None else each(other.measured),
        truth=each(given.true[-1] - without.true[-1]),
        leaves=each(world.persons.uniform("leaves", len(drawn.trial))),
        until=each(1 + np.floor(when * visits)),
        sex=each(drawn.sex == 1),
        site=each(drawn.site),
        reported=_reported(world),
    )


def _reported(world: World) -> Floats:
    """What a study without a control group reports besides; only counts have it sized."""
    if not world.trial.is_count:
        return np.zeros(world.trials)
    return reporting_shift(world.release, world.parameters, ("single_arm",), world.trials)
