"""Renewal equations: against the chain of stages, closed forms, and themselves."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.follicle.models import Floats, model, phases, total_of

from anagen.follicle import (
    EXPONENTIAL,
    DiameterGrid,
    Erlang,
    Fixed,
    FollicleModel,
    FollicleRun,
    LogNormal,
    Signals,
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
)
from anagen.follicle.meanfield import chain
from anagen.follicle.population import Cohorts, healthy_cohorts
from anagen.follicle.renewal import renewal
from anagen.follicle.run import Task
from anagen.follicle.spec import PHASES, Wait

LAWS: tuple[Wait, ...] = (Erlang(1), Erlang(3), LogNormal(0.05), LogNormal(1.0), Fixed())
LEAVING = {
    "dormancy_probability": 0.1,
    "loss_rate": 0.002,
    "revival_rate": 0.001,
    "dormant_days": 150.0,
}


def waits(law: Wait) -> dict[str, Any]:
    """The same law in every phase."""
    return {"waits": dict.fromkeys(PHASES, law)}


def alone(law: Wait, **changes: Any) -> FollicleModel:
    """One class, no latency and no early anagen: anagen 240 days, telogen 90 days."""
    numbers = {
        "follicles_per_cm2": 1.0,
        "anagen_days": 240.0,
        "telogen_days": 90.0,
        "latency_days": 0.0,
        "early_anagen_days": 0.0,
        "anagen_power": 0.0,
        "grid": DiameterGrid((0.0, 100.0), (60.0,)),
        "class_shares": np.ones(1),
    }
    return model(1, **{**numbers, **waits(law), **changes})


def all_in_anagen() -> Cohorts:
    """Every follicle of `alone` begins its anagen now."""
    none, today = np.zeros((0, 1, 1, 1)), np.zeros((1, 1))
    entered = [none, np.ones((1, 1, 1, 1)), none, none]
    return Cohorts(tuple(entered), (today, np.zeros((2, 1)), today, today), np.zeros((2, 1, 1)))


def treated(days: float, step: float, draws: int = 1) -> Signals:
    """Everything changes on days 56 and 168."""
    still = untreated(np.ones(draws), days, step)
    start = np.arange(still.steps) * step
    within = ((start >= 56) & (start < 168))[:, None] & np.ones(draws, dtype=bool)
    return replace(
        still,
        drive=np.where(within, 0.3, 0.8),
        anagen_speed=np.where(within, 0.7, 1.0),
        telogen_speed=np.where(within, 1.6, 1.0),
        latency_speed=np.where(within, 2.0, 0.9),
        lift_probability=np.where(within, 0.2, 0.02),
        lift_support=np.where(within, 1.0, 0.3),
        inflammation=np.where(within, 0.2, 0.5),
    )


def task(scalp: FollicleModel, signals: Signals, days: Sequence[float]) -> Task:
    """What simulate() would pass on."""
    steps = tuple(round(day / signals.step_days) for day in days)
    return Task(scalp, signals, None, 0, steps, 1, 1, "scalp", 0, 1, False)


def everything(run: FollicleRun) -> Floats:
    """All numbers of a run."""
    return np.concatenate([run.density.ravel(), run.outside.ravel(), run.shed_per_day.ravel()])


@pytest.mark.parametrize("stages", [1, 3])
def test_erlang_waits_give_what_the_chain_gives(stages: int) -> None:
    """Both have the same limit of small steps; the errors go with the step, and with its square."""
    scalp, days = model(1, **LEAVING, **waits(Erlang(stages))), (56, 168, 336)

    def by(method: Callable[[Task], FollicleRun], step: float) -> Floats:
        return everything(method(task(scalp, treated(336, step), days)))

    first, second, third = (by(chain, step) for step in (0.5, 0.25, 0.125))
    limit = (first - 6 * second + 8 * third) / 3
    found = [by(renewal, step) for step in (14.0, 7.0, 3.5, 1.75)]
    assert np.abs((4 * found[3] - found[2]) / 3 - limit).max() < 1e-5  # of 300 follicles
    errors = [np.abs(numbers - limit).max() for numbers in found]
    for coarse, fine in itertools.pairwise(errors):
        assert coarse / fine == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("law", [LogNormal(0.4), LogNormal(1.0)])
def test_the_error_falls_with_the_square_of_the_step(law: Wait) -> None:
    scalp, days = model(1, **LEAVING, **waits(law)), (56, 168, 336)
    found = [
        everything(renewal(task(scalp, treated(336, h), days))) for h in (14.0, 7.0, 3.5, 1.75)
    ]
    steps = [np.abs(a - b).max() for a, b in itertools.pairwise(found)]
    assert steps[0] / steps[1] == pytest.approx(4.0, abs=0.4)
    assert steps[1] / steps[2] == pytest.approx(4.0, abs=0.4)


def test_two_exponential_phases() -> None:
    scalp, days = alone(EXPONENTIAL), range(0, 701, 70)
    rate, share = 1 / 240 + 1 / 90, 240 / 330
    exact = share + (1 - share) * np.exp(-rate * np.array(days))

    def error(step: float) -> float:
        signals = untreated(np.zeros(1), 700, step)
        run = simulate(scalp, signals, days=days, start=all_in_anagen())
        return float(np.abs(phases(run)[:, 1, 0] - exact).max())

    assert error(3.5) < 2e-5
    assert error(7.0) / error(3.5) == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("step", [1.0, 30.0])
def test_no_signal_is_no_change_in_a_healthy_scalp(law: Wait, step: float) -> None:
    """Also where a step is longer than early anagen."""
    mixed = {**dict.fromkeys(PHASES, law), "latency": LogNormal(0.7)}
    scalp = model(2, waits=mixed, telogen_days=np.array([80.0, 100.0]))
    run = renewal(task(scalp, untreated(np.zeros(2), 360, step), (0, 60, 360)))
    assert run.density[1:] == pytest.approx(run.density[[0, 0]], rel=1e-11)
    mean = {"anagen": 0.0, "telogen": 80.0, "latency": 0.8 * 95.0, "early_anagen": 0.8 * 23.0}
    held = run.density[2, :, 5, 0]
    assert held[0] / held[2] == pytest.approx(mean["early_anagen"] / mean["telogen"], rel=1e-11)
    assert held[3] / held[2] == pytest.approx(mean["latency"] / mean["telogen"], rel=1e-11)
    shed = run.shed_per_day[1, :, 0]
    assert shed == pytest.approx(run.density[0, 2, :, 0] / 80.0, rel=1e-11)


def test_a_fixed_wait_moults_at_once() -> None:
    run = simulate(
        alone(Fixed()), untreated(np.zeros(1), 660, 5.0), days=range(0, 661, 5),
        start=all_in_anagen(),
    )  # fmt: skip
    for day, anagen in zip(run.days, run.density[:, 1, 0, 0], strict=True):
        assert anagen == pytest.approx(float(day % 330 < 240), abs=1e-12)
    assert run.shed_per_day.sum() * 5 == pytest.approx(2.0, rel=1e-12)


def test_fixed_waits_in_a_healthy_scalp_under_a_faster_telogen() -> None:
    """The residual of a fixed wait is even, so telogen falls along a line, then stays at half."""
    signals = untreated(np.zeros(1), 90, 2.5)
    faster = replace(signals, telogen_speed=np.full_like(signals.drive, 2.0))
    days = np.arange(0, 91, 15)
    run = simulate(alone(Fixed()), faster, days=days.tolist())
    telogen = run.density[:, 2, 0, 0]
    assert telogen == pytest.approx((90 - np.minimum(days, 45)) / 330, rel=1e-12)
    assert run.shed_per_day[1:, 0, 0] == pytest.approx(
        np.where(days[1:] <= 45, 2 / 330, 1 / 330), rel=1e-12
    )


@pytest.mark.parametrize(("variation", "low", "high"), [(0.02, 0.95, 1.0), (1.0, 0.0, 0.02)])
def test_small_variance_gives_moulting_waves(variation: float, low: float, high: float) -> None:
    scalp = alone(LogNormal(variation))
    run = simulate(
        scalp, untreated(np.zeros(1), 1980, 5.0), days=range(1320, 1981, 30), start=all_in_anagen()
    )
    anagen = run.density[:, 1, 0, 0]
    assert low <= anagen.max() - anagen.min() <= high


@pytest.mark.parametrize("law", LAWS)
def test_a_clock_that_stands_still_only_delays(law: Wait) -> None:
    scalp, moving = alone(law), untreated(np.zeros(1), 400, 5.0)
    still = np.ones_like(moving.drive)
    still[20:36] = 0.0
    frozen = replace(moving, anagen_speed=still, telogen_speed=still)
    plain = simulate(scalp, moving, days=(100, 200, 320), start=all_in_anagen())
    waiting = simulate(scalp, frozen, days=(100, 140, 180, 280, 400), start=all_in_anagen())
    assert waiting.density[1] == pytest.approx(waiting.density[0], rel=1e-12)
    assert waiting.density[2:] == pytest.approx(plain.density, rel=1e-9, abs=1e-15)


def test_anagen_that_stands_still_fills() -> None:
    signals = untreated(np.ones(1), 1400)
    held = replace(signals, anagen_speed=np.zeros_like(signals.drive))
    run = simulate(model(1, **waits(LogNormal(0.4))), held, days=(0, 1400))
    assert phases(run)[1, 1, 0] == pytest.approx(1.0, abs=1e-9)


LAW = st.one_of(
    st.integers(1, 8).map(Erlang), st.floats(0.05, 2.0).map(LogNormal), st.just(Fixed())
)


@st.composite
def specs(draw: st.DrawFn) -> FollicleModel:
    """Any model within reason."""
    share = st.floats(0, 1)
    return model(
        2,
        waits={phase: draw(LAW) for phase in PHASES},
        anagen_days=draw(st.floats(20, 900)),
        telogen_days=draw(st.floats(5, 120)),
        latency_days=draw(st.sampled_from([0.0, 60.0])),
        early_anagen_days=draw(st.sampled_from([0.0, 2.0, 23.0])),
        latency_share=draw(share),
        relapse_probability=draw(share),
        dormancy_probability=draw(share),
        loss_rate=draw(st.floats(0, 0.01)),
        revival_rate=draw(st.floats(0, 0.01)),
        dormant_days=draw(st.floats(10, 500)),
    )


@settings(max_examples=40)
@given(specs(), st.floats(0, 5), st.floats(0, 5), st.floats(0, 1), st.sampled_from([1.75, 7.0]))
def test_follicles_are_conserved(
    scalp: FollicleModel, drive: float, speed: float, lift: float, step: float
) -> None:
    signals = treated(140, step, 2)
    pushed = replace(
        signals,
        drive=signals.drive * drive,
        telogen_speed=signals.telogen_speed * speed,
        latency_speed=signals.latency_speed * speed,
        lift_probability=np.full_like(signals.drive, lift),
    )
    run = renewal(task(scalp, pushed, (0, 70, 140)))
    assert total_of(run) == pytest.approx(np.full((3, 2), 300.0), rel=1e-12)
    assert everything(run).min() > -1e-10


@settings(max_examples=15)
@given(specs())
def test_a_run_goes_on_where_it_ended(scalp: FollicleModel) -> None:
    # Expectations of Erlang waits alone would go on by stage.
    scalp = replace(scalp, waits={**scalp.waits, "telogen": LogNormal(0.3)})
    signals = treated(280, 7.0, 2)
    whole = simulate(scalp, signals, days=(91, 280))
    first = simulate(scalp, signals, days=91.0)
    rest = simulate(scalp, signals, days=(91, 280), start=first.final, first_day=91.0)
    assert rest.density == pytest.approx(whole.density, rel=1e-9, abs=1e-11)
    assert rest.outside == pytest.approx(whole.outside, rel=1e-9, abs=1e-11)
    assert rest.shed_per_day[1] == pytest.approx(whole.shed_per_day[1], rel=1e-9, abs=1e-11)


def test_numbers_do_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    telogen = np.linspace(20.0, 120.0, 7)
    scalp = model(7, telogen_days=telogen, **waits(LogNormal(0.1)))
    signals = treated(364, 7.0, 7)
    whole = simulate(scalp, signals, days=(182, 364))
    monkeypatch.setattr("anagen.follicle.renewal.BLOCK_DRAWS", 3)
    again = simulate(scalp, signals, days=(182, 364))
    assert again.density == pytest.approx(whole.density, rel=1e-11, abs=1e-13)
    half = simulate(scalp, signals, days=(182,))
    rest = simulate(scalp, signals, days=(364,), start=half.final, first_day=182)
    assert rest.density[0] == pytest.approx(whole.density[1], rel=1e-10, abs=1e-12)


def test_old_cohorts_are_forgotten() -> None:
    run = simulate(alone(LogNormal(0.1)), untreated(np.zeros(1), 2800, 7.0), days=(2800,))
    assert isinstance(run.final, Cohorts)
    telogen, anagen = PHASES.index("telogen"), PHASES.index("anagen")
    assert run.final.entered[telogen].shape[0] < 40
    assert run.final.entered[anagen].shape[0] < 100


def test_what_it_cannot_do_is_refused() -> None:
    signals = untreated(np.zeros(1), 70)
    scalp = model(1, **waits(LogNormal(0.4)))
    with pytest.raises(UnsupportedModelError, match="begin from a Population"):
        simulate(scalp, signals, days=(70,), start=healthy_population(model(1)))
    short = alone(EXPONENTIAL, anagen_days=1e-5, telogen_days=1e-5)
    with pytest.raises(UnsupportedModelError, match=r"within a step of 3\.5 days"):
        renewal(task(short, signals, (70,)))


def test_erlang_waits_may_begin_from_cohorts() -> None:
    scalp = model(1)
    run = simulate(scalp, untreated(np.zeros(1), 70), days=(70,), start=healthy_cohorts(scalp))
    assert isinstance(run.final, Cohorts)
