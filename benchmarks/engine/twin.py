"""The C++ twin (twin.cpp), on one thread: `run` is the best build, `simulate` takes the build.

Both builds give the same counts. `draw` is the durations alone.
"""

import ctypes
from functools import cache
from typing import Literal, TypeAlias

import native
from work import Counts, Work

Variant: TypeAlias = Literal["avx512", "avx2"]

FLAGS = {"avx512": ["-march=native"], "avx2": ["-march=native", "-mno-avx512f"]}


def variants() -> tuple[Variant, ...]:
    """The builds that this machine can run, best first; empty where there is none."""
    words = native.processor_words()
    if not {"avx2", "fma"} <= words:
        return ()
    return ("avx512", "avx2") if {"avx512f", "avx512vl"} <= words else ("avx2",)


@cache
def best() -> Variant:
    """The best build.

    Raises:
        UnavailableError: The processor can run none.
    """
    if not variants():
        raise native.UnavailableError("the C++ twin needs an x86-64 processor with AVX2")
    return variants()[0]


@cache
def _library(variant: Variant) -> ctypes.CDLL:
    return native.library("twin.cpp", f"twin-{variant}", FLAGS[variant])


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase, by the best build."""
    return simulate(work, follicles, seed, best())


def simulate(work: Work, follicles: int, seed: int, variant: Variant) -> Counts:
    """Counts per output day and phase."""
    one_thread = 1
    return native.counted(_library(variant).twin_run, work, follicles, seed, one_thread)


def draw(work: Work, draws: int, seed: int) -> float:
    """Sum of `draws` anagen durations in days: timed, it is the bound that drawing alone sets."""
    function = _library(best()).twin_draw
    function.restype = ctypes.c_float
    return float(
        function(
            ctypes.c_double(work.mu[0]),
            ctypes.c_double(work.sigma[0]),
            ctypes.c_uint64(seed),
            ctypes.c_uint32(draws),
        )
    )
