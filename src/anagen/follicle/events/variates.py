"""Named random numbers and the elementwise rules of a follicle, written once for both drivers.

Every function works on whole NumPy arrays and, compiled, on lanes of numbers. Both do the
same single-precision operations in the same order, so they give the same bits on any machine: that
is why there is no fused multiply-add and no library call here.

A *tag* is one 32-bit word that holds all of a follicle but its phase and time: its number within a
page of 16,384 (14 bits), its cycle (13 bits), its lifts (2 bits) and its diameter class (3 bits).
With a purpose in place of class and lifts, a tag names one random number of that follicle; the key
belongs to the draw and the page, so within a page no two names meet.
"""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import spec

f32, u32 = np.float32, np.uint32
Floats = NDArray[np.float32]
Number = Any
"""An array, or lanes, of single-precision or of unsigned 32-bit numbers."""

PAGE_FOLLICLES = 1 << 14
MOST_CYCLES = 1 << 13
CLASS_BITS = u32(3)
MOST_CLASSES = 1 << int(CLASS_BITS)
NEXT_CYCLE = u32(32)
"""What a tag gains when a cycle ends."""

TURN, ENTRY, FATE, PLACE, PAST = u32(8), u32(9), u32(10), u32(11), u32(12)
"""Purposes: end of telogen, start of anagen, end of dormancy, place and age at the start. Purposes
0 to 5 are the waits of the phases, by the phase's number."""

ONE = f32(1)
_LOW_FIVE, _CLASS, _LIFT, _REST = u32(31), u32(7), u32(3), u32(0xFFFFFFE0)
_S3, _S5, _S8, _S9 = u32(3), u32(5), u32(8), u32(9)
_S15, _S16, _S18, _S23 = u32(15), u32(16), u32(18), u32(23)


# --- What differs between arrays and lanes -------------------------------------------------------


def to_float(x: Number) -> Number:
    """Whole numbers below 2³¹ as single-precision ones."""
    return x.astype(np.float32)


def truncate(x: Number) -> Number:
    """Whole part of numbers that are not negative."""
    return x.astype(np.uint32)


def bits(x: Number) -> Number:
    """The bits of single-precision numbers."""
    return x.view(np.uint32)


def from_bits(x: Number) -> Number:
    """The single-precision numbers of these bits."""
    return x.view(np.float32)


def as_number(mask: Number) -> Number:
    """1 where true, else 0."""
    return mask.astype(np.uint32)


def choose(mask: Number, yes: Number, no: Number) -> Number:
    """One of two numbers, lane by lane."""
    return np.where(mask, yes, no)


# --- Random numbers ------------------------------------------------------------------------------


def named(tag: Number, purpose: Number) -> Number:
    """The name of a follicle's random number for a purpose in its present cycle."""
    return (tag & _REST) | purpose


def word(name: Number, key: Number, second: Number) -> Number:
    """A 32-bit word from a name and the two words of a key.

    Multiplications and shifts as in the two-round mixers that Wellons searched for; one key word
    enters before each round.
    """
    x = name ^ key
    x = (x ^ (x >> _S16)) * u32(0x21F0AAAD)
    x = ((x ^ (x >> _S15)) + second) * u32(0x735A2D97)
    x = (x ^ (x >> _S15)) * u32(0x9E485565)
    return x ^ (x >> _S16)


def another(x: Number) -> Number:
    """The next word under the same name."""
    x = x + u32(0x68E31DA5)
    x = (x ^ (x >> _S16)) * u32(0x7FEB352D)
    x = (x ^ (x >> _S15)) * u32(0x846CA68B)
    return x ^ (x >> _S16)


def uniform(x: Number) -> Number:
    """A uniform number strictly inside (0, 1), on 2²³ places."""
    return to_float(x >> _S9) * f32(2.0**-23) + f32(2.0**-24)


