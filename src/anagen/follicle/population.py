"""The state of a population: follicles per cm² by stage, lift level and diameter class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.spec import (
    MOST_LIFTS,
    PHASES,
    Erlang,
    Floats,
    FollicleModel,
    Phase,
    UnsupportedModelError,
)


@dataclass(frozen=True, slots=True)
class Population:
    """Expected follicles per cm².

    The draws are the last axis here, and only here: the methods step along it.

    Attributes:
        cycling: (stages, lifts, classes, draws); the stages of all phases in the order of PHASES.
        outside: (2, classes, draws): dormant and lost.
    """

    cycling: Floats
    outside: Floats

    def pick(self, draws: slice) -> "Population":
        """The same population for some of the draws."""
        return Population(self.cycling[..., draws], self.outside[..., draws])

    def scaled(self, factor: Floats) -> "Population":
        """Every density times a factor, one for each draw."""
        return Population(self.cycling * factor, self.outside * factor)


@dataclass(frozen=True, slots=True)
class Follicles:
    """The state of every follicle that is followed; every array has shape (draws, follicles).

    Attributes:
        phase: number of the phase in CONDITIONS.
        group: index of the diameter class.
        lifts: classes that it was lifted by and that may still be lost again.
        cycle: number of its cycle; it names the follicle's next random numbers.
        age_days: time since the phase began.
        left_clock_days: what the phase's clock still has to run; days at speed 1.
    """

    phase: NDArray[np.uint8]
    group: NDArray[np.uint8]
    lifts: NDArray[np.uint8]
    cycle: NDArray[np.uint32]
    age_days: Floats
    left_clock_days: Floats


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Expected follicles per cm² by the clock time since they entered their phase.

    This is the state of waits that have no stages. The draws are the last axis.

    Attributes:
        mass: (phases, ages, lifts, classes, draws), phases in the order of PHASES.
        age_days: clock time in the phase of each age, (phases, ages, draws).
        outside: (2, classes, draws): dormant and lost.
    """

    mass: Floats
    age_days: Floats
    outside: Floats


State = Population | Follicles | Cohorts
"""Where a run can begin or end: expectations by stage, every follicle, or expectations by age."""

CONDITIONS = (*PHASES, "dormant", "lost")
"""Everything that a follicle can be in."""


def stage_counts(model: FollicleModel) -> dict[Phase, int]:
    """Stages of each phase.

    Raises:
        UnsupportedModelError: a wait is not Erlang, so it has no exact chain of stages.
    """
    counts: dict[Phase, int] = {}
    for phase in PHASES:
        wait = model.waits[phase]
        if not isinstance(wait, Erlang):
            raise UnsupportedModelError(
                f"meanfield needs Erlang waits; {phase} has a {type(wait).__name__} one"
            )
        counts[phase] = wait.stages
    return counts


def stage_slices(model: FollicleModel) -> dict[Phase, slice]:
    """Where each phase's stages lie on the first axis of `Population.cycling`."""
    slices: dict[Phase, slice] = {}
    start = 0
    for phase, count in stage_counts(model).items():
        slices[phase] = slice(start, start + count)
        start += count
    return slices


def healthy_population(model: FollicleModel) -> Population:
    """The stationary population of a scalp without androgen drive.

    Stationary shares of a cycle are the shares of mean durations, whatever the waits' laws
    (renewal theory); inside an Erlang phase every stage holds the same. Equation B1.
    """
    slices = stage_slices(model)
    anagen = model.anagen_mean_days()
    empty = model.latency_share[:, None]
    time = {
        "early_anagen": empty * model.early_anagen_days[:, None] + 0.0 * anagen,
        "anagen": anagen,
        "telogen": model.telogen_days[:, None] + 0.0 * anagen,
        "latency": empty * model.latency_days[:, None] + 0.0 * anagen,
    }
    cycle = sum(time.values())
    follicles = model.follicles_per_cm2[:, None] * model.class_shares
    stages = sum(part.stop - part.start for part in slices.values())
    cycling = np.zeros((stages, MOST_LIFTS + 1, len(model.grid), model.draws))
    for phase, part in slices.items():
        count = part.stop - part.start
        cycling[part, 0] = (follicles * time[phase] / cycle / count).T
    return Population(cycling, np.zeros((2, len(model.grid), model.draws)))
