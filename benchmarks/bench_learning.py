"""Learning and judging: gradients of the likelihood, a prediction, a personal update, all pools.

Gradients need the optional part `calibrate`; without it they are left out.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from measures import Measure, report

ROUNDS = 5
COHORT = "examples/cohorts/exosome-injections.yaml"
VISITS = ((187, 168.0), (126, 172.0), (64, 175.0), (22, 171.0))
"""Days ago, and total density, of a made-up person's counts."""

SESSIONS = (175, 161)
"""Days ago of the sessions of exosomes that the person had."""


def main() -> None:
    """Everything once, medians of ROUNDS."""
    measures = [
        Measure("predict_s", _process("predict", COHORT), "s", target=2),
        Measure("update_s", _update(), "s", target=1),
        Measure("meta_s", _pools(), "s", target=1),
    ]
    if find_spec("numpyro"):
        measures.append(Measure("gradients_per_s", _gradients(), "1/s", better="higher"))
    report("learning", measures)


def _timed(work: Callable[[], object]) -> float:
    work()
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return median(took)


def _process(*words: str) -> float:
    """A whole process, start included."""
    command = [str(Path(sys.executable).with_name("anagen")), *words, "--json", os.devnull]
    return _timed(lambda: subprocess.run(command, check=True, capture_output=True))


def _update() -> float:
    """From what a person told to their scalp today, sizes of treatments at hand."""
    from anagen import load_evidence
    from anagen.forecasting.person_model import person_draws
    from anagen.forecasting.request import ForecastRequest, Measured, Received
    from anagen.posterior import Keyed, current_release

    request = ForecastRequest(
        age=34,
        sex="male",
        diagnosis="androgenetic_alopecia",
        measurements=tuple(Measured(day, total_density_per_cm2=count) for day, count in VISITS),
        received=tuple(Received("exosome", day) for day in SESSIONS),
    )
    release = current_release(load_evidence().parameters)
    return _timed(lambda: person_draws(request, release, Keyed(1), 1000))


def _pools() -> float:
    """Every pool and the network, after import."""
    from anagen import load_evidence
    from anagen.evidence.meta import networks, pool, select

    evidence = load_evidence()

    def everything() -> None:
        found = select(evidence)
        for group in found.groups:
            pool(group)
        networks(found)

    return _timed(everything)


def _gradients() -> float:
    """Gradients of the log density of all fitted rows, by one thread, compiled."""
    code = (
        "from anagen.calibrate.run import one_thread; one_thread()\n"
        "import json, time, jax, jax.numpy as jnp\n"
        "from anagen import load_evidence\n"
        "from anagen.calibrate.priors import PARAMETERS, middle\n"
        "from anagen.calibrate.setup import likelihood\n"
        "of = likelihood(); observed = jnp.asarray(of.observed())\n"
        "values = {name: middle(load_evidence().parameters[name]) for name in PARAMETERS}\n"
        "slope = jax.jit(jax.grad(lambda v: sum(of.log_likelihood(v, observed).values())))\n"
        "jax.block_until_ready(slope(values)); took = []\n"
        "for _ in range(50):\n"
        "    start = time.perf_counter(); jax.block_until_ready(slope(values))\n"
        "    took.append(time.perf_counter() - start)\n"
        "print(json.dumps(sorted(took)[25]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return 1.0 / float(json.loads(done.stdout))


if __name__ == "__main__":
    main()
