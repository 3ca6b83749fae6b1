"""The event method's compiled passes over follicles.

A pass takes the list of the follicles in one phase, draws when each will leave, and appends those
that do before the end to the list of their next phase. Lists are taken in turn until all are empty;
phases, not days, are what the loops run over. A new effect on a clock needs nothing here: it is a
speed in the tables. A new effect at a turn of the cycle has its one place: `end_telogen`,
`end_dormancy` or `enter_anagen`.

Importing this module imports Numba; `anagen.follicle.events.arrays` does the same without it.
"""

from typing import Any, NamedTuple

import numpy as np

from anagen.follicle.events.lanes import (
    LANES,
    first_of,
    gather,
    load,
    packed,
    pairs,
    quads,
    spread,
    store,
)
from anagen.follicle.events.starts import (
    HELPERS as START_HELPERS,
    begin,
    count_born,
    look_back,
    place_all,
    shelve,
)
from anagen.follicle.events.tables import (
    ANAGEN,
    DIRECT,
    DORMANT,
    EARLY,
    FALLEN,
    GONE,
    INTO_ANAGEN,
    LATENCY,
    LOST,
    SHED,
    TELOGEN,
)
from anagen.follicle.events.variates import (
    ENTRY,
    FATE,
    MOST_SHRINK,
    NEXT_CYCLE,
    ONE,
    PAGE_FOLLICLES,
    TURN,
    ceiling,
    choose,
    class_of,
    exp2,
    exponentials,
    named,
    normal,
    to_float,
    truncate,
    turned,
    uniform,
    within,
    word,
)

f32, i32, u32 = np.float32, np.int32, np.uint32
ZERO, STAY = f32(0), u32(0)

SLACK = LANES
"""Room beyond the end of a list, so that whole lanes may be written there."""


class Desk(NamedTuple):
    """Working memory of one thread; every list has room for lanes beyond its end."""

    tags: Any  # uint32 (6, block + lanes): lists by phase
    since: Any  # float32 (6, block + lanes): step at which the phase began
    count: Any  # int64 (6,)
    phase: Any  # uint32 (block + lanes,): where the block's follicles start
    tag: Any  # uint32 (block + lanes,)
    stage: Any  # uint32 (block + lanes,): stages left
    start_tags: Any  # uint32 (6, block + lanes): lists of the start by phase
    start_count: Any  # int64 (6,)
    left: Any  # uint32 (6, block + lanes): their stages left
    start_since: Any  # float32 (block + lanes,): of the list that is being started
    place: Any  # uint32 (block + lanes,): places in the flow table
    until: Any  # float32 (block + lanes,): reading of the clock at the end of the phase
    ends: Any  # float32 (6,): reading of each clock at the end of the run
    guide: Any  # float32 (3, cells + 1, 4): knot, its step, slowness before and after it
    cells: Any  # float32 (3,): cells per unit of clock; 0 where a cell holds several knots
    shelf: Any  # int32 (shelves,): the first cell of a population on each shelf
    flow: Any  # uint32 (FLOWS, classes * rows)
    born: Any  # uint32 (6, MOST_CLASSES)


# --- Waits ---------------------------------------------------------------------------------------


def draw_waits(n, phase, tags, key, laws, draw, desk):
    """Waits of a list into `desk.until`, in steps."""
    until, scale = desk.until, laws.scale[draw, phase]
    stages, sigma, same = laws.stages[phase], laws.sigma[phase], laws.same[phase] != 0
    purpose = u32(phase)
    if stages == 0:
        for i in range(0, n, LANES):
            store(until, i, spread(ONE))
    elif stages < 0:
        for i in range(0, n, LANES):
            x = word(named(load(tags, i), purpose), key[0], key[1])
            store(until, i, exp2(normal(x) * sigma))
    else:
        for i in range(0, n, LANES):
            x = word(named(load(tags, i), purpose), key[0], key[1])
            store(until, i, exponentials(x, stages))
    if same:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * scale[0])
    else:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * gather(scale, class_of(load(tags, i))))


# --- Leaving a phase -----------------------------------------------------------------------------


