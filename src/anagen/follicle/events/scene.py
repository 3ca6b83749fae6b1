"""What the compiled passes work on: one thread's memory, and where in the work they are."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events.tables import (
    FLOWS,
    MOST_CELLS,
    Clocks,
    Kept,
    Laws,
    Seen,
    Start,
    Turns,
)
from anagen.follicle.events.variates import MOST_CLASSES

CHUNK = 512
"""Follicles of a list that go through all loops of a pass before the next ones do: few enough for
their numbers to stay in the nearest cache."""

SHELVES = 512
"""Parts of the guide to a population's cells."""


class Desk(NamedTuple):
    """Working memory of one thread; every list and buffer has room for lanes beyond its end.

    Lists have a row for each phase. What has just been appended to one holds the reading of the
    clock of the phase before, at which it left that; in the end it holds the reading of the
    phase's own clock.
    """

    tags: Any  # uint32 (6, block + lanes)
    begun: Any  # float32 (6, block + lanes): reading of the phase's clock when it began
    since: Any  # float32 (6, block + lanes): step at which it began, where that is kept
    count: Any  # int64 (6,)
    start_tags: Any  # uint32 (6, block + lanes): lists of the start
    start_ahead: Any  # uint32 (6, block + lanes): stages that are ahead, or a uniform number's bits
    start_count: Any  # int64 (6,)
    phase: Any  # uint32 (chunk + lanes,): buffers of a chunk; where its follicles start
    tag: Any  # uint32 (chunk + lanes,)
    ahead: Any  # uint32 (chunk + lanes,)
    part: Any  # float32 (chunk + lanes,): part of the first phase that is ahead
    fate: Any  # float32 (chunk + lanes,): uniform number that says how telogen ends
    words: Any  # uint32 (chunk + lanes,): random words
    until: Any  # float32 (chunk + lanes,): reading of the clock at the end of the phase
    drive: Any  # float32 (chunk + lanes,): androgen drive at the end of the phase
    start_since: Any  # float32 (chunk + lanes,): step at which the first phase began
    place: Any  # uint32 (chunk + lanes,): places in a table
    output: Any  # uint32 (chunk + lanes,): first output after the end of the phase
    course: Any  # float32 (3, steps + 1, 2): a clock's reading at a step, its speed after it
    slowest: Any  # float32 (3,)
    acting: Any  # float32 (steps + 1, 4): drive, chance to lift, lack of support, nothing
    ends: Any  # float32 (6,): reading of each phase's clock at the end of the run
    cells: Any  # float32 (3,): cells of a guide per unit of clock; 0 where there is no guide
    edge: Any  # int32 (steps + 1,): cell in which a step lies
    back: Any  # float32 (3, cells + 1, 4): from a reading to the step
    onward: Any  # float32 (3, cells + 1, 4): from a reading to the next clock's reading
    slope: Any  # float32 (steps + 1,): the next clock's speed over this one's
    slope_bits: Any  # uint32 (steps + 1,): the same memory
    shelf: Any  # float32 (shelves, 4): cells of a population on each shelf, see `shelve`
    shelf_states: Any  # uint32 (shelves, 4): the same memory
    flow: Any  # uint32 (FLOWS, rows * MOST_CLASSES), or (FLOWS, rows) of a single class
    born: Any  # uint32 (6, MOST_CLASSES)
    now: Any  # int64 (6,): follicles by phase at one output


class Scene(NamedTuple):
    """The tables, and the desk on which they are worked with."""

    laws: Laws
    clocks: Clocks
    turns: Turns
    start: Start
    seen: Seen
    kept: Kept
    desk: Desk


class Page(NamedTuple):
    """One draw's page of follicles, and the two words of its key."""

    draw: Any
    low: Any
    key: Any
    second: Any


def desk_for(block: int, lanes: int, steps: int, places: int) -> Desk:
    """A desk for blocks of so many follicles and so many places in a flow table."""

    def words(*shape: int) -> NDArray[np.uint32]:
        return np.empty(shape, np.uint32)

    def reals(*shape: int) -> NDArray[np.float32]:
        return np.empty(shape, np.float32)

    size, chunk = block + lanes, CHUNK + lanes
    slope, shelf = reals(steps + 1), reals(SHELVES, 4)
    return Desk(
        tags=words(6, size),
        begun=reals(6, size),
        since=reals(6, size),
        count=np.zeros(6, np.int64),
        start_tags=words(6, size),
        start_ahead=words(6, size),
        start_count=np.zeros(6, np.int64),
        phase=words(chunk),
        tag=words(chunk),
        ahead=words(chunk),
        part=reals(chunk),
        fate=reals(chunk),
        words=words(chunk),
        until=reals(chunk),
        drive=reals(chunk),
        start_since=reals(chunk),
        place=words(chunk),
        output=words(chunk),
        course=reals(3, steps + 1, 2),
        slowest=reals(3),
        acting=reals(steps + 1, 4),
        ends=reals(6),
        cells=reals(3),
        edge=np.empty(steps + 1, np.int32),
        back=reals(3, MOST_CELLS + 1, 4),
        onward=reals(3, MOST_CELLS + 1, 4),
        slope=slope,
        slope_bits=slope.view(np.uint32),
        shelf=shelf,
        shelf_states=shelf.view(np.uint32),
        flow=words(FLOWS, places),
        born=words(6, MOST_CLASSES),
        now=np.zeros(6, np.int64),
    )
