"""What the packaged evidence must hold, and what it must never hold."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from anagen.evidence import load, load_evidence
from anagen.evidence.schema import Row, Study
from anagen.evidence.vocabulary import CLAIM_IDS, HEALTH_KEYS
from anagen.person.schema import Health

DATA = Path(load.__file__).parent / "data"
INJECTED = ("exosome", "prp")


def rows() -> Iterator[tuple[Study, Row]]:
    for study in load_evidence().studies.values():
        for row in study.rows:
            yield study, row


def rows_to(use: str) -> set[str]:
    return {study.id for study, row in rows() if row.use == use}


def test_claims_are_c01_to_c34_and_each_has_a_reason() -> None:
    claims = load_evidence().claims
    assert tuple(claims) == CLAIM_IDS
    assert all(claim.sources[0] == "article" and claim.because for claim in claims.values())


def test_nothing_rests_on_what_was_never_seen() -> None:
    for path in DATA.rglob("*.yaml"):
        assert not re.search(r"\bmemory\b", path.read_text(encoding="utf-8"), re.IGNORECASE), path


def test_no_text_tells_anyone_to_change_a_medicine_or_promises_anything() -> None:
    forbidden = re.compile(r"stop taking|discontinue your|you should stop|guarantee", re.IGNORECASE)
    for path in DATA.rglob("*.yaml"):
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_every_row_with_a_number_has_a_unit() -> None:
    fields = ("change", "baseline_mean", "followup_mean", "change_sd", "change_ci")
    for study, row in rows():
        if any(getattr(row, field) is not None for field in fields):
            assert row.unit.strip(), study.id


def test_a_row_that_is_fitted_or_checked_has_a_number() -> None:
    for study, row in rows():
        if row.use in ("fit", "check"):
            numbers = (row.change, row.baseline_mean, row.followup_mean)
            assert any(number is not None for number in numbers), study.id


def test_what_is_held_aside_or_never_read_says_why() -> None:
    for study, row in rows():
        if row.use in ("check", "never"):
            assert row.because, study.id


def test_an_interval_holds_its_estimate() -> None:
    for study, row in rows():
        if row.change is not None and row.change_ci is not None:
            assert row.change_ci[0] <= row.change <= row.change_ci[1], study.id


def test_rows_to_fit_and_rows_held_aside() -> None:
    fit, check = rows_to("fit"), rows_to("check")
    assert fit >= {"olsen-2002", "lucky-2004", "kaufman-1998", "kaufman-2008", "amini-2025"}
    assert check >= {"berger-2003", "park-2022", "xiao-2024", "blume-peytavi-2011"}


def test_invented_trials_are_kept_only_to_be_refused() -> None:
    named = [
        (study.id, row.use)
        for study, row in rows()
        if re.search(r"Chen 2023|Ramot 2024", row.because or "")
    ]
    assert named == [("invented-trials", "never")] * 2


def test_the_articles_own_references_carry_no_effect_in_people() -> None:
    evidence = load_evidence()
    cited = evidence.claims["C33"].sources[1:]
    assert set(cited) == {"kost-2022", "gupta-2020-skinmed", "zhou-2024", "wang-2023", "hu-2023"}
    for name in cited:
        assert "no human effect size" in (evidence.sources[name].note or "")
    assert not any(study.source in cited for study in evidence.studies.values())


@pytest.mark.parametrize("key", HEALTH_KEYS)
def test_every_health_question_has_a_rule_and_a_question(key: str) -> None:
    found = [rule for rule in load_evidence().rules.values() if rule.key == key]
    assert len(found) == 1
    assert found[0].question
    assert found[0].question.endswith("?")


def test_health_keys_are_those_of_the_person_file() -> None:
    assert set(HEALTH_KEYS) == set(Health.model_fields)


@pytest.mark.parametrize(
    ("key", "component", "kind"),
    [
        *((key, part, "contraindication") for key in HEALTH_KEYS[:3] for part in INJECTED),
        *((key, part, "contraindication") for key in HEALTH_KEYS[4:8] for part in INJECTED),
        ("exosome_allergy", "exosome", "contraindication"),
        ("exosome_allergy", "prp", None),
        ("platelet_disorder", "prp", "contraindication"),
        ("platelet_disorder", "exosome", "caution"),
        ("cancer_history", "prp", "caution"),
        ("anticoagulant", "exosome", "caution"),
        ("pregnant", "minoxidil", "caution"),
        ("pregnant", "finasteride", "contraindication"),
        ("heart_disease", "minoxidil", "caution"),
        ("heart_disease", "exosome", None),
        ("depression", "finasteride", "caution"),
        ("age_under_18", "minoxidil", "contraindication"),
    ],
)
def test_how_seriously_a_treatment_takes_an_answer(
    key: str, component: str, kind: str | None
) -> None:
    rule = next(rule for rule in load_evidence().rules.values() if rule.key == key)
    taken = {part: rule.kind_for.get(part, rule.kind) for part in rule.components}
    assert dict(taken).get(component) == kind  # type: ignore[call-overload]
