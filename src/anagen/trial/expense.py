"""What a simulation will take, before it is begun; and the refusal of what takes too much."""

from dataclasses import dataclass
from typing import Final

from anagen.trial.schema import Trial
from anagen.trial.sides import people_in

SECONDS_PER_PERSON: Final = 0.3e-3
"""One person of one run over 24 weeks with two visits, on one core; see `make bench-trial`."""

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
    """About what it takes: in proportion to people, runs, weeks and what is tracked by visits."""
    people = people_in(trial)
    tracked = 2.0 ** (len(trial.weeks) - 2)
    seconds = SECONDS_PER_PERSON * people * runs * trial.endpoint.week / 24.0 * max(tracked, 0.5)
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
