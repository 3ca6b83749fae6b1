"""Sessions, and amounts after them: what is put into the tissue, and the effect that it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.signals import midpoints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sessions:
    """When an injected treatment is given, and how much of it each time.

    Attributes:
        days: day of each session, counted from day 0, in any rhythm.
        doses: dose of each session, where 1 is the dose of the trials that its effect is sized by;
            without them, every session has that dose. No human dose-response is known: that an
            amount grows in proportion to dose is an assumption.
    """

    days: tuple[float, ...]
    doses: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not np.isfinite(self.days).all():
            raise ValueError("session days must be finite numbers")
        if self.doses is None:
            return
        if len(self.doses) != len(self.days):
            raise ValueError(f"{len(self.days)} sessions need as many doses, not {len(self.doses)}")
        if not all(0.0 <= dose < np.inf for dose in self.doses):
            raise ValueError("a dose is a finite number, 0 or more")

    @classmethod
    def every(cls, interval_days: float, count: int, first_day: float = 0.0) -> "Sessions":
        """Sessions at equal intervals, of the usual dose."""
        return cls(tuple(first_day + number * interval_days for number in range(count)))


def niche_amount(
    session_days: Sequence[float],
    steps: int,
    tissue_half_life: Floats,
    niche_half_life: Floats,
    doses: Sequence[float] | None = None,
) -> Floats:
    """Niche effect of sessions, (steps, draws). Equation T2. Doses are 1 unless given.

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
    for dose, elapsed, rows in _after(session_days, doses, steps):
        fall = np.exp(-decaying * elapsed) - np.exp(-clearing * elapsed)
        amount[rows] += dose * clearing * fall / gap
    return amount


def accumulated(
    session_days: Sequence[float],
    steps: int,
    half_life: Floats,
    power: Floats,
    doses: Sequence[float] | None = None,
) -> Floats:
    """Sum of decaying doses, raised to a power, (steps, draws). Equation T3.

    Doses are 1 unless given.
    """
    amount = np.zeros((steps, half_life.shape[0]))
    for dose, elapsed, rows in _after(session_days, doses, steps):
        amount[rows] += dose * 0.5 ** (elapsed / half_life)
    return np.asarray(amount ** power[None, :])


def _after(
    session_days: Sequence[float], doses: Sequence[float] | None, steps: int
) -> list[tuple[float, Floats, slice]]:
    """For each session: its dose, days since it as a column, and the rows of the steps after it."""
    middle = midpoints(steps)
    given = [1.0] * len(session_days) if doses is None else doses
    found = []
    for day, dose in zip(session_days, given, strict=True):
        first = int(np.searchsorted(middle, day))
        found.append((dose, (middle[first:] - day)[:, None], slice(first, None)))
    return found


def held_share(amount: Floats) -> Floats:
    """How far an effect still holds: its amount as a share of its highest so far in the table."""
    peak = np.maximum.accumulate(amount, axis=0)
    return np.divide(amount, peak, out=np.zeros_like(amount), where=peak > 0)
