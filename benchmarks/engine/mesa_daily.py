"""The work in Mesa: each follicle is an agent that steps every day; a data collector counts weekly.

Full size would take about a minute: time it with fewer follicles and scale by follicle-years. Needs
mesa.
"""

from functools import partial

import mesa
import numpy as np

from work import PHASES, WEEK_DAYS, Counts, Work


class Follicle(mesa.Agent):
    """One follicle: its phase, and how much of the phase's duration is left."""

    def __init__(self, model: "Scalp", phase: int, left: float) -> None:
        """A follicle in a phase."""
        super().__init__(model)
        self.phase = phase
        self.left = left

    def step(self) -> None:
        """Live one day; a phase that ends within it hands the rest of the day to the next."""
        speed: list[float] = self.model.speed
        self.left -= speed[self.phase]
        while self.left <= 0:
            rest_days = -self.left / speed[self.phase]
            self.phase = (self.phase + 1) % len(PHASES)
            mu, sigma = self.model.laws[self.phase]
            self.left = self.random.lognormvariate(mu, sigma) - rest_days * speed[self.phase]


class Scalp(mesa.Model):
    """Follicles and the collector of their counts."""

    def __init__(self, work: Work, follicles: int, seed: int) -> None:
        """A scalp at its stationary start."""
        super().__init__(seed=seed)
        self.laws = list(zip(work.mu.tolist(), work.sigma.tolist(), strict=True))
        self.daily_speed = work.speed.T.tolist()
        self.speed = self.daily_speed[0]
        phases, left = work.start(follicles, self.rng)
        Follicle.create_agents(self, follicles, phases.tolist(), left.tolist())
        self.collector = mesa.DataCollector(
            model_reporters={
                name: partial(_number_in, phase=phase) for phase, name in enumerate(PHASES)
            }
        )
        self.collector.collect(self)

    def step(self) -> None:
        """One day of all follicles."""
        self.speed = self.daily_speed[self.steps - 1]
        self.agents.do("step")
        if self.steps % WEEK_DAYS == 0:
            self.collector.collect(self)


def _number_in(scalp: Scalp, phase: int) -> int:
    phases: list[int] = scalp.agents.get("phase")
    return phases.count(phase)


def run(work: Work, follicles: int, seed: int) -> Counts:
    """Counts per output day and phase."""
    scalp = Scalp(work, follicles, seed)
    for _ in range(work.days):
        scalp.step()
    collected = scalp.collector.model_vars
    return np.array([collected[name] for name in PHASES]).T
