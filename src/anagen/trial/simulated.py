"""One task: some simulated trials: who gets what, who stays, and what the statistician finds."""

from dataclasses import replace
from typing import Final

import numpy as np

from anagen.posterior.keyed import Floats
from anagen.trial.analysis import (
    Data,
    Estimates,
    Flags,
    ancova,
    change,
    paired,
    repeated,
    responder,
)
from anagen.trial.schema import Trial
from anagen.trial.sides import Sides, Task, arm_size, sides_of

WORLDS: Final = ("real", "none", "design")
"""The treatment as the model has it; with no more effect than the margin, which is 0 by default;
with the same effect in every trial."""

FIELDS: Final = (
    *(f"{world}/{name}" for world in WORLDS for name in ("effect", "se", "df")),
    "truth",
    "gain_without_effect",
)
"""Rows of a task's result."""


def run_task(task: Task) -> Floats:
    """What each trial finds at each look, (FIELDS, looks, trials)."""
    sides, file = sides_of(task), task.trial
    grown = np.array([0.0, *file.weeks])[:, None, None] / file.endpoint.week
    margin = file.decision.margin_per_cm2
    rows: list[Floats] = []
    for treated in (
        sides.given,
        sides.without + margin * grown,
        sides.without + task.design_effect * grown,
    ):
        looks = [found_by(file, sides, treated, share) for share in shares_of(file)]
        rows += [np.stack([getattr(one, name) for one in looks]) for name in ("effect", "se", "df")]
    gain = sides.alone.mean(axis=1) + sides.reported
    last = (_truth(file, sides), gain)
    return np.stack([*rows, *(np.tile(one, (len(looks), 1)) for one in last)])


def data_of(file: Trial, sides: Sides, treated: Floats) -> Data:
    """What the statistician of a trial with two arms gets in the end.

    Args:
        file: the trial.
        sides: its people.
        treated: counts of the compared arm, in place of those of `sides`.
    """
    among = treated_of(file, sides)
    counts = np.where(among[None], treated, sides.without)
    return Data(counts, among, seen_of(file, sides, counts), _factors(file, sides))


def shares_of(file: Trial) -> tuple[float, ...]:
    """Shares of the people who are in at each look, the last one all of them."""
    return (*(file.looks.at if file.looks else ()), 1.0)


def _truth(file: Trial, sides: Sides) -> Floats:
    """What the treatment truly does to the people of each trial: to their own other course."""
    percent = file.endpoint.responder_percent
    if file.analysis.method != "responder" or percent is None:
        return np.asarray(sides.truth.mean(axis=1))
    with_, without = (
        (one[-1] >= one[0] * (1.0 + percent / 100.0)).mean(axis=1)
        for one in (sides.given, sides.without)
    )
    return np.asarray(with_ - without)


def treated_of(file: Trial, sides: Sides) -> Flags:
    """Who is in the compared arm, (trials, people); on a split scalp everyone is.

    With strata the arms are filled in step along people who are sorted by them, so that each
    stratum has its share of both.
    """
    trials, people = sides.truth.shape
    size = arm_size(file, file.compare.arm)
    if not file.stratify or file.design == "split_scalp":
        return np.tile(np.arange(people) < size, (trials, 1))
    start = sides.given[0]
    keys = {
        "baseline": start >= np.median(start, axis=1, keepdims=True),
        "sex": sides.sex,
        "site": sides.site,
    }
    stratum = np.zeros((trials, people), dtype=np.intp)
    for name in file.stratify:
        stratum = stratum * (1 + int(keys[name].max())) + keys[name]
    order = np.argsort(stratum, axis=1, kind="stable")
    turns = np.diff(np.arange(people + 1) * size // people) > 0
    found = np.zeros((trials, people), dtype=bool)
    np.put_along_axis(found, order, np.tile(turns, (trials, 1)), axis=1)
    return found


def seen_of(file: Trial, sides: Sides, counts: Floats) -> Flags:
    """Who has a count at each visit, (visits, trials, people), from the counts they would have."""
    chance = np.full(sides.leaves.shape, file.drop_out)
    if file.drop_out_risk_per_10_fewer != 1:
        moved = (counts[-1] - counts[0]) / 10.0
        risk = file.drop_out_risk_per_10_fewer ** -(moved - moved.mean(axis=1, keepdims=True))
        chance *= risk / risk.mean(axis=1, keepdims=True)
    stays = sides.leaves >= chance
    return np.stack([(visit < sides.until) | stays for visit in range(counts.shape[0])])


def found_by(file: Trial, sides: Sides, treated: Floats, share: float) -> Estimates:
    """What the file's analysis finds when a share of the people is in.

    Args:
        file: the trial.
        sides: its people.
        treated: counts of the compared arm, in place of those of `sides`.
        share: of the people of each arm; they came in the order of their numbers.
    """
    data = data_of(file, sides, treated)
    among = data.treated
    # The arms fill in step, so who is in follows from the place within an arm.
    place = np.where(among, np.cumsum(among, axis=1), np.cumsum(~among, axis=1)) - 1
    size = np.where(among, *(one.sum(axis=1, keepdims=True) for one in (among, ~among)))
    data = replace(data, seen=data.seen & (place < share * size)[None])
    if file.design == "split_scalp":
        assert sides.other is not None
        return paired(treated, sides.other, data.seen, file.analysis.method == "ancova")
    method = file.analysis.method
    if method == "responder":
        assert file.endpoint.responder_percent is not None
        return responder(data, file.endpoint.responder_percent)
    return {"ancova": ancova, "change": change, "repeated": repeated}[method](data)


def _factors(file: Trial, sides: Sides) -> tuple[Floats, ...]:
    """What the arms were filled in step by is allowed for; the start is so in any case."""
    found = [sides.sex.astype(float)] if "sex" in file.stratify else []
    if "site" in file.stratify:
        found += [(sides.site == number).astype(float) for number in range(1, file.sites.count)]
    return tuple(found)
