"""The reference method against closed forms, exact expectations, and itself.

Seeds are fixed. Where counts are compared with chances, the chance that a right method fails the
whole test is at most ALARM, shared out evenly over its comparisons (Bonferroni).
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.follicle.models import SHARES, Floats, halloy, model, phases, total_of

from anagen.follicle import (
    Erlang,
    Fixed,
    FollicleModel,
    FollicleRun,
    LogNormal,
    Population,
    Signals,
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
)
from anagen.follicle.population import CONDITIONS, Cohorts, Follicles, stage_slices
from anagen.follicle.signals import TABLES
from anagen.follicle.spec import DEFAULT_WAITS, PHASES, Phase, Wait

ALARM = 1e-4
FULL: dict[str, float] = {"dormancy_probability": 0.15, "loss_rate": 1e-3, "revival_rate": 1e-3}


def followed(
    scalp: FollicleModel, signals: Signals, follicles: int, days: Any, **more: Any
) -> FollicleRun:
    return simulate(scalp, signals, follicles, days, "reference", **more)


def lively(draws: int, steps: int, step_days: float = 7.0) -> Signals:
    """Signals in which everything changes from step to step."""
    numbers = np.random.default_rng(11)

    def table(low: float, high: float) -> Floats:
        return numbers.uniform(low, high, (steps, draws))

    return Signals(
        drive=table(0.5, 2.5),
        anagen_speed=table(0.5, 1.5),
        telogen_speed=table(0.5, 3.0),
        latency_speed=table(0.5, 3.0),
        lift_probability=table(0.1, 0.6),
        lift_support=table(0.0, 1.0),
        inflammation=table(0.0, 1.0),
        step_days=step_days,
    )


def finer(signals: Signals, times: int) -> Signals:
    """The same signals on shorter steps."""
    tables = {name: np.repeat(getattr(signals, name), times, axis=0) for name in TABLES}
    return Signals(**tables, step_days=signals.step_days / times)


def least_tail(count: float, number: int, chance: float) -> float:
    """Two-sided chance of a binomial count at least as far out as this one."""
    if chance <= 0 or chance >= 1:
        return float(count == number * round(chance))
    k = np.arange(number + 1)
    logs = np.array([math.lgamma(i + 1) for i in k])
    log_pmf = logs[-1] - logs - logs[::-1] + k * math.log(chance)
    pmf = np.exp(log_pmf + (number - k) * math.log1p(-chance))
    at = round(count)
    return float(min(1.0, 2 * min(pmf[: at + 1].sum(), pmf[at:].sum())))


def assert_counts(counts: Floats, number: int, chances: Floats) -> None:
    """Each count is binomial with its chance, and so is each sum over the classes."""
    if counts.ndim > 1:
        counts, chances = (
            np.concatenate([each, each.sum(axis=-1, keepdims=True)], axis=-1).ravel()
            for each in (counts, chances)
        )
    assert counts == pytest.approx(counts.round(), abs=1e-6)
    tails = [
        least_tail(*each) for each in zip(counts, [number] * len(counts), chances, strict=True)
    ]
    worst = int(np.argmin(tails))
    assert tails[worst] > ALARM / len(tails), (counts[worst], number * chances[worst])


# --- Against expectations -------------------------------------------------------------------------


def cells(run: FollicleRun) -> Floats:
    """Follicles by day, condition and class, in the one draw."""
    return np.concatenate([run.density, run.outside], axis=1)[..., 0]


MIXED: Mapping[Phase, Wait] = {
    "early_anagen": Fixed(),
    "anagen": LogNormal(0.6),
    "telogen": Erlang(4),
    "latency": LogNormal(0.9),
}


@pytest.mark.parametrize(
    ("start", "waits"),
    [("healthy", DEFAULT_WAITS), ("population", DEFAULT_WAITS), ("healthy", MIXED)],
)
def test_it_counts_what_the_mean_field_expects(start: str, waits: Mapping[Phase, Wait]) -> None:
    number = 6000
    scalp = model(1, follicles_per_cm2=number, waits=waits, **FULL)
    signals = lively(1, 104)
    begin = None
    if start == "population":  # with every stage, lift level and condition in it
        begin = simulate(scalp, signals, days=(364,)).population
    days = (0, 91, 364, 728)
    run = followed(scalp, signals, number, days, start=begin)
    # The mean field's own error shrinks with its step: the same signals, on steps of a quarter day.
    expected = simulate(scalp, finer(signals, 28), days=days, start=begin)
    assert_counts(cells(run), number, cells(expected) / number)
    # In these intervals hardly any follicle sheds twice, so their number is close to Poisson.
    sheds = [(each.shed_hairs_per_day()[1:, 0] * np.diff(days)) for each in (run, expected)]
    z = (sheds[0] - sheds[1]) / np.sqrt(sheds[1])
    assert np.abs(z).max() < 4.4  # ALARM over three comparisons


def test_halloy_from_the_model_file() -> None:
    """Shares at 0.9 month from 0.34, 0.33, 0.33, without any early anagen."""
    number = 10_000
    scalp = dataclasses.replace(
        halloy(), early_anagen_days=np.zeros(1), follicles_per_cm2=np.full(1, number)
    )
    cycling = np.zeros_like(healthy_population(scalp).cycling)
    slices = stage_slices(scalp)
    cycling[slices["anagen"], 0, 3] = 0.34
    cycling[slices["telogen"], 0, 3] = cycling[slices["latency"], 0, 3] = 0.33
    begun = Population(cycling, np.zeros((2, 6, 1)))
    run = followed(scalp, untreated(np.zeros(1), 90, 3.0), number, (0, 27, 90), start=begun)
    assert_counts(run.density[1, 1:, :, 0].sum(axis=1), number, np.array([0.3910, 0.3037, 0.3052]))
    assert (run.phase("early_anagen") == 0).all()
    # The whole path: dx/dt = A x, with the rates of 3.6, 2.4 and 2.0 months of 30 days.
    rates = np.array([1 / 108, 1 / 72, 1 / 60])
    generator = np.roll(np.diag(rates), 1, axis=0) - np.diag(rates)
    values, vectors = np.linalg.eig(generator)
    begin = np.linalg.solve(vectors, np.array([0.34, 0.33, 0.33]))
    at_90 = (vectors @ (np.exp(90 * values) * begin)).real
    assert_counts(run.density[2, 1:, :, 0].sum(axis=1), number, at_90)


@pytest.mark.parametrize("law", [Erlang(1), Erlang(5), LogNormal(0.7), Fixed()])
def test_a_healthy_scalp_stays_as_it_is_under_every_law(law: Any) -> None:
    number = 4000
    scalp = model(1, follicles_per_cm2=number, anagen_days=300.0, waits=dict.fromkeys(PHASES, law))
    days = (0, 63, 203, 700)
    run = followed(scalp, untreated(np.zeros(1), 700, 7.0), number, days)
    mean_days = np.array([0.8 * 23, 0, 91, 0.8 * 95])[:, None] * np.ones(6)
    mean_days[1] = scalp.anagen_mean_days()[0]
    shares = np.array(SHARES) * mean_days / mean_days.sum(axis=0)
    assert_counts(run.density[..., 0], number, np.broadcast_to(shares, (4, 4, 6)).copy())
    assert run.density.sum(axis=1)[..., 0] == pytest.approx(
        np.broadcast_to(run.density[0].sum(axis=0)[:, 0], (4, 6))
    )
    sheds = run.shed_hairs_per_day()[1:, 0] * np.diff(days)
    expected = number * (np.array(SHARES) / mean_days.sum(axis=0)).sum() * np.diff(days)
    # Sheds of one follicle keep apart, so a Poisson number is the widest that they can scatter.
    assert (np.abs(sheds - expected) / np.sqrt(expected)).max() < 4.4


# --- Exact cases ----------------------------------------------------------------------------------


def alike(number: int, phase: str, left_days: float, group: int = 3) -> Follicles:
    """Follicles that all stand at the same place."""
    shape = (1, number)
    return Follicles(
        phase=np.full(shape, CONDITIONS.index(phase), dtype=np.uint8),
        group=np.full(shape, group, dtype=np.uint8),
        lifts=np.zeros(shape, dtype=np.uint8),
        cycle=np.zeros(shape, dtype=np.uint32),
        age_days=np.zeros(shape),
        left_clock_days=np.full(shape, left_days),
    )


def clockwork(**changes: Any) -> FollicleModel:
    """Fixed waits: 100 days of anagen, 30 of telogen, 40 of latency, 20 of early anagen."""
    numbers = {
        "follicles_per_cm2": 1.0,
        "anagen_days": 100.0,
        "anagen_power": 0.0,
        "telogen_days": 30.0,
        "latency_days": 40.0,
        "early_anagen_days": 20.0,
        "latency_share": 1.0,
        "shrink_probability": 0.0,
        "waits": dict.fromkeys(PHASES, Fixed()),
    }
    return model(1, **(numbers | changes))


def where(run: FollicleRun) -> list[str]:
    """Where all follicles are, day by day; they move together."""
    shares = cells(run).sum(axis=2)
    assert np.isin(shares, (0.0, 1.0)).all()
    return [CONDITIONS[int(row.argmax())] for row in shares]


def test_fixed_waits_run_like_clockwork() -> None:
    days = (0, 99, 100, 129, 130, 169, 170, 189, 190, 289, 290, 319, 320)
    run = followed(
        clockwork(),
        untreated(np.zeros(1), 400, 1.0),
        3,
        days,
        start=alike(3, "anagen", 100.0),
    )
    assert where(run) == [
        *["anagen", "anagen", "telogen", "telogen", "latency", "latency"],
        *["early_anagen", "early_anagen", "anagen", "anagen", "telogen", "telogen", "latency"],
    ]
    shed = run.shed_hairs_per_day()[:, 0] * np.diff(days, prepend=0)
    assert shed == pytest.approx([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])


def test_a_clock_that_changes_speed_and_stands_still() -> None:
    """35 days at speed 1, 35 at 0, then at 2: 100 days of clock are over on day 102.5."""
    still = untreated(np.zeros(1), 140, 35.0)
    signals = dataclasses.replace(still, anagen_speed=np.array([[1.0], [0.0], [2.0], [2.0]]))
    start = alike(1, "anagen", 100.0)
    run = followed(clockwork(), signals, 1, (70, 105), start=start, keep=True)
    assert where(run) == ["anagen", "telogen"]
    assert isinstance(run.final, Follicles)
    assert run.final.age_days.item() == pytest.approx(2.5)
    assert run.final.left_clock_days.item() == pytest.approx(30 - 2.5)
    frozen = dataclasses.replace(still, anagen_speed=np.zeros_like(still.drive))
    run = followed(clockwork(), frozen, 1, (140,), start=start, keep=True)
    assert where(run) == ["anagen"]
    assert isinstance(run.final, Follicles)
    assert run.final.left_clock_days.item() == 100.0
    assert run.final.age_days.item() == 140.0


def test_drive_and_inflammation_multiply_the_speed_of_anagen() -> None:
    """e^0.9 × e^0.7 / e^1.6 = 1: the treatment's share of the speed undoes the other two."""
    still = untreated(np.ones(1), 140, 1.0)
    ones = np.ones_like(still.drive)
    signals = dataclasses.replace(still, inflammation=ones, anagen_speed=ones * math.exp(-1.6))
    start = alike(1, "anagen", 100.5)
    assert where(followed(clockwork(), signals, 1, (100, 101), start=start)) == [
        "anagen",
        "telogen",
    ]


