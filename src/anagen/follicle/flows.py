"""What the two solvers of expectations share: clocks, the rules at the start of anagen, the run."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from anagen.follicle.history import landing_shares
from anagen.follicle.population import stage_slices
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import (
    LARGEST_PROBABILITY,
    MOST_LIFTS,
    PHASES,
    Floats,
    FollicleModel,
    Phase,
)

LIFTS = MOST_LIFTS + 1
"""Levels of lifting: none, one, two."""


def clock_speeds(model: FollicleModel, signals: Signals) -> dict[Phase, Floats]:
    """Speed of each phase's clock in each step, (steps, draws). Equation F2."""
    anagen = (
        np.exp(model.anagen_drive_log * signals.drive)
        * np.exp(model.inflammation_anagen_log * signals.inflammation)
        * signals.anagen_speed
    )
    return {
        "early_anagen": np.ones_like(anagen),
        "anagen": anagen,
        "telogen": signals.telogen_speed,
        "latency": signals.latency_speed,
    }


def stage_shares(model: FollicleModel, step_days: float) -> dict[Phase, Floats]:
    """Share of each stage that leaves it in a step at speed 1, by those phases that have stages.

    Each is (1 or classes, draws). A phase of several Erlang stages has a mean wait of them all.
    """
    slices = stage_slices(model)
    means = {
        "early_anagen": model.early_anagen_days[None],
        "anagen": model.anagen_mean_days().T,
        "telogen": model.telogen_days[None],
        "latency": model.latency_days[None],
    }
    counts = {phase: slices[phase].stop - slices[phase].start for phase in PHASES}
    return {phase: count * step_days / means[phase] for phase, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens when anagen starts: relapse, then shrinking, else lifting. Equations F3–F5."""

    shrink: Floats
    landing: tuple[Floats, ...]
    relapse: Floats

    @classmethod
    def of(cls, model: FollicleModel) -> "Entry":
        """The rules of a model."""
        classes = len(model.grid)
        landing = landing_shares(model.shrink_extra, classes)
        by_drop = tuple(
            np.stack([landing[target + drop, target] for target in range(classes - drop)])
            for drop in range(1, classes)
        )
        return cls(
            shrink=model.shrink_chance().T, landing=by_drop, relapse=model.relapse_probability
        )

    def route(self, entry: Floats, drive: Floats, lift: Floats, support: Floats) -> Floats:
        """The entering flow (lifts, classes, draws) after its change of class; changes `entry`."""
        arrived = np.zeros_like(entry)
        if entry.shape[0] > 1:
            gone = self.relapse * (1.0 - support)
            for level in range(1, LIFTS):
                falling = entry[level, level:] * gone
                entry[level, level:] -= falling
                arrived[0, : falling.shape[0]] += falling
        shrinking = entry * np.minimum(self.shrink * drive, LARGEST_PROBABILITY)
        entry -= shrinking
        for drop in range(1, entry.shape[1]):
            arrived[:, :-drop] += self.landing[drop - 1] * shrinking[:, drop:]
        if entry.shape[0] > 1:
            _forget(arrived)
            rising = entry[:, :-1] * lift
            entry[:, :-1] -= rising
            for level in range(LIFTS):
                arrived[min(level + 1, MOST_LIFTS), 1:] += rising[level]
        arrived += entry
        return arrived

    def worth(self, arrived: Floats, drive: Floats, lift: Floats, support: Floats) -> Floats:
        """What an entering follicle of each state is worth: `route` transposed.

        Args:
            arrived: worth of a follicle by lifts and class after its change of class.
            drive: androgen drive in the step.
            lift: probability to be lifted.
            support: how far earlier lifts are held.
        """
        lifted = arrived.shape[0] > 1
        landed = arrived
        stays = arrived
        if lifted:
            landed = arrived.copy()
            for level in range(1, LIFTS):
                for group in range(min(level, arrived.shape[1])):
                    landed[level, group] = arrived[group, group]
            stays = arrived.copy()
            for level in range(LIFTS):
                rises = arrived[min(level + 1, MOST_LIFTS), 1:] - arrived[level, :-1]
                stays[level, :-1] += lift * rises
        shrunk = np.zeros_like(arrived)
        for drop in range(1, arrived.shape[1]):
            shrunk[:, drop:] += self.landing[drop - 1] * landed[:, :-drop]
        shrinking = np.minimum(self.shrink * drive, LARGEST_PROBABILITY)
        found: Floats = stays + shrinking * (shrunk - stays)
        if lifted:
            gone = self.relapse * (1.0 - support)
            for level in range(1, LIFTS):
                fallen = landed[0, : arrived.shape[1] - level]
                found[level, level:] += gone * (fallen - found[level, level:])
        return found


def _forget(arrived: Floats) -> None:
    """A follicle cannot have been lifted by more classes than lie below it."""
    for level in range(1, LIFTS):
        for group in range(min(level, arrived.shape[1])):
            arrived[group, group] += arrived[level, group]
            arrived[level, group] = 0.0


class Stepper(ABC):
    """One block of draws on its way through the steps. Mutable; never leaves this room.

    Attributes:
        outside: dormant and lost, (2, classes, draws).
        shed: hairs shed since the last output, (classes, draws).
    """

    outside: Floats
    shed: Floats

    @abstractmethod
    def advance(self, step: int) -> None:
        """Go through one step of the signals."""

    @abstractmethod
    def by_phase(self) -> Floats:
        """Follicles now, (phases, classes, draws)."""

    def outputs(self, first: int, steps: Sequence[int]) -> Iterator[int]:
        """Step on to each output step in turn, and stop there with its row number."""
        done = first
        for row, wanted in enumerate(steps):
            if row:
                self.shed[:] = 0.0
            while done < wanted:
                self.advance(done)
                done += 1
            if row == 0:
                self.shed[:] = 0.0
            yield row


Kind = TypeVar("Kind", bound=Stepper)


def expect(
    task: Task,
    begin: Callable[[slice], Kind],
    keep: Callable[[Kind, slice], None],
    block_draws: int,
) -> FollicleRun:
    """Run the draws block by block; `keep` gets each block at its end. The run has no `final`."""
    steps, classes, draws = task.steps, len(task.model.grid), task.model.draws
    density = np.empty((len(steps), len(PHASES), classes, draws))
    outside = np.empty((len(steps), 2, classes, draws))
    shed = np.zeros((len(steps), classes, draws))
    for low in range(0, draws, block_draws):
        block = slice(low, min(low + block_draws, draws))
        stepper = begin(block)
        for row in stepper.outputs(task.first, steps):
            density[row, ..., block] = stepper.by_phase()
            outside[row, ..., block] = stepper.outside
            shed[row, ..., block] = stepper.shed
        keep(stepper, block)
    since = np.diff(task.days, prepend=task.days[:1])
    return FollicleRun(
        days=task.days,
        density=density,
        outside=outside,
        shed_per_day=shed / np.where(since > 0, since, 1.0)[:, None, None],
        model=task.model,
        drive=task.drive(),
        final=None,
    )
