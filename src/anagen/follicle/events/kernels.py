"""The event method's compiled passes over follicles.

A pass takes the list of the follicles in one phase, draws when each will leave, and appends those
that do before the end to the list of their next phase. Lists are taken in turn until all are empty;
phases, not days, are what the loops run over. A chunk of a list goes through a row of short loops
at a time. A new effect on a clock needs nothing here: it is a speed in the tables. A new effect at
a turn of the cycle has its one place: `end_telogen`, `end_dormancy` or `enter_anagen`.

Importing this module imports Numba; `anagen.follicle.events.arrays` does the same without it.
"""

import numpy as np

from anagen.follicle.events.guides import HELPERS as GUIDE_HELPERS, keeps, wind
from anagen.follicle.events.lanes import (
    BY_TWO,
    LANES,
    first_of,
    gather,
    load,
    of_class,
    packed,
    pairs,
    quads,
    spread,
    store,
)
from anagen.follicle.events.scene import CHUNK, Page, Scene
from anagen.follicle.events.starts import (
    HELPERS as START_HELPERS,
    begin,
    count_born,
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
    MOST_OUTPUTS,
    OUTPUT,
    SHED,
    TELOGEN,
    next_phase,
    straight,
)
from anagen.follicle.events.variates import (
    CLASS_BITS,
    ENTRY,
    FATE,
    MOST_CLASSES,
    MOST_SHRINK,
    NEXT_CYCLE,
    ONE,
    PAGE_FOLLICLES,
    TURN,
    bits,
    ceiling,
    choose,
    class_of,
    exp2,
    exponentials,
    from_bits,
    named,
    normal,
    to_float,
    truncate,
    turned,
    uniform,
    within,
    without_lifts,
    word,
)

f32, u32 = np.float32, np.uint32
ZERO, STAY, NEVER = f32(0), u32(0), f32(np.nan)

SLACK = LANES
"""Room beyond the end of a list, so that whole lanes may be written there."""


# --- Waits ---------------------------------------------------------------------------------------


def draw_waits(n, low, phase, scene, page):
    """When a chunk of a list will leave its phase, into `desk.until`: readings of its clock."""
    laws, desk = scene.laws, scene.desk
    tags, begun, words, until = desk.tags[phase], desk.begun[phase], desk.words, desk.until
    scale, stages, sigma = laws.scale[page.draw, phase], laws.stages[phase], laws.sigma[phase]
    if stages == 0:
        for i in range(0, n, LANES):
            store(until, i, spread(ONE))
    else:
        for i in range(0, n, LANES):
            x = word(named(load(tags, low + i), u32(phase)), page.key, page.second)
            store(words, i, x)
        if stages < 0:
            for i in range(0, n, LANES):
                store(until, i, normal(load(words, i)))
            if laws.same[phase] != 0:
                for i in range(0, n, LANES):
                    wait = exp2(load(until, i) * sigma) * scale[0]
                    store(until, i, wait + load(begun, low + i))
                return
            for i in range(0, n, LANES):
                store(until, i, exp2(load(until, i) * sigma))
        else:
            for i in range(0, n, LANES):
                store(until, i, exponentials(load(words, i), stages))
    if laws.same[phase] != 0:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * scale[0] + load(begun, low + i))
    else:
        for i in range(0, n, LANES):
            own = of_class(scale, load(tags, low + i))
            store(until, i, load(until, i) * own + load(begun, low + i))


# --- Leaving a phase -----------------------------------------------------------------------------


def leave(n, low, phase, tags, target, desk):
    """Append those of a chunk that leave before the end to the list of another phase."""
    until, end, add = desk.until, desk.ends[phase], NEXT_CYCLE if phase == TELOGEN else STAY
    to_tags, to_begun, m = desk.tags[target], desk.begun[target], desk.count[target]
    store(until, n, spread(NEVER))
    for i in range(0, n, LANES):
        x = load(until, i)
        goes = x <= end
        packed(to_begun, m, x, goes)
        m = packed(to_tags, m, load(tags, low + i) + add, goes)
    desk.count[target] = m


