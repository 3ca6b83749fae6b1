"""The work on which the event engine and its rivals are timed, and the exact answer to it.

The work: 100,000 follicles over 5 years (1,827 days), counted per phase every week (262 times).
A follicle goes round anagen, telogen and latency. Each stay lasts a lognormal duration, and the
start is stationary: the phase by its share of the cycle, the rest of the stay by the exact
length-biased law (a whole stay `LogN(mu + sigma^2, sigma)`, of which a uniform share is left).
In the treated work each phase has a clock speed per day; a follicle leaves its phase when the
integral of the speed since its entry (for the first stay: since day 0) reaches its duration.

    UNTREATED, TREATED                  the two works, frozen, with their tables
    exact_fractions(work)               phase fractions by a renewal solver, no random number in it
    exact_events(work)                  expected number of phase changes per follicle
    agreement(counts, exact)            how far a rival's counts are from them

Every rival is a module here with `run(work, follicles, seed) -> counts`, counts of shape
(262, 3), columns in the order of `PHASES`: twin (C++), numpy_daily, starsim_daily, simpy_events,
mesa_daily. The last three each need a package that anagen itself does not.
"""

from dataclasses import dataclass
from functools import cached_property
from math import erfc, exp, log, sqrt
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[Any]

PHASES = ("anagen", "telogen", "latency")
FOLLICLES = 100_000
DAYS = 1827
WEEK_DAYS = 7
YEAR_DAYS = 365.25
MONTH_DAYS = YEAR_DAYS / 12

QUARTER_WEEKS = 13
"""Counts are compared so far apart, since those of neighbouring weeks say the same."""
CHANCE_RUNS = 300
"""True answers may be called wrong once in so many runs."""

_GRID_DAYS = 0.05  # linear interpolation of a survival curve on this grid is good to about 1e-8


@dataclass(frozen=True, eq=False)
class Work:
    """One piece of work; tables have a row per phase in the order of `PHASES`.

    Attributes:
        name: What the work is called in a report.
        mean_days: Mean duration of each phase.
        sd_days: Standard deviation of each phase's duration.
        speed: Clock speed per phase and day, of shape (3, days); constant within a day.
    """

    name: str
    mean_days: tuple[float, float, float]
    sd_days: tuple[float, float, float]
    speed: Array

    def __post_init__(self) -> None:
        """Lock the table, so that no rival can change another's work."""
        self.speed.setflags(write=False)

    @property
    def days(self) -> int:
        """Length of the work in days."""
        return int(self.speed.shape[1])

    @cached_property
    def treated(self) -> bool:
        """Whether any clock ever runs at another speed than 1."""
        return bool((self.speed != 1).any())

    @cached_property
    def output_days(self) -> NDArray[np.int64]:
        """The days on which phases are counted: 0, 7, 14 and so on."""
        return np.arange(0, self.days + 1, WEEK_DAYS)

    @cached_property
    def sigma(self) -> Array:
        """Standard deviation of the logarithm of each phase's duration."""
        ratio = np.array(self.sd_days) / np.array(self.mean_days)
        return np.asarray(np.sqrt(np.log1p(ratio**2)))

    @cached_property
    def mu(self) -> Array:
        """Mean of the logarithm of each phase's duration in days."""
        return np.asarray(np.log(np.array(self.mean_days)) - self.sigma**2 / 2)

    @cached_property
    def shares(self) -> Array:
        """Fraction of follicles in each phase at the stationary start."""
        mean = np.array(self.mean_days)
        return np.asarray(mean / mean.sum())

    @cached_property
    def clocks(self) -> Array:
        """Each phase's integrated speed at the start of every day, of shape (3, days + 1)."""
        return np.pad(self.speed.cumsum(axis=1), ((0, 0), (1, 0)))

    def start(self, follicles: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], Array]:
        """The stationary start: each follicle's phase and the duration it still has to run."""
        phase = np.searchsorted(self.shares.cumsum()[:-1], rng.random(follicles), side="right")
        whole = rng.lognormal(self.mu[phase] + self.sigma[phase] ** 2, self.sigma[phase])
        return phase, whole * rng.random(follicles)


def _work(name: str, speed: Array) -> Work:
    return Work(
        name=name,
        mean_days=(3 * YEAR_DAYS, 3 * MONTH_DAYS, 3 * MONTH_DAYS),
        sd_days=(1 * YEAR_DAYS, 1 * MONTH_DAYS, 2 * MONTH_DAYS),
        speed=speed,
    )


