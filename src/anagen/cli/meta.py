"""`anagen evidence meta`: the study rows pooled, group by group or as a network."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from anagen.evidence.meta.model import Network, Pooled, Selection

METHODS = {
    "single": "one study",
    "fixed": "fixed effect",
    "dl": "DerSimonian-Laird",
    "pm": "Paule-Mandel",
    "reml": "REML",
    "reml_hk": "REML, Hartung-Knapp",
    "reml_adhoc": "the same, never narrower",
}


INDIRECT = (
    "A comparison with no trial of both arms takes it that trials would have shown the same "
    "against any arm."
)


@click.command("meta")
@click.argument("group", required=False)
@click.option("--network", is_flag=True, help="All linked treatments in one model.")
@click.option("--json", "json_path", metavar="PATH|-", help="Write JSON; - is stdout.")
@click.option(
    "--svg", "svg_folder", metavar="FOLDER", help="Write forest and funnel plots into this folder."
)
def meta(group: str | None, network: bool, json_path: str | None, svg_folder: str | None) -> None:
    """Pool the published differences in hair density, and say what cannot be pooled.

    GROUP is one comparison, such as minoxidil-5-vs-topical-vehicle-terminal; without it all are
    listed. Rows that nobody may read never enter, published pools are shown apart, and an arm's own
    change is never mixed with a difference between arms.
    """
    from anagen.evidence import load_evidence
    from anagen.evidence.meta import networks, pool, select

    if network and (group or svg_folder):
        raise click.UsageError("--network takes all groups and has no plot: give it alone")
    evidence = load_evidence()
    selection = select(evidence)
    if network:
        linked = networks(selection)
        if not _as_json({"evidence_release": evidence.release, "networks": linked}, json_path):
            _show_networks(linked)
        return
    pooled = [pool(one) for one in selection.groups if group in (None, one.id)]
    if not pooled:
        _refuse(group or "", [one.id for one in selection.groups])
    if svg_folder:
        _draw(pooled, Path(svg_folder))
    document: dict[str, Any] = {"evidence_release": evidence.release, "groups": pooled}
    if group is None:
        document |= {"published_pools": selection.pools, "left_out": selection.left_out}
    if _as_json(document, json_path):
        return
    if group is None:
        _show_all(pooled, selection)
    else:
        _show_group(pooled[0], _screen())


def _refuse(group: str, known: list[str]) -> None:
    from anagen.reading import InputError, Problem, nearest
    from anagen.reading.problems import one_line

    near = nearest(group, known)
    hint = f"did you mean {near}?" if near else f"known are {', '.join(known)}"
    raise InputError([Problem("evidence meta", None, one_line(group), f"no such group; {hint}")])


def _draw(pooled: list["Pooled"], folder: Path) -> None:
    from anagen.figures.forest import forest, funnel
    from anagen.render.files import OutputError, write_outputs

    if not folder.is_dir():
        raise OutputError(f"{folder}: is not a folder; make it first")
    outputs = {}
    for one in pooled:
        outputs[str(folder / f"forest-{one.group.id}.svg")] = forest(one).svg.encode()
        if len(one.group.contrasts) > 1:
            outputs[str(folder / f"funnel-{one.group.id}.svg")] = funnel(one).svg.encode()
    write_outputs(outputs)


def _show_all(pooled: list["Pooled"], selection: "Selection") -> None:
    screen = _screen()
    for kind, title in (
        ("controlled", "Differences between arms, hairs/cm²"),
        ("within_arm", "An arm's own change, hairs/cm²: no effect, for vehicle arms gain as well"),
    ):
        table = _table(title, ("group", "studies", "mean", "95 %", "new study, 95 %", "I², %"))
        for one in (one for one in pooled if one.group.kind == kind):
            best = one.leading
            i2 = f"{one.heterogeneity.i2_percent:.0f}" if one.heterogeneity else "–"
            table.add_row(
                one.group.id,
                str(len(one.group.contrasts)),
                f"{best.mean:.1f}",
                _span(best.low, best.high),
                _span(*best.prediction) if best.prediction else "–",
                i2,
            )
        screen.print(table)
    screen.print(
        "Pooled by REML with Hartung and Knapp's interval, its SE at least REML's. "
        "Two studies tell little about how far studies differ, so their interval is very wide.",
        soft_wrap=True,
    )
    pools = _table("Published pools: shown, never pooled again", ("study", "row", "mean", "95 %"))
    for pool in selection.pools:
        span = _span(*pool.ci_per_cm2) if pool.ci_per_cm2 else "not seen"
        pools.add_row(pool.study, pool.row, f"{pool.estimate_per_cm2:.1f}", span)
    screen.print(pools)
    left = _table("Left out", ("study", "row", "why"))
    for row in selection.left_out:
        left.add_row(row.study, row.row, row.reason)
    screen.print(left)


def _show_group(one: "Pooled", screen: "Console") -> None:
    group = one.group
    studies = _table(group.id, ("study", "week", "n", "hairs/cm²", "SE", "where the SE is from"))
    for row in group.contrasts:
        studies.add_row(
            row.study,
            "–" if row.week is None else f"{row.week:g}",
            "–" if row.n is None else str(row.n),
            f"{row.estimate_per_cm2:.1f}",
            f"{row.se_per_cm2:.2f}",
            row.basis,
        )
    screen.print(studies)
    methods = _table("Pooled", ("method", "mean", "SE", "95 %", "tau²", "new study, 95 %"))
    for name, found in one.estimates.items():
        methods.add_row(
            METHODS[name],
            f"{found.mean:.2f}",
            f"{found.se:.2f}",
            _span(found.low, found.high),
            f"{found.tau2:.2f}",
            _span(*found.prediction) if found.prediction else "–",
        )
    screen.print(methods)
    if one.heterogeneity:
        h = one.heterogeneity
        screen.print(
            f"Q {h.q:.2f} on {h.df} df, p {h.p:.3f}; I² {h.i2_percent:.0f} %; H² {h.h2:.2f}; "
            f"tau² {h.tau2:.2f}."
        )
    for without in one.leave_one_out:
        found = without.estimate
        span = _span(found.low, found.high)
        screen.print(f"Without {without.study}: {found.mean:.2f} ({span}).")
    if one.egger:
        screen.print(
            f"Egger's regression: slope {one.egger.slope:.2f}, t {one.egger.t:.2f} on "
            f"{one.egger.df} df, p {one.egger.p:.2f}; with so few studies it can show little."
        )
    for caution in group.cautions:
        screen.print(f"Note: {caution}", soft_wrap=True)


def _show_networks(linked: tuple["Network", ...]) -> None:
    screen = _screen()
    for network in linked:
        screen.print(f"[bold]{network.outcome}[/bold], hairs/cm²")
        parts = len(network.components)
        if parts > 1:
            screen.print(
                f"{parts} groups of treatments that no trial links: nothing can be compared "
                "between them.",
                soft_wrap=True,
            )
        for part in network.components:
            title = f"{', '.join(part.nodes)} ({', '.join(part.studies)})"
            league = _table(title, ("treatment", "against", "mean", "95 %", "trials of both"))
            for pair in part.league:
                span, direct = _span(pair.low, pair.high), str(pair.direct_studies)
                league.add_row(pair.treatment, pair.control, f"{pair.mean:.1f}", span, direct)
            screen.print(league)
            spread = (
                f"tau² {part.tau2:.2f}, Q {part.q:.2f} on {part.df} df."
                if part.df
                else "No two ways to the same comparison: how far studies differ is unknown, "
                "and the intervals leave it out."
            )
            screen.print(spread, soft_wrap=True)
            for caution in part.cautions:
                screen.print(f"Note: {caution}", soft_wrap=True)
            if any(pair.direct_studies == 0 for pair in part.league):
                screen.print(f"Note: {INDIRECT}", soft_wrap=True)
        screen.print(
            f"In no poolable trial: {', '.join(network.unlinked)}. Nothing links them to the "
            "others, so they cannot be compared here.\n",
            soft_wrap=True,
        )


def _span(low: float, high: float) -> str:
    return f"{low:.1f} to {high:.1f}"


def _table(title: str, heads: tuple[str, ...]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    words = ("group", "study", "row", "why", "method", "treatment", "against")
    for head in heads:
        left = head in words or head.startswith("where")
        table.add_column(head, justify="left" if left else "right", overflow="fold")
    return table


def _as_json(document: dict[str, Any], json_path: str | None) -> bool:
    if json_path is None:
        return False
    from anagen.render.files import write_outputs
    from anagen.render.json import document_of, dump

    write_outputs({json_path: dump(document_of(document)).encode()})
    return True


def _screen() -> "Console":
    from anagen.render.terminal import Screen

    return Screen(width=None if sys.stdout.isatty() else 120, highlight=False)
