"""The event method without a compiler: the same passes as in `kernels`, on whole NumPy arrays.

It gives the same bits as the compiled passes. Small work, such as the picture of a patch of scalp,
is done here at once, where compiling would take seconds; and it shows in few lines what they do.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.follicle.events.tables import (
    ANAGEN,
    DIRECT,
    DORMANT,
    EARLY,
    FALLEN,
    FLOWS,
    GONE,
    INTO_ANAGEN,
    LATENCY,
    LOST,
    MOST_CELLS,
    OUTPUT,
    ROUND,
    SHED,
    TELOGEN,
    Tables,
    Work,
    cells_needed,
    course_of,
    next_phase,
    straight,
)
from anagen.follicle.events.variates import (
    ENTRY,
    FATE,
    MOST_CLASSES,
    MOST_SHRINK,
    NEXT_CYCLE,
    ONE,
    PAGE_FOLLICLES,
    PAST,
    PLACE,
    TURN,
    another,
    as_number,
    ceiling,
    class_of,
    exp2,
    exponentials,
    first_tag,
    in_class,
    log2,
    named,
    normal,
    number_of,
    phase_in,
    stages_in,
    to_float,
    truncate,
    turned,
    turns_in,
    uniform,
    within,
    without_lifts,
    word,
)
from anagen.follicle.spec import Floats

Words = NDArray[np.uint32]
Reals = NDArray[np.float32]
Ahead = NDArray[Any]
"""Words or reals."""
f32, u32 = np.float32, np.uint32
ZERO, STAY = f32(0), u32(0)


@dataclass(frozen=True, slots=True)
class _Group:
    """Some follicles in one phase, or about to come into it."""

    tags: Words
    at: Reals  # reading of a clock: of the phase's own when it began, or of the one before
    since: Reals  # step at which it began, where that is known

    def pick(self, which: NDArray[np.bool_]) -> "_Group":
        return _Group(self.tags[which], self.at[which], self.since[which])

    def join(self, other: "_Group") -> "_Group":
        return _Group(
            np.concatenate([self.tags, other.tags]),
            np.concatenate([self.at, other.at]),
            np.concatenate([self.since, other.since]),
        )


@dataclass(frozen=True, slots=True)
class _Clock:
    """One draw's clock of a phase: readings and speeds by step, and a guide to its inverse."""

    course: Reals
    cells: np.float32  # cells per unit of clock; 0 where a cell would hold several steps
    knot: NDArray[np.int64]  # the step in each cell, or the next one after it

    @classmethod
    def of(cls, course: Reals) -> "_Clock":
        """Cut a course into cells."""
        steps, end = course.shape[0] - 1, course[-1, 0]
        most = cells_needed(end, course[:, 1].min())
        cells = f32(most) / max(end, f32(1e-6))
        edge = (course[:, 0] * cells).astype(np.int32)
        if most > MOST_CELLS or (np.diff(edge) == 0).any():
            return cls(course, ZERO, np.zeros(0, np.int64))
        return cls(course, cells, np.searchsorted(edge[: steps + 1], np.arange(edge[-1] + 1)))

    def reading(self, t: Reals) -> Reals:
        """Reading at a step."""
        k = truncate(t)
        found: Reals = self.course[k, 0] + (t - to_float(k)) * self.course[k, 1]
        return found

    def side(self, x: Reals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The step next to each reading, and the step that begins where the reading lies."""
        knot = self.knot[truncate(x * self.cells)]
        return knot, np.where(x <= self.course[knot, 0], knot - 1, knot)

    def steps(self, x: Reals) -> Reals:
        """The inverse of `reading`."""
        if self.cells > ZERO:
            knot, low = self.side(x)
            slow = np.where(low < 0, ZERO, ONE / self.course[low, 1])
            t = knot.astype(f32) + (x - self.course[knot, 0]) * slow
        else:
            low = np.maximum(np.searchsorted(self.course[:, 0], x) - 1, 0)
            speed = self.course[low, 1]
            with np.errstate(divide="ignore", invalid="ignore"):
                part = np.where(speed > ZERO, (x - self.course[low, 0]) / speed, ZERO)
            t = low.astype(f32) + part
        found: Reals = within(t, low.astype(f32))
        return found

    def onward(self, x: Reals, ahead: "_Clock | None") -> Reals:
        """Reading of the next clock at a reading of this one; without one, the step."""
        knot, low = self.side(x)
        speed = ONE if ahead is None else ahead.course[:, 1]
        slopes = (speed / self.course[:, 1]).view(u32)
        slopes = ((slopes + ROUND) & ~OUTPUT).view(f32)
        reached = knot.astype(f32) if ahead is None else ahead.course[knot, 0]
        found: Reals = reached + (x - self.course[knot, 0]) * slopes[np.maximum(low, 0)]
        return found


@dataclass(slots=True)
class _Page:
    """One draw's page of follicles on its way through the passes; it never leaves this module."""

    tables: Tables
    draw: int
    low: int
    key: tuple[np.uint32, np.uint32]
    clocks: dict[int, _Clock]
    acting: Reals  # (3, steps): drive, chance to lift, lack of support
    flow: NDArray[np.int64]
    born: NDArray[np.int64]
    lists: dict[int, _Group] = field(default_factory=dict)

    def run(self, size: int) -> None:
        """Follow the page's first `size` follicles to the end."""
        for phase, tags, ahead in self._placed(size):
            self.born[phase] += np.bincount(class_of(tags), minlength=self.born.shape[1])
            since, until = self._begun(phase, tags, ahead)
            self._pass_on(phase, _Group(tags, until, since), until)
        while self.lists:
            for turn in range(6):
                phase = (turn + 1) % 6
                if phase in self.lists:
                    group = self.lists.pop(phase)
                    self._pass_on(phase, group, self._waits(phase, group.tags) + group.at)

    # Waits

    def _words(self, tags: Words, purpose: int | np.uint32) -> Words:
        found: Words = word(named(tags, u32(purpose)), *self.key)
        return found

    def _waits(self, phase: int, tags: Words) -> Reals:
        laws, x = self.tables.laws, self._words(tags, phase)
        stages = laws.stages[phase]
        if stages == 0:
            unit = np.ones(tags.shape, f32)
        elif stages < 0:
            unit = exp2(normal(x) * laws.sigma[phase])
        else:
            unit = exponentials(x, stages)
        waits: Reals = unit * self._scale(phase, tags)
        return waits

    def _scale(self, phase: int, tags: Words) -> Reals:
        scale: Reals = self.tables.laws.scale[self.draw, phase][class_of(tags)]
        return scale

    # Passes

    def _pass_on(self, phase: int, group: _Group, until: Reals) -> None:
        """Let the follicles of one phase leave it, each when its clock says so."""
        turns, end = self.tables.turns, f32(self.tables.seen.end)
        if phase in self.clocks:
            end = self.clocks[phase].course[self.tables.seen.end, 0]
        leaves = until <= end
        self._rest(phase, group.pick(~leaves), until[~leaves])
        add = NEXT_CYCLE if phase == TELOGEN else STAY
        gone = _Group(group.tags[leaves] + add, until[leaves], until[leaves])
        if phase == TELOGEN and turns.forks:
            self._end_telogen(gone)
        elif phase == DORMANT:
            self._end_dormancy(gone)
        else:
            self._arrive(gone, phase, next_phase(phase, turns), phase)

    def _arrive(self, group: _Group, phase: int, target: int, row: int) -> None:
        """Count those on their way between two phases, and find the reading as they come."""
        if not group.tags.size:
            return
        turns, clock, ahead = self.tables.turns, self.clocks.get(phase), self.clocks.get(target)
        t = clock.steps(group.at) if clock else group.at
        self._count(row, group.tags, t)
        if clock and clock.cells > ZERO and straight(phase, target, turns):
            group = _Group(group.tags, clock.onward(group.at, ahead), t)
        else:
            tags = group.tags
            if turns.changes and target == ANAGEN:
                tags = self._enter_anagen(tags, t)
            group = _Group(tags, ahead.reading(t) if ahead else t, t)
        self.lists[target] = self.lists[target].join(group) if target in self.lists else group

    def _count(self, row: int, tags: Words, t: Reals) -> None:
        seen = self.tables.seen
        outputs = seen.row[np.minimum(ceiling(t), seen.last)]
        places = class_of(tags) * seen.rows + outputs
        self.flow[row] += np.bincount(places, minlength=self.flow.shape[1])

    def _rest(self, phase: int, group: _Group, until: Reals) -> None:
        kept = self.tables.kept
        if kept.phase.size:
            place = self.low + number_of(group.tags)
            kept.phase[self.draw, place] = phase
            kept.tag[self.draw, place] = group.tags
            kept.since[self.draw, place] = group.since
            kept.until[self.draw, place] = until

    # Turns of the cycle

    def _acting(self, t: Reals) -> Reals:
        found: Reals = self.acting[:, np.minimum(truncate(t), u32(self.acting.shape[1] - 1))]
        return found

    def _end_telogen(self, group: _Group) -> None:
        turns, clock = self.tables.turns, self.clocks.get(TELOGEN)
        u = uniform(self._words(group.tags, TURN))
        falls = np.zeros(u.shape, f32)
        bound = turns.latency[self.draw]
        if turns.dormancy > ZERO:
            t = clock.steps(group.at) if clock else group.at
            falls = np.minimum(self._acting(t)[0] * turns.dormancy, ONE)
            bound = falls + (ONE - falls) * bound
        resting = next_phase(TELOGEN, turns)
        self._arrive(group.pick((u >= bound) & (u >= falls)), TELOGEN, ANAGEN, DIRECT)
        self._arrive(group.pick(u < falls), TELOGEN, DORMANT, FALLEN)
        self._arrive(group.pick((u >= falls) & (u < bound)), TELOGEN, resting, TELOGEN)

    def _end_dormancy(self, group: _Group) -> None:
        gone = uniform(self._words(group.tags, FATE)) < self.tables.turns.lost
        level = _Group(without_lifts(group.tags), group.at, group.since)
        self._arrive(level.pick(gone), DORMANT, LOST, GONE)
        woken = next_phase(DORMANT, self.tables.turns)
        self._arrive(level.pick(~gone), DORMANT, woken, DORMANT)

    def _enter_anagen(self, tags: Words, t: Reals) -> Words:
        turns, draw = self.tables.turns, self.draw
        drive, lift, loose = self._acting(t)
        thins = np.minimum(turns.shrink[draw][class_of(tags)] * drive, MOST_SHRINK)
        x = self._words(tags, ENTRY)
        back = loose * turns.relapse[draw]
        chances = back, thins, turns.extra[draw], lift
        changed: Words = turned(tags, x, chances, turns.top)
        self._count(INTO_ANAGEN, changed, t)
        return changed

    # Starts

    def _placed(self, size: int) -> list[tuple[int, Words, Ahead]]:
        """Tags of the page's follicles by phase, and what is ahead: stages, or part of a phase."""
        start = self.tables.start
        tags = first_tag(np.arange(size, dtype=u32))
        x = self._words(tags, PLACE)
        ahead: Ahead = np.zeros(size, u32)
        if start.mode == 2:
            here = slice(self.low, self.low + size)
            phase, tags = start.kept.phase[self.draw, here], start.kept.tag[self.draw, here]
        elif start.mode == 1:
            cell = start.cell[self.draw]
            found = np.searchsorted(cell, uniform(x), side="right")
            found = np.minimum(found, cell.size - 1)
            state = start.cell_state[found]
            phase, ahead, tags = phase_in(state), stages_in(state), tags | turns_in(state)
        else:
            u, v = uniform(another(x)), uniform(x)
            for bound in start.group[self.draw][:-1]:
                tags = in_class(tags, as_number(u >= bound))
            own = class_of(tags)
            low, width = start.phase[self.draw], start.width[self.draw]
            phase = np.sum(v >= low[1:, own], axis=0)
            part = (v - low[phase, own]) * width[phase, own]
            ahead = np.where(part < ONE, part, ONE)
        parts = ((number, phase == number) for number in range(6))
        return [(number, tags[which], ahead[which]) for number, which in parts if which.any()]

    def _begun(self, phase: int, tags: Words, ahead: Ahead) -> tuple[Reals, Reals]:
        """When those that start in a phase entered it, and when they leave it."""
        start, seen, laws = self.tables.start, self.tables.seen, self.tables.laws
        if start.mode == 2:
            place = self.low + number_of(tags)
            return start.kept.since[self.draw, place], start.kept.until[self.draw, place]
        first, clock = f32(seen.first), self.clocks.get(phase)
        base = clock.course[seen.first, 0] if clock else first
        stages, own, x = laws.stages[phase], self._scale(phase, tags), self._words(tags, phase)
        if start.mode == 1:
            waits = ZERO - log2(_product(x, stages, ahead))
            behind = _product(self._words(tags, PAST), stages, u32(stages + 1) - ahead)
            return log2(behind) * own + first, waits * own + base
        if stages == 0:
            whole = own
        elif stages < 0:
            whole = exp2(normal(x) * laws.sigma[phase] + laws.bias[phase]) * own
        else:
            whole = exponentials(x, stages + 1) * own
        part: Reals = ahead
        return first - whole * (ONE - part), whole * part + base


def _product(x: Words, most: int, count: Words) -> Reals:
    """Product of as many uniform numbers as each follicle asks for."""
    product: Reals = uniform(x)
    for stage in range(1, most):
        x = another(x)
        product = np.where(u32(stage) < count, product * uniform(x), product)
    return product


def advance(work: Work, tables: Tables, density: Floats, worth: Floats, apart: Floats) -> None:
    """Run some follicles of some draws to the end, and write what is seen of them."""
    low_draw, high_draw, first, last = work
    places = density.shape[1] * density.shape[3]
    moving = np.flatnonzero(tables.clocks.moving).tolist()
    for draw in range(low_draw, high_draw):
        clocks = {clock + 1: _Clock.of(course_of(tables.clocks, clock, draw)) for clock in moving}
        acting = tables.turns.acting(draw) if tables.turns.acts else np.zeros((3, 1), f32)
        flow = np.zeros((FLOWS, places), np.int64)
        born = np.zeros((6, MOST_CLASSES), np.int64)
        for low in range(first, last, PAGE_FOLLICLES):
            key = tables.keys[draw, low // PAGE_FOLLICLES]
            page = _Page(tables, draw, low, (key[0], key[1]), clocks, acting, flow, born)
            page.run(min(PAGE_FOLLICLES, last - low))
        _settle(density[draw - low_draw], flow, born, tables)
        density[draw - low_draw] *= worth[draw]
        density[draw - low_draw, :, SHED] /= apart[:, None]


def _settle(
    counts: Floats,
    flow: NDArray[np.int64],
    born: NDArray[np.int64],
    tables: Tables,
) -> None:
    """Add up flows to counts, (rows, 6 phases and shed hairs, classes)."""
    rows, _, classes = counts.shape
    out = flow.reshape(FLOWS, classes, rows).transpose(0, 2, 1)
    turns, empty = tables.turns, out[TELOGEN]
    shed = empty + out[DIRECT] + out[FALLEN]
    woken = out[LATENCY] + out[DORMANT] + out[LOST]
    if not turns.rests:
        woken, empty = woken + empty, 0 * empty
    into = out[INTO_ANAGEN]
    if not turns.changes:
        into = out[DIRECT] + (out[EARLY] if turns.early else woken)
    gains = {
        EARLY: (woken if turns.early else 0) - out[EARLY],
        ANAGEN: into - out[ANAGEN],
        TELOGEN: out[ANAGEN] - shed,
        LATENCY: empty - out[LATENCY],
        DORMANT: out[FALLEN] - out[DORMANT] - out[GONE],
        LOST: out[GONE] - out[LOST],
    }
    for phase, gain in gains.items():
        counts[:, phase] = born[phase, :classes] + np.cumsum(gain, axis=0)
    counts[:, SHED] = shed
