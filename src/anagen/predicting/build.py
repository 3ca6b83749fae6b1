"""The prediction of one trial arm: what its report would show, as distributions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import anagen
from anagen.evidence import Evidence, load_evidence
from anagen.evidence.vocabulary import Component, Design
from anagen.forecasting.trial_arm import (
    EffectSpread,
    TrialSpread,
    effect_spread,
    trial_care,
    trial_spread,
)
from anagen.posterior import Keyed, current_release
from anagen.posterior.keyed import Floats
from anagen.predicting.cohort_scalp import CohortScalp, cohort_scalp, start_sds
from anagen.predicting.course import Course, Drawing, true_course
from anagen.predicting.design import reporting_shift, usual_designs, view_note
from anagen.predicting.given import Given, assumptions, control_of, given_of, thresholds
from anagen.predicting.individual import Scalps, decline, individual_sds
from anagen.predicting.model import SCHEMA_VERSION, AtWeek, Maker, Prediction, Spread
from anagen.predicting.notes import notes_of
from anagen.predicting.schema import Cohort, week_key
from anagen.treatment.trial_care import TrialCare

FULL_DAY: dict[Component, float] = {"exosome": 112.0, "prp": 168.0, "minoxidil": 336.0,
                                    "finasteride": 364.0}  # fmt: skip
"""Day on which a treatment's effect counts as full; what trials differ by grows in with it."""

SHORTEST_RUN_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Reported:
    """What a new trial reports of one outcome, each (weeks, draws).

    Attributes:
        change: measured mean change of the arm.
        minus_control: the same less the control's; None without a control.
        baseline: mean at the start, (draws,).
        individual_sd: SD between people of the measured change.
    """

    change: Floats
    minus_control: Floats | None
    baseline: Floats
    individual_sd: Floats


def predict(
    cohort: Cohort,
    *,
    draws: int = 1000,
    seed: int = 1,
    evidence: Evidence | None = None,
    designs: Sequence[Design] | None = None,
) -> Prediction:
    """What an arm of a new trial would report.

    Args:
        cohort: the arm, as it would be described before its results are known.
        draws: how many equally likely trials stand behind each distribution.
        seed: seed of every random number.
        evidence: the edition to take parameters from; the packaged one unless given.
        designs: what the arm's own change is open to; none of them is the view adjusted for bias.
            Unless given, a treated arm without a control is reported as such studies report.
    """
    known = evidence or load_evidence()
    release = current_release(known.parameters)
    drawing = Drawing(release, Keyed(seed), draws)
    given = given_of(cohort, release)
    found, softened = reported(cohort, drawing, designs)
    view = _view(cohort, given, designs)
    notes = (*notes_of(cohort, given), *view_note(view, given))
    if softened:
        notes += (
            "The baseline is unlike the scalps of the model, so it was held loosely: only its "
            "density counts in full.",
        )
    return Prediction(
        schema_version=SCHEMA_VERSION,
        software=Maker("anagen", anagen.__version__),
        posterior_release=release.id,
        evidence_release=known.release,
        seed=seed,
        draws=draws,
        cohort=cohort.echo(),
        assumed=assumptions(cohort, given, release),
        notes=notes,
        outcomes={
            name: {week_key(week): _at_week(one, row) for row, week in enumerate(cohort.weeks)}
            for name, one in found.items()
        },
    )


def reported(
    cohort: Cohort, drawing: Drawing, designs: Sequence[Design] | None = None
) -> tuple[dict[str, Reported], bool]:
    """Draws of what a new trial reports, by outcome; and whether the baseline was held loosely.

    Equation O12: true change + care + offset of the trial + deviation of the effect + chance + what
    the design adds.
    """
    release, limits = drawing.release, thresholds(cohort)
    given, control = given_of(cohort, release), control_of(cohort)
    days = [7.0 * week for week in cohort.weeks]
    full = min((FULL_DAY[part] for part in given.components), default=SHORTEST_RUN_DAYS)
    run_days = sorted({0.0, full, *days})
    none = Given((), {}, given.percent, given.sexes, "none")
    still = true_course(drawing, none, run_days, limits)
    moved = true_course(drawing, given, run_days, limits) if given.components else still
    start = {name: value[0] for name, value in still.mean.items()}
    scalp = cohort_scalp(cohort, drawing, start)
    rows = [run_days.index(day) for day in days]
    view = _view(cohort, given, designs)
    shift = reporting_shift(release, drawing.keyed, view, drawing.draws)
    arms = _Arms(cohort, drawing, scalp, _Times(tuple(days), rows, run_days.index(full)), shift)
    return arms.all(given, scalp.on(moved), control, scalp.on(still)), scalp.softened


def _view(cohort: Cohort, given: Given, designs: Sequence[Design] | None) -> Sequence[Design]:
    return usual_designs(given, cohort.control is not None) if designs is None else designs


@dataclass(frozen=True, slots=True)
class _Times:
    """The asked days, their rows in a course, and the row at which the effect counts as full."""

    days: tuple[float, ...]
    rows: list[int]
    full: int


