"""The C++ twin (twin.cpp): built here by g++ for this machine, called through ctypes.

`run` is the best build on one thread; `simulate` takes the build and the number of threads. Both
builds and any number of threads give the same counts. `draw` times the durations alone.
"""

import ctypes
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from work import PHASES, Counts, Work

Variant: TypeAlias = Literal["avx512", "avx2"]

FOLDER = Path("out/bench")
FLAGS = {"avx512": ["-march=native"], "avx2": ["-march=native", "-mno-avx512f"]}
MOST_FOLLICLES = 1 << 24  # a random counter holds the follicle in 24 bits

_Three = ctypes.c_double * 3


class TwinUnavailableError(Exception):
    """The twin cannot be built or run on this machine; the text says why."""


class _Work(ctypes.Structure):
    _fields_ = (
        ("mu", _Three),
        ("sigma", _Three),
        ("share", _Three),
        ("speed", ctypes.c_void_p),
        ("days", ctypes.c_int32),
        ("treated", ctypes.c_int32),
    )


def variants() -> tuple[Variant, ...]:
    """The builds that this machine can run, best first; empty where there is none."""
    listing = Path("/proc/cpuinfo")
    if platform.machine() != "x86_64" or not listing.exists():
        return ()
    words = set(listing.read_text(encoding="utf-8").split())
    if not {"avx2", "fma"} <= words:
        return ()
    return ("avx512", "avx2") if {"avx512f", "avx512vl"} <= words else ("avx2",)


@cache
def library(variant: Variant) -> ctypes.CDLL:
    """Build the twin if its source is newer than the build, and load it.

    Raises:
        TwinUnavailableError: No g++, no suitable processor, or the build failed.
    """
    if variant not in variants():
        raise TwinUnavailableError(f"the C++ twin's {variant} build cannot run on this processor")
    compiler = shutil.which("g++")
    if compiler is None:
        raise TwinUnavailableError("the C++ twin needs g++, which is not installed")
    here = Path(__file__).parent
    target = FOLDER / f"libtwin-{variant}.so"
    newest = max(path.stat().st_mtime for path in [*here.glob("*.[ch]pp"), Path(__file__)])
    if not target.exists() or target.stat().st_mtime < newest:
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [compiler, "-std=c++17", "-O3", *FLAGS[variant], "-shared", "-fPIC", "-pthread"]
        built = subprocess.run(
            [*command, "-o", str(target), str(here / "twin.cpp")],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise TwinUnavailableError(f"g++ could not build the C++ twin:\n{built.stderr}")
    loaded = ctypes.CDLL(str(target.resolve()))
    loaded.twin_run.restype = None
    loaded.twin_draw.restype = ctypes.c_float
    return loaded


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase, by the best build on one thread."""
    best = variants()
    if not best:
        raise TwinUnavailableError("the C++ twin needs an x86-64 processor with AVX2")
    return simulate(work, follicles, seed, best[0])


def simulate(
    work: Work, follicles: int, seed: int, variant: Variant = "avx512", threads: int = 1
) -> Counts:
    """Counts per output day and phase; the same whatever the number of threads."""
    if follicles > MOST_FOLLICLES:
        raise ValueError(f"the C++ twin takes at most {MOST_FOLLICLES} follicles")
    loaded = library(variant)
    counts = np.empty((work.output_days.size, len(PHASES)), dtype=np.int64)
    given = _Work(
        _Three(*work.mu),
        _Three(*work.sigma),
        _Three(*work.shares),
        work.speed.ctypes.data,
        work.days,
        work.treated,
    )
    loaded.twin_run(
        ctypes.byref(given),
        ctypes.c_uint32(follicles),
        ctypes.c_uint64(seed),
        ctypes.c_int32(threads),
        ctypes.c_void_p(counts.ctypes.data),
    )
    return counts


def draw(work: Work, draws: int, seed: int, variant: Variant = "avx512") -> float:
    """Sum of `draws` anagen durations in days: timed, it is the bound that drawing alone sets."""
    return float(
        library(variant).twin_draw(
            ctypes.c_double(work.mu[0]),
            ctypes.c_double(work.sigma[0]),
            ctypes.c_uint64(seed),
            ctypes.c_uint32(draws),
        )
    )
