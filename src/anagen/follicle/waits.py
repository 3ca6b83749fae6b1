"""Survival functions of the waits, for a mean of 1 in every draw.

Two functions describe a wait T to a solver of expectations: S(x) = P(T > x), and
R(x) = ∫ S from x to ∞, which is the survival function of the residual wait in equilibrium.
R is continuous for every law, jumps included, and its differences are means of S over an interval.
"""

import functools
import math

import numpy as np

from anagen.follicle.spec import Erlang, Fixed, Floats, LogNormal, Wait

NORMAL_REACH = 9.0
"""Beyond this many standard deviations a normal tail (1e-19) is taken as empty."""

NORMAL_PER_UNIT = 256
"""Points of the normal table per standard deviation; five Taylor terms are then exact to 1e-15."""


def survival(wait: Wait, x: Floats) -> Floats:
    """P(T > x) of a wait of mean 1; x from 0 to infinity."""
    match wait:
        case Fixed():
            return np.where(x < 1.0, 1.0, 0.0)
        case Erlang(stages):
            return _poisson_sum(stages, np.ones(stages), x)
        case LogNormal(variation):
            spread = math.sqrt(math.log1p(variation**2))
            return normal_cdf(-_log(x) / spread - 0.5 * spread)


def residual_survival(wait: Wait, x: Floats) -> Floats:
    """Mean of the part of a wait of mean 1 that lies beyond x: ∫ P(T > u) du from x to infinity."""
    match wait:
        case Fixed():
            return np.maximum(1.0 - x, 0.0)
        case Erlang(stages):
            return _poisson_sum(stages, 1.0 - np.arange(stages) / stages, x)
        case LogNormal(variation):
            spread = math.sqrt(math.log1p(variation**2))
            upper = -_log(x) / spread + 0.5 * spread
            beyond = np.minimum(x, 1e300) * normal_cdf(upper - spread)
            return np.maximum(normal_cdf(upper) - beyond, 0.0)


def _log(x: Floats) -> Floats:
    """Logarithm that stays finite at 0 and infinity."""
    return np.asarray(np.log(np.clip(x, 1e-300, 1e300)))


def _poisson_sum(stages: int, weights: Floats, x: Floats) -> Floats:
    """Sum of Poisson probabilities of 0 to stages − 1 at mean stages × x, each with a weight."""
    mean = np.clip(stages * x, 1e-300, 1e300)
    log = np.log(mean)
    total = np.zeros_like(mean)
    for count, weight in enumerate(weights):
        total += weight * np.exp(count * log - mean - math.lgamma(count + 1))
    return total


def normal_cdf(z: Floats) -> Floats:
    """Standard normal distribution function, to 1e-15: Taylor terms around a table."""
    scaled = np.clip(z, -NORMAL_REACH, NORMAL_REACH) * NORMAL_PER_UNIT
    nearest = np.rint(scaled)
    offset = (scaled - nearest) / NORMAL_PER_UNIT
    row = nearest.astype(np.intp) + round(NORMAL_REACH * NORMAL_PER_UNIT)
    table = _normal_table()
    value = table[-1][row]
    for coefficients in table[-2::-1]:
        value *= offset
        value += coefficients[row]
    return np.asarray(value)


@functools.cache
def _normal_table() -> Floats:
    """Taylor coefficients of the normal distribution function, (order, point)."""
    reach = round(NORMAL_REACH * NORMAL_PER_UNIT)
    z = np.arange(-reach, reach + 1) / NORMAL_PER_UNIT
    cdf = np.array([0.5 * math.erfc(-point / math.sqrt(2.0)) for point in z])
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    table = np.stack(
        [cdf, density, -z * density / 2.0, (z * z - 1.0) * density / 6.0,
         (3.0 * z - z**3) * density / 24.0]
    )  # fmt: skip
    table[:, 0] = 0.0
    table[1:, -1] = 0.0
    table[0, -1] = 1.0
    table.flags.writeable = False
    return table
