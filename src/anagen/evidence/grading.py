"""How a body of evidence gets its grade: where it starts, less what lowers it, plus what raises it.

The words and steps are those of GRADE. No grade is ever written down; it is worked out here from
recorded judgements, so none can stand that its reasons do not give.
"""

from collections.abc import Mapping
from typing import Literal

from anagen.evidence.vocabulary import Certainty

Starts = Literal["randomised", "observational", "untreated_cohort", "none"]
"""What kind of studies a body is made of, which decides the grade that it starts from.

An untreated cohort is people followed without treatment. It answers what happens with nothing, and
for that question GRADE starts it where a trial starts for the effect of a treatment.
"""

Lowers = Literal["risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias"]
"""The five domains that may take a grade down, by one level or two."""

Raises = Literal["large_effect", "dose_response", "opposing_confounding"]
"""The three reasons that may take observational studies up."""

LADDER: tuple[Certainty, ...] = ("very_low", "low", "moderate", "high")
"""The grades of a body that holds at least one study, from the lowest."""

START: Mapping[Starts, Certainty] = {
    "randomised": "high",
    "observational": "low",
    "untreated_cohort": "high",
    "none": "none",
}
"""The grade of a body before any judgement."""


def grade(starts: Starts, lowered: int = 0, raised: int = 0) -> Certainty:
    """The grade that follows from the start and the number of levels down and up.

    It stays on the ladder: never under `very_low`, never over `high`. Without a study it is `none`
    whatever else is said.

    Raises:
        ValueError: a number of levels is negative.
    """
    if lowered < 0 or raised < 0:
        raise ValueError("levels down and levels up are counted from 0")
    if starts == "none":
        return "none"
    place = LADDER.index(START[starts]) - lowered + raised
    return LADDER[min(max(place, 0), len(LADDER) - 1)]
