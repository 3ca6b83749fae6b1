"""Writes the page that lays the model beside published trials."""

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
)
from anagen.follicle.signals import step_count
from anagen.forecasting.baseline import baseline
from anagen.forecasting.effects import (
    Acting,
    TreatmentParameters,
    effects_of_arm,
    for_people,
    reference_of,
    sized,
)
from anagen.forecasting.reference import YEAR_DAYS
from anagen.forecasting.trial_arm import observed_arm_change, trial_care, trial_spread
from anagen.posterior import Keyed, Release, current_release
from anagen.treatment.arms import parse_arm
from anagen.treatment.effect import Effect, Scalp, scalp_signals
from anagen.treatment.sessions import Sessions
from anagen.treatment.trial_care import Care, care_of_arm

Floats = NDArray[np.float64]
TOTAL, TERMINAL = TOTAL_THRESHOLD_UM, TERMINAL_THRESHOLD_UM
SIZES: dict[Component, str] = {
    "minoxidil": "minoxidil/5/male",
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
        prp: Sessions | None = None,
        percent: int = 5,
    ) -> dict[float, Floats]:
        """Mean count by threshold, each (days, draws); treatment ends on day `stop`."""
        plan = _Plan(name, tuple(days), stop, prp or Sessions.every(30, 3), percent)
        runs = [self._person(plan, person) for person in range(self.people)]
        return {
            threshold: np.mean([run.counted(threshold) for run in runs], axis=0)
            for threshold in (TOTAL, TERMINAL)
        }

    def hair_mass(self, name: str, days: Sequence[int]) -> Floats:
        """Mean of the hair grown per cm² and day, (days, draws), in men who stay on an arm."""
        plan = _Plan(name, tuple(days), None, Sessions.every(30, 3), 5)
        runs = [self._person(plan, person) for person in range(self.people)]
        return np.asarray(np.mean([run.hair_mass_mm3_per_cm2_day() for run in runs], axis=0))

    def observed(self, name: str, care: Care, day: int, prp: Sessions | None = None) -> Floats:
        """Mean changes by a day that arms of new trials show, (2, draws): total and terminal."""
        counts = self.arm(name, (0, day), prp=prp)
        shift = trial_care(self.release, self.keyed, care, self.draws)
        spread = trial_spread(self.release, self.keyed, self.draws)
        true = np.stack([counts[threshold][1] - counts[threshold][0] for threshold in counts])
        return observed_arm_change(true, (day, day), shift, spread)

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
        schedules: dict[Component, Sessions] = {"exosome": Sessions.every(14, 4), "prp": plan.prp}
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
        size = SIZES[part].replace("/5/", f"/{percent}/")
        parameters = sized(self.release, self.keyed, self.draws, size)
        response = np.exp(spread * normal - 0.5 * spread**2)
        return for_people(parameters, np.arange(self.draws), response)


@dataclass(frozen=True)
class _Plan:
    """One arm of a trial."""

    name: str
    days: tuple[int, ...]
    stop: int | None
    prp: Sessions
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
    days = (0, 84, 168, 182, 504, 728, 1827)
    none, day = trial.arm("none", days), {d: row for row, d in enumerate(days)}
    yield "| row | published | model, mean (90 %) | remark |"
    yield "| --- | --- | --- | --- |"
    yield from _weight(trial)
    yield from _finasteride(trial, none, day)
    yield from _minoxidil(trial, none, day)
    yield from _prp(trial, none)
    both = trial.arm("prp+minoxidil", (0, 168))[TOTAL][1]
    one = np.maximum(
        trial.arm("prp", (0, 168))[TOTAL][1], trial.arm("minoxidil", (0, 168))[TOTAL][1]
    )
    yield f"| PRP with minoxidil over the better one | +9.1 over one | {span(both - one)} | |"


