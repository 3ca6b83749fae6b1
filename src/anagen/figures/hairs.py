"""The follicles of a patch of simulated scalp at one time: counted, told, drawn hair by hair."""

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from anagen.figures.draw import INK, ORANGE
from anagen.figures.places import Places
from anagen.figures.svg import brief, pairs
from anagen.follicle.population import CONDITIONS, Follicles
from anagen.follicle.run import TOTAL_THRESHOLD_UM
from anagen.follicle.spec import Floats, FollicleModel
from anagen.wording import Phrase, joined

GROWTH_UM_PER_DAY = 300.0
"""Where a model has no growth rates. Van Neste 2020, table 4: 256 to 380 µm a day, by diameter and
by kind of scalp. It matters only to hairs that are shorter than the cut."""

PX_PER_MM = 32.0
FINE = 10
"""Places inside a picture are whole tenths of a pixel, which takes fewer letters."""

MARGIN, TOP = 14.0, 30.0
CORNER = 7.0

MARK = 1.9
"""Radius of the ring that stands for an opening without a hair."""

_STYLES = {
    "anagen": f'stroke="{INK}" stroke-linecap="round"',
    "telogen": f'stroke="{ORANGE}" stroke-opacity=".85" stroke-dasharray="60 16"',
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a patch is drawn.

    Attributes:
        side_mm: side of the square patch; 10 shows 1 cm².
        cut_mm: length that the hair is cut to; younger hairs are shorter.
        draw: which parameter draw is shown.
        seed: seed of the places; it changes the look and no count.
        key: unique among the figures of a page.
    """

    side_mm: float = 10.0
    cut_mm: float = 1.5
    draw: int = 0
    seed: int = 1
    key: str = "scalp"


@dataclass(frozen=True, slots=True)
class PatchCounts:
    """Follicles of a patch by what can be seen of them; together they are all of them.

    Attributes:
        growing, resting: hairs thick enough to be counted, in anagen and in telogen.
        thin: hairs too thin to be counted, in either phase.
        under_skin: new hairs that have not come through yet.
        empty: openings without a hair, dormant follicles included.
        lost: follicles that are gone.
    """

    growing: int
    resting: int
    thin: int
    under_skin: int
    empty: int
    lost: int

    @property
    def counted(self) -> int:
        """Hairs that a scalp count would find."""
        return self.growing + self.resting


def patch_counts(
    follicles: Follicles, model: FollicleModel, threshold_um: float = TOTAL_THRESHOLD_UM
) -> PatchCounts:
    """What can be seen of one draw's follicles.

    Args:
        follicles: arrays of shape (1, follicles).
        model: gives the diameter classes.
        threshold_um: least diameter that is counted; a class counts by its midpoint.
    """
    thick = np.array(model.grid.midpoints_um) >= threshold_um
    seen = thick[follicles.group]
    in_phase = {name: follicles.phase == number for number, name in enumerate(CONDITIONS)}
    carries = in_phase["anagen"] | in_phase["telogen"]

    def count(which: NDArray[np.bool_]) -> int:
        return int(np.count_nonzero(which))

    return PatchCounts(
        growing=count(in_phase["anagen"] & seen),
        resting=count(in_phase["telogen"] & seen),
        thin=count(carries & ~seen),
        under_skin=count(in_phase["early_anagen"]),
        empty=count(in_phase["latency"] | in_phase["dormant"]),
        lost=count(in_phase["lost"]),
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: the follicles of a patch at one time."""

    follicles: Follicles
    model: FollicleModel
    where: Places

    def drawn(self, title: str, look: Look) -> str:
        """The picture as SVG, with its frame, its title and a bar of 1 mm."""
        side = look.side_mm * PX_PER_MM
        return (
            f'<text x="{brief(MARGIN)}" y="20" font-family="sans-serif" font-size="14" '
            f'fill="{INK}">{escape(title)}</text>'
            f'<g transform="translate({brief(MARGIN)} {brief(TOP)})">'
            f'<rect width="{brief(side)}" height="{brief(side)}" rx="{CORNER}" fill="{INK}" '
            f'fill-opacity=".05"/><g clip-path="url(#chart-{look.key}-skin)">'
            f'<g transform="scale({1 / FINE:g})">{self._openings()}{self._hairs(look)}</g></g>'
            f"{_bar(side)}</g>"
        )

    def told(self, label: str, look: Look) -> str:
        """The picture in words."""
        seen = patch_counts(self.follicles, self.model)
        told = Phrase(
            "{when}, on {side} by {side} mm of simulated scalp: {growing} growing and {resting} "
            "resting hairs that a count would find, {thin} hairs too thin to count, {under_skin} "
            "new hairs still under the skin, {empty} empty openings.",
            when=label,
            side=f"{look.side_mm:g}",
            growing=seen.growing,
            resting=seen.resting,
            thin=seen.thin,
            under_skin=seen.under_skin,
            empty=seen.empty,
        )
        lost = [Phrase("Follicles that are lost: {lost}.", lost=seen.lost)] if seen.lost else []
        one = Phrase("It is one field out of many that could be.")
        return joined([told, *lost, one])

    def _openings(self) -> str:
        """Rings for openings without a hair; a dot inside for a hair still under the skin."""
        phase = self.follicles.phase[0]
        new = phase == CONDITIONS.index("early_anagen")
        empty = new | np.isin(phase, [CONDITIONS.index(name) for name in ("latency", "dormant")])
        radius = round(MARK * FINE)
        rings = "".join(
            f"M{pairs((x - radius, y))}a{radius} {radius} 0 1 0 0-.1z"
            for x, y in self._roots(empty)
        )
        crosses = "".join(
            f"M{pairs((x - 16, y - 16))}l32 32m0-32l-32 32"
            for x, y in self._roots(phase == CONDITIONS.index("lost"))
        )
        return (
            f'<g stroke="{INK}" stroke-width="8" opacity=".75"><path d="{rings}{crosses}"/>'
            f"{_dots(self._roots(new), 18.0, INK)}</g>"
        )

    def _roots(self, which: NDArray[np.bool_]) -> list[tuple[int, int]]:
        scale = PX_PER_MM * FINE
        x, y = self.where.x_mm[which] * scale, self.where.y_mm[which] * scale
        return list(zip(_whole_numbers(x), _whole_numbers(y), strict=True))

    def _hairs(self, look: Look) -> str:
        """Growing hairs, then resting ones: dashed, with a bulb at the root, in another colour."""
        phase, group = self.follicles.phase[0], self.follicles.group[0]
        length = self._length_mm(look) * PX_PER_MM * FINE
        parts = []
        for name, style in _STYLES.items():
            of_kind = phase == CONDITIONS.index(name)
            paths, bulbs = "", ""
            for number, diameter in enumerate(self.model.grid.midpoints_um):
                these = of_kind & (group == number)
                if these.any():
                    width = diameter * PX_PER_MM * FINE / 1000.0
                    d = self._paths(these, length)
                    paths += f'<path stroke-width="{brief(width)}" d="{d}"/>'
                    bulbs += _dots(self._roots(these), 18.0 + 1.2 * width, ORANGE)
            parts.append(f"<g {style}>{paths}</g>" + bulbs * (name == "telogen"))
        return "".join(parts)

    def _length_mm(self, look: Look) -> Floats:
        """Length above the skin: all of the cut, or what grew since anagen began."""
        rates = self.model.growth_um_per_day
        group = self.follicles.group[0]
        rate = np.full(group.shape, GROWTH_UM_PER_DAY) if rates is None else rates[0][group]
        growing = self.follicles.phase[0] == CONDITIONS.index("anagen")
        grown = self.follicles.age_days[0] * rate / 1000.0
        return np.where(growing, np.minimum(grown, look.cut_mm), look.cut_mm)

    def _paths(self, which: NDArray[np.bool_], length: Floats) -> str:
        """Bent hairs, each from its root: one smooth curve towards the common direction."""
        lie, bend = self.where.lie[which], self.where.bend[which]
        half = length[which] / 2.0
        first = np.stack([half * np.cos(lie), half * np.sin(lie)])
        whole = first + np.stack([half * np.cos(lie + bend), half * np.sin(lie + bend)])
        curves = zip(*(_whole_numbers(row) for row in (*first, *whole)), strict=True)
        return "".join(
            f"M{pairs(root)}q{pairs(curve)}"
            for root, curve in zip(self._roots(which), curves, strict=True)
        )


def _whole_numbers(values: Floats) -> list[int]:
    return [round(value) for value in values.tolist()]


def _dots(places: list[tuple[int, int]], width: float, colour: str) -> str:
    """Round dots of one width, as one path of lines without length."""
    if not places:
        return ""
    dots = "".join(f"M{pairs(place)}h0" for place in places)
    return (
        f'<path d="{dots}" stroke="{colour}" stroke-width="{brief(width)}" stroke-linecap="round"/>'
    )


def _bar(side: float) -> str:
    """A bar of 1 mm under the patch."""
    y = side + 16.0
    return (
        f'<path d="M0.5 {y - 3:.1f}v6m0-3h{PX_PER_MM:.1f}m0-3v6" stroke="{INK}"/>'
        f'<text x="{PX_PER_MM + 8:.1f}" y="{y + 5:.1f}" font-family="sans-serif" font-size="15" '
        f'fill="{INK}">1 mm</text>'
    )
