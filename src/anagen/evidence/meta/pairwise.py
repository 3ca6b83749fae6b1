"""Pooling one group: fixed effect, DerSimonian-Laird, Paule-Mandel, REML and Hartung-Knapp."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from anagen.evidence.meta.errors import Z95
from anagen.evidence.meta.model import (
    Contrast,
    Egger,
    Estimate,
    Group,
    Heterogeneity,
    Pooled,
    Without,
)
from anagen.evidence.meta.reml import Array, falling_root, gls, reml_tau2

LEAST_FOR_EXTRAS = 3
"""Studies that leaving one out and Egger's regression need at least."""


def pool(group: Group) -> Pooled:
    """Pool a group by every method. Leaving one out uses the estimate that is read first.

    Sources: DerSimonian and Laird 1986 (doi:10.1016/0197-2456(86)90046-2); Paule and Mandel 1982
    (doi:10.6028/jres.087.022); Viechtbauer 2005 (doi:10.3102/10769986030003261); Hartung and Knapp
    2001 (doi:10.1002/sim.1009); Egger 1997 (doi:10.1136/bmj.315.7109.629).
    """
    y, v = _numbers(group.contrasts)
    if len(y) == 1:
        single = _interval(float(y[0]), float(v[0]), Z95, 0.0)
        return Pooled(group, {"single": single}, None, (), None)
    estimates, heterogeneity = pooled_numbers(y, v)
    enough = len(y) >= LEAST_FOR_EXTRAS
    return Pooled(
        group,
        estimates,
        heterogeneity,
        leave_one_out(group.contrasts) if enough else (),
        egger(y, v) if enough else None,
    )


def pooled_numbers(y: Array, v: Array) -> tuple[dict[str, Estimate], Heterogeneity]:
    """All estimates of two or more effects `y` with variances `v`, and how much they differ."""
    tau2 = {
        "fixed": 0.0,
        "dl": _tau2_by_moments(y, v),
        "pm": _tau2_by_paule_mandel(y, v),
        "reml": _tau2_by_reml(y, v),
    }
    estimates = {name: _by_z(y, v, value, name != "fixed") for name, value in tau2.items()}
    estimates["reml_hk"] = _by_hartung_knapp(y, v, tau2["reml"])
    estimates["reml_adhoc"] = _never_narrower(y, v, tau2["reml"])
    return estimates, _heterogeneity(y, v, tau2["reml"])


def leave_one_out(contrasts: Sequence[Contrast]) -> tuple[Without, ...]:
    """The estimate that is read first (`reml_adhoc`), without each study in turn."""
    y, v = _numbers(contrasts)
    found = []
    for place, one in enumerate(contrasts):
        kept_y, kept_v = np.delete(y, place), np.delete(v, place)
        tau2 = _tau2_by_reml(kept_y, kept_v)
        found.append(Without(one.study, _never_narrower(kept_y, kept_v, tau2)))
    return tuple(found)


def egger(y: Array, v: Array) -> Egger | None:
    """Egger's regression of effects on standard errors, weighted by 1 / v; None if SEs are alike.

    The slope equals the intercept of Egger's original regression of y / SE on 1 / SE.
    """
    if np.ptp(v) <= 1e-12 * np.max(v):
        return None
    from statsmodels.regression.linear_model import WLS

    fit: Any = WLS(y, np.column_stack([np.ones_like(v), np.sqrt(v)]), weights=1 / v).fit()
    if fit.bse[1] == 0:
        return None
    slope, se = float(fit.params[1]), float(fit.bse[1])
    return Egger(slope, se, slope / se, len(y) - 2, float(fit.pvalues[1]))


def _numbers(contrasts: Sequence[Contrast]) -> tuple[Array, Array]:
    y = np.array([one.estimate_per_cm2 for one in contrasts])
    v = np.array([one.se_per_cm2**2 for one in contrasts])
    return y, v


def _tau2_by_moments(y: Array, v: Array) -> float:
    # Centred, so that a shift of all effects leaves the last digit alone as well.
    return max(0.0, float(_combined(y - np.average(y, weights=1 / v), v).tau2))


def _tau2_by_paule_mandel(y: Array, v: Array) -> float:
    """Where the generalised Q is k - 1. The library's own search may end at 0 beside a root."""

    def excess(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(w @ (y - w @ y / w.sum()) ** 2) - (len(y) - 1)

    # Q at tau² is at most the squares around the plain mean over tau², so the root is below that.
    return falling_root(excess, 0.0, float(((y - y.mean()) ** 2).sum()))


def _combined(y: Array, v: Array) -> Any:
    from statsmodels.stats.meta_analysis import combine_effects

    # The library takes the root of what a negative tau² gives; none of those roots is read.
    with np.errstate(invalid="ignore", divide="ignore"):
        return combine_effects(y, v, method_re="dl")


def _tau2_by_reml(y: Array, v: Array) -> float:
    return reml_tau2(y - y.mean(), np.diag(v), np.ones((len(y), 1)), np.eye(len(y)))


def _by_z(y: Array, v: Array, tau2: float, predicts: bool) -> Estimate:
    mean, covariance, _ = gls(y, np.diag(v + tau2), np.ones((len(y), 1)))
    return _interval(float(mean[0]), float(covariance[0, 0]), Z95, tau2, predicts=predicts)


def _by_hartung_knapp(y: Array, v: Array, tau2: float) -> Estimate:
    """SE from the weighted spread of the effects themselves, with t of k - 1 df."""
    from scipy.stats import t

    # At v + tau² the library's fixed-effect weights are those of the random-effects model.
    found = _combined(y, v + tau2)
    variance = float(found.sd_eff_w_fe_hksj) ** 2
    quantile = float(t.isf(0.025, len(y) - 1))
    return _interval(float(found.mean_effect_fe), variance, quantile, tau2, predicts=True)


def _never_narrower(y: Array, v: Array, tau2: float) -> Estimate:
    """Hartung and Knapp's interval with an SE of at least REML's: few studies agree by chance."""
    from scipy.stats import t

    by_z, by_spread = _by_z(y, v, tau2, True), _by_hartung_knapp(y, v, tau2)
    se = max(by_z.se, by_spread.se)
    quantile = float(t.isf(0.025, len(y) - 1))
    return _interval(by_z.mean, se**2, quantile, tau2, predicts=True)


def _interval(
    mean: float, variance: float, quantile: float, tau2: float, *, predicts: bool = False
) -> Estimate:
    se = sqrt(variance)
    wide = quantile * sqrt(variance + tau2)
    prediction = (mean - wide, mean + wide) if predicts else None
    return Estimate(mean, se, mean - quantile * se, mean + quantile * se, tau2, prediction)


def _heterogeneity(y: Array, v: Array, tau2: float) -> Heterogeneity:
    """Q under the fixed effect; I² and H² from tau² and the typical variance within studies."""
    from scipy.stats import chi2

    df = len(y) - 1
    q = gls(y, np.diag(v), np.ones((len(y), 1)))[2]
    w = 1 / v
    typical = df * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return Heterogeneity(
        q,
        df,
        float(chi2.sf(q, df)),
        float(100 * tau2 / (tau2 + typical)),
        float((tau2 + typical) / typical),
        tau2,
    )
