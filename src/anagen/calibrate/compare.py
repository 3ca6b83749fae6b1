"""The rival ways back, compared by how well each predicts studies that it did not see."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.posterior.release import SHARE_MARK

_REPLICATES = 10_000


@dataclass(frozen=True, slots=True)
class Score:
    """One variant.

    Attributes:
        by_study: expected log density of each study when it is left out.
        shape: the worst Pareto shape of its weights.
    """

    by_study: dict[str, float]
    shape: float

    @property
    def total(self) -> float:
        """Sum over studies."""
        return float(sum(self.by_study.values()))


def score(log_likelihood: Mapping[str, np.ndarray]) -> Score:
    """Leave each study out by importance (PSIS-LOO); log densities are (chains, draws) by study."""
    from arviz_stats.base import array_stats as stats

    found, shapes = {}, []
    for study, density in log_likelihood.items():
        left_out, shape, _ = stats.loo(density, chain_axis=0, draw_axis=1)
        found[study] = float(left_out)
        shapes.append(float(shape))
    return Score(found, max(shapes))


def averaging(scores: Mapping[str, Score]) -> dict[str, float]:
    """Weights by predictive score, softened by how uncertain a sum over few studies is.

    Pseudo-BMA with the Bayesian bootstrap (Yao and others 2018): models that cannot be told apart
    keep about equal weights, where weights that only predict best (stacking) would drop one.
    """
    names = list(scores)
    studies = list(scores[names[0]].by_study)
    table = np.array([[scores[name].by_study[study] for name in names] for study in studies])
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(np.ones(len(studies)), _REPLICATES)
    totals = len(studies) * shares @ table
    likely = np.exp(totals - totals.max(axis=1, keepdims=True))
    weights = (likely / likely.sum(axis=1, keepdims=True)).mean(axis=0)
    return dict(zip(names, (float(weight) for weight in weights), strict=True))


def difference(first: Score, second: Score) -> tuple[float, float]:
    """How much better the first predicts than the second, and the standard error of that."""
    gaps = np.array([first.by_study[name] - second.by_study[name] for name in first.by_study])
    return float(gaps.sum()), float(np.sqrt(gaps.size * gaps.var(ddof=1)))


def mixed(
    draws: Mapping[str, Mapping[str, np.ndarray]], weights: Mapping[str, float], rows: int
) -> dict[str, np.ndarray]:
    """Joint draws of all variants by their weights; a way back that a variant lacks is 0 there."""
    counts = _whole_parts(weights, rows)
    parts = []
    for name, count in counts.items():
        if count:
            own = draws[name]
            kept = len(next(iter(own.values())))
            places = (np.arange(count) * kept) // count
            parts.append(_without(name, {column: values[places] for column, values in own.items()}))
    return {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}


def _whole_parts(weights: Mapping[str, float], rows: int) -> dict[str, int]:
    edges = np.round(np.cumsum(list(weights.values())) / sum(weights.values()) * rows).astype(int)
    return dict(zip(weights, (int(part) for part in np.diff(edges, prepend=0)), strict=True))


def _without(variant: str, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The draws of a variant as parameters of the whole model."""
    off = {"both": (), "reactivation": ("recovery",), "reversal": ("activation",)}[variant]
    zero = {
        "both": (),
        "reactivation": ("minoxidil-lift", "finasteride-lift"),
        "reversal": ("minoxidil-latency-exit",),
    }[variant]
    found = dict(columns)
    for name in zero:
        found[name] = np.zeros_like(found[name])
    channels = [name for name in found if name.startswith(f"prp-channels{SHARE_MARK}")]
    for share in off:
        found[f"prp-channels{SHARE_MARK}{share}"] = np.zeros_like(found["prp-amplitude"])
    left = sum(found[name] for name in channels)
    for name in channels:
        found[name] = found[name] / left
    # Shares that are left make up a whole, so the strength takes what they were.
    found["prp-amplitude"] = found["prp-amplitude"] * left
    return found
