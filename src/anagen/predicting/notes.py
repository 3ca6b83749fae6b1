"""Where a prediction reaches beyond what was studied, in short sentences."""

from collections.abc import Iterator

from anagen.predicting.given import Given
from anagen.predicting.schema import CONTROL_ARMS, Cohort
from anagen.treatment.arms import INJECTED
from anagen.treatment.trial_care import Care

OLDEST_MEAN = 50
STUDIED_WEEKS = {"exosome": 16, "prp": 26, "minoxidil": 120, "finasteride": 260}
"""Last week at which an arm of the fitted trials was counted."""

USUAL_SESSIONS = {"exosome": (3, 6), "prp": (2, 5)}
"""Fewest and most sessions of the trials."""

USUAL_DAYS = {"exosome": (7, 30), "prp": (14, 90)}
"""Shortest and longest interval of the trials, in days."""

STUDIED_SUMS = ("prp+minoxidil",)
"""Sums that some trial has counted, as arms are written here."""

CARED_FOR: dict[Care, str] = {
    "topical_vehicle": "topical_vehicle",
    "saline": "saline",
    "oral_placebo": "oral_placebo",
    "microneedling": "microneedling alone, which a cohort cannot name",
}


def notes_of(cohort: Cohort, given: Given) -> tuple[str, ...]:
    """All notes on one cohort."""
    return tuple(
        text
        for source in (_people, _arm, _schedule, _time, _trial, _seen)
        for text in source(cohort, given)
    )


def _people(cohort: Cohort, given: Given) -> Iterator[str]:
    if cohort.age is not None and cohort.age.mean > OLDEST_MEAN:
        yield (
            f"Mean age {cohort.age.mean:g}: trials took people of about 18 to 50; this is "
            "extrapolated."
        )
    if cohort.sex != "male":
        yield (
            "Women share men's hair parameters; only the size of minoxidil is their own. Their "
            "loss may be slower."
        )
    if cohort.sex == "mixed" and "minoxidil" in given.components:
        yield "Mixed: half of the people are taken as women."
    if cohort.sex == "mixed" and "finasteride" in given.components:
        yield "Finasteride is sized in men only; all people are taken to respond like men."


def _arm(cohort: Cohort, given: Given) -> Iterator[str]:
    arm = cohort.arm
    if len(given.components) > 1 and arm.id not in STUDIED_SUMS:
        yield f"No trial of {arm.id} was used: it is put together from its parts."
    if {"exosome", "prp"} <= set(given.components):
        yield "How exosomes and PRP act on each other is a prior: help and hindrance as likely."
    if arm.dose is not None and arm.id not in CONTROL_ARMS:
        if given.schedules:
            yield "The dose is kept and not used: no human dose-response is known."
        if "finasteride" in given.components:
            yield "The dose is kept and not used: finasteride is taken as 1 mg a day."
        if "minoxidil" in given.components:
            yield "The dose is kept and not used: minoxidil goes by arm.percent, twice a day."
    if arm.percent is not None and "minoxidil" not in given.components:
        yield "arm.percent is kept and not used: it is the strength of minoxidil."
    if (arm.sessions or arm.interval_days) and not given.schedules:
        yield "Sessions are kept and not used: this arm is not given in sessions."
    if given.schedules and arm.route == "topical":
        yield (
            "On the skin without needles: effects are sized by injected sessions, and nothing says "
            "how much gets in."
        )


def _schedule(cohort: Cohort, given: Given) -> Iterator[str]:
    for part, sessions in given.schedules.items():
        count = len(sessions.days)
        low, high = USUAL_SESSIONS[part]
        if not low <= count <= high:
            yield f"{count} sessions of {part}: trials gave {low} to {high}; this is extrapolated."
        shortest, longest = USUAL_DAYS[part]
        gap = cohort.arm.interval_days
        if gap is not None and count > 1 and not shortest <= gap <= longest:
            yield (
                f"Sessions of {part} {gap:g} days apart: trials had {shortest} to {longest}; this "
                "is extrapolated."
            )


def _time(cohort: Cohort, given: Given) -> Iterator[str]:
    last = cohort.weeks[-1]
    for part in given.components:
        if last > STUDIED_WEEKS[part]:
            reason = " How long it lasts rests on priors." if part in INJECTED else ""
            yield f"After week {STUDIED_WEEKS[part]} no fitted trial counted {part}.{reason}"


def _trial(cohort: Cohort, given: Given) -> Iterator[str]:
    if not given.in_trial and cohort.control is not None:
        yield "none is a person outside a trial; against a control it is an untreated group."
    if cohort.control is None or not given.components:
        return
    care = "none" if cohort.control == "untreated" else cohort.control
    if care != given.care:
        yield (
            f"The control's care ({cohort.control}) is not the arm's ({CARED_FOR[given.care]}), so "
            "the difference between arms holds care too."
        )


def _seen(cohort: Cohort, given: Given) -> Iterator[str]:
    del given
    if cohort.weeks[0] == 0:
        yield "Week 0 is the start itself: changes are counted from it, so they are 0."
    if "mean_diameter_um" in cohort.outcomes or "anagen_percent" in cohort.outcomes:
        yield (
            "Care and design shift counts; no shift of diameter or anagen share is known, so they "
            "have a wider spread between trials instead."
        )
