"""Two arms against each other, draw by draw."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from anagen.forecasting.basis import BasisTable
from anagen.forecasting.model import Pair
from anagen.posterior.keyed import Floats

PAIR_OUTCOME = "total_density_per_cm2"
PAIR_DAY = 168
"""Outcome and day at which arms are compared: the longest that most trials of sessions last."""


def pairwise(values: Mapping[str, Floats], table: BasisTable) -> tuple[Pair, ...]:
    """The chance that one arm gives more than another, for every pair once; ties count half.

    Claims: C30.

    Args:
        values: one outcome at one day by arm, draws in the same order in every arm.
        table: what each comparison rests on.
    """
    return tuple(
        Pair(
            a=a,
            b=b,
            outcome=PAIR_OUTCOME,
            day=PAIR_DAY,
            probability_a_better=_better(values[a], values[b]),
            basis=table.of_pair(a, b),
        )
        for a, b in combinations(values, 2)
    )


def _better(a: Floats, b: Floats) -> float:
    return float(np.mean((a > b) + 0.5 * (a == b)))
