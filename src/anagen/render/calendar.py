"""A course as an iCalendar file (RFC 5545): all-day events that any calendar program can import."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Component, Event, Journal

from anagen import __version__
from anagen.course.model import Course, MedicineStep, Session
from anagen.plan.model import Plan, Regulatory
from anagen.render.words import arm_label, arm_regulatory_text, long_date

UID_NAMESPACE = uuid5(NAMESPACE_URL, "anagen:calendar")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: `key` tells it apart from others of the same arm, whatever its date."""

    key: str
    start: date
    end: date
    """The day after the last day, as RFC 5545 counts."""
    summary: str
    description: str


def plan_calendar(plan: Plan) -> bytes:
    """The calendar of a plan's course.

    Without a course it holds no event, only a journal entry that says why: RFC 5545 wants at
    least one component.

    Claims: C02, C05.
    """
    label = arm_label(plan.candidacy.arm)
    if plan.course is not None:
        return calendar_bytes(plan.course, plan.made_on, plan.regulatory)
    reasons = " ".join(limit.reason for limit in plan.limits if limit.part == "course")
    note = Journal()
    note.add("uid", f"{uuid5(UID_NAMESPACE, f'{plan.candidacy.arm}/none')}@anagen")
    note.add("dtstamp", _stamp(plan.made_on))
    note.add("dtstart", plan.made_on)
    note.add("summary", f"{label}: no sessions are planned")
    note.add("description", reasons or plan.candidacy.text)
    return bytes(_calendar((note,)).to_ical())


def calendar_bytes(course: Course, made_on: date, regulatory: Regulatory) -> bytes:
    """The course as RFC 5545 text: sessions, waits that the article suggests, and look-backs.

    The same course, day and words give the same bytes: identifiers come from the arm and each
    event's place in the course, and the time stamp from `made_on`, never from the clock. Events
    don't block the day, because a session takes minutes and needs no recovery day.

    Args:
        course: what to put in the calendar.
        made_on: the day on which the plan was made.
        regulatory: how the treatments stand with the regulator; part of every event.
    """
    stamp = _stamp(made_on)
    status = arm_regulatory_text(regulatory, course.arm)
    entries = _entries(course, arm_label(course.arm))
    calendar = _calendar(_event(entry, course.arm, stamp, status) for entry in entries)
    return bytes(calendar.to_ical())


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


def _event(entry: Entry, arm: str, stamp: datetime, regulatory: str) -> Event:
    event = Event()
    uid = uuid5(UID_NAMESPACE, f"{arm}/{entry.key}/{entry.start.isoformat()}")
    event.add("uid", f"{uid}@anagen")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.summary)
    event.add("description", f"{regulatory}\n\n{entry.description}")
    event.add("transp", "TRANSPARENT")
    return event


def _entries(course: Course, label: str) -> Iterator[Entry]:
    for session in course.sessions:
        yield _session(course, session, label)
    for medicine in course.medicines:
        if medicine.from_ is not None:
            yield _medicine(medicine, medicine.from_)
    for look in course.follow_up:
        yield Entry(
            f"follow-up/{look.id}",
            look.date,
            look.date + timedelta(days=1),
            f"Look back: {label}",
            look.text,
        )


def _session(course: Course, session: Session, label: str) -> Entry:
    parts = [
        f"{session.what}. Up to {session.minutes} minutes.",
        _listed("Before", (step.text for step in course.preparation)),
        _listed("After", (step.text for step in course.aftercare)),
        _listed("Get help", (f"{sign.text} {sign.action}" for sign in course.urgent_signs)),
    ]
    return Entry(
        f"session/{session.number}",
        session.date,
        session.date + timedelta(days=1),
        f"{label}: session {session.number} of {len(course.sessions)}",
        "\n\n".join(part for part in parts if part),
    )


def _medicine(medicine: MedicineStep, start: date) -> Entry:
    end = medicine.until or start
    until = f" until {long_date(end)}" if end > start else ""
    return Entry(
        f"medicine/{medicine.name}",
        start,
        end + timedelta(days=1),
        f"{medicine.label}: ask your prescriber",
        f"{medicine.text}\nThis note covers {long_date(start)}{until}.",
    )


def _listed(heading: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"{heading}:\n{listed}" if listed else ""
