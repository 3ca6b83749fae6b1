"""The event method's inner loops: named random numbers, laws, clocks, and passes over follicles.

All of it is one file, because the compiler keeps its cache by file. Two drivers use it. `compiled`
hands the passes to Numba; `anagen.follicle.events.arrays` calls the elementwise functions on whole
arrays and needs no compiler. Both do the same single-precision operations in the same order, so
they give the same bits on any machine: that is why there is no fused multiply-add and no library
call below.

A pass takes the list of follicles in one phase, draws when each will leave, and appends those that
do before the end to the list of their next phase. Lists are taken in turn until all are empty.
"""

from typing import Any, NamedTuple

import numpy as np

f32, i32, u32 = np.float32, np.int32, np.uint32
Number = Any
"""A NumPy scalar, or an array of them."""

SLOTS = u32(16)
"""Purposes of one cycle. Slots 0 to 5 hold the waits of the phases, by the phase's number."""
TURN, ENTRY, FATE, PLACE, SPLIT, CLASS = u32(8), u32(9), u32(10), u32(11), u32(12), u32(13)
"""End of telogen, start of anagen, end of dormancy; then a start's phase, age and class."""

_A, _B, _C = u32(0x9E3779B1), u32(0x85EBCA77), u32(0xC2B2AE3D)
_M1, _M2, _M3 = u32(0x7FEB352D), u32(0x846CA68B), u32(0x9E485565)
_N1, _N2, _N3 = u32(0x68E31DA4), u32(0x21F0AAAD), u32(0x735A2D97)


def word(follicle: Number, slot: Number, key: Number, second: Number, third: Number) -> Number:
    """A 32-bit word from a follicle's number, its slot and the three words of a draw's key.

    Follicle and slot enter twice with different odd factors, so that two follicles whose words
    meet once do not go on together.
    """
    x = u32(u32(follicle * _A) + key) ^ u32(u32(slot * _B) + second)
    x = u32(x ^ (x >> u32(16)))
    x = u32(x * _M1)
    x = u32(x ^ (x >> u32(15)))
    x = u32(x + u32(u32(follicle * _C) + third))
    x = u32(x * _M2)
    x = u32(x ^ (x >> u32(16)))
    x = u32(x * _M3)
    return u32(x ^ (x >> u32(15)))


def another(x: Number) -> Number:
    """The next word of the same slot."""
    x = u32(x + _N1)
    x = u32(x ^ (x >> u32(16)))
    x = u32(x * _N2)
    x = u32(x ^ (x >> u32(15)))
    x = u32(x * _N3)
    return u32(x ^ (x >> u32(15)))


def uniform(x: Number) -> Number:
    """A uniform number strictly inside (0, 1), on 2²³ places."""
    return f32(i32(x >> u32(9))) * f32(2.0**-23) + f32(2.0**-24)


_L0, _L1, _L2, _L3 = f32(1.4426963), f32(-0.7213677), f32(0.4806487), f32(-0.3591848)
_L4, _L5, _L6 = f32(0.2950998), f32(-0.27097757), f32(0.17616708)


def log2(x: Number) -> Number:
    """Base-two logarithm of a positive normal number, to 2e-6."""
    bits = np.float32(x).view(np.int32)
    power = (bits - i32(0x3F3504F3)) >> i32(23)
    m = np.int32(bits - i32(power << i32(23))).view(np.float32) - f32(1)
    m2 = m * m
    high = (_L4 + _L5 * m) + _L6 * m2
    return f32(i32(power)) + m * ((_L0 + _L1 * m) + (_L2 + _L3 * m) * m2 + high * (m2 * m2))


_E0, _E1, _E2 = f32(0.99999926), f32(0.6931218), f32(0.24024745)
_E3, _E4 = f32(0.055917862), f32(0.009570102)


def exp2(x: Number) -> Number:
    """Two to the power of a number between −126 and 127, to 3e-6 of its size."""
    power = i32(x + f32(127.5))  # cutting off rounds to the nearest, as the sum is positive
    r = x - f32(i32(power - i32(127)))
    r2 = r * r
    y = (_E0 + _E1 * r) + ((_E2 + _E3 * r) + _E4 * r2) * r2
    return y * np.int32(i32(power << i32(23))).view(np.float32)


_P0, _P1, _P2, _P3 = f32(1.2533458), f32(0.29453723), f32(0.036714196), f32(0.0026285062)
_Q1, _Q2, _Q3 = f32(0.05358184), f32(0.013369993), f32(0.00013645041)


