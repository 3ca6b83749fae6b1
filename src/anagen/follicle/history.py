"""The untreated past in one stride: from a healthy scalp to years of androgen drive.

With constant drive the mean field is linear, dx/dt = A x, so x(t) = exp(A t) x(0). The exponential
is taken as an inverse Laplace transform: (s − A)⁻¹ x(0) has a closed form, because each class is
one ring of stages and androgen moves follicles only to thinner classes. A Talbot contour
(Weideman 2006) of a few points is right to a few millionths, for any time and with an own time for
each draw, where stepping through a decade would take a thousand steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.population import Population, stage_slices
from anagen.follicle.spec import (
    LARGEST_PROBABILITY,
    Floats,
    FollicleModel,
    Phase,
    UnsupportedModelError,
)

Complexes = NDArray[np.complex128]

POINTS = 32
"""Points of the contour; its lower half mirrors the upper one and is not computed."""

LEAST_DENSITY = 1e-12
"""Where rounding leaves a stage empty or below, it holds this much, so that shares stay defined."""


def untreated_history(
    model: FollicleModel, healthy: Population, drive: Floats, days: Floats
) -> Population:
    """The population after `days` of constant androgen drive, both given for each draw.

    Raises:
        UnsupportedModelError: the model lets follicles fall dormant.
    """
    if model.dormancy_probability > 0:
        raise UnsupportedModelError(
            "the one-stride history has no dormant follicles; step through it"
        )
    slices = stage_slices(model)
    start = healthy.cycling[:, 0]
    days = np.maximum(days, 1e-6)
    points, weights = _contour(days)
    rates = _rates(model, drive)
    shrink = np.minimum(model.shrink_chance().T * drive, LARGEST_PROBABILITY)
    landing = landing_shares(model.shrink_extra, len(model.grid))
    cycling = np.zeros_like(healthy.cycling)
    inflow: list[Complexes] = [np.zeros_like(points) for _ in range(len(model.grid))]
    for group in reversed(range(len(model.grid))):
        ring = _Ring(
            points=points,
            rates={phase: rate[group] for phase, rate in rates.items()},
            start={phase: start[part, group] for phase, part in slices.items()},
            latency_share=model.latency_share,
            stay=1.0 - shrink[group],
        )
        solved, entering = ring.solve(inflow[group])
        for thinner in range(group):
            inflow[thinner] += landing[group, thinner] * shrink[group] * entering
        for phase, part in slices.items():
            cycling[part, 0, group] = np.einsum("pd,spd->sd", weights, np.stack(solved[phase])).real
    cycling[:, 0] = np.maximum(cycling[:, 0], LEAST_DENSITY)
    return Population(cycling, np.zeros_like(healthy.outside))


def landing_shares(extra: Floats, classes: int) -> Floats:
    """Where a shrinking follicle lands: (from class, to class, draws); rows sum to 1.

    It loses one class, and each further one with probability `extra`, down to the thinnest.
    Equation F4.
    """
    shares = np.zeros((classes, classes, extra.shape[0]))
    for origin in range(1, classes):
        for target in range(1, origin):
            shares[origin, target] = (1.0 - extra) * extra ** (origin - target - 1)
        shares[origin, 0] = extra ** (origin - 1)
    return shares


def _contour(days: Floats) -> tuple[Complexes, Complexes]:
    """Points s and weights of the upper half of the contour, each (points, draws)."""
    angle = (2 * np.arange(POINTS // 2) + 1) * np.pi / POINTS
    cotangent = 1.0 / np.tan(0.6407 * angle)
    shape = 0.5017 * angle * cotangent - 0.6122 + 0.2645j * angle
    slope = 0.5017 * cotangent - 0.5017 * 0.6407 * angle / np.sin(0.6407 * angle) ** 2 + 0.2645j
    # e^{st} is the same for every draw, because s is a multiple of 1 / days.
    weight = np.exp(POINTS * shape) * slope * 2.0 / 1j
    points: Complexes = np.asarray(POINTS * shape[:, None] / days[None, :], dtype=np.complex128)
    weights: Complexes = weight[:, None] / days[None, :]
    return points, weights


def _rates(model: FollicleModel, drive: Floats) -> dict[Phase, Floats]:
    """Rate of leaving one stage, (classes, draws), by phase."""
    counts = {phase: part.stop - part.start for phase, part in stage_slices(model).items()}
    anagen = model.anagen_mean_days().T / np.exp(model.anagen_drive_log * drive)
    flat = np.ones_like(anagen)
    return {
        "early_anagen": counts["early_anagen"] / (model.early_anagen_days * flat),
        "anagen": counts["anagen"] / anagen,
        "telogen": counts["telogen"] / (model.telogen_days * flat),
        "latency": counts["latency"] / (model.latency_days * flat),
    }


@dataclass(frozen=True, slots=True)
class _Ring:
    """One diameter class as a ring of stages, at the points of the contour."""

    points: Complexes
    rates: dict[Phase, Floats]
    start: dict[Phase, Floats]
    latency_share: Floats
    stay: Floats

    def solve(self, arriving: Complexes) -> tuple[dict[Phase, list[Complexes]], Complexes]:
        """Transformed stages, and the flow that enters anagen before any shrinking.

        `arriving` is the flow into anagen from thicker classes.
        """
        inverse = {phase: 1.0 / (self.points + rate) for phase, rate in self.rates.items()}
        passing = {
            phase: (self.rates[phase] * inverse[phase]) ** len(self.start[phase])
            for phase in self.rates
        }
        own = {phase: self._through(phase, inverse[phase], None)[1] for phase in self.rates}
        # Flow into anagen = own_entry + gain × flow out of telogen; close the ring on the latter.
        own_entry = passing["early_anagen"] * own["latency"] + own["early_anagen"]
        gain = passing["early_anagen"] * passing["latency"] * self.latency_share + (
            1.0 - self.latency_share
        )
        along = passing["telogen"] * passing["anagen"]
        out = along * (self.stay * own_entry + arriving)
        out += passing["telogen"] * own["anagen"] + own["telogen"]
        out /= 1.0 - along * self.stay * gain
        solved: dict[Phase, list[Complexes]] = {}
        solved["latency"], flow = self._through(
            "latency", inverse["latency"], self.latency_share * out
        )
        solved["early_anagen"], flow = self._through("early_anagen", inverse["early_anagen"], flow)
        entering = flow + (1.0 - self.latency_share) * out
        solved["anagen"], flow = self._through(
            "anagen", inverse["anagen"], self.stay * entering + arriving
        )
        solved["telogen"], _ = self._through("telogen", inverse["telogen"], flow)
        return solved, entering

    def _through(
        self, phase: Phase, inverse: Complexes, flow: Complexes | None
    ) -> tuple[list[Complexes], Complexes]:
        """Stages of one phase under a flow into its first, and the flow out of its last."""
        stages: list[Complexes] = []
        inward: Complexes | float = 0.0 if flow is None else flow
        for start in self.start[phase]:
            stage = (start + inward) * inverse
            stages.append(stage)
            inward = self.rates[phase] * stage
        return stages, np.asarray(inward)
