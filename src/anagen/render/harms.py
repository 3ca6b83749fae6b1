"""Harms arranged for reading: each told in full once, and none left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.figures.numbers import span
from anagen.plan.model import Frequency, HarmView, Plan
from anagen.render.words import HARM_UNKNOWN, named
from anagen.wording import Phrase


@dataclass(frozen=True, slots=True)
class HarmGroup:
    """Harms of one option.

    Attributes:
        arm: the option.
        parts: options whose harms it has in full, because it is their sum.
        also: harms told in full under an earlier option, by that option.
        harms: harms told here.
    """

    arm: str
    parts: tuple[str, ...]
    also: Mapping[str, tuple[HarmView, ...]]
    harms: tuple[HarmView, ...]


def harm_groups(plan: Plan) -> tuple[HarmGroup, ...]:
    """Harms by option, each told in full once, so that a shared harm is not read as a new one."""
    by_arm = {arm.id: tuple(harm for harm in plan.harms if harm.arm == arm.id) for arm in plan.arms}
    first_told: dict[str, str] = {}
    groups = []
    for arm, harms in by_arm.items():
        parts = tuple(part for part in arm.split("+") if part != arm and by_arm.get(part))
        known = {harm.event for part in parts for harm in by_arm[part]}
        also: dict[str, tuple[HarmView, ...]] = {}
        own: list[HarmView] = []
        for harm in harms:
            if harm.event in known:
                continue
            earlier = first_told.setdefault(_same_harm(harm), arm)
            if earlier == arm:
                own.append(harm)
            else:
                also[earlier] = (*also.get(earlier, ()), harm)
        groups.append(HarmGroup(arm, parts, also, tuple(own)))
    return tuple(groups)


def _same_harm(harm: HarmView) -> str:
    """Equal for harms that would read the same under two options."""
    return f"{harm.event}|{how_often(harm)}|{harm.seriousness}|{harm.when_to_seek_help}"


def how_often(harm: HarmView) -> str:
    """A harm's frequency as a range of people, or the plain words that it is not known."""
    frequency = harm.frequency
    if not isinstance(frequency, Frequency):
        return named(HARM_UNKNOWN, frequency)
    return Phrase(
        "About {range} in {per} people",
        range=span(f"{frequency.low:g}", f"{frequency.high:g}"),
        per=frequency.per,
    )
