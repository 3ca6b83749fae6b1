"""What goes into a pooled result and what comes out of it."""

from dataclasses import dataclass
from typing import Literal

from anagen.evidence.schema import Use

How = Literal["arms", "interval", "p_value", "p_bound"]
"""Where a standard error comes from; p_bound is the largest one that a "p below" allows."""

Kind = Literal["controlled", "within_arm"]
"""A difference between arms, or one arm's own change. The two never share a group."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One study's number with its standard error.

    Attributes:
        treatment: slug of the arm; strength included (`minoxidil-5`).
        control: slug of the arm that was subtracted; None for an arm's own change.
        estimate_per_cm2: difference of mean changes, or the mean change.
        se_per_cm2: its standard error.
        control_variance: squared SE of the control arm's mean, which all differences to that arm
            share; None when only the difference was published.
        basis: the arithmetic behind the standard error.
    """

    study: str
    treatment: str
    control: str | None
    outcome: str
    week: float | None
    sex: str | None
    n: int | None
    estimate_per_cm2: float
    se_per_cm2: float
    control_variance: float | None
    how: How
    basis: str
    use: Use
    note: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that cannot be pooled, and why."""

    study: str
    row: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pool:
    """A pooled result of others; its members may be among the rows, so it is only shown."""

    study: str
    row: str
    controlled: bool
    estimate_per_cm2: float
    ci_per_cm2: tuple[float, float] | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Contrasts of the same two arms in the same outcome: at most one of a study.

    Attributes:
        cautions: what its studies do not have in common.
    """

    id: str
    kind: Kind
    treatment: str
    control: str | None
    outcome: str
    contrasts: tuple[Contrast, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """All rows in hairs/cm²: what is pooled, what is shown apart, and what is left out."""

    groups: tuple[Group, ...]
    pools: tuple[Pool, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A pooled mean in hairs/cm² with its 95 % interval.

    Attributes:
        prediction: 95 % range for the true effect in one more study of this kind; None where the
            model has no variance between studies to predict from.
    """

    mean: float
    se: float
    low: float
    high: float
    tau2: float
    prediction: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q with its degrees of freedom and p; I² in percent and H² at the REML tau²."""

    q: float
    df: int
    p: float
    i2_percent: float
    h2: float
    tau2: float


@dataclass(frozen=True, slots=True)
class Without:
    """The result when one study is left out."""

    study: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Egger:
    """Slope of the effect on its standard error, per hair/cm² of error; t with k - 2 df."""

    slope: float
    se: float
    t: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Pooled:
    """One group, pooled by every method.

    `estimates` holds fixed, dl, pm, reml, reml_hk (Hartung and Knapp) and reml_adhoc: the same, but
    with an SE of at least REML's, since few studies may agree by chance.

    With one study there is nothing to pool: `estimates` holds `single` alone, and the rest is None
    or empty. Leaving one out needs three studies, and so does Egger's regression.
    """

    group: Group
    estimates: dict[str, Estimate]
    heterogeneity: Heterogeneity | None
    leave_one_out: tuple[Without, ...]
    egger: Egger | None

    @property
    def leading(self) -> Estimate:
        """The estimate to read first: by REML with the wider of both intervals, or the only one."""
        return self.estimates.get("reml_adhoc") or self.estimates["single"]


@dataclass(frozen=True, slots=True)
class League:
    """One comparison inside a connected component: treatment minus control, 95 % by t."""

    treatment: str
    control: str
    mean: float
    se: float
    low: float
    high: float
    direct_studies: int


@dataclass(frozen=True, slots=True)
class Component:
    """Treatments that trials link to each other, and every comparison among them.

    Attributes:
        df: contrasts beyond what a tree of treatments needs; with 0 tau² cannot be estimated, is
            taken as 0, and intervals are too narrow if studies differ.
        q: generalised Cochran's Q under tau² of 0.
        cautions: what its studies do not have in common.
    """

    nodes: tuple[str, ...]
    reference: str
    studies: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    tau2: float
    q: float
    df: int
    p: float | None
    league: tuple[League, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """All components of one outcome. Between two of them nothing can be compared."""

    outcome: str
    components: tuple[Component, ...]
    unlinked: tuple[str, ...]
    """Treatments of interest in no poolable trial of this outcome."""
