"""Tasks on several processes, kept as they finish, and the same whatever runs them.

A task's answer depends on the task alone, and answers are taken in the order of the tasks, so how
many workers there are, and which of them finished first, changes nothing. With a folder, finished
tasks are files named by a hash of what was asked, and are not computed again.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed as completed
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from logging import ERROR
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from anagen import __version__
from anagen.posterior.keyed import Floats
from anagen.trial.sides import Task, release_id
from anagen.trial.simulated import run_task

Progress = Callable[[int, int], None]
"""Told how many of how many tasks are done."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where tasks run.

    Attributes:
        workers: processes to use; with `local`, 1 runs them here.
        kind: `local`, or `dask`: Dask distributed, here or beyond one machine.
        scheduler: address of a Dask scheduler; without one, a cluster of this machine's processes.
        folder: where finished tasks are kept and looked for.
    """

    workers: int = 1
    kind: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    folder: Path | None = None


KEEP_MEMORY: Final = {"MALLOC_TRIM_THRESHOLD_": 2**28, "MALLOC_MMAP_THRESHOLD_": 2**28}
"""Environment of Dask workers; glibc reads it."""

HERE: Final = Engine()
"""One process: this one."""


def run_tasks(
    tasks: Sequence[Task], engine: Engine = HERE, told: Progress | None = None
) -> list[Floats]:
    """The answers of all tasks, in their order.

    Args:
        tasks: what to run.
        engine: where.
        told: hears of progress.

    Raises:
        ModuleNotFoundError: Dask is asked for and not installed.
    """
    folder = engine.folder
    found: dict[int, Floats] = {}
    for place, task in enumerate(tasks):
        if folder is not None and (kept := kept_part(folder, task)) is not None:
            found[place] = kept
    missing = [place for place in range(len(tasks)) if place not in found]
    if told:
        told(len(found), len(tasks))
    computed = _on_dask if engine.kind == "dask" else _computed
    for place, answer in computed(tasks, missing, engine):
        if folder is not None:
            _keep(folder, tasks[place], answer)
        found[place] = answer
        if told:
            told(len(found), len(tasks))
    return [found[place] for place in range(len(tasks))]


def _computed(
    tasks: Sequence[Task], places: Sequence[int], engine: Engine
) -> Iterator[tuple[int, Floats]]:
    workers = engine.workers
    if workers == 1 or len(places) < 2:
        for place in places:
            yield place, run_task(tasks[place])
        return
    # Fresh processes: a copy of this one could hold locks of threads that it does not have.
    with ProcessPoolExecutor(min(workers, len(places)), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run_task, tasks[place]): place for place in places}
        for done in completed(waiting):
            yield waiting[done], done.result()


def _on_dask(
    tasks: Sequence[Task], places: Sequence[int], engine: Engine
) -> Iterator[tuple[int, Floats]]:
    """The same on Dask: a worker that dies gives its tasks back, and each counts once."""
    from distributed import Client, as_completed

    with ExitStack() as held:
        address: Any = engine.scheduler
        if address is None:
            address = held.enter_context(own_cluster(engine.workers))
        client = held.enter_context(Client(address))  # type: ignore[no-untyped-call]
        waiting = {
            client.submit(run_task, tasks[place], key=task_hash(tasks[place])): place
            for place in places
        }
        for done in as_completed(waiting):  # type: ignore[no-untyped-call]
            yield waiting[done], done.result()


def own_cluster(workers: int) -> Any:
    """A Dask cluster of this machine's processes, one thread each, to be used in a `with`.

    Dask tells its workers to give freed memory back at once, which makes these tasks take 1.6 times
    as long; here they keep it.

    Raises:
        ModuleNotFoundError: Dask is not installed.
    """
    from dask import config
    from distributed import LocalCluster

    nanny = "distributed.nanny.pre-spawn-environ"
    with config.set({nanny: {**config.get(nanny), **KEEP_MEMORY}}):
        return LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=ERROR
        )


def task_hash(task: Task) -> str:
    """A name for what a task asks: file, seed, number, model and program."""
    asked = "\n".join(
        (
            task.trial.model_dump_json(),
            f"{task.seed} {task.number} {task.trials} {task.design_effect!r}",
            release_id(),
            __version__,
        )
    )
    return hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()


def _path(folder: Path, task: Task) -> Path:
    return folder / f"task-{task_hash(task)}.npy"


def kept_part(folder: Path, task: Task) -> Floats | None:
    """The answer to a task that was kept in a folder; None where there is none that is whole."""
    try:
        return np.asarray(np.load(_path(folder, task), allow_pickle=False))
    except FileNotFoundError:
        return None
    except (ValueError, OSError, EOFError):
        return None  # not whole: it is computed again


def _keep(folder: Path, task: Task, answer: Floats) -> None:
    """Write a finished task whole or not at all: a kill leaves no half file behind that counts."""
    folder.mkdir(parents=True, exist_ok=True)
    held = BytesIO()
    np.save(held, answer, allow_pickle=False)
    path = _path(folder, task)
    half = path.with_suffix(f".{os.getpid()}.half")
    half.write_bytes(held.getvalue())
    half.replace(path)
