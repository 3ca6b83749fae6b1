"""Power and assurance by number of people."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from anagen.posterior.keyed import Floats
from anagen.trial.model import Estimate
from anagen.trial.pool import HERE, Engine, Progress
from anagen.trial.power import design_effect
from anagen.trial.schema import Trial
from anagen.trial.size import LEAST_PEOPLE, chance, errors_at, with_people

TIMES: Final = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Sizes that are looked at, as multiples of the file's."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One size: power at the design effect, and with the effect as uncertain as it is."""

    people: int
    power: Estimate
    assurance: Estimate


def power_curve(
    trial: Trial, seed: int = 1, engine: Engine = HERE, told: Progress | None = None
) -> tuple[CurvePoint, ...]:
    """Power over sizes, from the standard errors of a few simulated trials of each.

    Raises:
        TooLargeError: the largest size would take days.
    """
    effect, _ = design_effect(trial, seed)
    margin, alpha = trial.decision.margin_per_cm2, trial.analysis.alpha
    sizes = sorted({max(LEAST_PEOPLE, round(times * trial.people)) for times in TIMES})
    points = []
    for people in sizes:
        errors, truth = errors_at(with_people(trial, people), effect, seed, engine, told)
        points.append(
            CurvePoint(
                people,
                _mean(chance(errors, effect - margin, alpha)),
                _mean(chance(errors, truth - margin, alpha)),
            )
        )
    return tuple(points)


def _mean(chances: Floats) -> Estimate:
    return Estimate(float(chances.mean()), float(chances.std(ddof=1) / np.sqrt(chances.size)))
