"""The follicle engine beside C++, beside other packages, and by itself.

One run shows first that all answers agree, then times them by turns. What the machine or the
environment lacks is said and left out: its measures have no value. Besides out/bench/engine.json it
writes out/bench/engine.md, the page of the documentation.
"""

import importlib
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

sys.path.append(str(Path(__file__).with_name("engine")))

import fresh
import ours
import rounds
import twin
import variates_alone
from alternate import Call, by_turns, say
from measures import FOLDER, Measure, machine, report
from native import UnavailableError
from page import measured, page
from wanted import CHECKED
from work import (
    FOLLICLES,
    TREATED,
    UNTREATED,
    Agreement,
    Counts,
    Work,
    agreement,
    exact_events,
    exact_fractions,
)

MANY = 4_000_000
"""Follicles by which fast answers are compared."""

FINER = 14
"""Steps of the mean field that a forecast is compared with, in a step of its signals."""

ROUNDS, FORECAST_ROUNDS = 201, 15
PACKAGES = {
    "numpy_daily": ("numpy_daily", FOLLICLES, 9),
    "starsim": ("starsim_daily", FOLLICLES, 3),
    "simpy": ("simpy_events", 10_000, 7),
    "mesa": ("mesa_daily", 2_000, 3),
}
"""Rivals by name: their module, how many follicles they follow, and in how many rounds."""

Rival: TypeAlias = Callable[[Work, int, int], Counts]
Calls: TypeAlias = dict[str, Call]

CPP: dict[str, Rival] = {"cpp": twin.run, "cpp_rounds": rounds.run}
"""Rivals in C++ by name."""


