"""Reads the catalogue's files and checks every id that points into the evidence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from anagen.catalogue.care import Care, load_care
from anagen.catalogue.medicines import plain, spellings
from anagen.catalogue.prices import Prices, load_prices
from anagen.catalogue.references import checked_tables
from anagen.catalogue.schema import (
    ComparisonEntry,
    Harm,
    Jurisdiction,
    Medicine,
    PointEntry,
    Product,
    QuestionEntry,
)
from anagen.evidence.load import load_evidence
from anagen.reading import InputError, Problem, Table

__all__ = ["DATA", "Catalogue", "load_catalogue"]

DATA = Path(__file__).parent / "data"

Part = TypeVar("Part")

_TABLES: dict[str, type[BaseModel]] = {
    "regulators": Jurisdiction,
    "medicines": Medicine,
    "products": Product,
    "harms": Harm,
    "comparison": ComparisonEntry,
    "points": PointEntry,
    "questions": QuestionEntry,
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that differs by place and product, each table by id in the order of its file.

    Attributes:
        points: pros and cons.
        prices: published offers, and what else is known about money.
        care: what surrounds a session: steps, look-backs, urgent signs, notes on medicines.
    """

    regulators: Mapping[str, Jurisdiction]
    medicines: Mapping[str, Medicine]
    products: Mapping[str, Product]
    harms: Mapping[str, Harm]
    comparison: Mapping[str, ComparisonEntry]
    points: Mapping[str, PointEntry]
    questions: Mapping[str, QuestionEntry]
    prices: Prices
    care: Care


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The packaged catalogue, or one read from `folder`.

    Raises:
        InputError: every malformed record, unknown source, study or claim, and every name that
            two medicines share, each with its file, line and cure.
    """
    return _packaged() if folder is None else _read(folder)


@lru_cache(maxsize=1)
def _packaged() -> Catalogue:
    return _read(DATA)


def _read(folder: Path) -> Catalogue:
    evidence = load_evidence()
    problems: list[Problem] = []

    def kept(read: Callable[[], Part]) -> Part | None:
        try:
            return read()
        except InputError as error:
            problems.extend(error.problems)
            return None

    files = {name: (folder / f"{name}.yaml", model) for name, model in _TABLES.items()}
    tables = kept(partial(checked_tables, files, evidence, {"medicines": _shared_names}))
    prices = kept(partial(load_prices, folder, evidence))
    care = kept(partial(load_care, folder, evidence))
    if tables is None or prices is None or care is None:
        raise InputError(problems)
    return Catalogue(**tables, prices=prices, care=care)


def _shared_names(table: Table[Medicine]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, medicine in table.records.items():
        for spelling in sorted({plain(text) for text in spellings(medicine)}):
            owner = owners.setdefault(spelling, name)
            if owner != name:
                text = f"'{spelling}' also names {owner}; a name must lead to one medicine"
                yield table.problem(name, (), text)
