"""Standard errors from what a paper prints: spreads, intervals or p-values."""

import re
from dataclasses import dataclass
from math import sqrt

from anagen.evidence.meta.model import How
from anagen.evidence.schema import Row

Z95 = 1.959963984540054
"""97.5 % point of the normal distribution: half of a 95 % interval, in standard errors."""

ALIKE = 1.1
"""Two errors of one number that differ by more than this factor are no matter of rounding."""

_NUMBER = re.compile(r"^(?P<bound>below )?(?P<p>0?\.\d+)$")


@dataclass(frozen=True, slots=True)
class Error:
    """A standard error, where it comes from and its arithmetic."""

    se: float
    how: How
    basis: str


def of_arm(row: Row) -> Error | None:
    """SE of an arm's mean change: from its SD and n, its interval, or a p-value with n."""
    if row.change_sd is not None and row.n is not None:
        se = row.change_sd / sqrt(row.n)
        return Error(se, "arms", f"SD {row.change_sd:g} / sqrt({row.n})")
    return of_interval(row) or _of_p(row, arms=1)


def of_difference(row: Row) -> Error | None:
    """SE of a printed difference: from its interval or its p-value; none if they contradict."""
    if contradicts_itself(row):
        return None
    return of_interval(row) or _of_p(row, arms=2)


def contradicts_itself(row: Row) -> bool:
    """Whether a printed difference has an interval and an exact p that cannot both be right."""
    by_interval, by_p = of_interval(row), _of_p(row, arms=2)
    if by_interval is None or by_p is None or by_p.how != "p_value":
        return False
    return max(by_interval.se / by_p.se, by_p.se / by_interval.se) > ALIKE


def of_interval(row: Row) -> Error | None:
    """SE from a 95 % interval: its width / (2 x 1.96)."""
    if row.change_ci is None:
        return None
    low, high = row.change_ci
    if high <= low:
        return None
    return Error((high - low) / (2 * Z95), "interval", f"({high:g} - {low:g}) / (2 x 1.96)")


def _of_p(row: Row, arms: int) -> Error | None:
    """SE = |change| / quantile of the two-sided p; t with n less one per arm, else normal."""
    found = _NUMBER.match(row.p_value or "")
    if found is None or not row.change:
        return None
    p = float(found["p"])
    if not 0 < p < 1:
        return None
    df = None if row.n is None else row.n - arms
    if df is not None and df < 1:
        return None
    quantile, law = _quantile(p, df)
    se = abs(row.change) / quantile
    basis = f"|{row.change:g}| / {quantile:.3f}, {law} for p = {p:g}"
    if found["bound"]:
        return Error(se, "p_bound", f"{basis}; the paper says below, so the SE is an upper bound")
    return Error(se, "p_value", basis)


def _quantile(p: float, df: int | None) -> tuple[float, str]:
    from scipy.stats import norm, t

    if df is None:
        return float(norm.isf(p / 2)), "z"
    return float(t.isf(p / 2, df)), f"t with {df} df"
