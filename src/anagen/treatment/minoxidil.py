"""Topical minoxidil: faster release of old hairs, faster waking, some hold on anagen."""

from dataclasses import dataclass

import numpy as np

from anagen.treatment.effect import Effect, Floats, since_start


@dataclass(frozen=True, slots=True)
class MinoxidilParameters:
    """Parameters of the minoxidil effect, one value per draw.

    Attributes:
        amplitude: size of the whole effect; 1 takes the channels as they stand.
        telogen_exit, latency_exit, anagen_hold: rise of each clock's factor at amplitude 1.
        lift: chance at amplitude 1 to gain a diameter class at a re-entry.
        onset_days: time constant of its build-up.
    """

    amplitude: Floats
    telogen_exit: Floats
    latency_exit: Floats
    anagen_hold: Floats
    lift: Floats
    onset_days: Floats


def minoxidil_effect(
    parameters: MinoxidilParameters, steps: int, started_days_ago: float = 0.0
) -> Effect:
    """Signals of daily use that goes on, and that began some days before day 0."""
    built = since_start(steps, parameters.onset_days, started_days_ago)
    strength = built * np.maximum(parameters.amplitude, 0.0)
    return Effect(
        telogen_speed=1.0 + parameters.telogen_exit * strength,
        latency_speed=1.0 + parameters.latency_exit * strength,
        anagen_speed=1.0 / (1.0 + parameters.anagen_hold * strength),
        lift_probability=np.minimum(parameters.lift * strength, 1.0),
        lift_support=built,
        drive=np.ones_like(built),
        inflammation=np.ones_like(built),
    )
