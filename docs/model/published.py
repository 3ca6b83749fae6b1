"""Writes the page that lays the model beside what was published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from anagen import load_evidence
from anagen.evidence.vocabulary import Component
from anagen.follicle import (
    FollicleRun,
    Population,
    healthy_population,
    simulate,
    untreated_history,
)
from anagen.follicle.observe import turnover
from anagen.follicle.run import (
    TERMINAL_THRESHOLD_UM,
    TOTAL_THRESHOLD_UM,
    VISIBLE,
    snapshot,
)
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import (
    Acting,
    TreatmentParameters,
    effects_of_arm,
    for_people,
    reference_of,
    sized,
)
from anagen.forecasting.reference import YEAR_DAYS
from anagen.forecasting.request import Schedule
from anagen.posterior import Keyed, Release, prior_release
from anagen.treatment.arms import parse_arm
from anagen.treatment.effect import Effect, Scalp, scalp_signals

Floats = NDArray[np.float64]
TOTAL, TERMINAL = TOTAL_THRESHOLD_UM, TERMINAL_THRESHOLD_UM
SIZES: dict[Component, str] = {
    "minoxidil": "minoxidil-5-net-336-men",
    "exosome": "exosome",
    "prp": "prp",
    "finasteride": "finasteride",
}


@dataclass(frozen=True)
class Trial:
    """Men of a typical trial; each draw is one trial of very many men.

    People differ in their response; the mean over them is taken at some of its quantiles.
    """

    release: Release
    keyed: Keyed
    draws: int
    people: int = 8

    def arm(
        self,
        name: str,
        days: Sequence[int],
        *,
        stop: int | None = None,
        prp: Schedule | None = None,
        percent: int = 5,
    ) -> dict[float, Floats]:
        """Mean count by threshold, each (days, draws); treatment ends on day `stop`."""
        plan = _Plan(name, tuple(days), stop, prp or Schedule(3, 30, 0), percent)
        runs = [self._person(plan, person) for person in range(self.people)]
        return {
            threshold: np.mean([run.counted(threshold) for run in runs], axis=0)
            for threshold in (TOTAL, TERMINAL)
        }

    def _person(self, plan: "_Plan", person: int) -> FollicleRun:
        reference = reference_of(self.release, self.keyed, self.draws)
        new = parse_arm(plan.name).components
        treatments: dict[Component, TreatmentParameters] = {}
        for place, part in enumerate(new):
            # Responses to two treatments are independent: pair their quantiles far apart.
            rank = (person * (1 + 2 * place) + 0.5) % self.people
            normal = NormalDist().inv_cdf(rank / self.people)
            treatments[part] = self.people_of(part, np.full(self.draws, normal), plan.percent)
        interaction = self.release.numbers("exosome-prp-interaction", self.keyed, self.draws)
        schedules: dict[Component, Schedule] = {"exosome": Schedule(4, 14, 0), "prp": plan.prp}
        steps = step_count(plan.days[-1])
        effects = effects_of_arm(new, {}, Acting(treatments, schedules, interaction), steps)
        if plan.stop is not None:
            effects = [ended(effect, step_count(plan.stop)) for effect in effects]
        signals = scalp_signals(reference.scalp, effects, steps)
        return simulate(reference.model, signals, days=plan.days, start=reference.start)

    def people_of(self, part: Component, normal: Floats, percent: int = 5) -> TreatmentParameters:
        """One treatment's parameters for people of this standard normal response."""
        own = "-finasteride" if part == "finasteride" else ""
        spread = self.release.fixed(f"person-response-spread{own}")
        size = SIZES[part].replace("-5-", f"-{percent}-")
        parameters = sized(self.release, self.keyed, self.draws, size)
        response = np.exp(spread * normal - 0.5 * spread**2)
        return for_people(parameters, np.arange(self.draws), response)


@dataclass(frozen=True)
class _Plan:
    """One arm of a trial."""

    name: str
    days: tuple[int, ...]
    stop: int | None
    prp: Schedule
    percent: int


