"""How hair may change over time: one panel for each option, all on the same axes."""

from collections.abc import Mapping
from typing import Any

from anagen.figures.draw import BLUE, HATCH, INK, Figure, axis, draw, layer
from anagen.figures.numbers import change_span
from anagen.forecasting.model import ArmForecast, Forecast

WIDTH, HEIGHT = 290, 190
PADDING = {"left": 62, "right": 16, "top": 12, "bottom": 48}
REFERENCE = "none"
DAYS_PER_WEEK = 7
TICK_WEEKS = (0, 24, 52, 104, 156)


def curves(
    forecast: Forecast, labels: Mapping[str, str], outcome: str, axis_title: str
) -> dict[str, Figure]:
    """One figure for each option that has a forecast, by its id.

    Light band: 5 to 95 %; dark band: 25 to 75 %; line: the middle; dashed line: doing nothing new.
    The bands are changes from today; weeks that no trial reached are hatched and say so.

    Args:
        forecast: distributions for every option.
        labels: names of the options by id.
        outcome: one of the forecast's outcomes.
        axis_title: what the vertical axis counts.

    Claims: C32.
    """
    paths = {arm.id: _path(arm, outcome) for arm in forecast.arms if arm.available}
    low = min(point["q05"] for path in paths.values() for point in path)
    high = max(point["q95"] for path in paths.values() for point in path)
    scale = {"domain": [low, high], "nice": 5, "zero": False}
    figures = {}
    for arm in forecast.arms:
        if not arm.available:
            continue
        label = labels.get(arm.id, arm.id)
        spec = _panel(paths[arm.id], paths.get(REFERENCE), _studied_until(arm), scale, axis_title)
        if arm.id == REFERENCE:
            del spec["layer"][-1]
        title = f"{label}: {axis_title.lower()}, week by week"
        figures[arm.id] = draw(
            _key(arm.id), spec, title, _told(label, paths[arm.id], arm, axis_title)
        )
    return figures


def _key(arm_id: str) -> str:
    return f"{arm_id.replace('+', '-and-')}"


def _path(arm: ArmForecast, outcome: str) -> list[dict[str, float]]:
    return [
        {"week": int(day) / DAYS_PER_WEEK}
        | {name: getattr(change, name) for name in ("q05", "q25", "q50", "q75", "q95")}
        for day, change in sorted(arm.change[outcome].items(), key=lambda item: int(item[0]))
    ]


def _studied_until(arm: ArmForecast) -> float:
    return (arm.evidence_basis.studied_until_day or 0) / DAYS_PER_WEEK


def _panel(
    path: list[dict[str, float]],
    reference: list[dict[str, float]] | None,
    studied_until_week: float,
    scale: dict[str, Any],
    axis_title: str,
) -> dict[str, Any]:
    last = path[-1]["week"]
    x = {
        "field": "week",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": axis("Weeks from today", values=[w for w in TICK_WEEKS if w <= last], grid=False),
    }

    def y(name: str) -> dict[str, Any]:
        ticks = axis(axis_title, tickCount=5, titlePadding=12, minExtent=34)
        return {"field": name, "type": "quantitative", "scale": scale, "axis": ticks}

    band = {"type": "area", "color": BLUE, "interpolate": "monotone"}
    layers = [
        layer(path, {**band, "opacity": 0.22}, x=x, y=y("q05"), y2={"field": "q95"}),
        layer(path, {**band, "opacity": 0.4}, x=x, y=y("q25"), y2={"field": "q75"}),
        layer(
            path, {"type": "line", "color": BLUE, "strokeWidth": 2.4, "interpolate": "monotone"},
            x=x, y=y("q50"),
        ),
    ]  # fmt: skip
    layers[:0] = _not_studied(studied_until_week, last, x)
    if reference is not None:
        dashes = {"type": "line", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.6}
        layers.append(layer(reference, {**dashes, "interpolate": "monotone"}, x=x, y=y("q50")))
    return {"width": WIDTH, "height": HEIGHT, "padding": PADDING, "layer": layers}


def _not_studied(start: float, end: float, x: dict[str, Any]) -> list[dict[str, Any]]:
    """A hatched ground, with its name, over the weeks that no trial reached."""
    if start >= end:
        return []
    span = [{"week": start, "end": end, "name": "not studied"}]
    return [
        layer(span, {"type": "rect", "fill": HATCH}, x=x, x2={"field": "end"}),
        layer(
            [{"week": (start + end) / 2, "name": "not studied"}],
            {"type": "text", "y": 10, "fontStyle": "italic"},
            x=x, text={"field": "name"},
        ),
    ]  # fmt: skip


def _told(label: str, path: list[dict[str, float]], arm: ArmForecast, axis_title: str) -> str:
    points = "; ".join(
        f"week {point['week']:.0f}: {change_span(point['q05'], point['q95'])}, "
        f"middle half {change_span(point['q25'], point['q75'])}"
        for point in path
    )
    until = arm.evidence_basis.studied_until_day
    studied = (
        f"Trials reach week {until / DAYS_PER_WEEK:.0f}; later weeks are not studied."
        if until
        else "No trial has studied this."
    )
    return f"{label}: {axis_title.lower()}, 5 to 95 % range. {points}. {studied}"
