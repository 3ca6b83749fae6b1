"""The untreated past in one stride: from a healthy scalp to years of androgen drive.

With constant drive the mean field is linear, dx/dt = A x, so x(t) = exp(A t) x(0). The exponential
is taken as an inverse Laplace transform: (s − A)⁻¹ x(0) has a closed form, because each class is
one ring of stages, which dormant and lost follicles leave and rejoin, and androgen moves follicles
only to thinner classes. A Talbot contour (Weideman 2006) of a few points is right to a few
millionths, for any time and with an own time for each draw, where stepping through a decade would
take a thousand steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.population import Population, stage_slices
from anagen.follicle.spec import (
    LARGEST_PROBABILITY,
    PHASES,
    Erlang,
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
        UnsupportedModelError: a wait is not Erlang.
    """
    _check_waits(model)
    slices = stage_slices(model)
    start = healthy.cycling[:, 0]
    days = np.maximum(days, 1e-6)
    points, weights = _contour(days)
    rates = _rates(model, drive)
    shrink = np.minimum(model.shrink_chance().T * drive, LARGEST_PROBABILITY)
    landing = landing_shares(model.shrink_extra, len(model.grid))
    cycling = np.zeros_like(healthy.cycling)
    outside = np.zeros_like(healthy.outside)
    inflow: list[Complexes] = [np.zeros_like(points) for _ in range(len(model.grid))]
    for group in reversed(range(len(model.grid))):
        away = _Away.of(model, drive, healthy.outside[:, group], points)
        ring = _Ring(
            points=points,
            rates={phase: rate[group] for phase, rate in rates.items()},
            start={phase: start[part, group] for phase, part in slices.items()},
            latency_share=model.latency_share,
            stay=1.0 - shrink[group],
            away=away,
        )
        solved, entering, shed = ring.solve(inflow[group])
        for thinner in range(group):
            inflow[thinner] += landing[group, thinner] * shrink[group] * entering
        for phase, part in slices.items():
            if solved[phase]:
                cycling[part, 0, group] = _inverted(weights, solved[phase])
        if away is not None:
            outside[:, group] = _inverted(weights, away.solve(shed))
    cycling[:, 0] = np.maximum(cycling[:, 0], LEAST_DENSITY)
    return Population(cycling, np.maximum(outside, 0.0))


def _inverted(weights: Complexes, transformed: Sequence[Complexes]) -> Floats:
    """Values in time of some transformed states, (states, draws)."""
    return np.asarray(np.einsum("pd,spd->sd", weights, np.stack(transformed)).real)


def _check_waits(model: FollicleModel) -> None:
    for phase in PHASES:
        if not isinstance(model.waits[phase], Erlang):
            raise UnsupportedModelError(
                f"the one-stride history needs Erlang waits, and {phase} has a "
                f"{type(model.waits[phase]).__name__} one; step through the past instead: "
                "simulate(model, untreated(drive, days))"
            )


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
    anagen = model.anagen_mean_days().T / np.exp(model.anagen_drive_log * drive)
    flat = np.ones_like(anagen)
    means = {
        "early_anagen": model.early_anagen_days * flat,
        "anagen": anagen,
        "telogen": model.telogen_days * flat,
        "latency": model.latency_days * flat,
    }
    # A phase left out has no stages, so its rate is never used.
    return {
        phase: (part.stop - part.start) / np.maximum(means[phase], 1e-300)
        for phase, part in stage_slices(model).items()
    }


@dataclass(frozen=True, slots=True)
class _Away:
    """Dormant and lost follicles of one class, at the points of the contour.

    Attributes:
        falling: share of those leaving telogen that fall dormant.
        dormant, lost: 1 / (s + rate of leaving).
        waking, loss, revival: rates of each way out.
        start: dormant and lost at the start, (2, draws).
    """

    falling: Floats
    dormant: Complexes
    lost: Complexes
    waking: float
    loss: float
    revival: float
    start: Floats

    @classmethod
    def of(
        cls, model: FollicleModel, drive: Floats, start: Floats, points: Complexes
    ) -> "_Away | None":
        """The ways out of the cycle and back, or None where nobody takes them."""
        if model.dormancy_probability == 0 and not start.any():
            return None
        waking = 1.0 / model.dormant_days
        return cls(
            falling=np.minimum(model.dormancy_probability * drive, 1.0),
            dormant=1.0 / (points + waking + model.loss_rate),
            lost=1.0 / (points + model.revival_rate),
            waking=waking,
            loss=model.loss_rate,
            revival=model.revival_rate,
            start=start,
        )

    def solve(self, shed: Complexes | float) -> tuple[Complexes, Complexes]:
        """Dormant and lost under a flow out of telogen."""
        dormant = (self.start[0] + self.falling * shed) * self.dormant
        lost = (self.start[1] + self.loss * dormant) * self.lost
        return dormant, lost

    def back(self, shed: Complexes | float) -> Complexes:
        """The flow back to early anagen."""
        dormant, lost = self.solve(shed)
        return np.asarray(self.waking * dormant + self.revival * lost)


@dataclass(frozen=True, slots=True)
class _Ring:
    """One diameter class as a ring of stages, at the points of the contour."""

    points: Complexes
    rates: dict[Phase, Floats]
    start: dict[Phase, Floats]
    latency_share: Floats
    stay: Floats
    away: _Away | None

    def solve(
        self, arriving: Complexes
    ) -> tuple[dict[Phase, list[Complexes]], Complexes, Complexes]:
        """Transformed stages, the flow into anagen before any shrinking, and that out of telogen.

        `arriving` is the flow into anagen from thicker classes.
        """
        inverse = {phase: 1.0 / (self.points + rate) for phase, rate in self.rates.items()}
        passing = {
            phase: (self.rates[phase] * inverse[phase]) ** len(self.start[phase])
            for phase in self.rates
        }
        own = {phase: self._through(phase, inverse[phase], None)[1] for phase in self.rates}
        empty, direct = self.latency_share, 1.0 - self.latency_share
        # Flow into anagen = own_entry + gain × flow out of telogen; close the ring on the latter.
        own_entry = passing["early_anagen"] * own["latency"] + own["early_anagen"]
        gain = passing["early_anagen"] * passing["latency"]
        if self.away is None:
            gain = gain * empty + direct
        else:
            empty, direct = (1.0 - self.away.falling) * empty, (1.0 - self.away.falling) * direct
            back = self.away.back(0.0)
            own_entry += passing["early_anagen"] * back
            gain = gain * empty + direct + passing["early_anagen"] * (self.away.back(1.0) - back)
        along = passing["telogen"] * passing["anagen"]
        out = along * (self.stay * own_entry + arriving)
        out += passing["telogen"] * own["anagen"] + own["telogen"]
        out /= 1.0 - along * self.stay * gain
        solved: dict[Phase, list[Complexes]] = {}
        solved["latency"], flow = self._through("latency", inverse["latency"], empty * out)
        if self.away is not None:
            flow = flow + self.away.back(out)
        solved["early_anagen"], flow = self._through("early_anagen", inverse["early_anagen"], flow)
        entering = flow + direct * out
        solved["anagen"], flow = self._through(
            "anagen", inverse["anagen"], self.stay * entering + arriving
        )
        solved["telogen"], _ = self._through("telogen", inverse["telogen"], flow)
        return solved, entering, out

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
