"""One language: its catalogue of texts, and how it writes dates, numbers and money."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Final

from anagen.wording.phrase import Day, Money, Phrase, Said
from anagen.wording.prose import Value, in_language

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "tr": "Türkçe", "es": "Español"}
"""Languages by code, each in its own name."""

CATALOGUES: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "anagen"

missing: ContextVar[set[str] | None] = ContextVar("missing", default=None)
"""Where set, texts that a catalogue lacks are put in it: tests look there."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things; English says everything as it stands."""

    language: str
    _texts: NullTranslations = field(repr=False, compare=False)

    def say(self, text: str) -> str:
        """A text in this language: a phrase by its parts, other text as the catalogue has it."""
        if self.language == "en" or not text:
            return str(text)
        if isinstance(text, Said):
            return text.in_words_of(self)
        return self.message(text)

    def message(self, template: str, many: str | None = None, count: int = 1) -> str:
        """The catalogue's text for an English one, in the form that fits the count."""
        if many is None:
            return self._texts.gettext(template)
        return self._texts.ngettext(template, many, count)

    def in_language(self, value: Value) -> Value:
        """A frozen value, such as a plan, with every text for people in this language."""
        return in_language(value, self)

    def value(self, value: Any) -> Any:
        """A value inside a phrase, as this language writes it."""
        if isinstance(value, Said):
            return value.in_words_of(self)
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return self.number(value)
        return value

    def date(self, day: date) -> str:
        """A date such as "7 December 2026"."""
        if self.language == "en":
            return str(Day(day))
        from babel.dates import format_date

        return str(format_date(day, "long", locale=self.language))

    def country(self, code: str) -> str:
        """The name of a country, by its ISO 3166-1 code; the code itself where it has none."""
        from babel import Locale

        return str(Locale(self.language).territories.get(code, code))

    def number(self, value: float | Decimal) -> str:
        """A number as this language writes it."""
        if self.language == "en":
            return f"{value:,f}" if isinstance(value, Decimal) else str(value)
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self.language))

    def money_range(self, low: str, high: str | None = None, currency: str | None = None) -> str:
        """An amount or a range with the currency's code, such as "1,000 to 3,000 USD"."""
        high = low if high is None else high
        if self.language == "en":
            return str(Money(low, high, currency))
        end = f" {currency}" if currency else ""
        if low == high:
            return f"{self._amount(low)}{end}"
        span = Phrase("{low} to {high}", low=self._amount(low), high=self._amount(high))
        return f"{self.say(span)}{end}"

    def _amount(self, amount: str) -> str:
        value = Decimal(amount)
        return self.number(value.to_integral_value() if value == int(value) else value)

    def functions(self) -> dict[str, Callable[..., str]]:
        """`_` and `_n` for templates: a text, and one that depends on a count."""

        def _(template: str, /, **values: Any) -> str:
            return self.say(Phrase(template, **values) if values else template)

        def _n(one: str, many: str, count: int, /, **values: Any) -> str:
            return self.say(Phrase.counted(one, many, count, **values))

        return {"_": _, "_n": _n}


@cache
def wording_of(language: str) -> Wording:
    """The wording of a language.

    Raises:
        KeyError: the language is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language == "en" or not path.exists():
        return Wording(language, NullTranslations())
    return Wording(language, _compiled(path))


def _compiled(path: Path) -> GNUTranslations:
    """A catalogue as gettext reads it, made from its text so that there is only one file of it."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name, domain=DOMAIN)
    made = BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    found = GNUTranslations(made)
    found.add_fallback(_Absent())
    return found


class _Absent(NullTranslations):
    """Is asked for what a catalogue lacks: the English text stands in."""

    def gettext(self, message: str) -> str:
        """The text itself."""
        return self._told(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form that English takes for the count."""
        self._told(msgid1)
        return msgid1 if n == 1 else msgid2

    def _told(self, message: str) -> str:
        if (absent := missing.get()) is not None:
            absent.add(message)
        return message
