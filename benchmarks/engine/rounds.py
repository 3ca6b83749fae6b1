"""The plain C++ (rounds.cpp), on one thread; the compiler may do to it whatever it can."""

import ctypes
from functools import cache

import native
from work import Counts, Work


@cache
def _library() -> ctypes.CDLL:
    return native.library("rounds.cpp", "rounds", ["-march=native", "-ffast-math"])


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    return native.counted(_library().rounds_run, work, follicles, seed)
