"""In-silico trials: a power estimate, workers, Dask, and how time and memory grow.

Dask runs on a cluster that is up already, with the same tasks as the local pool, one after the
other in turn. What 10¹⁰ follicle-years take (1,000 people × 5 arms × 1,000 draws × 2,000
follicles × 1 year) is told from a fiftieth of it, as time grows in proportion; so is a trial of a
million.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from distributed import LocalCluster

from anagen.trial.pool import Engine, run_tasks
from anagen.trial.power import power_of
from anagen.trial.schema import Trial
from anagen.trial.sides import PEOPLE_PER_TASK, Task
from anagen.trial.simulated import run_task
from measures import Measure, report

EXAMPLE = "examples/trials/exosome-or-saline.yaml"
ROUNDS = 3
TASKS = 80
SIZES = (1_000, 4_000, 16_000)


def main() -> None:
    """One core, two, Dask; then growth."""
    trial = Trial.load(EXAMPLE)
    one = median(_timed(lambda: power_of(trial, 200)) for _ in range(ROUNDS))
    two = median(_timed(lambda: power_of(trial, 200, engine=Engine(2))) for _ in range(ROUNDS))
    print("Dask …", flush=True)
    local, dask, workers_one = _dask(trial)
    print("growth …", flush=True)
    seconds = {people: _per_person(people) for people in SIZES}
    small, large = _memory_mb(SIZES[0]), _memory_mb(SIZES[-1])
    year = _year_of_five_arms()
    report(
        "trial",
        [
            Measure("power_200_runs_s", two, "s", target=20),
            Measure("power_200_runs_one_core_s", one, "s"),
            Measure("two_worker_speedup", workers_one / local, "×", "higher", target=1.7),
            Measure("dask_vs_local", dask / local, "×", target=1.2),
            Measure("follicle_years_1e10_s", year, "s", target=200),
            *(
                Measure(f"ms_per_person_{people}", 1e3 * each, "ms")
                for people, each in seconds.items()
            ),
            Measure("memory_16000_vs_1000_people", large / small, "×", target=1.2),
            Measure("a_million_people_s", 1e6 * seconds[SIZES[-1]], "s"),
        ],
    )


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _dask(trial: Trial) -> tuple[float, float, float]:
    """Medians of the same tasks on the local pool, on Dask, and on one core."""
    tasks = [Task(trial, 1, number, PEOPLE_PER_TASK // 120, 5.0) for number in range(TASKS)]
    local, dask, alone = [], [], []
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]
        address = cluster.scheduler_address
        run_tasks(tasks[:2], Engine(2, "dask", address))
        for number in range(ROUNDS):
            # A Dask scheduler would remember tasks that it did: each round has its own.
            mine = [Task(trial, 100 + number, task.number, task.trials, 5.0) for task in tasks]
            local.append(_timed(lambda: run_tasks(mine, Engine(2))))  # noqa: B023
            dask.append(_timed(lambda: run_tasks(mine, Engine(2, "dask", address))))  # noqa: B023
            alone.append(_timed(lambda: run_tasks(mine, Engine(1))))  # noqa: B023
    return median(local), median(dask), median(alone)


def _trial_of(people: int, **changed: object) -> Trial:
    return Trial.model_validate({**Trial.load(EXAMPLE).model_dump(), "people": people, **changed})


def _per_person(people: int) -> float:
    """Seconds for one person of one run."""
    return _timed(lambda: run_task(Task(_trial_of(people), 1, 0, 1, 5.0))) / people


def _memory_mb(people: int) -> float:
    """Peak of a process of its own that simulates one trial of so many people."""
    command = [sys.executable, __file__, str(people)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(told)


def _year_of_five_arms() -> float:
    """Five arms for a year: a fiftieth of the people and draws, on two cores."""
    arms = ("exosome x4 q14d", "prp x3 q30d", "minoxidil 5%", "finasteride", "saline x4 q14d")
    listed = [{"id": f"a{number}", "regimen": text} for number, text in enumerate(arms)]
    week = {"outcome": "total_density_per_cm2", "week": 52}
    tasks = []
    for number, arm in enumerate(listed[:-1]):
        trial = _trial_of(
            1000, arms=[arm, listed[-1]], compare={"arm": arm["id"], "against": "a4"},
            endpoint=week, visits=None,
        )  # fmt: skip
        # Both arms are simulated on everyone, so four pairs hold eight courses of each person.
        tasks += [Task(trial, number, part, 2, 5.0) for part in range(5)]
    persons_and_arms = len(tasks) * 2 * 1000 * 2
    took = _timed(lambda: run_tasks(tasks, Engine(2)))
    return took * (1000 * 5 * 1000) / persons_and_arms


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_task(Task(_trial_of(int(sys.argv[1])), 1, 0, 1, 5.0))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        main()
