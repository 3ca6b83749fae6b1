"""What the person wished, with every gap filled by a stated default."""

from dataclasses import dataclass
from datetime import date, timedelta

from anagen.person.schema import Person
from anagen.plan.model import Assumption
from anagen.treatment.arms import Arm, parse_arm
from anagen.wording import marked

DEFAULT_ARM = "exosome"
DEFAULT_ROUTE = "injection"
DEFAULT_SESSIONS = 4
DEFAULT_INTERVAL_DAYS = 14
DEFAULT_MINOXIDIL_PERCENT = 5
DEFAULT_WAIT = timedelta(days=7)
BASE_ARMS = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")


@dataclass(frozen=True, slots=True)
class Wished:
    """One complete wish on one day: an arm with its route and schedule."""

    today: date
    arm: Arm
    route: str
    sessions: int
    interval_days: int
    first_session: date
    minoxidil_percent: int
    donor_source: str | None

    @property
    def arms(self) -> tuple[str, ...]:
        """The six options that every plan shows, and the wished one if it is another."""
        return tuple(dict.fromkeys((*BASE_ARMS, self.arm.id)))


def complete_wish(person: Person, today: date) -> tuple[Wished, tuple[Assumption, ...]]:
    """The wish with its gaps filled, and what was assumed for each gap."""
    wishes = person.wishes
    wished = Wished(
        today=today,
        arm=parse_arm(wishes.arm or DEFAULT_ARM),
        route=wishes.route or DEFAULT_ROUTE,
        sessions=wishes.sessions or DEFAULT_SESSIONS,
        interval_days=wishes.interval_days or DEFAULT_INTERVAL_DAYS,
        first_session=wishes.first_session or today + DEFAULT_WAIT,
        minoxidil_percent=wishes.minoxidil_percent or DEFAULT_MINOXIDIL_PERCENT,
        donor_source=None if wishes.donor_source in (None, "unknown") else wishes.donor_source,
    )
    gaps = {
        "wishes.arm": (
            wishes.arm,
            wished.arm.id,
            marked("The verdict, dates and price are for it."),
        ),
        "wishes.route": (
            wishes.route,
            wished.route,
            marked("It decides the regulatory status shown and the preparation."),
        ),
        "wishes.sessions": (
            wishes.sessions,
            wished.sessions,
            marked("Dates, price and curves use it. The article says 3 to 5."),
        ),
        "wishes.interval_days": (
            wishes.interval_days,
            wished.interval_days,
            marked("Dates and curves use it. The article says 1 or 2 weeks."),
        ),
        "wishes.first_session": (
            wishes.first_session,
            wished.first_session.isoformat(),
            marked("One week after today. All dates follow from it."),
        ),
        "wishes.minoxidil_percent": (
            wishes.minoxidil_percent,
            wished.minoxidil_percent,
            marked("The minoxidil curve uses 5 %, for women too."),
        ),
        "wishes.donor_source": (
            wished.donor_source,
            "unknown",
            marked(
                "The evidence shown is that of all sources. The curve does not change with the "
                "source."
            ),
        ),
    }
    assumed = tuple(
        Assumption(key, value, effect) for key, (given, value, effect) in gaps.items() if not given
    )
    return wished, assumed + _about_the_person(person)


def _about_the_person(person: Person) -> tuple[Assumption, ...]:
    gaps = {
        "hair_type": (
            person.hair_type != "unknown",
            marked(
                "The range of healthy densities covers all hair types, so the curves are wider."
            ),
        ),
        "stage": (
            person.stage is not None,
            marked("How far the loss has gone is left open: wider curves."),
        ),
        "years_since_onset": (
            person.years_since_onset is not None,
            marked("How long the loss has gone on is drawn from a wide range."),
        ),
        "measurements": (
            bool(person.measurements),
            marked("No count of your own hair: the curves show people like you, not your count."),
        ),
        "medicines": (
            person.medicines is not None,
            marked("The curves assume no hair medicine in use. The verdict waits for your answer."),
        ),
        "health.chemotherapy": (
            person.health.chemotherapy != "unknown",
            marked("The curves assume no. The verdict waits for your answer."),
        ),
        "health.radiotherapy": (
            person.health.radiotherapy != "unknown",
            marked("The curves assume no. The verdict waits for your answer."),
        ),
    }
    return tuple(
        Assumption(key, "unknown", effect) for key, (given, effect) in gaps.items() if not given
    )
