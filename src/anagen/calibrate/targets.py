"""What the model is fitted to: study rows of `use: fit`, each as one observation with its error.

Rows held aside never get here: the rows come from `anagen.evidence.rows.fit_rows` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from anagen.evidence import Evidence
from anagen.evidence.rows import designs_of, fit_rows
from anagen.evidence.schema import Row, Study
from anagen.reading import InputError, Problem, Table, read_table
from anagen.treatment.trial_care import Care

TARGETS = Path(__file__).parent / "data" / "targets.yaml"

Measure = Literal[
    "change",  # hairs per cm², against the arm's own start
    "percent",  # the same in percent of the arm's own start
    "weight_percent",  # hair weight, in percent of its start
    "band",  # density of one phase in one band of diameter, in a cross-section
    "log_sd",  # log of the SD of individual change
    "tracked_unchanged",  # share of miniature hairs that stay so
    "tracked_terminal",  # share of miniature hairs that turn terminal
]

TERMINAL_UM, TOTAL_UM, NANO_UM = 30.0, 20.0, 20.0
BAND_VARIATION = 0.9
"""Coefficient of variation between people of the hairs in one thin band, where no SD is given; that
of the whole cumulative rows is 0.2 to 0.75, and a band's is larger."""
CLASS_ERROR = 0.15
"""Part of a band's density that the coarse classes of the model may be off by; a judgement."""
SD_ERROR = 0.1
"""What an SD of change is off by in its log beyond its sampling error; a judgement."""


