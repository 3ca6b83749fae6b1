"""A study row as a question: the cohort that its trial would have been, and what it then reported.

The cohort is made by rule from what the records say, never by hand. Only the result itself is kept
out of it.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from anagen.evidence.rows import designs_of
from anagen.evidence.schema import Row, Study
from anagen.evidence.vocabulary import Design
from anagen.predicting.schema import CONTROL_ARMS, Cohort
from anagen.reading import Document, InputError
from anagen.treatment.arms import parse_arm

Quantity = Literal["change", "change_percent", "minus_control"]

OUTCOMES = {
    "total_density_per_cm2": "total_density_per_cm2",
    "terminal_density_per_cm2": "terminal_density_per_cm2",
    "mean_diameter_um": "mean_diameter_um",
    "anagen_percent": "anagen_percent",
    "anagen_density_per_cm2": "anagen_density_per_cm2",
    "hair_count": "total_density_per_cm2",
}
"""What a row counts, in a cohort's words; a count per field is taken as one per cm²."""

NEEDLED = "microneedling"
WITH = " with "


class NotAskable(ValueError):
    """The row cannot be put as a cohort; the text says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One row as a question with its answer.

    Attributes:
        study, name: where it comes from, and what it is in words.
        use: whether the row was fitted or held aside.
        cohort: the question.
        outcome, week, quantity: where in the prediction the answer lies.
        observed: what was reported.
        se: standard error that the report gives, where it gives one.
        individual_sd: SD of individual change that it gives, where it gives one.
        designs: what the row is open to; it is predicted as such studies report.
    """

    study: str
    name: str
    use: str
    cohort: Cohort
    outcome: str
    week: float
    quantity: Quantity
    observed: float
    se: float | None
    individual_sd: float | None
    designs: tuple[Design, ...] = ()

    @property
    def group(self) -> str:
        """Rows that answer the same question in other trials: arm, kind of number, difference."""
        kind = "density" if self.outcome.endswith("_per_cm2") else self.outcome
        return f"{self.cohort.arm.id}/{kind}/{self.quantity}"


def ask(study: Study, row: Row) -> Asked:
    """Put one row as a question.

    Raises:
        NotAskable: it has no place in a cohort, with the reason.
    """
    outcome = OUTCOMES.get(row.outcome)
    if outcome is None:
        raise NotAskable(f"{row.outcome} is no outcome of a cohort")
    if study.design.startswith(("meta-analysis", "network")) and row.versus != "one of the two":
        raise NotAskable("a pool of trials, not a new trial")
    if row.versus == "one of the two":
        raise NotAskable("a difference between two treatments, one of them not named")
    if row.change is None:
        raise NotAskable("no change: a cross-section")
    if row.week is None:
        raise NotAskable("no week is stated")
    made = {
        **_people(study, row),
        "sex": row.sex or study.sex or "mixed",
        "diagnosis": "androgenetic_alopecia",
        "arm": _arm(study, row),
        "control": _control(study, row),
        "weeks": [row.week],
        "outcomes": [outcome],
        "threshold_um": row.threshold_um,
    }
    if baseline := _baseline(study, row):
        made["baseline"] = baseline
    if age := re.search(r"mean age (\d+(?:\.\d+)?)", study.diagnosis or ""):
        made["age"] = {"mean": float(age[1])}
    try:
        cohort = Cohort.of(Document(study.id, {k: v for k, v in made.items() if v is not None}))
    except InputError as error:
        texts = "; ".join(f"{problem.place} {problem.text}" for problem in error.problems)
        raise NotAskable(texts) from error
    return Asked(
        study=study.id,
        name=row_name(row),
        use=row.use,
        cohort=cohort,
        outcome=outcome,
        week=row.week,
        quantity=_quantity(row),
        observed=row.change,
        se=_standard_error(row),
        individual_sd=row.change_sd,
        designs=designs_of(study, row),
    )


