"""What one claim's trial holds, and how its numbers are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from anagen import load_evidence
from anagen.evidence.certainty import certainty_rule
from anagen.figures.draw import Figure
from anagen.posterior.keyed import Floats

SPAN = (0.05, 0.5, 0.95)
WEEK_DAYS = 7
ARM_WORDS = {"exosome": "exosomes", "prp": "PRP", "exosome+prp": "both together"}


@dataclass(frozen=True)
class Trial:
    """One claim tried in the model.

    Attributes:
        key: name of its figure.
        title: heading.
        answer: what comes out, in words that follow from the numbers.
        table: lines of Markdown.
        certainty: how sure that is.
        figure: the chart.
    """

    key: str
    title: str
    answer: str
    table: Sequence[str]
    certainty: str
    figure: Figure


def points(values: Floats) -> tuple[float, float, float]:
    """5 %, median and 95 %, in values that may be infinite."""
    low, middle, high = np.quantile(values, SPAN, method="inverted_cdf")
    return float(low), float(middle), float(high)


def number(value: float, digits: int) -> str:
    """A number with a true minus and without a negative zero."""
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def interval(values: Floats, digits: int = 1) -> str:
    """Median and 90 % interval."""
    if not values.size:
        return "no draw"
    low, middle, high = (number(value, digits) for value in points(values))
    return f"{middle} ({low} to {high})"


def day(values: Floats, last: float) -> str:
    """Median and 90 % interval of a day; later than what was simulated is 'never'."""
    low, middle, high = (
        f"{value:.0f}" if np.isfinite(value) else f"not by {last:.0f}" for value in points(values)
    )
    return f"{middle} ({low} to {high})"


def percent(share: float) -> str:
    """A share of draws, never told as certain."""
    whole = 100.0 * share
    if whole > 99.5:
        return "more than 99 %"
    return f"{whole:.0f} %" if whole >= 0.5 else "less than 1 %"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def ledger_certainty(arm: str, at_day: int) -> str:
    """The certainty that the rules give an arm's density, with the reason."""
    rule = certainty_rule(load_evidence(), arm, "total_density_per_cm2", at_day)
    word = rule.certainty.replace("_", " ")
    when = f"{ARM_WORDS[arm]} at week {at_day // WEEK_DAYS}"
    return f"The rules of the evidence give density under {when}: *{word}*."
