"""A made-up patch of scalp whose every follicle is known."""

from typing import Any

import numpy as np

from anagen.follicle import FollicleModel
from anagen.follicle.population import CONDITIONS, Follicles

CLASSES = 6


def model(per_cm2: float = 60.0, **changes: Any) -> FollicleModel:
    """A scalp with few follicles."""
    numbers: dict[str, Any] = {
        "follicles_per_cm2": per_cm2,
        "class_shares": np.full(CLASSES, 1 / CLASSES),
        "anagen_days": 700.0,
        "telogen_days": 90.0,
        "latency_days": 90.0,
        "early_anagen_days": 20.0,
    }
    return FollicleModel(**(numbers | changes))


def follicles(phases: list[str], groups: list[int], age_days: float = 100.0) -> Follicles:
    """One draw of follicles in these phases and diameter classes."""
    count = len(phases)
    phase = np.array([[CONDITIONS.index(name) for name in phases]], dtype=np.uint8)
    return Follicles(
        phase=phase,
        group=np.array([groups], dtype=np.uint8),
        lifts=np.zeros((1, count), dtype=np.uint8),
        cycle=np.zeros((1, count), dtype=np.uint32),
        age_days=np.full((1, count), age_days),
        left_clock_days=np.ones((1, count)),
    )


def mixed(count: int = 60, shift: int = 0) -> Follicles:
    """Follicles of every kind, in turn; a shift moves each to another kind."""
    kinds = [CONDITIONS[(number + shift) % len(CONDITIONS)] for number in range(count)]
    return follicles(kinds, [number % CLASSES for number in range(count)])
