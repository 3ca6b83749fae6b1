"""Chances of a visible gain, no visible change and a visible loss, out of 100 people."""

from collections.abc import Mapping
from typing import Any

from anagen.figures.draw import BLUE, GREY, INK, STRIPES, Figure, axis, draw, layer

WIDTH, ROW = 330, 66
PADDING = {"left": 16, "right": 24, "top": 8, "bottom": 44}
FILL = {"gain": BLUE, "same": GREY, "loss": STRIPES}
OPACITY = {"gain": 1.0, "same": 0.35, "loss": 1.0}


def shares(out_of_100: Mapping[str, Mapping[str, int]], week: int) -> Figure:
    """Stacked bars, one for each option: gain first, loss last and striped.

    Args:
        out_of_100: gain, same and loss by the option's name; each option sums to 100.
        week: the week from today that they are about.

    Claims: C32.
    """
    segments: list[dict[str, Any]] = []
    captions: list[dict[str, Any]] = []
    for row, (label, parts) in enumerate(out_of_100.items()):
        place, start = row + 0.5, 0
        words = " · ".join(f"{name} {parts[name]}" for name in FILL)
        captions.append({"place": place, "label": label, "words": words})
        for name in FILL:
            end = start + parts[name]
            segments.append({"place": place, "part": name, "start": start, "end": end})
            start = end
    spec = _spec(segments, captions)
    told = "; ".join(
        f"{caption['label']}: {caption['words'].replace(' · ', ', ')}" for caption in captions
    )
    title = f"Visible gain, no visible change and visible loss after {week} weeks"
    return draw("shares", spec, title, f"Out of 100 people like this person. {told}.")


def _spec(segments: list[dict[str, Any]], captions: list[dict[str, Any]]) -> dict[str, Any]:
    count = len(captions)
    x = {
        "field": "start", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": axis("People out of 100", values=[0, 25, 50, 75, 100], grid=False),
    }  # fmt: skip
    y = {
        "field": "place", "type": "quantitative", "axis": None,
        "scale": {"domain": [count, 0], "nice": False, "zero": False},
    }  # fmt: skip
    bars = [
        layer([part for part in segments if part["part"] == name and part["end"] > part["start"]],
              {"type": "bar", "size": 17, "color": FILL[name], "opacity": OPACITY[name],
               "stroke": INK, "strokeWidth": 0.8, "strokeOpacity": 0.6},
              x=x, x2={"field": "end"}, y=y)
        for name in FILL
    ]  # fmt: skip
    text = {"type": "text", "align": "left", "x": 0}
    names = layer(captions, {**text, "dy": -18}, y=y, text={"field": "label"})
    numbers = layer(captions, {**text, "dy": 18}, y=y, text={"field": "words"})
    return {
        "width": WIDTH, "height": ROW * count, "padding": PADDING,
        "layer": [*bars, names, numbers],
    }  # fmt: skip
