"""Observation: what a trichoscope would read of a true scalp, and how much of a change is chance.

A field of view holds finitely many follicles, so its count scatters around the density of the
scalp; the instrument errs on top of that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from anagen.follicle.population import Population, stage_slices
from anagen.follicle.run import TOTAL_THRESHOLD_UM
from anagen.follicle.signals import Signals
from anagen.follicle.simulate import simulate
from anagen.follicle.spec import Floats, FollicleModel


@dataclass(frozen=True, slots=True)
class Reading:
    """Errors of one reading.

    Attributes:
        field_cm2: area counted.
        density_variation: coefficient of variation of a count by the instrument, for each draw.
        diameter_variation: coefficient of variation of a mean diameter.
        anagen_points: SD of an anagen share, in points.
        normals: standard normal numbers, one row for each of PARTS.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("total", "terminal", "instrument", "diameter", "anagen")

    field_cm2: float
    density_variation: Floats
    diameter_variation: float
    anagen_points: float
    normals: Floats


def read(
    true: Mapping[str, Floats], follicles_per_cm2: Floats, reading: Reading
) -> dict[str, Floats]:
    """What one reading gives of a scalp's true values, one value per draw. Equations O1–O3.

    The count in the field is binomial over its follicles; with a hundred hairs and more its normal
    limit is used. Total and terminal counts come from the same picture, so they share its errors.
    """
    total, terminal = true["total_density_per_cm2"], true["terminal_density_per_cm2"]
    by_total, by_terminal, by_instrument, by_diameter, by_anagen = reading.normals
    field = reading.field_cm2
    spread = np.sqrt(total * (1.0 - np.minimum(total / follicles_per_cm2, 1.0)) / field)
    counted = np.maximum(total + spread * by_total, 0.0)
    share = np.minimum(terminal / total, 1.0)
    spread = np.sqrt(counted * share * (1.0 - share) / field)
    thick = np.clip(counted * share + spread * by_terminal, 0.0, counted)
    variation = reading.density_variation
    instrument = np.exp(variation * by_instrument - 0.5 * variation**2)
    anagen = true["anagen_percent"]
    hairs = np.maximum(counted * field, 1.0)
    points = np.sqrt(reading.anagen_points**2 + anagen * (100.0 - anagen) / hairs)
    return {
        "total_density_per_cm2": counted * instrument,
        "terminal_density_per_cm2": thick * instrument,
        "mean_diameter_um": true["mean_diameter_um"]
        * (1.0 + reading.diameter_variation * by_diameter),
        "anagen_percent": np.clip(anagen + points * by_anagen, 0.0, 100.0),
    }


@dataclass(frozen=True, slots=True)
class Turnover:
    """Hairs per cm² that a counter sees appear and go between two days, (days, draws)."""

    gone: Floats
    come: Floats

    def change_sd(self, field_cm2: float) -> Floats:
        """SD of the change in one field that comes from turnover alone. Equation O4."""
        return np.asarray(np.sqrt(np.maximum(self.gone + self.come, 0.0) / field_cm2))


def turnover(
    model: FollicleModel,
    start: Population,
    signals: Signals,
    days: Sequence[float],
    threshold_um: float = TOTAL_THRESHOLD_UM,
) -> Turnover:
    """Follicles that are counted on one of two days only: on day 0, or on each later day.

    The mean field is linear, so the counted part of the start can be run alone.
    """
    share = model.grid.share_counted(threshold_um)[None, None, :, None]
    part = np.zeros_like(start.cycling)
    slices = stage_slices(model)
    for phase in ("anagen", "telogen"):
        part[slices[phase]] = start.cycling[slices[phase]] * share
    seen = Population(part, np.zeros_like(start.outside))
    still = simulate(model, signals, days=days, start=seen).counted(threshold_um)
    now = simulate(model, signals, days=days, start=start).counted(threshold_um)
    return Turnover(gone=part.sum(axis=(0, 1, 2)) - still, come=now - still)
