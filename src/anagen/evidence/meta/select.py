"""Which study rows can be pooled, as what, and why the others cannot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import sqrt

from anagen.evidence.load import Evidence
from anagen.evidence.meta.errors import Error, contradicts_itself, of_arm, of_difference
from anagen.evidence.meta.model import Contrast, Group, LeftOut, Pool, Selection
from anagen.evidence.schema import Row, Study, Use

UNIT = "hairs/cm2"
OUTCOMES = ("terminal_density_per_cm2", "total_density_per_cm2")

COUNTS = (*OUTCOMES, "total_density_target", "terminal_density_target", "hair_count")
"""Outcomes that are looked through; those that aren't per cm² are listed with that reason."""

DIAGNOSES = ("androgenetic alopecia", "pattern hair loss")
"""What the people of a pooled study have, as the record's diagnosis says it."""

CONTROLS = ("none", "topical-vehicle", "oral-placebo", "saline")
"""Arms that can be a control of any treatment, the barest first."""

USUAL_WEEK = 48
"""Of several times of one study, the one nearest to this is taken: most trials end here."""

_USE_ORDER: dict[Use, int] = {"fit": 0, "check": 1, "display": 2, "never": 3}


def select(evidence: Evidence) -> Selection:
    """Sort every row of hair density per cm² into groups, published pools and what is left out.

    Rows that nobody may read (`use: never`) give nothing but a line among the left-out ones.
    """
    found: list[Contrast] = []
    pools: list[Pool] = []
    left: list[LeftOut] = []
    for study in evidence.studies.values():
        rows = [row for row in study.rows if row.outcome in COUNTS and row.week != 0]
        for row in rows:
            if reason := _unfit(study, row):
                left.append(LeftOut(study.id, row_name(row), reason))
        fit = [row for row in rows if _unfit(study, row) is None]
        if _is_pool(study):
            pools.extend(_pool(study, row) for row in fit)
        else:
            found.extend(_contrasts(study, fit, left))
    groups = tuple(_groups(found, left))
    return Selection(groups, tuple(pools), tuple(left))


def row_name(row: Row) -> str:
    """A row in a few words: arm, control, outcome, week."""
    against = f" vs {row.versus}" if row.versus else ""
    percent = f" {row.percent:g} %" if row.percent else ""
    week = "" if row.week is None else f", week {row.week:g}"
    return f"{row.arm}{against}{percent}, {row.outcome.removesuffix('_per_cm2')}{week}"


def slug(arm: str, percent: float | None) -> str:
    """An arm as one word; topical minoxidil carries its strength."""
    name = arm.replace("_", "-").replace(" ", "-").replace("+", "-and-")
    if arm == "minoxidil" and percent is not None:
        return f"{name}-{percent:g}"
    return name


def _unfit(study: Study, row: Row) -> str | None:
    """Why a row has no number that could be pooled; None if it has one."""
    if row.use == "never":
        return f"Nobody may read this row. {row.because}"
    if not any(name in (study.diagnosis or "") for name in DIAGNOSES):
        return "Its people were not said to have pattern hair loss."
    if row.unit != UNIT:
        return f"Its unit is not hairs/cm2 but {row.unit}."
    if row.change is None:
        return "No size of the change is given, its direction at most."
    if row.change_kind != "mean":
        return f"Its change is a {(row.change_kind or '').replace('_', ' ')}, not a mean."
    return None


def _is_pool(study: Study) -> bool:
    return study.design.startswith(("meta-analysis", "network meta", "systematic review", "pooled"))


def _pool(study: Study, row: Row) -> Pool:
    controlled = row.versus is not None
    return Pool(study.id, row_name(row), controlled, row.change or 0.0, row.change_ci, row.n)


def _contrasts(study: Study, rows: list[Row], left: list[LeftOut]) -> Iterator[Contrast]:
    """An arm's own changes, differences of two arms, and differences as printed."""
    arms: list[tuple[Row, Error]] = []
    for row in (row for row in rows if row.versus is None):
        error = of_arm(row)
        if error is None:
            left.append(LeftOut(study.id, row_name(row), _no_error(row)))
            continue
        arms.append((row, error))
        yield _contrast(study, row, row.change or 0.0, error)
    differences = () if study.design.startswith("split scalp") else tuple(_of_arms(study, arms))
    yield from differences
    made = {(one.treatment, one.control, one.outcome, one.week) for one in differences}
    for row in (row for row in rows if row.versus is not None):
        error = of_difference(row)
        treatment, control = slug(row.arm, row.percent), slug(row.versus or "", row.percent)
        if (treatment, control, row.outcome, row.week) in made:
            left.append(LeftOut(study.id, row_name(row), "It is worked out from its two arms."))
        elif error is None:
            left.append(LeftOut(study.id, row_name(row), _no_error(row)))
        else:
            yield _contrast(study, row, row.change or 0.0, error, control=control)


def _no_error(row: Row) -> str:
    if row.versus is not None and contradicts_itself(row):
        return "Its interval and its p-value cannot both be right."
    printed = f"; p is told as '{row.p_value}'" if row.p_value else ""
    return f"No standard error can be worked out: no SD with n, no interval{printed}."


