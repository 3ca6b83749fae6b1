"""Power, assurance, error of type I, bias and coverage of a trial, by simulating it many times."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anagen.evidence import load_evidence
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats
from anagen.predicting.course import Drawing, true_course
from anagen.predicting.given import Given
from anagen.trial.analysis import Estimates
from anagen.trial.enrolment import WEEKS_PER_MONTH
from anagen.trial.expense import check_expense
from anagen.trial.looks import bounds
from anagen.trial.model import SCHEMA_VERSION, Adoption, Estimate, Power, Range
from anagen.trial.people import READ_LIMITS
from anagen.trial.pool import HERE, Engine, Progress, kept_part, run_tasks
from anagen.trial.regimen import Regimen
from anagen.trial.schema import UNITS, Trial
from anagen.trial.sides import Task, people_in, release_id, the_release, trials_per_task
from anagen.trial.simulated import FIELDS, WORLDS

DESIGN_DRAWS: Final = 400
PERCENT: Final = 100.0

Flags = NDArray[np.bool_]


def power_of(
    trial: Trial,
    runs: int = 200,
    seed: int = 1,
    engine: Engine = HERE,
    told: Progress | None = None,
) -> Power:
    """Simulate a trial many times and say what it can be expected to find.

    Args:
        trial: the file.
        runs: simulated trials.
        seed: seed of every random number.
        engine: where it runs; that changes nothing but the time.
        told: hears of progress.

    Raises:
        TooLargeError: it would take days, or more memory than a machine has.
    """
    check_expense(trial, runs, engine.workers)
    effect, source = design_effect(trial, seed)
    tasks = tasks_of(trial, runs, seed, effect)
    found = np.concatenate(run_tasks(tasks, engine, told), axis=2)
    return _summary(trial, seed, (effect, source), found)


class NothingYetError(ValueError):
    """A folder holds no finished part of what is asked for."""


def power_so_far(trial: Trial, runs: int, seed: int, folder: Path) -> Power:
    """The same from those parts alone that a run has left in its folder by now.

    Raises:
        NothingYetError: there is none.
    """
    effect, source = design_effect(trial, seed)
    parts = [kept_part(folder, task) for task in tasks_of(trial, runs, seed, effect)]
    found = [part for part in parts if part is not None]
    if not found:
        raise NothingYetError(
            f"{folder} holds no finished part of {runs} runs of this file and seed; wait, or check "
            "that --runs and --seed are those of the run"
        )
    return _summary(trial, seed, (effect, source), np.concatenate(found, axis=2))


def tasks_of(trial: Trial, runs: int, seed: int, effect: float) -> list[Task]:
    """Some simulated trials, shared out into tasks."""
    each = trials_per_task(trial)
    return [
        Task(trial, seed, number, min(each, runs - number * each), effect)
        for number in range(-(-runs // each))
    ]


def design_effect(trial: Trial, seed: int) -> tuple[float, str]:
    """The effect at the endpoint for which power is told, in its unit, and who says so.

    The file's, or else the middle of what the model expects of the mean person.
    """
    if trial.effect is not None:
        return trial.effect, "file"
    drawing = Drawing(the_release(), Keyed(seed, "design"), DESIGN_DRAWS)
    days = [0.0, 7.0 * trial.endpoint.week]
    outcome = trial.endpoint.outcome
    sexes = ("male", "female") if trial.population.sex == "mixed" else (trial.population.sex,)

    def expected(regimen: Regimen) -> tuple[Floats, Floats]:
        given = Given(regimen.components, regimen.schedules, regimen.percent, sexes, regimen.care)
        values = true_course(drawing, given, days, READ_LIMITS).mean[outcome]
        return values[0], values[1] - values[0]

    start, moved = expected(trial.arm(trial.compare.arm).given)
    still = expected(trial.arm(trial.compare.against).given)[1]
    baseline = trial.population.baseline
    denser = baseline.mean / start if baseline is not None and trial.is_count else 1.0
    return float(np.median((moved - still) * denser)), "model"


def _summary(trial: Trial, seed: int, effect: tuple[float, str], found: Floats) -> Power:
    rows = dict(zip(FIELDS, found, strict=True))
    alpha, margin = trial.analysis.alpha, trial.decision.margin_per_cm2
    ended = {world: _ended(trial, rows, world) for world in WORLDS}
    truth, gain = rows["truth"][-1], rows["gain_without_effect"][-1]
    real = ended["real"]
    half = Estimates(real.effect, real.se, real.df).half_width(alpha)
    other_side = np.sign(real.effect - margin) != np.sign(truth - margin)
    wrong: Flags = real.found & other_side & (truth != margin)
    percent = trial.analysis.method == "responder"
    scale = PERCENT if percent else 1.0
    better = real.better
    release = load_evidence()
    return Power(
        schema_version=SCHEMA_VERSION,
        trial=trial.title,
        compared=(trial.compare.arm, trial.compare.against),
        runs=found.shape[2],
        seed=seed,
        alpha=alpha,
        unit="responders in 100" if percent else UNITS[trial.endpoint.outcome],
        endpoint_unit=UNITS[trial.endpoint.outcome],
        design_effect=effect[0],
        design_effect_from=effect[1],
        power=_share(ended["design"].better),
        assurance=_share(better),
        type_i_error=_share(ended["none"].found),
        bias=_mean(scale * (real.effect - truth)),
        coverage=_share(np.abs(real.effect - truth) <= half),
        wrong=_share(wrong),
        decision=_adoption(trial, ended, truth),
        truth=range_of(scale * truth),
        estimate=range_of(scale * real.effect),
        estimate_if_found=range_of(scale * real.effect[better]) if better.any() else None,
        gain_without_effect=range_of(gain),
        people=trial.people,
        arms={arm.id: size for arm, size in zip(trial.arms, trial.sizes, strict=True)},
        analysed=people_in(trial) * (1.0 - trial.drop_out),
        stops=tuple(float((real.look == look).mean()) for look in range(found.shape[1])),
        duration_weeks=_duration_weeks(trial),
        cost=_cost(trial),
        posterior_release=release_id(),
        evidence_release=release.release,
        notes=_notes(trial),
    )


def _adoption(trial: Trial, ended: dict[str, "_Ended"], truth: Floats) -> Adoption:
    """How the file's rule decides, and how often it should not have."""
    rule = trial.decision
    least = -np.inf if rule.least_estimate_per_cm2 is None else rule.least_estimate_per_cm2
    real = ended["real"]
    adopted: Flags = real.better & (real.effect >= least)
    worth: Flags = (truth > rule.margin_per_cm2) & (truth >= least)
    return Adoption(
        margin_per_cm2=rule.margin_per_cm2,
        least_estimate_per_cm2=rule.least_estimate_per_cm2,
        adopted=_share(adopted),
        wrongly_adopted=_share(adopted & ~worth),
        wrongly_left=_share(~adopted & worth),
    )


