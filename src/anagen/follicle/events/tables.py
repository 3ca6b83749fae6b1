"""A task in the kernels' terms: single-precision tables in steps, once for each draw."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events.variates import (
    MOST_CLASSES,
    MOST_CYCLES,
    PAGE_FOLLICLES,
    class_of,
    cycle_of,
    lifts_of,
    state_of,
    tag_of,
)
from anagen.follicle.population import Follicles, Population, stage_slices
from anagen.follicle.run import Task
from anagen.follicle.spec import (
    PHASES,
    Erlang,
    Fixed,
    Floats,
    FollicleModel,
    UnsupportedModelError,
    Wait,
)

EARLY, ANAGEN, TELOGEN, LATENCY, DORMANT, LOST = range(6)
"""Phases by number; the first four as in `anagen.follicle.spec.PHASES`."""
INTO_ANAGEN, DIRECT, FALLEN, GONE = range(6, 10)
FLOWS = 10
"""Rows of the flow table: out of each phase by its number, then into anagen, from telogen straight
to anagen, from telogen to dormant, from dormant to lost."""
SHED = 6
"""Row of a table of counts that holds shed hairs, after the six phases."""


class Laws(NamedTuple):
    """Waits, in steps."""

    stages: Any  # int32 (6,): 0 fixed, -1 lognormal, else Erlang
    sigma: Any  # float32 (6,): SD of the base-two log of a lognormal
    bias: Any  # float32 (6,): shift of that log under length-biased sampling
    scale: Any  # float32 (draws, 6, classes)
    same: Any  # int32 (6,): whether the scale is the same in all classes


class Clocks(NamedTuple):
    """Clocks of anagen, telogen and latency: phase - 1 is the clock's number."""

    moving: Any  # int32 (3,): 0 where the speed is 1 throughout
    speed: Any  # float32 (3, steps, draws)


class Turns(NamedTuple):
    """What happens between phases."""

    changes: Any  # whether a follicle can change its class
    drive: Any  # float64 (steps, draws), like the next two: androgen drive
    lift: Any  # chance to gain a class
    support: Any  # how far earlier lifts are held
    shrink: Any  # float32 (draws, MOST_CLASSES)
    top: Any  # uint32: the thickest class
    extra: Any  # float32 (draws,)
    relapse: Any  # float32 (draws,)
    latency: Any  # float32 (draws,): share of cycles that have a latency
    forks: Any  # whether telogen can end in anything but latency
    dormancy: Any  # float32: chance to fall dormant under full drive
    lost: Any  # float32: share of the dormant that end lost
    early: Any  # whether early anagen takes any time
    rests: Any  # whether latency does

    @property
    def acts(self) -> bool:
        """Whether anything that acts at a turn is ever asked for."""
        return bool(self.changes or self.dormancy > 0)

    def acting(self, draw: int) -> NDArray[np.float32]:
        """Drive, chance to lift and lack of support in each step, (3, steps)."""
        rows = self.drive[:, draw], self.lift[:, draw], 1.0 - self.support[:, draw]
        return np.stack(rows).astype(np.float32)


class Start(NamedTuple):
    """Where follicles stand at first: in equilibrium, in cells of a population, or as they are."""

    mode: Any  # 0, 1, 2 in that order
    first_phase: Any  # the phases in which any follicle can start
    last_phase: Any
    group: Any  # float32 (draws, classes): cumulated shares of the classes
    phase: Any  # float32 (draws, 4, MOST_CLASSES): cumulated shares of the phases before each
    width: Any  # float32 (draws, 4, MOST_CLASSES): one over the share of each phase
    cell: Any  # float32 (draws, cells): cumulated shares of a population's cells
    cell_state: Any  # uint32 (cells,): phase, stages left, class and lifts
    kept: Any  # the state to go on from, as a Kept


class Kept(NamedTuple):
    """State of every follicle, (draws, follicles)."""

    phase: Any  # uint8
    tag: Any  # uint32
    since: Any  # float32: step at which the phase began
    until: Any  # float32: reading of the phase's clock at which it ends


class Seen(NamedTuple):
    """Steps that are looked at; the output before which an event lies is looked up, or computed."""

    row: Any  # uint32 (steps + 1,): the first output that is not before a step
    rows: Any  # uint32: how many outputs
    first: Any  # step of the start
    end: Any  # step of the end
    last: Any  # uint32: the same
    every: Any  # float32: outputs in a step where they are evenly spaced, else 0
    offset: Any  # float32: added to a whole step before it is multiplied by `every`


