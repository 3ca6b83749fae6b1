"""Decimal money: amounts, ranges, outward rounding, and the one exchange rate that a user gives.

No binary floating point is used anywhere: a price list's cents come out as they went in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from anagen.wording import Money as MoneyText

SIGNIFICANT_DIGITS = 2
CENT = Decimal("0.01")
_RATE = re.compile(
    r"([0-9]{1,12}(?:\.[0-9]{1,12})?) ([A-Z]{3}) = ([0-9]{1,12}(?:\.[0-9]{1,12})?) ([A-Z]{3})"
    r" on ([0-9]{4}-[0-9]{2}-[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Money:
    """One amount in one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high` in one currency, both ends included."""

    low: Decimal
    high: Decimal
    currency: str

    def scaled(self, multiply: int, divide: int = 1) -> "Range":
        """The range times `multiply`, then divided: exact wherever the result has few digits."""
        return Range(self.low * multiply / divide, self.high * multiply / divide, self.currency)

    def rounded(self) -> "Range":
        """The range at two significant digits, rounded outwards: low down, high up."""
        low, high = _digits(self.low, ROUND_FLOOR), _digits(self.high, ROUND_CEILING)
        return Range(low, high, self.currency)

    def in_cents(self) -> "Range":
        """The range at two decimal places, rounded outwards."""
        return Range(
            self.low.quantize(CENT, ROUND_FLOOR),
            self.high.quantize(CENT, ROUND_CEILING),
            self.currency,
        )

    @property
    def words(self) -> MoneyText:
        """As people write it: ``1,000 to 3,000 USD``."""
        return MoneyText(text(self.low), text(self.high), self.currency)


def total(ranges: Iterable[Range]) -> Range | None:
    """The sum of ranges in one currency; None of none.

    Raises:
        ValueError: the ranges are in more than one currency.
    """
    ranges = tuple(ranges)
    if not ranges:
        return None
    if len({item.currency for item in ranges}) > 1:
        raise ValueError("amounts in different currencies have no sum without a rate")
    return Range(
        sum((item.low for item in ranges), Decimal(0)),
        sum((item.high for item in ranges), Decimal(0)),
        ranges[0].currency,
    )


def text(amount: Decimal) -> str:
    """Plain decimal text without exponent, and without digits that say nothing."""
    plain = format(amount, "f")
    return re.sub(r"\.0+$", "", plain)


def _digits(amount: Decimal, rounding: str) -> Decimal:
    if not amount:
        return Decimal(0)
    last = Decimal(1).scaleb(amount.adjusted() - SIGNIFICANT_DIGITS + 1)
    return amount.quantize(last, rounding)


@dataclass(frozen=True, slots=True)
class Rate:
    """`base_amount` of `base` are worth `other_amount` of `other` on `day`, as the user says."""

    base_amount: Decimal
    base: str
    other_amount: Decimal
    other: str
    day: date

    def __str__(self) -> str:
        """The rate as the user may write it."""
        return (
            f"{text(self.base_amount)} {self.base} = {text(self.other_amount)} {self.other} "
            f"on {self.day.isoformat()}"
        )

    def converts(self, currency: str) -> bool:
        """Whether the rate says anything about amounts in that currency."""
        return currency in (self.base, self.other)

    def partner(self, currency: str) -> str:
        """The other currency of the rate; `currency` must be one of the two."""
        return self.other if currency == self.base else self.base

    def convert(self, amount: Decimal, currency: str) -> Decimal:
        """`amount` of `currency` in the rate's other currency."""
        if currency == self.base:
            return amount * self.other_amount / self.base_amount
        return amount * self.base_amount / self.other_amount

    def convert_range(self, value: Range) -> Range:
        """A range in the rate's other currency."""
        return Range(
            self.convert(value.low, value.currency),
            self.convert(value.high, value.currency),
            self.partner(value.currency),
        )


def parse_rate(words: str) -> Rate:
    """Read a rate such as ``1 USD = 42 TRY on 2026-11-20``.

    Raises:
        ValueError: one sentence that says what is wrong and how a rate is written.
    """
    how = 'write it like "1 USD = 42 TRY on 2026-11-20"'
    match = _RATE.fullmatch(" ".join(words.split()))
    if match is None:
        raise ValueError(f"'{words}' is not an exchange rate; {how}")
    base_amount, base, other_amount, other, day = match.groups()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"{day} is not a date that exists; {how}") from None
    rate = Rate(Decimal(base_amount), base, Decimal(other_amount), other, on)
    if not rate.base_amount or not rate.other_amount:
        raise ValueError(f"an exchange rate of zero is not possible; {how}")
    if base == other:
        raise ValueError(f"the rate names {base} twice; {how}, with two currencies")
    return rate
