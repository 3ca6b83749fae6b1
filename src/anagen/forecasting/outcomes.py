"""What a run means in a person's terms: true values, and what an instrument would read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.follicle import FollicleRun
from anagen.follicle.observe import Reading, read
from anagen.follicle.run import TERMINAL_THRESHOLD_UM
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats


@dataclass(frozen=True, slots=True)
class Outcomes:
    """True values by outcome, each (days, draws)."""

    days: tuple[int, ...]
    values: dict[str, Floats]

    @classmethod
    def of(cls, run: FollicleRun, days: Sequence[int]) -> "Outcomes":
        """Outcomes at some of a run's days."""
        rows = [int(np.argmin(np.abs(np.array(run.days) - day))) for day in days]
        values = {
            "total_density_per_cm2": run.counted(),
            "terminal_density_per_cm2": run.counted(TERMINAL_THRESHOLD_UM),
            "mean_diameter_um": run.mean_diameter_um(),
            "anagen_percent": run.anagen_percent(),
        }
        return cls(tuple(days), {name: value[rows] for name, value in values.items()})

    def pick(self, draws: slice) -> "Outcomes":
        """The same outcomes for some of the draws."""
        return Outcomes(self.days, {name: value[:, draws] for name, value in self.values.items()})

    def since_today(self) -> "Outcomes":
        """Each draw's change since the first day."""
        return Outcomes(self.days, {name: value - value[:1] for name, value in self.values.items()})

    def at(self, outcome: str, day: int) -> Floats:
        """One outcome at one day, one value per draw."""
        return np.asarray(self.values[outcome][self.days.index(day)])


@dataclass(frozen=True, slots=True)
class Noise:
    """Errors of readings, the same in every arm, so that arms differ only by what they do.

    Attributes:
        readings: for each day, the errors of one visit's reading.
    """

    readings: tuple[Reading, ...]

    def measured(self, true: Outcomes, follicles_per_cm2: Floats) -> Outcomes:
        """What the instrument would read of the true values."""
        columns: dict[str, list[Floats]] = {name: [] for name in true.values}
        for row, reading in enumerate(self.readings):
            day = {name: values[row] for name, values in true.values.items()}
            for name, values in read(day, follicles_per_cm2, reading).items():
                columns[name].append(values)
        return Outcomes(true.days, {name: np.stack(rows) for name, rows in columns.items()})


def measurement_noise(release: Release, keyed: Keyed, days: Sequence[int], draws: int) -> Noise:
    """Named errors for a visit on each of the days."""
    density = release.numbers("reading-error-percent", keyed, draws) / 100.0
    return Noise(
        tuple(
            Reading(
                field_cm2=release.fixed("field-cm2"),
                density_variation=density,
                diameter_variation=release.fixed("reading-diameter-percent") / 100.0,
                anagen_points=release.fixed("reading-anagen-points"),
                normals=np.stack(
                    [keyed.normal(f"reading/{day}/{part}", draws) for part in Reading.PARTS]
                ),
            )
            for day in days
        )
    )
