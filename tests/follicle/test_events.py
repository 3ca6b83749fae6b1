"""The event method: its two drivers give the same bits, and nothing but the model decides them.

Every seed is fixed. Densities are set so that one follicle is 1 per cm²: counts are then whole.
"""

import dataclasses
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.random import Generator
from tests.follicle.models import Floats, model, total_of
from tests.follicle.specs import (
    Case,
    alike,
    assert_same,
    assert_same_state,
    cells,
    driven_by,
    events,
    everyone,
    random_case,
    random_law,
)

from anagen.follicle import (
    Erlang,
    Fixed,
    FollicleRun,
    LogNormal,
    Signals,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.events import compiled
from anagen.follicle.population import (
    CONDITIONS,
    Cohorts,
    Follicles,
    State,
    healthy_population,
)
from anagen.follicle.spec import DEFAULT_WAITS, PHASES, UnsupportedModelError

DRIVERS = ("arrays", "compiled")
SEEDS = st.integers(0, 2**32 - 1)
LEAVING: dict[str, float] = {"dormancy_probability": 0.2, "loss_rate": 2e-3, "dormant_days": 150.0}
MIXED = {**DEFAULT_WAITS, "anagen": LogNormal(0.5), "latency": LogNormal(0.8), "telogen": Fixed()}


def erlang(numbers: Generator) -> Erlang:
    """Any law that has stages."""
    return Erlang(int(numbers.integers(1, 7)))


def lively(draws: int, days: float = 364.0) -> Signals:
    """Signals in which everything changes from step to step."""
    numbers = np.random.default_rng(11)
    still = untreated(np.ones(draws), days)

    def table(low: float, high: float) -> Floats:
        return numbers.uniform(low, high, still.drive.shape)

    return Signals(
        drive=table(0.5, 2.5),
        anagen_speed=table(0.5, 1.5),
        telogen_speed=table(0.5, 3.0),
        latency_speed=table(0.5, 3.0),
        lift_probability=table(0.1, 0.6),
        lift_support=table(0.0, 1.0),
        inflammation=table(0.0, 1.0),
    )


def each(number: int, case: Case) -> Case:
    """The same case where one follicle is 1 per cm²."""
    density = np.full(case.scalp.draws, float(number))
    return dataclasses.replace(
        case, scalp=dataclasses.replace(case.scalp, follicles_per_cm2=density)
    )


def started(kind: str, case: Case, number: int) -> State | None:
    """A healthy start, a population with everything in it, or follicles after a while."""
    if kind == "healthy":
        return None
    if kind == "population":
        return simulate(case.scalp, case.signals, days=(case.signals.days,)).population
    last = case.signals.days
    return everyone(events("arrays", case.scalp, case.signals, number, (last,), keep=True))


# --- The two drivers ------------------------------------------------------------------------------


@settings(max_examples=90)
@given(
    SEEDS,
    st.integers(1, 3),
    st.one_of(st.integers(1, 70), st.integers(71, 20_000), st.sampled_from([16_384, 16_385])),
    st.sampled_from(["healthy", "population", "follicles"]),
)
def test_both_drivers_give_the_same_bits(seed: int, draws: int, number: int, kind: str) -> None:
    law = erlang if kind == "population" else random_law
    case = each(number, random_case(seed, draws, law))
    start = started(kind, case, number)
    first, second = (
        events(driver, case.scalp, case.signals, number, case.days, start=start, keep=True)
        for driver in DRIVERS
    )
    assert_same(first, second)
    assert (cells(first) == cells(first).round()).all()
    assert cells(first).min() >= 0
    assert (total_of(first) == number).all()
    assert (first.outside[:, 1].sum() == 0) or case.scalp.dormancy_probability > 0


@pytest.mark.parametrize("spread", [3.0, 12.0])
def test_a_population_may_have_rare_cells_and_empty_ones(spread: float) -> None:
    """Several of them then share a place in the look-up of cells."""
    numbers, scalp = np.random.default_rng(5), model(3)
    healthy = healthy_population(scalp)
    share = np.exp(spread * numbers.normal(size=healthy.cycling.shape))
    start = dataclasses.replace(healthy, cycling=share * (numbers.random(share.shape) < 0.6))
    signals = untreated(np.ones(3), 364)
    runs = [events(d, scalp, signals, 20_000, (0, 364), start=start, keep=True) for d in DRIVERS]
    assert_same(*runs)
    found = cells(runs[0])[0].sum(axis=0) * (20_000 / scalp.follicles_per_cm2)
    expected = start.cycling.sum(axis=(0, 1))
    expected *= 20_000 / expected.sum(axis=0)
    assert (np.abs(found - expected) <= 5 * np.sqrt(expected) + 1).all()


def test_clocks_whose_speeds_differ_a_thousandfold() -> None:
    """There a look-up by cells is impossible, and both drivers search."""
    still = untreated(np.ones(1), 364)
    speed = np.where(np.arange(still.steps)[:, None] % 9 == 0, 10.0, 0.01)
    signals = dataclasses.replace(still, telogen_speed=speed, anagen_speed=speed)
    runs = [events(d, model(1), signals, 5000, (0, 182, 364), keep=True) for d in DRIVERS]
    assert_same(*runs)
    assert not np.array_equal(cells(runs[0])[0], cells(runs[0])[2])


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("days", [(280, 315, 350), (7, 14, 21, 28, 364), (364,), (350, 360.5, 364)])
def test_output_days_may_come_late_and_unevenly(driver: str, days: tuple[float, ...]) -> None:
    scalp, signals = model(2, follicles_per_cm2=3000, **LEAVING), lively(2)
    whole = events(driver, scalp, signals, 3000, np.arange(0, 364.5, 3.5))
    some = events(driver, scalp, signals, 3000, days)
    rows = [whole.days.index(day) for day in some.days]
    assert (cells(some) == cells(whole)[rows]).all()
    shed = (whole.shed_per_day * 3.5).cumsum(axis=0)[rows]
    found = some.shed_per_day[1:] * np.diff(some.days)[:, None, None]
    assert found == pytest.approx(np.diff(shed, axis=0), abs=1e-8)


# --- What must be so whatever the chances ---------------------------------------------------------


@pytest.mark.parametrize("driver", DRIVERS)
def test_fixed_waits_run_like_clockwork(driver: str) -> None:
    """An event on an output day counts on that day, the last one included."""
    scalp = model(
        1, follicles_per_cm2=9, anagen_days=98.0, anagen_power=0.0, telogen_days=28.0,
        latency_days=42.0, early_anagen_days=21.0, latency_share=1.0, shrink_probability=0.0,
        waits=dict.fromkeys(PHASES, Fixed()),
    )  # fmt: skip
    signals = untreated(np.zeros(1), 399, 3.5)
    turns = {98: "telogen", 126: "latency", 168: "early_anagen", 189: "anagen", 287: "telogen"}
    start = alike(9, "anagen", 98.0)
    where = "anagen"
    for day, to in turns.items():
        for last, phase in ((day - 3.5, where), (day, to), (day + 3.5, to)):
            run = events(driver, scalp, signals, 9, (0, last), start=start, keep=True)
            assert run.density[-1, PHASES.index(phase), 3, 0] == 9, (last, phase)
            assert (everyone(run).phase == CONDITIONS.index(phase)).all()
        where = to
    days = np.arange(0, 399, 3.5)
    run = events(driver, scalp, signals, 9, days, start=start)
    shed = dict(zip(run.days, run.shed_hairs_per_day()[:, 0] * 3.5, strict=True))
    assert {day: count for day, count in shed.items() if count} == {126.0: 9, 315.0: 9}


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_clock_that_changes_speed_and_stands_still(driver: str) -> None:
    """35 days at speed 1, 35 at 0, then at 2: 100 days of clock are over on day 102.5."""
    scalp = model(1, anagen_days=100.0, telogen_days=30.0, waits=dict.fromkeys(PHASES, Fixed()))
    still = untreated(np.zeros(1), 140, 35.0)
    signals = dataclasses.replace(still, anagen_speed=np.array([[1.0], [0.0], [2.0], [2.0]]))
    start = alike(7, "anagen", 100.0)
    final = everyone(events(driver, scalp, signals, 7, (105,), start=start, keep=True))
    assert (final.phase == PHASES.index("telogen")).all()
    assert final.age_days == pytest.approx(2.5, abs=1e-4)
    assert final.left_clock_days == pytest.approx(27.5, abs=1e-4)
    frozen = dataclasses.replace(still, anagen_speed=np.zeros_like(still.drive))
    final = everyone(events(driver, scalp, frozen, 7, (140,), start=start, keep=True))
    assert (final.phase == PHASES.index("anagen")).all()
    assert final.left_clock_days == pytest.approx(100.0)
    assert (final.age_days == 140.0).all()


@pytest.mark.parametrize("driver", DRIVERS)
def test_no_lost_follicle_comes_back_at_revival_0(driver: str) -> None:
    number = 5000
    scalp = model(1, follicles_per_cm2=number, **LEAVING)
    signals = lively(1, 2184)
    run = events(driver, scalp, signals, number, np.arange(0, 2185, 91), keep=True)
    lost = run.outside[:, 1, :, 0]
    assert (np.diff(lost, axis=0) >= 0).all()
    assert lost[-1].sum() > 100
    half = events(driver, scalp, signals, number, (1092,), keep=True)
    gone = everyone(half).phase == CONDITIONS.index("lost")
    for name in ("phase", "group", "cycle"):
        before, after = (getattr(everyone(r), name)[gone] for r in (half, run))
        assert (before == after).all()
    reviving = dataclasses.replace(scalp, revival_rate=2e-3)
    assert events(driver, reviving, signals, number, (2184,)).lost() < lost[-1].sum()


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("waits", [DEFAULT_WAITS, MIXED])
def test_no_signal_is_no_change(driver: str, waits: Any) -> None:
    """Neutral signals by the paths that treatments take give the bits of no signals at all."""
    # Drive shortens no anagen here: a clock that runs at 1 is exact, by whatever path it is read.
    still_anagen = {"anagen_drive_log": 0.0, "inflammation_anagen_log": 0.0}
    scalp = model(2, waits=waits, **still_anagen, **LEAVING)
    still = untreated(np.ones(2), 728)
    late = np.arange(still.steps)[:, None] >= 150
    days = (0, 91, 182.0, 500.5)
    plain = events(driver, scalp, still, 3000, days, keep=True)
    for changes in (
        {"lift_support": np.full_like(still.drive, 0.5)},
        {"inflammation": np.full_like(still.drive, 0.7)},
        {  # they act only after the last output day, but open every path from the start
            "telogen_speed": np.where(late, 2.0, 1.0) * np.ones(2),
            "anagen_speed": np.where(late, 0.5, 1.0) * np.ones(2),
            "latency_speed": np.where(late, 3.0, 1.0) * np.ones(2),
            "lift_probability": np.where(late, 0.5, 0.0) * np.ones(2),
        },
    ):
        other = events(driver, scalp, dataclasses.replace(still, **changes), 3000, days, keep=True)
        assert_same(plain, other)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_way_back_that_is_switched_off_is_no_signal(driver: str) -> None:
    signals = lively(1)
    days, ones = (0, 182, 364), np.ones_like(signals.drive)
    for switch, changes in (
        ({"reactivation": False}, {"latency_speed": ones}),
        ({"reversal": False}, {"lift_probability": 0 * ones}),
    ):
        off = events(driver, model(1, **switch), signals, 2000, days, keep=True)
        without = dataclasses.replace(signals, **changes)
        assert_same(off, events(driver, model(1), without, 2000, days, keep=True))
        on = events(driver, model(1), signals, 2000, days)
        assert (on.density != off.density).any()


# --- What must not matter -------------------------------------------------------------------------

PAGES = 40_000
"""Follicles on three pages."""


@pytest.fixture(scope="module")
def crowd() -> FollicleRun:
    """A run of many follicles and several draws, kept."""
    return events("compiled", scalp_of(5), lively(5), PAGES, (0, 91, 364), keep=True)


def scalp_of(draws: int) -> Any:
    """Draws that differ; the first ones are the same however many there are."""
    return model(
        draws, telogen_days=80.0 + 5 * np.arange(draws), waits=MIXED,
        follicles_per_cm2=float(PAGES), **LEAVING,
    )  # fmt: skip


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("draws", [1, 5, 12])
def test_threads_change_nothing(threads: int, draws: int, crowd: FollicleRun) -> None:
    number = PAGES if draws == 5 else 33_000 if draws == 1 else 2000
    given_threads = [threads] if draws == 5 else [1, threads]
    runs = [
        events(
            "compiled", scalp_of(draws), lively(draws), number, (0, 91, 364), threads=count,
            keep=True,
        )
        for count in given_threads
    ]  # fmt: skip
    assert_same(crowd if draws == 5 else runs[0], runs[-1])


def test_threads_change_nothing_without_a_compiler() -> None:
    runs = [
        events("arrays", scalp_of(3), lively(3), 20_000, (0, 364), threads=threads, keep=True)
        for threads in (1, 2)
    ]
    assert_same(*runs)


def test_the_order_of_arms_changes_nothing() -> None:
    scalp, none = scalp_of(2), untreated(np.ones(2), 364)
    arms = {"none": none, "all": lively(2), "late": dataclasses.replace(none, drive=0 * none.drive)}
    first = {name: events("compiled", scalp, arms[name], 5000, (0, 364)) for name in arms}
    for name in reversed(arms):
        assert_same(first[name], events("compiled", scalp, arms[name], 5000, (0, 364)))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_draw_is_the_same_whatever_other_draws_there_are(driver: str, crowd: FollicleRun) -> None:
    for part in (slice(0, 1), slice(0, 3), slice(2, 4)):
        run = events(
            driver, scalp_of(5).pick(part), lively(5).pick(part), PAGES, (0, 91, 364), keep=True,
            first_draw=part.start,
        )  # fmt: skip
        assert (cells(run) == cells(crowd)[..., part]).all()
        assert (run.shed_per_day == crowd.shed_per_day[..., part]).all()
        whole = everyone(crowd)
        part_state = {f.name: getattr(whole, f.name)[part] for f in dataclasses.fields(whole)}
        assert_same_state(everyone(run), Follicles(**part_state))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_draw_is_the_same_beside_one_whose_clocks_are_very_uneven(driver: str) -> None:
    """The other draw asks for other ways to look up its clocks."""
    still = untreated(np.ones(2), 364)
    numbers = np.random.default_rng(5)
    speed = numbers.uniform(0.8, 1.2, still.drive.shape)
    speed[::7, 1] = 0.01
    signals = dataclasses.replace(still, telogen_speed=speed, latency_speed=speed)
    both = events(driver, model(2), signals, 20_000, (0, 182, 364), keep=True)
    one = slice(0, 1)
    alone = events(driver, model(2).pick(one), signals.pick(one), 20_000, (0, 182, 364), keep=True)
    assert (cells(alone) == cells(both)[..., one]).all()
    first = {f.name: getattr(everyone(both), f.name)[one] for f in dataclasses.fields(Follicles)}
    assert_same_state(everyone(alone), Follicles(**first))


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("kind", ["healthy", "population"])
def test_a_follicle_lives_the_same_life_in_any_crowd(driver: str, kind: str) -> None:
    scalp, signals = model(2, **LEAVING), lively(2)
    start = None
    if kind == "population":
        start = untreated_history(scalp, healthy_population(scalp), np.ones(2), np.full(2, 2000.0))
    few, many = (
        everyone(events(driver, scalp, signals, number, (364,), start=start, keep=True))
        for number in (1000, 50_000)
    )
    first = {f.name: getattr(many, f.name)[:, :1000] for f in dataclasses.fields(many)}
    assert_same_state(few, Follicles(**first))


def test_follicles_on_different_pages_do_not_share_a_life(crowd: FollicleRun) -> None:
    left = everyone(crowd).left_clock_days[0]
    here = everyone(crowd).phase[0] == PHASES.index("anagen")
    same = (left[:16_384] == left[16_384:32_768]) & here[:16_384] & here[16_384:32_768]
    assert same.sum() <= 5  # numbers on 2²³ places meet now and then


@pytest.mark.parametrize("block", [256, 4096])
@pytest.mark.parametrize("kind", ["healthy", "population", "follicles"])
def test_the_size_of_a_block_changes_nothing(
    block: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scalp, signals, number = model(1, **LEAVING), lively(1), 20_000
    start = started(kind, Case(scalp, signals, (0,)), number)
    whole = events("compiled", scalp, signals, number, (0, 364), start=start, keep=True)
    monkeypatch.setattr(compiled, "BLOCK_FOLLICLES", block)
    assert_same(whole, events("compiled", scalp, signals, number, (0, 364), start=start, keep=True))


@pytest.mark.parametrize("driver", DRIVERS)
def test_keeping_the_state_changes_nothing(driver: str) -> None:
    kept, not_kept = (
        events(driver, scalp_of(2), lively(2), 3000, (0, 364), keep=keep) for keep in (True, False)
    )
    assert not_kept.final is None
    assert_same(dataclasses.replace(kept, final=None), not_kept)


HASHED = """
import hashlib, numpy as np
from tests.follicle.test_events import PAGES, events, lively, scalp_of
run = events("compiled", scalp_of(2), lively(2), PAGES, (0, 91, 364), keep=True)
text = run.density.tobytes() + run.final.left_clock_days.tobytes() + run.final.phase.tobytes()
print(hashlib.blake2b(text).hexdigest())
"""


def test_other_processes_and_hash_seeds_give_the_same_bits(root: Path) -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", HASHED], cwd=root, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "4242")
    }  # fmt: skip
    assert len(found) == 1
    assert len(found.pop().strip()) == 128


def test_seeds_subjects_and_draws_give_other_follicles() -> None:
    scalp, signals = model(1), untreated(np.ones(1), 364)
    base = everyone(events("arrays", scalp, signals, 500, (364,), keep=True))
    for other in ({"seed": 2}, {"subject": "another scalp"}, {"first_draw": 1}):
        final = everyone(events("arrays", scalp, signals, 500, (364,), keep=True, **other))
        assert np.isin(final.left_clock_days, base.left_clock_days).sum() <= 3


# --- Going on -------------------------------------------------------------------------------------


def assert_goes_on(driver: str, case: Case, number: int, start: State | None) -> None:
    """A run that is broken off at any output day and taken up again is the whole run."""
    days = sorted({0.0, *case.days, case.signals.days})
    whole = events(driver, case.scalp, case.signals, number, days, start=start, keep=True)
    for row, day in enumerate(days):
        first = events(
            driver, case.scalp, case.signals, number, days[: row + 1], start=start, keep=True
        )
        assert (cells(first) == cells(whole)[: row + 1]).all()
        assert (first.shed_per_day == whole.shed_per_day[: row + 1]).all()
        rest = events(
            driver, case.scalp, case.signals, number, days[row:], start=first.final,
            first_day=day, keep=True,
        )  # fmt: skip
        assert (cells(rest) == cells(whole)[row:]).all()
        assert (rest.shed_per_day[1:] == whole.shed_per_day[row + 1 :]).all()
        assert_same_state(everyone(rest), everyone(whole))


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 2), st.sampled_from(["healthy", "population", "follicles"]))
def test_a_run_goes_on_to_the_bit_where_it_was_broken_off(seed: int, draws: int, kind: str) -> None:
    law = erlang if kind == "population" else random_law
    case = each(700, random_case(seed, draws, law))
    start = started(kind, case, 700)
    assert_goes_on(DRIVERS[seed % 2], case, 700, start)


