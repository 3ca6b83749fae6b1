"""Small parts of an SVG: numbers in as few letters as they need, smooth paths, axes.

Only presentation attributes and classes are written, so that a page may forbid inline styles.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from anagen.figures.draw import FONT_SIZE, GRID_OPACITY, INK

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def brief(number: float) -> str:
    """A number with at most one decimal and nothing that it doesn't need."""
    text = f"{number:.1f}".removesuffix(".0")
    if text in ("0", "-0"):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def pairs(numbers: Iterable[float]) -> str:
    """Numbers of a path, parted only where they must be."""
    text = ""
    for number in numbers:
        piece = brief(number)
        text += piece if not text or piece.startswith("-") else f" {piece}"
    return text


def nice_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round values that reach from `low` or below to `high` or above."""
    rough = max(high - low, 1e-9) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(
        (factor * power for factor in (1, 2, 5) if factor * power >= rough * (1 - 1e-9)),
        10 * power,
    )
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(step * number for number in range(first, max(last, first + 1) + 1))


def smooth(points: Sequence[Point]) -> str:
    """The inside of a path through points: a curve that bends nowhere beyond them (Steffen 1990).

    It starts with where to move or draw to, so the caller writes `M` or `L` before it.
    """
    slopes = _slopes(points)
    path = pairs(points[0])
    for ((x0, y0), (x1, y1)), (m0, m1) in zip(pairwise(points), pairwise(slopes), strict=True):
        third = (x1 - x0) / 3.0
        path += "c" + pairs(
            (third, m0 * third, x1 - x0 - third, y1 - y0 - m1 * third, x1 - x0, y1 - y0)
        )
    return path


def _slopes(points: Sequence[Point]) -> list[float]:
    steps = [((y1 - y0) / (x1 - x0), x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    slopes = [steps[0][0]]
    for (before, h0), (after, h1) in pairwise(steps):
        mean = (before * h1 + after * h0) / (h0 + h1)
        same = math.copysign(1.0, before) + math.copysign(1.0, after)
        slopes.append(same * min(abs(before), abs(after), 0.5 * abs(mean)))
    slopes.append(steps[-1][0])
    return slopes


def band(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """The path of the area between two lines of equal x."""
    return f"M{smooth(upper)}L{smooth(tuple(reversed(lower)))}z"


def words(x: float, y: float, text: str, anchor: str = "start", size: float = 0) -> str:
    """Letters in the colour of the page."""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    letters = f' font-size="{brief(size)}"' if size else ""
    return f'<text x="{brief(x)}" y="{brief(y)}" fill="{INK}"{place}{letters}>{escape(text)}</text>'


def fitted(text: str, width: float, size: float = FONT_SIZE) -> float:
    """A size at which letters of a usual font fit in a width; 0 where the common size does."""
    wide = 0.56 * size * len(text)
    return 0 if wide <= width else size * width / wide


def grid(lines: str) -> str:
    """Faint lines behind the data."""
    return f'<path d="{lines}" stroke="{INK}" opacity="{GRID_OPACITY}"/>'


def whole(inside: str, width: float, height: float) -> str:
    """An SVG without a name yet."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {brief(width)} {brief(height)}" '
        f'width="{brief(width)}" height="{brief(height)}" font-family="sans-serif" '
        f'font-size="{FONT_SIZE}" fill="none">{inside}</svg>'
    )
