"""Claims about time: when a change comes, how long it stays, and how long exosomes stay."""

import numpy as np

from anagen.forecasting.reference import EXOSOME_DAY
from anagen.forecasting.visible import visibility, visible_shares
from anagen.posterior.keyed import Floats
from docs.model.silico import (
    SIZE_PER_CM2,
    SWEEP_DRAWS,
    Silico,
    bound,
    first_day,
    of_size,
    share_left,
)
from docs.model.silico_charts import lines
from docs.model.silico_words import (
    WEEK_DAYS,
    Trial,
    day,
    interval,
    ledger_certainty,
    number,
    percent,
    points,
    table,
)

RISES = (0.02, 0.05, 0.15)
ONSET_WEEKS = (1, 2, 4, 8)
ONSET_DAYS = tuple(float(one) for one in range(169))
CLAIMED_DAYS = 14
LEAST_GAIN_PER_CM2 = 1.0
"""A share of a smaller first gain would be a share of nothing."""

LATER = {6: 182, 12: 364, 24: 728}
"""Months after the first session, and their days in whole weeks."""

HALF_LIVES = {"a month": 30.0, "3 months": 91.0, "a year": 365.0, "10 years": 3652.0}
LASTING_PERCENT = 90.0
"""Left of a gain, at the least, to be called lasting."""

RELAPSES = (0.0, 0.5, 1.0)
TISSUE = {
    "6 hours": 0.25,
    "a day": 1.0,
    "a week": 7.0,
    "a month": 30.0,
    "3 months": 91.0,
    "8 months": 243.0,
}
TISSUE_WEEKS = (8, 16, 26, 52)
GONE_DAY = 3
"""Day by which labelled vesicles were almost gone from mouse skin (Rajendran 2017)."""

ALMOST_GONE = 0.1


def onset(silico: Silico) -> Trial:
    """C09: results in one to two weeks."""
    bounds = _bounds(silico)
    days = tuple(int(one) for one in ONSET_DAYS[::7])
    exosome = silico.net("exosome", days) + silico.untreated(days)
    paths = [(name, ONSET_DAYS, found) for name, found in bounds.items()]
    paths.append(("exosomes, this release", tuple(map(float, days)), exosome))
    rows = [
        [name, *(day(first_day(at, found, rise), at[-1]) for rise in RISES)]
        for name, at, found in paths
    ]
    heads = ["from day 0", *(f"day of +{100 * rise:.0f} %" for rise in RISES)]
    series = {
        name: [
            (one, float(100.0 * np.median(found[row] / found[0] - 1.0)))
            for row, one in enumerate(at)
        ]
        for name, at, found in paths
    }
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{_at(path, 7 * week):.1f} % at week {week}" for week in (2, 8, 24))
        for name, path in series.items()
    )
    return Trial(
        key="onset",
        title="Results in 1 to 2 weeks",
        answer=_onset_answer(silico, bounds),
        table=[*table(heads, rows), "", *_visible_table(silico, bounds)],
        certainty=(
            "The bounds rest on measured growth and published counts of cycling follicles; the "
            "time until a new hair shows is derived, not measured. "
            + ledger_certainty("exosome", CLAIMED_DAYS)
        ),
        figure=lines(
            "onset",
            "Median change of density over time",
            ("Days from the first session", "Change, %"),
            series,
            f"Median change of density in per cent. {told}.",
        ),
    )


def _bounds(silico: Silico) -> dict[str, Floats]:
    """What no treatment can exceed, day by day."""
    return {
        "no hair is shed": bound(silico, ONSET_DAYS, no_shedding=True, no_waiting=False),
        "no follicle stays empty": bound(silico, ONSET_DAYS, no_shedding=False, no_waiting=True),
        "both at once": bound(silico, ONSET_DAYS, no_shedding=True, no_waiting=True),
    }


def _at(path: list[tuple[float, float]], wanted: float) -> float:
    return min(path, key=lambda point: abs(point[0] - wanted))[1]


