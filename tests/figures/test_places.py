"""Places of follicles: fixed, even, inside the patch, in small units."""

import numpy as np
import pytest

from anagen.figures.places import places


def apart(x, y):
    distance = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    np.fill_diagonal(distance, np.inf)
    return distance.min(axis=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_lie_inside_and_no_follicle_is_there_twice(seed):
    found = places(400, 250, 10.0, seed)
    assert len(set(found.index.tolist())) == 250
    for place in (found.x_mm, found.y_mm):
        assert place.min() > 0
        assert place.max() < 10
    assert apart(found.x_mm, found.y_mm).min() > 0.01


def test_the_same_each_time_and_another_with_another_seed():
    first, again, other = (places(250, 250, 10.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.x_mm, again.x_mm)
    assert np.array_equal(first.index, again.index)
    assert not np.array_equal(first.x_mm, other.x_mm)


def test_follicles_stand_in_units():
    found = places(250, 250, 10.0, 1)
    near = np.hypot(
        found.x_mm[:, None] - found.x_mm[None, :], found.y_mm[:, None] - found.y_mm[None, :]
    )
    in_unit = (near < 0.45).sum(axis=1)
    assert 1.7 < in_unit.mean() < 3.2


def test_units_are_spread_more_evenly_than_chance():
    def variance(seed):
        found = places(250, 250, 10.0, seed)
        counts = np.histogram2d(found.x_mm, found.y_mm, bins=4, range=[[0, 10], [0, 10]])[0]
        return counts.var()

    # Even single follicles would by chance scatter with a Poisson number's variance, 250 / 16;
    # units of several would scatter more than twice as much.
    assert np.mean([variance(seed) for seed in range(1, 9)]) < 250 / 16


def test_a_sorted_start_is_not_laid_out_in_order():
    found = places(1000, 250, 10.0, 1)
    assert 400 < found.index.mean() < 600
    assert abs(np.corrcoef(found.index, found.y_mm)[0, 1]) < 0.2


def test_too_few_follicles_is_told():
    with pytest.raises(ValueError, match="holds 250 follicles, but only 100 were followed"):
        places(100, 250, 10.0, 1)
