"""`anagen predict` and `anagen schema cohort`, as a shell sees them."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

COHORTS = sorted((Path(__file__).parents[2] / "examples" / "cohorts").glob("*.yaml"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anagen.cli", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("path", COHORTS, ids=lambda path: path.stem)
def test_every_example_is_predicted(path: Path) -> None:
    done = run("predict", str(path), "--draws", "100", "--json", "-")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    schema = json.loads(run("schema", "cohort").stdout)
    jsonschema.validate(found["cohort"], schema)
    assert set(found["outcomes"]) == set(found["cohort"]["outcomes"])


def test_without_json_a_table_is_printed() -> None:
    done = run("predict", str(COHORTS[0]), "--draws", "100")
    assert done.returncode == 0, done.stderr
    assert "week" in done.stdout
    assert "Release" in done.stdout


def test_what_is_invalid_ends_with_3_and_says_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text("n: 0\nsex: male\ndiagnosis: alopecia_areata\narm: {id: lazer}\nweeks: [900]\n")
    done = run("predict", str(path), "--json", "-")
    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 5
    assert "cohort.yaml:1: n: is 0" in done.stderr


def test_a_file_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    assert run("predict", str(tmp_path / "none.yaml")).returncode == 3


@pytest.mark.parametrize("words", [["--draws", "7"], ["--seed", "-1"], ["--today", "2026-01-01"]])
def test_wrong_words_end_with_2(words: list[str]) -> None:
    assert run("predict", str(COHORTS[0]), *words).returncode == 2


def test_an_output_that_cannot_be_written_ends_with_5(tmp_path: Path) -> None:
    done = run("predict", str(COHORTS[0]), "--draws", "100", "--json", str(tmp_path / "a" / "b"))
    assert done.returncode == 5
