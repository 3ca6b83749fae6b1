"""The kernels compiled by Numba, once on a machine, and run on threads."""

import functools
from collections.abc import Callable


@functools.cache
def advance() -> Callable[..., None]:
    """The compiled kernel; it lets other threads run meanwhile."""
    import numba
    from numba.extending import register_jitable

    from anagen.follicle.events import kernels, variates

    for helper in variates.ELEMENTWISE:
        register_jitable(error_model="numpy")(helper)
    for helper in kernels.HELPERS:
        register_jitable(error_model="numpy", forceinline=True)(helper)
    compiled: Callable[..., None] = numba.njit(nogil=True, cache=True, error_model="numpy")(
        kernels.advance
    )
    return compiled
