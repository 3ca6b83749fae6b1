"""Restricted maximum likelihood for one variance between studies."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_STEPS = 500
TOLERANCE = 1e-13
"""Relative step at which the scoring ends; far below the digits that anyone reads."""


def reml_tau2(y: Array, v: Array, x: Array, shape: Array) -> float:
    """The tau² >= 0 that maximises the restricted likelihood of y ~ N(x b, v + tau² shape).

    Fisher scoring (Viechtbauer 2005, doi:10.3102/10769986030003261): with
    P = W - W x (x' W x)^-1 x' W and W = (v + tau² shape)^-1, the score is
    (y' P shape P y - tr(P shape)) / 2 and its information tr(P shape P shape) / 2. A step that
    would go below 0 goes to 0; a step that lowers the likelihood is halved.

    Args:
        y: the contrasts.
        v: their covariance.
        x: design, of full column rank and with fewer columns than rows.
        shape: how the variance between studies is spread over the contrasts; 1 on its diagonal.
    """
    tau2 = max(0.0, float(np.var(y, ddof=1)) - float(np.mean(np.diag(v))))
    for _ in range(MOST_STEPS):
        p = _projection(v + tau2 * shape, x)
        residual = p @ y
        p_shape = p @ shape
        score = residual @ shape @ residual - np.trace(p_shape)
        step = float(score / np.trace(p_shape @ p_shape))
        here = _log_likelihood(tau2, y, v, x, shape)
        after = max(0.0, tau2 + step)
        while _log_likelihood(after, y, v, x, shape) < here - 1e-12 and abs(after - tau2) > 1e-12:
            after = (after + tau2) / 2
        if abs(after - tau2) <= TOLERANCE * (1.0 + tau2):
            return after
        tau2 = after
    raise ArithmeticError(f"tau² did not settle in {MOST_STEPS} steps")


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
