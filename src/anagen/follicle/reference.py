"""The reference method: one follicle at a time, written to be read.

Read it from top to bottom and you know the model; every faster method is checked against it.

A follicle is in one of four phases of its cycle, or has left it:

    anagen → telogen → latency → early anagen → anagen → …
             telogen → anagen, in the cycles without a latency
             telogen → dormant → early anagen, or lost → early anagen

On entering a phase it draws a wait: a number of days on that phase's clock. The clock runs at a
speed set by the signals, which are constant inside a step, so it is simple to say when the wait is
over. When it is, the follicle turns to its next phase, and a turn is an `Event`. Telogen's end
sheds the hair. Only a new anagen can change the diameter class, and only a new anagen starts a new
cycle. Equations are numbered as in docs/model/equations.md.
"""

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.random import Generator, Philox

from anagen.follicle.population import CONDITIONS, Follicles, Population, stage_slices
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.spec import (
    EXPONENTIAL,
    LARGEST_PROBABILITY,
    MOST_LIFTS,
    PHASES,
    Erlang,
    Floats,
    LogNormal,
    UnsupportedModelError,
    Wait,
)

Condition = Literal["early_anagen", "anagen", "telogen", "latency", "dormant", "lost"]
"""What a follicle can be in: a phase of the cycle, or outside of it."""

Change = Literal["none", "relapse", "shrink", "lift"]
"""What can happen to the diameter class at the start of anagen."""


@dataclass(slots=True)
class Follicle:
    """One follicle now. The only thing here that changes.

    Attributes:
        phase: where it is.
        group: index of its diameter class.
        lifts: classes that it was lifted by and that may still be lost again.
        cycle: number of its cycle, counted from 0 at the start; a new anagen begins a new one.
        age_days: time since the phase began.
        left_clock_days: what the phase's clock still has to run.
    """

    phase: Condition
    group: int
    lifts: int = 0
    cycle: int = 0
    age_days: float = 0.0
    left_clock_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """A follicle turns from one phase to another.

    Attributes:
        day: when.
        left, entered: the two phases.
        group_before, group: index of the diameter class before and after.
        lifts: classes gained and not yet safe, afterwards.
        cycle: number of the cycle, afterwards.
        change: what happened to the diameter class.
    """

    day: float
    left: Condition
    entered: Condition
    group_before: int
    group: int
    lifts: int
    cycle: int
    change: Change


# --- Chance ---------------------------------------------------------------------------------------

PURPOSES = (*CONDITIONS, "end of telogen", "end of dormancy", "class", "start")
"""What a random number is for; a phase's name stands for the wait in it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The random numbers of one follicle, each found by its cycle and its purpose.

    Nothing depends on the order of drawing or on other follicles, so a life is the same alone or
    in a crowd, and goes on the same after a pause.
    """

    key: int

    @staticmethod
    def of(task: Task, draw: int, number: int) -> "Chance":
        """Those of the follicle with this number, in this draw."""
        name = f"{task.seed} {task.first_draw + draw} {number} {task.subject}".encode()
        return Chance(int.from_bytes(hashlib.blake2b(name, digest_size=16).digest(), "little"))

    def numbers(self, cycle: int, purpose: str) -> Generator:
        """A generator for one purpose in one cycle."""
        return Generator(Philox(key=self.key, counter=[0, 0, PURPOSES.index(purpose), cycle]))


def wait_days(law: Wait, mean_days: float, numbers: Generator) -> float:
    """How long a phase lasts on its clock, from the phase's beginning."""
    if mean_days == 0 or math.isinf(mean_days):
        return mean_days
    if isinstance(law, Erlang):
        return numbers.gamma(law.stages, mean_days / law.stages)
    if isinstance(law, LogNormal):
        variance = math.log1p(law.variation**2)
        return numbers.lognormal(math.log(mean_days) - variance / 2, math.sqrt(variance))
    return mean_days


def wait_met_days(law: Wait, mean_days: float, numbers: Generator) -> float:
    """How long the phase lasts in which a follicle is met on a random day.

    A phase twice as long is met twice as often: the law of the wait, weighted by length.
    """
    if isinstance(law, Erlang):
        return numbers.gamma(law.stages + 1, mean_days / law.stages)
    if isinstance(law, LogNormal):
        variance = math.log1p(law.variation**2)
        return numbers.lognormal(math.log(mean_days) + variance / 2, math.sqrt(variance))
    return mean_days


def pick(shares: Sequence[float], numbers: Generator) -> int:
    """An index, with chances in proportion to the shares."""
    cumulated = list(accumulate(shares))
    return bisect_right(cumulated, numbers.random() * cumulated[-1])


