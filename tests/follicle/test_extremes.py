"""The ends of what can be asked for: one follicle and ten million, no day and fifty years."""

import dataclasses
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.follicle.models import model, total_of
from tests.follicle.specs import alike, cells, driven_by, events, everyone, finer

import anagen
from anagen.follicle import (
    DiameterGrid,
    Erlang,
    Fixed,
    LogNormal,
    UnsupportedModelError,
    healthy_population,
    simulate,
    untreated,
)
from anagen.follicle.population import CONDITIONS
from anagen.follicle.spec import PHASES
from anagen.treatment.sessions import Sessions

METHODS = ("reference", "arrays", "compiled", "meanfield")
"""The methods, the event method by both of its drivers."""
FOLLOWED = METHODS[:3]
LEAVING: dict[str, float] = {"dormancy_probability": 0.2, "loss_rate": 2e-3, "dormant_days": 150.0}


def run_by(method: str, *given: Any, **more: Any) -> Any:
    """A run by a method, or by a driver of the event method."""
    if method in ("arrays", "compiled"):
        return events(method, *given, **more)
    return simulate(*given, method, **more)


# --- How many -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", FOLLOWED)
def test_one_follicle_is_in_one_place_at_a_time(method: str) -> None:
    scalp, signals = model(2, follicles_per_cm2=1.0, **LEAVING), untreated(np.ones(2), 3650)
    run = run_by(method, scalp, signals, 1, None)
    shares = cells(run)
    assert np.isin(shares, (0.0, 1.0)).all()
    assert (shares.sum(axis=(1, 2)) == 1.0).all()
    sheds = run.shed_hairs_per_day() * 7.0
    assert sheds == pytest.approx(sheds.round())
    assert (sheds.sum(axis=0) >= 1).all()


