"""Study rows by the use that they may be put to."""

from collections.abc import Iterator

from anagen.evidence.load import Evidence
from anagen.evidence.schema import Row, Study, Use
from anagen.evidence.vocabulary import Design


def fit_rows(evidence: Evidence) -> Iterator[tuple[Study, Row]]:
    """Rows that the calibration may learn from."""
    return _rows(evidence, "fit")


def check_rows(evidence: Evidence) -> Iterator[tuple[Study, Row]]:
    """Rows that forecasts are scored on, and that nothing is learned from."""
    return _rows(evidence, "check")


def _rows(evidence: Evidence, use: Use) -> Iterator[tuple[Study, Row]]:
    for study in evidence.studies.values():
        for row in study.rows:
            if row.use == use:
                yield study, row


def designs_of(study: Study, row: Row) -> tuple[Design, ...]:
    """What a row is open to: nothing if its study tells what would have come without treatment."""
    design = study.design
    compared = row.versus is not None or not (
        design.startswith(("single arm", "retrospective", "meta-analysis of changes"))
        or "no placebo" in design
    )
    if compared:
        return ()
    found: list[Design] = ["single_arm"]
    if design.startswith("retrospective"):
        found.append("retrospective")
    if study.funding == "industry":
        found.append("industry")
    return tuple(found)
