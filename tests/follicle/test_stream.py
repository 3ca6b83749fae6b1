"""Streamed means and quantiles: as close as stated, the same in any order, flat in memory."""

import dataclasses
import math
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.follicle.models import Floats, model

from anagen.follicle import FollicleRun, Outcome, Streamed, simulate, streamed, untreated
from anagen.follicle.stream import FARTHEST_BIN, UNITS

DAYS = (0.0, 91.0, 182.0)
COUNT = Outcome(lambda run: run.counted(30.0), 0.25)
THICK = Outcome(lambda run: run.mean_diameter_um(), 0.1)
OUTCOMES = {"count": COUNT, "thick": THICK}
SHARES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.9, 0.999, 1.0)


def many_draws(draws: int) -> FollicleRun:
    """A run whose draws differ."""
    numbers = np.random.default_rng(4)
    scalp = model(
        draws,
        follicles_per_cm2=numbers.normal(280.0, 40.0, draws),
        telogen_days=numbers.uniform(60.0, 140.0, draws),
    )
    return simulate(scalp, untreated(numbers.uniform(0, 2, draws), 182, 7.0), days=DAYS)


def part(run: FollicleRun, draws: slice) -> FollicleRun:
    """Some of a run's draws."""
    return dataclasses.replace(
        run,
        density=run.density[..., draws],
        outside=run.outside[..., draws],
        shed_per_day=run.shed_per_day[..., draws],
        final=None,
    )


def values_run(values: Floats) -> FollicleRun:
    """A run of which `COLUMN` reads these values, (days, draws)."""
    density = np.zeros((len(values), 4, 6, values.shape[1]))
    density[:, 1, 0] = values
    return FollicleRun(
        days=tuple(float(day) for day in range(len(values))),
        density=density,
        outside=density[:, :2],
        shed_per_day=density[:, 0],
        model=model(1),
        drive=np.zeros((1, 1)),
        final=None,
    )


def column(width: float) -> dict[str, Outcome]:
    return {"value": Outcome(lambda run: run.density[:, 1, 0], width)}


def answers(sums: Streamed) -> list[list[float]]:
    """All that can be asked."""
    return [
        row.tolist()
        for name in OUTCOMES
        for row in (
            sums.mean(name),
            sums.sd(name),
            sums.least(name),
            sums.most(name),
            sums.count(name),
            *(sums.quantile(name, share) for share in SHARES),
        )
    ]


def test_errors_are_as_small_as_stated() -> None:
    run = many_draws(3000)
    sums = streamed([run], OUTCOMES)
    assert sums.days == DAYS
    for name, outcome in OUTCOMES.items():
        values = outcome.of(run)
        for share in SHARES:
            error = sums.quantile(name, share) - np.quantile(values, share, axis=1)
            assert np.abs(error).max() <= outcome.width / 2 + 1e-9
        unit = outcome.width / UNITS
        assert np.abs(sums.mean(name) - values.mean(axis=1)).max() <= unit / 2 + 1e-9
        assert np.abs(sums.sd(name) - values.std(axis=1)).max() <= unit / 2 + 1e-9
        assert (sums.least(name) == values.min(axis=1)).all()
        assert (sums.most(name) == values.max(axis=1)).all()


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_any_order_and_any_portions_give_the_same(seed: int, cuts: int) -> None:
    run = RUN
    numbers = np.random.default_rng(seed)
    edges = sorted({0, 200, *numbers.integers(0, 200, cuts).tolist()})
    cut = [part(run, slice(low, high)) for low, high in pairwise(edges)]
    portions = [cut[at] for at in numbers.permutation(len(cut))]
    split = streamed(portions, OUTCOMES)
    assert answers(split) == answers(streamed([run], OUTCOMES))
    halves = [streamed(portions[at::2], OUTCOMES) for at in (0, 1)]
    halves[1].merge(halves[0])
    assert answers(halves[1]) == answers(split)


RUN = many_draws(200)


@given(
    st.lists(st.floats(-5e4, 5e4), min_size=1, max_size=40),
    st.floats(0.06, 50.0),
    st.floats(0, 1),
)
def test_any_values(values: list[float], width: float, share: float) -> None:
    row = np.array([values])
    sums = streamed([values_run(row)], column(width))
    error = sums.quantile("value", share)[0] - np.quantile(row[0], share)
    assert abs(error) <= width / 2 * (1 + 1e-9) + 1e-9
    assert abs(sums.mean("value")[0] - row.mean()) <= width / UNITS / 2 + 1e-9
    assert abs(sums.sd("value")[0] - row.std()) <= width / UNITS / 2 + 1e-6


def test_the_spread_of_large_numbers_is_not_lost() -> None:
    """Sums of squares of 100 000.0 ± 0.001 would lose it in double precision."""
    row = 1e5 + np.tile([-1e-3, 1e-3], (1, 5000))
    sums = streamed([values_run(row)] * 3, column(0.5))
    assert sums.sd("value")[0] == pytest.approx(1e-3, abs=0.25 / UNITS)


def test_what_has_no_value_is_missing() -> None:
    row = np.array([[1.0, math.nan, 3.0, math.inf], [math.nan] * 4])
    sums = streamed([values_run(row)], column(0.5))
    assert sums.count("value").tolist() == [2, 0]
    assert sums.missing("value").tolist() == [2, 4]
    assert sums.mean("value")[0] == pytest.approx(2.0, abs=1e-5)
    for answer in (sums.mean, sums.sd, sums.least, sums.most):
        assert math.isnan(answer("value")[1])
    assert math.isnan(sums.quantile("value", 0.5)[1])


def test_merging_with_what_was_never_fed() -> None:
    full, empty = streamed([RUN], OUTCOMES), Streamed(OUTCOMES)
    before = answers(full)
    full.merge(empty)
    assert answers(full) == before
    empty.merge(full)
    assert answers(empty) == before


def test_what_does_not_fit_is_refused_and_leaves_nothing_behind() -> None:
    sums = streamed([RUN], OUTCOMES)
    before = answers(sums)
    other_days = dataclasses.replace(RUN, days=(0.0, 1.0, 2.0))
    with pytest.raises(ValueError, match="other output days"):
        sums.add(other_days)
    with pytest.raises(ValueError, match="other output days"):
        sums.merge(streamed([other_days], OUTCOMES))
    with pytest.raises(ValueError, match="same outcomes"):
        sums.merge(streamed([RUN], {"count": COUNT}))
    huge = dataclasses.replace(RUN, density=RUN.density * FARTHEST_BIN)
    with pytest.raises(ValueError, match="count reaches"):
        sums.add(huge)
    assert answers(sums) == before
    with pytest.raises(ValueError, match="shape"):
        streamed([RUN], {"first": Outcome(lambda run: run.counted()[0], 1.0)})
    with pytest.raises(ValueError, match="share from 0 to 1"):
        sums.quantile("count", 1.5)
    with pytest.raises(ValueError, match="width above 0"):
        Outcome(COUNT.of, 0.0)


def test_memory_does_not_grow_with_the_number_of_runs() -> None:
    def runs(number: int) -> Iterator[FollicleRun]:
        generator = np.random.default_rng(1)
        for _ in range(number):
            yield values_run(generator.uniform(0.0, 300.0, (27, 2000)))

    def peak(number: int) -> int:
        tracemalloc.start()
        streamed(runs(number), column(0.25))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few = peak(2)
    # All values of the 20 runs alone would hold 8.6 MB more than those of 2.
    assert peak(20) - few < 200_000
    assert few < 40_000_000