def test_phases_of_no_length_are_passed_over() -> None:
    start, still = alike(1, "telogen", 10.0), untreated(np.zeros(1), 70, 1.0)
    for changes, entered in (
        ({"latency_days": 0.0}, "early_anagen"),
        ({"latency_days": 0.0, "early_anagen_days": 0.0}, "anagen"),
        ({"early_anagen_days": 0.0}, "latency"),
        ({"latency_share": 0.0}, "anagen"),
    ):
        run = followed(clockwork(**changes), still, 1, (9, 10), start=start)
        assert where(run) == ["telogen", entered]
    run = followed(clockwork(early_anagen_days=0.0), still, 1, (49, 50), start=start)
    assert where(run) == ["latency", "anagen"]
    # Nor is any follicle of a healthy scalp found in them.
    healthy = followed(model(1, latency_days=0.0, early_anagen_days=0.0), still, 50, (0, 70))
    assert healthy.density[:, [0, 3]].sum() == 0


def entering(model: FollicleModel, signals: Signals, lifts: int = 0) -> list[tuple[int, int]]:
    """Class and lifts of follicles of class 3 just after they entered anagen."""
    start = alike(400, "early_anagen", 0.5)
    start = dataclasses.replace(start, lifts=np.full_like(start.lifts, lifts))
    final = followed(model, signals, 400, (1,), start=start, keep=True).final
    assert isinstance(final, Follicles)
    assert (final.cycle == 1).all()
    return sorted(set(zip(final.group[0].tolist(), final.lifts[0].tolist(), strict=True)))


