"""The page of published trials run again is of this release, and says what comes out."""

from pathlib import Path

import pytest
from docs.model import retrospective

from anagen.trial.sides import release_id

PAGE = Path(retrospective.__file__).with_suffix(".md").read_text(encoding="utf-8")


def test_the_page_is_of_this_release():
    assert release_id() in PAGE
    assert f"{retrospective.RUNS} simulated trials" in PAGE


@pytest.mark.parametrize("number", [3, 8])
def test_its_lines_are_what_comes_out(number, monkeypatch):
    monkeypatch.setattr(retrospective, "RERUNS", retrospective.RERUNS[number : number + 1])
    line = list(retrospective.table(retrospective.reruns()))[-1]
    assert line in PAGE


def test_most_trials_fall_where_the_simulation_says():
    """With nine trials inside 90 % ranges, six or fewer would come once in a hundred."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and "%" in line][1:]
    assert len(lines) == len(retrospective.RERUNS)
    assert sum("**no**" not in line for line in lines) >= 7
