"""From published offers to the price of one treatment, and where the offers disagree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anagen.catalogue.prices import PriceOffer, Prices
from anagen.quote.model import PriceConflict
from anagen.quote.money import Money, Range, grouped

DAYS_A_YEAR = 365
MONTHS_A_YEAR = 12
WORLD = "global"
INJECTED = ("exosome", "prp")
_LABELS = {
    "exosome": "Exosome sessions",
    "prp": "PRP sessions",
    "minoxidil": "Minoxidil on the scalp",
    "finasteride": "Finasteride tablets",
}


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What is to be priced.

    Attributes:
        arm: the arm's id, such as ``exosome+prp``; `components` are its single treatments.
        country: ISO 3166-1 alpha-2 code of the person's country.
        sessions: wished sessions; they count for injected treatments only.
        made_on: the day of the quote, on which a clinic's list must still be valid.
    """

    arm: str
    components: tuple[str, ...]
    country: str
    sessions: int
    route: str | None
    made_on: date
    budget: Money | None = None

    @property
    def visits(self) -> int:
        """Sessions that are paid for: none for an arm without injections."""
        return self.sessions if set(self.components) & set(INJECTED) else 0


@dataclass(frozen=True, slots=True)
class Priced:
    """One treatment with its price, if one is known, and on what that rests.

    Attributes:
        touch_up: what one more session may cost; None for a treatment without sessions.
    """

    component: str
    value: Range | None
    basis: str
    ask_clinic: bool
    touch_up: Range | None
    conflicts: tuple[PriceConflict, ...]
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def priced(component: str, request: QuoteRequest, prices: Prices) -> Priced:
    """The price of one treatment for this request, from the nearest place that has one.

    The country's own offers come first, then its region's, then the world's. Offers with the role
    `range` span the range, or, where there is none, those of the last resort; the others are shown
    as conflicts and never widen it.
    """
    place, offers = _nearest(component, request.country, prices)
    conflicts = tuple(_of_article(component, request.country, place, prices))
    if not offers:
        basis = f"{labelled(component, request.sessions)}: no public price that a reader can check."
        return Priced(component, None, basis, True, None, conflicts)
    value = _span(cost(offer, request.sessions) for offer in offers)
    sources = distinct(name for offer in offers for name in offer.sources)
    return Priced(
        component=component,
        value=value,
        basis=_basis(offers, request.sessions, place, prices),
        ask_clinic=offers[0].role == "last_resort"
        or (len(sources) < 2 and any(offer.quality == "weak" for offer in offers)),
        touch_up=_span(map(_one_session, offers)) if component in INJECTED else None,
        conflicts=(*conflicts, *_others(component, request, value, prices)),
        claims=distinct(name for offer in offers for name in offer.claims),
        sources=sources,
    )


def labelled(component: str, sessions: int) -> str:
    """What the person pays for, in words."""
    if component not in INJECTED:
        return f"{_LABELS[component]}, one year"
    return f"{_LABELS[component]}, {sessions} in all"


