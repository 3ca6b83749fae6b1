"""How far the evidence on an arm can be trusted, looked up in the certainty rules."""

from anagen.evidence.load import Evidence
from anagen.evidence.schema import CertaintyRule
from anagen.evidence.vocabulary import Certainty

_NO_RULE = CertaintyRule(
    arm="any",
    certainty="none",
    because="No rule speaks of this arm, outcome and horizon, so no evidence is claimed.",
)


def certainty_for(evidence: Evidence, arm: str, outcome: str, day: float) -> Certainty:
    """The certainty of one arm's outcome at one day; the order of a sum's parts is no matter.

    A sum of arms never inherits the certainty of its parts: unless a rule names it, it has none.
    """
    return certainty_rule(evidence, arm, outcome, day).certainty


def certainty_rule(evidence: Evidence, arm: str, outcome: str, day: float) -> CertaintyRule:
    """The first rule that speaks, with its reason and sources; see `certainty_for`."""
    for rule in evidence.certainty:
        in_time = rule.until_day is None or day <= rule.until_day
        if in_time and rule.outcome in ("any", outcome) and _speaks_of(rule.arm, arm):
            return rule
    return _NO_RULE


def _speaks_of(named: str, arm: str) -> bool:
    if named == "any":
        return True
    if named == "sum":
        return "+" in arm
    return set(named.split("+")) == set(arm.split("+"))
