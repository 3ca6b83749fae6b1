"""Our own words on a person's page stay at a reading grade of 8 or below."""

import pytest
from tests.render import sample
from tests.render.page import Page

from anagen.render.html import html_page

GRADE = 8.0
OWN_WORDS = ("top", "standing", "when", "price", "forecast", "points", "harms", "ask", "limits")
LONG_ENOUGH_WORDS = 5


@pytest.mark.parametrize("make", [sample.candidate, sample.not_now])
def test_page_reads_at_grade_eight(make):
    textstat = pytest.importorskip("textstat")
    textstat.set_lang("en_US")
    page = Page(html_page(make()))
    whole = []
    for section in OWN_WORDS:
        text = " ".join(
            told
            for told in page.sentences[section]
            if told.endswith((".", "?", "!")) and len(told.split()) >= LONG_ENOUGH_WORDS
        )
        whole.append(text)
        if len(text.split()) > 60:
            grade = textstat.flesch_kincaid_grade(text)
            assert grade <= GRADE, (section, grade, text)
    assert textstat.flesch_kincaid_grade(" ".join(whole)) <= GRADE
