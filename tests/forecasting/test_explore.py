"""Weighted candidates agree with what is known in closed form."""

import numpy as np
import pytest
from numpy.typing import NDArray

from anagen.forecasting.explore import explore, flattened, normalised, systematic, worth_of
from anagen.posterior import Keyed
from anagen.posterior.keyed import Floats

COUNT = 2000


def test_a_narrow_normal_posterior_is_found() -> None:
    """Traits z ~ N(0, I) and an atom's x ~ N(0, 1); y = z0 + x is read with a small error."""
    keyed, sd, reading = Keyed(5), 0.05, 2.5
    first = np.stack([keyed.normal(f"trait/{trait}", COUNT) for trait in range(2)], axis=1)
    x = keyed.normal("atom", COUNT)

    def agree(atom: NDArray[np.intp], traits: Floats, _: int) -> Floats:
        return np.asarray(-0.5 * ((reading - traits[:, 0] - x[atom]) / sd) ** 2)

    found = explore(agree, first, x[:, None], keyed)
    weight = normalised(found.log_weight)
    plain = worth_of(normalised(agree(np.arange(COUNT), first, 0)))
    assert worth_of(weight) > 10 * plain
    # z0 + x is known; each takes half of it, and the other trait stays as it was.
    spread = 2.0 + sd**2
    assert weight @ found.traits[:, 0] == pytest.approx(reading / spread, abs=0.1)
    assert weight @ x[found.atom] == pytest.approx(reading / spread, abs=0.1)
    assert weight @ found.traits[:, 1] == pytest.approx(0.0, abs=0.1)
    assert weight @ found.traits[:, 1] ** 2 == pytest.approx(1.0, abs=0.15)
    assert weight @ (found.traits[:, 0] + x[found.atom]) == pytest.approx(reading, abs=0.02)
    evidence = np.log(np.mean(np.exp(found.log_weight)))
    exact = -0.5 * reading**2 / spread + np.log(sd) - 0.5 * np.log(spread)
    assert evidence == pytest.approx(exact, abs=0.15)


def test_without_news_the_prior_stays() -> None:
    keyed = Keyed(6)
    first = keyed.normal("trait", COUNT)[:, None]
    features = keyed.normal("atom", COUNT)[:, None]
    found = explore(lambda atom, *_: np.zeros(atom.shape[0]), first, features, keyed)
    weight = normalised(found.log_weight)
    assert worth_of(weight) > 0.9 * COUNT
    assert weight @ found.traits[:, 0] == pytest.approx(0.0, abs=0.06)


def test_resampling_keeps_shares() -> None:
    weight = np.array([0.1, 0.2, 0.7])
    counts = np.bincount(systematic(weight, 1000, 0.5), minlength=3)
    assert np.abs(counts - 1000 * weight).max() <= 1
    assert worth_of(weight) == pytest.approx(1 / (weight**2).sum())


def test_flattening_keeps_order_and_reaches_the_worth() -> None:
    log_weight = -0.5 * np.linspace(-40, 40, 500) ** 2
    flat = flattened(log_weight, 100.0)
    assert worth_of(flat) == pytest.approx(100.0, rel=0.01)
    assert (np.argsort(flat)[-10:] >= 240).all()
    assert np.array_equal(flattened(log_weight, 1.0), normalised(log_weight))
