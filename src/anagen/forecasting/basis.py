"""What each curve and each comparison rests on, and who gets none, kept as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from anagen.catalogue.references import checked_tables
from anagen.evidence import load_evidence
from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Finding, PairBasis
from anagen.forecasting.model import EvidenceBasis
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


class Refusal(Record):
    """Why somebody gets no forecast."""

    id: Id
    reason: Text
    sources: tuple[Id, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class BasisTable:
    """All three tables."""

    arms: Mapping[str, ArmBasis]
    pairs: Mapping[frozenset[str], PairRow]
    refusals: Mapping[str, Refusal]

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
        InputError: a file breaks its schema, or cites what the evidence does not hold.
        ValueError: a row names an arm that is none.
    """
    folder = Path(__file__).parent / "data"
    tables = checked_tables(
        {
            "arms": (folder / "arms.yaml", ArmBasis),
            "pairs": (folder / "pairs.yaml", PairRow),
            "refusals": (folder / "refusals.yaml", Refusal),
        },
        load_evidence(),
        checks={},
    )
    return BasisTable(
        MappingProxyType(dict(tables["arms"])),
        MappingProxyType(
            {
                frozenset(parse_arm(arm).id for arm in name.split("~")): row
                for name, row in tables["pairs"].items()
            }
        ),
        MappingProxyType(dict(tables["refusals"])),
    )
