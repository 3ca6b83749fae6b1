"""A bare `pip install .` gives all of it: the package works from its wheel alone."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(root)], check=True)
    return next(folder.glob("anagen-*.whl"))


def test_the_wheel_holds_every_file_of_the_package(root: Path, wheel: Path) -> None:
    package = root / "src"
    wanted = {
        path.relative_to(package).as_posix()
        for path in (package / "anagen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - set(ZipFile(wheel).namelist()) == set()


def test_the_wheel_works_outside_the_checkout(root: Path, wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path / "site")
    person = root / "examples" / "early-loss-tr.yaml"
    for words in (["evidence", "check"], ["check", str(person), "--today", "2026-11-22"]):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "import anagen.cli.main as m; print(m.__file__); m.main()",
                *words,
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(tmp_path))
