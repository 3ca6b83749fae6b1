"""A prior in the sampler is the prior of the evidence."""

import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import ndtri

from anagen.calibrate.priors import PARAMETERS, value
from anagen.evidence import load_evidence
from anagen.evidence.schema import Parameter
from anagen.posterior import Keyed
from anagen.posterior.sample import sample

PARAMETER = load_evidence().parameters
SINGLE = [name for name in PARAMETERS if PARAMETER[name].distribution.weights is None]


@pytest.mark.parametrize("name", SINGLE)
def test_standard_normal_numbers_become_the_prior(name: str) -> None:
    record: Parameter = PARAMETER[name]
    shares = (np.arange(4000) + 0.5) / 4000
    pushed = np.sort(np.asarray(value(record, ndtri(jnp.asarray(shares)))))
    drawn = sample(record.distribution, Keyed(1), name, 4000)
    # Kolmogorov–Smirnov against the exact law: beyond 0.031 by chance once in a thousand.
    below = np.searchsorted(pushed, np.sort(drawn)) / 4000
    assert np.abs(below - shares).max() < 0.031


def test_every_learned_parameter_is_a_record_with_a_reason() -> None:
    for name in PARAMETERS:
        assert len(PARAMETER[name].because) > 30
        assert PARAMETER[name].distribution.law != "fixed"
