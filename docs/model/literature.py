"""Writes the page that lays the model beside what was published about hair.

Run from the root of the repository: `python -m docs.model.literature`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from docs.model import theory, van_neste
from docs.model.beside import (
    Fact,
    Floats,
    between_people,
    facts_table,
    judged,
    of_mean,
    order_only,
    summary,
)

from anagen import load_evidence
from anagen.evidence.schema import Row
from anagen.follicle import FollicleRun, Population, simulate, untreated
from anagen.follicle.population import stage_slices
from anagen.follicle.run import TERMINAL_THRESHOLD_UM
from anagen.follicle.spec import MONTH_DAYS
from anagen.follicle.waits import residual_survival, survival
from anagen.forecasting.baseline import baseline
from anagen.forecasting.effects import reference_of
from anagen.forecasting.reference import YEAR_DAYS, Reference
from anagen.posterior import Keyed, prior_release

DRAWS = 400
SCALP_CM2 = 500.0
"""Hairy scalp that shed hairs are counted from; a judgement on the low side."""

SHORT_UM, SHORT_LENGTH_UM = 40.0, 40_000.0
"""Hairs at least this thick count as short up to this length."""

GROUPS = (("African", "african"), ("Caucasian", "european"), ("Asian", "asian"))
"""Hair types in the words of a survey, and in those of the person file."""

TELOGEN_PERCENT = {"African": (14, 9), "Caucasian": (12, 8), "Asian": (12, 7)}
GROWTH_UM_PER_DAY = {"African": (280, 50), "Caucasian": (367, 56), "Asian": (411, 53)}
"""Means and SDs that stand in the notes of that survey's rows."""


def published(study: str, arm: str, outcome: str, **more: object) -> Row:
    """The one published row that fits."""
    found = [
        row
        for row in load_evidence().studies[study].rows
        if row.arm == arm
        and row.outcome == outcome
        and all(getattr(row, name) == value for name, value in more.items())
    ]
    (row,) = found
    return row


def reference(draws: int) -> Reference:
    """Men of a typical trial."""
    return reference_of(prior_release(load_evidence().parameters), Keyed(1), draws)


def decline_facts(draws: int) -> Iterator[Fact]:
    """Untreated men over time."""
    men, days = reference(draws), (0, 301, 1344, 1827)
    run = simulate(men.model, untreated(men.scalp.drive, days[-1]), days=days, start=men.start)
    count = run.counted(TERMINAL_THRESHOLD_UM)
    mass = run.hair_mass_mm3_per_cm2_day()
    cohort = load_evidence().studies["natural-history-10-months"].rows
    for row in cohort:
        if row.outcome != "terminal_density_per_cm2" or row.change is None or not row.n:
            continue
        yield Fact(
            f"terminal hairs per cm², 10 months, {(row.note or '').lower().rstrip('.')}",
            "natural-history-10-months",
            f"{row.change:g}",
            row.change,
            row.change,
            of_mean((row.change_sd or 0.0) / row.n**0.5),
            count[1] - count[0],
        )
    half = "half of what the two cohorts differ by"
    for study, outcome, values, at, tolerance, name, remark in (
        (
            "kaufman-2008",
            "total_density_per_cm2",
            count,
            3,
            of_mean(26.3 / 4.14, "SE at most 6.4, as p is below 0.001 in 15 men"),
            "hair count, 5 years, %",
            "the yearly fall is drawn from this row and the next",
        ),
        (
            "price-2006",
            "total_density_per_cm2",
            count,
            2,
            judged(4, half),
            "hair count, 192 weeks, %",
            "",
        ),
        (
            "price-2006",
            "hair_weight",
            mass,
            2,
            judged(5, "as for the count, and a little for growth"),
            "hair weight, 192 weeks, %",
            "the model's volume grown in a day; a prior's slope leans on it",
        ),
    ):
        more = {"unit": "percent of baseline"}
        change = published(study, "oral_placebo", outcome, **more).change
        assert change is not None
        found = 100.0 * (values[at] / values[0] - 1.0)
        yield Fact(
            name, study, f"{change:g}", change, change, tolerance, found, "anchored", remark
        )


