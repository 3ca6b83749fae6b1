"""What is counted on virtual people, against follicles followed one by one and against chance."""

import numpy as np
import pytest
from scipy.stats import chi2
from tests.trial.trials import small

from anagen.follicle import simulate
from anagen.follicle.population import CONDITIONS
from anagen.posterior import Keyed
from anagen.trial.counts import DAYS_PER_WEEK, _by_visit, _first, _paths, _sampled, count
from anagen.trial.fields import followed
from anagen.trial.people import LIMITS, World, field_of, people_of, signals_of
from anagen.trial.sides import Task, sides_of, the_release
from anagen.trial.simulated import seen_of, treated_of

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
    found = count(here, people_of(here), [here.trial.arms[1].given], "one")[0].measured[0]
    assert found.mean() == pytest.approx(160, abs=4 * 40 / np.sqrt(found.size))
    assert found.std() == pytest.approx(40, rel=0.06)


def test_fields_count_as_chance_has_it():
    """Poisson: of each path the variance is the mean; visits share the follicles that stay."""
    here = world(1, 4000)
    people = people_of(here)
    signals = signals_of(here, people, here.trial.arms[1].given, 168)
    paths = _paths(here, people, signals, [0, 168])
    field = field_of(here)
    hairs = _sampled(here, paths, _first(here, people, "one"), "one")
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
    one, again = (count(here, people, [here.trial.arms[1].given], "one")[0] for _ in range(2))
    assert (one.measured == again.measured).all()
    given = count(here, people, [here.trial.arms[0].given], "one")[0]
    assert (given.measured[0] == one.measured[0]).all()
    assert (given.measured[-1] == one.measured[-1]).mean() < 0.5


def test_who_takes_nothing_gets_nothing():
    here = world(adherence=0.5)
    people = people_of(here)
    given = count(here, people, [here.trial.arms[0].given], "one")[0].true[-1]
    without = count(here, people, [here.trial.arms[1].given], "one")[0].true[-1]
    takes = people.adheres
    assert 0.3 < takes.mean() < 0.7
    assert given[~takes] == pytest.approx(without[~takes])
    assert (given[takes] != without[takes]).all()


def test_a_trial_of_many_people_comes_in_blocks(monkeypatch):
    monkeypatch.setattr("anagen.trial.sides.PEOPLE_PER_TASK", 25)
    sides = sides_of(Task(small(people=60), 1, 0, 1, 5.0))
    assert sides.given.shape == (2, 1, 60)
    first = sides_of(Task(small(people=24), 1, 0, 1, 5.0))
    assert (sides.given[:, :, :24] == first.given).all()


def test_people_are_lost_for_good():
    trial = small(people=2000, drop_out=0.3, visits=[8, 16, 24])
    sides = sides_of(Task(trial, 1, 0, 1, 5.0))
    seen = seen_of(trial, sides, sides.given)
    assert seen[0].all()
    assert (seen[1:] <= seen[:-1]).all()
    assert seen[-1].mean() == pytest.approx(0.7, abs=0.04)


def test_who_gains_less_is_lost_more_often_where_the_file_says_so():
    trial = small(people=2000, drop_out=0.3, drop_out_risk_per_10_fewer=1.5)
    sides = sides_of(Task(trial, 1, 0, 1, 5.0))
    stays = seen_of(trial, sides, sides.given)[-1]
    moved = sides.given[-1] - sides.given[0]
    assert stays.mean() == pytest.approx(0.7, abs=0.05)
    assert moved[stays].mean() > moved[~stays].mean() + 5


def test_arms_are_filled_in_step_within_strata():
    trial = small(people=90, stratify=["baseline", "site"], sites={"count": 3})
    sides = sides_of(Task(trial, 1, 0, 5, 5.0))
    treated = treated_of(trial, sides)
    assert (treated.sum(axis=1) == 45).all()
    upper = sides.given[0] >= np.median(sides.given[0], axis=1, keepdims=True)
    for site in range(3):
        here = sides.site == site
        assert (abs((treated & here).sum(axis=1) - (here.sum(axis=1) / 2)) <= 1.5).all()
        for half in (upper & here, ~upper & here):
            assert (abs((treated & half).sum(axis=1) - half.sum(axis=1) / 2) <= 1).all()


def test_grades_set_how_dense_scalps_begin():
    def start(stage):
        here = world(20, 50, population={"sex": "male", "stage": stage})
        return count(here, people_of(here), [here.trial.arms[1].given], "one")[0].measured[0].mean()

    assert start(["II"]) > start(["III vertex"]) > start(["V"])
    assert start(["II"]) > start(["II", "V"]) > start(["V"])


def test_an_open_trials_reader_finds_more_on_treated_people():
    shut, open_ = (
        sides_of(Task(small(**changed), 1, 0, 5, 5.0))
        for changed in ({}, {"blinding": "open", "reader_shift_percent": 10})
    )
    assert open_.given[-1] == pytest.approx(1.1 * shut.given[-1])
    assert (open_.given[0] == shut.given[0]).all()
    assert (open_.without == shut.without).all()


@pytest.mark.parametrize("outcome", ["mean_diameter_um", "anagen_percent"])
def test_what_is_no_count_agrees_with_expectations(outcome):
    """Follicles followed one by one; means of small fields lie close to those of large ones."""
    here = world(4, 400, endpoint={"outcome": outcome, "week": 24})
    found = sides_of(Task(here.trial, 7, 0, 4, 1.0))
    moved = (found.given - found.without)[-1]
    assert (found.given[0] == found.without[0]).all()
    offset = moved.mean(axis=1) - found.truth.mean(axis=1)
    error = (moved - found.truth).std(axis=1) / np.sqrt(moved.shape[1])
    assert (abs(offset) < 4 * error + 0.02 * abs(found.truth.mean(axis=1)) + 0.05).all()


def test_follicles_one_by_one_give_the_same_counts_as_paths():
    """The same people and field, both ways: mean and spread of what the field shows."""
    here = world(1, 4000)
    people = people_of(here)
    signals = signals_of(here, people, here.trial.arms[0].given, 168)
    days = [0, 168]
    paths = _by_visit(
        _sampled(here, _paths(here, people, signals, days), _first(here, people, "one"), "one"), 2
    )
    follicles = followed(here, people, signals, days, "one")
    for one, other in ((paths, follicles), (np.diff(paths, axis=0), np.diff(follicles, axis=0))):
        spread = one.std(axis=1) / np.sqrt(one.shape[1])
        assert (abs(one.mean(axis=1) - other.mean(axis=1)) < 4 * np.sqrt(2) * spread).all()
        assert other.std(axis=1) == pytest.approx(one.std(axis=1), rel=0.06)