class _Ended:
    """How each trial ended: at the first look whose bound it crossed, or at the last one."""

    def __init__(self, effect: Floats, se: Floats, df: Floats, crossed: Flags, margin: float):
        looks = effect.shape[0]
        self.found: Flags = np.asarray(crossed.any(axis=0))
        self.look = np.where(self.found, crossed.argmax(axis=0), looks - 1)
        own = np.arange(effect.shape[1])
        self.effect, self.se, self.df = (one[self.look, own] for one in (effect, se, df))
        self.better: Flags = np.asarray(self.found & (self.effect > margin))


def _ended(trial: Trial, rows: dict[str, Floats], world: str) -> _Ended:
    from scipy.stats import norm

    effect, se, df = (rows[f"{world}/{name}"] for name in ("effect", "se", "df"))
    margin = trial.decision.margin_per_cm2
    p = Estimates(effect - margin, se, df).p_value()
    if trial.looks is None:
        return _Ended(effect, se, df, p < trial.analysis.alpha, margin)
    edges = bounds(trial.looks.at, trial.analysis.alpha, trial.looks.spending)
    z = norm.isf(p / 2.0)
    return _Ended(effect, se, df, z >= np.array(edges)[:, None], margin)


def _share(flags: Flags) -> Estimate:
    """A share of trials. Where it is 0 or 1 its error is that of one trial more or less."""
    share, count = float(flags.mean()), flags.shape[0]
    held = min(max(share, 1.0 / (count + 1)), count / (count + 1))
    return Estimate(share, float(np.sqrt(held * (1.0 - held) / count)))


def _mean(values: Floats) -> Estimate:
    count = values.shape[0]
    error = float(values.std(ddof=1) / np.sqrt(count)) if count > 1 else float("inf")
    return Estimate(float(values.mean()), error)


def range_of(values: Floats) -> Range:
    """Mean and quantiles."""
    q05, q50, q95 = (float(point) for point in np.quantile(values, (0.05, 0.5, 0.95)))
    return Range(float(values.mean()), q05, q50, q95)


def _duration_weeks(trial: Trial) -> float | None:
    if trial.enrolment is None:
        return None
    return trial.people / trial.enrolment.per_month * WEEKS_PER_MONTH + trial.endpoint.week


def _cost(trial: Trial) -> dict[str, object] | None:
    if trial.costs is None:
        return None
    costs = trial.costs
    sessions = sum(
        size * arm.given.visits for arm, size in zip(trial.arms, trial.sizes, strict=True)
    )
    total = costs.fixed + trial.people * costs.per_person + sessions * costs.per_session
    return {"currency": costs.currency, "total": total, "sessions": sessions}


def _notes(trial: Trial) -> tuple[str, ...]:
    """What a reader of the numbers must know of this trial."""
    found = [
        "People are virtual: a model of follicles, fitted to published trials, stands for them.",
        "The effect of exosomes rests on one randomised trial of 20 people and on assumptions.",
    ]
    regimens = [trial.arm(name).given for name in (trial.compare.arm, trial.compare.against)]
    if not any("exosome" in one.components for one in regimens):
        found.pop()
    if any(one.doses for one in regimens):
        found.append("The dose is shown and changes nothing: no human dose-response is known.")
    if regimens[0].care != regimens[1].care:
        found.append(
            "The arms are cared for differently, which moves counts without any treatment: the "
            "difference holds that too, and `bias` shows it."
        )
    if trial.drop_out and trial.drop_out_risk_per_10_fewer == 1:
        found.append("Who is lost is lost by chance, whatever their hair does.")
    elif trial.drop_out:
        found.append(
            "Who gains less is lost more often, as the file says; the analysis does not know it, "
            "and `bias` shows what that does."
        )
    if trial.blinding == "open" and not trial.reader_shift_percent:
        found.append(
            "Who counts knows the arm. What that does to counts of hair has not been measured, so "
            "none is assumed; `reader_shift_percent` tries one."
        )
    if not trial.is_count:
        found.append(
            "Follicles are followed one by one. What care does to this endpoint is not known, so "
            "it is left out."
        )
    if trial.sites.effect_sd_per_cm2 and "site" not in trial.stratify:
        found.append("Sites differ in effect, and the analysis does not allow for that.")
    if trial.population.exclude:
        found.append("Virtual people have none of what is excluded, and no other illness either.")
    return tuple(found)
