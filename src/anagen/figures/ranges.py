"""All options side by side at one time: ranges, never a ranking by one number."""

from collections.abc import Mapping
from typing import Any

from anagen.figures.draw import BLUE, INK, Figure, axis, draw, layer
from anagen.figures.numbers import change_span
from anagen.forecasting.model import Forecast

WIDTH, ROW = 330, 46
PADDING = {"left": 16, "right": 24, "top": 8, "bottom": 44}
DAYS_PER_WEEK = 7


def ranges(
    forecast: Forecast, labels: Mapping[str, str], outcome: str, day: int, axis_title: str
) -> Figure:
    """The change from today under each option on one day, in the order of the forecast.

    Thin line: 5 to 95 %; thick bar: 25 to 75 %; tick: the middle; dashed line: as today. Options
    aren't sorted by result, because the order would read as a ranking that the evidence doesn't
    carry.

    Claims: C30.
    """
    rows = _rows(forecast, labels, outcome, day)
    low = min(row["q05"] for row in rows)
    high = max(row["q95"] for row in rows)
    scale = {"domain": [low, high], "nice": 5, "zero": False}

    def x(name: str) -> dict[str, Any]:
        ticks = axis(axis_title, tickCount=6)
        return {"field": name, "type": "quantitative", "scale": scale, "axis": ticks}

    y = {
        "field": "place", "type": "quantitative", "axis": None,
        "scale": {"domain": [len(rows), 0], "nice": False, "zero": False},
    }  # fmt: skip
    bar = {"type": "rule", "color": BLUE, "strokeCap": "round"}
    layers = [
        layer([{"today": 0}], {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.7},
              x=x("today")),
        layer(rows, {**bar, "strokeWidth": 3}, x=x("q05"), x2={"field": "q95"}, y=y),
        layer(rows, {**bar, "strokeWidth": 11, "strokeCap": "butt"},
              x=x("q25"), x2={"field": "q75"}, y=y),
        layer(rows, {"type": "tick", "orient": "vertical", "color": INK, "thickness": 2.5,
                     "bandSize": 20}, x=x("q50"), y=y),
        layer(rows, {"type": "text", "align": "left", "x": 0, "dy": -19}, y=y,
              text={"field": "label"}),
    ]  # fmt: skip
    spec = {"width": WIDTH, "height": ROW * len(rows), "padding": PADDING, "layer": layers}
    told = "; ".join(
        f"{row['label']}: {change_span(row['q05'], row['q95'])}, "
        f"middle half {change_span(row['q25'], row['q75'])}"
        for row in rows
    )
    title = f"{axis_title} after {day / DAYS_PER_WEEK:.0f} weeks, all options"
    return draw("ranges", spec, title, f"5 to 95 % ranges. {told}.")


def _rows(
    forecast: Forecast, labels: Mapping[str, str], outcome: str, day: int
) -> list[dict[str, Any]]:
    open_arms = (arm for arm in forecast.arms if arm.available)
    return [
        {"label": labels.get(arm.id, arm.id), "place": place + 0.68}
        | {
            name: getattr(arm.change[outcome][str(day)], name)
            for name in ("q05", "q25", "q50", "q75", "q95")
        }
        for place, arm in enumerate(open_arms)
    ]
