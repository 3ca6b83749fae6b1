"""How far one person's measured change scatters: SD between people, part by part. Equation O10.

Turnover of follicles in the field, two readings, visits, and true differences between people. Each
reading errs once. Turnover and the true differences without treatment are expectations that hardly
move with the parameters, so a few draws tell them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import (
    FollicleModel,
    Population,
    Signals,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.population import stage_slices
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import reference_of
from anagen.forecasting.reference import YEAR_DAYS
from anagen.forecasting.trial_arm import TrialSpread
from anagen.posterior.keyed import Floats
from anagen.predicting.course import Course, Drawing, read_outcomes, signals_at
from anagen.predicting.given import Given

FEW = 60
"""Draws that tell turnover and the true differences without treatment."""

COUNTED = {
    "total_density_per_cm2": ("anagen", "telogen"),
    "terminal_density_per_cm2": ("anagen", "telogen"),
    "anagen_density_per_cm2": ("anagen",),
}
"""Phases in which a follicle counts, by the outcomes that are counts."""


@dataclass(frozen=True, slots=True)
class Scalps:
    """A cohort's scalps: what its baseline says about every outcome.

    Attributes:
        factor: density against the reference scalp's, (draws,).
        start_sd: SD between people at the start, by outcome.
        decline: variance between people of the true change without treatment, as `decline` has it.
        limits: least diameter counted, by outcome.
    """

    factor: Floats
    start_sd: dict[str, Floats]
    decline: dict[str, Floats]
    limits: dict[str, float]


def individual_sds(
    drawing: Drawing, given: Given, course: Course, scalps: Scalps, spread: TrialSpread
) -> dict[str, Floats]:
    """SD between people of the measured change by outcome, each (days, draws).

    `course` is on the cohort's own density, and its draws are those of `scalps` and `spread`.
    """
    turned = _turnover(drawing, given, course, scalps.limits)
    factor = scalps.factor[None, :]
    release, keyed, draws = drawing.release, drawing.keyed, drawing.draws
    field = release.fixed("field-cm2")
    density = release.numbers("reading-error-percent", keyed, draws) / 100.0
    visit = spread.visit_per_cm2 if given.in_trial else np.zeros(draws)
    total = course.mean["total_density_per_cm2"]
    growing = course.mean["anagen_percent"] / 100.0
    points = _anagen_points(release.fixed("reading-anagen-points"), course, field)
    found: dict[str, Floats] = {}
    for name, mean in course.mean.items():
        start_sd = scalps.start_sd[name]
        if name in COUNTED:
            shown = growing if name == "anagen_density_per_cm2" else np.ones_like(mean)
            reading = density**2 * (mean**2 + start_sd**2)
            if name == "anagen_density_per_cm2":
                reading = reading + (total * release.fixed("reading-anagen-points") / 100.0) ** 2
            variance = reading[:1] + reading + factor * turned[name][:, None] / field
            variance = variance + (visit * shown) ** 2 + factor**2 * scalps.decline[name][:, None]
        elif name == "mean_diameter_um":
            reading = (release.fixed("reading-diameter-percent") / 100.0 * mean) ** 2
            variance = reading[:1] + reading + scalps.decline[name][:, None]
        else:
            variance = points[:1] + points + scalps.decline[name][:, None]
        found[name] = np.sqrt(variance + course.between[name])
    return found


def _anagen_points(points: float, course: Course, field: float) -> Floats:
    """Variance of one reading of an anagen share, in squared points; see `observe.read`."""
    anagen = course.mean["anagen_percent"]
    hairs = np.maximum(course.mean["total_density_per_cm2"] * field, 1.0)
    return np.asarray(points**2 + anagen * (100.0 - anagen) / hairs)


def _turnover(
    drawing: Drawing, given: Given, course: Course, limits: dict[str, float]
) -> dict[str, Floats]:
    """Hairs per cm² counted on one of two days only, (days,), by the outcomes that are counts.

    The mean field is linear, so the counted part of the start is run alone, beside the whole.
    """
    few = min(FEW, drawing.draws)
    reference = reference_of(drawing.release, drawing.keyed, drawing.draws)
    model, start = reference.model.pick(slice(few)), reference.start.pick(slice(few))
    parts = [seen(model, start, limits[name], phases) for name, phases in COUNTED.items()]
    whole = Population(
        np.concatenate([part.cycling for part in (*parts, start)], axis=-1),
        np.concatenate([part.outside for part in (*parts, start)], axis=-1),
    )
    beside = np.tile(np.arange(few), len(parts) + 1)
    signals = _few_signals(drawing, given, course.days[-1], beside)
    run = simulate(model.pick(beside), signals, days=list(course.days), start=whole)
    found = {}
    for place, (name, phases) in enumerate(COUNTED.items()):
        counted = run.counted(limits[name], phases)  # type: ignore[arg-type]
        own = slice(place * few, (place + 1) * few)
        still, now = counted[:, own], counted[:, len(parts) * few :]
        gone, come = still[:1] - still, now - still
        found[name] = np.maximum(gone + come, 0.0).mean(axis=1)
    return found


def seen(
    model: FollicleModel, start: Population, limit_um: float, phases: tuple[str, ...]
) -> Population:
    """The part of a population that a count takes: phases, and the share above a diameter."""
    part = np.zeros_like(start.cycling)
    share = model.grid.share_counted(limit_um)[None, None, :, None]
    for phase, stages in stage_slices(model).items():
        if phase in phases:
            part[stages] = start.cycling[stages] * share
    return Population(part, np.zeros_like(start.outside))


def _few_signals(drawing: Drawing, given: Given, last: float, index: NDArray[np.intp]) -> Signals:
    """The arm's signals for people of the middle response."""
    middle = (0.0,) * len(given.components)
    return signals_at(drawing, given, (given.sexes[0], middle), step_count(last), index)


def decline(drawing: Drawing, days: Sequence[float], limits: dict[str, float]) -> dict[str, Floats]:
    """Variance between people of the true change without treatment, (days,), by outcome.

    People differ in androgen drive and pace; each is set against the mean man of the same draw.
    """
    few = min(FEW, drawing.draws)
    release, keyed = drawing.release, drawing.keyed
    reference = reference_of(release, keyed, drawing.draws)
    model, start = reference.model.pick(slice(few)), reference.start.pick(slice(few))
    drive = np.exp(release.fixed("person-drive-spread") * keyed.normal("cohort/drive", few))
    pace = np.exp(release.fixed("person-pace-spread") * keyed.normal("cohort/pace", few))
    own = replace(model, shrink_probability=np.minimum(model.shrink_probability * pace, 1.0))
    years = release.numbers("reference-years", keyed, drawing.draws)[:few]
    past = untreated_history(own, healthy_population(own), drive, YEAR_DAYS * years)
    follicles = start.cycling.sum(axis=(0, 1, 2)) / past.cycling.sum(axis=(0, 1, 2))
    last = days[-1]
    people = simulate(own, untreated(drive, last), days=list(days), start=past.scaled(follicles))
    alike = simulate(model, untreated(np.ones(few), last), days=list(days), start=start)
    found = {}
    same = read_outcomes(alike, limits)
    for name, value in read_outcomes(people, limits).items():
        apart = (value - value[:1]) - (same[name] - same[name][:1])
        found[name] = apart.var(axis=1)
    return found
