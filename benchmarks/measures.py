"""What every benchmark shares: a measure, the machine, and the report in out/bench."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path("out/bench")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value and, where there is one, its target; None where it can't be measured."""

    id: str
    value: float | None
    unit: str
    better: Literal["lower", "higher"] = "lower"
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target or a value."""
        if self.target is None or self.value is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


def machine() -> dict[str, str | int | None]:
    """The machine in the words that a reader needs to judge the numbers."""
    return {
        "system": platform.platform(terse=True),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def report(topic: str, measures: Sequence[Measure]) -> None:
    """Write out/bench/<topic>.json and print the same as a table."""
    rows = [
        asdict(measure) | {"value": rounded(measure.value), "met": measure.met}
        for measure in measures
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{topic}.json"
    path.write_text(json.dumps({"machine": machine(), "measures": rows}, indent=1) + "\n")
    print(f"{topic} ({path})")
    for measure in measures:
        sign = "≤" if measure.better == "lower" else "≥"
        target = "" if measure.target is None else f"{sign} {measure.target:g}"
        met = {True: "met", False: "NOT met", None: ""}[measure.met]
        value = "none" if measure.value is None else f"{measure.value:.4g}"
        print(f"  {measure.id:<24} {value:>9} {measure.unit:<6} {target:<8} {met}")


def rounded(value: float | None) -> float | None:
    """Four digits: more would be noise."""
    return None if value is None else float(f"{value:.4g}")
