"""From the evidence to a sampler that is ready to run."""

from functools import cache

import jax.numpy as jnp

from anagen.calibrate.arms import Constants
from anagen.calibrate.chain import Plan, Sampler, model
from anagen.calibrate.likelihood import Likelihood
from anagen.calibrate.targets import observations
from anagen.evidence import load_evidence


@cache
def likelihood(reactivation: bool = True, reversal: bool = True) -> Likelihood:
    """The evidence's fit rows against the model, with the ways back that it may have."""
    evidence = load_evidence()
    return Likelihood(
        Constants.of(evidence.parameters),
        observations(evidence),
        reactivation=reactivation,
        reversal=reversal,
    )


def sampler(plan: Plan, reactivation: bool, reversal: bool) -> Sampler:
    """A sampler of the joint posterior."""
    of = likelihood(reactivation, reversal)
    joint = model(of, load_evidence().parameters)
    return Sampler(joint, plan, jnp.asarray(of.observed()))
