"""Scores: rows held aside are no part of the fit, and every row becomes a cohort by rule."""

import json
from pathlib import Path

import numpy as np
import pytest

from anagen.evidence import load_evidence
from anagen.evidence.rows import check_rows, fit_rows
from anagen.posterior import Keyed, current_release
from anagen.predicting.score import Normal, crps, score
from anagen.predicting.study_rows import NotAskable, ask

EVIDENCE = load_evidence()


def test_no_row_is_both_fitted_and_held_aside() -> None:
    fitted = [(study.id, row) for study, row in fit_rows(EVIDENCE)]
    held = [(study.id, row) for study, row in check_rows(EVIDENCE)]
    assert fitted
    assert held
    assert all(row.use == "fit" for _, row in fitted)
    assert all(row.use == "check" for _, row in held)
    numbers = {(name, row.arm, row.outcome, row.week, row.threshold_um, row.percent, row.sessions)
               for name, row in held}  # fmt: skip
    for name, row in fitted:
        key = (name, row.arm, row.outcome, row.week, row.threshold_um, row.percent, row.sessions)
        assert key not in numbers, f"{name}: the same number is held aside and fitted"


def test_every_held_row_is_scored_or_refused_with_a_reason() -> None:
    found = score(EVIDENCE, draws=100)
    assert len(found.check) + len(found.refused) == len(list(check_rows(EVIDENCE)))
    assert all(one.reason for one in found.refused)
    for one in (*found.check, *found.fit):
        values = (one.mean, one.sd, one.crps, one.crps_no_change, one.individual_sd)
        assert np.isfinite(values).all()
        assert one.q05 <= one.q25 <= one.q75 <= one.q95
        assert one.asked.use == ("check" if one in found.check else "fit")


def test_no_result_enters_a_cohort() -> None:
    for study, row in check_rows(EVIDENCE):
        try:
            asked = ask(study, row)
        except NotAskable:
            continue
        text = json.dumps(asked.cohort.echo())
        for result in (row.change, row.followup_mean):
            assert result is None or f" {result:g}," not in text


def test_five_years_of_finasteride_find_their_two_groups() -> None:
    study = EVIDENCE.studies["finasteride-five-year-2002"]
    asked = ask(study, next(row for row in study.rows if row.use == "check"))
    assert (asked.cohort.n, asked.cohort.control_n) == (219, 15)
    assert asked.cohort.control == "oral_placebo"
    assert asked.quantity == "minus_control"


def test_seven_men_bring_their_whole_baseline() -> None:
    study = EVIDENCE.studies["van-neste-2020"]
    rows = [row for row in study.rows if row.use == "check" and "anagen" in row.outcome]
    baseline = ask(study, rows[0]).cohort.baseline
    assert baseline is not None
    given = {name: part.mean for name, part in baseline.given().items()}
    assert given == {"total_density_per_cm2": 234, "anagen_density_per_cm2": 129}


def test_a_pool_is_no_trial() -> None:
    study = EVIDENCE.studies["giordano-2018"]
    with pytest.raises(NotAskable, match="pool"):
        ask(study, study.rows[0])


def test_crps_of_draws_is_that_of_their_law() -> None:
    draws = 3.0 + 2.0 * Keyed(1).normal("crps", 20_000)
    for value in (-2.0, 3.0, 9.0):
        assert crps(draws, value) == pytest.approx(Normal(3.0, 2.0).crps(value), rel=0.02)
    # Gneiting and Raftery 2007: at its centre a standard normal has (√2 − 1) / √π.
    assert Normal(0.0, 1.0).crps(0.0) == pytest.approx((2**0.5 - 1) / np.pi**0.5)


def test_the_page_is_of_this_release() -> None:
    """When it isn't: `python -m docs.model.scores`."""
    page = Path(__file__).parents[2] / "docs" / "model" / "scores.md"
    release = current_release(EVIDENCE.parameters)
    assert f"`{release.id}`" in page.read_text(encoding="utf-8")
