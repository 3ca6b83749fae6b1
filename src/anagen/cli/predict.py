"""`anagen predict`: what an arm of a new trial would report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from anagen.predicting.model import Prediction

LEAST_DRAWS, MOST_DRAWS = 100, 100_000


@click.command()
@click.argument("cohort", type=click.Path(path_type=Path))
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
)
@click.option(
    "--draws",
    type=click.IntRange(LEAST_DRAWS, MOST_DRAWS),
    default=1000,
    show_default=True,
    help="New trials behind each distribution.",
)
@click.option(
    "--design",
    "designs",
    type=click.Choice(["adjusted", "single_arm", "retrospective", "industry"]),
    multiple=True,
    help="What the arm's own change is open to; may be repeated. `adjusted` leaves all bias out. "
    "Default: single_arm for a treatment without a control.",
)
@click.option("--json", "json_path", metavar="PATH|-", help="Write JSON; - is stdout.")
def predict(
    cohort: Path, seed: int, draws: int, designs: tuple[str, ...], json_path: str | None
) -> None:
    """What an arm of a new trial would report: measured mean changes, as distributions.

    COHORT is a YAML or JSON file: who, how many, what they get, and what is to be predicted when.
    """
    from anagen.predicting.build import predict as prediction
    from anagen.predicting.design import DESIGNS
    from anagen.predicting.schema import Cohort

    if "adjusted" in designs and len(designs) > 1:
        raise click.UsageError("--design adjusted leaves all bias out: give it alone")
    view = [name for name in DESIGNS if name in designs] if designs else None
    made = prediction(Cohort.load(cohort), draws=draws, seed=seed, designs=view)
    if json_path is None:
        _show(made)
        return
    from anagen.render.files import write_outputs
    from anagen.render.json import document_of, dump

    write_outputs({json_path: dump(document_of(made)).encode()})


def _show(made: "Prediction") -> None:
    from anagen.render.terminal import Screen

    screen = Screen(width=None if sys.stdout.isatty() else 100, highlight=False)
    arm = made.cohort["arm"]["id"]
    control = made.cohort.get("control")
    against = f" against {control}" if control else ""
    screen.print(f"[bold]{arm}{against}[/bold], {made.cohort['n']} people", soft_wrap=True)
    screen.print("Measured mean change that a new trial of this size would report (90 % range).\n")
    for name, weeks in made.outcomes.items():
        screen.print(_table(name, weeks, bool(control)))
    for one in made.assumed:
        screen.print(f"Assumed: {one.key} = {_plain(one.value)}. {one.effect}", soft_wrap=True)
    for note in made.notes:
        screen.print(f"Note: {note}", soft_wrap=True)
    screen.print(f"Release {made.posterior_release}, seed {made.seed}.", soft_wrap=True)


def _table(name: str, weeks: Any, control: bool) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(title=name, title_justify="left", box=box.SIMPLE)
    heads = ["week", "change", "change, %", *(["against control"] if control else []), "SD of one"]
    for head in heads:
        table.add_column(head, justify="right")
    for week, found in weeks.items():
        cells = [week, _range(found.change), _range(found.change_percent)]
        if control:
            cells.append(_range(found.minus_control))
        table.add_row(*cells, f"{found.individual_sd:.1f}")
    return table


def _range(spread: Any) -> str:
    return f"{spread.mean:.1f} ({spread.q05:.1f} to {spread.q95:.1f})"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item:g}" for key, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
