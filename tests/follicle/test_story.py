"""A story tells what the reference method counts, in order and in words."""

import dataclasses
import re

import numpy as np
import pytest
from tests.follicle.models import model

from anagen.follicle import Fixed, Signals, Story, follicle_stories, simulate, untreated
from anagen.follicle.population import CONDITIONS, Follicles
from anagen.follicle.reference import Event
from anagen.follicle.spec import DEFAULT_GRID, PHASES

FULL = model(1, dormancy_probability=0.15, loss_rate=1e-3, revival_rate=1e-3)


def treated(days: float) -> Signals:
    still = untreated(np.ones(1), days, 7.0)
    return dataclasses.replace(still, lift_probability=np.full_like(still.drive, 0.3))


def test_the_stories_are_of_the_follicles_that_are_counted() -> None:
    days = 3640
    stories = follicle_stories(FULL, treated(days), follicles=12, seed=5)
    run = simulate(FULL, treated(days), 12, (0, days), "reference", seed=5, keep=True)
    assert isinstance(run.final, Follicles)
    for story in stories:
        last = story.events[-1]
        assert CONDITIONS.index(last.entered) == run.final.phase[0, story.number]
        assert last.group == run.final.group[0, story.number]
        assert last.cycle == run.final.cycle[0, story.number]
        assert days - last.day == pytest.approx(run.final.age_days[0, story.number])
    begun = [sum(story.phase == phase for story in stories) for phase in PHASES]
    assert begun == pytest.approx(run.density[0].sum(axis=1)[:, 0] / 300 * 12)
    shed = sum(event.left == "telogen" for story in stories for event in story.events)
    assert shed == pytest.approx(run.shed_hairs_per_day()[1, 0] * days / 300 * 12)


def test_each_event_begins_where_the_one_before_ended() -> None:
    for story in follicle_stories(FULL, treated(7280), follicles=10):
        where, group, cycle, day = story.phase, story.group, 0, 0.0
        for event in story.events:
            assert (event.left, event.group_before) == (where, group)
            assert event.cycle == cycle + (event.entered == "anagen")
            assert event.day >= day
            assert (event.group == event.group_before) == (event.change == "none")
            where, group, cycle, day = event.entered, event.group, event.cycle, event.day
        dates = [int(found) for found in re.findall(r"^day (\d+):", story.text(), re.M)]
        assert dates == sorted(dates)
        assert len(dates) == len(story.events) + 2


def test_a_story_reads_like_this() -> None:
    def event(
        day: float, left: str, entered: str, groups: tuple[int, int], **more: object
    ) -> Event:
        known = {"lifts": 0, "cycle": 1, "change": "none"} | more
        return Event(day, left, entered, *groups, **known)  # type: ignore[arg-type]

    story = Story(
        number=0,
        phase="telogen",
        group=4,
        age_days=30.2,
        events=(
            event(61.4, "telogen", "latency", (4, 4), cycle=0),
            event(150.0, "latency", "early_anagen", (4, 4), cycle=0),
            event(171.5, "early_anagen", "anagen", (4, 3), change="shrink"),
            event(600.0, "anagen", "telogen", (3, 3)),
            event(700.0, "telogen", "anagen", (3, 4), cycle=2, lifts=1, change="lift"),
            event(1400.0, "anagen", "telogen", (4, 4), cycle=2),
            event(1490.0, "telogen", "dormant", (4, 4), cycle=2),
            event(1800.0, "dormant", "lost", (4, 4), cycle=2),
        ),
        last_day=2000.0,
        grid=DEFAULT_GRID,
    )
    assert story.text().splitlines() == [
        "Follicle 1 of the model, followed for 2000 days",
        "day 0: a hair of 58 µm rests (telogen), on a healthy scalp; "
        "this phase began 30 days earlier",
        "day 61: the hair is shed; the follicle stays empty (latency)",
        "day 150: a new hair begins to grow under the skin (early anagen)",
        "day 172: a new hair shows (anagen, cycle 1): 45 µm, thinner than before (58 µm)",
        "day 600: the hair stops growing and rests (telogen)",
        "day 700: the hair is shed; a new hair grows at once (anagen, cycle 2): 58 µm, "
        "thicker than before (45 µm)",
        "day 1400: the hair stops growing and rests (telogen)",
        "day 1490: the hair is shed; the follicle falls dormant and leaves the cycle",
        "day 1800: the dormant state ends; the follicle is lost and stays out of the cycle",
        "day 2000: the follicle is lost: it has no hair and has left the cycle; "
        "the story ends here",
    ]


def test_stories_are_the_same_for_the_same_seed_only() -> None:
    signals = treated(728)
    assert follicle_stories(FULL, signals) == follicle_stories(FULL, signals)
    assert follicle_stories(FULL, signals, 1) == follicle_stories(FULL, signals, 3)[:1]
    assert follicle_stories(FULL, signals) != follicle_stories(FULL, signals, seed=2)


def test_a_day_is_told_whatever_the_clock() -> None:
    """With fixed waits the second shedding comes one cycle after the first."""
    waits = dict.fromkeys(PHASES, Fixed())
    scalp = model(1, anagen_days=100.0, anagen_power=0.0, latency_share=1.0, waits=waits)
    (story,) = follicle_stories(scalp, untreated(np.zeros(1), 1400), follicles=1)
    shed = [event.day for event in story.events if event.left == "telogen"]
    assert np.diff(shed) == pytest.approx(np.full(len(shed) - 1, 100 + 91 + 95 + 23))
    assert len(shed) >= 4


def test_switches_turn_the_ways_back_off() -> None:
    scalp = dataclasses.replace(FULL, reactivation=False, reversal=False)
    pushed = treated(1456)
    pushed = dataclasses.replace(pushed, latency_speed=5 * pushed.latency_speed)
    calm = dataclasses.replace(
        pushed,
        latency_speed=np.ones_like(pushed.drive),
        lift_probability=np.zeros_like(pushed.drive),
    )
    assert follicle_stories(scalp, pushed, 8) == follicle_stories(scalp, calm, 8)
    assert follicle_stories(FULL, pushed, 8) != follicle_stories(scalp, pushed, 8)
    for switch in ("reactivation", "reversal"):
        other = dataclasses.replace(scalp, **{switch: True})
        assert follicle_stories(other, pushed, 8) != follicle_stories(scalp, pushed, 8)


def test_short_and_impossible_stories() -> None:
    (story,) = follicle_stories(FULL, treated(7), follicles=1, days=0)
    assert story.events == ()
    assert story.text().count("\n") == 2
    with pytest.raises(ValueError, match="at least 1"):
        follicle_stories(FULL, treated(7), follicles=0)
    with pytest.raises(ValueError, match="between 0 and 7"):
        follicle_stories(FULL, treated(7), days=70)
