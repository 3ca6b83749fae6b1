"""The named random numbers of the event method, and the rule at the start of anagen.

Names and keys are fixed. Where numbers are compared with chances, a right generator fails a whole
test with a chance of at most ALARM, shared out evenly over its comparisons (Bonferroni).
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from numpy.typing import NDArray
from tests.follicle.models import Floats, model
from tests.follicle.specs import alike, events, everyone

from anagen.follicle import Erlang, Fixed, LogNormal, untreated
from anagen.follicle.events import variates as v
from anagen.follicle.events.tables import keys_of
from anagen.follicle.population import CONDITIONS
from anagen.follicle.spec import DEFAULT_WAITS, PHASES, Wait
from anagen.follicle.waits import residual_survival, survival

ALARM = 1e-4
Words = NDArray[np.uint32]
u32, f32 = np.uint32, np.float32


def normal_bound(comparisons: int) -> float:
    """What the largest of so many standard normal numbers passes with the chance ALARM at most."""
    return NormalDist().inv_cdf(1 - ALARM / 2 / comparisons)


def chi_square_z(counts: NDArray[np.int64]) -> float:
    """Chi-square of evenly expected counts as a standard normal number (Wilson and Hilferty)."""
    expected, freedom = counts.sum() / counts.size, counts.size - 1
    value = ((counts - expected) ** 2).sum() / expected
    return float(
        ((value / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    )


def keys(draws: int, pages: int, seed: int = 1) -> Words:
    """Keys as a task has them, (draws, pages, 2)."""
    return keys_of(seed, "scalp", 0, draws, pages * v.PAGE_FOLLICLES)


NUMBERS = np.arange(v.PAGE_FOLLICLES, dtype=u32)
CYCLES = np.arange(64, dtype=u32)
PURPOSES = np.arange(13, dtype=u32)


def words_along(axis: str) -> Words:
    """About 2¹⁸ words, (others, places): neighbours along the last axis differ in one thing."""
    one = keys(1, 1)[0, 0]
    number, cycle, purpose = NUMBERS[:, None], CYCLES[None, :16], u32(1)
    key: tuple[Any, Any] = (one[0], one[1])
    if axis == "follicles":
        number, cycle = NUMBERS[None, :], CYCLES[:16, None]
    elif axis == "cycles":
        number, cycle = NUMBERS[:4096, None], CYCLES[None, :]
    elif axis == "purposes":
        cycle, purpose = u32(0), PURPOSES[None, :]
    elif axis == "draws":
        many = keys(64, 1)[:, 0]
        number, cycle, key = NUMBERS[:4096, None], u32(0), (many[None, :, 0], many[None, :, 1])
    elif axis == "pages":
        many = keys(1, 64)[0]
        number, cycle, key = NUMBERS[:4096, None], u32(0), (many[None, :, 0], many[None, :, 1])
    else:
        many = np.stack([keys(1, 1, seed)[0, 0] for seed in range(64)])
        number, cycle, key = NUMBERS[:4096, None], u32(0), (many[None, :, 0], many[None, :, 1])
    tag = v.first_tag(number) + cycle * v.NEXT_CYCLE
    found: Words = v.word(v.named(tag, purpose), *key)
    return found


AXES = ("follicles", "cycles", "purposes", "draws", "pages", "seeds")


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", AXES)
def test_words_are_even(axis: str) -> None:
    """Each bit, and the first and last ten bits together."""
    words = words_along(axis).ravel()
    ones = np.array([(words >> u32(bit) & u32(1)).sum(dtype=np.int64) for bit in range(32)])
    z = (2 * ones - words.size) / math.sqrt(words.size)
    cells = [
        chi_square_z(np.bincount(part, minlength=1024))
        for part in (words >> u32(22), words & u32(1023))
    ]
    assert max(np.abs(z).max(), *np.abs(cells)) < normal_bound(34)


@pytest.mark.parametrize("axis", AXES)
def test_neighbours_are_independent(axis: str) -> None:
    """Pairs of neighbours fill 32 × 32 squares evenly, and their difference has no pattern."""
    words = words_along(axis)
    first, second = words[:, :-1].ravel(), words[:, 1:].ravel()
    found = []
    for shift in (27, 0):  # the first five bits, the last five
        one, other = (x >> u32(shift) & u32(31) for x in (first, second))
        # Pairs overlap, but in a fixed column the first of a pair says nothing on the second.
        found.append(chi_square_z(np.bincount(one * u32(32) + other, minlength=1024)))
    found.append(chi_square_z(np.bincount((first ^ second) >> u32(22), minlength=1024)))
    u, w = v.uniform(first) - 0.5, v.uniform(second) - 0.5
    found.append(float((u.astype(float) * w).sum() * 12 / math.sqrt(u.size)))
    assert np.abs(found).max() < normal_bound(len(found))


def test_words_under_one_key_never_repeat() -> None:
    tags = v.first_tag(NUMBERS)[:, None] + CYCLES[None, :8] * v.NEXT_CYCLE
    names = v.named(tags[..., None], PURPOSES[None, None, :])
    key = keys(1, 1)[0, 0]
    assert np.unique(v.word(names, key[0], key[1])).size == names.size


def test_words_under_many_keys_repeat_as_often_as_birthdays() -> None:
    many = keys(16, 64).reshape(-1, 2)
    names = v.named(v.first_tag(NUMBERS[:1024]), v.TURN)
    words = v.word(names[None], many[:, :1], many[:, 1:])
    expected = words.size**2 / 2.0**33  # 128: pairs over 2³², Poisson
    repeats = words.size - np.unique(words).size
    assert abs(repeats - expected) < normal_bound(1) * math.sqrt(expected)


def test_keys_are_all_different() -> None:
    found = np.concatenate([keys(50, 20, seed).reshape(-1, 2) for seed in (1, 2)])
    assert np.unique(found, axis=0).shape == found.shape


@pytest.mark.parametrize("of", ["name", "key"])
def test_each_bit_of_a_name_or_key_turns_half_of_the_word(of: str) -> None:
    """Avalanche over every pair of a bit that goes in and one that comes out.

    The key's second word enters too late for that. Keys are words themselves, so two of them never
    differ in one bit alone: neighbours among draws, pages and seeds are compared above.
    """
    size = 1 << 14
    names = np.random.default_rng(3).integers(0, 2**32, size, dtype=u32)
    given = {"name": names, "key": u32(0x5BD1E995), "second": u32(0x9747B28C)}
    before = v.word(**given)
    turned = np.zeros((32, 32))
    for bit in range(32):
        after = v.word(**(given | {of: given[of] ^ u32(1 << bit)}))
        flips = before ^ after
        turned[bit] = [(flips >> u32(out) & u32(1)).sum() for out in range(32)]
    z = (2 * turned - size) / math.sqrt(size)
    assert np.abs(z).max() < normal_bound(z.size)


def test_further_words_of_a_name_are_even_and_independent() -> None:
    x = words_along("follicles").ravel()
    second = v.another(x)
    third = v.another(second)
    found = []
    for one, other in ((x, second), (second, third), (x, third)):
        pairs = (one >> u32(27)) * u32(32) + (other >> u32(27))
        found.append(chi_square_z(np.bincount(pairs, minlength=1024)))
        u, w = v.uniform(one) - 0.5, v.uniform(other) - 0.5
        found.append(float((u.astype(float) * w).sum() * 12 / math.sqrt(u.size)))
    assert np.abs(found).max() < normal_bound(len(found))


def test_uniform_numbers_lie_inside_and_in_order() -> None:
    ends = v.uniform(np.array([0, 0xFFFFFFFF], u32))
    assert ends.tolist() == [2.0**-24, 1 - 2.0**-24]
    rising = v.uniform(np.arange(0, 2**32, 4097, dtype=np.uint64).astype(u32))
    assert (np.diff(rising) >= 0).all()
    assert rising.dtype == f32


# --- Functions ------------------------------------------------------------------------------------


def test_normal_numbers_are_quantiles() -> None:
    """To 4e-5, as stated: the lower 31 bits of a word are a chance in 2³², the top one a sign."""
    ends = np.arange(1, 4096)
    chances = np.concatenate([ends, np.arange(1, 2**31, 43_691), 2**31 - ends])
    found = v.normal(chances.astype(u32))
    exact = np.array([NormalDist().inv_cdf(chance / 2**32) for chance in chances.tolist()])
    assert np.abs(found - exact).max() <= 4e-5
    mirrored = v.normal((chances + 2**31).astype(u32))
    assert (mirrored == -found).all()
    assert np.isfinite(v.normal(np.array([0, 2**31], u32))).all()


def test_logarithms_are_as_near_as_stated() -> None:
    numbers = np.random.default_rng(5)
    for low, high in ((-120.0, 120.0), (-24.0, 0.0), (-1.0, 1.0)):
        x = (2.0 ** numbers.uniform(low, high, 200_000)).astype(f32)
        error = v.log2(x).astype(float) - np.log2(x.astype(float))
        # Far from 1 the logarithm's own rounding adds half of its last place.
        assert (np.abs(error) <= 2e-6 + np.spacing(np.abs(v.log2(x))) / 2).all()
    assert v.log2(np.ones(1, f32)).item() == 0.0
    assert v.log2((2.0 ** np.arange(-126, 128)).astype(f32)).tolist() == list(range(-126, 128))


def test_powers_are_as_near_as_stated() -> None:
    x = np.random.default_rng(6).uniform(-126, 127, 400_000).astype(f32)
    assert np.abs(v.exp2(x) / 2.0 ** x.astype(float) - 1).max() <= 3e-6


@given(st.floats(0, 2**20, width=32))
def test_whole_numbers_not_below(t: float) -> None:
    assert v.ceiling(np.array([t], f32)).item() == math.ceil(t)


# --- Waits ----------------------------------------------------------------------------------------

NUMBER = 60_000
LONG_DAYS = 1e6
"""A mean so long that of all follicles not one is expected to leave again within a day."""

ENTERED_FROM = {
    "early_anagen": "latency",
    "anagen": "early_anagen",
    "telogen": "anagen",
    "latency": "telogen",
    "dormant": "telogen",
    "lost": "dormant",
}


def largest_gap(values: Floats, cdf: Callable[[Floats], Floats]) -> float:
    """Kolmogorov and Smirnov's distance, times the root of the number."""
    values = np.sort(values)
    exact, n = cdf(values), values.size
    above, below = np.arange(1, n + 1) / n - exact, exact - np.arange(n) / n
    return float(max(above.max(), below.max()) * math.sqrt(n))


