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

BLOCK_FOLLICLES = 16384
"""Follicles followed together by one thread; they divide a page evenly."""

FEWEST_CELLS, MOST_CELLS = 64, 8192
"""Cells of the guide to the inverse of a clock."""

SHELVES = 1024
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
    whole: bool  # whether these are all follicles of the draws


def events(task: Task) -> FollicleRun:
    """Follow every follicle from event to event.

    Raises:
        UnsupportedModelError: a start that does not say where each follicle stands.
    """
    from anagen.follicle.events.compiled import advance

    tables = Tables.of(task)
    kernel = advance()
    pieces = _pieces(task)
    shape = (task.model.draws, len(task.steps), SHED + 1, len(task.model.grid))
    counts = np.zeros(shape, np.int32)
    density = np.empty(shape)
    by_draw = (task.model.follicles_per_cm2 / task.follicles)[:, None, None, None]

    def work(piece: _Piece) -> None:
        own = counts[piece.draws] if piece.whole else np.zeros_like(counts[piece.draws])
        _run(kernel, tables, piece, own)
        if piece.whole:
            np.multiply(own, by_draw[piece.draws], out=density[piece.draws])
        else:
            parts.append((piece.draws, own))

    parts: list[tuple[slice, Counts]] = []
    if len(pieces) == 1:
        work(pieces[0])
    else:
        with ThreadPoolExecutor(task.threads) as pool:
            list(pool.map(work, pieces))
    for draws, part in parts:
        counts[draws] += part
    if parts:
        np.multiply(counts, by_draw, out=density)
    return _result(task, tables, density)


def _pieces(task: Task) -> list[_Piece]:
    """Equal parts for the threads: draws where there are enough of them, else follicles."""
    draws, follicles = task.model.draws, task.follicles
    if task.threads == 1:
        return [_Piece(slice(0, draws), slice(0, follicles), whole=True)]
    if draws >= 4 * task.threads:
        edges = np.linspace(0, draws, 4 * task.threads + 1).astype(int)
        spans = [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        return [_Piece(span, slice(0, follicles), whole=True) for span in spans]
    blocks = -(-follicles // BLOCK_FOLLICLES)
    parts = min(task.threads, blocks)
    edges = np.linspace(0, blocks, parts + 1).astype(int) * BLOCK_FOLLICLES
    spans = [slice(a, min(b, follicles)) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return [
        _Piece(slice(draw, draw + 1), span, whole=False) for draw in range(draws) for span in spans
    ]


def _run(kernel: Advance, tables: Tables, piece: _Piece, counts: Counts) -> None:
    draws, follicles = piece.draws, piece.follicles
    kernel(
        (draws.start, draws.stop, follicles.start, follicles.stop),
        tables.keys,
        tables.laws,
        tables.clocks,
        tables.turns,
        tables.start,
        tables.seen,
        tables.kept,
        desk_for(tables, follicles.stop - follicles.start),
        counts,
    )


def guide_cells(clocks: Clocks) -> int:
    """Cells for the guides of all clocks: so many that one step of any clock is wider than one."""
    ends, slowest = clocks.course[:, :, -1, 0], clocks.course[..., 1].min(axis=2)
    needed = float(np.max(ends / np.maximum(slowest, 1e-6)))
    return int(np.clip(1 << int(np.ceil(np.log2(1.05 * needed + 1.0))), FEWEST_CELLS, MOST_CELLS))


def desk_for(tables: Tables, follicles: int) -> "Desk":
    """Working memory for one thread."""
    from anagen.follicle.events.kernels import Desk

    # A block is a power of two, so that it never crosses the border of a page.
    size = min(BLOCK_FOLLICLES, 1 << (int(follicles) - 1).bit_length()) + SLACK
    classes, rows = tables.turns.top + 1, tables.seen.rows

    def words(*shape: int) -> NDArray[np.uint32]:
        return np.empty(shape, np.uint32)

    def reals(*shape: int) -> NDArray[np.float32]:
        return np.empty(shape, np.float32)

    return Desk(
        tags=words(6, size),
        since=reals(6, size),
        count=np.zeros(6, np.int64),
        phase=words(size),
        tag=words(size),
        stage=words(size),
        start_tags=words(6, size),
        start_count=np.zeros(6, np.int64),
        left=words(6, size),
        start_since=reals(size),
        place=words(size),
        until=reals(size),
        ends=reals(6),
        guide=reals(3, guide_cells(tables.clocks) + 1, 4),
        cells=reals(3),
        shelf=np.zeros(SHELVES, np.int32),
        flow=words(FLOWS, classes * rows),
        born=words(6, MOST_CLASSES),
    )


def _result(task: Task, tables: Tables, density: NDArray[np.float64]) -> FollicleRun:
    by_day = np.moveaxis(density, 0, -1)
    shed = by_day[:, SHED] / task.days_since_output()[:, None, None]
    shed[0] = 0.0
    return FollicleRun(
        days=task.days,
        density=by_day[:, : len(PHASES)],
        outside=by_day[:, len(PHASES) : SHED],
        shed_per_day=shed,
        model=task.model,
        drive=task.drive(),
        final=follicles_of(task, tables.kept, tables.clocks) if task.keep else None,
        follicles=task.follicles,
    )
