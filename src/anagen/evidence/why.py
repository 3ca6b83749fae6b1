"""Who says so? Everything that stands behind one id of the evidence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anagen.evidence.certainty import certainty_asked, certainty_lines, sources_of
from anagen.evidence.load import Evidence
from anagen.evidence.schema import Claim, Distribution, Parameter, Row, Rule, Source, Study
from anagen.reading import nearest

Kind = Literal["claim", "rule", "parameter", "study", "source", "certainty"]
Line = tuple[str, str]

CERTAINTY = "certainty:"
"""What a question about certainty begins with; an arm, an outcome and a day follow."""

ROWS_OF_A_CLAIM = 3
"""How many rows of each study a claim shows; the study itself shows all."""


class UnknownId(LookupError):
    """No record has the id that was asked for; the message says which one is close."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A work behind a record, and how its content was seen."""

    id: str
    citation: str
    year: int | None
    link: str | None
    kind: str
    seen_as: str
    seen_via: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One record in labelled lines of text, with the works that it rests on."""

    id: str
    kind: Kind
    title: str
    lines: tuple[Line, ...]
    sources: tuple[Citation, ...]


def why(evidence: Evidence, record_id: str) -> Explanation:
    """What an id stands for, what it rests on and what uses it.

    Capital letters are no matter. A study and the work that it was read from may share an id; then
    the study is explained, and the work stands among its sources.

    How far an outcome can be trusted is asked as `certainty:ARM/OUTCOME/DAY`, for example
    `certainty:prp/total_density_per_cm2/168`.

    Raises:
        UnknownId: no record has that id.
    """
    if record_id.casefold().startswith(CERTAINTY):
        return _certainty(evidence, record_id[len(CERTAINTY) :])
    for kind, table in _tables(evidence):
        names = {name.casefold(): name for name in table}
        if (found := names.get(record_id.casefold())) is not None:
            return _EXPLAIN[kind](evidence, table[found])
    raise UnknownId(_unknown(evidence, record_id))


def _tables(evidence: Evidence) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    yield "claim", evidence.claims
    yield "rule", evidence.rules
    yield "parameter", evidence.parameters
    yield "study", evidence.studies
    yield "source", evidence.sources


def _unknown(evidence: Evidence, record_id: str) -> str:
    names = {name.casefold(): name for _, table in _tables(evidence) for name in table}
    close = nearest(record_id, sorted(names))
    cure = f"did you mean '{names[close]}'?" if close else "`anagen evidence list` shows what is"
    return f"nothing in the evidence has the id '{record_id}'; {cure}"


def _certainty(evidence: Evidence, asked: str) -> Explanation:
    try:
        rule = certainty_asked(evidence, asked)
    except ValueError as error:
        cure = f"ask as {CERTAINTY}ARM/OUTCOME/DAY, e.g. {CERTAINTY}prp/total_density_per_cm2/168"
        raise UnknownId(f"{error}; {cure}") from None
    title = "how far the evidence can be trusted"
    cited = _cited(evidence, sources_of(evidence, rule))
    name = CERTAINTY + asked.casefold()
    return Explanation(name, "certainty", title, tuple(certainty_lines(rule)), cited)


def _claim(evidence: Evidence, claim: Claim) -> Explanation:
    lines: list[Line] = [
        ("The article says", claim.says),
        ("Standing", claim.standing),
        ("Because", claim.because),
        *_study_lines(evidence, claim.studies),
        *_rules_of(evidence, lambda rule: claim.id in rule.claims),
        ("Used by", ", ".join(claim.used_by)),
    ]
    cited = _cited(evidence, claim.sources)
    return Explanation(claim.id, "claim", claim.topic, tuple(lines), cited)


def _rule(evidence: Evidence, rule: Rule) -> Explanation:
    exceptions = (f"{kind} for {component}" for component, kind in rule.kind_for.items())
    lines: list[Line] = [
        ("Says", rule.text),
        ("Kind", "; ".join((rule.kind, *exceptions))),
        ("Concerns", ", ".join(rule.components)),
    ]
    if rule.question:
        lines.append(("Asks", rule.question))
    lines.append(("Because", rule.because))
    lines += [(f"Claim {name}", evidence.claims[name].says) for name in rule.claims]
    title = rule.key.replace("_", " ")
    cited = _cited(evidence, rule.sources)
    return Explanation(rule.id, "rule", title, tuple(lines), cited)


def _parameter(evidence: Evidence, parameter: Parameter) -> Explanation:
    lines: list[Line] = [
        ("Means", parameter.means),
        ("Distribution", f"{distribution_text(parameter.distribution)} {parameter.unit}"),
        ("Basis", parameter.basis.replace("_", " ")),
        ("Because", parameter.because),
        ("Learned from data", parameter.learned.replace("_", " ")),
        ("Used by", ", ".join(parameter.used_by)),
    ]
    title = parameter.id.replace("_", " ")
    cited = _cited(evidence, parameter.sources)
    return Explanation(parameter.id, "parameter", title, tuple(lines), cited)


def _study(evidence: Evidence, study: Study) -> Explanation:
    about = {
        "Sex": study.sex,
        "Diagnosis": study.diagnosis,
        "Product": study.product,
        "Donor source": study.donor_source,
        "Dose": study.dose,
        "Sessions": study.sessions,
        "Days between": study.interval_days,
        "Route": study.route,
        "Funding": study.funding.replace("_", " "),
        "Note": study.note,
    }
    lines: list[Line] = [("Design", study.design)]
    lines += [(label, text) for label, text in about.items() if text]
    lines += [("Result", row_text(row)) for row in study.rows]
    if not study.rows:
        lines.append(("Result", "none seen"))
    lines += _claims_of(evidence, lambda claim: study.id in claim.studies)
    title = evidence.sources[study.source].citation
    cited = _cited(evidence, (study.source,))
    return Explanation(study.id, "study", title, tuple(lines), cited)


def _source(evidence: Evidence, source: Source) -> Explanation:
    studies = (study.id for study in evidence.studies.values() if study.source == source.id)
    parameters = (p.id for p in evidence.parameters.values() if source.id in p.sources)
    lines: list[Line] = [("Kind", source.kind.replace("_", " ")), *_seen(source)]
    lines += [("Study", name) for name in studies]
    lines += [("Parameter", name) for name in parameters]
    lines += _claims_of(evidence, lambda claim: source.id in claim.sources)
    lines += _rules_of(evidence, lambda rule: source.id in rule.sources)
    cited = _cited(evidence, (source.id,))
    return Explanation(source.id, "source", source.citation, tuple(lines), cited)


_EXPLAIN: Mapping[Kind, Callable[[Evidence, Any], Explanation]] = {
    "claim": _claim,
    "rule": _rule,
    "parameter": _parameter,
    "study": _study,
    "source": _source,
}


def _cited(evidence: Evidence, names: Iterable[str]) -> tuple[Citation, ...]:
    return tuple(_citation(evidence.sources[name]) for name in names)


def _citation(source: Source) -> Citation:
    link = source.url or (f"https://doi.org/{source.doi}" if source.doi else None)
    return Citation(
        source.id,
        source.citation,
        source.year,
        link,
        source.kind,
        source.seen_as,
        source.seen_via,
        source.note,
    )


def _seen(source: Source) -> list[Line]:
    lines = [("Seen as", source.seen_as.replace("_", " ")), ("Seen in", source.seen_via)]
    return [*lines, ("Note", source.note)] if source.note else lines


def _study_lines(evidence: Evidence, names: Iterable[str]) -> Iterator[Line]:
    for name in names:
        rows = evidence.studies[name].rows
        shown = [row_text(row) for row in rows[:ROWS_OF_A_CLAIM]] or [evidence.studies[name].design]
        if (more := len(rows) - ROWS_OF_A_CLAIM) > 0:
            shown.append(f"and {more} more; `anagen why {name}` shows them")
        yield from ((f"Study {name}", text) for text in shown)


def _claims_of(evidence: Evidence, chosen: Callable[[Claim], bool]) -> list[Line]:
    return [
        (f"Claim {claim.id}", claim.says) for claim in evidence.claims.values() if chosen(claim)
    ]


def _rules_of(evidence: Evidence, chosen: Callable[[Rule], bool]) -> list[Line]:
    return [(f"Rule {rule.id}", rule.text) for rule in evidence.rules.values() if chosen(rule)]


def row_text(row: Row) -> str:
    """One study row as text: who against whom, what, when, how much, and who may use it."""
    parts = [_heading(row) if row.outcome == "adverse_events" else _result(row)]
    if row.adverse_events:
        parts.append(f"adverse events: {row.adverse_events}")
    if row.note:
        parts.append(row.note)
    if row.derived:
        parts.append(f"worked out: {row.derived}")
    parts.append(f"{row.firmness}; use: {row.use}" + (f", {row.because}" if row.because else ""))
    return "; ".join(part.rstrip(".") for part in parts)


def _heading(row: Row) -> str:
    words = [row.arm.replace("_", " ")]
    words += [f"{row.percent:g} %"] if row.percent is not None else []
    words += [f"against {row.versus.replace('_', ' ')}"] if row.versus is not None else []
    words += [f"in {'men' if row.sex == 'male' else 'women'}"] if row.sex is not None else []
    words += [f"({row.sessions} sessions)"] if row.sessions is not None else []
    details = [" ".join(words)]
    details += [] if row.outcome == "adverse_events" else [row.outcome.replace("_", " ")]
    details += [f"from {row.threshold_um:g} um"] if row.threshold_um is not None else []
    details += [f"week {row.week:g}"] if row.week is not None else []
    details += [f"n {row.n}"] if row.n is not None else []
    return ", ".join(details)


def _result(row: Row) -> str:
    found = []
    if row.change is not None:
        kind = "median change" if row.change_kind == "median" else "change"
        found.append(f"{kind} {row.change:g}{_spread(row.change_sd)}")
    if row.change_ci is not None:
        found.append(f"interval {row.change_ci[0]:g} to {row.change_ci[1]:g}")
    if row.baseline_mean is not None:
        found.append(f"at start {row.baseline_mean:g}{_spread(row.baseline_sd)}")
    if row.followup_mean is not None:
        found.append(f"found {row.followup_mean:g}{_spread(row.followup_sd)}")
    found = [f"{', '.join(found)} {row.unit}"] if found else ["no number seen"]
    found += [f"p {row.p_value}"] if row.p_value else []
    return f"{_heading(row)}: {', '.join(found)}"


def _spread(sd: float | None) -> str:
    return "" if sd is None else f" (SD {sd:g})"


def distribution_text(distribution: Distribution) -> str:
    """A distribution as text: its law and its numbers."""
    numbers = distribution.model_dump(exclude_none=True, exclude={"law"})
    shown = ", ".join(f"{name.replace('_', ' ')} {_shown(v)}" for name, v in numbers.items())
    return f"{distribution.law.replace('_', ' ')} ({shown})"


def _shown(value: float | Mapping[str, float]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {weight:g}" for name, weight in value.items())
    return f"{value:g}"
