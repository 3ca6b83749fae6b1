"""The event method's compiled passes that place follicles at first. Importing it imports Numba."""

import numpy as np

from anagen.follicle.events.lanes import (
    BY_TWO,
    LANES,
    ascending,
    how_many,
    load,
    of_class,
    packed,
    quads,
    spread,
    store,
)
from anagen.follicle.events.scene import CHUNK
from anagen.follicle.events.tables import ANAGEN, LATENCY
from anagen.follicle.events.variates import (
    ONE,
    PAST,
    PLACE,
    another,
    as_number,
    bits,
    choose,
    class_of,
    exp2,
    exponentials,
    first_tag,
    from_bits,
    in_class,
    log2,
    named,
    normal,
    number_of,
    phase_in,
    stages_in,
    truncate,
    turns_in,
    uniform,
    word,
)

f32, u32 = np.float32, np.uint32
ZERO = f32(0)
ABOVE_ALL = f32(2)
"""Where the last cell ends: above any uniform number."""
NOWHERE = u32(255)
"""Phase of lanes that hold no follicle."""


def place_all(first, size, scene, page):
    """Lists of a block's follicles by the phase in which they start."""
    start, desk = scene.start, scene.desk
    desk.start_count[:] = 0
    for low in range(first, first + size, CHUNK):
        n = min(CHUNK, first + size - low)
        if start.mode == 2:
            for i in range(n):
                desk.phase[i] = start.kept.phase[page.draw, low + i]
                desk.tag[i] = start.kept.tag[page.draw, low + i]
        else:
            number = u32(low - page.low)
            for i in range(0, n, LANES):
                tag = first_tag(ascending(u32(number + u32(i))))
                store(desk.tag, i, tag)
                store(desk.words, i, word(named(tag, PLACE), page.key, page.second))
            if start.mode == 1:
                place_in_cells(n, start.cell[page.draw], start, desk)
            elif start.group.shape[1] == 1:
                place_in_phases(n, page.draw, start, desk)
            else:
                place_in_classes(n, page.draw, start, desk)
        enlist(n, start, desk)


def place_in_phases(n, draw, start, desk):
    """Phases by their shares, of a single class."""
    low = start.phase[draw]
    a, b, c = low[1, 0], low[2, 0], low[3, 0]
    for i in range(0, n, LANES):
        v = uniform(load(desk.words, i))
        store(desk.phase, i, as_number(v >= a) + as_number(v >= b) + as_number(v >= c))
        store(desk.ahead, i, bits(v))


def place_in_classes(n, draw, start, desk):
    """Classes by their shares, then phases as in a single one."""
    group, low = start.group[draw], start.phase[draw]
    for i in range(0, n, LANES):
        tag, u = load(desk.tag, i), uniform(another(load(desk.words, i)))
        for k in range(group.shape[0] - 1):
            tag = in_class(tag, as_number(u >= group[k]))
        store(desk.tag, i, tag)
    for i in range(0, n, LANES):
        v, tag = uniform(load(desk.words, i)), load(desk.tag, i)
        a, b, c = of_class(low[1], tag), of_class(low[2], tag), of_class(low[3], tag)
        store(desk.phase, i, as_number(v >= a) + as_number(v >= b) + as_number(v >= c))
        store(desk.ahead, i, bits(v))


def place_in_cells(n, cell, start, desk):
    """Cells of a population, with phase, class, lifts and stages.

    A shelf knows two cells; the few numbers that lie beyond both are searched for.
    """
    part, place, crowd, shelves = desk.part, desk.place, desk.words, f32(desk.shelf.shape[0])
    for i in range(0, n, LANES):
        u = uniform(load(desk.words, i))
        store(part, i, u)
        store(place, i, truncate(u * shelves) << BY_TWO)
    store(part, n, spread(ZERO))
    crowded = 0
    for i in range(0, n, LANES):
        edge, before, after, beyond = quads(desk.shelf, place, i)
        u, tag = load(part, i), load(desk.tag, i)
        state = bits(choose(u < edge, before, after))
        store(desk.phase, i, phase_in(state))
        store(desk.tag, i, tag | turns_in(state))
        store(desk.ahead, i, stages_in(state))
        crowded = packed(crowd, crowded, ascending(u32(i)), u >= beyond)
    for j in range(crowded):
        i = crowd[j]
        low, high = 0, cell.shape[0] - 1
        while low < high:
            middle = (low + high) // 2
            if cell[middle] <= part[i]:
                low = middle + 1
            else:
                high = middle
        state = start.cell_state[low]
        desk.phase[i], desk.ahead[i] = phase_in(state), stages_in(state)
        desk.tag[i] = first_tag(number_of(desk.tag[i])) | turns_in(state)