GAP = math.sqrt(-0.5 * math.log(ALARM / 2))
"""What such a distance passes with the chance ALARM at most (Dvoretzky, Kiefer and Wolfowitz)."""


def drawn(driver: str, phase: str, law: Wait) -> Floats:
    """Waits of follicles that entered a phase within one day, in units of their mean."""
    laws = DEFAULT_WAITS if phase in ("dormant", "lost") else {**DEFAULT_WAITS, phase: law}
    means = {f"{name}_days": LONG_DAYS for name in PHASES}
    scalp = model(
        1, **means, waits=laws, anagen_power=0.0, latency_share=1.0, shrink_probability=0.0,
        dormancy_probability=float(phase == "dormant"), dormant_days=LONG_DAYS,
        loss_rate=1.0 if phase == "lost" else 0.0, revival_rate=1 / LONG_DAYS,
    )  # fmt: skip
    start = alike(NUMBER, ENTERED_FROM[phase], 0.5)
    run = events(driver, scalp, untreated(np.ones(1), 1, 1.0), NUMBER, (1,), start=start, keep=True)
    final = everyone(run)
    here = final.phase == CONDITIONS.index(phase)
    assert here.mean() >= 1 - 1e-4
    return (final.age_days + final.left_clock_days)[here] / LONG_DAYS