_L0, _L1, _L2, _L3 = f32(1.4426963), f32(-0.7213677), f32(0.4806487), f32(-0.3591848)
_L4, _L5, _L6 = f32(0.2950998), f32(-0.27097757), f32(0.17616708)


def log2(x: Number) -> Number:
    """Base-two logarithm of a positive normal number, to 2e-6 (minimax in the mantissa)."""
    # The mantissa is taken between √½ and √2, so that the logarithm of 1 is exactly 0.
    power = (bits(x) + u32(0x004AFB0D)) >> _S23
    m = from_bits(bits(x) + u32(0x3F800000) - (power << _S23)) - ONE
    m2 = m * m
    y = (_L0 + _L1 * m) + (_L2 + _L3 * m) * m2 + ((_L4 + _L5 * m) + _L6 * m2) * (m2 * m2)
    return (to_float(power) - f32(127)) + m * y


_E0, _E1, _E2 = f32(0.99999926), f32(0.6931218), f32(0.24024745)
_E3, _E4 = f32(0.055917862), f32(0.009570102)


def exp2(x: Number) -> Number:
    """Two to the power of a number between −126 and 127, to 3e-6 of its size (minimax)."""
    power = truncate(x + f32(127.5))
    r = x - (to_float(power) - f32(127))
    r2 = r * r
    y = (_E0 + _E1 * r) + ((_E2 + _E3 * r) + _E4 * r2) * r2
    return y * from_bits(power << _S23)


def _quantiles() -> Floats:
    """One polynomial for each octave of a chance below one half, (powers, octaves).

    Column (e + 127) mod 32 holds for chances m 2^(e − 32), m from 1 to 2: the polynomial of m that
    meets the normal quantile in Chebyshev's nodes (Newton's divided differences).
    """
    nodes = (1.975528258, 1.793892626, 1.5, 1.206107374, 1.024471742)
    columns = np.zeros((len(nodes), 32))
    for e in range(31):  # a number of 31 bits may be rounded up to e = 31: one half, quantile 0
        divided = [NormalDist().inv_cdf(m * 2.0 ** (e - 32)) for m in nodes]
        for k in range(1, len(nodes)):
            for i in range(len(nodes) - 1, k - 1, -1):
                divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - k])
        powers = [0.0] * len(nodes)
        for node, top in zip(reversed(nodes), reversed(divided), strict=True):
            powers = [top - node * powers[0]] + [
                powers[i - 1] - node * powers[i] for i in range(1, len(nodes))
            ]
        columns[:, (e + 127) % 32] = powers
    return columns.astype(np.float32)


QUANTILES = _quantiles()
"""Coefficients by power and octave."""


def lower_quantile(v: Number) -> Number:
    """The normal quantile of the chance v / 2³², where v is not above 2³¹."""
    octave = (bits(v) >> _S23) & _LOW_FIVE
    m = from_bits(bits(v) & u32(0x007FFFFF) | u32(0x3F800000))
    z = QUANTILES[-1][octave]
    for coefficient in QUANTILES[-2::-1]:
        z = z * m + coefficient[octave]
    return z


def normal(x: Number) -> Number:
    """A standard normal number by its quantile, to 4e-5: 31 bits are a chance, one is the sign."""
    z = lower_quantile(to_float(x & u32(0x7FFFFFFF)))
    return from_bits(bits(z) ^ (x & u32(0x80000000)))


def exponentials(x: Number, count: int) -> Number:
    """The sum of so many exponential waits, each of mean 1 / ln 2."""
    product = uniform(x)
    for _ in range(1, count):
        x = another(x)
        product = product * uniform(x)
    return f32(0) - log2(product)


# --- Rules ---------------------------------------------------------------------------------------


def number_of(tag: Number) -> Number:
    """The follicle's number within its page."""
    return tag >> _S18


def first_tag(number: Number) -> Number:
    """The tag of a follicle in its first cycle, in the thinnest class."""
    return number << _S18


