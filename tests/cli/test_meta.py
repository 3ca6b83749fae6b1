"""`anagen evidence meta`, as a shell sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GROUP = "minoxidil-5-vs-topical-vehicle-terminal"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anagen.cli", "evidence", "meta", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_all_groups_are_listed_with_what_is_left_out() -> None:
    done = run()
    assert done.returncode == 0, done.stderr
    for words in (GROUP, "giordano-2018", "amini-2025", "Left out"):
        assert words in done.stdout


def test_one_group_is_told_by_every_method(tmp_path: Path) -> None:
    done = run(GROUP, "--svg", str(tmp_path))
    assert done.returncode == 0, done.stderr
    for words in ("DerSimonian-Laird", "REML", "Q ", "olsen-2002"):
        assert words in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {
        f"forest-{GROUP}.svg",
        f"funnel-{GROUP}.svg",
    }


def test_json_holds_groups_or_networks() -> None:
    found = json.loads(run("--json", "-").stdout)
    assert {"evidence_release", "groups", "published_pools", "left_out"} == set(found)
    linked = json.loads(run("--network", "--json", "-").stdout)
    assert "exosome" in linked["networks"][0]["unlinked"]


def test_the_network_says_where_nothing_links() -> None:
    done = run("--network")
    assert done.returncode == 0, done.stderr
    assert "Nothing links them to the others" in done.stdout
    assert "Note: Times differ" in done.stdout
    assert "exosome" in done.stdout


def test_an_unknown_group_ends_with_3_and_the_nearest_name() -> None:
    done = run("minoxidil-5-vs-topical-vehicel-terminal")
    assert done.returncode == 3
    assert f"did you mean {GROUP}?" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [(GROUP, "--network"), ("--network", "--svg", ".")])
def test_wrong_words_end_with_2(words: tuple[str, ...]) -> None:
    assert run(*words).returncode == 2


def test_a_folder_that_is_not_there_ends_with_5(tmp_path: Path) -> None:
    assert run(GROUP, "--svg", str(tmp_path / "none")).returncode == 5
