"""The event method without a compiler: the same passes as in `kernels`, on whole NumPy arrays.

It gives the same bits as the compiled passes. Small work, such as the picture of a patch of scalp,
is done here at once, where compiling would take seconds; and it shows in few lines what they do.
"""

from dataclasses import dataclass, field

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
    SHED,
    TELOGEN,
    Tables,
    Work,
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
    to_float,
    truncate,
    turned,
    uniform,
    within,
    word,
)
from anagen.follicle.spec import Floats

Words = NDArray[np.uint32]
Reals = NDArray[np.float32]
f32, u32 = np.float32, np.uint32
ZERO, STAY = f32(0), u32(0)


@dataclass(frozen=True, slots=True)
class _Group:
    """Some follicles in one phase."""

    tags: Words
    since: Reals

    def pick(self, which: NDArray[np.bool_]) -> "_Group":
        return _Group(self.tags[which], self.since[which])

    def join(self, other: "_Group") -> "_Group":
        return _Group(
            np.concatenate([self.tags, other.tags]), np.concatenate([self.since, other.since])
        )


def _nobody() -> _Group:
    return _Group(np.zeros(0, u32), np.zeros(0, f32))


@dataclass(slots=True)
class _Page:
    """One draw's page of follicles on its way through the passes; it never leaves this module."""

    tables: Tables
    draw: int
    low: int
    key: tuple[np.uint32, np.uint32]
    flow: NDArray[np.int64]
    born: NDArray[np.int64]
    lists: dict[int, _Group] = field(default_factory=dict)

    def run(self, size: int) -> None:
        """Follow the page's first `size` follicles to the end."""
        for phase, tags, left in self._placed(size):
            self.born[phase] += np.bincount(class_of(tags), minlength=self.born.shape[1])
            since, until = self._begun(phase, tags, left)
            self._pass_on(phase, _Group(tags, since), until)
        while self.lists:
            for turn in range(6):
                phase = (turn + 1) % 6
                if phase in self.lists:
                    group = self.lists.pop(phase)
                    until = self._waits(phase, group.tags) + self._reading(phase, group.since)
                    self._pass_on(phase, group, until)

    # Clocks

    def _course(self, phase: int) -> Reals | None:
        """Readings and speeds of the phase's clock, or None where it simply runs."""
        clocks = self.tables.clocks
        if ANAGEN <= phase <= LATENCY and clocks.moving[phase - 1]:
            course: Reals = clocks.course[self.draw, phase - 1]
            return course
        return None

    def _reading(self, phase: int, t: Reals) -> Reals:
        course = self._course(phase)
        if course is None:
            return t
        k = np.minimum(truncate(t), u32(course.shape[0] - 1))
        reading: Reals = course[k, 0] + (t - to_float(k)) * course[k, 1]
        return reading

    def _steps(self, phase: int, x: Reals) -> Reals:
        """The inverse of `_reading`."""
        course = self._course(phase)
        if course is None or not x.size:
            return x
        steps, most = course.shape[0] - 1, self.tables.clocks.cells[self.draw, phase - 1]
        cells = f32(most) / max(course[steps, 0], f32(1e-6))
        cell_of = (course[:, 0] * cells).astype(np.int32)
        if (np.diff(cell_of) == 0).any():
            k = np.maximum(np.searchsorted(course[:, 0], x) - 1, 0)
            low, speed = k.astype(f32), course[k, 1]
            with np.errstate(divide="ignore", invalid="ignore"):
                t = low + np.where(speed > ZERO, (x - course[k, 0]) / speed, ZERO)
        else:
            cell_of[steps] = most
            knot = np.searchsorted(cell_of, (x * cells).astype(np.int32))
            before = x <= course[knot, 0]
            slowness = np.concatenate([np.zeros(1, f32), ONE / course[:, 1]])
            slow = np.where(before, slowness[knot], slowness[knot + 1])
            t = knot.astype(f32) + (x - course[knot, 0]) * slow
            low = np.where(before, knot.astype(f32) - ONE, knot.astype(f32))
        found: Reals = within(t, low)
        return found

    def _end(self, phase: int) -> np.float32:
        course, end = self._course(phase), self.tables.seen.end
        return f32(end) if course is None else course[end, 0]

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
        turns = self.tables.turns
        leaves = until <= self._end(phase)
        self._rest(phase, group.pick(~leaves), until[~leaves])
        add = NEXT_CYCLE if phase == TELOGEN else STAY
        gone = _Group(group.tags[leaves] + add, self._steps(phase, until[leaves]))
        self._count(phase, gone)
        if phase == ANAGEN:
            self._append(TELOGEN, gone)
        elif phase == TELOGEN and turns.forks:
            self._end_telogen(gone)
        elif phase == TELOGEN:
            self._append(LATENCY if turns.rests else EARLY, gone)
        elif phase == DORMANT:
            self._end_dormancy(gone)
        elif phase == EARLY:
            self._enter_anagen(gone)
        else:
            self._wake(gone)

    def _append(self, phase: int, group: _Group) -> None:
        if group.tags.size:
            self.lists[phase] = self.lists.get(phase, _nobody()).join(group)

    def _wake(self, group: _Group) -> None:
        if self.tables.turns.early:
            self._append(EARLY, group)
        else:
            self._enter_anagen(group)

    def _count(self, row: int, group: _Group) -> None:
        seen = self.tables.seen
        outputs = seen.row[np.minimum(ceiling(group.since), seen.last)]
        places = class_of(group.tags) * seen.rows + outputs
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

    def _acting(self, since: Reals) -> Reals:
        acting = self.tables.turns.acting[self.draw]
        found: Reals = acting[np.minimum(truncate(since), u32(acting.shape[0] - 1))]
        return found

    def _end_telogen(self, group: _Group) -> None:
        turns = self.tables.turns
        u = uniform(self._words(group.tags, TURN))
        fallen = np.zeros(u.shape, f32)
        if turns.dormancy > ZERO:
            fallen = np.minimum(self._acting(group.since)[:, 0] * turns.dormancy, ONE)
        bound = fallen + (ONE - fallen) * turns.latency[self.draw]
        for row, phase, which in (
            (FALLEN, DORMANT, u < fallen),
            (None, LATENCY if turns.rests else EARLY, (u >= fallen) & (u < bound)),
            (DIRECT, ANAGEN, (u >= bound) & (u >= fallen)),
        ):
            part = group.pick(which)
            if row is not None:
                self._count(row, part)
            if phase == ANAGEN:
                self._enter_anagen(part)
            else:
                self._append(phase, part)

    def _end_dormancy(self, group: _Group) -> None:
        gone = uniform(self._words(group.tags, FATE)) < self.tables.turns.lost
        level = _Group(group.tags & u32(0xFFFFFFFC), group.since)
        lost = level.pick(gone)
        self._count(GONE, lost)
        self._append(LOST, lost)
        self._wake(level.pick(~gone))

    def _enter_anagen(self, group: _Group) -> None:
        turns, draw = self.tables.turns, self.draw
        if turns.changes and group.tags.size:
            drive, lift, loose, _ = self._acting(group.since).T
            thins = np.minimum(turns.shrink[draw][class_of(group.tags)] * drive, MOST_SHRINK)
            x = self._words(group.tags, ENTRY)
            back = loose * turns.relapse[draw]
            extra = np.full(x.shape, turns.extra[draw])
            group = _Group(
                turned(group.tags, x, (back, thins, extra, lift), turns.top), group.since
            )
            self._count(INTO_ANAGEN, group)
        self._append(ANAGEN, group)

    # Starts

    def _placed(self, size: int) -> list[tuple[int, Words, Words]]:
        """Tags and stages left of the page's follicles, phase by phase."""
        start = self.tables.start
        tags = first_tag(np.arange(size, dtype=u32))
        left = np.zeros(size, u32)
        x = self._words(tags, PLACE)
        if start.mode == 2:
            here = slice(self.low, self.low + size)
            phase, tags = start.kept.phase[self.draw, here], start.kept.tag[self.draw, here]
        elif start.mode == 1:
            cell = start.cell[self.draw]
            found = np.searchsorted(cell, uniform(x), side="right")
            found = np.minimum(found, cell.size - 1)
            phase, left = start.cell_phase[found], start.cell_stages[found]
            tags = tags | start.cell_tag[found]
        else:
            u, v = uniform(x), uniform(another(x))
            for bound in start.group[self.draw][:-1]:
                tags = in_class(tags, as_number(u >= bound))
            own = class_of(tags)
            phase = np.zeros(size, u32)
            for share in start.phase[self.draw]:
                phase = phase + as_number(v >= share[own])
        parts = ((number, phase == number) for number in range(6))
        return [(number, tags[which], left[which]) for number, which in parts if which.any()]

    def _begun(self, phase: int, tags: Words, left: Words) -> tuple[Reals, Reals]:
        """When those that start in a phase entered it, and when they leave it."""
        start, seen, laws = self.tables.start, self.tables.seen, self.tables.laws
        if start.mode == 2:
            place = self.low + number_of(tags)
            return start.kept.since[self.draw, place], start.kept.until[self.draw, place]
        first, course = f32(seen.first), self._course(phase)
        base = first if course is None else course[seen.first, 0]
        stages, own, x = laws.stages[phase], self._scale(phase, tags), self._words(tags, phase)
        if start.mode == 1:
            ahead = ZERO - log2(_product(x, stages, left))
            behind = _product(self._words(tags, PAST), stages, u32(stages + 1) - left)
            return log2(behind) * own + first, ahead * own + base
        split = uniform(another(x))
        if stages == 0:
            whole = own
        elif stages < 0:
            whole = exp2(normal(x) * laws.sigma[phase] + laws.bias[phase]) * own
        else:
            whole = exponentials(another(another(x)), stages + 1) * own
        return first - whole * (ONE - split), whole * split + base


