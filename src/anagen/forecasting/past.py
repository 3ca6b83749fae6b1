"""What a person had before today, as one schedule with what comes after.

Sessions had and sessions to come lie on one grid of days that begins in the past, so that what is
still there today, and how high an effect once stood, carry over into every arm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from anagen.evidence.vocabulary import Component
from anagen.follicle.signals import STEP_DAYS, step_count
from anagen.forecasting.effects import NO_SESSIONS, Acting, effects_of_arm
from anagen.forecasting.request import ForecastRequest
from anagen.posterior import Release
from anagen.treatment.arms import INJECTED
from anagen.treatment.effect import Effect, no_effect
from anagen.treatment.sessions import Sessions

LONGEST_PAST_DAYS = 1092.0
"""Three years: how much of a treated past is stepped through. By then the effect of a session is
gone and that of a medicine has levelled off; a longer past would take longer than it tells."""


@dataclass(frozen=True, slots=True)
class Had:
    """Treatments before today.

    Attributes:
        sessions: those of each injected treatment that still matter, with days up to 0.
        medicines: medicines in use now, with the days since they began, in whole steps.
        together: whether exosomes and PRP were given on one day.
    """

    sessions: Mapping[Component, Sessions]
    medicines: Mapping[Component, float]
    together: bool

    @classmethod
    def of(cls, request: ForecastRequest, release: Release) -> "Had":
        """What a person had; a medicine in use without a first day was used for a usual while."""
        days: dict[Component, list[int]] = {}
        for one in request.received:
            days.setdefault(one.component, []).append(one.days_ago)
        usual = release.fixed("medicine-past-days")
        began = {name: max(days.get(name, [usual])) for name in request.current_medicines}
        recent = {
            name: sorted(day for day in days.get(name, ()) if day <= LONGEST_PAST_DAYS)[::-1]
            for name in INJECTED
        }
        return cls(
            sessions={
                name: Sessions(tuple(-float(day) for day in found))
                for name, found in recent.items()
                if found
            },
            medicines={
                name: _whole_steps(min(since, LONGEST_PAST_DAYS)) for name, since in began.items()
            },
            together=bool(set(recent["exosome"]) & set(recent["prp"])),
        )

    @property
    def components(self) -> tuple[Component, ...]:
        """Every treatment that acted, medicines first."""
        return (*self.medicines, *self.sessions)

    @property
    def days(self) -> float:
        """How far back the treated past reaches, in whole steps."""
        first = [-min(sessions.days) for sessions in self.sessions.values()]
        return _whole_steps(max([*first, *self.medicines.values()], default=0.0))

    def until_today(self, acting: Acting) -> list[Effect]:
        """Effects on the days of the treated past, the last of which is today."""
        steps = step_count(self.days)
        found = []
        for name, since in self.medicines.items():
            used = step_count(since)
            effect = effects_of_arm((), {name: 0.0}, acting, used)[0]
            found.append(_after_nothing(effect, steps - used))
        return found + self._of_sessions((), acting, steps)

    def from_today(self, new: tuple[Component, ...], acting: Acting, steps: int) -> list[Effect]:
        """Effects from today on: what was had and still acts, what goes on, and what is new.

        Args:
            new: treatments that start today or later.
            acting: parameters, and schedules of the new sessions with days from today.
            steps: length of the signals.
        """
        if not self.sessions:
            return effects_of_arm(new, self.medicines, acting, steps)
        medicines = tuple(name for name in new if name not in INJECTED)
        head = step_count(self.days)
        return [
            *effects_of_arm(medicines, self.medicines, acting, steps),
            *(_rows(effect, head) for effect in self._of_sessions(new, acting, head + steps)),
        ]

    def _of_sessions(self, new: tuple[Component, ...], acting: Acting, steps: int) -> list[Effect]:
        """Effects of all sessions, had and new, on the grid that begins in the past."""
        names = tuple(name for name in INJECTED if name in self.sessions or name in new)
        schedules = {}
        for name in names:
            had = self.sessions.get(name, NO_SESSIONS)
            planned = acting.schedules.get(name, NO_SESSIONS) if name in new else NO_SESSIONS
            schedules[name] = Sessions(tuple(day + self.days for day in (*had.days, *planned.days)))
        # One course after another is not the two together: no interaction was meant for that.
        meet = self.together or set(INJECTED) <= set(new)
        interaction = acting.interaction if meet else np.zeros_like(acting.interaction)
        return effects_of_arm(
            names, {}, replace(acting, schedules=schedules, interaction=interaction), steps
        )


NOTHING_HAD = Had({}, {}, together=False)
"""The past of a person who had nothing."""


def _whole_steps(days: float) -> float:
    return step_count(days) * STEP_DAYS


def _rows(effect: Effect, first: int) -> Effect:
    return Effect(**{part.name: getattr(effect, part.name)[first:] for part in fields(effect)})


def _after_nothing(effect: Effect, steps: int) -> Effect:
    """The effect after some steps without any."""
    if steps == 0:
        return effect
    before = no_effect(steps, effect.drive.shape[1])
    return Effect(
        **{
            part.name: np.concatenate([getattr(before, part.name), getattr(effect, part.name)])
            for part in fields(effect)
        }
    )