def leave(n, phase, tags, since, begun, target, add, clocks, draw, desk):
    """Append those of a list that leave before the end to the list of their next phase.

    `desk.until` holds waits, or readings of the clock where they have `begun` before; afterwards it
    holds readings. In the new list, readings stand where steps will.
    """
    until, end, clock = desk.until, desk.ends[phase], phase - 1
    to_tags, to_since, m = desk.tags[target], desk.since[target], desk.count[target]
    if begun:
        for i in range(0, n, LANES):
            x = load(until, i)
            goes = (x <= end) & first_of(n - i)
            packed(to_since, m, x, goes)
            m = packed(to_tags, m, load(tags, i) + add, goes)
    elif ANAGEN <= phase <= LATENCY and clocks.moving[clock] != 0:
        course, last = clocks.course[draw, clock], u32(clocks.course.shape[2] - 1)
        for i in range(0, n, LANES):
            live = first_of(n - i)
            t = choose(live, load(since, i), spread(ZERO))
            k = truncate(t)
            k = choose(k < last, k, spread(last))
            reached, speed = pairs(course, k)
            x = load(until, i) + (reached + (t - to_float(k)) * speed)
            store(until, i, x)
            goes = (x <= end) & live
            packed(to_since, m, x, goes)
            m = packed(to_tags, m, load(tags, i) + add, goes)
    else:
        for i in range(0, n, LANES):
            x = load(until, i) + load(since, i)
            store(until, i, x)
            goes = (x <= end) & first_of(n - i)
            packed(to_since, m, x, goes)
            m = packed(to_tags, m, load(tags, i) + add, goes)
    desk.count[target] = m


def look_up(first, phase, target, clocks, draw, seen, desk):
    """Turn the readings of those just appended to a list into steps, and count them as leaving."""
    since, n, clock = desk.since[target], desk.count[target], phase - 1
    if ANAGEN <= phase <= LATENCY and clocks.moving[clock] != 0:
        guide, cells = desk.guide[clock], desk.cells[clock]
        if cells > ZERO:
            for i in range(first, n, LANES):
                x = choose(first_of(n - i), load(since, i), spread(ZERO))
                knot, step, before, after = quads(guide, truncate(x * cells))
                t = step + (x - knot) * choose(x <= knot, before, after)
                store(since, i, within(t, choose(x <= knot, step - ONE, step)))
        else:
            search(first, n, since, clocks.course[draw, clock], desk.place)
    count(first, target, desk.flow[phase], seen, desk)


def count(first, target, flow, seen, desk):
    """Count those just appended to a list by class and by the output before which they came."""
    since, tags, n, place = desk.since[target], desk.tags[target], desk.count[target], desk.place
    if seen.every > ZERO:
        for i in range(first, n, LANES):
            row = truncate((to_float(ceiling(load(since, i))) + seen.offset) * seen.every)
            store(place, i - first, class_of(load(tags, i)) * seen.rows + row)
    else:
        for i in range(first, n, LANES):
            k = ceiling(load(since, i))
            row = gather(seen.row, choose(k < seen.last, k, spread(seen.last)))
            store(place, i - first, class_of(load(tags, i)) * seen.rows + row)
    for i in range(n - first):
        flow[place[i]] += u32(1)


def search(first, n, since, course, place):
    """The same look-up without a guide, for clocks with very uneven speeds.

    The left edge counts: a wait that is over as its clock stops is over then.
    """
    for i in range(first, n):
        x = since[i]
        low, high = 0, course.shape[0]
        while high - low > 1:
            middle = (low + high) // 2
            if course[middle, 0] < x:
                low = middle
            else:
                high = middle
        speed = course[low, 1]
        since[i] = f32(low) + ((x - course[low, 0]) / speed if speed > ZERO else ZERO)
        place[i - first] = low
    for i in range(first, n, LANES):
        low_step = to_float(load(place, i - first))
        store(since, i, within(load(since, i), low_step))


def rest(n, phase, tags, since, draw, page_low, kept, desk):
    """Keep the state of those that stay in their phase to the end."""
    until, end = desk.until, desk.ends[phase]
    for i in range(n):
        if until[i] > end:
            j = page_low + (tags[i] >> u32(18))
            kept.phase[draw, j] = phase
            kept.tag[draw, j] = tags[i]
            kept.since[draw, j] = since[i]
            kept.until[draw, j] = until[i]


# --- Turns of the cycle --------------------------------------------------------------------------


def end_telogen(first, key, draw, turns, seen, desk):
    """Send those just appended to the list of the empty elsewhere, where that is their fate."""
    resting = LATENCY if turns.rests else EARLY
    tags, since, n = desk.tags[resting], desk.since[resting], desk.count[resting]
    to_tags, to_since, a = desk.tags[ANAGEN], desk.since[ANAGEN], desk.count[ANAGEN]
    off_tags, off_since, d = desk.tags[DORMANT], desk.since[DORMANT], desk.count[DORMANT]
    acting, latency, last = turns.acting[draw], turns.latency[draw], u32(turns.acting.shape[1] - 1)
    m = first
    for i in range(first, n, LANES):
        live = first_of(n - i)
        tag, t = load(tags, i), choose(live, load(since, i), spread(ZERO))
        u = uniform(word(named(tag, TURN), key[0], key[1]))
        fallen = spread(ZERO)
        if turns.dormancy > ZERO:
            k = truncate(t)
            drive = quads(acting, choose(k < last, k, spread(last)))[0]
            fallen = drive * turns.dormancy
            fallen = choose(fallen < ONE, fallen, spread(ONE))
            asleep = (u < fallen) & live
            packed(off_since, d, t, asleep)
            d = packed(off_tags, d, tag, asleep)
        bound = fallen + (ONE - fallen) * latency
        direct = (u >= bound) & live
        packed(to_since, a, t, direct)
        a = packed(to_tags, a, tag, direct)
        empty = (u < bound) & (u >= fallen) & live
        packed(since, m, t, empty)
        m = packed(tags, m, tag, empty)
    grown, fallen_before = desk.count[ANAGEN], desk.count[DORMANT]
    desk.count[resting], desk.count[ANAGEN], desk.count[DORMANT] = m, a, d
    count(grown, ANAGEN, desk.flow[DIRECT], seen, desk)
    count(fallen_before, DORMANT, desk.flow[FALLEN], seen, desk)


