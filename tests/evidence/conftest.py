"""A small evidence folder that is complete and right; tests break one thing in it at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anagen.evidence.vocabulary import CLAIM_IDS

CLAIM = """\
  - id: {id}
    topic: topic
    says: The article says something.
    standing: weak
    because: Little is known.
    sources: [article]
    used_by: [anagen.course.build.make_course]
"""
FILES = {
    "sources/article.yaml": """\
sources:
  - {id: article, citation: A guide, kind: article, seen_as: fulltext, seen_via: a page}
  - {id: olsen-2002, citation: Olsen 2002, kind: rct, seen_as: table, seen_via: a table}
""",
    "studies/minoxidil.yaml": """\
studies:
  - id: olsen-2002
    source: olsen-2002
    design: randomised
    rows:
      - {arm: minoxidil, outcome: total_density_per_cm2, unit: hairs/cm2, firmness: firm, use: fit}
""",
    "parameters/hair.yaml": """\
parameters:
  - id: telogen-months
    means: Mean length of telogen.
    unit: month
    distribution: {law: lognormal, median: 3, sd_log: 0.2}
    basis: judgement
    because: A convention.
    learned: prior_led
    used_by: [anagen.follicle.spec]
""",
    "rules.yaml": """\
rules:
  - id: R-pregnant
    key: pregnant
    kind: contraindication
    components: [exosome]
    text: You are pregnant.
    because: It has not been tested.
    claims: [C25]
    sources: [article]
""",
    "certainty.yaml": """\
certainty:
  - arm: exosome
    outcomes: [total_density_per_cm2]
    starts: randomised
    studies: [olsen-2002]
    because: One small trial.
    lowered:
      - {domain: risk_of_bias, levels: 2, because: It was open.}
      - {domain: imprecision, levels: 1, because: Few people., sources: [olsen-2002]}
""",
    "claims.yaml": "claims:\n" + "".join(CLAIM.format(id=name) for name in CLAIM_IDS),
}

Change = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The right folder, unchanged."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def changed(folder: Path) -> Change:
    """The folder with the first `old` of one file replaced by `new`."""

    def change(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change
