"""Short lists of what the evidence holds."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from anagen.evidence.load import Evidence
from anagen.evidence.schema import Claim, Parameter, Rule, Source, Study, Use
from anagen.evidence.why import distribution_text


@dataclass(frozen=True, slots=True)
class Listed:
    """One record, or one count, in one line."""

    id: str
    kind: str
    line: str


KINDS = ("claims", "rules", "parameters", "studies", "sources")
"""The kinds that can be listed; each is a field of `Evidence`."""


def rows(evidence: Evidence, kind: str) -> tuple[Listed, ...]:
    """All records of one kind, in order of their ids (rules: in the order of their file).

    Raises:
        KeyError: `kind` is not one of `KINDS`.
    """
    line = _LINE[kind]
    table: Mapping[str, Any] = getattr(evidence, kind)
    return tuple(Listed(name, kind, line(record)) for name, record in table.items())


def counts(evidence: Evidence) -> tuple[Listed, ...]:
    """How many records of each kind there are, and how they divide."""
    uses = Counter(row.use for study in evidence.studies.values() for row in study.rows)
    divided = {
        "claims": Counter(str(claim.standing) for claim in evidence.claims.values()),
        "rules": Counter(str(rule.kind) for rule in evidence.rules.values()),
        "parameters": Counter(p.learned.replace("_", " ") for p in evidence.parameters.values()),
        "studies": Counter({_ROWS[use]: count for use, count in uses.items()}),
        "sources": Counter(f"seen as {s.seen_as}" for s in evidence.sources.values()),
    }
    return tuple(
        Listed(kind, kind, f"{len(getattr(evidence, kind))} ({_divided(divided[kind])})")
        for kind in KINDS
    )


def _divided(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counted.most_common())


def _claim(claim: Claim) -> str:
    return f"{claim.standing:<13} {claim.says}"


def _rule(rule: Rule) -> str:
    return f"{rule.kind:<17} {', '.join(rule.components)}: {rule.text}"


def _parameter(parameter: Parameter) -> str:
    return f"{distribution_text(parameter.distribution)} {parameter.unit}: {parameter.means}"


def _study(study: Study) -> str:
    arms = ", ".join(dict.fromkeys(row.arm for row in study.rows)) or "no results"
    return f"{study.design}: {arms}"


def _source(source: Source) -> str:
    return f"{source.citation} (seen as {source.seen_as.replace('_', ' ')})"


_ROWS: Mapping[Use, str] = {
    "fit": "rows to fit",
    "check": "rows held aside to check",
    "display": "rows only shown",
    "never": "rows never read",
}

_LINE: Mapping[str, Callable[[Any], str]] = {
    "claims": _claim,
    "rules": _rule,
    "parameters": _parameter,
    "studies": _study,
    "sources": _source,
}
