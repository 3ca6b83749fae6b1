"""What any method must pass, and what the mean field promises besides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.follicle.models import halloy, model, phases, total, total_of

from anagen.follicle import (
    Erlang,
    LogNormal,
    Population,
    Signals,
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.run import snapshot
from anagen.follicle.spec import PHASES, DiameterGrid


@st.composite
def signals(draw: st.DrawFn, steps: int = 40, draws: int = 2) -> Signals:
    """Any tables that the type allows, within reason."""

    def table(low: float, high: float) -> np.ndarray:
        numbers = st.floats(low, high)
        knots = np.array(draw(st.lists(numbers, min_size=4, max_size=4)))
        return np.repeat(knots, steps // 4)[:, None] * np.ones(draws)

    return Signals(
        drive=table(0, 20),
        anagen_speed=table(0, 3),
        telogen_speed=table(0, 20),
        latency_speed=table(0, 20),
        lift_probability=table(0, 1),
        lift_support=table(0, 1),
        inflammation=table(0, 1),
    )


@given(signals(), st.floats(0, 0.2), st.floats(0, 0.01), st.floats(0, 0.01))
def test_follicles_are_conserved(
    signals: Signals, dormancy: float, loss: float, revival: float
) -> None:
    scalp = model(
        2, dormancy_probability=dormancy, loss_rate=loss, revival_rate=revival, dormant_days=200.0
    )
    run = simulate(scalp, signals, days=(0, 70, 140), start=healthy_population(scalp))
    assert np.allclose(total_of(run), 300.0, rtol=1e-12)
    assert (run.density >= -1e-12).all()
    assert (run.outside >= -1e-12).all()


@given(
    st.lists(st.integers(1, 8), min_size=4, max_size=4),
    st.lists(st.floats(30, 900), min_size=3, max_size=3),
)
def test_stationary_shares_are_those_of_mean_durations(
    stages: list[int], days: list[float]
) -> None:
    scalp = model(
        1,
        anagen_days=days[0],
        anagen_power=0.0,
        telogen_days=days[1],
        latency_days=days[2],
        early_anagen_days=40.0,
        waits={phase: Erlang(count) for phase, count in zip(PHASES, stages, strict=True)},
    )
    means = {
        "anagen": days[0],
        "telogen": days[1],
        "latency": 0.8 * days[2],
        "early_anagen": 32.0,
    }
    run = simulate(
        scalp, untreated(np.zeros(1), 350), days=(0, 350), start=healthy_population(scalp)
    )
    for row in (0, 1):
        for index, phase in enumerate(PHASES):
            expected = means[phase] / sum(means.values())
            assert phases(run)[row, index, 0] == pytest.approx(expected, rel=1e-9)


def test_no_signal_is_no_change() -> None:
    scalp = model(4)
    start = untreated_history(scalp, healthy_population(scalp), np.ones(4), np.full(4, 3000.0))
    still = untreated(np.ones(4), 364)
    # Speeds of exactly 1 and chances of 0, yet by the path that treatments take.
    supported = replace(still, lift_support=np.full_like(still.lift_support, 0.5))
    first = simulate(scalp, still, days=(0, 182, 364), start=start)
    second = simulate(scalp, supported, days=(0, 182, 364), start=start)
    assert (first.density == second.density).all()


def test_lifted_levels_that_hold_nothing_change_nothing() -> None:
    scalp = model(4)
    start = healthy_population(scalp)
    still = untreated(np.ones(4), 364)
    late = still.lift_probability.copy()
    late[-1] = 0.5  # acts after the last output day, but opens the lift levels from the start
    lifting = replace(still, lift_probability=late)
    days = (0, 180, 357)
    first, second = (
        simulate(scalp, still, days=days, start=start),
        simulate(scalp, lifting, days=days, start=start),
    )
    for threshold in (20.0, 30.0):
        assert (first.counted(threshold) == second.counted(threshold)).all()


@pytest.mark.parametrize("step", [0.25, 0.125])
def test_halloy_model_file(step: float) -> None:
    scalp = halloy()
    start = healthy_population(scalp)
    stationary = phases(snapshot(start, scalp))[0, :, 0]
    assert dict(zip(PHASES, stationary, strict=True)) == pytest.approx(
        {"anagen": 0.45, "telogen": 0.30, "latency": 0.25, "early_anagen": 0.0}, abs=1e-4
    )
    cycling = np.zeros_like(start.cycling)
    for row, share in ((1, 0.34), (2, 0.33), (3, 0.33)):
        cycling[row, 0, 3, 0] = share
    begun = Population(cycling, start.outside)
    run = simulate(scalp, untreated(np.zeros(1), 27, step), days=(0, 27), start=begun)
    shares = phases(run)[1, :, 0]
    # Early anagen passes follicles on with one step's delay, so the error is of that order.
    assert shares[1:] == pytest.approx([0.3910, 0.3037, 0.3052], abs=0.004 * step + 2e-4)


def test_halloy_without_early_anagen() -> None:
    """The three phases of the model file alone; its numbers are given to four places."""
    scalp = replace(halloy(), early_anagen_days=np.zeros(1))
    start = healthy_population(scalp)
    assert start.cycling.shape[0] == 3
    assert start.cycling.sum(axis=(1, 2))[:, 0] == pytest.approx([0.45, 0.30, 0.25], rel=1e-12)
    cycling = np.zeros_like(start.cycling)
    cycling[:, 0, 3, 0] = [0.34, 0.33, 0.33]
    begun = Population(cycling, start.outside)
    coarse, fine = (
        phases(simulate(scalp, untreated(np.zeros(1), 27, step), days=(27,), start=begun))[0, :, 0]
        for step in (0.1, 0.05)
    )
    assert (2 * fine - coarse)[1:] == pytest.approx([0.3910, 0.3037, 0.3052], abs=6e-5)


@pytest.mark.parametrize("left_out", ["early_anagen_days", "latency_days"])
def test_a_phase_of_no_length_is_passed_at_once(left_out: str) -> None:
    changes = {"dormancy_probability": 0.1, "loss_rate": 0.001, "revival_rate": 0.001}
    step = 0.5
    signals = untreated(np.ones(1), 350, step)
    # A short phase of one stage that is left within the next step: one step of delay.
    short = {
        days: simulate(
            model(1, **{left_out: days}, waits=dict.fromkeys(PHASES, Erlang(1)), **changes),
            signals,
            days=(175, 350),
        )
        for days in (0.0, step, 2 * step)
    }
    limit = 2 * short[step].density - short[2 * step].density
    assert short[0.0].density == pytest.approx(limit, abs=2e-3)
    index = PHASES.index("early_anagen" if left_out == "early_anagen_days" else "latency")
    assert (short[0.0].density[:, index] == 0).all()
    assert total_of(short[0.0]) == pytest.approx(np.full((2, 1), 300.0), rel=1e-12)


def test_halloy_eigenvalues() -> None:
    """The relaxation of the three-phase chain, read off its generator in the history's form."""
    scalp = halloy()
    start = healthy_population(scalp)
    cycling = np.zeros_like(start.cycling)
    cycling[1, 0, 3, 0] = 1.0
    begun = Population(cycling, start.outside)
    months = np.array([1.0, 2.0, 3.0])
    far = np.array(
        [
            phases(
                snapshot(
                    untreated_history(scalp, begun, np.zeros(1), np.array([30.0 * month])), scalp
                )
            )[0, 1, 0]
            - 0.45
            for month in months
        ]
    )
    # x(t) = c₁ e^{λt} + c₂ e^{λ̄t} obeys x₃ = 2 Re(e^λ) x₂ − |e^λ|² x₁.
    eigen = np.exp(-0.597 + 0.326j)
    assert far[2] == pytest.approx(2 * eigen.real * far[1] - abs(eigen) ** 2 * far[0], abs=3e-4)


