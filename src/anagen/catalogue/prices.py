"""Published price offers: what they cover, how far they may be used, and where they disagree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from anagen.catalogue.references import checked_tables
from anagen.evidence.load import Evidence
from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Component
from anagen.reading import Problem, Table

MoneyText = Annotated[str, Field(pattern=r"^[0-9]{1,8}(\.[0-9]{1,5})?$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Place = Annotated[str, Field(pattern=r"^([A-Z]{2}|global)$")]
"""A country, a region of `Prices.regions`, or the whole world."""


class PriceOffer(Record):
    """One published price of one treatment in one place.

    Attributes:
        per: what `low` and `high` pay for; a course covers `sessions_covered`, a pack `pack_days`.
        high: empty when the page says only "from".
        role: `range` makes a quote's range, `compare` is shown beside it, `last_resort` makes the
            range only where nothing else is known, `unused` is none of these.
        who: whose word it is, as the start of a sentence.
    """

    id: Id
    country: Place
    treatment: Component | Literal["microneedling"]
    per: Literal["course", "session", "month", "pack"]
    sessions_covered: tuple[int, int] | None = None
    pack_days: int | None = Field(default=None, ge=1)
    low: MoneyText
    high: MoneyText | None = None
    currency: Currency
    as_of: str | None = Field(default=None, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")
    quality: Literal["weak", "usable"]
    role: Literal["range", "compare", "last_resort", "unused"]
    because: Text | None = None
    who: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)
    note: Text | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.high is not None and Decimal(self.high) < Decimal(self.low):
            raise ValueError(f"high ({self.high}) is below low ({self.low})")
        if (self.per == "course") != (self.sessions_covered is not None):
            raise ValueError("a course, and nothing else, needs sessions_covered")
        if (self.per == "pack") != (self.pack_days is not None):
            raise ValueError("a pack, and nothing else, needs pack_days")
        weak = self.role in ("unused", "last_resort")
        if weak != (self.because is not None):
            raise ValueError("an unused or last_resort offer, and no other, needs because: why?")
        if self.role in ("range", "last_resort") and self.high is None:
            raise ValueError("an offer that makes a range needs a high price")
        covered = self.sessions_covered
        if covered is not None and not 1 <= covered[0] <= covered[1]:
            raise ValueError("sessions_covered is [fewest, most], each at least 1")
        return self


class ConflictEntry(Record):
    """A disagreement inside one source, shown with every quote for its treatment.

    `countries` limits it to quotes for those places; empty means all.
    """

    id: Id
    treatment: Component
    countries: tuple[Place, ...] = ()
    text: Text
    claims: tuple[Id, ...] = Field(min_length=1)
    sources: tuple[Id, ...] = Field(min_length=1)


ExtraId = Literal[
    "consultation",
    "blood_test",
    "local_anaesthetic",
    "microneedling",
    "touch_up",
    "travel",
    "tax",
]


class ExtraEntry(Record):
    """Something that a bill may hold beside the treatment, and for which treatments."""

    id: ExtraId
    label: Text
    components: tuple[Component, ...] = Field(min_length=1)
    route: Literal["microneedling", "injection"] | None = None
    text: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()


class InsuranceEntry(Record):
    """Whether insurance pays for one treatment; `covered` is empty where no source settles it."""

    id: Component | Literal["none"]
    covered: bool | None = None
    text: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _known_needs_a_source(self) -> Self:
        if self.covered is not None and not self.sources:
            raise ValueError("covered needs a source")
        return self


class Region(Record):
    """A group of countries that an offer may speak for."""

    id: Place
    name: Text
    countries: tuple[Country, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Prices:
    """All that is known about money, by id, in the order of the files."""

    offers: Mapping[str, PriceOffer]
    conflicts: Mapping[str, ConflictEntry]
    extras: Mapping[str, ExtraEntry]
    insurance: Mapping[str, InsuranceEntry]
    regions: Mapping[str, Region]


_TABLES: dict[str, tuple[str, type[Record]]] = {
    "offers": ("prices.yaml", PriceOffer),
    "conflicts": ("prices_conflicts.yaml", ConflictEntry),
    "extras": ("prices_extras.yaml", ExtraEntry),
    "insurance": ("prices_insurance.yaml", InsuranceEntry),
    "regions": ("prices_regions.yaml", Region),
}


def load_prices(folder: Path, evidence: Evidence) -> Prices:
    """Read the price files of a catalogue folder and check them against the evidence.

    Raises:
        InputError: every malformed record, unknown source or claim, and every pair of offers that
            can't make one range, at once.
    """
    files = {name: (folder / file, model) for name, (file, model) in _TABLES.items()}
    return Prices(**checked_tables(files, evidence, {"offers": _unlike_ranges}))


def _unlike_ranges(table: Table[PriceOffer]) -> Iterator[Problem]:
    first: dict[tuple[str, str], PriceOffer] = {}
    for offer in table.records.values():
        if offer.role != "range":
            continue
        other = first.setdefault((offer.country, offer.treatment), offer)
        if (other.currency, other.per) != (offer.currency, offer.per):
            text = (
                f"makes one range with {other.id}, which is {other.currency} per {other.per}; "
                "give one of them the role compare"
            )
            yield table.problem(offer.id, ("role",), text)