@pytest.mark.parametrize("driver", ["arrays", "compiled"])
@pytest.mark.parametrize("law", [Erlang(1), Erlang(5), LogNormal(0.3), LogNormal(1.2)])
@pytest.mark.parametrize("phase", PHASES)
def test_waits_have_their_law(driver: str, law: Wait, phase: str) -> None:
    assert largest_gap(drawn(driver, phase, law), lambda x: 1 - survival(law, x)) < GAP


@pytest.mark.parametrize("phase", ["dormant", "lost"])
def test_dormant_and_lost_follicles_have_no_memory(phase: str) -> None:
    assert largest_gap(drawn("arrays", phase, Erlang(1)), lambda x: 1 - np.exp(-x)) < GAP


@pytest.mark.parametrize("phase", PHASES)
def test_fixed_waits_are_fixed(phase: str) -> None:
    waits = drawn("compiled", phase, Fixed())
    assert np.abs(waits - 1).max() < 1e-6


@pytest.mark.parametrize("driver", ["arrays", "compiled"])
@pytest.mark.parametrize("law", [Erlang(1), Erlang(4), LogNormal(0.4), LogNormal(1.5), Fixed()])
def test_a_follicle_of_a_healthy_scalp_is_met_halfway(driver: str, law: Wait) -> None:
    """What is left of its phase, and what has passed, both have the law of the residual wait."""
    scalp = model(1, waits=dict.fromkeys(PHASES, law), anagen_power=0.0)
    run = events(driver, scalp, untreated(np.ones(1), 7), NUMBER, (0,), keep=True)
    final = everyone(run)
    for number, mean_days in enumerate((23.0, 730.0, 91.0, 95.0)):
        here = final.phase == number
        for part in (final.left_clock_days, final.age_days):
            gap = largest_gap(part[here] / mean_days, lambda x: 1 - residual_survival(law, x))
            assert gap < math.sqrt(-0.5 * math.log(ALARM / 16))


# --- The rule at the start of anagen --------------------------------------------------------------

