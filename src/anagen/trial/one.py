"""One simulated trial, as its statistician gets it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anagen.trial.expense import check_expense
from anagen.trial.model import SCHEMA_VERSION
from anagen.trial.power import design_effect
from anagen.trial.schema import Trial
from anagen.trial.sides import Sides, Task, release_id, sides_of
from anagen.trial.simulated import found_by, seen_of, shares_of, treated_of


@dataclass(frozen=True, slots=True)
class Look:
    """What the statistician finds at one look."""

    people: int
    effect: float
    se: float
    p_value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OneTrial:
    """One simulated trial.

    Attributes:
        looks: the analysis at each look, the last one with everybody.
        truth: what the treatment truly does to these people, which no trial can see.
    """

    schema_version: str
    trial: str
    number: int
    seed: int
    compared: tuple[str, str]
    looks: tuple[Look, ...]
    truth: float
    posterior_release: str


Row = tuple[int, str, int, float | None]
"""Person, arm, week and the endpoint as read; None where nobody came."""


def one_trial(trial: Trial, seed: int = 1, number: int = 0) -> tuple[OneTrial, Iterator[Row]]:
    """Simulate one trial: what is found, and the data that it is found in.

    Args:
        trial: the file.
        seed: seed of every random number.
        number: which of the trials that the seed has.

    Raises:
        TooLargeError: too many people.
    """
    check_expense(trial, 1, 1)
    sides = sides_of(Task(trial, seed, number, 1, design_effect(trial, seed)[0]))
    looks = []
    for share in shares_of(trial):
        found = found_by(trial, sides, sides.given, share)
        effect, half = float(found.effect[0]), float(found.half_width(trial.analysis.alpha)[0])
        looks.append(
            Look(
                people=round(share * sides.given.shape[-1]),
                effect=effect,
                se=float(found.se[0]),
                p_value=float(found.p_value()[0]),
                low=effect - half,
                high=effect + half,
            )
        )
    made = OneTrial(
        schema_version=SCHEMA_VERSION,
        trial=trial.title,
        number=number,
        seed=seed,
        compared=(trial.compare.arm, trial.compare.against),
        looks=tuple(looks),
        truth=float(sides.truth.mean()),
        posterior_release=release_id(),
    )
    return made, _rows(trial, sides)


def _rows(trial: Trial, sides: Sides) -> Iterator[Row]:
    among = treated_of(trial, sides)
    seen = seen_of(trial, sides, np.where(among[None], sides.given, sides.without))[:, 0]
    arm, against = trial.compare.arm, trial.compare.against
    for person in range(sides.given.shape[-1]):
        told = [(arm, sides.given)] if among[0, person] else [(against, sides.without)]
        if sides.other is not None:
            told.append((against, sides.other))
        for name, counts in told:
            for visit, week in enumerate((0, *trial.weeks)):
                count = None
                if seen[visit, person]:
                    count = float(np.round(counts[visit, 0, person], 1))
                yield person + 1, name, week, count
