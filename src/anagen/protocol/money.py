"""What a protocol costs in a country, as uncertain as the published prices are."""

from datetime import date
from decimal import Decimal

import numpy as np

from anagen.catalogue.prices import Prices
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats
from anagen.protocol.schema import Question
from anagen.quote.money import Range, parse_rate
from anagen.quote.offers import QuoteRequest, priced
from anagen.treatment.arms import INJECTED
from anagen.trial.regimen import Regimen, parse_regimen

WEEKS_PER_YEAR = 365.25 / 7
MONTHS_PER_YEAR = 12
NO_DAY = date(1970, 1, 1)
"""Published offers hold on any day."""


def cost_of(
    regimen: Regimen, country: str, question: Question, prices: Prices
) -> dict[str, Range | None]:
    """The price range of each treatment of a regimen, over the weeks of the question.

    None where no public price is known and the question gives none.
    """
    found: dict[str, Range | None] = {}
    for part in regimen.components:
        sessions = len(regimen.schedules[part].days) if part in INJECTED else 0
        years = Decimal(question.endpoint.week / WEEKS_PER_YEAR)
        own = [p for p in question.prices if (p.country, p.treatment) == (country, part)]
        if own:
            times = Decimal(sessions) if part in INJECTED else MONTHS_PER_YEAR * years
            found[part] = Range(
                Decimal(str(own[0].low)) * times, Decimal(str(own[0].high)) * times, own[0].currency
            )
            continue
        request = QuoteRequest(part, (part,), country, sessions, None, NO_DAY)
        value = priced(part, request, prices).value
        if value is not None and part not in INJECTED:
            value = Range(value.low * years, value.high * years, value.currency)
        found[part] = value
    return found


def price_sources(question: Question, country: str, prices: Prices) -> tuple[str, ...]:
    """Who says what treatments cost in a country, where the question does not say it itself."""
    own = {price.treatment for price in question.prices if price.country == country}
    parts = {part for text in question.regimens for part in parse_regimen(text).components}
    found: list[str] = []
    for part in sorted(parts - own):
        request = QuoteRequest(part, (part,), country, 1, None, NO_DAY)
        found += priced(part, request, prices).sources
    return tuple(dict.fromkeys(found))


def currency_of(costs: list[dict[str, Range | None]]) -> str | None:
    """The currency in which most treatments of a country are priced; exosomes' at a tie."""
    told = [value.currency for one in costs for value in one.values() if value is not None]
    return max(dict.fromkeys(told), key=told.count) if told else None


def drawn_cost(
    parts: dict[str, Range | None],
    currency: str | None,
    question: Question,
    keyed: Keyed,
    of: tuple[str, int],
) -> Floats | None:
    """Draws of the whole cost in one currency; None where a part has no price in it.

    Within a published range any price is as likely as any other: nothing says more. Protocols
    share the place within the range, so that they differ by what they give.

    Args:
        parts: price range of each treatment.
        currency: the currency wanted.
        question: holds the exchange rates.
        keyed: random numbers.
        of: country and number of draws.
    """
    country, draws = of
    whole = np.zeros(draws)
    for part, value in parts.items():
        wanted = None if value is None else _within(value, currency, question)
        if wanted is None:
            return None
        place = keyed.uniform(f"price/{country}/{part}", draws)
        whole = whole + float(wanted.low) + place * float(wanted.high - wanted.low)
    return whole


def _within(value: Range, currency: str | None, question: Question) -> Range | None:
    if value.currency == currency:
        return value
    for rate in map(parse_rate, question.rates):
        if {rate.base, rate.other} == {value.currency, currency}:
            return rate.convert_range(value)
    return None
