"""The description of a population of hair follicles, shared by every method that simulates it.

A follicle cycles anagen → telogen → latency → early anagen → anagen; about one cycle in five goes
from telogen straight back to anagen. It grows a shaft of one diameter class, which can change only
when anagen starts. Equations are numbered as in docs/model/equations.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Real numbers; the leading axis counts parameter draws unless said otherwise."""

Phase = Literal["early_anagen", "anagen", "telogen", "latency"]
PHASES: tuple[Phase, ...] = ("early_anagen", "anagen", "telogen", "latency")
"""The cycling phases in the order in which a hair goes through them after a latency."""

MONTH_DAYS = 30.4375
"""Mean length of a calendar month."""

MOST_LIFTS = 2
"""Classes that a treatment can have lifted a follicle by and that are still remembered."""

LARGEST_PROBABILITY = 0.95
"""Cap of a product of probabilities and factors that has no upper bound of its own."""


@dataclass(frozen=True, slots=True)
class Erlang:
    """A wait made of equal exponential stages; its coefficient of variation is 1/√stages.

    One stage is the exponential, memoryless wait.
    """

    stages: int

    def __post_init__(self) -> None:
        if self.stages < 1:
            raise ValueError(f"an Erlang wait has at least 1 stage, not {self.stages}")


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A lognormal wait of this coefficient of variation."""

    variation: float

    def __post_init__(self) -> None:
        if not self.variation > 0:
            raise ValueError(f"a lognormal wait varies: {self.variation} must be above 0")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A wait that is always as long as its mean."""


Wait = Erlang | LogNormal | Fixed
"""Law of the time in one phase around its mean."""

EXPONENTIAL = Erlang(1)
"""The memoryless wait."""

DEFAULT_WAITS: Mapping[Phase, Wait] = MappingProxyType(
    {"early_anagen": Erlang(3), "anagen": Erlang(3), "telogen": Erlang(3), "latency": Erlang(2)}
)


@dataclass(frozen=True, slots=True)
class DiameterGrid:
    """Classes of shaft diameter; the grid belongs to the model, so that expectations are exact.

    Attributes:
        edges_um: borders of the classes, one more than there are classes.
        midpoints_um: the diameter that stands for each class.
    """

    edges_um: tuple[float, ...] = (0.0, 20.0, 30.0, 40.0, 50.0, 65.0, 100.0)
    midpoints_um: tuple[float, ...] = (15.0, 25.0, 35.0, 45.0, 58.0, 74.0)

    def __post_init__(self) -> None:
        inside = len(self.edges_um) == len(self.midpoints_um) + 1 and all(
            low < middle < high
            for low, middle, high in zip(
                self.edges_um[:-1], self.midpoints_um, self.edges_um[1:], strict=True
            )
        )
        if not inside:
            raise ValueError("each diameter class needs two rising edges around its midpoint")

    def __len__(self) -> int:
        return len(self.midpoints_um)

    def share_counted(self, threshold_um: float) -> Floats:
        """Share of each class that lies above a threshold; diameters are even inside a class."""
        low, high = np.array(self.edges_um[:-1]), np.array(self.edges_um[1:])
        return np.asarray(np.clip((high - threshold_um) / (high - low), 0.0, 1.0))


DEFAULT_GRID = DiameterGrid()


def _nothing() -> Floats:
    return np.zeros(())


def _all() -> Floats:
    return np.ones(())


