"""What a quote consists of. Money is decimal text; no exchange rate is ever assumed."""

from dataclasses import dataclass
from typing import Literal

Budget = Literal["yes", "no", "depends", "unknown"]


@dataclass(frozen=True, slots=True)
class QuoteItem:
    """One priced part. `in_total` is False when its currency differs from the quote's."""

    id: str
    label: str
    currency: str | None
    low: str | None
    high: str | None
    in_total: bool
    basis: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceConflict:
    """Two or more sources that disagree, kept side by side."""

    id: str
    text: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insurance:
    """Who pays. `covered` is None where no source settles it: not established."""

    covered: bool | None
    text: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalAmount:
    """The range in another currency, at the one rate that the user gave."""

    currency: str
    low: str
    high: str
    rate: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A price range for the wished course.

    Attributes:
        low, high: decimal money, two significant figures rounded outwards (exact from a clinic's
            own list); None only if no price at all is known.
        ask_clinic: True when the range rests on one weak source or none.
        within_budget: None when no budget was given.
    """

    arm: str
    country: str
    currency: str | None
    low: str | None
    high: str | None
    typical: str | None
    ask_clinic: bool
    definite: bool
    basis: str
    sessions: int
    items: tuple[QuoteItem, ...]
    extras: tuple[QuoteItem, ...]
    insurance: Insurance
    conflicts: tuple[PriceConflict, ...]
    within_budget: Budget | None
    local: LocalAmount | None
    claims: tuple[str, ...]
    sources: tuple[str, ...]
