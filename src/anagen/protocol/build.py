"""From a question to its answer: gains, money, the front, who is best, what to find out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np

from anagen.catalogue import load_catalogue
from anagen.evidence import load_evidence
from anagen.forecasting.basis import load_basis
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats
from anagen.protocol.gains import Gains, Told, gains_of
from anagen.protocol.model import (
    SCHEMA_VERSION,
    Basis,
    Choice,
    Country,
    Offer,
    Protocol,
    Protocols,
    Ratio,
    Source,
    Step,
    Worth,
)
from anagen.protocol.money import cost_of, currency_of, drawn_cost
from anagen.protocol.schema import Question
from anagen.protocol.unknowns import PRICES, Unknown, drawn, learned, load_unknowns
from anagen.protocol.worth import partial_information, perfect_information
from anagen.quote.money import Range as PriceRange
from anagen.trial.power import range_of
from anagen.trial.regimen import Regimen, parse_regimen
from anagen.trial.sides import the_release

DEFAULT_DRAWS: Final = 400
WORTHS: Final = 41
"""Points of the span of what a hair may be worth."""

SURE: Final = 0.95
"""A best protocol is named only if each other that data can't tell from it is worse so surely."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Everything by protocol and draw that countries share."""

    question: Question
    regimens: tuple[Regimen, ...]
    gains: Gains
    known: dict[str, Floats]
    keyed: Keyed
    draws: int


def protocols_of(
    question: Question, draws: int = DEFAULT_DRAWS, seed: int = 1, told: Told | None = None
) -> Protocols:
    """Answer a question.

    Args:
        question: the file.
        draws: draws of what is not known.
        seed: seed of every random number.
        told: hears of progress.
    """
    release, keyed = the_release(), Keyed(seed, "protocol")
    gains = gains_of(question, release, keyed, draws, told)
    held = _Drawn(
        question=question,
        regimens=tuple(parse_regimen(text) for text in question.regimens),
        gains=gains,
        known={one.id: drawn(one, release, keyed, draws) for one in load_unknowns()},
        keyed=keyed,
        draws=draws,
    )
    return Protocols(
        schema_version=SCHEMA_VERSION,
        title=question.title,
        outcome=question.endpoint.outcome,
        week=question.endpoint.week,
        responder_percent=question.endpoint.responder_percent,
        draws=draws,
        seed=seed,
        protocols=tuple(_protocol(held, number) for number in range(len(held.regimens))),
        countries=tuple(_country(held, country) for country in question.countries),
        donor_sources=tuple(
            Source(one.id, one.label, one.evidence, one.sources)
            for one in load_catalogue().products.values()
        ),
        posterior_release=release.id,
        evidence_release=load_evidence().release,
        notes=_notes(held),
    )


def _protocol(held: _Drawn, number: int) -> Protocol:
    regimen, gain = held.regimens[number], held.gains.mean[number]
    responds = held.question.endpoint.responder_percent is not None
    return Protocol(
        id=regimen.text,
        family=_family(regimen),
        sessions=regimen.visits,
        gain=range_of(gain),
        responders=range_of(held.gains.responders[number]) if responds else None,
        chance_of_gain=float((gain > 0).mean()),
        basis=_basis(regimen, held.regimens[0])[0],
    )


def _family(regimen: Regimen) -> str:
    return "+".join(regimen.components) or "none"


def _basis(one: Regimen, other: Regimen) -> tuple[Basis, str]:
    """What the difference of two protocols rests on, and the same in words."""
    if one.components != other.components:
        found = load_basis().of_pair(_family(one), _family(other))
        words = {
            "direct": "controlled studies compared the two treatments",
            "indirect": "each treatment was compared with its own control",
            "prior_only": "no usable trial compared the two treatments",
        }
        return found, words[found]
    if not one.schedules or one.schedules == other.schedules:
        return "same", "the same treatments on the same days"
    return "prior_only", "no posted result compares these schedules; how they differ is assumed"


def _country(held: _Drawn, country: str) -> Country:
    prices = load_catalogue().prices
    parts = [cost_of(one, country, held.question, prices) for one in held.regimens]
    currency = currency_of(parts)
    costs = [
        drawn_cost(one, currency, held.question, held.keyed, (country, held.draws)) for one in parts
    ]
    front = _front(held, costs)
    told = [number for number, cost in enumerate(costs) if cost is not None]
    worths = np.linspace(0.0, _most(held, costs), WORTHS)
    benefits = [_benefit(held, costs, told, worth) for worth in worths]
    perfect = [perfect_information(one) for one in benefits]
    peak = int(np.argmax(perfect))
    unknowns = _unknowns(held, benefits[peak], costs, country)
    return Country(
        country=country,
        currency=currency,
        offers=tuple(
            _offer(held, number, cost, tuple(_missing(parts[number], currency, held)), front)
            for number, cost in enumerate(costs)
        ),
        front=tuple(held.regimens[number].text for number in front),
        steps=tuple(_step(held, costs, a, b) for a, b in pairwise(front)),
        worth=tuple(float(worth) for worth in worths),
        chances=_chances(held, benefits, told),
        choices=_choices(held, benefits, told, worths),
        perfect=tuple(perfect),
        asked_at=float(worths[peak]),
        unknowns=unknowns,
        worth_a_trial=unknowns[0].id if unknowns and unknowns[0].value > 0 else None,
    )


