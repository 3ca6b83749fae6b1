"""Runs behind the page on the article's claims: bounds, changed assumptions and schedules.

Everything happens on the reference scalp, the men of a typical trial, and everything is drawn from
the release, so that a calibrated release changes every number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from anagen.evidence.schema import Distribution
from anagen.evidence.vocabulary import Component
from anagen.follicle import Population, Signals, simulate, untreated
from anagen.follicle.population import stage_slices
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import (
    Acting,
    TreatmentParameters,
    effects_of_arm,
    for_people,
    reference_of,
    sized,
)
from anagen.forecasting.reference import EXOSOME_DAY, Reference
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.posterior.release import SHARE_MARK, named_release
from anagen.treatment.arms import parse_arm
from anagen.treatment.effect import Effect, scalp_signals
from anagen.treatment.sessions import Sessions

BOUND_STEP_DAYS = 0.5
"""Step of the bounds: finer than usual, because they are about single days."""

AT_ONCE = 1e6
"""Speed of a clock that lets nothing wait."""

SIZE_PER_CM2 = 10.0
"""Effect at week 16 for show: of the order of the best-studied drugs, and no estimate."""

SWEEP_DRAWS = 100
"""Draws of a scenario, where many are compared."""

USUAL: dict[Component, Sessions] = {
    "exosome": Sessions.every(14, 4),
    "prp": Sessions.every(30, 3),
}
"""The exosome course of the one randomised trial, and the commonest first course of PRP."""


@dataclass(frozen=True)
class Silico:
    """A release at work on the reference scalp.

    Attributes:
        release: what is drawn from.
        keyed: random numbers.
        draws: how many.
        people: how many nodes of the response stand for the men of a trial.
    """

    release: Release
    keyed: Keyed
    draws: int
    people: int = 3

    @property
    def reference(self) -> Reference:
        """The scalp, once for each draw."""
        return reference_of(self.release, self.keyed, self.draws)

    def having(self, changed: Mapping[str, Distribution], draws: int | None = None) -> "Silico":
        """The same with other distributions of some parameters, whatever was learned of them."""
        parameters = dict(self.release.parameters)
        for name, distribution in changed.items():
            parameters[name] = parameters[name].model_copy(update={"distribution": distribution})
        learned = {
            column: values
            for column, values in self.release.learned.items()
            if column.partition(SHARE_MARK)[0] not in changed
        }
        release = named_release("changed", parameters, learned)
        return replace(self, release=release, draws=draws or self.draws)

    def number(self, parameter_id: str) -> Floats:
        """Draws of one parameter."""
        return self.release.numbers(parameter_id, self.keyed, self.draws)

    def net(
        self, arm: str, days: Sequence[int], sessions: Mapping[Component, Sessions] | None = None
    ) -> Floats:
        """Density with an arm less that without, (days, draws); the mean over unlike men."""
        schedules = {**USUAL, **(sessions or {})}
        density = sum(
            weight * self._run(arm, days, schedules, responses)
            for weight, responses in self._men(parse_arm(arm).components)
        )
        return np.asarray(density - self.untreated(days))

    def untreated(self, days: Sequence[int]) -> Floats:
        """Density without treatment, (days, draws)."""
        scalp = self.reference
        signals = scalp_signals(scalp.scalp, [], step_count(days[-1]))
        return simulate(scalp.model, signals, days=days, start=scalp.start).counted()

    def one_man(self, arm: str, days: Sequence[int]) -> Floats:
        """Density of one man for each draw, whose response is drawn as well, (days, draws)."""
        spread = self.release.fixed("person-response-spread")
        normal = self.keyed.normal("silico/response", self.draws)
        response = np.exp(spread * normal - 0.5 * spread**2)
        return self._run(arm, days, USUAL, dict.fromkeys(parse_arm(arm).components, response))

    def _men(self, parts: Sequence[Component]) -> Iterator[tuple[float, dict[Component, Floats]]]:
        """Men of every response, with their weights; responses to two treatments are independent.

        Gauss-Hermite nodes of the normal behind a lognormal response whose mean is 1.
        """
        spread = self.release.fixed("person-response-spread")
        nodes, weights = np.polynomial.hermite_e.hermegauss(self.people)
        responses = np.exp(spread * nodes - 0.5 * spread**2)
        weights = weights / weights.sum()
        for chosen in product(range(self.people), repeat=len(parts)):
            found = {
                part: np.full(self.draws, responses[node])
                for part, node in zip(parts, chosen, strict=True)
            }
            yield float(np.prod(weights[list(chosen)])), found

    def _run(
        self,
        arm: str,
        days: Sequence[int],
        schedules: Mapping[Component, Sessions],
        responses: Mapping[Component, Floats],
    ) -> Floats:
        scalp, steps = self.reference, step_count(days[-1])
        effects = self._effects(arm, steps, schedules, responses)
        signals = scalp_signals(scalp.scalp, effects, steps)
        return simulate(scalp.model, signals, days=days, start=scalp.start).counted()

    def _effects(
        self,
        arm: str,
        steps: int,
        schedules: Mapping[Component, Sessions],
        responses: Mapping[Component, Floats],
    ) -> list[Effect]:
        new, every = parse_arm(arm).components, np.arange(self.draws)
        treatments: dict[Component, TreatmentParameters] = {
            part: for_people(
                sized(self.release, self.keyed, self.draws, part), every, responses[part]
            )
            for part in new
        }
        acting = Acting(treatments, schedules, self.number("exosome-prp-interaction"))
        return effects_of_arm(new, {}, acting, steps)


def fixed(value: float) -> Distribution:
    """A parameter that is one number."""
    return Distribution(law="fixed", value=value)


def of_size(silico: Silico, size_per_cm2: float, draws: int, **changed: float) -> Silico:
    """A scenario: exosomes are given one size at week 16, and named parameters a value each.

    Names have underscores in place of hyphens.
    """
    values = {name.replace("_", "-"): fixed(value) for name, value in changed.items()}
    return silico.having({"exosome-net-112": fixed(size_per_cm2), **values}, draws)


def share_left(net: Floats, first: Floats, least: float) -> Floats:
    """Share of a first gain that is left, in the draws whose first gain is at least `least`."""
    gained = first >= least
    return np.asarray(net[..., gained] / first[gained])


def first_day(days: Sequence[float] | Floats, density: Floats, rise: float) -> Floats:
    """Day on which each draw's density first is up by a share; infinity where it never is."""
    wanted = density[0] * (1.0 + rise)
    reached = density >= wanted
    row = np.argmax(reached, axis=0)
    ever, draw = reached.any(axis=0), np.arange(density.shape[1])
    before = np.maximum(row - 1, 0)
    at = np.asarray(days, dtype=np.float64)
    low, high = density[before, draw], density[row, draw]
    part = np.divide(wanted - low, high - low, out=np.ones_like(low), where=high > low)
    return np.where(ever, at[before] + part * (at[row] - at[before]), np.inf)


