"""What drawing alone costs our engine: its own random durations, summed and never used.

The loop calls the very functions that the engine's passes are made of, on the same lanes.
"""

from functools import cache
from typing import Any

import numpy as np

from work import Work


def draw(work: Work, draws: int, seed: int) -> float:
    """Sum of at least `draws` anagen durations in days: the bound that drawing alone sets."""
    sums = np.zeros(_lanes(), np.float32)
    log2e = 1 / np.log(2)
    law = np.array([work.mu[0] * log2e, work.sigma[0] * log2e], np.float32)
    key = np.array([seed, ~np.uint32(seed)], np.uint32)
    _loop()(rounded_up(draws), key, law, sums)
    return float(sums.sum(dtype=np.float64))


def rounded_up(draws: int) -> int:
    """How many are drawn when `draws` are asked for: whole lanes."""
    return -(-draws // _lanes()) * _lanes()


def _lanes() -> int:
    from anagen.follicle.events.lanes import LANES

    return LANES


@cache
def _loop() -> Any:
    """The compiled loop. The engine must have run before: that makes its parts compilable."""
    import numba

    from anagen.follicle.events import lanes
    from anagen.follicle.events.lanes import LANES
    from anagen.follicle.events.variates import exp2, normal, word

    ascending: Any = lanes.ascending
    load: Any = lanes.load
    store: Any = lanes.store

    def total(draws: int, key: Any, law: Any, sums: Any) -> None:
        added = load(sums, 0)
        for i in range(0, draws, LANES):
            x = word(ascending(np.uint32(i)), key[0], key[1])
            added = added + exp2(normal(x) * law[1] + law[0])
        store(sums, 0, added)

    return numba.njit(error_model="numpy")(total)
