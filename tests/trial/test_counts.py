"""What is counted on virtual people, against follicles followed one by one and against chance."""

import numpy as np
import pytest
from scipy.stats import chi2
from tests.trial.trials import small

from anagen.follicle import simulate
from anagen.follicle.population import CONDITIONS
from anagen.posterior import Keyed
from anagen.trial.counts import DAYS_PER_WEEK, _by_visit, _paths, _sampled, count
from anagen.trial.people import LIMITS, World, field_of, people_of, signals_of
from anagen.trial.simulated import Task, sides_of, the_release

FOLLICLES = 60_000
FALSE_ALARM = 1e-4


def world(trials=4, people=60, **changed):
    trial = small(people=people, **changed)
    return World(trial, the_release(), Keyed(7, "w"), Keyed(7, "p"), trials, people)


@pytest.mark.parametrize(
    "outcome", ["total_density_per_cm2", "terminal_density_per_cm2", "anagen_density_per_cm2"]
)
def test_paths_are_those_of_follicles_followed_one_by_one(outcome):
    """A chi-square test over all ways through three counts; false alarm 1 in 10,000."""
    week = 24
    here = world(1, 4, endpoint={"outcome": outcome, "week": week}, visits=[12, week])
    people, days = people_of(here), [0, 12 * DAYS_PER_WEEK, week * DAYS_PER_WEEK]
    signals = signals_of(here, people, here.trial.arms[0].given, days[-1])
    paths = {path: float(mass[0]) for path, mass in _paths(here, people, signals, days).items()}
    model, start = people.model.pick(slice(1)), people.start.pick(slice(1))
    signals = signals.pick(slice(1))
    phases = ["anagen"] if outcome.startswith("anagen") else ["anagen", "telogen"]
    share = model.grid.share_counted(LIMITS[outcome])
    assert set(share) <= {0.0, 1.0}, "the limit must part classes whole for this check"
    state, told = start, []
    for begin, day in zip([0, *days], days, strict=False):
        run = simulate(
            model, signals, FOLLICLES, days=[begin, day] if day > begin else [day],
            method="events", start=state, first_day=begin, seed=3, keep=True,
        )  # fmt: skip
        state = run.final
        seen = np.isin(state.phase[0], [CONDITIONS.index(phase) for phase in phases])
        told.append(seen & (share[state.group[0]] > 0))
    whole = float(start.cycling.sum() + start.outside.sum())
    far = 0.0
    for path, mass in paths.items():
        expected = mass / whole * FOLLICLES
        found = np.logical_and.reduce(
            [one if yes else ~one for one, yes in zip(told, path, strict=True)]
        ).sum()
        far += (found - expected) ** 2 / expected
    assert far < chi2.isf(FALSE_ALARM, len(paths))


def test_starts_have_the_trials_mean_and_sd():
    here = world(30, 100)
    found = count(here, people_of(here), here.trial.arms[1].given, "one").measured[0]
    assert found.mean() == pytest.approx(160, abs=4 * 40 / np.sqrt(found.size))
    assert found.std() == pytest.approx(40, rel=0.06)


def test_fields_count_as_chance_has_it():
    """Poisson: of each path the variance is the mean; visits share the follicles that stay."""
    here = world(1, 4000)
    people = people_of(here)
    signals = signals_of(here, people, here.trial.arms[1].given, 168)
    paths = _paths(here, people, signals, [0, 168])
    field = field_of(here)
    hairs = _sampled(here, paths, field, "one")
    assert hairs.keys() == paths.keys()
    for path, found in hairs.items():
        expected = paths[path] * field
        left = (found - expected) / np.sqrt(expected)
        assert left.mean() == pytest.approx(0, abs=4 / np.sqrt(left.size))
        assert left.var() == pytest.approx(1, abs=0.12)
    start, end = _by_visit(hairs, 2)
    stays = (paths[True, True] * field).mean()
    still = np.cov(start - (_by_visit(paths, 2) * field)[0], end - (_by_visit(paths, 2) * field)[1])
    assert still[0, 1] == pytest.approx(stays, rel=0.1)


def test_two_arms_differ_only_by_what_they_give():
    here = world()
    people = people_of(here)
    one, again = (count(here, people, here.trial.arms[1].given, "one") for _ in range(2))
    assert (one.measured == again.measured).all()
    given = count(here, people, here.trial.arms[0].given, "one")
    assert (given.measured[0] == one.measured[0]).all()
    assert (given.measured[-1] == one.measured[-1]).mean() < 0.5


def test_who_takes_nothing_gets_nothing():
    here = world(adherence=0.5)
    people = people_of(here)
    given = count(here, people, here.trial.arms[0].given, "one").true[-1]
    without = count(here, people, here.trial.arms[1].given, "one").true[-1]
    takes = people.adheres
    assert 0.3 < takes.mean() < 0.7
    assert given[~takes] == pytest.approx(without[~takes])
    assert (given[takes] != without[takes]).all()


def test_a_trial_of_many_people_comes_in_blocks(monkeypatch):
    monkeypatch.setattr("anagen.trial.simulated.PEOPLE_PER_TASK", 25)
    sides = sides_of(Task(small(people=60), 1, 0, 1, 5.0))
    assert sides.given.shape == (2, 1, 60)
    first = sides_of(Task(small(people=24), 1, 0, 1, 5.0))
    assert (sides.given[:, :, :24] == first.given).all()


def test_people_are_lost_for_good():
    sides = sides_of(Task(small(people=2000, drop_out=0.3, visits=[8, 16, 24]), 1, 0, 1, 5.0))
    assert sides.seen[0].all()
    assert (sides.seen[1:] <= sides.seen[:-1]).all()
    assert sides.seen[-1].mean() == pytest.approx(0.7, abs=0.04)
