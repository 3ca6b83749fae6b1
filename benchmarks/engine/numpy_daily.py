"""Good daily stepping in NumPy: each day only the follicles that leave their phase are touched.

A follicle waits in the row of its phase for the reading of the phase's clock at which it leaves;
it is infinitely far in the other rows. So a day is one comparison of float32 numbers with the
clocks, and work on the few that are due. Untreated, one clock and one row serve all phases. A
follicle changes phase at the exact time within the day.
"""

import numpy as np

from work import PHASES, WEEK_DAYS, Counts, Work


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    rng = np.random.default_rng(seed)
    rows = len(PHASES) if work.treated else 1
    mu, sigma = work.mu.astype(np.float32), work.sigma.astype(np.float32)
    clocks = work.clocks.astype(np.float32)
    speed = work.speed.astype(np.float32)
    phase, left = work.start(follicles, rng)
    due = np.full((rows, follicles), np.inf, dtype=np.float32)
    due[phase % rows, np.arange(follicles)] = left
    flat_due, is_due = due.ravel(), np.empty_like(due, dtype=bool)
    now = np.bincount(phase, minlength=len(PHASES))
    counts = np.empty((work.output_days.size, len(PHASES)), dtype=np.int64)
    counts[0] = now
    for day in range(work.days):
        np.less_equal(due, clocks[:rows, day + 1, None], out=is_due)
        place = np.flatnonzero(is_due)
        follicle = place % follicles
        old = phase[follicle]
        new = (old + 1) % len(PHASES)
        time = (flat_due[place] - clocks[old, day]) / speed[old, day]
        stay = np.exp(mu[new] + sigma[new] * rng.standard_normal(place.size, dtype=np.float32))
        flat_due[place] = np.inf
        due[new % rows, follicle] = clocks[new, day] + time * speed[new, day] + stay
        phase[follicle] = new
        gone = np.bincount(old, minlength=len(PHASES))
        now = now - gone + np.roll(gone, 1)
        if (day + 1) % WEEK_DAYS == 0:
            counts[(day + 1) // WEEK_DAYS] = now
    return counts
