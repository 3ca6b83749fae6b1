"""A patch of simulated scalp, to scale: every follicle in its place, today and later."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from html import escape

import numpy as np
from numpy.typing import NDArray

from anagen.figures.draw import INK, ORANGE, Figure, named
from anagen.figures.places import Places, places
from anagen.follicle.population import CONDITIONS, Follicles
from anagen.follicle.run import TOTAL_THRESHOLD_UM
from anagen.follicle.spec import Floats, FollicleModel

GROWTH_UM_PER_DAY = 300.0
"""Where a model has no growth rates. Van Neste 2020, table 4: 256 to 380 µm a day, by diameter and
by kind of scalp. It matters only to hairs that are shorter than the cut."""

PX_PER_MM = 32.0
MARGIN, TOP, BOTTOM, LEGEND = 14.0, 30.0, 34.0, 34.0
CORNER = 7.0
LEAST_WIDTH = 520.0
"""Room for the key, where one small patch has less."""

MARK = 1.9
"""Radius of the ring that stands for an opening without a hair."""

TODAY = "Today"


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


def scalp_patch(
    before: Follicles,
    after: Mapping[str, Follicles],
    model: FollicleModel,
    look: Look | None = None,
    titles: Mapping[str, str] | None = None,
) -> Figure:
    """Today's patch and each later one side by side, in one figure with its key.

    A follicle has the same place in every picture. Shafts are as thick as their diameter class on
    the scale of the patch, and as long as they grew since anagen began, up to the cut. Shape and
    place of a hair are made for the eye.

    Args:
        before: every follicle today, from a run with ``keep=True``.
        after: the same follicles later, by label.
        model: gives follicles per cm², diameters and growth.
        look: size, cut, draw and seed.
        titles: words above a picture, where they are not its label.

    Raises:
        ValueError: fewer follicles were followed than the patch holds.
    """
    look = look or Look()
    panels = _panels(before, after, model, look)
    width = look.side_mm * PX_PER_MM + 2 * MARGIN
    height = look.side_mm * PX_PER_MM + TOP + BOTTOM + LEGEND
    parts = [
        f'<g transform="translate({number * width:.1f} 0)">'
        f"{panel.drawn((titles or {}).get(label, label), look)}</g>"
        for number, (label, panel) in enumerate(panels.items())
    ]
    parts.append(_legend(MARGIN, height - LEGEND + 8))
    told = " ".join(panel.told(label, look) for label, panel in panels.items())
    svg = _whole("".join(parts), max(len(panels) * width, LEAST_WIDTH), height, look)
    return named(svg, look.key, "One patch of simulated scalp, today and later", told)


def scalp_panels(
    before: Follicles,
    after: Mapping[str, Follicles],
    model: FollicleModel,
    look: Look | None = None,
) -> dict[str, Figure]:
    """The pictures of `scalp_patch` as figures of their own, by label, today's first.

    They have neither words above nor a key, so that a page can lay them out as it has room.

    Raises:
        ValueError: fewer follicles were followed than the patch holds.
    """
    look = look or Look()
    side = look.side_mm * PX_PER_MM
    figures = {}
    for number, (label, panel) in enumerate(_panels(before, after, model, look).items()):
        own = replace(look, key=f"{look.key}-{number}")
        drawn = f'<g transform="translate({-MARGIN:.1f} {-TOP:.1f})">{panel.drawn("", own)}</g>'
        svg = _whole(drawn, side, side + BOTTOM, own)
        title = f"One patch of simulated scalp: {label}"
        figures[label] = named(svg, own.key, title, panel.told(label, look))
    return figures


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


def _panels(
    before: Follicles, after: Mapping[str, Follicles], model: FollicleModel, look: Look
) -> dict[str, "_Panel"]:
    area_cm2 = look.side_mm**2 / 100.0
    wanted = round(float(model.follicles_per_cm2[look.draw]) * area_cm2)
    where = places(before.phase.shape[1], wanted, look.side_mm, look.seed)
    own = model.pick(slice(look.draw, look.draw + 1))
    return {
        label: _Panel(_pick(state, look.draw, where.index), own, where)
        for label, state in {TODAY: before, **after}.items()
    }


def _pick(follicles: Follicles, draw: int, index: NDArray[np.intp]) -> Follicles:
    """Some follicles of one draw, each array (1, follicles)."""
    return Follicles(
        **{
            field.name: getattr(follicles, field.name)[[draw]][:, index]
            for field in fields(Follicles)
        }
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    """One picture: the follicles of a patch at one time."""

    follicles: Follicles
    model: FollicleModel
    where: Places

    def drawn(self, title: str, look: Look) -> str:
        """The picture as SVG, with its frame, its title and a bar of 1 mm."""
        side = look.side_mm * PX_PER_MM
        return (
            f'<text x="{MARGIN:.1f}" y="20" font-family="sans-serif" font-size="14" '
            f'fill="{INK}">{escape(title)}</text>'
            f'<g transform="translate({MARGIN:.1f} {TOP:.1f})">'
            f'<rect width="{side:.1f}" height="{side:.1f}" rx="{CORNER}" fill="{INK}" '
            f'fill-opacity="0.05"/><g clip-path="url(#chart-{look.key}-skin)">{self._openings()}'
            f"{self._hairs(look)}</g>{_bar(side)}</g>"
        )

    def told(self, label: str, look: Look) -> str:
        """The picture in words."""
        seen = patch_counts(self.follicles, self.model)
        size = f"{look.side_mm:g} by {look.side_mm:g} mm"
        parts = [
            f"{seen.growing} growing and {seen.resting} resting hairs that a count would find",
            f"{seen.thin} hairs too thin to count",
            f"{seen.under_skin} new hairs still under the skin",
            f"{seen.empty} empty openings",
        ]
        if seen.lost:
            parts.append(f"{seen.lost} lost follicles")
        return (
            f"{label}, on {size} of simulated scalp: {', '.join(parts)}. "
            "It is one field out of many that could be."
        )

    def _openings(self) -> str:
        """Rings for openings without a hair; a dot inside for a hair still under the skin."""
        phase = self.follicles.phase[0]
        marks = []
        for name in ("early_anagen", "latency", "dormant"):
            for x, y in self._roots(phase == CONDITIONS.index(name)):
                dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="0.9" stroke="none" fill="{INK}"/>'
                ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{MARK}"/>'
                marks.append(ring + dot if name == "early_anagen" else ring)
        for x, y in self._roots(phase == CONDITIONS.index("lost")):
            marks.append(f'<path d="M{x - 1.6:.1f} {y - 1.6:.1f}l3.2 3.2m0-3.2l-3.2 3.2"/>')
        return (
            f'<g fill="none" stroke="{INK}" stroke-width="0.8" opacity="0.75">{"".join(marks)}</g>'
        )

    def _roots(self, which: NDArray[np.bool_]) -> list[tuple[float, float]]:
        x, y = self.where.x_mm[which] * PX_PER_MM, self.where.y_mm[which] * PX_PER_MM
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _hairs(self, look: Look) -> str:
        """Growing hairs, then resting ones: dashed, with a bulb at the root, in another colour."""
        phase, group = self.follicles.phase[0], self.follicles.group[0]
        length = self._length_mm(look) * PX_PER_MM
        parts = []
        for name, style in _STYLES.items():
            of_kind = phase == CONDITIONS.index(name)
            paths = []
            for number, diameter in enumerate(self.model.grid.midpoints_um):
                these = of_kind & (group == number)
                if these.any():
                    width = diameter * PX_PER_MM / 1000.0
                    paths.append(
                        f'<path stroke-width="{width:.2f}" d="{self._paths(these, length)}"/>'
                    )
                    if name == "telogen":
                        paths.append(self._bulbs(these, width))
            parts.append(f"<g {style}>{''.join(paths)}</g>")
        return "".join(parts)

    def _bulbs(self, which: NDArray[np.bool_], width: float) -> str:
        radius = 0.9 + 0.6 * width
        return "".join(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.2f}" stroke="none" fill="{ORANGE}"/>'
            for x, y in self._roots(which)
        )

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
        rows = zip(self._roots(which), first.T.tolist(), whole.T.tolist(), strict=True)
        return "".join(
            f"M{x:.1f} {y:.1f}q{a:.1f} {b:.1f} {c:.1f} {d:.1f}" for (x, y), (a, b), (c, d) in rows
        )


_STYLES = {
    "anagen": f'fill="none" stroke="{INK}" stroke-linecap="round"',
    "telogen": f'fill="none" stroke="{ORANGE}" stroke-opacity="0.85" stroke-dasharray="6 1.6"',
}


def _bar(side: float) -> str:
    """A bar of 1 mm under the patch."""
    y = side + 16.0
    return (
        f'<path d="M0.5 {y - 3:.1f}v6m0-3h{PX_PER_MM:.1f}m0-3v6" stroke="{INK}" fill="none"/>'
        f'<text x="{PX_PER_MM + 8:.1f}" y="{y + 5:.1f}" font-family="sans-serif" font-size="15" '
        f'fill="{INK}">1 mm</text>'
    )


def _legend(x: float, y: float) -> str:
    """The key of the marks in one line."""
    marks = (
        (f'<path d="M0 0h26" {_STYLES["anagen"]} stroke-width="1.9"/>', "growing", 34, 100),
        (
            f'<path d="M0 0h26" {_STYLES["telogen"]} stroke-width="1.9"/>'
            f'<circle r="2" fill="{ORANGE}"/>',
            "resting", 34, 95,
        ),
        (f'<circle cx="4" r="{MARK}" fill="none" stroke="{INK}" stroke-width="0.8"/>',
         "empty opening", 14, 118),
        (
            f'<circle cx="4" r="{MARK}" fill="none" stroke="{INK}" stroke-width="0.8"/>'
            f'<circle cx="4" r="0.9" fill="{INK}"/>',
            "new hair under the skin", 14, 0,
        ),
    )  # fmt: skip
    parts, at = [], x
    for mark, words, gap, width in marks:
        parts.append(
            f'<g transform="translate({at:.1f} {y:.1f})">{mark}<text x="{gap}" y="4.5" '
            f'font-family="sans-serif" font-size="13" fill="{INK}">{words}</text></g>'
        )
        at += width
    return "".join(parts)


def _whole(inside: str, width: float, height: float, look: Look) -> str:
    side = look.side_mm * PX_PER_MM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}"><clipPath id="chart-{look.key}-skin">'
        f'<rect width="{side:.1f}" height="{side:.1f}" rx="{CORNER}"/></clipPath>{inside}</svg>'
    )