MANY = """
from pathlib import Path
import numpy as np
from tests.follicle.specs import events
from tests.follicle.models import model
from anagen.follicle import untreated
number = 10_000_000
scalp = model(1, follicles_per_cm2=number, dormancy_probability=0.1)
run = events("compiled", scalp, untreated(np.ones(1), 63), number, (0, 28, 63), threads=2)
totals = run.density.sum(axis=(1, 2, 3)) + run.outside.sum(axis=(1, 2, 3))
print(*totals.astype(int), run.density[-1, 2].sum() / number)
status = Path("/proc/self/status").read_text().split()
print(status[status.index("VmHWM:") + 1])
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="a process's peak of memory is read on Linux"
)
def test_ten_million_follicles_fit_in_little_memory(root: Path) -> None:
    # Compiling takes more memory than running; so it is done before, and kept in the cache.
    events("compiled", model(1), untreated(np.ones(1), 7), 10, (0, 7))
    done = subprocess.run(
        [sys.executable, "-c", MANY], cwd=root, check=True, capture_output=True, text=True
    )
    counted, peak_kb = done.stdout.splitlines()
    *totals, telogen = counted.split()
    assert totals == ["10000000"] * 3
    assert 0.05 < float(telogen) < 0.4
    assert int(peak_kb) < 600_000


@pytest.mark.parametrize("name", ["follicles", "threads"])
def test_none_at_all_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1, not 0"):
        simulate(model(1), untreated(np.ones(1), 7), days=(7,), method="events", **{name: 0})


# --- How long -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("law", [Erlang(3), LogNormal(0.5), Fixed()])
def test_no_days(method: str, law: Any) -> None:
    """Signals of no step, and longer ones looked at on their first day only."""
    scalp = model(2, waits=dict.fromkeys(PHASES, law))
    runs = [
        run_by(method, scalp, untreated(np.ones(2), 0), 60, None),
        run_by(method, scalp, untreated(np.ones(2), 700), 60, 0),
        run_by(method, scalp, untreated(np.ones(2), 700), 60, (0, 0)),
    ]
    for run in runs:
        assert total_of(run) == pytest.approx(300.0, rel=1e-12)
        assert (run.shed_per_day == 0).all()
        assert (cells(run)[0] == cells(runs[0])[0]).all()
    assert [run.days for run in runs] == [(0.0,), (0.0,), (0.0, 0.0)]


@pytest.mark.parametrize("method", METHODS)
def test_going_on_for_no_days_changes_nothing(method: str) -> None:
    scalp, signals = model(1), untreated(np.ones(1), 91)
    end = run_by(method, scalp, signals, 60, (91,), keep=True)
    same = run_by(method, scalp, signals, 60, (91,), start=end.final, first_day=91.0, keep=True)
    assert (cells(same) == cells(end)).all()


@pytest.mark.parametrize("method", METHODS)
def test_fifty_years(method: str) -> None:
    number = 60 if method == "reference" else 3000
    scalp = model(1, follicles_per_cm2=number, dormancy_probability=0.05, loss_rate=1e-4)
    days = (0, 9131, 18_263)
    run = run_by(method, scalp, untreated(np.ones(1), 18_263, 7.0), number, days)
    assert total_of(run) == pytest.approx(number, rel=1e-9)
    assert run.lost()[0, 0] == 0 < run.lost()[1, 0] < run.lost()[2, 0]
    thick = run.summed_diameter_um()[:, 0]
    assert thick[2] < 0.7 * thick[0]


def test_after_fifty_years_the_methods_still_agree() -> None:
    """Single precision has not run out: shares are within 4.4 SD of those of the chain."""
    number, days = 100_000, (0, 18_200)
    scalp, signals = model(1, follicles_per_cm2=1.0), untreated(np.zeros(1), 18_200, 3.5)
    shares = cells(simulate(scalp, signals, days=days))[1]  # healthy, so stationary and exact
    found = cells(events("compiled", scalp, signals, number, days))[1]
    spread = np.sqrt(shares * (1 - shares) / number)
    assert np.abs(found - shares)[shares > 0].max() < 4.4 * spread.max()
    assert (np.abs(found - shares) <= 4.4 * spread).all()


# --- Waits of no length and without end -----------------------------------------------------------


@pytest.mark.parametrize("law", [Erlang(2), LogNormal(0.6)])
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
@pytest.mark.parametrize(
    "left_out", [("latency_days",), ("early_anagen_days",), ("latency_days", "early_anagen_days")]
)
def test_phases_of_no_length_are_passed_over(
    left_out: tuple[str, ...], share: float, law: Any
) -> None:
    """Nobody is ever in them, and the rest is as expected (within 5 SD, in all 18 cases)."""
    number, days = 40_000, (0, 91, 364)
    scalp = model(
        1, follicles_per_cm2=1.0, latency_share=share, waits=dict.fromkeys(PHASES, law),
        anagen_days=200.0, **dict.fromkeys(left_out, 0.0), **LEAVING,
    )  # fmt: skip
    still = untreated(np.ones(1), 364, 7.0)
    signals = dataclasses.replace(still, latency_speed=0.0 * still.drive)
    slow = dataclasses.replace(still, telogen_speed=0.5 * np.ones_like(still.drive))
    for acting in (slow, signals) if "latency_days" in left_out else (slow,):
        run = events("compiled", scalp, acting, number, days)
        coarse, fine = (cells(simulate(scalp, finer(acting, k), days=days)) for k in (14, 28))
        shares = np.clip(2 * fine - coarse if isinstance(law, Erlang) else fine, 0, 1)
        for name in left_out:
            assert run.phase(PHASES[3] if name == "latency_days" else PHASES[0]).sum() == 0
        spread = np.sqrt(shares * (1 - shares) / number) + 1 / number
        assert (np.abs(cells(run) - shares) / spread).max() < 5


@pytest.mark.parametrize(
    "name", ["anagen_days", "telogen_days", "latency_days", "early_anagen_days", "dormant_days"]
)
@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_waits_without_end_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        model(1, **{name: value})


@pytest.mark.parametrize("name", ["telogen_speed", "anagen_speed", "drive"])
def test_clocks_of_no_finite_speed_are_refused(name: str) -> None:
    still = untreated(np.ones(1), 7)
    with pytest.raises(ValueError, match=f"{name} must be finite"):
        dataclasses.replace(still, **{name: np.full_like(still.drive, np.inf)})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("law", [Erlang(3), Fixed()])
def test_a_clock_that_stands_still_holds_everybody(method: str, law: Any) -> None:
    number = 100
    scalp = model(1, follicles_per_cm2=number, waits=dict.fromkeys(PHASES, law))
    still = untreated(np.zeros(1), 3640)
    held = dataclasses.replace(still, anagen_speed=np.zeros_like(still.drive))
    run = run_by(method, scalp, held, number, (0, 1820, 3640))
    assert run.phase("anagen")[1:].sum(axis=1) == pytest.approx(number, rel=1e-9)
    assert run.shed_hairs_per_day()[2] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("method", FOLLOWED)
def test_a_wait_that_is_over_just_when_its_clock_stops_is_over(method: str) -> None:
    """35 days of telogen, on a clock that runs for 35 days and then stands still for a year."""
    scalp = model(1, waits=dict.fromkeys(PHASES, Fixed()), latency_share=1.0)
    still = untreated(np.zeros(1), 420, 3.5)
    runs = np.arange(still.steps)[:, None] < 10
    signals = dataclasses.replace(still, telogen_speed=runs.astype(float))
    start = alike(5, "telogen", 35.0)
    run = run_by(method, scalp, signals, 5, (35, 70, 420), start=start, keep=True)
    assert run.phase("telogen")[0].sum() == 0
    assert run.phase("latency")[1].sum() == pytest.approx(300.0)
    frozen = dataclasses.replace(still, telogen_speed=0.0 * still.drive)
    run = run_by(method, scalp, frozen, 5, (0, 420), start=start, keep=True)
    assert (everyone(run).phase == CONDITIONS.index("telogen")).all()
    assert everyone(run).left_clock_days == pytest.approx(35.0)


# --- Sessions -------------------------------------------------------------------------------------


def test_an_empty_schedule_is_no_treatment() -> None:
    scalp = anagen.baseline("early", draws=2)
    none, empty = (
        scalp.signals(182.0),
        scalp.signals(182.0, "exosome+prp", Sessions(())),
    )
    for method in METHODS:
        plain, treated = (
            run_by(method, scalp.model, signals, 40, (0, 182), start=scalp.start)
            for signals in (none, empty)
        )
        assert (cells(plain) == cells(treated)).all()


def test_five_hundred_sessions() -> None:
    scalp = anagen.baseline("advanced", draws=2)
    signals = scalp.signals(3640.0, "exosome+prp", Sessions.every(7.0, 500))
    number, days = 20_000, (0, 1820, 3640)
    density = scalp.model.follicles_per_cm2
    for method in METHODS:
        followed = 40 if method == "reference" else number
        run = run_by(method, scalp.model, signals, followed, days, start=scalp.start)
        assert total_of(run) == pytest.approx(np.broadcast_to(density, (3, 2)), rel=1e-9)
        assert (cells(run) >= 0).all()
    mean = simulate(scalp.model, signals, days=days, start=scalp.start)
    fast = events("compiled", scalp.model, signals, number, days, start=scalp.start)
    assert fast.counted() == pytest.approx(mean.counted(), rel=0.05)


# --- More than there is room for ------------------------------------------------------------------


def test_more_than_eight_classes_are_refused() -> None:
    def scalp(classes: int) -> Any:
        edges = np.linspace(10.0, 100.0, classes + 1)
        grid = DiameterGrid(tuple(edges), tuple((edges[1:] + edges[:-1]) / 2))
        return model(1, grid=grid, class_shares=np.full(classes, 1 / classes))

    signals = untreated(np.ones(1), 364)
    for driver in ("arrays", "compiled"):
        run = events(driver, scalp(8), signals, 500, (0, 364))
        assert total_of(run) == pytest.approx(300.0)
        with pytest.raises(UnsupportedModelError, match="at most 8 diameter classes, not 9"):
            events(driver, scalp(9), signals, 500, (0, 364))
    assert total_of(simulate(scalp(9), signals, days=(364,))) == pytest.approx(300.0)


def test_more_cycles_than_can_be_counted_are_refused() -> None:
    short = {"anagen_days": 0.5, "anagen_power": 0.0, "telogen_days": 0.5}
    signals = untreated(np.zeros(1), 7000, 7.0)
    with pytest.raises(UnsupportedModelError, match="8191 cycles"):
        simulate(model(1, **short), signals, 10, (7000,), "events")
    # A run can get there in parts, too; a short part by itself is allowed.
    with driven_by("arrays"):
        part = simulate(model(1, **short), signals, 10, (700,), "events", keep=True)
    late = dataclasses.replace(everyone(part), cycle=np.full_like(everyone(part).cycle, 8100))
    with pytest.raises(UnsupportedModelError, match="cycles"):
        simulate(
            model(1, **short), signals, days=(1400,), method="events", start=late, first_day=700.0
        )
    fast = untreated(np.zeros(1), 7000, 7.0)
    fast = dataclasses.replace(
        fast, telogen_speed=1e4 * np.ones_like(fast.drive), anagen_speed=1e4 + 0 * fast.drive
    )
    with pytest.raises(UnsupportedModelError, match="cycles"):
        simulate(model(1), fast, 10, (7000,), "events")


# --- What makes no sense --------------------------------------------------------------------------


@pytest.mark.parametrize("days", [math.nan, math.inf, (0.0, math.nan)])
def test_days_that_are_no_numbers_are_refused(days: Any) -> None:
    with pytest.raises(ValueError, match="must be finite"):
        simulate(model(1), untreated(np.ones(1), 70), days=days)


def test_half_a_follicle_is_refused() -> None:
    half: Any = 2.5
    with pytest.raises(ValueError, match=r"follicles must be at least 1, not 2\.5: a whole number"):
        simulate(model(1), untreated(np.ones(1), 70), half)


def test_a_start_that_is_none_is_refused() -> None:
    word: Any = "healthy"
    with pytest.raises(TypeError, match=r"start must be None, a Population, .*, not str"):
        simulate(model(1), untreated(np.ones(1), 70), start=word)
    with pytest.raises(ValueError, match="the start holds 2 draws, the model 1"):
        simulate(model(1), untreated(np.ones(1), 70), start=healthy_population(model(2)))