@pytest.mark.parametrize("driver", DRIVERS)
def test_fixed_waits_go_on_where_they_end_on_an_output_day(driver: str) -> None:
    waits = dict.fromkeys(PHASES, Fixed())
    scalp = model(1, anagen_days=98.0, telogen_days=28.0, latency_days=42.0, waits=waits)
    case = Case(scalp, untreated(np.zeros(1), 140), tuple(range(0, 40, 4)))
    assert_goes_on(driver, each(5, case), 5, alike(5, "anagen", 28.0))


def test_a_run_of_many_follicles_on_fast_clocks_goes_on_to_the_bit() -> None:
    """Where a clock is read in thousands, events a rounding error from an output day exist."""
    numbers, number = np.random.default_rng(3), 1_000_000
    still = untreated(np.ones(1), 700)
    speed = numbers.uniform(15, 20, still.drive.shape)
    signals = dataclasses.replace(still, telogen_speed=speed, latency_speed=speed)
    case = each(number, Case(model(1), signals, (100,)))
    assert_goes_on("compiled", case, number, None)


# --- Common random numbers, memory, refusals ------------------------------------------------------


def test_arms_share_their_random_numbers() -> None:
    """The SD of a difference between arms is then far below that of two separate samples."""
    draws, number = 400, 200
    scalp, none = model(draws), untreated(np.ones(draws), 182)
    treated = dataclasses.replace(none, latency_speed=1.5 * np.ones_like(none.drive))
    first = events("compiled", scalp, none, number, (182,)).counted()[0]
    common = events("compiled", scalp, treated, number, (182,)).counted()[0] - first
    other = events("compiled", scalp, treated, number, (182,), seed=2).counted()[0] - first
    assert common.mean() == pytest.approx(other.mean(), abs=4.0)
    assert common.mean() > 5
    assert other.var() / common.var() > 2


