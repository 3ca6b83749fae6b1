"""From draws to a distribution in six numbers."""

import numpy as np

from anagen.evidence.vocabulary import Certainty
from anagen.forecasting.model import Quantiles
from anagen.posterior.keyed import Floats

POINTS = (0.05, 0.25, 0.50, 0.75, 0.95)


def quantiles(values: Floats, certainty: Certainty) -> Quantiles:
    """Mean and quantiles of one outcome at one day; never one number alone.

    Claims: C32.
    """
    q05, q25, q50, q75, q95 = (float(point) for point in np.quantile(values, POINTS))
    return Quantiles(float(values.mean()), q05, q25, q50, q75, q95, certainty)