# --- The scalp ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scalp:
    """One draw of the model and its signals, as plain numbers.

    Attributes:
        step_days: length of a step of the signals.
        waits: law of the time in each phase.
        mean_days: its mean, by phase and class.
        speeds: speed of those clocks that do not always run at 1, by phase and step.
        drive, lift_probability, lift_support: signals by step.
        class_shares: share of each class while healthy.
        shrink_chance: chance to shrink per unit of drive, by class.
        shrink_extra, relapse_probability, latency_share, dormancy_probability: as in the model.
        lost_share: share of dormant follicles that end as lost.
    """

    step_days: float
    waits: Mapping[Condition, Wait]
    mean_days: Mapping[Condition, Sequence[float]]
    speeds: Mapping[Condition, Sequence[float]]
    drive: Sequence[float]
    lift_probability: Sequence[float]
    lift_support: Sequence[float]
    class_shares: Sequence[float]
    shrink_chance: Sequence[float]
    shrink_extra: float
    relapse_probability: float
    latency_share: float
    dormancy_probability: float
    lost_share: float

    @staticmethod
    def of(task: Task, draw: int) -> "Scalp":
        """One draw of a task."""
        model, signals = task.model, task.signals
        classes = len(model.grid)
        waking, loss = 1.0 / model.dormant_days, model.loss_rate  # whichever comes first
        lift = signals.lift_probability[:, draw] if model.reversal else 0.0 * signals.drive[:, draw]
        return Scalp(
            step_days=signals.step_days,
            waits={
                "dormant": EXPONENTIAL,
                "lost": EXPONENTIAL,
                **{phase: model.waits[phase] for phase in PHASES},
            },
            mean_days={
                "early_anagen": [float(model.early_anagen_days[draw])] * classes,
                "anagen": model.anagen_mean_days()[draw].tolist(),
                "telogen": [float(model.telogen_days[draw])] * classes,
                "latency": [float(model.latency_days[draw])] * classes,
                "dormant": [1.0 / (waking + loss) if waking + loss > 0 else math.inf] * classes,
                "lost": [1.0 / model.revival_rate if model.revival_rate > 0 else math.inf]
                * classes,
            },
            speeds=_speeds(task, draw),
            drive=signals.drive[:, draw].tolist(),
            lift_probability=lift.tolist(),
            lift_support=signals.lift_support[:, draw].tolist(),
            class_shares=model.class_shares[draw].tolist(),
            shrink_chance=model.shrink_chance()[draw].tolist(),
            shrink_extra=float(model.shrink_extra[draw]),
            relapse_probability=float(model.relapse_probability[draw]),
            latency_share=float(model.latency_share[draw]),
            dormancy_probability=model.dormancy_probability,
            lost_share=loss / (waking + loss) if loss > 0 else 0.0,
        )


def _speeds(task: Task, draw: int) -> dict[Condition, list[float]]:
    """How fast the clocks of anagen, telogen and latency run in each step. Equation F2."""
    model, signals = task.model, task.signals
    anagen: Floats = (
        np.exp(model.anagen_drive_log[draw] * signals.drive[:, draw])
        * np.exp(model.inflammation_anagen_log[draw] * signals.inflammation[:, draw])
        * signals.anagen_speed[:, draw]
    )
    latency = signals.latency_speed[:, draw]
    return {
        "anagen": anagen.tolist(),
        "telogen": signals.telogen_speed[:, draw].tolist(),
        "latency": latency.tolist() if model.reactivation else [1.0] * signals.steps,
    }


# --- One life -------------------------------------------------------------------------------------


def life(
    follicle: Follicle, scalp: Scalp, chance: Chance, first: int, last: int
) -> Iterator[Event]:
    """What happens to one follicle from the step `first` to the step `last`, in order of time.

    Step by step, its clock runs at the step's speed. Where the wait is over before the step is, the
    follicle turns, and the clock of its next phase runs for the rest of the step.
    """
    for step in range(first, last):
        now, end = step * scalp.step_days, (step + 1) * scalp.step_days
        while True:
            speeds = scalp.speeds.get(follicle.phase)
            speed = 1.0 if speeds is None else speeds[step]
            if follicle.left_clock_days > speed * (end - now):
                follicle.left_clock_days -= speed * (end - now)
                follicle.age_days += end - now
                break
            if follicle.left_clock_days > 0:
                now = min(now + follicle.left_clock_days / speed, end)
            yield turn(follicle, scalp, chance, step, now)


