"""Start-up stays light: no heavy library loads before it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

import anagen

HEAVY = ["icalendar", "jinja2", "numpy", "pydantic", "rich", "vl_convert", "yaml"]
MOST_NAMES = 30


def loaded_after(program: str) -> list[str]:
    """Which of the heavy libraries a fresh interpreter holds after `program`."""
    program += f"\nimport sys; print('loaded:', *(n for n in {HEAVY} if n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.rpartition("loaded:")[2].split()


@pytest.mark.parametrize(
    "program",
    [
        "import anagen",
        "import anagen; anagen.__version__; dir(anagen)",
        "from anagen.cli.main import run; assert run(['--help']) == 0",
        "from anagen.cli.main import run; assert run(['plan', '--help']) == 0",
        "from anagen.cli.main import run; assert run(['--version']) == 0",
        "from anagen.cli.main import run; assert run(['nonsense']) == 2",
    ],
)
def test_nothing_heavy_loads_before_it_is_used(program: str) -> None:
    assert loaded_after(program) == []


def test_the_check_sees_a_heavy_library() -> None:
    assert loaded_after("import yaml") == ["yaml"]


def test_the_root_offers_few_names_and_each_exists() -> None:
    assert len(anagen.__all__) <= MOST_NAMES
    assert set(anagen.__all__) == set(dir(anagen))
    for name in anagen.__all__:
        assert getattr(anagen, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = anagen.nonsense


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(anagen.__file__).with_name("py.typed").exists()
