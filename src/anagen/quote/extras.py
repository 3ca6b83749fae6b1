"""What a bill may hold beside the treatment, and who pays."""

from collections.abc import Sequence
from decimal import Decimal

from anagen.catalogue.prices import ExtraEntry, Prices
from anagen.quote.lines import Line
from anagen.quote.model import Insurance, QuoteItem
from anagen.quote.money import Range, text
from anagen.quote.offers import QuoteRequest, distinct
from anagen.quote.price_list import PriceList
from anagen.wording import Phrase, joined, marked

NOTHING = Decimal(0)
_LISTED = {
    "once": marked("{clinic}: listed price, once."),
    "session": marked("{clinic}: listed price, each session."),
}


def extras_of(
    request: QuoteRequest, prices: Prices, lines: Sequence[Line], price_list: PriceList | None
) -> tuple[QuoteItem, ...]:
    """Every extra that concerns the arm; none of them counts in the total."""
    return tuple(
        _extra(entry, lines, price_list)
        for entry in prices.extras.values()
        if set(entry.components) & set(request.components) and entry.route in (None, request.route)
    )


def insurance_of(components: Sequence[str], prices: Prices) -> Insurance:
    """Who pays for the arm: what is known of each of its treatments, said together."""
    entries = [prices.insurance[name] for name in components or ("none",)]
    answers = {entry.covered for entry in entries}
    return Insurance(
        covered=answers.pop() if len(answers) == 1 else None,
        text=joined(distinct(entry.text for entry in entries)),
        claims=distinct(name for entry in entries for name in entry.claims),
        sources=distinct(name for entry in entries for name in entry.sources),
    )


def _extra(entry: ExtraEntry, lines: Sequence[Line], price_list: PriceList | None) -> QuoteItem:
    own = None if price_list is None else _on_the_list(entry, price_list)
    if own is not None:
        value, basis = own
        return _item(entry, value, basis, ())
    if entry.id == "touch_up":
        known = [line.public.touch_up for line in lines if line.public.touch_up is not None]
        if known:
            how = Phrase("Worked out from the price of the first treatment named above.")
            basis = joined((entry.text, how))
            return _item(entry, known[0].rounded(), basis, entry.sources)
    return _item(entry, None, entry.text, entry.sources)


def _on_the_list(entry: ExtraEntry, price_list: PriceList) -> tuple[Range, str] | None:
    if entry.id in price_list.includes:
        value = Range(NOTHING, NOTHING, price_list.currency)
        return value, Phrase("{clinic}: part of the price.", clinic=price_list.clinic)
    for per in ("once", "session"):
        if (amount := price_list.price(entry.id, per)) is not None:
            value = Range(amount, amount, price_list.currency).in_cents()
            return value, Phrase(_LISTED[per], clinic=price_list.clinic)
    return None


def _item(
    entry: ExtraEntry, value: Range | None, basis: str, sources: tuple[str, ...]
) -> QuoteItem:
    return QuoteItem(
        id=entry.id,
        label=entry.label,
        currency=None if value is None else value.currency,
        low=None if value is None else text(value.low),
        high=None if value is None else text(value.high),
        in_total=False,
        basis=basis,
        sources=sources,
    )
