"""Published facts of whole scalps: untreated loss, phases, density, empty follicles, seasons."""

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from anagen import load_evidence
from anagen.evidence.schema import Row
from anagen.follicle import simulate, untreated
from anagen.follicle.run import TERMINAL_THRESHOLD_UM
from anagen.follicle.spec import MONTH_DAYS
from anagen.forecasting.baseline import baseline
from anagen.forecasting.reference import YEAR_DAYS
from docs.model import van_neste
from docs.model.beside import Fact, Floats, between_people, derived, judged, of_mean, order_only

SCALP_CM2 = 500.0
"""Hairy scalp that shed hairs come from; a judgement on the low side."""

T_OF_14 = 4.14
"""Student's t with 14 degrees of freedom that leaves 0.001 on both sides together."""

GROUPS = (("African", "african"), ("Caucasian", "european"), ("Asian", "asian"))
"""Hair types in the words of a survey, and in those of the person file."""

TELOGEN_PERCENT = {"African": (14, 9), "Caucasian": (12, 8), "Asian": (12, 7)}
GROWTH_UM_PER_DAY = {"African": (280, 50), "Caucasian": (367, 56), "Asian": (411, 53)}
"""Means and SDs that stand in the notes of that survey's rows."""


def published(study: str, arm: str, outcome: str, **more: object) -> Row:
    """The one published row that fits."""
    (row,) = (
        row
        for row in load_evidence().studies[study].rows
        if (row.arm, row.outcome) == (arm, outcome)
        and all(getattr(row, name) == value for name, value in more.items())
    )
    return row


def given(value: float | None) -> float:
    """A number of a row that must be there."""
    if value is None:
        raise ValueError("the row does not hold this number")
    return value


def decline_facts(draws: int) -> Iterator[Fact]:
    """Untreated men over time."""
    men, days = van_neste.reference(draws), (0, 301, 1344, 1827)
    run = simulate(men.model, untreated(men.scalp.drive, days[-1]), days=days, start=men.start)
    count, mass = run.counted(TERMINAL_THRESHOLD_UM), run.hair_mass_mm3_per_cm2_day()
    cohort = "natural-history-10-months"
    for row in load_evidence().studies[cohort].rows:
        if row.outcome == "terminal_density_per_cm2":
            who = (row.note or "").lower().rstrip(".")
            error = of_mean(given(row.change_sd) / given(row.n) ** 0.5)
            name = f"terminal hairs per cm², 10 months, {who}"
            yield Fact(name, cohort, given(row.change), error, count[1] - count[0])

    def change(study: str, outcome: str) -> float:
        kind = "percent_of_baseline"
        return given(published(study, "oral_placebo", outcome, change_kind=kind).change)

    def percent(values: Floats, at: int) -> Floats:
        return np.asarray(100.0 * (values[at] / values[0] - 1.0))

    late = change("kaufman-2008", "total_density_per_cm2")
    most = of_mean(-late / T_OF_14, f"SE at most {-late / T_OF_14:.1f}: p below 0.001 in 15 men")
    led = "the model's yearly fall is drawn from the two cohorts, which disagree"
    name, study = "hair count, 5 years, %", "kaufman-2008"
    yield Fact(name, study, late, most, percent(count, 3), role="fitted", remark=led)
    name, study = "hair count, 192 weeks, %", "price-2006"
    half = judged(4, "half of what the two cohorts differ by")
    at_192 = change(study, "total_density_per_cm2")
    yield Fact(name, study, at_192, half, percent(count, 2), role="fitted", remark=led)
    name, more = "hair weight, 192 weeks, %", judged(5, "as for the count, and a little for growth")
    weighed = "volume grown in a day; a prior of shrinking by diameter leans on it"
    weight, grown = change(study, "hair_weight"), percent(mass, 2)
    yield Fact(name, study, weight, more, grown, role="fitted", remark=weighed)


def phase_facts(draws: int) -> Iterator[Fact]:
    """Shares of anagen and telogen."""
    scalps, study = van_neste.scalps(draws), "van-neste-2020"
    for arm, name, who in (("healthy", "healthy", "healthy"), ("none", "reference", "affected")):
        share = given(published(study, arm, "anagen_percent").baseline_mean)
        spread = derived(_share_sd(arm), "follows from the SDs of both counts, if independent")
        label = f"anagen, {who} men, % of hairs of 20 µm and more"
        found = scalps[name].shown.anagen_percent()[0]
        yield Fact(label, study, share, spread, found, role="fitted")
    resting = 100.0 - scalps["healthy"].shown.anagen_percent()[0]
    one = "one cycle for all groups; some of those surveyed had hair loss"
    for group, (mean, sd) in TELOGEN_PERCENT.items():
        name, study = f"telogen, {group} adults, %", "loussouarn-2005"
        yield Fact(name, study, mean, between_people(sd), resting, remark=one)


def _share_sd(arm: str) -> float:
    """SD of an anagen share in points, from the SDs of its two counts."""
    rows = [
        published("van-neste-2020", arm, f"{phase}_density_per_cm2", threshold_um=20, week=0)
        for phase in ("anagen", "telogen")
    ]
    grow, rest = (given(row.baseline_mean) for row in rows)
    of_grow, of_rest = (given(row.baseline_sd) / given(row.baseline_mean) for row in rows)
    return 100.0 * grow * rest / (grow + rest) ** 2 * math.hypot(of_grow, of_rest)