def test_the_class_changes_by_relapse_first_then_shrinking_then_lifting() -> None:
    still = untreated(np.full(1, 50.0), 7, 1.0)
    sure = np.ones_like(still.drive)
    lifting = dataclasses.replace(still, lift_probability=sure)
    calm = clockwork(relapse_probability=1.0)
    shrinking = clockwork(shrink_probability=1.0, shrink_extra=1.0, relapse_probability=1.0)
    assert entering(calm, still) == [(3, 0)]
    assert entering(calm, lifting) == [(4, 1)]
    assert entering(calm, lifting, 2) == [(1, 0)]
    supported = dataclasses.replace(lifting, lift_support=sure)
    assert entering(calm, supported, 2) == [(4, 2)]
    # Shrinking happens in 0.95 of the cases however strong the drive, down to the thinnest class.
    assert entering(shrinking, supported, 1) == [(0, 0), (4, 2)]
    one = dataclasses.replace(shrinking, shrink_extra=np.zeros(1))
    assert entering(one, supported, 2) == [(2, 2), (4, 2)]
    assert entering(dataclasses.replace(calm, reversal=False), lifting) == [(3, 0)]


def test_a_hair_is_shed_by_the_class_that_it_had() -> None:
    scalp = clockwork(latency_share=0.0, shrink_probability=1.0)
    start = alike(100, "telogen", 0.5)
    run = followed(scalp, untreated(np.full(1, 50.0), 7, 1.0), 100, (0, 1), start=start)
    assert run.shed_per_day[1, :, 0] == pytest.approx([0, 0, 0, 1, 0, 0])
    assert run.phase("anagen")[1, 3, 0] < 0.5