def normal(x: Number) -> Number:
    """A standard normal number by its quantile, to 4e-5 of its size.

    With s = 2u − 1, the quantile is s times a smooth function of −log₂(1 − s²); a ratio of two
    cubics, fitted by minimax for this purpose, follows it over the whole range of words.
    """
    s = f32(i32(x >> u32(8))) * f32(2.0**-23) + f32(2.0**-24 - 1.0)
    w = -log2((f32(1) - s) * (f32(1) + s))
    w2 = w * w
    return (
        s * ((_P0 + _P1 * w) + (_P2 + _P3 * w) * w2) / ((f32(1) + _Q1 * w) + (_Q2 + _Q3 * w) * w2)
    )


# --- What a kernel is told -----------------------------------------------------------------------

EARLY, ANAGEN, TELOGEN, LATENCY, DORMANT, LOST = range(6)
"""Phases by number; the first four as in `anagen.follicle.spec.PHASES`."""
INTO_ANAGEN, DIRECT, FALLEN, GONE = range(6, 10)
FLOWS = 10
"""Rows of the flow table: out of each phase by its number, then into anagen, from telogen straight
to anagen, from telogen to dormant, from dormant to lost."""
NEXT_CYCLE = u32(64)
"""A tag holds lift (2 bits), class (4 bits) and cycle (26 bits)."""


class Laws(NamedTuple):
    """Waits, in steps."""

    stages: Any  # int32 (6,): 0 fixed, -1 lognormal, else Erlang
    sigma: Any  # float32 (6,): SD of the base-two log of a lognormal
    bias: Any  # float32 (6,): shift of that log under length-biased sampling
    scale: Any  # float32 (draws, 6, classes)


class Clocks(NamedTuple):
    """Integrated clocks of anagen, telogen and latency: phase - 1 is the clock's number."""

    moving: Any  # int32 (3,): 0 where the speed is 1 throughout
    reached: Any  # float32 (draws, 3, steps + 1)
    speed: Any  # float32 (draws, 3, steps)
    slowness: Any  # float32 (draws, 3, steps): 1 / speed, 0 where the clock stands


class Turns(NamedTuple):
    """What happens between phases."""

    changes: Any  # whether a follicle can change its class
    drive: Any  # float32 (draws, steps)
    lift: Any  # float32 (draws, steps)
    support: Any  # float32 (draws, steps)
    shrink: Any  # float32 (draws, classes)
    extra: Any  # float32 (draws,)
    relapse: Any  # float32 (draws,)
    latency: Any  # float32 (draws,): share of cycles that have a latency
    forks: Any  # whether telogen can end in anything but latency
    dormancy: Any  # float32: chance to fall dormant under full drive
    lost: Any  # float32: share of the dormant that end lost
    early: Any  # whether early anagen takes any time


class Start(NamedTuple):
    """Where follicles stand at first: in equilibrium, in cells of a population, or as they are."""

    mode: Any  # 0, 1, 2 in that order
    group: Any  # float32 (draws, classes): cumulated shares of the classes
    phase: Any  # float32 (draws, classes, 3): cumulated shares of the first three phases
    cell: Any  # float32 (draws, cells): cumulated shares of a population's cells
    cell_phase: Any  # int32 (cells,)
    cell_stages: Any  # int32 (cells,): stages left
    cell_tag: Any  # uint32 (cells,)
    kept: Any  # the state to go on from, as a Kept


class Kept(NamedTuple):
    """State of every follicle, (draws, follicles)."""

    phase: Any  # uint8
    tag: Any  # uint32
    since: Any  # float32: step at which the phase began
    until: Any  # float32: reading of the phase's clock at which it ends


class Seen(NamedTuple):
    """Steps that are looked at."""

    row: Any  # int32 (steps + 1,): the first output that is not before a step
    rows: Any  # how many outputs
    first: Any  # step of the start
    last: Any  # step of the end


class Desk(NamedTuple):
    """Working memory of one thread."""

    ids: Any  # uint32 (6, block + 1): lists by phase
    tags: Any
    since: Any  # float32 (6, block + 1)
    count: Any  # int64 (6,)
    start: Any  # ids, tags, since of the list being started
    start_tags: Any
    start_since: Any
    until: Any  # float32 (block,)
    when: Any
    mixed: Any  # uint32 (block,)
    place: Any  # int32 (block,)
    fate: Any
    ends: Any  # float32 (6,): reading of each clock at the end
    guide: Any  # int32 (3, cells + 1)
    cells: Any  # float32 (3,): guide cells per unit of clock
    knots: Any  # int32 (3,): most knots in one cell
    flow: Any  # int32 (FLOWS, classes, rows + 1)
    born: Any  # int32 (6, classes): the start
