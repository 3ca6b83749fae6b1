"""Each measured value beside what the person's other answers would expect of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from anagen.forecasting.explore import normalised
from anagen.forecasting.likelihood import Value
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats

FALSE_ALARMS = 0.02
"""Values are flagged so that of people whose readings are all good one in fifty has any flagged: a
value, where a good reading as far out or farther has at most this chance, shared out evenly among
all values of the person."""

_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Check:
    """One measured value beside the rest.

    Attributes:
        visit: number of its measurement.
        outcome: what was measured.
        reading: the value.
        low, high: 95 % range of a good reading, from everything else that was told.
        tail: chance of a good reading at least as far out on either side.
        mistaken: chance that it is a mistake, everything told included.
        flagged: whether it contradicts the rest by far.
    """

    visit: int
    outcome: str
    reading: float
    low: float
    high: float
    tail: float
    mistaken: float
    flagged: bool


def check_values(values: Sequence[Value], log_weight: Floats, keyed: Keyed) -> tuple[Check, ...]:
    """Check every value with its own part in the weights taken out again.

    Args:
        values: with the density of follicles added.
        log_weight: of candidates, all values used.
        keyed: random numbers.
    """
    weight = normalised(log_weight)
    found = []
    for number, value in enumerate(values):
        others = normalised(log_weight - value.log_likelihood)
        normal = keyed.normal(f"person/check/{number}", others.shape[0])
        low, high = _range(value, others, normal)
        tail = _tail(value, others)
        found.append(
            Check(
                visit=value.visit,
                outcome=value.outcome,
                reading=value.reading,
                low=low,
                high=high,
                tail=tail,
                mistaken=float(weight @ value.mistaken),
                flagged=tail < FALSE_ALARMS / len(values),
            )
        )
    return tuple(found)


def _tail(value: Value, weight: Floats) -> float:
    """Chance of a good reading at least as far out, on either side."""
    above = float(weight @ _above(value.gap))
    return min(2.0 * min(above, 1.0 - above), 1.0)


_above = np.vectorize(lambda gap: 0.5 * erfc(gap / sqrt(2.0)), otypes=[np.float64])
"""Chance of a standard normal number above each gap."""


def _range(value: Value, weight: Floats, normal: Floats) -> tuple[float, float]:
    """95 % range of a good reading."""
    readings = value.expected + value.sd * normal
    order = np.argsort(readings)
    edges = np.cumsum(weight[order])
    rows = np.minimum(np.searchsorted(edges, _TAILS), order.shape[0] - 1)
    low, high = readings[order[rows]]
    return (float(np.exp(low)), float(np.exp(high))) if value.log else (float(low), float(high))
