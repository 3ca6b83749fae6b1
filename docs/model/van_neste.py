"""Density by diameter and phase in healthy and affected men (Van Neste 2020, table 4).

The published numbers are read from the evidence, so that they can't differ from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np

from anagen import load_evidence
from anagen.evidence.schema import Row
from anagen.follicle import FollicleModel, FollicleRun
from anagen.follicle.run import VISIBLE, snapshot
from anagen.follicle.spec import Phase
from anagen.forecasting.baseline import Baseline, baseline
from anagen.forecasting.effects import reference_of
from anagen.forecasting.reference import Reference
from anagen.posterior import Keyed, current_release
from docs.model.beside import Fact, Floats, between_people, number, span, verdict

SOURCE = "van-neste-2020"
THRESHOLDS_UM = (20.0, 30.0, 40.0, 50.0)
NANO_UM = 20.0

Kind = Phase | Literal["nano", "exogen"]
"""What a cell counts."""


@dataclass(frozen=True)
class Cell:
    """One cell of the published table.

    Attributes:
        label: what it counts.
        mean, sd: over men, in hairs per cm².
        men: how many.
        phase: `anagen` or `telogen`, or neither.
        low_um, high_um: diameters counted.
    """

    label: str
    mean: float
    sd: float
    men: int
    phase: Kind
    low_um: float
    high_um: float

    def found(self, scalp: FollicleRun) -> Floats | None:
        """The same of the model, one value per draw; None where the model has no such thing."""
        if self.phase == "exogen":
            return None
        phases = VISIBLE if self.phase == "nano" else (self.phase,)
        above = scalp.counted(self.low_um, phases)[0]
        return np.asarray(above - scalp.counted(self.high_um, phases)[0])


@dataclass(frozen=True)
class Scalp:
    """A scalp of the model: what is there now, its model, and the drive on it."""

    shown: FollicleRun
    model: FollicleModel
    drive: Floats

    @classmethod
    def of(cls, base: Baseline | Reference) -> "Scalp":
        return cls(snapshot(base.start, base.model), base.model, base.scalp.drive)

    def growth(self) -> Floats:
        """Growth of hairs of each class in µm a day, (draws, classes)."""
        found = self.model.growth(self.drive)
        if found is None:
            raise ValueError("this scalp's growth is not known")
        return found


def reference(draws: int) -> Reference:
    """Men of a typical trial."""
    return reference_of(current_release(load_evidence().parameters), Keyed(1), draws)


@lru_cache(maxsize=2)
def scalps(draws: int) -> Mapping[str, Scalp]:
    """Every scalp that is laid beside the table, by name; women differ by their grades alone."""
    return {
        "reference": Scalp.of(reference(draws)),
        "healthy, European": Scalp.of(baseline("healthy", hair_type="european", draws=draws)),
        "healthy": Scalp.of(baseline("healthy", draws=draws)),
        "early, men": Scalp.of(baseline("early", draws=draws)),
        "early, women": Scalp.of(baseline("early", sex="female", draws=draws)),
        "advanced, men": Scalp.of(baseline("advanced", draws=draws)),
        "advanced, women": Scalp.of(baseline("advanced", sex="female", draws=draws)),
    }


def cells(arm: str) -> list[Cell]:
    """The published cells of `healthy` or affected (`none`) men."""
    found = []
    for row in _rows(arm):
        low = row.threshold_um or 0.0
        match row.outcome.split("_")[0]:
            case "anagen" | "telogen" as phase if row.baseline_sd:
                found.append(_cell(row, f"{phase}, ≥ {low:.0f} µm", phase, (low, np.inf)))
            case "nano":
                label = f"< {NANO_UM:.0f} µm, any phase"
                found.append(_cell(row, label, "nano", (0.0, NANO_UM)))
            case "exogen":
                found.append(_cell(row, "exogen", "exogen", (0.0, np.inf)))
    return found


def _rows(arm: str) -> list[Row]:
    rows = load_evidence().studies[SOURCE].rows
    return [row for row in rows if row.arm == arm and row.week == 0]


def _cell(row: Row, label: str, kind: Kind, between_um: tuple[float, float]) -> Cell:
    if row.baseline_mean is None or row.baseline_sd is None or row.n is None:
        raise ValueError(f"{row.outcome}: a cell has a mean, an SD and a number of men")
    return Cell(label, row.baseline_mean, row.baseline_sd, row.n, kind, *between_um)


def classes(arm: str) -> list[Cell]:
    """Differences between neighbouring thresholds; each has the relative SD of its lower one."""
    found = []
    for phase in VISIBLE:
        by_um = {cell.low_um: cell for cell in cells(arm) if cell.phase == phase}
        for low, high in pairwise(THRESHOLDS_UM):
            lower, upper = by_um[low], by_um[high]
            mean = lower.mean - upper.mean
            label = f"{phase}, {low:.0f}–{high:.0f} µm"
            sd = mean * lower.sd / lower.mean
            found.append(Cell(label, mean, sd, lower.men, phase, low, high))
    return found


def table(which: list[Cell], names: tuple[str, ...], draws: int) -> Iterator[str]:
    """Published cells beside some scalps, with the distance in SDs between men and in SEs."""
    heads = " | ".join(f"{name}, mean (90 %) | verdict, z by SD | z by SE" for name in names)
    yield f"| hairs per cm² | published mean (SD) | {heads} |"
    yield "| --- " * (2 + 3 * len(names)) + "|"
    for cell in which:
        line = [cell.label, f"{cell.mean:.0f} ({cell.sd:.2g})"]
        for name in names:
            found = cell.found(scalps(draws)[name].shown)
            if found is None:
                line += ["not in the model", "", ""]
                continue
            z = (float(found.mean()) - cell.mean) / cell.sd
            line += [span(found, 0), verdict(z, abs(z) <= 1), number(z * cell.men**0.5)]
        yield f"| {' | '.join(line)} |"


def every_baseline(draws: int) -> Iterator[str]:
    """Means of other scalps beside affected men, with their distance in SDs between men."""
    names = ("early, women", "advanced, men", "advanced, women")
    yield f"| hairs per cm² | published | {' | '.join(names)} |"
    yield "| --- " * (2 + len(names)) + "|"
    for cell in cells("none"):
        line = [cell.label, f"{cell.mean:.0f} ({cell.sd:.0f})"]
        for name in names:
            found = cell.found(scalps(draws)[name].shown)
            if found is None:
                line.append("")
                continue
            z = (float(found.mean()) - cell.mean) / cell.sd
            text = f"{found.mean():.0f}, z {number(z)}"
            line.append(text if abs(z) <= 1 else f"**{text}**")
        yield f"| {' | '.join(line)} |"


def failing(draws: int) -> Iterator[str]:
    """Which cells lie outside, for each scalp that the table is meant for."""
    for arm, name in (
        ("healthy", "healthy, European"),
        ("healthy", "healthy"),
        ("none", "reference"),
        ("none", "early, men"),
    ):
        wanted = [cell for cell in cells(arm) if cell.phase != "exogen"]
        failed = []
        for cell in wanted:
            found = cell.found(scalps(draws)[name].shown)
            if found is not None and abs(found.mean() - cell.mean) > cell.sd:
                failed.append(cell.label)
        words = "; ".join(failed) if failed else "none"
        held = f"{len(wanted) - len(failed)} of {len(wanted)}"
        yield f"- **{name}**: {held} inside; outside: {words}."


def growth_facts(draws: int) -> Iterator[Fact]:
    """Growth of single hairs; the model takes it from this table."""
    for arm, name, who in (("healthy", "healthy", "healthy"), ("none", "reference", "affected")):
        growth = scalps(draws)[name].growth()
        rows = {row.outcome: row for row in _rows(arm)}
        for outcome, label, column in (
            ("growth_30_to_60_um", "30–60 µm", 3),
            ("growth_60_um_and_more", "60 µm and more", 5),
        ):
            row = rows[outcome]
            if row.baseline_mean is None or row.baseline_sd is None:
                raise ValueError(f"{outcome} has a mean and an SD")
            yield Fact(
                f"growth, {who} men, hairs of {label}, µm a day",
                SOURCE,
                row.baseline_mean,
                between_people(row.baseline_sd),
                growth[:, column],
                role="input",
                digits=0,
            )
