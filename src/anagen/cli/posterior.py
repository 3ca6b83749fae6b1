"""`anagen posterior`: what a release holds, whether it is sound, and how two of them differ."""

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from anagen.posterior.store import Manifest

release_argument = click.argument("release", required=False)
json_option = click.option("--json", "json_path", metavar="PATH|-", help="Write JSON; - is stdout.")


@click.group()
def posterior() -> None:
    """What the published trials taught the model: releases of its parameters.

    RELEASE is the name of a release that comes with anagen, or a folder; without it, the one that
    forecasts use is meant.
    """


@posterior.command()
@release_argument
@json_option
def show(release: str | None, json_path: str | None) -> None:
    """Every parameter before and after the data, and whether they taught it anything."""
    manifest = _manifest(release)
    if _as_json(manifest.model_dump(), json_path):
        return
    screen = _screen()
    _head(manifest, screen)
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for head in ("parameter", "before", "after (90 % range)", "R-hat", "draws' worth", "the data"):
        table.add_column(head, justify="left" if head in ("parameter", "the data") else "right")
    for name, one in manifest.columns.items():
        table.add_row(
            name,
            f"{one.prior_mean:.3g} ± {one.prior_sd:.2g}",
            f"{one.q50:.3g} ({one.q05:.3g} to {one.q95:.3g})",
            f"{one.r_hat:.3f}",
            f"{one.ess:.0f}",
            one.says.replace("_", " "),
        )
    screen.print(table)


@posterior.command()
@release_argument
@json_option
def check(release: str | None, json_path: str | None) -> None:
    """Check a release: its files, its convergence, and whether it fits the evidence of today."""
    from anagen.evidence import load_evidence
    from anagen.posterior import load_release, verify
    from anagen.posterior.release import prior_mark
    from anagen.posterior.store import require_convergence

    manifest = _manifest(release)
    evidence = load_evidence()
    loaded = load_release(release or manifest.edition, evidence.parameters)
    verify(loaded)
    require_convergence(manifest)
    same = manifest.priors == prior_mark(evidence.parameters, manifest.columns)
    found = {
        "release": loaded.id,
        "files": "as the manifest says",
        "converged": True,
        "most_r_hat": manifest.most_r_hat,
        "least_ess": manifest.least_ess,
        "divergences": manifest.divergences,
        "priors_as_today": same,
    }
    if not _as_json(found, json_path):
        screen = _screen()
        screen.print(f"{loaded.id}: files whole; R-hat at most {manifest.most_r_hat:.3f}, at least")
        screen.print(f"{manifest.least_ess:.0f} draws' worth, {manifest.divergences} divergences.")
        if not same:
            screen.print("The evidence's priors have changed since: calibrate again.")


@posterior.command()
@click.argument("first")
@click.argument("second", required=False)
@json_option
def diff(first: str, second: str | None, json_path: str | None) -> None:
    """What moved from one release to another, the most moved first."""
    from dataclasses import asdict

    from anagen.posterior.differences import differences

    before, after = _manifest(first), _manifest(second)
    found = differences(before, after)
    document = {"first": before.edition, "second": after.edition}
    if _as_json(document | {"columns": [asdict(one) for one in found]}, json_path):
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for head in ("parameter", before.edition, after.edition, "moved, SDs", "SD, ratio"):
        table.add_column(head, justify="left" if head == "parameter" else "right")
    for one in found:
        table.add_row(
            one.column,
            *(
                "–" if pair is None else f"{pair[0]:.3g} ± {pair[1]:.2g}"
                for pair in (one.first, one.second)
            ),
            "–" if one.moved_sds is None else f"{one.moved_sds:+.2f}",
            "–" if one.narrowed is None else f"{one.narrowed:.2f}",
        )
    _screen().print(table)


def _manifest(release: str | None) -> "Manifest":
    from anagen.posterior.store import current_edition, read_manifest, release_folder

    return read_manifest(release_folder(release or current_edition()))


def _head(manifest: "Manifest", screen: "Console") -> None:
    screen.print(f"[bold]{manifest.edition}[/bold], made on {manifest.made_on}", soft_wrap=True)
    screen.print(
        f"{manifest.rows} joint draws from {manifest.chains} chains of "
        f"{manifest.draws_per_chain}; R-hat at most {manifest.most_r_hat:.3f}, at least "
        f"{manifest.least_ess:.0f} draws' worth, {manifest.divergences} divergences; "
        f"seed {manifest.seed}; evidence {manifest.evidence_release}.",
        soft_wrap=True,
    )
    for name, found in manifest.ways_back.items():
        screen.print(
            f"  way back '{name}': weight {found['weight']:.2f}, behind the best by "
            f"{found['behind_best']:.1f} ± {found['behind_best_se']:.1f}",
            soft_wrap=True,
        )


def _as_json(document: dict[str, Any], json_path: str | None) -> bool:
    if json_path is None:
        return False
    from anagen.render.files import write_outputs
    from anagen.render.json import dump

    write_outputs({json_path: dump(document).encode()})
    return True


def _screen() -> "Console":
    from anagen.render.terminal import Screen

    return Screen(width=None if sys.stdout.isatty() else 120, highlight=False)
