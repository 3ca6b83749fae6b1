"""Platelet-rich plasma: channels like the exosomes', with an accumulation of doses of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.treatment.effect import Effect, Floats, speed_factor
from anagen.treatment.sessions import accumulated, held_share


@dataclass(frozen=True, slots=True)
class PrpParameters:
    """Parameters of the PRP effect, one value per draw.

    Attributes:
        amplitude: strength per unit of accumulated effect; negative is harm.
        half_life_days: decay of one session's effect.
        accumulation_power: above 1, sessions close together do more than their sum.
        activation, maintenance, recovery: shares of the strength by channel; they sum to 1.
        telogen_ratio: telogen exit as a share of latency exit.
    """

    amplitude: Floats
    half_life_days: Floats
    accumulation_power: Floats
    activation: Floats
    maintenance: Floats
    recovery: Floats
    telogen_ratio: Floats


def prp_effect(
    parameters: PrpParameters,
    session_days: Sequence[float],
    steps: int,
    doses: Sequence[float] | None = None,
) -> Effect:
    """Signals of PRP sessions; doses are 1 unless given."""
    amount = accumulated(
        session_days, steps, parameters.half_life_days, parameters.accumulation_power, doses
    )
    strength = amount * parameters.amplitude
    waking = parameters.activation * strength
    return Effect(
        telogen_speed=speed_factor(parameters.telogen_ratio * waking),
        latency_speed=speed_factor(waking),
        anagen_speed=1.0 / speed_factor(parameters.maintenance * strength),
        lift_probability=np.clip(parameters.recovery * strength, 0.0, 1.0),
        lift_support=held_share(amount),
        drive=np.ones_like(amount),
        inflammation=np.ones_like(amount),
    )
