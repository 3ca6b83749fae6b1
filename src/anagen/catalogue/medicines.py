"""Recognising a medicine by any name that a person may write."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from anagen.catalogue.schema import Medicine

_STRENGTH = re.compile(r"\d+([.,]\d+)?(mg|mcg|µg|g|ml|iu|percent|%)?")


class HasMedicines(Protocol):
    """Whatever holds medicines by id, such as the catalogue."""

    @property
    def medicines(self) -> Mapping[str, Medicine]:
        """Medicines by id."""


def recognise(catalogue: HasMedicines, name: str) -> Medicine | None:
    """The medicine of that name, or None.

    Case, accents, spaces, hyphens and a trailing strength ("Coumadin 5 mg") don't matter; a brand
    counts as its substance. Nothing is guessed: a near miss stays unrecognised.
    """
    index = _index(tuple(catalogue.medicines.values()))
    return index.get(plain(name)) or index.get(plain(_without_strength(name)))


def spellings(medicine: Medicine) -> Iterable[str]:
    """Every name of one medicine: its id, label, other names and brands."""
    return (medicine.id, medicine.label, *medicine.names, *medicine.brands)


def plain(name: str) -> str:
    """A name without case, accents, spaces and signs."""
    folded = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    return "".join(sign for sign in folded if sign.isalnum() or sign == "+")


@lru_cache(maxsize=8)
def _index(medicines: tuple[Medicine, ...]) -> Mapping[str, Medicine]:
    return {plain(name): medicine for medicine in medicines for name in spellings(medicine)}


def _without_strength(name: str) -> str:
    words = re.sub(r"(\d)\s+(mg|mcg|µg|g|ml|iu|percent|%)", r"\1\2", name.casefold()).split()
    while len(words) > 1 and _STRENGTH.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)
