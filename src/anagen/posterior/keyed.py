"""Random numbers that have a name: keyed by seed, subject and purpose, counted by draw.

Draw i of a purpose is the same number however many draws, workers or arms there are, and in
whatever order they are asked for. So two arms differ only by what is different about them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ATTEMPTS = 200
"""Rejection rounds before giving up; each round keeps most of what is left."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A source of named draws.

    Attributes:
        seed: the user's seed.
        subject: whose numbers these are, such as one patient of a trial.
    """

    seed: int
    subject: str = "person"

    def uniforms(self, purpose: str, draws: int, each: int = 1) -> Floats:
        """Uniform numbers strictly inside (0, 1), shape (each, draws), for `each` up to 4."""
        key = hashlib.blake2b(
            f"{self.seed}/{self.subject}/{purpose}".encode(), digest_size=16
        ).digest()
        stream = np.random.Philox(key=np.frombuffer(key, dtype="<u8").astype(np.uint64))
        # One counter value yields four words: the counter is the draw's index.
        words = stream.random_raw(4 * draws).reshape(draws, 4)[:, :each]
        return np.ascontiguousarray(((words >> np.uint64(11)) + 0.5).T * 2.0**-53)

    def uniform(self, purpose: str, draws: int) -> Floats:
        """One uniform number inside (0, 1) for each draw."""
        return np.asarray(self.uniforms(purpose, draws)[0])

    def normal(self, purpose: str, draws: int) -> Floats:
        """One standard normal number for each draw (Box and Muller 1958)."""
        first, second = self.uniforms(purpose, draws, each=2)
        return np.asarray(np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second))

    def gamma(self, purpose: str, shape: float, draws: int) -> Floats:
        """One gamma number of unit scale for each draw (Marsaglia and Tsang 2000)."""
        boosted = shape + 1.0 if shape < 1.0 else shape
        offset = boosted - 1.0 / 3.0
        scale = 1.0 / np.sqrt(9.0 * offset)

        def propose(round_purpose: str) -> tuple[Floats, NDArray[np.bool_]]:
            normal = self.normal(round_purpose, draws)
            uniform = self.uniform(f"{round_purpose}/accept", draws)
            cube = np.maximum(1.0 + scale * normal, 0.0) ** 3
            with np.errstate(divide="ignore"):
                bound = 0.5 * normal**2 + offset * (1.0 - cube + np.log(cube))
            return offset * cube, (cube > 0) & (np.log(uniform) < bound)

        found = self._first_accepted(purpose, draws, propose)
        if shape < 1.0:
            found = found * self.uniform(f"{purpose}/boost", draws) ** (1.0 / shape)
        return found

    def truncated_normal(
        self, purpose: str, draws: int, low: float | Floats, high: float | Floats
    ) -> Floats:
        """One standard normal number for each draw, given that it lies in [low, high]."""

        def propose(round_purpose: str) -> tuple[Floats, NDArray[np.bool_]]:
            normal = self.normal(round_purpose, draws)
            return normal, (normal >= low) & (normal <= high)

        return self._first_accepted(purpose, draws, propose)

    def _first_accepted(
        self,
        purpose: str,
        draws: int,
        propose: Callable[[str], tuple[Floats, NDArray[np.bool_]]],
    ) -> Floats:
        """For each draw, the first accepted proposal; every round has its own name."""
        found = np.zeros(draws)
        open_ = np.ones(draws, dtype=bool)
        for attempt in range(_ATTEMPTS):
            values, accepted = propose(f"{purpose}/{attempt}")
            now = open_ & accepted
            found[now] = values[now]
            open_ &= ~accepted
            if not open_.any():
                return found
        raise ValueError(f"{purpose}: almost no proposal is accepted; check its bounds")