def _of_arms(study: Study, arms: list[tuple[Row, Error]]) -> Iterator[Contrast]:
    """Every difference of two arms that were counted alike, at the same time, by their SDs."""
    usable = [(row, error) for row, error in arms if error.how == "arms"]
    for one, other in combinations(usable, 2):
        alike = all(
            getattr(one[0], name) == getattr(other[0], name) for name in ("outcome", "week", "sex")
        )
        names = [slug(row.arm, row.percent) for row, _ in (one, other)]
        if not alike or names[0] == names[1]:
            continue
        (treated, treated_se), (control, control_se) = sorted((one, other), key=_as_control)
        error = Error(
            sqrt(treated_se.se**2 + control_se.se**2),
            "arms",
            f"sqrt({treated.change_sd:g}^2 / {treated.n} + {control.change_sd:g}^2 / {control.n})",
        )
        estimate = (treated.change or 0.0) - (control.change or 0.0)
        people = (treated.n or 0) + (control.n or 0)
        name, shared = slug(control.arm, control.percent), control_se.se**2
        yield _contrast(study, treated, estimate, error, control=name, shared=shared, n=people)


def _as_control(arm: tuple[Row, Error]) -> tuple[int, float]:
    """Sorts treatments before controls, and a stronger treatment before a weaker one."""
    name = slug(arm[0].arm, arm[0].percent)
    place = len(CONTROLS) - CONTROLS.index(name) if name in CONTROLS else 0
    return place, -(arm[0].percent or 0.0)


def _contrast(  # noqa: PLR0913 - the last three are named
    study: Study,
    row: Row,
    estimate: float,
    error: Error,
    *,
    control: str | None = None,
    shared: float | None = None,
    n: int | None = None,
) -> Contrast:
    return Contrast(
        study=study.id,
        treatment=slug(row.arm, row.percent),
        control=control,
        outcome=row.outcome,
        week=row.week,
        sex=row.sex or study.sex,
        n=n if n is not None else row.n,
        estimate_per_cm2=estimate,
        se_per_cm2=error.se,
        control_variance=shared,
        how=error.how,
        basis=error.basis,
        use=row.use,
        note=row.note,
    )


def _groups(found: Iterable[Contrast], left: list[LeftOut]) -> Iterator[Group]:
    by_key: dict[tuple[bool, str, str, str], list[Contrast]] = defaultdict(list)
    for one in found:
        by_key[one.control is None, one.treatment, one.control or "", one.outcome].append(one)
    for (within, treatment, control, outcome), contrasts in sorted(by_key.items()):
        kept = tuple(_surest(tuple(_one_per_study(contrasts, left)), left))
        measured = outcome.removesuffix("_density_per_cm2")
        yield Group(
            id=f"within-{treatment}-{measured}"
            if within
            else f"{treatment}-vs-{control}-{measured}",
            kind="within_arm" if within else "controlled",
            treatment=treatment,
            control=control or None,
            outcome=outcome,
            contrasts=kept,
            cautions=cautions_of(kept),
        )


def _one_per_study(contrasts: list[Contrast], left: list[LeftOut]) -> Iterator[Contrast]:
    """Of a study's numbers the one nearest week 48; then a fitted row first, then file order."""
    by_study: dict[str, list[Contrast]] = defaultdict(list)
    for one in contrasts:
        by_study[one.study].append(one)
    for several in by_study.values():
        best = min(several, key=_rank)
        yield best
        reason = "The same people are in the group already, at another time or place."
        left.extend(LeftOut(one.study, _name(one), reason) for one in several if one is not best)


def _surest(contrasts: tuple[Contrast, ...], left: list[LeftOut]) -> Iterator[Contrast]:
    """A standard error that is only bounded is never pooled with known ones."""
    known = [one for one in contrasts if one.how != "p_bound"]
    reason = "Its standard error is only bounded; others of the group are known."
    for one in contrasts:
        if known and one.how == "p_bound":
            left.append(LeftOut(one.study, _name(one), reason))
        else:
            yield one


def _name(one: Contrast) -> str:
    against = f" vs {one.control}" if one.control else ""
    week = "" if one.week is None else f", week {one.week:g}"
    return f"{one.treatment}{against}, {one.outcome.removesuffix('_per_cm2')}{week}"


def _rank(one: Contrast) -> tuple[float, int]:
    return abs((one.week or 0.0) - USUAL_WEEK), _USE_ORDER[one.use]


def cautions_of(contrasts: Sequence[Contrast]) -> tuple[str, ...]:
    """What to mind of studies that are taken together."""
    return tuple(_cautions(contrasts))


def _cautions(contrasts: Sequence[Contrast]) -> Iterator[str]:
    if all(one.control is None for one in contrasts):
        yield "An arm's own change is no effect: vehicle arms gain as well."
    weeks = sorted({one.week for one in contrasts if one.week is not None})
    if len(weeks) > 1:
        yield f"Times differ: week {weeks[0]:g} to {weeks[-1]:g}."
    if len({one.sex for one in contrasts}) > 1:
        yield "Men and women are pooled."
    if any(one.how == "p_bound" for one in contrasts):
        yield "A standard error is the upper bound that a 'p below' allows."
    if any(one.use == "check" for one in contrasts):
        yield "Holds rows that the calibration is judged on."
