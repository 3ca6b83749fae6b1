"""The event method as the other rooms know it: a task in, a run out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events import arrays
from anagen.follicle.events.tables import SHED, Tables, Work, follicles_of
from anagen.follicle.events.variates import PAGE_FOLLICLES
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import untreated
from anagen.follicle.spec import PHASES, Floats

SMALL_FOLLICLE_YEARS, FEW_DRAWS = 100_000, 50
"""Work up to this size is done at once without a compiler; it takes a second at most."""

Advance = Callable[[Work, Tables, Floats, Floats, Floats], None]
"""Runs some follicles of some draws and writes what is seen of them, (draws, days, phases and shed
hairs a day, classes): what one follicle is worth in each draw, and how many days lie between
outputs, come last."""


PIECES = 2
"""Parts for each thread, so that a free one can help out a slow one."""


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
    if task.signals.steps == 0:  # tables need a step, though nobody gets as far as its end
        step_days = task.signals.step_days
        still = untreated(np.zeros(task.model.draws), step_days, step_days)
        task = replace(task, signals=still)
    tables = Tables.of(task)
    advance = _driver(task)
    pieces = _pieces(task)
    shape = (task.model.draws, len(task.steps), SHED + 1, len(task.model.grid))
    density = np.zeros(shape) if any(not piece.whole for piece in pieces) else np.empty(shape)
    since = task.days_since_output()
    worth = task.model.follicles_per_cm2 / task.follicles

    def work(piece: _Piece) -> None:
        draws, follicles = piece.draws, piece.follicles
        share = (draws.start, draws.stop, follicles.start, follicles.stop)
        if piece.whole:
            advance(share, tables, density[draws], worth, since)
        else:  # whole numbers add up to the same in any order
            counts = np.empty((draws.stop - draws.start, *shape[1:]))
            advance(share, tables, counts, np.ones_like(worth), np.ones_like(since))
            parts.append((draws, counts))

    parts: list[tuple[slice, Floats]] = []
    _share_out(pieces, work, task.threads)
    for draws, counts in parts:
        density[draws] += counts
    if parts:
        density *= worth[:, None, None, None]
        density[:, :, SHED] /= since[:, None]
    return _result(task, tables, density)


def _share_out(pieces: list[_Piece], work: Callable[[_Piece], None], threads: int) -> None:
    """Do all pieces, this thread and helpers each taking the next one when it is free."""
    waiting = iter(pieces)

    def take() -> None:
        for piece in waiting:
            work(piece)

    if min(threads, len(pieces)) == 1:
        take()
        return
    with ThreadPoolExecutor(threads - 1) as pool:
        helpers = [pool.submit(take) for _ in range(threads - 1)]
        take()
        for helper in helpers:
            helper.result()


def _driver(task: Task) -> Advance:
    days = task.days[-1] - task.first * task.signals.step_days
    years = task.model.draws * task.follicles * max(days, 1.0) / 365.25
    if years <= SMALL_FOLLICLE_YEARS and task.model.draws <= FEW_DRAWS:
        return arrays.advance
    from anagen.follicle.events import compiled

    return compiled.advance


def _pieces(task: Task) -> list[_Piece]:
    """Equal parts for the threads: draws where there are enough of them, else follicles."""
    draws, follicles = task.model.draws, task.follicles
    if task.threads == 1:
        return [_Piece(slice(0, draws), slice(0, follicles), whole=True)]
    if draws >= PIECES * task.threads:
        edges = np.linspace(0, draws, PIECES * task.threads + 1).astype(int)
        spans = [slice(int(a), int(b)) for a, b in pairwise(edges)]
        return [_Piece(span, slice(0, follicles), whole=True) for span in spans]
    pages = -(-follicles // PAGE_FOLLICLES)
    parts = min(task.threads, pages)
    edges = np.linspace(0, pages, parts + 1).astype(int) * PAGE_FOLLICLES
    spans = [slice(int(a), min(int(b), follicles)) for a, b in pairwise(edges)]
    return [
        _Piece(slice(draw, draw + 1), span, whole=False) for draw in range(draws) for span in spans
    ]


def _result(task: Task, tables: Tables, density: NDArray[np.float64]) -> FollicleRun:
    by_day = density.transpose(1, 2, 3, 0)
    by_day[0, SHED] = 0.0  # nothing is known of the days before
    return FollicleRun(
        days=task.days,
        density=by_day[:, : len(PHASES)],
        outside=by_day[:, len(PHASES) : SHED],
        shed_per_day=by_day[:, SHED],
        model=task.model,
        drive=task.drive(),
        final=follicles_of(task, tables.kept, tables.clocks) if task.keep else None,
        follicles=task.follicles,
    )
