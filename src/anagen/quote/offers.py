"""From published offers to the price of one treatment, and where the offers disagree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anagen.catalogue.prices import PriceOffer, Prices
from anagen.quote.model import PriceConflict
from anagen.quote.money import Money, Range, text
from anagen.wording import Money as MoneyText, Phrase, joined, marked

_PER = {
    "course": marked("a course"),
    "session": marked("a session"),
    "month": marked("a month"),
    "pack": marked("a pack"),
}
DAYS_A_YEAR = 365
MONTHS_A_YEAR = 12
WORLD = "global"
INJECTED = ("exosome", "prp")
_LABELS = {
    "exosome": marked("Exosome sessions, {sessions} in all"),
    "prp": marked("PRP sessions, {sessions} in all"),
    "minoxidil": marked("Minoxidil on the scalp, one year"),
    "finasteride": marked("Finasteride tablets, one year"),
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
        basis = Phrase(
            "{what}: no public price that a reader can check.",
            what=labelled(component, request.sessions),
        )
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
    return Phrase(_LABELS[component], sessions=sessions)


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
    sentences: list[str] = [
        Phrase("{offer}, {how}", offer=_says(offer), how=_reckoned(offer, sessions))
        for offer in offers
    ]
    if offers[0].role == "last_resort":
        sentences.append(
            Phrase("This is weak, as a reader can't look it up; nothing better was found.")
        )
    if place == WORLD:
        sentences.append(Phrase("No price for your country was found."))
    elif place in prices.regions:
        region = Phrase(prices.regions[place].name)
        sentences.append(Phrase("It is for the {region}, not your country alone.", region=region))
    return joined(sentences)


def _says(offer: PriceOffer) -> str:
    price = Range(Decimal(offer.low), Decimal(offer.high or offer.low), offer.currency)
    amount: str = price.words
    if not offer.high:
        amount = Phrase("from {amount}", amount=MoneyText(text(price.low), None, price.currency))
    if offer.per == "pack":
        amount = price.in_cents().words
    return Phrase(
        "{who} ({day}): {amount} {unit}",
        who=Phrase(offer.who),
        day=offer.as_of or Phrase("no date"),
        amount=amount,
        unit=_unit(offer),
    )


def _unit(offer: PriceOffer) -> str:
    if offer.sessions_covered is not None:
        fewest, most = offer.sessions_covered
        if fewest == most:
            return Phrase("for a course of {sessions} sessions", sessions=most)
        return Phrase("for a course of {fewest} to {most} sessions", fewest=fewest, most=most)
    if offer.pack_days is not None:
        return Phrase.counted("a day", "for {count} days", offer.pack_days)
    return Phrase(_PER[offer.per])


def _reckoned(offer: PriceOffer, sessions: int) -> str:
    if offer.sessions_covered is not None:
        edge = max(min(sessions, offer.sessions_covered[1]), offer.sessions_covered[0])
        if edge == sessions:
            return Phrase(
                "taken as it stands for {sessions}. It doesn't say how that divides.",
                sessions=sessions,
            )
        return Phrase(
            "times {sessions}/{edge} for {sessions}. It doesn't say how that divides.",
            sessions=sessions,
            edge=edge,
        )
    if offer.pack_days is not None:
        return Phrase("times {times}.", times=f"{DAYS_A_YEAR}/{offer.pack_days}")
    return Phrase("times {times}.", times=MONTHS_A_YEAR if offer.per == "month" else sessions)


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
        span = Phrase("one year")
        if component in INJECTED:
            span = Phrase.counted("{count} sessions", "{count} sessions", request.sessions)
        yield PriceConflict(
            id=f"offer-{offer.id}",
            text=Phrase(
                "{offer}. For {span} that is {own}. {beside}",
                offer=_says(offer),
                span=span,
                own=own.words,
                beside=_beside(own, value.rounded()),
            ),
            claims=offer.claims,
            sources=offer.sources,
        )


def _beside(own: Range, value: Range) -> str:
    if own.currency != value.currency:
        return Phrase(
            "This quote is {quote}, which is another currency, so the two are not compared.",
            quote=value.words,
        )
    if own.high < value.low:
        return Phrase("That is less than this quote, {quote}.", quote=value.words)
    if own.low > value.high:
        return Phrase("That is more than this quote, {quote}.", quote=value.words)
    return Phrase("This quote is {quote}.", quote=value.words)
