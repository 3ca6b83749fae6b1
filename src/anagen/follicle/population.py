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

    def pick(self, draws: slice | NDArray[np.intp]) -> "Population":
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

    This is the state of waits that have no stages. Each phase has its own cohorts, oldest first; a
    cohort holds all that entered while the phase's clock ran over one span, evenly. The draws are
    the last axis.

    Attributes:
        entered: for each of PHASES, what entered with each cohort, (cohorts, lifts, classes,
            draws); some of it has left since.
        age_days: for each of PHASES, clock time since each cohort began, and a last row of 0,
            (cohorts + 1, draws). A cohort ends where the next one begins. One that began infinitely
            long ago is in equilibrium, and counts what was there when its span ended.
        outside: (2, classes, draws): dormant and lost.
    """

    entered: tuple[Floats, ...]
    age_days: tuple[Floats, ...]
    outside: Floats

    def pick(self, draws: slice) -> "Cohorts":
        """The same cohorts for some of the draws."""
        return Cohorts(
            tuple(entered[..., draws] for entered in self.entered),
            tuple(age[..., draws] for age in self.age_days),
            self.outside[..., draws],
        )


State = Population | Follicles | Cohorts
"""Where a run can begin or end: expectations by stage, every follicle, or expectations by age."""

CONDITIONS = (*PHASES, "dormant", "lost")
"""Everything that a follicle can be in."""


def left_out(model: FollicleModel, phase: Phase) -> bool:
    """Whether the model has no such phase; what would enter it goes straight through."""
    days = {"early_anagen": model.early_anagen_days, "latency": model.latency_days}.get(phase)
    return days is not None and not days.any()


def stage_counts(model: FollicleModel) -> dict[Phase, int]:
    """Stages of each phase; none where the phase is left out.

    Raises:
        UnsupportedModelError: a wait is not Erlang, so it has no exact chain of stages.
    """
    counts: dict[Phase, int] = {}
    for phase in PHASES:
        wait = model.waits[phase]
        if not isinstance(wait, Erlang):
            raise UnsupportedModelError(
                f"only Erlang waits have stages, and {phase} has a {type(wait).__name__} one; "
                "let simulate() start without a state, from a healthy scalp"
            )
        counts[phase] = 0 if left_out(model, phase) else wait.stages
    return counts


def stage_slices(model: FollicleModel) -> dict[Phase, slice]:
    """Where each phase's stages lie on the first axis of `Population.cycling`."""
    slices: dict[Phase, slice] = {}
    start = 0
    for phase, count in stage_counts(model).items():
        slices[phase] = slice(start, start + count)
        start += count
    return slices


def cycle_days(model: FollicleModel) -> dict[Phase, Floats]:
    """Mean time in each phase of a healthy follicle's cycle, (draws, classes).

    Stationary shares of a cycle are the shares of these, whatever the waits' laws (renewal theory).
    Equation B1.
    """
    anagen = model.anagen_mean_days()
    empty = model.latency_share[:, None]
    return {
        "early_anagen": empty * model.early_anagen_days[:, None] + 0.0 * anagen,
        "anagen": anagen,
        "telogen": model.telogen_days[:, None] + 0.0 * anagen,
        "latency": empty * model.latency_days[:, None] + 0.0 * anagen,
    }


def _healthy_by_phase(model: FollicleModel) -> dict[Phase, Floats]:
    """Follicles of each phase without androgen drive, (classes, draws)."""
    time = cycle_days(model)
    cycle = sum(time.values())
    follicles = model.follicles_per_cm2[:, None] * model.class_shares
    return {phase: (follicles * days / cycle).T for phase, days in time.items()}


def healthy_population(model: FollicleModel) -> Population:
    """The stationary population of a scalp without androgen drive, by stage.

    Inside an Erlang phase every stage holds the same.

    Raises:
        UnsupportedModelError: a wait is not Erlang.
    """
    slices = stage_slices(model)
    stages = sum(part.stop - part.start for part in slices.values())
    cycling = np.zeros((stages, MOST_LIFTS + 1, len(model.grid), model.draws))
    for phase, held in _healthy_by_phase(model).items():
        part = slices[phase]
        cycling[part, 0] = held / max(part.stop - part.start, 1)
    return Population(cycling, np.zeros((2, len(model.grid), model.draws)))


def healthy_cohorts(model: FollicleModel) -> Cohorts:
    """The same stationary population by clock time, for waits of any law.

    The time that is left in a phase then has the residual law, S integrated over the mean.
    """
    held = _healthy_by_phase(model)
    entered, age_days = [], []
    for phase in PHASES:
        cohorts = 0 if left_out(model, phase) else 1
        entered.append(held[phase][None, None][:cohorts])
        age = np.zeros((cohorts + 1, model.draws))
        age[:-1] = np.inf
        age_days.append(age)
    outside = np.zeros((2, len(model.grid), model.draws))
    return Cohorts(tuple(entered), tuple(age_days), outside)
