"""Predictions scored on what trials reported, beside two rivals that know no biology.

The continuous ranked probability score (CRPS) is how far a distribution lies from what came,
in the row's own unit; lower is better (Gneiting and Raftery 2007). Equation O13.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import erf, exp, pi, sqrt

import numpy as np

from anagen.evidence import Evidence
from anagen.evidence.rows import check_rows, fit_rows
from anagen.evidence.schema import Row, Study
from anagen.posterior import Keyed, current_release
from anagen.posterior.keyed import Floats
from anagen.predicting.build import Reported, reported
from anagen.predicting.course import Drawing
from anagen.predicting.study_rows import Asked, NotAskable, ask, row_name

LEAST_BETWEEN = 3.0
"""SD between trials that the pooled rival is granted at least, where its rows are one or agree; the
middle of the program's own prior for densities."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A rival's prediction."""

    mean: float
    sd: float

    def crps(self, value: float) -> float:
        """CRPS of a normal distribution in closed form."""
        z = (value - self.mean) / self.sd
        density = exp(-0.5 * z * z) / sqrt(2.0 * pi)
        return float(self.sd * (z * erf(z / sqrt(2.0)) + 2.0 * density - 1.0 / sqrt(pi)))


@dataclass(frozen=True, slots=True)
class Scored:
    """One row: what was predicted, what came, and how far apart they lie.

    Attributes:
        asked: the row as a question.
        mean, sd, q05, q25, q75, q95: the prediction.
        crps: of the model, of "no change", and of the pooled mean where rows for it exist.
        individual_sd: SD of one person's change, as predicted, in the row's unit.
        softened: whether the baseline was held loosely.
    """

    asked: Asked
    mean: float
    sd: float
    q05: float
    q25: float
    q75: float
    q95: float
    crps: float
    crps_no_change: float
    crps_pooled: float | None
    individual_sd: float
    softened: bool

    @property
    def z(self) -> float:
        """Distance of what came from the mean, in SDs."""
        return (self.asked.observed - self.mean) / self.sd

    @property
    def in_half(self) -> bool:
        """Whether it lies in the middle 50 %."""
        return self.q25 <= self.asked.observed <= self.q75

    @property
    def in_most(self) -> bool:
        """Whether it lies in the middle 90 %."""
        return self.q05 <= self.asked.observed <= self.q95


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be asked, and why."""

    study: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scores:
    """All rows of both uses.

    Attributes:
        check: rows that nothing was learned from.
        fit: rows seen in the fit.
        refused: rows held aside that could not be asked.
        release: whose predictions these are.
    """

    check: tuple[Scored, ...]
    fit: tuple[Scored, ...]
    refused: tuple[Refused, ...]
    release: str


def score(evidence: Evidence, *, draws: int = 1000, seed: int = 1) -> Scores:
    """Score every row that can be asked."""
    drawing = Drawing(current_release(evidence.parameters), Keyed(seed), draws)
    held, refused = _asked(check_rows(evidence))
    seen, _ = _asked(fit_rows(evidence))
    size = _usual_size(seen)
    return Scores(
        check=tuple(_scored(one, seen, drawing, size) for one in held),
        fit=tuple(_scored(one, seen, drawing, size) for one in seen),
        refused=tuple(refused),
        release=drawing.release.id,
    )


def _asked(rows: Iterable[tuple[Study, Row]]) -> tuple[list[Asked], list[Refused]]:
    found, refused = [], []
    for study, row in rows:
        try:
            found.append(ask(study, row))
        except NotAskable as reason:
            refused.append(Refused(study.id, row_name(row), str(reason)))
    return found, refused


def crps(draws: Floats, value: float) -> float:
    """CRPS of equally likely draws."""
    ordered = np.sort(draws)
    count = ordered.shape[0]
    rank = 2.0 * np.arange(1, count + 1) - count - 1.0
    apart = (rank * ordered).mean() / count
    return float(np.abs(ordered - value).mean() - apart)


def _scored(
    one: Asked, seen: Sequence[Asked], drawing: Drawing, size: Callable[[Asked], float]
) -> Scored:
    found, softened = reported(one.cohort, drawing, one.designs)
    shown = found[one.outcome]
    draws = _draws(one, shown)
    q05, q25, q75, q95 = (float(q) for q in np.quantile(draws, (0.05, 0.25, 0.75, 0.95)))
    chance = _chance(one, shown)
    pooled = _pooled(one, seen, chance)
    nothing = Normal(0.0, float(np.hypot(size(one), chance)))
    return Scored(
        asked=one,
        mean=float(draws.mean()),
        sd=float(draws.std()),
        q05=q05,
        q25=q25,
        q75=q75,
        q95=q95,
        crps=crps(draws, one.observed),
        crps_no_change=nothing.crps(one.observed),
        crps_pooled=pooled.crps(one.observed) if pooled else None,
        individual_sd=_individual_sd(one, shown),
        softened=softened,
    )


def _draws(one: Asked, shown: Reported) -> Floats:
    if one.quantity == "minus_control":
        assert shown.minus_control is not None  # a difference is asked with its control
        return np.asarray(shown.minus_control[0])
    if one.quantity == "change_percent":
        return np.asarray(100.0 * shown.change[0] / shown.baseline)
    return np.asarray(shown.change[0])


def _individual_sd(one: Asked, shown: Reported) -> float:
    sd = float(shown.individual_sd[0].mean())
    return sd * (100.0 / float(shown.baseline.mean()) if one.quantity == "change_percent" else 1.0)


def _chance(one: Asked, shown: Reported) -> float:
    """Sampling error of the row, as the model has it; the rivals are lent it."""
    people, control = one.cohort.n, one.cohort.control_n or one.cohort.n
    share = 1.0 / people + (1.0 / control if one.quantity == "minus_control" else 0.0)
    return _individual_sd(one, shown) * sqrt(share)


def _kind(one: Asked) -> str:
    return one.group.partition("/")[2]


def _usual_size(seen: Sequence[Asked]) -> Callable[[Asked], float]:
    """Root mean square of what fitted rows reported, by kind of number: the spread of "no change".

    A kind that no fitted row has takes that of all changes of density.
    """
    sizes: dict[str, list[float]] = {}
    for one in seen:
        sizes.setdefault(_kind(one), []).append(one.observed)
    usual = {kind: float(np.sqrt(np.mean(np.square(values)))) for kind, values in sizes.items()}
    return lambda one: usual.get(_kind(one), usual["density/change"])


def _pooled(one: Asked, seen: Sequence[Asked], chance: float) -> Normal | None:
    """Pool of fitted rows that ask the same of the same arm, as a prediction for a new trial.

    Weighed by inverse variance if every row has an SE, else evenly. A fitted row is not pooled for
    itself.
    """
    rows = [other for other in seen if other.group == one.group and other is not one]
    if not rows:
        return None
    values = np.array([row.observed for row in rows])
    errors = np.array([row.se if row.se is not None else np.nan for row in rows])
    weight = np.ones_like(values) if np.isnan(errors).any() else 1.0 / errors**2
    weight = weight / weight.sum()
    mean = float((weight * values).sum())
    between = float(values.std(ddof=1)) if len(rows) > 1 else 0.0
    between = max(between, LEAST_BETWEEN)
    of_mean = between * float(np.sqrt((weight**2).sum()))
    return Normal(mean, sqrt(between**2 + of_mean**2 + chance**2))