def phase_facts(draws: int) -> Iterator[Fact]:
    """Shares of anagen and telogen."""
    for arm, name, who in (("healthy", "healthy", "healthy"), ("none", "reference", "affected")):
        shown = van_neste.scalps(draws)[name].shown
        row = published("van-neste-2020", arm, "anagen_percent")
        assert row.baseline_mean is not None
        sd = _share_sd(arm)
        words = f"about {sd:.0f}, from the SDs of both counts, taken as independent"
        yield Fact(
            f"anagen, {who} men, % of hairs of 20 µm and more",
            "van-neste-2020",
            f"{row.baseline_mean:g}",
            row.baseline_mean,
            row.baseline_mean,
            judged(sd, words),
            shown.anagen_percent()[0],
            "anchored",
        )
    resting = 100.0 - van_neste.scalps(draws)["healthy"].shown.anagen_percent()[0]
    for group, (mean, sd) in TELOGEN_PERCENT.items():
        yield Fact(
            f"telogen, {group} adults, %",
            "loussouarn-2005",
            f"{mean}",
            mean,
            mean,
            between_people(sd),
            resting,
            remark="the model has one cycle for all groups; some of those surveyed had hair loss",
        )


def _share_sd(arm: str) -> float:
    """SD of an anagen share from those of its two counts."""
    rows = [
        published("van-neste-2020", arm, f"{phase}_density_per_cm2", threshold_um=20, week=0)
        for phase in ("anagen", "telogen")
    ]
    (grow, spread_grow), (rest, spread_rest) = (
        (row.baseline_mean or 0.0, row.baseline_sd or 0.0) for row in rows
    )
    share = grow / (grow + rest)
    relative = np.hypot(spread_grow / grow, spread_rest / rest)
    return float(100.0 * share * (1.0 - share) * relative)


def density_facts(draws: int) -> Iterator[Fact]:
    """Healthy density and growth of three groups."""
    for group, hair_type in GROUPS:
        row = published("loussouarn-2005", group, "total_density_per_cm2")
        assert row.baseline_mean is not None
        base = baseline("healthy", hair_type=hair_type, draws=draws)
        shown = van_neste.Scalp.of(base).shown
        yield Fact(
            f"density, {group} adults, hairs per cm²",
            "loussouarn-2005",
            f"{row.baseline_mean:g}",
            row.baseline_mean,
            row.baseline_mean,
            between_people(row.baseline_sd or 0.0),
            shown.counted()[0],
            "input",
            digits=0,
        )
        growing = shown.phase("anagen")[0]
        rates = base.model.growth_um_per_day
        assert rates is not None
        mean, sd = GROWTH_UM_PER_DAY[group]
        yield Fact(
            f"growth, {group} adults, µm a day",
            "loussouarn-2005",
            f"{mean}",
            mean,
            mean,
            between_people(sd),
            (growing * rates.T)[1:].sum(axis=0) / growing[1:].sum(axis=0),
            remark="the model has one growth for all groups",
            digits=0,
        )


def kenogen_facts(draws: int) -> Iterator[Fact]:
    """Empty follicles; what an observer sees is latency and early anagen together."""
    scalps, source = van_neste.scalps(draws), "rebora-2002"
    model = reference(draws).model
    months = (model.latency_days + model.early_anagen_days) / MONTH_DAYS

    def empty(name: str) -> Floats:
        shown = scalps[name].shown
        hidden = shown.phase("latency")[0] + shown.phase("early_anagen")[0]
        return np.asarray(hidden.sum(axis=0) / shown.density[0].sum(axis=(0, 1)))

    yield Fact(
        "cycles with kenogen, %",
        source,
        "80",
        80,
        80,
        judged(10, "ten men, followed for 14 years"),
        100.0 * model.latency_share,
        "input",
    )
    yield Fact(
        "length of kenogen, months",
        source,
        "about 4",
        4,
        4,
        judged(1, "rounded, and 1 to 5 in a woman who was followed too"),
        months,
        "anchored",
    )
    yield Fact(
        "length of kenogen in balding, months",
        source,
        "rising to about 7",
        7,
        7,
        judged(1, "as above"),
        months,
        remark="androgens lengthen no latency here: so many follicles as 7 months would hide, a "
        "healthy scalp does not have, and the effect of minoxidil would then last too long",
    )
    yield Fact(
        "follicles in kenogen, two women losing hair, %",
        source,
        "22",
        22,
        22,
        judged(7, "two women"),
        100.0 * empty("early, women"),
    )
    yield Fact(
        "follicles in kenogen, one boy, %",
        source,
        "8",
        8,
        8,
        judged(4, "one boy"),
        100.0 * empty("healthy"),
        remark="an adult's healthy scalp in the model",
    )
    yield Fact(
        "follicles in kenogen, rise over 14 years in one woman, ratio",
        "guarrera-2005",
        "2 (8 to 16 %)",
        2,
        2,
        judged(0.5, "one woman"),
        empty("early, women") / empty("healthy"),
    )


