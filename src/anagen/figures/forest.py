"""Forest and funnel plots of pooled studies."""

from typing import Any

from anagen.evidence.meta.model import Contrast, Estimate, Pooled
from anagen.figures.draw import BLUE, INK, ORANGE, Figure, axis, draw, layer

WIDTH, ROW, FUNNEL_HEIGHT = 360, 44, 260
PADDING = {"left": 16, "right": 24, "top": 10, "bottom": 48}
FUNNEL_PADDING = {"left": 64, "right": 24, "top": 10, "bottom": 48}
Z95 = 1.96
LEAST_SIZE, MOST_SIZE = 30.0, 200.0


def forest(pooled: Pooled) -> Figure:
    """Every study with its 95 % interval, then the pooled mean and the range of a new study.

    The area of a square follows the study's weight. With one study nothing is pooled, and it alone
    is drawn. Blue: studies; orange: the pooled mean; thin orange line: a new study.
    """
    studies = [_study(one, place) for place, one in enumerate(pooled.group.contrasts)]
    _size(studies)
    extra = _pooled_rows(pooled.leading, len(studies)) if len(studies) > 1 else []
    rows = [*studies, *extra]
    low, high = min(0.0, *(row["low"] for row in rows)), max(0.0, *(row["high"] for row in rows))
    x, y = _x("hairs/cm²", low, high), _y(len(rows))
    layers = [
        layer([{"at": 0}], {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.7},
              x=x("at")),
        layer(studies, {"type": "rule", "color": BLUE, "strokeWidth": 2.5},
              x=x("low"), x2={"field": "high"}, y=y),
        layer(studies, {"type": "point", "shape": "square", "filled": True, "color": BLUE,
                        "opacity": 1},
              x=x("mean"), y=y, size={"field": "size", "type": "quantitative", "scale": None}),
        layer(extra, {"type": "rule", "color": ORANGE},
              x=x("low"), x2={"field": "high"}, y=y,
              strokeWidth={"field": "thick", "type": "quantitative", "scale": None}),
        layer(extra[:1], {"type": "point", "shape": "diamond", "filled": True, "color": ORANGE,
                          "size": 190, "opacity": 1}, x=x("mean"), y=y),
        layer(rows, {"type": "text", "align": "left", "x": 0, "dy": -18}, y=y,
              text={"field": "label"}),
    ]  # fmt: skip
    spec = {"width": WIDTH, "height": ROW * len(rows), "padding": PADDING, "layer": layers}
    title = f"Forest plot: {pooled.group.id}"
    told = "; ".join(row["label"] for row in rows)
    cautions = " ".join(pooled.group.cautions)
    return draw(f"forest-{pooled.group.id}", spec, title, f"{told}. {cautions}".strip())


def funnel(pooled: Pooled) -> Figure:
    """Effects against their standard errors, the surest at the top, with the 95 % cone.

    The cone stands around the fixed-effect mean. Raises KeyError for a group of one study.
    """
    mean = pooled.estimates["fixed"].mean
    points = [
        {"effect": one.estimate_per_cm2, "se": one.se_per_cm2, "study": one.study}
        for one in pooled.group.contrasts
    ]
    deep = 1.1 * max(one.se_per_cm2 for one in pooled.group.contrasts)
    edge = Z95 * deep
    effects = [one.estimate_per_cm2 for one in pooled.group.contrasts]
    x = _x("hairs/cm²", min(mean - edge, *effects), max(mean + edge, *effects))
    y = {
        "field": "se", "type": "quantitative", "axis": axis("standard error", tickCount=5),
        "scale": {"domain": [deep, 0], "nice": False, "zero": False},
    }  # fmt: skip
    line = {"type": "line", "color": INK, "opacity": 0.6, "strokeDash": [4, 3]}
    cones = [
        layer([{"effect": mean, "se": 0}, {"effect": mean + side * edge, "se": deep}], line,
              x=x("effect"), y=y)
        for side in (-1, 0, 1)
    ]  # fmt: skip
    dots = layer(points, {"type": "point", "filled": True, "size": 90, "color": BLUE, "opacity": 1},
                 x=x("effect"), y=y)  # fmt: skip
    spec = {
        "width": WIDTH, "height": FUNNEL_HEIGHT, "padding": FUNNEL_PADDING,
        "layer": [*cones, dots],
    }  # fmt: skip
    told = "; ".join(f"{one['study']}: {one['effect']:.1f}, SE {one['se']:.2f}" for one in points)
    text = f"{told}. The cone stands around {mean:.1f}; {len(points)} studies can show little."
    return draw(f"funnel-{pooled.group.id}", spec, f"Funnel plot: {pooled.group.id}", text)


def _study(one: Contrast, place: int) -> dict[str, Any]:
    mean, wide = one.estimate_per_cm2, Z95 * one.se_per_cm2
    week = "" if one.week is None else f", week {one.week:g}"
    return _row(f"{one.study}{week}", mean, mean - wide, mean + wide, place) | {
        "weight": 1 / one.se_per_cm2**2
    }


def _size(rows: list[dict[str, Any]]) -> None:
    most = max(row["weight"] for row in rows)
    for row in rows:
        row["size"] = max(LEAST_SIZE, MOST_SIZE * row["weight"] / most)


def _pooled_rows(found: Estimate, place: int) -> list[dict[str, Any]]:
    rows = [_row("pooled", found.mean, found.low, found.high, place) | {"thick": 5}]
    if found.prediction:
        low, high = found.prediction
        rows.append(_row("a new study", found.mean, low, high, place + 1) | {"thick": 1.5})
    return rows


def _row(name: str, mean: float, low: float, high: float, place: int) -> dict[str, Any]:
    label = f"{name}: {mean:.1f} ({low:.1f} to {high:.1f})"
    return {"label": label, "mean": mean, "low": low, "high": high, "place": place + 0.68}


def _x(title: str, low: float, high: float) -> Any:
    scale = {"domain": [low, high], "nice": 5, "zero": False}

    def field(name: str) -> dict[str, Any]:
        ticks = axis(title, tickCount=6)
        return {"field": name, "type": "quantitative", "scale": scale, "axis": ticks}

    return field


def _y(rows: int) -> dict[str, Any]:
    scale = {"domain": [rows, 0], "nice": False, "zero": False}
    return {"field": "place", "type": "quantitative", "axis": None, "scale": scale}
