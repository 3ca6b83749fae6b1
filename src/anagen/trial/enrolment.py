"""How people come, week by week: a Poisson stream, so when a trial ends is uncertain."""

from dataclasses import dataclass

import numpy as np

from anagen.trial.model import Range
from anagen.trial.schema import Trial

WEEKS_PER_MONTH = 365.25 / 12 / 7
POINTS = 60
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class EnrolmentCourse:
    """People over weeks since the first was asked; each curve has the quantiles 5, 50 and 95 %.

    Attributes:
        weeks: from 0 to when even a slow trial has ended.
        begun: who has begun, (quantiles, weeks).
        counted: who has come to the endpoint, (quantiles, weeks).
        duration_weeks: from the first week to the last endpoint.
    """

    weeks: tuple[float, ...]
    begun: tuple[tuple[float, ...], ...]
    counted: tuple[tuple[float, ...], ...]
    duration_weeks: Range


def enrolment_course(trial: Trial) -> EnrolmentCourse | None:
    """How people come; None where the file says nothing of enrolment."""
    from scipy.stats import gamma, poisson

    if trial.enrolment is None:
        return None
    rate = trial.enrolment.per_month / WEEKS_PER_MONTH
    last = trial.endpoint.week
    full = gamma(trial.people, scale=1.0 / rate)
    low, middle, high = (float(full.ppf(at)) + last for at in QUANTILES)
    weeks = np.linspace(0.0, high, POINTS)

    def curve(at: float, after: float, share: float) -> tuple[float, ...]:
        come = np.minimum(poisson.ppf(at, rate * np.maximum(weeks - after, 0.0)), trial.people)
        return tuple(float(number) for number in np.maximum(come, 0.0) * share)

    return EnrolmentCourse(
        weeks=tuple(float(week) for week in weeks),
        begun=tuple(curve(at, 0.0, 1.0) for at in QUANTILES),
        counted=tuple(curve(at, last, 1.0 - trial.drop_out) for at in QUANTILES),
        duration_weeks=Range(float(full.mean()) + last, low, middle, high),
    )
