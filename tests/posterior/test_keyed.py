"""Named random numbers: the same for any count, order or neighbour, and of the right law."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from anagen.evidence.schema import Distribution
from anagen.posterior import Keyed
from anagen.posterior.sample import sample, sample_shares

MANY = 40_000


@given(st.integers(0, 2**40), st.text(max_size=8), st.integers(1, 60), st.integers(1, 60))
def test_a_draw_does_not_depend_on_how_many_there_are(
    seed: int, purpose: str, few: int, more: int
) -> None:
    keyed = Keyed(seed)
    low, high = sorted((few, more))
    assert (keyed.normal(purpose, high)[:low] == keyed.normal(purpose, low)).all()
    assert (keyed.gamma(purpose, 0.5, high)[:low] == keyed.gamma(purpose, 0.5, low)).all()


def test_names_seeds_and_subjects_differ() -> None:
    first = Keyed(1).uniform("a", 50)
    for other in (
        Keyed(1).uniform("b", 50),
        Keyed(2).uniform("a", 50),
        Keyed(1, "x").uniform("a", 50),
    ):
        assert (first != other).all()


def test_the_same_numbers_on_every_machine() -> None:
    """Pinned: a change here changes every forecast."""
    assert Keyed(1).uniform("a", 2).tolist() == pytest.approx(PINNED, abs=1e-15)


PINNED = [0.03449930343240665, 0.12086552347464935]


def test_uniform_and_normal() -> None:
    uniform = Keyed(4).uniform("u", MANY)
    assert 0 < uniform.min() < uniform.max() < 1
    assert uniform.mean() == pytest.approx(0.5, abs=0.01)
    normal = Keyed(4).normal("n", MANY)
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert normal.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0, 40.0])
def test_gamma(shape: float) -> None:
    found = Keyed(4).gamma("g", shape, MANY)
    assert found.mean() == pytest.approx(shape, rel=0.03)
    assert found.var() == pytest.approx(shape, rel=0.06)


LAWS = [
    ({"law": "fixed", "value": 3.0}, 3.0, 0.0),
    ({"law": "uniform", "low": 1.0, "high": 3.0}, 2.0, 2 / 12**0.5),
    ({"law": "normal", "mean": -1.0, "sd": 2.0}, -1.0, 2.0),
    ({"law": "half_normal", "sd": 1.0}, (2 / np.pi) ** 0.5, (1 - 2 / np.pi) ** 0.5),
    ({"law": "lognormal", "median": 2.0, "sd_log": 0.5}, 2 * np.exp(0.125), 1.209),
    ({"law": "beta", "a": 2.0, "b": 1.0}, 2 / 3, (2 / (9 * 4)) ** 0.5),
    ({"law": "logit_normal", "centre": 0.5, "sd_logit": 1.0}, 0.5, 0.208),
    ({"law": "truncated_normal", "mean": 0.0, "sd": 1.0, "low": -1.0, "high": 1.0}, 0.0, 0.5396),
]


@pytest.mark.parametrize(("law", "mean", "sd"), LAWS, ids=lambda value: str(value)[:30])
def test_each_law_has_its_moments(law: dict[str, float], mean: float, sd: float) -> None:
    found = sample(Distribution(**law), Keyed(2), "x", MANY)
    assert found.mean() == pytest.approx(mean, abs=0.03)
    assert found.std() == pytest.approx(sd, abs=0.03)


def test_shares_sum_to_one() -> None:
    shares = sample_shares(
        Distribution(law="dirichlet", weights={"a": 3.0, "b": 1.5, "c": 0.5}), Keyed(2), "x", MANY
    )
    assert np.allclose(sum(shares.values()), 1.0)
    assert shares["a"].mean() == pytest.approx(0.6, abs=0.01)
    assert shares["c"].std() == pytest.approx((0.1 * 0.9 / 6) ** 0.5, abs=0.01)


def test_a_law_of_several_numbers_is_not_one_number() -> None:
    law = Distribution(law="dirichlet", weights={"a": 1.0, "b": 1.0})
    with pytest.raises(ValueError, match="several numbers"):
        sample(law, Keyed(1), "x", 5)
    with pytest.raises(ValueError, match="only a Dirichlet"):
        sample_shares(Distribution(law="fixed", value=1.0), Keyed(1), "x", 5)


def test_hopeless_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="almost no proposal"):
        Keyed(1).truncated_normal("x", 5, 30.0, 31.0)
