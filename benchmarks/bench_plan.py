"""A whole plan: `anagen plan` for the example person, as its own process, to a JSON file.

The first run is the first of this benchmark with byte code removed, as after an install; the warm
figures are medians of the runs after it.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measures import FOLDER, Measure, report

ROUNDS = 5
PERSON = "examples/early-loss-tr.yaml"


@dataclass(frozen=True, slots=True)
class Run:
    """What one process used."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def main() -> None:
    """One first run, then ROUNDS warm ones."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as cache:
        # An empty byte-code cache of our own stands for a fresh install.
        first = _run({**os.environ, "PYTHONPYCACHEPREFIX": cache})
    _run(dict(os.environ))
    warm = [_run(dict(os.environ)) for _ in range(ROUNDS)]
    report(
        "plan",
        [
            Measure("plan_warm_s", median(run.wall_s for run in warm), "s", target=3),
            Measure("plan_first_run_s", first.wall_s, "s"),
            Measure("plan_cpu_s", median(run.cpu_s for run in warm), "s"),
            Measure("peak_rss_mb", max(run.peak_mb for run in warm), "MB"),
        ],
    )


def _run(environment: dict[str, str]) -> Run:
    command = [str(Path(sys.executable).with_name("anagen")), "plan", PERSON]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--json", str(FOLDER / "plan-output.json")],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    if status != 0:
        said = process.stderr.read() if process.stderr else ""
        sys.exit(f"exit code {os.waitstatus_to_exitcode(status)} from {command}: {said}")
    process.returncode = 0  # collected above, for its usage
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


if __name__ == "__main__":
    main()
