"""What `make bench-engine` measures, in words and with targets; the docs page is made from it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Wanted:
    """One measure.

    Attributes:
        id: its name in out/bench/engine.json.
        words: what it is.
        unit: `ratio`, `times`, `s`, `ms` or `SE`.
        target: the value to be reached; None where it is only reported.
        better: which way is better.
    """

    id: str
    words: str
    unit: str = "ratio"
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"


BESIDE_CPP = (
    Wanted("w2_vs_cpp", "W2, ours over the C++ twin, both as a user calls them", target=1.25),
    Wanted("w_vs_cpp", "W, the same"),
    Wanted("w2_kernel_vs_cpp", "W2, our compiled passes alone, over the twin"),
    Wanted("w2_vs_cpp_avx2", "W2, ours over the twin, both built without AVX-512"),
    Wanted("w2_vs_cpp_rounds", "W2, ours over the plain C++"),
    Wanted("w_vs_cpp_rounds", "W, the same"),
    Wanted("w_vs_draw_bound", "W, ours over drawing its random durations alone", target=3),
    Wanted("w_vs_cpp_draw_bound", "W, ours over the twin's drawing of them"),
)
OURS = (
    Wanted("full_vs_w2", "F over W2", target=2),
    Wanted("full_androgen_vs_w2", "F where androgen speeds anagen's clock too, over W2"),
    Wanted("pf_two_cores_s", "PF on two threads", "s", 0.2),
    Wanted("pf_two_thread_speedup", "PF, one thread over two", "times", 1.7, "higher"),
    Wanted("w2_arrays_vs_compiled", "W2, the passes on NumPy arrays over the compiled ones"),
    Wanted("w_ms", "W", "ms"),
    Wanted("w2_ms", "W2", "ms"),
    Wanted("full_ms", "F", "ms"),
    Wanted("w2_cpp_ms", "W2, the C++ twin", "ms"),
    Wanted("w2_cpp_rounds_ms", "W2, the plain C++", "ms"),
    Wanted("pf_one_core_s", "PF on one thread", "s"),
    Wanted("pf_mean_field_s", "PF as expectations, by the mean field on one thread", "s"),
    Wanted("full_mean_field_s", "F as expectations, by the renewal form of the mean field", "s"),
)
BESIDE_PACKAGES = (
    Wanted("w2_vs_numpy_daily", "W2, good daily NumPy over ours", "times", 70, "higher"),
    Wanted("w2_vs_starsim", "W2, starsim over ours", "times", 500, "higher"),
    Wanted("w2_vs_simpy", "W2, SimPy over ours", "times", 350, "higher"),
    Wanted("w2_vs_mesa", "W2, Mesa over ours", "times", 8000, "higher"),
)
START_UP = (
    Wanted("engine_import_s", "a process that imports the compiled passes", "s"),
    Wanted("engine_first_call_cold_s", "a process that does W2, nothing compiled before", "s"),
    Wanted("engine_first_call_warm_s", "the same, compiled by an earlier one", "s"),
)
GROUPS = {
    "Beside C++, one thread": BESIDE_CPP,
    "Beside other ways, one thread": BESIDE_PACKAGES,
    "By itself": OURS,
    "Start-up": START_UP,
}
WANTED = tuple(wanted for group in GROUPS.values() for wanted in group)

CHECKED = {
    "w": "ours, W",
    "w2": "ours, W2",
    "full": "ours, F",
    "full_androgen": "ours, F with androgen on anagen's clock",
    "pf": "ours, PF",
    "cpp_w": "the C++ twin, W",
    "cpp_w2": "the C++ twin, W2",
    "cpp_avx2_w2": "the C++ twin without AVX-512, W2",
    "cpp_rounds_w": "the plain C++, W",
    "cpp_rounds_w2": "the plain C++, W2",
    "numpy_daily": "daily NumPy, W2",
    "starsim": "starsim, W2",
    "simpy": "SimPy, W2",
    "mesa": "Mesa, W2",
}
"""Whose answers are compared with exact ones; the measure is `agree_` and this name."""
