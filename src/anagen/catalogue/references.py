"""Ids in catalogue records that point into the evidence."""

from collections.abc import Iterable, Iterator
from typing import Any

from anagen.evidence.load import Evidence
from anagen.reading import Problem, Table, nearest
from anagen.reading.document import Key


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
