"""What a simulation did over time: phase shares and density, with the spread over draws."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from anagen.figures.draw import BLUE, Figure, axis, draw, layer
from anagen.figures.numbers import whole_span
from anagen.follicle.run import TOTAL_THRESHOLD_UM, FollicleRun
from anagen.follicle.spec import PHASES, Floats

WIDTH, HEIGHT = 290, 190
PADDING = {"left": 62, "right": 20, "top": 12, "bottom": 48}
DAYS_PER_WEEK = 7
POINTS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
MOST_SHOWN_AT_ONCE = 5
"""Days told in words."""

Path = list[dict[str, float]]


def phase_shares(run: FollicleRun, key: str = "phase") -> dict[str, Figure]:
    """Share of the cycling follicles in each phase over time, one figure for each phase.

    Dormant and lost follicles are left out. Bands and line are those of `density_over_time`.

    Args:
        run: a run of `anagen.simulate`, with at least two output days.
        key: unique among the figures of a page.
    """
    by_phase = run.density.sum(axis=2)
    percent = 100.0 * by_phase / by_phase.sum(axis=1, keepdims=True)
    paths = {
        phase.replace("_", " "): _path(run, percent[:, row]) for row, phase in enumerate(PHASES)
    }
    return _panels(paths, key, "Share of follicles, %", "share of cycling follicles, %")


def density_over_time(
    runs: Mapping[str, FollicleRun],
    threshold_um: float = TOTAL_THRESHOLD_UM,
    key: str = "density",
) -> dict[str, Figure]:
    """Counted hairs over time, one figure for each run, all on the same axes.

    Light band: 5 to 95 % of the draws; dark band: 25 to 75 %; line: the middle.

    Args:
        runs: runs by their label, each with at least two output days.
        threshold_um: least diameter that is counted.
        key: unique among the figures of a page.
    """
    paths = {label: _path(run, run.counted(threshold_um)) for label, run in runs.items()}
    return _panels(paths, key, "Hairs per cm²", f"hairs of at least {threshold_um:g} µm per cm²")


def _panels(paths: Mapping[str, Path], key: str, axis_title: str, what: str) -> dict[str, Figure]:
    top = max(point["q95"] for path in paths.values() for point in path)
    first = min(path[0]["week"] for path in paths.values())
    last = max(path[-1]["week"] for path in paths.values())
    x = {
        "field": "week",
        "type": "quantitative",
        "scale": {"domain": [first, last], "nice": False},
        "axis": axis("Weeks", tickCount=5, grid=False),
    }

    def y(name: str) -> dict[str, Any]:
        ticks = axis(axis_title, tickCount=5, titlePadding=12, minExtent=34)
        scale = {"domain": [0, top], "nice": 5, "zero": True}
        return {"field": name, "type": "quantitative", "scale": scale, "axis": ticks}

    band = {"type": "area", "color": BLUE}
    figures = {}
    for number, (label, path) in enumerate(paths.items()):
        layers = [
            layer(path, {**band, "opacity": 0.22}, x=x, y=y("q05"), y2={"field": "q95"}),
            layer(path, {**band, "opacity": 0.4}, x=x, y=y("q25"), y2={"field": "q75"}),
            layer(path, {"type": "line", "color": BLUE, "strokeWidth": 2.4}, x=x, y=y("q50")),
        ]
        spec = {"width": WIDTH, "height": HEIGHT, "padding": PADDING, "layer": layers}
        figures[label] = draw(f"{key}-{number}", spec, f"{label}: {what}", _told(label, path, what))
    return figures


def _path(run: FollicleRun, values: Floats) -> Path:
    """Quantiles over draws on each output day; `values` is (days, draws)."""
    rows = np.quantile(values, list(POINTS.values()), axis=1).T.tolist()
    return [
        {"week": day / DAYS_PER_WEEK, **dict(zip(POINTS, row, strict=True))}
        for day, row in zip(run.days, rows, strict=True)
    ]


def _told(label: str, path: Path, what: str) -> str:
    """A few of the days in words, the first and the last among them."""
    shown = np.linspace(0, len(path) - 1, min(len(path), MOST_SHOWN_AT_ONCE)).round().astype(int)
    points = "; ".join(
        f"week {point['week']:.0f}: {whole_span(point['q05'], point['q95'])}, "
        f"middle half {whole_span(point['q25'], point['q75'])}"
        for point in (path[row] for row in shown)
    )
    return f"{label}: {what}, 5 to 95 % of draws. {points}."
