"""Pools of effects: fixed and random effects, prediction, influence, small-study effects.

statsmodels does the weighted regressions and the estimator of DerSimonian and Laird. Two estimators
are here: restricted likelihood, which it lacks, and Paule-Mandel, which it stops at a coarse
tolerance. Definitions follow R's metafor, whose numbers `validation/` holds.
"""

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.meta.model import EggerTest, Effect, Interval, LeaveOneOut, Method, Pool

Floats = NDArray[np.float64]

LEVEL = 0.95
LEAST_TRIALS = 2
LEAST_FOR_INFLUENCE = 3


def pool(values: Sequence[float], variances: Sequence[float], method: Method = "REML") -> Pool:
    """Pool effects by their variances.

    Hartung and Knapp 2001 and Sidik and Jonkman 2002 scale the variance of the mean by what the
    trials scatter, which is what an estimated scale does in weighted least squares. The shares I²
    and H² are those of Higgins and Thompson 2002 from the between-trial variance, as in metafor.

    Args:
        values: the effects.
        variances: squares of their standard errors.
        method: estimator of the between-trial variance.

    Raises:
        ValueError: fewer than two effects, unequal lengths, or a variance that is not positive.
    """
    from scipy.stats import chi2, norm, t
    from statsmodels.regression.linear_model import WLS

    y, v = _checked(values, variances)
    k = len(y)
    fixed = WLS(y, np.ones(k), weights=1.0 / v).fit()
    q = float(fixed.ssr)
    tau2 = between_variance(y, v, method)
    fit = WLS(y, np.ones(k), weights=1.0 / (v + tau2)).fit()
    estimate, se_normal = float(fit.params[0]), float(np.sqrt(fit.normalized_cov_params[0, 0]))
    z, t_quantile = norm.ppf((1 + LEVEL) / 2), t.ppf((1 + LEVEL) / 2, k - 1)
    normal = _around(estimate, z * se_normal)
    common = method == "FE"
    se = se_normal if common else float(fit.bse[0])
    interval = normal if common else _around(estimate, t_quantile * se)
    typical = (k - 1) * np.sum(1 / v) / (np.sum(1 / v) ** 2 - np.sum(1 / v**2))
    h2 = q / (k - 1) if common else 1.0 + tau2 / typical
    weights = 1.0 / (v + tau2)
    return Pool(
        method=method,
        k=k,
        estimate=estimate,
        se=se,
        interval=interval,
        se_normal=se_normal,
        interval_normal=normal,
        prediction=interval if common else _around(estimate, t_quantile * np.hypot(se, tau2**0.5)),
        tau2=tau2,
        q=q,
        q_df=k - 1,
        q_p=float(chi2.sf(q, k - 1)),
        i2_percent=100.0 * max(0.0, 1.0 - 1.0 / h2) if h2 > 0 else 0.0,
        h2=float(h2),
        weights_percent=tuple(float(part) for part in 100.0 * weights / weights.sum()),
    )


def between_variance(y: Floats, v: Floats, method: Method) -> float:
    """The variance between trials, never below 0."""
    if method == "FE":
        return 0.0
    if method == "DL":
        from statsmodels.stats.meta_analysis import combine_effects

        return max(0.0, float(combine_effects(y, v, method_re="dl").tau2))
    if method == "PM":
        return _root(lambda tau2: _generalised_q(y, v, tau2) - (len(y) - 1), float(np.var(y)))
    return restricted_variance(y, np.diag(v), np.eye(len(y)), np.ones((len(y), 1)))


def restricted_variance(y: Floats, sampling: Floats, between: Floats, design: Floats) -> float:
    """The factor of `between` that is most likely, by restricted likelihood.

    The variance matrix is `sampling` + factor × `between` (Viechtbauer 2005, Journal of Educational
    and Behavioral Statistics 30:261); its root in the factor is found by bisection and secants.

    Args:
        y: effects.
        sampling: their known covariance.
        between: how effects go together from trial to trial, for a factor of 1.
        design: one column for each mean.
    """

    def score(factor: float) -> float:
        inverse = np.linalg.inv(sampling + factor * between)
        weighted = inverse @ design
        free = inverse - weighted @ np.linalg.solve(design.T @ weighted, weighted.T)
        residual = free @ y
        return float(residual @ between @ residual - np.sum(free * between))

    return _root(score, float(np.var(y)))


def leave_one_out(effects: Sequence[Effect], method: Method = "REML") -> tuple[LeaveOneOut, ...]:
    """The pool without each trial in turn; nothing with fewer than three."""
    if len(effects) < LEAST_FOR_INFLUENCE:
        return ()
    found = []
    for left in range(len(effects)):
        rest = [effect for place, effect in enumerate(effects) if place != left]
        made = pool([e.value for e in rest], [e.variance for e in rest], method)
        found.append(
            LeaveOneOut(
                effects[left].study, made.estimate, made.interval, made.tau2, made.i2_percent
            )
        )
    return tuple(found)


def egger(values: Sequence[float], variances: Sequence[float]) -> EggerTest | None:
    """Regress effects on their standard errors (Egger 1997, BMJ 315:629).

    None with fewer than three trials, or when all standard errors are the same.
    """
    from statsmodels.regression.linear_model import WLS

    y, v = _checked(values, variances)
    se = np.sqrt(v)
    if len(y) < LEAST_FOR_INFLUENCE or np.ptp(se) < 1e-9 * se.max():
        return None
    fit = WLS(y, np.column_stack([np.ones(len(y)), se]), weights=1.0 / v).fit()
    low, high = fit.conf_int(1 - LEVEL)[0]
    return EggerTest(
        slope=float(fit.params[1]),
        t=float(fit.tvalues[1]),
        df=len(y) - 2,
        p=float(fit.pvalues[1]),
        limit=float(fit.params[0]),
        limit_interval=Interval(float(low), float(high)),
    )


def _checked(values: Sequence[float], variances: Sequence[float]) -> tuple[Floats, Floats]:
    y, v = np.asarray(values, np.float64), np.asarray(variances, np.float64)
    if y.shape != v.shape or y.ndim != 1:
        raise ValueError(f"{y.size} effects have {v.size} variances; each needs its own")
    if len(y) < LEAST_TRIALS:
        raise ValueError(f"a pool needs at least {LEAST_TRIALS} effects, not {len(y)}")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("effects must be finite, and their variances finite and above 0")
    return y, v


def _generalised_q(y: Floats, v: Floats, tau2: float) -> float:
    weights = 1.0 / (v + tau2)
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def _root(falling: Callable[[float], float], size: float) -> float:
    """Where a function that ends below 0 gets there, or 0 if it starts there."""
    from scipy.optimize import brentq

    if falling(0.0) <= 0.0:
        return 0.0
    high = size
    while falling(high) > 0.0:
        high *= 2.0
    return cast("float", brentq(falling, 0.0, high, xtol=1e-14 * high, rtol=1e-14))


def _around(middle: float, half: float) -> Interval:
    return Interval(float(middle - half), float(middle + half))
