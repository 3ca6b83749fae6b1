"""Small models for the tests of the follicle room."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import Erlang, FollicleModel, FollicleRun, Population
from anagen.follicle.spec import Phase

Floats = NDArray[np.float64]
SHARES = (0.03, 0.04, 0.07, 0.08, 0.35, 0.43)


def model(draws: int = 3, **changes: Any) -> FollicleModel:
    """A plausible scalp with 300 follicles per cm²; a change is one number, or a whole array."""
    numbers: dict[str, Any] = {
        "follicles_per_cm2": 300.0,
        "anagen_days": 730.0,
        "anagen_power": 2.0,
        "anagen_drive_log": 0.9,
        "telogen_days": 91.0,
        "latency_days": 95.0,
        "early_anagen_days": 23.0,
        "latency_share": 0.8,
        "shrink_probability": 0.12,
        "shrink_slope": 0.3,
        "shrink_extra": 0.3,
        "relapse_probability": 0.6,
        "inflammation_anagen_log": 0.7,
    }
    plain = {name: changes.pop(name) for name in list(changes) if name not in numbers}
    arrays = {
        name: np.broadcast_to(np.asarray(value, dtype=float), (draws,)).copy()
        for name, value in (numbers | changes).items()
    }
    plain.setdefault("class_shares", np.tile(SHARES, (draws, 1)))
    return FollicleModel(**arrays, **plain)


def halloy(draws: int = 1) -> FollicleModel:
    """Exponential phases of 3.6, 2.4 and 2.0 months of 30 days; nothing else happens."""
    waits: Mapping[Phase, Erlang] = dict.fromkeys(
        ("early_anagen", "anagen", "telogen", "latency"), Erlang(1)
    )
    return model(
        draws,
        follicles_per_cm2=1.0,
        anagen_days=108.0,
        anagen_power=0.0,
        telogen_days=72.0,
        latency_days=60.0,
        # The model file has no early anagen: let it be over within a thousandth of a day.
        early_anagen_days=1e-3,
        latency_share=1.0,
        waits=waits,
    )


def total(population: Population) -> Floats:
    """All follicles of each draw."""
    return population.cycling.sum(axis=(0, 1, 2)) + population.outside.sum(axis=(0, 1))


def total_of(run: FollicleRun) -> Floats:
    """All follicles, (days, draws)."""
    return run.density.sum(axis=(1, 2)) + run.outside.sum(axis=(1, 2))


def phases(run: FollicleRun) -> Floats:
    """Share of the follicles in each phase, (days, phases, draws)."""
    return run.density.sum(axis=2) / total_of(run)[:, None]
