"""The season: anagen's clock runs faster towards summer, so that hairs fall in early autumn.

It is an effect like a treatment's, and nothing has it unless it is asked for.
"""

from dataclasses import dataclass, replace

import numpy as np

from anagen.follicle.signals import midpoints
from anagen.treatment.effect import Effect, Floats, no_effect

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class SeasonParameters:
    """Parameters of the season, one value per draw.

    Attributes:
        amplitude: log of how much faster anagen's clock runs on its fastest day than on average.
        fastest_day: that day of the year; 0 is the first of January, on the northern half of the
            earth.
    """

    amplitude: Floats
    fastest_day: Floats


def season_effect(parameters: SeasonParameters, day_of_year: float, steps: int) -> Effect:
    """Signals of the seasons. Equation T6.

    The speed is divided by its mean over a year, so that a year as a whole is like any other.

    Args:
        parameters: size and timing.
        day_of_year: day of the year on day 0; for the southern half of the earth, half a year on.
        steps: length of the tables.
    """
    amplitude = parameters.amplitude[None, :]
    since = midpoints(steps)[:, None] + day_of_year - parameters.fastest_day[None, :]
    speed = np.exp(amplitude * np.cos(2.0 * np.pi * since / YEAR_DAYS)) / np.i0(amplitude)
    return replace(no_effect(steps, amplitude.shape[1]), anagen_speed=speed)
