"""The reference scalp made the cohort's: density by scaling, everything else by weighing draws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.forecasting.explore import systematic
from anagen.posterior.keyed import Floats
from anagen.predicting.course import Course, Drawing
from anagen.predicting.schema import Cohort, Density

SCALED_BY = ("total_density_per_cm2", "terminal_density_per_cm2", "anagen_density_per_cm2")
"""Densities that may set the scale; the first one given does, the others weigh draws."""

METHOD_SHARE, METHOD_POINTS = 0.12, 8.0
"""How far two ways of counting may lie apart in a ratio of densities or a diameter (as a share) and
in an anagen share (in points). A judgement: readings err by about 5 % and 6 points, and the limits
and fields of published counts are seldom those of the program."""

LEAST_WORTH = 0.1
"""Weights that are worth less than this share of the draws are softened until they are not."""

START_VARIATION = {"mean_diameter_um": 0.12, "anagen_percent": 0.15}
"""SD between people at the start as a share of the mean, where it is not given."""


@dataclass(frozen=True, slots=True)
class CohortScalp:
    """What a baseline says.

    Attributes:
        factor: density against the reference scalp's, for each of the release's draws.
        index: the draws that stand for this cohort.
        softened: whether the baseline is so unlike the model's scalps that it was held loosely.
    """

    factor: Floats
    index: NDArray[np.intp]
    softened: bool

    def on(self, course: Course) -> Course:
        """A course on this cohort's scalps."""
        factor = self.factor[None, self.index]

        def scaled(values: dict[str, Floats], power: int) -> dict[str, Floats]:
            return {
                name: value[:, self.index] * (factor**power if name in SCALED_BY else 1.0)
                for name, value in values.items()
            }

        return Course(course.days, scaled(course.mean, 1), scaled(course.between, 2))


def cohort_scalp(cohort: Cohort, drawing: Drawing, start: dict[str, Floats]) -> CohortScalp:
    """Scale and weigh the reference scalp by a cohort's baseline. Equation O11.

    Args:
        cohort: whose baseline it is.
        drawing: where draws come from.
        start: true values of the reference scalp on day 0 by outcome, each (draws,).
    """
    everyone = np.arange(drawing.draws)
    given = cohort.baseline.given() if cohort.baseline else {}
    scale = next((name for name in SCALED_BY if name in given), None)
    factor = given[scale].mean / start[scale] if scale else np.ones(drawing.draws)
    distance = np.zeros(drawing.draws)
    for name, part in given.items():
        if name == scale:
            continue
        sampling = (part.sd or 0.0) / np.sqrt(cohort.n)
        if name == "anagen_percent":
            distance += (part.mean - start[name]) ** 2 / (METHOD_POINTS**2 + sampling**2)
        else:
            model = start[name] * (factor if isinstance(part, Density) else 1.0)
            tolerance = np.hypot(METHOD_SHARE, sampling / part.mean)
            distance += (np.log(part.mean / model) / tolerance) ** 2
    if not distance.any():
        return CohortScalp(factor, everyone, softened=False)
    weight, softened = _weights(-0.5 * distance)
    offset = float(drawing.keyed.uniform("cohort/resample", 1)[0])
    return CohortScalp(factor, systematic(weight, drawing.draws, offset), softened)


def _weights(log_weight: Floats) -> tuple[Floats, bool]:
    """Weights that sum to 1, softened by a power if they would rest on a few draws."""
    power = 1.0
    while True:
        weight = np.exp(power * (log_weight - log_weight.max()))
        weight = weight / weight.sum()
        if 1.0 / (weight**2).sum() >= LEAST_WORTH * log_weight.shape[0]:
            return np.asarray(weight), power < 1.0
        power *= 0.8


def start_sds(cohort: Cohort, start: dict[str, Floats], density_spread: float) -> dict[str, Floats]:
    """SD between people at the start by outcome: the cohort's, else a usual share of the mean."""
    given = cohort.baseline.given() if cohort.baseline else {}
    found = {}
    for name, mean in start.items():
        told = given[name].sd if name in given else None
        share = START_VARIATION.get(name, density_spread)
        found[name] = np.full_like(mean, told) if told is not None else share * mean
    return found
