"""The vocabulary of arms: nothing new, one treatment, or a sum of treatments."""

from dataclasses import dataclass
from typing import cast, get_args

from anagen.evidence.vocabulary import Component
from anagen.reading import choice, nearest
from anagen.wording import Phrase, joined, marked

COMPONENTS: tuple[Component, ...] = get_args(Component)
"""All single treatments, in the order in which a sum names them."""

INJECTED: tuple[Component, ...] = ("exosome", "prp")
"""Treatments given in sessions at a clinic."""

NONE = "none"

_LABELS: dict[Component, str] = {
    "exosome": marked("Exosomes"),
    "prp": marked("PRP"),
    "minoxidil": marked("Minoxidil on the scalp"),
    "finasteride": marked("Finasteride 1 mg"),
}


@dataclass(frozen=True, slots=True)
class Arm:
    """One option.

    Attributes:
        id: canonical name: `none`, a treatment, or treatments joined by `+` in the fixed order.
        components: the single treatments, in the fixed order; empty for `none`.
    """

    id: str
    components: tuple[Component, ...]

    @property
    def label(self) -> str:
        """The arm in words that a person reads."""
        if not self.components:
            return Phrase("Nothing new")
        return joined((_LABELS[part] for part in self.components), " + ")


def parse_arm(text: str) -> Arm:
    """Read an arm such as `exosome+prp`; the order of its parts does not matter.

    Claims: C31.

    Raises:
        ValueError: an unknown treatment, `none` in a sum, a part twice, or nothing at all.
    """
    parts = [part.strip().lower() for part in text.split("+")]
    if parts == [NONE]:
        return Arm(NONE, ())
    for part in parts:
        if part not in COMPONENTS:
            raise ValueError(_unknown(text, part))
        if parts.count(part) > 1:
            told = Phrase(
                "arm '{arm}' names {part} twice; name each treatment once", arm=text, part=part
            )
            raise ValueError(told)
    found = cast("tuple[Component, ...]", tuple(part for part in COMPONENTS if part in parts))
    return Arm("+".join(found), found)


def _unknown(text: str, part: str) -> str:
    if part == NONE:
        return Phrase(
            "arm '{arm}' adds a treatment to none; leave `none` out, or let it stand alone",
            arm=text,
        )
    if not part:
        return Phrase(
            "arm '{arm}' has an empty part; write a treatment, or treatments joined by +", arm=text
        )
    return Phrase(
        "'{part}' is not a treatment; {choice}, or a sum such as exosome+prp",
        part=part,
        choice=choice(nearest(part, COMPONENTS), (NONE, *COMPONENTS)),
    )
