"""The event method agrees with the reference, with exact expectations, and with closed forms.

Every seed is fixed. Where counts are compared with chances or with other counts, the chance that
right methods fail a whole test is at most ALARM, shared out evenly over all of its comparisons
(Bonferroni). Follicles are independent of each other, so a count is binomial.
"""

import functools
import math
from collections.abc import Iterable
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator
from tests.follicle.models import SHARES, Floats, halloy, model
from tests.follicle.specs import (
    Case,
    alike,
    cells,
    events,
    finer,
    random_case,
    random_law,
)

from anagen.follicle import (
    DiameterGrid,
    Erlang,
    Fixed,
    LogNormal,
    Population,
    healthy_population,
    simulate,
    untreated,
)
from anagen.follicle.population import CONDITIONS, stage_slices
from anagen.follicle.spec import PHASES, Wait

ALARM = 1e-4
SEEDS = tuple(range(12))
"""Seeds of the random scalps; even ones have any laws, odd ones have waits of stages."""


def normal_bound(comparisons: int) -> float:
    """What the largest of so many standard normal numbers passes with the chance ALARM at most."""
    return NormalDist().inv_cdf(1 - ALARM / 2 / comparisons)


def erlang(numbers: Generator) -> Erlang:
    """Any law that has stages."""
    return Erlang(int(numbers.integers(1, 7)))


@functools.cache
def case_of(seed: int) -> Case:
    """A random scalp of one draw; one follicle is a share of 1."""
    found = random_case(seed, 1, erlang if seed % 2 else random_law, 60)
    return replace(found, scalp=replace(found.scalp, follicles_per_cm2=np.ones(1)))


@functools.lru_cache(maxsize=len(SEEDS))
def expected(seed: int) -> tuple[Floats, Floats]:
    """Shares by cell, and hairs shed so far by follicle, without the error of a step.

    The error of the chain of stages falls with the step and that of the renewal equations with its
    square, so two steps give the limit.
    """
    case = case_of(seed)
    chain = all(isinstance(wait, Erlang) for wait in case.scalp.waits.values())
    times, weight = ((32, 64), 2.0) if chain else ((8, 16), 4.0)
    coarse, fine = (
        simulate(case.scalp, finer(case.signals, count), days=case.days) for count in times
    )
    limits = [
        (weight * b - a) / (weight - 1)
        for a, b in ((cells(coarse), cells(fine)), (coarse.shed_per_day, fine.shed_per_day))
    ]
    between = np.diff(case.days, prepend=case.days[0])
    return limits[0], limits[1].sum(axis=1)[:, 0] * between


# --- Against the reference ------------------------------------------------------------------------


def two_sample_tail(first: int, second: int, sizes: tuple[int, int]) -> float:
    """Two-sided chance, given their sum, of two binomial counts at least as unlike as these.

    Given the sum the first count is hypergeometric, whatever the chance behind both (Fisher).
    """
    total, everyone = first + second, sum(sizes)
    low, high = max(0, total - sizes[1]), min(total, sizes[0])
    k = np.arange(low, high + 1)
    logs = _log_factorials(everyone)
    log_pmf = (
        (logs[sizes[0]] - logs[k] - logs[sizes[0] - k])
        + (logs[sizes[1]] - logs[total - k] - logs[sizes[1] - total + k])
        - (logs[everyone] - logs[total] - logs[everyone - total])
    )
    pmf = np.exp(log_pmf)
    at = first - low
    return float(min(1.0, 2 * min(pmf[: at + 1].sum(), pmf[at:].sum())))


@functools.cache
def _log_factorials(most: int) -> Floats:
    return np.concatenate([[0.0], np.log(np.arange(1, most + 1)).cumsum()])


def counts(shares: Floats, number: int) -> list[int]:
    """Whole counts of follicles by cell, and of each condition, in the one draw."""
    both = np.concatenate([shares[..., 0], shares.sum(axis=2)], axis=2) * number
    assert both == pytest.approx(both.round(), abs=1e-5)
    return [round(count) for count in both.ravel().tolist()]


