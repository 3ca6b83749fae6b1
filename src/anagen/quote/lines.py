"""The treatments of an arm, each priced from the clinic's list where there is one."""

from dataclasses import dataclass

from anagen.catalogue.prices import Prices
from anagen.quote.clinic import listed
from anagen.quote.model import QuoteItem
from anagen.quote.money import Range, Rate, text
from anagen.quote.offers import Priced, QuoteRequest, labelled, priced
from anagen.quote.price_list import PriceList
from anagen.wording import Phrase


@dataclass(frozen=True, slots=True)
class Line:
    """One treatment on its way into the quote.

    Attributes:
        public: what the published offers say of it.
        value: its price, unrounded; None if none is known.
        exact: True if the price stands on the clinic's own list.
    """

    public: Priced
    value: Range | None
    basis: str
    exact: bool

    @property
    def shown(self) -> Range | None:
        """The price as a reader sees it: exact, or two digits rounded outwards."""
        if self.value is None:
            return None
        return self.value.in_cents() if self.exact else self.value.rounded()

    def within(self, currency: str | None, rate: Rate | None) -> Range | None:
        """The unrounded price in that currency, if it is in it or the rate leads there."""
        if self.value is None or currency is None or self.value.currency == currency:
            return self.value
        if rate is not None and {rate.base, rate.other} == {self.value.currency, currency}:
            return rate.convert_range(self.value)
        return None

    def item(self, sessions: int, currency: str | None, rate: Rate | None) -> QuoteItem:
        """The line as a part of a quote in that currency."""
        shown = self.shown
        return QuoteItem(
            id=self.public.component,
            label=labelled(self.public.component, sessions),
            currency=None if shown is None else shown.currency,
            low=None if shown is None else text(shown.low),
            high=None if shown is None else text(shown.high),
            in_total=self.within(currency, rate) is not None,
            basis=self.basis,
            sources=() if self.exact else self.public.sources,
        )


def lines_of(
    request: QuoteRequest, prices: Prices, price_list: PriceList | None
) -> tuple[Line, ...]:
    """One line per treatment.

    A list that prices any of them is used for all: what it leaves out stays without a price. A
    list that prices none of them is set aside, and the published offers are used.
    """
    public = [priced(component, request, prices) for component in request.components]
    if price_list is None:
        return tuple(_public(found) for found in public)
    own = [listed(component, request, price_list) for component in request.components]
    if not any(own):
        return tuple(_public(found) for found in public)
    return tuple(
        _missing(found, request.sessions) if exact is None else Line(found, *exact, exact=True)
        for found, exact in zip(public, own, strict=True)
    )


def _public(found: Priced) -> Line:
    return Line(found, found.value, found.basis, exact=False)


def _missing(found: Priced, sessions: int) -> Line:
    basis = Phrase(
        "{what}: not on the clinic's list. Ask the clinic.",
        what=labelled(found.component, sessions),
    )
    return Line(found, None, basis, exact=False)
