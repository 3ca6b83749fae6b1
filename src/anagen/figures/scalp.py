"""A patch of simulated scalp, to scale: every follicle in its place, today and later."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from anagen.figures.draw import ENGLISH, INK, ORANGE, Figure, named
from anagen.figures.hairs import CORNER, MARGIN, MARK, PX_PER_MM, TOP, Look, Panel
from anagen.figures.places import places
from anagen.follicle.population import Follicles
from anagen.follicle.spec import FollicleModel
from anagen.wording import Phrase, Wording, joined

BOTTOM, LEGEND = 34.0, 34.0
LEAST_WIDTH = 520.0
"""Room for the key, where one small patch has less."""

TODAY = "Today"


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
    told = joined(panel.told(label, look) for label, panel in panels.items())
    svg = _whole("".join(parts), max(len(panels) * width, LEAST_WIDTH), height, look)
    return named(svg, look.key, "One patch of simulated scalp, today and later", str(told))


def scalp_panels(
    before: Follicles,
    after: Mapping[str, Follicles],
    model: FollicleModel,
    look: Look | None = None,
    wording: Wording = ENGLISH,
) -> dict[str, Figure]:
    """The pictures of `scalp_patch` as figures of their own, by label, today's first.

    They have neither words above nor a key, so that a page can lay them out as it has room. Their
    names and texts are said in the language of `wording`.

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
        when = wording.say(label)
        title = wording.say(Phrase("One patch of simulated scalp: {when}", when=when))
        figures[label] = named(svg, own.key, title, wording.say(panel.told(when, look)))
    return figures


def _panels(
    before: Follicles, after: Mapping[str, Follicles], model: FollicleModel, look: Look
) -> dict[str, Panel]:
    area_cm2 = look.side_mm**2 / 100.0
    wanted = round(float(model.follicles_per_cm2[look.draw]) * area_cm2)
    where = places(before.phase.shape[1], wanted, look.side_mm, look.seed)
    own = model.pick(slice(look.draw, look.draw + 1))
    return {
        label: Panel(_pick(state, look.draw, where.index), own, where)
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


def _legend(x: float, y: float) -> str:
    """The key of the marks in one line."""
    ring = f'<circle cx="4" r="{MARK}" stroke="{INK}" stroke-width=".8"/>'
    marks = (
        (f'<path d="M0 0h26" stroke="{INK}" stroke-width="1.9"/>', "growing", 34, 100),
        (
            f'<path d="M0 0h26" stroke="{ORANGE}" stroke-width="1.9" stroke-dasharray="6 1.6"/>'
            f'<circle r="2" fill="{ORANGE}"/>',
            "resting", 34, 95,
        ),
        (ring, "empty opening", 14, 118),
        (f'{ring}<circle cx="4" r=".9" fill="{INK}"/>', "new hair under the skin", 14, 0),
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
        f'viewBox="0 0 {width:.0f} {height:.0f}" fill="none"><clipPath id="chart-{look.key}-skin">'
        f'<rect width="{side:.1f}" height="{side:.1f}" rx="{CORNER}"/></clipPath>{inside}</svg>'
    )