def _onset_answer(silico: Silico, bounds: dict[str, Floats]) -> str:
    both, shed = bounds["both at once"], bounds["no hair is shed"]
    rise = points(100.0 * (shed[CLAIMED_DAYS] / shed[0] - 1.0))
    most = points(100.0 * (both[CLAIMED_DAYS] / both[0] - 1.0))
    noticed = visibility(silico.release, silico.keyed, silico.draws)
    seen = visible_shares(both[0], both[CLAIMED_DAYS], noticed).gain
    density = silico.one_man("exosome", (0, CLAIMED_DAYS))
    real = visible_shares(density[0], density[1], noticed).gain
    fits = "Even so strong an effect" if seen < 0.5 else "Only so strong an effect"
    return (
        "If not one hair were shed from the first session on, density would be up by "
        f"{number(rise[1], 1)} % ({number(rise[0], 1)} to {number(rise[2], 1)}) after two weeks. "
        f"If every empty follicle began a hair on that day as well, by {number(most[1], 1)} % "
        f"({number(most[0], 1)} to {number(most[2], 1)}). {fits} would be noticed within two "
        f"weeks in {percent(seen)} of draws. With the exosomes of this release it is "
        f"{percent(real)}."
    )


def _visible_table(silico: Silico, bounds: dict[str, Floats]) -> list[str]:
    noticed = visibility(silico.release, silico.keyed, silico.draws)
    weeks = [WEEK_DAYS * week for week in ONSET_WEEKS]
    density = silico.one_man("exosome", (0, *weeks))
    rows = [
        [name, *(percent(visible_shares(found[0], found[at], noticed).gain) for at in weeks)]
        for name, found in bounds.items()
    ]
    gains = [visible_shares(density[0], density[row], noticed).gain for row in range(1, 5)]
    rows.append(["exosomes, one man", *map(percent, gains)])
    return table(
        ["share of draws with a visible gain", *(f"week {week}" for week in ONSET_WEEKS)], rows
    )


def permanence(silico: Silico) -> Trial:
    """C08: the effect may be permanent."""
    days = (0, EXOSOME_DAY, *LATER.values())
    net = silico.net("exosome", days)
    left = 100.0 * share_left(net[2:], net[1], LEAST_GAIN_PER_CM2)
    rows = [["this release", "drawn", "drawn", *(interval(row, 0) for row in left)]]
    series, at_end = {}, {}
    for name, half_life in HALF_LIVES.items():
        for relapse in RELAPSES:
            found = _lasting(silico, half_life, relapse, days)
            cells = [interval(row, 0) for row in found[1:]]
            rows.append(["scenario", name, f"{relapse:.1f}", *cells])
            at_end[name, relapse] = float(np.median(found[-1]))
            if relapse == RELAPSES[1]:
                shares = np.median(found, axis=1)
                series[f"half-life {name}"] = [
                    (days[row + 1] / 30.4375, float(share)) for row, share in enumerate(shares)
                ]
    kept = points(left[-1]) if left.shape[1] else (0.0, 0.0, 0.0)
    lasting = float((left[-1] >= LASTING_PERCENT).mean()) if left.shape[1] else 0.0
    gained = left.shape[1] / silico.draws
    told = "; ".join(
        f"{name}: " + ", ".join(f"{share:.0f} % at month {at:.0f}" for at, share in path)
        for name, path in series.items()
    )
    return Trial(
        key="permanence",
        title="Permanent, perhaps",
        answer=(
            f"In {percent(gained)} of draws exosomes add at least one hair per cm² by week 16. "
            f"Of that gain, {number(kept[1], 0)} % ({number(kept[0], 0)} to "
            f"{number(kept[2], 0)}) is left after 24 months. At least nine tenths are left in "
            f"{percent(lasting)} of those draws. {_what_permanence_needs(at_end)}"
        ),
        table=table(["", "half-life of the change", "relapse", "6 months", "12", "24"], rows),
        certainty=ledger_certainty("exosome", LATER[24])
        + " How long a gain lasts rests on priors that no data informed.",
        figure=lines(
            "permanence",
            "Share of the week 16 gain that is left, by half-life of the change",
            ("Months from the first session", "Share left, %"),
            series,
            f"Median share of the week 16 gain that is left, at a relapse of one half. {told}.",
        ),
    )


