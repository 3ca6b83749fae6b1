"""From a clinic's own price list to exact prices, and to what the list leaves out."""

from decimal import Decimal

from anagen.quote.money import Range
from anagen.quote.offers import INJECTED, MONTHS_A_YEAR, QuoteRequest
from anagen.quote.price_list import PriceList
from anagen.wording import Phrase


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
    basis = Phrase("{clinic}: {how}.", clinic=prices.clinic, how=how)
    return Range(amount, amount, prices.currency), basis


def _of_sessions(component: str, sessions: int, prices: PriceList) -> tuple[Decimal, str] | None:
    if (amount := prices.price(component, "course", sessions)) is not None:
        return amount, Phrase("listed price of a course of {sessions}", sessions=sessions)
    if (amount := prices.price(component, "session")) is not None:
        return amount * sessions, Phrase(
            "listed price of a session, times {sessions}", sessions=sessions
        )
    if (amount := prices.price(component, "course")) is not None:
        return amount, Phrase(
            "listed price of a course, taken for {sessions} sessions", sessions=sessions
        )
    return None


def _of_a_year(component: str, prices: PriceList) -> tuple[Decimal, str] | None:
    if (amount := prices.price(component, "year")) is not None:
        return amount, Phrase("listed price of a year")
    if (amount := prices.price(component, "month")) is not None:
        return amount * MONTHS_A_YEAR, Phrase(
            "listed price of a month, times {months}", months=MONTHS_A_YEAR
        )
    return None


def holds(prices: PriceList, request: QuoteRequest) -> bool:
    """Whether the list is still valid on the day of the quote."""
    return request.made_on <= prices.valid_until


def remarks(prices: PriceList, request: QuoteRequest) -> tuple[str, ...]:
    """What a reader must know about the list as a whole."""
    found = []
    if holds(prices, request):
        found.append(Phrase("The list holds until {day}.", day=prices.valid_until.isoformat()))
    else:
        found.append(
            Phrase(
                "The list ended on {day}: ask the clinic for a new one.",
                day=prices.valid_until.isoformat(),
            )
        )
    if prices.country != request.country:
        found.append(
            Phrase(
                "The clinic is in {theirs} and you are in {yours}: travel and other rules apply.",
                theirs=prices.country,
                yours=request.country,
            )
        )
    return tuple(found)