def enlist(n, start, desk):
    """List a chunk by phase: those in anagen, which most are, then the few others."""
    phase, tag, ahead = desk.phase, desk.tag, desk.ahead
    store(phase, n, spread(NOWHERE))
    to_tags, to_ahead = desk.start_tags[ANAGEN], desk.start_ahead[ANAGEN]
    m, others = desk.start_count[ANAGEN], 0
    for i in range(0, n, LANES):
        at, own, left = load(phase, i), load(tag, i), load(ahead, i)
        here = at == u32(ANAGEN)
        packed(to_ahead, m, left, here)
        m = packed(to_tags, m, own, here)
        elsewhere = at != u32(ANAGEN)
        packed(phase, others, at, elsewhere)
        packed(tag, others, own, elsewhere)
        others = packed(ahead, others, left, elsewhere)
    desk.start_count[ANAGEN] = m
    store(phase, others, spread(NOWHERE))
    for p in range(start.first_phase, start.last_phase + 1):
        if p == ANAGEN:
            continue
        to_tags, to_ahead, m = desk.start_tags[p], desk.start_ahead[p], desk.start_count[p]
        for i in range(0, others, LANES):
            here = load(phase, i) == u32(p)
            packed(to_ahead, m, load(ahead, i), here)
            m = packed(to_tags, m, load(tag, i), here)
        desk.start_count[p] = m


def count_born(p, classes, desk):
    """Count those that start in one phase by class."""
    born, tags, n = desk.born[p], desk.start_tags[p], desk.start_count[p]
    if classes == 1:
        born[0] += u32(n)
        return
    store(tags, n, spread(u32(0)))
    rest = n
    for group in range(1, classes):
        found = 0
        for i in range(0, n, LANES):
            found += how_many(class_of(load(tags, i)) == u32(group))
        born[group] += u32(found)
        rest -= found
    born[0] += u32(rest)


def begin(n, low, phase, scene, page):
    """When the first phase of a chunk of those that start in it ends, and when it began.

    `desk.until` then holds readings of the phase's clock. Those in equilibrium have a length-biased
    wait, evenly split between past and future.
    """
    laws, start, seen, desk = scene.laws, scene.start, scene.seen, scene.desk
    tags, since, until, words = desk.start_tags[phase], desk.start_since, desk.until, desk.words
    first = f32(seen.first)
    if start.mode == 2:
        since_of, until_of = start.kept.since[page.draw], start.kept.until[page.draw]
        for i in range(n):
            place = page.low + (tags[low + i] >> u32(18))
            since[i], until[i] = since_of[place], until_of[place]
        return
    base = first
    if ANAGEN <= phase <= LATENCY and scene.clocks.moving[phase - 1] != 0:
        base = desk.course[phase - 1, seen.first, 0]
    scale, stages, same = laws.scale[page.draw, phase], laws.stages[phase], laws.same[phase] != 0
    keeping = scene.kept.phase.shape[1] > 0
    for i in range(0, n, LANES):
        x = word(named(load(tags, low + i), u32(phase)), page.key, page.second)
        store(words, i, x)
    if start.mode == 1:
        left = desk.start_ahead[phase]
        for i in range(0, n, LANES):
            x, mine = load(words, i), load(left, low + i)
            product = uniform(x)
            for stage in range(1, stages):
                x = another(x)
                product = choose(mine >= u32(stage + 1), product * uniform(x), product)
            store(until, i, ZERO - log2(product))
    elif stages == 0:
        for i in range(0, n, LANES):
            store(until, i, spread(ONE))
    elif stages > 0:
        for i in range(0, n, LANES):
            store(until, i, exponentials(load(words, i), stages + 1))
    else:
        sigma, bias = laws.sigma[phase], laws.bias[phase]
        for i in range(0, n, LANES):
            store(until, i, normal(load(words, i)))
        for i in range(0, n, LANES):
            store(until, i, exp2(load(until, i) * sigma + bias))
    if not same:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * of_class(scale, load(tags, low + i)))
    own = scale[0] if same else ONE
    if start.mode == 1:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * own + base)
        if keeping:
            look_back(n, low, phase, scene, page)
        return
    find_part(n, low, phase, page.draw, start, desk)
    if keeping:
        for i in range(0, n, LANES):
            store(since, i, first - load(until, i) * own * (ONE - load(desk.part, i)))
    for i in range(0, n, LANES):
        store(until, i, load(until, i) * own * load(desk.part, i) + base)


