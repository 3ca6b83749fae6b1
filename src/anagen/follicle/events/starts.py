"""The event method's compiled passes that place follicles at first. Importing it imports Numba."""

import numpy as np

from anagen.follicle.events.lanes import LANES, ascending, first_of, load, of_class, packed, store
from anagen.follicle.events.scene import CHUNK
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
    uniform,
    word,
)

f32, i32, u32 = np.float32, np.int32, np.uint32
ZERO = f32(0)


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
    """Phases by their shares, and the part of the phase that is ahead, of a single class."""
    shares, width = start.phase[draw], start.width[draw]
    a, b, c = shares[0, 0], shares[1, 0], shares[2, 0]
    for i in range(0, n, LANES):
        v = uniform(load(desk.words, i))
        past_a, past_b, past_c = v >= a, v >= b, v >= c
        store(desk.phase, i, as_number(past_a) + as_number(past_b) + as_number(past_c))
        low = choose(past_c, c, choose(past_b, b, choose(past_a, a, ZERO)))
        wide = choose(past_a, width[1, 0], width[0, 0])
        wide = choose(past_c, width[3, 0], choose(past_b, width[2, 0], wide))
        part = (v - low) * wide
        store(desk.part, i, choose(part < ONE, part, ONE))


def place_in_classes(n, draw, start, desk):
    """Classes by their shares, then phases as in a single one."""
    group, shares, width = start.group[draw], start.phase[draw], start.width[draw]
    for i in range(0, n, LANES):
        x, tag = load(desk.words, i), load(desk.tag, i)
        u = uniform(another(x))
        for k in range(group.shape[0] - 1):
            tag = in_class(tag, as_number(u >= group[k]))
        store(desk.tag, i, tag)
        v, own = uniform(x), class_of(tag)
        a, b, c = of_class(shares[0], own), of_class(shares[1], own), of_class(shares[2], own)
        past_a, past_b, past_c = v >= a, v >= b, v >= c
        store(desk.phase, i, as_number(past_a) + as_number(past_b) + as_number(past_c))
        low = choose(past_c, c, choose(past_b, b, choose(past_a, a, ZERO)))
        wide = choose(past_a, of_class(width[1], own), of_class(width[0], own))
        wide = choose(past_b, of_class(width[2], own), wide)
        part = (v - low) * choose(past_c, of_class(width[3], own), wide)
        store(desk.part, i, choose(part < ONE, part, ONE))


def place_in_cells(n, cell, start, desk):
    """Cells of a population, with phase, class, lifts and stages."""
    most, shelves, part = cell.shape[0] - 1, f32(desk.shelf.shape[0]), desk.part
    for i in range(0, n, LANES):
        store(part, i, uniform(load(desk.words, i)))
    for i in range(n):
        u = part[i]
        k = desk.shelf[u32(i32(u * shelves))]
        while k < most and cell[k] <= u:
            k += 1
        desk.phase[i] = start.cell_phase[k]
        desk.tag[i] |= start.cell_tag[k]
        desk.left[i] = start.cell_stages[k]


def enlist(n, start, desk):
    """List a chunk by phase."""
    for p in range(start.first_phase, start.last_phase + 1):
        to_tags, part, left = desk.start_tags[p], desk.start_part[p], desk.start_left[p]
        m = desk.start_count[p]
        if start.mode == 1:
            for i in range(0, n, LANES):
                own = (load(desk.phase, i) == u32(p)) & first_of(n - i)
                packed(left, m, load(desk.left, i), own)
                m = packed(to_tags, m, load(desk.tag, i), own)
        else:
            for i in range(0, n, LANES):
                own = (load(desk.phase, i) == u32(p)) & first_of(n - i)
                packed(part, m, load(desk.part, i), own)
                m = packed(to_tags, m, load(desk.tag, i), own)
        desk.start_count[p] = m


def count_born(p, classes, desk):
    """Count those that start in one phase by class."""
    born, tags, n = desk.born[p], desk.start_tags[p], desk.start_count[p]
    if classes == 1:
        born[0] += u32(n)
        return
    for low in range(0, n, CHUNK):
        for i in range(0, min(CHUNK, n - low), LANES):
            store(desk.place, i, class_of(load(tags, low + i)))
        for i in range(min(CHUNK, n - low)):
            born[desk.place[i]] += u32(1)


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
        left = desk.start_left[phase]
        for i in range(0, n, LANES):
            x, mine = load(words, i), load(left, low + i)
            product = uniform(x)
            for stage in range(1, stages):
                x = another(x)
                product = choose(mine >= u32(stage + 1), product * uniform(x), product)
            store(until, i, ZERO - log2(product))
    elif stages == 0:
        for i in range(0, n, LANES):
            store(until, i, load(desk.start_part[phase], low + i) * ZERO + ONE)
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
            store(until, i, load(until, i) * of_class(scale, class_of(load(tags, low + i))))
    own = scale[0] if same else ONE
    if start.mode == 1:
        for i in range(0, n, LANES):
            store(until, i, load(until, i) * own + base)
        if keeping:
            look_back(n, low, phase, scene, page)
        return
    part = desk.start_part[phase]
    if keeping:
        for i in range(0, n, LANES):
            store(since, i, first - load(until, i) * own * (ONE - load(part, low + i)))
    for i in range(0, n, LANES):
        store(until, i, load(until, i) * own * load(part, low + i) + base)


def look_back(n, low, phase, scene, page):
    """When the phase of those placed by stage began; only what is kept for a picture needs it.

    The stages behind a follicle, and its present one so far, took as many exponential times.
    """
    laws, desk = scene.laws, scene.desk
    tags, left, since = desk.start_tags[phase], desk.start_left[phase], desk.start_since
    scale, stages, first = laws.scale[page.draw, phase], laws.stages[phase], f32(scene.seen.first)
    for i in range(0, n, LANES):
        tag, ahead = load(tags, low + i), load(left, low + i)
        x = word(named(tag, PAST), page.key, page.second)
        product = uniform(x)
        for stage in range(1, stages):
            x = another(x)
            behind = ahead < u32(stages - stage + 1)
            product = choose(behind, product * uniform(x), product)
        store(since, i, log2(product) * of_class(scale, class_of(tag)) + first)


def shelve(draw, start, desk):
    """Prepare the look-up of a population's cells: where the search for a number begins."""
    cell, most = start.cell[draw], start.cell.shape[1] - 1
    shelves, k = desk.shelf.shape[0], 0
    for j in range(shelves):
        while k < most and cell[k] <= f32(j) / f32(shelves):
            k += 1
        desk.shelf[j] = k


HELPERS = (
    place_in_phases,
    place_in_classes,
    place_in_cells,
    enlist,
    place_all,
    count_born,
    look_back,
    begin,
    shelve,
)
"""What the compiled code takes from here."""
