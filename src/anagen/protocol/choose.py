"""Which protocol may be best, by what a hair is worth, and what would be worth knowing first."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np

from anagen.posterior.keyed import Floats
from anagen.protocol.drawn import Drawn, basis_of, family_of
from anagen.protocol.model import Choice, Worth
from anagen.protocol.unknowns import PRICES, Unknown, learned, load_unknowns
from anagen.protocol.worth import partial_information
from anagen.trial.sides import the_release

WORTHS: Final = 41
"""Points of the span of what a hair may be worth."""

SURE: Final = 0.95
"""A best protocol is named only if each other that data can't tell from it is worse so surely."""


def most_worth(held: Drawn, costs: Sequence[Floats | None]) -> float:
    """The largest worth of a hair that is looked at: twice what one costs with exosomes."""
    if held.question.most_for_a_hair is not None:
        return held.question.most_for_a_hair
    each = [
        float(cost.mean()) / float(gain.mean())
        for one, cost, gain in zip(held.regimens, costs, held.gains.mean, strict=True)
        if "exosome" in one.components and cost is not None and gain.mean() > 0
    ]
    return _rounded(2.0 * min(each)) if each and min(each) > 0 else 1.0


def _rounded(value: float) -> float:
    """Two significant digits, so that axes read well."""
    return float(f"{value:.1e}")


def benefits_of(
    held: Drawn, costs: Sequence[Floats | None], told: Sequence[int], worth: float
) -> Floats:
    """Net benefit of those protocols that have a price, (options, draws).

    Args:
        held: every protocol with its draws.
        costs: of each; None without a price.
        told: numbers of those with one.
        worth: of a hair per cm².
    """
    return np.stack([worth * held.gains.mean[number] - costs[number] for number in told])


def chances_of(
    held: Drawn, benefits: Sequence[Floats], told: Sequence[int]
) -> dict[str, tuple[float, ...]]:
    """Chance that a family holds the best protocol, for each worth that benefits are told for."""
    families = [family_of(held.regimens[number]) for number in told]
    best = [np.asarray(families)[one.argmax(axis=0)] for one in benefits]
    return {
        family: tuple(float((one == family).mean()) for one in best)
        for family in dict.fromkeys(families)
    }


def choices_of(
    held: Drawn, benefits: Sequence[Floats], told: Sequence[int], worths: Floats
) -> tuple[Choice, ...]:
    """Who is best over spans of what a hair is worth; nobody where the prior decides."""
    found = [_choice(held, one, told) for one in benefits]
    spans = []
    for value, group in groupby(enumerate(found), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        spans.append(Choice(float(worths[numbers[0]]), float(worths[numbers[-1]]), *value))
    return tuple(spans)


def _choice(
    held: Drawn, benefit: Floats, told: Sequence[int]
) -> tuple[str | None, tuple[str, ...], str]:
    order = np.argsort(-benefit.mean(axis=1), kind="stable")
    first = held.regimens[told[order[0]]]
    rivals = []
    for place in order[1:]:
        other = held.regimens[told[place]]
        basis, _ = basis_of(first, other)
        chance = float((benefit[place] > benefit[order[0]]).mean())
        if basis == "prior_only" and chance > 1.0 - SURE:
            rivals.append(family_of(other))
    if not rivals:
        return first.text, (), "highest expected net benefit, and no assumption would change that"
    open_ = {family_of(first), *rivals}
    named = tuple(name for name in dict.fromkeys(map(family_of, held.regimens)) if name in open_)
    if len(named) == 1:
        return None, named, "no winner: no posted result compares its schedules"
    return None, named, "no winner: which of these is best rests on assumptions"


def unknowns_of(
    held: Drawn, benefit: Floats, costs: Sequence[Floats | None], country: str
) -> tuple[Worth, ...]:
    """What knowing one thing would be worth, the most valuable first."""
    told = [one for one, cost in zip(held.regimens, costs, strict=True) if cost is not None]
    together = [set(one.components) for one in told]
    parts = set().union(*together)
    people = held.question.people_concerned
    release = the_release()

    def worth(one: Unknown | None, known: Floats) -> Worth:
        value = partial_information(benefit, known)
        return Worth(
            id=PRICES if one is None else one.id,
            text="Where in their published ranges the prices lie" if one is None else one.text,
            study="Ask clinics for quotes; no trial is needed." if one is None else one.study,
            learned="not_learned" if one is None else learned(one, release),
            value=value,
            for_all=None if people is None else value * people,
        )

    found = [
        worth(one, held.known[one.id])
        for one in load_unknowns()
        if any(set(one.treatments) <= given for given in together)
    ]
    if any(cost is not None and cost.std() > 0 for cost in costs):
        places = [
            held.keyed.uniform(f"price/{country}/{part}", held.draws) for part in sorted(parts)
        ]
        found.append(worth(None, np.stack(places)))
    return tuple(sorted(found, key=lambda one: -one.value))
