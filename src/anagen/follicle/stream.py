"""Means and quantiles over any number of draws, in memory that does not grow with them.

Each value is rounded twice, to fixed grids, and from then on only integers are added. So the
result is the same, to the last bit, in whatever order and portions the draws come.

- Quantiles come from a histogram with bins of the outcome's `width`. Each is at most half a bin
  from NumPy's (linear) quantile of all the values.
- Mean and SD come from sums of the values in units of `width` / 65 536. Each is at most half a
  unit from that of the unrounded values, or rounding error where that is larger.
- Least and most are exact.

A value that is not a finite number, such as a mean diameter where there is no hair, is counted as
missing and left out.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.run import FollicleRun
from anagen.follicle.spec import Floats

Integers = NDArray[np.int64]

UNITS = 1 << 16
"""Units of a sum in one bin."""

FARTHEST_BIN = 1 << 20
"""Bins between 0 and the farthest value that is accepted."""

PORTION = 1 << 20
"""Values whose units and squares are added in 64 bits before Python's integers take over."""

HALF_BITS = 18
"""Units are squared in two halves; both are below 2¹⁸ because units are below 2³⁶."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A number that each draw has on each output day.

    Attributes:
        of: gives it for a run, (days, draws).
        width: width of a bin, in the outcome's unit; twice the largest error of a quantile.
    """

    of: Callable[[FollicleRun], Floats]
    width: float

    def __post_init__(self) -> None:
        if not (self.width > 0 and math.isfinite(self.width)):
            raise ValueError(f"a bin must have a width above 0, not {self.width}")


