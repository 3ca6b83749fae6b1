"""Checks across tables: every id that a record names must exist, and nothing may be missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from anagen.evidence.schema import (
    CertaintyRule,
    Claim,
    Lowered,
    Parameter,
    Raised,
    Record,
    Rule,
    Source,
    Study,
)
from anagen.evidence.vocabulary import ANSWER_KEYS, CLAIM_IDS, HEALTH_KEYS, Component
from anagen.reading import Document, Problem, Table, nearest

ARTICLE = "article"
"""Id of the source that all claims come from."""

_COMPONENTS: tuple[str, ...] = get_args(Component)
_Path = tuple[str | int, ...]
_ARM_WORDS = ("none", "sum")


@dataclass(frozen=True, slots=True)
class Tables:
    """All evidence tables as read, each record with its place."""

    sources: Table[Source]
    claims: Table[Claim]
    studies: Table[Study]
    parameters: Table[Parameter]
    rules: Table[Rule]
    certainty: tuple[CertaintyRule, ...]
    certainty_file: Document
    claims_file: str


def problems_between(tables: Tables) -> Iterator[Problem]:
    """Every dangling id, missing claim and unknown word, with file, line and a cure."""
    yield from _claims(tables)
    yield from _studies(tables)
    yield from _named(tables.parameters, "sources", tables.sources, "source")
    yield from _rules(tables)
    yield from _certainty(tables)


def _claims(tables: Tables) -> Iterator[Problem]:
    claims = tables.claims
    for claim_id in CLAIM_IDS:
        if claim_id not in claims.records:
            text = f"claim {claim_id} is missing; the ledger holds C01 to C34, each once; add it"
            yield Problem(tables.claims_file, None, "claims", text)
    yield from _named(claims, "sources", tables.sources, "source")
    yield from _named(claims, "studies", tables.studies, "study")
    for claim in claims.records.values():
        if ARTICLE not in claim.sources:
            text = f"every claim comes from the article; add '{ARTICLE}' to its sources"
            yield claims.problem(claim.id, ("sources",), text)


def _studies(tables: Tables) -> Iterator[Problem]:
    known = tables.sources.records
    for study in tables.studies.records.values():
        if study.source not in known:
            text = _unknown("source", study.source, known)
            yield tables.studies.problem(study.id, ("source",), text)


def _rules(tables: Tables) -> Iterator[Problem]:
    rules = tables.rules
    yield from _named(rules, "sources", tables.sources, "source")
    yield from _named(rules, "claims", tables.claims, "claim")
    keys = (*HEALTH_KEYS, *ANSWER_KEYS)
    first: dict[str, str] = {}
    for rule in rules.records.values():
        if rule.key not in keys:
            close = nearest(rule.key, keys)
            hint = f"did you mean '{close}'? " if close else ""
            text = f"no answer of a person has the key '{rule.key}'; {hint}known: {', '.join(keys)}"
            yield rules.problem(rule.id, ("key",), text)
        if rule.key in first:
            text = f"'{rule.key}' has a rule already, {first[rule.key]}; keep one"
            yield rules.problem(rule.id, ("key",), text)
        first.setdefault(rule.key, rule.id)
        for component in rule.kind_for:
            if component not in rule.components:
                text = f"'{component}' is not among this rule's components; add it there"
                yield rules.problem(rule.id, ("kind_for", component), text)


def _certainty(tables: Tables) -> Iterator[Problem]:
    document = tables.certainty_file
    first: dict[tuple[frozenset[str], str, int | None], int] = {}

    def problem(index: int, path: _Path, text: str) -> Problem:
        place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
        line = document.line(("certainty", index, *path))
        return Problem(document.name, line, f"certainty[{index}]{place}", text)

    for index, rule in enumerate(tables.certainty):
        words = rule.arm.split("+")
        allowed = _COMPONENTS if len(words) > 1 else (*_ARM_WORDS, *_COMPONENTS)
        for word in words:
            if word not in allowed:
                known = ", ".join((*_ARM_WORDS, *_COMPONENTS))
                text = (
                    f"no arm is called '{word}' here; known: {known}; only treatments can be joined"
                )
                yield problem(index, ("arm",), text)
        for outcome in rule.outcomes:
            place = (frozenset(words), outcome, rule.until_day)
            if (other := first.setdefault(place, index)) != index:
                text = f"certainty[{other}] speaks of {outcome} up to this day already; keep one"
                yield problem(index, ("arm",), text)
        yield from (
            problem(index, path, _unknown(word, name, table.records))
            for path, word, name, table in _named_by_certainty(tables, rule)
            if name not in table.records
        )


def _named_by_certainty(
    tables: Tables, rule: CertaintyRule
) -> Iterator[tuple[_Path, str, str, Table[Source] | Table[Study]]]:
    """Every id that a certainty record names: where, what kind of record, and the kind's table."""
    for place, name in enumerate(rule.studies):
        yield ("studies", place), "study", name, tables.studies
    for place, name in enumerate(rule.sources):
        yield ("sources", place), "source", name, tables.sources
    judged: list[tuple[str, int, Lowered | Raised]] = [
        *(("lowered", index, one) for index, one in enumerate(rule.lowered)),
        *(("raised", index, one) for index, one in enumerate(rule.raised)),
    ]
    for field, index, one in judged:
        for place, name in enumerate(one.sources):
            yield (field, index, "sources", place), "source", name, tables.sources


def _named(
    table: Table[Claim] | Table[Rule] | Table[Parameter],
    field: str,
    into: Table[Source] | Table[Study] | Table[Claim],
    word: str,
) -> Iterator[Problem]:
    """Ids that a list field names and that the other table lacks, or that it names twice."""
    records: Mapping[str, Record] = table.records
    for record_id, record in records.items():
        names: Sequence[str] = getattr(record, field)
        for position, name in enumerate(names):
            if name not in into.records:
                text = _unknown(word, name, into.records)
                yield table.problem(record_id, (field, position), text)
            elif name in names[:position]:
                text = f"the {word} '{name}' is named twice here; keep one"
                yield table.problem(record_id, (field, position), text)


def _unknown(word: str, name: str, known: Iterable[str]) -> str:
    close = nearest(name, sorted(known))
    cure = f"did you mean '{close}'?" if close else "add its record, or name one that exists"
    return f"no {word} has the id '{name}'; {cure}"