def _weight(trial: Trial) -> Iterator[str]:
    """Hair weight: the volume that grows in a day. Trials weigh what grew in some weeks."""
    for label, name, day, figure in (
        ("finasteride arm, 192 weeks, hair weight, %", "finasteride", 1344, "+21.6"),
        ("minoxidil 5 % arm, 96 weeks, hair weight, %", "minoxidil", 672, "about +30"),
    ):
        mass = trial.hair_mass(name, (0, day))
        yield f"| {label} | {figure} | {span(100.0 * (mass[1] / mass[0] - 1.0))} | |"


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
    loading, apart = Sessions.every(30, 4), Sessions.every(90, 2)
    for label, schedule, figure in (
        ("3 monthly and a booster", loading, "+29.6"),
        ("2 sessions, 3 months apart", apart, "+7.2"),
    ):
        arm = trial.arm("prp", (0, 182), prp=schedule)[TOTAL][1]
        share = 100.0 * (arm / start - 1.0)
        yield f"| PRP, {label}, 26 weeks, % | {figure} in the arm | {span(share)} | no control |"


def controls_table(trial: Trial) -> Iterator[str]:
    """Changes within single arms, by the care that came with them."""
    rows: list[tuple[str, str, Care, int, float, str]] = [
        ("outside a trial, 43 weeks", "none", "none", 301, TERMINAL, "−5.2 or −3.4"),
        ("oral placebo, 5 years", "none", "oral_placebo", 1820, TERMINAL, "−46.9 (15 men)"),
        ("topical vehicle, 48 weeks, men", "none", "topical_vehicle", 336, TERMINAL, "+3.9"),
        ("topical vehicle, 48 weeks, women", "none", "topical_vehicle", 336, TERMINAL, "+9.4"),
        ("topical vehicle, 24 weeks, women", "none", "topical_vehicle", 168, TERMINAL, "+2.0"),
        ("topical vehicle, 26 weeks, men", "none", "topical_vehicle", 182, TERMINAL, "−0.6"),
        ("saline, 16 weeks", "none", "saline", 112, TOTAL, "+1.5 (median, per field)"),
        ("microneedling, 26 weeks", "none", "microneedling", 182, TOTAL, "+10.8"),
    ]
    needled = care_of_arm(parse_arm("prp"), "microneedling")
    rubbed = care_of_arm(parse_arm("minoxidil"))
    rows += [
        ("microneedling with PRP, 26 weeks", "prp", needled, 182, TOTAL, "+14.6"),
        ("minoxidil 5 %, 12 weeks, open", "minoxidil", rubbed, 84, TOTAL, "+21.3 (9 men)"),
        ("minoxidil 5 %, 24 weeks, open", "minoxidil", rubbed, 168, TOTAL, "+34 (9 men)"),
    ]
    yield "| arm | counted | published change | model, one new trial, mean (90 %) |"
    yield "| --- | --- | --- | --- |"
    monthly = Sessions.every(30, 4)
    for label, name, care, day, threshold, figure in rows:
        found = trial.observed(name, care, day, monthly)[(TOTAL, TERMINAL).index(threshold)]
        yield f"| {label} | ≥ {threshold:.0f} µm | {figure} | {span(found)} |"


def ageing_table(trial: Trial) -> Iterator[str]:
    """Ten years of an anagen that gets shorter, on a healthy and on an affected scalp."""
    days = 10 * YEAR_DAYS
    draws = min(trial.draws, 200)
    yield "| fall of anagen in ten years | healthy, density, % | healthy, anagen, points |"
    yield "| --- | --- | --- |"
    base = baseline("healthy", draws=draws)
    for rate in (0.0, 0.05, 0.1):
        signals = base.signals(days, also=[base.ageing(days, rate)])
        run = simulate(base.model, signals, days=(0.0, days), start=base.start)
        density, anagen = run.counted(), run.anagen_percent()
        change = 100.0 * (density[1] / density[0] - 1.0)
        yield f"| {100 * rate:.0f} % | {span(change)} | {span(anagen[1] - anagen[0])} |"


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
    visits = trial_spread(trial.release, trial.keyed, count)
    heads = ("true", "turnover, 1 cm²", "two readings", "measured, 1 cm²", "5.1 cm²", "in a trial")
    yield f"| arm | {' | '.join(heads)} | published |"
    yield "| --- " * 8 + "|"
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
        tried = np.sqrt((visits.individual_sd(small) ** 2).mean())
        cells = " | ".join(f"{part:.1f}" for part in (true, by_chance, read, small, large, tried))
        yield f"| {name} | {cells} | {figure} |"