def in_class(tag: Number, steps: Number) -> Number:
    """The tag, so many classes thicker."""
    return tag + steps


def ceiling(t: Number) -> Number:
    """The whole number not below t."""
    whole = truncate(t)
    return whole + as_number(to_float(whole) < t)


def within(t: Number, low: Number) -> Number:
    """A step inside (low, low + 1], whatever rounding made of it.

    So an event comes by a whole step if, and only if, its clock's reading is not beyond the reading
    there; a run that is split at that step then sees what an unbroken one sees.
    """
    least = from_bits(bits(low) + u32(1))  # the next number above
    t = choose(t < least, least, t)
    return choose(low + ONE < t, low + ONE, t)


def class_of(tag: Number) -> Number:
    """Diameter class."""
    return tag & _CLASS


def lifts_of(tag: Number) -> Number:
    """How many lifts are borne."""
    return (tag >> _S3) & _LIFT


def cycle_of(tag: Number) -> Number:
    """How many telogens have ended."""
    return (tag >> _S5) & u32(MOST_CYCLES - 1)


def tag_of(number: Number, cycle: Number, group: Number, lifts: Number) -> Number:
    """The tag of a follicle from its parts."""
    return (number << _S18) | (cycle << _S5) | (lifts << _S3) | group


def without_lifts(tag: Number) -> Number:
    """The tag of a follicle that bears no lift any more."""
    return (tag & _REST) | (tag & _CLASS)


def state_of(phase: int, stages: int, lifts: int, group: int) -> int:
    """A population's cell as a word: what a tag says of class and lifts, phase, stages ahead."""
    return stages << 8 | phase << 5 | lifts << 3 | group


def turns_in(state: Number) -> Number:
    """Class and lifts of a cell, as in a tag."""
    return state & _LOW_FIVE


def phase_in(state: Number) -> Number:
    """Phase of a cell."""
    return (state >> _S5) & _CLASS


def stages_in(state: Number) -> Number:
    """How many stages of the phase are ahead in a cell."""
    return state >> _S8


def turned(tag: Number, x: Number, chances: tuple[Number, ...], top: Number) -> Number:
    """Class and lifts after the start of an anagen: relapse, else shrinking, else lifting.

    Equations F3 to F5. `chances` are those to relapse, to shrink, to lose each further class (one
    number for all) and to be lifted; `top` is the thickest class. One uniform number decides, so a
    larger chance to be lifted never makes another follicle shrink.
    """
    back, thins, extra, lift = chances
    u = uniform(x)
    group, lifts = class_of(tag), lifts_of(tag)
    back = choose(lifts < u32(1), f32(0), back)
    thins = (ONE - back) * thins
    thicker = ONE - (ONE - (back + thins)) * lift
    # Where u falls between `back` and `back + thins` is uniform again: it says how far.
    beyond, further = u - back, thins * extra
    drop = as_number(beyond < thins)
    for _ in range(int(top) - 1):
        drop = drop + as_number(beyond < further)
        further = further * extra
    fall = choose(u < back, lifts, drop)
    kept = group - choose(fall < group, fall, group)
    group = kept + as_number(u >= thicker)
    group = choose(group < top, group, top)
    lifts = choose(u < back, u32(0), lifts) + (group - kept)
    lifts = choose(lifts < MOST_LIFTS, lifts, MOST_LIFTS)
    lifts = choose(lifts < group, lifts, group)
    return (tag & _REST) | (lifts << _S3) | group


MOST_LIFTS, MOST_SHRINK = u32(spec.MOST_LIFTS), f32(spec.LARGEST_PROBABILITY)
ELEMENTWISE = (
    named,
    word,
    another,
    uniform,
    log2,
    exp2,
    normal,
    exponentials,
    number_of,
    first_tag,
    in_class,
    ceiling,
    within,
    class_of,
    lifts_of,
    without_lifts,
    turns_in,
    phase_in,
    stages_in,
    turned,
)
"""What the compiled kernels take from here."""
