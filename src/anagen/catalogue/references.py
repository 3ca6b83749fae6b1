"""Tables of records whose ids point into the evidence: read together, checked together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from anagen.evidence.load import Evidence
from anagen.reading import InputError, Problem, Table, nearest, read_table
from anagen.reading.document import Key

Check = Callable[[Table[Any]], Iterable[Problem]]


def checked_tables(
    files: Mapping[str, tuple[Path, type[BaseModel]]],
    evidence: Evidence,
    checks: Mapping[str, Check],
) -> dict[str, Mapping[str, Any]]:
    """Read tables, each from its own file, and check their ids and whatever else is asked.

    Args:
        files: for each table its file and the schema of its records.
        evidence: what ids may point to.
        checks: for some tables a check of their own.

    Raises:
        InputError: every problem of every table at once.
    """
    tables: dict[str, Table[Any]] = {}
    problems: list[Problem] = []
    for name, (file, model) in files.items():
        try:
            tables[name] = read_table([file], name, model)
        except InputError as error:
            problems.extend(error.problems)
    for name, table in tables.items():
        problems.extend(dangling(table, evidence))
        if name in checks:
            problems.extend(checks[name](table))
    if problems:
        raise InputError(problems)
    return {name: table.records for name, table in tables.items()}


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
