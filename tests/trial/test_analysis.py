"""Each analysis against a known library, and the properties that a statistician counts on."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings, strategies as st
from scipy.stats import multivariate_normal
from statsmodels.stats import proportion
from statsmodels.stats.power import TTestIndPower

from anagen.trial.analysis import Data, Estimates, ancova, change, paired, repeated, responder
from anagen.trial.looks import bounds, spent
from anagen.trial.size import chance

TRIALS, PEOPLE = 3, 40


def made(seed=1, drop=0.3, visits=2, effect=5.0):
    rng = np.random.default_rng(seed)
    start = rng.normal(160, 40, (TRIALS, PEOPLE))
    treated = np.tile(np.arange(PEOPLE) % 2 == 0, (TRIALS, 1))
    counts, walk = [start], np.zeros_like(start)
    for visit in range(visits):
        walk = 0.6 * walk + rng.normal(0, 12, start.shape) + effect * treated * (visit + 1) / visits
        counts.append(start + walk - 0.1 * (start - 160))
    last = np.where(rng.random(start.shape) < drop, rng.integers(0, visits, start.shape), visits)
    seen = np.stack([visit <= last for visit in range(visits + 1)])
    return Data(np.stack(counts), treated, seen)


def ols(data, trial, covariate):
    seen = data.seen[-1, trial]
    columns = [data.treated[trial, seen].astype(float)]
    if covariate:
        columns.append(data.counts[0, trial, seen])
    outcome = (data.counts[-1] - data.counts[0])[trial, seen]
    return sm.OLS(outcome, sm.add_constant(np.stack(columns, 1))).fit()


@pytest.mark.parametrize(("method", "covariate"), [(ancova, True), (change, False)])
def test_least_squares_are_those_of_statsmodels(method, covariate):
    data = made()
    found = method(data)
    low = found.effect - found.half_width(0.05)
    for trial in range(TRIALS):
        known = ols(data, trial, covariate)
        assert found.effect[trial] == pytest.approx(known.params[1])
        assert found.se[trial] == pytest.approx(known.bse[1])
        assert found.p_value()[trial] == pytest.approx(known.pvalues[1])
        assert low[trial] == pytest.approx(known.conf_int()[1][0])


def test_responders_are_compared_as_in_statsmodels():
    data = made(effect=20.0)
    found = responder(data, 5.0)
    for trial in range(TRIALS):
        seen, treated = data.seen[-1, trial], data.treated[trial]
        gained = data.counts[-1, trial] >= 1.05 * data.counts[0, trial]
        counts = [int((gained & seen & arm).sum()) for arm in (treated, ~treated)]
        sizes = [int((seen & arm).sum()) for arm in (treated, ~treated)]
        known = proportion.test_proportions_2indep(
            counts[0], sizes[0], counts[1], sizes[1], method="score", correction=False
        )
        assert found.effect[trial] == pytest.approx(known.diff)
        assert found.p_value()[trial] == pytest.approx(known.pvalue, rel=1e-6)


def test_sides_of_a_scalp_are_paired():
    data = made(drop=0.2)
    one, two = data.counts, np.roll(data.counts, 1, axis=2)
    found = paired(one, two, data.seen, covariate=False)
    for trial in range(TRIALS):
        seen = data.seen[-1, trial]
        apart = ((one - two)[-1] - (one - two)[0])[trial, seen]
        assert found.effect[trial] == pytest.approx(apart.mean())
        assert found.se[trial] == pytest.approx(apart.std(ddof=1) / np.sqrt(seen.sum()))


def test_repeated_measures_of_whole_data_are_the_last_visits_ancova():
    data = made(drop=0.0, visits=3)
    assert repeated(data).effect == pytest.approx(ancova(data).effect)


def by_em(data, trial, rounds=4000):
    """The same likelihood climbed by EM: means by arm and start at each visit, any covariance."""
    visits = data.counts.shape[0] - 1
    x = np.stack([np.ones(PEOPLE), data.treated[trial], data.counts[0, trial]], 1).astype(float)
    y = (data.counts[1:, trial] - data.counts[0, trial]).T
    seen = data.seen[1:, trial].T
    beta = np.linalg.lstsq(x, np.where(seen, y, 0.0), rcond=None)[0]
    sigma = 100.0 * np.eye(visits)
    for _ in range(rounds):
        mean, filled, extra = x @ beta, np.where(seen, y, 0.0), np.zeros((visits, visits))
        for person in range(PEOPLE):
            o, m = seen[person], ~seen[person]
            if not m.any():
                continue
            gain = sigma[np.ix_(m, o)] @ np.linalg.inv(sigma[np.ix_(o, o)]) if o.any() else None
            filled[person, m] = mean[person, m]
            left = sigma[np.ix_(m, m)]
            if gain is not None:
                filled[person, m] += gain @ (y[person, o] - mean[person, o])
                left = left - gain @ sigma[np.ix_(o, m)]
            extra[np.ix_(m, m)] += left
        beta = np.linalg.lstsq(x, filled, rcond=None)[0]
        rest = filled - x @ beta
        sigma = (rest.T @ rest + extra) / PEOPLE
    return beta[1, -1]


def test_repeated_measures_with_people_lost_are_those_of_maximum_likelihood():
    data = made(drop=0.4, visits=3)
    found = repeated(data)
    for trial in range(TRIALS):
        assert found.effect[trial] == pytest.approx(by_em(data, trial), abs=1e-3)


@given(st.floats(-50, 50))
@settings(max_examples=20)
def test_a_shift_of_the_treated_moves_the_effect_by_as_much(shift):
    data = made()
    moved = data.counts.copy()
    moved[-1] += shift * data.treated
    for method in (ancova, change, repeated):
        before, after = method(data), method(Data(moved, data.treated, data.seen))
        assert after.effect - before.effect == pytest.approx(np.full(TRIALS, shift), abs=1e-6)
        assert after.se == pytest.approx(before.se)


@pytest.mark.parametrize(("people", "sd", "effect"), [(30, 20.0, 10.0), (100, 15.0, 5.0)])
def test_the_chance_of_a_result_is_that_of_the_textbook(people, sd, effect):
    errors = Estimates(
        np.zeros(1), np.array([sd * np.sqrt(2 / people)]), np.array([2.0 * people - 2])
    )
    known = TTestIndPower().power(effect / sd, people, 0.05, alternative="two-sided")
    # The textbook counts results in the wrong direction too; there are next to none.
    assert chance(errors, effect, 0.05)[0] == pytest.approx(known, abs=1e-3)


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
@pytest.mark.parametrize("at", [(0.5,), (0.3, 0.6), (0.25, 0.5, 0.75)])
def test_bounds_spend_the_error_and_no_more(at, spending):
    found = bounds(at, 0.05, spending)
    shares = np.array([*at, 1.0])
    joint = np.sqrt(np.minimum.outer(shares, shares) / np.maximum.outer(shares, shares))
    inside = multivariate_normal(np.zeros(len(shares)), joint)
    for looks in range(1, len(shares) + 1):
        part = multivariate_normal(np.zeros(looks), joint[:looks, :looks])
        edge = np.array(found[:looks])
        stays = part.cdf(edge, lower_limit=-edge)
        assert 1.0 - stays == pytest.approx(spent(shares[looks - 1], 0.05, spending), abs=2e-4)
    assert inside.cdf(np.array(found), lower_limit=-np.array(found)) == pytest.approx(
        0.95, abs=2e-4
    )


def test_bounds_at_half_are_the_published_ones():
    """Two equal stages, as in every table of alpha spending: 2.963 and 1.969; 2.157 and 2.201."""
    assert bounds((0.5,), 0.05, "obrien_fleming") == pytest.approx((2.963, 1.969), abs=5e-4)
    assert bounds((0.5,), 0.05, "pocock") == pytest.approx((2.157, 2.201), abs=5e-4)


def test_a_look_at_nothing_new_costs_nothing():
    (single,) = bounds((), 0.05, "pocock")
    assert single == pytest.approx(1.959964, abs=1e-5)
