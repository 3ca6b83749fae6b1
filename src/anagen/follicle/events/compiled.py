"""The kernels compiled by Numba, once on a machine."""

import functools
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events.tables import FLOWS, Tables, Work
from anagen.follicle.events.variates import ELEMENTWISE, MOST_CLASSES
from anagen.follicle.spec import Floats

BLOCK_FOLLICLES = 16_384
"""Follicles followed together by one thread; a power of two up to the size of a page."""

NOTICE = "anagen: compiling the follicle engine for this machine, once; about a quarter of a minute"

SHELVES = 1024
"""Parts of the guide to a population's cells."""


def advance(work: Work, tables: Tables, density: Floats, worth: Floats) -> None:
    """Run some follicles of some draws to the end, and write what is seen of them.

    Other threads run meanwhile.
    """
    kernel = _compiled()
    with nullcontext() if kernel.signatures else _announced():
        kernel(
            work,
            tables.keys,
            tables.laws,
            tables.clocks,
            tables.turns,
            tables.start,
            tables.seen,
            tables.kept,
            _desk(tables, work[3] - work[2]),
            density,
            worth,
        )


@functools.cache
def _compiled() -> Any:
    import numba
    from numba.extending import register_jitable

    from anagen.follicle.events import kernels, lanes, starts, variates

    for helper in (*ELEMENTWISE, *kernels.HELPERS):
        register_jitable(error_model="numpy", forceinline=True)(helper)
    sources = [
        Path(str(module.__file__)).read_bytes() for module in (kernels, lanes, starts, variates)
    ]
    digest = hashlib.blake2b(b"".join(sources), digest_size=16).hexdigest()
    return numba.njit(nogil=True, cache=True, error_model="numpy")(_sealed(kernels.run, digest))


def _sealed(run: Callable[..., None], digest: str) -> Callable[..., None]:
    """`kernels.run` with a digest of its sources in the closure.

    The compiler's cache knows a function by its own file and closure only, so that without the
    digest a change in the sources would leave old code in use.
    """

    def advance(*given: Any) -> None:
        if digest:
            run(*given)

    return advance


@contextmanager
def _announced() -> Iterator[None]:
    """Say so once when the compiler has to work, which it does only before its cache is filled."""
    from numba.core import event

    class Notice(event.Listener):
        said = False

        def on_start(self, _event: Any) -> None:
            if not self.said:
                print(NOTICE, file=sys.stderr, flush=True)
            self.said = True

        def on_end(self, _event: Any) -> None:
            pass

    with event.install_listener("numba:compile", Notice()):
        yield


def _desk(tables: Tables, follicles: int) -> Any:
    from anagen.follicle.events.kernels import SLACK, Desk

    # A block is a power of two, so that it never crosses the border of a page.
    size = min(BLOCK_FOLLICLES, 1 << (follicles - 1).bit_length()) + SLACK
    classes, rows = int(tables.turns.top) + 1, int(tables.seen.rows)

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
        guide=reals(3, int(tables.clocks.cells.max()) + 1, 4),
        cells=reals(3),
        shelf=np.zeros(SHELVES, np.int32),
        flow=words(FLOWS, classes * rows),
        born=words(6, MOST_CLASSES),
    )
