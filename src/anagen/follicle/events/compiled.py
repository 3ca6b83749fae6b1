"""The kernels compiled by Numba, once on a machine."""

import functools
import hashlib
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from anagen.follicle.events import tables
from anagen.follicle.events.tables import Tables, Work
from anagen.follicle.events.variates import ELEMENTWISE, MOST_CLASSES
from anagen.follicle.spec import Floats

BLOCK_FOLLICLES = 16_384
"""Follicles followed together by one thread; a power of two up to the size of a page."""

NOTICE = "anagen: compiling the follicle engine for this machine, once; about half a minute"

OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
"""Division as NumPy does it. Memory is never allocated nor owned: else every row taken of an array
would cost two atomic instructions, and compiling would take twice as long."""

MOST_DESKS = 4
"""Desks that a thread keeps for the next time; their memory is fresh only once."""


def advance(work: Work, given: Tables, density: Floats, worth: Floats, apart: Floats) -> None:
    """Run some follicles of some draws to the end, and write what is seen of them.

    Other threads run meanwhile.
    """
    kernel = _compiled()
    with nullcontext() if kernel.overloads else _announced():
        kernel(
            work,
            given.keys,
            given.laws,
            given.clocks,
            given.turns,
            given.start,
            given.seen,
            given.kept,
            _desk(given, work[3] - work[2]),
            density,
            worth,
            apart,
        )


@functools.cache
def _compiled() -> Any:
    import numba
    from numba.extending import register_jitable

    from anagen.follicle.events import guides, kernels, lanes, scene, starts, variates

    for helper in (*ELEMENTWISE, *tables.SCALAR, *kernels.HELPERS):
        register_jitable(forceinline=True, **OPTIONS)(helper)
    parts = (guides, kernels, lanes, scene, starts, tables, variates)
    sources = [Path(str(file)).read_bytes() for file in (__file__, *(m.__file__ for m in parts))]
    digest = hashlib.blake2b(b"".join(sources), digest_size=16).hexdigest()
    return numba.njit(nogil=True, cache=True, **OPTIONS)(_sealed(kernels.run, digest))


def _sealed(run: Callable[..., None], digest: str) -> Callable[..., None]:
    """`kernels.run` under a name with a digest of its sources.

    The compiler's cache knows a function by its own file and name only, so that without the digest
    a change in the sources would leave old code in use, or files that can't be read.
    """
    sealed = types.FunctionType(run.__code__, run.__globals__, f"run_{digest}")
    sealed.__qualname__ = f"run_{digest}"
    return sealed


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


def _desk(given: Tables, follicles: int) -> Any:
    from anagen.follicle.events.kernels import SLACK
    from anagen.follicle.events.scene import desk_for

    # A block is a power of two, so that it never crosses the border of a page.
    block = min(BLOCK_FOLLICLES, 1 << (follicles - 1).bit_length())
    places = int(given.seen.rows) * (MOST_CLASSES if given.turns.top > 0 else 1)
    wanted = block, SLACK, given.clocks.speed.shape[1], places
    desks = _kept.__dict__.setdefault("desks", {})
    if wanted not in desks:
        if len(desks) >= MOST_DESKS:
            desks.clear()
        desks[wanted] = desk_for(*wanted)
    return desks[wanted]


_kept = threading.local()
