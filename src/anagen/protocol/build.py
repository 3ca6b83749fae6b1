"""From a question to its answer: gains, money, the front, who is best, what to find out."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from anagen.catalogue import load_catalogue
from anagen.evidence import load_evidence
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats
from anagen.protocol.choose import (
    WORTHS,
    benefits_of,
    chances_of,
    choices_of,
    most_worth,
    unknowns_of,
)
from anagen.protocol.drawn import Drawn, basis_of, basis_sources, family_of
from anagen.protocol.gains import Told, gains_of
from anagen.protocol.model import (
    SCHEMA_VERSION,
    Country,
    Offer,
    Protocol,
    Protocols,
    Ratio,
    Source,
    Step,
)
from anagen.protocol.money import cost_of, currency_of, drawn_cost, price_sources
from anagen.protocol.schema import Question
from anagen.protocol.unknowns import drawn, load_unknowns
from anagen.protocol.worth import perfect_information
from anagen.quote.money import Range as PriceRange
from anagen.trial.power import range_of
from anagen.trial.regimen import parse_regimen
from anagen.trial.sides import the_release

DEFAULT_DRAWS: Final = 400


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
    held = Drawn(
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


def _protocol(held: Drawn, number: int) -> Protocol:
    regimen, gain = held.regimens[number], held.gains.mean[number]
    responds = held.question.endpoint.responder_percent is not None
    return Protocol(
        id=regimen.text,
        family=family_of(regimen),
        sessions=regimen.visits,
        gain=range_of(gain),
        responders=range_of(held.gains.responders[number]) if responds else None,
        chance_of_gain=float((gain > 0).mean()),
        basis=basis_of(regimen, held.regimens[0])[0],
        sources=basis_sources(regimen, held.regimens[0]),
    )


def _country(held: Drawn, country: str) -> Country:
    prices = load_catalogue().prices
    parts = [cost_of(one, country, held.question, prices) for one in held.regimens]
    currency = currency_of(parts)
    costs = [
        drawn_cost(one, currency, held.question, held.keyed, (country, held.draws)) for one in parts
    ]
    front = _front(held, costs)
    told = [number for number, cost in enumerate(costs) if cost is not None]
    worths = np.linspace(0.0, most_worth(held, costs), WORTHS)
    benefits = [benefits_of(held, costs, told, worth) for worth in worths]
    perfect = [perfect_information(one) for one in benefits]
    peak = int(np.argmax(perfect))
    unknowns = unknowns_of(held, benefits[peak], costs, country)
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
        chances=chances_of(held, benefits, told),
        choices=choices_of(held, benefits, told, worths),
        perfect=tuple(perfect),
        asked_at=float(worths[peak]),
        unknowns=unknowns,
        worth_a_trial=unknowns[0].id if unknowns and unknowns[0].value > 0 else None,
        sources=price_sources(held.question, country, prices),
    )


def _missing(parts: dict[str, PriceRange | None], currency: str | None, held: Drawn) -> list[str]:
    return [
        part
        for part, value in parts.items()
        if drawn_cost({part: value}, currency, held.question, held.keyed, ("", 1)) is None
    ]


def _offer(
    held: Drawn, number: int, cost: Floats | None, missing: tuple[str, ...], front: Sequence[int]
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


def _front(held: Drawn, costs: Sequence[Floats | None]) -> list[int]:
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


def _step(held: Drawn, costs: Sequence[Floats | None], a: int, b: int) -> Step:
    cheap, dear = costs[a], costs[b]
    assert cheap is not None
    assert dear is not None
    basis, because = basis_of(held.regimens[b], held.regimens[a])
    return Step(
        cheaper=held.regimens[a].text,
        dearer=held.regimens[b].text,
        gain=range_of(held.gains.mean[b] - held.gains.mean[a]),
        cost=float((dear - cheap).mean()),
        basis=basis,
        because=because,
    )


def _notes(held: Drawn) -> tuple[str, ...]:
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
