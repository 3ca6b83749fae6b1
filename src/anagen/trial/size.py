"""The smallest trial that reaches a wanted power, found by search.

Simulated standard errors tell power with little noise: the mean chance of a result over simulated
trials, given their own errors. Errors shrink with the root of the people, or nearly, so those of
one size tell the next one to look at; the size that stays is then simulated as it is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from anagen.posterior.keyed import Floats
from anagen.trial.analysis import Estimates
from anagen.trial.expense import check_expense
from anagen.trial.model import Power
from anagen.trial.pool import HERE, Engine, Progress, run_tasks
from anagen.trial.power import design_effect, power_of, tasks_of
from anagen.trial.schema import Trial
from anagen.trial.simulated import FIELDS

LEAST_PEOPLE: Final = 8
MOST_PEOPLE: Final = 20_000
SEARCH_RUNS: Final = 50
MOST_STEPS: Final = 8
CLOSE_ENOUGH: Final = 0.02
"""A size that changes by less than this share of itself is found: simulation can't tell more."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One size that was looked at, with the power that it has."""

    people: int
    power: float


@dataclass(frozen=True, slots=True)
class Size:
    """The smallest size found.

    Attributes:
        target: wanted power.
        people: of the whole trial; None where even the largest that is tried falls short.
        tried: the sizes that were simulated on the way, in that order.
        at: the trial of that size, simulated whole; None without one.
    """

    target: float
    people: int | None
    tried: tuple[Tried, ...]
    at: Power | None


def size_of(  # noqa: PLR0913 - where and how to run are choices of one call
    trial: Trial,
    target: float = 0.8,
    runs: int = 200,
    seed: int = 1,
    *,
    engine: Engine = HERE,
    told: Progress | None = None,
) -> Size:
    """Find the smallest trial whose power at the design effect reaches the target.

    Args:
        trial: the file; its number of people is where the search begins.
        target: wanted power.
        runs: simulated trials of the size that is found.
        seed: seed of every random number.
        engine: where it runs.
        told: hears of progress of each size.

    Raises:
        TooLargeError: the search reached what would take days.
    """
    effect, _ = design_effect(trial, seed)
    tried: list[Tried] = []
    beyond = effect - trial.decision.margin_per_cm2
    people: int | None = trial.people if beyond > 0 else None
    for _ in range(MOST_STEPS):
        if people is None:
            break
        errors, _ = errors_at(with_people(trial, people), effect, seed, engine, told)
        tried.append(Tried(people, float(chance(errors, beyond, trial.analysis.alpha).mean())))
        wanted = _enough(errors, people, beyond, trial.analysis.alpha, target)
        near = wanted is not None and abs(wanted - people) <= max(2, CLOSE_ENOUGH * people)
        people = wanted
        if near:
            break
    at = None
    if people is not None:
        at = power_of(with_people(trial, people), runs, seed, engine, told)
    return Size(target, people, tuple(tried), at)


def _enough(
    errors: Estimates, people: int, effect: float, alpha: float, target: float
) -> int | None:
    """How many people are enough if errors shrink with the root of their number."""
    low, high = LEAST_PEOPLE, MOST_PEOPLE

    def reached(wanted: int) -> bool:
        ratio = wanted / people
        shrunk = Estimates(
            errors.effect, errors.se / np.sqrt(ratio), np.maximum(errors.df * ratio, 1)
        )
        return bool(chance(shrunk, effect, alpha).mean() >= target)

    if not reached(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def with_people(trial: Trial, people: int) -> Trial:
    """The same trial with another number of people."""
    return Trial.model_validate({**trial.model_dump(), "people": people})


def errors_at(
    trial: Trial, effect: float, seed: int, engine: Engine, told: Progress | None
) -> tuple[Estimates, Floats]:
    """What the last look of some simulated trials finds at the design effect, and true effects.

    Raises:
        TooLargeError: too many people.
    """
    check_expense(trial, SEARCH_RUNS, engine.workers)
    tasks = tasks_of(trial, SEARCH_RUNS, seed, effect)
    rows = dict(zip(FIELDS, np.concatenate(run_tasks(tasks, engine, told), 2), strict=True))
    found = Estimates(*(rows[f"design/{name}"][-1] for name in ("effect", "se", "df")))
    return found, rows["truth"][-1]


def chance(errors: Estimates, effect: float | Floats, alpha: float) -> Floats:
    """Chance that an estimate with these errors is significantly above the margin.

    Args:
        errors: of estimates.
        effect: by how much the truth is above the margin, one for all or one each.
        alpha: two-sided error.
    """
    from scipy.stats import nct, norm, t

    finite = np.isfinite(errors.df)
    df = np.where(finite, errors.df, 1.0)
    away = effect / errors.se
    by_t = nct.sf(t.isf(alpha / 2, df), df, away)
    return np.asarray(np.where(finite, by_t, norm.sf(norm.isf(alpha / 2) - away)))