def turn(follicle: Follicle, scalp: Scalp, chance: Chance, step: int, day: float) -> Event:
    """Move a follicle to its next phase, and draw how long it stays there."""
    left, before = follicle.phase, follicle.group
    change: Change = "none"
    follicle.phase = next_phase(follicle, scalp, chance, step)
    if follicle.phase == "dormant":
        follicle.lifts = 0
    if follicle.phase == "anagen":
        follicle.cycle += 1
        change = change_class(follicle, scalp, chance, step)
    follicle.age_days = 0.0
    follicle.left_clock_days = wait_days(
        scalp.waits[follicle.phase],
        scalp.mean_days[follicle.phase][follicle.group],
        chance.numbers(follicle.cycle, follicle.phase),
    )
    return Event(
        day=day,
        left=left,
        entered=follicle.phase,
        group_before=before,
        group=follicle.group,
        lifts=follicle.lifts,
        cycle=follicle.cycle,
        change=change,
    )


def next_phase(follicle: Follicle, scalp: Scalp, chance: Chance, step: int) -> Condition:
    """Where a follicle turns to; phases that last no time are passed over."""
    entered: Condition = "early_anagen"  # from latency, from dormancy, and when a lost one revives
    if follicle.phase == "early_anagen":
        entered = "anagen"
    if follicle.phase == "anagen":
        entered = "telogen"
    if follicle.phase == "telogen":
        numbers = chance.numbers(follicle.cycle, "end of telogen")
        if numbers.random() < min(scalp.dormancy_probability * scalp.drive[step], 1.0):
            return "dormant"
        entered = "latency" if numbers.random() < scalp.latency_share else "anagen"
    if follicle.phase == "dormant":
        numbers = chance.numbers(follicle.cycle, "end of dormancy")
        if numbers.random() < scalp.lost_share:
            return "lost"
    if entered == "latency" and scalp.mean_days["latency"][follicle.group] == 0:
        entered = "early_anagen"
    if entered == "early_anagen" and scalp.mean_days["early_anagen"][follicle.group] == 0:
        entered = "anagen"
    return entered


def change_class(follicle: Follicle, scalp: Scalp, chance: Chance, step: int) -> Change:
    """What a new anagen does to the diameter class; the first of these three that happens."""
    numbers = chance.numbers(follicle.cycle, "class")

    # Relapse: all gained classes are lost again. Equation F5.
    relapse = scalp.relapse_probability * (1.0 - scalp.lift_support[step])
    if follicle.lifts > 0 and numbers.random() < relapse:
        follicle.group -= follicle.lifts
        follicle.lifts = 0
        return "relapse"

    # Shrinking: one class, and each further one by chance. Equations F3 and F4.
    shrink = min(scalp.shrink_chance[follicle.group] * scalp.drive[step], LARGEST_PROBABILITY)
    if numbers.random() < shrink:
        follicle.group -= 1
        while follicle.group > 0 and numbers.random() < scalp.shrink_extra:
            follicle.group -= 1
        follicle.lifts = min(follicle.lifts, follicle.group)
        return "shrink"

    # Lifting: one class, and it is remembered. Equation F5.
    thickest = len(scalp.class_shares) - 1
    if follicle.group < thickest and numbers.random() < scalp.lift_probability[step]:
        follicle.group += 1
        follicle.lifts = min(follicle.lifts + 1, MOST_LIFTS)
        return "lift"
    return "none"


# --- How a life begins ----------------------------------------------------------------------------


def first_state(task: Task, draw: int, number: int, scalp: Scalp, chance: Chance) -> Follicle:
    """One follicle at the start of the task.

    Raises:
        UnsupportedModelError: the start is one of which no single follicle can be taken.
    """
    if task.start is None:
        return healthy(scalp, chance)
    if isinstance(task.start, Population):
        return member(task.start, task, draw, scalp, chance)
    if isinstance(task.start, Follicles):
        return resumed(task.start, draw, number)
    raise UnsupportedModelError("reference begins from Follicles, a Population or a healthy scalp")


def healthy(scalp: Scalp, chance: Chance) -> Follicle:
    """A follicle of a scalp without androgen drive, met on a random day. Equation B1.

    The chance to meet it in a phase is that phase's share of the mean cycle.
    """
    numbers = chance.numbers(0, "start")
    group = pick(scalp.class_shares, numbers)
    time = {phase: scalp.mean_days[phase][group] for phase in PHASES}
    time["latency"] *= scalp.latency_share
    time["early_anagen"] *= scalp.latency_share
    phase = PHASES[pick([time[phase] for phase in PHASES], numbers)]
    whole = wait_met_days(scalp.waits[phase], scalp.mean_days[phase][group], numbers)
    share_left = numbers.random()
    return Follicle(
        phase, group, age_days=(1 - share_left) * whole, left_clock_days=share_left * whole
    )


