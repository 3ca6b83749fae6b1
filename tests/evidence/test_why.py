"""Any id of the evidence can be asked: what is it, who says so, what uses it?"""

import pytest

from anagen.evidence import load_evidence
from anagen.evidence.listing import KINDS, counts, rows
from anagen.evidence.why import UnknownId, row_text, why
from anagen.render.json import document_of, dump


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ("C09", "claim"),
        ("R-pregnant", "rule"),
        ("hausauer-2018", "study"),
        ("gupta-2020-skinmed", "source"),
    ],
)
def test_each_kind_explains_itself(record: str, kind: str) -> None:
    explanation = why(load_evidence(), record)
    assert (explanation.id, explanation.kind) == (record, kind)
    assert explanation.sources


def test_every_record_can_be_explained_and_written_as_json() -> None:
    evidence = load_evidence()
    for kind in KINDS:
        for name in getattr(evidence, kind):
            explanation = why(evidence, name)
            assert all(label and text for label, text in explanation.lines), name
            assert dump(document_of(explanation))


def test_a_claim_says_its_standing_its_studies_and_what_uses_it() -> None:
    lines = dict(why(load_evidence(), "C09").lines)
    assert lines["Standing"] == "contradicted"
    assert "first_visible_day" in lines["Used by"]
    assert "Study ersan-2024" in lines


def test_a_study_shares_its_id_with_its_work_and_shows_both() -> None:
    explanation = why(load_evidence(), "olsen-2002")
    assert explanation.kind == "study"
    assert [source.id for source in explanation.sources] == ["olsen-2002"]
    results = [text for label, text in explanation.lines if label == "Result"]
    assert "minoxidil 5 %" in results[0]
    assert "change 18.6 (SD 25.4) hairs/cm2" in results[0]


def test_a_rule_says_where_it_is_more_serious() -> None:
    lines = dict(why(load_evidence(), "R-platelet-disorder").lines)
    assert lines["Kind"] == "caution; contraindication for prp"


def test_capital_letters_are_no_matter() -> None:
    assert why(load_evidence(), "c09").id == "C09"


def test_an_unknown_id_is_told_the_nearest_one() -> None:
    with pytest.raises(UnknownId, match="did you mean 'amini-2025'"):
        why(load_evidence(), "amini-2024")
    with pytest.raises(UnknownId, match="anagen evidence list"):
        why(load_evidence(), "zzzzzz")


def test_a_row_without_a_number_says_so() -> None:
    row = load_evidence().studies["ersan-2024"].rows[0]
    assert "no number seen" in row_text(row)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_holds_every_record_once(kind: str) -> None:
    evidence = load_evidence()
    assert [row.id for row in rows(evidence, kind)] == list(getattr(evidence, kind))


def test_counts_add_up() -> None:
    evidence = load_evidence()
    found = {row.id: row.line for row in counts(evidence)}
    assert tuple(found) == KINDS
    assert found["claims"].startswith("34 (")