def arrive(first, phase, target, flow, scene):
    """Count those just appended to a list, and find the reading of its clock as they come.

    Where anagen can change their classes they keep the step until then: see `enter_anagen`.
    """
    clocks, seen, desk = scene.clocks, scene.seen, scene.desk
    n, x, since = desk.count[target], desk.begun[target], desk.since[target]
    if n == first:
        return
    keeping = keeps(scene)
    moves = ANAGEN <= phase <= LATENCY and clocks.moving[phase - 1] != 0
    store(x, n, spread(ZERO))
    if moves and desk.cells[phase - 1] > ZERO and straight(phase, target, scene.turns):
        if keeping:
            look_back_up(first, n, phase - 1, x, since, desk)
        look_onward(first, n, phase - 1, x, desk)
        if seen.rows > MOST_OUTPUTS:
            find_outputs(first, n, since, seen, desk)
        count(first, n, target, flow, scene)
        return
    if moves:
        if desk.cells[phase - 1] > ZERO:
            look_back_up(first, n, phase - 1, x, x, desk)
        else:
            search(first, n, x, desk.course[phase - 1], desk.place)
    find_outputs(first, n, x, seen, desk)
    count(first, n, target, flow, scene)
    if keeping:
        for i in range(first, n, LANES):
            store(since, i, load(x, i))
    changes = scene.turns.changes and target == ANAGEN
    if not changes and ANAGEN <= target <= LATENCY and clocks.moving[target - 1] != 0:
        read_clock(first, n, x, desk.course[target - 1], desk.place)


def find_cells(first, n, clock, x, desk):
    """The cell of a guide in which each reading lies."""
    cells = desk.cells[clock]
    for i in range(first, n, LANES):
        store(desk.place, i - first, truncate(load(x, i) * cells) << BY_TWO)


def look_onward(first, n, clock, x, desk):
    """Turn readings of a clock into those of the next phase's, and find outputs."""
    guide = desk.onward[clock]
    find_cells(first, n, clock, x, desk)
    for i in range(first, n, LANES):
        knot, reached, before, after = quads(guide, desk.place, i - first)
        reading = load(x, i)
        slope = bits(choose(reading <= knot, before, after))
        store(desk.output, i - first, slope & OUTPUT)
        store(x, i, reached + (reading - knot) * from_bits(slope & ~OUTPUT))


def look_back_up(first, n, clock, x, to, desk):
    """Turn readings of a clock into steps."""
    guide = desk.back[clock]
    find_cells(first, n, clock, x, desk)
    for i in range(first, n, LANES):
        knot, step, before, after = quads(guide, desk.place, i - first)
        reading = load(x, i)
        t = step + (reading - knot) * choose(reading <= knot, before, after)
        store(to, i, within(t, choose(reading <= knot, step - ONE, step)))


def search(first, n, x, course, place):
    """The same without a guide, for clocks with very uneven speeds.

    The left edge counts: a wait that is over as its clock stops is over then.
    """
    for i in range(first, n):
        low, high = 0, course.shape[0]
        while high - low > 1:
            middle = (low + high) // 2
            if course[middle, 0] < x[i]:
                low = middle
            else:
                high = middle
        speed = course[low, 1]
        x[i] = f32(low) + ((x[i] - course[low, 0]) / speed if speed > ZERO else ZERO)
        place[i - first] = low
    store(place, n - first, spread(u32(0)))
    for i in range(first, n, LANES):
        store(x, i, within(load(x, i), to_float(load(place, i - first))))


def read_clock(first, n, x, course, place):
    """Turn steps into readings of a clock."""
    for i in range(first, n, LANES):
        store(place, i - first, truncate(load(x, i)))
    for i in range(first, n, LANES):
        reached, speed = pairs(course, place, i - first)
        t = load(x, i)
        store(x, i, reached + (t - to_float(load(place, i - first))) * speed)