def _people(study: Study, row: Row) -> dict[str, int]:
    if row.n is None:
        raise NotAskable("how many people were counted is not stated")
    if row.versus is None:
        return {"n": row.n}
    # A difference counts both arms; how many each had stands with the arm's own row, if anywhere.
    own = [
        other.n
        for other in study.rows
        if (other.arm, other.week, other.versus) == (row.arm, row.week, None) and other.n
    ]
    if own and own[0] < row.n:
        return {"n": own[0], "control_n": row.n - own[0]}
    return {"n": max(row.n // 2, 1)}


def _arm(study: Study, row: Row) -> dict[str, Any]:
    name, route = row.arm, _route(study)
    if name.startswith(NEEDLED + WITH):
        name, route = name.removeprefix(NEEDLED + WITH), NEEDLED
    if name == NEEDLED:
        raise NotAskable("a cohort cannot name microneedling alone")
    if name not in CONTROL_ARMS:
        try:
            name = parse_arm(name).id
        except ValueError:
            raise NotAskable(f"'{name}' is no arm of a cohort") from None
    given = {
        "id": name,
        "route": route,
        "percent": None if row.percent is None else _whole(row.percent),
        "sessions": row.sessions or _number(study.sessions),
        "interval_days": row.interval_days or _number(study.interval_days),
    }
    return {key: value for key, value in given.items() if value is not None}


def _route(study: Study) -> str | None:
    text = study.route or ""
    for word, route in (
        (NEEDLED, NEEDLED),
        ("inject", "injection"),
        ("topical", "topical"),
        ("oral", "oral"),
    ):
        if word in text:
            return route
    return None


def _control(study: Study, row: Row) -> str | None:
    if row.arm in (*CONTROL_ARMS, "none"):
        return None
    if row.versus in CONTROL_ARMS:
        return row.versus
    others = {other.arm for other in study.rows}
    for arm in CONTROL_ARMS:
        if arm in others or arm.replace("_", " ") in study.design:
            return arm
    # The other half of a needled scalp is a control that a cohort cannot name.
    return "untreated" if NEEDLED in others else None


def _baseline(study: Study, row: Row) -> dict[str, dict[str, float]]:
    """What was measured at the start of the same arm, with the same limit of diameter."""
    start: dict[str, tuple[float, float | None]] = {}
    for other in study.rows:
        same = (other.arm, other.week, other.threshold_um) == (row.arm, row.week, row.threshold_um)
        if same and other.baseline_mean is not None and "percent" not in other.unit:
            start[other.outcome] = (other.baseline_mean, other.baseline_sd)
    found: dict[str, dict[str, float]] = {}
    for name, (mean, sd) in start.items():
        if name in OUTCOMES and name != "hair_count":
            found[name] = {"mean": mean} if sd is None else {"mean": mean, "sd": sd}
    growing, resting = (start.get(f"{phase}_density_per_cm2") for phase in ("anagen", "telogen"))
    if growing and resting:
        found["total_density_per_cm2"] = {"mean": growing[0] + resting[0]}
    return found


def _quantity(row: Row) -> Quantity:
    if row.versus is not None:
        return "minus_control"
    return "change_percent" if row.change_kind == "percent_of_baseline" else "change"


def _standard_error(row: Row) -> float | None:
    if row.change_sd is not None and row.n is not None:
        return float(row.change_sd / row.n**0.5)
    if row.change_ci is not None:
        return float((row.change_ci[1] - row.change_ci[0]) / (2.0 * 1.96))
    return None


def row_name(row: Row) -> str:
    """A row in words."""
    arm = f"{row.arm} {row.percent:g} %" if row.percent else row.arm
    sessions = f", {row.sessions} sessions" if row.sessions else ""
    against = f" against {row.versus}" if row.versus else ""
    limit = f" ≥ {row.threshold_um:g} µm" if row.threshold_um else ""
    outcome = row.outcome.replace("_per_cm2", "").replace("_", " ")
    return f"{arm}{sessions}{against}: {outcome}{limit}"


def _number(text: str | None) -> float | int | None:
    """The number in a text such as `about 12` or `28 to 42`; of a range, its middle."""
    found = [float(word) for word in re.findall(r"\d+(?:\.\d+)?", (text or "").partition("(")[0])]
    if not found:
        return None
    return _whole(sum(found[:2]) / len(found[:2]))


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() else number
