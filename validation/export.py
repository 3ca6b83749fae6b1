"""Writes the study rows as R reads them: `rows.csv` by group and `network.csv` by network.

Run from the root of the repository: `python -m validation.export`.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from anagen import load_evidence
from anagen.evidence.meta import networks, select
from anagen.evidence.meta.model import Component, Contrast
from anagen.evidence.meta.network import fit_component

FOLDER = Path(__file__).parent


def main() -> None:
    """Write both files; a network without a second way to any comparison has nothing to fit."""
    selection = select(load_evidence())
    _write(
        FOLDER / "rows.csv",
        ("group", "study", "yi", "vi"),
        (
            (group.id, one.study, repr(one.estimate_per_cm2), repr(one.se_per_cm2**2))
            for group in selection.groups
            for one in group.contrasts
        ),
    )
    named = {
        f"{network.outcome}-{place}": component
        for network in networks(selection)
        for place, component in enumerate(network.components, start=1)
        if component.df > 0
    }
    named["senn"] = senn()
    _write(
        FOLDER / "network.csv",
        ("network", "place", "study", "treatment", "control", "reference", "yi", "vi",
         "control_variance"),
        (line for name, component in named.items() for line in _lines(name, component)),
    )  # fmt: skip


def senn() -> Component:
    """The network of `senn.csv`: every arm against the first one of its trial."""
    with (FOLDER / "senn.csv").open(encoding="utf-8") as file:
        arms = list(csv.DictReader(file))
    first: dict[str, dict[str, str]] = {}
    contrasts = []
    for arm in arms:
        base = first.setdefault(arm["study"], arm)
        if base is not arm:
            contrasts.append(_against(arm, base))
    return fit_component(contrasts)


def _against(arm: dict[str, str], base: dict[str, str]) -> Contrast:
    shared = float(base["sdi"]) ** 2 / int(base["ni"])
    own = float(arm["sdi"]) ** 2 / int(arm["ni"])
    return Contrast(
        study=arm["study"],
        treatment=arm["treatment"],
        control=base["treatment"],
        outcome="HbA1c",
        week=None,
        sex=None,
        n=None,
        estimate_per_cm2=float(arm["mi"]) - float(base["mi"]),
        se_per_cm2=(own + shared) ** 0.5,
        control_variance=shared,
        how="arms",
        basis="SDs and n of both arms",
        use="display",
        note=None,
    )


def _lines(name: str, component: Component) -> Iterable[tuple[str, ...]]:
    for place, one in enumerate(component.contrasts):
        yield (
            name,
            str(place),
            one.study,
            one.treatment,
            str(one.control),
            component.reference,
            repr(one.estimate_per_cm2),
            repr(one.se_per_cm2**2),
            repr(one.control_variance or 0.0),
        )


def _write(path: Path, head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)


if __name__ == "__main__":
    main()
