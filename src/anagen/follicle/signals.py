"""Signals: how fast each phase runs, step by step, and what acts when anagen starts.

A speed multiplies the rate at which a follicle goes through a phase; it never changes a wait that
was drawn. Tables are constant inside a step, so ∫ speed dt is exact for any schedule.
"""

from dataclasses import dataclass

import numpy as np

from anagen.follicle.spec import Floats

STEP_DAYS = 3.5
"""Length of one step. Halving it changes a half-year effect by well under one hair per cm²."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What acts on follicles, on a grid of equal steps; every array has shape (steps, draws).

    Attributes:
        drive: androgen drive; 0 is a healthy scalp, 1 the mean affected one.
        anagen_speed: speed of anagen's clock besides drive; below 1, anagen lasts longer.
        telogen_speed, latency_speed: speeds of those clocks.
        lift_probability: chance to gain one diameter class at a re-entry.
        lift_support: how far earlier lifts are held, 0 (not at all) to 1 (fully).
        inflammation: 0 none to 1 full; it speeds anagen's clock by the model's own factor.
        step_days: length of a step.
    """

    drive: Floats
    anagen_speed: Floats
    telogen_speed: Floats
    latency_speed: Floats
    lift_probability: Floats
    lift_support: Floats
    inflammation: Floats
    step_days: float = STEP_DAYS

    def __post_init__(self) -> None:
        if not self.step_days > 0:
            raise ValueError("a step must last longer than 0 days")
        for name in TABLES:
            values = getattr(self, name)
            if values.shape != self.drive.shape:
                raise ValueError(f"{name} has shape {values.shape}, drive {self.drive.shape}")
            if not (np.isfinite(values).all() and (values >= 0).all()):
                raise ValueError(f"{name} must be finite and not negative")
        if (self.lift_probability > 1).any() or (self.lift_support > 1).any():
            raise ValueError("lift_probability and lift_support are shares: at most 1")

    @classmethod
    def beside(cls, *several: "Signals") -> "Signals":
        """Signals on the same steps with their draws one after the other."""
        tables = {
            name: np.concatenate([getattr(one, name) for one in several], axis=1) for name in TABLES
        }
        return cls(**tables, step_days=several[0].step_days)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return int(self.drive.shape[0])

    @property
    def days(self) -> float:
        """Days covered."""
        return self.steps * self.step_days

    @property
    def lifts(self) -> bool:
        """Whether any follicle can gain a diameter class."""
        return bool(self.lift_probability.any())

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.drive.shape[1])

    def spread(self, draws: int) -> "Signals":
        """The same signals for this many draws, where they were given once for all."""
        if self.draws == draws:
            return self
        shape = (self.steps, draws)
        tables = {name: np.broadcast_to(getattr(self, name), shape) for name in TABLES}
        return Signals(**tables, step_days=self.step_days)

    def pick(self, draws: slice) -> "Signals":
        """The same tables for some of the draws."""
        return Signals(
            **{name: getattr(self, name)[:, draws] for name in TABLES}, step_days=self.step_days
        )


TABLES = (
    "drive",
    "anagen_speed",
    "telogen_speed",
    "latency_speed",
    "lift_probability",
    "lift_support",
    "inflammation",
)
"""Names of the tables."""


def step_count(days: float, step_days: float = STEP_DAYS) -> int:
    """Whole steps that cover `days`."""
    return int(np.ceil(round(days / step_days, 9)))


def midpoints(steps: int, step_days: float = STEP_DAYS) -> Floats:
    """Days of the middle of each step, where signals are read."""
    return np.asarray((np.arange(steps) + 0.5) * step_days, dtype=np.float64)


def untreated(drive: Floats, days: float, step_days: float = STEP_DAYS) -> Signals:
    """Signals of a scalp on which nothing acts but its androgen drive, one value per draw."""
    shape = (step_count(days, step_days), drive.shape[0])
    ones, zeros = np.ones(shape), np.zeros(shape)
    return Signals(
        drive=np.broadcast_to(drive, shape).copy(),
        anagen_speed=ones,
        telogen_speed=ones,
        latency_speed=ones,
        lift_probability=zeros,
        lift_support=zeros,
        inflammation=zeros,
        step_days=step_days,
    )
