"""C++ of this folder: built here by g++ for this machine, called through ctypes."""

import ctypes
import platform
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from work import PHASES, Counts, Work

FOLDER = Path("out/bench")
HERE = Path(__file__).parent
MOST_FOLLICLES = 1 << 24  # a random counter holds the follicle in 24 bits

_Three = ctypes.c_double * 3


class UnavailableError(Exception):
    """A rival cannot be built or run on this machine; the text says why."""


class _Work(ctypes.Structure):
    _fields_ = (
        ("mu", _Three),
        ("sigma", _Three),
        ("share", _Three),
        ("speed", ctypes.c_void_p),
        ("days", ctypes.c_int32),
        ("treated", ctypes.c_int32),
    )


def processor_words() -> frozenset[str]:
    """What the processor can do, in Linux's words; empty where that is not known."""
    listing = Path("/proc/cpuinfo")
    if platform.machine() != "x86_64" or not listing.exists():
        return frozenset()
    return frozenset(listing.read_text(encoding="utf-8").split())


def library(source: str, name: str, flags: Sequence[str]) -> ctypes.CDLL:
    """Build a source if it is newer than the build, and load it.

    Raises:
        UnavailableError: No g++, or the build failed.
    """
    compiler = shutil.which("g++")
    if compiler is None:
        raise UnavailableError("g++ is not installed")
    target = FOLDER / f"lib{name}.so"
    newest = max(path.stat().st_mtime for path in [*HERE.glob("*.[ch]pp"), *HERE.glob("*.py")])
    if not target.exists() or target.stat().st_mtime < newest:
        FOLDER.mkdir(parents=True, exist_ok=True)
        middle = target.with_suffix(".o")
        # In two steps: a library *linked* with -ffast-math would change how the whole process
        # calculates with very small numbers.
        for step in (
            ["-std=c++17", "-O3", *flags, "-fPIC", "-c", str(HERE / source), "-o", str(middle)],
            ["-shared", "-pthread", str(middle), "-o", str(target)],
        ):
            built = subprocess.run([compiler, *step], capture_output=True, text=True, check=False)
            if built.returncode:
                raise UnavailableError(f"g++ could not build {source}:\n{built.stderr}")
    return ctypes.CDLL(str(target.resolve()))


def counted(function: Any, work: Work, follicles: int, seed: int, *others: int) -> Counts:
    """Counts per output day and phase by a function that takes the work as twin.cpp has it."""
    if follicles > MOST_FOLLICLES:
        raise ValueError(f"the C++ rivals take at most {MOST_FOLLICLES} follicles")
    counts = np.empty((work.output_days.size, len(PHASES)), dtype=np.int64)
    given = _Work(
        _Three(*work.mu),
        _Three(*work.sigma),
        _Three(*work.shares),
        work.speed.ctypes.data,
        work.days,
        work.treated,
    )
    function.restype = None
    function(
        ctypes.byref(given),
        ctypes.c_uint32(follicles),
        ctypes.c_uint64(seed),
        *(ctypes.c_int32(other) for other in others),
        ctypes.c_void_p(counts.ctypes.data),
    )
    return counts
