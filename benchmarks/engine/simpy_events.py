"""The work in SimPy: each follicle is a process that waits out its phases; a monitor counts weekly.

Full size would take seconds: time it with fewer follicles and scale by follicle-years. Needs simpy.
"""

from bisect import bisect_right
from collections.abc import Generator
from itertools import pairwise
from random import Random
from typing import Any, TypeAlias

import numpy as np
import simpy

from work import PHASES, WEEK_DAYS, Counts, Work

Process: TypeAlias = Generator[Any, None, None]


class Scalp:
    """Follicles in one SimPy environment, and their counts by phase."""

    def __init__(self, work: Work, seed: int) -> None:
        """An empty scalp."""
        self.environment = simpy.Environment()
        self.random = Random(seed)
        self.laws = list(zip(work.mu.tolist(), work.sigma.tolist(), strict=True))
        self.clocks = [_Clock(knots) for knots in work.clocks.tolist()] if work.treated else None
        self.now = [0] * len(PHASES)
        self.weekly: list[list[int]] = []

    def follicle(self, phase: int, left: float) -> Process:
        """Stay out the rest of the first phase, then go round."""
        while True:
            yield self.environment.timeout(self._wait(phase, left))
            self.now[phase] -= 1
            phase = (phase + 1) % len(PHASES)
            self.now[phase] += 1
            left = self.random.lognormvariate(*self.laws[phase])

    def monitor(self, weeks: int) -> Process:
        """Note the counts on day 0 and after each week."""
        self.weekly.append(self.now.copy())
        for _ in range(weeks):
            yield self.environment.timeout(WEEK_DAYS)
            self.weekly.append(self.now.copy())

    def _wait(self, phase: int, left: float) -> float:
        if self.clocks is None:
            return left
        clock = self.clocks[phase]
        day: float = self.environment.now
        return clock.day(clock.reading(day) + left) - day


class _Clock:
    """A phase's clock by day, and back; infinitely late after its last knot."""

    def __init__(self, knots: list[float]) -> None:
        self.knots = knots
        self.speeds = [after - before for before, after in pairwise(knots)]

    def reading(self, day: float) -> float:
        whole = int(day)
        return self.knots[whole] + (day - whole) * self.speeds[whole]

    def day(self, reading: float) -> float:
        whole = bisect_right(self.knots, reading) - 1
        if whole == len(self.speeds):
            return float("inf")
        return whole + (reading - self.knots[whole]) / self.speeds[whole]


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    scalp = Scalp(work, seed)
    phases, left = work.start(follicles, np.random.default_rng(seed))
    scalp.now = np.bincount(phases, minlength=len(PHASES)).tolist()
    for phase, duration in zip(phases.tolist(), left.tolist(), strict=True):
        scalp.environment.process(scalp.follicle(phase, duration))
    weeks = work.output_days.size - 1
    scalp.environment.run(until=scalp.environment.process(scalp.monitor(weeks)))
    return np.array(scalp.weekly)
