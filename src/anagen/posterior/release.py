"""A release: the named set of distributions that a forecast draws its parameters from.

This release holds priors, and published controlled effects that treatment sizes are anchored to.
A calibrated release can take its place: it answers the same two calls, `numbers` and `shares`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from anagen.evidence.schema import Parameter
from anagen.posterior.keyed import Floats, Keyed
from anagen.posterior.sample import sample, sample_shares

EDITION = "prior-2026.11"


class BrokenReleaseError(ValueError):
    """A release's parameters are not the ones that its name was made from."""


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """Parameters by id, under a name that changes whenever a number does.

    Attributes:
        id: the edition and the first 12 hex digits of a SHA-256 over the parameters.
    """

    id: str
    parameters: Mapping[str, Parameter]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def numbers(self, parameter_id: str, keyed: Keyed, draws: int) -> Floats:
        """Draws of one parameter.

        Raises:
            KeyError: no such parameter.
        """
        distribution = self.parameters[parameter_id].distribution
        return sample(distribution, keyed, f"parameter/{parameter_id}", draws)

    def shares(self, parameter_id: str, keyed: Keyed, draws: int) -> dict[str, Floats]:
        """Draws of a parameter that is several shares of one whole."""
        distribution = self.parameters[parameter_id].distribution
        return sample_shares(distribution, keyed, f"parameter/{parameter_id}", draws)

    def fixed(self, parameter_id: str) -> float:
        """A parameter that is one number.

        Raises:
            ValueError: the parameter is uncertain, so that a draw of it is needed.
        """
        value = self.parameters[parameter_id].distribution.value
        if value is None:
            raise ValueError(f"{parameter_id} is uncertain; draw it")
        return value


def prior_release(parameters: Mapping[str, Parameter]) -> Release:
    """The release made of evidence parameters as they stand."""
    return Release(f"{EDITION}+{fingerprint(parameters)}", MappingProxyType(dict(parameters)))


def current_release(parameters: Mapping[str, Parameter]) -> Release:
    """The release that everything uses unless told otherwise."""
    return prior_release(parameters)


def fingerprint(parameters: Mapping[str, Parameter]) -> str:
    """First 12 hex digits of a SHA-256 over ids and distributions, whatever their order."""
    content = {
        name: parameter.distribution.model_dump(mode="json", exclude_none=True)
        for name, parameter in sorted(parameters.items())
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def verify(release: Release) -> None:
    """Check that a release's name and numbers belong together.

    Raises:
        BrokenReleaseError: they don't.
    """
    named = release.id.rpartition("+")[2]
    found = fingerprint(release.parameters)
    if named != found:
        raise BrokenReleaseError(f"release {release.id} holds parameters of fingerprint {found}")
