"""How likely the published numbers are, study by study.

All of a study's observations are one vector with a Student t law: its centre comes from the mean
field, its scale from sampling errors, from what the trial as a whole is off by, and from how the
effect of a treatment differs between trials. Equations C1–C5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln

from anagen.calibrate.arms import Constants, Parameters, arm_key, built, unit
from anagen.calibrate.clocks import Array
from anagen.calibrate.means import Means
from anagen.calibrate.targets import Observation

SAME_ARM, SAME_SCALP, OTHER_DOSE = 0.6, 0.5, 0.5
"""Correlations, by judgement: two visits of one arm, two sides of one scalp, and the deviations of
two strengths of one treatment in one trial."""

FREEDOM = 4.0
"""Degrees of freedom of a study's numbers around what the model says."""


@dataclass(frozen=True)
class Likelihood:
    """The observations of an evidence edition against the model.

    Attributes:
        constants: what is not learned.
        rows: all observations, study by study.
        reactivation, reversal: the two rival ways back, each of which may be switched off.
    """

    constants: Constants
    rows: tuple[Observation, ...]
    reactivation: bool = True
    reversal: bool = True
    blocks: dict[str, "Block"] = field(init=False)

    def __post_init__(self) -> None:
        names = dict.fromkeys(one.study for one in self.rows)
        blocks = {
            name: Block.of(
                [index for index, one in enumerate(self.rows) if one.study == name],
                self.rows,
                self.constants,
            )
            for name in names
        }
        object.__setattr__(self, "blocks", blocks)

    def observed(self) -> np.ndarray:
        """The published numbers."""
        return np.array([one.value for one in self.rows])

    def mean(self, values: Parameters) -> Array:
        """What the model says of every observation. Equations C1–C3."""
        ways_back = (self.reactivation, self.reversal)
        return Means(self.rows, values, self.constants, ways_back).all()

    def covariance(self, values: Parameters, block: "Block") -> Array:
        """How far a study's observations may be off, together. Equation C4."""
        return (
            jnp.asarray(block.sampling)
            + values["between-trials-sd"] ** 2 * block.trial
            + values["between-effects-sd"] ** 2 * block.medicine
            + values["between-session-effects-sd"] ** 2 * block.sessions
            + values["bias-uncontrolled-sd"] ** 2 * block.uncontrolled
        )

    def log_likelihood(self, values: Parameters, observed: Array) -> dict[str, Array]:
        """Log density of every study's observations, given the parameters."""
        mean = self.mean(values)
        return {
            name: _log_density(
                observed[block.index] - mean[block.index], self.covariance(values, block)
            )
            for name, block in self.blocks.items()
        }

    def replicate(self, values: Parameters, key: Array) -> Array:
        """Observations as a set of parameters would give them, drawn once."""
        mean = self.mean(values)
        found = jnp.zeros(len(self.rows))
        for block in self.blocks.values():
            key, own, odd = jax.random.split(key, 3)
            root = jnp.linalg.cholesky(self.covariance(values, block))
            noise = root @ jax.random.normal(own, (len(block.index),))
            noise = noise * jnp.sqrt(0.5 * FREEDOM / jax.random.gamma(odd, 0.5 * FREEDOM))
            found = found.at[block.index].set(mean[block.index] + noise)
        return found


@dataclass(frozen=True)
class Block:
    """One study's observations, and the parts of their covariance. Equation C4."""

    index: np.ndarray
    sampling: np.ndarray
    trial: np.ndarray
    medicine: np.ndarray
    sessions: np.ndarray
    uncontrolled: np.ndarray

    @classmethod
    def of(cls, index: list[int], rows: Sequence[Observation], constants: Constants) -> "Block":
        """The block of some rows."""
        own = [rows[place] for place in index]
        size = len(own)
        units = np.array([unit(one, constants) for one in own])
        grown = np.array([built(one.week, constants) for one in own])
        shared = units * grown * [not one.net and not one.pooled for one in own]
        loose = units * [one.uncontrolled for one in own]
        alike, deviate = np.eye(size), np.zeros((size, size))
        for a, first in enumerate(own):
            for b, second in enumerate(own):
                if a != b:
                    alike[a, b] = _alike(first, second)
                deviate[a, b] = _deviates_alike(first, second)
        error = np.array([one.se for one in own])
        treated = units * [one.treated and not one.pooled for one in own]
        of_sessions = np.array([one.arm in ("prp", "exosome") for one in own])
        spread = np.outer(treated, treated) * deviate
        return cls(
            index=np.array(index),
            sampling=alike * np.outer(error, error),
            trial=np.outer(shared, shared),
            medicine=spread * np.outer(~of_sessions, ~of_sessions),
            sessions=spread * np.outer(of_sessions, of_sessions),
            uncontrolled=np.outer(loose, loose),
        )


def _alike(first: Observation, second: Observation) -> float:
    """Correlation of two sampling errors."""
    changes = ("change", "percent", "weight_percent")
    if first.measure not in changes or second.measure not in changes:
        return 0.0
    if "microneedling" in first.care and "microneedling" in second.care:
        return SAME_SCALP
    same = arm_key(first)[:3] == arm_key(second)[:3] and first.care == second.care
    return SAME_ARM if same else 0.0


def _deviates_alike(first: Observation, second: Observation) -> float:
    """Correlation of what two treated arms of one trial deviate by."""
    if first.arm != second.arm:
        return 0.0
    return 1.0 if arm_key(first) == arm_key(second) else OTHER_DOSE


def _log_density(residual: Array, covariance: Array) -> Array:
    """Log density of a multivariate Student t: one odd study must not steer the rest."""
    root = jnp.linalg.cholesky(covariance)
    scaled = jax.scipy.linalg.solve_triangular(root, residual, lower=True)
    size = residual.shape[0]
    whole = 0.5 * (FREEDOM + size)
    return (
        gammaln(whole)
        - gammaln(0.5 * FREEDOM)
        - 0.5 * size * jnp.log(FREEDOM * jnp.pi)
        - jnp.sum(jnp.log(jnp.diagonal(root)))
        - whole * jnp.log1p(jnp.sum(scaled**2) / FREEDOM)
    )
