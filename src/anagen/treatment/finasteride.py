"""Oral finasteride: less dihydrotestosterone in the scalp, so less androgen drive."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.treatment.effect import Effect, Floats, since_start


@dataclass(frozen=True, slots=True)
class FinasterideParameters:
    """Parameters of the finasteride effect, one value per draw.

    Attributes:
        follows_dht: fall of drive per fall of scalp DHT (κ); below 1, not all drive follows it.
        dht_fall: fall of scalp DHT as a share, at the dose taken.
        lift: chance to gain a diameter class at a re-entry, where κ is 1.
        onset_days: time constant of its build-up.
    """

    follows_dht: Floats
    dht_fall: Floats
    lift: Floats
    onset_days: Floats


def finasteride_effect(
    parameters: FinasterideParameters, steps: int, started_days_ago: float = 0.0
) -> Effect:
    """Signals of daily use that goes on, and that began some days before day 0. Equation T5."""
    built = since_start(steps, parameters.onset_days, started_days_ago)
    # Drive cannot fall below none, so neither can anything else that follows it.
    strength = built * np.clip(parameters.follows_dht, 0.0, 1.0 / parameters.dht_fall)
    ones = np.ones_like(built)
    return Effect(
        telogen_speed=ones,
        latency_speed=ones,
        anagen_speed=ones,
        lift_probability=np.minimum(parameters.lift * strength, 1.0),
        lift_support=built,
        drive=np.maximum(1.0 - parameters.dht_fall * strength, 0.0),
        inflammation=ones,
    )


def scalp_dht_fall(measured: Mapping[float, float], dose_mg: float) -> float:
    """Fall of scalp DHT at a daily dose: measured shares by dose, linear in the log of dose.

    Args:
        measured: fall as a share by dose in mg (Drake 1999, six weeks).
        dose_mg: the dose taken; outside the measured doses the nearest one counts.
    """
    doses = sorted(measured)
    return float(np.interp(np.log(dose_mg), np.log(doses), [measured[dose] for dose in doses]))
