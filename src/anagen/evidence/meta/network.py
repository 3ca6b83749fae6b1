"""One model of all linked treatments: contrasts by generalised least squares with a common tau²."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from math import sqrt

import numpy as np

from anagen.evidence.meta.model import (
    Component,
    Contrast,
    League,
    Network,
    Selection,
)
from anagen.evidence.meta.reml import Array, gls, reml_tau2
from anagen.evidence.meta.select import CONTROLS, OUTCOMES, cautions_of

OF_INTEREST = (
    "none",
    "topical-vehicle",
    "oral-placebo",
    "saline",
    "minoxidil-2",
    "minoxidil-5",
    "finasteride",
    "prp",
    "exosome",
)
"""Treatments that the network is asked about; the page says which of them it cannot hold."""


def networks(selection: Selection) -> tuple[Network, ...]:
    """The network of each outcome: its connected components, and what stands in none of them."""
    return tuple(_network(selection, outcome) for outcome in OUTCOMES)


def _network(selection: Selection, outcome: str) -> Network:
    contrasts = [
        one
        for group in selection.groups
        if group.kind == "controlled" and group.outcome == outcome
        for one in group.contrasts
    ]
    parts = tuple(fit_component(part) for part in components(contrasts))
    inside = {node for part in parts for node in part.nodes}
    return Network(outcome, parts, tuple(name for name in OF_INTEREST if name not in inside))


def components(contrasts: Iterable[Contrast]) -> list[list[Contrast]]:
    """Contrasts that trials link, the largest component first."""
    parts: list[tuple[set[str], list[Contrast]]] = []
    for one in contrasts:
        nodes = {one.treatment, one.control or ""}
        apart = []
        joined = [one]
        for part_nodes, part in parts:
            if part_nodes & nodes:
                nodes |= part_nodes
                joined = [*part, *joined]
            else:
                apart.append((part_nodes, part))
        parts = [*apart, (nodes, joined)]
    ordered = sorted(parts, key=lambda part: (-len(part[0]), min(part[0])))
    return [part for _, part in ordered]


def fit_component(contrasts: list[Contrast]) -> Component:
    """Fit one connected component.

    Contrasts of one study share the variance of its control arm, and half of tau² (the common
    assumption of equal variances between studies for every comparison).
    """
    kept = _one_base_per_study(contrasts)
    nodes = _nodes(kept)
    reference = nodes[0]
    y = np.array([one.estimate_per_cm2 for one in kept])
    x, v, shape = _design(kept, nodes), _covariance(kept), _shape(kept)
    df = len(y) - x.shape[1]
    tau2 = reml_tau2(y, v, x, shape) if df > 0 else 0.0
    mean, covariance, _ = gls(y, v + tau2 * shape, x)
    q = gls(y, v, x)[2]
    return Component(
        nodes=nodes,
        reference=reference,
        studies=tuple(dict.fromkeys(one.study for one in kept)),
        contrasts=kept,
        tau2=tau2,
        q=q if df > 0 else 0.0,
        df=df,
        p=_chi2(q, df) if df > 0 else None,
        league=tuple(_league(nodes, mean, covariance, contrasts, _quantile(df))),
        cautions=cautions_of(kept),
    )


def _one_base_per_study(contrasts: list[Contrast]) -> tuple[Contrast, ...]:
    """Of a study with several arms only the differences to one arm; the others follow from them."""
    by_study: dict[str, list[Contrast]] = defaultdict(list)
    for one in contrasts:
        by_study[one.study].append(one)
    kept: list[Contrast] = []
    for study in sorted(by_study):
        several = sorted(by_study[study], key=lambda one: (one.treatment, one.control or ""))
        counted = Counter(one.control for one in several)
        base = max(counted, key=lambda name: (counted[name], name in CONTROLS, name or ""))
        kept.extend(one for one in several if one.control == base)
    return tuple(kept)


def _nodes(contrasts: Iterable[Contrast]) -> tuple[str, ...]:
    """The reference first: the barest control, else the first control by name."""
    names = {name for one in contrasts for name in (one.treatment, one.control or "")}

    def place(name: str) -> tuple[int, str]:
        return (CONTROLS.index(name) if name in CONTROLS else len(CONTROLS), name)

    return tuple(sorted(names, key=place))


def _design(contrasts: tuple[Contrast, ...], nodes: tuple[str, ...]) -> Array:
    x = np.zeros((len(contrasts), len(nodes)))
    for line, one in enumerate(contrasts):
        x[line, nodes.index(one.treatment)] += 1.0
        x[line, nodes.index(one.control or "")] -= 1.0
    return np.asarray(x[:, 1:])


def _covariance(contrasts: tuple[Contrast, ...]) -> Array:
    v = np.diag([one.se_per_cm2**2 for one in contrasts])
    for i, j in combinations(range(len(contrasts)), 2):
        one, other = contrasts[i], contrasts[j]
        if one.study == other.study:
            if one.control_variance is None:
                raise ValueError(
                    f"{one.study}: several arms, but no variance of the one they share"
                )
            v[i, j] = v[j, i] = one.control_variance
    return v


def _shape(contrasts: tuple[Contrast, ...]) -> Array:
    study = np.array([one.study for one in contrasts])
    same = (study[:, None] == study[None, :]).astype(float)
    return np.asarray(0.5 * (same + np.eye(len(contrasts))))


def _quantile(df: int) -> float:
    """97.5 % point of t; of the normal distribution where no degree of freedom is left."""
    from scipy.stats import norm, t

    return float(t.isf(0.025, df) if df > 0 else norm.isf(0.025))


def _chi2(q: float, df: int) -> float:
    from scipy.stats import chi2

    return float(chi2.sf(q, df))


def _league(
    nodes: tuple[str, ...],
    mean: Array,
    covariance: Array,
    contrasts: list[Contrast],
    quantile: float,
) -> Iterable[League]:
    """Every pair of the component; `direct_studies` counts trials that had both arms."""
    means = np.concatenate([[0.0], mean])
    full = np.zeros((len(nodes), len(nodes)))
    full[1:, 1:] = covariance
    for control, treatment in combinations(range(len(nodes)), 2):
        difference = float(means[treatment] - means[control])
        se = sqrt(
            full[treatment, treatment] + full[control, control] - 2 * full[treatment, control]
        )
        pair = {nodes[treatment], nodes[control]}
        direct = {one.study for one in contrasts if {one.treatment, one.control} == pair}
        low, high = difference - quantile * se, difference + quantile * se
        yield League(nodes[treatment], nodes[control], difference, se, low, high, len(direct))
