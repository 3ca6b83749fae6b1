"""`anagen posterior` and `anagen calibrate` at the command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from anagen.cli.main import run
from anagen.posterior.store import RELEASES, current_edition


def test_show_says_who_speaks(capsys: object) -> None:
    assert run(["posterior", "show"]) == 0
    shown = capsys.readouterr().out  # type: ignore[attr-defined]
    assert "exosome-net-112" in shown
    assert "not learned" in shown
    assert "ways back" not in shown.lower() or "way back" in shown


def test_show_as_json_is_the_manifest(capsys: object) -> None:
    assert run(["posterior", "show", current_edition(), "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)  # type: ignore[attr-defined]
    assert document["edition"] == current_edition()
    assert document["divergences"] == 0


def test_check_passes_what_is_shipped(capsys: object) -> None:
    assert run(["posterior", "check", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)  # type: ignore[attr-defined]
    assert found["converged"]
    assert found["priors_as_today"]


def test_a_damaged_release_is_refused_with_a_sentence(tmp_path: Path, capsys: object) -> None:
    folder = tmp_path / "posterior-broken"
    shutil.copytree(RELEASES / current_edition(), folder)
    content = bytearray((folder / "draws.npy").read_bytes())
    content[-1] ^= 1
    (folder / "draws.npy").write_bytes(content)
    assert run(["posterior", "check", str(folder)]) == 3
    assert "SHA-256" in capsys.readouterr().err  # type: ignore[attr-defined]
    assert run(["posterior", "show", "posterior-1900.01"]) == 3
    assert current_edition() in capsys.readouterr().err  # type: ignore[attr-defined]


def test_diff_of_a_release_with_itself_has_moved_nothing(capsys: object) -> None:
    assert run(["posterior", "diff", current_edition(), "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)  # type: ignore[attr-defined]
    assert {one["moved_sds"] for one in found["columns"]} == {0.0}


def test_without_its_part_calibration_says_what_to_install() -> None:
    """The libraries are hidden from a fresh interpreter, as on a bare installation."""
    hide = (
        "import sys, importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in ('jax', 'numpyro') else found(name, *a)\n"
        "from anagen.cli.main import run\n"
        "sys.exit(run(['calibrate']))\n"
    )
    done = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "pip install 'anagen[calibrate]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_too_few_draws_are_a_usage_error(capsys: object) -> None:
    assert run(["calibrate", "--draws", "1"]) == 2
    assert "--draws" in capsys.readouterr().err  # type: ignore[attr-defined]


def test_why_tells_what_the_data_did_to_a_parameter(capsys: object) -> None:
    assert run(["why", "care-saline"]) == 0
    shown = capsys.readouterr().out  # type: ignore[attr-defined]
    assert f"After the fit ({current_edition()})" in shown
    assert run(["why", "exosome-channels"]) == 0
    assert "After the fit" not in capsys.readouterr().out  # type: ignore[attr-defined]
