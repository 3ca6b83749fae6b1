"""What countries share: every protocol with its draws, its treatments, and what it rests on."""

from dataclasses import dataclass

from anagen.forecasting.basis import load_basis
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats
from anagen.protocol.gains import Gains
from anagen.protocol.model import Basis
from anagen.protocol.schema import Question
from anagen.trial.regimen import Regimen


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything by protocol and draw that countries share."""

    question: Question
    regimens: tuple[Regimen, ...]
    gains: Gains
    known: dict[str, Floats]
    keyed: Keyed
    draws: int


def family_of(regimen: Regimen) -> str:
    """Treatments of a protocol, as an id; `none` for nothing."""
    return "+".join(regimen.components) or "none"


def basis_sources(one: Regimen, other: Regimen) -> tuple[str, ...]:
    """Works behind what the difference of two treatments rests on."""
    row = load_basis().pairs.get(frozenset((family_of(one), family_of(other))))
    return () if row is None else row.sources


def basis_of(one: Regimen, other: Regimen) -> tuple[Basis, str]:
    """What the difference of two protocols rests on, and the same in words."""
    if one.components != other.components:
        found = load_basis().of_pair(family_of(one), family_of(other))
        words = {
            "direct": "controlled studies compared the two treatments",
            "indirect": "each treatment was compared with its own control",
            "prior_only": "no usable trial compared the two treatments",
        }
        return found, words[found]
    if not one.schedules or one.schedules == other.schedules:
        return "same", "the same treatments on the same days"
    return "prior_only", "no posted result compares these schedules; how they differ is assumed"
