"""`anagen trial`: simulate a trial before anyone is injected."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

if TYPE_CHECKING:
    from anagen.trial.model import Estimate, Power, Range
    from anagen.trial.pool import Engine

LEAST_P = 0.001
"""Below it a p-value is not told in digits."""

Verb = TypeVar("Verb", bound=Callable[..., Any])
Told = Callable[[int, int], None]

file_argument = click.argument("file", type=click.Path(path_type=Path))
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
)
runs_option = click.option(
    "--runs", type=click.IntRange(2, 1_000_000), default=200, show_default=True,
    help="Simulated trials.",
)  # fmt: skip
workers_option = click.option(
    "--workers", type=click.IntRange(1, 256), default=None,
    help="Processes; default: one for each core. They change nothing but the time.",
)  # fmt: skip
engine_option = click.option(
    "--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True,
    help="Processes of this machine, or Dask distributed.",
)  # fmt: skip
scheduler_option = click.option(
    "--scheduler", metavar="ADDRESS", default=None,
    help="Address of a Dask scheduler; without one, Dask runs on this machine.",
)  # fmt: skip
keep_option = click.option(
    "--keep", "folder", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for finished parts: a run that was ended goes on from there.",
)  # fmt: skip


def where_options(verb: Verb) -> Verb:
    """Where a simulation runs."""
    for option in (keep_option, scheduler_option, engine_option, workers_option):
        verb = option(verb)
    return verb


json_option = click.option("--json", "json_path", metavar="PATH|-", help="Write JSON; - is stdout.")


@click.group()
def trial() -> None:
    """Simulate a trial: can it answer its question, and with how many people?

    FILE is a YAML or JSON file; examples lie in examples/trials. `anagen schema trial` prints its
    schema.
    """


@trial.command()
@file_argument
@seed_option
@click.option(
    "--number", type=click.IntRange(0, 2**31), default=0, show_default=True,
    help="Which of the trials that the seed has.",
)  # fmt: skip
@click.option("--csv", "csv_path", metavar="PATH", help="Write its data, a row for each count.")
@json_option
def run(file: Path, seed: int, number: int, csv_path: str | None, json_path: str | None) -> None:
    """Run one simulated trial, and analyse it as its statistician would."""
    from anagen.render.files import write_outputs
    from anagen.trial.one import one_trial
    from anagen.trial.schema import Trial

    with _refused():
        plan = Trial.load(file)
        made, rows = one_trial(plan, seed, number)
    outputs = {}
    if csv_path:
        lines = [f"person,arm,week,{plan.endpoint.outcome}\n"]
        lines += [f"{p},{arm},{week},{'' if c is None else c}\n" for p, arm, week, c in rows]
        outputs[csv_path] = "".join(lines).encode()
    if json_path:
        outputs[json_path] = dumped(made)
    write_outputs(outputs)
    if json_path:
        return
    print(f"{made.trial}: trial {made.number} of seed {made.seed}")
    for look in made.looks:
        print(
            f"  {look.people} people: {made.compared[0]} less {made.compared[1]} "
            f"{look.effect:+.1f} (95 % interval {look.low:+.1f} to {look.high:+.1f}), "
            + ("p < 0.001" if look.p_value < LEAST_P else f"p = {look.p_value:.3f}")
        )
    print(f"  The truth, which no trial sees: {made.truth:+.1f}.")


@trial.command()
@file_argument
@runs_option
@seed_option
@where_options
@click.option(
    "--so-far", is_flag=True,
    help="Simulate nothing: tell from the parts that another run has left in --keep by now.",
)  # fmt: skip
@json_option
def power(
    file: Path, runs: int, seed: int, so_far: bool, json_path: str | None, **where: Any
) -> None:
    """Power, assurance, error of type I, bias and coverage, by simulating it many times."""
    from anagen.trial.power import power_of, power_so_far
    from anagen.trial.schema import Trial

    engine = _engine(**where)
    if so_far and engine.folder is None:
        raise click.UsageError("--so-far needs --keep DIR")
    with progress("trials") as told, _refused():
        trial = Trial.load(file)
        if so_far and engine.folder is not None:
            made = power_so_far(trial, runs, seed, engine.folder)
        else:
            made = power_of(trial, runs, seed, engine, told)
    if not _written(made, json_path):
        _show_power(made)


@trial.command()
@file_argument
@click.option(
    "--target", type=click.FloatRange(0.05, 0.99), default=0.8, show_default=True,
    help="Power that is wanted.",
)  # fmt: skip
@runs_option
@seed_option
@where_options
@json_option
def size(
    file: Path, target: float, runs: int, seed: int, json_path: str | None, **where: Any
) -> None:
    """The smallest number of people whose power reaches a target."""
    from anagen.trial.schema import Trial
    from anagen.trial.size import MOST_PEOPLE, size_of

    with progress("sizes") as told, _refused():
        made = size_of(Trial.load(file), target, runs, seed, engine=_engine(**where), told=told)
    if _written(made, json_path):
        return
    for one in made.tried:
        print(f"  {one.people:>6,} people: power {one.power:.2f}")
    if made.people is None or made.at is None:
        print(f"No size up to {MOST_PEOPLE:,} people has a power of {target:g}.")
        return
    print(f"{made.people:,} people have a power of {target:g}.\n")
    _show_power(made.at)


@trial.command()
@file_argument
@runs_option
@seed_option
@click.option(
    "--country", "countries", multiple=True, metavar="CODE",
    help="Weigh protocols in this country's prices; may be given again.",
)  # fmt: skip
@where_options
@click.option("--html", "html_path", metavar="PATH", help="Write one page with figures.")
@json_option
def report(  # noqa: PLR0913, PLR0917 - the options of one verb
    file: Path,
    runs: int,
    seed: int,
    countries: tuple[str, ...],
    html_path: str | None,
    json_path: str | None,
    **where: Any,
) -> None:
    """One page for a protocol: power, size, enrolment, one trial, and what is worth testing."""
    from anagen.protocol.report import report_of
    from anagen.render.files import write_outputs
    from anagen.trial.schema import Trial

    if html_path is None and json_path is None:
        raise click.UsageError("say where to write it: --html PATH, --json PATH, or both")
    with stages() as told, _refused():
        made = report_of(
            Trial.load(file), runs, seed, engine=_engine(**where), countries=countries, told=told
        )
    outputs = {}
    if html_path:
        from anagen.render.research import trial_page

        outputs[html_path] = trial_page(made).encode()
    if json_path:
        outputs[json_path] = dumped(made)
    write_outputs(outputs)


@trial.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@runs_option
@seed_option
@where_options
@json_option
def compare(
    files: tuple[Path, ...], runs: int, seed: int, json_path: str | None, **where: Any
) -> None:
    """Lay several trials side by side."""
    from anagen.trial.power import power_of
    from anagen.trial.schema import Trial

    with progress("trials") as told, _refused():
        plans = [Trial.load(file) for file in files]
        made = [power_of(one, runs, seed, _engine(**where), told) for one in plans]
    if _written(made, json_path):
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for head in ("trial", "people", "effect", "power", "assurance", "type I", "weeks", "cost"):
        table.add_column(head, justify="left" if head == "trial" else "right")
    for one in made:
        cost = f"{one.cost['total']:,.0f} {one.cost['currency']}" if one.cost else "–"
        weeks = "–" if one.duration_weeks is None else f"{one.duration_weeks:.0f}"
        table.add_row(
            one.trial, f"{one.people:,}", f"{one.design_effect:.1f}", _estimate(one.power),
            _estimate(one.assurance), _estimate(one.type_i_error), weeks, cost,
        )  # fmt: skip
    screen().print(table)


def _engine(
    workers: int | None,
    engine: Literal["local", "dask"],
    scheduler: str | None,
    folder: Path | None,
) -> "Engine":
    from anagen.trial.pool import Engine

    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler is for --engine dask")
    return Engine(workers or os.cpu_count() or 1, engine, scheduler, folder)


@contextmanager
def _refused() -> Iterator[None]:
    from anagen.trial.expense import TooLargeError
    from anagen.trial.power import NothingYetError

    try:
        yield
    except (TooLargeError, NothingYetError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(3) from None
    except ModuleNotFoundError as error:
        if error.name != "distributed":
            raise
        click.echo("distributed is not installed: pip install 'anagen[dask]'", err=True)
        raise SystemExit(4) from None


@contextmanager
def progress(what: str) -> Iterator[Told]:
    """A bar with the time left, on a terminal; silent where there is none."""
    with stages() as told:
        yield lambda done, whole: told(what, done, whole)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """The same for work of several stages, by name."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    screen = Console(file=sys.stderr)
    columns = (TextColumn("Simulating {task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=None)
            bar.update(tasks[what], completed=done, total=whole)

        yield told


def dumped(value: Any) -> bytes:
    """A value as JSON."""
    from anagen.render.json import document_of, dump

    return dump(document_of(value)).encode()


def _written(value: Any, path: str | None) -> bool:
    from anagen.render.files import write_outputs

    if path is None:
        return False
    write_outputs({path: dumped(value)})
    return True


def screen() -> Any:
    """A terminal, or 120 columns where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def _show_power(made: "Power") -> None:
    arm, against = made.compared
    print(f"{made.trial}\n{arm} against {against}, {made.people:,} people, {made.runs:,} runs\n")
    who = "given in the file" if made.design_effect_from == "file" else "expected by the model"
    rows = (
        (f"Power at {made.design_effect:+.1f} {made.endpoint_unit} ({who})", made.power),
        ("Assurance: the same, as uncertain as the effect is", made.assurance),
        ("Error of type I: finds what is not there", made.type_i_error),
        ("Finds the wrong direction", made.wrong),
        ("Intervals that hold the truth", made.coverage),
        (f"Bias, {made.unit}", made.bias),
        ("Adopts the arm by the file's rule", made.decision.adopted),
        ("  and should not have", made.decision.wrongly_adopted),
        ("Leaves it, and should have adopted it", made.decision.wrongly_left),
    )
    for label, found in rows:
        print(f"  {label:<62} {_estimate(found)}")
    print(f"\n  True effects, {made.unit}: {_range(made.truth)}")
    print(f"  Estimates: {_range(made.estimate)}")
    if made.estimate_if_found is not None:
        print(f"  Estimates of trials that find it better: {_range(made.estimate_if_found)}")
    print(
        "  Without any effect, a study without a control group would report, "
        f"{made.endpoint_unit}: {_range(made.gain_without_effect)}"
    )
    if made.duration_weeks is not None:
        print(f"  Weeks from the first person to the last count: {made.duration_weeks:.0f}")
    if made.cost is not None:
        print(f"  Cost: {made.cost['total']:,.0f} {made.cost['currency']}")
    if len(made.stops) > 1:
        shares = ", ".join(f"{share:.0%}" for share in made.stops)
        print(f"  Ends at each look: {shares}")
    for note in made.notes:
        print(f"  Note: {note}")
    print(f"  Model {made.posterior_release}, evidence {made.evidence_release}, seed {made.seed}.")


def _estimate(found: "Estimate") -> str:
    return f"{found.estimate:.3f} ± {found.mc_se:.3f}"


def _range(found: "Range") -> str:
    return f"{found.mean:+.1f} ({found.q05:+.1f} to {found.q95:+.1f})"
