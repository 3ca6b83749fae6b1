"""From a cohort's words to what a simulation needs: parts, sessions, care; what was supplied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from anagen.evidence.vocabulary import Component
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM
from anagen.posterior import Release
from anagen.predicting.model import Assumed
from anagen.predicting.schema import CONTROL_ARMS, ArmGiven, Cohort
from anagen.treatment.arms import INJECTED, NONE, parse_arm
from anagen.treatment.sessions import Sessions
from anagen.treatment.trial_care import Care, care_of_arm

FULL_PERCENT = 5
TERMINAL = "terminal_density_per_cm2"
TOTAL_LIKE = ("total_density_per_cm2", "anagen_density_per_cm2")


@dataclass(frozen=True, slots=True)
class Given:
    """What one arm gets.

    Attributes:
        components: the treatments; none in a control arm.
        schedules: sessions of the injected ones.
        percent: strength of minoxidil.
        sexes: whose size minoxidil takes; two of them stand for equal halves.
        care: how the scalp is cared for besides.
        in_trial: False for people outside any trial.
    """

    components: tuple[Component, ...]
    schedules: Mapping[Component, Sessions]
    percent: int
    sexes: tuple[str, ...]
    care: Care
    in_trial: bool = True


def given_of(cohort: Cohort, release: Release) -> Given:
    """The cohort's own arm, with its gaps filled as `assumptions` says."""
    arm = cohort.arm
    sexes = ("male", "female") if cohort.sex == "mixed" else (cohort.sex,)
    if arm.id in CONTROL_ARMS:
        return Given((), {}, FULL_PERCENT, sexes, cast("Care", arm.id))
    parsed = parse_arm(arm.id)
    care = care_of_arm(parsed, "microneedling" if arm.route == "microneedling" else "injection")
    if arm.route == "topical" and care == "saline":
        care = "topical_vehicle"
    schedules = {
        part: Sessions.every(*_schedule(arm, part, release))
        for part in parsed.components
        if part in INJECTED
    }
    percent = arm.percent or FULL_PERCENT
    return Given(parsed.components, schedules, percent, sexes, care, parsed.id != NONE)


def control_of(cohort: Cohort) -> Given | None:
    """The arm that is subtracted, if there is one."""
    if cohort.control is None:
        return None
    care: Care = "none" if cohort.control == "untreated" else cohort.control
    return Given((), {}, FULL_PERCENT, ("male",), care)


def _schedule(arm: ArmGiven, part: Component, release: Release) -> tuple[float, int]:
    count = arm.sessions or int(release.fixed(f"{part}-sessions"))
    return arm.interval_days or release.fixed(f"{part}-interval-days"), count


def thresholds(cohort: Cohort) -> dict[str, float]:
    """Least diameter counted, by outcome.

    A given one holds for every outcome. Where total and terminal density stand side by side it is
    the total's, and terminal hairs keep at least their usual limit.
    """
    given = cohort.threshold_um
    names = ("total_density_per_cm2", TERMINAL, "mean_diameter_um", "anagen_percent")
    usual = dict.fromkeys((*names, "anagen_density_per_cm2"), TOTAL_THRESHOLD_UM)
    usual[TERMINAL] = TERMINAL_THRESHOLD_UM
    if given is None:
        return usual
    named = {*cohort.outcomes, *(cohort.baseline.given() if cohort.baseline else ())}
    found = dict.fromkeys(usual, given)
    if TERMINAL in named and named & set(TOTAL_LIKE):
        found[TERMINAL] = max(given, TERMINAL_THRESHOLD_UM)
    return found


def assumptions(cohort: Cohort, given: Given, release: Release) -> tuple[Assumed, ...]:
    """Everything supplied because the cohort was silent."""
    arm, found = cohort.arm, []

    def add(key: str, value: Any, effect: str) -> None:
        found.append(Assumed(key, value, effect))

    for part in given.schedules:
        gap, count = _schedule(arm, part, release)
        if arm.sessions is None:
            add(f"arm.sessions ({part})", count, "Sessions of the curve.")
        if arm.interval_days is None:
            add(f"arm.interval_days ({part})", gap, "Days between two sessions.")
    if given.schedules and arm.route is None:
        add("arm.route", "injection", "Sets the trial's care, which a control of saline shares.")
    if "minoxidil" in given.components and arm.percent is None:
        add("arm.percent", FULL_PERCENT, "Strength of the solution on the scalp.")
    if cohort.threshold_um is None:
        kept = thresholds(cohort)
        limits = {name: kept[name] for name in cohort.outcomes}
        add("threshold_um", limits, "The least diameter counted, in µm, by outcome.")
    if cohort.control is not None and cohort.control_n is None:
        add("control_n", cohort.n, "As many people as in the arm; it sets the control's chance.")
    density = cohort.baseline.given() if cohort.baseline else {}
    if not any(name.endswith("_per_cm2") for name in density):
        held = release.fixed("reference-terminal-density")
        add(
            "baseline",
            {TERMINAL: held},
            "The scalp of a typical trial; effects in hairs per cm² scale with density.",
        )
    return tuple(found)
