"""From finished runs to a release: variants compared, mixed, checked and written."""

import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from anagen.calibrate.compare import Score, averaging, difference, mixed, score
from anagen.calibrate.gather import Gathered, as_parameters, diagnose, gather
from anagen.calibrate.likelihood import Likelihood
from anagen.calibrate.run import VARIANTS, Job
from anagen.calibrate.setup import likelihood
from anagen.evidence import Evidence
from anagen.posterior.release import prior_mark
from anagen.posterior.store import Manifest, write_release

ROWS = 2000
"""Joint draws of a release."""

BATCH = 100
"""Draws whose likelihood is computed together."""

COMPARED = 1000
"""Draws of each variant that studies are left out of by weights."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One variant's run, and how well it predicts studies left out."""

    gathered: Gathered
    score: Score


def publish(
    folder: Path, jobs: Mapping[str, Job], evidence: Evidence, about: Mapping[str, str]
) -> Manifest:
    """Write a release from the finished run of every variant.

    Args:
        folder: the new release's folder, named after its edition.
        jobs: the run of each variant.
        evidence: what they were fitted to.
        about: `made_on` and `software`.

    Raises:
        ReleaseFileError: a run has not converged, or the folder holds a release already.
    """
    parameters = evidence.parameters
    runs = {name: finish(name, job, evidence) for name, job in jobs.items()}
    scores = {name: run.score for name, run in runs.items()}
    weights = averaging(scores)
    best = max(scores, key=lambda name: scores[name].total)
    learned = {name: diagnose(run.gathered, parameters) for name, run in runs.items()}
    columns = {
        name: column.model_dump()
        | {
            # A variant that is mixed in must have mixed too.
            "r_hat": max(learned[one][name].r_hat for one in runs),
            "ess": min(learned[one][name].ess for one in runs),
        }
        for name, column in learned["both"].items()
    }
    job = jobs["both"]
    content: dict[str, Any] = dict(about) | {
        "schema_version": 1,
        "versions": {
            name: importlib.metadata.version(name)
            for name in ("jax", "numpyro", "numpy", "arviz-stats")
        },
        "evidence_release": evidence.release,
        "priors": prior_mark(parameters, columns),
        "seed": job.seed,
        "chains": job.chains,
        "warmup": job.warmup,
        "draws_per_chain": job.draws,
        "divergences": sum(run.gathered.diverging for run in runs.values()),
        "most_r_hat": max(column["r_hat"] for column in columns.values()),
        "least_ess": min(column["ess"] for column in columns.values()),
        "ways_back": {
            name: dict(
                zip(
                    ("elpd", "behind_best", "behind_best_se", "worst_shape", "weight"),
                    (
                        scores[name].total,
                        *difference(scores[best], scores[name]),
                        scores[name].shape,
                        weights[name],
                    ),
                    strict=True,
                )
            )
            for name in runs
        },
        "columns": columns,
    }
    flat = {name: run.gathered.flat for name, run in runs.items()}
    return write_release(folder, mixed(flat, weights, ROWS), content)


def finish(variant: str, job: Job, evidence: Evidence) -> Finished:
    """A variant's chains and its score."""
    gathered = gather(job.folder, evidence.parameters)
    chains, draws = next(iter(gathered.columns.values())).shape
    step = max(chains * draws // COMPARED, 1)
    thinned = {name: values[:, ::step] for name, values in gathered.columns.items()}
    kept = next(iter(thinned.values())).shape[1]
    flat = {name: values.reshape(-1) for name, values in thinned.items()}
    found = log_likelihoods(likelihood(*VARIANTS[variant]), flat)
    return Finished(
        gathered, score({name: values.reshape(chains, kept) for name, values in found.items()})
    )


def log_likelihoods(of: Likelihood, columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Log density of every study for every draw."""
    observed = jnp.asarray(of.observed())
    found: dict[str, np.ndarray] = over_draws(
        lambda values: of.log_likelihood(values, observed), columns
    )
    return found


def over_draws(function: Any, columns: Mapping[str, np.ndarray]) -> Any:
    """A function of one set of parameters, for every draw; what it gives has the draws first."""
    values = as_parameters(columns)
    many = jax.jit(lambda batch: jax.lax.map(function, batch))
    draws = len(next(iter(values.values())))
    parts = [
        many({name: value[low : low + BATCH] for name, value in values.items()})
        for low in range(0, draws, BATCH)
    ]
    return jax.tree.map(lambda *found: np.concatenate([np.asarray(one) for one in found]), *parts)
