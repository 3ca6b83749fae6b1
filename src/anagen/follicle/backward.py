"""The mean field run backwards: what a follicle of each state will be worth on a later day.

The chain is linear, so the expected later sum over follicles of any worth is a sum over today's
follicles of another worth, and that one follows from the transposed steps, last step first. One
such run serves every start, where the forward run would take each part of the start apart.
"""

import numpy as np

from anagen.follicle.flows import Entry, clock_speeds, stage_shares
from anagen.follicle.population import Population, stage_slices
from anagen.follicle.signals import Signals
from anagen.follicle.simulate import allowed
from anagen.follicle.spec import Floats, FollicleModel, Phase, UnsupportedModelError

BLOCK_DRAWS = 600
"""Draws stepped together."""


def earlier_worth(
    model: FollicleModel, signals: Signals, worth: Floats, first_day: float, last_day: float
) -> Floats:
    """Worth of each state on the first day that gives the expected worth on the last.

    The sum of `worth` times a population's state on `last_day` is, for any population, the sum of
    the answer times its state on `first_day`.

    Args:
        model: parameters; waits must be Erlang, and no follicle may fall dormant.
        signals: what acts, from day 0.
        worth: of a follicle of each state on the last day, (stages, lifts, classes, draws), all
            lifts of a class and stage alike.
        first_day: day of the signals, taken at the nearest step, as is the last.
        last_day: day of `worth`.

    Raises:
        UnsupportedModelError: follicles leave the cycle.
    """
    if model.dormancy_probability > 0:
        raise UnsupportedModelError("follicles that fall dormant can't be run backwards")
    signals = allowed(model, signals.spread(model.draws))
    first, last = (round(day / signals.step_days) for day in (first_day, last_day))
    found = np.empty_like(worth)
    for low in range(0, model.draws, BLOCK_DRAWS):
        block = slice(low, min(low + BLOCK_DRAWS, model.draws))
        stepper = _Backward(model.pick(block), signals.pick(block), worth[..., block])
        for step in range(last - 1, first - 1, -1):
            stepper.retreat(step)
        found[..., block] = stepper.worth
    return found


def sum_of(worth: Floats, population: Population) -> Floats:
    """What a population is worth, (draws,)."""
    return np.asarray(np.einsum("slcd,slcd->d", worth, population.cycling))


class _Backward:
    """Worth of every state, going back step by step. Mutable; never leaves this room."""

    def __init__(self, model: FollicleModel, signals: Signals, worth: Floats) -> None:
        self._model, self._signals = model, signals
        self._slices = stage_slices(model)
        self._speeds = clock_speeds(model, signals)
        self._entry = Entry.of(model)
        self._shares = stage_shares(model, signals.step_days)
        self.worth = worth.copy()
        self._gain = np.empty_like(worth)

    def retreat(self, step: int) -> None:
        """Go back over one step: each stage's worth moves towards that of where it flows."""
        worth, gain = self.worth, self._gain
        for phase in self._shares:
            part = self._slices[phase]
            np.subtract(
                worth[part.start + 1 : part.stop],
                worth[part.start : part.stop - 1],
                out=gain[part.start : part.stop - 1],
            )
        for phase, onwards in self._ends(step).items():
            last = self._slices[phase].stop - 1
            np.subtract(onwards, worth[last], out=gain[last])
        for phase in self._shares:
            part = self._slices[phase]
            share = np.minimum(self._shares[phase] * self._speeds[phase][step], 1.0)
            gain[part] *= share
        worth += gain

    def _ends(self, step: int) -> dict[Phase, Floats]:
        """What flows out of the last stage of each phase is worth."""
        signals, slices = self._signals, self._slices
        entering = self._entry.worth(
            self.worth[slices["anagen"].start],
            signals.drive[step],
            signals.lift_probability[step],
            signals.lift_support[step],
        )
        found = {"anagen": self.worth[slices["telogen"].start]}
        waking = entering
        if "early_anagen" in self._shares:
            found["early_anagen"] = entering
            waking = self.worth[slices["early_anagen"].start]
        empty = waking
        if "latency" in self._shares:
            found["latency"] = waking
            empty = self.worth[slices["latency"].start]
        share = self._model.latency_share
        found["telogen"] = share * empty + (1.0 - share) * entering
        return found  # type: ignore[return-value]
