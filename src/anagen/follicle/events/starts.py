"""The event method's compiled passes that place follicles at first. Importing it imports Numba."""

import numpy as np

from anagen.follicle.events.lanes import (
    LANES,
    ascending,
    first_of,
    gather,
    load,
    packed,
    spread,
    store,
)
from anagen.follicle.events.tables import ANAGEN, LATENCY
from anagen.follicle.events.variates import (
    ONE,
    PAST,
    PLACE,
    another,
    as_number,
    choose,
    class_of,
    exp2,
    exponentials,
    first_tag,
    in_class,
    log2,
    named,
    normal,
    number_of,
    uniform,
    word,
)

f32, i32, u32 = np.float32, np.int32, np.uint32
ZERO = f32(0)


def place_all(low, page_low, n, key, draw, start, desk):
    """Lists of a block's follicles by the phase in which they start."""
    phase, tags, until = desk.phase, desk.tag, desk.until
    number = u32(low - page_low)
    desk.start_count[:] = 0
    if start.mode == 2:
        for i in range(n):
            phase[i] = start.kept.phase[draw, low + i]
            tags[i] = start.kept.tag[draw, low + i]
        list_phases(n, start, desk)
        return
    if start.mode == 1:
        for i in range(0, n, LANES):
            tag = first_tag(ascending(u32(number + u32(i))))
            store(tags, i, tag)
            store(until, i, uniform(word(named(tag, PLACE), key[0], key[1])))
        find_cells(n, start.cell[draw], start, desk)
        list_phases(n, start, desk)
        return
    group, shares = start.group[draw], start.phase[draw]
    classes = group.shape[0]
    for i in range(0, n, LANES):
        tag = first_tag(ascending(u32(number + u32(i))))
        x = word(named(tag, PLACE), key[0], key[1])
        u, v = uniform(x), uniform(another(x))
        for k in range(classes - 1):
            tag = in_class(tag, as_number(u >= group[k]))
        store(tags, i, tag)
        if classes == 1:
            found = as_number(v >= shares[0, 0])
            for k in range(1, 3):
                found = found + as_number(v >= shares[k, 0])
        else:
            own = class_of(tag)
            found = as_number(v >= gather(shares[0], own))
            for k in range(1, 3):
                found = found + as_number(v >= gather(shares[k], own))
        store(phase, i, found)
    list_phases(n, start, desk)


def find_cells(n, cell, start, desk):
    """Cells of a population by the uniform numbers in `desk.until`."""
    most, shelves, phase, tags = cell.shape[0] - 1, f32(desk.shelf.shape[0]), desk.phase, desk.tag
    for i in range(n):
        u = desk.until[i]
        k = desk.shelf[u32(i32(u * shelves))]
        while k < most and cell[k] <= u:
            k += 1
        phase[i] = start.cell_phase[k]
        tags[i] |= start.cell_tag[k]
        desk.stage[i] = start.cell_stages[k]


def list_phases(n, start, desk):
    """List a block by phase."""
    for p in range(start.first_phase, start.last_phase + 1):
        to_tags, left, m = desk.start_tags[p], desk.left[p], 0
        for i in range(0, n, LANES):
            own = (load(desk.phase, i) == u32(p)) & first_of(n - i)
            if start.mode == 1:
                packed(left, m, load(desk.stage, i), own)
            m = packed(to_tags, m, load(desk.tag, i), own)
        desk.start_count[p] = m


def count_born(p, classes, desk):
    """Count those that start in one phase by class."""
    born, tags, n = desk.born[p], desk.start_tags[p], desk.start_count[p]
    if classes == 1:
        born[0] += u32(n)
        return
    for i in range(0, n, LANES):
        store(desk.place, i, class_of(load(tags, i)))
    for i in range(n):
        born[desk.place[i]] += u32(1)


def begin(n, phase, low, page_low, key, draw, laws, clocks, start, seen, desk):
    """Waits and beginnings of those that start in one phase.

    `desk.until` then holds readings of the phase's clock. Those in equilibrium have a length-biased
    wait, evenly split between past and future.
    """
    tags, left = desk.start_tags[phase], desk.left[phase]
    since, until = desk.start_since, desk.until
    first = f32(seen.first)
    if start.mode == 2:
        since_of, until_of = start.kept.since[draw], start.kept.until[draw]
        for i in range(0, n, LANES):
            number = choose(first_of(n - i), number_of(load(tags, i)), spread(u32(low - page_low)))
            place = number + u32(page_low)
            store(since, i, gather(since_of, place))
            store(until, i, gather(until_of, place))
        return
    base = first
    if ANAGEN <= phase <= LATENCY and clocks.moving[phase - 1] != 0:
        base = clocks.course[draw, phase - 1, seen.first, 0]
    scale, stages, purpose = laws.scale[draw, phase], laws.stages[phase], u32(phase)
    sigma, bias = laws.sigma[phase], laws.bias[phase]
    for i in range(0, n, LANES):
        tag = load(tags, i)
        x = word(named(tag, purpose), key[0], key[1])
        own = spread(scale[0])
        if laws.same[phase] == 0:
            own = gather(scale, class_of(tag))
        if start.mode == 1:
            mine, product = load(left, i), uniform(x)
            for stage in range(1, stages):
                x = another(x)
                ahead = spread(u32(stage)) < mine
                product = choose(ahead, product * uniform(x), product)
            store(until, i, (ZERO - log2(product)) * own + base)
        else:
            split = uniform(another(x))
            if stages == 0:
                whole = own
            elif stages < 0:
                whole = exp2(normal(x) * sigma + bias) * own
            else:
                whole = exponentials(another(another(x)), stages + 1) * own
            store(until, i, whole * split + base)
            store(since, i, first - whole * (ONE - split))


def look_back(n, phase, key, draw, laws, seen, desk):
    """When the phase of those placed by stage began; only what is kept for a picture needs it.

    The stages behind a follicle, and its present one so far, took as many exponential times.
    """
    tags, left, since = desk.start_tags[phase], desk.left[phase], desk.start_since
    scale, stages, first = laws.scale[draw, phase], laws.stages[phase], f32(seen.first)
    for i in range(0, n, LANES):
        tag, ahead = load(tags, i), load(left, i)
        x = word(named(tag, PAST), key[0], key[1])
        product = uniform(x)
        for stage in range(1, stages):
            x = another(x)
            behind = ahead < spread(u32(stages - stage + 1))
            product = choose(behind, product * uniform(x), product)
        store(since, i, log2(product) * gather(scale, class_of(tag)) + first)


def shelve(draw, start, desk):
    """Prepare the look-up of a population's cells: where the search for a number begins."""
    cell, most = start.cell[draw], start.cell.shape[1] - 1
    shelves, k = desk.shelf.shape[0], 0
    for j in range(shelves):
        while k < most and cell[k] <= f32(j) / f32(shelves):
            k += 1
        desk.shelf[j] = k


HELPERS = (place_all, find_cells, list_phases, count_born, begin, look_back, shelve)
"""What the compiled code takes from here."""