def bound(silico: Silico, days: Sequence[float], *, no_shedding: bool, no_waiting: bool) -> Floats:
    """Density if from day 0 no hair is shed, or no follicle stays empty, or both, (days, draws).

    Both are more than any treatment can do. A new hair still has to grow to the surface.
    """
    scalp = silico.reference
    start = all_woken(scalp) if no_waiting else scalp.start
    plain = untreated(scalp.scalp.drive, days[-1], BOUND_STEP_DAYS)
    signals = Signals(
        drive=plain.drive,
        anagen_speed=plain.anagen_speed,
        telogen_speed=plain.telogen_speed * (0.0 if no_shedding else 1.0),
        latency_speed=plain.latency_speed * (AT_ONCE if no_waiting else 1.0),
        lift_probability=plain.lift_probability,
        lift_support=plain.lift_support,
        inflammation=plain.inflammation,
        step_days=BOUND_STEP_DAYS,
    )
    return simulate(scalp.model, signals, days=days, start=start).counted()


def all_woken(scalp: Reference) -> Population:
    """The scalp's state once every empty follicle has begun a new hair."""
    slices, cycling = stage_slices(scalp.model), scalp.start.cycling.copy()
    empty = cycling[slices["latency"]].sum(axis=0)
    cycling[slices["latency"]] = 0.0
    cycling[slices["early_anagen"].start] += empty
    return Population(cycling, scalp.start.outside)


def revived(silico: Silico, lost_share: float, rate_per_day: float, days: Sequence[int]) -> Floats:
    """Hairs per cm² that revival of lost follicles adds, (days, draws), by mean field.

    Besides the follicles that cycle there are lost ones, `lost_share` of all; they are of the
    classes that the others have.
    """
    scalp = silico.reference
    living = scalp.start.cycling.sum(axis=(0, 1))
    outside = scalp.start.outside.copy()
    outside[1] = living * lost_share / (1.0 - lost_share)
    model = replace(scalp.model, revival_rate=rate_per_day)
    start = Population(scalp.start.cycling, outside)
    signals = untreated(scalp.scalp.drive, days[-1])
    run = simulate(model, signals, days=days, start=start)
    return np.asarray(run.counted() - silico.untreated(days))


def rate_needed(silico: Silico, lost_share: float, gain_per_cm2: float) -> float:
    """Revival as a share per day whose mean gain at week 16 is a given one; infinity if none is."""
    low, high = 0.0, 0.2

    def gain(rate: float) -> float:
        return float(revived(silico, lost_share, rate, (0, EXOSOME_DAY))[1].mean())

    if gain(high) < gain_per_cm2:
        return float("inf")
    for _ in range(12):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if gain(middle) < gain_per_cm2 else (low, middle)
    return 0.5 * (low + high)
