"""What each protocol does for the same virtual people, draw by draw.

Every draw of the model's parameters meets the same evenly spread people, so that draws differ by
what is unknown and not by who was drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anagen.follicle import simulate
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.predicting.course import read_outcomes
from anagen.protocol.schema import Question
from anagen.trial.people import READ_LIMITS, World, people_of, signals_of
from anagen.trial.regimen import parse_regimen
from anagen.trial.schema import Trial

PEOPLE = 16
"""People of each draw."""

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gains:
    """By protocol and draw, (protocols, draws), in the order of the question's regimens.

    Attributes:
        mean: hairs per cm² more than with nothing, mean over people.
        responders: of 100 people, how many more than with nothing respond.
    """

    mean: Floats
    responders: Floats


@dataclass(frozen=True, slots=True)
class EvenKeyed(Keyed):
    """Numbers of `people` that are spread evenly over each law and are the same in every draw."""

    people: int = PEOPLE

    def uniforms(self, purpose: str, draws: int, each: int = 1) -> Floats:
        """See `Keyed`; the first row is evenly spread: one number in each share of (0, 1)."""
        # Not `super()`: slots of a dataclass make a new class, which `super()` doesn't know.
        plain = Keyed.uniforms(self, purpose, self.people, each)
        plain[0] = (np.argsort(np.argsort(plain[0])) + 0.5) / self.people
        return np.tile(plain, draws // self.people)

    def normal(self, purpose: str, draws: int) -> Floats:
        """Standard normal numbers, evenly spread over their law."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(purpose, draws)))


def gains_of(
    question: Question,
    release: Release,
    keyed: Keyed,
    draws: int,
    told: Callable[[int, int], None] | None = None,
) -> Gains:
    """Simulate every protocol on the same people.

    Args:
        question: the file.
        release: parameters of the model.
        keyed: random numbers of the draws.
        draws: how many.
        told: hears of progress.
    """
    outcome, day = question.endpoint.outcome, 7 * question.endpoint.week
    persons = EvenKeyed(keyed.seed, f"{keyed.subject}/people")
    world = World(_trial(question), release, keyed, persons, draws, PEOPLE)
    people = people_of(world)
    percent = question.endpoint.responder_percent
    mean, share = [], []
    for number, text in enumerate(question.regimens):
        signals = signals_of(world, people, parse_regimen(text), day)
        run = simulate(people.model, signals, days=[0, day], start=people.start)
        start, end = read_outcomes(run, READ_LIMITS)[outcome].reshape(2, draws, PEOPLE)
        mean.append(end.mean(axis=1))
        gained = end >= start * (1.0 + (percent or 0.0) / 100.0)
        share.append(100.0 * gained.mean(axis=1))
        if told:
            told(number + 1, len(question.regimens))
    # Nothing is the first protocol.
    return Gains(np.stack(mean) - mean[0], np.stack(share) - share[0])


def _trial(question: Question) -> Trial:
    """A trial whose people have what the question's people have."""
    parts = {part for text in question.regimens for part in parse_regimen(text).components}
    written = {"exosome": "exosome x1", "prp": "prp x1"}
    everything = " + ".join(written.get(part, part) for part in sorted(parts)) or "saline x1"
    return Trial.model_validate(
        {
            "title": question.title,
            "population": question.population,
            "arms": [
                {"id": "everything", "regimen": everything},
                {"id": "nothing", "regimen": "nothing"},
            ],
            "compare": {"arm": "everything", "against": "nothing"},
            "people": 4,
            "endpoint": question.endpoint,
            "adherence": question.adherence,
        }
    )
