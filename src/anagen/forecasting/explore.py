"""Weighted samples of what is not known of a person, in rounds that learn where to look.

A candidate is an atom (a draw of the model's parameters with a time since onset, density and
reading error) and the person's own traits, standard normal before anything is measured. The first
round follows this prior. Each later one proposes atoms and traits near those that agreed so far, as
in Cornuet and others 2012. Every candidate of every round is weighed by prior times agreement over
the mixture of all rounds' proposals (the balance heuristic of Veach and Guibas 1995). The prior is
a part of that mixture, so no weight can exceed its agreement times the number of rounds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats

LEAST_ROUNDS, MOST_ROUNDS = 3, 4
ENOUGH_SHARE = 0.15
"""Rounds end early once the weights are worth this share of the atoms."""

EVEN_SHARE = 0.25
"""Share of proposed atoms that is chosen evenly, as features never tell all."""

LEARN_SHARE = 0.1
"""Proposals are learned from weights flattened until they are worth this share of candidates."""

_BISECTIONS = 30
_WIDER = 1.5
"""Factor on the covariance of learned traits: a proposal must be wider than what it looks for."""

_PULL = 5.0
"""Candidates' worth of pull to traits and features that are as in the prior and do not go along."""

LogAgreement = Callable[[NDArray[np.intp], Floats, int], Floats]
"""Log agreement of candidates: their atoms, traits (candidates, traits), and the round."""


@dataclass(frozen=True, slots=True)
class Explored:
    """Candidates with their log weights."""

    atom: NDArray[np.intp]
    traits: Floats
    log_weight: Floats


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Atoms by their chances, and normal traits around a mean that depends on the atom.

    A chance depends on an atom's features only, not on how its own first candidate fared: else the
    weight of a candidate would fall just where it agrees, and the sample would lean away from it.
    """

    chance: Floats
    centre: Floats
    root: Floats

    @classmethod
    def learn(cls, found: Explored, features: Floats) -> "_Proposal":
        weight = flattened(found.log_weight, LEARN_SHARE * found.atom.shape[0])
        both = np.concatenate([features[found.atom], found.traits], axis=1)
        mean = weight @ both
        inner = both - mean
        width, pull = features.shape[1], _PULL / worth_of(weight)
        covariance = ((inner.T * weight) @ inner + pull * np.eye(both.shape[1])) / (1.0 + pull)
        of_features, between = covariance[:width, :width], covariance[:width, width:]
        slope = np.linalg.solve(of_features, between)
        left = _WIDER * (covariance[width:, width:] - between.T @ slope)
        away = features - mean[:width]
        log_chance = 0.5 * (features**2).sum(axis=1)
        log_chance -= 0.5 * (away * np.linalg.solve(_WIDER * of_features, away.T).T).sum(axis=1)
        smooth = flattened(log_chance, LEARN_SHARE * features.shape[0])
        return cls(
            chance=(1.0 - EVEN_SHARE) * smooth + EVEN_SHARE / features.shape[0],
            centre=mean[width:] + away @ slope,
            root=np.asarray(np.linalg.cholesky(left), dtype=np.float64),
        )

    def draw(self, normals: Floats, offset: float) -> tuple[NDArray[np.intp], Floats]:
        atom = systematic(self.chance, normals.shape[0], offset)
        return atom, self.centre[atom] + normals @ self.root.T

    def log_ratio(self, atom: NDArray[np.intp], traits: Floats) -> Floats:
        """Log of this proposal over the prior."""
        scaled = np.linalg.solve(self.root, (traits - self.centre[atom]).T)
        log = 0.5 * (traits**2).sum(axis=1) - 0.5 * (scaled**2).sum(axis=0)
        chance = np.log(self.chance.shape[0] * self.chance[atom])
        return np.asarray(log - np.log(np.diag(self.root)).sum() + chance)


def explore(agree: LogAgreement, first: Floats, features: Floats, keyed: Keyed) -> Explored:
    """Weighted candidates of all rounds.

    Args:
        agree: how well candidates agree with what was told.
        first: standard normal traits of the first round, (atoms, traits): one for each atom.
        features: of each atom, what its agreement may go along with, (atoms, features).
        keyed: random numbers.
    """
    atoms, width = first.shape
    scaled = _whitened(features)
    atom, traits = np.arange(atoms), first
    agreed = agree(atom, traits, 0)
    found = Explored(atom, traits, agreed)
    proposals: list[_Proposal] = []
    for number in range(1, MOST_ROUNDS):
        enough = worth_of(normalised(found.log_weight)) >= ENOUGH_SHARE * atoms
        if enough and number >= LEAST_ROUNDS:
            break
        proposals.append(_Proposal.learn(found, scaled))
        new_atom, new_traits = proposals[-1].draw(*_random(keyed, number, atoms, width))
        agreed = np.concatenate([agreed, agree(new_atom, new_traits, number)])
        atom, traits = np.concatenate([atom, new_atom]), np.concatenate([traits, new_traits])
        found = Explored(atom, traits, agreed - _log_mixture(proposals, atom, traits))
    return found


def _random(keyed: Keyed, number: int, size: int, width: int) -> tuple[Floats, float]:
    """Standard normal numbers, (size, width), and one uniform number of a round."""
    name = f"person/explore/{number}"
    normals = [keyed.normal(f"{name}/{trait}", size) for trait in range(width)]
    return np.stack(normals, axis=1), float(keyed.uniform(name, 1)[0])


def _whitened(features: Floats) -> Floats:
    """Features made uncorrelated, of mean 0 and variance 1; what does not vary is left out."""
    inner = features - features.mean(axis=0)
    inner = inner[:, inner.std(axis=0) > 0.0]
    left, _, _ = np.linalg.svd(inner / inner.std(axis=0), full_matrices=False)
    return np.asarray(left * np.sqrt(features.shape[0]))


def _log_mixture(proposals: list[_Proposal], atom: NDArray[np.intp], traits: Floats) -> Floats:
    """Log of the mean of prior and proposals, over the prior."""
    ratios = [np.zeros(atom.shape[0]), *(one.log_ratio(atom, traits) for one in proposals)]
    return np.asarray(np.logaddexp.reduce(np.stack(ratios)) - np.log(len(ratios)))


def normalised(log_weight: Floats) -> Floats:
    """Weights that sum to 1."""
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def worth_of(weight: Floats) -> float:
    """How many equal candidates normalised weights are worth (Kish's effective sample size)."""
    return float(1.0 / (weight**2).sum())


def flattened(log_weight: Floats, worth: float) -> Floats:
    """Weights raised to the highest power up to 1 at which they are worth this much."""
    if worth_of(normalised(log_weight)) >= worth:
        return normalised(log_weight)
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        enough = worth_of(normalised(middle * log_weight)) >= worth
        low, high = (middle, high) if enough else (low, middle)
    return normalised(low * log_weight)


def systematic(weight: Floats, draws: int, offset: float) -> NDArray[np.intp]:
    """Systematic resampling: chosen numbers, rising, by weights that sum to 1.

    Args:
        weight: of each candidate.
        draws: how many to choose.
        offset: one uniform number in (0, 1).
    """
    edges = np.cumsum(weight)
    edges[-1] = 1.0
    return np.searchsorted(edges, (np.arange(draws) + offset) / draws)
