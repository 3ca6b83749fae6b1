"""What each verb does: read, call the library, print or write.

Results go to stdout, talk to stderr.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from anagen.calibrate.targets import observations
from anagen.catalogue import load_catalogue
from anagen.evidence import load_evidence
from anagen.evidence.why import UnknownId
from anagen.forecasting.basis import load_basis
from anagen.person.schema import Person
from anagen.plan import requests
from anagen.plan.build import Planned, planned
from anagen.plan.decide import Decisions, Mode, Settings, decide
from anagen.posterior.explained import explained
from anagen.quote.money import Rate, parse_rate
from anagen.quote.price_list import PriceList
from anagen.render.files import STDOUT, write_outputs
from anagen.render.json import document_of, dump, plan_document
from anagen.wording import Wording, wording_of


def settings(seed: int, draws: int, mode: Mode, prices: str | None, rate: str | None) -> Settings:
    """The plan's settings from the command's words."""
    return Settings(seed, draws, mode, _prices(prices), _rate(rate))


def plan(
    person: Path, today: date, how: Settings, outputs: Mapping[str, str | None], lang: str
) -> None:
    """Make the plan; write the wanted outputs (json, html, pdf, ics), or print it if none is."""
    wanted = _wanted(outputs)
    with _progress("Simulating follicles for every option"):
        someone = Person.load(person, today)
        made = planned(someone, today, how)
    if not wanted:
        from anagen.render.terminal import print_plan

        print_plan(made.plan, _console(lang))
        return
    with _progress("Drawing the pages"):
        contents = {path: _WRITERS[kind](made, wording_of(lang)) for kind, path in wanted.items()}
    write_outputs(contents)
    for path in contents:
        if path != STDOUT:
            click.echo(f"wrote {path}", err=True)


def check(*, person: Path, today: date, mode: Mode, lang: str, json_path: str | None) -> str:
    """Judge the wished arm; returns the verdict."""
    decided = wording_of(lang).in_language(decide(Person.load(person, today), today))
    if not _as_json(decided.candidacy, json_path):
        from anagen.render.terminal import print_check

        print_check(decided.regulatory, decided.candidacy, _console(lang), mode=mode)
    return decided.candidacy.verdict


def quote(  # noqa: PLR0913 - one for each option
    *,
    person: Path,
    today: date,
    prices: str | None,
    rate: str | None,
    lang: str,
    json_path: str | None,
) -> None:
    """Quote the wished course; a blocked one has no price, and the reason is told."""
    settings = Settings(prices=_prices(prices), rate=_rate(rate))
    decided = wording_of(lang).in_language(decide(Person.load(person, today), today, settings))
    if _as_json(decided.quote, json_path):
        _tell_limits(decided, "quote")
        return
    from anagen.render.terminal import print_absent, print_quote, print_regulatory

    console = _console(lang)
    print_regulatory(decided.regulatory, decided.candidacy.arm, console)
    if decided.quote is None:
        print_absent(decided.limits, "quote", console)
    else:
        print_quote(decided.quote, console)


def calendar(
    *, person: Path, today: date, lang: str, json_path: str | None, ics_path: str | None
) -> None:
    """Lay out the dated course; a blocked one has no dates, and the reason is told."""
    wanted = _wanted({"json": json_path, "ics": ics_path})
    wording = wording_of(lang)
    decided = wording.in_language(decide(Person.load(person, today), today))
    if wanted:
        contents = {
            "json": lambda: _dumped(decided.course),
            "ics": lambda: _ics(decided, wording),
        }
        write_outputs({path: contents[kind]() for kind, path in wanted.items()})
        _tell_limits(decided, "course")
        return
    from anagen.render.terminal import print_absent, print_course, print_regulatory

    console = _console(lang)
    print_regulatory(decided.regulatory, decided.candidacy.arm, console)
    if decided.course is None:
        print_absent(decided.limits, "course", console)
    else:
        print_course(decided.course, console)


def forecast(  # noqa: PLR0913 - one for each option
    *, person: Path, today: date, seed: int, draws: int, lang: str, json_path: str | None
) -> None:
    """Forecast every option."""
    wording = wording_of(lang)
    someone = Person.load(person, today)
    with _progress("Simulating follicles for every option"):
        made = wording.in_language(requests.forecast(someone, today=today, seed=seed, draws=draws))
    if not _as_json(made, json_path):
        from anagen.render.terminal import print_forecast, print_regulatory

        console, decided = _console(lang), wording.in_language(decide(someone, today))
        print_regulatory(decided.regulatory, decided.candidacy.arm, console)
        print_forecast(made, console)


def why(record: str, json_path: str | None) -> None:
    """Explain one record of the evidence."""
    try:
        explanation = explained(load_evidence(), record)
    except UnknownId as error:
        raise click.UsageError(str(error)) from None
    if not _as_json(explanation, json_path):
        from anagen.render.terminal import print_why

        print_why(explanation, _console())


def evidence_check(folder: Path | None) -> None:
    """Check the packaged evidence and catalogue, or another evidence folder."""
    found = load_evidence(folder)
    if folder is None:
        load_catalogue()
        load_basis()
        observations(found)  # every row to fit can be fitted
    click.echo(
        f"{found.release}: {len(found.claims)} claims, {len(found.studies)} studies, "
        f"{len(found.sources)} sources, {len(found.parameters)} parameters, "
        f"{len(found.rules)} rules: no problem found"
    )


def evidence_list(kind: str | None, json_path: str | None) -> None:
    """List the records of one kind, or the counts of all."""
    from anagen.evidence.listing import counts, rows

    found = load_evidence()
    listed = rows(found, kind) if kind else counts(found)
    if not _as_json(listed, json_path):
        for row in listed:
            click.echo(f"{row.id:<28} {row.line}")


def schema(kind: str) -> None:
    """Print one JSON Schema."""
    if kind == "plan":
        from anagen.render.json import plan_schema

        made = plan_schema()
    elif kind == "cohort":
        from anagen.predicting.schema import Cohort

        made = Cohort.model_json_schema()
    elif kind == "trial":
        from anagen.trial.schema import Trial

        made = Trial.model_json_schema()
    elif kind == "protocol":
        from anagen.protocol.schema import Question

        made = Question.model_json_schema()
    else:
        made = (Person if kind == "person" else PriceList).model_json_schema()
    click.echo(dump(made), nl=False)


def _as_json(value: Any, path: str | None) -> bool:
    if path is None:
        return False
    write_outputs({path: _dumped(value)})
    return True


def _dumped(value: Any) -> bytes:
    return dump(document_of(value)).encode()


def _wanted(outputs: Mapping[str, str | None]) -> dict[str, str]:
    """The outputs that were asked for, each with a path of its own."""
    wanted = {kind: path for kind, path in outputs.items() if path is not None}
    if len(set(wanted.values())) < len(wanted):
        raise click.UsageError("two outputs have the same path; give each its own")
    return wanted


def _html(made: Planned, wording: Wording) -> bytes:
    from anagen.render.html import html_page

    return html_page(made.plan, made.patch(), wording).encode()


def _pdf(made: Planned, wording: Wording) -> bytes:
    from anagen.render.pdf import pdf_bytes

    return pdf_bytes(made.plan, wording, made.patch())


def _ics(made: Planned | Decisions, wording: Wording) -> bytes:
    from anagen.render.calendar import calendar_bytes

    return calendar_bytes(made.plan if isinstance(made, Planned) else made, wording)


def _tell_limits(decided: Decisions, part: str) -> None:
    for limit in decided.limits:
        if limit.part == part:
            click.echo(limit.reason, err=True)


def _json(made: Planned, wording: Wording) -> bytes:
    return dump(plan_document(wording.in_language(made.plan))).encode()


_WRITERS: Mapping[str, Callable[[Planned, Wording], bytes]] = {
    "json": _json,
    "html": _html,
    "pdf": _pdf,
    "ics": _ics,
}


def _prices(path: str | None) -> PriceList | None:
    return None if path is None else PriceList.load(path)


def _rate(text: str | None) -> Rate | None:
    try:
        return None if text is None else parse_rate(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rate") from None


def _console(lang: str = "en") -> Any:
    from anagen.render.terminal import Screen

    console = Screen(width=None if sys.stdout.isatty() else 80, highlight=False)
    console.wording = wording_of(lang)
    return console


@contextmanager
def _progress(words: str) -> Iterator[None]:
    """A moving sign on stderr, only where a person watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(words):
        yield