def ended(effect: Effect, step: int) -> Effect:
    """An effect that is gone from one step on."""
    neutral = {"lift_probability": 0.0, "lift_support": 0.0}
    tables = {}
    for name in Effect.__slots__:
        table = getattr(effect, name).copy()
        table[step:] = neutral.get(name, 1.0)
        tables[name] = table
    return Effect(**tables)


def span(values: Floats, digits: int = 1) -> str:
    """Mean and 90 % interval over draws."""
    low, high = np.quantile(values, [0.05, 0.95])
    return f"{values.mean():.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def effects_table(trial: Trial) -> Iterator[str]:
    """Net effects of each arm over time."""
    days = (0, 112, 168, 336, 364, 728)
    none = trial.arm("none", days)
    yield "| arm | counted | week 16 | week 24 | week 48 | week 52 | week 104 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    rows = [
        ("exosome", TOTAL, 5),
        ("prp", TOTAL, 5),
        ("exosome+prp", TOTAL, 5),
        ("minoxidil", TERMINAL, 5),
        ("minoxidil", TERMINAL, 2),
        ("finasteride", TERMINAL, 5),
        ("minoxidil+finasteride", TERMINAL, 5),
        ("exosome+minoxidil", TOTAL, 5),
    ]
    for name, threshold, percent in rows:
        net = trial.arm(name, days, percent=percent)[threshold] - none[threshold]
        label = name.replace("minoxidil", f"minoxidil {percent} %")
        cells = " | ".join(span(net[row]) for row in range(1, len(days)))
        yield f"| {label} | ≥ {threshold:.0f} µm | {cells} |"


def checks_table(trial: Trial) -> Iterator[str]:
    """Published rows that no size was solved from."""
    none = trial.arm("none", (0, 84, 168, 182, 302, 364, 504, 728, 1344, 1827))
    day = {d: row for row, d in enumerate((0, 84, 168, 182, 302, 364, 504, 728, 1344, 1827))}
    start = none[TERMINAL][0]

    def percent(values: Floats, at: int) -> Floats:
        return 100.0 * (values / start - 1.0) if at else values

    yield "| row | published | model, mean (90 %) | remark |"
    yield "| --- | --- | --- | --- |"
    fall = none[TERMINAL][day[302]] - start
    yield f"| untreated, 10 months, per cm² | −5.2 (SE 2.7) or −3.4 (SE 3.4) | {span(fall)} | |"
    late = percent(none[TERMINAL][day[1827]], 1)
    yield f"| untreated, 5 years, % | −26.3 | {span(late)} | partly anchored |"
    weeks = percent(none[TERMINAL][day[1344]], 1)
    yield f"| untreated, 192 weeks, % | −13.0 | {span(weeks)} | partly anchored |"
    yield from _finasteride(trial, none, day)
    yield from _minoxidil(trial, none, day)
    yield from _prp(trial, none)
    both = trial.arm("prp+minoxidil", (0, 168))[TOTAL][1]
    one = np.maximum(
        trial.arm("prp", (0, 168))[TOTAL][1], trial.arm("minoxidil", (0, 168))[TOTAL][1]
    )
    yield f"| PRP with minoxidil over the better one | +9.1 over one | {span(both - one)} | |"


def _finasteride(trial: Trial, none: dict[float, Floats], day: dict[int, int]) -> Iterator[str]:
    treated = trial.arm("finasteride", (0, 728, 1344, 1827))[TERMINAL]
    control = none[TERMINAL]
    yield f"| finasteride net, 2 years | +27.1 | {span(treated[1] - control[day[728]])} | |"
    net = treated[3] - control[day[1827]]
    yield f"| finasteride net, 5 years | +54.3 (15 controls) | {span(net)} | |"
    share = 100.0 * (treated[2] / treated[0] - 1.0)
    yield f"| finasteride arm, 192 weeks, % | +7.2 | {span(share)} | |"
    off = trial.arm("finasteride", (0, 364, 728), stop=364)[TERMINAL]
    gone = off[2] - control[day[728]]
    yield f"| finasteride net, 1 year after its end at 1 year | 0 (leaflet) | {span(gone)} | |"


