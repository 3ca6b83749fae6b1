"""From a clinic's own price list to exact prices, and to what the list leaves out."""

from decimal import Decimal

from anagen.quote.money import Range
from anagen.quote.offers import INJECTED, MONTHS_A_YEAR, QuoteRequest
from anagen.quote.price_list import PriceList


def listed(component: str, request: QuoteRequest, prices: PriceList) -> tuple[Range, str] | None:
    """The clinic's exact price of one treatment with how it was reckoned, or None.

    A course price for just the wished sessions comes first, then the price of a session times
    their number, then a course price that names no number.
    """
    if component in INJECTED:
        found = _of_sessions(component, request.sessions, prices)
    else:
        found = _of_a_year(component, prices)
    if found is None:
        return None
    amount, how = found
    return Range(amount, amount, prices.currency), f"{prices.clinic}: {how}."


def _of_sessions(component: str, sessions: int, prices: PriceList) -> tuple[Decimal, str] | None:
    if (amount := prices.price(component, "course", sessions)) is not None:
        return amount, f"listed price of a course of {sessions}"
    if (amount := prices.price(component, "session")) is not None:
        return amount * sessions, f"listed price of a session, times {sessions}"
    if (amount := prices.price(component, "course")) is not None:
        return amount, f"listed price of a course, taken for {sessions} sessions"
    return None


def _of_a_year(component: str, prices: PriceList) -> tuple[Decimal, str] | None:
    if (amount := prices.price(component, "year")) is not None:
        return amount, "listed price of a year"
    if (amount := prices.price(component, "month")) is not None:
        return amount * MONTHS_A_YEAR, f"listed price of a month, times {MONTHS_A_YEAR}"
    return None


def holds(prices: PriceList, request: QuoteRequest) -> bool:
    """Whether the list is still valid on the day of the quote."""
    return request.made_on <= prices.valid_until


def remarks(prices: PriceList, request: QuoteRequest) -> tuple[str, ...]:
    """What a reader must know about the list as a whole."""
    found = []
    if holds(prices, request):
        found.append(f"The list holds until {prices.valid_until.isoformat()}.")
    else:
        found.append(
            f"The list ended on {prices.valid_until.isoformat()}: ask the clinic for a new one."
        )
    if prices.country != request.country:
        found.append(
            f"The clinic is in {prices.country} and you are in {request.country}: "
            "travel and other rules apply."
        )
    return tuple(found)