def find_outputs(first, n, since, seen, desk):
    """The first output that is not before each step."""
    if seen.every > ZERO:
        for i in range(first, n, LANES):
            row = truncate((to_float(ceiling(load(since, i))) + seen.offset) * seen.every)
            store(desk.output, i - first, row)
    else:
        for i in range(first, n, LANES):
            k = ceiling(load(since, i))
            row = gather(seen.row, choose(k < seen.last, k, seen.last))
            store(desk.output, i - first, row)


def count(first, n, target, flow, scene):
    """Count those just appended to a list by class and output."""
    desk = scene.desk
    place, tags, counts = desk.place, desk.tags[target], desk.flow[flow]
    if scene.turns.top == 0:
        for i in range(n - first):
            counts[desk.output[i]] += u32(1)
        return
    for i in range(first, n, LANES):
        row = (load(desk.output, i - first) << CLASS_BITS) | class_of(load(tags, i))
        store(place, i - first, row)
    for i in range(n - first):
        counts[place[i]] += u32(1)


def rest(n, low, phase, tags, since, scene, page):
    """Keep the state of those of a chunk that stay in their phase to the end."""
    kept, until, end = scene.kept, scene.desk.until, scene.desk.ends[phase]
    for i in range(n):
        if until[i] > end:
            tag = tags[low + i]
            j = page.low + (tag >> u32(18))
            kept.phase[page.draw, j] = phase
            kept.tag[page.draw, j] = tag
            kept.since[page.draw, j] = since[i]
            kept.until[page.draw, j] = until[i]


# --- Turns of the cycle --------------------------------------------------------------------------


def end_telogen(n, low, tags, scene, page):
    """Send those of a chunk whose telogen ends to one of three lists, as their fate is."""
    turns, desk, draw, until = scene.turns, scene.desk, page.draw, scene.desk.until
    resting, end, bound = next_phase(TELOGEN, turns), desk.ends[TELOGEN], turns.latency[draw]
    first, straight_on = desk.count[resting], desk.count[ANAGEN]
    fallen, fate = desk.count[DORMANT], desk.fate
    m, a, d = first, straight_on, fallen
    store(until, n, spread(NEVER))
    for i in range(0, n, LANES):
        tag = load(tags, low + i) + NEXT_CYCLE
        u = uniform(word(named(tag, TURN), page.key, page.second))
        store(fate, i, choose(load(until, i) <= end, u, spread(NEVER)))
    if turns.dormancy > ZERO:
        find_drive(n, scene)
        for i in range(0, n, LANES):
            u, tag, x = load(fate, i), load(tags, low + i) + NEXT_CYCLE, load(until, i)
            falls = load(desk.drive, i) * turns.dormancy
            falls = choose(falls < ONE, falls, ONE)
            ways = falls + (ONE - falls) * bound
            asleep, direct, empty = u < falls, u >= ways, (u < ways) & (u >= falls)
            packed(desk.begun[DORMANT], d, x, asleep)
            d = packed(desk.tags[DORMANT], d, tag, asleep)
            packed(desk.begun[ANAGEN], a, x, direct)
            a = packed(desk.tags[ANAGEN], a, tag, direct)
            packed(desk.begun[resting], m, x, empty)
            m = packed(desk.tags[resting], m, tag, empty)
    else:
        for i in range(0, n, LANES):
            u, tag, x = load(fate, i), load(tags, low + i) + NEXT_CYCLE, load(until, i)
            direct, empty = u >= bound, u < bound
            packed(desk.begun[ANAGEN], a, x, direct)
            a = packed(desk.tags[ANAGEN], a, tag, direct)
            packed(desk.begun[resting], m, x, empty)
            m = packed(desk.tags[resting], m, tag, empty)
    desk.count[resting], desk.count[ANAGEN], desk.count[DORMANT] = m, a, d
    lists = (straight_on, ANAGEN, DIRECT), (fallen, DORMANT, FALLEN), (first, resting, TELOGEN)
    for before, target, flow in lists:
        arrive(before, TELOGEN, target, flow, scene)


