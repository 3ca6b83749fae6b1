"""What each treatment does to the clocks, as `anagen.treatment` has it, but differentiable.

A test holds each function equal to its namesake there. Amplitudes are one value per arm; arms are
the same treatment at different responses.
"""

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from anagen.calibrate.meanfield import Clocks
from anagen.follicle.signals import midpoints

Array = jax.Array


class Minoxidil(NamedTuple):
    """Rises of the clocks at amplitude 1; see `anagen.treatment.minoxidil`."""

    telogen_exit: Array
    latency_exit: Array
    anagen_hold: Array
    lift: Array
    onset_days: float


class Finasteride(NamedTuple):
    """See `anagen.treatment.finasteride`."""

    dht_fall: float
    lift: Array
    onset_days: float


class Prp(NamedTuple):
    """See `anagen.treatment.prp`; the channels sum to 1."""

    half_life_days: Array
    accumulation_power: Array
    activation: Array
    maintenance: Array
    recovery: Array
    telogen_ratio: float


def untreated(steps: int, arms: int = 1) -> Clocks:
    """Nothing but androgen drive."""
    ones, zeros = jnp.ones((steps, arms)), jnp.zeros((steps, arms))
    return Clocks(ones, ones, ones, ones, zeros, zeros)


def minoxidil(own: Minoxidil, amplitude: Array, steps: int, until_day: float = np.inf) -> Clocks:
    """Daily use from day 0, until a day on which it is left off."""
    strength = _built(steps, own.onset_days, until_day) * jnp.maximum(amplitude, 0.0)
    support = _built(steps, own.onset_days, until_day) * jnp.ones_like(strength)
    return Clocks(
        anagen_speed=1.0 / (1.0 + own.anagen_hold * strength),
        telogen_speed=1.0 + own.telogen_exit * strength,
        latency_speed=1.0 + own.latency_exit * strength,
        drive=jnp.ones_like(strength),
        lift=jnp.minimum(own.lift * strength, 1.0),
        support=support,
    )


def finasteride(own: Finasteride, follows_dht: Array, steps: int) -> Clocks:
    """Daily use from day 0."""
    built = _built(steps, own.onset_days, np.inf)
    strength = built * jnp.clip(follows_dht, 0.0, 1.0 / own.dht_fall)
    ones = jnp.ones_like(strength)
    return Clocks(
        anagen_speed=ones,
        telogen_speed=ones,
        latency_speed=ones,
        drive=jnp.maximum(1.0 - own.dht_fall * strength, 0.0),
        lift=jnp.minimum(own.lift * strength, 1.0),
        support=built * ones,
    )


def prp(own: Prp, amplitude: Array, session_days: Sequence[float], steps: int) -> Clocks:
    """A course of sessions."""
    middle = midpoints(steps)
    amount = jnp.zeros(steps)
    for day in session_days:
        since = np.where(middle >= day, middle - day, 0.0)
        amount += jnp.where(middle >= day, 0.5 ** (since / own.half_life_days), 0.0)
    # At no dose the derivative of a power is not defined; nothing has been given then.
    given = amount > 0
    amount = jnp.where(given, jnp.where(given, amount, 1.0) ** own.accumulation_power, 0.0)
    strength = amount[:, None] * amplitude
    waking = own.activation * strength
    peak = jax.lax.cummax(amount)
    held = jnp.where(given, amount / jnp.where(given, peak, 1.0), 0.0)
    return Clocks(
        anagen_speed=1.0 / _speed(own.maintenance * strength),
        telogen_speed=_speed(own.telogen_ratio * waking),
        latency_speed=_speed(waking),
        drive=jnp.ones_like(strength),
        lift=jnp.clip(own.recovery * strength, 0.0, 1.0),
        support=held[:, None] * jnp.ones_like(strength),
    )


def _speed(strength: Array) -> Array:
    return jnp.where(strength >= 0, 1.0 + strength, 1.0 / (1.0 + jnp.abs(strength)))


def _built(steps: int, onset_days: float, until_day: float) -> Array:
    """Build-up of a daily medicine, and its fall at the same pace after the last use."""
    middle = midpoints(steps)
    used = np.minimum(middle, until_day)
    left = np.exp(-np.maximum(middle - until_day, 0.0) / onset_days)
    return jnp.asarray((1.0 - np.exp(-used / onset_days)) * left)[:, None]


def side_by_side(parts: Sequence[Clocks]) -> Clocks:
    """Arms of several treatments in one run."""
    return Clocks(*(jnp.concatenate(columns, axis=1) for columns in zip(*parts, strict=True)))
