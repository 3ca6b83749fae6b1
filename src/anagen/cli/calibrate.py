"""`anagen calibrate`: learn the model's parameters from the published trials."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

NOT_INSTALLED = 4
INSTALL = "pip install 'anagen[calibrate]'"
INVALID = 3


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("out/calibration"),
    show_default=True,
    help="Where chains are kept; the same command goes on where it stopped.",
)
@click.option("--chains", type=click.IntRange(2, 16), default=4, show_default=True)
@click.option("--warmup", type=click.IntRange(100, 100_000), default=600, show_default=True)
@click.option("--draws", type=click.IntRange(100, 100_000), default=600, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="Processes; default: one a core."
)
@click.option(
    "--release",
    type=click.Path(path_type=Path),
    default=None,
    help="Write a release into this new folder, named after its edition.",
)
@click.option(
    "--rehearse",
    type=click.IntRange(1, 10_000),
    default=None,
    metavar="N",
    help="Instead, refit N made-up evidence bases and keep where the truth lies (rehearsal.csv).",
)
def calibrate(  # noqa: PLR0913, PLR0917 - one word for each choice of the command
    folder: Path,
    chains: int,
    warmup: int,
    draws: int,
    seed: int,
    workers: int | None,
    release: Path | None,
    rehearse: int | None,
) -> None:
    """Fit the model to every row that may be fitted, and write a release.

    Needs the optional part: pip install 'anagen[calibrate]'. Takes about half an hour on two cores.
    """
    _require_parts()
    from anagen.calibrate.run import (
        VARIANTS,
        Job,
        OtherRunError,
        calibrate as run,
        lengths,
        rehearsal,
    )
    from anagen.evidence import load_evidence
    from anagen.posterior.store import ReleaseFileError

    cores = workers or os.cpu_count() or 1
    try:
        if rehearse is not None:
            with _bar("made-up evidence, refitted") as progress:
                rehearsal(folder, rehearse, seed, cores, progress)
            return
        evidence = load_evidence()
        jobs = {
            name: Job(folder / name, name, chains, *lengths(name, warmup, draws), seed, cores)
            for name in VARIANTS
        }
        for name, job in jobs.items():
            with _bar(f"ways back: {name}") as progress:
                run(job, evidence, progress)
        if release is not None:
            from anagen import __version__
            from anagen.calibrate.publish import publish
            from anagen.calibrate.run import one_thread

            one_thread()
            about = {"made_on": date.today().isoformat(), "software": f"anagen {__version__}"}
            manifest = publish(release, jobs, evidence, about)
            click.echo(f"wrote {release}: {manifest.rows} joint draws", err=True)
    except (OtherRunError, ReleaseFileError) as error:
        click.echo(str(error), err=True)
        sys.exit(INVALID)


def _require_parts() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("jax", "numpyro", "arviz_stats") if find_spec(name) is None]
    if missing:
        click.echo(f"Calibration needs {', '.join(missing)}. Install with: {INSTALL}", err=True)
        sys.exit(NOT_INSTALLED)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress, TimeElapsedColumn, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:3], TimeRemainingColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)
