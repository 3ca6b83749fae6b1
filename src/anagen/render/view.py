"""What the terminal and the page both show: the plan's values arranged for reading.

Nothing is decided or computed anew here; numbers are only rounded, and dates put in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from anagen.candidacy.model import Finding
from anagen.course.model import Course
from anagen.figures.numbers import change_span, signed, whole_span
from anagen.forecasting.model import (
    ArmForecast,
    FirstVisibleDay,
    Forecast,
    Pair,
    Quantiles,
    VisibleShares,
)
from anagen.plan.model import (
    Comparison,
    ComparisonCell,
    ComparisonRow,
    Limit,
    Plan,
)
from anagen.quote.model import Quote
from anagen.render import words
from anagen.render.words import FINDING_KIND
from anagen.wording import Money, Phrase, joined, marked

MAIN_OUTCOME: Final = "total_density_per_cm2"
WEEKS: Final = (16, 24, 52)
MAIN_WEEK: Final = 24
DAYS_PER_WEEK: Final = 7
ALMOST_ALL: Final = 0.995
NOBODY: Final = marked("Almost nobody may see a gain in the time shown.")
WAITING: Final = marked(
    "The article suggests to wait until then. This is not proven: see your medicines."
)


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One option at one time: ranges first, and how sure anyone can be.

    Attributes:
        week: weeks from today.
        change: 5 to 95 % range of the change from today.
        middle: the middle of that range; shown only beside it.
        level: 5 to 95 % range of the value itself, what is not known of today included.
        gain, same, loss: people out of 100; they sum to 100.
        certainty: one of the certainty words.
        studied: whether any trial of this option lasted this long.
    """

    week: int
    change: str
    middle: str
    level: str
    gain: int
    same: int
    loss: int
    certainty: str
    studied: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One dated thing to do or look at."""

    start: date
    end: date | None
    kind: str
    title: str
    text: str
    sources: tuple[str, ...]


def days_shown(forecast: Forecast) -> tuple[int, ...]:
    """The forecast days nearest to 16, 24 and 52 weeks, without repeats."""
    later = [day for day in forecast.horizon_days if day > 0]
    chosen = (min(later, key=lambda day: abs(day - week * DAYS_PER_WEEK)) for week in WEEKS)
    return tuple(dict.fromkeys(chosen))


def main_day(forecast: Forecast) -> int:
    """The forecast day nearest to 24 weeks, which is as far as most trials went."""
    later = [day for day in forecast.horizon_days if day > 0]
    return min(later, key=lambda day: abs(day - MAIN_WEEK * DAYS_PER_WEEK))


def week_of(day: int) -> int:
    """Whole weeks from today."""
    return round(day / DAYS_PER_WEEK)


def forecast_rows(forecast: Forecast, arm: ArmForecast) -> tuple[ForecastRow, ...]:
    """An option's rows; none for an option without a forecast."""
    if not arm.available:
        return ()
    return tuple(_forecast_row(arm, day) for day in days_shown(forecast))


def main_row(forecast: Forecast, arm: ArmForecast) -> ForecastRow:
    """An option's row on the main day."""
    return _forecast_row(arm, main_day(forecast))


def _forecast_row(arm: ArmForecast, day: int) -> ForecastRow:
    then, change = arm.outcomes[MAIN_OUTCOME][str(day)], arm.change[MAIN_OUTCOME][str(day)]
    parts = people(arm, day)
    return ForecastRow(
        week=week_of(day),
        change=change_span(change.q05, change.q95),
        middle=signed(change.q50),
        level=level_range(then),
        gain=parts["gain"],
        same=parts["same"],
        loss=parts["loss"],
        certainty=then.certainty,
        studied=day <= (arm.evidence_basis.studied_until_day or 0),
    )


def level_range(level: Quantiles) -> str:
    """The 5 to 95 % range of a level, in whole units."""
    return whole_span(level.q05, level.q95)


def people(arm: ArmForecast, day: int) -> dict[str, int]:
    """Gain, same and loss as whole people that sum to 100 (largest remainder)."""
    shares = arm.visible[str(day)]
    assert isinstance(shares, VisibleShares)
    exact = {name: getattr(shares, name) * 100 for name in ("gain", "same", "loss")}
    whole = {name: int(part) for name, part in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: 100 - sum(whole.values())]:
        whole[name] += 1
    return whole


def first_visible(forecast: Forecast, arm: ArmForecast) -> str:
    """When a visible gain may first be seen, as sentences with a range and who never sees one.

    Claims: C09.
    """
    first = arm.visible["first_day"]
    assert isinstance(first, FirstVisibleDay)
    never = Phrase(
        "For about {people} in 100 people it does not come by week {week}.",
        people=round(first.never * 100),
        week=week_of(forecast.horizon_days[-1]),
    )
    if first.q05 is None:
        few = Phrase("Few people may see a gain.")
        return joined((few, never)) if first.never < ALMOST_ALL else Phrase(NOBODY)
    early = max(1, week_of(round(first.q05)))
    if first.q95 is None:
        when = Phrase("A visible gain may first show from week {early} or later.", early=early)
    else:
        when = Phrase(
            "A visible gain may first show from week {early} to week {late}.",
            early=early,
            late=week_of(round(first.q95)),
        )
    return joined((when, never))


