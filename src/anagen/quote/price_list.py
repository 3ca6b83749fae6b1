"""A clinic's own price list: the file that turns an estimate into a definite quote."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from anagen.catalogue.prices import ExtraId
from anagen.evidence.vocabulary import Component
from anagen.reading import Document, parse_document, read_document, validate


def _amount(value: Any) -> Decimal:
    """The amount with the digits that stand in the file; a float's shortest text is those."""
    text = str(value) if isinstance(value, (int, float, str)) else ""
    if isinstance(value, bool) or not _PLAIN.fullmatch(text):
        raise ValueError("must be an amount with at most two decimals, such as 450 or 99.50")
    return Decimal(text)


_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


class Part(BaseModel):
    """Base of the price list's parts: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ListedPrice(Part):
    """One line of the list."""

    treatment: Component | ExtraId
    per: Literal["course", "session", "month", "year", "once"] = Field(
        description="what the price pays for: course, session, month, year or once"
    )
    price: Annotated[Decimal, BeforeValidator(_amount)] = Field(
        le=10_000_000, description="an amount such as 450"
    )
    sessions: int | None = Field(default=None, ge=1, le=24)
    """How many sessions a course price covers; without it, the course that was asked for."""
    label: Annotated[str, Field(min_length=1, max_length=120)] | None = None

    @model_validator(mode="after")
    def _counts_sessions_of_a_course_only(self) -> Self:
        if self.sessions is not None and self.per != "course":
            raise ValueError("sessions belongs to a price per course; leave it out here")
        return self


class PriceList(Part):
    """A clinic's prices in one currency, valid until a day."""

    clinic: Annotated[str, Field(min_length=1, max_length=120)]
    country: str = Field(
        pattern=r"^[A-Z]{2}$", description="the clinic's ISO 3166-1 alpha-2 code such as TR"
    )
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="an ISO 4217 code such as USD")
    valid_until: date = Field(description="the last day on which the prices hold")
    items: tuple[ListedPrice, ...] = Field(min_length=1, max_length=100)
    includes: tuple[ExtraId, ...] = Field(default=(), max_length=20)
    """Extras that the prices hold already."""

    @model_validator(mode="after")
    def _each_price_once(self) -> Self:
        seen: set[tuple[str, str, int | None]] = set()
        for item in self.items:
            key = (item.treatment, item.per, item.sessions)
            if key in seen:
                raise ValueError(f"gives {item.treatment} per {item.per} twice; keep one price")
            seen.add(key)
        return self

    @classmethod
    def load(cls, path: str | Path) -> "PriceList":
        """Read a price list file (YAML or JSON).

        Raises:
            InputError: the file is missing or invalid; every problem at once.
        """
        return cls.of(read_document(Path(path)))

    @classmethod
    def parse(cls, data: bytes, name: str) -> "PriceList":
        """Read a price list from bytes called `name`; see `load`."""
        return cls.of(parse_document(data, name))

    @classmethod
    def of(cls, document: Document) -> "PriceList":
        """Check a parsed document; see `load`."""
        return validate(document, cls)

    def price(self, treatment: str, per: str, sessions: int | None = None) -> Decimal | None:
        """The listed price of that treatment, unit and (for a course) number of sessions."""
        for item in self.items:
            if (item.treatment, item.per, item.sessions) == (treatment, per, sessions):
                return item.price
        return None
