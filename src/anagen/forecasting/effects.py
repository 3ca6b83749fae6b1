"""Every treatment sized for the draws, and what an arm then does to one person's clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from anagen.evidence.vocabulary import Component
from anagen.forecasting.reference import Reference, reference_scalp
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.sizes import (
    finasteride_parameters,
    minoxidil_parameters,
    prp_parameters,
    solve_exosome,
)
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.treatment.effect import Effect
from anagen.treatment.exosome import ExosomeParameters, exosome_effect
from anagen.treatment.finasteride import FinasterideParameters, finasteride_effect
from anagen.treatment.minoxidil import MinoxidilParameters, minoxidil_effect
from anagen.treatment.prp import PrpParameters, prp_effect
from anagen.treatment.sessions import Sessions

TreatmentParameters = (
    ExosomeParameters | PrpParameters | MinoxidilParameters | FinasterideParameters
)

NO_SESSIONS = Sessions(())
"""What a treatment without sessions has."""


@lru_cache(maxsize=4)
def reference_of(release: Release, keyed: Keyed, draws: int) -> Reference:
    """The reference scalp, kept because every person of a run shares it."""
    return reference_scalp(release, keyed, draws)


@lru_cache(maxsize=32)
def sized(release: Release, keyed: Keyed, draws: int, name: str) -> TreatmentParameters:
    """Parameters of one treatment for the mean responder; kept, as every person shares them.

    `name` is as `size_name` gives it: `exosome` or `exosome/article`, `prp`, `finasteride`, or
    `minoxidil/5/male` and the like.
    """
    match name.split("/"):
        case ["exosome", *tissue]:
            reference = reference_of(release, keyed, draws)
            return solve_exosome(release, keyed, reference, *tissue)
        case ["minoxidil", percent, sex]:
            return minoxidil_parameters(release, keyed, draws, float(percent), sex)
        case ["prp"]:
            return prp_parameters(release, keyed, draws)
        case ["finasteride"]:
            return finasteride_parameters(release, keyed, draws)
        case _:
            raise ValueError(f"'{name}' names no treatment")


def size_name(component: Component, request: ForecastRequest) -> str:
    """Which sizing a person's treatment takes; see `sized`."""
    if component == "minoxidil":
        return f"minoxidil/{request.minoxidil_percent}/{request.sex}"
    if component == "exosome" and request.tissue_half_life != "measured":
        return f"exosome/{request.tissue_half_life}"
    return component


def for_people(
    parameters: TreatmentParameters, index: NDArray[np.intp], response: Floats
) -> TreatmentParameters:
    """The parameters of chosen draws, with each person's own response on the strength."""
    picked = {field.name: getattr(parameters, field.name)[index] for field in fields(parameters)}
    strength = "follows_dht" if isinstance(parameters, FinasterideParameters) else "amplitude"
    picked[strength] = picked[strength] * response
    return type(parameters)(**picked)


@dataclass(frozen=True, slots=True)
class Acting:
    """What can act on one person's scalp.

    Attributes:
        treatments: each treatment's parameters for the person's draws.
        schedules: sessions of the injected ones.
        interaction: change of both strengths when exosomes and PRP are given together, as a share.
    """

    treatments: Mapping[Component, TreatmentParameters]
    schedules: Mapping[Component, Sessions]
    interaction: Floats


def effects_of_arm(
    new: tuple[Component, ...], going_on: Mapping[Component, float], acting: Acting, steps: int
) -> list[Effect]:
    """Effects of an arm's new treatments, and of the medicines that go on.

    Args:
        new: treatments that start with this arm.
        going_on: medicines in use, with the days since they began.
        acting: the person's parameters and schedules.
        steps: length of the signals.
    """
    found = [
        _signals(acting.treatments[name], NO_SESSIONS, steps, began)
        for name, began in going_on.items()
    ]
    together = {"exosome", "prp"} <= set(new)
    for name in new:
        parameters = acting.treatments[name]
        if together and isinstance(parameters, ExosomeParameters | PrpParameters):
            factor = np.maximum(1.0 + acting.interaction, 0.0)
            parameters = replace(parameters, amplitude=parameters.amplitude * factor)
        sessions = acting.schedules.get(name, NO_SESSIONS)
        found.append(_signals(parameters, sessions, steps, 0.0))
    return found


def _signals(
    parameters: TreatmentParameters, sessions: Sessions, steps: int, began: float
) -> Effect:
    match parameters:
        case ExosomeParameters():
            return exosome_effect(parameters, sessions.days, steps, sessions.doses)
        case PrpParameters():
            return prp_effect(parameters, sessions.days, steps, sessions.doses)
        case MinoxidilParameters():
            return minoxidil_effect(parameters, steps, began)
        case FinasterideParameters():
            return finasteride_effect(parameters, steps, began)
