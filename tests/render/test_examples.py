"""Pages and documents of real plans of the example people."""

import json
import re
from datetime import date

import jsonschema
import pytest
from icalendar import Calendar
from tests.render.page import Page

from anagen.person.schema import Person
from anagen.plan.build import make_plan, planned
from anagen.plan.decide import Settings
from anagen.render.calendar import calendar_bytes
from anagen.render.html import html_page
from anagen.render.json import dump, plan_document, plan_schema

TODAY = date(2026, 11, 22)
EXAMPLES = ("alopecia-areata-mx", "early-loss-tr", "warfarin-us", "woman-ludwig2-gb")
FORBIDDEN = re.compile(r"stop taking|discontinue your|you should stop", re.I)
GRADE = 8.0


@pytest.fixture(scope="module", params=EXAMPLES)
def person(request, root):
    return Person.load(root / "examples" / f"{request.param}.yaml", TODAY)


@pytest.fixture(scope="module")
def made(person):
    return planned(person, TODAY, Settings(draws=100))


@pytest.fixture(scope="module")
def plan(made):
    return made.plan


@pytest.fixture(scope="module")
def page(made):
    return Page(html_page(made.plan, made.patch()))


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


def test_pictures_of_scalp_stand_beside_their_range_and_certainty(made, plan, page):
    patch = made.patch()
    if not plan.forecast.available:
        assert patch is None
        assert 'class="patches"' not in page.source
        return
    pictures = page.source.split('<div class="patches">')[1].split("</div>")[0]
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", pictures, re.S)
    assert len(captions) == 1 + len(patch.after)
    assert all(re.search(r"\d+ to \d+ hairs per cm²", caption) for caption in captions)
    assert sum('class="sure sure-' in caption for caption in captions) == len(patch.after)
    assert "one patch out of many" in page.source
    assert 'class="patches"' not in html_page(plan)


def test_pictures_change_nothing_in_the_document(person, made, plan):
    before = dump(plan_document(plan))
    made.patch()
    assert dump(plan_document(make_plan(person, TODAY, Settings(draws=100)))) == before


def test_the_page_with_all_its_pictures_stays_light(page):
    assert len(page.source.encode()) < 300_000


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
