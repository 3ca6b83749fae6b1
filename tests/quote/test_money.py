"""Money: outward rounding, plain text, and one rate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from anagen.quote.money import Range, parse_rate, text, total

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("1000", "3000", ("1000", "3000")),
        ("1340", "2001", ("1300", "2100")),
        ("666.67", "9999", ("660", "10000")),
        ("0.4567", "0.4567", ("0.45", "0.46")),
        ("0", "0", ("0", "0")),
    ],
)
def test_a_range_is_rounded_outwards_to_two_digits(
    low: str, high: str, expected: tuple[str, str]
) -> None:
    rounded = Range(Decimal(low), Decimal(high), "USD").rounded()
    assert (text(rounded.low), text(rounded.high)) == expected


@given(AMOUNTS, AMOUNTS)
def test_rounding_never_narrows_and_keeps_two_digits(a: Decimal, b: Decimal) -> None:
    value = Range(min(a, b), max(a, b), "USD")
    rounded = value.rounded()
    assert rounded.low <= value.low <= value.high <= rounded.high
    for amount in (rounded.low, rounded.high):
        digits = text(amount).replace(".", "").strip("0")
        assert len(digits) <= 2
        assert "E" not in text(amount)


@given(AMOUNTS, AMOUNTS)
def test_rounding_keeps_order(a: Decimal, b: Decimal) -> None:
    small, large = min(a, b), max(a, b)
    first, second = (Range(x, x, "USD").rounded() for x in (small, large))
    assert first.low <= second.low
    assert first.high <= second.high


def test_only_one_currency_has_a_sum() -> None:
    dollars, lira = Range(Decimal(1), Decimal(2), "USD"), Range(Decimal(1), Decimal(2), "TRY")
    assert total([]) is None
    assert total([dollars, dollars]) == Range(Decimal(2), Decimal(4), "USD")
    with pytest.raises(ValueError, match="currencies"):
        total([dollars, lira])


def test_a_rate_is_read_and_goes_both_ways() -> None:
    rate = parse_rate("  1 USD =  42.5 TRY on 2026-11-20 ")
    assert str(rate) == "1 USD = 42.5 TRY on 2026-11-20"
    assert rate.day == date(2026, 11, 20)
    assert rate.convert(Decimal(100), "USD") == Decimal(4250)
    assert rate.convert(Decimal(4250), "TRY") == Decimal(100)
    assert rate.partner("TRY") == "USD"
    assert not rate.converts("EUR")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "42",
        "1 USD = 42 TRY",
        "1 USD = 0 TRY on 2026-11-20",
        "0 USD = 42 TRY on 2026-11-20",
        "1 USD = -42 TRY on 2026-11-20",
        "1 USD = NaN TRY on 2026-11-20",
        "1 USD = Infinity TRY on 2026-11-20",
        "1 USD = 1e3 TRY on 2026-11-20",
        "1 USD = 42,5 TRY on 2026-11-20",
        "1 usd = 42 try on 2026-11-20",
        "1 USD = 42 USD on 2026-11-20",
        "1 USD = 42 TRY on 2026-02-30",
        "1 USD = 42 TRY on 20-11-2026",
        "1 USD = ٤٢ TRY on 2026-11-20",
    ],
)
def test_a_bad_rate_is_refused_in_one_sentence(words: str) -> None:
    with pytest.raises(ValueError, match=r'write it like "1 USD = 42 TRY on 2026-11-20"') as caught:
        parse_rate(words)
    assert "\n" not in str(caught.value)
