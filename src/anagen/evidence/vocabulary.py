"""The closed word lists that evidence, forecasts and pages share."""

from typing import Literal

Certainty = Literal["high", "moderate", "low", "very_low", "none"]
"""How far the evidence behind a number can be trusted, in GRADE's words; none = no evidence."""

Standing = Literal["supported", "weak", "unsupported", "contradicted", "conflicting"]
"""Where a claim stands against independent evidence."""

Finding = Literal["not_studied", "studied_no_effect", "studied_effect"]
"""Three different states of knowledge that must never be mixed up."""

PairBasis = Literal["direct", "indirect", "prior_only"]
"""What a comparison of two arms rests on: a trial of both, trials of each, or a stated prior."""
