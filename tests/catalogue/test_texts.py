"""What the catalogue's texts must say, and what they must never say."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from anagen.catalogue import Catalogue
from anagen.catalogue.schema import Harm

FORBIDDEN = re.compile(
    r"stop taking|discontinue your|you should stop|\bsafe\b|\blegal\b|guarantee", re.IGNORECASE
)
ARTICLE_SOURCES = (
    "adipose",
    "dermal_papilla",
    "mesenchymal_stem_cell",
    "platelet_rich_plasma",
    "umbilical_cord",
)
COMPARED = ("none", "exosome", "prp", "minoxidil", "finasteride")
ROWS_OF_C29 = ("blood_draw", "material", "centrifuge", "sessions_to_result", "anti_inflammatory")
ROWS_BESIDE = ("cost", "visits", "effort", "harms", "regulator", "evidence")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _texts(value.model_dump())
    elif isinstance(value, dict):
        for content in value.values():
            yield from _texts(content)
    elif isinstance(value, (list, tuple)):
        for content in value:
            yield from _texts(content)


def _own_records(catalogue: Catalogue) -> Iterator[BaseModel]:
    for table in (
        catalogue.regulators,
        catalogue.products,
        catalogue.harms,
        catalogue.comparison,
        catalogue.points,
        catalogue.questions,
    ):
        yield from table.values()


def test_no_text_uses_forbidden_words(catalogue: Catalogue) -> None:
    for record in _own_records(catalogue):
        for text in _texts(record):
            assert not FORBIDDEN.search(text), text


@pytest.mark.parametrize(
    "component", ["exosome", "prp", "minoxidil", "finasteride", "needle", "local_anaesthetic"]
)
def test_every_component_has_harms(catalogue: Catalogue, component: str) -> None:
    assert any(harm.component == component for harm in catalogue.harms.values())


def _is_frequency_or_says_why_not(harm: Harm) -> bool:
    if isinstance(harm.frequency, str):
        return harm.frequency in ("not_established", "not_studied")
    return 0 <= harm.frequency.low <= harm.frequency.high <= harm.frequency.per


def test_every_harm_has_a_frequency_or_says_that_none_is_known(catalogue: Catalogue) -> None:
    for harm in catalogue.harms.values():
        assert _is_frequency_or_says_why_not(harm), harm.id
        assert harm.sources, harm.id
        assert harm.when_to_seek_help, harm.id


def test_case_reports_of_grave_harm_get_no_rate(catalogue: Catalogue) -> None:
    for name in ("exosome-sepsis", "exosome-skin-necrosis", "exosome-granuloma"):
        harm = catalogue.harms[name]
        assert harm.frequency == "not_established"
        assert harm.seriousness == "serious"


def test_both_together_are_not_studied(catalogue: Catalogue) -> None:
    (harm,) = [h for h in catalogue.harms.values() if h.component == "exosome+prp"]
    assert harm.frequency == "not_studied"


def test_hair_on_the_face_keeps_the_gap_between_ways_of_asking(catalogue: Catalogue) -> None:
    frequency = catalogue.harms["minoxidil-hair-elsewhere"].frequency
    assert not isinstance(frequency, str)
    assert (frequency.low, frequency.high, frequency.per) == (3, 51, 100)


def test_the_five_donor_sources_of_the_article_are_told_apart(catalogue: Catalogue) -> None:
    texts = {catalogue.products[name].evidence for name in ARTICLE_SOURCES}
    assert len(texts) == len(ARTICLE_SOURCES)


def test_every_row_answers_for_every_treatment(catalogue: Catalogue) -> None:
    assert tuple(catalogue.comparison) == ROWS_OF_C29 + ROWS_BESIDE
    for row in catalogue.comparison.values():
        assert set(COMPARED) <= set(row.by_component)
    for name in ROWS_OF_C29:
        assert "C29" in catalogue.comparison[name].claims


def test_no_study_of_both_together_is_claimed(catalogue: Catalogue) -> None:
    for name in ("harms", "evidence"):
        assert catalogue.comparison[name].by_component["exosome+prp"].standing == "not_established"


def test_the_articles_pros_and_cons_are_all_there(catalogue: Catalogue) -> None:
    pros = [p.id for p in catalogue.points.values() if "C22" in p.claims]
    cons = [p.id for p in catalogue.points.values() if "C23" in p.claims]
    assert pros == ["less-inflammation", "tissue-regeneration", "no-downtime"]
    assert cons == [
        "expensive",
        "touch-ups",
        "experimental",
        "contaminated-or-recycled",
        "not-approved",
    ]


def test_every_treatment_has_pros_and_cons(catalogue: Catalogue) -> None:
    for treatment in ("exosome", "prp", "minoxidil", "finasteride"):
        kinds = {p.kind for p in catalogue.points.values() if treatment in p.components}
        assert kinds == {"pro", "con"}, treatment


@pytest.mark.parametrize(
    "topic",
    ["approval", "trial", "donor", "certificate", "sterility", "identity", "lot", "storage",
     "single_use", "who_injects", "reaction", "total_price"],
)  # fmt: skip
def test_the_questions_cover_product_and_practice(catalogue: Catalogue, topic: str) -> None:
    question = catalogue.questions[topic]
    assert question.text.endswith("?")
    assert question.why