def page(trial: Trial) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    tables = {
        "EFFECTS": effects_table,
        "CHECKS": checks_table,
        "CONTROLS": controls_table,
        "AGES": ageing_table,
        "SPREAD": spread_table,
    }
    text = WORDS.replace("RELEASE", trial.release.id)
    for name, make in tables.items():
        text = text.replace(name, "\n".join(make(trial)))
    return text


WORDS = """# The model beside published trials

Made by `python docs/model/published.py` from release `RELEASE`, with 1,000 draws. A range in
brackets is the 90 % range over draws: what the evidence leaves open about the *mean of many men*,
not the spread between men. Hair without treatment, its density by diameter and its seasons stand
on [the page on the literature](literature.md).

## Effects against no treatment, hairs per cm²

Men of the reference scalp (172 terminal hairs per cm²), who respond differently. Exosomes: 4
sessions 14 days apart. PRP: 3 sessions 30 days apart. What was fitted, and how it came out, stands
on the page on the [calibration](calibration.md); everything else in the table is a prediction.

EFFECTS

## Rows beside the model

CHECKS

What misses, and why it is left so:

- **PRP schedules.** One trial of 40 people without placebo saw +29.6 % and +7.2 %. A pooled
  controlled effect of 14.4 per cm² is about 8 % of the count, so no schedule can reach 30 % here.
  The order of the two is right; the fit takes the contrast for an odd trial.
- **Minoxidil in the first weeks.** Nine men without a control gained 21 by week 12. The model
  sheds first and gains later. A controlled trial at 26 weeks lies inside.
- **Finasteride at five years** was published above the range: only 15 untreated men were left by
  then. The row is held aside.
- **After finasteride ends** the model keeps a few hairs, because a year of shrinking was avoided.
  The leaflet says that the effect is lost.
- **Hair weight** is what grows in a day, at the growth rates of Van Neste 2020. Under minoxidil it
  rises less than in one trial of nine men an arm, where the vehicle's share is inside.

## What single arms show, hairs per cm²

Control arms gain hairs that untreated people do not. The shift goes with the care that an arm gets,
is put on the count and not on the follicles, and has a spread between trials. So a gain within one
arm is never read as an effect. The first vehicle arm of men and both of women made the vehicle's
shift, the saline and the needling arm theirs; the vehicle arm that fell was held aside. PRP added
only 3.8 to needling in that trial, where the model adds its effect over all trials.

CONTROLS

## Ageing, as an option

Ten men are said to have had shorter growth with age; no figure could be read, so no forecast has
it. This is what ten years of it would do to a healthy scalp past 30, for sizes that a user names.

AGES

## Change of one man over 48 weeks: SD of terminal density, hairs per cm²

True differences between men, turnover of follicles in the field, and two readings add up as
variances. The published SDs without treatment come from about 5 cm² of scalp (22 men); those on
minoxidil include visits, which are not modelled for a person outside a trial: see "in a trial", for
a field of 1 cm².

SPREAD
"""


def main() -> None:
    """Write the page."""
    trial = Trial(current_release(load_evidence().parameters), Keyed(1), 1000)
    Path(__file__).with_name("published.md").write_text(page(trial), encoding="utf-8")


if __name__ == "__main__":
    main()