def test_two_samples_alike_and_unlike() -> None:
    """The yardstick itself: it tells 10 of 100 from 30 of 100, and not from 12 of 100."""
    assert two_sample_tail(10, 12, (100, 100)) > 0.5
    assert two_sample_tail(10, 30, (100, 100)) < 1e-3
    assert two_sample_tail(0, 0, (100, 100)) == 1.0
    assert two_sample_tail(2, 0, (2, 2)) == pytest.approx(2 * 1 / 6)


def test_the_event_method_counts_what_the_reference_counts() -> None:
    """Twelve random scalps: laws, phases of no length, dormancy, lifts, uneven and zero speeds."""
    sizes = (30_000, 1500)
    tails = []
    for seed in SEEDS:
        case = case_of(seed)
        fast = events("compiled", case.scalp, case.signals, sizes[0], case.days)
        slow = simulate(case.scalp, case.signals, sizes[1], case.days, "reference", seed=seed)
        pairs = zip(counts(cells(fast), sizes[0]), counts(cells(slow), sizes[1]), strict=True)
        tails += [(two_sample_tail(a, b, sizes), seed) for a, b in pairs if a + b]
    least = min(tails)
    assert len(tails) > 1000
    assert least[0] > ALARM / len(tails), least


# --- Against expectations -------------------------------------------------------------------------


def test_the_event_method_counts_what_is_expected() -> None:
    """The same scalps with a hundred thousand follicles each; tails of few follicles are exact."""
    number, tails = 100_000, []
    for seed in SEEDS:
        case = case_of(seed)
        found = cells(events("compiled", case.scalp, case.signals, number, case.days))
        shares = np.clip(expected(seed)[0], 0.0, 1.0)
        assert ((found > 0) <= (shares > 1e-12)).all()
        both = zip((found * number).round().ravel().tolist(), shares.ravel().tolist(), strict=True)
        tails += [(binomial_tail(round(k), number, p), seed) for k, p in both if p > 1e-12]
    least = min(tails)
    assert len(tails) > 1000
    assert least[0] > ALARM / len(tails), least


def binomial_tail(count: int, number: int, chance: float) -> float:
    """Two-sided chance of a binomial count at least as far out as this one."""
    spread = math.sqrt(number * chance * (1 - min(chance, 1.0))) + 1
    reach = int(40 * spread + 40)
    k = np.arange(max(0, count - reach), min(number, count + reach) + 1)
    logs = _log_factorials(number)
    log_pmf = logs[number] - logs[k] - logs[number - k] + k * math.log(chance)
    pmf = np.exp(log_pmf + (number - k) * math.log1p(-min(chance, 1 - 1e-15)))
    return float(min(1.0, 2 * min(pmf[k <= count].sum(), pmf[k >= count].sum())))


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_the_error_falls_with_the_root_of_the_number_of_follicles(seed: int) -> None:
    """Slope −1/2 of log error on log number.

    Over 60 draws the error is known to about 5 % at each size, so the slope scatters by about 0.01.
    """
    case, draws = case_of(seed), 60
    index = np.zeros(draws, dtype=np.intp)
    scalp, signals = case.scalp.pick(index), case.signals.spread(1).pick(slice(0, 1)).spread(draws)
    sizes = (300, 6000, 120_000)
    shares = expected(seed)[0]
    errors = []
    for number in sizes:
        found = cells(events("compiled", scalp, signals, number, case.days, seed=number))
        errors.append(math.sqrt(((found - shares) ** 2).mean()))
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert -0.54 < slope < -0.46
    # And its size is that of binomial counts.
    binomial = math.sqrt((shares * (1 - shares)).mean() / sizes[-1])
    assert errors[-1] == pytest.approx(binomial, rel=0.25)


def test_hairs_are_shed_as_often_as_expected() -> None:
    """The mean over 200 draws, whose own scatter says how far it can be off (Student)."""
    draws, number = 200, 2000
    z = []
    for seed in SEEDS:
        case = case_of(seed)
        index = np.zeros(draws, dtype=np.intp)
        signals = case.signals.spread(draws)
        run = events("compiled", case.scalp.pick(index), signals, number, case.days)
        found = run.shed_hairs_per_day() * np.diff(case.days, prepend=case.days[0])[:, None]
        mean, sd = found.mean(axis=1), found.std(axis=1, ddof=1)
        moving = sd > 0
        assert mean[~moving] == pytest.approx(expected(seed)[1][~moving], abs=1e-6)
        error = mean[moving] - expected(seed)[1][moving]
        z += (error / sd[moving] * math.sqrt(draws)).tolist()
    bound = normal_bound(len(z))
    bound += (bound**3 + bound) / (4 * (draws - 1))  # Student's quantile (Cornish and Fisher)
    assert len(z) > 30
    assert np.abs(z).max() < bound


