"""Which sources a document uses, and their full citations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from anagen.evidence import Evidence
from anagen.plan.model import SourceView


def cited(values: Iterable[Any]) -> frozenset[str]:
    """Every source id in the `sources` fields of the given values, at any depth."""
    return frozenset(name for value in values for name in _walk(value))


def _walk(value: Any) -> Iterator[str]:
    parts: Iterable[Any]
    if isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, tuple):
        parts = value
    else:
        names = _names(value.__class__)
        if "sources" in names:
            yield from value.sources
        parts = [getattr(value, name) for name in names if name != "sources"]
    for part in parts:
        # Numbers and texts are by far the most, and cite nothing.
        if not isinstance(part, float | str | int | None):
            yield from _walk(part)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def views(evidence: Evidence, names: Iterable[str]) -> tuple[SourceView, ...]:
    """The named sources in full, sorted by id."""
    return tuple(
        SourceView(
            id=source.id,
            citation=source.citation,
            year=source.year,
            url=source.url,
            doi=source.doi,
            kind=source.kind,
            seen_as=source.seen_as,
            seen_via=source.seen_via,
        )
        for name in sorted(names)
        for source in [evidence.sources[name]]
    )