def test_dormant_follicles_keep_their_class_and_forget_their_lifts() -> None:
    scalp = clockwork(dormancy_probability=1.0, dormant_days=5.0, loss_rate=0.0)
    start = alike(50, "telogen", 0.5)
    start = dataclasses.replace(start, lifts=np.full_like(start.lifts, 2))
    run = followed(scalp, untreated(np.ones(1), 70, 1.0), 50, (1, 15), start=start, keep=True)
    assert run.dormant()[0, 0] > 0.6
    assert run.phase("early_anagen")[1, 3, 0] > 0.6
    assert isinstance(run.final, Follicles)
    assert (run.final.lifts == 0).all()
    assert (run.final.group == 3).all()


# --- What always holds ----------------------------------------------------------------------------


def test_follicles_are_conserved() -> None:
    run = followed(model(2, **FULL), lively(2, 104), 150, None)
    assert total_of(run) == pytest.approx(np.full((105, 2), 300.0), rel=1e-12)
    assert (run.density > -1e-9).all()
    assert (run.outside > -1e-9).all()
    assert run.dormant()[-1].min() > 0
    assert run.lost()[-1].min() > 0


def test_a_lost_follicle_stays_lost_unless_a_rate_is_named() -> None:
    signals = lively(1, 520)
    scalp = model(1, dormancy_probability=0.3, loss_rate=0.01)
    lost = followed(scalp, signals, 100, None).lost()[:, 0]
    assert (np.diff(lost) > -1e-9).all()
    assert lost[-1] > 30
    reviving = dataclasses.replace(scalp, revival_rate=0.01)
    assert (np.diff(followed(reviving, signals, 100, None).lost()[:, 0]) < -1e-9).any()


