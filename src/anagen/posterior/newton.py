"""Two unknowns from two published facts, for every draw at once."""

from collections.abc import Callable

import numpy as np

from anagen.posterior.keyed import Floats

Pairs = Floats
"""Two numbers for each draw, shape (2, draws)."""

_NUDGE = 0.1
_ROUNDS = 2


def solve_pair(
    facts_of: Callable[[Pairs], Pairs], start: Pairs, target: Pairs, reach: Pairs
) -> Pairs:
    """Unknowns whose facts are the targets: Newton's method with Broyden's updates.

    Facts should be nearly linear in the unknowns: give logs and logits. Two rounds leave an error
    far below the facts' own. Draws whose target lies beyond `reach` stop at its edge.

    Args:
        facts_of: the facts at given unknowns.
        start: where to begin.
        target: the facts wanted.
        reach: least and most value of each unknown, (2 unknowns, 2).
    """
    unknowns, facts = start, facts_of(start)
    slopes = np.empty((2, 2, start.shape[1]))
    for index in range(2):
        nudged = unknowns.copy()
        nudged[index] += _NUDGE
        slopes[:, index] = (facts_of(nudged) - facts) / _NUDGE
    for turn in range(_ROUNDS):
        step = _step(slopes, target - facts)
        moved = np.clip(unknowns + step, reach[:, :1], reach[:, 1:])
        if turn + 1 < _ROUNDS:
            made, step = facts_of(moved), moved - unknowns
            missed = made - facts - np.einsum("fun,un->fn", slopes, step)
            length = np.maximum((step**2).sum(axis=0), 1e-12)
            slopes += missed[:, None] * step[None, :] / length
            facts = made
        unknowns = moved
    return unknowns


def _step(slopes: Floats, gap: Pairs) -> Pairs:
    (a, b), (c, d) = slopes
    determinant = a * d - b * c
    determinant = np.where(np.abs(determinant) < 1e-9, 1e-9, determinant)
    step = np.stack([d * gap[0] - b * gap[1], a * gap[1] - c * gap[0]]) / determinant
    return np.clip(step, -1.5, 1.5)
