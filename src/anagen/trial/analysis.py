"""How a statistician would analyse each simulated trial, for many trials at once.

Every method is a least-squares problem with few columns, so its sums over people are taken for all
trials in one go. People without a count at the endpoint are left out, except in the repeated
measures, which use all their counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.posterior.keyed import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Data:
    """What the statistician gets of simulated trials with two arms.

    Attributes:
        counts: hairs per cm² at the start and each visit, (visits, trials, people).
        treated: who is in the compared arm, (trials, people).
        seen: who has a count at each visit, (visits, trials, people); the start always.
        factors: what ANCOVA and repeated measures allow for besides the start, each (trials,
            people).
    """

    counts: Floats
    treated: Flags
    seen: Flags
    factors: tuple[Floats, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimates:
    """What each trial finds, (trials,).

    Attributes:
        effect: difference between the arms.
        se: its standard error.
        df: degrees of freedom of its t law; infinite for a normal one.
    """

    effect: Floats
    se: Floats
    df: Floats

    def p_value(self) -> Floats:
        """Two-sided."""
        from scipy.stats import norm, t

        z = np.abs(self.effect) / self.se
        finite = np.isfinite(self.df)
        return np.asarray(
            np.where(finite, 2 * t.sf(z, np.where(finite, self.df, 1.0)), 2 * norm.sf(z))
        )

    def half_width(self, alpha: float) -> Floats:
        """Half of the interval that misses the truth in a share `alpha`."""
        from scipy.stats import norm, t

        finite = np.isfinite(self.df)
        points = np.where(
            finite, t.isf(alpha / 2, np.where(finite, self.df, 1.0)), norm.isf(alpha / 2)
        )
        return np.asarray(points * self.se)


def ancova(data: Data) -> Estimates:
    """Change at the endpoint by arm, with the start as covariate (Vickers & Altman 2001)."""
    return _least_squares(data, covariate=True)


def change(data: Data) -> Estimates:
    """Difference of mean changes at the endpoint: Student's t with a common variance."""
    return _least_squares(data, covariate=False)


def responder(data: Data, gain_percent: float) -> Estimates:
    """Difference of the shares that gained so much of their own start, by their pooled variance."""
    seen = data.seen[-1]
    gained = data.counts[-1] >= data.counts[0] * (1.0 + gain_percent / 100.0)
    here, there = seen & data.treated, seen & ~data.treated
    n1, n0 = here.sum(axis=1), there.sum(axis=1)
    p1, p0 = (gained & here).sum(axis=1) / n1, (gained & there).sum(axis=1) / n0
    pooled = (n1 * p1 + n0 * p0) / (n1 + n0)
    se = np.sqrt(np.maximum(pooled * (1 - pooled), 0.0) * (1 / n1 + 1 / n0))
    # Where nobody, or everybody, gained there is no difference and nothing to divide by.
    return Estimates(p1 - p0, np.where(se > 0, se, 1.0), np.full(n1.shape, np.inf))


def paired(treated: Floats, other: Floats, seen: Flags, covariate: bool) -> Estimates:
    """Two sides of each scalp: the mean difference of their changes at the endpoint.

    Args:
        treated: hairs per cm² at the start and each visit of the treated sides, (visits, trials,
            people).
        other: the same of the other sides.
        seen: who has counts at each visit.
        covariate: whether the difference of the starts is allowed for.
    """
    apart = treated - other
    columns = [apart[0]] if covariate else []
    found = _fit(apart[-1] - apart[0], columns, seen[-1])
    return Estimates(found.coefficients[:, 0], np.sqrt(found.covariance[:, 0, 0]), found.df)


def repeated(data: Data) -> Estimates:
    """Change at the endpoint from all visits: the mixed model for repeated measures.

    With an unstructured covariance, terms for arm and start at each visit, and people who are lost
    for good, its likelihood factors into one regression for each visit on the start, the arm and
    the counts before (Little & Rubin 2002, chapter 7). The estimate is that of maximum likelihood;
    its error follows from those of the regressions by the delta method.
    """
    start, arm = data.counts[0], data.treated.astype(float)
    visits = data.counts.shape[0] - 1
    shift = np.zeros((visits, data.counts.shape[1]))
    variance = np.zeros((visits, visits, data.counts.shape[1]))
    for visit in range(visits):
        seen = data.seen[visit + 1]
        before = [data.counts[earlier + 1] - start for earlier in range(visit)]
        found = _fit(data.counts[visit + 1] - start, [arm, start, *before, *data.factors], seen)
        slopes = found.coefficients[:, 3 : 3 + visit].T
        own = found.coefficients[:, 1]
        shift[visit] = own + (slopes * shift[:visit]).sum(axis=0)
        # Var of arm + Σ slope·shift: of this regression, and through the shifts before.
        here = np.concatenate([np.ones((1, own.shape[0])), shift[:visit]]).T
        rows = [1, *range(3, 3 + visit)]
        part = found.covariance[:, rows][:, :, rows]
        direct = np.einsum("ri,rij,rj->r", here, part, here)
        through = np.einsum("ir,ijr,jr->r", slopes, variance[:visit, :visit], slopes)
        variance[visit, visit] = direct + through
        for earlier in range(visit):
            cross = (slopes * variance[:visit, earlier]).sum(axis=0)
            variance[visit, earlier] = variance[earlier, visit] = cross
    people = data.seen[-1].sum(axis=1)
    df = np.asarray(people - 3.0 - len(data.factors) - (visits - 1))
    return Estimates(shift[-1], np.sqrt(variance[-1, -1]), df)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Least squares of each trial: coefficients (trials, columns) and their covariance."""

    coefficients: Floats
    covariance: Floats
    df: Floats


def _least_squares(data: Data, *, covariate: bool) -> Estimates:
    columns = [data.treated.astype(float)]
    columns += [data.counts[0], *data.factors] if covariate else []
    found = _fit(data.counts[-1] - data.counts[0], columns, data.seen[-1])
    return Estimates(found.coefficients[:, 1], np.sqrt(found.covariance[:, 1, 1]), found.df)


def _fit(outcome: Floats, columns: list[Floats], seen: Flags) -> _Fit:
    """Ordinary least squares with an intercept over the people that are seen, trial by trial."""
    weight = seen.astype(float)
    count = weight.sum(axis=1)
    centres = [(column * weight).sum(axis=1, keepdims=True) / count[:, None] for column in columns]
    # Centred columns keep the sums well conditioned; the intercept follows.
    x = np.stack(
        [np.ones_like(outcome), *(c - m for c, m in zip(columns, centres, strict=True))], 2
    )
    x = x * weight[:, :, None]
    y = outcome * weight
    gram = np.einsum("rpi,rpj->rij", x, x)
    # A site without anybody in a look leaves an empty column, which then counts for nothing.
    inverse = np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    coefficients = np.einsum("rij,rpj,rp->ri", inverse, x, y)
    left = y - np.einsum("rpi,ri->rp", x, coefficients)
    df = count - x.shape[2]
    sigma2 = (left**2).sum(axis=1) / np.maximum(df, 1.0)
    return _Fit(coefficients, sigma2[:, None, None] * inverse, df)
