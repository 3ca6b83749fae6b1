"""A broken catalogue is refused with every problem, each in its file and line."""

import shutil
from pathlib import Path

import pytest

from anagen.catalogue import load_catalogue
from anagen.catalogue.load import DATA
from anagen.reading import InputError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packaged data that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return folder


def _change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` in a file; the 1-based line on which it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_copy_of_the_packaged_data_loads(copy: Path) -> None:
    assert load_catalogue(copy) == load_catalogue()


def test_the_packaged_catalogue_is_read_once() -> None:
    assert load_catalogue() is load_catalogue()


def test_a_dangling_source_is_named_with_its_place_and_cure(copy: Path) -> None:
    line = _change(copy, "questions.yaml", "[nahm-2024,", "[nahm-2042,")
    with pytest.raises(InputError) as refused:
        load_catalogue(copy)
    (problem,) = refused.value.problems
    assert problem.file.endswith("questions.yaml")
    assert problem.line == line
    assert "nahm-2042" in problem.text
    assert "did you mean 'nahm-2024'" in problem.text


def test_a_dangling_claim_inside_a_record_is_found(copy: Path) -> None:
    line = _change(copy, "points.yaml", "claims: [C13, C22]", "claims: [C13, C99]")
    with pytest.raises(InputError) as refused:
        load_catalogue(copy)
    (problem,) = refused.value.problems
    assert problem.line == line
    assert "C99" in problem.text


def test_a_dangling_source_deep_in_a_mapping_is_found(copy: Path) -> None:
    _change(copy, "comparison.yaml", "sources: [kaufman-1998]", "sources: [nobody-1900]")
    with pytest.raises(InputError, match="nobody-1900"):
        load_catalogue(copy)


def test_a_name_of_two_medicines_is_refused(copy: Path) -> None:
    _change(copy, "medicines.yaml", "brands: [Eliquis]", "brands: [Eliquis, Coumadin]")
    with pytest.raises(InputError, match="also names warfarin"):
        load_catalogue(copy)


def test_problems_of_several_files_come_together(copy: Path) -> None:
    _change(copy, "harms.yaml", "seriousness: mild", "seriousness: nasty")
    _change(copy, "products.yaml", "standing: weak", "standing: strong")
    with pytest.raises(InputError) as refused:
        load_catalogue(copy)
    files = {Path(problem.file).name for problem in refused.value.problems}
    assert {"harms.yaml", "products.yaml"} <= files
