"""Renewal equations: exact expectations for waits of any law.

A follicle that entered phase p when the phase's clock stood at Λ(s) is still in it at time t with
the probability S((Λ(t) − Λ(s)) / mean). Follicles that enter in one step form a cohort, spread
evenly over the clock time of that step, so the share of a cohort that is left is the mean of S
over an interval: a difference of R(x) = ∫ S from x on, exact for every law, a fixed wait included.
What all cohorts of a phase lose in a step is the flow into the next phase.

Mean waits are exact at any step, so a stationary scalp stays stationary. The error of everything
else comes from the even spread inside a step, and is of second order in the step. Equation R1.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anagen.follicle.flows import LIFTS, Entry, Stepper, clock_speeds, expect
from anagen.follicle.population import Cohorts, healthy_cohorts, left_out
from anagen.follicle.run import FollicleRun, Task
from anagen.follicle.signals import Signals
from anagen.follicle.spec import (
    PHASES,
    Floats,
    FollicleModel,
    Phase,
    UnsupportedModelError,
    Wait,
)
from anagen.follicle.waits import residual_survival, survival

BLOCK_DRAWS = 20
"""Draws stepped together: a phase's cohorts then fit the processor's cache."""

NARROW = 1e-5
"""Below this width, as a share of the mean wait, a cohort is taken at its middle: there the
midpoint rule is nearer than a difference of two rounded numbers."""

EMPTY = 1e-17
"""A cohort of which less than this share is left lets it go, and is forgotten."""

AT_ONCE = 1e-16
"""Share of the follicles below which a further round through the cycle in one step is left out."""

MOST_ROUNDS = 1000
"""Rounds through the cycle in one step, at most."""


def renewal(task: Task) -> FollicleRun:
    """Expectations by cohort, from cohorts or a healthy scalp.

    Raises:
        UnsupportedModelError: the start is a state of another kind, or follicles go through their
            whole cycle again and again within one step.
    """
    model, signals = task.model, task.signals
    start = healthy_cohorts(model) if task.start is None else task.start
    if not isinstance(start, Cohorts):
        raise UnsupportedModelError(
            f"meanfield cannot begin from a {type(start).__name__} with these waits; "
            "start from Cohorts, or without a state from a healthy scalp"
        )
    span = task.steps[-1] - task.first
    ends: list[Cohorts] = []

    def begin(block: slice) -> _Renewal:
        return _Renewal(model.pick(block), start.pick(block), signals.pick(block), span)

    run = expect(task, begin, lambda stepper, _: ends.append(stepper.state()), BLOCK_DRAWS)
    return replace(run, final=_joined(ends))


class _Cohorts:
    """The cohorts of one phase. Mutable.

    Attributes:
        held: follicles in the phase, (lifts, classes, draws).
    """

    def __init__(self, wait: Wait, mean_days: Floats, entered: Floats, age_days: Floats) -> None:
        """`entered` and `age_days` as in the state, with room behind for the steps to come."""
        self._wait, self._mean = wait, mean_days
        self._entered = entered
        self._began = -age_days
        self._clock = np.zeros(age_days.shape[-1])
        self._low = self._high = 0
        self._leaving = np.zeros_like(mean_days)
        self.held = np.zeros(entered.shape[1:])

    def begin(self, cohorts: int) -> None:
        """Take the first `cohorts` as what is there at the start."""
        self._high = cohorts
        if cohorts:
            self.held = self._sum(self._shares())

    def advance(self, clock_days: Floats) -> Floats:
        """Run the clock over one step; what leaves of the cohorts that were there."""
        self._clock = self._clock + clock_days
        self._high += 1
        self._began[self._high] = self._clock
        shares = self._shares()
        left = self._sum(shares)  # the new cohort is still empty
        out = self.held - left
        self.held = left
        self._leaving = 1.0 - shares[-1]
        while self._low < self._high - 1 and shares[0].max() < EMPTY:
            self.held -= shares[0] * self._entered[self._low]
            out += shares[0] * self._entered[self._low]
            shares = shares[1:]
            self._low += 1
        return out

    def receive(self, flow: Floats) -> Floats:
        """Let a flow into the cohort of this step; what leaves again within the step."""
        self._entered[self._high - 1] += flow
        gone = flow * self._leaving
        self.held += flow - gone
        return np.asarray(gone)

    def state(self) -> tuple[Floats, Floats]:
        """What entered with each cohort, and how long ago each began."""
        entered = self._entered[self._low : self._high].copy()
        return entered, self._clock - self._began[self._low : self._high + 1]

    def _shares(self) -> Floats:
        """What is left of each cohort, as a share, (cohorts, classes or 1, draws)."""
        age = self._clock - self._began[self._low : self._high + 1]
        age = age[:, None] / self._mean
        beyond = residual_survival(self._wait, age)
        with np.errstate(invalid="ignore"):
            width = age[:-1] - age[1:]
        # A cohort without a beginning is in equilibrium; its density is 1 per mean wait.
        width[~np.isfinite(width)] = 1.0
        shares = np.diff(beyond, axis=0) / np.maximum(width, NARROW)
        narrow = width < NARROW
        if narrow.any():
            middle = age[1:] + 0.5 * width
            shares = np.where(narrow, survival(self._wait, middle), shares)
        return np.asarray(shares)

    def _sum(self, shares: Floats) -> Floats:
        entered = self._entered[self._low : self._high]
        wide = np.broadcast_to(shares, (shares.shape[0], *entered.shape[2:]))
        return np.asarray(np.einsum("cgd,clgd->lgd", wide, entered))


class _Outside:
    """Dormant and lost follicles: memoryless, so that two numbers say all. Mutable."""

    def __init__(self, model: FollicleModel, held: Floats, step_days: float) -> None:
        self.held = held.copy()
        waking, loss = 1.0 / model.dormant_days, model.loss_rate
        self._waking = waking / (waking + loss)
        # Shares that leave in a step: of those there before, and of those that come during it.
        self._leave = [
            (-np.expm1(-rate), 1.0 + np.expm1(-rate) / rate if rate else 0.0)
            for rate in (step_days * (waking + loss), step_days * model.revival_rate)
        ]

    def advance(self) -> Floats:
        """Let a step pass; what comes back to the cycle."""
        going = self.held * np.array([old for old, _ in self._leave])[:, None, None]
        self.held -= going
        return np.asarray(going[1] + self._part(going[0]))

    def receive(self, falling: Floats) -> Floats:
        """Let follicles fall dormant; what comes back again within the step."""
        gone = falling * self._leave[0][1]
        self.held[0] += falling - gone
        return self._part(gone)

    def _part(self, gone: Floats) -> Floats:
        """Of those who end their dormancy, some wake, the others are lost; those back at once."""
        woken = gone * self._waking
        lost = gone - woken
        revived = lost * self._leave[1][1]
        self.held[1] += lost - revived
        return np.asarray(woken + revived)


class _Renewal(Stepper):
    """Cohorts of every phase, for one block of draws."""

    def __init__(self, model: FollicleModel, start: Cohorts, signals: Signals, span: int) -> None:
        self._model, self._signals = model, signals
        self._speeds = clock_speeds(model, signals)
        self._entry = Entry.of(model)
        lifted = signals.lifts or any(entered[:, 1:].any() for entered in start.entered)
        self._levels = LIFTS if lifted else 1
        self._cohorts = {
            phase: self._phase(phase, start, span) for phase in PHASES if not left_out(model, phase)
        }
        self._away = _Outside(model, start.outside, signals.step_days)
        self.shed = np.zeros_like(start.outside[0])
        self._few = AT_ONCE * model.follicles_per_cm2.min()

    @property
    def outside(self) -> Floats:  # type: ignore[override]
        """Dormant and lost, (2, classes, draws)."""
        return self._away.held

    def _phase(self, phase: Phase, start: Cohorts, span: int) -> _Cohorts:
        model, index = self._model, PHASES.index(phase)
        before, ages = start.entered[index], start.age_days[index]
        cohorts, levels, classes, draws = before.shape
        entered = np.zeros((cohorts + span, self._levels, classes, draws))
        entered[:cohorts, :levels] = before[:, : self._levels]
        room = np.concatenate([ages, np.zeros((span, draws))])
        means = {
            "early_anagen": model.early_anagen_days[None],
            "anagen": model.anagen_mean_days().T,
            "telogen": model.telogen_days[None],
            "latency": model.latency_days[None],
        }
        phase_cohorts = _Cohorts(model.waits[phase], means[phase], entered, room)
        phase_cohorts.begin(cohorts)
        return phase_cohorts

    def by_phase(self) -> Floats:
        """Follicles now, (phases, classes, draws)."""
        none = np.zeros_like(self.shed)
        return np.stack(
            [self._cohorts[p].held.sum(axis=0) if p in self._cohorts else none for p in PHASES]
        )

    def state(self) -> Cohorts:
        """The state now, from which a run can go on."""
        none = (np.zeros((0, self._levels, *self.shed.shape)), np.zeros((1, self.shed.shape[-1])))
        parts = [self._cohorts[p].state() if p in self._cohorts else none for p in PHASES]
        entered, ages = zip(*parts, strict=True)
        return Cohorts(tuple(entered), tuple(ages), self.outside)

    def advance(self, step: int) -> None:
        """Let every clock run over the step, and send what leaves around until it rests."""
        days = self._signals.step_days
        out: dict[Phase, Floats] = {
            phase: cohorts.advance(days * self._speeds[phase][step])
            for phase, cohorts in self._cohorts.items()
        }
        leaving = self._turn(step, out.pop("telogen"), out, self._away.advance())
        for _ in range(MOST_ROUNDS):
            if leaving.max() <= self._few:
                self._cohorts["telogen"].held += leaving  # they leave in the next step
                return
            leaving = self._turn(step, leaving, {}, None)
        raise UnsupportedModelError(
            f"meanfield: follicles go through whole cycles within a step of {days:g} days; "
            "give signals on shorter steps"
        )

    def _turn(
        self, step: int, leaving: Floats, out: Mapping[Phase, Floats], back: Floats | None
    ) -> Floats:
        """Send those leaving telogen, and others on their way, around; those back at its end."""
        signals, model = self._signals, self._model
        drive = signals.drive[step]
        self.shed += leaving.sum(axis=0)
        waking = np.zeros_like(leaving)
        if back is not None:
            waking[0] += back
        if model.dormancy_probability > 0:
            falling = leaving * np.minimum(model.dormancy_probability * drive, 1.0)
            leaving = leaving - falling
            waking[0] += self._away.receive(falling.sum(axis=0))
        empty = leaving * model.latency_share
        waking += self._through("latency", empty, out)
        entry = self._through("early_anagen", waking, out) + (leaving - empty)
        arrived = self._entry.route(
            entry, drive, signals.lift_probability[step], signals.lift_support[step]
        )
        return self._through("telogen", self._through("anagen", arrived, out), out)

    def _through(self, phase: Phase, inward: Floats, out: Mapping[Phase, Floats]) -> Floats:
        """Let a flow into a phase; what leaves at once, and of those there before."""
        if phase not in self._cohorts:
            return inward
        gone = self._cohorts[phase].receive(inward)
        return gone + out[phase] if phase in out else gone


def _joined(ends: list[Cohorts]) -> Cohorts:
    """The blocks of draws side by side; cohorts that one block has forgotten are empty there."""
    if len(ends) == 1:
        return ends[0]
    entered, age_days = [], []
    for index in range(len(PHASES)):
        most = max(end.entered[index].shape[0] for end in ends)
        sizes = [(most - end.entered[index].shape[0], 0) for end in ends]
        entered.append(
            np.concatenate(
                [
                    np.pad(end.entered[index], (size, (0, 0), (0, 0), (0, 0)))
                    for end, size in zip(ends, sizes, strict=True)
                ],
                axis=-1,
            )
        )
        age_days.append(
            np.concatenate(
                [
                    np.pad(end.age_days[index], (size, (0, 0)), constant_values=np.inf)
                    for end, size in zip(ends, sizes, strict=True)
                ],
                axis=-1,
            )
        )
    return Cohorts(tuple(entered), tuple(age_days), np.concatenate([e.outside for e in ends], -1))