def _lasting(silico: Silico, half_life: float, relapse: float, days: tuple[int, ...]) -> Floats:
    """Per cent of the week 16 gain by day, itself included."""
    found = of_size(
        silico,
        SIZE_PER_CM2,
        min(SWEEP_DRAWS, silico.draws),
        exosome_niche_half_life=half_life,
        relapse_probability=relapse,
    )
    net = found.net("exosome", days)
    return np.asarray(100.0 * share_left(net[1:], net[1], LEAST_GAIN_PER_CM2))


def _what_permanence_needs(at_end: dict[tuple[str, float], float]) -> str:
    """`at_end`: median per cent left at the last month, by half-life and relapse."""
    kept = [scenario for scenario, share in at_end.items() if share >= LASTING_PERCENT]
    if not kept:
        longest = list(HALF_LIVES)[-1]
        return (
            "No scenario in the table keeps nine tenths for 24 months in its median: not even a "
            f"change with a half-life of {longest}, or thickened hairs that never relapse."
        )
    half_life, relapse = kept[0]
    return (
        "For nine tenths to be left at 24 months in the median, the change around the follicle "
        f"would need a half-life of about {half_life}, the shortest in the table that does it "
        f"(with a relapse of {relapse:.1f})."
    )


def persistence(silico: Silico) -> Trial:
    """C10: exosomes stay in the scalp for six to eight months."""
    weeks = tuple(range(0, 53, 2))
    days = tuple(WEEK_DAYS * week for week in weeks)
    rows, series, nets = [], {}, {}
    for name, half_life in TISSUE.items():
        found = of_size(
            silico,
            SIZE_PER_CM2,
            min(SWEEP_DRAWS, silico.draws),
            exosome_tissue_half_life=half_life,
        )
        net = nets[name] = found.net("exosome", days)
        cells = [interval(net[weeks.index(week)]) for week in TISSUE_WEEKS]
        there = 100.0 * in_tissue(half_life)
        rows.append([name, f"{there:.0f} %" if there >= 1 else "less than 1 %", *cells])
        series[name] = [(float(week), float(np.median(net[row]))) for row, week in enumerate(weeks)]
    told = "; ".join(
        f"{name}: " + ", ".join(f"{_at(path, week):.1f} at week {week}" for week in TISSUE_WEEKS)
        for name, path in series.items()
    )
    return Trial(
        key="persistence",
        title="In the scalp for 6 to 8 months",
        answer=_persistence_answer(series),
        table=table(
            ["half-life in the skin", "left on day 3", *(f"week {week}" for week in TISSUE_WEEKS)],
            rows,
        ),
        certainty=(
            "That free vesicles are gone within days rests on one label in mice; what that "
            "means for "
            "hair rests on priors. " + ledger_certainty("exosome", 364)
        ),
        figure=lines(
            "persistence",
            "Effect over a year, by half-life in the skin",
            ("Weeks from the first session", "Median effect, hairs per cm²"),
            series,
            f"Median effect in hairs per cm². {told}.",
        ),
    )


def in_tissue(half_life_days: float) -> float:
    """Share of one dose that is still in the skin on the day on which mice had almost none."""
    return float(0.5 ** (GONE_DAY / half_life_days))


def _persistence_answer(series: dict[str, list[tuple[float, float]]]) -> str:
    fits = [name for name, half_life in TISSUE.items() if in_tissue(half_life) <= ALMOST_GONE]
    short, long = (series[name] for name in (next(iter(TISSUE)), "8 months"))
    early = _at(long, 8) < _at(short, 8)
    late = _at(long, 52) > _at(short, 52)
    sooner = "later" if early else "no later"
    longer = "longer" if late else "no longer"
    there = 100.0 * in_tissue(TISSUE["8 months"])
    return (
        f"With a half-life of 8 months, {there:.0f} % of a dose would be left on day 3. Of the "
        f"half-lives in the table only {' and '.join(fits)} would leave a tenth or less by then, "
        f"as in mice. For the same effect at week 16, vesicles that stay for months act {sooner} "
        f"and {longer}: {number(_at(long, 8), 1)} against {number(_at(short, 8), 1)} per cm² at "
        f"week 8, and {number(_at(long, 52), 1)} against {number(_at(short, 52), 1)} at week 52."
    )
