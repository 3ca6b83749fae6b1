"""The calendar file: valid, stable, and never without the regulatory line."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from tests.render import sample

from anagen.render.calendar import calendar_bytes


@pytest.fixture(scope="module")
def raw():
    return calendar_bytes(sample.candidate())


@pytest.fixture(scope="module")
def events(raw):
    return Calendar.from_ical(raw).walk("VEVENT")


def test_required_properties(raw, events):
    calendar = Calendar.from_ical(raw)
    assert calendar["version"] == "2.0"
    assert calendar["calscale"] == "GREGORIAN"
    assert calendar["prodid"].startswith("-//anagen//")
    assert "method" not in calendar
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"} <= set(event)
    assert len({event["UID"] for event in events}) == len(events)


def test_lines_are_folded_and_end_in_crlf(raw):
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_days_are_whole_and_do_not_block(events):
    for event in events:
        start, end = event["DTSTART"], event["DTEND"]
        assert type(start.dt) is date
        assert start.params["VALUE"] == "DATE"
        assert end.dt - start.dt >= timedelta(days=1)
        assert event["TRANSP"] == "TRANSPARENT"


def test_sessions_waits_and_look_backs(events):
    by_start = [(event["DTSTART"].dt, str(event["SUMMARY"])) for event in events]
    course = sample.course()
    assert [start for start, name in by_start if "session" in name] == [
        session.date for session in course.sessions
    ]
    assert (date(2027, 1, 10), "Minoxidil: ask your prescriber") in by_start
    assert len(events) == len(course.sessions) + 1 + len(course.follow_up)


def test_every_event_says_how_the_regulator_stands(events):
    for event in events:
        assert str(event["DESCRIPTION"]).startswith("Exosomes, TR: Not approved")
        assert "is experimental" in str(event["DESCRIPTION"])


def test_a_session_holds_preparation_and_urgent_signs(events):
    told = str(events[0]["DESCRIPTION"])
    for words in ("Bring a hat.", "Trouble breathing", "Call emergency services now."):
        assert words in told


def uids(raw: bytes) -> list[str]:
    return [str(event["UID"]) for event in Calendar.from_ical(raw).walk("VEVENT")]


def test_same_input_same_bytes_and_moved_dates_keep_their_ids(raw):
    plan = sample.candidate()
    assert raw == calendar_bytes(plan)
    moved = [replace(one, date=one.date + timedelta(days=3)) for one in plan.course.sessions]
    later = replace(
        plan,
        made_on=plan.made_on + timedelta(days=1),
        course=replace(plan.course, sessions=tuple(moved)),
    )
    assert raw != calendar_bytes(later)
    assert uids(raw) == uids(calendar_bytes(later))


def test_two_people_never_share_an_id(raw):
    plan = sample.candidate()
    other = replace(plan, person={**plan.person, "age": 61})
    assert not set(uids(raw)) & set(uids(calendar_bytes(other)))


def test_a_sum_of_arms_names_each_treatment():
    plan = sample.candidate()
    both = replace(plan, candidacy=replace(plan.candidacy, arm="exosome+prp"))
    told = str(Calendar.from_ical(calendar_bytes(both)).walk("VEVENT")[0]["DESCRIPTION"])
    assert "Exosomes, TR" in told
    assert "PRP (platelet-rich plasma), TR" in told


def test_a_plan_without_a_course_has_no_event_but_a_reason():
    calendar = Calendar.from_ical(calendar_bytes(sample.not_now()))
    assert calendar.walk("VEVENT") == []
    (note,) = calendar.walk("VJOURNAL")
    assert "is experimental" in note["DESCRIPTION"]
    assert "A listed reason speaks against it now." in note["DESCRIPTION"]
