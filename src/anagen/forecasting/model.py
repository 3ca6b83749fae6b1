"""What a forecast consists of: distributions for every arm, never one number.

Day keys are text of whole numbers; day "0" is today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.evidence.vocabulary import Certainty, Finding, PairBasis

OUTCOMES = (
    "total_density_per_cm2",
    "terminal_density_per_cm2",
    "mean_diameter_um",
    "anagen_percent",
)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A distribution in six numbers: its mean and the 5, 25, 50, 75 and 95 % points."""

    mean: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class VisibleShares:
    """Chances of a visible gain, no visible change and a visible loss; they sum to 1."""

    gain: float
    same: float
    loss: float


@dataclass(frozen=True, slots=True)
class FirstVisibleDay:
    """Day of the first visible gain; a quantile is None where it never comes in the horizon."""

    q05: float | None
    q25: float | None
    q50: float | None
    q75: float | None
    q95: float | None
    never: float


@dataclass(frozen=True, slots=True)
class EvidenceBasis:
    """What an arm's curve rests on."""

    finding: Finding
    text: str
    studied_until_day: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArmForecast:
    """One arm: outcomes as they truly are and as an instrument would read them.

    `change` is the true value less today's, draw by draw, so that what is not known of today
    cancels; it can't be read off the levels.
    """

    id: str
    available: bool
    reason: str
    evidence_basis: EvidenceBasis
    outcomes: Mapping[str, Mapping[str, Quantiles]]
    change: Mapping[str, Mapping[str, Quantiles]]
    measured: Mapping[str, Mapping[str, Quantiles]]
    visible: Mapping[str, VisibleShares | FirstVisibleDay]


@dataclass(frozen=True, slots=True)
class Pair:
    """The chance that arm a gives more than arm b on one outcome at one day; ties count half."""

    a: str
    b: str
    outcome: str
    day: int
    probability_a_better: float
    basis: PairBasis


@dataclass(frozen=True, slots=True)
class Forecast:
    """All arms over one horizon, each added to the medicines already in use."""

    available: Literal[True]
    horizon_days: tuple[int, ...]
    current_medicines: tuple[str, ...]
    arms: tuple[ArmForecast, ...]
    pairs: tuple[Pair, ...]
    posterior_release: str
    seed: int
    draws: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is no forecast: never an invented curve."""

    available: Literal[False]
    reason: str
    sources: tuple[str, ...]
