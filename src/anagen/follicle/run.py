"""What every method returns: follicles by phase and class at the asked days."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.population import Population, State, stage_slices
from anagen.follicle.signals import Signals
from anagen.follicle.spec import PHASES, DiameterGrid, Floats, FollicleModel, Phase

TOTAL_THRESHOLD_UM = 20.0
"""Least diameter counted in a total density, mean diameter and anagen share, unless said."""

TERMINAL_THRESHOLD_UM = 30.0
"""Least diameter counted as a terminal hair, unless said."""

VISIBLE: tuple[Phase, ...] = ("anagen", "telogen")
"""Phases in which a follicle carries a hair that can be counted."""


@dataclass(frozen=True, slots=True)
class FollicleRun:
    """Follicles per cm² over time, whatever the method.

    Attributes:
        days: output days.
        density: (days, phases, classes, draws), phases in the order of PHASES.
        outside: (days, 2, classes, draws): dormant and lost.
        shed_per_day: hairs shed per cm² and day since the output day before, of any diameter,
            (days, classes, draws); 0 on the first day.
        model: what was simulated.
        drive: androgen drive on those days, (days, draws).
        final: the state on the last output day, from which a run can go on; None if not kept.
        follicles: how many were followed for each draw; None for expectations.
    """

    days: tuple[float, ...]
    density: Floats
    outside: Floats
    shed_per_day: Floats
    model: FollicleModel
    drive: Floats
    final: State | None
    follicles: int | None = None

    @property
    def grid(self) -> DiameterGrid:
        """The diameter classes."""
        return self.model.grid

    @property
    def population(self) -> Population:
        """The final state as expectations by stage.

        Raises:
            TypeError: the run ended in another kind of state.
        """
        if not isinstance(self.final, Population):
            raise TypeError(f"the run ended in {type(self.final).__name__}, not a Population")
        return self.final

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
        return self.summed_diameter_um(threshold_um) / self.counted(threshold_um)

    def anagen_percent(self, threshold_um: float = TOTAL_THRESHOLD_UM) -> Floats:
        """Share of the counted hairs that are in anagen, in percent, (days, draws)."""
        return 100.0 * self.counted(threshold_um, ("anagen",)) / self.counted(threshold_um)

    def summed_diameter_um(self, threshold_um: float = TOTAL_THRESHOLD_UM) -> Floats:
        """Diameters of the counted hairs added up, per cm², (days, draws)."""
        share = self.grid.share_counted(threshold_um)
        return self._weighted(share * np.array(self.grid.midpoints_um), VISIBLE)

    def hair_mass_mm3_per_cm2_day(self) -> Floats:
        """Hair grown per cm² and day, as a volume, (days, draws); its weight is in proportion.

        Every anagen hair adds its cross-section times its growth.

        Raises:
            ValueError: the model has no growth rates.
        """
        section_um2 = np.pi / 4.0 * np.array(self.grid.midpoints_um) ** 2
        anagen = self.phase("anagen")
        sums = np.zeros((len(self.days), self.density.shape[-1]))
        for row, drive in enumerate(self.drive):
            growth = self.model.growth(drive)
            if growth is None:
                raise ValueError("hair mass needs the model's growth_um_per_day")
            for index, section in enumerate(section_um2):
                sums[row] += section * 1e-9 * growth[:, index] * anagen[row, index]
        return sums

    def shed_hairs_per_day(self) -> Floats:
        """Hairs of any diameter shed per cm² and day, (days, draws)."""
        return np.asarray(self.shed_per_day.sum(axis=1))

    def dormant(self) -> Floats:
        """Dormant follicles per cm², (days, draws)."""
        return np.asarray(self.outside[:, 0].sum(axis=1))

    def lost(self) -> Floats:
        """Follicles per cm² that are lost, (days, draws)."""
        return np.asarray(self.outside[:, 1].sum(axis=1))

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
    return FollicleRun(
        days=(0.0,),
        density=density[None],
        outside=population.outside[None],
        shed_per_day=np.zeros((1, *density.shape[1:])),
        model=model,
        drive=np.full((1, model.draws), np.nan),  # nobody said, so a hair mass is unknown too
        final=population,
    )


@dataclass(frozen=True, slots=True)
class Task:
    """One simulation as a method gets it.

    Attributes:
        model, signals: what is simulated.
        start: its state at the step `first`; None is a healthy scalp in equilibrium.
        first: step of the signals at which it begins.
        steps: steps wanted, rising, none before `first`.
        follicles: how many to follow for each draw; expectations need none.
        seed, subject: whose random numbers these are.
        first_draw: number of the model's first draw among all draws of the subject.
        threads: how many to use.
        keep: whether the state of every follicle at the end is wanted.
    """

    model: FollicleModel
    signals: Signals
    start: State | None
    first: int
    steps: tuple[int, ...]
    follicles: int
    seed: int
    subject: str
    first_draw: int
    threads: int
    keep: bool

    @property
    def days(self) -> tuple[float, ...]:
        """The output days."""
        return _days(self.steps, self.signals.step_days)

    def days_since_output(self) -> Floats:
        """Days since the output before, for each output; 1 where there is none."""
        return _days_since(self.steps, self.signals.step_days)

    def drive(self) -> Floats:
        """Androgen drive on the output days, (days, draws)."""
        if self.signals.steps == 0:
            return np.zeros((len(self.steps), self.model.draws))
        return np.asarray(self.signals.drive[_rows(self.steps, self.signals.steps)])


# Many runs share their outputs: the arms of a forecast, a trial's people.
_once = functools.lru_cache(maxsize=64)


@_once
def _days(steps: tuple[int, ...], step_days: float) -> tuple[float, ...]:
    return tuple([step * step_days for step in steps])


@_once
def _days_since(steps: tuple[int, ...], step_days: float) -> Floats:
    since = np.diff(np.array(steps), prepend=steps[0]) * step_days
    since = np.where(since > 0, since, 1.0)
    since.setflags(write=False)
    return since


@_once
def _rows(steps: tuple[int, ...], most: int) -> NDArray[np.intp]:
    return np.array([min(step, most - 1) for step in steps])
