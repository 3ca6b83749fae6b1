"""The dated course of one arm: sessions, what surrounds them, and what is odd about the wish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anagen.catalogue.care import Care, MedicineNote
from anagen.course.model import (
    Course,
    Flag,
    FollowUp,
    MedicineStep,
    Session,
    Step,
    UrgentSign,
)
from anagen.wording import Phrase, marked

INJECTED = ("exosome", "prp")
SESSION_MINUTES = 30
"""The longest that the article says a session lasts (C05)."""
DAYS_A_WEEK = 7
_ROUTES = {
    "injection": marked("{what}, by injection"),
    "microneedling": marked("{what}, by microneedling"),
}
_SESSIONS = {
    "exosome": marked("Exosome session"),
    "prp": marked("PRP session"),
    "exosome+prp": marked("Exosome and PRP session"),
}
_STARTING = {
    "minoxidil": "starting_minoxidil",
    "five_alpha_reductase_inhibitor": "starting_finasteride",
}


@dataclass(frozen=True, slots=True)
class CourseWish:
    """The course that is wished for.

    Attributes:
        arm: the arm's id, such as ``exosome+prp``; `components` are its single treatments.
        first_session: the first visit, or the start of an arm without visits.
    """

    arm: str
    components: tuple[str, ...]
    route: str | None
    sessions: int
    interval_days: int
    first_session: date

    @property
    def injected(self) -> tuple[str, ...]:
        """The treatments that need a needle, in a fixed order."""
        return tuple(name for name in INJECTED if name in self.components)


@dataclass(frozen=True, slots=True)
class MedicineUse:
    """One medicine in use.

    Attributes:
        name: its id, or the person's own word where it was not recognised.
        medicine_class, acts_as: None where it was not recognised.
    """

    name: str
    label: str
    medicine_class: str | None
    acts_as: str | None
    recognised: bool


def make_course(wish: CourseWish, medicines: tuple[MedicineUse, ...] | None, care: Care) -> Course:
    """Date the wished course and gather what surrounds it.

    Args:
        wish: arm, route, number of sessions, interval and first day.
        medicines: those in use; empty means none, None means not answered.
        care: the catalogue's care tables.

    An arm without injections has no sessions; its look-backs count from `first_session`.

    Claims: C01, C02, C05, C07, C26, C27, C28.
    """
    sessions = _sessions(wish)
    last = sessions[-1].date if sessions else wish.first_session
    return Course(
        arm=wish.arm,
        route=wish.route if sessions else None,
        sessions=sessions,
        preparation=_steps(wish, care, "preparation"),
        aftercare=_steps(wish, care, "aftercare"),
        medicines=_medicines(wish, medicines, last, care),
        follow_up=_follow_up(wish, last, care),
        urgent_signs=tuple(
            UrgentSign(entry.id, entry.text, entry.action, entry.sources)
            for entry in care.urgent.values()
            if _concerns(entry.components, wish)
        ),
        flags=protocol_flags(wish, care),
    )


def protocol_flags(wish: CourseWish, care: Care) -> tuple[Flag, ...]:
    """What about the wished sessions differs from what was described or studied.

    Claims: C04, C06.
    """
    counts = {"sessions_outside": wish.sessions, "interval_outside": wish.interval_days}
    words = {
        "sessions": Phrase.counted("{count} session", "{count} sessions", wish.sessions),
        "interval_days": wish.interval_days,
        "weeks": _span((wish.sessions - 1) * wish.interval_days),
    }
    return tuple(
        Flag(entry.id, Phrase(entry.text, **words), entry.claims, entry.sources)
        for entry in care.flags.values()
        if _concerns(entry.components, wish)
        and (entry.applies == "always" or entry.outside(counts[entry.applies]))
        and not (entry.applies == "interval_outside" and wish.sessions == 1)
    )


def _sessions(wish: CourseWish) -> tuple[Session, ...]:
    if not wish.injected:
        return ()
    injected = "+".join(wish.injected)
    what = Phrase(_SESSIONS[injected])
    if wish.route in _ROUTES:
        what = Phrase(_ROUTES[wish.route], what=what)
    return tuple(
        Session(
            number=number + 1,
            date=wish.first_session + timedelta(days=number * wish.interval_days),
            minutes=SESSION_MINUTES,
            what=what,
        )
        for number in range(wish.sessions)
    )


def _concerns(components: Iterable[str], wish: CourseWish) -> bool:
    return bool(set(components) & set(wish.components or ("none",)))


def _steps(wish: CourseWish, care: Care, stage: str) -> tuple[Step, ...]:
    return tuple(
        Step(step.id, step.text, step.basis, step.claims, step.sources)
        for step in care.steps.values()
        if step.stage == stage and _concerns(step.components, wish)
    )


def _follow_up(wish: CourseWish, last: date, care: Care) -> tuple[FollowUp, ...]:
    entries = [entry for entry in care.follow_up.values() if _concerns(entry.components, wish)]
    return tuple(
        FollowUp(
            id=entry.id,
            date=last + timedelta(days=entry.days_after),
            text=entry.text,
            claims=entry.claims,
            sources=entry.sources,
        )
        for entry in sorted(entries, key=lambda entry: entry.days_after)
    )


def _medicines(
    wish: CourseWish, medicines: Sequence[MedicineUse] | None, last: date, care: Care
) -> tuple[MedicineStep, ...]:
    """Notes on medicines in use first, then on hair medicines that the person may start."""
    if medicines is None:
        note = care.note("unanswered")
        found = [(note, "unanswered", note.label or "")]
    else:
        found = [
            (care.note(use.medicine_class or "unrecognised"), use.name, use.label)
            for use in medicines
        ]
    classes = {use.medicine_class for use in medicines or ()}
    for medicine_class, situation in _STARTING.items():
        if medicine_class not in classes and "exosome" in wish.components:
            note = care.note(situation)
            found.append((note, situation.removeprefix("starting_"), note.label or ""))
    return tuple(
        _step(note, name, label, (wish.first_session, last))
        for note, name, label in found
        if wish.injected or note.concerns == "every_arm"
    )


def _step(note: MedicineNote, name: str, label: str, days: tuple[date, date]) -> MedicineStep:
    first, last = days
    waits = note.days_after_last_session
    until = first if note.before_first_session else None
    return MedicineStep(
        name=name,
        label=label,
        action=note.action,
        text=note.text,
        from_=last if waits else None,
        until=last + timedelta(days=waits) if waits else until,
        ask_prescriber=True,
        claims=note.claims,
        sources=note.sources,
    )


def _span(days: int) -> str:
    if days and days % DAYS_A_WEEK == 0:
        return Phrase.counted("{count} week", "{count} weeks", days // DAYS_A_WEEK)
    return Phrase.counted("{count} day", "{count} days", max(days, 1))
