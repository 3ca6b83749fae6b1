"""How far the evidence on an arm can be trusted, from the judgements on its body of evidence."""

from collections.abc import Iterator
from math import inf
from typing import get_args

from anagen.evidence.grading import START
from anagen.evidence.load import Evidence
from anagen.evidence.schema import CertaintyRule, Lowered, Raised
from anagen.evidence.vocabulary import Certainty, Component, Outcome

_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_NO_RULE = CertaintyRule(
    arm="sum",
    outcomes=_OUTCOMES,
    starts="none",
    because="No record speaks of this arm, outcome and horizon, so no evidence is claimed.",
)
_STARTS_WORDS = {
    "randomised": "randomised trials",
    "observational": "studies without a randomised control",
    "untreated_cohort": "people followed without treatment",
    "none": "no study",
}


def certainty_for(evidence: Evidence, arm: str, outcome: str, day: float) -> Certainty:
    """The certainty of one arm's outcome at one day; the order of a sum's parts is no matter.

    A sum of arms never inherits the certainty of its parts: unless a record names it, it has none.
    """
    return certainty_rule(evidence, arm, outcome, day).certainty


def certainty_rule(evidence: Evidence, arm: str, outcome: str, day: float) -> CertaintyRule:
    """The body of evidence that speaks, with its judgements; see `certainty_for`.

    It is the record of that arm and outcome that ends first on or after the day.
    """
    own = _of_arm(evidence, frozenset(arm.split("+")))
    if not own and "+" in arm:
        own = _of_arm(evidence, frozenset(("sum",)))
    speaking = [rule for rule in own if outcome in rule.outcomes and day <= _end(rule)]
    return min(speaking, key=_end, default=_NO_RULE)


def certainty_asked(evidence: Evidence, text: str) -> CertaintyRule:
    """The record behind a question such as `prp/total_density_per_cm2/168`: arm, outcome, day.

    Raises:
        ValueError: it is not of that form, or names no known arm or outcome.
    """
    arm, _, rest = text.casefold().partition("/")
    outcome, _, day = rest.partition("/")
    if not (arm == "none" or set(arm.split("+")) <= set(get_args(Component))):
        raise ValueError(f"no arm is called '{arm}'")
    if outcome not in _OUTCOMES:
        raise ValueError(f"no outcome is called '{outcome}'; known: {', '.join(_OUTCOMES)}")
    if not day.isdecimal():
        raise ValueError(f"'{day}' is no day; write a whole number, 0 or more")
    return certainty_rule(evidence, arm, outcome, int(day))


def certainty_lines(rule: CertaintyRule) -> Iterator[tuple[str, str]]:
    """A body of evidence in labelled lines: its grade, its start, and each step down or up."""
    yield "Certainty", spoken(rule.certainty)
    yield "Because", rule.because
    starts = f"{spoken(START[rule.starts])}: {_STARTS_WORDS[rule.starts]}"
    yield "Starts at", starts
    yield from (("Lowered", step(one)) for one in rule.lowered)
    yield from (("Raised", step(one)) for one in rule.raised)
    yield from (("Study", name) for name in rule.studies)
    until = "any day" if rule.until_day is None else f"day {rule.until_day}"
    yield "Holds for", f"{', '.join(map(spoken, rule.outcomes))}, up to {until}"


def sources_of(evidence: Evidence, rule: CertaintyRule) -> tuple[str, ...]:
    """Ids of all works that a record rests on, each once: its studies' own, then those it names."""
    studied = (evidence.studies[name].source for name in rule.studies)
    lowered = (name for one in rule.lowered for name in one.sources)
    raised = (name for one in rule.raised for name in one.sources)
    return tuple(dict.fromkeys((*studied, *rule.sources, *lowered, *raised)))


def step(judged: Lowered | Raised) -> str:
    """One judgement as text: the domain, by how many levels, and why."""
    levels = "1 level" if judged.levels == 1 else f"{judged.levels} levels"
    return f"{spoken(judged.domain)}, {levels}: {judged.because}"


def spoken(word: str) -> str:
    """A word of the data as it reads in a sentence."""
    return word.replace("_per_cm2", " per cm²").replace("_um", " in µm").replace("_", " ")


def _of_arm(evidence: Evidence, parts: frozenset[str]) -> list[CertaintyRule]:
    return [rule for rule in evidence.certainty if frozenset(rule.arm.split("+")) == parts]


def _end(rule: CertaintyRule) -> float:
    return inf if rule.until_day is None else rule.until_day
