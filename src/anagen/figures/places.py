"""Where each follicle of a drawn patch stands, and how its hair lies; the same in every picture.

Follicles stand in units of one to four that are spread evenly without a lattice. Which follicles
stand together, and how many, is made for the eye: the model knows no neighbours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.posterior.keyed import Floats, Keyed

UNIT_SHARES = (0.2, 0.45, 0.27, 0.08)
"""Units of one, two, three and four follicles; 2.2 in the mean."""

TRIES = 12
"""Places tried for each unit; the one farthest from the others is taken (Mitchell 1991)."""

UNIT_RADIUS_MM = 0.11
"""Distance of a follicle from the middle of its unit."""

EDGE_MM = 0.2
"""Units keep this distance from the edge, so that every follicle lies inside the patch."""

LIE_RADIANS = 0.95
"""Common direction of hair: downwards and to the right."""

CURL_RADIANS = 0.3
"""Common bend of a hair from root to tip."""

WAVE_RADIANS, UNIT_RADIANS, HAIR_RADIANS, BEND_RADIANS = 0.17, 0.08, 0.08, 0.14
"""How far direction varies over the patch, between units, between hairs, and along a hair."""


@dataclass(frozen=True, slots=True)
class Places:
    """Follicles of a patch.

    Attributes:
        index: which of the followed follicles are in it.
        x_mm, y_mm: their places, from the upper left corner.
        lie: direction in which the hair leaves the skin, in radians from the right, clockwise.
        bend: change of direction towards its tip.
    """

    index: NDArray[np.intp]
    x_mm: Floats
    y_mm: Floats
    lie: Floats
    bend: Floats


def places(followed: int, wanted: int, side_mm: float, seed: int) -> Places:
    """Put `wanted` of the followed follicles on a square patch.

    The same arguments give the same places, so one follicle can be followed from picture to
    picture.

    Raises:
        ValueError: fewer follicles were followed than the patch holds.
    """
    if wanted > followed:
        raise ValueError(
            f"the patch holds {wanted} follicles, but only {followed} were followed; "
            "draw a smaller patch or follow more"
        )
    keyed = Keyed(seed, "patch")
    unit = _units(keyed, wanted)
    inner = side_mm - 2.0 * EDGE_MM
    centres = EDGE_MM + inner * _scattered(keyed, int(unit[-1]) + 1)
    inside = np.arange(wanted) - np.searchsorted(unit, unit)
    turn = 2.0 * np.pi * (keyed.uniform("turn", unit[-1] + 1)[unit] + inside / len(UNIT_SHARES))
    reach = UNIT_RADIUS_MM * (0.7 + 0.6 * keyed.uniform("reach", wanted))
    x = centres[unit, 0] + reach * np.cos(turn)
    y = centres[unit, 1] + reach * np.sin(turn)
    wave = np.sin(2.1 * x / side_mm + 0.4) + np.cos(2.7 * y / side_mm - 0.3)
    lie = LIE_RADIANS + WAVE_RADIANS * wave
    lie = lie + UNIT_RADIANS * keyed.normal("unit lie", unit[-1] + 1)[unit]
    return Places(
        index=np.argsort(keyed.uniform("order", followed), kind="stable")[:wanted],
        x_mm=x,
        y_mm=y,
        lie=lie + HAIR_RADIANS * keyed.normal("hair lie", wanted),
        bend=CURL_RADIANS + BEND_RADIANS * keyed.normal("bend", wanted),
    )


def _units(keyed: Keyed, wanted: int) -> NDArray[np.intp]:
    """The unit of each follicle, from 0, rising."""
    sizes = 1 + np.searchsorted(np.cumsum(UNIT_SHARES)[:-1], keyed.uniform("size", wanted))
    return np.repeat(np.arange(wanted), sizes)[:wanted]


def _scattered(keyed: Keyed, count: int) -> Floats:
    """Points on the unit square, each far from the others; opposite edges count as joined."""
    tried = keyed.uniforms("scatter", count * TRIES, each=2).T.reshape(count, TRIES, 2)
    chosen = np.empty((count, 2))
    for number, candidates in enumerate(tried):
        apart = np.abs(candidates[:, None, :] - chosen[None, :number, :])
        apart = np.minimum(apart, 1.0 - apart)
        nearest = (apart**2).sum(axis=2).min(axis=1, initial=2.0)
        chosen[number] = candidates[nearest.argmax()]
    return chosen
