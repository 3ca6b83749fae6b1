"""Options side by side at one time: ranges on one axis, never a ranking by one number."""

from collections.abc import Iterable
from dataclasses import dataclass

from anagen.figures.draw import BLUE, GRID_OPACITY, INK
from anagen.figures.numbers import signed
from anagen.figures.svg import Scale, brief, nice_ticks
from anagen.forecasting.model import Quantiles

WIDTH, HEIGHT = 400, 28


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """One axis for the ranges of all options, so that they can be compared by eye.

    Attributes:
        ticks: round values at equal steps; each stands in the middle of its share of the width.
    """

    ticks: tuple[float, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The ticks with their signs; laid out in equal columns, each stands under its line."""
        return tuple(signed(tick) for tick in self.ticks)

    def bar(self, change: Quantiles) -> str:
        """One option's range without letters or name: the numbers stand beside it.

        Thin bar (class `full`): 5 to 95 %; thick bar: 25 to 75 %; upright mark: the middle;
        dashed line: as today. It may be stretched to any width, by a page whose style keeps the
        strokes as wide as they are.
        """
        half = WIDTH / len(self.ticks) / 2
        x = Scale(self.ticks[0], self.ticks[-1], half, WIDTH - half)
        lines = "".join(f"M{brief(x(tick))} 0V{HEIGHT}" for tick in self.ticks if tick)
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" fill="none" '
            f'aria-hidden="true"><path d="{lines}" stroke="{INK}" opacity="{GRID_OPACITY}"'
            f'/><path d="M{brief(x(0))} 0V{HEIGHT}" stroke="{INK}" stroke-dasharray="4 3" '
            'opacity=".8"/><path class="full" '
            f'd="{_box(x(change.q05), x(change.q95), 11.5, 5)}" fill="{BLUE}"/>'
            f'<path d="{_box(x(change.q25), x(change.q75), 7, 14)}" fill="{BLUE}"/>'
            f'<path d="M{brief(x(change.q50))} 3V25" stroke="{INK}" stroke-width="2.5"/>'
            "</svg>"
        )


def range_axis(changes: Iterable[Quantiles]) -> RangeAxis:
    """An axis that holds every range, and today's level.

    Claims: C30.
    """
    held = tuple(changes)
    return RangeAxis(
        nice_ticks(min(0.0, *(one.q05 for one in held)), max(0.0, *(one.q95 for one in held)))
    )


def _box(start: float, end: float, top: float, height: float) -> str:
    return f"M{brief(start)} {brief(top)}H{brief(end)}v{brief(height)}H{brief(start)}z"
