"""Simulation-based calibration: does the sampler find again what made-up trials were made from?

Parameters are drawn from their priors, the studies' numbers are made up from them, and the fit is
run on those. The rank of each true value among the posterior's draws must then be uniform (Talts
and others 2018). The fit is a reduced one: some parameters, and the studies that tell of them.
"""

import csv
import time
from collections.abc import Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from anagen.calibrate.chain import PIECE, Plan, Sampler, model
from anagen.calibrate.likelihood import Likelihood
from anagen.calibrate.priors import PARAMETERS, middle, value
from anagen.calibrate.setup import likelihood
from anagen.evidence import load_evidence

STUDIES = (
    "van-neste-2020",
    "natural-history-10-months",
    "olsen-2002",
    "kaufman-1998",
    "amini-2025",
)
NAMES = (
    "anagen-60um-months",
    "anagen-drive-log",
    "shrink-probability",
    "minoxidil-telogen-exit",
    "minoxidil-latency-exit",
    "minoxidil-strength-power",
    "finasteride-follows-dht",
    "exosome-net-112",
    "care-topical-vehicle",
    "between-trials-sd",
    "visit-sd",
)
WARMUP, DRAWS, RANKS = 200, 200, 100
"""Iterations of a refit, and the number of ranks that a true value can have."""

COLUMNS = ("refit", "parameter", "rank", "ranks", "seconds", "diverging")


def rehearse(path: Path, refits: int, seed: int, lane: tuple[int, int] = (0, 1)) -> None:
    """Run refits that the file does not hold yet, and add their ranks to it.

    `lane` is the number of this process and how many share the work.
    """
    worker, workers = lane
    of = reduced()
    sampler = Sampler(
        model(of, load_evidence().parameters, NAMES),
        Plan(WARMUP, DRAWS, seed),
        jnp.asarray(of.observed()),
    )
    first = sampler.start(0)
    done = refits_in(path)
    wanted = [one for one in range(refits) if one not in done and one % workers == worker]
    for refit in wanted:
        began = time.perf_counter()
        truth, observed = made_up(of, seed, refit)
        state = sampler.restart(first, observed, refit)
        pieces = []
        for piece_number in range((WARMUP + DRAWS) // PIECE):
            state, piece = sampler.advance(state, observed)
            if (piece_number + 1) * PIECE > WARMUP:
                pieces.append(piece)
        seconds = time.perf_counter() - began
        diverging = sum(int(piece.diverging.sum()) for piece in pieces)
        rows = []
        for name in NAMES:
            values = np.concatenate([piece.values[name] for piece in pieces])
            thinned = values[:: max(len(values) // (RANKS - 1), 1)][: RANKS - 1]
            rank = int((thinned < float(truth[name])).sum())
            rows.append((refit, name, rank, RANKS, f"{seconds:.1f}", diverging))
        _append(path, rows)


def reduced() -> Likelihood:
    """The studies that the refits use, up to a year."""
    whole = likelihood()
    rows = tuple(one for one in whole.rows if one.study in STUDIES and one.week <= 52)
    return Likelihood(whole.constants, rows)


def made_up(of: Likelihood, seed: int, refit: int) -> tuple[dict[str, jax.Array], jax.Array]:
    """Parameters drawn from their priors, and what the studies would have reported."""
    parameters = load_evidence().parameters
    key = jax.random.fold_in(jax.random.PRNGKey(seed + 7), refit)
    key, own = jax.random.split(key)
    values = {name: middle(parameters[name]) for name in PARAMETERS}
    for name, one in zip(NAMES, jax.random.split(own, len(NAMES)), strict=True):
        values[name] = value(parameters[name], jax.random.normal(one))
    return values, jax.jit(of.replicate)(values, key)


def refits_in(path: Path) -> set[int]:
    """Refits that a file holds."""
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["refit"]) for row in csv.DictReader(file)}


def _append(path: Path, rows: Sequence[tuple[object, ...]]) -> None:
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerows(rows)
