"""What only a fresh process shows: start-up, the first call, and a processor without AVX-512.

Run as a program it is the last of these: our engine beside the C++ twin's AVX2 build.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from alternate import Call, by_turns, say

HERE = Path(__file__).parent
ROUNDS = 5
PAIRS = 101

IMPORT = "import anagen.follicle.events.kernels"
FIRST_CALL = f"""
import sys; sys.path.insert(0, {str(HERE)!r})
import ours, work
ours.plain(work.TREATED)()
"""


def start_up() -> dict[str, float]:
    """Seconds of whole processes: the import; the treated work, first on a machine and later."""
    with TemporaryDirectory() as empty:
        say("    a process that finds nothing compiled")
        cold = _seconds(FIRST_CALL, NUMBA_CACHE_DIR=empty)
        say("    processes that find everything compiled")
        warm = [_seconds(FIRST_CALL, NUMBA_CACHE_DIR=empty) for _ in range(ROUNDS)]
    return {
        "engine_import_s": median(_seconds(IMPORT) for _ in range(ROUNDS)),
        "engine_first_call_cold_s": cold,
        "engine_first_call_warm_s": median(warm),
    }


def _seconds(code: str, **environment: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def without_avx512() -> tuple[float, str]:
    """The treated work's time as a multiple of the AVX2 twin's, and a digest of our counts.

    Both compilers are told to do without AVX-512 on the processor that is there.
    """
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    for name in features:
        if name.startswith("avx512"):
            features[name] = False
    found = subprocess.run(
        [sys.executable, __file__],
        env={
            **os.environ,
            "NUMBA_CPU_NAME": llvm.get_host_cpu_name(),
            "NUMBA_CPU_FEATURES": features.flatten(),
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    ratio, digest = json.loads(found.stdout)
    return float(ratio), str(digest)


def digest_of_counts() -> str:
    """Our counts of the treated work as one word, which no processor should change."""
    import ours
    from work import FOLLICLES, TREATED

    return hashlib.blake2b(ours.run(TREATED, FOLLICLES, 1).tobytes(), digest_size=16).hexdigest()


def _beside_the_avx2_twin() -> None:
    import ours
    import twin
    from work import FOLLICLES, TREATED

    calls: dict[str, Call] = {
        "ours": ours.plain(TREATED),
        "cpp": partial(twin.simulate, TREATED, FOLLICLES, 1, "avx2"),
    }
    print(json.dumps([by_turns(calls, PAIRS).ratio("ours", "cpp"), digest_of_counts()]))


if __name__ == "__main__":
    _beside_the_avx2_twin()