# --- Closed forms ---------------------------------------------------------------------------------


def assert_shares(found: Floats, number: int, shares: Iterable[float]) -> None:
    """Each share is that of a binomial count."""
    pairs = list(zip(found.tolist(), shares, strict=True))
    for got, chance in pairs:
        tail = binomial_tail(round(got * number), number, chance)
        assert tail > ALARM / len(pairs), (got, chance)


def alone(law: Wait, **changes: Any) -> Any:
    """One class, no latency and no early anagen: anagen 240 days, telogen 90 days."""
    return model(
        1, waits=dict.fromkeys(PHASES, law), follicles_per_cm2=1.0, anagen_days=240.0,
        anagen_power=0.0, telogen_days=90.0, latency_days=0.0, early_anagen_days=0.0,
        grid=DiameterGrid((0.0, 100.0), (60.0,)), class_shares=np.ones(1), **changes,
    )  # fmt: skip


def test_two_exponential_phases() -> None:
    number, days = 200_000, range(0, 701, 70)
    start = Population(np.zeros((2, 3, 1, 1)), np.zeros((2, 1, 1)))
    start.cycling[0] = [[[1.0]], [[0.0]], [[0.0]]]  # all in anagen
    run = events(
        "compiled", alone(Erlang(1)), untreated(np.zeros(1), 700), number, days, start=start
    )
    rate, share = 1 / 240 + 1 / 90, 240 / 330
    exact = share + (1 - share) * np.exp(-rate * np.array(run.days[1:]))
    assert run.density[0, 1, 0, 0] == 1.0
    assert_shares(run.density[1:, 1, 0, 0], number, exact)


def test_dormant_follicles_wake_or_are_lost() -> None:
    """From one dormant state at two rates, and back from the lost at a third."""
    number, days = 200_000, (70, 350, 700)
    rates = {"dormant_days": 200.0, "loss_rate": 3e-3, "revival_rate": 1e-3}
    scalp = model(1, follicles_per_cm2=1.0, early_anagen_days=1e7, **rates)
    start = alike(number, "dormant", 0.0)
    waits = np.random.default_rng(1).exponential(1 / (1 / 200 + 3e-3), (1, number))
    start = replace(start, left_clock_days=waits)
    run = events("compiled", scalp, untreated(np.zeros(1), 700), number, days, start=start)
    t, leaving = np.array(days, dtype=float), 1 / 200 + 3e-3
    dormant = np.exp(-leaving * t)
    lost = 3e-3 * (np.exp(-1e-3 * t) - dormant) / (leaving - 1e-3)
    assert_shares(run.dormant()[:, 0], number, dormant)
    assert_shares(run.lost()[:, 0], number, lost)
    assert_shares(run.phase("early_anagen").sum(axis=1)[:, 0], number, 1 - dormant - lost)


def test_fixed_waits_in_a_healthy_scalp_under_a_faster_telogen() -> None:
    """The residual of a fixed wait is even, so telogen falls along a line, then stays at half."""
    number, days = 200_000, np.arange(0, 91, 15)
    still = untreated(np.zeros(1), 90, 2.5)
    faster = replace(still, telogen_speed=np.full_like(still.drive, 2.0))
    run = events("compiled", alone(Fixed()), faster, number, days)
    assert_shares(run.density[:, 2, 0, 0], number, (90 - np.minimum(days, 45)) / 330)
    shed = run.shed_per_day[1:, 0, 0] * 15  # nobody sheds twice in 15 days
    assert_shares(shed, number, np.where(days[1:] <= 45, 30, 15) / 330)


