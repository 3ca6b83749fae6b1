"""The quote for one arm: items, total, extras, who pays, and what contradicts what."""

from collections.abc import Iterable, Sequence
from itertools import chain

from anagen.catalogue.prices import Prices
from anagen.quote.clinic import holds, remarks
from anagen.quote.extras import extras_of, insurance_of
from anagen.quote.lines import Line, lines_of
from anagen.quote.model import Budget, LocalAmount, Quote, QuoteItem
from anagen.quote.money import Money, Range, Rate, text, total
from anagen.quote.offers import QuoteRequest, distinct
from anagen.quote.price_list import PriceList
from anagen.wording import Phrase, joined

ARTICLE_CURRENCY = "USD"
EXOSOME_CLAIMS = ("C03", "C20", "C21", "C34")
OTHER_CLAIMS = ("C34",)
"""The article prices exosomes only; that prices are estimates holds for all."""


def make_quote(
    request: QuoteRequest,
    prices: Prices,
    *,
    rate: Rate | None = None,
    price_list: PriceList | None = None,
) -> Quote:
    """Price one arm for one person's country and number of sessions.

    Args:
        request: what is to be priced.
        prices: the published offers.
        rate: the one exchange rate that may be used; without it no currency is ever converted.
        price_list: a clinic's own prices; they make the quote definite where they are complete.

    A public range is rounded outwards to two significant digits, and never widened by an offer
    that disagrees: such offers are among the conflicts. No typical price is given, because no
    treatment has three usable offers in one place; the article's own is among the conflicts.

    Claims: C03, C20, C21, C34.
    """
    if not request.components:
        return _nothing_new(request, prices)
    lines = lines_of(request, prices, price_list)
    currency = next((line.value.currency for line in lines if line.value is not None), None)
    items = tuple(line.item(request.sessions, currency, rate) for line in lines)
    shown = _total(lines, currency, rate)
    definite = _definite(lines, request, price_list)
    conflicts = tuple(conflict for line in lines for conflict in line.public.conflicts)
    insurance = insurance_of(request.components, prices)
    extras = extras_of(request, prices, lines, price_list)
    cited = (
        *(item.sources for item in (*items, *extras)),
        *(conflict.sources for conflict in conflicts),
        insurance.sources,
    )
    return Quote(
        arm=request.arm,
        country=request.country,
        currency=currency,
        low=None if shown is None else text(shown.low),
        high=None if shown is None else text(shown.high),
        typical=text(shown.low) if definite and shown is not None else None,
        ask_clinic=not definite and _must_ask(lines, request, price_list),
        definite=definite,
        basis=_basis(lines, items, request, price_list),
        sessions=request.visits,
        items=items,
        extras=extras,
        insurance=insurance,
        conflicts=conflicts,
        within_budget=_within(request.budget, shown, items, rate),
        local=_local(shown, rate),
        claims=EXOSOME_CLAIMS if "exosome" in request.components else OTHER_CLAIMS,
        sources=distinct(chain.from_iterable(cited)),
    )


def _nothing_new(request: QuoteRequest, prices: Prices) -> Quote:
    insurance = insurance_of((), prices)
    return Quote(
        arm=request.arm,
        country=request.country,
        currency=ARTICLE_CURRENCY if request.budget is None else request.budget.currency,
        low="0",
        high="0",
        typical=None,
        ask_clinic=False,
        definite=False,
        basis=Phrase("Nothing new costs nothing. What you use already goes on and is not counted."),
        sessions=0,
        items=(),
        extras=(),
        insurance=insurance,
        conflicts=(),
        within_budget=None if request.budget is None else "yes",
        local=None,
        claims=(),
        sources=insurance.sources,
    )


def _total(lines: Iterable[Line], currency: str | None, rate: Rate | None) -> Range | None:
    lines = tuple(lines)
    parts = [value for line in lines if (value := line.within(currency, rate)) is not None]
    whole = total(parts)
    if whole is None:
        return None
    return whole.in_cents() if any(line.exact for line in lines) else whole.rounded()


def _definite(lines: Iterable[Line], request: QuoteRequest, price_list: PriceList | None) -> bool:
    complete = all(line.exact for line in lines)
    return complete and price_list is not None and holds(price_list, request)


def _must_ask(lines: Sequence[Line], request: QuoteRequest, price_list: PriceList | None) -> bool:
    """Whether one weak source or none, a gap, or a list out of date stands behind the quote."""
    if any(line.value is None or (not line.exact and line.public.ask_clinic) for line in lines):
        return True
    return price_list is not None and not holds(price_list, request)


def _basis(
    lines: Sequence[Line],
    items: Iterable[QuoteItem],
    request: QuoteRequest,
    price_list: PriceList | None,
) -> str:
    sentences = list(distinct(line.basis for line in lines))
    apart = [item.label for item in items if not item.in_total]
    if apart:
        sentences.append(Phrase("Not in the total: {parts}.", parts=joined(apart, "; ")))
    if price_list is not None and any(line.exact for line in lines):
        sentences.extend(remarks(price_list, request))
        sentences.append(Phrase("Extras stand apart and are not in the total."))
        return joined(sentences)
    if price_list is not None:
        sentences.append(
            Phrase("The list of {clinic} has no price for this.", clinic=price_list.clinic)
        )
    sentences.append(Phrase("These are estimates. Ask a clinic for a definite quote."))
    return joined(sentences)


def _within(
    budget: Money | None, shown: Range | None, items: Iterable[QuoteItem], rate: Rate | None
) -> Budget | None:
    """Whether the budget covers the quote; what is not in the total can only make it dearer."""
    if budget is None:
        return None
    if shown is None:
        return "unknown"
    amount = budget.amount
    if budget.currency != shown.currency:
        if rate is None or {rate.base, rate.other} != {budget.currency, shown.currency}:
            return "unknown"
        amount = rate.convert(budget.amount, budget.currency)
    if shown.low > amount:
        return "no"
    if not all(item.in_total for item in items):
        return "unknown"
    return "yes" if shown.high <= amount else "depends"


def _local(shown: Range | None, rate: Rate | None) -> LocalAmount | None:
    if shown is None or rate is None or not rate.converts(shown.currency):
        return None
    value = rate.convert_range(shown)
    value = value.in_cents() if shown.low == shown.high else value.rounded()
    return LocalAmount(value.currency, text(value.low), text(value.high), str(rate))
