"""What a study's design makes it report, beside what its treatment does.

Both views are open: as reported, and adjusted for bias. Controlled differences need neither.
"""

from collections.abc import Sequence
from typing import get_args

import numpy as np

from anagen.evidence.vocabulary import Design
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.predicting.given import Given

DESIGNS: tuple[Design, ...] = get_args(Design)


def usual_designs(given: Given, controlled: bool) -> tuple[Design, ...]:
    """The view of an arm unless another is asked for: as a study of its kind reports."""
    return () if controlled or not given.components else ("single_arm",)


def reporting_shift(
    release: Release, keyed: Keyed, designs: Sequence[Design], draws: int
) -> Floats:
    """Hairs per cm² that a study of these designs reports more, one for each draw. Equation O14.

    Without any, nothing: that is the view adjusted for bias.
    """
    shift = np.zeros(draws)
    for design in DESIGNS:
        if design in designs:
            shift += release.numbers(f"bias-{design.replace('_', '-')}", keyed, draws)
    if designs:
        spread = release.numbers("bias-uncontrolled-sd", keyed, draws)
        shift += spread * keyed.normal("uncontrolled/trial", draws)
    return shift


def view_note(designs: Sequence[Design], given: Given) -> tuple[str, ...]:
    """A sentence on the view that was taken of an arm's own change."""
    if not given.components:
        return ()
    if not designs:
        return ("The change is that of a sound trial: nothing is added for bias.",)
    named = ", ".join(f"bias-{design.replace('_', '-')}" for design in designs)
    return (
        f"The change is as such studies report, with their shift and spread ({named}, "
        "bias-uncontrolled-sd); `--design adjusted` leaves both out.",
    )
