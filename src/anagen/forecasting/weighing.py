"""Weighs possible pasts by stage and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.run import snapshot
from anagen.follicle.signals import STEP_DAYS
from anagen.forecasting.candidates import Atoms, Candidates
from anagen.forecasting.checks import Check, check_values
from anagen.forecasting.explore import explore
from anagen.forecasting.likelihood import (
    Shape,
    Value,
    density_log_given,
    stage_parameter,
    stage_weight,
    values_of,
)
from anagen.forecasting.past import Had
from anagen.forecasting.request import ForecastRequest
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats

MOST_KNOTS = 6
"""Days of the past that are computed; measurements between them are interpolated."""

MOST_KNOTS_TREATED = 16
"""As many where the past is stepped through: there a day costs little and curves bend more."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Candidates with their weights.

    Attributes:
        atom, traits: what each is made of.
        log_weight: how well it agrees.
        density_log: log of its density of follicles; None where nothing measured tells it.
        checks: every measured value beside what everything else told would expect of it.
    """

    atom: NDArray[np.intp]
    traits: Floats
    log_weight: Floats
    density_log: Floats | None
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one person told, and the possible pasts to hold it against."""

    request: ForecastRequest
    release: Release
    keyed: Keyed
    had: Had
    atoms: Atoms

    def weigh(self, first: Floats) -> Weighed:
        """Weigh candidates: in one round by stage, in several where there are measurements.

        Args:
            first: standard normal traits of the first round, (atoms, traits).
        """
        if not self.request.measurements:
            atom = np.arange(first.shape[0])
            candidates = self.atoms.with_traits(atom, first)
            return Weighed(atom, first, self._stage(candidates, self._shape(candidates)), None, ())
        rounds: list[tuple[Floats, list[Value]]] = []

        def agree(atom: NDArray[np.intp], traits: Floats, number: int) -> Floats:
            agreed, density_log, values = self._agree(atom, traits, number)
            rounds.append((density_log, values))
            return agreed

        found = explore(agree, first, self.atoms.features, self.keyed)
        values = [Value.joined(parts) for parts in zip(*(part for _, part in rounds), strict=True)]
        return Weighed(
            found.atom,
            found.traits,
            found.log_weight,
            np.concatenate([density_log for density_log, _ in rounds]),
            check_values(values, found.log_weight, self.keyed),
        )

    def _agree(
        self, atom: NDArray[np.intp], traits: Floats, number: int
    ) -> tuple[Floats, Floats, list[Value]]:
        """Log agreement of candidates, a log density drawn for each, and the values beside them."""
        candidates = self.atoms.with_traits(atom, traits)
        shape = self._shape(candidates)
        values = values_of(shape, self.request.measurements, self.atoms.errors_of(atom, traits))
        mean, spread = self.atoms.density
        density_log, correction = density_log_given(
            values,
            (mean[atom], spread),
            self.keyed.normal(f"person/density/{number}", atom.shape[0]),
            self.keyed.uniform(f"person/density/{number}/near", atom.shape[0]),
        )
        values = [value.at(density_log) for value in values]
        agreed = self._stage(candidates, shape) + correction
        for value in values:
            agreed += value.log_likelihood
        return agreed, density_log, values

    def _shape(self, candidates: Candidates) -> Shape:
        days = [0, *(one.days_ago for one in self.request.measurements)]
        most = MOST_KNOTS_TREATED if self.had.days else MOST_KNOTS
        knots = _knots(days, most)
        return Shape.of(knots, candidates.run(self.had, knots))

    def _stage(self, candidates: Candidates, shape: Shape) -> Floats:
        healthy = snapshot(candidates.healthy, candidates.model).counted()[0]
        name = stage_parameter(self.request.stage_scale, self.request.stage_grade)
        return stage_weight(self.release, name, shape.total[0] / healthy)


def _knots(days_ago: Sequence[int], most: int) -> list[int]:
    """The days themselves, or few enough of them that span the same time; rising."""
    days = sorted({round(round(day / STEP_DAYS) * STEP_DAYS) for day in days_ago})
    if len(days) <= most:
        return days
    places = np.linspace(0, len(days) - 1, most).round().astype(int)
    return [days[place] for place in places]
