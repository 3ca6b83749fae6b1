"""The packaged prices, and a short way to ask for a quote."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from anagen.catalogue import load_catalogue
from anagen.catalogue.prices import Prices
from anagen.quote.build import make_quote
from anagen.quote.model import Quote
from anagen.quote.money import Money, Rate
from anagen.quote.offers import QuoteRequest
from anagen.quote.price_list import PriceList

TODAY = date(2026, 11, 22)
Ask = Callable[..., Quote]


@pytest.fixture(scope="session")
def prices() -> Prices:
    """The prices that ship with the package."""
    return load_catalogue().prices


@pytest.fixture(scope="session")
def ask(prices: Prices) -> Ask:
    """A quote for an arm, a country and a number of sessions."""

    def quote(  # noqa: PLR0913
        arm: str,
        country: str,
        sessions: int = 4,
        *,
        budget: tuple[str, str] | None = None,
        rate: Rate | None = None,
        price_list: PriceList | None = None,
        on: date = TODAY,
    ) -> Quote:
        request = QuoteRequest(
            arm=arm,
            components=() if arm == "none" else tuple(arm.split("+")),
            country=country,
            sessions=sessions,
            route="injection",
            made_on=on,
            budget=None if budget is None else Money(Decimal(budget[0]), budget[1]),
        )
        return make_quote(request, prices, rate=rate, price_list=price_list)

    return quote
