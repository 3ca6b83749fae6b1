"""Charts of the page on the article's claims: lines over time, and ranges side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anagen.figures.draw import BLUE, GREY, INK, ORANGE, Figure, axis, draw, layer

FOLDER = Path(__file__).with_name("figures")
GROUND, LETTERS = "#ffffff", "#1d2733"
STYLES: tuple[tuple[str, list[int]], ...] = (
    (BLUE, []),
    (ORANGE, []),
    (GREY, []),
    (BLUE, [6, 4]),
    (ORANGE, [6, 4]),
    (GREY, [6, 4]),
)
"""Colour and dashes of each line in turn; a line is named at its end as well."""

Path2D = Sequence[tuple[float, float]]


def lines(
    key: str,
    title: str,
    axes: tuple[str, str],
    series: Mapping[str, Path2D],
    text: str,
) -> Figure:
    """Named lines over one horizontal axis.

    Args:
        key: unique among the page's charts, and the file's name.
        title: the figure's name.
        axes: what stands along and what stands up.
        series: points by the line's name, in the order of the legend.
        text: the text alternative.
    """
    layers = []
    last = max(point[0] for path in series.values() for point in path)
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": axis(axes[0], grid=False),
    }
    y = {"field": "y", "type": "quantitative", "axis": axis(axes[1], tickCount=5)}
    for place, (name, path) in enumerate(series.items()):
        colour, dashes = STYLES[place % len(STYLES)]
        points = [{"x": one[0], "y": one[1]} for one in path]
        mark = {"type": "line", "color": colour, "strokeWidth": 2.4, "strokeDash": dashes}
        layers.append(layer(points, mark, x=x, y=y))
        layers.extend(_legend(place, name, colour, dashes))
    spec = {
        "width": 400,
        "height": 230,
        "padding": {"left": 62, "right": 20, "top": 24 + 20 * len(series), "bottom": 48},
        "layer": layers,
    }
    return draw(key, spec, title, text)


def _legend(place: int, name: str, colour: str, dashes: list[int]) -> list[dict[str, Any]]:
    row: dict[str, Any] = {"y": {"value": -12 - 20 * place}}
    stroke = {"type": "rule", "color": colour, "strokeWidth": 2.4, "strokeDash": dashes}
    label = {"type": "text", "align": "left", "baseline": "middle", "text": name}
    return [
        layer([{}], stroke, x={"value": 0}, x2={"value": 30}, **row),
        layer([{}], label, x={"value": 38}, **row),
    ]


def ranges(
    key: str, title: str, along: str, rows: Mapping[str, tuple[float, float, float]], text: str
) -> Figure:
    """Ranges below each other, each a low end, a middle and a high end; a line marks 0."""
    values = [
        {"name": name, "low": low, "middle": middle, "high": high}
        for name, (low, middle, high) in rows.items()
    ]
    y = {"field": "name", "type": "nominal", "sort": None, "axis": axis(None, labelLimit=230)}

    def x(field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "axis": axis(along, tickCount=6, grid=False),
        }

    bar = {"type": "bar", "color": BLUE, "opacity": 0.45, "height": 12}
    tick = {"type": "tick", "color": BLUE, "thickness": 3, "size": 20}
    zero = {"type": "rule", "color": INK, "strokeDash": [4, 4]}
    nil = {"datum": 0, "type": "quantitative"}
    spec = {
        "width": 300,
        "height": 34 * len(values),
        "padding": {"left": 240, "right": 20, "top": 14, "bottom": 48},
        "layer": [
            layer(values, bar, y=y, x=x("low"), x2={"field": "high"}),
            layer(values, tick, y=y, x=x("middle")),
            layer([{}], zero, x=nil),
        ],
    }
    return draw(key, spec, title, text)


def standalone(figure: Figure) -> str:
    """The SVG as a file of its own: dark ink on a white ground, whatever page it stands on."""
    svg = figure.svg.replace("<svg ", f'<svg color="{LETTERS}" ', 1)
    ground = f'</desc><rect width="100%" height="100%" fill="{GROUND}"/>'
    return svg.replace("</desc>", ground, 1) + "\n"


def file_name(figure_key: str) -> str:
    """Where a chart stands, from the page."""
    return f"figures/claims-{figure_key}.svg"