@dataclass(frozen=True, slots=True)
class _Arms:
    """Both arms of one cohort's trial."""

    cohort: Cohort
    drawing: Drawing
    scalp: CohortScalp
    times: _Times
    shift: Floats

    def all(
        self, given: Given, moved: Course, control: Given | None, still: Course
    ) -> dict[str, Reported]:
        """What is reported of every asked outcome."""
        release, keyed, draws = self.drawing.release, self.drawing.keyed, self.drawing.draws
        spread = trial_spread(release, keyed, draws)
        effect = effect_spread(release, keyed, given.components, draws)
        grown = self._grown(moved, still)
        apart_still = decline(self.drawing, still.days, thresholds(self.cohort))
        sds = self._sds(given, moved, (spread, apart_still))
        control_sds = self._sds(control, still, (spread, apart_still)) if control else {}
        started = np.array([day > 0 for day in self.times.days], dtype=float)[:, None]
        found: dict[str, Reported] = {}
        for name in self.cohort.outcomes:
            true, untreated = self._change(moved, name), self._change(still, name)
            care = self._care(given, moved, name)
            trial = self._offset(spread, moved, name) if given.in_trial else 0.0
            apart = grown * _by_outcome(effect, self._shown(moved, name), name)
            chance = self._chance(f"{name}/arm", sds[name], self.cohort.n)
            own = true + care + apart + chance
            net = None
            if control is not None:
                size = self.cohort.control_n or self.cohort.n
                drift = self._chance(f"{name}/control", control_sds[name], size)
                net = own - untreated - self._care(control, still, name) - drift
                net = net * started
            design = self.shift[None, :] * self._shown(moved, name)
            found[name] = Reported(
                change=(own + trial + design) * started,
                minus_control=net,
                baseline=moved.mean[name][0],
                individual_sd=sds[name] * started,
            )
        return found

    def _change(self, course: Course, name: str) -> Floats:
        values = course.mean[name]
        return np.asarray(values[self.times.rows] - values[:1])

    def _shown(self, course: Course, name: str) -> Floats | float:
        """Share of a shift of all hairs that this outcome shows, (weeks, draws)."""
        if name == "anagen_density_per_cm2":
            return np.asarray(course.mean["anagen_percent"][self.times.rows] / 100.0)
        return 1.0 if name.endswith("_per_cm2") else 0.0

    def _care(self, given: Given, course: Course, name: str) -> Floats:
        release, keyed, draws = self.drawing.release, self.drawing.keyed, self.drawing.draws
        care = trial_care(release, keyed, given.care, draws)
        index = self.scalp.index
        own = TrialCare(care.plateau_per_cm2[index], care.onset_days[index])
        return np.asarray(own.shift_per_cm2(self.times.days) * self._shown(course, name))

    def _offset(self, spread: TrialSpread, course: Course, name: str) -> Floats:
        """What this trial's arms have in common, and other trials have not."""
        release, keyed, draws = self.drawing.release, self.drawing.keyed, self.drawing.draws
        built = trial_care(release, keyed, "none", draws).built(self.times.days)
        of = EffectSpread(spread.offset_per_cm2, spread.offset_um, spread.offset_points)
        return built * _by_outcome(of, self._shown(course, name), name)

    def _grown(self, moved: Course, still: Course) -> Floats:
        """Size of the effect against its full size, at most 1, (weeks, 1)."""
        net = moved.mean["total_density_per_cm2"] - still.mean["total_density_per_cm2"]
        size = np.abs(net).mean(axis=1)
        whole = size[self.times.full]
        ratio = size[self.times.rows] / whole if whole > 0 else np.zeros(len(self.times.rows))
        return np.minimum(ratio, 1.0)[:, None]

    def _sds(
        self, given: Given, course: Course, of: tuple[TrialSpread, dict[str, Floats]]
    ) -> dict[str, Floats]:
        spread, apart = of
        start = {name: value[0] for name, value in course.mean.items()}
        usual = self.drawing.release.fixed("person-density-spread")
        scalps = Scalps(
            factor=self.scalp.factor[self.scalp.index],
            start_sd=start_sds(self.cohort, start, usual),
            decline=apart,
            limits=thresholds(self.cohort),
        )
        found = individual_sds(self.drawing, given, course, scalps, spread)
        return {name: value[self.times.rows] for name, value in found.items()}

    def _chance(self, name: str, sds: Floats, people: int) -> Floats:
        """Error of a mean over so many people."""
        normal = self.drawing.keyed.normal(f"sampling/{name}", self.drawing.draws)
        return np.asarray(sds / np.sqrt(people) * normal)


def _by_outcome(of: EffectSpread, shown: Floats | float, name: str) -> Floats:
    """A deviation in the unit of an outcome, (weeks or 1, draws)."""
    if name == "mean_diameter_um":
        return np.asarray(of.um[None, :])
    if name == "anagen_percent":
        return np.asarray(of.points[None, :])
    return np.asarray(of.per_cm2[None, :] * shown)


def _at_week(one: Reported, row: int) -> AtWeek:
    """Draws of one week as distributions."""
    share = 100.0 * one.change[row] / one.baseline
    net = None if one.minus_control is None else Spread.of(one.minus_control[row])
    sd = float(one.individual_sd[row].mean())
    return AtWeek(Spread.of(one.change[row]), Spread.of(share), net, sd)
