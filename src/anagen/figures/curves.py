"""How hair may change over time: one panel for each option, all on the same axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anagen.figures.draw import BLUE, ENGLISH, INK, Figure, named
from anagen.figures.numbers import change_span, signed
from anagen.figures.svg import Point, Scale, band, brief, grid, nice_ticks, smooth, whole, words
from anagen.forecasting.model import ArmForecast, Forecast, Quantiles
from anagen.wording import Phrase, Wording, joined

WIDTH, HEIGHT = 320.0, 224.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 304.0, 26.0, 186.0
REFERENCE = "none"
DAYS_PER_WEEK = 7
TICK_WEEKS = (0, 24, 52, 104, 156)

_HATCH = (
    '<defs><pattern id="chart-{key}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><path d="M0 0V8" stroke="{INK}" stroke-width="2.4" '
    'opacity=".28"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a forecast its curves show, in the words of one language.

    Attributes:
        outcome: one of the forecast's outcomes.
        axis: what the vertical axis counts.
        labels: names of the options by id.
        days: days that are marked and told in words.
        wording: the language.
    """

    outcome: str
    axis: str
    labels: Mapping[str, str]
    days: tuple[int, ...]
    wording: Wording = ENGLISH


def curves(forecast: Forecast, shown: Shown) -> dict[str, Figure]:
    """One figure for each option that has a forecast, by its id.

    Light band (class `full`): 5 to 95 %; dark band: 25 to 75 %; line: the middle; dashed line:
    doing nothing new. The bands are changes from today; weeks that no trial reached are hatched
    and say so. Upright marks of the classes `at at-1`, `at at-2`, … stand at the days shown.

    Claims: C32.
    """
    paths = {arm.id: _path(arm, shown.outcome) for arm in forecast.arms if arm.available}
    ends = [end for path in paths.values() for _, at in path for end in (at.q05, at.q95)]
    ticks = nice_ticks(min(ends), max(ends))
    frame = _Frame(
        x=Scale(0.0, max(week for path in paths.values() for week, _ in path), LEFT, RIGHT),
        y=Scale(ticks[0], ticks[-1], BOTTOM, TOP),
        ticks=ticks,
        shown=shown,
        reference=_middle(paths[REFERENCE]) if REFERENCE in paths else (),
    )
    return {
        arm.id: named(
            frame.panel(arm, paths[arm.id]),
            arm.id.replace("+", "-and-"),
            *_told(arm, shown),
        )
        for arm in forecast.arms
        if arm.available
    }


Path = Sequence[tuple[float, Quantiles]]


def _path(arm: ArmForecast, outcome: str) -> Path:
    """Weeks from today with the change by then."""
    days = sorted(arm.change[outcome].items(), key=lambda item: int(item[0]))
    return [(int(day) / DAYS_PER_WEEK, change) for day, change in days]


def _middle(path: Path) -> Sequence[tuple[float, float]]:
    return [(week, change.q50) for week, change in path]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all panels share: axes, marks, and the line of doing nothing new."""

    x: Scale
    y: Scale
    ticks: tuple[float, ...]
    shown: Shown
    reference: Sequence[tuple[float, float]]

    def panel(self, arm: ArmForecast, path: Path) -> str:
        """The picture of one option."""
        key = arm.id.replace("+", "-and-")
        studied = (arm.evidence_basis.studied_until_day or 0) / DAYS_PER_WEEK
        outer = band(self._line(path, "q95"), self._line(path, "q05"))
        inner = band(self._line(path, "q75"), self._line(path, "q25"))
        parts = [
            self._not_studied(key, studied),
            self._axes(),
            f'<path class="full" d="{outer}" fill="{BLUE}" opacity=".24"/>',
            f'<path d="{inner}" fill="{BLUE}" opacity=".45"/>',
            f'<path d="M{smooth(self._line(path, "q50"))}" stroke="{BLUE}" stroke-width="2.4"/>',
        ]
        if arm.id != REFERENCE and self.reference:
            line = smooth([(self.x(week), self.y(value)) for week, value in self.reference])
            parts.append(
                f'<path d="M{line}" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 4"/>'
            )
        parts.append(self._marks())
        return whole("".join(parts), WIDTH, HEIGHT)

    def _line(self, path: Path, name: str) -> list[Point]:
        return [(self.x(week), self.y(getattr(change, name))) for week, change in path]

    def _axes(self) -> str:
        lines, labels = "", words(0, 12, self.shown.axis)
        for tick in self.ticks:
            y = self.y(tick)
            lines += f"M{brief(LEFT)} {brief(y)}H{brief(RIGHT)}"
            labels += words(LEFT - 6, y + 4.5, signed(tick), "end")
        for week in (week for week in TICK_WEEKS if week <= self.x.high):
            lines += f"M{brief(self.x(week))} {brief(BOTTOM)}v5"
            labels += words(self.x(week), BOTTOM + 18, str(week), "middle")
        title = self.shown.wording.say("Weeks from today")
        labels += words((LEFT + RIGHT) / 2, HEIGHT - 3, title, "middle")
        today = f'<path d="M{brief(LEFT)} {brief(self.y(0))}H{brief(RIGHT)}" stroke="{INK}"/>'
        return grid(lines) + today * (self.y.low <= 0 <= self.y.high) + labels

    def _not_studied(self, key: str, start: float) -> str:
        """A hatched ground, with its name, over the weeks that no trial reached."""
        if start >= self.x.high:
            return ""
        left = self.x(start)
        name = self.shown.wording.say("not studied")
        return (
            f'{_HATCH.format(key=key)}<path d="M{brief(left)} {brief(TOP)}H{brief(RIGHT)}'
            f'V{brief(BOTTOM)}H{brief(left)}z" fill="url(#chart-{key}-hatch)"/>'
            f'<g font-style="italic">{words(RIGHT - 6, BOTTOM - 8, name, "end")}</g>'
        )

    def _marks(self) -> str:
        return "".join(
            f'<path class="at at-{number}" d="M{brief(self.x(day / DAYS_PER_WEEK))} {brief(TOP)}'
            f'V{brief(BOTTOM)}" stroke="{INK}" stroke-width="1.2"/>'
            for number, day in enumerate(self.shown.days, start=1)
        )


def _told(arm: ArmForecast, shown: Shown) -> tuple[str, str]:
    """The panel's name, and its data in words."""
    name = {"option": shown.labels.get(arm.id, arm.id), "axis": shown.axis}
    until = arm.evidence_basis.studied_until_day
    points = [
        Phrase(
            "Week {week}: {range}, middle half {half}.",
            week=round(day / DAYS_PER_WEEK),
            range=change_span(change.q05, change.q95),
            half=change_span(change.q25, change.q75),
        )
        for day in shown.days
        for change in [arm.change[shown.outcome][str(day)]]
    ]
    studied = (
        Phrase(
            "Trials reach week {week}; later weeks are not studied.",
            week=round(until / DAYS_PER_WEEK),
        )
        if until
        else "No trial has studied this."
    )
    say = shown.wording.say
    text = joined([Phrase("{option}: {axis}, for 90 in 100 people.", **name), *points, studied])
    return say(Phrase("{option}: {axis}, week by week", **name)), say(text)
