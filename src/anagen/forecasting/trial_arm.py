"""What an arm of a trial shows: the true change, the care of the trial, and the trial itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.evidence.vocabulary import Component
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.treatment.arms import INJECTED
from anagen.treatment.trial_care import Care, TrialCare

PARAMETER: dict[Care, str] = {
    "microneedling": "care-microneedling",
    "topical_vehicle": "care-topical-vehicle",
    "saline": "care-saline",
    "oral_placebo": "care-oral-placebo",
}
"""Parameter of each kind of care; outside a trial there is none, and no shift."""

DIAMETER, ANAGEN = "between-trials-diameter-um", "between-trials-anagen-points"
"""Parameters of how trials differ in what is no count."""


@dataclass(frozen=True, slots=True)
class TrialSpread:
    """How trials and visits scatter, one value per draw.

    Attributes:
        offset_per_cm2: by how much the mean changes of this trial's arms lie above those of other
            trials; the arms of one trial share it.
        visit_per_cm2: SD that visits add to one person's measured change.
        offset_um, offset_points: offsets of a mean diameter and of an anagen share.
    """

    offset_per_cm2: Floats
    visit_per_cm2: Floats
    offset_um: Floats
    offset_points: Floats

    def individual_sd(self, sd_per_cm2: Floats) -> Floats:
        """SD of one person's measured change with visits, from that without. Equation O7."""
        return np.asarray(np.hypot(sd_per_cm2, self.visit_per_cm2))


def trial_care(release: Release, keyed: Keyed, care: Care, draws: int) -> TrialCare:
    """Draws of the shift that a kind of care gives counts; outside a trial it is 0."""
    onset = release.numbers("care-onset-days", keyed, draws)
    if care not in PARAMETER:
        return TrialCare(np.zeros(draws), onset)
    return TrialCare(release.numbers(PARAMETER[care], keyed, draws), onset)


def trial_spread(release: Release, keyed: Keyed, draws: int, trial: str = "trial") -> TrialSpread:
    """Draws of how one trial differs from others; `trial` names whose numbers these are."""
    odd = oddness(keyed, draws, trial)

    def offset(parameter: str, name: str) -> Floats:
        normal = keyed.normal(f"between-trials/{trial}{name}", draws)
        return release.numbers(parameter, keyed, draws) * normal * odd

    return TrialSpread(
        offset_per_cm2=offset("between-trials-sd", ""),
        visit_per_cm2=release.numbers("visit-sd", keyed, draws),
        offset_um=offset(DIAMETER, "/diameter"),
        offset_points=offset(ANAGEN, "/anagen"),
    )


FREEDOM = 4.0
"""Degrees of freedom of what a trial deviates by, as in the calibration: some are far off."""


def oddness(keyed: Keyed, draws: int, trial: str = "trial") -> Floats:
    """By how much more or less a whole trial deviates than the usual one; makes a Student t law."""
    gamma = keyed.gamma(f"between-trials/{trial}/odd", 0.5 * FREEDOM, draws)
    return np.asarray(np.sqrt(0.5 * FREEDOM / gamma))


@dataclass(frozen=True, slots=True)
class EffectSpread:
    """How far a treatment's effect in one trial lies from its mean over trials, one per draw.

    Each is the deviation of an effect in its full size, by the unit of what is counted.
    """

    per_cm2: Floats
    um: Floats
    points: Floats


def effect_spread(
    release: Release, keyed: Keyed, components: Sequence[Component], draws: int
) -> EffectSpread:
    """Draws of how the controlled effect of an arm differs in one trial. Equation O8.

    Medicines and injected sessions have a spread each; an arm without treatment has none.
    """
    none = np.zeros(draws)
    if not components:
        return EffectSpread(none, none, none)
    odd, per_cm2 = oddness(keyed, draws), none
    for kind, parameter, has in (
        ("medicine", "between-effects-sd", any(part not in INJECTED for part in components)),
        ("sessions", "between-session-effects-sd", any(part in INJECTED for part in components)),
    ):
        if has:
            normal = keyed.normal(f"between-effects/{kind}", draws)
            per_cm2 = per_cm2 + release.numbers(parameter, keyed, draws) * normal * odd
    return EffectSpread(
        per_cm2=per_cm2,
        um=release.numbers(DIAMETER, keyed, draws) * keyed.normal("between-effects/um", draws),
        points=release.numbers(ANAGEN, keyed, draws) * keyed.normal("between-effects/pts", draws),
    )


def observed_arm_change(
    true_change: Floats, days: Sequence[float], care: TrialCare, spread: TrialSpread | None = None
) -> Floats:
    """Mean change of density that an arm of a new trial shows, (days, draws). Equations O5 and O6.

    Follicles are not touched: the shift is the same with and without a treatment, so it cancels
    between two arms of the same care.

    Args:
        true_change: change of density since day 0 in hairs per cm², (days, draws).
        days: the days, counted from the start of the arm.
        care: the care that the arm gets.
        spread: the trial's own deviation; without it, the mean over trials.
    """
    observed = true_change + care.shift_per_cm2(days)
    if spread is None:
        return np.asarray(observed)
    # A trial has no deviation before it began, so the deviation grows in like the care.
    return np.asarray(observed + spread.offset_per_cm2[None, :] * care.built(days))
