"""The event method as the other rooms know it: a task in, a run out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events.tables import (
    FLOWS,
    SHED,
    Clocks,
    Kept,
    Laws,
    Seen,
    Start,
    Turns,
    clocks_of,
    follicles_of,
    keys_of,
    laws_of,
    nothing_kept,
    room_for,
    seen_of,
    start_of,
    turns_of,
)
from anagen.follicle.events.variates import MOST_CLASSES
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.spec import PHASES

BLOCK_FOLLICLES = 8192
"""Follicles followed together by one thread; they divide a page evenly."""

FEWEST_CELLS, MOST_CELLS = 64, 8192
"""Cells of the guide to the inverse of a clock."""

SHELVES = 512
"""Cells of the guide to a population's cells."""

SLACK = 64
"""Room beyond the end of a list, so that whole lanes may be written there."""

Counts = NDArray[np.int32]
Advance = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that a kernel reads."""

    keys: NDArray[np.uint32]
    laws: Laws
    clocks: Clocks
    turns: Turns
    start: Start
    seen: Seen
    kept: Kept

    @classmethod
    def of(cls, task: Task) -> "Tables":
        """The tables of a task."""
        clocks = clocks_of(task)
        shape = (task.model.draws, task.follicles)
        return cls(
            keys=keys_of(task),
            laws=laws_of(task),
            clocks=clocks,
            turns=turns_of(task),
            start=start_of(task, clocks),
            seen=seen_of(task),
            kept=room_for(shape) if task.keep else nothing_kept(),
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the work: some draws, and some of their follicles."""

    draws: slice
    follicles: slice


def events(task: Task) -> FollicleRun:
    """Follow every follicle from event to event.

    Raises:
        UnsupportedModelError: a start that does not say where each follicle stands.
    """
    from anagen.follicle.events.compiled import advance

    tables = Tables.of(task)
    kernel = advance()
    pieces = _pieces(task)
    counts = np.zeros((task.model.draws, len(task.steps), SHED + 1, len(task.model.grid)))

    def work(piece: _Piece) -> tuple[_Piece, Counts]:
        return piece, _run(kernel, tables, piece, task)

    if len(pieces) == 1:
        done = [work(pieces[0])]
    else:
        with ThreadPoolExecutor(task.threads) as pool:
            done = list(pool.map(work, pieces))
    for piece, part in done:
        counts[piece.draws] += part
    return _result(task, tables, counts)


def _pieces(task: Task) -> list[_Piece]:
    """Equal parts for the threads: draws where there are enough of them, else follicles."""
    draws, follicles = task.model.draws, task.follicles
    if task.threads == 1:
        return [_Piece(slice(0, draws), slice(0, follicles))]
    if draws >= 4 * task.threads:
        edges = np.linspace(0, draws, 4 * task.threads + 1).astype(int)
        spans = [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        return [_Piece(span, slice(0, follicles)) for span in spans]
    blocks = -(-follicles // BLOCK_FOLLICLES)
    parts = min(task.threads, blocks)
    edges = np.linspace(0, blocks, parts + 1).astype(int) * BLOCK_FOLLICLES
    spans = [slice(a, min(b, follicles)) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return [_Piece(slice(draw, draw + 1), span) for draw in range(draws) for span in spans]


def _run(kernel: Advance, tables: Tables, piece: _Piece, task: Task) -> Counts:
    draws, follicles = piece.draws, piece.follicles
    shape = (draws.stop - draws.start, len(task.steps), SHED + 1, len(task.model.grid))
    counts = np.zeros(shape, np.int32)
    kernel(
        (draws.start, draws.stop, follicles.start, follicles.stop),
        tables.keys,
        tables.laws,
        tables.clocks,
        tables.turns,
        tables.start,
        tables.seen,
        tables.kept,
        desk_for(task, tables),
        counts,
    )
    return counts


def guide_cells(clocks: Clocks) -> int:
    """Cells for the guides of all clocks: so many that one step of any clock is wider than one."""
    ends, slowest = clocks.course[:, :, -1, 0], clocks.course[..., 1].min(axis=2)
    needed = float(np.max(ends / np.maximum(slowest, 1e-6)))
    return int(np.clip(1 << int(np.ceil(np.log2(1.05 * needed + 1.0))), FEWEST_CELLS, MOST_CELLS))


def desk_for(task: Task, tables: Tables) -> "Desk":
    """Working memory for one thread."""
    from anagen.follicle.events.kernels import Desk

    size = BLOCK_FOLLICLES + SLACK
    classes, rows = len(task.model.grid), len(task.steps)

    def words(*shape: int) -> NDArray[np.uint32]:
        return np.zeros(shape, np.uint32)

    def reals(*shape: int) -> NDArray[np.float32]:
        return np.zeros(shape, np.float32)

    return Desk(
        tags=words(6, size),
        since=reals(6, size),
        count=np.zeros(6, np.int64),
        phase=words(size),
        tag=words(size),
        stage=words(size),
        start_tags=words(size),
        start_since=reals(size),
        left=words(size),
        until=reals(size),
        ends=reals(6),
        guide=reals(3, guide_cells(tables.clocks) + 1, 4),
        cells=reals(3),
        shelf=np.zeros(SHELVES, np.int32),
        flow=words(FLOWS, classes * rows),
        born=words(6, MOST_CLASSES),
    )


def _result(task: Task, tables: Tables, counts: NDArray[np.float64]) -> FollicleRun:
    counts *= (task.model.follicles_per_cm2 / task.follicles)[:, None, None, None]
    by_day = np.moveaxis(counts, 0, -1)
    since = np.diff(task.days, prepend=task.days[:1])
    shed = by_day[:, SHED] / np.where(since > 0, since, 1.0)[:, None, None]
    shed[0] = 0.0
    return FollicleRun(
        days=task.days,
        density=by_day[:, : len(PHASES)],
        outside=by_day[:, len(PHASES) : SHED],
        shed_per_day=shed,
        growth_um_per_day=task.growth(),
        final=follicles_of(task, tables.kept, tables.clocks) if task.keep else None,
        grid=task.model.grid,
        follicles=task.follicles,
    )