class RowKey(BaseModel):
    """Which rows of a study are meant; what is left out is any."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    arm: str
    week: float | None = None
    outcome: str | None = None

    def fits(self, row: Row) -> bool:
        """Whether a row is meant."""
        return (
            row.arm == self.arm
            and self.week in (None, row.week)
            and self.outcome in (None, row.outcome)
        )


class Target(BaseModel):
    """What a row leaves unsaid."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    id: str
    study: str
    row: RowKey
    se: Annotated[float, Field(gt=0)] | None = None
    week: Annotated[float, Field(gt=0)] | None = None
    sessions: Annotated[int, Field(ge=1)] | None = None
    interval_days: Annotated[float, Field(gt=0)] | None = None
    threshold_um: Annotated[float, Field(gt=0)] | None = None
    because: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One number that a trial published, and how the model gives it.

    Attributes:
        study, name: where it comes from, and what it is in words.
        measure: what it is.
        arm: the treatment: `none`, `minoxidil`, `finasteride`, `prp`, `exosome`, `withdrawn`, or
            for a cross-section `healthy` or `affected`.
        value, se: the number and its standard error.
        week: when.
        threshold_um: least diameter counted; of a band, its lower end.
        upper_um: upper end of a band.
        phase: of a band; `any` for both.
        net: whether a control arm was subtracted.
        care: what the arm's scalp got besides; none for a net.
        percent: strength of minoxidil.
        sex: `female` takes the strength of minoxidil in women.
        session_days: days of the sessions.
        uncontrolled, industry, pooled: what the design is open to.
    """

    study: str
    name: str
    measure: Measure
    arm: str
    value: float
    se: float
    week: float = 0.0
    threshold_um: float = TOTAL_UM
    upper_um: float | None = None
    phase: str = "any"
    net: bool = False
    care: Care = "none"
    percent: float | None = None
    sex: str = "male"
    session_days: tuple[float, ...] = ()
    uncontrolled: bool = False
    industry: bool = False
    pooled: bool = False

    @property
    def treated(self) -> bool:
        """Whether the arm got a treatment, rather than its control or nothing."""
        return self.arm not in ("none", "healthy", "affected")


@cache
def load_targets() -> Table[Target]:
    """The records of targets.yaml, by id."""
    return read_table([TARGETS], "targets", Target)


def observations(evidence: Evidence) -> tuple[Observation, ...]:
    """Everything that is fitted, study by study.

    Raises:
        InputError: a row of `use: fit` that has no standard error or cannot be fitted, or a record
            of targets.yaml that no row needs.
    """
    table = load_targets()
    by_study: dict[str, list[tuple[Study, Row]]] = {}
    for study, row in fit_rows(evidence):
        by_study.setdefault(study.id, []).append((study, row))
    found: list[Observation] = []
    problems: list[Problem] = []
    used: set[str] = set()
    for rows in by_study.values():
        for study, row in rows:
            target = _target(table.records.values(), study, row)
            if target is not None:
                used.add(target.id)
            try:
                found.extend(_observed(study, row, target, [other for _, other in rows]))
            except ValueError as error:
                place = f"{study.id}: {row.arm}, {row.outcome}, week {row.week}"
                problems.append(Problem("studies", None, place, str(error)))
    problems.extend(
        table.problem(name, (), "no row of `use: fit` is meant; mend `row` or remove the record")
        for name in table.records
        if name not in used
    )
    if problems:
        raise InputError(problems)
    return tuple(found)


def _target(targets: Iterable[Target], study: Study, row: Row) -> Target | None:
    return next((one for one in targets if one.study == study.id and one.row.fits(row)), None)


def _observed(
    study: Study, row: Row, target: Target | None, siblings: list[Row]
) -> list[Observation]:
    _require_in_range(study, row)
    if row.outcome.endswith("density_per_cm2") and row.change is None:
        return [_band(study, row, siblings)]
    if row.outcome == "nano_hair_per_cm2":
        return [_band(study, row, siblings)]
    if row.outcome.startswith("miniature_hairs"):
        return [_tracked(study, row, target)]
    if row.change is None:
        raise ValueError("a row to fit needs a change or a baseline; set `use: display`")
    measure = _measure(row)
    first = replace(
        _arm_of(study, row, target),
        name=_name(row),
        measure=measure,
        value=row.change,
        se=_standard_error(row, target),
        net=row.versus is not None,
    )
    if row.change_sd is None or row.n is None or measure != "change":
        return [first]
    spread = replace(
        first,
        name=f"{first.name}: SD of individual change",
        measure="log_sd",
        value=float(np.log(row.change_sd)),
        se=float(np.hypot(1.0 / np.sqrt(2.0 * (row.n - 1)), SD_ERROR)),
        net=False,
    )
    return [first, spread]


DESCRIBED = ("androgenetic alopecia", "pattern hair loss", "healthy")
LAST_WEEK = 520


def _require_in_range(study: Study, row: Row) -> None:
    """Refuse what the model does not describe."""
    if study.diagnosis is None or not any(name in study.diagnosis for name in DESCRIBED):
        raise ValueError(
            f"the model describes pattern hair loss, not '{study.diagnosis}'; set `use: display`"
        )
    if row.week is not None and not 0 <= row.week <= LAST_WEEK:
        raise ValueError(f"week {row.week:g} lies outside 0 to {LAST_WEEK}; set `use: display`")


def _arm_of(study: Study, row: Row, target: Target | None) -> Observation:
    """An observation but for its number: arm, time, care and design."""

    def said(name: str) -> float | None:
        value: float | None = getattr(target, name) if target else None
        return value

    arm, designs = _arm(row.arm), designs_of(study, row)
    week = row.week if row.week is not None else said("week")
    if week is None:
        raise ValueError("a row to fit needs a week; give it in targets.yaml with its reason")
    usual = TERMINAL_UM if row.outcome.startswith("terminal") else TOTAL_UM
    return Observation(
        study=study.id,
        name="",
        measure="change",
        arm=arm,
        value=0.0,
        se=0.0,
        week=float(week),
        threshold_um=float(row.threshold_um or said("threshold_um") or usual),
        care="none" if row.versus else _care(study, row),
        percent=row.percent if row.percent else (5.0 if arm in _MINOXIDIL else None),
        sex=row.sex or ("female" if study.sex == "female" else "male"),
        session_days=_session_days(study, row, target) if arm == "prp" else (),
        uncontrolled=bool(designs),
        industry="industry" in designs,
        pooled=study.design.startswith("meta-analysis"),
    )


def _session_days(study: Study, row: Row, target: Target | None) -> tuple[float, ...]:
    given = (target.sessions, target.interval_days) if target else (None, None)
    count = given[0] or row.sessions or _number(study.sessions)
    gap = given[1] or row.interval_days or _number(study.interval_days)
    if count is None or gap is None:
        raise ValueError("sessions and their interval are needed; give them in targets.yaml")
    return tuple(float(number * gap) for number in range(int(count)))


_MINOXIDIL = ("minoxidil", "withdrawn")
_ARMS = {
    "none": "none",
    "oral_placebo": "none",
    "topical_vehicle": "none",
    "saline": "none",
    "microneedling": "none",
    "microneedling with prp": "prp",
    "minoxidil withdrawn at week 96": "withdrawn",
    "healthy": "healthy",
    "minoxidil": "minoxidil",
    "finasteride": "finasteride",
    "prp": "prp",
    "exosome": "exosome",
}


def _arm(name: str) -> str:
    if name not in _ARMS:
        raise ValueError(f"the calibration knows no arm '{name}'; set `use: display`")
    return _ARMS[name]


def _care(study: Study, row: Row) -> Care:
    if row.arm in ("saline", "topical_vehicle", "oral_placebo"):
        return row.arm  # type: ignore[return-value]
    if study.route == "microneedling" or row.arm.startswith("microneedling"):
        return "microneedling"
    by_arm: dict[str, Care] = {
        "minoxidil": "topical_vehicle",
        "withdrawn": "topical_vehicle",
        "finasteride": "oral_placebo",
        "prp": "saline",
        "exosome": "saline",
    }
    return by_arm.get(_arm(row.arm), "none")


def _measure(row: Row) -> Measure:
    if row.outcome.startswith("hair_weight"):
        return "weight_percent"
    if row.change_kind == "percent_of_baseline":
        return "percent"
    return "change"


def _name(row: Row) -> str:
    arm = f"{row.arm} {row.percent:g} %" if row.percent else row.arm
    if row.sessions:
        arm = f"{arm}, {row.sessions} sessions"
    against = f" against {row.versus}" if row.versus else ""
    week = "" if row.week is None else f", week {row.week:g}"
    return f"{arm}{against}: {row.outcome.replace('_per_cm2', '').replace('_', ' ')}{week}"


def _standard_error(row: Row, target: Target | None) -> float:
    if target is not None and target.se is not None:
        return target.se
    if row.change_sd is not None and row.n is not None:
        return float(row.change_sd / np.sqrt(row.n))
    if row.change_ci is not None:
        low, high = row.change_ci
        return float((high - low) / (2.0 * 1.96))
    raise ValueError("a row to fit needs an SD with n, an interval, or an SE in targets.yaml")


def _band(study: Study, row: Row, siblings: list[Row]) -> Observation:
    """Hairs of one phase between this threshold and the next one that was counted."""
    if row.baseline_mean is None or row.baseline_sd is None or row.n is None:
        raise ValueError("a cross-section needs a mean, an SD and n")
    nano = row.outcome == "nano_hair_per_cm2"
    phase = "any" if nano else row.outcome.split("_")[0]
    low = 0.0 if nano else (row.threshold_um or TOTAL_UM)
    thicker = [
        other
        for other in siblings
        if (other.arm, other.outcome) == (row.arm, row.outcome)
        and other.threshold_um is not None
        and other.threshold_um > low
    ]
    above = min(thicker, key=lambda other: other.threshold_um or 0.0, default=None)
    high = NANO_UM if nano else (above.threshold_um if above else None)
    value = row.baseline_mean - ((above.baseline_mean or 0.0) if above else 0.0)
    variation = BAND_VARIATION if above else row.baseline_sd / row.baseline_mean
    sampling = variation * value / np.sqrt(row.n)
    return Observation(
        study=study.id,
        name=f"{row.arm}: {phase} hairs of {low:g} to {high:g} µm"
        if high
        else f"{row.arm}: {phase} hairs of {low:g} µm and more",
        measure="band",
        arm="healthy" if row.arm == "healthy" else "affected",
        value=value,
        se=float(np.sqrt(sampling**2 + (CLASS_ERROR * value) ** 2 + 1.0)),
        threshold_um=low,
        upper_um=high,
        phase=phase,
    )


def _tracked(study: Study, row: Row, target: Target | None) -> Observation:
    if row.followup_mean is None or target is None or target.se is None or row.week is None:
        raise ValueError("followed hairs need a count, a week, and an SE in targets.yaml")
    total = float(row.unit.rpartition(" ")[2])
    return Observation(
        study=study.id,
        name=_name(row),
        measure="tracked_unchanged" if row.outcome.endswith("unchanged") else "tracked_terminal",
        arm="finasteride",
        value=row.followup_mean / total,
        se=target.se,
        week=row.week,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