def season_facts(draws: int) -> Iterator[Fact]:
    """A healthy scalp through the year, in the third year of a run."""
    base = baseline("healthy", draws=draws)
    days = 3 * YEAR_DAYS
    signals = base.signals(days, also=[base.season(days, date(2026, 1, 1))])
    run = simulate(base.model, signals, start=base.start)
    day = np.array(run.days) - 2 * YEAR_DAYS
    anagen, shed = run.anagen_percent(), run.shed_hairs_per_day()

    def mean(values: Floats, first: int, last: int) -> Floats:
        return np.asarray(values[(day >= first) & (day < last)].mean(axis=0))

    source, late = "randall-1991", mean(shed, 212, 273)
    winter = (mean(shed, 0, 59) * 59 + mean(shed, 334, 366) * 31) / 90
    most = day[day >= 0][shed[day >= 0].argmax(axis=0)]
    fitted = "size and date of the season were fitted to these rows"
    few = judged(3, "14 men, the figure is round")
    march, september = mean(anagen, 59, 90), mean(anagen, 243, 273)
    yield Fact(
        "anagen in March, %",
        source,
        "more than 90",
        90,
        100,
        order_only(3),
        march,
        "anchored",
        fitted,
    )
    yield Fact(
        "anagen in September, %", source, "about 80", 80, 80, few, september, "anchored", fitted
    )
    yield Fact(
        "shedding in August and September over winter",
        source,
        "more than 2",
        2,
        np.inf,
        order_only(0.3),
        late / winter,
        "anchored",
        "anagen's clock alone moves with the season",
    )
    yield Fact(
        "day of most shedding",
        source,
        "August or September, 213 to 273",
        213,
        273,
        order_only(30),
        most,
        "anchored",
        digits=0,
    )
    yield Fact(
        "hairs shed a day, August and September",
        source,
        "60",
        60,
        60,
        judged(30, "as much as men differ in such counts"),
        SCALP_CM2 * late,
        remark=f"on {SCALP_CM2:.0f} cm² of scalp, a judgement on the low side; people do not "
        "catch every hair, and the model counts thin ones too",
        digits=0,
    )


def length_facts(draws: int) -> Iterator[Fact]:
    """Share of short hairs; lengths follow from growth and from how long anagen lasts."""
    quarter = "a quarter of the figure; no spread and no number of people was seen"
    for arm, name, who in (("healthy", "healthy", "controls"), ("none", "reference", "affected")):
        share = published("rushton-1991", arm, "short_hair_share").baseline_mean
        assert share is not None
        yield Fact(
            f"hairs of {SHORT_UM:.0f} µm and more that are shorter than 40 mm, {who}, %",
            "rushton-1991",
            f"{share:g}",
            share,
            share,
            judged(share / 4, quarter),
            short_percent(van_neste.scalps(draws)[name]),
            remark="uncut hairs; the affected scalp is taken as changing slowly",
        )


def short_percent(scalp: van_neste.Scalp) -> Floats:
    """Share of thick hairs that are short, in percent.

    A growing hair is as old as the residual law says, a resting one is as old as its anagen was
    long. Both hold where follicles enter each class at a steady rate.
    """
    model, growth = scalp.model, scalp.model.growth(scalp.drive)
    assert growth is not None
    speed = np.exp(model.anagen_drive_log * scalp.drive)[:, None]
    clock = SHORT_LENGTH_UM / growth * speed / model.anagen_mean_days()
    wait = model.waits["anagen"]
    share = model.grid.share_counted(SHORT_UM)[:, None]
    anagen, telogen = (share * scalp.shown.phase(name)[0] for name in ("anagen", "telogen"))
    short = anagen * (1.0 - residual_survival(wait, clock)).T
    short += telogen * (1.0 - survival(wait, clock)).T
    return np.asarray(100.0 * short.sum(axis=0) / (anagen + telogen).sum(axis=0))


