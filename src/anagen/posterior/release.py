"""A release: the named set of distributions that a forecast draws its parameters from.

A calibrated release holds joint draws of the parameters that trials inform; everything else is
drawn from its prior. The prior release has no such draws, so that it shows what is believed before
any trial.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from anagen.evidence.schema import Parameter
from anagen.posterior.keyed import Floats, Keyed
from anagen.posterior.sample import sample, sample_shares

PRIOR_EDITION = "prior-2026.11"

SHARE_MARK = ":"
"""Parts a parameter's id from the name of one of its shares, in the name of a column."""


class BrokenReleaseError(ValueError):
    """A release's parameters are not the ones that its name was made from."""


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """Parameters by id, under a name that changes whenever a number does.

    Attributes:
        id: the edition and the first 12 hex digits of a SHA-256 over everything drawn from.
        parameters: all parameters, with their priors.
        learned: joint posterior draws by column, all of one length; a parameter of several shares
            has a column for each, named `id:share`.
    """

    id: str
    parameters: Mapping[str, Parameter]
    learned: Mapping[str, Floats] = field(default_factory=lambda: MappingProxyType({}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def numbers(self, parameter_id: str, keyed: Keyed, draws: int) -> Floats:
        """Draws of one parameter.

        Raises:
            KeyError: no such parameter.
        """
        if parameter_id in self.learned:
            return np.asarray(self.learned[parameter_id][self._rows(keyed, draws)])
        distribution = self.parameters[parameter_id].distribution
        return sample(distribution, keyed, f"parameter/{parameter_id}", draws)

    def shares(self, parameter_id: str, keyed: Keyed, draws: int) -> dict[str, Floats]:
        """Draws of a parameter that is several shares of one whole."""
        prefix = f"{parameter_id}{SHARE_MARK}"
        columns = [name for name in self.learned if name.startswith(prefix)]
        if columns:
            rows = self._rows(keyed, draws)
            found = {name.removeprefix(prefix): self.learned[name][rows] for name in columns}
            whole = sum(found.values())
            return {name: np.asarray(share / whole) for name, share in found.items()}
        distribution = self.parameters[parameter_id].distribution
        return sample_shares(distribution, keyed, f"parameter/{parameter_id}", draws)

    def _rows(self, keyed: Keyed, draws: int) -> np.ndarray:
        """Which joint draw each draw takes: the same one for every parameter."""
        kept = len(next(iter(self.learned.values())))
        return np.asarray(keyed.uniform("posterior/row", draws) * kept).astype(np.intp)

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
    return named_release(PRIOR_EDITION, parameters, {})


def named_release(
    edition: str, parameters: Mapping[str, Parameter], learned: Mapping[str, Floats]
) -> Release:
    """A release under the name that its numbers give it."""
    mark = fingerprint(parameters, learned)
    return Release(
        f"{edition}+{mark}", MappingProxyType(dict(parameters)), MappingProxyType(dict(learned))
    )


def fingerprint(parameters: Mapping[str, Parameter], learned: Mapping[str, Floats]) -> str:
    """First 12 hex digits of a SHA-256 over priors and posterior draws, whatever their order.

    The prior of a learned parameter does not count: nothing is drawn from it.
    """
    taken = {column.partition(SHARE_MARK)[0] for column in learned}
    found = _hash_of({name: one for name, one in parameters.items() if name not in taken})
    for name in sorted(learned):
        found.update(name.encode())
        found.update(np.ascontiguousarray(learned[name], dtype="<f8").tobytes())
    return found.hexdigest()[:12]


def prior_mark(parameters: Mapping[str, Parameter], columns: Iterable[str]) -> str:
    """First 12 hex digits of a SHA-256 over the priors that some columns were learned from."""
    names = {column.partition(SHARE_MARK)[0] for column in columns}
    return _hash_of({name: parameters[name] for name in names}).hexdigest()[:12]


def _hash_of(parameters: Mapping[str, Parameter]) -> "hashlib._Hash":
    priors = {
        name: parameter.distribution.model_dump(mode="json", exclude_none=True)
        for name, parameter in parameters.items()
    }
    return hashlib.sha256(json.dumps(priors, sort_keys=True).encode())


def verify(release: Release) -> None:
    """Check that a release's name and numbers belong together.

    Raises:
        BrokenReleaseError: they don't.
    """
    named = release.id.rpartition("+")[2]
    found = fingerprint(release.parameters, release.learned)
    if named != found:
        raise BrokenReleaseError(f"release {release.id} holds numbers of fingerprint {found}")
