"""Prints what the model implies beside what was published: `python docs/model/published.py`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from anagen import load_evidence
from anagen.follicle import (
    FollicleRun,
    Population,
    healthy_population,
    simulate,
    untreated,
    untreated_history,
)
from anagen.follicle.clocks import step_count
from anagen.follicle.observe import turnover
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM, snapshot
from anagen.forecast.effects import Acting, effects_of_arm, for_people, reference_of, sized
from anagen.forecast.reference import YEAR_DAYS
from anagen.forecast.request import Schedule
from anagen.posterior import Keyed, Release, prior_release
from anagen.treatment.arms import parse_arm
from anagen.treatment.effect import Effect, Scalp, clock_tables

Floats = NDArray[np.float64]
TOTAL, TERMINAL = TOTAL_THRESHOLD_UM, TERMINAL_THRESHOLD_UM
SIZES = {
    "minoxidil": "minoxidil-5-net-336-men",
    "exosome": "exosome",
    "prp": "prp",
    "finasteride": "finasteride",
}
SCHEDULES = {"exosome": Schedule(4, 14, 0), "prp": Schedule(3, 30, 0)}


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
        schedule: dict[str, Schedule] | None = None,
        sizes: dict[str, str] | None = None,
    ) -> dict[float, Floats]:
        """Mean count by threshold, each (days, draws); treatment ends on day `stop`."""
        found = {TOTAL: 0.0, TERMINAL: 0.0}
        for person in range(self.people):
            run = self._person(name, days, person, stop, schedule or {}, sizes or {})
            for threshold in found:
                found[threshold] = found[threshold] + run.counted(threshold) / self.people
        return found

    def _person(
        self,
        name: str,
        days: Sequence[int],
        person: int,
        stop: int | None,
        schedule: dict[str, Schedule],
        sizes: dict[str, str],
    ) -> FollicleRun:
        reference = reference_of(self.release, self.keyed, self.draws)
        new = parse_arm(name).components
        treatments = {}
        for place, part in enumerate(new):
            size = (SIZES | sizes)[part]
            # Responses to two treatments are independent: pair their quantiles far apart.
            rank = (person * (1 + 2 * place) + 0.5) % self.people
            spread = self.release.fixed(
                "person-response-spread" + ("-finasteride" if part == "finasteride" else "")
            )
            normal = NormalDist().inv_cdf(rank / self.people)
            response = np.full(self.draws, np.exp(spread * normal - 0.5 * spread**2))
            parameters = sized(self.release, self.keyed, self.draws, size)
            treatments[part] = for_people(parameters, np.arange(self.draws), response)
        interaction = self.release.numbers("exosome-prp-interaction", self.keyed, self.draws)
        acting = Acting(treatments, SCHEDULES | schedule, interaction)
        steps = step_count(days[-1])
        effects = effects_of_arm(new, {}, acting, steps)
        if stop is not None:
            effects = [ended(effect, step_count(stop)) for effect in effects]
        clocks = clock_tables(reference.scalp, effects, steps)
        return simulate(reference.model, reference.start, clocks, days)


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
        ("exosome", TOTAL, {}),
        ("prp", TOTAL, {}),
        ("exosome+prp", TOTAL, {}),
        ("minoxidil", TERMINAL, {}),
        ("minoxidil", TERMINAL, {"minoxidil": "minoxidil-2-net-336-men"}),
        ("finasteride", TERMINAL, {}),
        ("minoxidil+finasteride", TERMINAL, {}),
        ("exosome+minoxidil", TOTAL, {}),
    ]
    for name, threshold, sizes in rows:
        net = trial.arm(name, days, sizes=sizes)[threshold] - none[threshold]
        label = name.replace("minoxidil", "minoxidil 2 %") if sizes else name
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
    yield from _prp(trial, none, day)
    both = trial.arm("prp+minoxidil", (0, 168))[TOTAL][1]
    one = np.maximum(
        trial.arm("prp", (0, 168))[TOTAL][1], trial.arm("minoxidil", (0, 168))[TOTAL][1]
    )
    yield f"| PRP with minoxidil over the better one | +9.1 over one | {span(both - one)} | |"


def _finasteride(trial: Trial, none: dict[float, Floats], day: dict[int, int]) -> Iterator[str]:
    treated = trial.arm("finasteride", (0, 728, 1344, 1827))[TERMINAL]
    control = none[TERMINAL]
    yield f"| finasteride net, 2 years | +27.1 | {span(treated[1] - control[day[728]])} | |"
    yield f"| finasteride net, 5 years | +54.3 (15 controls) | {span(treated[3] - control[day[1827]])} | |"
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
        yield f"| minoxidil 5 %, {at // 7} weeks, open, 9 men | {figure} in the arm | {span(net)} net | no control |"
    off = trial.arm("minoxidil", (0, 336, 504), stop=336)[TERMINAL]
    gone = off[2] - control[day[504]]
    yield f"| minoxidil net, 24 weeks after its end at 48 | 0 | {span(gone)} | |"


def _prp(trial: Trial, none: dict[float, Floats], day: dict[int, int]) -> Iterator[str]:
    start = none[TOTAL][0]
    loading = _days((0, 30, 60, 150))
    apart = _days((0, 90))
    for label, schedule, figure in (
        ("3 monthly and a booster", loading, "+29.6"),
        ("2 sessions, 3 months apart", apart, "+7.2"),
    ):
        arm = trial.arm("prp", (0, 182), schedule={"prp": schedule})[TOTAL][1]
        share = 100.0 * (arm / start - 1.0)
        yield f"| PRP, {label}, 26 weeks, % | {figure} in the arm | {span(share)} | no control |"


@dataclass(frozen=True)
class _Days:
    """Sessions on named days."""

    days: tuple[float, ...]


def _days(days: Sequence[float]) -> Schedule:
    return _Days(tuple(float(day) for day in days))  # type: ignore[return-value]


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
    yield "| µm | healthy anagen | model | healthy telogen | model | affected anagen | model | affected telogen | model |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for label, figures in published.items():
        threshold = float(label.split()[1])
        cells = []
        for figure, (run, phase) in zip(
            figures,
            ((well, "anagen"), (well, "telogen"), (ill, "anagen"), (ill, "telogen")),
            strict=True,
        ):
            cells += [figure, span(run.counted(threshold, (phase,))[0], 0)]
        yield f"| {label} | {' | '.join(cells)} |"


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
    yield "| arm | true | turnover in 1 cm² | two readings | measured | published |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, figure in (
        ("none", "12 to 16"),
        ("minoxidil", "25 (15 to 25)"),
        ("finasteride", "18"),
    ):
        treatments = {}
        for part in parse_arm(name).components:
            spread = trial.release.fixed(
                "person-response-spread" + ("-finasteride" if part == "finasteride" else "")
            )
            normal = trial.keyed.normal(f"check/{part}", count)
            parameters = sized(trial.release, trial.keyed, count, SIZES[part])
            treatments[part] = for_people(
                parameters, np.arange(count), np.exp(spread * normal - 0.5 * spread**2)
            )
        acting = Acting(treatments, {}, np.zeros(count))
        effects = effects_of_arm(parse_arm(name).components, {}, acting, 96)
        clocks = clock_tables(scalp, effects, 96)
        run = simulate(model, past, clocks, (0, 336))
        before, after = run.counted(TERMINAL)
        change = after - before
        chance = turnover(model, past, clocks, (0, 336), TERMINAL).change_sd(1.0)[1]
        read = np.sqrt(((readings * before) ** 2 + (readings * after) ** 2).mean())
        parts = (change.std(), np.sqrt((chance**2).mean()), read)
        total = np.sqrt(sum(part**2 for part in parts))
        cells = " | ".join(f"{part:.1f}" for part in (*parts, total))
        yield f"| {name} | {cells} | {figure} |"


def main() -> None:
    """Print all tables."""
    trial = Trial(prior_release(load_evidence().parameters), Keyed(1), 1000)
    for make in (effects_table, checks_table, diameter_table, spread_table):
        print("\n".join(make(trial)), end="\n\n")


if __name__ == "__main__":
    main()
