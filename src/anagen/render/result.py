"""A forecast arranged for looking at: the same options, days and people in every view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anagen.figures import (
    Figure,
    RangeAxis,
    Shown,
    curves,
    icon_array,
    range_axis,
    scalp_panels,
    share_bar,
)
from anagen.figures.numbers import change_span, whole_span
from anagen.forecasting.model import ArmForecast, Forecast, Quantiles
from anagen.forecasting.patch import ScalpPatch
from anagen.plan.model import ComparisonCell, Plan
from anagen.render import view, words
from anagen.wording import Wording, marked

VIEWS: Final[Mapping[str, str]] = {
    "words": marked("Words"),
    "table": marked("Table"),
    "curves": marked("Curves"),
    "bars": marked("Bars"),
    "icons": marked("100 people"),
    "patch": marked("Scalp patch"),
}
"""Ways to see one forecast, by id, in their order."""

ASKS: Final[Mapping[str, str]] = {
    "harms": marked("Harms"),
    "cost": marked("Cost"),
    "visits": marked("Visits"),
    "effort": marked("Effort"),
}
"""Rows of the comparison that stand beside what an option may give."""

CHANGE: Final = marked("Change in hairs per cm²")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time at which all options are compared; `number` counts from 1."""

    number: int
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class OptionAt:
    """One option at one time.

    Attributes:
        moment: when.
        row: its ranges, people and certainty.
        half, half_level: the middle half of the change and of the level, shown where the full
            range is switched off.
        share: bar of a hundred people.
        span: bar of the range of the change, on the axis of the result.
        icons: a hundred people as figures.
    """

    moment: Moment
    row: view.ForecastRow
    half: str
    half_level: str
    share: str
    span: str
    icons: Figure


@dataclass(frozen=True, slots=True)
class Option:
    """One option in every view.

    Attributes:
        arm: its forecast; `arm.available` is False for an option that is not open.
        label: its name in the language.
        at: what may happen at each moment; empty for an option that is not open.
        curve: the change over time; None for an option that is not open.
        asks: harms, cost, visits and effort, by the ids of `ASKS`.
    """

    arm: ArmForecast
    label: str
    at: tuple[OptionAt, ...]
    curve: Figure | None
    asks: Mapping[str, ComparisonCell]


@dataclass(frozen=True, slots=True)
class ScalpPicture:
    """One picture of scalp, never without the range that it is one example of.

    Attributes:
        figure: the picture.
        label: whose option it shows; None for today.
        span: hairs per cm² from 5 to 95 in 100 people.
        at: the option at the moment of the picture; None for today.
    """

    figure: Figure
    label: str | None
    span: str
    at: OptionAt | None


@dataclass(frozen=True, slots=True)
class Result:
    """All views of a forecast.

    Attributes:
        views: labels of the views that there are, by id.
        view: the view that is shown first.
        moments: the times that can be chosen.
        chosen: number of the moment that is shown first.
        options: every option, in the forecast's order, which is no ranking.
        axis: axis of the bars of ranges.
        pictures: today's scalp and later; none where no follicles were followed.
        picture_week: week of the later pictures.
    """

    views: Mapping[str, str]
    view: str
    moments: tuple[Moment, ...]
    chosen: int
    options: tuple[Option, ...]
    axis: RangeAxis
    pictures: tuple[ScalpPicture, ...]
    picture_week: int | None


def result_of(
    plan: Plan, patch: ScalpPatch | None, wording: Wording, day: int | None, shown: str
) -> Result:
    """Arrange a forecast for all views.

    Args:
        plan: one with a forecast.
        patch: follicles to draw, or None.
        wording: the language.
        day: the day that is shown first; by default the nearest to 24 weeks.
        shown: the view that is shown first; the first one where there is no such view.
    """
    forecast = plan.forecast
    assert isinstance(forecast, Forecast)
    moments = tuple(
        Moment(number, at, view.week_of(at))
        for number, at in enumerate(view.days_shown(forecast), start=1)
    )
    wanted = view.main_day(forecast) if day is None else day
    chosen = min(moments, key=lambda moment: abs(moment.day - wanted))
    axis = range_axis(
        _change(arm, moment.day) for arm in forecast.arms if arm.available for moment in moments
    )
    labels = {arm.id: wording.say(words.arm_label(arm.id)) for arm in forecast.arms}
    days = tuple(moment.day for moment in moments)
    drawn = curves(forecast, Shown(view.MAIN_OUTCOME, wording.say(CHANGE), labels, days, wording))
    maker = _Maker(plan, forecast, moments, axis, wording)
    options = tuple(maker.option(arm, labels[arm.id], drawn.get(arm.id)) for arm in forecast.arms)
    pictures = scalp_pictures(options, patch, wording) if patch else ()
    views = {id_: label for id_, label in VIEWS.items() if id_ != "patch" or pictures}
    return Result(
        views=views,
        view=shown if shown in views else next(iter(views)),
        moments=moments,
        chosen=chosen.number,
        options=options,
        axis=axis,
        pictures=pictures,
        picture_week=view.week_of(patch.day) if patch else None,
    )


def _change(arm: ArmForecast, day: int) -> Quantiles:
    return arm.change[view.MAIN_OUTCOME][str(day)]


@dataclass(frozen=True, slots=True)
class _Maker:
    """What all options share while they are arranged."""

    plan: Plan
    forecast: Forecast
    moments: tuple[Moment, ...]
    axis: RangeAxis
    wording: Wording

    def option(self, arm: ArmForecast, label: str, curve: Figure | None) -> Option:
        rows = view.forecast_rows(self.forecast, arm)
        return Option(
            arm=arm,
            label=label,
            at=tuple(
                self._at(arm, label, moment, row)
                for moment, row in zip(self.moments, rows, strict=False)
            ),
            curve=curve,
            asks={
                row.id: row.by_arm[arm.id]
                for row in self.plan.comparison.rows
                if row.id in ASKS and arm.id in row.by_arm
            },
        )

    def _at(self, arm: ArmForecast, label: str, moment: Moment, row: view.ForecastRow) -> OptionAt:
        change = _change(arm, moment.day)
        level = arm.outcomes[view.MAIN_OUTCOME][str(moment.day)]
        people = {"gain": row.gain, "same": row.same, "loss": row.loss}
        key = f"{arm.id.replace('+', '-and-')}-{moment.number}"
        return OptionAt(
            moment=moment,
            row=row,
            half=change_span(change.q25, change.q75),
            half_level=whole_span(level.q25, level.q75),
            share=share_bar(people),
            span=self.axis.bar(change),
            icons=icon_array(people, label, moment.week, key, self.wording),
        )


def scalp_pictures(
    options: tuple[Option, ...], patch: ScalpPatch, wording: Wording
) -> tuple[ScalpPicture, ...]:
    """Today's scalp and each followed option's, in the order of the forecast."""
    followed = [option for option in options if option.arm.id in patch.after]
    later = {option.label: patch.after[option.arm.id] for option in followed}
    today, *drawn = scalp_panels(patch.today, later, patch.model, wording=wording).values()
    now = followed[0].arm.outcomes[view.MAIN_OUTCOME]["0"]
    return (
        ScalpPicture(today, None, view.level_range(now), None),
        *(
            ScalpPicture(figure, option.label, at.row.level, at)
            for figure, option in zip(drawn, followed, strict=True)
            for at in option.at
            if at.moment.day == patch.day
        ),
    )
