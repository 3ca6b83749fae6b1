"""What a forecast is asked for: one person's answers, with every date turned into days."""

from dataclasses import dataclass
from typing import Literal

from anagen.evidence.vocabulary import Component
from anagen.treatment.sessions import Sessions
from anagen.wording import Phrase

HORIZON_DAYS = (0, 28, 56, 84, 112, 168, 252, 364, 546, 728)
"""Days at which a forecast speaks, unless asked otherwise; 0 is today."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One earlier measurement of this person; a value that was not measured is None.

    Attributes:
        days_ago: whole days before today, 0 or more.
        named: how texts call the day, such as its date; how long ago it was unless given.
    """

    days_ago: int
    total_density_per_cm2: float | None = None
    terminal_density_per_cm2: float | None = None
    mean_diameter_um: float | None = None
    anagen_percent: float | None = None
    named: str = ""

    @property
    def day(self) -> str:
        """The day in words."""
        return self.named or f"{self.days_ago} days ago"


@dataclass(frozen=True, slots=True)
class Received:
    """One session that was had, or the day on which a medicine began.

    Attributes:
        component: what it was; a session of a sum is one of each part.
        days_ago: whole days before today, 0 or more.
    """

    component: Component
    days_ago: int


@dataclass(frozen=True, slots=True)
class ArmRequest:
    """One option to forecast, and whether the person may have it at all.

    Attributes:
        id: the arm's name; see `anagen.treatment.arms.parse_arm`.
        available: False leaves the arm without a curve.
        reason: why the arm is not available; empty when it is.
    """

    id: str
    available: bool = True
    reason: str = ""


DEFAULT_ARMS = tuple(
    ArmRequest(name)
    for name in ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Sessions of an injected treatment.

    Attributes:
        sessions: how many.
        interval_days: days between two sessions.
        first_session_day: days from today to the first one.
    """

    sessions: int
    interval_days: int
    first_session_day: int

    @property
    def words(self) -> str:
        """The course in words, such as "3 sessions, 30 days apart"."""
        return Phrase(
            "{sessions} sessions, {days} days apart",
            sessions=self.sessions,
            days=self.interval_days,
        )

    @property
    def planned(self) -> Sessions:
        """All sessions, with days counted from today."""
        return Sessions.every(self.interval_days, self.sessions, float(self.first_session_day))


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """One person and the options to compare.

    Attributes:
        age: years.
        diagnosis: as in the person file; only androgenetic alopecia has a forecast.
        stage_scale, stage_grade: a grade and its scale, or None.
        years_since_onset: or None when not known.
        current_medicines: hair medicines in use now; they go on in every arm.
        received: sessions that were had and days on which a medicine began, in any order.
        chemotherapy, radiotherapy: True only for a clear yes.
        wished: the arm that `schedule` was meant for.
        schedule: sessions of the wished arm; a lone PRP arm keeps its own unless wished.
        route: how the sessions are given. It decides status and preparation, not the curve.
        minoxidil_percent: strength of the topical solution, 2 or 5.
        tissue_half_life: how long exosomes stay in the skin: as measured in mice, or as the article
            says.
        horizon_days: days to speak about, rising from 0.
    """

    age: int
    sex: Literal["male", "female"]
    diagnosis: str
    hair_type: str = "unknown"
    stage_scale: str | None = None
    stage_grade: str | None = None
    years_since_onset: float | None = None
    measurements: tuple[Measured, ...] = ()
    current_medicines: tuple[Component, ...] = ()
    received: tuple[Received, ...] = ()
    chemotherapy: bool = False
    radiotherapy: bool = False
    arms: tuple[ArmRequest, ...] = DEFAULT_ARMS
    wished: str = "exosome"
    schedule: Schedule = Schedule(sessions=4, interval_days=14, first_session_day=7)
    route: str = "injection"
    minoxidil_percent: int = 5
    tissue_half_life: Literal["measured", "article"] = "measured"
    horizon_days: tuple[int, ...] = HORIZON_DAYS
