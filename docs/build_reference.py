"""MkDocs hook: the navigation, and the reference pages that are made from code and data.

They are made at every build, so they can't be stale and are not kept in the repository.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from anagen import load_evidence
from anagen.cli.main import cli
from anagen.evidence import Evidence
from anagen.evidence.schema import Distribution, Row
from anagen.reading import read_document

SECTIONS = {
    "Tutorials": "tutorials",
    "How to": "how-to",
    "Reference": "reference",
    "The model": "model",
    "Explanation": "explanation",
    "Decisions": "decisions",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Lay out the navigation: sections in a fixed order, pages by name, index pages first."""
    docs = Path(config.docs_dir)
    made = [f"reference/{name}.md" for name in PAGES]
    nav: list[Any] = ["index.md"]
    for title, folder in SECTIONS.items():
        written = [path.relative_to(docs).as_posix() for path in (docs / folder).glob("*.md")]
        both = written + [name for name in made if name.startswith(f"{folder}/")]
        if both:
            nav.append(
                {title: sorted(both, key=lambda name: (not name.endswith("index.md"), name))}
            )
    config.nav = [*nav, "glossary.md"]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages to those that are written by hand."""
    for name, text in reference().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def reference() -> dict[str, str]:
    """All made pages by name, as Markdown."""
    evidence = load_evidence()
    return {name: "\n".join(make(evidence)) + "\n" for name, make in PAGES.items()}


def _command_line(_: Evidence) -> Iterator[str]:
    yield "# Command line"
    yield "\nResults go to stdout, talk and progress to stderr. What the exit codes mean stands in"
    yield "[exit codes](exit-codes.md).\n"
    for name, command in _commands("anagen", cli):
        if isinstance(command, click.Group):
            continue
        context = click.Context(command, info_name=name)
        yield f"## {name}"
        yield f"\n    {name} {' '.join(command.collect_usage_pieces(context))}\n"
        yield f"{(command.help or '').strip()}\n"
        options = [option for option in command.params if isinstance(option, click.Option)]
        yield from _table(("option", "meaning", "default"), map(_option, options))


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part, below in sorted(command.commands.items()):
            yield from _commands(f"{name} {part}", below)


def _option(option: click.Option) -> tuple[str, str, str]:
    value = option.make_metavar(click.Context(click.Command("x"))) if not option.is_flag else ""
    default = option.default if isinstance(option.default, (int, float, str)) else ""
    return f"`{', '.join(option.opts)} {value}`", option.help or "", str(default)


def _claims(evidence: Evidence) -> Iterator[str]:
    yield "# Claims ledger"
    yield "\nEvery statement of the article that the project starts from, where it stands against"
    yield "independent evidence, and what in the program uses it. See"
    yield "[the glossary](../glossary.md) for the five standings.\n"
    claims = evidence.claims.values()
    rows = ((f"[{c.id}](#{c.id})", c.topic, c.standing) for c in claims)
    yield from _table(("id", "topic", "standing"), rows)
    for claim in claims:
        yield f"## {claim.id}: {claim.topic} {{#{claim.id}}}"
        yield f"\n**The article says:** {_cell(claim.says)}\n"
        yield f"**Standing:** {claim.standing}. {_cell(claim.because)}\n"
        yield f"**Sources:** {_sources(claim.sources)}\n"
        if claim.studies:
            yield f"**Studies:** {_links('studies.md', claim.studies)}\n"
        yield f"**Used by:** {', '.join(f'`{name}`' for name in claim.used_by)}\n"


def _studies(evidence: Evidence) -> Iterator[str]:
    yield "# Studies"
    yield "\nEach study of treated people, and each row that was read from it. `use` says who may"
    yield "read a row: `fit` the calibration, `check` the scoring, `display` pages only, `never`"
    yield "nobody.\n"
    for study in evidence.studies.values():
        yield f"## {study.id} {{#{study.id}}}"
        facts = [study.design, study.sex, study.diagnosis, study.product, study.dose, study.route]
        facts += [study.sessions and f"sessions: {study.sessions}", f"funding: {study.funding}"]
        yield f"\n{_cell(' · '.join(fact for fact in facts if fact))}\n"
        yield f"Source: {_sources([study.source])}\n"
        yield from _table(
            ("arm", "outcome", "week", "n", "change", "firmness", "use"), map(_row, study.rows)
        )


def _row(row: Row) -> tuple[str, ...]:
    change = "" if row.change is None else f"{row.change:+g} {row.unit} ({row.change_kind})"
    week = "" if row.week is None else f"{row.week:g}"
    return (row.arm, row.outcome, week, str(row.n or ""), change, row.firmness, row.use)


def _parameters(evidence: Evidence) -> Iterator[str]:
    yield "# Parameters"
    yield "\nEvery number of the model, as a distribution. `learned` says whether data moved it:"
    yield "`data_led`, `prior_led`, or `not_learned`, where the posterior is the prior.\n"
    for parameter in evidence.parameters.values():
        yield f"## {parameter.id} {{#{parameter.id}}}"
        yield f"\n{_cell(parameter.means)}\n"
        yield f"- Prior: {_law(parameter.distribution)}, in {parameter.unit}"
        yield f"- Basis: {parameter.basis}; {parameter.learned}"
        yield f"- Because: {_cell(parameter.because)}"
        if parameter.sources:
            yield f"- Sources: {_sources(parameter.sources)}"
        yield f"- Used by: {', '.join(f'`{name}`' for name in parameter.used_by)}\n"


def _law(distribution: Distribution) -> str:
    numbers = distribution.model_dump(exclude_none=True, exclude={"law"})
    return f"{distribution.law}({', '.join(f'{name} {value}' for name, value in numbers.items())})"


def _rules(evidence: Evidence) -> Iterator[str]:
    yield "# Candidacy rules"
    yield "\nWhat the verdict rests on. In order: any contraindication gives `not_now`; any missing"
    yield "safety answer `undetermined`; any caution `caution`; else androgenetic alopecia gives"
    yield "`candidate`.\n"
    for rule in evidence.rules.values():
        yield f"## {rule.id} {{#{rule.id}}}"
        for name, value in rule.model_dump(exclude={"id", "sources"}, exclude_none=True).items():
            yield f"\n- **{name}**: {_cell(_plain(value))}"
        yield f"\n- **sources**: {_sources(rule.sources)}\n"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def _bibliography(evidence: Evidence) -> Iterator[str]:
    yield "# Sources"
    yield "\nThe primary work is cited. `seen` says how its figures were read: nothing enters from"
    yield "memory (see [how to add a study](../how-to/add-a-study.md)).\n"
    for source in evidence.sources.values():
        link = source.url or (f"https://doi.org/{source.doi}" if source.doi else "")
        yield f"## {source.id} {{#{source.id}}}"
        yield f"\n{_cell(source.citation)}" + (f" <{link}>" if link else "")
        yield f"\n{source.kind}; seen as {source.seen_as}: {_cell(source.seen_via)}\n"


def _sources(ids: Iterable[str]) -> str:
    return _links("sources.md", ids)


def _links(page: str, ids: Iterable[str]) -> str:
    return ", ".join(f"[{name}]({page}#{name})" for name in ids) or "none"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    listed = list(rows)
    if listed:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        for row in listed:
            yield f"| {' | '.join(_cell(text) for text in row)} |"
        yield ""


def _cell(text: str) -> str:
    """Text of a record as Markdown that stays on one line and inside its cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _cases(_: Evidence) -> Iterator[str]:
    yield "# What the planner says, case by case"
    yield "\nEach case starts from an example person, changes some answers, and says what the plan"
    yield "must then hold. All of them run with the test suite.\n"
    cases = read_document(Path(__file__).parents[1] / "tests/spec/cases/claims.yaml").value["cases"]
    for claim, group in groupby(cases, key=lambda case: case["claim"]):
        yield f"## [{claim}](claims.md#{claim})\n"
        for case in group:
            changed = f", with {_flow(case['change'])}" if case.get("change") else ""
            yield f"- **{case['name']}.** From `{case['from']}`{changed}:"
            for check in case["expect"]:
                ((kind, wanted),) = ((k, v) for k, v in check.items() if k != "at")
                yield f"    - `{check['at']}` {kind.replace('_', ' ')} `{_flow(wanted)}`"
        yield ""


def _flow(value: Any) -> str:
    """A value as YAML on one line, without the outer braces."""
    if isinstance(value, dict):
        inner = (f"{key}: {_flow(item)}" for key, item in value.items())
        return "; ".join(inner)
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


PAGES = {
    "command-line": _command_line,
    "cases": _cases,
    "claims": _claims,
    "studies": _studies,
    "parameters": _parameters,
    "rules": _rules,
    "sources": _bibliography,
}
