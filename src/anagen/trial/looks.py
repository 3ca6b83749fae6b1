"""Interim looks: bounds of a group-sequential test that spends its error as information comes in.

Lan & DeMets 1983. The test statistic is Brownian motion in information; its density over the values
at which the trial goes on is carried from look to look by numerical integration (Armitage,
McPherson & Rowe 1969), with Gauss and Legendre's points.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from anagen.posterior.keyed import Floats

Spending = Literal["obrien_fleming", "pocock"]

POINTS: Final = 128
FAR: Final = 9.0


def spent(share: float, alpha: float, spending: Spending) -> float:
    """Two-sided error spent when a share of the information is in; half of it on each side."""
    from scipy.stats import norm

    if spending == "pocock":
        return float(alpha * np.log1p((np.e - 1.0) * share))
    return float(4.0 * norm.sf(norm.isf(alpha / 4.0) / np.sqrt(share)))


def bounds(at: Sequence[float], alpha: float, spending: Spending) -> tuple[float, ...]:
    """Values of |z| at which to stop, one for each look, the last of them at full information.

    Args:
        at: shares of the information at the looks before the last, rising.
        alpha: two-sided error of type I of the whole trial.
        spending: how much of it is spent when.
    """
    from scipy.optimize import brentq

    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    found: list[float] = []
    before = done = 0.0
    values, density = np.zeros(1), np.ones(1)
    for share in (*at, 1.0):
        step = np.sqrt(share - before)

        now = spent(share, alpha, spending)
        here = (values, density, step, np.sqrt(share))
        bound = brentq(lambda one, held, wanted: _crossing(one, *held) - wanted, 0.0, FAR,
                       args=(here, now - done))  # fmt: skip
        found.append(float(bound))
        edge = bound * np.sqrt(share)
        places = edge * nodes
        density = _carried(places, values, density, step) * weights * edge
        values, before, done = places, share, now
    return tuple(found)


def _crossing(bound: float, values: Floats, density: Floats, step: float, scale: float) -> float:
    """Chance to go beyond the bound for the first time at a look."""
    from scipy.stats import norm

    edge = bound * scale
    out = norm.sf((edge - values) / step) + norm.cdf((-edge - values) / step)
    return float((density * out).sum())


def _carried(places: Floats, values: Floats, density: Floats, step: float) -> Floats:
    from scipy.stats import norm

    return np.asarray(norm.pdf((places[:, None] - values[None, :]) / step) @ density / step)
