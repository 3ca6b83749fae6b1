"""Which arms a person can be forecast on, and what each adds to what is in use."""

from dataclasses import dataclass

from anagen.evidence.vocabulary import Component
from anagen.forecasting.request import ArmRequest, ForecastRequest
from anagen.treatment.arms import parse_arm
from anagen.wording import Phrase, listed


@dataclass(frozen=True, slots=True)
class Option:
    """One arm for one person.

    Attributes:
        id: canonical name.
        new: treatments that it adds.
        available: whether it has a curve.
        reason: why it has none; empty when it has one.
    """

    id: str
    new: tuple[Component, ...]
    available: bool
    reason: str


def options(request: ForecastRequest) -> tuple[Option, ...]:
    """Every asked arm once, in the order asked."""
    found: dict[str, Option] = {}
    for asked in request.arms:
        option = _option(asked, request)
        found.setdefault(option.id, option)
    return tuple(found.values())


def _option(asked: ArmRequest, request: ForecastRequest) -> Option:
    arm = parse_arm(asked.id)
    new = tuple(name for name in arm.components if name not in request.current_medicines)
    reason = "" if asked.available else asked.reason or Phrase("This option is not open to you.")
    if not reason and "finasteride" in new and request.sex == "female":
        reason = Phrase("Finasteride was tested for this in men. There is no curve for women.")
    if not reason and arm.components and not new:
        reason = Phrase(
            "You already use {names}. It goes on in every option, so nothing is new here.",
            names=listed(arm.components),
        )
    return Option(arm.id, new, not reason, reason)