def _product(x: Words, most: int, count: Words) -> Reals:
    """Product of as many uniform numbers as each follicle asks for."""
    product: Reals = uniform(x)
    for stage in range(1, most):
        x = another(x)
        product = np.where(u32(stage) < count, product * uniform(x), product)
    return product


def advance(work: Work, tables: Tables, density: Floats, worth: Floats) -> None:
    """Run some follicles of some draws to the end, and write what is seen of them."""
    low_draw, high_draw, first, last = work
    places = density.shape[1] * density.shape[3]
    for draw in range(low_draw, high_draw):
        flow = np.zeros((FLOWS, places), np.int64)
        born = np.zeros((6, MOST_CLASSES), np.int64)
        for low in range(first, last, PAGE_FOLLICLES):
            key = tables.keys[draw, low // PAGE_FOLLICLES]
            page = _Page(tables, draw, low, (key[0], key[1]), flow, born)
            page.run(min(PAGE_FOLLICLES, last - low))
        _settle(density[draw - low_draw], flow, born, tables)
        density[draw - low_draw] *= worth[draw]


def _settle(
    counts: Floats,
    flow: NDArray[np.int64],
    born: NDArray[np.int64],
    tables: Tables,
) -> None:
    """Add up flows to counts, (rows, 6 phases and shed hairs, classes)."""
    rows, _, classes = counts.shape
    out = flow.reshape(FLOWS, classes, rows).transpose(0, 2, 1)
    empty = out[TELOGEN] - out[DIRECT] - out[FALLEN]
    woken = out[LATENCY] + out[DORMANT] - out[GONE] + out[LOST]
    turns = tables.turns
    if not turns.rests:
        woken, empty = woken + empty, 0 * empty
    into = out[INTO_ANAGEN]
    if not turns.changes:
        into = out[DIRECT] + (out[EARLY] if turns.early else woken)
    gains = {
        EARLY: (woken if turns.early else 0) - out[EARLY],
        ANAGEN: into - out[ANAGEN],
        TELOGEN: out[ANAGEN] - out[TELOGEN],
        LATENCY: empty - out[LATENCY],
        DORMANT: out[FALLEN] - out[DORMANT],
        LOST: out[GONE] - out[LOST],
    }
    for phase, gain in gains.items():
        counts[:, phase] = born[phase, :classes] + np.cumsum(gain, axis=0)
    counts[:, SHED] = out[TELOGEN]