def find_drive(n, scene):
    """Androgen drive at the end of each telogen of a chunk, into `desk.drive`."""
    clock, desk, step, end = TELOGEN - 1, scene.desk, scene.desk.drive, scene.desk.ends[TELOGEN]
    for i in range(0, n, LANES):
        x = load(desk.until, i)
        store(step, i, choose(x <= end, x, end))
    store(step, n, spread(ZERO))
    if desk.cells[clock] > ZERO:
        look_back_up(0, n, clock, step, step, desk)
    elif scene.clocks.moving[clock] != 0:
        search(0, n, step, desk.course[clock], desk.place)
    for i in range(0, n, LANES):
        store(desk.place, i, truncate(load(step, i)) << BY_TWO)
    for i in range(0, n, LANES):
        store(step, i, quads(desk.acting, desk.place, i)[0])


def end_dormancy(first, woken, scene, page):
    """Send those just appended to the list of the woken to the lost, where that is their fate."""
    turns, desk = scene.turns, scene.desk
    tags, x, n = desk.tags[woken], desk.begun[woken], desk.count[woken]
    to_tags, to_x, a = desk.tags[LOST], desk.begun[LOST], desk.count[LOST]
    before, m = desk.count[LOST], first
    for i in range(first, n, LANES):
        live = first_of(n - i)
        tag, t = load(tags, i), load(x, i)
        u = uniform(word(named(tag, FATE), page.key, page.second))
        gone, back = (u < turns.lost) & live, (u >= turns.lost) & live
        tag = without_lifts(tag)
        packed(to_x, a, t, gone)
        a = packed(to_tags, a, tag, gone)
        packed(x, m, t, back)
        m = packed(tags, m, tag, back)
    desk.count[woken], desk.count[LOST] = m, a
    for low, target, flow in ((before, LOST, GONE), (first, woken, DORMANT)):
        arrive(low, DORMANT, target, flow, scene)


def enter_anagen(first, n, scene, page):
    """Change the classes of a chunk that came into anagen, and count it anew, by the step.

    Then steps become readings of anagen's clock.
    """
    turns, desk = scene.turns, scene.desk
    tags, x, shrink = desk.tags[ANAGEN], desk.begun[ANAGEN], turns.shrink[page.draw]
    relapse, extra = turns.relapse[page.draw], turns.extra[page.draw]
    for i in range(first, n, LANES):
        store(desk.place, i - first, truncate(load(x, i)) << BY_TWO)
        store(desk.words, i - first, word(named(load(tags, i), ENTRY), page.key, page.second))
    for i in range(first, n, LANES):
        tag = load(tags, i)
        drive, lift, loose, _ = quads(desk.acting, desk.place, i - first)
        thins = of_class(shrink, tag) * drive
        thins = choose(thins < MOST_SHRINK, thins, MOST_SHRINK)
        chances = loose * relapse, thins, extra, lift
        store(tags, i, turned(tag, load(desk.words, i - first), chances, turns.top))
    find_outputs(first, n, x, scene.seen, desk)
    count(first, n, ANAGEN, INTO_ANAGEN, scene)
    if scene.clocks.moving[ANAGEN - 1] != 0:
        read_clock(first, n, x, desk.course[ANAGEN - 1], desk.place)


def pass_on(n, low, phase, tags, since, scene, page):
    """Let a chunk of the follicles of one list leave their phase, each when its clock says so.

    `desk.until` holds the readings at which they do.
    """
    turns, desk, target = scene.turns, scene.desk, next_phase(phase, scene.turns)
    if scene.kept.phase.shape[1] > 0:
        rest(n, low, phase, tags, since, scene, page)
    if phase == TELOGEN and turns.forks:
        end_telogen(n, low, tags, scene, page)
        return
    first = desk.count[target]
    leave(n, low, phase, tags, target, desk)
    if phase == DORMANT:
        end_dormancy(first, target, scene, page)
    else:
        arrive(first, phase, target, phase, scene)


# --- The whole -----------------------------------------------------------------------------------


