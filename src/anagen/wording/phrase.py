"""English text that remembers what it was made of, so that another language can say it too.

Each is ordinary text in English: it can be compared, written and cut like any other. Nothing that
only reads English needs to know of it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from anagen.wording.wording import Wording

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def marked(text: str) -> str:
    """The text itself; marks a literal as one that people read, to be said where it is shown."""
    return text


class Said(str):
    """Text in English with a way to say it in another language."""

    __slots__ = ()

    def in_words_of(self, wording: "Wording") -> str:
        """The same in a language."""
        raise NotImplementedError


class Phrase(Said):
    """A sentence with places for values: `Phrase("You may pay {low} to {high}.", low=…, high=…)`.

    A value that is itself `Said` is said in the language too; a date or a number is written as the
    language writes it; other text stays as it is.
    """

    template: str
    many: str | None
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """The phrase in English."""
        return cls._made(template, None, values)

    @classmethod
    def counted(cls, one: str, many: str, count: int, /, **values: Any) -> Self:
        """A phrase that depends on a number, `{count}`."""
        return cls._made(one, many, {"count": count, **values})

    @classmethod
    def _made(cls, template: str, many: str | None, values: Mapping[str, Any]) -> Self:
        chosen = template if many is None or values["count"] == 1 else many
        shown = {name: _english(value) for name, value in values.items()}
        self = str.__new__(cls, chosen.format(**shown) if values else chosen)
        self.template, self.many, self.values = template, many, values
        return self

    def __getnewargs__(self) -> tuple[str]:
        """Made again as the text that it is; its parts follow as state."""
        return (str(self),)

    def in_words_of(self, wording: "Wording") -> str:
        """The sentence of the language's catalogue, its values said as well."""
        found = wording.message(self.template, self.many, self.values.get("count", 1))
        if not self.values:
            return found
        return found.format(**{name: wording.value(value) for name, value in self.values.items()})


def as_said(text: str) -> Said:
    """A text that is to be said, as one that can be: what it is already, or a whole phrase."""
    return text if isinstance(text, Said) else Phrase(text)


class Joined(Said):
    """Several texts with something between them."""

    parts: tuple[str, ...]
    between: str

    def __getnewargs__(self) -> tuple[str]:
        """Made again as the text that it is."""
        return (str(self),)

    def in_words_of(self, wording: "Wording") -> str:
        """Each part in the language."""
        return self.between.join(wording.say(part) for part in self.parts)


def listed(parts: Iterable[str]) -> str:
    """Parts as a list in words: "one and two and three"."""
    first, *others = parts
    found = first
    for other in others:
        found = Phrase("{first} and {other}", first=found, other=other)
    return found


def joined(parts: Iterable[str], between: str = " ") -> Joined:
    """Texts one after another, each said by itself in another language."""
    held = tuple(parts)
    made = Joined(between.join(held))
    made.parts, made.between = held, between
    return made


class Day(Said):
    """A date as people write it, such as "7 December 2026"."""

    day: date

    def __new__(cls, day: date | str) -> Self:
        """The day in English."""
        if not isinstance(day, date):  # made again from its text; the day follows as state
            return str.__new__(cls, day)
        self = str.__new__(cls, f"{day.day} {MONTHS[day.month - 1]} {day.year}")
        self.day = day
        return self

    def in_words_of(self, wording: "Wording") -> str:
        """The day as the language writes it."""
        return wording.date(self.day)


class Money(Said):
    """An amount of money with its currency, such as "12,000 USD", or a range of two."""

    low: str
    high: str
    currency: str | None

    def __new__(cls, low: str, high: str | None = None, currency: str | None = None) -> Self:
        """The amount, or the range, in English."""
        high = low if high is None else high
        end = f" {currency}" if currency else ""
        if low == high:
            text = f"{_grouped(low)}{end}"
        else:
            text = f"{_grouped(low)} to {_grouped(high)}{end}"
        self = str.__new__(cls, text)
        self.low, self.high, self.currency = low, high, currency
        return self

    def __getnewargs__(self) -> tuple[str, str, str | None]:  # type: ignore[override]
        """Made again from its amounts."""
        return (self.low, self.high, self.currency)

    def in_words_of(self, wording: "Wording") -> str:
        """The amounts as the language writes numbers."""
        return wording.money_range(self.low, self.high, self.currency)


def _grouped(amount: str) -> str:
    whole, _, cents = amount.partition(".")
    return f"{int(whole):,}" + (f".{cents}" if cents.strip("0") else "")


def _english(value: Any) -> Any:
    if isinstance(value, date):
        return Day(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return value
