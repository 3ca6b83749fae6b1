"""Price files that can't be trusted are refused, with file and line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from anagen.catalogue.load import DATA
from anagen.catalogue.prices import load_prices
from anagen.evidence import Evidence, load_evidence
from anagen.reading import InputError

Break = Callable[[str, str, str], str]


@pytest.fixture
def break_file(tmp_path: Path) -> Break:
    """Replace a text in a copy of one price file, and return what the loader says."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    evidence: Evidence = load_evidence()

    def attempt(file: str, old: str, new: str) -> str:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_prices(folder, evidence)
        return str(caught.value)

    return attempt


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('low: "2000"', 'low: "20000"', "below low"),
        ("sources: [article]", "sources: [artical]", "did you mean 'article'"),
        ("claims: [C03, C20]", "claims: [C99]", "C99"),
        ("    sessions_covered: [3, 5]\n", "", "needs sessions_covered"),
        ("role: unused", "role: compare", "needs because"),
        ("role: compare", "role: range", "makes one range with"),
        ("currency: USD", "currency: dollars", "currency"),
        ('low: "2000"', "low: 2000.0", "low"),
    ],
)
def test_a_bad_offer_is_refused(break_file: Break, old: str, new: str, expected: str) -> None:
    problem = break_file("prices.yaml", old, new)
    assert expected in problem
    assert "prices.yaml:" in problem


def test_an_answer_about_insurance_needs_a_source(break_file: Break) -> None:
    problem = break_file("prices_insurance.yaml", "    sources: [article]\n", "")
    assert "covered needs a source" in problem
