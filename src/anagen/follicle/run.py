"""What every method returns: follicles by phase and class at the asked days."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from anagen.follicle.population import Population, stage_slices
from anagen.follicle.spec import PHASES, DiameterGrid, Floats, FollicleModel, Phase

TOTAL_THRESHOLD_UM = 20.0
"""Least diameter counted in a total density, mean diameter and anagen share, unless said."""

TERMINAL_THRESHOLD_UM = 30.0
"""Least diameter counted as a terminal hair, unless said."""

VISIBLE: tuple[Phase, ...] = ("anagen", "telogen")
"""Phases in which a follicle carries a hair that can be counted."""


@dataclass(frozen=True, slots=True)
class FollicleRun:
    """Follicles per cm² over time.

    Attributes:
        days: output days.
        density: (days, phases, classes, draws), phases in the order of PHASES.
        outside: (days, 2, classes, draws): dormant and lost.
        final: the state on the last output day, from which a run can go on.
        grid: the diameter classes.
    """

    days: tuple[float, ...]
    density: Floats
    outside: Floats
    final: Population
    grid: DiameterGrid

    def phase(self, phase: Phase) -> Floats:
        """Follicles of one phase, (days, classes, draws)."""
        return self.density[:, PHASES.index(phase)]

    def counted(
        self, threshold_um: float = TOTAL_THRESHOLD_UM, phases: Iterable[Phase] = VISIBLE
    ) -> Floats:
        """Hairs per cm² at least as thick as the threshold, (days, draws)."""
        return self._weighted(self.grid.share_counted(threshold_um), phases)

    def mean_diameter_um(self, threshold_um: float = TOTAL_THRESHOLD_UM) -> Floats:
        """Mean diameter of the counted hairs, (days, draws)."""
        share = self.grid.share_counted(threshold_um)
        sums = self._weighted(share * np.array(self.grid.midpoints_um), VISIBLE)
        return sums / self.counted(threshold_um)

    def anagen_percent(self, threshold_um: float = TOTAL_THRESHOLD_UM) -> Floats:
        """Share of the counted hairs that are in anagen, in percent, (days, draws)."""
        return 100.0 * self.counted(threshold_um, ("anagen",)) / self.counted(threshold_um)

    def _weighted(self, weights: Floats, phases: Iterable[Phase]) -> Floats:
        # Sums run class by class, so that one draw's number never depends on the other draws.
        sums = np.zeros((self.density.shape[0], self.density.shape[-1]))
        for phase in phases:
            density = self.phase(phase)
            for index, weight in enumerate(weights):
                if weight:
                    sums += weight * density[:, index]
        return sums


def snapshot(population: Population, model: FollicleModel) -> FollicleRun:
    """A run of no length: what is there now."""
    slices = stage_slices(model)
    density = np.stack([population.cycling[slices[phase]].sum(axis=(0, 1)) for phase in PHASES])
    return FollicleRun((0.0,), density[None], population.outside[None], population, model.grid)