NEVER_DAYS = 1e30
"""A wait that outlasts any run."""

MOST_CELLS = 8192
"""Cells of the guide to the inverse of a clock."""

OUTPUT = np.uint32(0x3FF)
"""Low bits of a slope of a guide that hold the number of an output: a slope is good to 2⁻¹⁴."""
MOST_OUTPUTS = int(OUTPUT) + 1
ROUND = np.uint32(MOST_OUTPUTS // 2)
"""What is added to a slope before its low bits are cut off, so that it is rounded."""

Singles = NDArray[np.float32]

Work = tuple[int, int, int, int]
"""First draw, one after the last draw, first follicle, one after the last follicle."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that a kernel reads."""

    keys: NDArray[np.uint32]
    laws: Laws
    clocks: Clocks
    turns: Turns
    start: Start
    seen: Seen
    kept: Kept

    @classmethod
    def of(cls, task: Task) -> "Tables":
        """The tables of a task.

        Raises:
            UnsupportedModelError: more classes or cycles than a tag has room for, or a start that
                does not say where each follicle stands.
        """
        clocks = clocks_of(task)
        _check_room(task, clocks)
        shape = (task.model.draws, task.follicles)
        return cls(
            keys=keys_of(
                task.seed, task.subject, task.first_draw, task.model.draws, task.follicles
            ),
            laws=laws_of(task.model, task.signals.step_days),
            clocks=clocks,
            turns=turns_of(task),
            start=start_of(task, clocks),
            seen=seen_of(task.first, task.steps),
            kept=room_for(shape) if task.keep else _NOTHING_KEPT,
        )


def _check_room(task: Task, clocks: Clocks) -> None:
    if len(task.model.grid) > MOST_CLASSES:
        raise UnsupportedModelError(
            f"events knows at most {MOST_CLASSES} diameter classes, not {len(task.model.grid)}"
        )
    before = int(task.start.cycle.max()) if isinstance(task.start, Follicles) else 0
    # Twice the mean leaves room for chance: the cycles of a whole run are far more even than that.
    cycles = 2.0 * (task.steps[-1] - task.first) / _shortest_cycle(task, clocks)
    if before + cycles >= MOST_CYCLES:
        raise UnsupportedModelError(
            f"events counts at most {MOST_CYCLES - 1} cycles of a follicle; these could be "
            f"{before + cycles / 2.0:.0f} by day {task.days[-1]:g}"
        )


def _shortest_cycle(task: Task, clocks: Clocks) -> float:
    """The least mean of a whole cycle in steps: anagen and telogen at their clocks' fastest."""
    anagen, telogen = _shortest_days(task.model)
    steps = anagen / max(clocks.speed[0].max(), 1e-9) + telogen / max(clocks.speed[1].max(), 1e-9)
    return float(steps) / task.signals.step_days


_NOTHING = np.zeros((1, 1))

# Arms, seeds and people share a model: what follows from it alone is worked out once.
_once = functools.lru_cache(maxsize=8)


@_once
def _shortest_days(model: FollicleModel) -> tuple[float, float]:
    """The least mean of anagen, and of telogen."""
    return model.anagen_mean_days().min(), model.telogen_days.min()


@functools.lru_cache(maxsize=64)
def keys_of(
    seed: int, subject: str, first_draw: int, draws: int, follicles: int
) -> NDArray[np.uint32]:
    """Two words for each draw and page, (draws, pages, 2): the key of all random numbers there.

    Draw and page are counted on from a number that seed and subject give, and mixed (SplitMix64).
    """
    name = f"{seed}/{subject}/follicles".encode()
    base = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")
    pages = np.arange(-(-follicles // PAGE_FOLLICLES), dtype=np.uint64)
    numbers = np.arange(first_draw, first_draw + draws, dtype=np.uint64)
    x = (numbers[:, None] << np.uint64(32)) + pages + np.uint64(base)
    x = (x ^ x >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ x >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return np.stack([x.astype(np.uint32), (x >> np.uint64(32)).astype(np.uint32)], axis=2)


def means_of(model: FollicleModel) -> Floats:
    """Mean days of the six phases, (draws, phases, MOST_CLASSES)."""
    means = np.zeros((model.draws, 6, MOST_CLASSES))
    means[:, EARLY] = model.early_anagen_days[:, None]
    means[:, ANAGEN, : len(model.grid)] = model.anagen_mean_days()
    means[:, TELOGEN] = model.telogen_days[:, None]
    means[:, LATENCY] = model.latency_days[:, None]
    means[:, DORMANT] = 1.0 / (1.0 / model.dormant_days + model.loss_rate)
    means[:, LOST] = 1.0 / model.revival_rate if model.revival_rate > 0 else NEVER_DAYS
    return means


@_once
def laws_of(model: FollicleModel, step_days: float) -> Laws:
    """Waits of the six phases, in steps."""
    stages, sigma, bias, unit = _units([model.waits[phase] for phase in PHASES])
    scale = (means_of(model) * (unit / step_days)).astype(np.float32)
    return Laws(stages, sigma, bias, scale, _ALL_SAME if len(model.grid) == 1 else _OWN_ANAGEN)


_ALL_SAME = np.array([1, 1, 1, 1, 1, 1], dtype=np.int32)
_OWN_ANAGEN = np.array([1, 0, 1, 1, 1, 1], dtype=np.int32)


def _units(waits: list[Wait]) -> tuple[NDArray[np.int32], Singles, Singles, Floats]:
    """Stages, SD of the base-two log, its length bias, and the scale of a wait of mean 1."""
    units = np.array([_unit(wait) for wait in (*waits, Erlang(1), Erlang(1))])
    sigma, bias = units[:, 1].astype(np.float32), units[:, 2].astype(np.float32)
    return units[:, 0].astype(np.int32), sigma, bias, units[:, 3, None]


def _unit(wait: Wait) -> tuple[int, float, float, float]:
    """Stages, SD of the base-two log, its length bias, and the scale of a wait of mean 1."""
    if isinstance(wait, Erlang):
        return wait.stages, 0.0, 0.0, np.log(2.0) / wait.stages
    if isinstance(wait, Fixed):
        return 0, 0.0, 0.0, 1.0
    variance = np.log1p(wait.variation**2)
    log2e = 1.0 / np.log(2.0)
    return -1, np.sqrt(variance) * log2e, variance * log2e, np.exp(-0.5 * variance)


def clocks_of(task: Task) -> Clocks:
    """Integrated clocks over all of the signals, so that a part of a run sees the same ones."""
    model, signals = task.model, task.signals
    speed = np.empty((3, signals.steps, signals.draws), np.float32)
    anagen = signals.anagen_speed
    if model.anagen_drive_log.any() and signals.drive.any():
        anagen = anagen * _faster(model.anagen_drive_log, signals.drive)
    if model.inflammation_anagen_log.any() and signals.inflammation.any():
        anagen = anagen * _faster(model.inflammation_anagen_log, signals.inflammation)
    speed[0], speed[1], speed[2] = anagen, signals.telogen_speed, signals.latency_speed
    moving = [(one != 1).any() for one in speed]
    return Clocks(np.array(moving, dtype=np.int32), speed)


def _faster(log: Floats, table: Floats) -> Floats:
    """How much faster a signal makes a clock, worked out once where that signal never changes."""
    return np.exp(log * (table[:1] if (table == table[0]).all() else table))


def cells_needed(end: Any, slowest: Any) -> Any:
    """Cells for the guide of a clock: so many that any step of it is wider than one."""
    return np.int64(1.05 * np.float64(end) / max(np.float64(slowest), 1e-6)) + 2


def course_of(clocks: Clocks, clock: int, draw: int) -> Singles:
    """A clock's readings at all steps, (steps + 1, 2), with its speed after each."""
    speed = clocks.speed[clock, :, draw]
    course = np.zeros((speed.size + 1, 2), np.float32)
    course[:-1, 1], course[-1, 1] = speed, speed[-1]
    course[1:, 0] = np.cumsum(speed, dtype=np.float64)
    return course


def turns_of(task: Task) -> Turns:
    """Chances between phases."""
    turns = _chances(task.model)._replace(changes=_changes(task))
    if not turns.acts:
        return turns
    signals = task.signals
    drive, lift, support = (
        np.require(table, np.float64, ("C", "W"))
        for table in (signals.drive, signals.lift_probability, signals.lift_support)
    )
    return turns._replace(drive=drive, lift=lift, support=support)


@_once
def _chances(model: FollicleModel) -> Turns:
    """What the model alone says of turns."""
    shrink = np.zeros((model.draws, MOST_CLASSES), np.float32)
    shrink[:, : len(model.grid)] = model.shrink_chance()
    leaving = 1.0 / model.dormant_days + model.loss_rate
    rests, early = bool(model.latency_days.any()), bool(model.early_anagen_days.any())
    empty = model.latency_share if rests or early else 0.0 * model.latency_share
    return Turns(
        changes=False,
        drive=_NOTHING,
        lift=_NOTHING,
        support=_NOTHING,
        shrink=shrink,
        top=np.uint32(len(model.grid) - 1),
        extra=model.shrink_extra.astype(np.float32),
        relapse=model.relapse_probability.astype(np.float32),
        latency=empty.astype(np.float32),
        forks=bool((empty < 1).any()) or model.dormancy_probability > 0,
        dormancy=np.float32(model.dormancy_probability),
        lost=np.float32(model.loss_rate / leaving),
        early=early,
        rests=rests,
    )


def next_phase(phase: int, turns: Turns) -> int:
    """The phase that follows, where nothing else befalls a follicle."""
    if phase == ANAGEN:
        return TELOGEN
    if phase == TELOGEN:
        return LATENCY if turns.rests else EARLY
    if phase != EARLY and turns.early:
        return EARLY
    return ANAGEN


def straight(phase: int, target: int, turns: Turns) -> bool:
    """Whether follicles go from phase to phase without any need to know the step."""
    return target == next_phase(phase, turns) and not (turns.changes and target == ANAGEN)


def _changes(task: Task) -> bool:
    """Whether any follicle can come into another diameter class."""
    if len(task.model.grid) == 1:
        return False
    if task.model.shrink_probability.any() and task.signals.drive.any():
        return True
    if isinstance(task.start, Follicles) and task.start.lifts.any():
        return True
    if isinstance(task.start, Population) and task.start.cycling[:, 1:].any():
        return True
    return task.signals.lifts


@functools.lru_cache(maxsize=16)
def seen_of(first: int, steps: tuple[int, ...]) -> Seen:
    """Where in the outputs an event at each step is seen first."""
    outputs, last = np.array(steps), steps[-1]
    apart = np.diff(outputs[:-1]) if outputs.size > 2 else np.diff(outputs)
    # The last output may come sooner than the others: nothing after it is ever counted.
    even = outputs.size > 1 and (apart == apart[0]).all() and steps[-1] - steps[-2] <= apart[0]
    even = even and steps[0] - first <= apart[0]
    every = float(apart[0]) if even and apart[0] > 0 else 0.0
    return Seen(
        row=np.searchsorted(outputs, np.arange(last + 1)).astype(np.uint32),
        rows=np.uint32(outputs.size),
        first=first,
        end=last,
        last=np.uint32(last),
        every=np.float32(1.0 / every if every else 0.0),
        offset=np.float32(every - 0.5 - steps[0]),
    )


def start_of(task: Task, clocks: Clocks) -> Start:
    """How follicles are placed at first.

    Raises:
        UnsupportedModelError: a start that holds expectations by age, or other follicles.
    """
    if task.start is None:
        return _equilibrium(task.model)
    if isinstance(task.start, Population):
        return _NO_START._replace(
            mode=1,
            first_phase=EARLY,
            last_phase=LOST if task.start.outside.any() else LATENCY,
            **_cells(task.model, task.start),
        )
    if isinstance(task.start, Follicles):
        return _NO_START._replace(
            mode=2, first_phase=EARLY, last_phase=LOST, kept=_going_on(task, task.start, clocks)
        )
    raise UnsupportedModelError("follicles cannot begin from Cohorts; begin from None or follicles")


@_once
def _equilibrium(model: FollicleModel) -> Start:
    """A healthy scalp: a phase's share of the follicles is that of a cycle (equation B1)."""
    shares = means_of(model)[:, : len(PHASES)]
    shares[:, (EARLY, LATENCY)] *= model.latency_share[:, None, None]
    shares /= shares.sum(axis=1, keepdims=True)
    return _NO_START._replace(
        first_phase=EARLY if model.early_anagen_days.any() else ANAGEN,
        group=model.class_shares.cumsum(axis=1).astype(np.float32),
        phase=np.pad(shares[:, :3].cumsum(axis=1), ((0, 0), (1, 0), (0, 0))).astype(np.float32),
        width=(1.0 / np.maximum(shares, 1e-9)).astype(np.float32),
    )


def _cells(model: FollicleModel, start: Population) -> dict[str, NDArray[np.generic]]:
    """Cells of phase, stage, lift and class with their cumulated shares."""
    draws, classes = model.draws, range(len(model.grid))
    lifts = start.cycling.shape[1] if start.cycling[:, 1:].any() else 1
    weights = start.cycling[:, :lifts].reshape(-1, draws)
    states = [
        state_of(number, part.stop - stage, lift, group)
        for number, part in enumerate(stage_slices(model).values())
        for stage in range(part.start, part.stop)
        for lift in range(lifts)
        for group in classes
    ]
    if start.outside.any():
        weights = np.concatenate([weights, start.outside.reshape(-1, draws)])
        states += [state_of(phase, 1, 0, group) for phase in (DORMANT, LOST) for group in classes]
    cumulated = weights.copy()
    for before, row in pairwise(cumulated):  # a third of the time of `np.cumsum`
        np.add(row, before, out=row)
    return {
        "cell": np.ascontiguousarray((cumulated / cumulated[-1]).T, dtype=np.float32),
        "cell_state": np.array(states, dtype=np.uint32),
    }


def room_for(shape: Sequence[int]) -> Kept:
    """Room for the state of every follicle."""
    return Kept(
        phase=np.zeros(shape, np.uint8),
        tag=np.zeros(shape, np.uint32),
        since=np.zeros(shape, np.float32),
        until=np.zeros(shape, np.float32),
    )


_NOTHING_KEPT = room_for((0, 0))
_NO_START = Start(
    mode=0,
    first_phase=ANAGEN,
    last_phase=LATENCY,
    group=np.zeros((1, 1), np.float32),
    phase=np.zeros((1, 4, MOST_CLASSES), np.float32),
    width=np.zeros((1, 4, MOST_CLASSES), np.float32),
    cell=np.zeros((1, 1), np.float32),
    cell_state=np.zeros(1, np.uint32),
    kept=_NOTHING_KEPT,
)
"""What each way to start fills in on its own part of."""


def _reached_at(step: int, phase: NDArray[np.uint8], clocks: Clocks) -> Floats:
    """Reading of each follicle's present clock at a step."""
    found = np.full(phase.shape, float(step))
    for clock in np.flatnonzero(clocks.moving):
        readings = np.cumsum(clocks.speed[clock, :step], axis=0, dtype=np.float64)[-1:]
        reading = readings.sum(axis=0).astype(np.float32).astype(np.float64)
        found = np.where(phase == clock + 1, reading[:, None], found)
    return found


def _going_on(task: Task, start: Follicles, clocks: Clocks) -> Kept:
    step = task.signals.step_days
    number = np.arange(start.phase.shape[1], dtype=np.uint32) % np.uint32(PAGE_FOLLICLES)
    group, lifts = start.group.astype(np.uint32), start.lifts.astype(np.uint32)
    reading = _reached_at(task.first, start.phase, clocks)
    return Kept(
        phase=start.phase,
        tag=tag_of(number, start.cycle.astype(np.uint32), group, lifts),
        since=(task.first - start.age_days / step).astype(np.float32),
        until=(start.left_clock_days / step + reading).astype(np.float32),
    )


def follicles_of(task: Task, kept: Kept, clocks: Clocks) -> Follicles:
    """The kept state in days."""
    step, last = task.signals.step_days, task.steps[-1]
    reading = _reached_at(last, kept.phase, clocks)
    return Follicles(
        phase=kept.phase,
        group=class_of(kept.tag).astype(np.uint8),
        lifts=lifts_of(kept.tag).astype(np.uint8),
        cycle=cycle_of(kept.tag),
        age_days=(last - kept.since.astype(np.float64)) * step,
        left_clock_days=(kept.until.astype(np.float64) - reading) * step,
    )


SCALAR = (cells_needed, next_phase, straight)
"""What the compiled kernels take from here."""
