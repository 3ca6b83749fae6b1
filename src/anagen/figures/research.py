"""Figures of simulated trials and of protocols, for researchers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from anagen.figures.draw import BLUE, GREY, INK, ORANGE, Figure, axis, draw, layer

if TYPE_CHECKING:
    from anagen.protocol.model import Country, Protocols
    from anagen.protocol.report import ArmPaths
    from anagen.trial.curve import CurvePoint
    from anagen.trial.enrolment import EnrolmentCourse

WIDTH, HEIGHT = 520, 300
PADDING = {"left": 64, "right": 28, "top": 16, "bottom": 52}
WIDE_PADDING = {**PADDING, "right": 170}
NAMED_SHARE = 0.05
"""A band thinner than this at its end has no room for a name."""

Row = dict[str, Any]


def power_curve_figure(points: Sequence["CurvePoint"], people: int, target: float) -> Figure:
    """Power by number of people, with assurance below it.

    Blue: power at the design effect; orange: assurance; bars: two Monte Carlo standard errors; the
    dashed lines stand at the trial's own size and at the power that is wanted.
    """
    x = _x("people", "people", 0, max(point.people for point in points))
    rows = [
        {
            "people": point.people, "which": which, "share": one.estimate,
            "low": max(one.estimate - 2 * one.mc_se, 0.0),
            "high": min(one.estimate + 2 * one.mc_se, 1.0),
        }
        for point in points
        for which, one in (("power", point.power), ("assurance", point.assurance))
    ]  # fmt: skip
    y = _y("share", "chance to find the arm better", 0, 1)
    marks: list[Row] = [
        layer([{"share": target}], _dashed(), y=y),
        layer([{"people": people}], _dashed(), x=x),
    ]
    for which, colour in (("power", BLUE), ("assurance", ORANGE)):
        own = [row for row in rows if row["which"] == which]
        marks += [
            layer(own, {"type": "line", "color": colour, "strokeWidth": 2.4}, x=x, y=y),
            layer(own, {"type": "rule", "color": colour}, x=x,
                  y=_y("low", "chance to find the arm better", 0, 1), y2={"field": "high"}),
            layer(own, _dot(colour), x=x, y=y),
            layer(own[-1:], _name(), x=x, y=y, text={"field": "which"}),
        ]  # fmt: skip
    told = "; ".join(
        f"{point.people} people: power {point.power.estimate:.2f}, assurance "
        f"{point.assurance.estimate:.2f}"
        for point in points
    )
    spec = {"width": WIDTH, "height": HEIGHT, "padding": {**PADDING, "right": 96}, "layer": marks}
    return draw("power-curve", spec, "Power by number of people", f"{told}.")


def paths_figure(paths: Mapping[str, "ArmPaths"], unit: str) -> Figure:
    """One simulated trial: the first people of each arm, and the means with their intervals.

    Blue: the compared arm; orange: what it is set against. Thin lines are people.
    """
    weeks = next(iter(paths.values())).weeks
    own = [
        value
        for arm in paths.values()
        for person in arm.people
        for value in person
        if value is not None
    ]
    x = _x("week", "weeks since the start", 0, weeks[-1])
    y = _y("change", f"change, {unit}", min(own), max(own))
    thin: list[Row] = []
    marks: list[Row] = []
    for (name, arm), colour in zip(paths.items(), (BLUE, ORANGE), strict=True):
        for number, person in enumerate(arm.people):
            rows = [
                {"week": week, "change": value, "person": number}
                for week, value in zip(weeks, person, strict=True)
                if value is not None
            ]
            faint = {"type": "line", "color": colour, "opacity": 0.22, "strokeWidth": 1}
            thin.append(layer(rows, faint, x=x, y=y))
        means = [
            {"week": week, "change": mean, "low": low, "high": high, "name": name}
            for week, mean, low, high in zip(weeks, arm.mean, arm.low, arm.high, strict=True)
        ]
        marks += [
            layer(means, {"type": "line", "color": colour, "strokeWidth": 3}, x=x, y=y),
            layer(means, {"type": "rule", "color": colour, "strokeWidth": 2}, x=x,
                  y={**y, "field": "low"}, y2={"field": "high"}),
            layer(means[-1:], _name(), x=x, y=y, text={"field": "name"}),
        ]  # fmt: skip
    told = "; ".join(
        f"{name}, week {weeks[-1]}: mean {arm.mean[-1]:+.1f}, 95 % interval {arm.low[-1]:+.1f} to "
        f"{arm.high[-1]:+.1f}"
        for name, arm in paths.items()
    )
    spec = {
        "width": WIDTH, "height": HEIGHT, "padding": {**PADDING, "right": 110},
        "layer": [*thin, *marks],
    }  # fmt: skip
    return draw("sample-paths", spec, "One simulated trial, person by person", f"{told}.")


def enrolment_figure(course: "EnrolmentCourse", people: int) -> Figure:
    """People who have begun, and those counted at the endpoint, with bands of 90 %."""
    x = _x("week", "weeks since the first person was asked", 0, course.weeks[-1])
    y = _y("middle", "people", 0, people)
    marks: list[Row] = []
    for name, curve, colour in (("begun", course.begun, BLUE), ("counted", course.counted, ORANGE)):
        rows = [
            {"week": week, "low": low, "middle": middle, "high": high, "name": name}
            for week, low, middle, high in zip(course.weeks, *curve, strict=True)
        ]
        marks += [
            layer(rows, {"type": "area", "color": colour, "opacity": 0.22}, x=x,
                  y={**y, "field": "low"}, y2={"field": "high"}),
            layer(rows, {"type": "line", "color": colour, "strokeWidth": 2.4}, x=x, y=y),
            layer(rows[-1:], _name(), x=x, y=y, text={"field": "name"}),
        ]  # fmt: skip
    last = course.duration_weeks
    text = (
        f"The last endpoint comes in week {last.q50:.0f} (90 % interval {last.q05:.0f} to "
        f"{last.q95:.0f}), with {people} people begun."
    )
    spec = {"width": WIDTH, "height": HEIGHT, "padding": {**PADDING, "right": 96}, "layer": marks}
    return draw("enrolment", spec, "How people come", text)


def front_figure(found: "Protocols", country: "Country") -> Figure:
    """Gain against cost of every protocol that has a price; full dots lie on the front.

    Orange: with exosomes; blue: without. Bars: from 5 to 95 % of what is not known. Numbers are
    those of the table beside it.
    """
    gains = {one.id: one for one in found.protocols}
    rows: list[Row] = [
        {
            "cost": offer.cost.mean, "gain": gains[offer.id].gain.mean,
            "low": gains[offer.id].gain.q05, "high": gains[offer.id].gain.q95,
            "with": "exosome" in gains[offer.id].family, "front": offer.on_front,
            "number": str(country.front.index(offer.id) + 1) if offer.on_front else "",
        }
        for offer in country.offers
        if offer.cost is not None
    ]  # fmt: skip
    x = _x("cost", f"cost, {country.currency}", 0, 1.05 * max(row["cost"] for row in rows))
    y = _y("gain", "hairs per cm² more than with nothing", min(row["low"] for row in rows),
           max(row["high"] for row in rows))  # fmt: skip
    marks: list[Row] = [layer([{"gain": 0}], _dashed(), y=y)]
    for with_, colour in ((True, ORANGE), (False, BLUE)):
        own = [row for row in rows if row["with"] == with_]
        on = [row for row in own if row["front"]]
        off = [row for row in own if not row["front"]]
        marks += [
            layer(own, {"type": "rule", "color": colour, "opacity": 0.35}, x=x,
                  y={**y, "field": "low"}, y2={"field": "high"}),
            layer(off, {"type": "point", "filled": False, "color": colour, "size": 50}, x=x, y=y),
            layer(on, _dot(colour), x=x, y=y),
            layer(on, {"type": "text", "dx": 11, "dy": -7}, x=x, y=y, text={"field": "number"}),
        ]  # fmt: skip
    told = "; ".join(
        f"{number}: {name}, cost {offer.cost.mean:,.0f}, gain {gains[name].gain.mean:+.1f} "
        f"({gains[name].gain.q05:+.1f} to {gains[name].gain.q95:+.1f})"
        for number, name in enumerate(country.front, start=1)
        for offer in country.offers
        if offer.id == name and offer.cost is not None
    )
    spec = {"width": WIDTH, "height": HEIGHT + 40, "padding": PADDING, "layer": marks}
    title = f"Gain and cost of protocols, {country.country}"
    return draw(f"front-{country.country}", spec, title, f"The front: {told}.")


def acceptability_figure(country: "Country") -> Figure:
    """Chance that a family of protocols holds the best one, by what a hair is worth; they sum to 1.

    Orange: families with exosomes, blue: others, grey: nothing.
    """
    families = list(country.chances)
    x = _x("worth", f"worth of a hair per cm², {country.currency}", 0, country.worth[-1])
    y = _y("top", "chance to be best", 0, 1)
    with_ = [family for family in families if "exosome" in family]
    without = [family for family in families if "exosome" not in family and family != "none"]
    marks: list[Row] = []
    bottoms = [0.0] * len(country.worth)
    ends: list[Row] = []
    for family in families:
        colour, group = (ORANGE, with_) if family in with_ else (BLUE, without)
        colour = GREY if family == "none" else colour
        place = group.index(family) if family in group else 0
        tops = [sum(pair) for pair in zip(bottoms, country.chances[family], strict=True)]
        rows = [
            {"worth": worth, "low": low, "top": top}
            for worth, low, top in zip(country.worth, bottoms, tops, strict=True)
        ]
        band = {
            "type": "area", "color": colour, "opacity": 0.9 - 0.6 * place / max(len(group), 1),
            "stroke": INK, "strokeWidth": 0.6,
        }  # fmt: skip
        marks.append(layer(rows, band, x=x, y={**y, "field": "low"}, y2={"field": "top"}))
        if country.chances[family][-1] >= NAMED_SHARE:
            label = "nothing" if family == "none" else family
            ends.append({"worth": country.worth[-1], "top": (tops[-1] + bottoms[-1]) / 2,
                         "name": label})  # fmt: skip
        bottoms = tops
    marks.append(layer(ends, _name(), x=x, y=y, text={"field": "name"}))
    told = "; ".join(
        f"{'nothing' if family == 'none' else family}: {chances[0]:.0%} to {chances[-1]:.0%}"
        for family, chances in country.chances.items()
    )
    text = f"From a worth of 0 to {country.worth[-1]:,.0f} {country.currency}: {told}."
    spec = {"width": WIDTH, "height": HEIGHT, "padding": WIDE_PADDING, "layer": marks}
    title = f"Which protocol may be best, {country.country}"
    return draw(f"acceptability-{country.country}", spec, title, text)


def worth_figure(country: "Country") -> Figure:
    """What knowing one thing is worth to one person, the most valuable first."""
    rows: list[Row] = [
        {"text": one.text, "value": one.value, "place": number + 0.5}
        for number, one in enumerate(country.unknowns)
    ]
    most = max((row["value"] for row in rows), default=0.0)
    x = _x("value", f"{country.currency} for one person", 0, most or 1.0)
    y = {
        "field": "place", "type": "quantitative", "axis": None,
        "scale": {"domain": [len(rows), 0], "nice": False, "zero": False},
    }  # fmt: skip
    marks = [
        layer(rows, {"type": "bar", "color": BLUE, "size": 12, "orient": "horizontal"},
              x=x, y=y),
        layer(rows, {"type": "text", "align": "left", "x": 2, "dy": -13}, y=y,
              text={"field": "text"}),
    ]  # fmt: skip
    told = "; ".join(f"{row['text']}: {row['value']:,.0f}" for row in rows)
    spec = {
        "width": WIDTH, "height": 40 * max(len(rows), 1), "padding": {**PADDING, "left": 16},
        "layer": marks,
    }  # fmt: skip
    title = f"What would be worth knowing, {country.country}"
    return draw(f"worth-{country.country}", spec, title, f"{told}.")


def _x(field: str, title: str, low: float, high: float) -> Row:
    return {
        "field": field, "type": "quantitative", "axis": axis(title, tickCount=6),
        "scale": {"domain": [low, high], "nice": False, "zero": False},
    }  # fmt: skip


def _y(field: str, title: str, low: float, high: float) -> Row:
    return {
        "field": field, "type": "quantitative", "axis": axis(title, tickCount=6),
        "scale": {"domain": [low, high], "nice": 5, "zero": False},
    }  # fmt: skip


def _dashed() -> Row:
    return {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.6}


def _dot(colour: str) -> Row:
    return {"type": "point", "filled": True, "color": colour, "size": 60, "opacity": 1}


def _name() -> Row:
    return {"type": "text", "align": "left", "dx": 8}
