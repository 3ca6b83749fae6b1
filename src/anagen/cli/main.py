"""The command line. Only words are handled here; the work is in `anagen.cli.work`.

Heavy libraries load inside the verbs, so that ``anagen --help`` stays quick.

Exit codes: 0 done · 1 a bug of ours · 2 the command's words are wrong · 3 an input is missing or
invalid · 4 an optional part is not installed · 5 an output cannot be written. ``anagen check``
alone maps the verdict: 0 candidate, 10 caution, 11 undetermined, 12 not now.
"""

import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from anagen import __version__
from anagen.cli.calibrate import calibrate
from anagen.cli.meta import meta
from anagen.cli.posterior import posterior
from anagen.cli.predict import predict
from anagen.cli.protocol import protocol
from anagen.cli.serve import serve
from anagen.cli.trial import trial

Verb = TypeVar("Verb", bound=Callable[..., Any])

CHECK_EXIT = {"candidate": 0, "caution": 10, "undetermined": 11, "not_now": 12}
OUTPUT = 5
STDOUT = 1
LEAST_DRAWS = 100
MOST_DRAWS = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Text to a date between the years 2000 and 2100."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a date written YYYY-MM-DD", param, ctx)
        if len(value) != len("2026-11-22") or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(
                f"'{value}' is not a date YYYY-MM-DD from {FIRST_YEAR} to {LAST_YEAR}", param, ctx
            )
        return day


def _options(*options: Callable[[Verb], Verb]) -> Callable[[Verb], Verb]:
    def add(verb: Verb) -> Verb:
        for option in reversed(options):
            verb = option(verb)
        return verb

    return add


person_argument = click.argument("person", type=click.Path(path_type=Path))
today_option = click.option(
    "--today", type=Day(), default=None, help="Plan as of this day; default: the clock's."
)
json_option = click.option("--json", "json_path", metavar="PATH|-", help="Write JSON; - is stdout.")
_language: ContextVar[str] = ContextVar("language", default="en")
"""The language of the verb that runs, for the faults that end it."""


def _spoken(_: click.Context, __: click.Parameter, language: str) -> str:
    _language.set(language)
    return language


lang_option = click.option(
    "--lang",
    callback=_spoken,
    type=click.Choice(["en", "tr", "es"]),
    default="en",
    show_default=True,
    help="Language; tr and es were not reviewed by a clinician.",
)
draw_options = _options(
    click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
    ),
    click.option(
        "--draws",
        type=click.IntRange(LEAST_DRAWS, MOST_DRAWS),
        default=1000,
        show_default=True,
        help="Parameter draws behind each distribution.",
    ),
)
price_options = _options(
    click.option("--prices", metavar="FILE", help="A clinic's own price list."),
    click.option("--rate", metavar="TEXT", help='One rate: "1 USD = 42 TRY on 2026-11-20".'),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="anagen")
def cli() -> None:
    """Plan, forecast and study exosome therapy for hair, honestly.

    The treatment is experimental. anagen informs a person and supports a clinician; it gives no
    orders.
    """


@cli.command()
@person_argument
@today_option
@draw_options
@click.option(
    "--mode", type=click.Choice(["person", "clinician"]), default="person", show_default=True
)
@price_options
@lang_option
@json_option
@click.option("--html", "html_path", metavar="PATH", help="Write one self-contained page.")
@click.option("--pdf", "pdf_path", metavar="PATH", help="Write a tagged PDF.")
@click.option("--ics", "ics_path", metavar="PATH", help="Write the course as a calendar.")
def plan(person: Path, today: date | None, lang: str, **options: Any) -> None:
    """Plan for one person: verdict, dates, price, forecast, and who says so.

    PERSON is a YAML or JSON file. With no output option the plan is printed.
    """
    from anagen.cli import work

    outputs = {kind: options.pop(f"{kind}_path") for kind in ("json", "html", "pdf", "ics")}
    work.plan(person, today or _clock(), work.settings(**options), outputs, lang)


