"""The one call for every method."""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from types import MappingProxyType

import numpy as np

from anagen.follicle.events.engine import events
from anagen.follicle.meanfield import mean_field
from anagen.follicle.population import Cohorts, Follicles, Population, State
from anagen.follicle.reference import reference
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import Floats, FollicleModel

METHODS: MappingProxyType[str, Callable[[Task], FollicleRun]] = MappingProxyType(
    {"events": events, "meanfield": mean_field, "reference": reference}
)
"""Methods by name."""

OUTPUT_EVERY_DAYS = 7.0


def simulate(  # noqa: PLR0913 - the one public call has all the choices
    model: FollicleModel,
    signals: Signals,
    follicles: int = 2000,
    days: float | Sequence[float] | None = None,
    method: str = "meanfield",
    *,
    start: State | None = None,
    first_day: float = 0.0,
    seed: int = 1,
    subject: str = "scalp",
    first_draw: int = 0,
    threads: int = 1,
    keep: bool = False,
) -> FollicleRun:
    """Run a population of follicles under signals.

    Args:
        model: its parameters.
        signals: what acts on it, from day 0 to at least the last output day.
        follicles: how many to follow for each draw; `meanfield` gives expectations and needs none,
            and a start that holds follicles says how many itself.
        days: output days, rising; a number is the last day of weekly ones; without it, weekly to
            the end of the signals. Each is taken at the nearest step.
        method: `meanfield` (expectations), `events` (follicles, fast) or `reference` (follicles,
            one at a time, slow and plain).
        start: its state on `first_day`; without it, a healthy scalp in equilibrium.
        first_day: day of the signals on which the run begins, to go on where another one ended.
        seed: the user's seed.
        subject: whose follicles these are; with the seed it names the random numbers, and draws,
            follicles and events are counted within.
        first_draw: number of the model's first draw, where a run holds some draws of many: draw i
            has the same random numbers whatever other draws it is run with.
        threads: how many to use; the answer does not depend on it.
        keep: keep the state of every follicle at the end, as `final`.

    Raises:
        ValueError: an argument makes no sense; says which one and what is allowed.
        TypeError: the start is no state at all.
        UnsupportedModelError: the method cannot represent this model or start.
    """
    if method not in METHODS:
        raise ValueError(f"no method '{method}'; known: {', '.join(METHODS)}")
    if signals.draws not in (1, model.draws):
        raise ValueError(f"signals hold {signals.draws} draws, the model {model.draws}")
    for name, value in (("follicles", follicles), ("threads", threads)):
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}: a whole number")
    _check_start(start, model)
    if isinstance(start, Follicles):
        follicles = start.phase.shape[1]
    first = round(first_day / signals.step_days)
    task = Task(
        model=model,
        signals=allowed(model, signals.spread(model.draws)),
        start=start,
        first=first,
        steps=_output_steps(days, first, signals),
        follicles=follicles,
        seed=seed,
        subject=subject,
        first_draw=first_draw,
        threads=threads,
        keep=keep,
    )
    return METHODS[method](task)


def _check_start(start: State | None, model: FollicleModel) -> None:
    match start:
        case None:
            return
        case Population():
            draws = start.cycling.shape[-1]
        case Follicles():
            draws = start.phase.shape[0]
        case Cohorts():
            draws = start.outside.shape[-1]
        case _:
            raise TypeError(
                "start must be None, a Population, Follicles or Cohorts, "
                f"not {type(start).__name__}"
            )
    if draws != model.draws:
        raise ValueError(f"the start holds {draws} draws, the model {model.draws}")


def _output_steps(
    days: float | Sequence[float] | None, first: int, signals: Signals
) -> tuple[int, ...]:
    wanted = np.asarray(signals.days if days is None else days, dtype=np.float64)
    if not np.isfinite(wanted).all():
        raise ValueError(f"output days must be finite, not {days}")
    if wanted.ndim == 0:
        return _weekly_steps(float(wanted), first, signals.step_days, signals.steps)
    return _steps_at(wanted, first, signals.step_days, signals.steps)


@functools.lru_cache(maxsize=64)
def _weekly_steps(last: float, first: int, step_days: float, most: int) -> tuple[int, ...]:
    begin = first * step_days
    wanted = np.arange(begin, last + 1e-9, OUTPUT_EVERY_DAYS)
    if last > begin and wanted[-1] < last - 1e-9:
        wanted = np.append(wanted, last)
    return _steps_at(wanted, first, step_days, most)


def _steps_at(wanted: Floats, first: int, step_days: float, most: int) -> tuple[int, ...]:
    steps = np.rint(wanted / step_days).astype(int)
    if not steps.size:
        raise ValueError("days must hold at least one output day")
    if steps.max() > most:
        raise ValueError(f"signals end on day {most * step_days:g}, before day {wanted.max():g}")
    if (np.diff(steps) < 0).any() or steps[0] < max(first, 0):
        raise ValueError("output days must rise and not come before the first day")
    return tuple(steps.tolist())


def allowed(model: FollicleModel, signals: Signals) -> Signals:
    """The signals without the way back that the model has switched off."""
    if not model.reactivation:
        signals = dataclasses.replace(signals, latency_speed=np.ones_like(signals.latency_speed))
    if not model.reversal:
        signals = dataclasses.replace(
            signals, lift_probability=np.zeros_like(signals.lift_probability)
        )
    return signals
