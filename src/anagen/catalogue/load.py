"""Reads the catalogue's files and checks every id that points into the evidence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from anagen.catalogue.medicines import plain, spellings
from anagen.catalogue.schema import (
    ComparisonEntry,
    Harm,
    Jurisdiction,
    Medicine,
    PointEntry,
    Product,
    QuestionEntry,
)
from anagen.evidence.load import Evidence, load_evidence
from anagen.reading import InputError, Problem, Table, nearest, read_table
from anagen.reading.document import Key

DATA = Path(__file__).parent / "data"

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
    """Everything that differs by place and product, each table by id in the order of its file."""

    regulators: Mapping[str, Jurisdiction]
    medicines: Mapping[str, Medicine]
    products: Mapping[str, Product]
    harms: Mapping[str, Harm]
    comparison: Mapping[str, ComparisonEntry]
    points: Mapping[str, PointEntry]
    questions: Mapping[str, QuestionEntry]


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
    tables: dict[str, Table[Any]] = {}
    problems: list[Problem] = []
    for name, model in _TABLES.items():
        try:
            tables[name] = read_table([folder / f"{name}.yaml"], name, model)
        except InputError as error:
            problems.extend(error.problems)
    for table in tables.values():
        problems.extend(dangling(table, evidence))
    if "medicines" in tables:
        problems.extend(_shared_names(tables["medicines"]))
    if problems:
        raise InputError(problems)
    return Catalogue(**{name: table.records for name, table in tables.items()})


def dangling(table: Table[Any], evidence: Evidence) -> Iterator[Problem]:
    """Every source, study or claim id that the evidence doesn't have."""
    known: dict[str, Iterable[str]] = {
        "sources": evidence.sources,
        "studies": evidence.studies,
        "claims": evidence.claims,
    }
    for name, record in table.records.items():
        for path, ident in _pointers(record.model_dump(), (), known):
            field = next(part for part in reversed(path) if isinstance(part, str))
            if ident not in known[field]:
                close = nearest(ident, sorted(known[field]))
                cure = f"did you mean '{close}'? " if close else ""
                text = f"'{ident}' is not among the evidence's {field}; {cure}add it there first"
                yield table.problem(name, path, text)


def _pointers(value: Any, path: Key, fields: Iterable[str]) -> Iterator[tuple[Key, str]]:
    if not isinstance(value, dict):
        return
    for key, content in value.items():
        if key in fields:
            for index, ident in enumerate(content):
                yield (*path, key, index), ident
        else:
            yield from _pointers(content, (*path, key), fields)


def _shared_names(table: Table[Medicine]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, medicine in table.records.items():
        for spelling in sorted({plain(text) for text in spellings(medicine)}):
            owner = owners.setdefault(spelling, name)
            if owner != name:
                text = f"'{spelling}' also names {owner}; a name must lead to one medicine"
                yield table.problem(name, (), text)
