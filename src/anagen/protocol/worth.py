"""What it would be worth to know: expected values of perfect and of partial information.

Net benefit of an option is its gain times what a unit of gain is worth, less its cost. Whoever must
choose now takes the option of the highest expected net benefit; whoever knew everything would take
the best one in each draw. The difference is the expected value of perfect information (Raiffa &
Schlaifer 1961). For some parameters alone, net benefit is first regressed on them (Strong, Oakley &
Brennan 2014), here on powers of the parameters, of the degree that foretells left-out draws best.
"""

from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from anagen.posterior.keyed import Floats

MOST_DEGREE: Final = 4
_BY_CHANCE: Final = 4.0
MOST_COLUMNS_SHARE: Final = 0.2
"""Columns of a regression as a share of the draws, at most."""


def perfect_information(benefit: Floats) -> float:
    """Expected value of knowing everything, in the unit of net benefit.

    Args:
        benefit: net benefit, (options, draws).
    """
    return float(benefit.max(axis=0).mean() - benefit.mean(axis=1).max())


def partial_information(benefit: Floats, known: Floats) -> float:
    """Expected value of knowing some parameters.

    Args:
        benefit: net benefit, (options, draws).
        known: the parameters, (parameters, draws).
    """
    fitted = regressed(benefit, known)
    return float(max(fitted.max(axis=0).mean() - fitted.mean(axis=1).max(), 0.0))


def regressed(benefit: Floats, known: Floats) -> Floats:
    """Net benefit expected given the parameters, (options, draws).

    What all options share is taken off first: it decides nothing, and would only add noise.
    """
    level = benefit.mean(axis=0)
    apart = (benefit - level).T
    varied = known[known.std(axis=1) > 0.0]
    scaled = [_scores(row) for row in varied]
    best = np.tile(apart.mean(axis=0), (apart.shape[0], 1))
    count = apart.shape[0]
    least = float((((apart - best) * count / (count - 1)) ** 2).sum())
    for degree in range(1, MOST_DEGREE + 1):
        columns = _powers(scaled, degree, count)
        if columns.shape[1] > MOST_COLUMNS_SHARE * count or not scaled:
            break
        left, _, _ = np.linalg.svd(columns, full_matrices=False)
        fitted = left @ (left.T @ apart)
        # What each draw is off by when it is left out follows from its leverage.
        leverage = (left**2).sum(axis=1)
        off = (apart - fitted) / np.maximum(1.0 - leverage, 1e-6)[:, None]
        # A parameter that says nothing still foretells a little better by chance now and then.
        chance = _BY_CHANCE * (columns.shape[1] - 1) / count
        if (far := float((off**2).sum())) < least * (1.0 - chance):
            least, best = far, fitted
    return np.asarray(best.T + level.mean())


def _scores(row: Floats) -> Floats:
    """Ranks as standard normal scores: powers of heavy tails would hang on a few draws."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    return np.asarray(ndtri((rankdata(row) - 0.5) / row.size))


def _powers(scaled: list[Floats], degree: int, draws: int) -> Floats:
    """Every product of the parameters up to a degree, with a constant."""
    columns = [np.ones(draws)]
    for power in range(1, degree + 1):
        for group in combinations_with_replacement(range(len(scaled)), power):
            columns.append(np.prod([scaled[number] for number in group], axis=0))
    return np.stack(columns, axis=1)
