"""A prediction of a trial arm as one frozen value; the JSON document is its image."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from anagen.posterior.keyed import Floats

SCHEMA_VERSION = "1"

OutcomeName = Literal[
    "total_density_per_cm2",
    "terminal_density_per_cm2",
    "mean_diameter_um",
    "anagen_percent",
    "anagen_density_per_cm2",
]
"""What an arm may be asked for."""

POINTS = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in seven numbers."""

    mean: float
    sd: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float

    @classmethod
    def of(cls, values: Floats) -> "Spread":
        """Mean, SD and quantiles of equally likely draws."""
        points = (float(point) for point in np.quantile(values, POINTS))
        return cls(float(values.mean()), float(values.std()), *points)


@dataclass(frozen=True, slots=True)
class AtWeek:
    """What a new trial of this size would report of one outcome at one week.

    Attributes:
        change: measured mean change of the arm since its start.
        change_percent: the same in percent of the arm's mean at the start.
        minus_control: change of the arm less that of its control; None without a control.
        individual_sd: SD between people of the measured change.
    """

    change: Spread
    change_percent: Spread
    minus_control: Spread | None
    individual_sd: float


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that the program supplied because the cohort was silent, and what it does."""

    key: str
    value: Any
    effect: str


@dataclass(frozen=True, slots=True)
class Maker:
    """What made the prediction."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """One cohort's prediction.

    Attributes:
        cohort: what was asked, as it was read.
        assumed: what the cohort left open.
        notes: where the prediction reaches beyond what was studied.
        outcomes: by outcome, then by week as text.
    """

    schema_version: str
    software: Maker
    posterior_release: str
    evidence_release: str
    seed: int
    draws: int
    cohort: Mapping[str, Any]
    assumed: tuple[Assumed, ...]
    notes: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, AtWeek]]
