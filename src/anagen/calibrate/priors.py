"""Priors: the distributions kept with the evidence, as a sampler takes them."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import expit, ndtr, ndtri

from anagen.evidence.schema import Parameter

PARAMETERS = (
    "healthy-diameter-shares",
    "anagen-60um-months",
    "anagen-diameter-power",
    "anagen-drive-log",
    "telogen-months",
    "latency-days",
    "early-anagen-days",
    "shrink-probability",
    "shrink-slope",
    "relapse-probability",
    "reference-years",
    "minoxidil-telogen-exit",
    "minoxidil-latency-exit",
    "minoxidil-anagen-hold",
    "minoxidil-lift",
    "minoxidil-strength-power",
    "minoxidil-women-factor",
    "finasteride-follows-dht",
    "finasteride-lift",
    "prp-amplitude",
    "prp-half-life",
    "prp-accumulation",
    "prp-channels",
    "exosome-net-112",
    "care-topical-vehicle",
    "care-saline",
    "care-microneedling",
    "between-trials-sd",
    "between-effects-sd",
    "between-session-effects-sd",
    "bias-single-arm",
    "bias-industry",
    "bias-pool",
    "bias-uncontrolled-sd",
    "visit-sd",
    "reading-error-percent",
    "cohort-healthy-ratio",
    "cohort-affected-ratio",
)
"""Parameters that are learned together; everything else stays at its prior."""


def value(parameter: Parameter, normal: jax.Array) -> jax.Array:
    """The value of a parameter at a standard normal number: its prior, pushed forward.

    A sampler that moves standard normal numbers begins on the right scale in every direction.

    Raises:
        ValueError: a law that the sampler is not asked for.
    """
    law = parameter.distribution
    match law.law:
        case "normal":
            return _of(law.mean) + _of(law.sd) * normal
        case "lognormal":
            return _of(law.median) * jnp.exp(_of(law.sd_log) * normal)
        case "logit_normal":
            centre = _of(law.centre)
            return expit(jnp.log(centre / (1.0 - centre)) + _of(law.sd_logit) * normal)
        case "truncated_normal":
            low, high = (
                ndtr((_of(edge) - _of(law.mean)) / _of(law.sd)) for edge in (law.low, law.high)
            )
            return _of(law.mean) + _of(law.sd) * ndtri(low + (high - low) * ndtr(normal))
        case "half_normal":
            return _of(law.sd) * ndtri(0.5 + 0.5 * ndtr(normal))
        case "beta" if law.b == 1:
            return ndtr(normal) ** (1.0 / _of(law.a))
        case _:
            raise ValueError(f"{parameter.id}: a {law.law} cannot be learned")


def draw(parameter: Parameter) -> jax.Array:
    """A parameter inside a NumPyro model."""
    weights = parameter.distribution.weights
    if weights is not None:
        shares = dist.Dirichlet(jnp.array(list(weights.values())))
        return jnp.asarray(numpyro.sample(parameter.id, shares))
    normal = numpyro.sample(f"{parameter.id}{FREE}", dist.Normal(0.0, 1.0))
    return jnp.asarray(numpyro.deterministic(parameter.id, value(parameter, normal)))


FREE = "/normal"
"""Ends the name of the standard normal number behind a parameter."""


def _of(number: float | None) -> jax.Array:
    if number is None:
        raise ValueError("the law lacks a number")
    return jnp.asarray(number, dtype=jnp.float64)


def middle(parameter: Parameter) -> jax.Array:
    """The middle of a prior."""
    law = parameter.distribution
    if law.weights is None:
        return value(parameter, jnp.zeros(()))
    weights = jnp.array(list(law.weights.values()))
    return weights / weights.sum()
