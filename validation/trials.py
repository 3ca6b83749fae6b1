"""Writes simulated trials as R reads them: `trials.csv`, a line for each count after the start.

Run from the root of the repository: `python -m validation.trials`.
"""

import csv
from pathlib import Path

import numpy as np

from anagen.trial.analysis import Data
from anagen.trial.schema import Trial
from anagen.trial.sides import Task, sides_of
from anagen.trial.simulated import data_of

FOLDER = Path(__file__).parent
TRIALS = 3
TRIAL = {
    "title": "A trial with three visits and people lost",
    "population": {"sex": "mixed", "baseline": {"mean": 160, "sd": 40}},
    "arms": [
        {"id": "exosome", "regimen": "exosome x4 q14d"},
        {"id": "saline", "regimen": "saline x4 q14d"},
    ],
    "compare": {"arm": "exosome", "against": "saline"},
    "people": 80,
    "stratify": ["sex"],
    "endpoint": {"outcome": "total_density_per_cm2", "week": 24, "responder_percent": 10},
    "visits": [8, 16, 24],
    "drop_out": 0.3,
}


def trials() -> Data:
    """What the statistician gets of a few simulated trials."""
    trial = Trial.model_validate(TRIAL)
    sides = sides_of(Task(trial, 11, 0, TRIALS, 5.0))
    return data_of(trial, sides, sides.given)


def main() -> None:
    """Write them."""
    with (FOLDER / "trials.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("trial", "person", "treated", "woman", "start", "visit", "change"))
        writer.writerows(_lines(trials()))


def _lines(data: Data) -> list[tuple[object, ...]]:
    visits, count, people = data.counts.shape
    found: list[tuple[object, ...]] = []
    for trial, person, visit in np.ndindex(count, people, visits - 1):
        if not data.seen[visit + 1, trial, person]:
            continue
        start = data.counts[0, trial, person]
        found.append(
            (
                trial + 1,
                person + 1,
                int(data.treated[trial, person]),
                int(data.factors[0][trial, person]),
                repr(float(start)),
                visit + 1,
                repr(float(data.counts[visit + 1, trial, person] - start)),
            )
        )
    return found


if __name__ == "__main__":
    main()
