"""Restricted maximum likelihood for one variance between studies."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GRID = 60
"""Values of tau² at which the likelihood is looked at before its maximum is narrowed down."""


def reml_tau2(y: Array, v: Array, x: Array, shape: Array) -> float:
    """The tau² >= 0 that maximises the restricted likelihood of y ~ N(x b, v + tau² shape).

    The likelihood may have more than one peak, so the highest point of a grid is found first and
    then the root of the score beside it (Viechtbauer 2005, doi:10.3102/10769986030003261): with
    P = W - W x (x' W x)^-1 x' W and W = (v + tau² shape)^-1, the score is
    (y' P shape P y - tr(P shape)) / 2.

    Args:
        y: the contrasts.
        v: their covariance.
        x: design, of full column rank and with fewer columns than rows.
        shape: how the variance between studies is spread over the contrasts; 1 on its diagonal.
    """

    def score(tau2: float) -> float:
        p = _projection(v + tau2 * shape, x)
        residual = p @ y
        return float(residual @ shape @ residual - np.trace(p @ shape))

    most = _bound(y, v, x, shape)
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * most, most, GRID)])
    best = int(np.argmax([_log_likelihood(tau2, y, v, x, shape) for tau2 in grid]))
    return falling_root(score, float(grid[max(best - 1, 0)]), float(grid[min(best + 1, GRID)]))


def _bound(y: Array, v: Array, x: Array, shape: Array) -> float:
    """A tau² above which the restricted likelihood only falls.

    With r = y - x b of plain least squares, P y = P r, P shape P <= P / tau² and
    P <= shape^-1 / tau², so the score is below 0 once
    tau² (n - rank) > r' shape^-1 r + tr(shape^-1 v).
    """
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    squares = float(residual @ np.linalg.solve(shape, residual))
    within = float(np.trace(np.linalg.solve(shape, v)))
    return float((squares + within) / (len(y) - x.shape[1]))


def falling_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function falls through 0 between two points; an end if it does so outside."""
    from scipy.optimize import brentq

    if function(low) <= 0.0:
        return low
    if function(high) >= 0.0:
        return high
    return float(brentq(function, low, high, xtol=1e-15 * high, rtol=1e-14))


def gls(y: Array, v: Array, x: Array) -> tuple[Array, Array, float]:
    """Generalised least squares: coefficients, their covariance, weighted residual squares."""
    w = np.linalg.inv(v)
    covariance = np.linalg.inv(x.T @ w @ x)
    mean = covariance @ x.T @ w @ y
    residual = y - x @ mean
    return np.asarray(mean), np.asarray(covariance), float(residual @ w @ residual)


def _projection(sigma: Array, x: Array) -> Array:
    w = np.linalg.inv(sigma)
    wx = w @ x
    return np.asarray(w - wx @ np.linalg.inv(x.T @ wx) @ wx.T)


def _log_likelihood(tau2: float, y: Array, v: Array, x: Array, shape: Array) -> float:
    sigma = v + tau2 * shape
    information = x.T @ np.linalg.solve(sigma, x)
    squares = y @ _projection(sigma, x) @ y
    return -0.5 * float(np.linalg.slogdet(sigma)[1] + np.linalg.slogdet(information)[1] + squares)