Chances = tuple[float, float, float, float]


def tag_of(group: int, lifts: int, rest: int = 0) -> Words:
    return np.array([rest << 5 | lifts << 3 | group], dtype=u32)


def plainly(group: int, lifts: int, u: float, chances: Chances, top: int) -> tuple[int, int]:
    """The same rule in words: relapse; else shrinking, one class and further ones; else a lift."""
    back, thins, extra, lift = chances
    if lifts == 0:
        back = 0.0
    if u < back:
        return max(group - lifts, 0), 0
    u = (u - back) / (1 - back)
    if u < thins:
        u, drop = u / thins, 1
        while u < extra and drop < 7:
            u, drop = u / extra, drop + 1
        group = max(group - drop, 0)
        return group, min(lifts, group)
    u = (u - thins) / (1 - thins)
    if u >= 1 - lift and group < top:
        return group + 1, min(lifts + 1, 2)
    return group, lifts


def bounds(lifts: int, chances: Chances) -> list[float]:
    """Where the rule changes its mind, as uniform numbers."""
    back, thins, extra, lift = chances
    back = back if lifts else 0.0
    thinner = back + (1 - back) * thins
    falls = [back + (thinner - back) * extra**k for k in range(8)]
    return [back, thinner, 1 - (1 - thinner) * lift, *falls]


SHARE = st.one_of(st.just(0.0), st.floats(2.0**-10, 0.9375, width=32), st.just(0.95))
PLACE = st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(0, 7))


@settings(max_examples=400)
@given(
    PLACE,
    st.integers(0, 2**27 - 1),
    st.integers(0, 2**32 - 1),
    st.tuples(SHARE, SHARE, SHARE, SHARE),
)
def test_the_rule_is_the_plain_one(
    place: tuple[int, int, int], rest: int, x: int, chances: Chances
) -> None:
    group, lifts, top = place
    group, lifts = min(group, top), min(lifts, group, top)
    word = np.array([x], dtype=u32)
    u = float(v.uniform(word)[0])
    assume(min(abs(u - bound) for bound in bounds(lifts, chances)) > 1e-6)
    given_chances = tuple(np.full(1, chance, f32) for chance in chances)
    found = v.turned(tag_of(group, lifts, rest), word, given_chances, u32(top)).item()
    assert (found & 7, found >> 3 & 3) == plainly(group, lifts, u, chances, top)
    assert found >> 5 == rest  # it stays the same follicle in the same cycle


@settings(max_examples=100)
@given(st.integers(0, 7), st.integers(0, 2), st.tuples(SHARE, SHARE, SHARE, SHARE))
def test_a_larger_chance_to_be_lifted_moves_nobody_else(
    group: int, lifts: int, chances: Chances
) -> None:
    lifts = min(lifts, group)
    x = words_along("follicles").ravel()[:4096]
    tags = np.broadcast_to(tag_of(group, lifts), x.shape)
    few, many = (
        v.turned(tags, x, (*(np.full(x.shape, c, f32) for c in chances[:3]), lift), u32(7))
        for lift in (f32(chances[3] / 2), f32(chances[3]))
    )
    changed = few != many
    assert (few[changed] == tags[changed]).all()
    assert (v.class_of(many[changed]) == group + 1).all()


@pytest.mark.parametrize("lifts", [0, 2])
def test_relapse_shrinking_and_lifting_are_as_frequent_as_their_chances(lifts: int) -> None:
    back, thins, extra, lift = 0.3, 0.4, 0.25, 0.35
    x = words_along("follicles").ravel()
    tags = np.broadcast_to(tag_of(4, lifts), x.shape)
    chances = tuple(np.full(x.shape, chance, f32) for chance in (back, thins, extra, lift))
    found = v.turned(tags, x, chances, u32(7))
    group, held = v.class_of(found), v.lifts_of(found)
    gone = back if lifts else 0.0
    falls = (1 - gone) * thins
    expected = {
        (3, min(lifts, 3)): falls * (1 - extra),
        (2, min(lifts, 2)): falls * extra * (1 - extra),
        (1, min(lifts, 1)): falls * extra**2 * (1 - extra),
        (0, 0): falls * extra**3,
        (5, min(lifts + 1, 2)): (1 - gone) * (1 - thins) * lift,
        (4, lifts): (1 - gone) * (1 - thins) * (1 - lift),
    }
    if lifts:
        expected[2, 0] = gone
    assert math.isclose(sum(expected.values()), 1.0)
    for (to, left), chance in expected.items():
        count = ((group == to) & (held == left)).sum()
        spread = math.sqrt(x.size * chance * (1 - chance))
        assert abs(count - x.size * chance) < normal_bound(len(expected)) * spread