def end_dormancy(first, woken, key, turns, seen, desk):
    """Send those just appended to the list of the woken to the lost, where that is their fate."""
    tags, since, n = desk.tags[woken], desk.since[woken], desk.count[woken]
    to_tags, to_since, a = desk.tags[LOST], desk.since[LOST], desk.count[LOST]
    m = first
    for i in range(first, n, LANES):
        live = first_of(n - i)
        tag, t = load(tags, i), choose(live, load(since, i), spread(ZERO))
        u = uniform(word(named(tag, FATE), key[0], key[1]))
        gone = (u < turns.lost) & live
        tag = tag & u32(0xFFFFFFFC)
        packed(to_since, a, t, gone)
        a = packed(to_tags, a, tag, gone)
        back = (u >= turns.lost) & live
        packed(since, m, t, back)
        m = packed(tags, m, tag, back)
    before = desk.count[LOST]
    desk.count[woken], desk.count[LOST] = m, a
    count(before, LOST, desk.flow[GONE], seen, desk)


def enter_anagen(first, key, draw, turns, seen, desk):
    """Change the classes of those just appended to the list of anagen, and count them anew."""
    tags, since, n = desk.tags[ANAGEN], desk.since[ANAGEN], desk.count[ANAGEN]
    acting, last = turns.acting[draw], u32(turns.acting.shape[1] - 1)
    shrink, extra, relapse = turns.shrink[draw], turns.extra[draw], turns.relapse[draw]
    for i in range(first, n, LANES):
        live = first_of(n - i)
        tag, t = load(tags, i), choose(live, load(since, i), spread(ZERO))
        k = truncate(t)
        drive, lift, loose, _ = quads(acting, choose(k < last, k, spread(last)))
        x = word(named(tag, ENTRY), key[0], key[1])
        thins = gather(shrink, class_of(tag)) * drive
        thins = choose(thins < MOST_SHRINK, thins, spread(MOST_SHRINK))
        tag = turned(tag, x, (loose * relapse, thins, spread(extra), lift), turns.top)
        store(tags, i, tag)
    count(first, ANAGEN, desk.flow[INTO_ANAGEN], seen, desk)


def pass_on(n, phase, tags, since, begun, page_low, key, draw, clocks, turns, seen, kept, desk):
    """Let the follicles of one list leave their phase, each when its clock says so.

    `desk.until` holds their waits, or readings where they have `begun` before.
    """
    if phase == ANAGEN:
        target = TELOGEN
    elif phase == TELOGEN:
        target = LATENCY if turns.rests else EARLY
    elif phase == EARLY or not turns.early:
        target = ANAGEN
    else:
        target = EARLY
    first, grown = desk.count[target], desk.count[ANAGEN]
    add = NEXT_CYCLE if phase == TELOGEN else STAY
    leave(n, phase, tags, since, begun, target, add, clocks, draw, desk)
    if kept.phase.shape[1] > 0:
        rest(n, phase, tags, since, draw, page_low, kept, desk)
    look_up(first, phase, target, clocks, draw, seen, desk)
    if phase == TELOGEN and turns.forks:
        end_telogen(first, key, draw, turns, seen, desk)
    elif phase == DORMANT:
        end_dormancy(first, target, key, turns, seen, desk)
    if turns.changes and desk.count[ANAGEN] > grown and phase != ANAGEN:
        enter_anagen(grown, key, draw, turns, seen, desk)


# --- The whole -----------------------------------------------------------------------------------


