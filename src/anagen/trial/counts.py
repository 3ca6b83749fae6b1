"""What is counted on virtual people: each follicle of a field at every visit, and the reader.

Follicles are independent given the person, so the paths of a field's follicles through the visits
(counted or not at each) are Poisson with means that the mean field gives exactly: the chain is
linear, so at each visit its counted part goes on apart from the rest. No follicle has to be
followed one by one. Where the endpoint is no count, `fields` follows them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anagen.follicle import Population, Signals, earlier_worth, simulate, sum_of
from anagen.forecasting.trial_arm import ANAGEN, DIAMETER, oddness, trial_care, trial_spread
from anagen.posterior.keyed import Floats
from anagen.predicting.course import read_outcomes
from anagen.predicting.individual import COUNTED, seen
from anagen.treatment.arms import INJECTED
from anagen.trial.fields import followed
from anagen.trial.people import (
    LIMITS,
    READ_LIMITS,
    People,
    World,
    field_of,
    reading_error,
    signals_of,
)
from anagen.trial.regimen import Regimen

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Counted:
    """One arm on all people of some simulated trials, in the endpoint's unit.

    Attributes:
        measured: as read at each visit, the start first, (visits, persons).
        true: true change since the start at each visit that the treatment, the trial's own
            deviation and time make, without care, chance and reader, (visits, persons).
    """

    measured: Floats
    true: Floats


def count(
    world: World, people: People, regimens: Sequence[Regimen], side: str
) -> tuple[Counted, ...]:
    """Give everyone each regimen in turn and count at every visit.

    Random numbers are those of the person and the `side` of the scalp, whatever the regimen: two
    arms differ only by what they give.

    Args:
        world: the task.
        people: its people.
        regimens: what everyone gets.
        side: whose follicles, visits and readings these are: `one` or `other`.
    """
    first = _first(world, people, side) if world.trial.is_count else {}
    return tuple(_counted(world, people, regimen, side, first) for regimen in regimens)


def _counted(world: World, people: People, regimen: Regimen, side: str, first: "Paths") -> Counted:
    days = [0, *(DAYS_PER_WEEK * week for week in world.trial.weeks)]
    signals = signals_of(world, people, regimen, days[-1])
    if world.trial.is_count:
        paths = _paths(world, people, signals, days)
        expected = _by_visit(paths, len(days))
        field = field_of(world)
        found = _by_visit(_sampled(world, paths, first, side), len(days)) / field
    else:
        run = simulate(people.model, signals, days=days, start=people.start)
        expected = read_outcomes(run, READ_LIMITS)[world.trial.endpoint.outcome]
        found = followed(world, people, signals, days, side)
    true = expected - expected[:1]
    apart = _apart(world, people, regimen, days, true)
    read = found + apart + _shift(world, people, regimen, days)
    if world.trial.is_count:
        read = read + _visits(world, people, days, side)
    lens = _reader(world, people, regimen, days, side)
    return Counted(lens(np.maximum(read, 0.0)), true + apart)


Paths = dict[tuple[bool, ...], Floats]
"""Follicles per cm², or in a field, that are counted (True) or not at each visit in turn."""


def _paths(world: World, people: People, signals: Signals, days: Sequence[int]) -> Paths:
    """Expected follicles per cm² by what a count sees of them at each visit.

    Worked out from the last visit to the first: what is pushed back is the chance of a follicle of
    each state to be seen as a path says from there on.
    """
    shown = _shown(world, people, lifted=signals.lifts or bool(people.start.cycling[:, 1:].any()))
    later: dict[tuple[bool, ...], Floats] = {(True,): shown, (False,): 1.0 - shown}
    for begin, end in reversed(list(pairwise(days))):
        *told, rest = later
        earlier = {
            path: earlier_worth(people.model, signals, later[path], begin, end) for path in told
        }
        # Whatever a follicle does, it is seen in some way.
        earlier[rest] = 1.0 - np.sum(list(earlier.values()), axis=0)
        later = {
            (now, *path): (shown if now else 1.0 - shown) * chance
            for now in (True, False)
            for path, chance in earlier.items()
        }
    start = Population(people.start.cycling[:, : shown.shape[1]], people.start.outside)
    return {path: np.maximum(sum_of(chance, start), 0.0) for path, chance in later.items()}


def _shown(world: World, people: People, *, lifted: bool) -> Floats:
    """Share of follicles of each state that a count sees, (stages, lifts, classes, draws)."""
    outcome = world.trial.endpoint.outcome
    cycling = people.start.cycling
    one = np.ones_like(cycling if lifted else cycling[:, :1])
    whole = Population(one, people.start.outside)
    return seen(people.model, whole, LIMITS[outcome], COUNTED[outcome]).cycling


def _by_visit(paths: Paths, visits: int) -> Floats:
    """What is counted at each visit, (visits, persons)."""
    return np.stack(
        [sum((mass for path, mass in paths.items() if path[visit]), 0.0) for visit in range(visits)]
    )


def _first(world: World, people: People, side: str) -> Paths:
    """Follicles of a field that are counted at the start, and those that are not: Poisson."""
    from scipy.special import pdtrik

    whole = Population(people.start.cycling.sum(axis=1, keepdims=True), people.start.outside)
    shown = _shown(world, people, lifted=False)
    found: Paths = {}
    for told, share in ((True, shown), (False, 1.0 - shown)):
        mean = np.maximum(sum_of(share, whole), 1e-12) * field_of(world)
        uniform = _uniform(world, side, (told,), len(mean))
        found[told,] = np.ceil(np.maximum(pdtrik(uniform, mean), 0.0))
    return found


def _uniform(world: World, side: str, path: tuple[bool, ...], count: int) -> Floats:
    name = "".join("+" if told else "-" for told in path)
    return world.persons.uniform(f"field/{side}/{name}", count)


def _sampled(world: World, paths: Paths, first: Paths, side: str) -> Paths:
    """A field's follicles by path: those of the start shared out from visit to visit.

    So a start is the same whatever is given after it. Draws are by inverse look-up.
    """
    from scipy.special import bdtrik

    def mass(path: tuple[bool, ...]) -> Floats:
        told = [one for other, one in paths.items() if other[: len(path)] == path]
        return np.asarray(np.maximum(np.sum(told, axis=0), 1e-12))

    found = first
    while len(next(iter(found))) < len(next(iter(paths))):
        before, found = found, {}
        for path, hairs in before.items():
            yes = (*path, True)
            share = np.clip(mass(yes) / mass(path), 1e-12, 1.0 - 1e-12)
            uniform = _uniform(world, side, yes, len(hairs))
            drawn = bdtrik(uniform, np.maximum(hairs, 1.0), share)
            found[yes] = np.clip(np.ceil(np.nan_to_num(drawn)), 0.0, hairs)
            found[*path, False] = hairs - found[yes]
    return found


def _apart(
    world: World, people: People, regimen: Regimen, days: Sequence[int], true: Floats
) -> Floats:
    """By how much this trial's effect differs from the mean over trials, (visits, persons).

    It grows in with the effect itself, as a share of its size at the endpoint.
    """
    if not regimen.components:
        return np.zeros_like(true)
    # Each treatment deviates by itself, and alike in every arm that holds it. Equation O8.
    release, keyed, trials = world.release, world.parameters, world.trials
    sites = world.trial.sites
    spread = np.zeros((sites.count, trials))
    for part in regimen.components:
        kind = "between-session-effects-sd" if part in INJECTED else "between-effects-sd"
        kind = _OTHER_SPREAD.get(world.trial.endpoint.outcome, kind)
        normal = keyed.normal(f"between-effects/{part}", trials)
        spread += release.numbers(kind, keyed, trials) * normal * oddness(keyed, trials, part)
        if sites.effect_sd_per_cm2:
            local = keyed.normal(f"site-effects/{part}", trials * sites.count)
            spread += sites.effect_sd_per_cm2 * local.reshape(sites.count, trials)
    grown = np.linspace(0.0, 1.0, len(days)) if len(days) == 2 else _grown(true)
    takes = np.where(people.adheres, 1.0, 0.0)
    return np.asarray(grown[:, None] * (spread[people.site, people.trial] * takes)[None, :])


_OTHER_SPREAD = {"mean_diameter_um": DIAMETER, "anagen_percent": ANAGEN}


def _grown(true: Floats) -> Floats:
    """Size of the mean change at each visit against its last, between 0 and 1."""
    size = np.abs(true.mean(axis=1))
    return np.asarray(np.clip(size / size[-1], 0.0, 1.0) if size[-1] > 0 else size)


def _shift(world: World, people: People, regimen: Regimen, days: Sequence[int]) -> Floats:
    """What care and the trial as a whole add, (visits, persons). Equations O5, O6.

    No trial tells what care does to a diameter or an anagen share, so it shifts counts only.
    """
    release, keyed, trials = world.release, world.parameters, world.trials
    spread = trial_spread(release, keyed, trials)
    built = trial_care(release, keyed, "none", trials).built(days)
    outcome = world.trial.endpoint.outcome
    offset = {"mean_diameter_um": spread.offset_um, "anagen_percent": spread.offset_points}
    if not world.trial.is_count:
        return np.asarray((offset[outcome][None, :] * built)[:, people.trial])
    shift = trial_care(release, keyed, regimen.care, trials).shift_per_cm2(days)
    return np.asarray((shift + spread.offset_per_cm2[None, :] * built)[:, people.trial])


def _visits(world: World, people: People, days: Sequence[int], side: str) -> Floats:
    """What a visit adds to one person's count; the start is the visit that others differ from."""
    spread = trial_spread(world.release, world.parameters, world.trials)
    sd = spread.visit_per_cm2[people.trial]
    normals = [world.persons.normal(f"visit/{side}/{day}", len(sd)) for day in days[1:]]
    return np.stack([np.zeros_like(sd), *(sd * normal for normal in normals)])


def _reader(
    world: World, people: People, regimen: Regimen, days: Sequence[int], side: str
) -> Callable[[Floats], Floats]:
    """What becomes of true values, (visits, persons), when they are read."""
    release, outcome = world.release, world.trial.endpoint.outcome
    count = len(people.trial)
    normal = np.stack([world.persons.normal(f"reading/{side}/{day}", count) for day in days])
    if outcome == "anagen_percent":
        points = release.fixed("reading-anagen-points") * normal
        return lambda values: np.clip(values + points, 0.0, 100.0)
    if outcome == "mean_diameter_um":
        variation = np.full(count, release.fixed("reading-diameter-percent") / 100.0)
    else:
        variation = reading_error(world)[people.trial]
    factor = np.exp(variation * normal - 0.5 * variation**2)
    if regimen.components:
        # Who counts in an open trial knows who was treated.
        factor[1:] *= 1.0 + world.trial.reader_shift_percent / 100.0
    return lambda values: np.asarray(values * factor)
