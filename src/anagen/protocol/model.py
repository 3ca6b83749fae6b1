"""What is found about protocols: frozen values that outputs show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from anagen.evidence.vocabulary import PairBasis
from anagen.trial.model import Range

SCHEMA_VERSION: Final = "1"

Basis = Literal["direct", "indirect", "prior_only", "same"]
"""What a difference rests on; `same`: the two differ in nothing that moves a count."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One protocol against nothing, at the question's week.

    Attributes:
        id: the regimen as it is written.
        family: its treatments, such as `exosome+prp`.
        sessions: visits for sessions.
        gain: hairs per cm² more than with nothing, over what is not known.
        responders: of 100 people, how many more than with nothing respond; None unless the
            question says who responds.
        chance_of_gain: chance that the gain is above 0.
        basis: what its difference to nothing rests on.
        sources: works behind that.
    """

    id: str
    family: str
    sessions: int
    gain: Range
    responders: Range | None
    chance_of_gain: float
    basis: PairBasis | Literal["same"]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Cost for each unit of gain: mean cost over mean gain.

    Attributes:
        estimate: None where the mean gain is not above 0.
        q05, q95: over draws; None where the gain is not above 0 in so many of them.
    """

    estimate: float | None
    q05: float | None
    q95: float | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One protocol in one country.

    Attributes:
        cost: over the weeks of the question; None where a price is missing.
        missing: treatments without a price in the country's currency.
        on_front: no other protocol is at least as good in mean gain, in gain at the 5 % quantile
            and in mean cost, and better in one.
        per_hair: cost for each added hair per cm².
        per_responder: cost for each responder more.
    """

    id: str
    cost: Range | None
    missing: tuple[str, ...]
    on_front: bool
    per_hair: Ratio | None
    per_responder: Ratio | None


@dataclass(frozen=True, slots=True)
class Step:
    """From one protocol of the front to the next dearer one.

    Attributes:
        gain: hairs per cm² more.
        cost: money more, on average.
        basis: what the difference of gains rests on.
        because: the same in words.
    """

    cheaper: str
    dearer: str
    gain: Range
    cost: float
    basis: Basis
    because: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which protocol has the highest expected net benefit, for a span of what a hair is worth.

    Attributes:
        from_worth, to_worth: money for a hair per cm².
        best: None where the prior decides.
        undecided: families that data can't tell apart.
        because: why.
    """

    from_worth: float
    to_worth: float
    best: str | None
    undecided: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one thing would be worth to one person who must choose.

    Attributes:
        id: the unknown.
        study: what would tell it.
        learned: whether trials or the prior lead it.
        value: expected value of knowing it, in money for one person.
        for_all: the same for all whom an answer would help; None without their number.
    """

    id: str
    text: str
    study: str
    learned: str
    value: float
    for_all: float | None


@dataclass(frozen=True, slots=True)
class Country:
    """All of it in one country's prices.

    Attributes:
        offers: every protocol.
        front: ids on the front, from cheap to dear.
        worth: money for a hair per cm² at which what follows is told.
        chances: chance that a family holds the best protocol, by family, at each worth.
        choices: who is best over the same span.
        perfect: expected value of knowing everything, at each worth, for one person.
        asked_at: the worth at which knowing everything is worth most.
        unknowns: what could be known, the most valuable first, at that worth.
        worth_a_trial: id of the first of them; None where nothing is worth knowing.
        sources: who says what the treatments cost.
    """

    country: str
    currency: str | None
    offers: tuple[Offer, ...]
    front: tuple[str, ...]
    steps: tuple[Step, ...]
    worth: tuple[float, ...]
    chances: Mapping[str, tuple[float, ...]]
    choices: tuple[Choice, ...]
    perfect: tuple[float, ...]
    asked_at: float
    unknowns: tuple[Worth, ...]
    worth_a_trial: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What has been studied of one donor source; the curve is the same for all of them."""

    id: str
    label: str
    evidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Protocols:
    """The whole answer."""

    schema_version: str
    title: str
    outcome: str
    week: int
    responder_percent: float | None
    draws: int
    seed: int
    protocols: tuple[Protocol, ...]
    countries: tuple[Country, ...]
    donor_sources: tuple[Source, ...]
    posterior_release: str
    evidence_release: str
    notes: tuple[str, ...]
