"""The reference scalp: men of a typical trial before treatment, once for each draw.

What is published of exosomes is carried over to it; all other treatments act on it like on anyone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anagen.follicle import (
    FollicleModel,
    Population,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM
from anagen.follicle.signals import step_count
from anagen.forecasting.scalp import follicle_model
from anagen.posterior import Keyed, Release
from anagen.posterior.anchor import Anchor, solve_strength
from anagen.posterior.keyed import Floats
from anagen.treatment.effect import Effect, Scalp, scalp_signals

YEAR_DAYS = 365.25

EXOSOME_DAY = 112
"""Day of the controlled effect that exosomes are sized by."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A typical trial's scalp before treatment, and what it does without any.

    Attributes:
        model: its parameters, with a density that gives the published baseline.
        start: its state on day 0.
        scalp: what acts on it.
        untreated: counted hairs without treatment, by day and threshold.
    """

    model: FollicleModel
    start: Population
    scalp: Scalp
    untreated: dict[tuple[int, float], Floats]

    def net(self, effect: Effect, day: int, threshold_um: float) -> Floats:
        """Counted hairs with a treatment less those without, per cm²."""
        signals = scalp_signals(self.scalp, [effect], step_count(day))
        run = simulate(self.model, signals, days=[day], start=self.start)
        return np.asarray(run.counted(threshold_um)[0] - self.untreated[day, threshold_um])

    def solve(
        self,
        signals: Callable[[Floats], Effect],
        day: int,
        threshold_um: float,
        anchor: Anchor,
    ) -> Floats:
        """Strengths that give the anchor's target."""
        return solve_strength(lambda size: self.net(signals(size), day, threshold_um), anchor)


def reference_scalp(release: Release, keyed: Keyed, draws: int) -> Reference:
    """Men of a typical trial: full drive for some years, at the published density."""
    years = release.numbers("reference-years", keyed, draws)
    unit = follicle_model(release, keyed, draws)
    scalp = Scalp(drive=np.ones(draws), inflammation=np.zeros(draws))
    healthy = healthy_population(unit)
    state = untreated_history(unit, healthy, scalp.drive, YEAR_DAYS * years)
    wanted = release.numbers("reference-terminal-density", keyed, draws)
    days = (0, EXOSOME_DAY)
    run = simulate(unit, untreated(scalp.drive, days[-1]), days=days, start=state)
    factor = wanted / run.counted(TERMINAL_THRESHOLD_UM)[0]
    counts = {
        (day, threshold): run.counted(threshold)[row] * factor
        for threshold in (TOTAL_THRESHOLD_UM, TERMINAL_THRESHOLD_UM)
        for row, day in enumerate(days)
    }
    return Reference(
        model=unit,
        start=state.scaled(factor),
        scalp=scalp,
        untreated=counts,
    )
