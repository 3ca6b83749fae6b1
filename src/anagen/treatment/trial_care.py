"""What being in a trial adds to a count: a shift of the observation, never of biology.

Control arms gain hairs that untreated people do not: scalps are needled, rubbed and looked after,
and people are asked back. Follicles know nothing of it. So a rise within one arm is never read as
an effect of its treatment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from anagen.treatment.arms import INJECTED, Arm
from anagen.treatment.effect import Floats

Care = Literal["microneedling", "topical_vehicle", "saline", "oral_placebo", "none"]
"""How a scalp is cared for in an arm besides its treatment; `none` is outside any trial."""

CARES: tuple[Care, ...] = get_args(Care)
"""From the most attended arm to the least."""


@dataclass(frozen=True, slots=True)
class TrialCare:
    """The shift of counts by one kind of care, one value per draw.

    Attributes:
        plateau_per_cm2: hairs per cm² that a count shows more once the shift is in; negative is
            fewer.
        onset_days: time constant of its build-up.
    """

    plateau_per_cm2: Floats
    onset_days: Floats

    def built(self, days: Sequence[float]) -> Floats:
        """Share of the shift that is in on each day, (days, draws). Equation O5."""
        elapsed = np.asarray(days, dtype=np.float64)[:, None]
        return np.asarray(1.0 - np.exp(-elapsed / self.onset_days[None, :]))

    def shift_per_cm2(self, days: Sequence[float]) -> Floats:
        """Hairs per cm² that counts show more on each day, (days, draws). Equation O5."""
        return np.asarray(self.plateau_per_cm2[None, :] * self.built(days))


def care_of_arm(arm: Arm, route: Literal["injection", "microneedling"] = "injection") -> Care:
    """The care that comes with an arm of a trial; a sum takes its most attended part.

    Args:
        arm: the arm; nothing new is a person outside a trial.
        route: how sessions are given.
    """
    given: set[Care] = {"none"}
    for part in arm.components:
        if part in INJECTED:
            given.add("microneedling" if route == "microneedling" else "saline")
        else:
            given.add("topical_vehicle" if part == "minoxidil" else "oral_placebo")
    return next(care for care in CARES if care in given)
