"""Claims about sessions, PRP and lost follicles."""

import numpy as np

from anagen.follicle.spec import MONTH_DAYS
from anagen.posterior.keyed import Floats
from anagen.treatment.sessions import Sessions
from docs.model.silico import SIZE_PER_CM2, SWEEP_DRAWS, Silico, fixed, rate_needed, revived
from docs.model.silico_charts import lines, ranges
from docs.model.silico_words import (
    Trial,
    interval,
    ledger_certainty,
    number,
    percent,
    points,
    table,
)

DAYS = (0, 112, 182, 364)
HEADS = ("week 16", "week 26", "week 52")
PLANS = {
    "5 sessions less 3, 14 days apart": (Sessions.every(14, 5), Sessions.every(14, 3)),
    "5 sessions less 3, 7 days apart": (Sessions.every(7, 5), Sessions.every(7, 3)),
    "14 days apart less 7, 4 sessions": (Sessions.every(14, 4), Sessions.every(7, 4)),
}
INTERACTIONS = (-0.5, -0.25, 0.0, 0.25, 0.5)
LOST_SHARES = (0.05, 0.2, 0.5)
MONTHLY_RATES = (0.0, 0.01, 0.05, 0.2)
SMALL_PER_CM2 = 1.0
"""A difference below one hair per cm² is called none."""


def schedules(silico: Silico) -> Trial:
    """C04 and C06: three to five sessions, one or two weeks apart."""
    effect = silico.net("exosome", DAYS)[1]
    found = {
        name: silico.net("exosome", DAYS, {"exosome": first})
        - silico.net("exosome", DAYS, {"exosome": second})
        for name, (first, second) in PLANS.items()
    }
    rows = [[name, *(interval(net[row]) for row in (1, 2, 3))] for name, net in found.items()]
    more, apart = (found[name][1] for name in list(PLANS)[::2])
    same = float((np.sign(more) == np.sign(effect)).mean())
    small = float((np.abs(apart) < SMALL_PER_CM2).mean())
    shown = {name: points(net[1]) for name, net in found.items()}
    return Trial(
        key="sessions",
        title="3 to 5 sessions, 1 or 2 weeks apart",
        answer=(
            f"Five sessions less three, two weeks apart: {interval(more)} per cm² at week 16. "
            f"The difference has the sign of the effect itself in {percent(same)} of draws: "
            "where exosomes help, the model makes more of them help more, because we told it "
            f"so. Two weeks apart less one: {interval(apart)} per cm², and less than one hair "
            f"either way in {percent(small)} of draws."
        ),
        table=table(["difference of effects, hairs per cm²", *HEADS], rows),
        certainty="None: no study compared schedules. All differences come from assumed build-up.",
        figure=ranges(
            "sessions",
            "Differences between schedules at week 16",
            "Hairs per cm², 90 % interval",
            shown,
            _told("Difference between schedules at week 16 in hairs per cm²", shown),
        ),
    )


def better_than_prp(silico: Silico) -> Trial:
    """C30: exosomes may be better than PRP."""
    exosome, prp = silico.net("exosome", DAYS), silico.net("prp", DAYS)
    difference = exosome - prp
    chances = (difference > 0).mean(axis=1)
    parts = {"exosomes": exosome, "PRP": prp, "exosomes less PRP": difference}
    rows = [[name, *(interval(net[row]) for row in (1, 2, 3))] for name, net in parts.items()]
    rows.append(["chance that exosomes add more", *(percent(float(one)) for one in chances[1:])])
    shown = {name: points(net[1]) for name, net in parts.items()}
    return Trial(
        key="against-prp",
        title="Better than PRP",
        answer=(
            "The chance that exosomes add more than PRP by week 16 is "
            f"{percent(float(chances[1]))}. The difference is {interval(difference[1])} hairs "
            f"per cm², an interval that {_holds_nothing(difference[1])}"
        ),
        table=table(["effect, hairs per cm²", *HEADS], rows),
        certainty=ledger_certainty("exosome", 112) + " " + ledger_certainty("prp", 112),
        figure=ranges(
            "against-prp",
            "Exosomes and PRP at week 16",
            "Hairs per cm², 90 % interval",
            shown,
            _told("Effect at week 16 in hairs per cm²", shown),
        ),
    )


def _holds_nothing(values: Floats) -> str:
    low, _, high = points(values)
    return "holds no difference as well." if low <= 0 <= high else "leaves out no difference."


