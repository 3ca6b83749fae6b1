"""Writes the page of pooled studies and its forest plots.

Run from the root of the repository: `python -m docs.model.meta_analysis`.
"""

from collections.abc import Sequence
from pathlib import Path

from anagen import load_evidence
from anagen.evidence.meta import networks, pool, select
from anagen.evidence.meta.model import Network, Pooled, Selection
from anagen.figures.draw import Figure
from anagen.figures.forest import forest

FOLDER = Path(__file__).parent
INK, GROUND = "#1d2733", "#ffffff"

WORDS = """# Pooled studies

Made by `python -m docs.model.meta_analysis` from `RELEASE`; `anagen evidence meta` prints the same.
All numbers are hairs per cm². No result of this page enters the
model, which is calibrated on the studies themselves.

## What is pooled, and what is not

- A **difference between arms** is pooled with others of the same arms and outcome. Its standard
  error comes from the arms' SDs and numbers of people, from a 95 % interval, or from a p-value.
- An **arm's own change** is no effect, because vehicle arms gain too. It has groups of its own.
- A study enters a group once. Of several times, the one nearest week 48 is taken.
- **Published pools** are shown, never pooled again: their members may be among the rows.
- A p-value told only as "below" bounds the standard error. Such a study is never pooled with one
  whose error is known.
- A printed difference whose interval and exact p-value give standard errors more than 10 % apart
  is left out: one of them must be wrong, and nobody can tell which.
- Rows marked `never` stay out.

**No exosome trial can be pooled.** The one randomised trial gives medians of hairs in a field of
unknown area. **PRP has no poolable trial either**, only published pools.

Pooled means are by REML with Hartung and Knapp's interval, its standard error at least REML's. Two
studies say little about how far studies differ, so their interval is very wide. "A new study" is
the 95 % range for the true effect in one more study.

## Differences between arms

CONTROLLED

## An arm's own change

These are **not effects**.

WITHIN

PLOTS

## Network

Contrasts by generalised least squares, with one variance between studies, half of which two
contrasts of one study share. Intervals are by t with as many degrees of freedom as there are
contrasts beyond those that link the treatments; with none left, by the normal distribution. Where
no trial links two groups of treatments, nothing can be compared between them. Comparisons with no
trial of both arms rest on the assumption that the trials would have shown the same against any arm.

NETWORKS

## Published pools

POOLS

## Left out

LEFT

## Checked against metafor

Every number is compared with R's metafor on these rows, on 13 trials of BCG vaccine and on a
network of 26 trials; see `validation/` in the repository.
"""


def page() -> tuple[str, dict[str, Figure]]:
    """The whole page, and its plots by file name."""
    evidence = load_evidence()
    selection = select(evidence)
    pooled = [pool(one) for one in selection.groups]
    plots = {f"forest-{one.group.id}.svg": forest(one) for one in pooled if one.heterogeneity}
    parts = {
        "RELEASE": evidence.release,
        "CONTROLLED": _groups(pooled, "controlled"),
        "WITHIN": _groups(pooled, "within_arm"),
        "PLOTS": "\n\n".join(_plot(name, figure) for name, figure in plots.items()),
        "NETWORKS": "\n\n".join(_network(one) for one in networks(selection)),
        "POOLS": _pools(selection),
        "LEFT": _table(
            ("study", "row", "why"),
            [(one.study, one.row, one.reason) for one in selection.left_out],
        ),
    }
    text = WORDS
    for name, made in parts.items():
        text = text.replace(name, made)
    return text, plots


def _groups(pooled: list[Pooled], kind: str) -> str:
    lines = []
    for one in (one for one in pooled if one.group.kind == kind):
        best, h = one.leading, one.heterogeneity
        lines.append(
            (
                f"`{one.group.id}`",
                ", ".join(contrast.study for contrast in one.group.contrasts),
                f"{best.mean:.1f} ({best.low:.1f} to {best.high:.1f})",
                f"{best.prediction[0]:.1f} to {best.prediction[1]:.1f}" if best.prediction else "–",
                f"{h.i2_percent:.0f}" if h else "–",
                " ".join(one.group.cautions),
            )
        )
    return _table(("group", "studies", "mean (95 %)", "a new study", "I², %", "mind"), lines)


def _plot(name: str, figure: Figure) -> str:
    return f"![{figure.title}. {figure.text}](figures/{name})"


def _network(network: Network) -> str:
    parts = [f"### {network.outcome.replace('_', ' ').replace(' per cm2', '')}"]
    for one in network.components:
        lines = [
            (
                pair.treatment,
                pair.control,
                f"{pair.mean:.1f} ({pair.low:.1f} to {pair.high:.1f})",
                str(pair.direct_studies),
            )
            for pair in one.league
        ]
        spread = (
            f"tau² {one.tau2:.2f}, Q {one.q:.2f} on {one.df} df."
            if one.df
            else "How far studies differ is unknown here, and the intervals leave it out."
        )
        parts.append(" ".join((f"Linked by {', '.join(one.studies)}.", spread, *one.cautions)))
        parts.append(_table(("treatment", "against", "mean (95 %)", "trials of both"), lines))
    parts.append(f"In no poolable trial of this outcome: {', '.join(network.unlinked)}.")
    return "\n\n".join(parts)


def _pools(selection: Selection) -> str:
    lines = []
    for one in selection.pools:
        ci = one.ci_per_cm2
        span = f"{ci[0]:.1f} to {ci[1]:.1f}" if ci else "not seen"
        kind = "difference" if one.controlled else "own change"
        lines.append((one.study, one.row, kind, f"{one.estimate_per_cm2:.1f}", span))
    return _table(("study", "row", "kind", "mean", "95 %"), lines)


def _table(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    rule = "| " + " | ".join("---" for _ in heads) + " |"
    return "\n".join(
        ["| " + " | ".join(heads) + " |", rule, *(f"| {' | '.join(c)} |" for c in lines)]
    )


def main() -> None:
    """Write the page and its plots, which have a ground of their own."""
    text, plots = page()
    (FOLDER / "meta-analysis.md").write_text(text, encoding="utf-8")
    (FOLDER / "figures").mkdir(exist_ok=True)
    for name, figure in plots.items():
        backed = figure.svg.replace("<svg ", f'<svg color="{INK}" ', 1)
        ground = f'</desc><rect width="100%" height="100%" fill="{GROUND}"/>'
        backed = backed.replace("</desc>", ground, 1)
        (FOLDER / "figures" / name).write_text(backed + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
