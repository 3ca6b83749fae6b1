"""Timing by turns, so that a busy moment of the machine hits all that are compared alike."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

Call: TypeAlias = Callable[[], Any]

SAY_AFTER_S = 1.5


@dataclass(frozen=True)
class Timed:
    """Seconds of each call in each round."""

    seconds: Mapping[str, tuple[float, ...]]

    def median_s(self, name: str) -> float:
        """Median over rounds."""
        return median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """Median over rounds of one call's seconds divided by another's in the same round."""
        both = zip(self.seconds[name], self.seconds[other], strict=True)
        return median(mine / theirs for mine, theirs in both)


def by_turns(
    calls: Mapping[str, Call], rounds: int, quick: Mapping[str, int] | None = None
) -> Timed:
    """Time every call once a round, every other round backwards; a first round does not count.

    Args:
        calls: what to time.
        rounds: how often.
        quick: how often a call runs in each round, of which the median counts; else once.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    said = time.perf_counter()
    for number in range(rounds):
        for name in list(calls)[:: -1 if number % 2 else 1]:
            times = (quick or {}).get(name, 1)
            seconds[name].append(median(_seconds(calls[name]) for _ in range(times)))
        if time.perf_counter() - said > SAY_AFTER_S:
            say(f"    {number + 1} of {rounds} rounds")
            said = time.perf_counter()
    return Timed({name: tuple(values) for name, values in seconds.items()})


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def _seconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
