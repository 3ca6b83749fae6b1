"""Pages and documents of real plans of the example people."""

import json
import re
from datetime import date

import jsonschema
import pytest
from icalendar import Calendar
from tests.render.page import Page

from anagen.person.schema import Person
from anagen.plan.build import make_plan
from anagen.plan.decide import Settings
from anagen.render.calendar import calendar_bytes
from anagen.render.html import html_page
from anagen.render.json import dump, plan_document, plan_schema

TODAY = date(2026, 11, 22)
EXAMPLES = ("alopecia-areata-mx", "early-loss-tr", "warfarin-us", "woman-ludwig2-gb")
FORBIDDEN = re.compile(r"stop taking|discontinue your|you should stop", re.I)
GRADE = 8.0


@pytest.fixture(scope="module", params=EXAMPLES)
def plan(request, root):
    person = Person.load(root / "examples" / f"{request.param}.yaml", TODAY)
    return make_plan(person, TODAY, Settings(draws=100))


@pytest.fixture(scope="module")
def page(plan):
    return Page(html_page(plan))


def test_document_meets_the_schema(plan):
    document = json.loads(dump(plan_document(plan)))
    jsonschema.Draft202012Validator(plan_schema()).validate(document)


def test_page_is_well_formed_and_its_links_lead_somewhere(page):
    assert page.problems == []
    ids = page.ids()
    assert len(ids) == len(set(ids))
    wanted = {
        attrs["href"][1:]
        for tag, attrs in page.elements
        if tag == "a" and (attrs.get("href") or "").startswith("#")
    }
    assert wanted <= set(ids)


def test_no_forbidden_words_anywhere(plan, page):
    assert not FORBIDDEN.search(page.source)
    assert not FORBIDDEN.search(dump(plan_document(plan)))


def test_the_calendar_can_be_read_back(plan):
    calendar = Calendar.from_ical(calendar_bytes(plan))
    starts = [event["DTSTART"].dt for event in calendar.walk("VEVENT")]
    sessions = [session.date for session in plan.course.sessions]
    assert set(sessions) <= set(starts)


def test_every_section_for_a_person_reads_at_grade_eight(page):
    textstat = pytest.importorskip("textstat")
    textstat.set_lang("en_US")
    for section, sentences in page.sentences.items():
        if section == "sources":
            continue
        told = [s for s in sentences if s.endswith((".", "?", "!")) and len(s.split()) >= 5]
        text = " ".join(told)
        if len(text.split()) > 60:
            assert textstat.flesch_kincaid_grade(text) <= GRADE, (section, text)
