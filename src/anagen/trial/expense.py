"""What a simulation will take, before it is begun; and the refusal of what takes too much."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from anagen.trial.schema import Trial
from anagen.trial.sides import people_in

SECONDS: Final = 30e-6
SECONDS_PER_PATH: Final = 12e-6
SECONDS_PER_WEEK: Final = 0.9e-6
TIMES_FOLLOWED: Final = 2.5
"""What one person of one run takes on one core: in any case, for each path through the visits, for
each week that a path is pushed back; and by how much more where follicles are followed one by one.
Fitted to runs of 3,000 people over 24 to 104 weeks with 1 to 4 visits; see `make bench-trial`."""

BYTES_PER_PERSON: Final = 500.0
"""What is kept of one person until their trial is analysed."""

MOST_SECONDS: Final = 86_400.0
MOST_BYTES: Final = 8e9


@dataclass(frozen=True, slots=True)
class Expense:
    """Time and memory that a simulation needs, roughly."""

    seconds: float
    bytes: float


class TooLargeError(ValueError):
    """A simulation that would take days, or more memory than a machine has."""


def expense_of(trial: Trial, runs: int, workers: int) -> Expense:
    """About what it takes: in proportion to people and runs, by visits and weeks."""
    people, visits = people_in(trial), len(trial.weeks)
    gaps = [end - begin for begin, end in pairwise((0, *trial.weeks))]
    pushed = sum(gap * (2.0 ** (visits - place) - 1.0) for place, gap in enumerate(gaps))
    each = SECONDS + SECONDS_PER_PATH * 2.0**visits + SECONDS_PER_WEEK * pushed
    seconds = people * runs * each * (1.0 if trial.is_count else TIMES_FOLLOWED)
    return Expense(seconds / workers, BYTES_PER_PERSON * people * workers)


def check_expense(trial: Trial, runs: int, workers: int) -> None:
    """Refuse what can't be meant.

    Raises:
        TooLargeError: says what it would take, and what is allowed.
    """
    found = expense_of(trial, runs, workers)
    if found.seconds > MOST_SECONDS or found.bytes > MOST_BYTES:
        raise TooLargeError(
            f"{people_in(trial):,} people in {runs:,} runs would take about "
            f"{found.seconds / 3600:,.0f} hours and {found.bytes / 1e9:,.1f} GB on {workers} "
            f"workers; at most {MOST_SECONDS / 3600:.0f} hours and {MOST_BYTES / 1e9:.0f} GB are "
            "begun. Take fewer people or runs"
        )
