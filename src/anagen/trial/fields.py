"""Fields whose follicles are followed one by one, for endpoints that are no counts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from anagen.follicle import FollicleRun, Signals, simulate
from anagen.follicle.population import Follicles
from anagen.follicle.run import snapshot
from anagen.follicle.spec import PHASES
from anagen.posterior.keyed import Floats
from anagen.predicting.course import read_outcomes
from anagen.trial.people import READ_LIMITS, People, World, field_of


def followed(
    world: World, people: People, signals: Signals, days: Sequence[int], side: str
) -> Floats:
    """The endpoint in each person's field at each visit, before it is read, (visits, persons).

    A field holds a Poisson number of follicles; the same ones are met at every visit, and they
    have the same random numbers whatever is given.

    Args:
        world: the task.
        people: its people.
        signals: what acts on them.
        days: the visits, the start first.
        side: whose follicles these are.
    """
    from scipy.special import pdtrik

    count = len(people.trial)
    mean = people.start.cycling.sum(axis=(0, 1, 2)) * field_of(world)
    uniform = world.persons.uniform(f"field/{side}/follicles", count)
    number = np.maximum(np.ceil(pdtrik(uniform, mean)), 1.0)

    def run(state: object, begin: int, end: int) -> Follicles:
        made = simulate(
            people.model, signals, int(number.max()), [begin, end] if end > begin else [end],
            "events", start=state, first_day=begin, seed=world.persons.seed,  # type: ignore[arg-type]
            subject=f"{world.persons.subject}/field/{side}", keep=True,
        )  # fmt: skip
        assert isinstance(made.final, Follicles)
        return made.final

    states = [run(people.start, days[0], days[0])]
    for begin, end in pairwise(days):
        states.append(run(states[-1], begin, end))
    outcome = world.trial.endpoint.outcome
    return np.stack(
        [read_outcomes(_seen(people, state, number), READ_LIMITS)[outcome][0] for state in states]
    )


def _seen(people: People, state: Follicles, number: Floats) -> FollicleRun:
    """Follicles of each field by phase and class."""
    empty = snapshot(people.start, people.model)
    persons, classes = len(number), len(people.model.grid)
    inside = np.arange(state.phase.shape[1])[None, :] < number[:, None]
    inside &= state.phase < len(PHASES)
    place = (state.phase.astype(np.intp) * classes + state.group) * persons
    place += np.arange(persons)[:, None]
    found = np.bincount(place[inside], minlength=len(PHASES) * classes * persons)
    return replace(empty, density=found.reshape(1, len(PHASES), classes, persons).astype(float))
