"""Writes the page on how far the evidence on each arm can be trusted, and why.

Run from the root of the repository: `python -m docs.model.certainty`.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import get_args

from anagen import load_evidence
from anagen.evidence import Evidence
from anagen.evidence.certainty import certainty_for, spoken, step
from anagen.evidence.grading import START, Lowers, Raises
from anagen.evidence.schema import CertaintyRule
from anagen.evidence.vocabulary import Outcome

ARMS = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")
"""The options that every plan speaks of."""

AT_DAYS = (168, 364, 728, 1820)
"""Days of the short table: about half a year, one, two and five years."""

WORDS = """# How far the evidence can be trusted

Made by `python -m docs.model.certainty`. Every number of a forecast carries a grade in the words of
[GRADE](https://gradepro.org/handbook): `high`, `moderate`, `low`, `very_low`, or `none` where no
study was found. A narrow band with a low grade is still little known.

Nobody types a grade. What is recorded, in
`src/anagen/evidence/data/certainty.yaml`, is the body of studies and a judgement on it with
its reason; the program works the grade out:

1. **Where it starts.** STARTS
2. **What lowers it**, by one level or two each: LOWERS. It never falls under very low.
3. **What raises it**: RAISES. Only studies of an
   effect without a randomised control can be raised, if nothing lowers them. None here was.

People followed without treatment start high because the question is what happens with nothing,
and for that GRADE starts cohorts high
([Iorio and others 2015](https://doi.org/10.1136/bmj.h870)).

The judgements are ours. They keep to the same rules of thumb throughout: fewer than 400 people
lower a body by one level for imprecision, and a result that can't be told from none, or without any
interval, by two; a neighbouring outcome or treatment lowers it by one for indirectness. A body
reaches as far as its last count. Where nothing is said of a domain, no reason to lower was found.

Ask for one grade with its reasons and sources:

    anagen why certainty:prp/total_density_per_cm2/168

## In short

SHORT

## With the reasons

A row holds from the day after the row above it with the same outcome.

LONG
"""


def page(evidence: Evidence) -> str:
    """The whole page, as Markdown."""
    starts = "; ".join(f"{spoken(name)}: {spoken(START[name])}" for name in START)
    made = {
        "STARTS": f"{starts}.",
        "LOWERS": ", ".join(map(spoken, get_args(Lowers))),
        "RAISES": ", ".join(map(spoken, get_args(Raises))),
        "SHORT": "\n".join(_short(evidence)),
        "LONG": "\n".join(_long(evidence)).strip(),
    }
    text = WORDS
    for name, part in made.items():
        text = text.replace(name, part, 1)
    return text


def _short(evidence: Evidence) -> Iterator[str]:
    yield f"| arm | outcome | {' | '.join(f'day {day}' for day in AT_DAYS)} |"
    yield "| --- | --- |" + " --- |" * len(AT_DAYS)
    for arm in ARMS:
        for outcome in get_args(Outcome):
            grades = (spoken(certainty_for(evidence, arm, outcome, day)) for day in AT_DAYS)
            yield f"| {arm} | {spoken(outcome)} | {' | '.join(grades)} |"


def _long(evidence: Evidence) -> Iterator[str]:
    for arm, rules in groupby(evidence.certainty, key=lambda rule: rule.arm):
        yield f"\n### {'any other sum' if arm == 'sum' else arm}\n"
        yield "| outcome | until day | certainty | starts | why | studies |"
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from map(_row, rules)


def _row(rule: CertaintyRule) -> str:
    steps = [f"Lowered for {step(one)}" for one in rule.lowered]
    steps += [f"Raised for {step(one)}" for one in rule.raised]
    cells = (
        ", ".join(map(spoken, rule.outcomes)),
        "any" if rule.until_day is None else str(rule.until_day),
        spoken(rule.certainty),
        spoken(rule.starts),
        " ".join((rule.because, *steps)),
        ", ".join(rule.studies) or "none",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".md")
    target.write_text(page(load_evidence()), encoding="utf-8")
