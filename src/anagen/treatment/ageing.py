"""Ageing: anagen may get shorter with the years, besides pattern hair loss.

Only the direction was published, so there is no parameter: a user names a size and sees what it
would do. No forecast has it. What age does to density is `anagen.forecasting.person_model`'s.
"""

from dataclasses import replace

import numpy as np

from anagen.follicle.signals import midpoints
from anagen.treatment.effect import Effect, Floats, no_effect

ADULT_AGE = 30.0
"""Age up to which nothing changes."""

DECADE_DAYS = 3652.5


def ageing_effect(age: float, log_per_decade: Floats, steps: int) -> Effect:
    """Signals of getting older from day 0 on. Equation T7.

    Claims: C16.

    Args:
        age: age on day 0 in years; what came before is part of the scalp that a run begins from.
        log_per_decade: rise of the log of anagen's speed in ten years, one value per draw.
        steps: length of the tables.
    """
    before = max(ADULT_AGE - age, 0.0) / 10.0
    decades = np.maximum(midpoints(steps) / DECADE_DAYS - before, 0.0)
    still = no_effect(steps, log_per_decade.shape[0])
    return replace(still, anagen_speed=np.exp(decades[:, None] * log_per_decade[None, :]))
