"""From draws to a distribution in six numbers."""

from collections.abc import Sequence

import numpy as np

from anagen.evidence.vocabulary import Certainty
from anagen.forecasting.model import Quantiles
from anagen.posterior.keyed import Floats

POINTS = (0.05, 0.25, 0.50, 0.75, 0.95)


def quantiles(values: Floats, certainty: Sequence[Certainty]) -> tuple[Quantiles, ...]:
    """Mean and quantiles of one outcome on each day; never one number alone.

    Claims: C32.

    Args:
        values: (days, draws).
        certainty: of each day.
    """
    means, points = values.mean(axis=1).tolist(), np.quantile(values, POINTS, axis=1).tolist()
    return tuple(map(Quantiles, means, *points, certainty))
