"""Start-up: how long `import anagen` and `anagen --help` take, beside `import numpy`.

A ratio to numpy on the same machine says more than seconds do: it moves little between machines.
The runs alternate, so that a busy moment hits all commands alike, and medians are compared.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from measures import Measure, report

ROUNDS = 15
COMMANDS = {
    "bare": [sys.executable, "-c", "pass"],
    "numpy": [sys.executable, "-c", "import numpy"],
    "import": [sys.executable, "-c", "import anagen"],
    "help": [str(Path(sys.executable).with_name("anagen")), "--help"],
}


def main() -> None:
    """Run each command in turn, ROUNDS times, and report the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for (
        command
    ) in COMMANDS.values():  # once unmeasured: byte code compiled, files in the page cache
        _seconds(command)
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            seconds[name].append(_seconds(command))
    middle = {name: median(values) for name, values in seconds.items()}
    report(
        "import",
        [
            Measure("import_vs_numpy", middle["import"] / middle["numpy"], "ratio", target=1),
            Measure("help_vs_numpy", middle["help"] / middle["numpy"], "ratio", target=2),
            Measure("import_s", middle["import"], "s"),
            Measure("help_s", middle["help"], "s"),
            Measure("numpy_s", middle["numpy"], "s"),
            Measure("bare_python_s", middle["bare"], "s"),
        ],
    )


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