def wind(draw, clocks, seen, desk):
    """Prepare one draw's clocks: their readings at the end, and guides for the inverse look-up.

    Within a cell of a guide lies one knot at most, where the speed changes from step to step; so
    the inverse is exact. Where a cell would hold several, there is no guide.
    """
    for phase in range(6):
        desk.ends[phase] = f32(seen.end)
    steps = clocks.course.shape[2] - 1
    for clock in range(3):
        if clocks.moving[clock] == 0:
            continue
        course, guide = clocks.course[draw, clock], desk.guide[clock]
        most = int(clocks.cells[draw, clock])
        end = course[steps, 0]
        desk.ends[clock + 1] = course[seen.end, 0]
        cells = f32(most) / max(end, f32(1e-6))
        desk.cells[clock] = cells
        for k in range(1, steps + 1):
            if i32(course[k, 0] * cells) == i32(course[k - 1, 0] * cells):
                desk.cells[clock] = ZERO
        if desk.cells[clock] == ZERO:
            continue
        j, before = 0, ZERO
        for k in range(steps + 1):
            after = ONE / course[k, 1]
            filled = i32(course[k, 0] * cells) if k < steps else most
            while j <= filled:
                guide[j, 0], guide[j, 1], guide[j, 2], guide[j, 3] = course[k, 0], k, before, after
                j += 1
            before = after


def settle(density, worth, seen, turns, desk):
    """Add up flows to densities, (rows, 6 phases and shed hairs, classes); one follicle's worth."""
    flow, rows = desk.flow, int(seen.rows)
    for group in range(density.shape[2]):
        now = np.zeros(6, np.int64)
        for phase in range(6):
            now[phase] = desk.born[phase, group]
        for row in range(rows):
            at = group * rows + row
            fell, gone, direct = int(flow[FALLEN, at]), int(flow[GONE, at]), int(flow[DIRECT, at])
            empty = int(flow[TELOGEN, at]) - direct - fell
            woken = int(flow[LATENCY, at]) + int(flow[DORMANT, at]) - gone + int(flow[LOST, at])
            if not turns.rests:
                woken, empty = woken + empty, 0
            into = direct + (int(flow[EARLY, at]) if turns.early else woken)
            if turns.changes:
                into = int(flow[INTO_ANAGEN, at])
            now[EARLY] += (woken if turns.early else 0) - int(flow[EARLY, at])
            now[ANAGEN] += into - int(flow[ANAGEN, at])
            now[TELOGEN] += int(flow[ANAGEN, at]) - int(flow[TELOGEN, at])
            now[LATENCY] += empty - int(flow[LATENCY, at])
            now[DORMANT] += fell - int(flow[DORMANT, at])
            now[LOST] += gone - int(flow[LOST, at])
            for phase in range(6):
                density[row, phase, group] = now[phase] * worth
            density[row, SHED, group] = int(flow[TELOGEN, at]) * worth


def run(work, keys, laws, clocks, turns, start, seen, kept, desk, density, worth):
    """Run follicles `work[2]` to `work[3]` of the draws `work[0]` to `work[1]` to the end."""
    block = desk.phase.shape[0] - SLACK
    for draw in range(work[0], work[1]):
        wind(draw, clocks, seen, desk)
        if start.mode == 1:
            shelve(draw, start, desk)
        desk.flow[:] = 0
        desk.born[:] = 0
        for low in range(work[2], work[3], block):
            page = low // PAGE_FOLLICLES
            page_low, key = page * PAGE_FOLLICLES, (keys[draw, page, 0], keys[draw, page, 1])
            size = min(block, work[3] - low)
            desk.count[:] = 0
            place_all(low, page_low, size, key, draw, start, desk)
            for phase in range(start.first_phase, start.last_phase + 1):
                n = desk.start_count[phase]
                if n > 0:
                    count_born(phase, density.shape[3], desk)
                    begin(n, phase, low, page_low, key, draw, laws, clocks, start, seen, desk)
                    if start.mode == 1 and kept.phase.shape[1] > 0:
                        look_back(n, phase, key, draw, laws, seen, desk)
                    pass_on(
                        n,
                        phase,
                        desk.start_tags[phase],
                        desk.start_since,
                        True,
                        page_low,
                        key,
                        draw,
                        clocks,
                        turns,
                        seen,
                        kept,
                        desk,
                    )
            going = True
            while going:
                going = False
                for turn in range(6):
                    phase = (turn + 1) % 6
                    n = desk.count[phase]
                    if n > 0:
                        going = True
                        desk.count[phase] = 0
                        tags, since = desk.tags[phase], desk.since[phase]
                        draw_waits(n, phase, tags, key, laws, draw, desk)
                        pass_on(
                            n,
                            phase,
                            tags,
                            since,
                            False,
                            page_low,
                            key,
                            draw,
                            clocks,
                            turns,
                            seen,
                            kept,
                            desk,
                        )
        settle(density[draw - work[0]], worth[draw], seen, turns, desk)


HELPERS = (
    *START_HELPERS,
    draw_waits,
    leave,
    look_up,
    count,
    search,
    rest,
    end_telogen,
    end_dormancy,
    enter_anagen,
    pass_on,
    wind,
    settle,
    run,
)
"""What the compiled code is made of, besides the elementwise functions."""
