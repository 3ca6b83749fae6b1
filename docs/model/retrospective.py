"""Writes the page that reruns published drug trials as they were designed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anagen import load_evidence
from anagen.evidence.schema import Row, Study
from anagen.trial.pool import Engine, run_tasks
from anagen.trial.power import tasks_of
from anagen.trial.schema import Trial
from anagen.trial.sides import release_id
from anagen.trial.simulated import FIELDS

RUNS = 200
SEED = 1
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Rerun:
    """Which comparison of a study is run again.

    Attributes:
        percent: strength of minoxidil.
        other_percent: strength in the other arm, where that is minoxidil too.
        sizes: people of both arms, where the rows do not say who was counted; with the reason.
    """

    study: str
    arm: str
    control: str
    week: int
    percent: float | None = None
    other_percent: float | None = None
    sizes: tuple[int, int] | None = None
    because: str = ""


RERUNS = (
    Rerun(
        "kaufman-1998", "finasteride", "oral_placebo", 52, sizes=(607, 608),
        because="of 1,553 men, 1,215 went on; how many were counted is not visible",
    ),
    Rerun(
        "kaufman-1998", "finasteride", "oral_placebo", 104, sizes=(607, 608),
        because="as at week 52",
    ),
    Rerun("finasteride-five-year-2002", "finasteride", "oral_placebo", 260, sizes=(219, 15)),
    Rerun("olsen-2002", "minoxidil", "topical_vehicle", 48, 5),
    Rerun("olsen-2002", "minoxidil", "topical_vehicle", 48, 2),
    Rerun("lucky-2004", "minoxidil", "topical_vehicle", 48, 5),
    Rerun("lucky-2004", "minoxidil", "topical_vehicle", 48, 2),
    Rerun("berger-2003", "minoxidil", "topical_vehicle", 26, 5),
    Rerun("blume-peytavi-2011", "minoxidil", "minoxidil", 24, 5, 2),
)  # fmt: skip
CONTROLS = {"oral_placebo": "placebo", "topical_vehicle": "vehicle"}


@dataclass(frozen=True)
class Found:
    """A rerun beside what was reported.

    Attributes:
        use: of the rows that it is compared with: fitted or held aside.
        observed, se: the reported difference of changes; an error where SDs are given.
        estimates: of the simulated trials, in hairs per cm².
        simulated_se: mean standard error that the simulated trials report.
    """

    rerun: Rerun
    trial: Trial
    use: str
    observed: float
    se: float | None
    estimates: np.ndarray
    simulated_se: float

    @property
    def place(self) -> float:
        """Share of simulated estimates below the reported one."""
        return float((self.estimates < self.observed).mean())


def reruns(runs: int = RUNS) -> list[Found]:
    """Every trial, simulated again as it was designed."""
    return [_rerun(one, runs) for one in RERUNS]


def _rerun(one: Rerun, runs: int) -> Found:
    study = load_evidence().studies[one.study]
    row, control = _rows(study, one)
    own = row.n or 0
    sizes = one.sizes or (own, control.n if control is not None and control.n else own)
    start = {"baseline": {"mean": row.baseline_mean}} if row.baseline_mean else {}
    regimen = _regimen(one.arm, one.percent)
    against = CONTROLS.get(one.control) or _regimen(one.control, one.other_percent)
    trial = Trial.model_validate(
        {
            "title": f"{one.study}, week {one.week}",
            "population": {"sex": row.sex or study.sex, **start},
            "arms": [
                {"id": "arm", "regimen": regimen, "share": _share(*sizes)[0]},
                {"id": "control", "regimen": against, "share": _share(*sizes)[1]},
            ],
            "compare": {"arm": "arm", "against": "control"},
            "people": sum(sizes),
            "endpoint": {"outcome": row.outcome, "week": one.week},
        }
    )
    tasks = tasks_of(trial, runs, SEED, 0.0)
    found = np.concatenate(run_tasks(tasks, Engine(2)), axis=2)
    values = dict(zip(FIELDS, found, strict=True))
    observed, error = _observed(row, control)
    return Found(
        one, trial, row.use, observed, error,
        values["real/effect"][-1], float(values["real/se"][-1].mean()),
    )  # fmt: skip


def _regimen(name: str, percent: float | None) -> str:
    return name if percent is None else f"{name} {percent:g}%"


def _rows(study: Study, one: Rerun) -> tuple[Row, Row | None]:
    """The arm's row and the control's; one row alone where it is a difference."""

    def at(arm: str, percent: float | None, versus: str | None) -> Row | None:
        for row in study.rows:
            if (row.arm, row.week, row.versus) == (arm, one.week, versus) and (
                row.percent == percent
                and row.outcome in ("total_density_per_cm2", "terminal_density_per_cm2")
            ):
                return row
        return None

    arm, control = (
        at(one.arm, one.percent, None),
        at(one.control, one.other_percent, None),
    )
    if arm is not None and control is not None and arm.use != "display":
        return arm, control
    whole = at(one.arm, one.percent, one.control)
    assert whole is not None, f"{one.study} has no such row"
    return whole, None


def _observed(row: Row, control: Row | None) -> tuple[float, float | None]:
    assert row.change is not None
    if control is None:
        return float(row.change), None
    assert control.change is not None
    error = None
    if row.change_sd and control.change_sd and row.n and control.n:
        error = float(np.hypot(row.change_sd / row.n**0.5, control.change_sd / control.n**0.5))
    return float(row.change - control.change), error


def _share(one: int, other: int) -> tuple[int, int]:
    """Parts of at most 20 that come close to the sizes."""
    best = min(
        ((a, b) for a in range(1, 21) for b in range(1, 21)),
        key=lambda pair: (abs(pair[0] / pair[1] - one / other) * other / one, sum(pair)),
    )
    return best


def table(found: list[Found]) -> Iterator[str]:
    """One line for each rerun."""
    heads = (
        "trial", "week", "against", "people", "its rows", "reported", "simulated, 90 %",
        "place", "inside", "SE reported", "SE simulated",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "| --- " * len(heads) + "|"
    for one in found:
        low, high = np.quantile(one.estimates, (LOW, HIGH))
        arms = one.trial.arms
        sizes = " + ".join(str(size) for size in one.trial.sizes)
        cells = (
            f"{one.rerun.study}: {arms[0].regimen}",
            str(one.rerun.week),
            arms[1].regimen,
            sizes + (" *" if one.rerun.because else ""),
            {"fit": "fitted", "check": "held aside"}.get(one.use, one.use),
            f"{one.observed:+.1f}",
            f"{one.estimates.mean():+.1f} ({low:+.1f} to {high:+.1f})",
            f"{one.place:.0%}",
            "yes" if low <= one.observed <= high else "**no**",
            "–" if one.se is None else f"{one.se:.1f}",
            f"{one.simulated_se:.1f}",
        )
        yield f"| {' | '.join(cells)} |"


def page(found: list[Found]) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    notes = "\n".join(
        f"\\* {one.rerun.study}, week {one.rerun.week}: {one.rerun.because}."
        for one in found
        if one.rerun.because
    )
    return (
        WORDS.replace("RELEASE", release_id())
        .replace("RUNS", str(RUNS))
        .replace("TABLE", "\n".join(table(found)))
        .replace("NOTES", notes)
        .replace("INSIDE", str(sum(LOW <= one.place <= HIGH for one in found)))
        .replace("TOTAL", str(len(found)))
    )


WORDS = """# Published drug trials, run again

Made by `python -m docs.model.retrospective` from release `RELEASE`, with RUNS simulated trials of
each. Finasteride and minoxidil are well known, so their trials show whether a simulated trial
reports what a real one does. Each is written as a trial file from what its record says: people,
arms, weeks, start. The result is not in it, though fitted rows have taught the model: those show
whether simulated trials are faithful, and only rows held aside can show more.

*Reported* is the difference of changes between the arms in hairs per cm². *Place* is the share of
simulated trials that report less. The simulated range holds what is not known of parameters, how
trials differ, people and chance. The last columns are the standard error that the trial's own SDs
give, and the mean one that simulated trials would report.

TABLE

NOTES

INSIDE of TOTAL lie inside. A real trial lies inside its simulated range nine times in ten if the
range is right; this few can't tell more than that nothing is far off. The five-year comparison
rests on the 15 men on placebo who stayed for five years. Who stays is not simulated here:
nobody is lost.
"""


def main() -> None:
    """Write the page beside this file."""
    (Path(__file__).parent / "retrospective.md").write_text(page(reruns()), encoding="utf-8")


if __name__ == "__main__":
    main()
