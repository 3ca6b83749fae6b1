"""Analyses of simulated trials against R: lm, t.test, and gls of nlme for repeated measures."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from validation.trials import TRIALS, _lines, trials

from anagen.trial.analysis import ancova, change, repeated

FOLDER = Path(__file__).parents[2] / "validation"


def answers(path):
    with path.open(encoding="utf-8") as file:
        return {(int(r["trial"]), r["quantity"]): float(r["value"]) for r in csv.DictReader(file)}


@pytest.fixture(scope="module")
def data():
    return trials()


def test_r_was_asked_about_these_trials(data):
    with (FOLDER / "trials.csv").open(encoding="utf-8") as file:
        told = [tuple(row.values()) for row in csv.DictReader(file)]
    for mine, theirs in zip(_lines(data), told, strict=True):
        assert [float(one) for one in mine] == pytest.approx([float(one) for one in theirs])


def compare(data, expected):
    found = {"ancova": ancova(data), "change": change(data), "repeated": repeated(data)}
    for trial in range(TRIALS):
        told = {name: value for (number, name), value in expected.items() if number == trial + 1}
        for name in ("ancova", "change"):
            assert found[name].effect[trial] == pytest.approx(told[f"{name}.effect"])
        assert found["ancova"].se[trial] == pytest.approx(told["ancova.se"])
        assert found["change"].p_value()[trial] == pytest.approx(told["change.p"])
        assert found["repeated"].effect[trial] == pytest.approx(told["ML.effect"], abs=1e-3)
        # R takes the covariance between visits as known; ours is uncertain, so a little wider.
        wider = found["repeated"].se[trial] / told["REML.se"]
        assert 1.0 < wider < 1.05


def test_analyses_agree_with_r(data):
    compare(data, answers(FOLDER / "trials_expected.csv"))


def test_r_gives_these_answers_now(data, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    copy = tmp_path / "validation"
    copy.mkdir()
    for name in ("trials.csv", "trials.R"):
        shutil.copy(FOLDER / name, copy)
    subprocess.run(
        ["Rscript", "validation/trials.R"], cwd=tmp_path, check=True, capture_output=True
    )
    now = answers(copy / "trials_expected.csv")
    then = answers(FOLDER / "trials_expected.csv")
    assert now.keys() == then.keys()
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-4, abs=1e-4), key
    compare(data, now)
