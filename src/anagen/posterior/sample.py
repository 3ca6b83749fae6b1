"""From a distribution kept as data to named draws of it."""

import math

import numpy as np

from anagen.evidence.schema import Distribution
from anagen.posterior.keyed import Floats, Keyed


def sample(distribution: Distribution, keyed: Keyed, purpose: str, draws: int) -> Floats:
    """Draws of one distribution, shape (draws,); see `sample_shares` for a Dirichlet.

    Raises:
        ValueError: the law has no single number.
    """
    of = _Numbers(distribution)
    match distribution.law:
        case "fixed":
            return np.full(draws, of("value"))
        case "uniform":
            return of("low") + (of("high") - of("low")) * keyed.uniform(purpose, draws)
        case "normal":
            return of("mean") + of("sd") * keyed.normal(purpose, draws)
        case "half_normal":
            return of("sd") * np.abs(keyed.normal(purpose, draws))
        case "truncated_normal":
            low, high = ((of(edge) - of("mean")) / of("sd") for edge in ("low", "high"))
            return of("mean") + of("sd") * keyed.truncated_normal(purpose, draws, low, high)
        case "lognormal":
            return np.asarray(of("median") * np.exp(of("sd_log") * keyed.normal(purpose, draws)))
        case "logit_normal":
            centre = math.log(of("centre") / (1.0 - of("centre")))
            logit = centre + of("sd_logit") * keyed.normal(purpose, draws)
            return np.asarray(1.0 / (1.0 + np.exp(-logit)))
        case "beta":
            first = keyed.gamma(f"{purpose}/a", of("a"), draws)
            return first / (first + keyed.gamma(f"{purpose}/b", of("b"), draws))
        case "dirichlet":
            raise ValueError(f"{purpose}: a Dirichlet has several numbers; use sample_shares")


def sample_shares(
    distribution: Distribution, keyed: Keyed, purpose: str, draws: int
) -> dict[str, Floats]:
    """Draws of a Dirichlet: shares by name that sum to 1."""
    if distribution.weights is None:
        raise ValueError(f"{purpose}: only a Dirichlet has shares, not a {distribution.law}")
    parts = {
        name: keyed.gamma(f"{purpose}/{name}", weight, draws)
        for name, weight in distribution.weights.items()
    }
    total = sum(parts.values())
    return {name: part / total for name, part in parts.items()}


class _Numbers:
    """The numbers of a distribution by name; its schema guarantees that they are there."""

    def __init__(self, distribution: Distribution) -> None:
        self._distribution = distribution

    def __call__(self, name: str) -> float:
        return float(getattr(self._distribution, name))