def _treated_speed() -> Array:
    """Slower anagen, a pulse of shedding around day 30 in telogen, faster latency."""
    midday = np.arange(DAYS) + 0.5
    return np.stack(
        [
            1 / (1 + 0.3 * (1 - np.exp(-midday / 10))),
            1 + 2.0 * np.exp(-(((midday - 30) / 20) ** 2)),
            1 + 0.8 * (1 - np.exp(-midday / 30)),
        ]
    )


UNTREATED = _work("untreated", np.ones((len(PHASES), DAYS)))
TREATED = _work("treated", _treated_speed())


def exact_fractions(work: Work, steps_per_day: int = 1) -> Array:
    """Expected fraction of follicles in each phase on the output days, of shape (262, 3).

    A renewal (Volterra) solver in the phases' own clocks: what enters a phase in a step is a
    cohort that enters at mid-step and leaves by its survival curve. The error falls with the
    square of the step. No cohort may leave in the step it enters, which lognormal stays of months
    make true.
    """
    entered = _entered(work, steps_per_day)
    change = entered - np.roll(entered, -1, axis=0)
    fractions = work.shares + np.pad(change.cumsum(axis=1), ((0, 0), (1, 0))).T
    return np.asarray(fractions[work.output_days * steps_per_day])


def exact_events(work: Work) -> float:
    """Expected number of phase changes per follicle; each, and the start, costs a duration."""
    return float(_entered(work, 1).sum())


def _entered(work: Work, steps_per_day: int) -> Array:
    """Expected entries per follicle into each phase in each step, of shape (3, steps)."""
    speed = np.repeat(work.speed, steps_per_day, axis=1) / steps_per_day
    clocks = np.pad(speed.cumsum(axis=1), ((0, 0), (1, 0)))
    entries = clocks[:, :-1] + speed / 2
    steps = speed.shape[1]
    curves = [_Survival.of(work, phase, clocks[phase, -1]) for phase in range(len(PHASES))]
    entered = np.zeros((len(PHASES), steps))
    first = [work.shares[p] * curves[p].residual(clocks[p]) for p in range(len(PHASES))]
    # How much of each cohort, and of the first follicles, is still there.
    left = [np.zeros(steps) for _ in PHASES]
    for step in range(steps):
        for p in range(len(PHASES)):
            still = curves[p].whole(clocks[p, step + 1] - entries[p, :step])
            gone = entered[p, :step] @ (left[p][:step] - still)
            left[p][:step] = still
            left[p][step] = 1.0
            entered[(p + 1) % len(PHASES), step] = gone + first[p][step] - first[p][step + 1]
    return entered


@dataclass(frozen=True, slots=True)
class _Survival:
    """One phase's survival curve on a fine grid, for a whole stay and for the first one."""

    grid: Array
    whole_values: Array
    residual_values: Array

    @classmethod
    def of(cls, work: Work, phase: int, longest: float) -> "_Survival":
        mu, sigma = float(work.mu[phase]), float(work.sigma[phase])
        grid = np.arange(0, longest + 2 * _GRID_DAYS, _GRID_DAYS)
        whole = np.array([_above(x, mu, sigma) for x in grid.tolist()])
        # The equilibrium law: P(R > x) = P(total > x) - x / mean * P(D > x), total length-biased.
        biased = np.array([_above(x, mu + sigma**2, sigma) for x in grid.tolist()])
        residual = biased - grid / exp(mu + sigma**2 / 2) * whole
        return cls(grid, whole, residual)

    def whole(self, clock: Array) -> Array:
        return np.interp(clock, self.grid, self.whole_values)

    def residual(self, clock: Array) -> Array:
        return np.interp(clock, self.grid, self.residual_values)


def _above(x: float, mu: float, sigma: float) -> float:
    """P(LogN(mu, sigma) > x)."""
    return 1.0 if x <= 0 else erfc((log(x) - mu) / (sigma * sqrt(2))) / 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far counts are from the exact fractions.

    Attributes:
        largest_z: Largest difference in standard errors among those compared.
        compared: How many fractions were compared.
        largest_difference: Largest difference of a fraction, over all weeks and phases.
    """

    largest_z: float
    compared: int
    largest_difference: float

    @property
    def limit(self) -> float:
        """What chance alone lets `largest_z` exceed at most once in `CHANCE_RUNS` runs."""
        return NormalDist().inv_cdf(1 - 1 / (2 * CHANCE_RUNS * self.compared))


def agreement(counts: Counts, exact: Array) -> Agreement:
    """Compare counts of independent follicles with the exact fractions."""
    follicles = counts.sum(axis=1, keepdims=True)
    difference = np.abs(counts / follicles - exact)
    error = np.sqrt(exact * (1 - exact) / follicles)
    z = (difference / error)[::QUARTER_WEEKS]
    return Agreement(float(z.max()), z.size, float(difference.max()))