def test_halving_the_step_shrinks_the_error() -> None:
    scalp = model(1)
    start = untreated_history(scalp, healthy_population(scalp), np.ones(1), np.array([3000.0]))

    def gain(step: float) -> float:
        still = untreated(np.ones(1), 168, step)
        faster = replace(
            still,
            latency_speed=np.full_like(still.latency_speed, 2.0),
            telogen_speed=np.full_like(still.telogen_speed, 1.5),
        )
        both = [
            simulate(scalp, signals, days=(168,), start=start).counted()[0, 0]
            for signals in (still, faster)
        ]
        return both[1] - both[0]

    exact = gain(0.125)
    errors = [abs(gain(step) - exact) for step in (7.0, 3.5, 1.75)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[1] < 0.5  # hairs per cm², against an instrument error of about 9


def test_small_variance_gives_moulting_waves() -> None:
    def swing(stages: int) -> float:
        scalp = model(
            1,
            anagen_days=240.0,
            anagen_power=0.0,
            latency_share=1.0,
            waits=dict.fromkeys(PHASES, Erlang(stages)),
        )
        start = healthy_population(scalp)
        cycling = np.zeros_like(start.cycling)
        cycling[stages] = start.cycling.sum(axis=0)  # every follicle begins its anagen today
        begun = Population(cycling, start.outside)
        days = np.arange(900, 1401, 35)
        run = simulate(scalp, untreated(np.zeros(1), 1400, 1.0), days=days, start=begun)
        anagen = phases(run)[:, PHASES.index("anagen"), 0]
        return float(anagen.max() - anagen.min())

    assert swing(30) > 0.3
    assert swing(1) < 0.02


def test_numbers_do_not_depend_on_blocks_or_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    scalp = model(70, shrink_probability=generator.uniform(0.05, 0.3, 70))
    start = healthy_population(scalp)
    still = untreated(np.ones(70), 364)
    lifting = replace(still, lift_probability=np.full_like(still.lift_probability, 0.1))
    whole = simulate(scalp, lifting, days=(0, 364), start=start)
    monkeypatch.setattr("anagen.follicle.meanfield.BLOCK_DRAWS", 13)
    again = simulate(scalp, lifting, days=(0, 364), start=start)
    assert (again.density == whole.density).all()
    one = slice(40, 41)
    alone = simulate(scalp.pick(one), lifting.pick(one), days=(0, 364), start=start.pick(one))
    assert (alone.density == whole.density[..., one]).all()


def test_a_run_goes_on_from_its_end() -> None:
    scalp = model(3)
    start = healthy_population(scalp)
    tables = untreated(np.ones(3), 364)
    lifting = replace(tables, lift_probability=np.full_like(tables.lift_probability, 0.1))
    half = replace(
        lifting, **{name: getattr(lifting, name)[:52] for name in ("drive", "anagen_speed",
        "telogen_speed", "latency_speed", "lift_probability", "lift_support", "inflammation")}
    )  # fmt: skip
    whole = simulate(scalp, lifting, days=(182, 364), start=start)
    first = simulate(scalp, half, days=(182,), start=start)
    second = simulate(scalp, half, days=(182,), start=first.final)
    assert np.allclose(second.density[0], whole.density[1], rtol=1e-12)


def test_relapse_takes_back_what_was_lifted() -> None:
    def later(relapse: float) -> float:
        scalp = model(1, relapse_probability=relapse, shrink_probability=0.0)
        start = untreated_history(
            model(1), healthy_population(scalp), np.ones(1), np.array([3000.0])
        )
        still = untreated(np.zeros(1), 3640)
        lift = np.zeros_like(still.lift_probability)
        lift[:100] = 0.5
        signals = replace(still, lift_probability=lift, lift_support=np.sign(lift))
        run = simulate(scalp, signals, days=(0, 350, 3640), start=start)
        before, peak, after = run.mean_diameter_um(0.0)[:, 0]
        return float((after - before) / (peak - before))

    assert later(0.0) > 0.9
    assert later(1.0) < 0.35
    assert later(0.0) > later(0.5) > later(1.0)


def test_support_holds_a_lift() -> None:
    scalp = model(1, relapse_probability=1.0, shrink_probability=0.0)
    still = untreated(np.zeros(1), 728)
    lift = np.zeros_like(still.lift_probability)
    lift[:100] = 0.5
    held = replace(still, lift_probability=lift, lift_support=np.ones_like(lift))
    loose = replace(still, lift_probability=lift)
    start = healthy_population(scalp)
    thick = [
        simulate(scalp, signals, days=(728,), start=start).mean_diameter_um(0.0)[0, 0]
        for signals in (held, loose)
    ]
    assert thick[0] > thick[1]


def test_lost_follicles_come_back_only_at_the_named_rate() -> None:
    scalp = model(1, dormancy_probability=0.2, loss_rate=0.01)
    run = simulate(
        scalp, untreated(np.ones(1), 1456), days=(0, 728, 1456), start=healthy_population(scalp)
    )
    lost = run.outside[:, 1].sum(axis=1)[:, 0]
    assert lost[0] == 0
    assert lost[2] > lost[1] > 0
    reviving = replace(scalp, revival_rate=0.01)
    fewer = simulate(
        reviving, untreated(np.ones(1), 1456), days=(1456,), start=healthy_population(scalp)
    )
    assert fewer.outside[0, 1].sum() < lost[2]


def test_inflammation_shortens_anagen() -> None:
    scalp = model(1)
    still = untreated(np.zeros(1), 182)
    sore = replace(still, inflammation=np.ones_like(still.inflammation))
    start = healthy_population(scalp)
    counts = [
        simulate(scalp, signals, days=(182,), start=start).counted()[0, 0]
        for signals in (still, sore)
    ]
    assert counts[1] < counts[0]


def test_what_a_method_cannot_do_is_refused() -> None:
    scalp = model(1, waits={**dict.fromkeys(PHASES, Erlang(2)), "anagen": LogNormal(0.5)})
    with pytest.raises(UnsupportedModelError, match="anagen has a LogNormal"):
        healthy_population(scalp)
    good = model(1)
    with pytest.raises(ValueError, match="no method 'daily'"):
        simulate(
            good,
            untreated(np.ones(1), 7),
            days=(7,),
            start=healthy_population(good),
            method="daily",
        )
    with pytest.raises(ValueError, match="signals end on day 7"):
        simulate(good, untreated(np.ones(1), 7), days=(14,), start=healthy_population(good))
    with pytest.raises(ValueError, match="must rise"):
        simulate(good, untreated(np.ones(1), 14), days=(14, 7), start=healthy_population(good))


def test_wrong_shapes_and_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="must have shape"):
        model(2, class_shares=np.ones((3, 6)))
    with pytest.raises(ValueError, match="finite"):
        model(2, telogen_days=np.nan)
    with pytest.raises(ValueError, match="at least 1 stage"):
        Erlang(0)
    with pytest.raises(ValueError, match="edges"):
        DiameterGrid((0.0, 20.0), (30.0,))
    tables = untreated(np.ones(2), 14)
    with pytest.raises(ValueError, match="not negative"):
        replace(tables, drive=-tables.drive)
    with pytest.raises(ValueError, match="shape"):
        replace(tables, latency_speed=tables.latency_speed[:2])
    with pytest.raises(ValueError, match="shares"):
        replace(tables, lift_support=tables.lift_support + 2)


@given(st.floats(0, 100))
def test_counted_shares_fall_with_the_threshold(threshold: float) -> None:
    grid = DiameterGrid()
    share = grid.share_counted(threshold)
    assert (np.diff(share) >= 0).all()
    assert (share <= grid.share_counted(threshold - 1)).all()
    assert grid.share_counted(20.0).tolist() == [0, 1, 1, 1, 1, 1]
    assert grid.share_counted(30.0).tolist() == [0, 0, 1, 1, 1, 1]


def test_picking_draws_keeps_their_numbers() -> None:
    scalp = model(3, telogen_days=np.array([80.0, 90.0, 100.0]))
    assert scalp.pick(np.array([2, 0])).telogen_days.tolist() == [100.0, 80.0]
    assert total(healthy_population(scalp).pick(slice(1, 2))) == pytest.approx([300.0])