def together(silico: Silico) -> Trial:
    """C31: with PRP, both may be better."""
    days = DAYS[:2]
    alone = [silico.net(name, days)[1] for name in ("exosome", "prp")]
    both = silico.net("exosome+prp", days)[1]
    better = np.maximum(*alone)
    rows, shown = [], {}
    for size in INTERACTIONS:
        changed = silico.having({"exosome-prp-interaction": fixed(size)})
        net = changed.net("exosome+prp", days)[1]
        label = f"interaction {number(100 * size, 0)} %"
        rows.append([label, *_against(net, alone[0], alone[1], better)])
        shown[label] = points(net - better)
    rows.append(["interaction as drawn", *_against(both, alone[0], alone[1], better)])
    shown["interaction as drawn"] = points(both - better)
    chance = float((both > better).mean())
    return Trial(
        key="together",
        title="Better together with PRP",
        answer=(
            "With the interaction drawn from its prior, both together add more than the better "
            f"of the two in {percent(chance)} of draws. The difference is "
            f"{interval(both - better)} hairs per cm² at week 16. {_what_decides(rows)}"
        ),
        table=table(
            ["", "less exosomes", "less PRP", "less the better one", "chance of more"], rows
        ),
        certainty=ledger_certainty("exosome+prp", 112),
        figure=ranges(
            "together",
            "Both together less the better one, at week 16",
            "Hairs per cm², 90 % interval",
            shown,
            _told("Both less the better one at week 16 in hairs per cm²", shown),
        ),
    )


def _against(net: Floats, exosome: Floats, prp: Floats, better: Floats) -> list[str]:
    cells = [interval(net - other) for other in (exosome, prp, better)]
    return [*cells, percent(float((net > better).mean()))]


def _what_decides(rows: list[list[str]]) -> str:
    low, high = rows[0][-1], rows[len(INTERACTIONS) - 1][-1]
    span = f"{number(100 * INTERACTIONS[0], 0)} % to +{number(100 * INTERACTIONS[-1], 0)} %"
    if low == high:
        return f"An interaction of {span} leaves that chance at {low}."
    return f"As the interaction goes from {span}, that chance goes from {low} to {high}."


def lost_follicles(silico: Silico) -> Trial:
    """C15: dead follicles may be revived one day."""
    few = silico.having({}, min(SWEEP_DRAWS, silico.draws))
    rows = []
    for share in LOST_SHARES:
        gains = [
            interval(revived(few, share, rate / MONTH_DAYS, DAYS[:2])[1]) for rate in MONTHLY_RATES
        ]
        needed = 100.0 * MONTH_DAYS * rate_needed(few, share, SIZE_PER_CM2)
        want = f"{number(needed, 1)} % a month" if np.isfinite(needed) else "out of reach"
        rows.append([f"{100 * share:.0f} % lost", *gains, want])
    rates = [f"{100 * rate:.0f} % a month" for rate in MONTHLY_RATES]
    days = tuple(range(0, 365, 28))
    series = {
        name: [
            (day / 7, float(np.median(net)))
            for day, net in zip(
                days, revived(few, LOST_SHARES[1], rate / MONTH_DAYS, days), strict=True
            )
        ]
        for name, rate in zip(rates, MONTHLY_RATES, strict=True)
    }
    told = "; ".join(f"{name}: {path[-1][1]:.1f} at week 52" for name, path in series.items())
    nothing = float(np.abs(revived(few, LOST_SHARES[-1], 0.0, DAYS)).max())
    return Trial(
        key="lost",
        title="Dead follicles revived",
        answer=(
            f"{_none_or_some(nothing)} For revival alone to give {SIZE_PER_CM2:.0f} hairs per "
            f"cm² by week 16, {_needs(rows)}. No study in people was found that saw any."
        ),
        table=table(
            ["follicles lost", *(f"revival {rate}" for rate in rates), "needed at week 16"], rows
        ),
        certainty="None: no study saw hair from a follicle that was known to be lost.",
        figure=lines(
            "lost",
            "Hairs from revived follicles, one follicle in five being lost",
            ("Weeks", "Median gain, hairs per cm²"),
            series,
            f"Median gain from revival in hairs per cm², if one follicle in five is lost. {told}.",
        ),
    )


def _none_or_some(largest_per_cm2: float) -> str:
    if largest_per_cm2 < 1e-6:
        return "Without revival a lost follicle adds nothing, whatever wakes the others."
    return "Even without revival the lost pool changes the count, which is a fault of the model."


def _needs(rows: list[list[str]]) -> str:
    parts = [f"{row[-1]} where {row[0].replace(' lost', '')} are lost" for row in rows]
    return "the revival needed is " + ", ".join(parts)


def _told(what: str, shown: dict[str, tuple[float, float, float]]) -> str:
    parts = "; ".join(
        f"{name}: {number(middle, 1)}, from {number(low, 1)} to {number(high, 1)}"
        for name, (low, middle, high) in shown.items()
    )
    return f"{what}, median and 90 % interval. {parts}."
