"""How time and memory of simulated trials grow, on axes where a straight line is a power."""

from collections.abc import Mapping
from typing import Any

from anagen.figures.draw import BLUE, GREY, Figure, axis, draw, layer

WIDTH, HEIGHT = 250, 190
PADDING = {"left": 12, "right": 16, "top": 30, "bottom": 16}


def growth_figure(
    by_people: Mapping[int, float],
    by_draws: Mapping[int, float],
    by_workers: Mapping[int, float],
    memory_mb: Mapping[int, float],
) -> Figure:
    """Four panels: seconds by people, by simulated trials, by workers; memory by people.

    Blue: measured; grey: in proportion to the first (by workers: shared out evenly).
    """
    panels = [
        _panel("people of one trial", "seconds", by_people, 1.0),
        _panel("trials of 120 people", "seconds", by_draws, 1.0),
        _panel("workers", "seconds", by_workers, -1.0),
        _panel("people of one trial", "MB at most", memory_mb, 0.0),
    ]
    spec = {"autosize": "pad", "padding": PADDING, "columns": 2, "concat": panels, "spacing": 40}
    told = "; ".join(
        f"{name}: " + ", ".join(f"{at:,}: {value:.3g}" for at, value in values.items())
        for name, values in (
            ("seconds by people", by_people), ("seconds by trials", by_draws),
            ("seconds by workers", by_workers), ("MB by people", memory_mb),
        )
    )  # fmt: skip
    return draw("trial-growth", spec, "How time and memory grow", f"{told}.")


def _panel(x: str, y: str, values: Mapping[int, float], power: float) -> dict[str, Any]:
    first = next(iter(values))
    rows = [
        {"x": at, "y": value, "line": values[first] * (at / first) ** power}
        for at, value in values.items()
    ]
    places = {
        "field": "x", "type": "quantitative", "scale": {"type": "log", "nice": False},
        "axis": axis(x, values=list(values), format=",d"),
    }  # fmt: skip

    def height(field: str) -> dict[str, Any]:
        return {
            "field": field, "type": "quantitative", "axis": axis(y, tickCount=4, format="~g"),
            "scale": {"type": "log"},
        }  # fmt: skip

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": [
            layer(rows, {"type": "line", "color": GREY, "strokeDash": [4, 3]},
                  x=places, y=height("line")),
            layer(rows, {"type": "line", "color": BLUE, "strokeWidth": 2.4}, x=places,
                  y=height("y")),
            layer(rows, {"type": "point", "filled": True, "color": BLUE, "opacity": 1}, x=places,
                  y=height("y")),
        ],
    }  # fmt: skip
