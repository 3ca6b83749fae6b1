"""A course as an iCalendar file (RFC 5545): all-day events that any calendar program can import."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Component, Event, Journal

from anagen import __version__
from anagen.course.model import Course, MedicineStep, Session
from anagen.plan.decide import Decisions
from anagen.plan.model import Plan
from anagen.render.words import arm_label, arm_regulatory_text
from anagen.wording import Phrase, Wording, wording_of

ENGLISH = wording_of("en")
UID_NAMESPACE = uuid5(NAMESPACE_URL, "anagen:calendar")
WHO = ("name", "age", "sex", "country", "diagnosis")
"""Answers that tell one person's events from another's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: `key` tells it apart from others of the same arm, whatever its date."""

    key: str
    start: date
    end: date
    """The day after the last day, as RFC 5545 counts."""
    summary: str
    description: str


def calendar_bytes(made: Plan | Decisions, wording: Wording = ENGLISH) -> bytes:
    """The course as RFC 5545 text: sessions, waits that the article suggests, and look-backs.

    Without a course it holds no event, only a journal entry that says why: RFC 5545 wants at
    least one component.

    The same course and day give the same bytes: identifiers come from the person, the arm and each
    event's place in the course, and the time stamp from the plan's day, never from the clock. A
    session that moves keeps its identifier, so that a calendar program moves it too. Events don't
    block the day, because a session takes minutes and needs no recovery day.

    Claims: C02, C05.
    """
    arm = made.candidacy.arm
    made = wording.in_language(made)
    status = wording.say(arm_regulatory_text(made.regulatory, arm))
    label = wording.say(arm_label(arm))
    uid_of = partial(_uid, made.person, arm)
    if made.course is not None:
        entries = _entries(made.course, label, wording)
        events = (_event(entry, uid_of(entry.key), made.made_on, status) for entry in entries)
        return bytes(_calendar(events).to_ical())
    reasons = " ".join(limit.reason for limit in made.limits if limit.part == "course")
    note = Journal()
    note.add("uid", uid_of("none"))
    note.add("dtstamp", _stamp(made.made_on))
    note.add("dtstart", made.made_on)
    note.add("summary", wording.say(Phrase("{label}: no sessions are planned", label=label)))
    note.add("description", f"{status}\n\n{reasons}")
    return bytes(_calendar((note,)).to_ical())


def _uid(person: Mapping[str, Any], arm: str, key: str) -> str:
    """The same for one person's event whatever its date, and another for another person."""
    who = "/".join(str(person.get(part)) for part in WHO)
    return f"{uuid5(UID_NAMESPACE, f'{who}/{arm}/{key}')}@anagen"


def _stamp(made_on: date) -> datetime:
    return datetime.combine(made_on, time(), tzinfo=UTC)


def _calendar(components: Iterable[Component]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//anagen//anagen {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for component in components:
        calendar.add_component(component)
    return calendar


def _event(entry: Entry, uid: str, made_on: date, regulatory: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _stamp(made_on))
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.summary)
    event.add("description", f"{regulatory}\n\n{entry.description}")
    event.add("transp", "TRANSPARENT")
    return event


def _entries(course: Course, label: str, wording: Wording) -> Iterator[Entry]:
    for session in course.sessions:
        yield _session(course, session, label, wording)
    for medicine in course.medicines:
        if medicine.from_ is not None:
            yield _medicine(medicine, medicine.from_, wording)
    for look in course.follow_up:
        yield Entry(
            f"follow-up/{look.id}",
            look.date,
            look.date + timedelta(days=1),
            wording.say(Phrase("Look back: {label}", label=label)),
            look.text,
        )


def _session(course: Course, session: Session, label: str, wording: Wording) -> Entry:
    say = wording.say
    signs = (f"{sign.text} {sign.action}" for sign in course.urgent_signs)
    parts = [
        say(Phrase("{what}. Up to {minutes} minutes.", what=session.what, minutes=session.minutes)),
        _listed(say(Phrase("Before")), (step.text for step in course.preparation)),
        _listed(say(Phrase("After")), (step.text for step in course.aftercare)),
        _listed(say(Phrase("Get help")), signs),
    ]
    return Entry(
        f"session/{session.number}",
        session.date,
        session.date + timedelta(days=1),
        say(
            Phrase(
                "{label}: session {number} of {count}",
                label=label,
                number=session.number,
                count=len(course.sessions),
            )
        ),
        "\n\n".join(part for part in parts if part),
    )


def _medicine(medicine: MedicineStep, start: date, wording: Wording) -> Entry:
    end = medicine.until or start
    covers = Phrase("This note covers {start}.", start=start)
    if end > start:
        covers = Phrase("This note covers {start} until {end}.", start=start, end=end)
    return Entry(
        f"medicine/{medicine.name}",
        start,
        end + timedelta(days=1),
        wording.say(Phrase("{label}: ask your prescriber", label=medicine.label)),
        f"{medicine.text}\n{wording.say(covers)}",
    )


def _listed(heading: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"{heading}:\n{listed}" if listed else ""
