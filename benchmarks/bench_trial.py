"""In-silico trials: a power estimate, workers, Dask, and how time and memory grow.

Dask runs on a cluster that is up already, with the same tasks as the local pool, one after the
other in turn. What 10¹⁰ follicle-years take (1,000 people × 5 arms × 1,000 draws × 2,000
follicles × 1 year) is told from fifty of the draws, as time grows in proportion: by expectations
with exact sampling, and with every follicle followed. A trial of a million is told from its growth.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

from anagen.follicle import simulate
from anagen.posterior import Keyed
from anagen.trial.counts import count
from anagen.trial.people import World, people_of, signals_of
from anagen.trial.pool import Engine, own_cluster, run_tasks
from anagen.trial.power import power_of
from anagen.trial.regimen import parse_regimen
from anagen.trial.schema import Trial
from anagen.trial.sides import PEOPLE_PER_TASK, Task, the_release
from anagen.trial.simulated import run_task
from growth import growth_figure
from measures import FOLDER, Measure, report

EXAMPLE = "examples/trials/exosome-or-saline.yaml"
ROUNDS = 3
TASKS = 80
SIZES = (1_000, 4_000, 16_000, 64_000)
DRAWS = (1, 4, 16, 64)
"""Simulated trials of 120 people."""

ARMS = ("exosome x4 q14d", "prp x3 q30d", "minoxidil 5%", "finasteride", "saline x4 q14d")
PEOPLE, ALL_DRAWS, FOLLICLES, YEAR = 1_000, 1_000, 2_000, 364
PARTS, DRAWS_PER_PART = 20, 3
"""Fewer than three draws would leave blocks half empty."""


def main() -> None:
    """One core, two, Dask; then growth."""
    trial = Trial.load(EXAMPLE)
    one = median(_timed(lambda: power_of(trial, 200)) for _ in range(ROUNDS))
    two = median(_timed(lambda: power_of(trial, 200, engine=Engine(2))) for _ in range(ROUNDS))
    print("Dask …", flush=True)
    # Workers first: a Dask cluster leaves its environment to every process that is made after it.
    workers_one, local = _workers(trial)
    pool, dask = _dask(trial)
    print("10¹⁰ follicle-years …", flush=True)
    year, followed = _year("counted"), _year("followed")
    print("growth …", flush=True)
    by_people = {people: _seconds(_trial_of(people), 1) for people in SIZES}
    by_draws = {draws: _seconds(_trial_of(120), draws) for draws in DRAWS}
    memory = {people: _memory_mb(people) for people in SIZES}
    each = by_people[SIZES[-1]] / SIZES[-1]
    report(
        "trial",
        [
            Measure("power_200_runs_s", two, "s", target=20),
            Measure("power_200_runs_one_core_s", one, "s"),
            Measure("two_worker_speedup", workers_one / local, "×", "higher", target=1.7),
            Measure("dask_vs_local", dask / pool, "×", target=1.2),
            Measure("follicle_years_1e10_s", year, "s", target=200),
            Measure("follicle_years_1e10_followed_s", followed, "s"),
            *(
                Measure(f"ms_per_person_{people}", 1e3 * seconds / people, "ms")
                for people, seconds in by_people.items()
            ),
            *(
                Measure(f"ms_per_person_{draws}_draws", 1e3 * seconds / draws / 120, "ms")
                for draws, seconds in by_draws.items()
            ),
            Measure("memory_64000_vs_1000_people", memory[SIZES[-1]] / memory[SIZES[0]], "×"),
            Measure("memory_64000_people_mb", memory[SIZES[-1]], "MB"),
            Measure("a_million_people_s", 1e6 * each, "s"),
        ],
    )
    figure = growth_figure(by_people, by_draws, {1: workers_one, 2: local}, memory)
    inked = figure.svg.replace("<svg ", '<svg color="#1d2733" ', 1)  # a file has no page around it
    (FOLDER / "trial-growth.svg").write_text(inked, encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _tasks(trial: Trial, seed: int) -> list[Task]:
    return [Task(trial, seed, number, PEOPLE_PER_TASK // 120, 5.0) for number in range(TASKS)]


def _workers(trial: Trial) -> tuple[float, float]:
    """Medians of the same tasks on one core and on two."""
    found: dict[int, list[float]] = {1: [], 2: []}
    for number in range(ROUNDS):
        mine = _tasks(trial, number)
        for workers, times in found.items():
            times.append(_timed(lambda: run_tasks(mine, Engine(workers))))  # noqa: B023
    return median(found[1]), median(found[2])


def _dask(trial: Trial) -> tuple[float, float]:
    """Medians of the same tasks on the local pool and on Dask."""
    local, dask = [], []
    with own_cluster(2) as cluster:
        address = cluster.scheduler_address
        run_tasks(_tasks(trial, 1)[:2], Engine(2, "dask", address))
        for number in range(ROUNDS):
            # A Dask scheduler would remember tasks that it did: each round has its own.
            mine = _tasks(trial, 100 + number)
            local.append(_timed(lambda: run_tasks(mine, Engine(2))))  # noqa: B023
            dask.append(_timed(lambda: run_tasks(mine, Engine(2, "dask", address))))  # noqa: B023
    return median(local), median(dask)


def _trial_of(people: int, **changed: object) -> Trial:
    return Trial.model_validate({**Trial.load(EXAMPLE).model_dump(), "people": people, **changed})


def _seconds(trial: Trial, draws: int) -> float:
    return median(_timed(lambda: run_task(Task(trial, 1, 0, draws, 5.0))) for _ in range(ROUNDS))


def _memory_mb(people: int) -> float:
    """Peak of a process of its own that simulates one trial of so many people."""
    command = [sys.executable, __file__, str(people)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(told)


def _year(how: str) -> float:
    """Seconds that two cores need for 1,000 people, five arms, 1,000 draws and a year."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_part, [how] * 2, [-2, -1]))  # compiled code is read, the release loaded
        took = _timed(lambda: list(pool.map(_part, [how] * PARTS, range(PARTS))))
    return took * ALL_DRAWS / (PARTS * DRAWS_PER_PART)


def _part(how: str, number: int) -> None:
    """Everyone in every arm: what a field shows, or every one of its follicles."""
    trial = _trial_of(
        PEOPLE, endpoint={"outcome": "total_density_per_cm2", "week": YEAR // 7}, visits=None,
        arms=[{"id": f"a{place}", "regimen": text} for place, text in enumerate(ARMS)],
        compare={"arm": "a0", "against": "a4"},
        field_cm2=7.0,  # some 2,000 follicles
    )  # fmt: skip
    of, own = (Keyed(1, f"{name}/{number}") for name in ("trial", "people"))
    world = World(trial, the_release(), of, own, DRAWS_PER_PART, PEOPLE)
    people, regimens = people_of(world), [parse_regimen(text) for text in ARMS]
    if how == "counted":
        count(world, people, regimens, "one")
        return
    for regimen in regimens:
        signals = signals_of(world, people, regimen, YEAR)
        simulate(people.model, signals, FOLLICLES, [0, YEAR], "events", start=people.start)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_task(Task(_trial_of(int(sys.argv[1])), 1, 0, 1, 5.0))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        main()
