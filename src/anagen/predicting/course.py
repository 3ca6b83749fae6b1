"""What an arm's scalps truly do: the mean over people for each draw, and how people differ.

Men of the reference scalp, who respond differently. The mean is taken at a few points of the
response, with weights, so that no draw is one random person: those of Gauss and Hermite for one
treatment; for sums those of Julier and Uhlmann, which are the same for one. Equation O9.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.follicle import FollicleRun, Signals, simulate, untreated
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import (
    Acting,
    TreatmentParameters,
    effects_of_arm,
    for_people,
    reference_of,
    sized,
)
from anagen.forecasting.person_model import response_spread
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.predicting.given import Given
from anagen.treatment.effect import Scalp, scalp_signals

FAR = np.sqrt(3.0)
"""Distance of the outer points in SDs; it makes moments right up to the fifth in one treatment."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where draws come from."""

    release: Release
    keyed: Keyed
    draws: int


@dataclass(frozen=True, slots=True)
class Course:
    """True values of an arm by outcome, each (days, draws), on a scalp of the reference density.

    Attributes:
        days: day 0 first.
        mean: mean over people.
        between: variance over people that their responses make.
    """

    days: tuple[float, ...]
    mean: dict[str, Floats]
    between: dict[str, Floats]


def response_points(treatments: int) -> list[tuple[float, tuple[float, ...]]]:
    """Standard normal responses that stand for all people, with their weights.

    For one treatment the weights are those of Gauss and Hermite's three points.
    """
    if not treatments:
        return [(1.0, ())]
    centre = 1.0 - treatments / FAR**2
    points = [(centre, (0.0,) * treatments)] if abs(centre) > 1e-12 else []
    for part in range(treatments):
        for sign in (-FAR, FAR):
            away = tuple(sign if place == part else 0.0 for place in range(treatments))
            points.append((0.5 / FAR**2, away))
    return points


def true_course(
    drawing: Drawing, given: Given, days: Sequence[float], limits: dict[str, float]
) -> Course:
    """The course of one arm.

    Args:
        drawing: where draws come from.
        given: what the arm gets.
        days: rising, from 0.
        limits: least diameter counted, by outcome.
    """
    if not given.components:
        reference = reference_of(drawing.release, drawing.keyed, drawing.draws)
        run = simulate(
            reference.model,
            untreated(reference.scalp.drive, days[-1]),
            days=list(days),
            start=reference.start,
        )
        values = read_outcomes(run, limits)
        return Course(tuple(days), values, {name: np.zeros_like(v) for name, v in values.items()})
    first: dict[str, Floats] = {}
    second: dict[str, Floats] = {}
    sexes = given.sexes if "minoxidil" in given.components else given.sexes[:1]
    for sex in sexes:
        for weight, normals in response_points(len(given.components)):
            share = weight / len(sexes)
            for name, value in _at_point(drawing, given, (sex, normals), days, limits).items():
                first[name] = first.get(name, 0.0) + share * value
                second[name] = second.get(name, 0.0) + share * value**2
    # A centre below 0 (four treatments) may leave a variance a little under 0.
    between = {name: np.maximum(second[name] - first[name] ** 2, 0.0) for name in first}
    return Course(tuple(days), first, between)


def signals_at(
    drawing: Drawing,
    given: Given,
    person: tuple[str, Sequence[float]],
    steps: int,
    index: NDArray[np.intp],
) -> Signals:
    """Signals of an arm for people of one sex and of these standard normal responses.

    Args:
        drawing: where draws come from.
        given: what the arm gets.
        person: sex, and a response to each treatment.
        steps: length.
        index: which draws.
    """
    release, keyed, draws = drawing.release, drawing.keyed, drawing.draws
    sex, normals = person
    treatments: dict[Component, TreatmentParameters] = {}
    for part, normal in zip(given.components, normals, strict=True):
        name = f"minoxidil/{given.percent}/{sex}" if part == "minoxidil" else part
        spread = response_spread(release, part)
        response = np.full(index.shape[0], np.exp(spread * normal - 0.5 * spread**2))
        treatments[part] = for_people(sized(release, keyed, draws, name), index, response)
    interaction = release.numbers("exosome-prp-interaction", keyed, draws)[index]
    acting = Acting(treatments, given.schedules, interaction)
    whole = reference_of(release, keyed, draws).scalp
    scalp = Scalp(whole.drive[index], whole.inflammation[index])
    return scalp_signals(scalp, effects_of_arm(given.components, {}, acting, steps), steps)


def _at_point(
    drawing: Drawing,
    given: Given,
    person: tuple[str, Sequence[float]],
    days: Sequence[float],
    limits: dict[str, float],
) -> dict[str, Floats]:
    reference = reference_of(drawing.release, drawing.keyed, drawing.draws)
    everyone = np.arange(drawing.draws)
    signals = signals_at(drawing, given, person, step_count(days[-1]), everyone)
    run = simulate(reference.model, signals, days=list(days), start=reference.start)
    return read_outcomes(run, limits)


def read_outcomes(run: FollicleRun, limits: dict[str, float]) -> dict[str, Floats]:
    """True values by outcome, each (days, draws)."""
    return {
        "total_density_per_cm2": run.counted(limits["total_density_per_cm2"]),
        "terminal_density_per_cm2": run.counted(limits["terminal_density_per_cm2"]),
        "mean_diameter_um": run.mean_diameter_um(limits["mean_diameter_um"]),
        "anagen_percent": run.anagen_percent(limits["anagen_percent"]),
        "anagen_density_per_cm2": run.counted(limits["anagen_density_per_cm2"], ("anagen",)),
    }