def _missing(parts: dict[str, PriceRange | None], currency: str | None, held: _Drawn) -> list[str]:
    return [
        part
        for part, value in parts.items()
        if drawn_cost({part: value}, currency, held.question, held.keyed, ("", 1)) is None
    ]


def _offer(
    held: _Drawn, number: int, cost: Floats | None, missing: tuple[str, ...], front: Sequence[int]
) -> Offer:
    text = held.regimens[number].text
    if cost is None:
        return Offer(text, None, missing, False, None, None)
    plain = not held.regimens[number].components
    responds = held.question.endpoint.responder_percent is not None and not plain
    return Offer(
        id=text,
        cost=range_of(cost),
        missing=(),
        on_front=number in front,
        per_hair=None if plain else _ratio(cost, held.gains.mean[number]),
        per_responder=_ratio(cost, held.gains.responders[number] / 100.0) if responds else None,
    )


def _ratio(cost: Floats, gain: Floats) -> Ratio:
    mean = float(gain.mean())
    each = np.where(gain > 0, cost / np.where(gain > 0, gain, 1.0), np.inf)
    low, high = (float(np.quantile(each, at, method="higher")) for at in (0.05, 0.95))
    return Ratio(
        float(cost.mean()) / mean if mean > 0 else None,
        low if np.isfinite(low) else None,
        high if np.isfinite(high) else None,
    )


def _front(held: _Drawn, costs: Sequence[Floats | None]) -> list[int]:
    """Numbers of the protocols that no other one beats, from cheap to dear."""
    points = {
        number: (held.gains.mean[number].mean(), np.quantile(held.gains.mean[number], 0.05),
                 -cost.mean())
        for number, cost in enumerate(costs) if cost is not None
    }  # fmt: skip

    def beaten(mine: tuple[float, ...]) -> bool:
        return any(
            all(a >= b for a, b in zip(other, mine, strict=True)) and other != mine
            for other in points.values()
        )

    kept = [number for number, point in points.items() if not beaten(point)]
    return sorted(kept, key=lambda number: (-points[number][2], points[number][0]))


def _step(held: _Drawn, costs: Sequence[Floats | None], a: int, b: int) -> Step:
    cheap, dear = costs[a], costs[b]
    assert cheap is not None
    assert dear is not None
    basis, because = _basis(held.regimens[b], held.regimens[a])
    return Step(
        cheaper=held.regimens[a].text,
        dearer=held.regimens[b].text,
        gain=range_of(held.gains.mean[b] - held.gains.mean[a]),
        cost=float((dear - cheap).mean()),
        basis=basis,
        because=because,
    )


def _most(held: _Drawn, costs: Sequence[Floats | None]) -> float:
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


def _benefit(
    held: _Drawn, costs: Sequence[Floats | None], told: Sequence[int], worth: float
) -> Floats:
    return np.stack([worth * held.gains.mean[number] - costs[number] for number in told])


def _chances(
    held: _Drawn, benefits: Sequence[Floats], told: Sequence[int]
) -> dict[str, tuple[float, ...]]:
    families = [_family(held.regimens[number]) for number in told]
    best = [np.asarray(families)[one.argmax(axis=0)] for one in benefits]
    return {
        family: tuple(float((one == family).mean()) for one in best)
        for family in dict.fromkeys(families)
    }


def _choices(
    held: _Drawn, benefits: Sequence[Floats], told: Sequence[int], worths: Floats
) -> tuple[Choice, ...]:
    found = [_choice(held, one, told) for one in benefits]
    spans = []
    for value, group in groupby(enumerate(found), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        spans.append(Choice(float(worths[numbers[0]]), float(worths[numbers[-1]]), *value))
    return tuple(spans)


def _choice(
    held: _Drawn, benefit: Floats, told: Sequence[int]
) -> tuple[str | None, tuple[str, ...], str]:
    order = np.argsort(-benefit.mean(axis=1), kind="stable")
    first = held.regimens[told[order[0]]]
    rivals = []
    for place in order[1:]:
        other = held.regimens[told[place]]
        basis, _ = _basis(first, other)
        chance = float((benefit[place] > benefit[order[0]]).mean())
        if basis == "prior_only" and chance > 1.0 - SURE:
            rivals.append(_family(other))
    if not rivals:
        return first.text, (), "highest expected net benefit, and no assumption would change that"
    open_ = {_family(first), *rivals}
    named = tuple(name for name in dict.fromkeys(map(_family, held.regimens)) if name in open_)
    if len(named) == 1:
        return None, named, "no winner: no posted result compares its schedules"
    return None, named, "no winner: which of these is best rests on assumptions"


def _unknowns(
    held: _Drawn, benefit: Floats, costs: Sequence[Floats | None], country: str
) -> tuple[Worth, ...]:
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


def _notes(held: _Drawn) -> tuple[str, ...]:
    question = held.question
    found = [
        "Nobody has been treated: a model of follicles, fitted to published trials, stands for "
        "people.",
        "Gains are against nothing, at one week, without what care or a trial adds.",
        "How sessions and their spacing move the exosome curve is assumed; no posted result "
        "compares them.",
        "The donor source changes what has been studied, never the curve.",
        "Within a published range any price is held as likely as any other.",
        "Harm, effort and what people value are not in the net benefit.",
    ]
    if any(one.doses for one in held.regimens):
        found.append("The dose is shown and changes nothing: no human dose-response is known.")
    if not question.rates:
        found.append("Prices in another currency than a country's are left out without a rate.")
    return tuple(found)
