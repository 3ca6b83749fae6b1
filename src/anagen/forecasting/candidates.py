"""Possible pasts of one person: what they are made of, and what each would have shown."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.follicle import FollicleModel, FollicleRun, Population, simulate, untreated_history
from anagen.follicle.run import snapshot
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import Acting, TreatmentParameters, for_people
from anagen.forecasting.likelihood import Errors
from anagen.forecasting.past import Had
from anagen.forecasting.reference import YEAR_DAYS
from anagen.posterior.keyed import Floats
from anagen.treatment.effect import Scalp, scalp_signals
from anagen.treatment.finasteride import FinasterideParameters

TRAITS = ("drive", "pace", "field")
"""What differs between people besides their responses; `field` is how the field that is counted
differs from the scalp around it. Their columns come first."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Possible pasts. Densities are those of one follicle per cm².

    Attributes:
        model: follicle parameters, with the person's own pace.
        scalp: the person's androgen drive.
        years: of loss.
        index: which release draw each rests on.
        healthy: the scalp before its loss began.
        acting: the treatments that were had, with the person's own response.
        responses: that response, by treatment.
    """

    model: FollicleModel
    scalp: Scalp
    years: Floats
    index: NDArray[np.intp]
    healthy: Population
    acting: Acting
    responses: Mapping[Component, Floats]

    def before(self, days_ago: float) -> Population:
        """The untreated state some days ago; a scalp is healthy before its loss began."""
        days = np.maximum(self.years * YEAR_DAYS - days_ago, 0.0)
        return untreated_history(self.model, self.healthy, self.scalp.drive, days)

    def run(self, had: Had, days_ago: Sequence[int]) -> list[FollicleRun]:
        """What is there on each of the days, given from the nearest to the farthest."""
        recent = [day for day in days_ago if 0 < had.days >= day]
        found: list[FollicleRun] = []
        if recent:
            run = self.treated(had, recent)
            found = [
                dataclasses.replace(run, days=(0.0,), density=run.density[[row]])
                for row in reversed(range(len(recent)))
            ]
        older = days_ago[len(recent) :]
        return found + [snapshot(self.before(day), self.model) for day in older]

    def treated(self, had: Had, days_ago: Sequence[int]) -> FollicleRun:
        """The treated past up to today, with output on some days; output days run forward."""
        signals = scalp_signals(self.scalp, had.until_today(self.acting), step_count(had.days))
        days = [had.days - day for day in reversed(days_ago)]
        return simulate(self.model, signals, days=days, start=self.before(had.days))


@dataclass(frozen=True, slots=True)
class Atoms:
    """What possible pasts are made of besides the person's traits.

    Attributes:
        model: follicle parameters of the mean person.
        healthy: the scalp before any loss.
        years: of loss.
        index: which release draw each atom rests on.
        density: mean and SD of the log of the density of follicles.
        errors: what a reading is off by.
        treatments: those that were had, for the mean responder.
        interaction: see `Acting`.
        spreads: SD of the log of drive, pace and the response to each of `treatments`, in order.
    """

    model: FollicleModel
    healthy: Population
    years: Floats
    index: NDArray[np.intp]
    density: tuple[Floats, float]
    errors: Errors
    treatments: Mapping[Component, TreatmentParameters]
    interaction: Floats
    spreads: tuple[float, ...]

    def errors_of(self, atom: NDArray[np.intp], traits: Floats) -> Errors:
        """Errors of readings for candidates of chosen atoms and traits."""
        return self.errors.pick(atom, traits[:, TRAITS.index("field")])

    @property
    def features(self) -> Floats:
        """What may go along with an atom's agreement, (atoms, features)."""
        model = self.model
        found = [
            np.log1p(self.years),
            self.density[0],
            np.log(self.errors.density),
            model.class_shares @ np.array(model.grid.midpoints_um),
            np.log(model.anagen_days),
            model.anagen_drive_log,
            np.log(model.telogen_days),
            model.latency_share,
            np.log(model.shrink_probability),
            model.shrink_slope,
            *(_strength(parameters) for parameters in self.treatments.values()),
        ]
        return np.stack(found, axis=1)

    def with_traits(self, atom: NDArray[np.intp], traits: Floats) -> Candidates:
        """Candidates of chosen atoms and traits; these are standard normal, (candidates, traits).

        Drive and pace have a median of 1. A response is lognormal with a mean of 1.
        """
        drive, pace = (np.exp(self.spreads[column] * traits[:, column]) for column in (0, 1))
        found = {
            name: np.exp(spread * traits[:, column] - 0.5 * spread**2)
            for column, (name, spread) in enumerate(
                zip(self.treatments, self.spreads[2:], strict=True), start=len(TRAITS)
            )
        }
        model = self.model.pick(atom)
        return Candidates(
            model=dataclasses.replace(
                model, shrink_probability=np.minimum(model.shrink_probability * pace, 1.0)
            ),
            scalp=Scalp(drive=drive, inflammation=np.zeros(atom.shape[0])),
            years=self.years[atom],
            index=self.index[atom],
            healthy=Population(self.healthy.cycling[..., atom], self.healthy.outside[..., atom]),
            acting=Acting(
                {
                    name: for_people(parameters, atom, found[name])
                    for name, parameters in self.treatments.items()
                },
                {},
                self.interaction[atom],
            ),
            responses=found,
        )


def _strength(parameters: TreatmentParameters) -> Floats:
    if isinstance(parameters, FinasterideParameters):
        return parameters.follows_dht
    return parameters.amplitude
