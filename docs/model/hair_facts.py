"""Published facts of single hairs: how long they are, and what becomes of them under treatment."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import Population, simulate
from anagen.follicle.population import stage_slices
from anagen.follicle.run import VISIBLE
from anagen.follicle.waits import residual_survival, survival
from anagen.forecasting.baseline import Baseline, baseline
from docs.model import van_neste
from docs.model.beside import Fact, Floats, judged, of_mean, order_only
from docs.model.scalp_facts import given, published

THICK_UM, SHORT_UM = 40.0, 40_000.0
"""Hairs at least this thick are counted, and are short up to this length."""

MAPPED_HAIRS = 113
"""Thin hairs that were found again and again under finasteride."""


def length_facts(draws: int) -> Iterator[Fact]:
    """Share of short hairs; lengths follow from growth and from how long anagen lasts."""
    study = "rushton-1991"
    for arm, name, who in (("healthy", "healthy", "controls"), ("none", "reference", "affected")):
        share = given(published(study, arm, "short_hair_share").baseline_mean)
        quarter = judged(share / 4, "a quarter; neither spread nor number of people was seen")
        found = short_percent(van_neste.scalps(draws)[name])
        label = f"hairs of {THICK_UM:.0f} µm and more up to 40 mm long, {who}, %"
        yield Fact(label, study, share, quarter, found, remark="uncut hairs, slow change")


def short_percent(scalp: van_neste.Scalp) -> Floats:
    """Share of thick hairs that are short, in percent.

    A growing hair is as old as the residual law says, a resting one as its anagen was long. Both
    hold where follicles enter each class at a steady rate.
    """
    model, growth = scalp.model, scalp.growth()
    speed = np.exp(model.anagen_drive_log * scalp.drive)[:, None]
    clock = SHORT_UM / growth * speed / model.anagen_mean_days()
    wait, share = model.waits["anagen"], model.grid.share_counted(THICK_UM)[:, None]
    growing, resting = (share * scalp.shown.phase(phase)[0] for phase in VISIBLE)
    short = growing * (1.0 - residual_survival(wait, clock).T)
    short += resting * (1.0 - survival(wait, clock).T)
    return np.asarray(100.0 * short.sum(axis=0) / (growing + resting).sum(axis=0))


def treatment_facts(draws: int) -> Iterator[Fact]:
    """What single hairs and shedding do under treatment."""
    base, study = baseline("early", draws=draws), "van-neste-2020"
    weeks = np.arange(1, 27)
    ratio = weekly_shed(base, "minoxidil", weeks) / weekly_shed(base, "none", weeks)
    clinics = "clinics speak of it; no study gives a size"
    name, words = "early shedding on minoxidil, most over none", "more; 1.5 by judgement"
    guess = judged(0.25, "a sixth of it")
    most, when = ratio.max(axis=0), weeks[ratio.argmax(axis=0)].astype(float)
    yield Fact(name, study, 1.5, guess, most, None, words, "fitted", clinics, digits=2)
    name, words, bound = "week of that shedding", "weeks 2 to 8", order_only(2)
    yield Fact(name, study, 2, bound, when, 8, words, role="fitted", remark=clinics)
    study = "van-neste-2019"
    remark = "hairs of one man; thin is 20 to 40 µm and seen, the rest are empty or thinner"
    for name, outcome, found in zip(
        ("still thin", "thick"),
        ("miniature_hairs_unchanged", "miniature_hairs_turned_terminal"),
        miniature_hairs(base),
        strict=True,
    ):
        count = given(published(study, "finasteride", outcome).followup_mean)
        share = count / MAPPED_HAIRS
        error = of_mean(100.0 * (share * (1.0 - share) / MAPPED_HAIRS) ** 0.5)
        label = f"thin hairs {name} after 2 years of finasteride, %"
        words = f"{100 * share:.1f}, {count:.0f} of {MAPPED_HAIRS}"
        yield Fact(label, study, 100 * share, error, found, None, words, "fitted", remark)


def weekly_shed(base: Baseline, arm: str, weeks: NDArray[np.int_]) -> Floats:
    """Hairs shed per cm² and day in each of some weeks, (weeks, draws)."""
    days = [0.0, *(7.0 * weeks)]
    signals = base.signals(days[-1], arm)
    return simulate(base.model, signals, days=days, start=base.start).shed_hairs_per_day()[1:]


def miniature_hairs(base: Baseline) -> tuple[Floats, Floats]:
    """Of thin hairs seen now, the shares seen thin and seen thick in two years, in percent.

    Expectations are linear, so thin hairs can be followed alone.
    """
    days, grid = 728, base.model.grid
    thin = grid.share_counted(20.0) - grid.share_counted(THICK_UM)
    tagged = np.zeros_like(base.start.cycling)
    for phase in VISIBLE:
        part = stage_slices(base.model)[phase]
        tagged[part] = base.start.cycling[part] * thin[:, None]
    start = Population(tagged, np.zeros_like(base.start.outside))
    run = simulate(base.model, base.signals(days, "finasteride"), days=[days], start=start)
    seen, thick = (100.0 * run.counted(um)[0] / tagged.sum(axis=(0, 1, 2)) for um in (20, THICK_UM))
    return seen - thick, thick
