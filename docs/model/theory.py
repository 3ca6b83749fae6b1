"""Facts of the follicular automaton (Halloy and others 2002): mathematics, not a normal scalp.

A follicle waits in anagen, telogen and latency, 3.6, 2.4 and 2.0 months of 30 days on average.
"""

from collections.abc import Iterator

import numpy as np

from anagen.follicle import EXPONENTIAL, FollicleModel, LogNormal, Population, simulate, untreated
from anagen.follicle.population import Cohorts, healthy_population
from anagen.follicle.spec import PHASES, DiameterGrid, Wait
from docs.model.beside import Fact, Floats, Tolerance, order_only

SOURCE = "halloy-2002-model"
MONTH_DAYS = 30.0
MEAN_MONTHS = {"anagen": 3.6, "telogen": 2.4, "latency": 2.0}
FIRST_SHARES = (0.34, 0.33, 0.33)
SHARES = (0.45, 0.30, 0.25)
"""Steady shares: of the mean lengths in their sum."""
SHARES_AT_27_DAYS = (0.3910, 0.3037, 0.3052)
"""Shares at 0.9 month from the first ones, as the model file gives them."""
RATE, TURN = -0.597, 0.326
"""Eigenvalues of the model file's equations, real and imaginary part, per month."""

STEP_DAYS = 0.02
FOLLICLES, SCALPS = 100, 20_000
THREE_SE = 3.0
"""How far a simulated number may lie from the exact one; six are looked at together."""


def automaton(wait: Wait, draws: int = 1) -> FollicleModel:
    """The three phases alone, one follicle per cm², of a single class."""
    days = {phase: MONTH_DAYS * months for phase, months in MEAN_MONTHS.items()}
    return FollicleModel(
        follicles_per_cm2=np.ones(draws),
        class_shares=np.ones(1),
        anagen_days=np.array(days["anagen"]),
        telogen_days=np.array(days["telogen"]),
        latency_days=np.array(days["latency"]),
        early_anagen_days=np.zeros(()),
        waits=dict.fromkeys(PHASES, wait),
        grid=DiameterGrid((0.0, 100.0), (60.0,)),
    )


def automaton_facts(_: int) -> Iterator[Fact]:
    """Steady state, path, eigenvalues, spread over scalps, and waves."""
    exact = Tolerance(5e-5, "four places of the model file")
    model = automaton(EXPONENTIAL)
    steady = healthy_population(model).cycling.sum(axis=(1, 2))
    path = shares_over_months(6)
    early = shares_over_months(0.9, 1)[-1]
    for phase, share, found in zip(MEAN_MONTHS, SHARES, steady, strict=True):
        yield Fact(f"steady share, {phase}", SOURCE, share, exact, found, digits=4)
    for phase, share, value in zip(MEAN_MONTHS, SHARES_AT_27_DAYS, early, strict=True):
        yield Fact(f"share at 0.9 month, {phase}", SOURCE, share, exact, value[None], digits=4)
    root = eigenvalue(path[:, 0] - SHARES[0])
    three = Tolerance(5e-4, "three places, from the file's rates")
    for name, value, part in (("decay", RATE, root.real), ("turning", TURN, root.imag)):
        label = f"eigenvalue, {name} per month"
        yield Fact(label, SOURCE, value, three, np.array([part]), digits=4)
    yield from _spread_facts()
    thin, wide = (wave(LogNormal(spread)) for spread in (0.05, 1.0))
    yield Fact(
        "moulting waves: swing of anagen with a spread of 5 % over that with 100 %",
        SOURCE,
        1.0,
        order_only(1.0),
        np.array([thin / wide]),
        high=np.inf,
        words="waves only where the spread is small",
        remark=f"swing of the share of anagen in months 24 to 32, after a start in step: "
        f"{thin:.2f} and {wide:.2g}",
        digits=0,
    )


def _spread_facts() -> Iterator[Fact]:
    """Shares in scalps of finitely many follicles, each follicle on its own."""
    run = simulate(
        automaton(EXPONENTIAL, SCALPS),
        untreated(np.zeros(1), 360, 3.0),
        FOLLICLES,
        days=(360,),
        method="events",
    )
    found = run.density[0].sum(axis=1)[1:]
    for phase, share, values in zip(MEAN_MONTHS, SHARES, found, strict=True):
        spread = (share * (1.0 - share) / FOLLICLES) ** 0.5
        words = f"within 3 SE of {SCALPS:,} simulated scalps"
        mean = Tolerance(spread / SCALPS**0.5, words, THREE_SE)
        label = f"{phase} in {FOLLICLES} follicles, method `events`"
        yield Fact(f"mean share, {label}", SOURCE, share, mean, values, digits=3)
        yield Fact(
            f"SD of the share, {label}",
            SOURCE,
            spread,
            Tolerance(spread / (2 * SCALPS) ** 0.5, words, THREE_SE),
            np.array([values.std()]),
            words=f"√(p(1−p)/N) = {spread:.4f}",
            digits=4,
        )


def shares_over_months(months: float, samples: int | None = None) -> Floats:
    """Shares of the phases from the first ones on, (samples + 1, phases), at even times."""
    model = automaton(EXPONENTIAL)
    days = MONTH_DAYS * np.linspace(0.0, months, (samples or round(months)) + 1)
    cycling = np.zeros_like(healthy_population(model).cycling)
    cycling[:, 0, 0, 0] = FIRST_SHARES
    start = Population(cycling, np.zeros((2, 1, 1)))
    signals = untreated(np.zeros(1), days[-1], STEP_DAYS)
    run = simulate(model, signals, days=list(days), start=start)
    return np.asarray(run.density[:, 1:, 0, 0])


def eigenvalue(deviation: Floats) -> complex:
    """Eigenvalue per sample of a decaying oscillation, by linear prediction over two samples."""
    before = np.column_stack([deviation[1:-1], deviation[:-2]])
    weights = np.linalg.lstsq(before, deviation[2:], rcond=None)[0]
    roots = np.roots([1.0, *-weights]).astype(complex)
    return complex(np.log(roots[np.argmax(roots.imag)]))


def wave(wait: Wait) -> float:
    """Swing of anagen's share in months 24 to 32, when all began anagen together."""
    none, today = np.zeros((0, 1, 1, 1)), np.zeros((1, 1))
    start = Cohorts(
        (none, np.ones((1, 1, 1, 1)), none.copy(), none.copy()),
        (today, np.zeros((2, 1)), today.copy(), today.copy()),
        np.zeros((2, 1, 1)),
    )
    days = [float(day) for day in range(720, 961, 6)]
    run = simulate(automaton(wait), untreated(np.zeros(1), 960, 2.0), days=days, start=start)
    return float(np.ptp(run.phase("anagen")))