@pytest.mark.parametrize("law", [Erlang(1), Erlang(5), LogNormal(0.7), LogNormal(1.5), Fixed()])
def test_a_healthy_scalp_stays_as_it_is_under_every_law(law: Wait) -> None:
    """Stationary shares are those of mean durations."""
    number, days = 200_000, (0, 63, 203, 700)
    scalp = model(
        1, follicles_per_cm2=1.0, anagen_days=300.0, latency_share=0.7,
        waits=dict.fromkeys(PHASES, law),
    )  # fmt: skip
    run = events("compiled", scalp, untreated(np.zeros(1), 700), number, days)
    mean = np.array([0.7 * 23, 0, 91, 0.7 * 95])[:, None] * np.ones(6)
    mean[1] = scalp.anagen_mean_days()[0]
    shares = np.broadcast_to(np.array(SHARES) * mean / mean.sum(axis=0), (4, 4, 6))
    assert_shares(run.density[..., 0].ravel(), number, shares.ravel().tolist())
    by_class = run.density.sum(axis=1)[..., 0]
    assert by_class == pytest.approx(np.broadcast_to(by_class[0], (4, 6)), abs=1e-12)


# --- Halloy (2002): phases of 3.6, 2.4 and 2.0 months of 30 days ----------------------------------


def three_phases(draws: int = 1) -> Any:
    """The model file's three exponential phases, in one diameter class."""
    return replace(halloy(draws), early_anagen_days=np.zeros(draws))


@pytest.mark.parametrize("driver", ["arrays", "compiled"])
def test_halloy_from_the_model_file(driver: str) -> None:
    """Stationary 0.45, 0.30, 0.25; from 0.34, 0.33, 0.33, the file's shares at 0.9 month."""
    scalp, signals, number = three_phases(), untreated(np.zeros(1), 900, 3.0), 300_000
    run = events(driver, scalp, signals, number, (0, 27, 900))
    for row in range(3):
        assert_shares(run.density[row, 1:, :, 0].sum(axis=1), number, (0.45, 0.30, 0.25))
    cycling = np.zeros_like(healthy_population(scalp).cycling)
    for phase, share in (("anagen", 0.34), ("telogen", 0.33), ("latency", 0.33)):
        cycling[stage_slices(scalp)[phase], 0, 3] = share  # type: ignore[index]
    begun = Population(cycling, np.zeros((2, 6, 1)))
    run = events(driver, scalp, signals, number, (0, 27, 900), start=begun)
    assert_shares(run.density[0, 1:, :, 0].sum(axis=1), number, (0.34, 0.33, 0.33))
    assert_shares(run.density[1, 1:, :, 0].sum(axis=1), number, (0.3910, 0.3037, 0.3052))
    assert_shares(run.density[2, 1:, :, 0].sum(axis=1), number, (0.45, 0.30, 0.25))


@pytest.mark.parametrize("driver", ["arrays", "compiled"])
def test_shares_of_a_small_field_scatter_as_a_binomial(driver: str) -> None:
    """The spread of a share over draws is √(p (1 − p) / N), at the start and later."""
    draws, number = 2000, 50
    run = events(driver, three_phases(draws), untreated(np.zeros(1), 91), number, (0, 91))
    for phase, p in (("anagen", 0.45), ("telogen", 0.30), ("latency", 0.25)):
        shares = run.density[:, CONDITIONS.index(phase)].sum(axis=1)
        variance = shares.var(axis=1, ddof=1) / (p * (1 - p) / number)
        # The ratio is near normal with SD √(2 / draws); six comparisons.
        assert np.abs(variance - 1).max() < normal_bound(6) * math.sqrt(2 / draws)


@pytest.mark.parametrize(("variation", "low", "high"), [(0.02, 0.95, 1.0), (1.0, 0.0, 0.03)])
def test_small_variance_gives_moulting_waves(variation: float, low: float, high: float) -> None:
    """After four cycles in step; with a unit coefficient of variation there is no wave left."""
    number = 20_000
    signals = untreated(np.zeros(1), 1980)
    start = replace(alike(number, "telogen", 0.5, group=0))  # all shed on the first day
    run = events(
        "compiled", alone(LogNormal(variation)), signals, number, range(1320, 1981, 30),
        start=start,
    )  # fmt: skip
    anagen = run.density[:, 1, 0, 0]
    assert low <= anagen.max() - anagen.min() <= high