def density_facts(draws: int) -> Iterator[Fact]:
    """Healthy density and growth of three groups."""
    study = "loussouarn-2005"
    for group, hair_type in GROUPS:
        row = published(study, group, "total_density_per_cm2")
        base = baseline("healthy", hair_type=hair_type, draws=draws)
        shown, rates = van_neste.Scalp.of(base).shown, base.model.growth_um_per_day
        sd = between_people(given(row.baseline_sd))
        name, mean = f"density, {group} adults, hairs per cm²", given(row.baseline_mean)
        yield Fact(name, study, mean, sd, shown.counted()[0], role="input", digits=0)
        if rates is None:
            raise ValueError("a baseline knows how fast hairs grow")
        growing = shown.phase("anagen")[0, 1:]
        grown = (growing * rates.T[1:]).sum(axis=0) / growing.sum(axis=0)
        quick, spread = GROWTH_UM_PER_DAY[group]
        name, one = f"growth, {group} adults, µm a day", "one growth for all groups"
        yield Fact(name, study, quick, between_people(spread), grown, remark=one, digits=0)


def kenogen_facts(draws: int) -> Iterator[Fact]:
    """Empty follicles; what an observer sees is latency and early anagen together."""
    scalps, study = van_neste.scalps(draws), "rebora-2002"
    model = van_neste.reference(draws).model
    months = (model.latency_days + model.early_anagen_days) / MONTH_DAYS

    def empty(name: str) -> Floats:
        shown = scalps[name].shown
        hidden = shown.phase("latency")[0] + shown.phase("early_anagen")[0]
        return np.asarray(100.0 * hidden.sum(axis=0) / shown.density[0].sum(axis=(0, 1)))

    ten = judged(10, "ten men")
    share = 100.0 * model.latency_share
    yield Fact("cycles with kenogen, %", study, 80, ten, share, role="input")
    month = judged(1, "a rounded figure; 1 to 5 in a woman who was followed too")
    name = "length of kenogen, months"
    yield Fact(name, study, 4, month, months, words="about 4", role="fitted")
    name, words = "length of kenogen in balding, months", "rising to about 7"
    remark = (
        "androgens lengthen no latency in the model: 7 months would hide more follicles than a "
        "healthy scalp has"
    )
    yield Fact(name, study, 7, month, months, words=words, remark=remark)
    name, two = "follicles in kenogen, women losing hair, %", judged(7, "two women")
    yield Fact(name, study, 22, two, empty("early, women"))
    name, one = "follicles in kenogen, a boy, %", judged(4, "one boy")
    yield Fact(name, study, 8, one, empty("healthy"), remark="adults in the model")
    name, one = "follicles in kenogen, late over early in 14 years", judged(0.5, "one woman")
    ratio = empty("early, women") / empty("healthy")
    words, remark = "2, from 8 to 16 %", "early loss over none in the model"
    yield Fact(name, "guarrera-2005", 2, one, ratio, words=words, remark=remark)


def season_facts(draws: int) -> Iterator[Fact]:
    """A healthy scalp through the year, in the third year of a run."""
    base, study = baseline("healthy", draws=draws), "randall-1991"
    days = 3 * YEAR_DAYS
    signals = base.signals(days, also=[base.season(days, date(2026, 1, 1))])
    run = simulate(base.model, signals, start=base.start)
    day = np.array(run.days) - 2 * YEAR_DAYS
    anagen, shed = run.anagen_percent(), run.shed_hairs_per_day()

    def mean(values: Floats, first: int, last: int) -> Floats:
        return np.asarray(values[(day >= first) & (day < last)].mean(axis=0))

    late, winter = mean(shed, 212, 273), (mean(shed, 0, 59) * 59 + mean(shed, 334, 366) * 31) / 90
    most = day[day >= 0][shed[day >= 0].argmax(axis=0)]
    fitted = "size and date of the season were fitted to these rows"
    march, name = mean(anagen, 59, 90), "anagen in March, %"
    words, bound = "more than 90", order_only(3)
    yield Fact(name, study, 90, bound, march, 100, words, role="fitted", remark=fitted)
    few, name = judged(3, "14 men and a round figure"), "anagen in September, %"
    fall = mean(anagen, 243, 273)
    yield Fact(name, study, 80, few, fall, words="about 80", role="fitted", remark=fitted)
    name, words = "shedding in August and September over winter", "more than 2"
    alone = "anagen's clock alone moves with the season"
    ratio, bound = late / winter, order_only(0.3)
    yield Fact(name, study, 2, bound, ratio, np.inf, words, role="fitted", remark=alone)
    name, words = "day of most shedding (213 is 1 August)", "August or September"
    yield Fact(name, study, 213, order_only(30), most, 273, words, role="fitted", digits=0)
    name, half = "hairs shed a day, August and September", judged(30, "half of the figure")
    caught = f"on {SCALP_CM2:.0f} cm², a judgement on the low side; people catch not every hair"
    yield Fact(name, study, 60, half, SCALP_CM2 * late, remark=caught, digits=0)
