"""The event method's compiled passes over clocks. Importing it imports Numba.

A phase's speed is integrated once into its clock. A guide inverts it: within a cell lies one step
at most, where the speed changes, and the row says what holds on both sides of it; so the inverse is
exact. Where a cell would hold several steps there is no guide, and events are searched for.
"""

import numpy as np

from anagen.follicle.events.tables import (
    MOST_CELLS,
    MOST_OUTPUTS,
    OUTPUT,
    ROUND,
    TELOGEN,
    cells_needed,
    next_phase,
    straight,
)

f32, i32, u32 = np.float32, np.int32, np.uint32
ZERO, ONE = f32(0), f32(1)


def wind(draw, scene):
    """Prepare one draw's clocks: their courses, their readings at the end, and their guides."""
    clocks, turns, seen, desk = scene.clocks, scene.turns, scene.seen, scene.desk
    for phase in range(6):
        desk.ends[phase] = f32(seen.end)
    for clock in range(3):
        desk.cells[clock] = ZERO
        if clocks.moving[clock] != 0:
            integrate(draw, clock, clocks, desk)
            desk.ends[clock + 1] = desk.course[clock, seen.end, 0]
    for clock in range(3):
        if clocks.moving[clock] != 0:
            cut(clock, clocks, desk)
            if desk.cells[clock] > ZERO:
                phase = clock + 1
                plain = straight(phase, next_phase(phase, turns), turns)
                if plain:
                    fill_onward(clock, scene)
                if keeps(scene) or not plain or (phase == TELOGEN and turns.forks):
                    fill_back(clock, clocks, desk)
    if turns.changes or turns.dormancy > ZERO:
        fill_acting(draw, scene)


def keeps(scene):
    """Whether steps of all events are wanted: for the states at the end, or many outputs."""
    return scene.kept.phase.shape[1] > 0 or scene.seen.rows > MOST_OUTPUTS


def integrate(draw, clock, clocks, desk):
    """Readings of a clock at every step."""
    course, speeds = desk.course[clock], clocks.speed[clock]
    steps = clocks.speed.shape[1]
    reading, slowest = 0.0, speeds[0, draw]
    for k in range(steps):
        speed = speeds[k, draw]
        course[k, 0], course[k, 1] = f32(reading), speed
        reading += float(speed)
        slowest = min(slowest, speed)
    course[steps, 0], course[steps, 1] = f32(reading), speeds[steps - 1, draw]
    desk.slowest[clock] = slowest


def cut(clock, clocks, desk):
    """Cut a clock's course into cells, and see in which of them each step lies."""
    course, edge, steps = desk.course[clock], desk.edge, clocks.speed.shape[1]
    end = course[steps, 0]
    most = cells_needed(end, desk.slowest[clock])
    if most > MOST_CELLS:
        return
    cells = f32(most) / max(end, f32(1e-6))
    crowded = False
    for k in range(steps + 1):
        edge[k] = i32(course[k, 0] * cells)
    for k in range(steps):
        crowded |= edge[k] == edge[k + 1]
    if not crowded:
        desk.cells[clock] = cells


def fill_back(clock, clocks, desk):
    """The guide from readings to steps: rows of knot, its step, slowness before and after it."""
    course, guide = desk.course[clock], desk.back[clock]
    steps = clocks.speed.shape[1]
    j, before = 0, ZERO
    for k in range(steps + 1):
        knot, after = course[k, 0], ONE / course[k, 1]
        while j <= desk.edge[k]:
            guide[j, 0], guide[j, 1], guide[j, 2], guide[j, 3] = knot, f32(k), before, after
            j += 1
        before = after


def fill_onward(clock, scene):
    """The guide from readings to those of the next phase's clock.

    Rows of knot, reading there, slope before and after it. The low bits of a slope hold the first
    output that is not before the step.
    """
    clocks, turns, seen, desk = scene.clocks, scene.turns, scene.seen, scene.desk
    course, guide = desk.course[clock], desk.onward[clock]
    steps = clocks.speed.shape[1]
    following = next_phase(clock + 1, turns) - 1
    moves = 0 <= following < 3 and clocks.moving[following] != 0
    ahead = desk.course[following] if moves else course
    for k in range(steps + 1):
        desk.slope[k] = (ahead[k, 1] if moves else ONE) / course[k, 1]
    few = seen.rows <= MOST_OUTPUTS
    for k in range(steps + 1):
        output = seen.row[min(k + 1, seen.end)] if few else u32(0)
        desk.slope_bits[k] = (desk.slope_bits[k] + ROUND) & ~OUTPUT | output
    j = 0
    for k in range(steps + 1):
        knot, reached = course[k, 0], ahead[k, 0] if moves else f32(k)
        before, after = desk.slope[max(k - 1, 0)], desk.slope[k]
        while j <= desk.edge[k]:
            guide[j, 0], guide[j, 1], guide[j, 2], guide[j, 3] = knot, reached, before, after
            j += 1


def fill_acting(draw, scene):
    """What acts on those whose telogen ends, or who come into anagen, in each step."""
    turns, acting, steps = scene.turns, scene.desk.acting, scene.clocks.speed.shape[1]
    for k in range(steps + 1):
        j = min(k, steps - 1)
        acting[k, 0], acting[k, 1] = f32(turns.drive[j, draw]), f32(turns.lift[j, draw])
        acting[k, 2] = f32(1.0 - turns.support[j, draw])


HELPERS = (keeps, integrate, cut, fill_back, fill_onward, fill_acting, wind)
"""What the compiled code takes from here."""
