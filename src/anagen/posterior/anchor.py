"""Anchors: the strength at which the model gives a published controlled effect, for each draw.

The effect of a strength on the reference scalp is run at two strengths and carried between them by
f(A) = A / (c + m A), which passes through nothing at no strength and saturates. A trial reports the
mean over people who respond differently, so the mean of f(A R) over the responses R is matched, not
f(A): people with a large response gain less than they would in proportion. Equations P1–P2.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anagen.posterior.keyed import Floats

EffectOf = Callable[[Floats], Floats]
"""Net effect on the reference scalp at a strength, each one value per draw."""

_RESPONSE_NODES = 9
_BISECTIONS = 50
_RETRY = (0.25, 4.0)
"""Least and most change from the first tried strength to the second."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What to match, one value per draw.

    Attributes:
        target: the controlled effect; its sign is that of the strength.
        guess: a strength of about the right size, above 0.
        cap: strength beyond which more does nothing.
        response_spread: SD of the log of the response between people, whose mean is 1.
    """

    target: Floats
    guess: Floats
    cap: Floats
    response_spread: float


def solve_strength(effect_of: EffectOf, anchor: Anchor) -> Floats:
    """Strengths at which the mean effect over people is the target.

    Where no strength reaches a target, the largest useful one is returned.
    """
    sign = np.where(anchor.target < 0, -1.0, 1.0)
    target = np.abs(anchor.target)
    first = np.minimum(anchor.guess, anchor.cap)
    gain = sign * effect_of(sign * first)
    ratio = np.clip(target / np.maximum(gain, 1e-9), *_RETRY)
    # Two equal strengths would leave the curve's bend open.
    ratio = np.where(np.abs(ratio - 1.0) < 0.2, 1.3, ratio)
    second = np.minimum(first * ratio, anchor.cap)
    second = np.where(second == first, 0.7 * first, second)
    gain_again = sign * effect_of(sign * second)
    return sign * _inverse(_Curve.through(first, gain, second, gain_again), target, anchor)


@dataclass(frozen=True, slots=True)
class _Curve:
    """f(A) = A / (c + m A) with c > 0 and m ≥ 0."""

    c: Floats
    m: Floats

    @classmethod
    def through(cls, first: Floats, gain: Floats, second: Floats, again: Floats) -> "_Curve":
        inverse, inverse_again = (
            strength / np.maximum(value, 1e-9)
            for strength, value in ((first, gain), (second, again))
        )
        m = np.maximum((inverse_again - inverse) / (second - first), 0.0)
        c = np.where(m > 0, inverse - m * first, inverse_again)
        bent_too_much = c <= 0
        return cls(np.where(bent_too_much, inverse_again, c), np.where(bent_too_much, 0.0, m))

    def __call__(self, strength: Floats) -> Floats:
        return strength / (self.c + self.m * strength)


def _inverse(curve: _Curve, target: Floats, anchor: Anchor) -> Floats:
    nodes, weights = np.polynomial.hermite_e.hermegauss(_RESPONSE_NODES)
    weights = weights / weights.sum()
    spread = anchor.response_spread
    responses = np.exp(spread * nodes - 0.5 * spread**2)
    low, high = np.zeros_like(target), anchor.cap.copy()
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        mean = sum(
            weight * curve(np.minimum(middle * response, anchor.cap))
            for response, weight in zip(responses, weights, strict=True)
        )
        short = mean < target
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return 0.5 * (low + high)