def cost(offer: PriceOffer, sessions: int) -> Range:
    """What the offer means for this many sessions, or for one year of a medicine.

    A course price stands as it is for the sessions that it covers; outside them it is scaled from
    the nearest edge. An offer without an upper price counts its lower one twice.
    """
    price = Range(Decimal(offer.low), Decimal(offer.high or offer.low), offer.currency)
    if offer.sessions_covered is not None:
        fewest, most = offer.sessions_covered
        edge = max(min(sessions, most), fewest)
        return price.scaled(sessions, edge)
    if offer.pack_days is not None:
        return price.scaled(DAYS_A_YEAR, offer.pack_days)
    return price.scaled(MONTHS_A_YEAR if offer.per == "month" else sessions)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names once each, in the order in which they first came."""
    return tuple(dict.fromkeys(names))


def _one_session(offer: PriceOffer) -> Range:
    fewest, most = offer.sessions_covered or (1, 1)
    return Range(
        Decimal(offer.low) / most, Decimal(offer.high or offer.low) / fewest, offer.currency
    )


def _nearest(component: str, country: str, prices: Prices) -> tuple[str, tuple[PriceOffer, ...]]:
    for role in ("range", "last_resort"):
        for place in (*_places(country, prices), WORLD):
            offers = tuple(
                offer
                for offer in prices.offers.values()
                if (offer.treatment, offer.country, offer.role) == (component, place, role)
            )
            if offers:
                return place, offers
    return country, ()


def _places(country: str, prices: Prices) -> tuple[str, ...]:
    regions = (region.id for region in prices.regions.values() if country in region.countries)
    return (country, *regions)


def _span(ranges: Iterable[Range]) -> Range:
    ranges = tuple(ranges)
    return Range(
        min(item.low for item in ranges), max(item.high for item in ranges), ranges[0].currency
    )


def _basis(offers: Sequence[PriceOffer], sessions: int, place: str, prices: Prices) -> str:
    sentences = [f"{_says(offer)}{_reckoned(offer, sessions)}" for offer in offers]
    if offers[0].role == "last_resort":
        sentences.append("This is weak, as a reader can't look it up; nothing better was found.")
    if place == WORLD:
        sentences.append("No price for your country was found.")
    elif place in prices.regions:
        sentences.append(f"It is for the {prices.regions[place].name}, not your country alone.")
    return " ".join(sentences)


def _says(offer: PriceOffer) -> str:
    price = Range(Decimal(offer.low), Decimal(offer.high or offer.low), offer.currency)
    amount = str(price) if offer.high else f"from {grouped(price.low)} {price.currency}"
    if offer.per == "pack":
        amount = str(price.in_cents())
    return f"{offer.who} ({offer.as_of or 'no date'}): {amount} {_unit(offer)}"


def _unit(offer: PriceOffer) -> str:
    if offer.sessions_covered is not None:
        fewest, most = offer.sessions_covered
        count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        return f"for a course of {count} sessions"
    if offer.pack_days is not None:
        return f"for {offer.pack_days} days" if offer.pack_days > 1 else "a day"
    return f"a {offer.per}"


def _reckoned(offer: PriceOffer, sessions: int) -> str:
    if offer.sessions_covered is not None:
        edge = max(min(sessions, offer.sessions_covered[1]), offer.sessions_covered[0])
        if edge == sessions:
            return f", taken as it stands for {sessions}. It doesn't say how that divides."
        return f", times {sessions}/{edge} for {sessions}. It doesn't say how that divides."
    if offer.pack_days is not None:
        return f", times {DAYS_A_YEAR}/{offer.pack_days}."
    return f", times {MONTHS_A_YEAR if offer.per == 'month' else sessions}."


def _of_article(
    component: str, country: str, place: str, prices: Prices
) -> Iterator[PriceConflict]:
    for entry in prices.conflicts.values():
        concerned = not entry.countries or {country, place} & set(entry.countries)
        if entry.treatment == component and concerned:
            yield PriceConflict(entry.id, entry.text, entry.claims, entry.sources)


def _others(
    component: str, request: QuoteRequest, value: Range, prices: Prices
) -> Iterator[PriceConflict]:
    places = _places(request.country, prices)
    for offer in prices.offers.values():
        if offer.role != "compare" or offer.treatment != component or offer.country not in places:
            continue
        own = cost(offer, request.sessions).rounded()
        span = "one year" if component not in INJECTED else f"{request.sessions} sessions"
        yield PriceConflict(
            id=f"offer-{offer.id}",
            text=f"{_says(offer)}. For {span} that is {own}. {_beside(own, value.rounded())}",
            claims=offer.claims,
            sources=offer.sources,
        )


def _beside(own: Range, value: Range) -> str:
    if own.currency != value.currency:
        return f"This quote is {value}, which is another currency, so the two are not compared."
    if own.high < value.low:
        return f"That is less than this quote, {value}."
    if own.low > value.high:
        return f"That is more than this quote, {value}."
    return f"This quote is {value}."
