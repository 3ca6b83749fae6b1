"""What happens to single follicles, day by day, told in words.

These are follicles of the model, not of a person: the same ones that the reference method counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from anagen.follicle.reference import Condition, Event, Follicle, lives
from anagen.follicle.run import Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import DiameterGrid, FollicleModel

IS: dict[Condition, str] = {
    "early_anagen": "a new hair of {um:g} µm grows, still under the skin (early anagen)",
    "anagen": "a hair of {um:g} µm grows (anagen)",
    "telogen": "a hair of {um:g} µm rests (telogen)",
    "latency": "the follicle is empty and rests (latency)",
    "dormant": "the follicle is dormant: it has no hair and has left the cycle",
    "lost": "the follicle is lost: it has no hair and has left the cycle",
}
"""What a follicle does on a day, by where it is."""

BEGINS: dict[Condition, str] = {
    "early_anagen": "a new hair begins to grow under the skin (early anagen)",
    "telogen": "the hair stops growing and rests (telogen)",
    "latency": "the follicle stays empty (latency)",
    "dormant": "the follicle falls dormant and leaves the cycle",
    "lost": "the follicle is lost and stays out of the cycle",
}
"""What starts when a follicle enters a phase, besides anagen."""

ENDS: dict[Condition, str] = {
    "telogen": "the hair is shed; ",
    "dormant": "the dormant state ends; ",
    "lost": "the lost follicle comes back; ",
}
"""What ends when a follicle leaves a phase, where there is something to say."""


@dataclass(frozen=True, slots=True)
class Story:
    """One follicle of the model, followed.

    Attributes:
        number: its number, from 0, as the reference method counts.
        phase, group, age_days: where it was found on day 0, its diameter class, and for how many
            days it had been in that phase.
        events: what happened, in order of time.
        last_day: the day on which the story ends.
        grid: the diameter classes.
    """

    number: int
    phase: Condition
    group: int
    age_days: float
    events: tuple[Event, ...]
    last_day: float
    grid: DiameterGrid

    def text(self) -> str:
        """The story, one dated sentence a line."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        last = self.events[-1] if self.events else None
        yield f"Follicle {self.number + 1} of the model, followed for {self.last_day:.0f} days"
        yield (
            f"day 0: {self._is(self.phase, self.group)}, on a healthy scalp; this phase began "
            f"{_days(self.age_days)} earlier"
        )
        for event in self.events:
            yield f"day {event.day:.0f}: {ENDS.get(event.left, '')}{self._begins(event)}"
        phase, group = (last.entered, last.group) if last else (self.phase, self.group)
        yield f"day {self.last_day:.0f}: {self._is(phase, group)}; the story ends here"

    def _is(self, phase: Condition, group: int) -> str:
        return IS[phase].format(um=self.grid.midpoints_um[group])

    def _begins(self, event: Event) -> str:
        if event.entered != "anagen":
            return BEGINS[event.entered]
        before, now = (self.grid.midpoints_um[at] for at in (event.group_before, event.group))
        compared = {
            "none": "as thick as before",
            "shrink": f"thinner than before ({before:g} µm)",
            "lift": f"thicker than before ({before:g} µm)",
            "relapse": f"thinner than before ({before:g} µm): what was gained is lost again",
        }[event.change]
        shows = "a new hair grows at once" if event.left == "telogen" else "a new hair shows"
        return f"{shows} (anagen, cycle {event.cycle}): {now:g} µm, {compared}"


def _days(days: float) -> str:
    return "1 day" if round(days) == 1 else f"{days:.0f} days"


def follicle_stories(
    model: FollicleModel,
    signals: Signals,
    follicles: int = 3,
    days: float | None = None,
    seed: int = 1,
) -> tuple[Story, ...]:
    """Stories of the first follicles of a scalp that is healthy on day 0.

    Args:
        model: its parameters; the first draw is told (`model.pick` chooses another).
        signals: what acts on it.
        follicles: how many to tell of.
        days: how long to follow them, to the nearest step; without it, to the end of the signals.
        seed: the user's seed. `simulate(..., method="reference")` counts the same follicles.

    Raises:
        ValueError: no follicle, or more days than the signals hold.
    """
    if follicles < 1:
        raise ValueError(f"follicles must be at least 1, not {follicles}")
    steps = signals.steps if days is None else round(days / signals.step_days)
    if not 0 <= steps <= signals.steps:
        raise ValueError(f"days must lie between 0 and {signals.days:g}, not {days:g}")
    task = Task(
        model=model,
        signals=signals,
        start=None,
        first=0,
        steps=(steps,),
        follicles=follicles,
        seed=seed,
        subject="scalp",
        first_draw=0,
        threads=1,
        keep=False,
    )
    last_day = steps * signals.step_days
    return tuple(
        _story(number, follicle, events, last_day, model.grid)
        for number, (follicle, events) in enumerate(lives(task, 0))
    )


def _story(
    number: int, follicle: Follicle, events: Iterator[Event], last_day: float, grid: DiameterGrid
) -> Story:
    start = replace(follicle)  # a copy, because the follicle changes as its events are read
    return Story(
        number=number,
        phase=start.phase,
        group=start.group,
        age_days=start.age_days,
        events=tuple(events),
        last_day=last_day,
        grid=grid,
    )
