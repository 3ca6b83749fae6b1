"""Exosome sessions: four named channels behind one amount that two half-lives shape."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.treatment.effect import Effect, Floats, speed_factor
from anagen.treatment.sessions import held_share, niche_amount


@dataclass(frozen=True, slots=True)
class ExosomeParameters:
    """Parameters of the exosome effect, one value per draw.

    Attributes:
        amplitude: strength per unit of niche effect; negative is harm.
        tissue_half_life_days: clearance of what was injected.
        niche_half_life_days: decay of the changed surroundings of the follicle.
        activation, maintenance, recovery: shares of the strength that act on stem cells
            (telogen and latency exit), on keeping anagen, and on diameter; they sum to 1.
        telogen_ratio: telogen exit as a share of latency exit.
        inflammation_damping: fall of inflammation per unit of niche effect.
    """

    amplitude: Floats
    tissue_half_life_days: Floats
    niche_half_life_days: Floats
    activation: Floats
    maintenance: Floats
    recovery: Floats
    telogen_ratio: Floats
    inflammation_damping: Floats


def exosome_effect(
    parameters: ExosomeParameters,
    session_days: Sequence[float],
    steps: int,
    doses: Sequence[float] | None = None,
) -> Effect:
    """Signals of exosome sessions; doses are 1 unless given.

    Each pathway is a term of its own: stem-cell activation, anagen maintenance, diameter recovery
    and inflammation damping. The last does nothing where there is no inflammation.

    Claims: C10, C12, C13.
    """
    amount = niche_amount(
        session_days,
        steps,
        parameters.tissue_half_life_days,
        parameters.niche_half_life_days,
        doses,
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
        inflammation=np.exp(-parameters.inflammation_damping * amount),
    )
