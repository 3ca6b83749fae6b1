"""The values of a meta-analysis: effects of trials, what was left out, pools and networks."""

from dataclasses import dataclass
from typing import Literal

from anagen.evidence.schema import Use

Kind = Literal["difference", "change"]
"""A difference between two arms of a trial, or an arm's change from its own start: never mixed."""

Outcome = Literal["total", "terminal"]
"""Density of all counted hairs, or of terminal ones, per cm²."""

SeKind = Literal["arms", "arm", "interval", "p_value", "p_bound"]
"""Where a standard error comes from; of `p_bound` only its upper end is known."""

Method = Literal["REML", "PM", "DL", "FE"]
"""Between-trial variance: restricted likelihood, Paule-Mandel, DerSimonian-Laird, or none."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One number of one trial, in hairs per cm², with its standard error.

    Attributes:
        study: id of the trial.
        treatment, control: the arms; no control where it is an arm's own change.
        outcome: which hairs were counted.
        value, se: the number and its standard error.
        se_kind: where the standard error comes from.
        basis: the same in words, with the arithmetic.
        week: when it was counted, in weeks from the first treatment.
        n: people behind it.
        sex: of the people.
        use: who else may read the row: `fit` teaches the model, `check` is held aside to score it.
    """

    study: str
    treatment: str
    control: str | None
    outcome: Outcome
    value: float
    se: float
    se_kind: SeKind
    basis: str
    week: float | None
    n: int | None
    sex: str | None
    use: Use

    @property
    def kind(self) -> Kind:
        """Whether a control arm was subtracted."""
        return "change" if self.control is None else "difference"

    @property
    def variance(self) -> float:
        """Square of the standard error."""
        return self.se**2

    @property
    def poolable(self) -> bool:
        """Whether the standard error is known, rather than its upper end alone."""
        return self.se_kind != "p_bound"


@dataclass(frozen=True, slots=True)
class PublishedPool:
    """What somebody else pooled: shown, and never pooled again with its members."""

    study: str
    treatment: str
    control: str | None
    outcome: Outcome
    value: float
    low: float
    high: float
    n: int | None
    sex: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of evidence that no pool reads, and why."""

    study: str
    row: str
    use: Use
    reason: str


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pool:
    """The mean of several trials.

    Attributes:
        method: how the between-trial variance was estimated.
        k: number of trials.
        estimate: the mean.
        se, interval: by Hartung and Knapp, Sidik and Jonkman, with t quantiles of k − 1 degrees of
            freedom; of a common-effect pool (`FE`), the normal ones.
        se_normal, interval_normal: without that adjustment, with normal quantiles.
        prediction: where the true effect in a new trial may lie: estimate ± t(k − 1) × √(se² + tau2).
        tau2: variance between trials.
        q, q_df, q_p: Cochran's test of homogeneity.
        i2_percent: share of the variance of the effects that is between trials.
        h2: total over sampling variance.
        weights_percent: weight of each trial.
    """

    method: Method
    k: int
    estimate: float
    se: float
    interval: Interval
    se_normal: float
    interval_normal: Interval
    prediction: Interval
    tau2: float
    q: float
    q_df: int
    q_p: float
    i2_percent: float
    h2: float
    weights_percent: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """The pool without one trial."""

    without: str
    estimate: float
    interval: Interval
    tau2: float
    i2_percent: float


@dataclass(frozen=True, slots=True)
class EggerTest:
    """Egger's regression: do smaller trials show larger effects?

    Attributes:
        slope: change of the effect for one unit of standard error.
        t, df, p: test that the slope is 0.
        limit: the effect of a trial without sampling error, by the regression.
        limit_interval: 95 % interval of it.
    """

    slope: float
    t: float
    df: int
    p: float
    limit: float
    limit_interval: Interval


@dataclass(frozen=True, slots=True)
class Group:
    """All that trials say on one treatment against one control, or on one arm's change.

    Attributes:
        id: such as `minoxidil-5-vs-topical-vehicle/terminal`.
        effects: trials that are pooled.
        bounded: trials whose standard error is known only to lie below a bound; shown, not pooled.
        published: pools of others; shown, not pooled.
        pools: by method, the first is the one to read; empty with fewer than two trials.
        leave_one_out: the first pool without each trial; empty with fewer than three.
        egger: None with fewer than three trials.
        says: what a reader has to mind.
    """

    id: str
    treatment: str
    control: str | None
    outcome: Outcome
    kind: Kind
    effects: tuple[Effect, ...]
    bounded: tuple[Effect, ...]
    published: tuple[PublishedPool, ...]
    pools: tuple[Pool, ...]
    leave_one_out: tuple[LeaveOneOut, ...]
    egger: EggerTest | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One arm less another, out of a network."""

    treatment: str
    control: str
    estimate: float
    se: float
    interval: Interval
    direct_trials: int


@dataclass(frozen=True, slots=True)
class Link:
    """A trial of two arms of the network that gives no usable number of hairs per cm²."""

    study: str
    arms: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Component:
    """Arms that trials connect, and every comparison among them.

    Attributes:
        arms: the reference first.
        trials: ids of the trials.
        comparisons: against the reference first, then among the others.
        tau2: variance between trials of a difference; None with a single trial.
        q, q_df, q_p: heterogeneity and inconsistency that sampling does not explain.
        df: degrees of freedom of the t quantiles of the intervals; None: normal quantiles.
        bounded: the only standard error is an upper bound.
        says: what a reader has to mind.
    """

    arms: tuple[str, ...]
    trials: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    tau2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    df: int | None
    bounded: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The arms, in the components into which trials with usable numbers connect them."""

    outcome: Outcome
    components: tuple[Component, ...]
    alone: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetaAnalysis:
    """Everything that `anagen evidence meta` shows."""

    evidence_release: str
    groups: tuple[Group, ...]
    networks: tuple[Network, ...]
    without_numbers: tuple[Link, ...]
    left_out: tuple[LeftOut, ...]