def _minoxidil(trial: Trial, none: dict[float, Floats], day: dict[int, int]) -> Iterator[str]:
    arm = trial.arm("minoxidil", (0, 84, 168, 182))
    control = none[TERMINAL]
    net = arm[TERMINAL][3] - control[day[182]]
    yield f"| minoxidil 5 % net, 26 weeks | +12.9 | {span(net)} | |"
    for row, at, figure in ((1, 84, "+21.3"), (2, 168, "+34")):
        net = arm[TOTAL][row] - none[TOTAL][day[at]]
        label = f"minoxidil 5 %, {at // 7} weeks, open, 9 men"
        yield f"| {label} | {figure} in the arm | {span(net)} net | no control |"
    off = trial.arm("minoxidil", (0, 336, 504), stop=336)[TERMINAL]
    gone = off[2] - control[day[504]]
    yield f"| minoxidil net, 24 weeks after its end at 48 | 0 | {span(gone)} | |"


def _prp(trial: Trial, none: dict[float, Floats]) -> Iterator[str]:
    start = none[TOTAL][0]
    # The booster after three monthly sessions is taken as a fourth one, a month later.
    loading, apart = Schedule(4, 30, 0), Schedule(2, 90, 0)
    for label, schedule, figure in (
        ("3 monthly and a booster", loading, "+29.6"),
        ("2 sessions, 3 months apart", apart, "+7.2"),
    ):
        arm = trial.arm("prp", (0, 182), prp=schedule)[TOTAL][1]
        share = 100.0 * (arm / start - 1.0)
        yield f"| PRP, {label}, 26 weeks, % | {figure} in the arm | {span(share)} | no control |"


def diameter_table(trial: Trial) -> Iterator[str]:
    """Density by class and phase, healthy and affected (Van Neste 2020, table 4)."""
    published = {
        "≥ 20": ("227 (47)", "37 (23)", "129 (65)", "105 (36)"),
        "≥ 30": ("221 (47)", "32 (23)", "109 (62)", "67 (40)"),
        "≥ 40": ("206 (40)", "25 (21)", "82 (57)", "35 (20)"),
        "≥ 50": ("189 (33)", "22 (20)", "68 (51)", "21 (11)"),
    }
    reference = reference_of(trial.release, trial.keyed, trial.draws)
    model = reference.model
    ill = snapshot(reference.start, model)
    # One scalp before and after: the healthy one has as many follicles as the affected one.
    follicles = reference.start.cycling.sum(axis=(0, 1, 2))
    well = snapshot(healthy_population(model).scaled(follicles), model)
    heads = [f"{who} {phase}" for who in ("healthy", "affected") for phase in ("anagen", "telogen")]
    yield f"| µm | {' | '.join(f'{head} | model' for head in heads)} |"
    yield "| --- " * 9 + "|"
    for label, figures in published.items():
        threshold = float(label.split()[1])
        found = [
            span(run.counted(threshold, (phase,))[0], 0) for run in (well, ill) for phase in VISIBLE
        ]
        cells = " | ".join(f"{seen} | {model}" for seen, model in zip(figures, found, strict=True))
        yield f"| {label} | {cells} |"


