"""The mean field once more, in a form that can be differentiated: the heart of the likelihood.

The equations are those of `anagen.follicle` (history, flows, meanfield); a test holds both equal.
What is left out is what no published row speaks about: dormancy, loss and inflammation. Drive is
that of the reference scalp, 1. Arrays are JAX arrays of float64; the last axis counts arms.
"""

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from anagen.follicle.history import POINTS
from anagen.follicle.signals import STEP_DAYS
from anagen.follicle.spec import DEFAULT_GRID, LARGEST_PROBABILITY, MOST_LIFTS

Array = jax.Array

STAGES = {"early_anagen": 3, "anagen": 3, "telogen": 3, "latency": 2}
"""Erlang stages of each phase, in the order of a cycle; those of the default model."""

CLASSES = len(DEFAULT_GRID)
_MIDPOINTS = np.array(DEFAULT_GRID.midpoints_um)
_E, _A, _T, _L = 0, 3, 6, 9
"""First stage of each phase."""


class Scalp(NamedTuple):
    """The parameters of hair that a sampler moves; see `anagen.follicle.FollicleModel`.

    Attributes:
        class_shares: (classes,).
        anagen_days: mean healthy anagen by class, (classes,).
        shrink: chance to lose a class at a re-entry under full drive, (classes,).
        landing: where a shrinking follicle lands, (from, to).
        relapse: chance to lose all lifts at one re-entry without treatment.
    """

    class_shares: Array
    anagen_days: Array
    telogen_days: Array
    latency_days: Array
    early_anagen_days: Array
    latency_share: float
    drive_log: Array
    shrink: Array
    landing: Array
    relapse: Array


class Clocks(NamedTuple):
    """Signals of several arms, each (steps, arms); see `anagen.follicle.Signals`."""

    anagen_speed: Array
    telogen_speed: Array
    latency_speed: Array
    drive: Array
    lift: Array
    support: Array


def healthy(scalp: Scalp) -> Array:
    """The stationary scalp without drive, one follicle in all, (stages, classes). Equation B1."""
    time = _mean_days(scalp, jnp.zeros(()))
    held = time * jnp.array([scalp.latency_share, 1.0, 1.0, scalp.latency_share])[:, None]
    held = held / held.sum(axis=0) * scalp.class_shares
    return jnp.concatenate(
        [
            jnp.tile(part / stages, (stages, 1))
            for part, stages in zip(held, STAGES.values(), strict=True)
        ]
    )


def _mean_days(scalp: Scalp, drive: Array) -> Array:
    """Mean time in each phase, (phases, classes)."""
    flat = jnp.ones(CLASSES)
    return jnp.stack(
        [
            scalp.early_anagen_days * flat,
            scalp.anagen_days / jnp.exp(scalp.drive_log * drive),
            scalp.telogen_days * flat,
            scalp.latency_days * flat,
        ]
    )