class Bench:
    """What has been found so far."""

    def __init__(self) -> None:
        """Nothing yet; the exact answers are made once for all."""
        self.values: dict[str, float] = {}
        self.agreements: dict[str, tuple[int, Agreement]] = {}
        self.reasons: dict[str, str] = {}
        self.exact = {work.name: exact_fractions(work) for work in (UNTREATED, TREATED)}

    def check(self, name: str, rival: Rival, work: Work, follicles: int) -> None:
        """Compare a rival's counts with the exact answer."""
        self.agreed(name, follicles, agreement(rival(work, follicles, 1), self.exact[work.name]))

    def agreed(self, name: str, follicles: int, found: Agreement) -> None:
        """Note an agreement; a disagreement ends the run."""
        if found.largest_z > found.limit:
            sys.exit(
                f"The answers do not agree, so nothing is timed: {CHECKED[name]} is up to "
                f"{found.largest_z:.1f} standard errors from the exact shares ({follicles:,} "
                f"follicles, {found.compared} shares; at most {found.limit:.1f} is allowed)."
            )
        self.agreements[name] = (follicles, found)

    def left_out(self, ids: tuple[str, ...], reason: str) -> None:
        """Say why measures have no value."""
        say(f"    left out: {', '.join(ids)}: {reason}")
        self.reasons |= dict.fromkeys(ids, reason)

    def time_ours(self) -> None:
        """Our engine by itself."""
        self.check("w", ours.run, UNTREATED, MANY)
        self.check("w2", ours.run, TREATED, MANY)
        for name, case in (("full", ours.full()), ("full_androgen", ours.full_androgen())):
            self.agreed(name, FOLLICLES * 10, case.agreement(FOLLICLES * 10))
        inside = ours.Inside(ours.plain(TREATED))
        if (inside.compiled() != inside.arrays()).any():
            sys.exit("The compiled passes and those on arrays count differently.")
        timed = by_turns(
            {
                "w": ours.plain(UNTREATED),
                "w2": ours.plain(TREATED),
                "full": ours.full(),
                "androgen": ours.full_androgen(),
            },
            ROUNDS,
        )
        slow = by_turns({"arrays": inside.arrays, "compiled": inside.compiled}, 25)
        self.values |= {
            "w_ms": 1e3 * timed.median_s("w"),
            "w2_ms": 1e3 * timed.median_s("w2"),
            "full_ms": 1e3 * timed.median_s("full"),
            "full_vs_w2": timed.ratio("full", "w2"),
            "full_androgen_vs_w2": timed.ratio("androgen", "w2"),
            "w2_arrays_vs_compiled": slow.ratio("arrays", "compiled"),
            "full_mean_field_s": by_turns({"full": ours.full().expected}, 3).median_s("full"),
        }

    def time_draws(self) -> None:
        """W beside drawing its durations alone."""
        draws = round(FOLLICLES * (1 + exact_events(UNTREATED)))
        mean = variates_alone.draw(UNTREATED, draws, 1) / variates_alone.rounded_up(draws)
        if abs(mean - UNTREATED.mean_days[0]) > 5 * UNTREATED.sd_days[0] / draws**0.5:
            sys.exit(f"The durations drawn alone have a mean of {mean:.1f} days: that is wrong.")
        calls: Calls = {
            "w": ours.plain(UNTREATED),
            "draws": partial(variates_alone.draw, UNTREATED, draws, 1),
        }
        self.values["w_vs_draw_bound"] = by_turns(calls, ROUNDS).ratio("w", "draws")
        try:
            twin.draw(UNTREATED, draws, 1)
        except UnavailableError as error:
            return self.left_out(("w_vs_cpp_draw_bound",), str(error))
        calls["draws"] = partial(twin.draw, UNTREATED, draws, 1)
        self.values["w_vs_cpp_draw_bound"] = by_turns(calls, ROUNDS).ratio("w", "draws")

    def time_cpp(self, name: str) -> None:
        """W and W2 beside C++."""
        rival = CPP[name]
        ids = (f"w2_vs_{name}", f"w_vs_{name}", f"w2_{name}_ms")
        try:
            self.check(f"{name}_w", rival, UNTREATED, MANY)
            self.check(f"{name}_w2", rival, TREATED, MANY)
        except UnavailableError as error:
            only_the_twin = ("w2_kernel_vs_cpp",) if name == "cpp" else ()
            return self.left_out((*ids, *only_the_twin), str(error))
        for work, prefix in ((UNTREATED, "w"), (TREATED, "w2")):
            calls: Calls = {"ours": ours.plain(work), "cpp": partial(rival, work, FOLLICLES, 1)}
            timed = by_turns(calls, ROUNDS)
            self.values[f"{prefix}_vs_{name}"] = timed.ratio("ours", "cpp")
        self.values[f"w2_{name}_ms"] = 1e3 * timed.median_s("cpp")
        if name == "cpp":
            calls["ours"] = ours.Inside(ours.plain(TREATED)).compiled
            self.values["w2_kernel_vs_cpp"] = by_turns(calls, ROUNDS).ratio("ours", "cpp")

    def time_without_avx512(self) -> None:
        """W2 beside the C++ twin, both without AVX-512."""
        try:
            self.check("cpp_avx2_w2", partial(twin.simulate, variant="avx2"), TREATED, MANY)
        except UnavailableError as error:
            return self.left_out(("w2_vs_cpp_avx2",), str(error))
        ratio, digest = fresh.without_avx512()
        if digest != fresh.digest_of_counts():
            sys.exit("Our counts without AVX-512 differ from those with it.")
        self.values["w2_vs_cpp_avx2"] = ratio

    def time_forecast(self) -> None:
        """A person's forecast on one thread and on two."""
        total = sum(case.model.draws * case.follicles for case in ours.forecast())
        found = [case.agreement(finer=FINER) for case in ours.forecast()]
        worst = max(found, key=lambda one: one.largest_z)
        together = sum(one.compared for one in found)
        self.agreed("pf", total, Agreement(worst.largest_z, together, worst.largest_difference))
        cases = ours.forecast()
        timed = by_turns(
            {
                "one": lambda: [case(threads=1) for case in cases],
                "two": lambda: [case(threads=2) for case in cases],
                "mean": lambda: [case.expected() for case in cases],
            },
            FORECAST_ROUNDS,
        )
        self.values |= {
            "pf_one_core_s": timed.median_s("one"),
            "pf_two_cores_s": timed.median_s("two"),
            "pf_two_thread_speedup": timed.ratio("one", "two"),
            "pf_mean_field_s": timed.median_s("mean"),
        }

    def time_package(self, name: str) -> None:
        """W2 beside a rival in Python."""
        module, follicles, turns = PACKAGES[name]
        try:
            rival: Rival = importlib.import_module(module).run
        except ImportError as error:
            return self.left_out((f"w2_vs_{name}",), f"{error.name or module} is not installed")
        self.check(name, rival, TREATED, follicles)
        calls: Calls = {"rival": partial(rival, TREATED, follicles, 1), "ours": ours.plain(TREATED)}
        ratio = by_turns(calls, turns, {"ours": 21}).ratio("rival", "ours")
        self.values[f"w2_vs_{name}"] = ratio * FOLLICLES / follicles

    def time_start_up(self) -> None:
        """Whole processes."""
        self.values |= fresh.start_up()


def main() -> None:
    """Run every part, then write the report and the page."""
    os.environ["STARSIM_INSTALL_FONTS"] = "0"  # it would look for fonts on its first import
    say("Exact answers")
    bench = Bench()
    parts: dict[str, Callable[[], None]] = {
        "Ours": bench.time_ours,
        "Beside the C++ twin": partial(bench.time_cpp, "cpp"),
        "Beside plain C++": partial(bench.time_cpp, "cpp_rounds"),
        "Beside drawing alone": bench.time_draws,
        "A person's forecast": bench.time_forecast,
        **{f"Beside {name}": partial(bench.time_package, name) for name in PACKAGES},
        "Without AVX-512 (compiles once)": bench.time_without_avx512,
        "Start-up (compiles anew)": bench.time_start_up,
    }
    for number, (words, part) in enumerate(parts.items(), 1):
        say(f"{number} of {len(parts)}: {words}")
        part()
    measures = measured(bench.values)
    agreed = [
        Measure(f"agree_{name}", found.largest_z, "SE", target=round(found.limit, 2))
        for name, (_, found) in bench.agreements.items()
    ]
    report("engine", [*measures.values(), *agreed])
    text = page(measures, bench.agreements, bench.reasons, machine())
    (FOLDER / "engine.md").write_text(text, encoding="utf-8")
    print(f"The page: {FOLDER / 'engine.md'}; cp it to docs/model/performance.md to keep it.")


if __name__ == "__main__":
    main()