def today_range(forecast: Forecast) -> str:
    """Today's level as a range with its middle: it too is only partly known."""
    today = next(arm for arm in forecast.arms if arm.available).outcomes[MAIN_OUTCOME]["0"]
    return Phrase("{span}, middle {middle}", span=level_range(today), middle=round(today.q50))


def evidence_words(arm: ArmForecast) -> str:
    """What kind of evidence a curve rests on; doing nothing new has no effect to be found."""
    return words.UNTREATED if arm.id == "none" else words.EVIDENCE[arm.evidence_basis.finding]


def limits_beside(plan: Plan) -> tuple[Limit, ...]:
    """Limits that are not already told beside the forecast."""
    notes = plan.forecast.notes if isinstance(plan.forecast, Forecast) else ()
    return tuple(limit for limit in plan.limits if limit.reason not in notes)


def pairs_shown(forecast: Forecast, wished: str) -> tuple[Pair, ...]:
    """Pairs of the wished option (or of doing nothing new) on the main outcome and day."""
    day = main_day(forecast)
    return tuple(
        pair
        for pair in forecast.pairs
        if wished in (pair.a, pair.b) and pair.outcome == MAIN_OUTCOME and pair.day == day
    )


def seen_from(pair: Pair, arm: str) -> tuple[str, int]:
    """The other option of a pair, and the chance out of 100 that `arm` gives more."""
    if pair.a == arm:
        return pair.b, round(pair.probability_a_better * 100)
    return pair.a, round((1 - pair.probability_a_better) * 100)


def findings_by_kind(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Findings under their headings, the most serious first."""
    grouped = {
        kind: tuple(finding for finding in findings if finding.kind == kind)
        for kind in FINDING_KIND
    }
    return {kind: group for kind, group in grouped.items() if group}


def timeline(course: Course) -> tuple[TimelineEntry, ...]:
    """Sessions, suggested waits and look-backs in the order of their dates.

    Claims: C05, C06.
    """
    count = len(course.sessions)
    entries = [
        TimelineEntry(
            session.date,
            None,
            "session",
            Phrase("Session {number} of {count}", number=session.number, count=count),
            Phrase("{what}. Up to {minutes} minutes.", what=session.what, minutes=session.minutes),
            (),
        )
        for session in course.sessions
    ]
    entries += [
        TimelineEntry(
            step.from_,
            step.until,
            "medicine",
            step.label,
            Phrase(WAITING) if step.action == "article_suggests_waiting" else step.text,
            step.sources,
        )
        for step in course.medicines
        if step.from_ is not None
    ]
    entries += [
        TimelineEntry(look.date, None, "look", Phrase("Look back"), look.text, look.sources)
        for look in course.follow_up
    ]
    return tuple(sorted(entries, key=lambda entry: entry.start))


def compared(plan: Plan) -> tuple[str, ...]:
    """Options that a comparison needs columns for: single ones, those of the wish first.

    A sum of options takes the answers of its parts, so it has no column of its own.
    """
    wished = plan.candidacy.arm.split("+")
    singles = (arm.id for arm in plan.arms if "+" not in arm.id)
    return tuple(dict.fromkeys((*wished, *singles)))


def told_of_sum(
    comparison: Comparison, arm: str
) -> tuple[tuple[ComparisonRow, ComparisonCell], ...]:
    """Answers for a sum of options that say more than the answers of its parts."""
    parts = [part for part in arm.split("+") if part != arm]
    return tuple(
        (row, whole)
        for row in comparison.rows
        if parts
        and (whole := row.by_arm.get(arm)) is not None
        and not any(part in row.by_arm and row.by_arm[part].text in whole.text for part in parts)
    )


def priced_apart(quote: Quote) -> tuple[str, ...]:
    """Parts with a price of their own that the range doesn't hold, for want of an exchange rate."""
    return tuple(
        Phrase("{label}: {text}", label=item.label, text=Money(item.low, item.high, item.currency))
        for item in quote.items
        if not item.in_total and item.low is not None and item.high is not None
    )


def limits_of(plan: Plan, part: str) -> str:
    """Why a part of the plan is missing or weak."""
    return joined(limit.reason for limit in plan.limits if limit.part == part)


def budget_in(plan: Plan, currency: str | None) -> float | None:
    """The person's budget, where it was given in this currency."""
    budget = (plan.person.get("wishes") or {}).get("budget")
    if not budget or budget["currency"] != currency:
        return None
    return float(budget["amount"])
