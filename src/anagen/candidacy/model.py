"""What a candidacy verdict consists of."""

from dataclasses import dataclass
from typing import Literal

VerdictKind = Literal["candidate", "caution", "undetermined", "not_now"]
FindingKind = Literal["indication", "contraindication", "caution", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that spoke: why it matters for this person, and who says so."""

    rule: str
    kind: FindingKind
    text: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one arm, with every finding behind it."""

    arm: str
    verdict: VerdictKind
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ArmStanding:
    """One option as it stands for this person; a contraindicated arm is shown, not hidden.

    Attributes:
        available: False when a contraindication, the person's sex or a medicine already in use
            rules the arm out; then it has no forecast and `reason` says why.
        verdict: the same four words as the overall verdict, for this arm.
        certainty: how sure the evidence on this arm's effect is at 24 weeks.
    """

    id: str
    label: str
    available: bool
    verdict: VerdictKind
    reason: str
    cautions: tuple[str, ...]
    missing: tuple[str, ...]
    regulatory_status: str
    certainty: str
    sources: tuple[str, ...]