def find_part(n, low, phase, draw, start, desk):
    """The part of the phase that is ahead: where in the phase's share a uniform number lies."""
    ahead, tags, below, width = (
        desk.start_ahead[phase],
        desk.start_tags[phase],
        start.phase[draw, phase],
        start.width[draw, phase],
    )
    if start.group.shape[1] == 1:
        for i in range(0, n, LANES):
            part = (from_bits(load(ahead, low + i)) - below[0]) * width[0]
            store(desk.part, i, choose(part < ONE, part, ONE))
    else:
        for i in range(0, n, LANES):
            tag, v = load(tags, low + i), from_bits(load(ahead, low + i))
            part = (v - of_class(below, tag)) * of_class(width, tag)
            store(desk.part, i, choose(part < ONE, part, ONE))


def look_back(n, low, phase, scene, page):
    """When the phase of those placed by stage began; only what is kept for a picture needs it.

    The stages behind a follicle, and its present one so far, took as many exponential times.
    """
    laws, desk = scene.laws, scene.desk
    tags, left, since = desk.start_tags[phase], desk.start_ahead[phase], desk.start_since
    scale, stages, first = laws.scale[page.draw, phase], laws.stages[phase], f32(scene.seen.first)
    for i in range(0, n, LANES):
        tag, ahead = load(tags, low + i), load(left, low + i)
        x = word(named(tag, PAST), page.key, page.second)
        product = uniform(x)
        for stage in range(1, stages):
            x = another(x)
            behind = ahead < u32(stages - stage + 1)
            product = choose(behind, product * uniform(x), product)
        store(since, i, log2(product) * of_class(scale, tag) + first)


def shelve(draw, start, desk):
    """Prepare the look-up of a population's cells.

    Each shelf has a row: up to where its first cell reaches, the states of that cell and of the
    next one that is not empty, and up to where that one reaches.
    """
    cell, state, most = start.cell[draw], start.cell_state, start.cell.shape[1] - 1
    shelf, states, shelves = desk.shelf, desk.shelf_states, f32(desk.shelf.shape[0])
    j = 0
    for k in range(most + 1):
        edge = cell[k] if k < most else ABOVE_ALL
        if edge * shelves <= f32(j):
            continue
        after = min(k + 1, most)
        while after < most and cell[after] <= edge:
            after += 1
        beyond = cell[after] if after < most else ABOVE_ALL
        here, there = state[k], state[after]
        while j < shelf.shape[0] and f32(j) < edge * shelves:
            shelf[j, 0], shelf[j, 3] = edge, beyond
            states[j, 1], states[j, 2] = here, there
            j += 1


HELPERS = (
    place_in_phases,
    place_in_classes,
    place_in_cells,
    enlist,
    place_all,
    count_born,
    look_back,
    find_part,
    begin,
    shelve,
)
"""What the compiled code takes from here."""