class Streamed:
    """Means and quantiles of outcomes, fed with one run after another. Mutable.

    All answers are by output day; where a day has no value yet, they are nan. Feed each run once:
    the runs must differ in their draws, and follicles followed under the same seed and subject
    have the same random numbers.
    """

    def __init__(self, outcomes: Mapping[str, Outcome]) -> None:
        self.days: tuple[float, ...] = ()
        self._outcomes = dict(outcomes)
        self._tallies: dict[str, tuple[_Tally, ...]] = {}

    def add(self, run: FollicleRun) -> None:
        """Take in a run.

        Raises:
            ValueError: its output days are others than before, an outcome has another shape than
                (days, draws), or a value is more than `FARTHEST_BIN` bins from 0. Nothing is taken
                in then.
        """
        self._agree(run.days)
        shape = (len(run.days), run.density.shape[-1])
        found = {name: outcome.of(run) for name, outcome in self._outcomes.items()}
        for name, values in found.items():
            self._check(name, values, shape)
        self._begin(run.days)
        for name, values in found.items():
            for tally, row in zip(self._tallies[name], values, strict=True):
                tally.add(row)

    def merge(self, other: "Streamed") -> None:
        """Take in all that another one took in.

        Raises:
            ValueError: its outcomes or output days are others.
        """
        if other._outcomes != self._outcomes:
            raise ValueError("only what streamed the same outcomes can be merged")
        if not other.days:
            return
        self._agree(other.days)
        self._begin(other.days)
        for name, tallies in self._tallies.items():
            for tally, more in zip(tallies, other._tallies[name], strict=True):
                tally.merge(more)

    def count(self, name: str) -> Integers:
        """Draws that have a value."""
        return np.array([tally.count for tally in self._tallies[name]], dtype=np.int64)

    def missing(self, name: str) -> Integers:
        """Draws that have none."""
        return np.array([tally.missing for tally in self._tallies[name]], dtype=np.int64)

    def mean(self, name: str) -> Floats:
        """Mean over the draws."""
        return np.array([tally.mean() for tally in self._tallies[name]])

    def sd(self, name: str) -> Floats:
        """Standard deviation of the draws, dividing by their number."""
        return np.array([tally.sd() for tally in self._tallies[name]])

    def least(self, name: str) -> Floats:
        """Smallest value."""
        return np.array([tally.least if tally.count else math.nan for tally in self._tallies[name]])

    def most(self, name: str) -> Floats:
        """Largest value."""
        return np.array([tally.most if tally.count else math.nan for tally in self._tallies[name]])

    def quantile(self, name: str, share: float) -> Floats:
        """The value that this share of the draws does not exceed, to half a bin.

        Raises:
            ValueError: the share is not between 0 and 1.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"a quantile belongs to a share from 0 to 1, not {share}")
        return np.array([tally.quantile(share) for tally in self._tallies[name]])

    def _agree(self, days: tuple[float, ...]) -> None:
        if self.days and days != self.days:
            raise ValueError("a run has other output days than the runs before")

    def _begin(self, days: tuple[float, ...]) -> None:
        if not self.days:
            self.days = days
            self._tallies = {
                name: tuple(_Tally(outcome.width) for _ in days)
                for name, outcome in self._outcomes.items()
            }

    def _check(self, name: str, values: Floats, shape: tuple[int, int]) -> None:
        if values.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, not {values.shape}")
        width = self._outcomes[name].width
        farthest = np.abs(values[np.isfinite(values)]).max(initial=0.0)
        if farthest >= FARTHEST_BIN * width:
            raise ValueError(f"{name} reaches {farthest:g}, too far for bins of {width:g}")


def streamed(runs: Iterable[FollicleRun], outcomes: Mapping[str, Outcome]) -> Streamed:
    """Feed runs one at a time; only one of them need exist at once."""
    sums = Streamed(outcomes)
    for run in runs:
        sums.add(run)
    return sums


class _Tally:
    """The draws of one outcome on one day."""

    def __init__(self, width: float) -> None:
        self.count = self.missing = 0
        self.least, self.most = math.inf, -math.inf
        self._width = width
        self._units = self._squares = 0
        self._first_bin = 0
        self._bins: Integers = np.zeros(0, dtype=np.int64)

    def add(self, row: Floats) -> None:
        """Take in one value for each draw."""
        values = row[np.isfinite(row)]
        self.missing += row.size - values.size
        if not values.size:
            return
        self.count += values.size
        self.least = min(self.least, float(values.min()))
        self.most = max(self.most, float(values.max()))
        bins = np.floor(values / self._width).astype(np.int64)
        first = int(bins.min())
        self._count_bins(first, np.bincount(bins - first))
        for low in range(0, values.size, PORTION):
            self._sum(values[low : low + PORTION])

    def merge(self, other: "_Tally") -> None:
        """Take in another tally of the same outcome and day."""
        self.missing += other.missing
        self.count += other.count
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self._units += other._units
        self._squares += other._squares
        if other.count:
            self._count_bins(other._first_bin, other._bins)

    def mean(self) -> float:
        return self._units / (self.count * UNITS) * self._width if self.count else math.nan

    def sd(self) -> float:
        if not self.count:
            return math.nan
        spread = self.count * self._squares - self._units**2  # an exact integer, never below 0
        return math.sqrt(spread / self.count**2) / UNITS * self._width

    def quantile(self, share: float) -> float:
        """NumPy's linear rule between two neighbours in rank, each put at its bin's middle."""
        if not self.count:
            return math.nan
        place = share * (self.count - 1)
        rank = math.floor(place)
        below, above = self._middle(rank), self._middle(min(rank + 1, self.count - 1))
        return below + (above - below) * (place - rank)

    def _middle(self, rank: int) -> float:
        """The middle of the bin that holds the value of this rank, counted from 0."""
        place = int(np.searchsorted(self._bins.cumsum(), rank, side="right"))
        return (self._first_bin + place + 0.5) * self._width

    def _sum(self, values: Floats) -> None:
        units = np.rint(values * (UNITS / self._width)).astype(np.int64)
        high = units >> HALF_BITS
        low = units - (high << HALF_BITS)
        self._units += int(units.sum())
        self._squares += (
            (int((high * high).sum()) << (2 * HALF_BITS))
            + (int((high * low).sum()) << (HALF_BITS + 1))
            + int((low * low).sum())
        )

    def _count_bins(self, first: int, counts: Integers) -> None:
        """Add counts of bins from the bin `first` on; the histogram widens as needed."""
        if not self._bins.size:
            self._first_bin = first
        start = min(first, self._first_bin)
        stop = max(first + counts.size, self._first_bin + self._bins.size)
        wider = np.zeros(stop - start, dtype=np.int64)
        for begin, part in ((self._first_bin, self._bins), (first, counts)):
            wider[begin - start : begin - start + part.size] += part
        self._first_bin, self._bins = start, wider
