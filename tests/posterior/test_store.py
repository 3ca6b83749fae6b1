"""Releases on disk: whole or refused, converged or not written, told apart by their numbers."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anagen.evidence import load_evidence
from anagen.posterior import Keyed, current_release, load_release, verify
from anagen.posterior.differences import differences
from anagen.posterior.release import prior_mark
from anagen.posterior.store import (
    RELEASES,
    Manifest,
    ReleaseFileError,
    current_edition,
    editions,
    read_manifest,
    release_folder,
    require_convergence,
    write_release,
)

PARAMETERS = load_evidence().parameters
ROWS = 500


def made(folder: Path, shift: float = 0.0, **changes: Any) -> Manifest:
    """A small release with two learned columns of a share and one number."""
    rng = np.random.default_rng(1)
    shares = rng.dirichlet([3, 1.5, 0.5], ROWS)
    draws = {"visit-sd": rng.normal(12 + shift, 2, ROWS)}
    draws |= {
        f"prp-channels:{name}": shares[:, place]
        for place, name in enumerate(("activation", "maintenance", "recovery"))
    }
    columns = {
        name: {
            "r_hat": 1.001, "ess": 900.0, "prior_mean": 12.0, "prior_sd": 4.0,
            "mean": float(values.mean()), "sd": float(values.std()), "q05": 0.0, "q50": 0.0,
            "q95": 0.0, "says": "data_led",
        }
        for name, values in draws.items()
    }  # fmt: skip
    columns["visit-sd"] |= changes
    about = {
        "schema_version": 1, "made_on": "2026-11-23", "software": "anagen", "versions": {},
        "evidence_release": "evidence", "priors": prior_mark(PARAMETERS, draws), "seed": 1,
        "chains": 4, "warmup": 100, "draws_per_chain": 125,
        "divergences": changes.pop("divergences", 0), "most_r_hat": 1.001, "least_ess": 900.0,
        "ways_back": {}, "columns": columns,
    }  # fmt: skip
    columns["visit-sd"].pop("divergences", None)
    return write_release(folder, draws, about)


def test_what_is_written_is_what_is_drawn(tmp_path: Path) -> None:
    made(tmp_path / "posterior-2030.01")
    release = load_release(tmp_path / "posterior-2030.01", PARAMETERS)
    verify(release)
    found = release.numbers("visit-sd", Keyed(1), 4000)
    assert found.mean() == pytest.approx(12, abs=0.2)
    assert np.isin(found, release.learned["visit-sd"]).all()
    shares = release.shares("prp-channels", Keyed(1), 4000)
    assert sum(shares.values()) == pytest.approx(np.ones(4000))


def test_learned_numbers_are_drawn_together(tmp_path: Path) -> None:
    made(tmp_path / "posterior-2030.01")
    release = load_release(tmp_path / "posterior-2030.01", PARAMETERS)
    rows = {value: row for row, value in enumerate(release.learned["visit-sd"])}
    at = [rows[value] for value in release.numbers("visit-sd", Keyed(5), 200)]
    share = release.learned["prp-channels:activation"][at]
    assert release.shares("prp-channels", Keyed(5), 200)["activation"] == pytest.approx(
        share, abs=1e-6
    )
    few = release.numbers("visit-sd", Keyed(5), 50)
    np.testing.assert_array_equal(few, release.numbers("visit-sd", Keyed(5), 200)[:50])


def test_the_name_changes_with_any_number(tmp_path: Path) -> None:
    made(tmp_path / "a" / "posterior-2030.01")
    made(tmp_path / "b" / "posterior-2030.01", shift=0.1)
    first, second = (
        load_release(tmp_path / name / "posterior-2030.01", PARAMETERS) for name in "ab"
    )
    assert first.id != second.id
    other = dict(PARAMETERS)
    wider = {"distribution": PARAMETERS["shrink-slope"].distribution.model_copy(update={"sd": 1.0})}
    other["shrink-slope"] = PARAMETERS["shrink-slope"].model_copy(update=wider)
    assert load_release(tmp_path / "a" / "posterior-2030.01", other).id != first.id


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "draws.npy").write_bytes(b"\x93NUMPY"), "SHA-256"),
        (lambda folder: (folder / "draws.npy").unlink(), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "not a manifest"),
        (lambda folder: (folder / "manifest.json").write_text("nonsense"), "not a manifest"),
        (
            lambda folder: shutil.copy(
                RELEASES / current_edition() / "draws.npy", folder / "draws.npy"
            ),
            "belongs to another release",
        ),
    ],
)
def test_damaged_and_foreign_files_are_refused(tmp_path: Path, damage: Any, words: str) -> None:
    folder = tmp_path / "posterior-2030.01"
    made(folder)
    damage(folder)
    with pytest.raises(ReleaseFileError, match=words):
        load_release(folder, PARAMETERS)


def test_a_parameter_that_is_no_more_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "posterior-2030.01"
    made(folder)
    fewer = {name: one for name, one in PARAMETERS.items() if name != "visit-sd"}
    with pytest.raises(ReleaseFileError, match="no parameter visit-sd"):
        load_release(folder, fewer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"r_hat": 1.02}, "visit-sd: R-hat 1.020"),
        ({"ess": 399.0}, "399 draws' worth"),
        ({"divergences": 3}, "3 trajectories diverged"),
    ],
)
def test_chains_that_have_not_mixed_cannot_be_released(
    tmp_path: Path, changes: dict[str, float], words: str
) -> None:
    with pytest.raises(ReleaseFileError, match=words):
        made(tmp_path / "posterior-2030.01", **changes)
    assert not (tmp_path / "posterior-2030.01").exists()


def test_a_release_stays_as_it_is(tmp_path: Path) -> None:
    made(tmp_path / "posterior-2030.01")
    with pytest.raises(ReleaseFileError, match="give the new one a new name"):
        made(tmp_path / "posterior-2030.01")


def test_an_unknown_release_is_named_with_those_there_are() -> None:
    with pytest.raises(ReleaseFileError, match=current_edition()):
        release_folder("posterior-1999.01")


def test_every_shipped_release_is_whole_and_converged() -> None:
    assert current_edition() in editions()
    for edition in editions():
        manifest = read_manifest(release_folder(edition))
        require_convergence(manifest)
        verify(load_release(edition, PARAMETERS))


def test_the_current_release_is_of_the_priors_of_today() -> None:
    """When it isn't: `anagen calibrate`, then the pages made from the release."""
    manifest = read_manifest(release_folder(current_edition()))
    assert manifest.priors == prior_mark(PARAMETERS, manifest.columns)
    assert current_release(PARAMETERS).id.startswith(manifest.edition)


def test_differences_are_in_units_of_the_first(tmp_path: Path) -> None:
    first = made(tmp_path / "posterior-2030.01")
    second = made(tmp_path / "posterior-2030.02", shift=2.0)
    found = differences(first, second)
    assert found[0].column == "visit-sd"
    assert found[0].moved_sds == pytest.approx(2.0 / first.columns["visit-sd"].sd)
    assert found[0].narrowed == pytest.approx(1.0)
    lacking = second.model_copy(update={"columns": {}})
    assert all(one.second is None for one in differences(first, lacking))
    assert json.loads(first.model_dump_json())["rows"] == ROWS


def test_records_say_what_the_release_found() -> None:
    """A parameter of several shares is as well known as its best known share."""
    order = ["data_led", "prior_led", "not_learned"]
    best: dict[str, str] = {}
    for column, one in read_manifest(release_folder(current_edition())).columns.items():
        name = column.partition(":")[0]
        best[name] = min(best.get(name, "not_learned"), one.says, key=order.index)
    assert {name: PARAMETERS[name].learned for name in best} == best
