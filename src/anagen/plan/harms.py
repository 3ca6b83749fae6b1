"""Harms of every arm, each with its frequency or the plain statement that none is known."""

from collections.abc import Iterable, Iterator

from anagen.catalogue import Catalogue
from anagen.plan.model import Frequency, HarmView
from anagen.treatment.arms import INJECTED, parse_arm


def harms_by_arm(catalogue: Catalogue, arms: Iterable[str]) -> tuple[HarmView, ...]:
    """Every harm of each arm: of its treatments, the needle, the anaesthetic, and their sum.

    Claims: C17.
    """
    return tuple(view for arm in arms for view in _of_arm(catalogue, arm))


def _of_arm(catalogue: Catalogue, arm_id: str) -> Iterator[HarmView]:
    arm = parse_arm(arm_id)
    concerned: set[str] = set(arm.components)
    if concerned & set(INJECTED):
        concerned |= {"needle", "local_anaesthetic"}
    if len(arm.components) > 1:
        concerned.add(arm.id)
    for harm in catalogue.harms.values():
        if harm.component not in concerned:
            continue
        frequency = harm.frequency
        yield HarmView(
            arm=arm.id,
            event=harm.event,
            frequency=frequency
            if isinstance(frequency, str)
            else Frequency(frequency.low, frequency.high, frequency.per),
            seriousness=harm.seriousness,
            when_to_seek_help=harm.when_to_seek_help,
            sources=harm.sources,
        )
