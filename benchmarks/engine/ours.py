"""Our engine at the work: through the one public call, and from the inside.

A `Case` is a model with its signals, built once; calling it is what a user calls. `run` has the
form of every rival. `Inside` is what is compiled, without the call around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

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
from anagen.follicle.signals import TABLES
from anagen.follicle.spec import PHASES as ALL_PHASES
from work import (
    FOLLICLES,
    PHASES,
    QUARTER_WEEKS,
    TREATED,
    WEEK_DAYS,
    Agreement,
    Counts,
    Work,
)

DRIVE = 0.9
"""Androgen drive of an early loss."""

ARMS = ("none", "exosome", "prp", "minoxidil", "finasteride")
DRAWS, FOLLICLES_PER_DRAW, FORECAST_DAYS = 1000, 2000, 364.0


RARE = 1e-3
"""Cells with a smaller share of the follicles hold too few for a normal error."""


@dataclass(frozen=True)
class Case:
    """A model, what acts on it, and where it starts."""

    model: FollicleModel
    signals: Signals
    days: float
    follicles: int = FOLLICLES
    start: Population | None = None

    def __call__(self, *, follicles: int = 0, seed: int = 1, threads: int = 1) -> FollicleRun:
        """Follow follicles, with weekly outputs."""
        return simulate(
            self.model,
            self.signals,
            follicles or self.follicles,
            self.days,
            "events",
            start=self.start,
            seed=seed,
            threads=threads,
        )

    def expected(self, finer: int = 1) -> FollicleRun:
        """Expectations at the same days, by the mean field on steps so many times finer."""
        signals = self.signals
        if finer > 1:
            tables = {name: np.repeat(getattr(signals, name), finer, axis=0) for name in TABLES}
            signals = Signals(**tables, step_days=signals.step_days / finer)
        return simulate(self.model, signals, days=self.days, start=self.start)

    def agreement(self, follicles: int = 0, finer: int = 1) -> Agreement:
        """How far counts by phase and class, as means over draws, lie from expectations."""
        found = self(follicles=follicles)
        scale = self.model.follicles_per_cm2
        expected = self.expected(finer).density / scale
        variance = (expected * (1 - expected)).mean(axis=-1)
        error = np.sqrt(variance / (self.model.draws * (follicles or self.follicles)))
        difference = np.abs((found.density / scale - expected).mean(axis=-1))
        common = expected.mean(axis=-1) > RARE
        z = difference[::QUARTER_WEEKS][common[::QUARTER_WEEKS]]
        z = z / error[::QUARTER_WEEKS][common[::QUARTER_WEEKS]]
        return Agreement(float(z.max()), z.size, float(difference.max()))


class Inside:
    """A case with its tables made, so that only the passes over its follicles are left to do."""

    def __init__(self, case: Case) -> None:
        """Make the tables."""
        steps = range(0, round(case.days / case.signals.step_days) + 1, WEEK_DAYS)
        task = Task(
            model=case.model,
            signals=case.signals,
            start=case.start,
            first=0,
            steps=tuple(steps),
            follicles=case.follicles,
            seed=1,
            subject="scalp",
            first_draw=0,
            threads=1,
            keep=False,
        )
        self.tables = Tables.of(task)
        self.share = (0, 1, 0, case.follicles)
        self.shape = (1, len(steps), SHED + 1, len(case.model.grid))
        self.ones = (np.ones(1), np.ones(len(steps)))

    def compiled(self) -> Counts:
        """The compiled passes."""
        counts = np.zeros(self.shape)
        compiled.advance(self.share, self.tables, counts, *self.ones)
        return counts

    def arrays(self) -> Counts:
        """The same passes on NumPy arrays, without a compiler."""
        counts = np.zeros(self.shape)
        arrays.advance(self.share, self.tables, counts, *self.ones)
        return counts


@cache
def plain(work: Work) -> Case:
    """The work that all rivals do."""
    still = untreated(np.zeros(1), work.days, 1.0)
    grid = DiameterGrid((0.0, 100.0), (60.0,))
    model = replace(_cycle(work), class_shares=np.ones(1), grid=grid)
    return Case(model, _at_speeds(still, work) if work.treated else still, work.days)


@cache
def full() -> Case:
    """The whole model on the same follicles, treated; its numbers are the release's, rounded.

    Androgen makes hairs thinner, and thinner hairs grow for a shorter time. That androgen also
    speeds anagen's own clock is in `full_androgen`: follicles then turn over three times as often.
    """
    model = replace(
        _cycle(TREATED),
        early_anagen_days=np.array(23.0),
        latency_share=np.array(0.8),
        anagen_power=np.array(2.0),
        shrink_probability=np.array(0.1),
        shrink_slope=np.array(0.34),
        shrink_extra=np.array(0.3),
        relapse_probability=np.array(0.66),
    )
    onset = 1 - np.exp(-(np.arange(TREATED.days)[:, None] + 0.5) / 30)
    signals = replace(
        _at_speeds(untreated(np.full(1, DRIVE), TREATED.days, 1.0), TREATED),
        lift_probability=0.05 * onset,
        lift_support=onset,
    )
    return Case(model, signals, TREATED.days)


@cache
def full_androgen() -> Case:
    """The same where androgen speeds anagen's clock too, as in every forecast."""
    case = full()
    return replace(case, model=replace(case.model, anagen_drive_log=np.array(1.2)))


@cache
def forecast() -> Sequence[Case]:
    """A person's forecast: five arms of the release's model, everything built but the follicles."""
    from anagen import baseline  # heavy, and no first call of the engine needs it

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


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    result = plain(work)(follicles=follicles, seed=seed)
    per_follicle = result.density[..., 0, 0] / result.model.follicles_per_cm2
    columns = [ALL_PHASES.index(phase) for phase in PHASES]
    return np.rint(per_follicle[:, columns] * follicles).astype(np.int64)


def _cycle(work: Work) -> FollicleModel:
    """The phases of the work, of a healthy scalp's classes."""
    anagen, telogen, latency = work.mean_days
    shape = [LogNormal(sd / mean) for sd, mean in zip(work.sd_days, work.mean_days, strict=True)]
    return FollicleModel(
        follicles_per_cm2=np.array(float(FOLLICLES)),
        class_shares=np.array([0.03, 0.04, 0.07, 0.08, 0.35, 0.43]),
        anagen_days=np.array(anagen),
        telogen_days=np.array(telogen),
        latency_days=np.array(latency),
        early_anagen_days=np.zeros(()),
        waits={
            "anagen": shape[0],
            "telogen": shape[1],
            "latency": shape[2],
            "early_anagen": EXPONENTIAL,
        },
    )


def _at_speeds(signals: Signals, work: Work) -> Signals:
    speeds = dict(zip(PHASES, work.speed[:, :, None], strict=True))
    return replace(
        signals,
        anagen_speed=speeds["anagen"],
        telogen_speed=speeds["telogen"],
        latency_speed=speeds["latency"],
    )