def treatment_facts(draws: int) -> Iterator[Fact]:
    """What single hairs and shedding do under treatment."""
    base = baseline("early", draws=draws)
    weeks = tuple(range(0, 27 * 7, 7))
    ratio = _shed(base, "minoxidil", weeks) / _shed(base, "none", weeks)
    peak = ratio.max(axis=0)
    clinics = "clinics speak of it; no study gives a size"
    yield Fact(
        "early shedding under minoxidil, most in a week over none",
        "van-neste-2020",
        "more than without",
        1.5,
        1.5,
        judged(0.25, "1.5 is a judgement too"),
        peak,
        "anchored",
        clinics,
        digits=2,
    )
    yield Fact(
        "week of most shedding under minoxidil",
        "van-neste-2020",
        "weeks 2 to 8",
        2,
        8,
        order_only(2),
        np.array(weeks)[ratio.argmax(axis=0)] / 7.0,
        "anchored",
        clinics,
    )
    kept, thick = miniature_hairs(draws)
    study, hairs = "van-neste-2019", 113
    for name, outcome, found in (
        ("thin hairs still thin after 2 years of finasteride, %", "unchanged", kept),
        ("thin hairs that are thick after 2 years of finasteride, %", "turned_terminal", thick),
    ):
        count = published(study, "finasteride", f"miniature_hairs_{outcome}").followup_mean
        assert count is not None
        share = count / hairs
        yield Fact(
            name,
            study,
            f"{100 * share:.1f}, {count:.0f} of {hairs}",
            100 * share,
            100 * share,
            of_mean(100 * (share * (1 - share) / hairs) ** 0.5, "binomial SE, hairs of one man"),
            found,
            remark="thin is 20 to 40 µm and seen; the rest are empty or thinner",
        )


def _shed(base: "van_neste.Baseline", arm: str, weeks: tuple[int, ...]) -> Floats:
    signals = base.signals(weeks[-1], arm)
    run = simulate(base.model, signals, days=weeks, start=base.start)
    shed = run.shed_hairs_per_day()
    shed[0] = 1.0  # before the first week nothing was counted
    return shed


def miniature_hairs(draws: int) -> tuple[Floats, Floats]:
    """Of thin hairs seen now, the shares seen thin and seen thick later, in percent.

    Expectations are linear, so thin hairs can be followed alone.
    """
    base, days = baseline("early", draws=draws), 728
    tagged = np.zeros_like(base.start.cycling)
    thin = base.model.grid.share_counted(20.0) - base.model.grid.share_counted(40.0)
    slices = stage_slices(base.model)
    for phase in ("anagen", "telogen"):
        tagged[slices[phase]] = base.start.cycling[slices[phase]] * thin[:, None]
    start = Population(tagged, np.zeros_like(base.start.outside))
    run = simulate(base.model, base.signals(days, "finasteride"), days=(days,), start=start)

    def percent(run: FollicleRun, low: float, high: float) -> Floats:
        seen = run.counted(low)[0] - run.counted(high)[0]
        return np.asarray(100.0 * seen / tagged.sum(axis=(0, 1, 2)))

    return percent(run, 20.0, 40.0), percent(run, 40.0, 1000.0)


GROUPS_OF_FACTS = {
    "Untreated loss": decline_facts,
    "Growing and resting hairs": phase_facts,
    "Density and growth by group": density_facts,
    "Empty follicles": kenogen_facts,
    "Seasons": season_facts,
    "Length": length_facts,
    "Growth by diameter": van_neste.growth_facts,
    "Under treatment": treatment_facts,
    "The follicular automaton": theory.automaton_facts,
}


def page(draws: int = DRAWS) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    found = {title: list(make(draws)) for title, make in GROUPS_OF_FACTS.items()}
    every = [fact for facts in found.values() for fact in facts]
    tables = "\n\n".join(
        f"### {title}\n\n" + "\n".join(facts_table(facts)) for title, facts in found.items()
    )
    release = prior_release(load_evidence().parameters)
    parts = {
        "RELEASE": release.id,
        "DRAWS": f"{draws:,}",
        "SUMMARY": "\n".join(summary(every)),
        "FACTS": tables,
        "CELLS": "\n".join(van_neste.failing(draws)),
        "HEALTHY": _van_neste("healthy", ("healthy, European", "healthy"), draws),
        "AFFECTED": _van_neste("none", ("reference", "early, men"), draws),
        "BASELINES": "\n".join(
            van_neste.every_baseline(
                "none", ("early, women", "advanced, men", "advanced, women"), draws
            )
        ),
    }
    text = Path(__file__).with_name("literature.in").read_text(encoding="utf-8")
    for name, made in parts.items():
        text = text.replace(f"@{name}@", made)
    return text


def _van_neste(arm: str, names: tuple[str, ...], draws: int) -> str:
    whole = van_neste.table(van_neste.cells(arm), names, draws)
    by_class = van_neste.table(van_neste.classes(arm), names, draws)
    return "\n".join(whole) + "\n\nBy class:\n\n" + "\n".join(by_class)


def main() -> None:
    """Write the page."""
    Path(__file__).with_name("literature.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
