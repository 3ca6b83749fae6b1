"""Mean field: exact expectations of the follicle model.

Erlang waits are flows along a chain of stages: in one step a stage loses the share
stages × step × speed / mean, which gives the exact mean wait at any step; the error is of first
order in the step. Waits of any other law are renewal equations (`renewal`), of second order.
Arrays are stepped along the draws in blocks; in the chain a draw's numbers depend neither on its
block nor on its neighbours, and in the renewal equations only by rounding.
"""

from dataclasses import replace

import numpy as np

from anagen.follicle.flows import LIFTS, Entry, Stepper, clock_speeds, expect, stage_shares
from anagen.follicle.population import Population, healthy_population, stage_slices
from anagen.follicle.renewal import renewal
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import PHASES, Erlang, Floats, FollicleModel, Phase

BLOCK_DRAWS = 1200
"""Draws stepped together: enough to make a NumPy call worth its price, 3 MB of working arrays."""


def mean_field(task: Task) -> FollicleRun:
    """Expected follicles per cm² under signals, by stage or, where waits have none, by cohort.

    Raises:
        UnsupportedModelError: the start is a state of another method, or a population by stage of
            a model that has no stages.
    """
    erlang = all(isinstance(task.model.waits[phase], Erlang) for phase in PHASES)
    if erlang and (task.start is None or isinstance(task.start, Population)):
        return chain(task)
    return renewal(task)


def chain(task: Task) -> FollicleRun:
    """Expectations by stage, from a population by stage or a healthy scalp."""
    model, signals = task.model, task.signals
    start = task.start if isinstance(task.start, Population) else healthy_population(model)
    cycling, outside = start.cycling.copy(), start.outside.copy()

    def begin(block: slice) -> _Chain:
        return _Chain(model.pick(block), start.pick(block), signals.pick(block))

    def keep(stepper: _Chain, block: slice) -> None:
        cycling[:, : stepper.stages.shape[1], :, block] = stepper.stages
        outside[..., block] = stepper.outside

    run = expect(task, begin, keep, BLOCK_DRAWS)
    return replace(run, final=Population(cycling, outside))


class _Chain(Stepper):
    """Stages of every phase, one after the other on the first axis."""

    def __init__(self, model: FollicleModel, start: Population, signals: Signals) -> None:
        lifted = signals.lifts or bool(start.cycling[:, 1:].any())
        self.stages = start.cycling[:, : LIFTS if lifted else 1].copy()
        self.outside = start.outside.copy()
        self.shed = np.zeros_like(start.outside[0])
        self._flow = np.empty_like(self.stages)
        self._slices = stage_slices(model)
        self._model, self._signals = model, signals
        self._shares = stage_shares(model, signals.step_days)
        self._speeds = clock_speeds(model, signals)
        self._entry = Entry.of(model)
        self._leaves = model.dormancy_probability > 0 or bool(start.outside.any())

    def by_phase(self) -> Floats:
        """Follicles by phase and class, summed over stages and lifts."""
        return np.stack([self.stages[self._slices[phase]].sum(axis=(0, 1)) for phase in PHASES])

    def advance(self, step: int) -> None:
        """Move every stage's share on, and pass what leaves each phase to the next."""
        stages, flow = self.stages, self._flow
        for phase in self._shares:
            part = self._slices[phase]
            # A stage cannot lose more than it holds, however fast its clock runs.
            share = np.minimum(self._shares[phase] * self._speeds[phase][step], 1.0)
            np.multiply(stages[part], share, out=flow[part])
        stages -= flow
        for phase in self._shares:
            part = self._slices[phase]
            stages[part.start + 1 : part.stop] += flow[part.start : part.stop - 1]
        self._turn(step)

    def _turn(self, step: int) -> None:
        """Pass the flows out of each phase on to the next."""
        signals, flow, part = self._signals, self._flow, self._slices
        drive = signals.drive[step]
        shed = flow[part["telogen"].stop - 1]
        self.shed += shed.sum(axis=0)
        back: Floats | None = None
        if self._leaves:
            falling, back = self._leave(shed, drive)
            shed = shed - falling
        self.stages[part["telogen"].start] += flow[part["anagen"].stop - 1]
        empty = shed * self._model.latency_share
        waking = self._through("latency", empty)
        if back is not None:
            waking = waking.copy()
            waking[0] += back
        entry = self._through("early_anagen", waking) + (shed - empty)
        self.stages[part["anagen"].start] += self._entry.route(
            entry, drive, signals.lift_probability[step], signals.lift_support[step]
        )

    def _through(self, phase: Phase, inward: Floats) -> Floats:
        """Let a flow into a phase; the flow out of it. A phase left out passes it on."""
        if phase not in self._shares:
            return inward
        part = self._slices[phase]
        self.stages[part.start] += inward
        return np.asarray(self._flow[part.stop - 1])

    def _leave(self, shed: Floats, drive: Floats) -> tuple[Floats, Floats]:
        """Let follicles fall dormant, wake, get lost and revive; those that fall, those back."""
        model, step = self._model, self._signals.step_days
        falling = shed * np.minimum(model.dormancy_probability * drive, 1.0)
        dormant, lost = self.outside
        woken, gone = dormant * (step / model.dormant_days), dormant * (step * model.loss_rate)
        revived = lost * (step * model.revival_rate)
        dormant += falling.sum(axis=0) - woken - gone
        lost += gone - revived
        return falling, woken + revived