def history(scalp: Scalp, days: Array) -> Array:
    """The scalp after each of some spans of full drive, (spans, stages, classes).

    The inverse Laplace transform of `anagen.follicle.history`, without dormant and lost.
    """
    start = healthy(scalp)
    angle = (2 * np.arange(POINTS // 2) + 1) * np.pi / POINTS
    cotangent = 1.0 / np.tan(0.6407 * angle)
    shape = 0.5017 * angle * cotangent - 0.6122 + 0.2645j * angle
    slope = 0.5017 * cotangent - 0.5017 * 0.6407 * angle / np.sin(0.6407 * angle) ** 2 + 0.2645j
    weights = jnp.asarray(np.exp(POINTS * shape) * slope * 2.0 / 1j) / days[:, None]
    points = jnp.asarray(POINTS * shape) / days[:, None]
    stages = np.array(list(STAGES.values()))
    rates = stages[:, None, None, None] / _mean_days(scalp, jnp.ones(()))[:, :, None, None]
    ring = _Ring.of(points, dict(zip(STAGES, rates, strict=True)), start[:, :, None, None], scalp)
    # Androgen moves follicles only to thinner classes: the thickest is solved first.
    shrink = jnp.minimum(scalp.shrink, LARGEST_PROBABILITY)
    stay = 1.0 - shrink
    arriving = [jnp.zeros_like(points) for _ in range(CLASSES)]
    out = [points] * CLASSES
    for group in reversed(range(CLASSES)):
        out[group] = ring.out(group, stay[group], arriving[group])
        entering = ring.own_entry[group] + ring.gain[group] * out[group]
        for thinner in range(group):
            arriving[thinner] += scalp.landing[group, thinner] * shrink[group] * entering
    solved = ring.stages(jnp.stack(out), stay[:, None, None], jnp.stack(arriving))
    found = (weights * solved).real.sum(axis=-1)  # stages, classes, spans
    return jnp.maximum(jnp.moveaxis(found, 2, 0), 0.0)


@dataclass(frozen=True)
class _Ring:
    """Every class as a ring of stages, at the points of the contour; (classes, spans, points).

    Attributes:
        inverse, passing: 1 / (s + rate) of one stage, and what a whole phase lets through.
        rates, start: of each phase, and of each stage.
        own: what leaves each phase of what was in it at the start.
        own_entry, gain: flow into anagen without, and per, flow out of telogen.
    """

    inverse: dict[str, Array]
    passing: dict[str, Array]
    rates: dict[str, Array]
    start: Array
    empty: float
    own: dict[str, Array]
    own_entry: Array
    gain: Array

    @classmethod
    def of(cls, points: Array, rates: dict[str, Array], start: Array, scalp: Scalp) -> "_Ring":
        inverse = {phase: 1.0 / (points + rates[phase]) for phase in STAGES}
        passing = {phase: (rates[phase] * inverse[phase]) ** STAGES[phase] for phase in STAGES}
        own = {phase: _through(phase, inverse[phase], rates[phase], start)[1] for phase in STAGES}
        empty = scalp.latency_share
        gain = passing["early_anagen"] * passing["latency"] * empty + (1.0 - empty)
        own_entry = passing["early_anagen"] * own["latency"] + own["early_anagen"]
        return cls(inverse, passing, rates, start, empty, own, own_entry, gain)

    def out(self, group: int, stay: Array, arriving: Array) -> Array:
        """Flow out of one class's telogen."""
        own = {phase: values[group] for phase, values in self.own.items()}
        telogen = self.passing["telogen"][group]
        along = telogen * self.passing["anagen"][group]
        out = along * (stay * self.own_entry[group] + arriving)
        out += telogen * own["anagen"] + own["telogen"]
        return out / (1.0 - along * stay * self.gain[group])

    def stages(self, out: Array, stay: Array, arriving: Array) -> Array:
        """Every stage of every class, (stages, classes, spans, points)."""

        def through(phase: str, inward: Array) -> tuple[list[Array], Array]:
            return _through(phase, self.inverse[phase], self.rates[phase], self.start, inward)

        latency, flow = through("latency", self.empty * out)
        early, flow = through("early_anagen", flow)
        entering = flow + (1.0 - self.empty) * out
        anagen, flow = through("anagen", stay * entering + arriving)
        telogen, _ = through("telogen", flow)
        return jnp.stack([*early, *anagen, *telogen, *latency])


_FIRST = {"early_anagen": _E, "anagen": _A, "telogen": _T, "latency": _L}


def _through(
    phase: str, inverse: Array, rate: Array, start: Array, inward: Array | float = 0.0
) -> tuple[list[Array], Array]:
    """Stages of one phase under a flow into its first, and the flow out of its last."""
    found: list[Array] = []
    flow = inward
    for stage in range(STAGES[phase]):
        held = (start[_FIRST[phase] + stage] + flow) * inverse
        found.append(held)
        flow = rate * held
    return found, jnp.asarray(flow)


def run(scalp: Scalp, start: Array, clocks: Clocks, lifts: bool = False) -> tuple[Array, Array]:
    """Step several arms on from their starts.

    Args:
        scalp: the parameters.
        start: the state of each arm, (stages, classes, arms).
        clocks: the arms' signals.
        lifts: whether to remember lifts, which matters only where support ends.

    Returns:
        Anagen and telogen hairs after each step, (steps, 2, classes, arms), and the last state.
    """
    levels = MOST_LIFTS + 1 if lifts else 1
    state = jnp.zeros((start.shape[0], levels, *start.shape[1:])).at[:, 0].set(start)
    base = _stage_shares(scalp)

    def step(state: Array, clock: Clocks) -> tuple[Array, Array]:
        state = _advance(scalp, base, state, clock)
        seen = jnp.stack(
            [state[_A:_T].sum(axis=(0, 1)), state[_T:_L].sum(axis=(0, 1))],
        )
        return state, seen

    last, seen = jax.lax.scan(step, state, clocks)
    return seen, last


def _stage_shares(scalp: Scalp) -> Array:
    """What a stage loses in one step at speed 1, (stages, 1, classes, 1)."""
    days = _mean_days(scalp, jnp.zeros(()))
    rows = [
        jnp.tile(stages * STEP_DAYS / mean, (stages, 1))
        for stages, mean in zip(STAGES.values(), days, strict=True)
    ]
    return jnp.concatenate(rows)[:, None, :, None]


def _advance(scalp: Scalp, base: Array, state: Array, clock: Clocks) -> Array:
    anagen = jnp.exp(scalp.drive_log * clock.drive) * clock.anagen_speed
    speeds = jnp.stack(
        [jnp.ones_like(anagen)] * 3
        + [anagen] * 3
        + [clock.telogen_speed] * 3
        + [clock.latency_speed] * 2
    )[:, None, None]
    flow = state * jnp.minimum(base * speeds, 1.0)
    shed = flow[_L - 1]
    entry = flow[_A - 1] + (1.0 - scalp.latency_share) * shed
    inward = jnp.concatenate(
        [
            flow[-1:],
            flow[_E : _A - 1],
            _route(scalp, entry, clock)[None],
            flow[_A : _L - 1],
            scalp.latency_share * shed[None],
            flow[_L:-1],
        ]
    )
    return state - flow + inward


def _route(scalp: Scalp, entry: Array, clock: Clocks) -> Array:
    """What enters anagen, (lifts, classes, arms), after relapse, shrinking and lifting."""
    levels = entry.shape[0]
    fallen = jnp.zeros_like(entry[0])
    if levels > 1:
        gone = scalp.relapse * (1.0 - clock.support)
        for level in range(1, levels):
            fallen += _down(entry[level] * gone, level)
        entry = jnp.concatenate([entry[:1], entry[1:] * (1.0 - gone)])
    shrinking = entry * jnp.minimum(scalp.shrink[:, None] * clock.drive, LARGEST_PROBABILITY)
    landed = jnp.einsum("ot,loa->lta", scalp.landing, shrinking)
    if levels > 1:
        landed = _forget(landed)
    entry = entry - shrinking
    rising = (entry * clock.lift).at[:, -1].set(0.0)
    entry = entry - rising
    risen = jnp.concatenate([jnp.zeros_like(rising[:, :1]), rising[:, :-1]], axis=1)
    if levels > 1:
        risen = jnp.stack([jnp.zeros_like(risen[0]), risen[0], risen[1] + risen[2]])
    arrived = entry + landed + risen
    return arrived.at[0].add(fallen) if levels > 1 else arrived


def _down(values: Array, classes: int) -> Array:
    """Values moved to thinner classes; none lies below the thinnest by construction."""
    return jnp.concatenate([values[classes:], jnp.zeros_like(values[:classes])])


def _forget(landed: Array) -> Array:
    """A follicle cannot have been lifted by more classes than lie below it."""
    moved = landed
    for level in range(1, landed.shape[0]):
        for group in range(min(level, CLASSES)):
            moved = moved.at[group, group].add(landed[level, group]).at[level, group].set(0.0)
    return moved
