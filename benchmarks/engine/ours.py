"""Our engine at the work: through the one public call, and from the inside.

`Case` is a model with its signals, built once; calling it is what a user would call. `run` has the
form of every rival. `Inside` times what is compiled alone, without the call around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from anagen import baseline
from anagen.follicle import (
    EXPONENTIAL,
    DiameterGrid,
    FollicleModel,
    FollicleRun,
    LogNormal,
    Population,
    Signals,
    simulate,
    untreated,
)
from anagen.follicle.events import arrays, compiled
from anagen.follicle.events.tables import SHED, Tables
from anagen.follicle.run import Task
from work import FOLLICLES, PHASES, TREATED, Array, Counts, Work

EARLY_ANAGEN_DAYS = 23.0
DRIVE = 0.9
"""Androgen drive of an early loss."""

ARMS = ("none", "exosome", "prp", "minoxidil", "finasteride")
DRAWS, FOLLICLES_PER_DRAW, FORECAST_DAYS = 1000, 2000, 365.0


@dataclass(frozen=True)
class Case:
    """A model, what acts on it, and where it starts."""

    model: FollicleModel
    signals: Signals
    days: float
    follicles: int = FOLLICLES
    start: Population | None = None

    def __call__(
        self, method: str = "events", *, seed: int = 1, threads: int = 1, follicles: int = 0
    ) -> FollicleRun:
        """Simulate; weekly outputs."""
        return simulate(
            self.model,
            self.signals,
            follicles or self.follicles,
            self.days,
            method,
            start=self.start,
            seed=seed,
            threads=threads,
        )

    def task(self) -> Task:
        """The same as a method gets it."""
        steps = range(0, round(self.days / self.signals.step_days) + 1, 7)
        return Task(
            model=self.model,
            signals=self.signals,
            start=self.start,
            first=0,
            steps=tuple(steps),
            follicles=self.follicles,
            seed=1,
            subject="scalp",
            first_draw=0,
            threads=1,
            keep=False,
        )


class Inside:
    """One case with its tables made: only the passes over follicles are left to do."""

    def __init__(self, case: Case) -> None:
        """Make the tables."""
        task = case.task()
        self.tables = Tables.of(task)
        self.work = (0, 1, 0, case.follicles)
        self.counts = np.zeros((1, len(task.steps), SHED + 1, len(case.model.grid)), np.int32)

    def compiled(self) -> None:
        """The compiled passes."""
        compiled.advance(self.work, self.tables, self.counts)

    def arrays(self) -> None:
        """The same passes on NumPy arrays, without a compiler."""
        arrays.advance(self.work, self.tables, self.counts)


@cache
def case(name: str) -> Case:
    """The works by name: `untreated`, `treated`, `full`."""
    return _full() if name == "full" else _plain(name)


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    result = case(work.name)(seed=seed, follicles=follicles)
    first = 1  # no follicle of this work is ever in early anagen
    fractions = result.density[:, first:, 0, 0] / result.model.follicles_per_cm2
    return np.rint(fractions * follicles).astype(np.int64)


def forecasts(threads: int) -> list[FollicleRun]:
    """A person's forecast: five arms of a thousand draws of the full model, for a year."""
    return [one(threads=threads) for one in forecast_cases()]


@cache
def forecast_cases() -> Sequence[Case]:
    """The forecast's arms, everything built but the follicles."""
    base = baseline("early", draws=DRAWS)
    return [
        Case(
            base.model,
            base.signals(FORECAST_DAYS, arm=arm),
            FORECAST_DAYS,
            FOLLICLES_PER_DRAW,
            base.start,
        )
        for arm in ARMS
    ]


def _plain(name: str) -> Case:
    work = {"treated": TREATED}.get(name)
    model = FollicleModel(**_cycle(), **_one_class())
    still = untreated(np.zeros(1), TREATED.days, 1.0)
    return Case(model, still if work is None else _treated(still, work.speed), TREATED.days)


def _full() -> Case:
    """The whole model on the same population: the numbers are rounded means of the release."""
    model = FollicleModel(
        **{**_cycle(), "early_anagen_days": EARLY_ANAGEN_DAYS},
        class_shares=np.array([0.03, 0.04, 0.07, 0.08, 0.35, 0.43]),
        latency_share=np.array(0.8),
        anagen_power=np.array(2.0),
        anagen_drive_log=np.array(1.2),
        shrink_probability=np.array(0.1),
        shrink_slope=np.array(0.34),
        shrink_extra=np.array(0.3),
        relapse_probability=np.array(0.66),
    )
    signals = _treated(untreated(np.full(1, DRIVE), TREATED.days, 1.0), TREATED.speed)
    onset = 1 - np.exp(-(np.arange(TREATED.days) + 0.5) / 30)
    lifting = replace(
        signals,
        lift_probability=0.05 * onset[:, None],
        lift_support=0.8 * onset[:, None],
    )
    return Case(model, lifting, TREATED.days)
