"""Amounts after sessions: what is put into the tissue, and the niche effect that it leaves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.signals import midpoints

Floats = NDArray[np.float64]


def niche_amount(
    session_days: Sequence[float], steps: int, tissue_half_life: Floats, niche_half_life: Floats
) -> Floats:
    """Niche effect of sessions of unit dose, (steps, draws). Equation T2.

    A dose clears from the tissue with its own half-life, and while there it builds up the niche
    effect, which decays with another. Their convolution after one dose is
    k (e^{−n t} − e^{−k t}) / (k − n), with k and n the two rates; it peaks below 1.
    """
    clearing, decaying = np.log(2.0) / tissue_half_life, np.log(2.0) / niche_half_life
    # Equal rates have a limit; a small nudge stays within its rounding error.
    gap = clearing - decaying
    gap = np.where(np.abs(gap) < 1e-6 * clearing, 1e-6 * clearing, gap)
    decaying = clearing - gap
    amount = np.zeros((steps, tissue_half_life.shape[0]))
    for elapsed, rows in _after(session_days, steps):
        fall = np.exp(-decaying * elapsed) - np.exp(-clearing * elapsed)
        amount[rows] += clearing * fall / gap
    return amount


def accumulated(
    session_days: Sequence[float], steps: int, half_life: Floats, power: Floats
) -> Floats:
    """Sum of decaying doses, raised to a power, (steps, draws). Equation T3."""
    amount = np.zeros((steps, half_life.shape[0]))
    for elapsed, rows in _after(session_days, steps):
        amount[rows] += 0.5 ** (elapsed / half_life)
    return np.asarray(amount ** power[None, :])


def _after(session_days: Sequence[float], steps: int) -> list[tuple[Floats, slice]]:
    """For each session: days since it as a column, and the rows of the steps after it."""
    middle = midpoints(steps)
    found = []
    for day in session_days:
        first = int(np.searchsorted(middle, day))
        found.append(((middle[first:] - day)[:, None], slice(first, None)))
    return found


def held_share(amount: Floats) -> Floats:
    """How far an effect still holds: its amount as a share of its highest so far in the table."""
    peak = np.maximum.accumulate(amount, axis=0)
    return np.divide(amount, peak, out=np.zeros_like(amount), where=peak > 0)