def member(population: Population, task: Task, draw: int, scalp: Scalp, chance: Chance) -> Follicle:
    """A follicle of a population: a cell in proportion to what it holds, then the wait left.

    In the i-th of n stages, n − i + 1 exponential stages are still ahead, and the time since the
    phase began is taken to be i of them.
    """
    numbers = chance.numbers(0, "start")
    cells = population.cycling[..., draw]
    outside = population.outside[..., draw]
    cell = pick([*cells.ravel().tolist(), *outside.ravel().tolist()], numbers)
    if cell >= cells.size:
        where, group = divmod(cell - cells.size, outside.shape[1])
        lost: Condition = "lost" if where else "dormant"
        return Follicle(
            lost, group, left_clock_days=wait_days(EXPONENTIAL, scalp.mean_days[lost][0], numbers)
        )
    stage, lifts, group = (int(index) for index in np.unravel_index(cell, cells.shape))
    phase, part = next(
        (phase, part) for phase, part in stage_slices(task.model).items() if stage < part.stop
    )
    each = scalp.mean_days[phase][group] / (part.stop - part.start)
    return Follicle(
        phase,
        group,
        lifts,
        age_days=numbers.gamma(stage - part.start + 1, each),
        left_clock_days=numbers.gamma(part.stop - stage, each),
    )


def resumed(state: Follicles, draw: int, number: int) -> Follicle:
    """A follicle as an earlier run left it."""
    at = (draw, number)
    return Follicle(
        phase=CONDITIONS[state.phase[at]],
        group=int(state.group[at]),
        lifts=int(state.lifts[at]),
        cycle=int(state.cycle[at]),
        age_days=float(state.age_days[at]),
        left_clock_days=float(state.left_clock_days[at]),
    )


# --- The method -----------------------------------------------------------------------------------


def lives(task: Task, draw: int) -> Iterator[tuple[Follicle, Iterator[Event]]]:
    """Each follicle of one draw as it begins, with what then happens to it.

    The follicle changes as its events are read; after the last one it is as the task ends.
    """
    scalp = Scalp.of(task, draw)
    for number in range(followed(task)):
        chance = Chance.of(task, draw, number)
        follicle = first_state(task, draw, number, scalp, chance)
        yield follicle, life(follicle, scalp, chance, task.first, task.steps[-1])


def followed(task: Task) -> int:
    """Follicles followed in each draw: those of an earlier run, or as many as asked for."""
    if isinstance(task.start, Follicles):
        return int(task.start.phase.shape[1])
    return task.follicles


def reference(task: Task) -> FollicleRun:
    """Follow every follicle by itself, and count.

    An event on a day counts on output days from that day on. Random numbers are NumPy's own, so
    they may change with its releases; threads are not used.

    Raises:
        UnsupportedModelError: the start is not Follicles, a Population or a healthy scalp.
    """
    model, days = task.model, task.days
    draws, classes, count = model.draws, len(model.grid), followed(task)
    change = np.zeros((len(days), len(CONDITIONS), classes, draws))
    shed = np.zeros((len(days), classes, draws))
    ends: list[list[Follicle]] = []
    for draw in range(draws):
        ends.append([])
        for follicle, events in lives(task, draw):
            change[0, CONDITIONS.index(follicle.phase), follicle.group, draw] += 1
            for event in events:
                row = bisect_left(days, event.day)
                change[row, CONDITIONS.index(event.left), event.group_before, draw] -= 1
                change[row, CONDITIONS.index(event.entered), event.group, draw] += 1
                if event.left == "telogen":
                    shed[row, event.group_before, draw] += 1
            ends[-1].append(follicle)

    per_cm2 = model.follicles_per_cm2 / count
    density = change.cumsum(axis=0) * per_cm2
    shed[0] = 0.0
    since = np.diff(days, prepend=days[:1])
    return FollicleRun(
        days=days,
        density=density[:, : len(PHASES)],
        outside=density[:, len(PHASES) :],
        shed_per_day=shed * per_cm2 / np.where(since > 0, since, 1.0)[:, None, None],
        model=task.model,
        drive=task.drive(),
        final=gathered(ends) if task.keep else None,
        follicles=count,
    )


def gathered(ends: Sequence[Sequence[Follicle]]) -> Follicles:
    """The state of all follicles as arrays, to go on from."""
    phase = [[CONDITIONS.index(follicle.phase) for follicle in draw] for draw in ends]
    return Follicles(
        phase=np.array(phase, dtype=np.uint8),
        group=np.array([[each.group for each in draw] for draw in ends], dtype=np.uint8),
        lifts=np.array([[each.lifts for each in draw] for draw in ends], dtype=np.uint8),
        cycle=np.array([[each.cycle for each in draw] for draw in ends], dtype=np.uint32),
        age_days=np.array([[each.age_days for each in draw] for draw in ends]),
        left_clock_days=np.array([[each.left_clock_days for each in draw] for draw in ends]),
    )
