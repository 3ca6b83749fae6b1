"""Random scalps and signals, and the two drivers of the event method by name."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator
from tests.follicle.models import Floats, model

from anagen.follicle import (
    DiameterGrid,
    Erlang,
    Fixed,
    FollicleModel,
    FollicleRun,
    LogNormal,
    Signals,
    simulate,
    untreated,
)
from anagen.follicle.events import engine
from anagen.follicle.population import Follicles
from anagen.follicle.signals import TABLES
from anagen.follicle.spec import PHASES, Wait

STATE = ("phase", "group", "lifts", "cycle", "age_days", "left_clock_days")


@contextmanager
def driven_by(driver: str) -> Iterator[None]:
    """Let the event method use one of its drivers, `arrays` or `compiled`, whatever the work."""
    limit = math.inf if driver == "arrays" else -1.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SMALL_FOLLICLE_YEARS", limit)
        patch.setattr(engine, "FEW_DRAWS", limit)
        yield


def events(
    driver: str, scalp: FollicleModel, signals: Signals, number: int, days: Any, **more: Any
) -> FollicleRun:
    """A run of the event method by one of its drivers."""
    with driven_by(driver):
        return simulate(scalp, signals, number, days, "events", **more)


def everyone(run: FollicleRun) -> Follicles:
    """The state that a run kept."""
    assert isinstance(run.final, Follicles)
    return run.final


def assert_same_state(first: Follicles, second: Follicles) -> None:
    """Every number of every follicle is the same, to the last bit."""
    for name in STATE:
        assert (getattr(first, name) == getattr(second, name)).all(), name


def assert_same(first: FollicleRun, second: FollicleRun) -> None:
    """Two runs are the same to the last bit, kept follicles included."""
    assert first.days == second.days
    for name in ("density", "outside", "shed_per_day"):
        assert (getattr(first, name) == getattr(second, name)).all(), name
    if first.final is not None or second.final is not None:
        assert_same_state(everyone(first), everyone(second))


def cells(run: FollicleRun) -> Floats:
    """Follicles by day, condition, class and draw."""
    return np.concatenate([run.density, run.outside], axis=1)


def finer(signals: Signals, times: int) -> Signals:
    """The same signals on shorter steps."""
    tables = {name: np.repeat(getattr(signals, name), times, axis=0) for name in TABLES}
    return Signals(**tables, step_days=signals.step_days / times)


def alike(number: int, phase: str, left_days: float, group: int = 3) -> Follicles:
    """Follicles that all stand at the same place."""
    conditions = (*PHASES, "dormant", "lost")
    shape = (1, number)
    return Follicles(
        phase=np.full(shape, conditions.index(phase), dtype=np.uint8),
        group=np.full(shape, group, dtype=np.uint8),
        lifts=np.zeros(shape, dtype=np.uint8),
        cycle=np.zeros(shape, dtype=np.uint32),
        age_days=np.zeros(shape),
        left_clock_days=np.full(shape, left_days),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A scalp, what acts on it, and steps to look at."""

    scalp: FollicleModel
    signals: Signals
    steps: tuple[int, ...]

    @property
    def days(self) -> tuple[float, ...]:
        """The days of those steps."""
        return tuple(step * self.signals.step_days for step in self.steps)


def random_law(numbers: Generator) -> Wait:
    """Any law of a wait."""
    kind = numbers.integers(3)
    if kind == 0:
        return Fixed()
    if kind == 1:
        return LogNormal(float(numbers.uniform(0.05, 1.5)))
    return Erlang(int(numbers.integers(1, 7)))


def random_scalp(numbers: Generator, draws: int, law: Callable[[Generator], Wait]) -> FollicleModel:
    """Any scalp within reason: laws, phases of no length, dormancy, one to eight classes."""
    classes = int(numbers.integers(1, 9))
    edges = np.linspace(10.0, 90.0, classes + 1)

    def some(low: float, high: float, chance: float = 0.7) -> Floats:
        """One number for each draw, or 0 in all."""
        return numbers.uniform(low, high, draws) * (numbers.random() < chance)

    leaves = numbers.random() < 0.5
    return model(
        draws,
        class_shares=numbers.dirichlet(np.ones(classes), draws),
        grid=DiameterGrid(tuple(edges), tuple((edges[1:] + edges[:-1]) / 2)),
        waits={phase: law(numbers) for phase in PHASES},
        anagen_days=numbers.uniform(40, 800, draws),
        anagen_power=some(0.5, 2.0),
        telogen_days=numbers.uniform(10, 120, draws),
        latency_days=some(5, 120),
        early_anagen_days=some(3, 40),
        latency_share=numbers.choice([0.0, 1.0, numbers.random(), numbers.random()]),
        shrink_probability=some(0.05, 0.6),
        shrink_extra=some(0.1, 0.9),
        relapse_probability=some(0.1, 1.0),
        dormancy_probability=float(numbers.uniform(0.05, 0.5)) if leaves else 0.0,
        dormant_days=float(numbers.uniform(20, 400)),
        loss_rate=float(numbers.choice([0.0, 2e-3])),
        revival_rate=float(numbers.choice([0.0, 2e-3])),
    )


def random_table(numbers: Generator, shape: tuple[int, int], neutral: float, most: float) -> Floats:
    """A signal: neutral, steady, uneven, or uneven with a stretch of nothing."""
    kind = numbers.integers(4)
    if kind == 0:
        return np.full(shape, neutral)
    if kind == 1:
        return np.full(shape, numbers.uniform(0.2, 1.0) * most)
    table = numbers.uniform(0.05, 1.0, shape) * most
    if kind == 3:
        first, length = numbers.integers(shape[0], size=2)
        table[first : first + length] = 0.0
    return table


def random_signals(numbers: Generator, draws: int, steps: int, step_days: float) -> Signals:
    """Any signals within reason."""
    still = untreated(np.ones(draws), steps * step_days, step_days)

    def table(neutral: float, most: float) -> Floats:
        return random_table(numbers, still.drive.shape, neutral, most)

    return replace(
        still,
        drive=table(1.0, 2.5),
        anagen_speed=table(1.0, 1.5),
        telogen_speed=table(1.0, 4.0),
        latency_speed=table(1.0, 4.0),
        lift_probability=table(0.0, 0.6),
        lift_support=table(0.0, 1.0),
        inflammation=table(0.0, 1.0),
    )


def random_steps(numbers: Generator, last: int) -> tuple[int, ...]:
    """Steps to look at: even or not, from the start or late, some twice."""
    if numbers.random() < 0.5:
        every = int(numbers.integers(1, 12))
        begin = int(numbers.integers(0, last)) if numbers.random() < 0.5 else 0
        steps = [*range(begin, last, every), last]
    else:
        steps = sorted(numbers.integers(0, last + 1, numbers.integers(1, 9)).tolist())
    return tuple(steps)


def random_case(
    seed: int, draws: int, law: Callable[[Generator], Wait] = random_law, steps: int = 120
) -> Case:
    """Any scalp under any signals."""
    numbers = np.random.default_rng([seed, draws])
    scalp = random_scalp(numbers, draws, law)
    step_days = float(numbers.choice([1.0, 3.5, 7.0]))
    signals = random_signals(numbers, draws, steps, step_days)
    return Case(scalp, signals, random_steps(numbers, steps))
