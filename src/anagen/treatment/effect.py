"""What one treatment does to a scalp over time, and how several act on it together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.signals import STEP_DAYS, Signals, midpoints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """Factors on the clocks and chances at re-entry, each (steps, draws).

    Attributes:
        telogen_speed, latency_speed, anagen_speed: factors; 1 is no effect.
        lift_probability: chance to gain a diameter class at a re-entry; 0 is no effect.
        lift_support: how far earlier lifts are held, 0 to 1.
        drive: factor on androgen drive.
        inflammation: factor on inflammation.
    """

    telogen_speed: Floats
    latency_speed: Floats
    anagen_speed: Floats
    lift_probability: Floats
    lift_support: Floats
    drive: Floats
    inflammation: Floats


@dataclass(frozen=True, slots=True)
class Scalp:
    """What acts on a scalp before any treatment, one value per draw.

    Attributes:
        drive: androgen drive; 1 is that of the mean affected man.
        inflammation: 0 none to 1 full.
    """

    drive: Floats
    inflammation: Floats


def no_effect(steps: int, draws: int) -> Effect:
    """The effect of nothing at all."""
    ones, zeros = np.ones((steps, draws)), np.zeros((steps, draws))
    return Effect(ones, ones, ones, zeros, zeros, ones, ones)


def scalp_signals(scalp: Scalp, effects: Iterable[Effect], steps: int) -> Signals:
    """Clocks of a scalp under several treatments: factors multiply over one pool of follicles.

    Chances to lift combine as chances of independent events.

    Args:
        scalp: what acts without treatment.
        effects: one for each treatment; none of them leaves the untreated scalp.
        steps: length of the tables.
    """
    total = no_effect(steps, scalp.drive.shape[0])
    for effect in effects:
        total = Effect(
            telogen_speed=total.telogen_speed * effect.telogen_speed,
            latency_speed=total.latency_speed * effect.latency_speed,
            anagen_speed=total.anagen_speed * effect.anagen_speed,
            lift_probability=_either(total.lift_probability, effect.lift_probability),
            lift_support=_either(total.lift_support, effect.lift_support),
            drive=total.drive * effect.drive,
            inflammation=total.inflammation * effect.inflammation,
        )
    return Signals(
        drive=scalp.drive[None, :] * total.drive,
        anagen_speed=total.anagen_speed,
        telogen_speed=total.telogen_speed,
        latency_speed=total.latency_speed,
        lift_probability=total.lift_probability,
        lift_support=total.lift_support,
        inflammation=scalp.inflammation[None, :] * total.inflammation,
        step_days=STEP_DAYS,
    )


def _either(first: Floats, second: Floats) -> Floats:
    return first + second - first * second


def speed_factor(strength: Floats) -> Floats:
    """A clock's factor for a signed strength: 1 + x, and 1 / (1 − x) for harm. Equation T1.

    Gain and harm of equal strength are each other's inverse, and the factor is always positive.
    """
    return np.where(strength >= 0, 1.0 + strength, 1.0 / (1.0 + np.abs(strength)))


def since_start(steps: int, onset_days: Floats, started_days_ago: float) -> Floats:
    """Build-up 1 − exp(−t / onset) of a daily medicine, (steps, draws). Equation T4."""
    elapsed = midpoints(steps) + started_days_ago
    return np.asarray(1.0 - np.exp(-elapsed[:, None] / onset_days[None, :]))
