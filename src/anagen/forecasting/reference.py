"""The reference scalp: men of a typical trial, as published, once for each draw.

What trials report fixes more than the sizes of treatments. Two parameters that no one measures, the
direct androgen effect on anagen and the chance to shrink, are solved for each draw so that this
scalp has the published anagen share and declines as published without treatment.
"""

import dataclasses
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
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM, snapshot
from anagen.follicle.signals import step_count
from anagen.forecasting.scalp import follicle_model
from anagen.posterior import Keyed, Release
from anagen.posterior.anchor import Anchor, solve_strength
from anagen.posterior.keyed import Floats
from anagen.posterior.newton import solve_pair
from anagen.treatment.effect import Effect, Scalp, scalp_signals

YEAR_DAYS = 365.25
DECLINE_YEARS = 4.0
"""Span of the published untreated decline."""

EXOSOME_DAY, PRP_DAY, MINOXIDIL_DAY, FINASTERIDE_DAY = 112, 168, 336, 364
"""Days of the published effects that treatments are sized by."""

REACH = np.array([[0.0, 3.0], np.log([0.005, 0.8])])
"""Bounds of the two solved parameters: log speed of anagen's clock, log chance to shrink."""


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


def anchored_model(release: Release, keyed: Keyed, years: Floats) -> FollicleModel:
    """The follicle model with its two solved parameters. Equation P3.

    `years` are those of full androgen drive behind the reference scalp, one for each draw.
    """
    unit = follicle_model(release, keyed, years.shape[0])
    healthy = healthy_population(unit)
    drive = np.ones(unit.draws)

    def with_unknowns(unknowns: Floats) -> FollicleModel:
        return dataclasses.replace(
            unit, anagen_drive_log=unknowns[0], shrink_probability=np.exp(unknowns[1])
        )

    def facts_of(unknowns: Floats) -> Floats:
        model = with_unknowns(unknowns)
        now, later = (
            snapshot(untreated_history(model, healthy, drive, YEAR_DAYS * past), model)
            for past in (years, years + DECLINE_YEARS)
        )
        share = now.anagen_percent(TERMINAL_THRESHOLD_UM)[0] / 100.0
        fall = np.log(now.counted(TERMINAL_THRESHOLD_UM)[0])
        fall -= np.log(later.counted(TERMINAL_THRESHOLD_UM)[0])
        return np.stack([_logit(share), np.log(np.maximum(fall, 1e-3) / DECLINE_YEARS)])

    percent = release.numbers("reference-anagen-percent", keyed, unit.draws)
    decline = release.numbers("reference-decline", keyed, unit.draws)
    start = np.stack([unit.anagen_drive_log, np.log(unit.shrink_probability)])
    target = np.stack([_logit(percent / 100.0), np.log(decline)])
    return with_unknowns(solve_pair(facts_of, start, target, REACH))


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1.0 - share)))


def reference_scalp(release: Release, keyed: Keyed, draws: int) -> Reference:
    """Men of a typical trial: full drive for some years, at the published density."""
    years = release.numbers("reference-years", keyed, draws)
    unit = anchored_model(release, keyed, years)
    scalp = Scalp(drive=np.ones(draws), inflammation=np.zeros(draws))
    healthy = healthy_population(unit)
    state = untreated_history(unit, healthy, scalp.drive, YEAR_DAYS * years)
    wanted = release.numbers("reference-terminal-density", keyed, draws)
    days = (0, EXOSOME_DAY, PRP_DAY, MINOXIDIL_DAY, FINASTERIDE_DAY)
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
