"""Writes the page that scores predictions on published trials."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from anagen import load_evidence
from anagen.predicting.score import Scored, Scores, score

GROUPS: dict[str, tuple[str, ...]] = {
    "control arms": ("none", "topical_vehicle", "oral_placebo", "saline"),
    "medicines": ("minoxidil", "finasteride"),
    "sessions": ("exosome", "prp"),
    "sums": (),
}
"""Arms in groups; what no other group names is a sum."""

UNITS = {"mean_diameter_um": "µm", "anagen_percent": "points"}


def rows_table(rows: Sequence[Scored]) -> Iterator[str]:
    """One line for each row."""
    heads = (
        "study", "row", "week", "reported", "predicted, 90 %", "in 50 %", "in 90 %", "z",
        "CRPS", "no change", "pooled", "SD of one",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "| --- " * len(heads) + "|"
    for row in rows:
        one = row.asked
        percent = one.quantity == "change_percent"
        unit = "%" if percent else UNITS.get(one.outcome, "/cm²")
        told = "–" if one.individual_sd is None else f"{one.individual_sd:.1f}"
        cells = (
            one.study,
            one.name + (" *" if row.softened else ""),
            f"{one.week:g}",
            f"{one.observed:+.1f} {unit}",
            f"{row.mean:.1f} ({row.q05:.1f} to {row.q95:.1f})",
            _yes(row.in_half),
            _yes(row.in_most),
            f"{row.z:+.1f}",
            f"{row.crps:.1f}",
            f"{row.crps_no_change:.1f}",
            "–" if row.crps_pooled is None else f"{row.crps_pooled:.1f}",
            f"{row.individual_sd:.1f} ({told})",
        )
        yield f"| {' | '.join(cells)} |"


def totals_table(scores: Scores) -> Iterator[str]:
    """Rows, coverage, bias and mean CRPS by group of arms."""
    heads = (
        "rows", "arms", "number", "in 50 %", "in 90 %", "mean z", "mean CRPS", "no change",
        "rows with a pool", "mean CRPS there", "pooled",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "| --- " * len(heads) + "|"
    for label, rows in (("held aside", scores.check), ("seen in the fit", scores.fit)):
        for group, members in (*_grouped(rows), ("all", list(rows))):
            if members:
                yield f"| {label} | {group} | {' | '.join(_totals(members))} |"


def _totals(rows: Sequence[Scored]) -> Iterator[str]:
    count = len(rows)
    yield str(count)
    yield f"{sum(row.in_half for row in rows)} of {count}"
    yield f"{sum(row.in_most for row in rows)} of {count}"
    yield f"{np.mean([row.z for row in rows]):+.2f}"
    yield f"{np.mean([row.crps for row in rows]):.1f}"
    yield f"{np.mean([row.crps_no_change for row in rows]):.1f}"
    pooled = [row for row in rows if row.crps_pooled is not None]
    yield str(len(pooled))
    for score_of in (_own, _pooled):
        yield f"{np.mean([score_of(row) for row in pooled]):.1f}" if pooled else "–"


def _own(row: Scored) -> float:
    return row.crps


def _pooled(row: Scored) -> float:
    assert row.crps_pooled is not None
    return row.crps_pooled


def _grouped(rows: Iterable[Scored]) -> list[tuple[str, list[Scored]]]:
    found: dict[str, list[Scored]] = {name: [] for name in GROUPS}
    for row in rows:
        arm = row.asked.cohort.arm.id
        name = next((name for name, arms in GROUPS.items() if arm in arms), "sums")
        found[name].append(row)
    return list(found.items())


def refused_table(scores: Scores) -> Iterator[str]:
    """Rows held aside that no cohort can ask, with the reason; rows of one kind in one line."""
    yield "| study | row | number | why not |"
    yield "| --- | --- | --- | --- |"
    counted: dict[tuple[str, str, str], int] = {}
    for one in scores.refused:
        key = (one.study, one.name, one.reason)
        counted[key] = counted.get(key, 0) + 1
    for (study, name, reason), count in counted.items():
        yield f"| {study} | {name} | {count} | {reason} |"


def _yes(flag: bool) -> str:
    return "yes" if flag else "**no**"


def page(scores: Scores) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    tables = {
        "TOTALS": totals_table(scores),
        "CHECKED": rows_table(scores.check),
        "FITTED": rows_table(scores.fit),
        "REFUSED": refused_table(scores),
    }
    text = WORDS.replace("RELEASE", scores.release)
    for name, lines in tables.items():
        text = text.replace(name, "\n".join(lines))
    return text


WORDS = """# Predictions scored on published trials

Made by `python -m docs.model.scores` from release `RELEASE`, with 1,000 draws. Every study row of
the evidence has a use. Rows of `use: fit` teach the model; rows of `use: check` are held aside,
and nothing is learned from them. Here each row becomes a cohort by rule, from what its record
says and without its result, and the [prediction](predicting.md) is laid beside what the trial
reported. All rows that can be asked are shown, hits and misses alike.

**CRPS** is how far the whole distribution lies from what came, in the row's own unit; lower is
better. Two rivals know no biology. *No change* is a normal distribution around 0, as wide as
fitted rows of the same kind are large (root mean square). *Pooled* is the mean of fitted rows of
the same arm and kind of number, weighed by inverse variance where all give an error, with the
spread between them (at least 3); a fitted row is not pooled for itself. Both are lent the model's
sampling error. A dash: no fitted row is of that kind. *z* is the distance from the predicted mean
in SDs. The last column is the SD of one person's change, predicted and, in brackets, reported. A
star marks a baseline so unlike the model's scalps that only its density counts in full.

## In all

TOTALS

A mean over rows of different units leans to the rows in percent and to large numbers. A handful
of rows cannot tell coverage of 90 % from 75 %, and rows of one trial are not independent: four of
those held aside are the same seven men at four limits of diameter.

## Held aside

CHECKED

## Held aside, and not askable

REFUSED

## Seen in the fit

These rows taught the model, so a good score here shows agreement and no foresight. Pools of
trials, cross-sections, hair weight and rows without a week or a number of people cannot be asked
and are left out.

FITTED
"""


def main() -> None:
    """Write the page."""
    text = page(score(load_evidence()))
    Path(__file__).with_name("scores.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