@dataclass(frozen=True, slots=True, eq=False)
class FollicleModel:
    """A population of follicles, once for each parameter draw.

    Each number may be given once, or once for each draw as an array; `class_shares` and the growth
    rates are one row of classes, or a row for each draw. What is left out does nothing. Lost
    follicles come back at `revival_rate`, which is 0 unless a user asks for more: no evidence
    shows that they do.

    Claims: C15.

    Attributes:
        follicles_per_cm2: all follicles, hidden ones included.
        class_shares: share of follicles in each diameter class while healthy, (draws, classes).
        anagen_days: mean anagen of a healthy follicle at `reference_um`.
        telogen_days, latency_days, early_anagen_days: mean durations; early anagen and latency may
            be 0, which leaves the phase out.
        anagen_power: anagen's mean grows as diameter to this power.
        anagen_drive_log: log of the speed of anagen's clock under full androgen drive.
        latency_share: share of cycles that have a latency.
        shrink_probability: chance, at one re-entry under full drive, to lose a class at 45 µm.
        shrink_slope: change of its log per 20 µm of diameter.
        shrink_extra: chance that a shrinking follicle loses each further class.
        relapse_probability: chance, at one re-entry without treatment, to lose all lifts.
        inflammation_anagen_log: log of the speed of anagen's clock under full inflammation.
        dormancy_probability: chance, at the end of telogen under full drive, to fall dormant.
        dormant_days: mean time until a dormant follicle comes back by itself.
        loss_rate: dormant follicles lost for good, as a share per day.
        revival_rate: lost follicles that come back, as a share per day.
        growth_um_per_day: growth of a hair of each class while healthy, (draws, classes), or None.
        growth_drive_log: log of the change of growth under full drive, (draws, classes), or None.
        reactivation: whether signals may wake empty follicles sooner (one way back).
        reversal: whether signals may lift a follicle to a thicker class (the other way back).
        waits: law of the time in each phase.
        grid: the diameter classes.
        reference_um: diameter at which `anagen_days` holds.
    """

    follicles_per_cm2: Floats
    class_shares: Floats
    anagen_days: Floats
    telogen_days: Floats
    latency_days: Floats
    early_anagen_days: Floats
    anagen_power: Floats = field(default_factory=_nothing)
    anagen_drive_log: Floats = field(default_factory=_nothing)
    latency_share: Floats = field(default_factory=_all)
    shrink_probability: Floats = field(default_factory=_nothing)
    shrink_slope: Floats = field(default_factory=_nothing)
    shrink_extra: Floats = field(default_factory=_nothing)
    relapse_probability: Floats = field(default_factory=_nothing)
    inflammation_anagen_log: Floats = field(default_factory=_nothing)
    dormancy_probability: float = 0.0
    dormant_days: float = 365.0
    loss_rate: float = 0.0
    revival_rate: float = 0.0
    growth_um_per_day: Floats | None = None
    growth_drive_log: Floats | None = None
    reactivation: bool = True
    reversal: bool = True
    waits: Mapping[Phase, Wait] = field(default_factory=lambda: DEFAULT_WAITS)
    grid: DiameterGrid = DEFAULT_GRID
    reference_um: float = 60.0

    def __post_init__(self) -> None:
        self._spread()
        self._check_numbers()
        self._check_leaving()
        for phase in PHASES:
            if phase not in self.waits:
                raise ValueError(f"the wait of {phase} is missing")

    def _spread(self) -> None:
        """Give every number one value, or one row of classes, for each draw."""
        given = {name: np.asarray(getattr(self, name), dtype=np.float64) for name in ARRAYS}
        given |= {
            name: np.asarray(getattr(self, name), dtype=np.float64)
            for name in ROWS
            if getattr(self, name) is not None
        }
        leading = [
            values.shape[0] for name, values in given.items() if values.ndim == 1 + (name in ROWS)
        ]
        draws = max(leading, default=1)
        for name, values in given.items():
            shape = (draws, len(self.grid)) if name in ROWS else (draws,)
            try:
                spread = np.broadcast_to(values, shape)
            except ValueError:
                raise ValueError(f"{name} must have shape {shape}, not {values.shape}") from None
            own = np.array(spread)  # a copy that nobody can change, so that methods may rely on it
            own.setflags(write=False)
            object.__setattr__(self, name, own)
        object.__setattr__(self, "waits", MappingProxyType(dict(self.waits)))

    def _check_numbers(self) -> None:
        for name in ARRAYS:
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} must be finite")
        for name in ("follicles_per_cm2", "anagen_days", "telogen_days"):
            if not (getattr(self, name) > 0).all():
                raise ValueError(f"{name} must be above 0")
        for name in ("latency_days", "early_anagen_days"):
            values = getattr(self, name)
            if (values < 0).any() or (values.any() and not values.all()):
                raise ValueError(f"{name} must be above 0 in every draw, or 0 in every draw")
        for name in ("latency_share", "shrink_probability", "shrink_extra", "relapse_probability"):
            values = getattr(self, name)
            if not ((values >= 0) & (values <= 1)).all():
                raise ValueError(f"{name} is a share: from 0 to 1")
        shares = self.class_shares
        if not ((shares >= 0).all() and np.allclose(shares.sum(axis=1), 1.0, atol=1e-6)):
            raise ValueError("class_shares must not be negative, and sum to 1 in every draw")

    def _check_leaving(self) -> None:
        if not 0 < self.dormant_days < np.inf:
            raise ValueError(f"dormant_days must be above 0 and finite, not {self.dormant_days}")
        for name in ("loss_rate", "revival_rate"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"{name} must be finite and not negative")
        if not 0 <= self.dormancy_probability <= 1:
            raise ValueError("dormancy_probability is a share: from 0 to 1")

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.follicles_per_cm2.shape[0])

    def anagen_mean_days(self) -> Floats:
        """Mean anagen of each class while healthy, (draws, classes). Equation F1."""
        relative = np.array(self.grid.midpoints_um) / self.reference_um
        return self.anagen_days[:, None] * relative[None, :] ** self.anagen_power[:, None]

    def shrink_chance(self) -> Floats:
        """Chance to lose at least one class at a re-entry, per unit of drive, (draws, classes).

        Equation F3. Times the drive it is at most `LARGEST_PROBABILITY`.
        """
        steps = (np.array(self.grid.midpoints_um) - 45.0) / 20.0
        chance = self.shrink_probability[:, None] * np.exp(
            self.shrink_slope[:, None] * steps[None, :]
        )
        chance[:, 0] = 0.0  # there is no thinner class
        return np.asarray(chance)

    def growth(self, drive: Floats) -> Floats | None:
        """Growth of a hair of each class in µm per day under a drive, (draws, classes)."""
        if self.growth_um_per_day is None or self.growth_drive_log is None:
            return self.growth_um_per_day
        slower = np.exp(self.growth_drive_log * np.minimum(drive, 1.0)[:, None])
        return np.asarray(self.growth_um_per_day * slower)

    def pick(self, index: NDArray[np.intp] | slice) -> "FollicleModel":
        """The same model for some of the draws."""
        picked = {
            name: getattr(self, name)[index]
            for name in (*ARRAYS, *ROWS)
            if getattr(self, name) is not None
        }
        return replace(self, **picked)


ARRAYS = (
    "follicles_per_cm2",
    "anagen_days",
    "anagen_power",
    "anagen_drive_log",
    "telogen_days",
    "latency_days",
    "early_anagen_days",
    "latency_share",
    "shrink_probability",
    "shrink_slope",
    "shrink_extra",
    "relapse_probability",
    "inflammation_anagen_log",
)
"""Names of the fields that hold one value for each draw."""

ROWS = ("class_shares", "growth_um_per_day", "growth_drive_log")
"""Names of the fields that hold a row of classes for each draw."""


class UnsupportedModelError(ValueError):
    """A method was asked for something that it cannot represent; names the method and the thing."""
