"""Which sources a document uses, and their full citations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from anagen.evidence import Evidence
from anagen.plan.model import SourceView


def cited(values: Iterable[Any]) -> frozenset[str]:
    """Every source id in the `sources` fields of the given values, at any depth."""
    return frozenset(name for value in values for name in _walk(value))


def _walk(value: Any) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            content = getattr(value, field.name)
            if field.name == "sources":
                yield from content
            else:
                yield from _walk(content)
    elif isinstance(value, Mapping):
        for content in value.values():
            yield from _walk(content)
    elif isinstance(value, tuple):
        for content in value:
            yield from _walk(content)


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