@pytest.mark.parametrize("law", [Erlang(3), LogNormal(0.5)])
def test_a_run_goes_on_exactly_where_it_ended(law: Any) -> None:
    scalp = model(2, waits=dict.fromkeys(PHASES, law), **FULL)
    signals = lively(2, 200, 3.5)
    whole = followed(scalp, signals, 80, (0, 203, 350, 700), keep=True)
    first = followed(scalp, signals, 80, (0, 203), keep=True)
    second = followed(
        scalp, signals, 80, (203, 350, 700), keep=True, start=first.final, first_day=203
    )
    assert (whole.density[:2] == first.density).all()
    assert second.density == pytest.approx(whole.density[1:], abs=1e-9)
    assert (second.shed_per_day[1:] == whole.shed_per_day[2:]).all()
    assert isinstance(whole.final, Follicles)
    assert isinstance(second.final, Follicles)
    for field in dataclasses.fields(Follicles):
        assert (getattr(second.final, field.name) == getattr(whole.final, field.name)).all()
    assert whole.final.cycle.max() > 1


def test_a_life_does_not_depend_on_the_crowd() -> None:
    scalp, signals = model(2), lively(2, 104)
    crowd = followed(scalp, signals, 40, (728,), keep=True).final
    alone = followed(scalp, signals, 1, (728,), keep=True).final
    assert isinstance(crowd, Follicles)
    assert isinstance(alone, Follicles)
    for field in dataclasses.fields(Follicles):
        assert (getattr(alone, field.name) == getattr(crowd, field.name)[:, :1]).all()
    assert len(np.unique(crowd.left_clock_days)) == 80
    for other in ({"seed": 2}, {"subject": "another scalp"}):
        final = followed(scalp, signals, 40, (728,), keep=True, **other).final
        assert isinstance(final, Follicles)
        assert not np.isin(final.left_clock_days, crowd.left_clock_days).any()


def test_no_days_and_fifty_years() -> None:
    scalp = model(1, **FULL)
    none = followed(scalp, untreated(np.ones(1), 7), 20, (0,))
    assert total_of(none) == pytest.approx(np.full((1, 1), 300.0))
    assert (none.shed_per_day == 0).all()
    years = followed(scalp, untreated(np.ones(1), 18_263, 7.0), 20, (0, 18_263))
    assert total_of(years) == pytest.approx(np.full((2, 1), 300.0))
    assert years.summed_diameter_um()[1, 0] < 0.7 * years.summed_diameter_um()[0, 0]


def test_switches_turn_the_ways_back_off() -> None:
    scalp = model(1, reactivation=False, reversal=False)
    still = untreated(np.ones(1), 364, 7.0)
    ones = np.ones_like(still.drive)
    pushed = dataclasses.replace(still, latency_speed=5 * ones, lift_probability=0.5 * ones)
    runs = [followed(scalp, signals, 50, (364,)) for signals in (still, pushed)]
    assert (runs[0].density == runs[1].density).all()
    open_model = dataclasses.replace(scalp, reactivation=True)
    assert (followed(open_model, pushed, 50, (364,)).density != runs[0].density).any()


def test_other_starts_are_refused() -> None:
    nothing = Cohorts(np.zeros((4, 1, 3, 6, 1)), np.zeros((4, 1, 1)), np.zeros((2, 6, 1)))
    with pytest.raises(UnsupportedModelError, match="Follicles"):
        followed(model(1), untreated(np.ones(1), 7), 1, (7,), start=nothing)
    waits = {**dict.fromkeys(PHASES, Erlang(2)), "anagen": LogNormal(0.5)}
    with pytest.raises(UnsupportedModelError, match="anagen"):
        followed(
            model(1, waits=waits),
            untreated(np.ones(1), 7),
            1,
            (7,),
            start=healthy_population(model(1)),
        )


def test_shares_of_a_small_field_scatter_as_a_binomial() -> None:
    """The spread of the anagen share over draws is √(p (1 − p) / N)."""
    draws, number = 400, 30
    run = followed(model(draws, anagen_power=0.0), untreated(np.zeros(1), 7), number, (0,))
    shares = phases(run)[0, PHASES.index("anagen")]
    p = 730 / (730 + 91 + 0.8 * (95 + 23))
    variance = shares.var(ddof=1) / (p * (1 - p) / number)
    # The ratio is near normal with SD √(2 / draws); 3.9 SD is ALARM.
    assert abs(variance - 1) < 3.9 * math.sqrt(2 / draws)
