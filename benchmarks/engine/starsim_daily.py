"""The work in starsim: a module with a state per phase, stepped every day. Needs starsim."""

import numpy as np
import starsim as ss

from work import PHASES, Counts, Work


class HairCycle(ss.Module):
    """The hair cycle of a population of follicles."""

    def __init__(self, work: Work, follicles: int, seed: int) -> None:
        """States, and a law of the duration for each phase."""
        super().__init__()
        self.speed = work.speed.T.tolist()
        self.first = work.start(follicles, np.random.default_rng(seed))
        self.durations = [
            ss.lognorm_ex(mean=mean, std=sd, name=name)
            for name, mean, sd in zip(PHASES, work.mean_days, work.sd_days, strict=True)
        ]
        self.define_states(
            *(ss.BoolState(name) for name in PHASES),
            ss.FloatArr("left"),
        )

    def init_post(self) -> None:
        """The stationary start."""
        super().init_post()
        phase, left = self.first
        for index, name in enumerate(PHASES):
            self[name][ss.uids(np.flatnonzero(phase == index))] = True
        self.left[:] = left
        self.started = [self[name].count() for name in PHASES]

    def step(self) -> None:
        """One day: who leaves a phase within it lives the rest of the day in the next."""
        speed = self.speed[self.ti]
        leaving = []
        for name, pace in zip(PHASES, speed, strict=True):
            inside = self[name].uids
            self.left[inside] -= pace
            leaving.append(inside[self.left[inside] <= 0])
        for phase, uids in enumerate(leaving):
            new = (phase + 1) % len(PHASES)
            rest_days = -self.left[uids] / speed[phase]
            self[PHASES[phase]][uids] = False
            self[PHASES[new]][uids] = True
            self.left[uids] = self.durations[new].rvs(uids) - rest_days * speed[new]


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    cycle = HairCycle(work, follicles, seed)
    sim = ss.Sim(
        n_agents=follicles,
        dt=ss.days(1),
        start=ss.days(0),
        dur=ss.days(work.days - 1),  # the first step is day 0's, so this makes `days` steps
        rand_seed=seed,
        modules=cycle,
        copy_inputs=False,  # so that `cycle` is the module that ran
        verbose=0,
    )
    sim.run()
    after_day = np.array([cycle.results[f"n_{name}"].values for name in PHASES]).T
    return np.concatenate([[cycle.started], after_day[work.output_days[1:] - 1]])