def settle(density, worth, apart, seen, turns, desk):
    """Add up flows to densities, (rows, 6 phases and shed hairs a day, classes)."""
    flow, now, rows = desk.flow, desk.now, np.int64(seen.rows)
    classes = density.shape[2]
    wide = MOST_CLASSES if classes > 1 else 1
    for group in range(classes):
        for phase in range(6):
            now[phase] = desk.born[phase, group]
        for row in range(rows):
            at = row * wide + group
            fell, gone, direct = int(flow[FALLEN, at]), int(flow[GONE, at]), int(flow[DIRECT, at])
            empty = int(flow[TELOGEN, at])
            shed = empty + direct + fell
            woken = int(flow[LATENCY, at]) + int(flow[DORMANT, at]) + int(flow[LOST, at])
            if not turns.rests:
                woken, empty = woken + empty, 0
            into = direct + (int(flow[EARLY, at]) if turns.early else woken)
            if turns.changes:
                into = int(flow[INTO_ANAGEN, at])
            now[EARLY] += (woken if turns.early else 0) - int(flow[EARLY, at])
            now[ANAGEN] += into - int(flow[ANAGEN, at])
            now[TELOGEN] += int(flow[ANAGEN, at]) - shed
            now[LATENCY] += empty - int(flow[LATENCY, at])
            now[DORMANT] += fell - int(flow[DORMANT, at]) - gone
            now[LOST] += gone - int(flow[LOST, at])
            for phase in range(6):
                density[row, phase, group] = now[phase] * worth
            density[row, SHED, group] = shed * worth / apart[row]


def run(work, keys, laws, clocks, turns, start, seen, kept, desk, density, worth, apart):
    """Run follicles `work[2]` to `work[3]` of the draws `work[0]` to `work[1]` to the end."""
    scene = Scene(laws, clocks, turns, start, seen, kept, desk)
    block = desk.tags.shape[1] - SLACK
    for draw in range(work[0], work[1]):
        wind(draw, scene)
        if start.mode == 1:
            shelve(draw, start, desk)
        desk.flow[:] = 0
        desk.born[:] = 0
        for low in range(work[2], work[3], block):
            number = low // PAGE_FOLLICLES
            key, second = keys[draw, number, 0], keys[draw, number, 1]
            page = Page(draw, number * PAGE_FOLLICLES, key, second)
            desk.count[:] = 0
            place_all(low, min(block, work[3] - low), scene, page)
            for phase in range(start.first_phase, start.last_phase + 1):
                count_born(phase, density.shape[3], desk)
            # One loop serves the start too: each place where passes are called is compiled anew.
            starting, going = True, True
            while going:
                going = starting
                for turn in range(6):
                    phase = (turn + 1) % 6
                    tags = desk.start_tags[phase] if starting else desk.tags[phase]
                    listed = desk.start_count[phase] if starting else desk.count[phase]
                    if not starting:
                        going |= listed > 0
                        desk.count[phase] = 0
                        store(desk.begun[phase], listed, spread(ZERO))
                    for at in range(0, listed, CHUNK):
                        n = min(CHUNK, listed - at)
                        since = desk.start_since if starting else desk.since[phase, at:]
                        if starting:
                            begin(n, at, phase, scene, page)
                        else:
                            if phase == ANAGEN and turns.changes:
                                enter_anagen(at, at + n, scene, page)
                            draw_waits(n, at, phase, scene, page)
                        pass_on(n, at, phase, tags, since, scene, page)
                starting = False
        settle(density[draw - work[0]], worth[draw], apart, seen, turns, desk)


HELPERS = (
    *GUIDE_HELPERS,
    *START_HELPERS,
    draw_waits,
    leave,
    find_cells,
    look_onward,
    look_back_up,
    search,
    read_clock,
    find_outputs,
    count,
    rest,
    find_drive,
    enter_anagen,
    arrive,
    end_telogen,
    end_dormancy,
    pass_on,
    settle,
)
"""What the compiled code is made of, besides the elementwise functions."""