def peak_bytes(number: int, keep: bool) -> int:
    """Most memory in use during a run."""
    tracemalloc.start()
    events("compiled", model(1), untreated(np.ones(1), 91), number, (0, 91), keep=keep)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_follicles_that_are_not_kept() -> None:
    peak_bytes(1000, keep=False)  # whatever is loaded once
    few, many = (peak_bytes(number, keep=False) for number in (50_000, 1_000_000))
    assert many - few < 100_000  # bytes; a key takes 8 for each page of 16,384 follicles
    assert many < 8_000_000
    assert peak_bytes(1_000_000, keep=True) > many + 13_000_000  # so it would be seen


def test_small_work_needs_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("compiled")

    monkeypatch.setattr(compiled, "advance", refuse)
    scalp, signals = model(1), untreated(np.ones(1), 365)
    simulate(scalp, signals, 1000, (365,), "events")
    with pytest.raises(AssertionError, match="compiled"):
        simulate(scalp, signals, 1_000_000, (365,), "events")
    with pytest.raises(AssertionError, match="compiled"), driven_by("compiled"):
        simulate(scalp, signals, 10, (365,), "events")


def test_expectations_are_no_start() -> None:
    nothing = Cohorts((np.zeros((0, 1, 6, 1)),) * 4, (np.zeros((1, 1)),) * 4, np.zeros((2, 6, 1)))
    with pytest.raises(UnsupportedModelError, match="cannot begin from Cohorts"):
        events("arrays", model(1), untreated(np.ones(1), 7), 1, (7,), start=nothing)
    scalp, start = model(1, waits=MIXED), healthy_population(model(1))
    with pytest.raises(UnsupportedModelError, match="only Erlang waits have stages"):
        events("arrays", scalp, untreated(np.ones(1), 7), 1, (7,), start=start)
