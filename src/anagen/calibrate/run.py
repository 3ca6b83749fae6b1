"""A whole calibration: chains side by side, kept piece by piece, so that it can be resumed."""

import hashlib
import json
import multiprocessing
import os
import queue
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anagen.calibrate.targets import observations
from anagen.evidence import Evidence

PLAN = "plan.json"
VARIANTS = {
    "both": (True, True),
    "reactivation": (True, False),
    "reversal": (False, True),
}
"""The ways back that a variant of the model has: reactivation, reversal."""


ITERATIONS = {"both": (1.0, 1.0), "reactivation": (2 / 3, 2 / 3), "reversal": (1 / 2, 2 / 3)}
"""Iterations of each model before and after tuning, as shares of those asked for: the reduced
models are compared, and mixed in where they predict as well."""

PIECE = 25
"""Iterations between two saves: about ten seconds of work, which is what a stop can lose."""


def lengths(variant: str, warmup: int, draws: int) -> tuple[int, int]:
    """Iterations of a variant before and after its tuning ends."""
    first, second = (
        max(round(share * count / PIECE), 1) * PIECE
        for share, count in zip(ITERATIONS[variant], (warmup, draws), strict=True)
    )
    return first, second


@dataclass(frozen=True, slots=True)
class Job:
    """What to run.

    Attributes:
        folder: where chains are kept.
        variant: one of VARIANTS.
        chains, warmup, draws: how many and how long.
        seed: of everything random.
        workers: processes; they change the time, not the numbers.
    """

    folder: Path
    variant: str = "both"
    chains: int = 4
    warmup: int = 1000
    draws: int = 1000
    seed: int = 1
    workers: int = 2


class OtherRunError(ValueError):
    """The folder holds chains of another run."""


Progress = Callable[[int, int], None]
"""Called with the pieces done and all pieces, of all chains."""


def calibrate(job: Job, evidence: Evidence, progress: Progress) -> None:
    """Run or resume a calibration; its chains are then on disk, for `anagen.calibrate.gather`.

    Raises:
        OtherRunError: the folder holds chains of other evidence, seed or length.
        RuntimeError: a worker ended before its chains did.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    _claim(job, evidence)
    context = multiprocessing.get_context("spawn")
    news: Any = context.Queue()
    lanes = [tuple(range(lane, job.chains, job.workers)) for lane in range(job.workers)]
    workers = [
        context.Process(target=_work, args=(job, chains, news), daemon=True)
        for chains in lanes
        if chains
    ]
    for worker in workers:
        worker.start()
    done = dict.fromkeys(range(job.chains), 0)
    for chain, piece, pieces in _messages(news, workers):
        done[chain] = piece
        progress(sum(done.values()), pieces * job.chains)
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError(
                f"a worker ended with {worker.exitcode}; run the same command again to go on"
            )


def _messages(news: Any, workers: list[Any]) -> Iterator[tuple[int, int, int]]:
    while True:
        try:
            yield news.get(timeout=0.5)
        except queue.Empty:
            if not any(worker.is_alive() for worker in workers):
                return


def _claim(job: Job, evidence: Evidence) -> None:
    """Make sure that what lies in the folder belongs to this run."""
    settings = {
        name: value for name, value in asdict(job).items() if name not in ("folder", "workers")
    }
    about = settings | {"fitted": fitted(evidence)}
    path = job.folder / PLAN
    text = json.dumps(about, indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise OtherRunError(
            f"{job.folder} holds a run with other settings or evidence; "
            "give another folder, or remove this one"
        )
    path.write_text(text, encoding="utf-8")


def fitted(evidence: Evidence) -> str:
    """First 12 hex digits of a SHA-256 over what is fitted and the priors of what is learned."""
    from anagen.calibrate.priors import PARAMETERS

    found = hashlib.sha256(repr(observations(evidence)).encode())
    for name in PARAMETERS:
        found.update(evidence.parameters[name].distribution.model_dump_json().encode())
    return found.hexdigest()[:12]


def _work(job: Job, chains: tuple[int, ...], news: Any) -> None:
    """One process: its chains, one after the other."""
    one_thread()
    from anagen.calibrate.chain import Plan, run_chain
    from anagen.calibrate.setup import sampler

    plan = Plan(job.warmup, job.draws, seed_of(job))
    own = sampler(plan, *VARIANTS[job.variant])
    parent = os.getppid()
    for chain in chains:
        for done in run_chain(own, chain, job.folder):
            news.put((chain, done, plan.pieces))
            if os.getppid() != parent:  # nobody waits for the chains any more
                return


def rehearsal(folder: Path, refits: int, seed: int, workers: int, progress: Progress) -> None:
    """Refit made-up evidence bases, side by side; finished ones are in rehearsal.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    path = folder / "rehearsal.csv"
    lanes = [
        context.Process(target=_rehearse, args=(path, refits, seed, (lane, workers)), daemon=True)
        for lane in range(workers)
    ]
    for process in lanes:
        process.start()
    while any(process.is_alive() for process in lanes):
        progress(_lines(path), refits)
        lanes[0].join(timeout=0.5)
    if any(process.exitcode for process in lanes):
        raise RuntimeError("a worker ended early; run the same command again to go on")


def _lines(path: Path) -> int:
    from anagen.calibrate.rehearse import refits_in

    return len(refits_in(path))


def _rehearse(path: Path, refits: int, seed: int, lane: tuple[int, int]) -> None:
    one_thread()
    from anagen.calibrate.rehearse import rehearse

    rehearse(path, refits, seed, lane)


def seed_of(job: Job) -> int:
    """The seed of a variant's chains."""
    mark = hashlib.sha256(f"{job.seed}/{job.variant}".encode()).digest()
    return int.from_bytes(mark[:4], "little")


def one_thread() -> None:
    """Double precision, and one thread for each process: chains are what runs side by side."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    os.environ["OMP_NUM_THREADS"] = "1"
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