@cli.command()
@person_argument
@today_option
@click.option("--mode", type=click.Choice(["person", "clinician"]), default="person")
@lang_option
@json_option
def check(**options: Any) -> None:
    """Say whether the listed reasons for or against apply. The exit code gives the verdict."""
    from anagen.cli import work

    sys.exit(CHECK_EXIT[work.check(**_with_today(options))])


@cli.command()
@person_argument
@today_option
@price_options
@lang_option
@json_option
def quote(**options: Any) -> None:
    """Price range of the wished course, with the contradictions between sources."""
    from anagen.cli import work

    work.quote(**_with_today(options))


@cli.command()
@person_argument
@today_option
@lang_option
@json_option
@click.option("--ics", "ics_path", metavar="PATH|-", help="Write an iCalendar file; - is stdout.")
def calendar(**options: Any) -> None:
    """The dated course: sessions, preparation, medicines, follow-up."""
    from anagen.cli import work

    work.calendar(**_with_today(options))


@cli.command()
@person_argument
@today_option
@draw_options
@lang_option
@json_option
def forecast(**options: Any) -> None:
    """Distributions for every option, doing nothing included."""
    from anagen.cli import work

    work.forecast(**_with_today(options))


@cli.command()
@click.argument("record", metavar="ID")
@json_option
def why(record: str, json_path: str | None) -> None:
    """Says who? Explain a claim (C09), rule, parameter, study or source by its id."""
    from anagen.cli import work

    work.why(record, json_path)


@cli.group()
def evidence() -> None:
    """What is known and who says so."""


@evidence.command("check")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=None,
    help="Check another evidence folder than the packaged one.",
)
def evidence_check(folder: Path | None) -> None:
    """Check every record: ids, sources, units, reasons."""
    from anagen.cli import work

    work.evidence_check(folder)


@evidence.command("list")
@click.argument(
    "kind",
    required=False,
    type=click.Choice(["claims", "rules", "parameters", "studies", "sources"]),
)
@json_option
def evidence_list(kind: str | None, json_path: str | None) -> None:
    """List the records of one kind, or how many there are of each."""
    from anagen.cli import work

    work.evidence_list(kind, json_path)


@evidence.command("show")
@click.argument("record", metavar="ID")
@json_option
def evidence_show(record: str, json_path: str | None) -> None:
    """Show one record with its numbers and sources."""
    from anagen.cli import work

    work.why(record, json_path)


evidence.add_command(meta)


SCHEMAS = ("person", "plan", "cohort", "trial", "protocol", "prices")


@cli.command()
@click.argument("kind", type=click.Choice(SCHEMAS))
def schema(kind: str) -> None:
    """Print a JSON Schema: of a person, plan, cohort, trial, protocol, or price list."""
    from anagen.cli import work

    work.schema(kind)


for verb in (predict, calibrate, posterior, serve, trial, protocol):
    cli.add_command(verb)


def _with_today(options: dict[str, Any]) -> dict[str, Any]:
    return options | {"today": options["today"] or _clock()}


def _clock() -> date:
    """Today; the clock is read here, at the edge, and nowhere below."""
    return date.today()


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run with `arguments`; every fault becomes a sentence on stderr and an exit code."""
    _language.set("en")
    try:
        try:
            cli.main(arguments, prog_name="anagen", standalone_mode=False)
        finally:
            sys.stdout.flush()
    except SystemExit as stop:
        if stop.code == 1:
            # Only click ends with 1, when the reader of our output went away.
            _silence_stdout()
            return 0
        return stop.code if isinstance(stop.code, int) else 0
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`anagen plan … | head`): nothing is wrong.
        _silence_stdout()
        return 0
    except OSError as error:
        # Inputs and files have errors of their own, so this is standard output itself.
        _silence_stdout()
        print(f"standard output: cannot be written: {error.strerror or error}", file=sys.stderr)
        return OUTPUT
    except Exception as error:
        from anagen.cli.faults import told

        return told(error, _language.get())
    return 0


def _silence_stdout() -> None:
    """Let what is still buffered go nowhere, so that ending the process raises nothing more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
