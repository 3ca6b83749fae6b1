"""From a Vega-Lite specification to an SVG that reads well on screen, on paper and aloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from anagen.wording import wording_of

ENGLISH: Final = wording_of("en")
"""The language of figures that are given no other."""

INK: Final = "currentColor"
"""Lines and letters take the colour of the text around them: light and dark pages both work."""
BLUE: Final = "#2a83c4"
ORANGE: Final = "#d9722b"
"""At least 3:1 against the page's white and dark grounds, and told apart by colour-blind eyes."""
GREY: Final = "#8a96a3"
GRID_OPACITY: Final = 0.18
FONT_SIZE: Final = 13

HATCH: Final = "url(#hatch)"
STRIPES: Final = "url(#stripes)"
"""Pattern fills; `draw` makes their names unique to the figure."""

_PATTERNS: Final = (
    '<defs><pattern id="{key}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="1.4" height="8" fill="currentColor" '
    'opacity="0.28"/></pattern><pattern id="{key}-stripes" width="6" height="6" '
    'patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    f'<rect width="6" height="6" fill="{ORANGE}" opacity="0.55"/>'
    f'<rect width="2.6" height="6" fill="{ORANGE}"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn chart.

    Attributes:
        svg: a whole `<svg>` element, with its own title and description.
        title: what the chart shows, in a few words.
        text: the same data in words, for whoever can't see the chart.
    """

    svg: str
    title: str
    text: str


def draw(key: str, spec: Mapping[str, Any], title: str, text: str) -> Figure:
    """Draw a specification.

    Sizes are fixed rather than fitted to letters, so that the result doesn't depend on the fonts
    of the machine that draws.

    Args:
        key: unique among the charts of a page; ids inside the chart start with it.
        spec: a Vega-Lite view (or layers) with `width`, `height` and `padding`.
        title: the figure's name.
        text: the text alternative.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg({**_FRAME, **spec}, vl_version="5.21")
    svg = _LONG_DECIMALS.sub(r"\1", _INNER_ROLES.sub("", svg))
    for pattern in (HATCH, STRIPES):
        svg = svg.replace(pattern, pattern.replace("#", f"#chart-{key}-"))
    opening, rest = svg.split(">", 1)
    return named(f"{opening}>{_PATTERNS.format(key=f'chart-{key}')}{rest}", key, title, text)


def named(svg: str, key: str, title: str, text: str) -> Figure:
    """One image with a name and a description, for eyes and for screen readers.

    Args:
        svg: a whole `<svg>` element that has no name yet.
        key: unique among the charts of a page.
        title: the figure's name.
        text: the text alternative.
    """
    key = f"chart-{key}"
    head = f'<svg role="img" aria-labelledby="{key}-title" aria-describedby="{key}-text" '
    names = (
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-text">{escape(text)}</desc>'
    )
    opening, rest = svg.split(">", 1)
    return Figure(opening.replace("<svg ", head, 1) + ">" + names + rest, title, text)


def png(figure: Figure, scale: float = 2.0, dark: bool = False) -> bytes:
    """A figure as PNG, on a ground of its own, for places that show no SVG.

    The same figure gives the same bytes on one machine; letters follow the fonts installed there.

    Args:
        figure: any figure of this package.
        scale: pixels for each unit of the SVG.
        dark: light ink on a dark ground instead of dark ink on white.
    """
    import vl_convert

    ink, ground = _DARK if dark else _LIGHT
    ground_rect = f'</desc><rect width="100%" height="100%" fill="{ground}"/>'
    backed = figure.svg.replace("<svg ", f'<svg color="{ink}" ', 1)
    backed = backed.replace("</desc>", ground_rect, 1)
    return bytes(vl_convert.svg_to_png(backed, scale=scale))


def axis(title: str | None = None, **options: Any) -> dict[str, Any]:
    """Axis options that all charts share."""
    return {
        "title": title,
        "titleFontWeight": "normal",
        "titleFontSize": FONT_SIZE,
        "labelFontSize": FONT_SIZE,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        **options,
    }


def layer(values: list[dict[str, Any]], mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    """One layer with its own data."""
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


_FRAME: Final = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "autosize": "none",
    "background": None,
    "config": {
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": INK,
            "titleColor": INK,
            "domainColor": INK,
            "domainOpacity": 0.5,
            "tickColor": INK,
            "tickOpacity": 0.5,
            "gridColor": INK,
            "gridOpacity": GRID_OPACITY,
        },
        "text": {"color": INK, "fontSize": FONT_SIZE},
        "legend": {"disable": True},
    },
}

_INNER_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_LONG_DECIMALS = re.compile(r"(\d+\.\d{2})\d+")

_LIGHT, _DARK = ("#1d2733", "#ffffff"), ("#e8ecef", "#1a2229")
"""Ink and ground of a PNG: those of the page's cards."""