def spread_table(trial: Trial) -> Iterator[str]:
    """SD of one man's measured change over 48 weeks, and what it is made of."""
    reference = reference_of(trial.release, trial.keyed, trial.draws)
    count = trial.draws
    drive = np.exp(
        trial.release.fixed("person-drive-spread") * trial.keyed.normal("check/drive", count)
    )
    pace = np.exp(
        trial.release.fixed("person-pace-spread") * trial.keyed.normal("check/pace", count)
    )
    model = replace(
        reference.model,
        shrink_probability=np.minimum(reference.model.shrink_probability * pace, 1.0),
    )
    years = trial.release.numbers("reference-years", trial.keyed, count)
    past = untreated_history(model, healthy_population(model), drive, YEAR_DAYS * years)
    follicles = reference.start.cycling.sum(axis=(0, 1, 2))
    past = Population(past.cycling * follicles, past.outside)
    scalp = Scalp(drive, np.zeros(count))
    readings = trial.release.numbers("reading-error-percent", trial.keyed, count) / 100.0
    yield "| arm | true | turnover, 1 cm² | two readings | measured, 1 cm² | 5.1 cm² | published |"
    yield "| --- " * 7 + "|"
    published = {"none": "12.5 to 15.8", "minoxidil": "25.4", "finasteride": "about 18"}
    for name, figure in published.items():
        new = parse_arm(name).components
        treatments: dict[Component, TreatmentParameters] = {
            part: trial.people_of(part, trial.keyed.normal(f"check/{part}", count)) for part in new
        }
        effects = effects_of_arm(new, {}, Acting(treatments, {}, np.zeros(count)), 96)
        signals = scalp_signals(scalp, effects, 96)
        before, after = simulate(model, signals, days=(0, 336), start=past).counted(TERMINAL)
        chance = turnover(model, past, signals, (0, 336), TERMINAL).change_sd(1.0)[1]
        read = np.sqrt(((readings * before) ** 2 + (readings * after) ** 2).mean())
        true, by_chance = (after - before).std(), np.sqrt((chance**2).mean())
        small, large = (np.sqrt(true**2 + by_chance**2 / field + read**2) for field in (1.0, 5.1))
        cells = " | ".join(f"{part:.1f}" for part in (true, by_chance, read, small, large))
        yield f"| {name} | {cells} | {figure} |"


def page(trial: Trial) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    tables = {
        "EFFECTS": effects_table,
        "CHECKS": checks_table,
        "DIAMETERS": diameter_table,
        "SPREAD": spread_table,
    }
    text = WORDS.replace("RELEASE", trial.release.id)
    for name, make in tables.items():
        text = text.replace(name, "\n".join(make(trial)))
    return text


WORDS = """# The model beside what was published

Made by `python docs/model/published.py` from release `RELEASE`, with 1,000 draws. A range in
brackets is the 90 % range over draws: what the evidence leaves open about the *mean of many men*,
not the spread between men.

## Effects against no treatment, hairs per cm²

Men of the reference scalp (172 terminal hairs per cm²), who respond differently. Exosomes: 4
sessions 14 days apart. PRP: 3 sessions 30 days apart. Anchored are: exosomes at week 16 (8, SD
6.6), PRP at week 24 (14.4, SD 7.5), minoxidil at week 48 (5 %: 14.7, SE 3.3; 2 %: 8.8, SE 3.0),
finasteride at week 52 (21.0, SD 2.5). Everything else in the table is a prediction.

EFFECTS

## Rows that no size was solved from

CHECKS

What misses, and why it is left so:

- **PRP schedules.** One trial of 40 people without placebo saw +29.6 % and +7.2 %. A pooled
  controlled effect of 14.4 per cm² is about 8 % of the count, so no schedule can reach 30 % here.
  The order of the two is right; the contrast stands for a threshold in dose, or for chance.
- **Minoxidil in the first weeks.** Nine men without a control gained 21 by week 12. The model
  sheds first and gains later. A controlled trial at 26 weeks is met.
- **Finasteride at five years** lies inside the range, in its upper part: only 15 untreated men
  were left by then.
- **After finasteride ends** the model keeps a few hairs, because a year of shrinking was avoided.
  The leaflet says that the effect is lost.
- **Untreated decline** is anchored to two cohorts that disagree; the model lies between them.

## Density by diameter, hairs per cm² (Van Neste 2020, table 4)

Mean (SD between men) of 33 healthy and 7 affected men, beside the model's mean (90 % over draws).
The affected column is the reference scalp; the healthy one is the same scalp before its loss.
Thin hairs of affected men come out too low, as seven men are few and another, larger sample has
fewer.

DIAMETERS

## Change of one man over 48 weeks: SD of terminal density, hairs per cm²

True differences between men, turnover of follicles in the field, and two readings add up as
variances. The published SDs without treatment come from about 5 cm² of scalp (22 men); those on
minoxidil include visits and seasons, which are not modelled for a person outside a trial.

SPREAD
"""


def main() -> None:
    """Write the page."""
    trial = Trial(prior_release(load_evidence().parameters), Keyed(1), 1000)
    Path(__file__).with_name("published.md").write_text(page(trial), encoding="utf-8")


if __name__ == "__main__":
    main()
