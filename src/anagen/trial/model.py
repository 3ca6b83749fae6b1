"""What simulated trials say of a trial: frozen values that outputs show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SCHEMA_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from simulation, with the standard error that a finite number of runs gives it."""

    estimate: float
    mc_se: float


@dataclass(frozen=True, slots=True)
class Range:
    """Mean and quantiles over simulated trials."""

    mean: float
    q05: float
    q50: float
    q95: float


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the trial's rule for adopting the arm comes to.

    Attributes:
        margin_per_cm2: the interval must lie above it.
        least_estimate_per_cm2: what the estimate must reach besides, if anything.
        adopted: share of trials that adopt the arm.
        wrongly_adopted: those that do though the truth is not so.
        wrongly_left: those that don't though it is.
    """

    margin_per_cm2: float
    least_estimate_per_cm2: float | None
    adopted: Estimate
    wrongly_adopted: Estimate
    wrongly_left: Estimate


@dataclass(frozen=True, slots=True)
class Power:
    """What a trial can be expected to find.

    Attributes:
        trial: the title.
        compared: ids of the arm and of what it is set against.
        unit: unit of effects as the analysis finds them.
        endpoint_unit: unit of the endpoint, and of `design_effect`.
        design_effect: the effect at which `power` holds; see `design_effect_from`.
        design_effect_from: `file`, or `model` for the middle of what the model expects.
        power: share of trials that find the arm better, were the effect `design_effect` in each.
        assurance: the same with the effect as uncertain as it is: drawn anew for each trial.
        type_i_error: share that finds a difference where there is none (or, with a margin, none
            beyond it).
        bias: mean of estimate less truth, with the model's effects.
        coverage: share of intervals that hold the truth.
        wrong: share that finds the arm worse where it is better, or better where it is worse.
        decision: what the rule for adopting the arm comes to.
        truth: true effects over simulated trials.
        estimate: estimates over simulated trials.
        estimate_if_found: estimates of those trials that find the arm better.
        gain_without_effect: mean rise of an arm alone, were the treatment without any effect; what
            a study without a control group would have reported.
        people: people of the whole trial.
        analysed: mean number with a count at the endpoint in the two arms.
        stops: share of trials that end at each look, the last one being the end.
        duration_weeks: from the first person's start to the last one's endpoint; None without
            `enrolment`.
        cost: of the whole trial; None without `costs`.
    """

    schema_version: str
    trial: str
    compared: tuple[str, str]
    runs: int
    seed: int
    alpha: float
    unit: str
    endpoint_unit: str
    design_effect: float
    design_effect_from: str
    power: Estimate
    assurance: Estimate
    type_i_error: Estimate
    bias: Estimate
    coverage: Estimate
    wrong: Estimate
    decision: Adoption
    truth: Range
    estimate: Range
    estimate_if_found: Range | None
    gain_without_effect: Range
    people: int
    arms: Mapping[str, int]
    analysed: float
    stops: tuple[float, ...]
    duration_weeks: float | None
    cost: Mapping[str, object] | None
    posterior_release: str
    evidence_release: str
    notes: tuple[str, ...]
