"""Tables of records: folders of YAML files that hold one kind of record each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, create_model

from anagen.reading.document import Document, Key, read_document
from anagen.reading.problems import InputError, Problem
from anagen.reading.validate import place, validate

Rec = TypeVar("Rec", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Table(Generic[Rec]):
    """Records by id, each with the place that it was read from."""

    records: Mapping[str, Rec]
    origins: Mapping[str, tuple[Document, Key]]

    def problem(self, record_id: str, path: Key, text: str) -> Problem:
        """A problem at `path` inside one record, with its file and line."""
        document, key = self.origins[record_id]
        full = (*key, *path)
        return Problem(document.name, document.line(full), f"{record_id}: {place(path)}", text)


def read_table(files: Iterable[Path], key: str, model: type[Rec], ident: str = "id") -> Table[Rec]:
    """Read files of the form ``{key: [record, …]}`` into one table.

    Args:
        files: the YAML files, read in sorted order.
        key: the one top-level key that each file holds.
        model: the record's closed schema.
        ident: the field that names a record; it must be unique over all files.

    Raises:
        InputError: every problem of every file at once.
    """
    wrapper = create_model(
        f"{model.__name__}File",
        __config__=ConfigDict(extra="forbid"),
        **{key: (tuple[model, ...], ...)},  # type: ignore[call-overload, valid-type]
    )
    records: dict[str, Rec] = {}
    origins: dict[str, tuple[Document, Key]] = {}
    problems: list[Problem] = []
    for path in sorted(files):
        try:
            document = read_document(path)
            content = validate(document, wrapper)
        except InputError as error:
            problems.extend(error.problems)
            continue
        for index, record in enumerate(getattr(content, key)):
            name = str(getattr(record, ident))
            if name in origins:
                first, first_key = origins[name]
                text = f"id '{name}' is given twice, first in {first.name}:{first.line(first_key)}"
                problems.append(
                    Problem(document.name, document.line((key, index)), place((key, index)), text)
                )
                continue
            records[name] = record
            origins[name] = (document, (key, index))
    if problems:
        raise InputError(problems)
    return Table(records, origins)
