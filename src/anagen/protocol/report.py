"""Everything that the page of one trial shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from anagen.protocol.build import protocols_of
from anagen.protocol.model import Protocols
from anagen.protocol.schema import Question
from anagen.trial.ademp import Told as Ademp, ademp
from anagen.trial.curve import CurvePoint, power_curve
from anagen.trial.enrolment import EnrolmentCourse, enrolment_course
from anagen.trial.model import Power
from anagen.trial.one import OneTrial, one_trial
from anagen.trial.pool import Engine
from anagen.trial.power import power_of
from anagen.trial.schema import Trial

SCHEMA_VERSION: Final = "1"
SHOWN_PEOPLE: Final = 25
"""People of each arm whose own paths are shown."""

Z95: Final = 1.96
Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many parts of it are."""


@dataclass(frozen=True, slots=True)
class ArmPaths:
    """One arm of one simulated trial: changes since the start.

    Attributes:
        weeks: visits, the start first.
        mean, low, high: of everyone with a count at that visit; the interval holds the mean of
            such people in 95 of 100 trials.
        people: changes of the first people; None where they did not come.
    """

    weeks: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    people: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One trial, judged before anyone is injected.

    Attributes:
        ademp: the simulation study in words.
        design: what the file says, as labels and values.
        curve: power and assurance by size.
        enrolment: how people come; None where the file is silent.
        sample: what one simulated trial finds.
        paths: its arms.
        protocols: which protocol would be worth testing on these people; None where the endpoint
            is no density or is too early for that.
    """

    schema_version: str
    title: str
    ademp: Ademp
    design: tuple[tuple[str, str], ...]
    power: Power
    curve: tuple[CurvePoint, ...]
    enrolment: EnrolmentCourse | None
    sample: OneTrial
    paths: Mapping[str, ArmPaths]
    protocols: Protocols | None


def report_of(  # noqa: PLR0913 - where and how to run are choices of one call
    trial: Trial,
    runs: int = 200,
    seed: int = 1,
    *,
    engine: Engine,
    countries: tuple[str, ...] = (),
    told: Progress,
) -> Report:
    """Simulate everything that the page of a trial shows.

    Args:
        trial: the file.
        runs: simulated trials behind its power.
        seed: seed of every random number.
        engine: where it runs.
        countries: whose prices protocols are weighed in; by default those of a question file.
        told: hears of progress.

    Raises:
        TooLargeError: it would take days.
    """

    def part(name: str) -> Callable[[int, int], None]:
        return lambda done, whole: told(name, done, whole)

    power = power_of(trial, runs, seed, engine, part("trials"))
    sample, rows = one_trial(trial, seed)
    question = question_of(trial, countries)
    return Report(
        schema_version=SCHEMA_VERSION,
        title=trial.title,
        ademp=ademp(trial, power),
        design=_design(trial),
        power=power,
        curve=power_curve(trial, seed, engine, part("sizes")),
        enrolment=enrolment_course(trial),
        sample=sample,
        paths=_paths(trial, list(rows)),
        protocols=None
        if question is None
        else protocols_of(question, seed=seed, told=part("protocols")),
    )


def question_of(trial: Trial, countries: tuple[str, ...]) -> Question | None:
    """Which protocol would be worth testing on the people of a trial, at its endpoint."""
    longest = max(Question.model_fields["exosome"].default.longest_days, 90)
    if not trial.is_count or 7 * trial.endpoint.week <= longest:
        return None
    asked = {"countries": countries} if countries else {}
    return Question.model_validate(
        {
            "title": "Which protocol would be worth testing",
            "population": trial.population,
            "endpoint": trial.endpoint,
            "adherence": trial.adherence,
            **asked,
        }
    )


def _paths(trial: Trial, rows: list[tuple[int, str, int, float | None]]) -> dict[str, ArmPaths]:
    weeks = (0, *trial.weeks)
    found = {}
    for arm in (trial.compare.arm, trial.compare.against):
        own = [count for _, name, _, count in rows if name == arm]
        counts = np.array([np.nan if one is None else one for one in own]).reshape(-1, len(weeks))
        moved = counts - counts[:, :1]
        mean = np.nanmean(moved, axis=0)
        error = np.nanstd(moved, axis=0, ddof=1) / np.sqrt((~np.isnan(moved)).sum(axis=0))
        found[arm] = ArmPaths(
            weeks=weeks,
            mean=tuple(float(one) for one in mean),
            low=tuple(float(one) for one in mean - Z95 * error),
            high=tuple(float(one) for one in mean + Z95 * error),
            people=tuple(
                tuple(None if np.isnan(one) else round(float(one), 1) for one in person)
                for person in moved[:SHOWN_PEOPLE]
            ),
        )
    return found


def _design(trial: Trial) -> tuple[tuple[str, str], ...]:
    population = trial.population
    start = population.baseline
    rows = [
        ("Population", f"{population.sex}, {population.age[0]} to {population.age[1]} years"),
        ("Grades", ", ".join(population.stage)),
        (
            "Start",
            ""
            if start is None
            else f"{start.mean:g} per cm²" + (f", SD {start.sd:g}" if start.sd else ""),
        ),
        ("Left out", ", ".join(name.replace("_", " ") for name in population.exclude)),
        *(
            (f"Arm {arm.id}", f"{arm.regimen}; {size:,} people")
            for arm, size in zip(trial.arms, trial.sizes, strict=True)
        ),
        ("Design", trial.design.replace("_", " ")),
        ("Blinding", trial.blinding),
        ("Strata", ", ".join(trial.stratify)),
        ("Endpoint", f"{trial.endpoint.outcome}, week {trial.endpoint.week}"),
        ("Visits", ", ".join(f"week {week}" for week in trial.weeks)),
        ("Sites", str(trial.sites.count)),
    ]
    return tuple((label, value) for label, value in rows if value)
