"""What is fitted: every row of `use: fit`, no other, each with an error that has a reason."""

import dataclasses

import pytest

from anagen.calibrate.targets import TARGETS, load_targets, observations
from anagen.evidence import load_evidence
from anagen.evidence.rows import check_rows, fit_rows
from anagen.reading import InputError

EVIDENCE = load_evidence()
ALL = observations(EVIDENCE)


def test_every_row_to_fit_is_fitted() -> None:
    rows = sum(1 for _ in fit_rows(EVIDENCE))
    spreads = sum(one.measure == "log_sd" for one in ALL)
    assert len(ALL) - spreads == rows
    assert all(one.se > 0 for one in ALL)


def test_rows_held_aside_are_never_fitted() -> None:
    """Of a study held aside nothing is there; of one held aside in part, no such number."""
    fitted = {study.id for study, _ in fit_rows(EVIDENCE)}
    assert {one.study for one in ALL} == fitted
    for study, row in check_rows(EVIDENCE):
        numbers = [one.value for one in ALL if one.study == study.id and one.week == row.week]
        assert row.change is None or row.change not in numbers


def test_nothing_changes_when_a_row_held_aside_does() -> None:
    study, row = next(check_rows(EVIDENCE))
    other = row.model_copy(update={"change": 1e6})
    rows = tuple(other if one is row else one for one in study.rows)
    studies = dict(EVIDENCE.studies) | {study.id: study.model_copy(update={"rows": rows})}
    assert observations(dataclasses.replace(EVIDENCE, studies=studies)) == ALL


def test_bands_of_a_cross_section_add_up_to_what_was_counted() -> None:
    bands = [one for one in ALL if one.arm == "affected" and one.phase == "anagen"]
    assert sum(one.value for one in bands) == pytest.approx(129)
    healthy = [one for one in ALL if one.arm == "healthy" and one.phase == "telogen"]
    assert sum(one.value for one in healthy) == pytest.approx(37)


def test_a_standard_error_is_worked_out_from_what_was_printed() -> None:
    olsen = next(one for one in ALL if one.study == "olsen-2002" and one.percent == 5)
    assert olsen.se == pytest.approx(25.4 / 139**0.5)
    pool = next(one for one in ALL if one.study == "giordano-2018")
    assert pool.se == pytest.approx((22.38 - 6.38) / 3.92)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"change_sd": None}, "an SE in targets.yaml"),
        ({"week": None}, "needs a week"),
        ({"arm": "laser"}, "knows no arm 'laser'"),
        ({"week": 900.0}, "week 900 lies outside 0 to 520"),
    ],
)
def test_a_row_that_cannot_be_fitted_is_refused_by_name(
    change: dict[str, object], words: str
) -> None:
    study = EVIDENCE.studies["olsen-2002"]
    rows = (study.rows[0].model_copy(update=change), *study.rows[1:])
    studies = dict(EVIDENCE.studies) | {study.id: study.model_copy(update={"rows": rows})}
    with pytest.raises(InputError, match=words) as error:
        observations(dataclasses.replace(EVIDENCE, studies=studies))
    assert "olsen-2002" in str(error.value)


def test_another_disease_is_refused() -> None:
    study = EVIDENCE.studies["olsen-2002"].model_copy(update={"diagnosis": "alopecia areata"})
    studies = dict(EVIDENCE.studies) | {study.id: study}
    with pytest.raises(InputError, match="not 'alopecia areata'"):
        observations(dataclasses.replace(EVIDENCE, studies=studies))


def test_a_record_that_no_row_needs_is_refused() -> None:
    studies = {name: one for name, one in EVIDENCE.studies.items() if name != "tsuboi-2007"}
    with pytest.raises(InputError, match=r"targets.yaml:\d+: tsuboi-2007/minoxidil"):
        observations(dataclasses.replace(EVIDENCE, studies=studies))


def test_every_record_says_why() -> None:
    assert TARGETS.exists()
    assert all(len(one.because) > 20 for one in load_targets().records.values())
