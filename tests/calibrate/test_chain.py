"""Chains: a stop loses nothing, a rerun gives the same bytes, another run is refused."""

import json
import multiprocessing
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from anagen.calibrate import chain
from anagen.calibrate.chain import PIECE, Plan, Sampler, load_chain, model, run_chain
from anagen.calibrate.gather import as_parameters, verdict
from anagen.calibrate.likelihood import Likelihood
from anagen.calibrate.run import Job, OtherRunError, calibrate, fitted
from anagen.calibrate.setup import likelihood
from anagen.evidence import load_evidence

NAMES = ("anagen-60um-months", "care-topical-vehicle", "prp-channels")


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    return fresh_sampler()


def fresh_sampler() -> Sampler:
    """A small fit, as a new process would make it: the healthy men only."""
    whole = likelihood()
    rows = tuple(one for one in whole.rows if one.arm == "healthy")
    small = Likelihood(whole.constants, rows)
    joint = model(small, load_evidence().parameters, NAMES)
    return Sampler(joint, Plan(2 * PIECE, 4 * PIECE, 3), jnp.asarray(small.observed()))


def test_a_chain_that_was_stopped_goes_on_as_if_it_had_not(
    sampler: Sampler, tmp_path: Path
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "stopped").mkdir()
    assert list(run_chain(sampler, 0, tmp_path / "whole")) == list(range(7))
    for done in run_chain(sampler, 0, tmp_path / "stopped"):
        if done == 3:
            break
    assert list(run_chain(fresh_sampler(), 0, tmp_path / "stopped")) == [3, 4, 5, 6]
    whole, stopped = (
        load_chain(tmp_path / name / "chain-0.pickle") for name in ("whole", "stopped")
    )
    assert whole.diverging.size == 4 * PIECE
    for name in NAMES:
        np.testing.assert_array_equal(whole.values[name], stopped.values[name])


def test_what_no_row_tells_of_stays_at_its_prior(sampler: Sampler, tmp_path: Path) -> None:
    list(run_chain(sampler, 1, tmp_path))
    values = load_chain(tmp_path / "chain-1.pickle").values
    anagen, care = values["anagen-60um-months"], values["care-topical-vehicle"]
    prior = load_evidence().parameters["care-topical-vehicle"].distribution
    assert prior.mean is not None
    assert prior.sd is not None
    # A hundred draws: the mean lies within 5 SE, of which there may be four times as many.
    assert abs(care.mean() - prior.mean) < 5 * prior.sd * 2 / len(care) ** 0.5
    assert 0.5 * prior.sd < care.std() < 1.6 * prior.sd
    assert anagen.std() < 0.4 * 24
    np.testing.assert_allclose(values["prp-channels"].sum(axis=1), 1.0)


def test_a_half_written_file_never_takes_the_place_of_a_whole_one(
    sampler: Sampler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = run_chain(sampler, 0, tmp_path)
    next(states)
    next(states)
    kept = (tmp_path / "chain-0.pickle").read_bytes()

    def broken(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(chain.pickle, "dumps", broken)
    with pytest.raises(MemoryError):
        next(states)
    assert (tmp_path / "chain-0.pickle").read_bytes() == kept


def test_chains_of_another_run_are_refused(tmp_path: Path) -> None:
    job = Job(tmp_path, warmup=100, draws=100, seed=1)
    evidence = load_evidence()
    about = {"variant": "both", "chains": 4, "warmup": 100, "draws": 100, "seed": 2}
    (tmp_path / "plan.json").write_text(json.dumps(about | {"fitted": fitted(evidence)}))
    with pytest.raises(OtherRunError, match="other settings or evidence"):
        calibrate(job, evidence, lambda *_: None)
    assert not multiprocessing.active_children()


def test_shares_come_back_as_rows() -> None:
    columns = {"a": np.arange(3.0), "b:x": np.zeros(3), "b:y": np.ones(3)}
    found = as_parameters(columns)
    assert found["a"].shape == (3,)
    np.testing.assert_array_equal(found["b"], [[0, 1]] * 3)


def test_who_speaks_follows_from_the_spread() -> None:
    assert [verdict(ratio) for ratio in (0.59, 0.61, 0.91)] == [
        "data_led",
        "prior_led",
        "not_learned",
    ]
