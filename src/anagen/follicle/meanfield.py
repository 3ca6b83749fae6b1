"""Mean field: exact expectations of the follicle model, by explicit flows along a chain of stages.

In one step a stage loses the share stages × step × speed / mean, which gives the exact mean wait at
any step. Arrays are stepped along the draws in blocks; a draw's numbers depend neither on its block
nor on its neighbours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.follicle.history import landing_shares
from anagen.follicle.population import Population, healthy_population, stage_slices
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import (
    LARGEST_PROBABILITY,
    MOST_LIFTS,
    PHASES,
    Floats,
    FollicleModel,
    Phase,
    UnsupportedModelError,
)

BLOCK_DRAWS = 1000
"""Draws stepped together: enough to make a NumPy call worth its price, 3 MB of working arrays."""

LIFTS = MOST_LIFTS + 1


def mean_field(task: Task) -> FollicleRun:
    """Expected follicles per cm² under signals.

    Raises:
        UnsupportedModelError: a wait is not Erlang, or the start is not a population by stage.
    """
    model, signals, steps = task.model, task.signals, task.steps
    start = healthy_population(model) if task.start is None else task.start
    if not isinstance(start, Population):
        raise UnsupportedModelError("expectations by stage begin from a Population")
    classes, draws = len(model.grid), model.draws
    density = np.empty((len(steps), len(PHASES), classes, draws))
    outside = np.empty((len(steps), 2, classes, draws))
    shed = np.zeros((len(steps), classes, draws))
    cycling, left = start.cycling.copy(), start.outside.copy()

    for low in range(0, draws, BLOCK_DRAWS):
        block = slice(low, min(low + BLOCK_DRAWS, draws))
        stepper = _Stepper(model.pick(block), start.pick(block), signals.pick(block))
        for row in stepper.outputs(task.first, steps):
            density[row, ..., block] = stepper.by_phase()
            outside[row, ..., block] = stepper.outside
            shed[row, ..., block] = stepper.shed
        cycling[:, : stepper.lifts, :, block] = stepper.stages
        left[..., block] = stepper.outside

    since = np.diff(task.days, prepend=task.days[:1])
    return FollicleRun(
        days=task.days,
        density=density,
        outside=outside,
        shed_per_day=shed / np.where(since > 0, since, 1.0)[:, None, None],
        growth_um_per_day=task.growth(),
        final=Population(cycling, left),
        grid=model.grid,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What happens when anagen starts: relapse, then shrinking, else lifting. Equations F3–F5."""

    shrink: Floats
    landing: tuple[Floats, ...]
    relapse: Floats

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


def _forget(arrived: Floats) -> None:
    """A follicle cannot have been lifted by more classes than lie below it."""
    for level in range(1, LIFTS):
        for group in range(level):
            arrived[group, group] += arrived[level, group]
            arrived[level, group] = 0.0


class _Stepper:
    """One block of draws on its way through the steps. Mutable, and never leaves this module."""

    def __init__(self, model: FollicleModel, start: Population, signals: Signals) -> None:
        lifted = signals.lifts or bool(start.cycling[:, 1:].any())
        self.lifts = LIFTS if lifted else 1
        self.stages = start.cycling[:, : self.lifts].copy()
        self.outside = start.outside.copy()
        self.shed = np.zeros_like(start.outside[0])
        self._flow = np.empty_like(self.stages)
        self._slices = stage_slices(model)
        self._model, self._clocks = model, signals
        self._shares = self._base_shares()
        self._anagen_speed = (
            np.exp(model.anagen_drive_log * signals.drive)
            * np.exp(model.inflammation_anagen_log * signals.inflammation)
            * signals.anagen_speed
        )
        self._entry = self._entry_rules()
        self._leaves = model.dormancy_probability > 0 or bool(start.outside.any())

    def _base_shares(self) -> dict[Phase, Floats]:
        model, step = self._model, self._clocks.step_days
        means = {
            "early_anagen": model.early_anagen_days[None],
            "anagen": model.anagen_mean_days().T,
            "telogen": model.telogen_days[None],
            "latency": model.latency_days[None],
        }
        return {
            phase: (self._slices[phase].stop - self._slices[phase].start) * step / means[phase]
            for phase in PHASES
        }

    def _entry_rules(self) -> _Entry:
        model = self._model
        classes = len(model.grid)
        landing = landing_shares(model.shrink_extra, classes)
        by_drop = tuple(
            np.stack([landing[target + drop, target] for target in range(classes - drop)])
            for drop in range(1, classes)
        )
        return _Entry(
            shrink=model.shrink_chance().T,
            landing=by_drop,
            relapse=model.relapse_probability,
        )

    def outputs(self, first: int, steps: Sequence[int]) -> Iterator[int]:
        """Step on to each output step in turn, and stop there with its row number."""
        done = first
        for row, wanted in enumerate(steps):
            if row:
                self.shed[:] = 0.0
            while done < wanted:
                self._advance(done)
                done += 1
            if row == 0:
                self.shed[:] = 0.0
            yield row

    def by_phase(self) -> Floats:
        """Follicles by phase and class, summed over stages and lifts."""
        return np.stack([self.stages[self._slices[phase]].sum(axis=(0, 1)) for phase in PHASES])

    def _advance(self, step: int) -> None:
        signals, stages, flow = self._clocks, self.stages, self._flow
        speed = {
            "early_anagen": 1.0,
            "anagen": self._anagen_speed[step],
            "telogen": signals.telogen_speed[step],
            "latency": signals.latency_speed[step],
        }
        for phase in PHASES:
            part = self._slices[phase]
            # A stage cannot lose more than it holds, however fast its clock runs.
            share = np.minimum(self._shares[phase] * speed[phase], 1.0)
            np.multiply(stages[part], share, out=flow[part])
        stages -= flow
        for phase in PHASES:
            part = self._slices[phase]
            stages[part.start + 1 : part.stop] += flow[part.start : part.stop - 1]
        self._turn(step)

    def _turn(self, step: int) -> None:
        """Pass the flows out of each phase on to the next."""
        signals, stages, flow, part = self._clocks, self.stages, self._flow, self._slices
        drive = signals.drive[step]
        shed = flow[part["telogen"].stop - 1]
        self.shed += shed.sum(axis=0)
        waking = flow[part["latency"].stop - 1]
        if self._leaves:
            waking = waking + 0.0
            shed = shed - self._leave(shed, drive, waking)
        stages[part["telogen"].start] += flow[part["anagen"].stop - 1]
        empty = shed * self._model.latency_share
        stages[part["latency"].start] += empty
        stages[part["early_anagen"].start] += waking
        entry = flow[part["early_anagen"].stop - 1] + (shed - empty)
        stages[part["anagen"].start] += self._entry.route(
            entry, drive, signals.lift_probability[step], signals.lift_support[step]
        )

    def _leave(self, shed: Floats, drive: Floats, waking: Floats) -> Floats:
        """Let follicles fall dormant, wake, get lost and revive; those back join `waking`."""
        model, step = self._model, self._clocks.step_days
        falling = shed * np.minimum(model.dormancy_probability * drive, 1.0)
        dormant, lost = self.outside
        woken, gone = dormant * (step / model.dormant_days), dormant * (step * model.loss_rate)
        revived = lost * (step * model.revival_rate)
        dormant += falling.sum(axis=0) - woken - gone
        lost += gone - revived
        waking[0] += woken + revived
        return falling
