"""A published fact beside what the model gives, and whether the two agree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Role = Literal["test", "fitted", "input"]
"""Whether a fact was left out of making the model, led a prior or a fit, or is a parameter."""

SURE = 1.96
"""Standard errors in half of a 95 % interval."""


@dataclass(frozen=True)
class Tolerance:
    """How far the model may lie from a published number.

    Attributes:
        size: the unit of the distance z.
        words: what it is, as the page prints it.
        limit: the largest distance that is still inside, in units of `size`.
    """

    size: float
    words: str
    limit: float = 1.0


def between_people(sd: float) -> Tolerance:
    """The published SD between people: the model's mean may lie one of it away."""
    return Tolerance(sd, f"SD {sd:g}")


def of_mean(se: float, words: str = "") -> Tolerance:
    """A standard error: the model's mean has to lie in the 95 % interval."""
    return Tolerance(se, words or f"SE {se:.2g}", SURE)


def judged(size: float, why: str) -> Tolerance:
    """Nothing was published; this one is a judgement, and the page says so."""
    return Tolerance(size, f"none given; by judgement {size:.3g}: {why}")


def derived(size: float, how: str) -> Tolerance:
    """No spread was published for this figure, but others that it follows from."""
    return Tolerance(size, f"none given; {size:.3g} {how}")


def order_only(size: float) -> Tolerance:
    """A published inequality or a span: outside is outside, whatever the distance."""
    return Tolerance(size, "a bound", 0.0)


@dataclass(frozen=True)
class Fact:
    """One published fact.

    Attributes:
        name: what was measured, in which unit.
        source: id of a source.
        low: the published number, or the lower end of a published span.
        tolerance: how far beyond it the model may lie.
        found: what the model gives, one value per draw.
        high: the upper end of a published span.
        words: how it was published, where a bare number would not say it.
        role: what part it had in making the model.
        remark: what a reader should know besides.
        digits: decimal places of the model's value.
    """

    name: str
    source: str
    low: float
    tolerance: Tolerance
    found: Floats
    high: float | None = None
    words: str = ""
    role: Role = "test"
    remark: str = ""
    digits: int = 1

    @property
    def published(self) -> str:
        """What was published, as the page prints it."""
        return self.words or f"{self.low:g}".replace("-", "−")

    @property
    def distance(self) -> float:
        """Distance of the model's mean from the published interval, in units of the tolerance."""
        mean = float(self.found.mean())
        high = self.low if self.high is None else self.high
        return (mean - min(max(mean, self.low), high)) / self.tolerance.size

    @property
    def inside(self) -> bool:
        """Whether the model's mean agrees with what was published."""
        return abs(self.distance) <= self.tolerance.limit


def number(value: float, digits: int = 1) -> str:
    """A number with a true minus sign, and no minus before a zero."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def span(values: Floats, digits: int = 1) -> str:
    """Mean and 90 % range over draws; the mean alone where there is one draw."""
    if values.size == 1:
        return number(values.item(), digits)
    low, high = np.quantile(values, [0.05, 0.95])
    bounds = f"{number(low, digits)} to {number(high, digits)}"
    return f"{number(values.mean(), digits)} ({bounds})"


def verdict(distance: float, inside: bool) -> str:
    """`inside` or `**outside**`, with the distance."""
    return f"{'inside' if inside else '**outside**'}, {number(distance)}"


def facts_table(facts: Iterable[Fact]) -> Iterator[str]:
    """One line for each fact."""
    yield "| fact | source | published | model, mean (90 %) | verdict, z | role | remark |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for fact in facts:
        link = f"[{fact.source}](../reference/sources.md#{fact.source})"
        cells = (
            fact.name,
            link,
            f"{fact.published} ({fact.tolerance.words})",
            span(fact.found, fact.digits),
            verdict(fact.distance, fact.inside),
            fact.role,
            fact.remark,
        )
        yield f"| {' | '.join(cells)} |"


def summary(facts: Iterable[Fact]) -> Iterator[str]:
    """How many facts lie inside by role, and all that lie outside."""
    listed = list(facts)
    yield "| role | inside | outside |"
    yield "| --- | --- | --- |"
    for role in ("test", "fitted", "input"):
        held = [fact.inside for fact in listed if fact.role == role]
        yield f"| {role} | {sum(held)} | {len(held) - sum(held)} |"
    yield ""
    yield "Outside:"
    yield ""
    for fact in listed:
        if not fact.inside:
            seen = f"{fact.published} published, {span(fact.found, fact.digits)} in the model"
            yield f"- {fact.name} ({fact.role}): {seen}, z {number(fact.distance)}."
