"""One task: some simulated trials, from their people to what the statistician finds in each."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeVar

import numpy as np

from anagen.evidence import load_evidence
from anagen.posterior import Keyed, Release, current_release
from anagen.posterior.keyed import Floats
from anagen.predicting.design import reporting_shift
from anagen.trial.analysis import (
    Data,
    Estimates,
    Flags,
    ancova,
    change,
    paired,
    repeated,
    responder,
)
from anagen.trial.counts import count
from anagen.trial.people import World, people_of
from anagen.trial.schema import Trial

WORLDS: Final = ("real", "none", "design")
"""The treatment as the model has it; without any effect; with the same effect in every trial."""

FIELDS: Final = (
    *(f"{world}/{name}" for world in WORLDS for name in ("effect", "se", "df")),
    "truth",
    "gain_without_effect",
)
"""Rows of a task's result."""

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
        design_effect: difference at the endpoint that the world `design` has, in hairs per cm².
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
    arm, against = (_size(trial, name) for name in (trial.compare.arm, trial.compare.against))
    return arm + against


def _size(trial: Trial, name: str) -> int:
    return trial.sizes[[arm.id for arm in trial.arms].index(name)]


@cache
def the_release() -> Release:
    """The parameters that virtual people are drawn from."""
    return current_release(load_evidence().parameters)


def release_id() -> str:
    """Name of those parameters."""
    return the_release().id


Values = TypeVar("Values", Floats, Flags)


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
        seen: who has a count at each visit.
        reported: what a study without a control group reports besides, (trials,).
    """

    given: Floats
    without: Floats
    alone: Floats
    other: Floats | None
    truth: Floats
    seen: Flags
    reported: Floats


def sides_of(task: Task) -> Sides:
    """Simulate the people of a task, a block of them at a time."""
    people = people_in(task.trial)
    blocks = [
        _block(task, number, min(PEOPLE_PER_TASK, people - first))
        for number, first in enumerate(range(0, people, PEOPLE_PER_TASK))
    ]
    first, *more = blocks
    if not more:
        return first
    several = (first.other, *(block.other for block in more))
    return Sides(
        given=np.concatenate([block.given for block in blocks], axis=-1),
        without=np.concatenate([block.without for block in blocks], axis=-1),
        alone=np.concatenate([block.alone for block in blocks], axis=-1),
        other=None if first.other is None else np.concatenate(several, axis=-1),  # type: ignore[arg-type]
        truth=np.concatenate([block.truth for block in blocks], axis=-1),
        seen=np.concatenate([block.seen for block in blocks], axis=-1),
        reported=first.reported,
    )


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
    given, without = count(world, drawn, arm, "one"), count(world, drawn, against, "one")
    empty = replace(arm, components=(), schedules={})
    alike = not against.components and against.care == arm.care
    alone = without if alike else count(world, drawn, empty, "one")
    other = count(world, drawn, against, "other") if file.design == "split_scalp" else None
    visits = len(file.weeks)
    leaves = world.persons.uniform("leaves", len(drawn.trial)) < file.drop_out
    when = 1 + np.floor(world.persons.uniform("leaves/when", len(drawn.trial)) * visits)

    def each(values: Values) -> Values:
        return values.reshape(*values.shape[:-1], task.trials, people)

    return Sides(
        given=each(given.measured),
        without=each(without.measured),
        alone=each(alone.measured[-1] - alone.measured[0]),
        other=None if other is None else each(other.measured),
        truth=each(given.true[-1] - without.true[-1]),
        seen=each(np.stack([(visit < when) | ~leaves for visit in range(visits + 1)])),
        reported=reporting_shift(world.release, world.parameters, ("single_arm",), task.trials),
    )


def run_task(task: Task) -> Floats:
    """What each trial finds at each look, (FIELDS, looks, trials)."""
    sides, file = sides_of(task), task.trial
    grown = np.array([0.0, *file.weeks]) / file.endpoint.week
    shifted = sides.without + task.design_effect * grown[:, None, None]
    rows: list[Floats] = []
    for treated in (sides.given, sides.without, shifted):
        looks = [found_by(file, sides, treated, share) for share in shares_of(file)]
        rows += [np.stack([getattr(one, name) for one in looks]) for name in ("effect", "se", "df")]
    gain = sides.alone.mean(axis=1) + sides.reported
    last = (_truth(file, sides), gain)
    return np.stack([*rows, *(np.tile(one, (len(looks), 1)) for one in last)])


def shares_of(file: Trial) -> tuple[float, ...]:
    """Shares of the people who are in at each look, the last one all of them."""
    return (*(file.looks.at if file.looks else ()), 1.0)


def _truth(file: Trial, sides: Sides) -> Floats:
    """What the treatment truly does to the people of each trial: to their own other course."""
    percent = file.endpoint.responder_percent
    if file.analysis.method != "responder" or percent is None:
        return np.asarray(sides.truth.mean(axis=1))
    with_, without = (
        (one[-1] >= one[0] * (1.0 + percent / 100.0)).mean(axis=1)
        for one in (sides.given, sides.without)
    )
    return np.asarray(with_ - without)


def treated_of(file: Trial) -> Flags:
    """Who of the people of a trial is in the compared arm; on a split scalp everyone is."""
    people = np.arange(people_in(file))
    return people < _size(file, file.compare.arm)


def found_by(file: Trial, sides: Sides, treated: Floats, share: float) -> Estimates:
    """What the file's analysis finds when a share of the people is in.

    Args:
        file: the trial.
        sides: its people.
        treated: counts of the compared arm, in place of those of `sides`.
        share: of the people of each arm; they came in the order of their numbers.
    """
    among = treated_of(file)
    # The arms fill in step, so who is in follows from the place within an arm.
    place = np.where(among, np.cumsum(among) - 1, np.cumsum(~among) - 1)
    size = np.where(among, among.sum(), max((~among).sum(), 1))
    inside = sides.seen & (place < share * size)[None, None, :]
    if file.design == "split_scalp":
        assert sides.other is not None
        return paired(treated, sides.other, inside, file.analysis.method == "ancova")
    whole = np.tile(among, (treated.shape[1], 1))
    data = Data(np.where(whole[None], treated, sides.without), whole, inside)
    method = file.analysis.method
    if method == "responder":
        assert file.endpoint.responder_percent is not None
        return responder(data, file.endpoint.responder_percent)
    return {"ancova": ancova, "change": change, "repeated": repeated}[method](data)
