"""What each curve and each comparison rests on, kept as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Finding, PairBasis
from anagen.forecasting.model import EvidenceBasis
from anagen.reading import read_table
from anagen.treatment.arms import parse_arm

OTHER_SUM = "sum"
"""Row of the table that stands for every sum without a row of its own."""


class ArmBasis(Record):
    """What one arm's curve rests on."""

    id: Id
    finding: Finding
    text: Text
    studied_until_day: int | None = Field(default=None, ge=1)
    sources: tuple[Id, ...] = ()


class PairRow(Record):
    """What the comparison of two arms rests on; `id` names both arms, joined by `~`."""

    id: str = Field(pattern=r"^[a-z+]+~[a-z+]+$")
    basis: PairBasis
    because: Text
    sources: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class BasisTable:
    """Both tables."""

    arms: Mapping[str, ArmBasis]
    pairs: Mapping[frozenset[str], PairRow]

    def of_arm(self, arm: str) -> EvidenceBasis:
        """What the arm's curve rests on."""
        row = self.arms.get(arm, self.arms[OTHER_SUM])
        return EvidenceBasis(row.finding, row.text, row.studied_until_day, row.sources)

    def of_pair(self, a: str, b: str) -> PairBasis:
        """What the comparison rests on; two arms without a row rest on priors alone."""
        row = self.pairs.get(frozenset((a, b)))
        return "prior_only" if row is None else row.basis


@cache
def load_basis() -> BasisTable:
    """The packaged tables.

    Raises:
        InputError: a file breaks its schema.
        ValueError: a row names an arm that is none.
    """
    folder = Path(__file__).parent / "data"
    arms = read_table([folder / "arms.yaml"], "arms", ArmBasis).records
    rows = read_table([folder / "pairs.yaml"], "pairs", PairRow).records
    pairs = {
        frozenset(parse_arm(arm).id for arm in name.split("~")): row for name, row in rows.items()
    }
    return BasisTable(MappingProxyType(dict(arms)), MappingProxyType(pairs))
