"""What is not known and could decide between protocols, kept as data."""

from functools import cache
from pathlib import Path

import numpy as np
from pydantic import Field

from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Component
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats
from anagen.posterior.release import SHARE_MARK
from anagen.reading import read_table

PRICES = "prices"
"""Id of the unknown that is no parameter: where in their ranges the prices lie."""


class Unknown(Record):
    """Something that could be known.

    Attributes:
        parameters: what it is in the model; one share of a parameter as `id:share`.
        treatments: it matters only where a protocol gives all of these.
        study: what would tell it.
    """

    id: Id
    text: Text
    parameters: tuple[str, ...] = Field(min_length=1)
    treatments: tuple[Component, ...] = ()
    study: Text


@cache
def load_unknowns() -> tuple[Unknown, ...]:
    """The packaged table.

    Raises:
        InputError: it breaks its schema.
    """
    path = Path(__file__).parent / "data" / "unknowns.yaml"
    return tuple(read_table([path], "unknowns", Unknown).records.values())


def drawn(unknown: Unknown, release: Release, keyed: Keyed, draws: int) -> Floats:
    """Draws of its parameters, (parameters, draws): those that the simulation takes.

    Raises:
        KeyError: the release has no such parameter.
    """
    found = []
    for name in unknown.parameters:
        parameter, _, share = name.partition(SHARE_MARK)
        if share:
            found.append(release.shares(parameter, keyed, draws)[share])
        else:
            found.append(release.numbers(parameter, keyed, draws))
    return np.stack(found)


def learned(unknown: Unknown, release: Release) -> str:
    """How far trials moved it: `data_led` only if they lead every parameter of it."""
    names = {name.partition(SHARE_MARK)[0] for name in unknown.parameters}
    told = {release.parameters[name].learned for name in names}
    return told.pop() or "not_learned" if len(told) == 1 else "prior_led"
